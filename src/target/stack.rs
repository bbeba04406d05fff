//! A thread's stack: the frames as the engine had them, and as the source has them.

use std::rc::Rc;

use super::frame::{Frame, FrameId, InstanceId, ModuleId};
use crate::wasm::{FuncIdx, FuncOffset, WasmValue};

/// A frame as the engine had it.
#[derive(Debug, Clone)]
pub struct PhysicalRecord {
    pub instance: Option<InstanceId>,
    pub module: Option<ModuleId>,
    pub func: FuncIdx,
    /// The trapping instruction, or the call; see `Frame::func_offset`.
    pub offset: Option<FuncOffset>,
    /// As recorded; values whose type contradicts the module are `Missing`.
    pub locals: Rc<[WasmValue]>,
    pub operands: Rc<[WasmValue]>,
}

/// One thread, with all of its frames or the youngest of them.
pub struct Stack {
    /// Which thread of the dump, counted from 0.
    pub thread: usize,
    pub name: Rc<str>,
    /// The dump announces more frames than it holds, or Wasmtime's default limit cut it; known of a whole stack.
    pub truncated: Option<Truncation>,
    pub(super) frames: Vec<Frame>,
    pub(super) physical: Vec<PhysicalRecord>,
    /// Of each physical frame that has frames here, the index of the first.
    pub(super) first_frames: Vec<usize>,
}

/// How many physical frames are resolved at once: what a prompt needs, what tells where a program died, and all.
pub(super) const DEPTHS: [usize; 3] = [1, TRAP_DEPTH, usize::MAX];

/// Frames among which the reason of a trap and the user's own code are looked for.
pub const TRAP_DEPTH: usize = 64;

/// Why the oldest frames are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truncation {
    /// The dump's file ends early or is damaged.
    Damaged,
    /// Exactly as many frames as Wasmtime keeps by default, and the oldest is no entry point.
    DefaultLimit,
}

impl Truncation {
    /// What happened, and what to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Truncation::Damaged => "the oldest frames are missing: the dump is damaged or was cut",
            Truncation::DefaultLimit => {
                "the stack may be cut: Wasmtime keeps 20 frames; run with `-D max-backtrace=1000` to keep more"
            }
        }
    }
}

/// Frames that Wasmtime keeps unless told otherwise (`-D max-backtrace=N`, Wasmtime 49).
pub const WASMTIME_DEFAULT_FRAMES: usize = 20;

impl Stack {
    /// Frames, youngest first; inlined calls are frames of their own. All of them if the stack is whole.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// A frame by its number.
    pub fn frame(&self, id: FrameId) -> Option<&Frame> {
        self.frames.get(id.0 as usize)
    }

    /// All frames as the engine had them, youngest first.
    pub fn physical(&self) -> &[PhysicalRecord] {
        &self.physical
    }

    /// The frame is the youngest of its physical frame.
    pub fn begins_physical(&self, frame: &Frame) -> bool {
        self.first_frames.get(frame.physical) == Some(&(frame.id.0 as usize))
    }

    /// The frame whose code a physical frame runs: the last of those that are inlined into each other.
    pub fn own_frame(&self, physical: usize) -> Option<&Frame> {
        self.first_frames.get(physical)?;
        let next = physical.checked_add(1).and_then(|next| self.first_frames.get(next));
        self.frames.get(next.copied().unwrap_or(self.frames.len()).checked_sub(1)?)
    }

    /// Every physical frame has its frames.
    pub fn is_whole(&self) -> bool {
        self.first_frames.len() == self.physical.len()
    }
}
