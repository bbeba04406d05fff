//! Built-in forms of libc++, the C++ library of WebAssembly toolchains. Its ABI versions 1 (`std::__1`, wasi-sdk) and 2
//! (`std::__2`) differ in where things are more than in what they are called.

pub mod node;
pub mod pairs;
pub mod string;
pub mod vector;
pub mod bits;
pub mod deque;
pub mod list;
pub mod tree;
pub mod hash_table;
pub mod pointer;
pub mod choice;
pub mod tuple;
pub mod number;
pub mod calendar;
pub mod error;
pub mod constant;
pub mod stream;
pub mod flat;
pub mod function;
pub mod iterator;
