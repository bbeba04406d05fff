//! What the trap itself proves of the operands of the instruction that the youngest frame stands at.
//!
//! A division by zero proves its divisor. Engines fuse a branch with the `unreachable` that it skips or leads to, and
//! then record the branch: which way it went is known from where the `unreachable` stands.

use crate::target::dataflow::op::Op;
use crate::target::dataflow::{ExprId, FunctionFlow, Proof, TrapSite};
use crate::wasm::FuncOffset;

/// Conditions and what the trap proves of them, if the program died at `offset`.
pub fn trap_facts(flow: &FunctionFlow, offset: FuncOffset, site: TrapSite) -> Vec<(ExprId, Proof)> {
    let Some(operand) = flow.state(offset).and_then(|state| state.operands().last().copied()) else {
        return Vec::new();
    };
    match site {
        // The only trap of these is a divisor of zero.
        TrapSite::Numeric(Op::I32DivU | Op::I32RemS | Op::I32RemU | Op::I64DivU | Op::I64RemS | Op::I64RemU) => {
            vec![(operand, Proof::Zero)]
        }
        TrapSite::Numeric(op @ (Op::I32DivS | Op::I64DivS)) => signed_division(flow, offset, op, operand),
        TrapSite::BranchIf { next_traps: true, target_traps: false } => vec![(operand, Proof::Zero)],
        TrapSite::BranchIf { next_traps: false, target_traps: true } => vec![(operand, Proof::NotZero)],
        _ => Vec::new(),
    }
}

/// A signed division traps for a divisor of 0, or of -1 under the least integer: known operands tell which.
fn signed_division(flow: &FunctionFlow, offset: FuncOffset, op: Op, divisor: ExprId) -> Vec<(ExprId, Proof)> {
    let (least, minus_one) = match op {
        Op::I32DivS => (1 << 31, u64::from(u32::MAX)),
        _ => (1 << 63, u64::MAX),
    };
    let operands = flow.state(offset).map_or(&[][..], |state| state.operands());
    let Some(dividend) = operands.len().checked_sub(2).and_then(|at| operands.get(at)).copied() else {
        return Vec::new();
    };
    match flow.arena().constant(dividend) {
        Some(constant) if constant != least => vec![(divisor, Proof::Zero)],
        None if flow.arena().constant(divisor) == Some(minus_one) => vec![(dividend, Proof::Equals(least))],
        _ => Vec::new(),
    }
}
