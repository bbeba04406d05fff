//! Syntax trees written back as text that parses to the same tree, with the parentheses that it needs in the syntax
//! of any language.

pub mod literal;
pub mod type_name;
pub mod expression;
