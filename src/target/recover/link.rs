//! Whether a frame was called by the next older one with the operands that stand there.
//!
//! Only then is a parameter the caller's operand. In between may be: a host function, which is on no stack and calls
//! back; a function that was replaced by one it tail-called. A link that these cannot explain away is sure.

use crate::target::dataflow::{CallKind, FlowState};
use crate::target::physical::PhysicalFrame;

/// How a frame hangs together with its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The caller's operands are the frame's parameters.
    Sure,
    /// They are unless a host function stood between, or a tail call.
    Likely(&'static str),
    /// They are not, or nobody can tell, for this reason.
    None(&'static str),
}

/// A tail call leaves no trace where the function is one that may be entered so.
pub const MAY_BE_TAIL_CALLED: &str = "the function may have been entered by a tail call";

/// Of a call that names something else than the frame above it.
const REPLACED: &str = "the caller called another function, which a tail call replaced by this one";

/// The link between `callee` and the next older frame, whose state at the call is `state`. `index` is the table
/// index of an indirect call, where it is known for sure.
pub fn link(callee: &PhysicalFrame<'_>, caller: &PhysicalFrame<'_>, state: &FlowState, index: Option<u64>) -> Link {
    let (Some(flows), Some(call)) = (caller.flows.as_deref(), state.call) else {
        return Link::None("the caller does not stand at a call");
    };
    let module = flows.module();
    let same_instance = caller.instance.is_some() && caller.instance == callee.instance;
    let signature = callee.module().and_then(|m| m.function_type(callee.func));
    let expected = match call.kind {
        CallKind::Direct(function) => module.function_type(function),
        CallKind::Indirect { type_index, .. } | CallKind::Reference { type_index } => module.type_at(type_index),
    };
    if expected.is_none() || signature != expected {
        return Link::None("the caller called something else, which is no longer on the stack");
    }
    let link = match call.kind {
        CallKind::Direct(function) if function.0 < module.imported_functions() => {
            if same_instance {
                return Link::None("the host called back into this function");
            }
            Link::Likely("the caller's import leads to another instance, as far as the dump tells")
        }
        CallKind::Direct(function) if same_instance && function == callee.func => Link::Sure,
        CallKind::Direct(function) if same_instance && function != callee.func => return Link::None(REPLACED),
        CallKind::Direct(_) => return Link::None("the caller called something else, which is no longer on the stack"),
        CallKind::Indirect { table, .. } if same_instance => match index.and_then(|i| module.table_entry(table, i)) {
            Some(entry) if entry == callee.func => Link::Sure,
            _ if flows.is_private_table(table) => Link::Sure,
            _ => Link::Likely("the call goes through a table that the host may have changed"),
        },
        CallKind::Indirect { .. } | CallKind::Reference { .. } => {
            Link::Likely("the call goes through a reference that may be a host function's")
        }
    };
    match link {
        Link::Sure if may_be_tail_called(callee) => Link::Likely(MAY_BE_TAIL_CALLED),
        link => link,
    }
}

fn may_be_tail_called(callee: &PhysicalFrame<'_>) -> bool {
    callee.flows.as_ref().is_none_or(|flows| flows.tail_calls().may_enter(callee.func))
}
