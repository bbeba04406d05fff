//! A call of a runtime's function: its name and arguments, and the memory that these point into.

use std::cell::Cell;
use std::rc::Rc;

use crate::target::frame::InstanceId;
use crate::target::patience::Patience;
use crate::target::program::Program;
use crate::target::provenance::Provenance;
use crate::target::runtime::readable;
use crate::target::stack::Stack;
use crate::wasm::{FuncIdx, WasmValue};

/// Longest text that is taken for a part of a message, in bytes.
pub const MAX_MESSAGE_BYTES: u64 = 4096;

/// Where the arguments are.
#[derive(Debug, Clone, Copy)]
enum Arguments {
    /// Parameters of the function that a physical frame runs.
    Frame(usize),
    /// On top of the youngest frame's operand stack, so many.
    Operands(u32),
}

/// One call.
pub struct RuntimeCall<'a, 'f> {
    pub program: &'a Program<'f>,
    pub name: Rc<str>,
    /// Number of wasm parameters.
    pub count: usize,
    stack: &'a Stack,
    instance: InstanceId,
    arguments: Arguments,
    exact: Cell<bool>,
}

impl<'a, 'f> RuntimeCall<'a, 'f> {
    /// The call that a physical frame is.
    pub fn of_frame(program: &'a Program<'f>, stack: &'a Stack, physical: usize, name: Rc<str>) -> Option<Self> {
        let record = stack.physical().get(physical)?;
        let count = program.module(record.module?)?.function_type(record.func)?.params.len();
        let (instance, arguments) = (record.instance?, Arguments::Frame(physical));
        Some(RuntimeCall { program, name, count, stack, instance, arguments, exact: Cell::new(true) })
    }

    /// The call of an imported function that the youngest frame stands at; its name is `module.name`.
    pub fn of_import(program: &'a Program<'f>, stack: &'a Stack, function: FuncIdx) -> Option<Self> {
        let record = stack.physical().first()?;
        let module = program.module(record.module?)?;
        let imports = module.imports().as_ref().ok()?;
        let is_it = |i: &&crate::wasm::module::Import<'_>| {
            i.kind == crate::wasm::module::ExternalKind::Function && i.index == function.0
        };
        let import = imports.iter().find(is_it)?;
        let name = Rc::from(format!("{}.{}", import.module, import.name));
        let count = module.function_type(function)?.params.len();
        let (instance, arguments) = (record.instance?, Arguments::Operands(u32::try_from(count).ok()?));
        Some(RuntimeCall { program, name, count, stack, instance, arguments, exact: Cell::new(true) })
    }

    /// All numbers that were taken so far are known for sure.
    pub fn is_exact(&self) -> bool {
        self.exact.get()
    }

    /// An argument that is part of the message itself.
    pub fn number(&self, index: usize) -> Option<u64> {
        let (value, exact) = self.known(index)?;
        self.exact.set(self.exact.get() && exact);
        Some(value)
    }

    /// An argument that leads to something: what is found there shows whether it was right.
    pub fn argument(&self, index: usize) -> Option<u64> {
        self.known(index).map(|(value, _)| value)
    }

    /// An argument as it was passed, as an unsigned number, and whether it is exact.
    fn known(&self, index: usize) -> Option<(u64, bool)> {
        let index = u32::try_from(index).ok()?;
        let found = match self.arguments {
            Arguments::Frame(physical) => {
                let passed = self.program.parameter(self.stack, physical, index, Patience::Short);
                passed.or_else(|_| self.program.local(self.stack, physical, index, Patience::Short)).ok()
            }
            Arguments::Operands(count) => self.operand(count, index),
        };
        let (value, provenance) = found?;
        Some((value.as_address()?, provenance.is_exact()))
    }

    fn operand(&self, count: u32, index: u32) -> Option<(WasmValue, Provenance)> {
        let height = u32::try_from(self.program.recovery(self.stack)?.operand_count(0)?).ok()?;
        let at = height.checked_sub(count)?.checked_add(index)?;
        self.program.operand(self.stack, 0, at, Patience::Short).ok()
    }

    /// So many bytes of memory; none if they are more than a message has, or not there.
    pub fn bytes(&self, address: u64, length: u64) -> Option<Vec<u8>> {
        if length > MAX_MESSAGE_BYTES {
            return None;
        }
        let mut bytes = vec![0u8; usize::try_from(length).ok()?];
        self.program.read_memory(self.instance, address, &mut bytes).ok()?;
        Some(bytes)
    }

    /// Four bytes as a number.
    pub fn word(&self, address: u64) -> Option<u64> {
        let bytes = self.bytes(address, 4)?;
        Some(u64::from(u32::from_le_bytes(bytes.try_into().ok()?)))
    }

    /// Text of a known length.
    pub fn text(&self, address: u64, length: u64) -> Option<String> {
        String::from_utf8(self.bytes(address, length)?).ok()
    }

    /// Text whose pointer and length are two arguments, the first of which is `index`.
    pub fn text_argument(&self, index: usize) -> Option<String> {
        self.text(self.argument(index)?, self.argument(index + 1)?)
    }

    /// Text that ends with a byte of zero; none if it is empty or no UTF-8.
    pub fn c_string(&self, address: u64) -> Option<String> {
        let memory = self.program.memory(self.instance).ok()?;
        let found = memory.read_string(address, MAX_MESSAGE_BYTES as usize).ok()?;
        String::from_utf8(found.bytes).ok().filter(|text| address != 0 && !text.is_empty())
    }

    /// The linker's name of the function behind a function pointer, readable.
    pub fn function_name(&self, index: u64) -> Option<Rc<str>> {
        let module = self.program.module_of(self.instance)?;
        let function = self.program.table_function(self.instance, index)?;
        let linked = self.program.wasm_function_name(module, function);
        linked.or_else(|| self.program.function_name(module, function)).map(|name| readable(&name))
    }
}
