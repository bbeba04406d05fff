//! What a frame answers to DWARF expressions: its wasm locals, operands and globals, its frame base, memory.
//!
//! Notes the worst provenance of everything that one evaluation asked for: the result is as sure as that.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::frame::Frame;
use super::known::Known;
use super::patience::Patience;
use super::program::Program;
use super::provenance::{Item, Provenance, Trust, Why};
use super::recover::recovery::typed;
use super::stack::Stack;
use crate::dwarf::call_site::CallSite;
use crate::dwarf::find_location;
use crate::dwarf::location::ExprContext;
use crate::error::{Error, Result};
use crate::limits::MAX_CALL_SITE_DEPTH;
use crate::wasm::{CodeOffset, FuncOffset, GlobalIdx, WasmValue};

/// One frame as the context of expressions.
pub struct FrameContext<'a, 'f> {
    program: &'a Program<'f>,
    stack: &'a Stack,
    frame: &'a Frame,
    frame_base: OnceCell<Known<u64>>,
    worst: RefCell<Provenance>,
    trail: RefCell<Trail>,
    in_base: Cell<bool>,
    /// Calls between the frame and the one that asks for what it was passed; 0: the frame is asked about itself.
    depth: u32,
    patience: Patience,
    /// The next older frame, standing at its call.
    caller: OnceCell<Option<Box<FrameContext<'a, 'f>>>>,
    /// What call sites say of parameters, asked before.
    passed: RefCell<HashMap<u32, Option<Rc<Passed>>>>,
}

/// What a call site of the debug information says that a frame's function was passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// The parameter, counted from 0.
    pub index: u32,
    /// The physical frame whose function was called.
    pub frame: usize,
    pub value: WasmValue,
    pub provenance: Provenance,
    /// What it was computed from, in the caller's frame.
    pub trail: Trail,
}

/// What the evaluations asked for, in that order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trail {
    pub items: Vec<Item>,
    /// What call sites told of.
    pub passed: Vec<Rc<Passed>>,
    /// The frame base, if it was asked for, and what that rests on.
    pub base: Option<u64>,
    pub base_items: Vec<Item>,
}

impl<'a, 'f> FrameContext<'a, 'f> {
    /// The context of `frame`, which belongs to `stack`.
    pub fn new(program: &'a Program<'f>, stack: &'a Stack, frame: &'a Frame) -> Self {
        Self::at_depth(program, stack, frame, 0)
    }

    /// The same with another patience; that of a new context is long.
    pub fn with_patience(self, patience: Patience) -> Self {
        FrameContext { patience, ..self }
    }

    fn at_depth(program: &'a Program<'f>, stack: &'a Stack, frame: &'a Frame, depth: u32) -> Self {
        FrameContext {
            program,
            stack,
            frame,
            frame_base: OnceCell::new(),
            worst: RefCell::new(Provenance::recorded()),
            trail: RefCell::default(),
            in_base: Cell::new(false),
            depth,
            patience: Patience::Long,
            caller: OnceCell::new(),
            passed: RefCell::default(),
        }
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
        let (value, provenance) = match item {
            Some(item) => said_of(item, known)?,
            None => known?,
        };
        let worst = self.worst.borrow().clone();
        *self.worst.borrow_mut() = worst.and(provenance);
        Ok(value)
    }

    /// A wasm local of the frame: recorded, else derived, else what a call site says of it.
    ///
    /// # Errors
    /// It is not known; why.
    pub fn local(&self, index: u32) -> Known<WasmValue> {
        match self.local_or_passed(index) {
            (_, Some(passed)) => Ok((passed.value, passed.provenance.clone())),
            (known, None) => said_of(Item::Local { frame: self.frame.physical, index }, known),
        }
    }

    /// What a call site says of a local that is not known otherwise; none of all other locals.
    pub fn passed_in_local(&self, index: u32) -> Option<Rc<Passed>> {
        self.local_or_passed(index).1
    }

    /// A local as the dump and the code tell it, and where they do not, what a call site says of the parameter in it.
    fn local_or_passed(&self, index: u32) -> (Known<WasmValue>, Option<Rc<Passed>>) {
        let physical = self.frame.physical;
        let known = self.program.local(self.stack, physical, index, self.patience);
        let parameter = || self.program.recovery(self.stack)?.parameter_in_local(physical, index, self.patience);
        let passed = if known.is_err() { parameter().and_then(|parameter| self.passed(parameter)) } else { None };
        (known, passed)
    }

    /// The value of a parameter, where the debug information's call site tells what the dataflow does not.
    fn passed(&self, index: u32) -> Option<Rc<Passed>> {
        if let Some(known) = self.passed.borrow().get(&index) {
            return known.clone();
        }
        let found = self.find_passed(index).map(Rc::new);
        self.passed.borrow_mut().insert(index, found.clone());
        found
    }

