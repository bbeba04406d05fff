//! The message behind the end of the program, from the machinery's frames, or from the import that was called last.
//!
//! Calls nearer to the trap know more: what a panic's hook has printed is the message itself. Where one tells only a
//! part (the text without the place, a text with a value that cannot be formatted), older calls are asked for the rest.

use super::call::RuntimeCall;
use super::told::{Told, Unwritten};
use super::{cpp, hosted, rust, zig};
use crate::target::program::Program;
use crate::target::runtime::{full_name, machinery};
use crate::target::stack::Stack;
use crate::wasm::FuncIdx;

/// Most frames of machinery that are looked at.
const MAX_FRAMES: usize = 64;

/// What the program said, and whether all of it is known for sure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Of several lines where the program's is.
    pub text: String,
    pub exact: bool,
    /// Values that stand in the text as their types' names.
    pub values: Vec<Unwritten>,
}

/// What the machinery at the young end of a stack says; none if there is none, or it cannot be read.
pub fn message(program: &Program<'_>, stack: &Stack) -> Option<Message> {
    let count = machinery(program, stack);
    let mut all = Told { text: None, ..Told::at_least("") };
    let (mut exact, mut is_rust) = (true, false);
    // Inlined calls have no parameters of their own.
    for frame in stack.frames().iter().take(count.min(MAX_FRAMES)).filter(|frame| !frame.inlined) {
        let Some(name) = full_name(program, frame) else { continue };
        let Some(call) = RuntimeCall::of_frame(program, stack, frame.physical, name) else { continue };
        let from_rust = rust::tell(&call);
        let Some(told) = from_rust.clone().or_else(|| other(&call)) else { continue };
        is_rust |= from_rust.is_some();
        let better = told.complete && !all.complete || all.text.is_none();
        if better && told.text.is_some() {
            (all.text, all.complete, all.values) = (told.text, told.complete, told.values);
            exact &= call.is_exact();
        }
        all.place = all.place.or(told.place);
        if all.complete && (all.place.is_some() || !is_rust) {
            break;
        }
    }
    let text = match is_rust {
        true => rust::sentence(all.text.as_deref(), all.place.as_deref()),
        false => all.text,
    };
    match text {
        Some(text) => Some(Message { text, exact, values: all.values }),
        None => aborted(program, stack, count),
    }
}

/// What the call of an import says, if the youngest frame stands at it.
pub fn of_import(program: &Program<'_>, stack: &Stack, function: FuncIdx) -> Option<Message> {
    let call = RuntimeCall::of_import(program, stack, function)?;
    let text = hosted::import(&call)?;
    Some(Message { text, exact: call.is_exact(), values: Vec::new() })
}

fn other(call: &RuntimeCall<'_, '_>) -> Option<Told> {
    cpp::tell(call).or_else(|| zig::tell(call)).or_else(|| hosted::tiny_go(call))
}

/// Machinery without words.
fn aborted(program: &Program<'_>, stack: &Stack, count: usize) -> Option<Message> {
    let frames = stack.frames();
    let aborts = frames.iter().take(count).filter_map(|frame| full_name(program, frame));
    if !aborts.into_iter().any(|name| name.rsplit("::").next().is_some_and(|last| last.starts_with("abort"))) {
        return None;
    }
    let caller = frames.get(count)?;
    let text = format!("abort was called by {}", caller.display_name());
    Some(Message { text, exact: true, values: Vec::new() })
}
