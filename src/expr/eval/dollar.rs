//! What begins with `$`: values seen before, the user's variables, and views of the wasm machine.

use std::rc::Rc;

use crate::dwarf::types::Encoding;
use crate::error::{Error, Result};
use crate::expr::ast::BaseName;
use crate::target::Frame;
use crate::target::context::FrameContext;
use crate::target::provenance::Provenance;
use crate::value::object::Object;
use crate::wasm::{FileOffset, GlobalIdx, WasmValue};

use super::evaluator::Evaluator;

impl Evaluator<'_, '_, '_> {
    /// `$name`: a variable that the user has set, else what the dump says under that name; void if neither.
    pub(super) fn convenience(&mut self, name: &str) -> Result<Object> {
        if let Some(known) = self.history.variable(name) {
            return Ok(known.clone());
        }
        match self.machine(name) {
            Some(found) => found,
            None => Ok(self.void()),
        }
    }

    pub(super) fn void(&self) -> Object {
        self.computed(self.types().void(), &[])
    }

    /// `$pc`, `$l3`, `$__stack_pointer` and their like; none for other names.
    fn machine(&self, name: &str) -> Option<Result<Object>> {
        let number = |prefix: &str| name.strip_prefix(prefix).and_then(|digits| digits.parse::<u32>().ok());
        match name {
            "pc" => Some(self.program_counter()),
            "sp" => Some(self.stack_pointer()),
            "fp" => Some(self.frame_base()),
            "_thread" => Some(self.thread()),
            "_trap" => Some(self.trap()),
            "_module" => Some(self.module_name()),
            "_instance" => {
                let frame = self.frame();
                Some(frame.and_then(|frame| frame.instance.ok_or_else(no_registers)).map(|i| self.int(i.0)))
            }
            _ => {
                let local = number("l").or_else(|| number("local"));
                let by_number =
                    local.map(|index| self.local(index)).or_else(|| number("global").map(|i| self.global(i)));
                by_number.or_else(|| self.global_called(name))
            }
        }
    }

    fn frame(&self) -> Result<&Frame> {
        self.names.scope().map(|(_, frame)| frame).ok_or_else(no_registers)
    }

    fn context<T>(&self, ask: impl FnOnce(&FrameContext<'_, '_>) -> Result<T>) -> Result<T> {
        let (stack, frame) = self.names.scope().ok_or_else(no_registers)?;
        ask(&FrameContext::new(self.reader().program, stack, frame))
    }

    fn int(&self, value: u32) -> Object {
        self.computed(self.names.base_type(BaseName::Int), &value.to_le_bytes())
    }

    /// The place in the module's file, as frames are shown with.
    fn program_counter(&self) -> Result<Object> {
        let place = self.frame()?.file_offset;
        place
            .map(|place| self.module_offset(place))
            .ok_or_else(|| Error::Absent("the dump does not say where the frame stands".into()))
    }

    /// A place in code as a value: bytes from the start of the module's file.
    pub fn module_offset(&self, place: FileOffset) -> Object {
        let code = self.types().base(
            "code",
            Encoding::Address,
            u64::from(self.names.address_bytes()),
            crate::dwarf::Language::C,
        );
        self.pointer(code, place.0)
    }

    fn stack_pointer(&self) -> Result<Object> {
        let module = self.frame()?.module;
        let flows = module.and_then(|id| self.reader().program.flows(id));
        let global = flows.and_then(|flows| flows.stack_pointer());
        let GlobalIdx(index) = global.ok_or_else(|| Error::Absent("the module has no stack pointer".into()))?;
        let (value, provenance) = self.context(|context| context.global(index))?;
        Ok(self.data_pointer(value.as_address().unwrap_or(0), provenance))
    }

    fn frame_base(&self) -> Result<Object> {
        let (base, provenance) = self.context(|context| context.base())?;
        Ok(self.data_pointer(base, provenance))
    }

    fn data_pointer(&self, address: u64, provenance: Provenance) -> Object {
        let void_pointer = self.pointer_type(self.types().void());
        Object { provenance, ..self.pointer(void_pointer, address) }
    }

    /// `$local(3)`, `$l3`
    pub(super) fn local(&self, index: u32) -> Result<Object> {
        let known = self.context(|context| context.local(index))?;
        self.of_wasm(known)
    }

    /// `$global(0)`
    pub(super) fn global(&self, index: u32) -> Result<Object> {
        let known = self.context(|context| context.global(index))?;
        self.of_wasm(known)
    }

    /// `$operand(0)`: of the operand stack, from the bottom.
    pub(super) fn operand_slot(&self, index: u32) -> Result<Object> {
        let known = self.context(|context| context.operand(index))?;
        self.of_wasm(known)
    }

    /// A global by its name in the module.
    fn global_called(&self, name: &str) -> Option<Result<Object>> {
        let module = self.reader().program.module(self.frame().ok()?.module?)?;
        let count = u32::try_from(module.globals().len()).ok()?;
        let index = (0..count).find(|index| module.names().global(GlobalIdx(*index)) == Some(name))?;
        Some(self.global(index))
    }

    fn of_wasm(&self, (value, provenance): (WasmValue, Provenance)) -> Result<Object> {
        let types = self.types();
        let c = crate::dwarf::Language::C;
        let (name, encoding, size) = match value {
            WasmValue::I32(_) => ("i32", Encoding::Signed, 4),
            WasmValue::I64(_) => ("i64", Encoding::Signed, 8),
            WasmValue::F32(_) => ("f32", Encoding::Float, 4),
            WasmValue::F64(_) => ("f64", Encoding::Float, 8),
            WasmValue::V128(_) => ("v128", Encoding::Unsigned, 16),
            WasmValue::Ref | WasmValue::Missing => return Err(Error::Absent("not in this core dump".into())),
        };
        let bytes = value.bits().unwrap_or(0).to_le_bytes();
        let object = self.computed(types.base(name, encoding, size, c), bytes.get(..size as usize).unwrap_or_default());
        Ok(Object { provenance, ..object })
    }

    /// Threads count from 1, as in gdb.
    fn thread(&self) -> Result<Object> {
        let program = self.reader().program;
        let Some((stack, _)) = self.names.scope() else { return Ok(self.int(0)) };
        let is_own = |thread: &usize| program.stack(*thread).is_ok_and(|other| std::ptr::eq(other, stack));
        let found = (0..program.thread_count()).find(is_own).and_then(|thread| u32::try_from(thread + 1).ok());
        Ok(self.int(found.unwrap_or(0)))
    }

    fn trap(&self) -> Result<Object> {
        let trap = self.names.scope().and_then(|(stack, _)| self.reader().program.trap(stack));
        Ok(trap.map_or_else(|| self.void(), |trap| self.of_text(trap.kind)))
    }

    fn module_name(&self) -> Result<Object> {
        let module = self.frame()?.module.and_then(|id| self.reader().program.opened_module(id));
        Ok(module.map_or_else(|| self.void(), |module| self.of_text(&module.name)))
    }

    /// A text as an array of characters.
    pub(super) fn of_text(&self, text: &str) -> Object {
        let bytes: Rc<[u8]> = text.bytes().chain([0]).collect();
        let char_type = self.types().base("char", Encoding::SignedChar, 1, crate::dwarf::Language::C);
        let type_id = self.types().array_of(char_type, Some(bytes.len() as u64), crate::dwarf::Language::C);
        self.computed(type_id, &bytes)
    }
}

fn no_registers() -> Error {
    Error::Absent("No registers.".into())
}
