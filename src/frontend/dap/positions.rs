//! Where the elements of containers lie that are walked over (lists, trees, hash tables), as far as an editor has asked
//! for them: it shows such a container page by page, and each page would begin with a walk over all those before it.
//!
//! Nothing stands still within a walk: where a page lies beyond what is known, the walk begins anew and goes twice as
//! far as was known. All pages together then cost a few walks, and a page no more than twice what lies in front of it.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use crate::dwarf::location::Location;
use crate::limits::MAX_DAP_POSITIONS;
use crate::value::Object;

/// Containers whose positions are kept.
const MAX_CONTAINERS: usize = 4;

/// Elements of one container that are not like the others: a container that has more is walked over at each page.
const MAX_UNLIKE: usize = 64;

/// An element, or a key and its value.
pub type Element = (Object, Option<Object>);

/// What was found, and the first element of the container.
pub struct Found {
    /// With their indexes.
    pub page: Vec<(u64, Element)>,
    pub first: Option<Element>,
}

/// The positions of the containers that were paged through last.
#[derive(Default)]
pub struct Positions {
    /// The one that was asked for last at the end.
    kept: VecDeque<(i64, Container)>,
    /// Elements that were walked over, for whoever wants to know what paging costs.
    pub steps: u64,
}

impl Positions {
    /// Up to `count` elements from `start` on of the container with the number `reference`, over which `walk` goes from
    /// its first element.
    pub fn page(&mut self, reference: i64, start: u64, count: u64, walk: impl Iterator<Item = Element>) -> Found {
        let end = start.saturating_add(count);
        let mut container = self.take(reference);
        let page = match container.knows(end) {
            true => (start..end).map_while(|index| Some((index, container.get(index)?))).collect(),
            false => self.walk(&mut container, start..end, walk),
        };
        let first = container.first.clone();
        self.give(reference, container);
        Found { page, first }
    }

    /// The elements of `range`; those that are come by on the way, and some behind, are kept.
    fn walk(
        &mut self,
        container: &mut Container,
        range: Range<u64>,
        walk: impl Iterator<Item = Element>,
    ) -> Vec<(u64, Element)> {
        let further = container.length().saturating_mul(2).min(MAX_DAP_POSITIONS);
        let goal = range.end.max(further);
        let mut page = Vec::new();
        let mut passed = 0;
        for element in walk.take(usize::try_from(goal).unwrap_or(usize::MAX)) {
            container.keep(passed, &element);
            if range.contains(&passed) {
                page.push((passed, element));
            }
            passed += 1;
        }
        self.steps += passed;
        container.is_whole = passed < goal && passed == container.length();
        page
    }

    fn take(&mut self, reference: i64) -> Container {
        let known = self.kept.iter().position(|(kept, _)| *kept == reference);
        known.and_then(|place| self.kept.remove(place)).map(|(_, container)| container).unwrap_or_default()
    }

    fn give(&mut self, reference: i64, container: Container) {
        self.kept.push_back((reference, container));
        let all = |kept: &VecDeque<(i64, Container)>| kept.iter().map(|(_, container)| container.length()).sum::<u64>();
        while self.kept.len() > 1 && (self.kept.len() > MAX_CONTAINERS || all(&self.kept) > MAX_DAP_POSITIONS) {
            self.kept.pop_front();
        }
    }
}

/// What is known of one container.
#[derive(Default)]
struct Container {
    first: Option<Element>,
    keys: Column,
    values: Column,
    /// There are no further elements.
    is_whole: bool,
    /// Its elements are too different to be kept.
    is_mixed: bool,
}

impl Container {
    /// Elements from the first on that are kept.
    fn length(&self) -> u64 {
        self.keys.addresses.len() as u64
    }

    /// All there is before `end` is kept.
    fn knows(&self, end: u64) -> bool {
        self.is_whole || end <= self.length()
    }

    fn get(&self, index: u64) -> Option<Element> {
        let has_values = !self.values.addresses.is_empty();
        Some((self.keys.get(index)?, if has_values { Some(self.values.get(index)?) } else { None }))
    }

    /// Keep the element, if it comes next.
    fn keep(&mut self, index: u64, (key, value): &Element) {
        if index == 0 && self.first.is_none() {
            self.first = Some((key.clone(), value.clone()));
        }
        if self.is_mixed || index != self.length() || index >= MAX_DAP_POSITIONS {
            return;
        }
        let fits = self.keys.push(key) && value.as_ref().is_none_or(|value| self.values.push(value));
        if !fits {
            let first = self.first.take();
            *self = Container { first, is_mixed: true, ..Container::default() };
        }
    }
}

/// Objects that differ in where they lie, most of them.
#[derive(Default)]
struct Column {
    /// One of them.
    sample: Option<Object>,
    /// Of those that are like the sample; of others anything.
    addresses: Vec<u64>,
    unlike: BTreeMap<u64, Object>,
}

