//! The value of an expression from facts about it, and from larger expressions of which it is a part.

use super::equations::{Equations, Root};
use super::fact::{Fact, How, Outcome};
use super::invert::{Side, invert};
use super::link::{Link, link};
use super::solver::{Solver, Step, Way};
use crate::target::dataflow::op::Op;
use crate::target::dataflow::{Expr, ExprId};
use crate::target::provenance::Trust;
use crate::wasm::GlobalIdx;

impl Solver<'_> {
    /// A value that the dump records in the frame; one of another type than the module's is not to be trusted.
    pub(super) fn recorded_value(&self, frame: usize, root: Root) -> Outcome {
        if self.ignored == Some(frame) {
            return None;
        }
        let physical = self.frames.get(frame)?;
        let value = match root {
            Root::Local(index) => physical.recorded_locals.get(index as usize)?,
            Root::Operand(index) => physical.recorded_operands.get(index as usize)?,
            _ => return None,
        };
        let bits = u64::try_from(value.bits()?).ok()?;
        Some(Fact { bits, trust: Trust::Recorded, how: How::Root { root, address: None } })
    }

    /// What a fact says.
    pub(super) fn root(&mut self, equations: &Equations, frame: usize, root: Root, depth: u32) -> Step {
        let fact = |bits, trust| Fact { bits, trust, how: How::Root { root, address: None } };
        match root {
            Root::Proven(bits) => Ok(Some(fact(bits, Trust::Derived))),
            Root::StackPointer => {
                let Some(pointer) = self.stack.frames.get(frame).and_then(|f| f.pointer.as_ref()) else {
                    return Ok(None);
                };
                Ok(Some(fact(pointer.address, if pointer.assumed { Trust::Recovered } else { Trust::Derived })))
            }
            Root::Global(global) => {
                Ok(self.global_now(equations, frame, global).map(|bits| fact(bits, Trust::Derived)))
            }
            Root::Argument(index) => {
                let value = self.parameter_of_callee(frame, index, depth)?;
                Ok(value.map(|v| fact(v.bits, v.trust)))
            }
            Root::Callee { table } => {
                let index = self.index_of_callee(equations, frame, table);
                Ok(index.map(|bits| fact(bits, Trust::Recovered)))
            }
            Root::HostVector { index, is_buffer } => {
                let Some(vector) = equations.host_vectors.get(index).copied() else { return Ok(None) };
                let found = self.host_vector(equations, frame, vector, depth)?;
                let address = found.map(|f| if is_buffer { f.buffer } else { f.vector });
                Ok(address.map(|bits| fact(bits, Trust::Recovered)))
            }
            Root::Memory { slot, standing } => self.memory(equations, frame, slot, standing, depth),
            Root::Local(_) | Root::Operand(_) => Ok(None),
        }
    }

    /// A global holds at the youngest frame what the dump says, if that frame had not called anyone.
    pub(super) fn global_now(&self, equations: &Equations, frame: usize, global: GlobalIdx) -> Option<u64> {
        let is_last_word = frame == 0 && equations.state()?.call.is_none();
        let value = self.recorded.global(self.frames.get(frame)?.instance?, global).filter(|_| is_last_word)?;
        u64::try_from(value.bits()?).ok()
    }

    /// The argument that stands here is the callee's parameter, of which the callee may tell.
    pub(super) fn parameter_of_callee(&mut self, frame: usize, index: u32, depth: u32) -> Step {
        let Some(callee) = frame.checked_sub(1) else { return Ok(None) };
        let trust = match self.link(callee, depth)? {
            Link::Sure => Trust::Derived,
            Link::Likely(_) => Trust::Recovered,
            Link::None(_) => return Ok(None),
        };
        let Some(equations) = self.equations(callee) else { return Ok(None) };
        let Some(param) = equations.flow.arena().find(Expr::Param(index)) else { return Ok(None) };
        let value = self.ask((callee, param, Way::Back), depth + 1)?;
        Ok(value.map(|v| Fact { trust: v.trust.min(trust), ..v }))
    }

    /// The index that an indirect call must have used to call the next younger frame's function, if the table began
    /// with the function in one place only.
    fn index_of_callee(&self, equations: &Equations, frame: usize, table: u32) -> Option<u64> {
        let (caller, callee) = (self.frames.get(frame)?, self.frames.get(frame.checked_sub(1)?)?);
        // Not `self.link`, which wants to know this very index.
        match link(callee, caller, equations.state()?, None) {
            Link::Sure | Link::Likely(_) if caller.instance == callee.instance => {}
            _ => return None,
        }
        caller.flows.as_deref()?.table_index_of(table, callee.func)
    }

    /// A part from a larger expression that is known.
    pub(super) fn part(&mut self, equations: &Equations, frame: usize, id: ExprId, whole: ExprId, depth: u32) -> Step {
        let Some(result) = self.ask((frame, whole, Way::Back), depth + 1)? else { return Ok(None) };
        let how = How::PartOf(whole);
        let part = |bits: Option<u64>, trust| bits.map(|bits| Fact { bits, trust, how });
        match equations.flow.arena().expr(whole) {
            Expr::Unary(op, _) => Ok(part(invert(op, Side::Left, result.bits, 0), result.trust)),
            Expr::Binary(Op::I32Or | Op::I64Or, ..) if result.bits == 0 => Ok(part(Some(0), result.trust)),
            Expr::Binary(op, a, b) => {
                let (side, other) = if equations.flow.canonical(a) == id { (Side::Left, b) } else { (Side::Right, a) };
                let Some(other) = self.ask((frame, other, Way::Any), depth + 1)? else { return Ok(None) };
                Ok(part(invert(op, side, result.bits, other.bits), result.trust.min(other.trust)))
            }
            Expr::Phi { site, place } => {
                let operands = equations.flow.arena().phi_operands(site, place).and_then(|phi| phi.operands());
                let mut common: Outcome = None;
                for operand in operands.unwrap_or_default() {
                    let value = self.solve_for(equations, (frame, id), operand, result, depth)?;
                    let Some(value) = value.filter(|v| common.is_none_or(|known| known.bits == v.bits)) else {
                        return Ok(None);
                    };
                    common = Some(Fact { trust: value.trust.min(common.map_or(value.trust, |c| c.trust)), ..value });
                }
                Ok(common.and_then(|fact| part(Some(fact.bits), fact.trust)))
            }
            _ => Ok(None),
        }
    }

    /// The value of `id` that gives `whole`, of which it is a part somewhere, the value `result`.
    fn solve_for(
        &mut self,
        equations: &Equations,
        (frame, id): (usize, ExprId),
        whole: ExprId,
        result: Fact,
        depth: u32,
    ) -> Step {
        const MAX_NESTING: usize = 4;
        let (mut whole, mut result) = (equations.flow.canonical(whole), result);
        for _ in 0..MAX_NESTING {
            if whole == id {
                return Ok(Some(result));
            }
            let arena = equations.flow.arena();
            let (op, side, next, other) = match arena.expr(whole) {
                Expr::Unary(op, a) => (op, Side::Left, a, None),
                Expr::Binary(op, a, b) if arena.contains(b, id, MAX_NESTING) => (op, Side::Right, b, Some(a)),
                Expr::Binary(op, a, b) => (op, Side::Left, a, Some(b)),
                _ => return Ok(None),
            };
            let other = match other {
                Some(other) => match self.ask((frame, other, Way::Any), depth + 1)? {
                    Some(fact) => fact,
                    None => return Ok(None),
                },
                None => Fact { bits: 0, ..result },
            };
            let Some(bits) = invert(op, side, result.bits, other.bits) else { return Ok(None) };
            result = Fact { bits, trust: result.trust.min(other.trust), ..result };
            whole = equations.flow.canonical(next);
        }
        Ok(None)
    }
}
