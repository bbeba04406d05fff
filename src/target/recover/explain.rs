//! How a value is known, step by step, down to what the dump and the module say.
//!
//! The solver remembers with each answer how it was found; here that is followed and put into words. Bounded in depth
//! and in number of steps; the chain of stack pointers from the youngest frame is one step, however deep the stack.

use super::equations::{Equations, Root, Standing};
use super::fact::{Fact, How};
use super::patience::REPLAYED;
use super::pointer_steps::ENTRY_POINTER;
use super::recovery::{Recovery, local_type, typed};
use super::solver::Way;
use crate::limits::{MAX_EXPLANATION_DEPTH, MAX_EXPLANATION_STEPS};
use crate::target::dataflow::{Expr, ExprId};
use crate::target::patience::Patience;
use crate::target::provenance::{Item, Step, Trust};
use crate::wasm::value::ValueType;
use crate::wasm::{FuncOffset, GlobalIdx, WasmValue};

impl Recovery<'_> {
    /// How the value of `item` is known, or why it is not.
    pub fn explain(&self, item: Item) -> Step {
        let (steps_left, depth) = (MAX_EXPLANATION_STEPS, MAX_EXPLANATION_DEPTH);
        Explainer { recovery: self, steps_left, depth, thorough: true }.item(item, 0)
    }

    /// The first few steps of the same, without looking for the instructions that make constants.
    pub fn explain_briefly(&self, item: Item) -> Step {
        Explainer { recovery: self, steps_left: 8, depth: 5, thorough: false }.item(item, 0)
    }
}

/// How an expression follows from its operands.
const COMPUTED: &str = "computed";

struct Explainer<'a, 'f> {
    recovery: &'a Recovery<'f>,
    steps_left: usize,
    /// Nesting that is followed.
    depth: usize,
    thorough: bool,
}

/// What is explained: an expression of a frame, and how it is asked for.
type Subject = (usize, ExprId, Way);

impl Explainer<'_, '_> {
    fn item(&mut self, item: Item, depth: usize) -> Step {
        match item {
            Item::Local { frame, index } => {
                let what = format!("local {index}");
                let recorded = self.recovery.frames.get(frame).and_then(|f| f.recorded_locals.get(index as usize));
                if let Some(value) = recorded.filter(|value| **value != WasmValue::Missing) {
                    return recorded_step(what, *value, frame);
                }
                let id = self.state_value(frame, |state| state.local(index));
                let kind = self.recovery.frames.get(frame).and_then(|f| local_type(f, index));
                let step = self.named(frame, id, what, kind, depth);
                self.or_replayed(step, item, kind)
            }
            Item::Operand { frame, index } => {
                let what = format!("operand {index}");
                let recorded = self.recovery.frames.get(frame).and_then(|f| f.recorded_operands.get(index as usize));
                if let Some(value) = recorded.filter(|value| **value != WasmValue::Missing) {
                    return recorded_step(what, *value, frame);
                }
                let id = self.state_value(frame, |state| state.operand(index as usize));
                let kind = self.recovery.operand_kind(frame, index);
                let step = self.named(frame, id, what, None, depth);
                self.or_replayed(step, item, kind)
            }
            Item::Parameter { frame, index } => {
                let equations = self.recovery.solver.borrow_mut().equations(frame);
                let id = equations.and_then(|e| e.flow.arena().find(Expr::Param(index)));
                let kind = self.recovery.frames.get(frame).and_then(|f| local_type(f, index));
                let step = self.named(frame, id, format!("parameter {index} as it was passed"), None, depth);
                self.or_replayed(step, item, kind)
            }
            Item::StackPointer { frame } => self.recovery.pointer_step(frame, true, self.thorough),
            Item::EntryStackPointer { frame } => self.recovery.pointer_step(frame, false, self.thorough),
            Item::Global { frame, global } => self.global(frame, global),
        }
    }

    /// The step of what the code tells, or that of running the program again where that tells more.
    fn or_replayed(&self, step: Step, item: Item, kind: Option<ValueType>) -> Step {
        if step.trust > Some(Trust::Recovered) {
            return step;
        }
        match self.recovery.replayed(item, Patience::Long).and_then(|bits| typed(kind?, bits)) {
            Some(value) if step.value != Some(value) => Step {
                value: Some(value),
                trust: Some(Trust::Recovered),
                frame: step.frame,
                ..Step::note(step.what, REPLAYED)
            },
            _ => step,
        }
    }

