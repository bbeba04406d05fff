//! Commands: their arguments, parsed.

pub mod args;
