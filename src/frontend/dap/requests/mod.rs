//! The requests, one file for each family. A handler takes the arguments as they came and gives the response's body.

pub mod modules;
pub mod stack;
pub mod open;
pub mod lifecycle;
pub mod scopes;
pub mod registers;
pub mod variables;
pub mod evaluate;
pub mod completions;
pub mod exception;
pub mod source;
pub mod memory;
pub mod disassemble;
pub mod breakpoints;
pub mod refused;
