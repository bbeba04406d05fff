//! A dump's sections behind a broken header, found by their names.
//!
//! Section sizes chain the file together, so one wrong byte hides all that follows, and the stack comes last. Only for
//! files whose chain is broken, and for names that it did not reach; a guess, made under these assumptions: a custom
//! section's name is spelled out right behind its size, and a size that leads to the end or to another section is no
//! accident.

use memchr::memmem;

use crate::wasm::Section;
use crate::wasm::section::id;

/// Places looked at for one name: program memory may hold the names too.
const MOST_PLACES: usize = 1_000;

/// All that may be custom sections of these names, in file order.
pub fn find_sections<'f>(bytes: &'f [u8], names: &[&'static str]) -> Vec<Section<'f>> {
    let mut found = Vec::new();
    for name in names {
        let needle: Vec<u8> = u8::try_from(name.len()).into_iter().chain(name.bytes()).collect();
        let places = memmem::find_iter(bytes, &needle).take(MOST_PLACES);
        found.extend(places.filter_map(|place| section_named_at(bytes, place, name)));
    }
    found.sort_by_key(|section| section.header);
    found
}

/// The section whose name's length stands at `at`, if a header before it makes sense.
fn section_named_at<'f>(bytes: &'f [u8], at: usize, name: &'static str) -> Option<Section<'f>> {
    const LONGEST_SIZE: usize = 5;
    for length in 1..=LONGEST_SIZE {
        let header = at.checked_sub(length + 1)?;
        let (section_id, encoded) = bytes.get(header..at)?.split_first()?;
        let Some(size) = exactly_one_number(encoded).filter(|_| *section_id == id::CUSTOM) else { continue };
        let end = at.checked_add(size)?;
        let start = at + 1 + name.len();
        let next = bytes.get(end);
        if let Some(data) = bytes.get(start..end)
            && next.is_none_or(|id| *id <= id::TAG)
        {
            return Some(Section {
                id: id::CUSTOM,
                name,
                header: header as u64,
                start: start as u64,
                data,
                truncated: false,
            });
        }
    }
    None
}

/// The unsigned LEB128 number that takes all of `bytes`.
fn exactly_one_number(bytes: &[u8]) -> Option<usize> {
    let mut reader = wasmparser::BinaryReader::new(bytes, 0);
    let number = reader.read_var_u32().ok()?;
    reader.eof().then_some(number as usize)
}