    fn state_value(
        &self,
        frame: usize,
        pick: impl Fn(&crate::target::dataflow::FlowState) -> Option<ExprId>,
    ) -> Option<ExprId> {
        let equations = self.recovery.solver.borrow_mut().equations(frame)?;
        pick(equations.state()?)
    }

    /// An expression under a name of its own.
    fn named(&mut self, frame: usize, id: Option<ExprId>, what: String, kind: Option<ValueType>, depth: usize) -> Step {
        let Some(id) = id else {
            let how = "the frame's code is not at hand, or no path leads to where it stands";
            return Step { frame: Some(frame), ..Step::note(what, how) };
        };
        let mut step = self.expression((frame, id, Way::Any), depth);
        if let (Some(kind), Some(bits)) = (kind, step.value.and_then(|value| value.bits())) {
            step.value = typed(kind, bits as u64);
        }
        let is_stack_pointer = step.what == ENTRY_POINTER;
        if step.how == COMPUTED {
            step.how = format!("{COMPUTED} as {}", step.what);
        } else if is_stack_pointer {
            step.how = format!("{ENTRY_POINTER}; {}", step.how);
        }
        Step { what, ..step }
    }

    fn expression(&mut self, subject: Subject, depth: usize) -> Step {
        let (frame, id, _) = subject;
        let equations = self.recovery.solver.borrow_mut().equations(frame);
        let Some(equations) = equations else {
            return Step { frame: Some(frame), ..Step::note("a value", "the frame's code is not at hand") };
        };
        let arena = equations.flow.arena();
        let mut step = Step { frame: Some(frame), ..Step::note(arena.describe(id), "") };
        let Some(left) = self.steps_left.checked_sub(1).filter(|_| depth < self.depth) else {
            return Step { cut: true, how: "and so on".into(), ..step };
        };
        self.steps_left = left;
        step.site = arena.maker(id);
        let Some(fact) = self.recovery.solver.borrow_mut().solve(subject) else {
            step.how = "it is not known".into();
            step.from = self.parts(&equations, frame, id, depth);
            step.from.retain(|part| part.value.is_none());
            return step;
        };
        step.value = arena.kind(id).or(Some(ValueType::I64)).and_then(|kind| typed(kind, fact.bits));
        step.trust = Some(fact.trust);
        self.tell(&equations, (frame, id), fact, &mut step, depth);
        step
    }

    /// The steps of an expression's operands.
    fn parts(&mut self, equations: &Equations, frame: usize, id: ExprId, depth: usize) -> Vec<Step> {
        let arena = equations.flow.arena();
        // A constant is seen in the expression itself.
        let operands = arena.sources(id).into_iter().filter(|operand| arena.constant(*operand).is_none());
        operands.map(|operand| self.expression((frame, operand, Way::Any), depth + 1)).collect()
    }

    /// Put `fact`, the value of an expression of a frame, into words.
    fn tell(&mut self, equations: &Equations, (frame, id): (usize, ExprId), fact: Fact, step: &mut Step, depth: usize) {
        let arena = equations.flow.arena();
        let mut child = |explainer: &mut Self, frame, id, way| {
            let child = explainer.expression((frame, id, way), depth + 1);
            step.from.push(child);
        };
        step.how = match fact.how {
            How::Constant => {
                step.site = if self.thorough { self.constant_site(equations, frame, fact.bits) } else { None };
                match step.site {
                    Some(_) => "the code sets it".into(),
                    None if fact.bits == 0 && self.thorough => "locals begin as 0".into(),
                    None => "it follows from constants".into(),
                }
            }
            How::EntryStackPointer => {
                let pointer = self.recovery.pointer_step(frame, false, self.thorough);
                (step.what, step.from) = (pointer.what, pointer.from);
                pointer.how
            }
            How::ImmutableGlobal(global) => {
                step.from.push(self.global(frame, GlobalIdx(global)));
                "a global that never changes".into()
            }
            How::Caller { operand } => {
                child(self, frame + 1, operand, Way::Any);
                "the caller passed it".into()
            }
            How::LostCaller => {
                "the dump does not name the caller, but all that can have led here from the first function pass this"
                    .into()
            }
            How::Computed => {
                step.from = self.parts(equations, frame, id, depth);
                COMPUTED.into()
            }
            How::PathsAgree => {
                if let Expr::Phi { site, place } = arena.expr(id) {
                    let operands = arena.phi_operands(site, place).and_then(|phi| phi.operands()).unwrap_or_default();
                    operands.iter().for_each(|operand| child(self, frame, *operand, Way::Any));
                } else {
                    step.from = self.parts(equations, frame, id, depth);
                }
                "all paths that lead here bring the same value".into()
            }
            How::Summary => {
                if let Expr::CallResult { site, .. } = arena.expr(id) {
                    let arguments = equations.flow.direct_call(site).map_or(&[][..], |(_, arguments)| arguments);
                    arguments.iter().for_each(|argument| child(self, frame, *argument, Way::Any));
                }
                "what the called function returns follows from what it was passed".into()
            }
            How::PartOf(whole) => {
                child(self, frame, whole, Way::Back);
                "it is a part of what is known".into()
            }
            How::Root { root, address } => {
                step.address = address;
                self.root(equations, (frame, id), root, step, depth)
            }
        };
    }

