//! Ways through containers: by index, along a chain of nodes.

use std::ops::Range;

use crate::value::object::Object;
use crate::value::view::{Child, Label};

/// Elements whose places can be computed from their index, so that any of them costs the same.
pub struct Indexed<F> {
    indexes: Range<u64>,
    place: F,
}

impl<F: Fn(u64) -> Object> Indexed<F> {
    /// `count` elements, the one at an index where `place` says.
    pub fn new(count: u64, place: F) -> Self {
        Indexed { indexes: 0..count, place }
    }
}

impl<F: Fn(u64) -> Object> Iterator for Indexed<F> {
    type Item = Child;

    fn next(&mut self) -> Option<Child> {
        self.nth(0)
    }

    fn nth(&mut self, n: usize) -> Option<Child> {
        let index = self.indexes.nth(n)?;
        Some(Child { label: Label::Index(index), object: (self.place)(index) })
    }
}

/// What one step along a chain finds.
pub struct Step {
    /// Address of the node after this one; 0 at the end.
    pub next: u64,
    pub object: Object,
}

/// Nodes that name the next one, to the end, to `left` nodes, or to a node that was seen before (Brent's method:
/// one address is remembered, renewed at every power of two).
pub struct Chain<F, A> {
    at: u64,
    end: u64,
    left: Option<u64>,
    steps: u64,
    remembered: u64,
    renew_at: u64,
    step: F,
    absent: A,
}

impl<F, A> Chain<F, A>
where
    F: Fn(u64) -> Result<Step, String>,
    A: Fn(String) -> Object,
{
    /// From the node at `first` to the one at `end` (0 is always an end); `count` is what the container says. `step`
    /// looks at a node; `absent` makes the object that says why the rest is missing.
    pub fn new(first: u64, end: u64, count: Option<u64>, step: F, absent: A) -> Self {
        Chain { at: first, end, left: count, steps: 0, remembered: 0, renew_at: 1, step, absent }
    }

    fn stop(&mut self, reason: String) -> Option<Object> {
        self.left = Some(0);
        Some((self.absent)(reason))
    }

    fn advance(&mut self) -> Option<Object> {
        if self.left == Some(0) {
            return None;
        }
        if self.at == 0 || self.at == self.end {
            return match self.left {
                Some(left) => self.stop(format!("the chain ends {left} elements early")),
                None => None,
            };
        }
        if self.at == self.remembered {
            return self.stop(format!("the chain comes back to {:#x}", self.at));
        }
        self.steps += 1;
        if self.steps >= self.renew_at {
            self.renew_at = self.renew_at.saturating_mul(2);
            self.remembered = self.at;
        }
        match (self.step)(self.at) {
            Ok(step) => {
                self.at = step.next;
                self.left = self.left.map(|left| left - 1);
                Some(step.object)
            }
            Err(reason) => self.stop(reason),
        }
    }
}

impl<F, A> Iterator for Chain<F, A>
where
    F: Fn(u64) -> Result<Step, String>,
    A: Fn(String) -> Object,
{
    type Item = Object;

    fn next(&mut self) -> Option<Object> {
        self.advance()
    }
}

/// Objects as the elements of a sequence.
pub fn numbered<'a>(objects: impl Iterator<Item = Object> + 'a) -> Box<dyn Iterator<Item = Child> + 'a> {
    Box::new((0u64..).zip(objects).map(|(index, object)| Child { label: Label::Index(index), object }))
}
