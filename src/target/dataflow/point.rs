//! The state at one point of a function, as it is given out.

use super::domain::ExprId;
use super::state::State;
use crate::wasm::{FuncIdx, GlobalIdx};

/// How a call names what it calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    Direct(FuncIdx),
    /// The index into the table is the operand after the arguments.
    Indirect {
        type_index: u32,
        table: u32,
    },
    /// The reference is the operand after the arguments.
    Reference {
        type_index: u32,
    },
}

/// The call at a point, before it executes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallSite {
    pub kind: CallKind,
    /// Operand index of argument 0.
    pub first_argument: usize,
    pub params: usize,
}

/// The symbolic state before the instruction at one offset executes: a call's arguments are still operands.
#[derive(Debug, Clone)]
pub struct FlowState {
    pub(super) state: State,
    pub(super) operands: Vec<ExprId>,
    pub(super) stack_pointer: Option<ExprId>,
    /// The call that stands there, if one does.
    pub call: Option<CallSite>,
}

impl FlowState {
    /// The value of a local, parameters first; none if the function has no such local.
    pub fn local(&self, index: u32) -> Option<ExprId> {
        self.state.local(index)
    }

    /// The operand stack, the deepest first.
    pub fn operands(&self) -> &[ExprId] {
        &self.operands
    }

    /// One operand-stack slot, the deepest is 0.
    pub fn operand(&self, index: usize) -> Option<ExprId> {
        self.operands.get(index).copied()
    }

    /// An argument of the call that stands here.
    pub fn argument(&self, index: u32) -> Option<ExprId> {
        let call = self.call.filter(|c| (index as usize) < c.params)?;
        self.operand(call.first_argument.checked_add(index as usize)?)
    }

    /// The global `__stack_pointer`; none if the module has no stack pointer.
    pub fn stack_pointer(&self) -> Option<ExprId> {
        self.stack_pointer
    }

    /// Globals that the function set or read since its latest call.
    pub fn known_globals(&self) -> impl Iterator<Item = (GlobalIdx, ExprId)> + '_ {
        self.state.known_globals().map(|(index, value)| (GlobalIdx(index), value))
    }
}
