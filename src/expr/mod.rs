//! The expression language: what a C, C++, Rust or Zig programmer types after `p`.
//!
//! `grammar/expression.ebnf` is its normative grammar. The parser knows no program: whether a name is a type, it
//! asks (`TypeOracle`).

pub mod ast;
pub mod parse;
pub mod display;
pub mod history;
pub mod eval;
