//! What the program said, or was about to say, when it gave up: read from the calls of the runtime's functions.

pub mod call;
pub mod told;
pub mod format_spec;
mod format_integer;
pub mod format_arguments;
pub mod printf;
pub mod rust;
pub mod cpp;
pub mod zig;
pub mod hosted;
pub mod message;
