//! DIEs of a unit one after another, without collecting them: each is shown once, its children can be left out.
//!
//! DWARF links no DIE to its parent and LLVM writes no DW_AT_sibling, so leaving children out still reads past them;
//! but nothing of them is decoded or kept.

use gimli::{Abbreviation, Attribute, EntriesRaw};

use super::Reader;

/// One DIE, as the walk shows it; its attributes may be read before the next one is asked for.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// Bytes from the start of the unit's header.
    pub offset: usize,
    /// 0 is the DIE that the walk began with.
    pub depth: isize,
    pub abbreviation: &'a Abbreviation,
}

impl Seen<'_> {
    /// The DIE's tag.
    pub fn tag(&self) -> gimli::DwTag {
        self.abbreviation.tag()
    }

    /// Whether the DIE has an attribute that `wanted` holds for.
    pub fn has(&self, wanted: impl Fn(gimli::DwAt) -> bool) -> bool {
        self.abbreviation.attributes().iter().any(|a| wanted(a.name()))
    }
}

/// A walk over one DIE and all below it.
pub struct Walk<'a, 'f> {
    entries: EntriesRaw<'a, Reader<'f>>,
    /// Attributes of the DIE shown last, if they were not read.
    unread: Option<&'a Abbreviation>,
    /// Children of the DIE at this depth are left out.
    hidden_below: Option<isize>,
    started: bool,
    /// DIEs read so far, hidden ones too.
    pub count: u64,
}

impl<'a, 'f> Walk<'a, 'f> {
    /// Over the DIE at `offset`; none: the unit's root.
    pub fn new(unit: &'a gimli::Unit<Reader<'f>>, offset: Option<usize>) -> gimli::Result<Self> {
        let entries = unit.entries_raw(offset.map(gimli::UnitOffset))?;
        Ok(Walk { entries, unread: None, hidden_below: None, started: false, count: 0 })
    }

    /// The next DIE; none behind the last one below the first.
    ///
    /// # Errors
    /// The unit cannot be read on.
    pub fn next_die(&mut self) -> gimli::Result<Option<Seen<'a>>> {
        loop {
            if let Some(abbreviation) = self.unread.take() {
                self.entries.skip_attributes(abbreviation.attributes())?;
            }
            let depth = self.entries.next_depth();
            if self.entries.is_empty() || (self.started && depth <= 0) {
                return Ok(None);
            }
            self.started = true;
            let offset = self.entries.next_offset().0;
            let Some(abbreviation) = self.entries.read_abbreviation()? else { continue };
            self.count += 1;
            self.unread = Some(abbreviation);
            match self.hidden_below {
                Some(hidden) if depth > hidden => {}
                _ => {
                    self.hidden_below = None;
                    return Ok(Some(Seen { offset, depth, abbreviation }));
                }
            }
        }
    }

    /// Leave out the children of `seen`, which was shown last.
    pub fn skip_children(&mut self, seen: Seen<'_>) {
        self.hidden_below = Some(seen.depth);
    }

    /// Calls `visit` with each attribute of the DIE shown last.
    pub fn attributes(&mut self, mut visit: impl FnMut(Attribute<Reader<'f>>)) -> gimli::Result<()> {
        let Some(abbreviation) = self.unread.take() else { return Ok(()) };
        for specification in abbreviation.attributes() {
            visit(self.entries.read_attribute(*specification)?);
        }
        Ok(())
    }
}
