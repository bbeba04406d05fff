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
    /// Index of its first frame in `Stack::frames`.
    pub first_frame: usize,
}

/// One thread.
pub struct Stack {
    /// Which thread of the dump, counted from 0.
    pub thread: usize,
    pub name: Rc<str>,
    /// The dump announces more frames than it holds, or Wasmtime's default limit cut it.
    pub truncated: Option<Truncation>,
    pub(super) frames: Vec<Frame>,
    pub(super) physical: Vec<PhysicalRecord>,
}

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
    /// Frames, youngest first; inlined calls are frames of their own.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// A frame by its number.
    pub fn frame(&self, id: FrameId) -> Option<&Frame> {
        self.frames.get(id.0 as usize)
    }

    /// Frames as the engine had them, youngest first.
    pub fn physical(&self) -> &[PhysicalRecord] {
        &self.physical
    }
}