impl Column {
    /// Add an object; false if it is one too many that differs.
    fn push(&mut self, object: &Object) -> bool {
        let index = self.addresses.len() as u64;
        let sample = self.sample.get_or_insert_with(|| object.clone());
        match (&object.location, at(sample, object.address())) {
            (Location::Memory { address }, Some(same)) if same == *object => self.addresses.push(*address),
            _ => {
                self.unlike.insert(index, object.clone());
                self.addresses.push(0);
            }
        }
        self.unlike.len() <= MAX_UNLIKE
    }

    fn get(&self, index: u64) -> Option<Object> {
        let address = self.addresses.get(usize::try_from(index).ok()?)?;
        match self.unlike.get(&index) {
            Some(object) => Some(object.clone()),
            None => at(self.sample.as_ref()?, Some(*address)),
        }
    }
}

/// The sample, at another address; none for what has no address.
fn at(sample: &Object, address: Option<u64>) -> Option<Object> {
    Some(Object { location: Location::Memory { address: address? }, ..sample.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dwarf::TypeId;
    use crate::value::object::InstanceId;

    const INSTANCE: InstanceId = InstanceId(0);

    fn node(index: u64) -> Object {
        Object::in_memory(TypeId(7), 0x1000 + index * 48, INSTANCE)
    }

    fn nodes(count: u64) -> impl Iterator<Item = Element> {
        (0..count).map(|index| (node(index), None))
    }

    #[test]
    fn all_pages_of_a_list_cost_a_few_walks_however_many_there_are() {
        let (mut positions, count, at_once) = (Positions::default(), 100_000, 100);
        for start in (0..count).step_by(at_once as usize) {
            let page = positions.page(1, start, at_once, nodes(count)).page;
            let expected: Vec<_> = (start..start + at_once).map(|index| (index, (node(index), None))).collect();
            assert_eq!(page, expected);
        }
        assert!(positions.steps < 4 * count, "{} steps", positions.steps);
        // A second time they are all known, and so is that there are no more.
        let before = positions.steps;
        positions.page(1, 0, count, nodes(count));
        assert_eq!(positions.page(1, count, at_once, nodes(count)).page, []);
        let found = positions.page(1, count - 1, at_once, nodes(count));
        assert_eq!((found.page.len(), found.first), (1, Some((node(0), None))));
        assert!(positions.steps <= before + count, "{} more steps", positions.steps - before);
    }

    #[test]
    fn a_page_costs_no_more_than_what_lies_before_its_end() {
        let mut positions = Positions::default();
        assert_eq!(positions.page(1, 500, 10, nodes(1 << 40)).page.len(), 10);
        assert_eq!(positions.steps, 510);
        positions.page(1, 510, 10, nodes(1 << 40));
        assert_eq!(positions.steps, 510 + 1020);
    }

    #[test]
    fn maps_and_the_reason_why_a_walk_ended_early_are_kept_as_they_were_found() {
        let broken = Object::absent(TypeId(0), "the chain comes back to 0x1000", INSTANCE);
        let pairs = || {
            let value = |index| Object::computed(TypeId(3), &[index as u8], INSTANCE);
            let pairs = (0..40).map(move |index| (node(index), Some(value(index))));
            pairs.chain([(broken.clone(), Some(broken.clone()))])
        };
        let mut positions = Positions::default();
        positions.page(1, 0, 100, pairs());
        let steps = positions.steps;
        let page: Vec<_> = positions.page(1, 0, 100, pairs()).page.into_iter().map(|(_, pair)| pair).collect();
        assert_eq!(page, pairs().collect::<Vec<_>>());
        assert_eq!(positions.steps, steps);
    }

    #[test]
    fn elements_of_which_none_is_like_another_are_walked_over_each_time() {
        let mixed = || (0..200).map(|index| (Object::in_memory(TypeId(index), 16, INSTANCE), None));
        let mut positions = Positions::default();
        for start in [0, 150, 100] {
            let found = positions.page(1, start, 20, mixed());
            assert_eq!(found.page, (0..).zip(mixed()).skip(start as usize).take(20).collect::<Vec<_>>());
            assert_eq!(found.first, mixed().next());
        }
        assert_eq!(positions.steps, 20 + 170 + 120);
    }

    #[test]
    fn what_is_kept_is_bounded_and_the_container_that_was_asked_for_last_stays() {
        let mut positions = Positions::default();
        for reference in 1..4 {
            positions.page(reference, 0, MAX_DAP_POSITIONS / 2 + 1, nodes(u64::MAX >> 8));
        }
        let kept: Vec<_> =
            positions.kept.iter().map(|(reference, container)| (*reference, container.length())).collect();
        assert_eq!(kept, [(3, MAX_DAP_POSITIONS / 2 + 1)]);
        let start = MAX_DAP_POSITIONS + 5;
        assert_eq!(positions.page(3, start, 1, nodes(u64::MAX >> 8)).page, [(start, (node(start), None))]);
        assert!(positions.kept.iter().all(|(_, container)| container.length() <= MAX_DAP_POSITIONS));
    }
}
