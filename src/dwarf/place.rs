//! Code offset to unit: one pass over the units' root DIEs that goes no further than it must.
//!
//! `.debug_aranges` and `.debug_names` are not asked: with wasm-ld the first mixes data addresses with code addresses,
//! and neither covers objects that were built without it. Ranges of one unit that touch are joined, so a module of
//! half a million functions needs a few thousand entries.

use std::cell::RefCell;

use gimli::{DebugLineOffset, UnitType};

use super::range_map::RangeMap;
use super::ranges::{LiveRange, RangeContext};
use super::root::{Root, RootReader};
use super::unit::UnitId;
use super::units::{Units, add};
use crate::limits::MAX_ROOT_STEPS;
use crate::wasm::CodeOffset;

/// Which units claim which code, as far as it was asked.
#[derive(Default)]
pub struct Placement {
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    claims: RangeMap<UnitId>,
    /// Units that do not say what code they have, and where their line programs are.
    silent: Vec<(UnitId, Option<DebugLineOffset<usize>>)>,
    /// Where the pass goes on.
    next: u32,
}

impl Placement {
    /// Read roots until each of `pcs` is claimed by a unit, or there are no more.
    pub fn place(&self, units: &Units<'_>, pcs: &[CodeOffset]) {
        let mut state = self.state.borrow_mut();
        let mut wanted: Vec<u64> = pcs.iter().map(|pc| pc.0).collect();
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|pc| state.claims.covering(*pc).next().is_none());
        if !wanted.is_empty() {
            state.extend(units, wanted);
        }
    }

    /// The units that claim `pc`, the most precise claim first; reads on while none does.
    pub fn units_at(&self, units: &Units<'_>, pc: CodeOffset) -> Vec<UnitId> {
        self.place(units, &[pc]);
        self.state.borrow().claims.covering(pc.0).map(|(_, unit)| *unit).collect()
    }

    /// Every unit that claims `pc` and, behind those, every one that does not say what code it has.
    pub fn all_units_at(&self, units: &Units<'_>, pc: CodeOffset) -> Vec<UnitId> {
        let mut state = self.state.borrow_mut();
        state.extend(units, vec![u64::MAX]);
        let mut found: Vec<UnitId> = state.claims.covering(pc.0).map(|(_, unit)| *unit).collect();
        // Units of types alone are many after a link-time optimisation, and have empty line programs.
        state.silent.retain(|(_, program)| program.is_none_or(|program| units.has_rows(program)));
        found.extend(state.silent.iter().map(|(unit, _)| *unit));
        found
    }
}

impl State {
    /// Reads roots until each of `wanted` (sorted) is claimed.
    fn extend(&mut self, units: &Units<'_>, mut wanted: Vec<u64>) {
        let mut roots = RootReader::new(&units.dwarf);
        let mut budget = MAX_ROOT_STEPS;
        let mut claims = Vec::new();
        let mut ranges = Vec::new();
        while self.next < units.count() && !wanted.is_empty() {
            let id = UnitId(self.next);
            self.next += 1;
            add(&units.counters.roots_read, 1);
            let Ok(header) = units.header(id) else { continue };
            if matches!(header.type_(), UnitType::Type { .. } | UnitType::SplitType { .. } | UnitType::Partial) {
                continue;
            }
            let Ok(root) = roots.read(&header) else { continue };
            ranges.clear();
            if !claimed(units, &header, &root, &mut budget, &mut ranges) {
                self.silent.push((id, root.line_program));
            }
            join(&mut ranges);
            for range in &ranges {
                let first = wanted.partition_point(|pc| *pc < u64::from(range.begin));
                let last = wanted.partition_point(|pc| *pc < u64::from(range.end));
                wanted.drain(first..last);
            }
            claims.extend(ranges.iter().map(|range| (*range, id)));
        }
        if budget == 0 {
            units.warn("debug information: the units' range lists are too long to be read".into());
        }
        if !claims.is_empty() {
            self.claims.extend(claims);
        }
    }
}

/// Adds the code that a unit claims to `ranges`; false if its root says nothing about code.
fn claimed<'f>(
    units: &Units<'f>,
    header: &gimli::UnitHeader<super::Reader<'f>>,
    root: &Root<'f>,
    budget: &mut u64,
    ranges: &mut Vec<LiveRange>,
) -> bool {
    let context = root.context(&units.dwarf, header.encoding());
    let read = root.pc.for_each_live(&context, budget, |range| ranges.push(range));
    // A list that breaks off may have claimed more.
    root.pc.is_present() && read.is_ok() && !(ranges.is_empty() && starts_at_zero(root, &context))
}

/// One range from offset 0: either dropped code of an old linker, or a producer that claims the whole code section.
fn starts_at_zero(root: &Root<'_>, context: &RangeContext<'_, '_>) -> bool {
    root.pc.is_single() && context.low_pc == 0
}

/// Sorts, and joins ranges with nothing but a function's size (at most five bytes) between them.
fn join(ranges: &mut Vec<LiveRange>) {
    if !ranges.is_sorted() {
        ranges.sort_unstable();
    }
    ranges.dedup_by(|next, kept| {
        let touches = next.begin <= kept.end.saturating_add(5);
        if touches {
            kept.end = kept.end.max(next.end);
        }
        touches
    });
}
