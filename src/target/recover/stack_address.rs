//! Locals that hold the stack pointer of the function's entry plus a constant, or a constant alone: what the frames of
//! a recursion have in common, so that each of them costs an addition.

use std::rc::Rc;

use super::fact::How;
use crate::target::dataflow::FunctionFlow;
use crate::wasm::FuncOffset;
use crate::wasm::value::ValueType;

/// What a local holds at a place of code.
#[derive(Debug, Clone)]
pub struct StackAddress {
    /// From the stack pointer at entry; none: the value is a constant.
    distance: Option<i64>,
    constant: u64,
    pub kind: ValueType,
    /// The expression in words.
    pub text: Rc<str>,
}

impl StackAddress {
    /// What the local holds at `offset`; none if that is something else, or not known.
    pub fn of(flow: &FunctionFlow, offset: FuncOffset, index: u32, kind: Option<ValueType>) -> Option<Self> {
        let id = flow.state(offset)?.local(index)?;
        let constant = flow.arena().constant(id);
        let distance = match constant {
            Some(_) => None,
            None => Some(flow.distance_from_entry(id)?),
        };
        let kind = kind.or(flow.arena().kind(id))?;
        let text = flow.arena().describe(id).into();
        Some(StackAddress { distance, constant: constant.unwrap_or(0), kind, text })
    }

    /// The bits in a frame whose function was entered with the stack pointer `entry`, and how they are known.
    pub fn bits(&self, entry: impl FnOnce() -> Option<u64>) -> Option<(u64, How)> {
        Some(match self.distance {
            None => (self.constant, How::Constant),
            Some(distance) => {
                let sum = entry()?.wrapping_add_signed(distance);
                let bits = if self.kind == ValueType::I64 { sum } else { u64::from(sum as u32) };
                (bits, if distance == 0 { How::EntryStackPointer } else { How::Computed })
            }
        })
    }
}
