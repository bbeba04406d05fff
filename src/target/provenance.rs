//! How a value is known: recorded by the dump, derived from what it records, recovered with a doubt, or not at all.
//!
//! A derived value is as sure as a recorded one; a recovered value holds unless memory changed since the program last
//! looked. Whatever is made of several values is as sure as its worst part. A reason names the facts it rests on
//! instead of holding them, so that a chain of reasons over a deep stack is followed, not stored.

use std::rc::Rc;

use crate::wasm::{FuncOffset, GlobalIdx, WasmValue};

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
    /// What the frame's function was passed, parameters counted from 0.
    Parameter {
        frame: usize,
        index: u32,
    },
}

/// One step of an explanation: a value, how it is known, and the steps that it rests on. The tree is bounded.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What has the value: `local 3`, `i32.add`.
    pub what: String,
    /// None: it is not known, or a part that has no value of its own.
    pub value: Option<WasmValue>,
    /// None where there is no value.
    pub trust: Option<Trust>,
    /// A clause without capital and full stop.
    pub how: String,
    /// The physical frame it belongs to.
    pub frame: Option<usize>,
    /// The instruction that made it, in the frame's function.
    pub site: Option<FuncOffset>,
    /// The memory that was read.
    pub address: Option<u64>,
    pub from: Vec<Step>,
    /// There is more to say than the bounds of an explanation allow.
    pub cut: bool,
}

impl Step {
    /// A step without a value.
    pub fn note(what: impl Into<String>, how: impl Into<String>) -> Self {
        Step {
            what: what.into(),
            value: None,
            trust: None,
            how: how.into(),
            frame: None,
            site: None,
            address: None,
            from: Vec::new(),
            cut: false,
        }
    }

    /// What this step and those under it say, the step first, each with how deep it stands under this one.
    pub fn flattened(&self) -> Vec<(usize, &Step)> {
        let mut rest = vec![(0, self)];
        let mut all = Vec::new();
        while let Some((depth, step)) = rest.pop() {
            all.push((depth, step));
            rest.extend(step.from.iter().rev().map(|step| (depth + 1, step)));
        }
        all
    }
}

/// Why a value is what it is said to be, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// A clause without capital and full stop; shared by the frames of a recursion.
    pub text: Rc<str>,
    /// The physical frame that it happened in.
    pub frame: Option<usize>,
    /// The instruction that tells, in the frame's function.
    pub site: Option<FuncOffset>,
    /// The memory that was read.
    pub address: Option<u64>,
    /// What it rests on.
    pub from: Vec<Item>,
    /// What it is said of, where that has a reason of its own to be followed.
    pub item: Option<Item>,
}

impl Why {
    /// A reason that rests on nothing else.
    pub fn new(text: impl Into<Rc<str>>) -> Self {
        Why { text: text.into(), frame: None, site: None, address: None, from: Vec::new(), item: None }
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

    /// Holds unless memory changed since, or what ran again was another program.
    pub fn recovered(why: impl Into<Why>) -> Self {
        Provenance { trust: Trust::Recovered, why: Some(Rc::new(why.into())) }
    }

    /// May be shown as a fact: recorded or derived.
    pub fn is_exact(&self) -> bool {
        self.trust > Trust::Recovered
    }

    /// The reason in words; none for what is recorded.
    pub fn how(&self) -> Option<&str> {
        self.why.as_deref().map(|why| &*why.text)
    }

    /// The same, of which is known what it is said of.
    pub fn of(mut self, item: Item) -> Self {
        if let Some(why) = &mut self.why {
            Rc::make_mut(why).item = Some(item);
        }
        self
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
