//! How a value that was found is known, as one clause; `explain` tells the steps behind it.

use super::equations::{Root, Standing};
use super::fact::{Fact, How};
use crate::target::dataflow::{Arena, ExprId};
use crate::target::provenance::{Item, Why};

pub(super) const SET_TO_THIS: &str = "the code sets it to this";

pub(super) fn entry_pointer(frame: usize) -> Why {
    Why::new("the stack pointer at the function's entry").from(Item::EntryStackPointer { frame })
}

/// The clause for `fact`, the value of an expression of a frame.
pub(super) fn clause(frame: usize, id: ExprId, fact: Fact, arena: &Arena) -> Why {
    let text = || arena.describe(id);
    match fact.how {
        How::Constant => Why::new(SET_TO_THIS),
        How::EntryStackPointer => entry_pointer(frame),
        How::ImmutableGlobal(global) => Why::new(format!("global {global}, which never changes")),
        How::Caller { .. } => Why::new(format!("{}, which the caller passed", text())),
        How::LostCaller => Why::new(format!(
            "{}: the dump does not name the caller, but all that can have led here from the first function pass this",
            text()
        )),
        How::Computed => Why::new(text()),
        How::PathsAgree => Why::new("all paths that lead here bring the same value"),
        How::Summary => Why::new(format!("{}, which follows from what it was passed", text())),
        How::PartOf(whole) => Why::new(format!("{}, from {} that is known", text(), arena.describe(whole))),
        How::Root { root, address } => {
            let why = match root {
                Root::Proven(_) => Why::new(format!("a branch on the way here, or the trap, proves {}", text())),
                Root::Memory { standing: Standing::Strong, .. } => {
                    Why::new("memory holds it, and nothing wrote there since")
                }
                Root::Memory { standing: Standing::Exposed, .. } => {
                    Why::new("memory holds it unless code that has its address changed it since")
                }
                Root::Memory { standing: Standing::Weak, .. } => Why::new("memory holds it unless it changed since"),
                Root::Argument(index) => Why::new(format!("it was passed as argument {index}, which the callee tells")),
                Root::Callee { .. } => Why::new("the table has the function that was called at this index alone"),
                Root::HostVector { .. } => {
                    Why::new("the only place in the heap that looks like what the host was asked to fill")
                }
                Root::StackPointer => Why::new("it is the stack pointer").from(Item::StackPointer { frame }),
                Root::Global(global) => Why::new("it is what a global holds").from(Item::Global { frame, global }),
                Root::Local(index) => Why::new("it is recorded").from(Item::Local { frame, index }),
                Root::Operand(index) => Why::new("it is recorded").from(Item::Operand { frame, index }),
            };
            match address {
                Some(address) => why.at(address),
                None => why,
            }
        }
    }
}
