//! A name map by index, without a table of its names (WebAssembly core, appendix 7.4.1).
//!
//! The function names of a big module are tens of megabytes, and a stack asks for a few of them. The walk to the
//! highest index that was asked for leaves marks; every further look begins at the nearest.

use std::cell::RefCell;
use std::hint::black_box;

use wasmparser::BinaryReader;

use super::bodies::LOOK_AHEAD;

/// Entries between two marks.
const MARK_EVERY: usize = 256;

/// An entry's index and where it begins, in bytes of the map.
#[derive(Debug, Clone, Copy)]
struct Mark {
    index: u32,
    at: usize,
}

/// A name map whose entries are in the order of their indices; what is out of order is not found.
pub struct NameIndex<'f> {
    data: &'f [u8],
    walked: RefCell<Walked>,
}

#[derive(Default)]
struct Walked {
    marks: Vec<Mark>,
    /// Where the next entry begins.
    next: usize,
    entries: usize,
    last: Option<u32>,
    /// Entries that were not reached; none after damage.
    left: usize,
}

impl<'f> NameIndex<'f> {
    /// Over `count` entries at the beginning of `data`.
    pub fn new(data: &'f [u8], count: usize) -> Self {
        NameIndex { data, walked: RefCell::new(Walked { left: count, ..Walked::default() }) }
    }

    /// The name of `index`; none where it is not UTF-8, or damage comes before it.
    pub fn get(&self, index: u32) -> Option<&'f str> {
        let mut walked = self.walked.borrow_mut();
        walked.to(self.data, index);
        let mark = walked.marks.partition_point(|mark| mark.index <= index).checked_sub(1)?;
        let mut at = walked.marks.get(mark)?.at;
        while at < walked.next {
            let (found, name, next) = entry(self.data, at)?;
            if found >= index {
                return (found == index).then(|| std::str::from_utf8(name).ok()).flatten();
            }
            at = next;
        }
        None
    }
}

impl Walked {
    /// Go on until an entry of `index` or more was seen.
    fn to(&mut self, data: &[u8], index: u32) {
        while self.left > 0 && self.last.is_none_or(|last| last < index) {
            black_box(data.get(self.next.saturating_add(LOOK_AHEAD)).copied());
            let Some((found, _, next)) = entry(data, self.next).filter(|e| self.last.is_none_or(|last| last < e.0))
            else {
                self.left = 0;
                return;
            };
            if self.entries.is_multiple_of(MARK_EVERY) {
                self.marks.push(Mark { index: found, at: self.next });
            }
            self.entries += 1;
            self.left -= 1;
            self.last = Some(found);
            self.next = next;
        }
    }
}

/// The index and the name of the entry at `at`, and where the next one begins.
fn entry(data: &[u8], at: usize) -> Option<(u32, &[u8], usize)> {
    let mut reader = BinaryReader::new(data.get(at..)?, at as _);
    let index = reader.read_var_u32().ok()?;
    let length = reader.read_var_u32().ok()? as usize;
    let name = reader.read_bytes(length).ok()?;
    Some((index, name, reader.original_position() as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name map of `count` entries, every third index left out.
    fn map(count: u32) -> (Vec<u8>, Vec<u32>) {
        let indices: Vec<u32> = (0..).filter(|i| i % 3 != 1).take(count as usize).collect();
        let leb = |mut value: u32, out: &mut Vec<u8>| {
            while value >= 0x80 {
                out.push(value as u8 | 0x80);
                value >>= 7;
            }
            out.push(value as u8);
        };
        let mut data = Vec::new();
        for index in &indices {
            let name = format!("f{index}");
            leb(*index, &mut data);
            leb(name.len() as u32, &mut data);
            data.extend(name.as_bytes());
        }
        (data, indices)
    }

    #[test]
    fn every_name_is_found_in_any_order_and_gaps_have_none() {
        let (data, indices) = map(1000);
        let names = NameIndex::new(&data, 1000);
        let last = indices[999];
        for index in [last, 0, 2, 1, 383, 384, last + 1, 767, 4] {
            let expected = indices.contains(&index).then(|| format!("f{index}"));
            assert_eq!(names.get(index), expected.as_deref(), "{index}");
        }
        assert!((0..=last).all(|i| names.get(i).is_some() == (i % 3 != 1)));
    }

    #[test]
    fn a_cut_map_has_the_names_before_the_cut() {
        let (data, indices) = map(600);
        for cut in 0..data.len() {
            let names = NameIndex::new(&data[..cut], 600);
            let known = indices.iter().filter(|i| names.get(**i).is_some()).count();
            assert!(known <= 600 && names.get(u32::MAX).is_none(), "{cut}");
        }
        let names = NameIndex::new(&data[..data.len() - 1], 600);
        assert_eq!(names.get(indices[598]), Some(format!("f{}", indices[598]).as_str()));
        assert_eq!(names.get(indices[599]), None);
    }

    #[test]
    fn an_entry_out_of_order_ends_the_map() {
        let names = NameIndex::new(&[5, 1, b'a', 4, 1, b'b', 9, 1, b'c'], 3);
        assert_eq!((names.get(9), names.get(4), names.get(5)), (None, None, Some("a")));
    }
}
