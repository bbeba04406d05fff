//! A coredump as data: what any producer wrote, turned into threads, instances, globals and memories.
//!
//! Knows the binary format of dumps (tool-conventions, Coredump.md) and of their producers' dialects; knows nothing
//! of the module that crashed, of DWARF or of debugging. Opening reads the stacks and the small sections; memory
//! contents are looked at when they are first read.

pub mod segments;
pub mod memory;
pub mod search;
pub mod stack;
pub mod dialect;
pub mod entities;
pub mod salvage;
pub mod coredump;

pub use coredump::Coredump;
pub use dialect::{Dialect, OffsetBase};
pub use entities::{Instance, RecordedGlobal};
pub use memory::MemoryImage;
pub use stack::{RawFrame, Thread};
