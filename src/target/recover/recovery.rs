//! The answers: locals, operands and stack pointers of every frame, each with how it is known.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use ahash::AHashMap as HashMap;

use super::fact::{Fact, How};
use super::link::{Link, MAY_BE_TAIL_CALLED};
use super::reason::{SET_TO_THIS, clause, entry_pointer};
use super::solver::{Solver, is_long};
use super::stack_address::StackAddress;
use crate::target::dataflow::evaluate::evaluate;
use crate::target::dataflow::{Arena, Expr, ExprId};
use crate::target::patience::Patience;
use crate::target::physical::{PhysicalFrame, Recorded};
use crate::target::provenance::{Item, Provenance, Trust, Why};
use crate::target::replay::Replayed;
use crate::target::shadow_stack::ShadowStack;
use crate::wasm::value::ValueType;
use crate::wasm::{FuncIdx, FuncOffset, GlobalIdx, WasmValue};

/// A value and how it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    pub value: WasmValue,
    pub provenance: Provenance,
}

/// A recorded value that is not what the code makes it: the module is not the one that ran, or the producer is at
/// fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    pub item: Item,
    pub recorded: WasmValue,
    pub derived: WasmValue,
    pub why: Why,
}

/// The values of one thread's frames, worked out when they are asked for. Frames count from the youngest, 0.
pub struct Recovery<'f> {
    pub(super) frames: Rc<[PhysicalFrame<'f>]>,
    pub(super) recorded: Rc<dyn Recorded + 'f>,
    pub(super) stack: Rc<ShadowStack>,
    pub(super) solver: RefCell<Solver<'f>>,
    /// For lines of a backtrace; none: no function is so long that it makes a difference.
    pub(super) hasty: Option<RefCell<Solver<'f>>>,
    pub(super) put_off: Cell<bool>,
    /// Some frame has recorded locals or operands.
    has_recorded_values: bool,
    /// By place of code and local, see `base_local`: recursion asks the same again and again.
    pub(super) first_distances: RefCell<HashMap<Place, Option<i64>>>,
    /// What the program held when it was run again, for a short time and for a long one; none if that told nothing.
    pub(super) replayed: [OnceCell<Option<Replayed>>; 2],
    /// As `first_distances`, of locals that hold a stack address or a constant.
    addresses: RefCell<HashMap<Place, Option<StackAddress>>>,
}

/// Instance, function and offset of a place of code, and a local.
pub(super) type Place = (Option<u32>, FuncIdx, FuncOffset, u32);

impl<'f> Recovery<'f> {
    /// Unwinds the shadow stack; everything else waits for a question.
    pub fn new(frames: Rc<[PhysicalFrame<'f>]>, recorded: Rc<dyn Recorded + 'f>) -> Self {
        let stack = Rc::new(ShadowStack::unwind(&frames, &*recorded));
        let solver = || Solver::new(Rc::clone(&frames), Rc::clone(&recorded), Rc::clone(&stack), None);
        let hasty = frames.iter().any(is_long).then(|| RefCell::new(solver().in_haste()));
        let solver = RefCell::new(solver());
        let has_values = |f: &PhysicalFrame<'_>| !f.recorded_locals.is_empty() || !f.recorded_operands.is_empty();
        let has_recorded_values = frames.iter().any(has_values);
        let (first_distances, addresses) = (RefCell::default(), RefCell::default());
        let replayed = Default::default();
        Recovery {
            frames,
            recorded,
            stack,
            solver,
            hasty,
            put_off: Cell::new(false),
            has_recorded_values,
            first_distances,
            replayed,
            addresses,
        }
    }

    /// The stack pointers of all frames.
    pub fn shadow_stack(&self) -> &ShadowStack {
        &self.stack
    }

    /// The stack pointer where a frame stands.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn stack_pointer(&self, frame: usize) -> Result<(u64, Provenance), Why> {
        let provenance = self.stack.provenance(frame)?;
        let address = self.stack.pointer(frame).ok_or_else(|| Why::new("the stack pointer is not known"))?;
        Ok((address, provenance))
    }