    fn find_passed(&self, index: u32) -> Option<Passed> {
        let (program, frame) = (self.program, self.frame.physical);
        let module = program.module(self.frame.module?)?;
        let kind = module.function_type(self.frame.func)?.params.get(index as usize).copied()?;
        let caller = self.caller.get_or_init(|| self.find_caller()).as_deref()?;
        let (site, call) = caller.call_site()?;
        let info = program.debug_info(caller.frame.module?)?;
        let parameter = site.parameter(index)?;
        // Whether the call led here is looked at last: it takes an analysis of the caller.
        let trust = program.recovery(self.stack)?.call_trust(frame).ok()?;
        let before = caller.trail.take();
        let (bits, worst) = caller.tracked(|context| find_location::call_value(info, parameter, kind, context));
        let told = caller.trail.replace(before);
        let value = typed(kind, bits.ok()?)?;
        let mut why = Why::new(format!(
            "the debug information's call site at {:#x} says that parameter {index} was given this",
            call.0
        ));
        why = why.in_frame(caller.frame.physical, caller.frame.func_offset);
        why.from = told.items.clone();
        let provenance = match trust.min(worst.trust) {
            Trust::Recovered => Provenance::recovered(why),
            Trust::Derived | Trust::Recorded => Provenance::derived(why),
        };
        Some(Passed { index, frame, value, provenance, trail: told })
    }

    fn find_caller(&self) -> Option<Box<Self>> {
        if self.depth >= MAX_CALL_SITE_DEPTH {
            return None;
        }
        let stack = self.program.whole(self.stack);
        let frame = stack.own_frame(self.frame.physical.checked_add(1)?)?;
        Some(Box::new(Self::at_depth(self.program, stack, frame, self.depth + 1).with_patience(self.patience)))
    }

    /// What the debug information says of the call at which the frame stands, and where that is.
    fn call_site(&self) -> Option<(Rc<CallSite>, CodeOffset)> {
        let (id, function) = (self.frame.module?, self.frame.function()?);
        let (call, offset) = (self.frame.code_offset?, self.frame.func_offset?);
        let info = self.program.debug_info(id)?;
        let next = || {
            let instruction = self.program.module(id)?.body(self.frame.func)?.instruction_at(offset)?;
            Some(CodeOffset(call.0.checked_add(instruction.size_bytes)?))
        };
        Some((info.call_site(function.subprogram, call, next)?, call))
    }

    /// What a call site told, as the answer to an evaluation's question.
    fn note_passed(&self, passed: Rc<Passed>) -> Result<WasmValue> {
        let known = (passed.value, passed.provenance.clone());
        let mut trail = self.trail.borrow_mut();
        if !trail.passed.contains(&passed) {
            trail.passed.push(passed);
        }
        drop(trail);
        self.note(None, Ok(known))
    }

    /// An operand-stack slot, 0 is the bottom.
    ///
    /// # Errors
    /// It is not known; why.
    pub fn operand(&self, index: u32) -> Known<WasmValue> {
        let known = self.program.operand(self.stack, self.frame.physical, index, self.patience);
        said_of(Item::Operand { frame: self.frame.physical, index }, known)
    }

    /// The operand that was in a slot before the instruction at `since` is there still. Compilers describe variables
    /// in operands for a whole block, though most operands are used up in it.
    fn is_same_operand(&self, index: u32, since: CodeOffset) -> bool {
        let same = || {
            let distance = self.frame.code_offset?.0.checked_sub(since.0)?;
            let since = self.frame.func_offset?.0.checked_sub(distance)?;
            self.program.recovery(self.stack)?.is_same_operand(
                self.frame.physical,
                index,
                FuncOffset(since),
                self.patience,
            )
        };
        same().unwrap_or(false)
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

/// The same; a value that holds unless memory changed names what its reason can be followed from.
fn said_of<T>(item: Item, known: Known<T>) -> Known<T> {
    known.map(|(value, provenance)| {
        let provenance = if provenance.is_exact() { provenance } else { provenance.of(item) };
        (value, provenance)
    })
}

impl ExprContext for FrameContext<'_, '_> {
    fn wasm_local(&self, index: u32) -> Result<WasmValue> {
        let item = Item::Local { frame: self.frame.physical, index };
        if self.in_base.get() {
            return self.note(
                self.asked(item),
                self.program.base_local(self.stack, self.frame.physical, index, self.patience),
            );
        }
        match self.local_or_passed(index) {
            (_, Some(passed)) => self.note_passed(passed),
            (known, None) => self.note(self.asked(item), known),
        }
    }

    fn wasm_global(&self, index: u32) -> Result<WasmValue> {
        let item = self.asked(Item::Global { frame: self.frame.physical, global: GlobalIdx(index) });
        self.note(item, self.global(index))
    }

    fn wasm_operand(&self, index: u32, since: Option<CodeOffset>) -> Result<WasmValue> {
        if since.is_some_and(|since| !self.is_same_operand(index, since)) {
            return Err(Error::Absent(format!("operand {index} was used up on the way here")));
        }
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
        if self.depth > 0 {
            // The frame is asked what was true when it called.
            let why = Why::new("memory holds it unless it changed since the call").at(address);
            self.note(None, Ok(((), Provenance::recovered(why.in_frame(self.frame.physical, None)))))?;
        }
        Ok(u128::from_le_bytes(bytes))
    }

    fn entry_local(&self, index: u32) -> Result<WasmValue> {
        let known = self.program.parameter(self.stack, self.frame.physical, index, self.patience);
        if known.is_err()
            && let Some(passed) = self.passed(index)
        {
            return self.note_passed(passed);
        }
        self.note(self.asked(Item::Parameter { frame: self.frame.physical, index }), known)
    }
}
