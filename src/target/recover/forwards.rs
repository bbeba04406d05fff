//! The value of an expression from what it is made of: operands, the caller's arguments, what paths bring.

use std::rc::Rc;

use super::equations::Equations;
use super::fact::{Fact, How, Outcome};
use super::link::{Link, link};
use super::solver::{Deferred, Solver, Step, Way};
use crate::target::dataflow::evaluate::evaluate;
use crate::target::dataflow::op::Op;
use crate::target::dataflow::{CallKind, Expr, ExprId, FunctionFlow, Place, Site};
use crate::target::provenance::Trust;
use crate::wasm::GlobalIdx;

impl Solver<'_> {
    /// From what an expression is made of.
    pub(super) fn forwards(&mut self, equations: &Equations, frame: usize, id: ExprId, depth: u32) -> Step {
        let any = |id| (frame, id, Way::Any);
        match equations.flow.arena().expr(id) {
            Expr::Const { .. } | Expr::Opaque { .. } => Ok(None),
            Expr::Content { place, .. } => match place {
                Place::Memory(slot) if !equations.is_in_memory(id) => {
                    self.former_content(equations, frame, slot, depth)
                }
                _ => Ok(None),
            },
            Expr::GlobalEntry(global) => Ok(self.global_at_entry(equations, frame, global)),
            Expr::Param(index) => self.param(frame, index, depth),
            Expr::Unary(op, a) => {
                let Some(a) = self.ask(any(a), depth + 1)? else { return Ok(None) };
                Ok(computed(op, a, None))
            }
            Expr::Binary(op, a, b) => {
                let Some(a) = self.ask(any(a), depth + 1)? else { return Ok(None) };
                let Some(b) = self.ask(any(b), depth + 1)? else { return Ok(None) };
                Ok(computed(op, a, Some(b)))
            }
            Expr::Select { condition, then, otherwise } => {
                let Some(condition) = self.ask(any(condition), depth + 1)? else {
                    return self.agreement(frame, &[then, otherwise], &[], depth);
                };
                let chosen = if condition.bits != 0 { then } else { otherwise };
                let value = self.ask(any(chosen), depth + 1)?;
                Ok(value.map(|v| Fact { trust: v.trust.min(condition.trust), how: How::Computed, ..v }))
            }
            Expr::Phi { site, place } => self.phi(equations, frame, id, (site, place), depth),
            Expr::CallResult { site, index } => self.call_result(equations, frame, site, index, depth),
        }
    }

    pub(super) fn global_at_entry(&self, equations: &Equations, frame: usize, global: u32) -> Outcome {
        if equations.flow.stack_pointer() == Some(GlobalIdx(global)) {
            let entry = self.stack.frames.get(frame)?.entry.as_ref()?;
            let trust = if entry.assumed { Trust::Recovered } else { Trust::Derived };
            return Some(Fact { bits: entry.address, trust, how: How::EntryStackPointer });
        }
        let physical = self.frames.get(frame)?;
        if physical.module()?.globals().get(global as usize)?.mutable {
            return None;
        }
        let value = self.recorded.global(physical.instance?, GlobalIdx(global))?;
        let bits = u64::try_from(value.bits()?).ok()?;
        Some(Fact { bits, trust: Trust::Derived, how: How::ImmutableGlobal(global) })
    }

    /// A parameter is the caller's operand.
    pub(super) fn param(&mut self, frame: usize, index: u32, depth: u32) -> Step {
        if frame + 1 == self.frames.len() {
            let value = self.lost_parameter(frame, index);
            return Ok(value.map(|bits| Fact { bits, trust: Trust::Recovered, how: How::LostCaller }));
        }
        let trust = match self.link(frame, depth)? {
            Link::Sure => Trust::Derived,
            Link::Likely(_) => Trust::Recovered,
            Link::None(_) => return Ok(None),
        };
        let Some(caller) = self.equations(frame + 1) else { return Ok(None) };
        let Some(operand) = caller.state().and_then(|state| state.argument(index)) else { return Ok(None) };
        let value = self.ask((frame + 1, operand, Way::Any), depth + 1)?;
        Ok(value.map(|v| Fact { trust: v.trust.min(trust), how: How::Caller { operand }, ..v }))
    }

    /// How a frame hangs together with its caller.
    pub(super) fn link(&mut self, frame: usize, depth: u32) -> Result<Link, Deferred> {
        if let Some(known) = self.links.get(&frame) {
            return Ok(*known);
        }
        let cut_before = std::mem::replace(&mut self.cut, false);
        let found = self.find_link(frame, depth)?;
        // A link that was asked for while it was being found out may turn out surer.
        if !self.cut || found == Link::Sure {
            self.links.insert(frame, found);
        }
        self.cut |= cut_before;
        Ok(found)
    }

    pub(super) fn find_link(&mut self, frame: usize, depth: u32) -> Result<Link, Deferred> {
        let frames = Rc::clone(&self.frames);
        let (Some(callee), Some(caller)) = (frames.get(frame), frames.get(frame + 1)) else {
            return Ok(Link::None("the host called this function"));
        };
        let Some(equations) = self.equations(frame + 1) else {
            return Ok(Link::None("the caller's code is not at hand"));
        };
        let Some(state) = equations.state() else { return Ok(Link::None("the caller's code is not at hand")) };
        let index = match state.call.map(|call| (call.kind, call.first_argument + call.params)) {
            Some((CallKind::Indirect { .. }, operand)) => match state.operand(operand) {
                Some(id) => self.ask((frame + 1, id, Way::Any), depth + 1)?,
                None => None,
            },
            _ => None,
        };
        let index = index.filter(|fact| fact.trust > Trust::Recovered).map(|fact| fact.bits);
        Ok(link(callee, caller, state, index))
    }

    /// Where paths meet, the value is one of those they bring.
    pub(super) fn phi(
        &mut self,
        equations: &Equations,
        frame: usize,
        id: ExprId,
        join: (Site, Place),
        depth: u32,
    ) -> Step {
        let Some(operands) = equations.flow.arena().phi_operands(join.0, join.1) else { return Ok(None) };
        let Some(distinct) = operands.operands() else { return Ok(None) };
        // What a loop's way back brings is of the round before: only what never changes may be looked at now.
        let arena = equations.flow.arena();
        if operands.is_loop && !distinct.iter().all(|operand| arena.is_fixed(*operand)) {
            return Ok(None);
        }
        match self.agreement(frame, &distinct, equations.excluded(id), depth)? {
            Some(fact) => Ok(Some(fact)),
            None => self.by_the_way_taken(equations, frame, join, depth),
        }
    }

    /// The value of one of several expressions, if all have the same that are not excluded.
    pub(super) fn agreement(&mut self, frame: usize, operands: &[ExprId], excluded: &[u64], depth: u32) -> Step {
        let mut common: Outcome = None;
        let mut trust = Trust::Derived;
        for operand in operands {
            let Some(value) = self.ask((frame, *operand, Way::Any), depth + 1)? else { return Ok(None) };
            trust = trust.min(value.trust);
            if excluded.contains(&value.bits) {
                continue;
            }
            if common.is_some_and(|known| known.bits != value.bits) {
                return Ok(None);
            }
            common = Some(value);
        }
        Ok(common.map(|fact| Fact { bits: fact.bits, trust, how: How::PathsAgree }))
    }

    /// The result of a call, from what the called function does with its parameters.
    pub(super) fn call_result(
        &mut self,
        equations: &Equations,
        frame: usize,
        site: Site,
        index: u32,
        depth: u32,
    ) -> Step {
        let Some((callee, arguments)) = equations.flow.direct_call(site) else { return Ok(None) };
        let Some(flows) = self.frames.get(frame).and_then(|f| f.flows.clone()) else { return Ok(None) };
        let Some(summary) = flows.summary(callee) else { return Ok(None) };
        let Some(result) = summary.exit().and_then(|exit| exit.operand(index as usize)) else { return Ok(None) };
        let arguments = arguments.to_vec();
        let value = self.summarised(&summary, result, (frame, &arguments), depth, 0)?;
        Ok(value.map(|fact| Fact { how: How::Summary, ..fact }))
    }

    /// An expression of a called function over its parameters, which are `arguments` of a frame.
    pub(super) fn summarised(
        &mut self,
        callee: &FunctionFlow,
        id: ExprId,
        arguments: (usize, &[ExprId]),
        depth: u32,
        nesting: u32,
    ) -> Step {
        const MAX_NESTING: u32 = 6;
        if nesting > MAX_NESTING {
            return Ok(None);
        }
        match callee.arena().expr(id) {
            Expr::Const { bits, .. } => Ok(Some(Fact { bits, trust: Trust::Derived, how: How::Constant })),
            Expr::Param(index) => match arguments.1.get(index as usize) {
                Some(argument) => self.ask((arguments.0, *argument, Way::Any), depth + 1),
                None => Ok(None),
            },
            Expr::Unary(op, a) => {
                let Some(a) = self.summarised(callee, a, arguments, depth, nesting + 1)? else { return Ok(None) };
                Ok(computed(op, a, None))
            }
            Expr::Binary(op, a, b) => {
                let Some(a) = self.summarised(callee, a, arguments, depth, nesting + 1)? else { return Ok(None) };
                let Some(b) = self.summarised(callee, b, arguments, depth, nesting + 1)? else { return Ok(None) };
                Ok(computed(op, a, Some(b)))
            }
            _ => Ok(None),
        }
    }
}

/// The result of an instruction on known operands.
fn computed(op: Op, a: Fact, b: Option<Fact>) -> Outcome {
    let bits = evaluate(op, a.bits, b.map_or(0, |b| b.bits))?;
    let trust = b.map_or(a.trust, |b| a.trust.min(b.trust)).min(Trust::Derived);
    Some(Fact { bits, trust, how: How::Computed })
}
