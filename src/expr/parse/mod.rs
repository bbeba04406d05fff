//! From text to syntax tree: a lexer in nom, and a precedence-climbing parser on its tokens.
//!
//! Never panics, bounded in depth and in time; errors are gdb's, with the rest of the input from where it stopped
//! making sense.

pub mod token;
pub mod literal;
pub mod lexer;
pub mod split;
pub mod oracle;
mod cursor;
mod declarator;
mod type_name;
pub(in crate::expr) mod expression;
mod postfix;
mod operand;
mod entry;
mod completion;

pub use completion::{Completion, Wanted, completion};
pub use entry::{parse, parse_beginning, parse_type, parse_type_or_expression};
pub use oracle::{NameKind, NoNames, Syntax, TypeOracle};
pub use split::split_at_commas;
