//! The arguments of commands, parsed: formats, counts, options, frames, locations, search patterns.
//!
//! Pure functions from text to data; expressions inside stay text (`&str`), since only the command knows in which
//! frame they are to be read. What a function gets is all that follows the command's name (`/x foo` of `p/x foo`).
//! `grammar/command.ebnf` is normative, error wording is gdb's.

pub mod options;
pub mod format;
pub mod frame;
pub mod location;
pub mod find;
pub mod printf;

pub use find::{FindSpec, SearchEnd, find};
pub use format::{ExamineSpec, Format, FormatLetter, PrintSpec, UnitSize, examine, print, print_format};
pub use frame::{ApplyScope, ApplySpec, BacktraceSpec, FrameSpec, backtrace, frame, frame_apply, thread_apply};
pub use location::{DisassembleSpec, ListSpec, Location, disassemble, list, location};
pub use options::{InfoFilter, OptionKind, OptionSpec, OptionValue, info_filter, options};
pub use printf::{Directive, FormatPiece, PrintfSpec, echo, printf};
