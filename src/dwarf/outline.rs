//! What stands where in one unit, from one pass over its DIEs: which subprogram covers which code, and which DIEs
//! enclose which.
//!
//! DIEs are read once and not kept. Of enclosing DIEs only those are noted that have a type, function or variable of
//! their own inside: a structure with members alone needs no entry.

use super::Reader;
use super::range_map::RangeMap;
use super::ranges::{PcAttributes, RangeContext};
use super::walk::{Seen, Sizes, Walk};
use crate::limits::MAX_DIE_DEPTH;

/// The outline of one unit.
#[derive(Default)]
pub struct Outline {
    /// Subprograms by the code they cover: offset of the DIE.
    pub functions: RangeMap<u32>,
    scopes: Vec<Scope>,
    /// Why the pass ended early, if it did; what was read before holds.
    pub damage: Option<gimli::Error>,
}

/// A DIE that encloses others.
struct Scope {
    offset: u32,
    /// Offset of the first DIE behind its children.
    end: u32,
    /// Index of the scope around it.
    parent: Option<u32>,
    tag: gimli::DwTag,
}

/// A scope whose end is not reached yet.
struct Open {
    depth: isize,
    index: usize,
    /// Something inside needs it.
    used: bool,
    tag: gimli::DwTag,
}

impl Outline {
    /// Reads every DIE of `unit`; returns how many those were, too.
    pub fn read(unit: gimli::UnitRef<'_, Reader<'_>>, sizes: &Sizes) -> (Self, u64) {
        let mut outline = Outline::default();
        let mut functions = Vec::new();
        let mut open = Vec::new();
        let count = match Walk::with_sizes(&unit.unit.header, &unit.unit.abbreviations, None, sizes) {
            Ok(mut walk) => {
                outline.damage = outline.fill(unit, &mut walk, &mut functions, &mut open).err();
                walk.count
            }
            Err(error) => {
                outline.damage = Some(error);
                0
            }
        };
        outline.close(&mut open, 0, u32::MAX);
        outline.functions = RangeMap::new(functions);
        (outline, count)
    }

    fn fill<'f>(
        &mut self,
        unit: gimli::UnitRef<'_, Reader<'f>>,
        walk: &mut Walk<'_, 'f>,
        functions: &mut Vec<(super::ranges::LiveRange, u32)>,
        open: &mut Vec<Open>,
    ) -> gimli::Result<()> {
        let context = RangeContext::of_unit(unit);
        while let Some(seen) = walk.next_die()? {
            let offset = u32::try_from(seen.offset).unwrap_or(u32::MAX);
            self.close(open, seen.depth, offset);
            let tag = seen.tag();
            if is_entity(tag)
                && let Some(scope) = open.last_mut()
                && !(tag == gimli::DW_TAG_variable && scope.tag == gimli::DW_TAG_subprogram)
            {
                scope.used = true;
            }
            if encloses(tag) && seen.abbreviation.has_children() && open.len() < MAX_DIE_DEPTH {
                self.open(open, seen, offset);
            }
            if tag == gimli::DW_TAG_subprogram && seen.has(PcAttributes::wants) {
                let mut pc = PcAttributes::default();
                walk.attributes(|attribute| pc.note(&attribute))?;
                let mut budget = u64::MAX;
                // A broken range list costs this function its place, no more.
                let _ = pc.for_each_live(&context, &mut budget, |range| functions.push((range, offset)));
            }
        }
        Ok(())
    }

    fn open(&mut self, open: &mut Vec<Open>, seen: Seen<'_>, offset: u32) {
        let parent = open.last().and_then(|o| u32::try_from(o.index).ok());
        open.push(Open { depth: seen.depth, index: self.scopes.len(), used: false, tag: seen.tag() });
        self.scopes.push(Scope { offset, end: u32::MAX, parent, tag: seen.tag() });
    }

    /// End the scopes at `depth` and deeper, which lie before `offset`.
    fn close(&mut self, open: &mut Vec<Open>, depth: isize, offset: u32) {
        while let Some(ended) = open.pop_if(|o| o.depth >= depth) {
            if !ended.used {
                // Nothing inside was kept either: a kept scope makes those around it used.
                self.scopes.truncate(ended.index);
                continue;
            }
            if let Some(scope) = self.scopes.get_mut(ended.index) {
                scope.end = offset;
            }
            if let Some(around) = open.last_mut() {
                around.used = true;
            }
        }
    }

    /// Offsets and tags of the namespaces, types and functions that enclose the DIE at `offset`, innermost first; the
    /// unit's root is not among them.
    pub fn enclosing(&self, offset: u32) -> impl Iterator<Item = (u32, gimli::DwTag)> {
        let before = self.scopes.partition_point(|s| s.offset < offset);
        let mut at = before.checked_sub(1);
        std::iter::from_fn(move || {
            while let Some(scope) = at.and_then(|i| self.scopes.get(i)) {
                at = scope.parent.map(|p| p as usize);
                if offset < scope.end {
                    return Some((scope.offset, scope.tag));
                }
            }
            None
        })
    }
}

/// What a qualified name may lead to.
fn is_entity(tag: gimli::DwTag) -> bool {
    encloses(tag)
        || matches!(
            tag,
            gimli::DW_TAG_variable
                | gimli::DW_TAG_enumeration_type
                | gimli::DW_TAG_typedef
                | gimli::DW_TAG_base_type
                | gimli::DW_TAG_constant
                | gimli::DW_TAG_subroutine_type
        )
}

/// What gives its name to those inside.
fn encloses(tag: gimli::DwTag) -> bool {
    matches!(
        tag,
        gimli::DW_TAG_namespace
            | gimli::DW_TAG_module
            | gimli::DW_TAG_structure_type
            | gimli::DW_TAG_class_type
            | gimli::DW_TAG_union_type
            | gimli::DW_TAG_interface_type
            | gimli::DW_TAG_subprogram
    )
}
