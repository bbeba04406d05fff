//! Expressions to objects: names are looked up in the program, operators applied with their language's meaning.
//!
//! Reads what an expression needs and nothing more; the result is an unread object. Knows nothing of commands and of
//! how values are written. The tree is walked recursively, which its height bounds.

mod member_names;
mod paths;
pub mod names;
mod search;
mod scopes;
pub mod type_lookup;
pub mod number;
pub mod evaluator;
mod conversion;
mod operator;
mod access;
mod keys;
mod index;
mod complex;
mod literal;
mod dollar;
mod functions;
mod answers;
mod vectors;
mod methods;
mod call;
mod name;
mod member_pointer;
mod array;
mod assign;
mod sizes;
mod walk;
pub mod chain;
mod complete;

pub use complete::{complete, complete_function};
pub use evaluator::Evaluator;
pub use names::{Meaning, ProgramNames};
