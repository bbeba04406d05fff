//! The instruction that a program died at, as far as it tells about its operands.

use wasmparser::Operator;

use super::op::Op;
use crate::wasm::code::Body;
use crate::wasm::{FuncIdx, FuncOffset, Module};

/// What stands where the youngest frame stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrapSite {
    Numeric(Op),
    /// A `br_if`, which never traps: an engine fused it with an `unreachable` right behind it, or where it leads.
    BranchIf {
        next_traps: bool,
        target_traps: bool,
    },
    Other,
}

/// Look at the instruction at `offset`; none if none begins there.
pub fn trap_site(module: &Module<'_>, function: FuncIdx, offset: FuncOffset) -> Option<TrapSite> {
    let body = module.body(function)?;
    let mut instructions = body.instructions().map_while(|i| i.ok()).skip_while(|i| i.offset < offset);
    let instruction = instructions.next().filter(|i| i.offset == offset)?;
    Some(match instruction.operator {
        Operator::BrIf { relative_depth } => TrapSite::BranchIf {
            next_traps: matches!(instructions.next()?.operator, Operator::Unreachable),
            target_traps: target_traps(&body, offset, relative_depth),
        },
        ref operator => Op::of(operator).map_or(TrapSite::Other, TrapSite::Numeric),
    })
}

/// The branch at `offset` leads to an `unreachable`.
fn target_traps(body: &Body<'_>, offset: FuncOffset, depth: u32) -> bool {
    let mut instructions = body.instructions().map_while(|i| i.ok()).peekable();
    // For each open block: a loop's header leads to an `unreachable`; none: no loop.
    let mut open: Vec<Option<bool>> = Vec::new();
    while let Some(instruction) = instructions.next_if(|i| i.offset < offset) {
        match instruction.operator {
            Operator::Loop { .. } => {
                let first = instructions.peek();
                open.push(Some(first.is_some_and(|i| matches!(i.operator, Operator::Unreachable))));
            }
            Operator::Block { .. } | Operator::If { .. } | Operator::Try { .. } | Operator::TryTable { .. } => {
                open.push(None);
            }
            Operator::End | Operator::Delegate { .. } => drop(open.pop()),
            _ => {}
        }
    }
    let target = open.len().checked_sub(depth as usize + 1);
    match target.and_then(|target| open.get(target)) {
        Some(Some(header_traps)) => return *header_traps,
        Some(None) => {}
        // A branch out of the function returns.
        None => return false,
    }
    let mut to_close = i64::from(depth) + 1;
    while let Some(instruction) = instructions.next() {
        match instruction.operator {
            Operator::Loop { .. }
            | Operator::Block { .. }
            | Operator::If { .. }
            | Operator::Try { .. }
            | Operator::TryTable { .. } => to_close += 1,
            Operator::End | Operator::Delegate { .. } => to_close -= 1,
            _ => {}
        }
        if to_close == 0 {
            return matches!(instructions.next().map(|i| i.operator), Some(Operator::Unreachable));
        }
    }
    false
}