    fn root(
        &mut self,
        equations: &Equations,
        (frame, id): (usize, ExprId),
        root: Root,
        step: &mut Step,
        depth: usize,
    ) -> String {
        let arena = equations.flow.arena();
        match root {
            Root::Proven(_) => {
                step.site = self.recovery.frames.get(frame).and_then(|f| f.offset);
                "a branch on the way here, or the trap itself, proves it".into()
            }
            Root::Memory { slot, standing } => {
                if let Some(base) = arena.slot(slot).and_then(|slot| slot.base) {
                    step.from.push(self.expression((frame, base, Way::Any), depth + 1));
                }
                match standing {
                    _ if step.trust > Some(Trust::Recovered) => "memory holds it, and nothing wrote there since",
                    Standing::Exposed => "memory holds it unless code that has its address changed it since",
                    _ => "memory holds it unless it changed since",
                }
                .into()
            }
            Root::Argument(index) => {
                let callee = frame.checked_sub(1);
                let found = callee.and_then(|callee| {
                    let equations = self.recovery.solver.borrow_mut().equations(callee)?;
                    Some((callee, equations.flow.arena().find(Expr::Param(index))?))
                });
                if let Some((callee, param)) = found {
                    step.from.push(self.expression((callee, param, Way::Back), depth + 1));
                }
                format!("it was passed as parameter {index}, of which the callee tells")
            }
            Root::Callee { table } => format!("it is the index in table {table} of the function that was called"),
            Root::HostVector { .. } => "the only place in the heap that looks like what WASI was asked to fill".into(),
            Root::StackPointer => {
                step.from.push(self.recovery.pointer_step(frame, true, self.thorough));
                "it is the stack pointer".into()
            }
            Root::Global(global) => {
                step.from.push(self.global(frame, global));
                format!("global {} holds it", global.0)
            }
            Root::Local(index) => {
                step.site = arena.maker(id);
                format!("the dump records it as local {index}")
            }
            Root::Operand(index) => format!("the dump records it as operand {index}"),
        }
    }

    /// The last instruction in front of where a frame stands that makes the constant.
    fn constant_site(&self, equations: &Equations, frame: usize, bits: u64) -> Option<FuncOffset> {
        let physical = self.recovery.frames.get(frame)?;
        let body = physical.module()?.body(physical.func)?;
        body.last_constant(bits, equations.offset)
    }

    fn global(&self, frame: usize, global: GlobalIdx) -> Step {
        let is_pointer = self.recovery.frames.get(frame).and_then(|f| f.flows.as_deref()?.stack_pointer());
        if is_pointer == Some(global) {
            return self.recovery.pointer_step(frame, true, self.thorough);
        }
        let step = Step { frame: Some(frame), ..Step::note(format!("global {}", global.0), "") };
        match self.recovery.global(frame, global) {
            Ok(found) => Step {
                value: Some(found.value),
                trust: Some(found.provenance.trust),
                how: found.provenance.how().unwrap_or("the dump records it").to_owned(),
                ..step
            },
            Err(why) => Step { how: why.text.to_string(), ..step },
        }
    }
}

fn recorded_step(what: String, value: WasmValue, frame: usize) -> Step {
    let (value, trust, frame) = (Some(value), Some(Trust::Recorded), Some(frame));
    Step { value, trust, frame, ..Step::note(what, "the dump records it") }
}
