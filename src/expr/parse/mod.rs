//! From text to syntax tree: a lexer in nom, and a precedence-climbing parser on its tokens.
//!
//! Never panics, bounded in depth and in time; errors are gdb's, with the rest of the input from where it stopped
//! making sense.

pub mod token;
pub mod literal;
pub mod lexer;
pub mod split;

pub use split::split_at_commas;
