//! The dead program: modules, dump and debug information joined.
//!
//! From here on a dump's numbers get a meaning; nothing here knows values, expressions or how anything is shown.

pub mod dataflow;
pub mod provenance;
pub mod patience;
pub mod physical;
pub mod recorded;
pub mod shadow_stack;
pub mod replay;
pub mod recover;
pub mod vote;
pub mod locate;
pub mod companion;
pub mod candidate;
pub mod open;
pub mod frame;
pub mod stack;
pub mod program;
pub mod unwind;
pub mod runtime;
pub mod known;
pub mod locals;
pub mod context;
pub mod panic;
pub mod trap;

pub use frame::{Frame, FrameId, InstanceId, ModuleId};
pub use open::{OpenOptions, Opened, OpenedModule};
pub use program::Program;
pub use stack::Stack;
