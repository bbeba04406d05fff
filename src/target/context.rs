//! What a frame answers to DWARF expressions: its wasm locals, operands and globals, its frame base, memory.
//!
//! Notes the worst provenance of everything that one evaluation asked for: the result is as sure as that.

use std::cell::{Cell, OnceCell, RefCell};

use super::frame::Frame;
use super::known::Known;
use super::program::Program;
use super::provenance::{Item, Provenance};
use super::stack::Stack;
use crate::dwarf::find_location;
use crate::dwarf::location::ExprContext;
use crate::error::{Error, Result};
use crate::wasm::{GlobalIdx, WasmValue};

/// One frame as the context of expressions.
pub struct FrameContext<'a, 'f> {
    program: &'a Program<'f>,
    stack: &'a Stack,
    frame: &'a Frame,
    frame_base: OnceCell<Known<u64>>,
    worst: RefCell<Provenance>,
    trail: RefCell<Trail>,
    in_base: Cell<bool>,
}

/// What the evaluations asked for, in that order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trail {
    pub items: Vec<Item>,
    /// The frame base, if it was asked for, and what that rests on.
    pub base: Option<u64>,
    pub base_items: Vec<Item>,
}

impl<'a, 'f> FrameContext<'a, 'f> {
    /// The context of `frame`, which belongs to `stack`.
    pub fn new(program: &'a Program<'f>, stack: &'a Stack, frame: &'a Frame) -> Self {
        let worst = RefCell::new(Provenance::recorded());
        let (trail, in_base) = (RefCell::default(), Cell::new(false));
        FrameContext { program, stack, frame, frame_base: OnceCell::new(), worst, trail, in_base }
    }

    /// Run `evaluation` and tell how sure its result is.
    pub fn tracked<T>(&self, evaluation: impl FnOnce(&Self) -> T) -> (T, Provenance) {
        let before = self.worst.replace(Provenance::recorded());
        let result = evaluation(self);
        let provenance = self.worst.replace(before);
        (result, provenance)
    }

    /// What was asked for since the context was made.
    pub fn trail(&self) -> Trail {
        self.trail.borrow().clone()
    }

    fn asked(&self, item: Item) -> Option<Item> {
        let mut trail = self.trail.borrow_mut();
        let items = if self.in_base.get() { &mut trail.base_items } else { &mut trail.items };
        if !items.contains(&item) {
            items.push(item);
        }
        Some(item)
    }

    fn note<T>(&self, item: Option<Item>, known: Known<T>) -> Result<T> {
        let (value, provenance) = known?;
        let provenance = if provenance.is_exact() {
            provenance
        } else {
            item.map_or(provenance.clone(), |item| provenance.of(item))
        };
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
        self.in_base.set(true);
        let (base, provenance) =
            self.tracked(|context| find_location::frame_base(info, function.subprogram, pc, context));
        self.in_base.set(false);
        let base = base?;
        self.trail.borrow_mut().base = Some(base);
        Ok((base, provenance))
    }
}

impl ExprContext for FrameContext<'_, '_> {
    fn wasm_local(&self, index: u32) -> Result<WasmValue> {
        let item = self.asked(Item::Local { frame: self.frame.physical, index });
        if self.in_base.get() {
            return self.note(item, self.program.base_local(self.stack, self.frame.physical, index));
        }
        self.note(item, self.local(index))
    }

    fn wasm_global(&self, index: u32) -> Result<WasmValue> {
        let item = self.asked(Item::Global { frame: self.frame.physical, global: GlobalIdx(index) });
        self.note(item, self.global(index))
    }

    fn wasm_operand(&self, index: u32) -> Result<WasmValue> {
        let item = self.asked(Item::Operand { frame: self.frame.physical, index });
        self.note(item, self.operand(index))
    }

    fn frame_base(&self) -> Result<u64> {
        self.note(None, self.base())
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
        let item = self.asked(Item::Parameter { frame: self.frame.physical, index });
        self.note(item, self.program.parameter(self.stack, self.frame.physical, index))
    }
}
