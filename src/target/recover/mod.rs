//! Values of locals and operands that a dump does not record.
//!
//! The dataflow says what a value is in terms of the function's entry; here the terms get numbers: the stack pointer
//! from the shadow stack, parameters from the caller's operands, contents from the dump's memory, and whatever else
//! an equation tells. Exact is only what no path of the program can contradict; `Recovery` is the entry.

pub mod invert;
pub mod link;
pub mod host_vector;
pub mod equations;
pub mod trap_facts;
pub mod fact;
pub mod overwrites;
pub mod solver;
pub mod forwards;
pub mod backwards;
pub mod ways;
pub mod contents;
pub mod heap_search;
pub mod lost_callers;
pub mod stack_address;
mod reason;
pub mod recovery;
mod lost;
pub mod patience;
pub mod pointer_steps;
pub mod explain;
pub mod base;

pub use recovery::{Contradiction, Recovered, Recovery};
