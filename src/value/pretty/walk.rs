//! Ways through containers: by index, around a ring, along a chain of nodes.

use std::ops::Range;

use super::part::{Formed, Part};
use crate::dwarf::types::TypeId;
use crate::limits::MAX_PLACES_WALKED;
use crate::value::object::Object;
use crate::value::view::{Child, ItemStyle, Label, View};

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

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.indexes.size_hint()
    }
}

/// A ring of places, of which the elements begin at one and go on at the first behind the last.
pub struct Ring {
    pub address: u64,
    pub element: TypeId,
    pub capacity: u64,
    /// Index of the first element's place.
    pub first: u64,
    pub length: u64,
}

impl Ring {
    /// The elements of `deque` in order; elements of no size need no places.
    pub fn view<'a>(self, deque: &Part<'a, '_>) -> Formed<View<'a>> {
        let Ring { address, element, capacity, first, length } = self;
        let stride = deque.size_of(element)?;
        deque.check_count(length, stride, address)?;
        if stride != 0 {
            deque.check_count(capacity, stride, address)?;
            deque.check_capacity(length, capacity)?;
            deque.check_capacity(first, capacity)?;
            deque.check_pointer(length, stride, address)?;
        }
        let data = deque.at(address, element).object;
        let place = move |index: u64| {
            let at = first.saturating_add(index);
            let at = if stride != 0 && at >= capacity { at - capacity } else { at };
            data.part(element, at.wrapping_mul(stride))
        };
        let children = Box::new(Indexed::new(length, place));
        Ok(View::Items { count: Some(length), children, style: ItemStyle::Sequence })
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

/// Bytes of a hash table read at once.
const GROUP_BYTES: u64 = 64;

/// The places of a hash table that are in use, by one byte for each place.
pub struct Marks<U, R> {
    first: u64,
    places: u64,
    left: u64,
    at: u64,
    group: Vec<u8>,
    is_used: U,
    read: R,
}

impl<U, R> Marks<U, R>
where
    U: Fn(u8) -> bool,
    R: Fn(u64, &mut [u8]) -> Result<(), String>,
{
    /// The bytes of `places` places begin at `first`; `count` places are in use, those whose byte `is_used`.
    pub fn new(first: u64, places: u64, count: u64, is_used: U, read: R) -> Self {
        Marks { first, places, left: count, at: 0, group: Vec::new(), is_used, read }
    }
}

impl<U, R> Iterator for Marks<U, R>
where
    U: Fn(u8) -> bool,
    R: Fn(u64, &mut [u8]) -> Result<(), String>,
{
    /// The place; or why the rest is not there.
    type Item = Result<u64, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let end = self.places.min(MAX_PLACES_WALKED);
        while self.left > 0 && self.at < end {
            let within = self.at % GROUP_BYTES;
            if within == 0 {
                self.group = vec![0; GROUP_BYTES.min(self.places - self.at) as usize];
                if let Err(reason) = (self.read)(self.first.wrapping_add(self.at), &mut self.group) {
                    self.left = 0;
                    return Some(Err(reason));
                }
            }
            let place = self.at;
            self.at += 1;
            if self.group.get(within as usize).is_some_and(|byte| (self.is_used)(*byte)) {
                self.left -= 1;
                return Some(Ok(place));
            }
        }
        if self.left == 0 {
            return None;
        }
        let left = std::mem::take(&mut self.left);
        Some(Err(match end < self.places {
            true => format!("{left} further entries are not in the first {end} places of the table"),
            false => format!("{left} further entries are not in the table"),
        }))
    }
}

/// Objects as the elements of a sequence.
pub fn numbered<'a>(objects: impl Iterator<Item = Object> + 'a) -> Box<dyn Iterator<Item = Child> + 'a> {
    Box::new((0u64..).zip(objects).map(|(index, object)| Child { label: Label::Index(index), object }))
}
