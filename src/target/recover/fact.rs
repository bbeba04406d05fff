//! What is found out about one expression in one frame.

use super::equations::Root;
use crate::target::dataflow::ExprId;
use crate::target::provenance::Trust;

/// How an expression's value was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Constant,
    /// It is the stack pointer at the function's entry.
    EntryStackPointer,
    /// It is an immutable global.
    ImmutableGlobal(u32),
    /// It is a parameter: the operand `operand` of the next older frame.
    Caller {
        operand: ExprId,
    },
    /// It is a parameter of the oldest frame's function: all calls that can have led there pass this.
    LostCaller,
    /// From its operands.
    Computed,
    /// All paths that lead here bring the same.
    PathsAgree,
    /// What the called function returns follows from what it was passed.
    Summary,
    /// A fact says so; memory was read at `address`.
    Root {
        root: Root,
        address: Option<u64>,
    },
    /// It is a part of an expression whose value is known.
    PartOf(ExprId),
}

/// A value and how it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// Zero-extended to 64.
    pub bits: u64,
    pub trust: Trust,
    pub how: How,
}

/// A value, or none.
pub type Outcome = Option<Fact>;

/// The more trusted of two; of equals the first. Two different values of equal trust cancel each other.
#[derive(Debug, Default)]
pub struct Best {
    best: Outcome,
    contradictory: bool,
}

impl Best {
    /// One more answer to the question.
    pub fn offer(&mut self, fact: Fact) {
        match self.best {
            Some(best) if best.trust > fact.trust => {}
            Some(best) if best.trust == fact.trust => self.contradictory |= best.bits != fact.bits,
            _ => (self.best, self.contradictory) = (Some(fact), false),
        }
    }

    /// There is an answer that no other can better.
    pub fn is_exact(&self) -> bool {
        self.best.is_some_and(|fact| fact.trust > Trust::Recovered)
    }

    /// The answer; none if there was none, or several that contradict each other.
    pub fn answer(self) -> Outcome {
        self.best.filter(|_| !self.contradictory)
    }
}
