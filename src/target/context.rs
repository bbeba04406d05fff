//! What a frame answers to DWARF expressions: its wasm locals, operands and globals, its frame base, memory.
//!
//! Notes the worst provenance of everything that one evaluation asked for: the result is as sure as that.

use std::cell::{OnceCell, RefCell};

use super::frame::Frame;
use super::known::Known;
use super::program::Program;
use super::provenance::Provenance;
use super::stack::Stack;
use crate::dwarf::find_location;
use crate::dwarf::location::ExprContext;
use crate::error::{Error, Result};
use crate::wasm::WasmValue;

/// One frame as the context of expressions.
pub struct FrameContext<'a, 'f> {
    program: &'a Program<'f>,
    stack: &'a Stack,
    frame: &'a Frame,
    frame_base: OnceCell<Known<u64>>,
    worst: RefCell<Provenance>,
}

impl<'a, 'f> FrameContext<'a, 'f> {
    /// The context of `frame`, which belongs to `stack`.
    pub fn new(program: &'a Program<'f>, stack: &'a Stack, frame: &'a Frame) -> Self {
        let worst = RefCell::new(Provenance::recorded());
        FrameContext { program, stack, frame, frame_base: OnceCell::new(), worst }
    }

    /// Run `evaluation` and tell how sure its result is.
    pub fn tracked<T>(&self, evaluation: impl FnOnce(&Self) -> T) -> (T, Provenance) {
        let before = self.worst.replace(Provenance::recorded());
        let result = evaluation(self);
        let provenance = self.worst.replace(before);
        (result, provenance)
    }

    fn note<T>(&self, known: Known<T>) -> Result<T> {
        let (value, provenance) = known?;
        let worst = self.worst.borrow().clone();
        *self.worst.borrow_mut() = worst.and(provenance);
        Ok(value)
    }

    /// A wasm local of the frame: recorded, else derived.
    ///
    /// # Errors
    /// It is not known; why.
    pub fn local(&self, index: u32) -> Known<WasmValue> {
        self.program.local(self.stack, self.frame.physical, index)
    }

    /// An operand-stack slot, 0 is the bottom.
    ///
    /// # Errors
    /// It is not known; why.
    pub fn operand(&self, index: u32) -> Known<WasmValue> {
        self.program.operand(self.stack, self.frame.physical, index)
    }

    /// A global; the stack pointer is the frame's own.
    ///
    /// # Errors
    /// It is not known; why.
    pub fn global(&self, index: u32) -> Known<WasmValue> {
        self.program.global(self.stack, self.frame.physical, index)
    }

    /// The address that the frame's variables are relative to.
    ///
    /// # Errors
    /// The function has none, or it is not known; why.
    pub fn base(&self) -> Known<u64> {
        self.frame_base.get_or_init(|| self.find_base()).clone()
    }

    fn find_base(&self) -> Known<u64> {
        let absent = |what: &str| Error::Absent(format!("frame base: {what}"));
        let function = self.frame.function().ok_or_else(|| absent("the function has no debug information"))?;
        let pc = self.frame.code_offset.ok_or_else(|| absent("the dump does not say where the frame stands"))?;
        let info = self.frame.module.and_then(|id| self.program.debug_info(id));
        let info = info.ok_or_else(|| absent("the module has no debug information"))?;
        let (base, provenance) =
            self.tracked(|context| find_location::frame_base(info, function.subprogram, pc, context));
        Ok((base?, provenance))
    }
}

impl ExprContext for FrameContext<'_, '_> {
    fn wasm_local(&self, index: u32) -> Result<WasmValue> {
        self.note(self.local(index))
    }

    fn wasm_global(&self, index: u32) -> Result<WasmValue> {
        self.note(self.global(index))
    }

    fn wasm_operand(&self, index: u32) -> Result<WasmValue> {
        self.note(self.operand(index))
    }

    fn frame_base(&self) -> Result<u64> {
        self.note(self.base())
    }

    fn memory(&self, address: u64, size_bytes: u8) -> Result<u128> {
        let instance = self.frame.instance.ok_or_else(|| Error::Absent("the frame's instance is not known".into()))?;
        let mut bytes = [0u8; 16];
        let wanted = bytes
            .get_mut(..usize::from(size_bytes))
            .ok_or_else(|| Error::malformed(format!("location: a read of {size_bytes} bytes")))?;
        self.program.read_memory(instance, address, wanted)?;
        Ok(u128::from_le_bytes(bytes))
    }

    fn entry_local(&self, index: u32) -> Result<WasmValue> {
        self.note(self.program.parameter(self.stack, self.frame.physical, index))
    }
}
