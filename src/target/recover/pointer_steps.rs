//! How a frame's stack pointer is known: the chain from frame to frame, told as one step.

use super::recovery::{Recovery, typed};
use crate::target::provenance::{Step, Trust};
use crate::target::shadow_stack::{Known, Origin};
use crate::wasm::WasmValue;
use crate::wasm::value::ValueType;

pub(super) const ENTRY_POINTER: &str = "the stack pointer at entry";

impl Recovery<'_> {
    /// A frame's stack pointer where it stands (`here`), or when its function was entered. The chain that it comes from
    /// is as long as the stack, and followed only if `thorough`.
    pub(super) fn pointer_step(&self, frame: usize, here: bool, thorough: bool) -> Step {
        let what = if here { "the stack pointer" } else { ENTRY_POINTER };
        let mut step = Step { frame: Some(frame), ..Step::note(what, "") };
        let provenance = || if here { self.stack.provenance(frame) } else { self.stack.entry_provenance(frame) };
        let Some(known) = self.pointer(frame, here) else {
            step.how = provenance().err().map_or_else(|| "it is not known".to_owned(), |why| why.text.to_string());
            return step;
        };
        step.value = self.pointer_value(frame, known.address);
        step.trust = Some(if known.assumed { Trust::Recovered } else { Trust::Derived });
        if thorough {
            self.follow(known, (frame, here), &mut step);
        } else {
            step.how = provenance().ok().and_then(|found| found.how().map(str::to_owned)).unwrap_or_default();
        }
        step
    }

    fn pointer(&self, frame: usize, here: bool) -> Option<&Known> {
        let stack = self.stack.frames.get(frame)?;
        if here { stack.pointer.as_ref() } else { stack.entry.as_ref() }
    }

    fn pointer_value(&self, frame: usize, address: u64) -> Option<WasmValue> {
        let kind = self.frames.get(frame).and_then(|f| {
            let global = f.flows.as_deref()?.stack_pointer()?;
            Some(f.module()?.globals().get(global.0 as usize)?.kind)
        });
        typed(kind.unwrap_or(ValueType::I32), address)
    }

    /// From frame to frame, up or down, until something is recorded.
    fn follow(&self, known: &Known, (frame, here): (usize, bool), step: &mut Step) {
        let (mut at, mut standing, mut end) = (frame, here, known);
        for _ in 0..=2 * self.frames.len() {
            let next = match &end.origin {
                Origin::Entry => (at, !standing),
                Origin::Callee { frame } => (*frame, false),
                Origin::Caller { frame } => (*frame, true),
                Origin::Global(_) | Origin::RecordedLocal { .. } | Origin::InitialValue(_) => break,
            };
            let Some(known) = self.pointer(next.0, next.1) else { break };
            (at, standing, end) = (next.0, next.1, known);
        }
        let calls = match at.abs_diff(frame) {
            0 => None,
            1 => Some("the call between leaves it as it found it".to_owned()),
            count => Some(format!("each of the {count} calls between leaves it as it found it")),
        };
        let moved = known.address.wrapping_sub(end.address);
        // A pointer that ran below address 0 wraps around its own width.
        let is_narrow = matches!(step.value, Some(WasmValue::I32(_)));
        let moved = if is_narrow { i64::from(moved as u32 as i32) } else { moved as i64 };
        let own = (moved != 0).then(|| format!("the code on the way moved it by {moved}"));
        let parts: Vec<String> = calls.into_iter().chain(own).collect();
        step.how = if parts.is_empty() { "nothing moved it".into() } else { parts.join("; ") };
        let (source, words) = source(&end.origin);
        let value = self.pointer_value(at, end.address);
        let trust = Some(if known.assumed { Trust::Recovered } else { Trust::Recorded });
        step.from = vec![Step { value, trust, frame: Some(at), ..Step::note(source, words) }];
    }
}

/// What the chain ends in, and what is known of it.
fn source(origin: &Origin) -> (String, &'static str) {
    match origin {
        Origin::Global(global) => (format!("global {}, the stack pointer", global.0), "the dump records it"),
        Origin::InitialValue(global) => {
            (format!("global {}, the stack pointer", global.0), "its initial value, if the thread began with it")
        }
        Origin::RecordedLocal { index } => (format!("local {index}"), "the dump records it, and its distance is fixed"),
        _ => ("a frame's stack pointer".to_owned(), "of which no more is known"),
    }
}
