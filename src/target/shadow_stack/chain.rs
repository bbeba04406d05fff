//! The stack pointers of a thread's frames, and how each is known.

use crate::target::provenance::{Item, Provenance, Why};
use crate::wasm::GlobalIdx;

/// Where a frame's stack pointer is known from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The global in the dump: no younger frame uses it.
    Global(GlobalIdx),
    /// What the callee, that frame, was entered with.
    Callee { frame: usize },
    /// The frame's other stack pointer and what the function did to it between entry and here.
    Entry,
    /// A recorded local that holds a distance from it.
    RecordedLocal { index: u32 },
    /// The caller, that frame, whose own is known from the stack's oldest end.
    Caller { frame: usize },
    /// The global's initial value, with which the thread began.
    InitialValue(GlobalIdx),
}

/// A stack pointer of which the origin is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub address: u64,
    pub origin: Origin,
    /// It rests on the assumption that the thread began with the global's initial value.
    pub assumed: bool,
}

/// The stack pointers of one frame.
#[derive(Debug, Clone, Default)]
pub struct FrameStack {
    /// Where the frame stands.
    pub pointer: Option<Known>,
    /// When its function was entered: the frame's variables lie below.
    pub entry: Option<Known>,
    /// Why one of them is missing.
    pub missing: Option<Missing>,
    /// A recorded local contradicts what was derived: the module may not be the one that ran.
    pub contradicted_by: Option<u32>,
}

/// Why the chain ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    NoModule,
    /// The module has no stack pointer, so nothing uses one.
    NoStackPointer,
    /// The dump does not hold the global.
    NotRecorded(GlobalIdx),
    /// The dataflow has no state there, for this reason.
    NoState(String),
    /// The function moved it by an amount that is not known.
    Moved,
    /// The function raised it above what it was entered with, which no compiled function does.
    Raised,
    /// That younger frame ended the chain.
    Broken {
        frame: usize,
    },
}

/// The stack pointers of one thread's frames, by frame, the youngest first.
#[derive(Debug, Clone, Default)]
pub struct ShadowStack {
    pub frames: Vec<FrameStack>,
}

impl ShadowStack {
    /// The stack pointer where a frame stands.
    pub fn pointer(&self, frame: usize) -> Option<u64> {
        Some(self.frames.get(frame)?.pointer.as_ref()?.address)
    }

    /// The stack pointer with which a frame's function was entered.
    pub fn entry(&self, frame: usize) -> Option<u64> {
        Some(self.frames.get(frame)?.entry.as_ref()?.address)
    }

    /// How the stack pointer of a frame is known.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn provenance(&self, frame: usize) -> Result<Provenance, Why> {
        self.explain(frame, Item::EntryStackPointer { frame }, |stack| stack.pointer.as_ref())
    }

    /// How the stack pointer at a function's entry is known.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn entry_provenance(&self, frame: usize) -> Result<Provenance, Why> {
        self.explain(frame, Item::StackPointer { frame }, |stack| stack.entry.as_ref())
    }

    fn explain(
        &self,
        frame: usize,
        other: Item,
        pick: impl Fn(&FrameStack) -> Option<&Known>,
    ) -> Result<Provenance, Why> {
        let stack = self.frames.get(frame).ok_or_else(|| Why::new("there is no such frame"))?;
        match pick(stack) {
            Some(known) if known.assumed => Ok(Provenance::recovered(known.why(frame, other))),
            Some(known) => Ok(Provenance::derived(known.why(frame, other))),
            None => Err(stack.missing.as_ref().map_or_else(
                || Why::new("the stack pointer is not known").in_frame(frame, None),
                |missing| missing.why(frame),
            )),
        }
    }
}

impl Known {
    fn why(&self, frame: usize, other: Item) -> Why {
        let why = match &self.origin {
            Origin::Global(global) => Why::new(format!("global {} (the stack pointer) in the dump", global.0)),
            Origin::Callee { frame: callee } => Why::new("a callee leaves the stack pointer as it found it")
                .from(Item::EntryStackPointer { frame: *callee }),
            Origin::Entry => Why::new("what the function did to the stack pointer since it was entered").from(other),
            Origin::RecordedLocal { index } => {
                Why::new(format!("recorded local {index} holds a fixed distance from it"))
                    .from(Item::Local { frame, index: *index })
            }
            Origin::Caller { frame: caller } => {
                Why::new("what the caller had at the call").from(Item::StackPointer { frame: *caller })
            }
            Origin::InitialValue(global) => {
                Why::new(format!("the initial value of global {}, if the thread began with it", global.0))
            }
        };
        why.in_frame(frame, None)
    }
}

impl Missing {
    fn why(&self, frame: usize) -> Why {
        let text = match self {
            Missing::NoModule => "the frame's module is not at hand".to_owned(),
            Missing::NoStackPointer => "the module has no stack pointer".to_owned(),
            Missing::NotRecorded(global) => format!("the dump does not hold global {}, the stack pointer", global.0),
            Missing::NoState(why) => why.clone(),
            Missing::Moved => {
                "the function moved the stack pointer by an amount known only at run time (alloca)".to_owned()
            }
            Missing::Raised => "the function raised the stack pointer above where it found it".to_owned(),
            Missing::Broken { frame } => {
                return Why::new("a younger frame ends the chain of stack pointers")
                    .from(Item::EntryStackPointer { frame: *frame });
            }
        };
        Why::new(text).in_frame(frame, None)
    }
}
