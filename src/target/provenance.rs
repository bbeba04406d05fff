//! How a value is known: recorded by the dump, derived from what it records, recovered with a doubt, or not at all.
//!
//! A derived value is as sure as a recorded one; a recovered value holds unless memory changed since the program last
//! looked. Whatever is made of several values is as sure as its worst part. A reason names the facts it rests on
//! instead of holding them, so that a chain of reasons over a deep stack is followed, not stored.

use std::rc::Rc;

use crate::wasm::{FuncOffset, GlobalIdx};

/// Something of a physical frame that has a value, and so a reason of its own. Frames count from the youngest, 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Item {
    /// The stack pointer when the frame stands where it stands.
    StackPointer {
        frame: usize,
    },
    /// The stack pointer when the frame's function was entered.
    EntryStackPointer {
        frame: usize,
    },
    Local {
        frame: usize,
        index: u32,
    },
    Operand {
        frame: usize,
        index: u32,
    },
    Global {
        frame: usize,
        global: GlobalIdx,
    },
}

/// Why a value is what it is said to be, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// A clause without capital and full stop.
    pub text: String,
    /// The physical frame that it happened in.
    pub frame: Option<usize>,
    /// The instruction that tells, in the frame's function.
    pub site: Option<FuncOffset>,
    /// The memory that was read.
    pub address: Option<u64>,
    /// What it rests on.
    pub from: Vec<Item>,
}

impl Why {
    /// A reason that rests on nothing else.
    pub fn new(text: impl Into<String>) -> Self {
        Why { text: text.into(), frame: None, site: None, address: None, from: Vec::new() }
    }

    /// The same, said of a frame.
    pub fn in_frame(mut self, frame: usize, site: Option<FuncOffset>) -> Self {
        (self.frame, self.site) = (Some(frame), site);
        self
    }

    /// The same, resting on `item` as well.
    pub fn from(mut self, item: Item) -> Self {
        self.from.push(item);
        self
    }

    /// The same, having read memory at `address`.
    pub fn at(mut self, address: u64) -> Self {
        self.address = Some(address);
        self
    }
}

impl From<&str> for Why {
    fn from(text: &str) -> Self {
        Why::new(text)
    }
}

impl From<String> for Why {
    fn from(text: String) -> Self {
        Why::new(text)
    }
}

/// How far a value can be trusted; later is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trust {
    /// It holds unless memory changed since, or rests on an assumption that a program may break.
    Recovered,
    /// It follows from what the dump says.
    Derived,
    /// The dump says so.
    Recorded,
}

/// How a value is known. Of a value that is not known there is only a `Why`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    pub trust: Trust,
    /// None for what is recorded.
    pub why: Option<Rc<Why>>,
}

impl Provenance {
    /// Stands in the dump or in the module.
    pub fn recorded() -> Self {
        Provenance { trust: Trust::Recorded, why: None }
    }

    /// Follows from recorded facts.
    pub fn derived(why: impl Into<Why>) -> Self {
        Provenance { trust: Trust::Derived, why: Some(Rc::new(why.into())) }
    }

    /// Holds unless memory changed since.
    pub fn recovered(why: impl Into<Why>) -> Self {
        Provenance { trust: Trust::Recovered, why: Some(Rc::new(why.into())) }
    }

    /// May be shown as a fact: recorded or derived.
    pub fn is_exact(&self) -> bool {
        self.trust > Trust::Recovered
    }

    /// The reason in words; none for what is recorded.
    pub fn how(&self) -> Option<&str> {
        self.why.as_deref().map(|why| why.text.as_str())
    }

    /// Of what depends on both: the worse one; of equals the first.
    pub fn and(self, other: Provenance) -> Provenance {
        if other.trust < self.trust { other } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_is_as_sure_as_its_worst_part() {
        let (derived, recovered) = (Provenance::derived("a"), Provenance::recovered("b"));
        assert_eq!(derived.clone().and(recovered.clone()), recovered);
        assert_eq!(recovered.clone().and(Provenance::recorded()), recovered);
        assert!(Provenance::recorded().and(derived).is_exact());
    }
}
