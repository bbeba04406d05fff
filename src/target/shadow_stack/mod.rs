//! The stack pointer of every frame, from the youngest to the oldest, without a single recorded local.
//!
//! LLVM keeps address-taken variables on a stack in linear memory, below the global `__stack_pointer`. Its value at
//! the trap is in the dump; the dataflow tells how far a function has moved it since it was entered; and a function
//! leaves it as it found it, so that what a callee was entered with is what its caller had at the call. Every step
//! rests on that one convention (tool-conventions, BasicCABI.md). A function that moves it by an amount that only
//! run time knew (`alloca`) ends the chain for its callers, unless recorded locals or the oldest frame tell.
//! Each distinct place of code is looked at once, however deep the recursion.

pub mod chain;
pub mod place;
pub mod oldest;
pub mod unwind;

pub use chain::{FrameStack, Known, Missing, Origin, ShadowStack};
