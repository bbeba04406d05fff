//! The dead program, run again from its start: a program whose inputs are known does again what it did.
//!
//! The module's code runs in an interpreter of our own, without any access to the machine: what the host was asked for
//! is answered from the dump, or not at all. If that ends in the very same stack, with the very same memory and
//! globals, its locals and operands are those of the dead program. If not, nothing is learnt, and nothing is said.
//! Bounded in steps and in memory: long-lived programs are out of reach. `replay` is the entry.

pub mod code;
pub mod lower;
pub mod linear;
pub mod host;
mod guesses;
mod arithmetic;
pub mod machine;
pub mod outcome;

pub use outcome::{Replayed, replay};
