//! Ranges of code offsets with a value each: which of them hold an address.

use super::ranges::LiveRange;

/// Ranges in order of their begin; they may overlap.
pub struct RangeMap<T> {
    entries: Vec<Entry<T>>,
}

struct Entry<T> {
    range: LiveRange,
    /// The highest end among this entry and all before it: where a search backwards may stop.
    reach: u32,
    value: T,
}

impl<T> Default for RangeMap<T> {
    fn default() -> Self {
        RangeMap { entries: Vec::new() }
    }
}

impl<T> RangeMap<T> {
    /// A map of `ranges`, in any order.
    pub fn new(ranges: impl IntoIterator<Item = (LiveRange, T)>) -> Self {
        let mut map = Self::default();
        map.extend(ranges);
        map
    }

    /// Add `ranges`, in any order.
    pub fn extend(&mut self, ranges: impl IntoIterator<Item = (LiveRange, T)>) {
        let new = ranges.into_iter().map(|(range, value)| Entry { range, reach: range.end, value });
        self.entries.extend(new);
        // Of two that begin together the shorter one comes later, and so is found first.
        self.entries.sort_by_key(|e| (e.range.begin, std::cmp::Reverse(e.range.end)));
        let mut reach = 0;
        for entry in &mut self.entries {
            reach = reach.max(entry.range.end);
            entry.reach = reach;
        }
    }

    /// The values whose range holds `at`, the one that begins last first: of nested ranges the innermost.
    pub fn covering(&self, at: u64) -> impl Iterator<Item = (LiveRange, &T)> {
        let before = self.entries.partition_point(|e| u64::from(e.range.begin) <= at);
        let candidates = self.entries.get(..before).unwrap_or_default();
        let reaching = candidates.iter().rev().take_while(move |e| u64::from(e.reach) > at);
        reaching.filter(move |e| e.range.holds(at)).map(|e| (e.range, &e.value))
    }

    /// All entries, in order of their begin.
    pub fn iter(&self) -> impl Iterator<Item = (LiveRange, &T)> {
        self.entries.iter().map(|e| (e.range, &e.value))
    }
}
