//! Dataflow over one function body: symbolic values of locals, operands, globals and memory at chosen instructions.
//!
//! No pattern of instructions is matched and nothing of dumps is known here: the result says what a value *is* in
//! terms of the function's entry, and `recover.rs` and `shadow_stack.rs` put numbers in. `Flows` is the entry.

pub mod op;
pub mod evaluate;
pub mod access;
pub mod domain;
pub mod phi;
pub mod simplify;
pub mod describe;
pub mod slots;
pub mod memory;
pub mod state;
pub mod tracked;
pub mod transfer;
mod loads_and_stores;
pub mod restricted;
pub mod label;
pub mod point;
pub mod walk;
pub mod blocks;
pub mod analyse;
pub mod flow;
pub mod tail_calls;
pub mod trap_site;
pub mod host_calls;
pub mod callers;
pub mod flows;

pub use domain::{Arena, Expr, ExprId, MemorySlot, MemorySlotId, Place, Site};
pub use flow::FunctionFlow;
pub use flows::Flows;
pub use point::{CallKind, CallSite, FlowState};
pub use state::{PathFact, Proof};
pub use tail_calls::TailCalls;
pub use trap_site::{TrapSite, trap_site};