    /// The value of a local where a frame stands, parameters first.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn local(&self, frame: usize, index: u32, patience: Patience) -> Result<Recovered, Why> {
        let physical = self.frame(frame)?;
        if let Some(value) = recorded(&physical.recorded_locals, index as usize) {
            return Ok(Recovered { value, provenance: Provenance::recorded() });
        }
        if let Some(found) = self.stack_address(frame, index) {
            return Ok(found);
        }
        let kind = local_type(physical, index);
        let absent = || format!("there is no local {index}");
        let known = self.expression((frame, kind, patience), |state| state.local(index), absent);
        self.or_replayed(known, Item::Local { frame, index }, kind, patience)
    }

    /// The value of a local that is the entry stack pointer plus a constant, or a constant: what the solver would say,
    /// without an analysis of the whole function. A frame's base is such a local.
    fn stack_address(&self, frame: usize, index: u32) -> Option<Recovered> {
        let physical = self.frames.get(frame)?;
        // A recorded value that says the same comes first.
        if self.has_recorded_values {
            return None;
        }
        let place = (physical.instance, physical.func, physical.offset?, index);
        let known = self.addresses.borrow().get(&place).cloned();
        let held = known.unwrap_or_else(|| {
            let flow = {
                let solver = self.solver.borrow();
                physical.flows.as_deref().map(|f| f.stack_pointers(physical.func, solver.places_of(physical)))
            };
            let flow = flow.and_then(|flow| flow.ok());
            let found = flow.and_then(|flow| StackAddress::of(&flow, place.2, index, local_type(physical, index)));
            self.addresses.borrow_mut().insert(place, found.clone());
            found
        })?;
        let entry = || self.stack.frames.get(frame)?.entry.as_ref().filter(|entry| !entry.assumed);
        let (bits, how) = held.bits(|| entry().map(|entry| entry.address))?;
        let value = typed(held.kind, bits)?;
        let why = match how {
            How::Constant => Why::new(SET_TO_THIS),
            How::EntryStackPointer => entry_pointer(frame),
            _ => Why::new(held.text),
        };
        let provenance = Provenance::derived(why.in_frame(frame, physical.offset));
        Some(Recovered { value, provenance })
    }

    /// The value of an operand-stack slot where a frame stands, the deepest is 0. At a call the arguments are still
    /// there, at a trap the trapping instruction's operands are.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn operand(&self, frame: usize, index: u32, patience: Patience) -> Result<Recovered, Why> {
        let physical = self.frame(frame)?;
        if let Some(value) = recorded(&physical.recorded_operands, index as usize) {
            return Ok(Recovered { value, provenance: Provenance::recorded() });
        }
        let absent = || format!("the operand stack has no slot {index}");
        let known = self.expression((frame, None, patience), |state| state.operand(index as usize), absent);
        let kind = known.is_err().then(|| self.operand_kind(frame, index)).flatten();
        self.or_replayed(known, Item::Operand { frame, index }, kind, patience)
    }

    /// A slot of the operand stack has the same value where a frame stands as before the instruction at `since`; none
    /// if that is not known.
    pub fn is_same_operand(&self, frame: usize, index: u32, since: FuncOffset, patience: Patience) -> Option<bool> {
        let physical = self.frame(frame).ok()?;
        let here = physical.offset?;
        if here == since {
            return Some(true);
        }
        let (flows, places) = (physical.flows.as_deref()?, [since, here]);
        if patience == Patience::Line && is_long(physical) && !flows.is_analysed(physical.func, &places) {
            self.put_off.set(true);
            return None;
        }
        let flow = flows.function(physical.func, &places).ok()?;
        let operand = |offset| flow.state(offset)?.operand(index as usize);
        Some(flow.canonical(operand(since)?) == flow.canonical(operand(here)?))
    }

    pub(super) fn operand_kind(&self, frame: usize, index: u32) -> Option<ValueType> {
        let equations = self.solver.borrow_mut().equations(frame)?;
        equations.flow.arena().kind(equations.state()?.operand(index as usize)?)
    }

    /// Number of operand-stack slots where a frame stands; none if its code is not at hand.
    pub fn operand_count(&self, frame: usize) -> Option<usize> {
        Some(self.solver.borrow_mut().equations(frame)?.state()?.operands().len())
    }

    /// The youngest frame's topmost operand is a NaN, the result of an instruction whose operands are known; with
    /// whether they are for sure. The bits of such a NaN are the engine's choice, so that it has no value here.
    pub fn youngest_operand_is_nan(&self) -> Option<bool> {
        let mut solver = self.solver.borrow_mut();
        let equations = solver.equations(0)?;
        let id = *equations.state()?.operands().last()?;
        let (op, a, b) = match equations.flow.arena().expr(id) {
            Expr::Unary(op, a) => (op, a, None),
            Expr::Binary(op, a, b) => (op, a, Some(b)),
            _ => return None,
        };
        let a = solver.value(0, a)?;
        let b = match b {
            Some(b) => Some(solver.value(0, b)?),
            None => None,
        };
        let trust = b.map_or(a.trust, |b| a.trust.min(b.trust));
        let is_float = matches!(equations.flow.arena().kind(id), Some(ValueType::F32 | ValueType::F64));
        let is_nan = is_float && evaluate(op, a.bits, b.map_or(0, |b| b.bits)).is_none();
        is_nan.then_some(trust > Trust::Recovered)
    }

    /// What a frame's function was passed as its parameter `index`: DWARF's entry values.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn parameter(&self, frame: usize, index: u32, patience: Patience) -> Result<Recovered, Why> {
        let physical = self.frame(frame)?;
        let function = physical.module().and_then(|m| m.function_type(physical.func));
        let kind = function.and_then(|f| f.params.get(index as usize)).copied();
        let equations = self.solver(patience).borrow_mut().equations(frame);
        let equations = equations.ok_or_else(|| no_state(frame))?;
        let id = equations.flow.arena().find(Expr::Param(index));
        let id = id.ok_or_else(|| Why::new(format!("the function has no parameter {index}")))?;
        let known = self.solved((frame, kind, patience), id, equations.flow.arena());
        self.or_replayed(known, Item::Parameter { frame, index }, kind, patience)
    }

    /// The value of a global where a frame stands. A frame's own stack pointer is that of `stack_pointer`.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn global(&self, frame: usize, global: GlobalIdx) -> Result<Recovered, Why> {
        let physical = self.frame(frame)?;
        if physical.flows.as_deref().and_then(|flows| flows.stack_pointer()) == Some(global) {
            let (address, provenance) = self.stack_pointer(frame)?;
            let kind = physical.module().and_then(|m| m.globals().get(global.0 as usize)).map(|g| g.kind);
            let value = typed(kind.unwrap_or(ValueType::I32), address);
            return Ok(Recovered { value: value.unwrap_or(WasmValue::Missing), provenance });
        }
        let value = physical.instance.and_then(|i| self.recorded.global(i, global));
        let value = value.ok_or_else(|| Why::new(format!("the dump does not hold global {}", global.0)))?;
        let mutable = physical.module().and_then(|m| m.globals().get(global.0 as usize)).is_none_or(|g| g.mutable);
        if frame == 0 || !mutable {
            return Ok(Recovered { value, provenance: Provenance::recorded() });
        }
        let why = Why::new(format!("global {} as it was at the trap, if younger frames did not set it", global.0));
        Ok(Recovered { value, provenance: Provenance::recovered(why.in_frame(frame, None)) })
    }

    /// Why a frame was not called by the next older one where that stands, or may not have been; none if there is no
    /// doubt but that a table or a reference may lead to the host.
    pub fn doubtful_call(&self, frame: usize) -> Option<&'static str> {
        self.frames.get(frame + 1)?;
        let link = self.solver.borrow_mut().top_link(frame);
        match link {
            Link::None(reason) => Some(reason),
            Link::Likely(reason) if reason == MAY_BE_TAIL_CALLED => Some(reason),
            Link::Likely(_) | Link::Sure => None,
        }
    }

    /// How far what is known of the next older frame's call holds for what this frame was passed.
    ///
    /// # Errors
    /// That call did not lead here, or nobody can tell; why.
    pub fn call_trust(&self, frame: usize) -> Result<Trust, &'static str> {
        match self.solver.borrow_mut().top_link(frame) {
            Link::Sure => Ok(Trust::Derived),
            Link::Likely(_) => Ok(Trust::Recovered),
            Link::None(reason) => Err(reason),
        }
    }

    /// The parameter whose value a local holds unchanged where the frame stands.
    pub fn parameter_in_local(&self, frame: usize, index: u32, patience: Patience) -> Option<u32> {
        let equations = self.solver(patience).borrow_mut().equations(frame);
        self.forget_put_off();
        let equations = equations?;
        let id = equations.flow.canonical(equations.state()?.local(index)?);
        match equations.flow.arena().expr(id) {
            Expr::Param(parameter) => Some(parameter),
            _ => None,
        }
    }

    /// Recorded locals of a frame that are exactly known to be something else.
    pub fn contradictions(&self, frame: usize) -> Vec<Contradiction> {
        let Ok(physical) = self.frame(frame) else { return Vec::new() };
        let mut solver =
            Solver::new(Rc::clone(&self.frames), Rc::clone(&self.recorded), Rc::clone(&self.stack), Some(frame));
        let Some(equations) = solver.equations(frame) else { return Vec::new() };
        let mut found = Vec::new();
        for (index, recorded) in (0u32..).zip(physical.recorded_locals.iter()) {
            let Some(id) = equations.state().and_then(|state| state.local(index)) else { continue };
            let Some(fact) = solver.value(frame, id).filter(|fact| fact.trust > Trust::Recovered) else { continue };
            let Some(bits) = recorded.bits() else { continue };
            if bits != u128::from(fact.bits) {
                let derived = local_type(physical, index).and_then(|kind| typed(kind, fact.bits));
                let why = self.why(frame, id, fact, equations.flow.arena());
                let item = Item::Local { frame, index };
                found.push(Contradiction {
                    item,
                    recorded: *recorded,
                    derived: derived.unwrap_or(WasmValue::Missing),
                    why,
                });
            }
        }
        found
    }

    pub(super) fn frame(&self, frame: usize) -> Result<&PhysicalFrame<'f>, Why> {
        self.frames.get(frame).ok_or_else(|| Why::new("there is no such frame"))
    }

    fn expression(
        &self,
        (frame, kind, patience): (usize, Option<ValueType>, Patience),
        pick: impl Fn(&crate::target::dataflow::FlowState) -> Option<ExprId>,
        absent: impl Fn() -> String,
    ) -> Result<Recovered, Why> {
        let equations = self.solver(patience).borrow_mut().equations(frame);
        let equations = equations.ok_or_else(|| no_state(frame))?;
        let state = equations.state().ok_or_else(|| no_state(frame))?;
        let id = pick(state).ok_or_else(|| Why::new(absent()).in_frame(frame, None))?;
        self.solved((frame, kind, patience), id, equations.flow.arena())
    }

    fn solved(
        &self,
        (frame, kind, patience): (usize, Option<ValueType>, Patience),
        id: ExprId,
        arena: &Arena,
    ) -> Result<Recovered, Why> {
        let fact = self.solver(patience).borrow_mut().value(frame, id);
        let fact = fact.ok_or_else(|| self.lost((frame, patience), id, arena))?;
        self.told(frame, kind, id, fact, arena)
    }

    fn told(
        &self,
        frame: usize,
        kind: Option<ValueType>,
        id: ExprId,
        fact: Fact,
        arena: &Arena,
    ) -> Result<Recovered, Why> {
        let value = kind.or(arena.kind(id)).and_then(|kind| typed(kind, fact.bits));
        let value = value.ok_or_else(|| Why::new("a value of this type cannot be recovered").in_frame(frame, None))?;
        let why = self.why(frame, id, fact, arena);
        let provenance = match fact.trust {
            Trust::Recorded => Provenance::recorded(),
            Trust::Derived => Provenance::derived(why),
            Trust::Recovered => Provenance::recovered(why),
        };
        Ok(Recovered { value, provenance })
    }

    fn why(&self, frame: usize, id: ExprId, fact: Fact, arena: &Arena) -> Why {
        clause(frame, id, fact, arena).in_frame(frame, self.frames.get(frame).and_then(|f| f.offset))
    }
}

fn no_state(frame: usize) -> Why {
    Why::new("the frame's code is not at hand, or no path leads to where it stands").in_frame(frame, None)
}

fn recorded(values: &[WasmValue], index: usize) -> Option<WasmValue> {
    values.get(index).copied().filter(|value| *value != WasmValue::Missing)
}

/// The declared type of a local, parameters first.
pub(super) fn local_type(frame: &PhysicalFrame<'_>, index: u32) -> Option<ValueType> {
    frame.flows.as_deref()?.local_type(frame.func, index)
}

pub(in crate::target) fn typed(kind: ValueType, bits: u64) -> Option<WasmValue> {
    Some(match kind {
        ValueType::I32 => WasmValue::I32(bits as u32 as i32),
        ValueType::I64 => WasmValue::I64(bits as i64),
        ValueType::F32 => WasmValue::F32(bits as u32),
        ValueType::F64 => WasmValue::F64(bits),
        ValueType::V128 => WasmValue::V128(u128::from(bits)),
        ValueType::Ref => return None,
    })
}
