//! What a person or a program talks to: the command line, the prompt, scripts, the manual.
//!
//! Builds a `Session`, hands lines to `command` and writes to the real outputs. Nothing here knows DWARF or dumps.

pub mod machine;
pub mod report;
pub mod flags;
pub mod arguments;
pub mod logging;
pub mod dialogue;
pub mod start;
pub mod batch;
pub mod repl;
pub mod manual;
pub mod dap;
pub mod cli;
