//! One linear memory of a dump: a size, the runs of bytes that were recorded, and what lies between them.
//!
//! Producers leave out zeros (Wasmtime trims them at both ends of each 4 KiB), so a value may lie across several
//! runs and holes. A hole reads as zero where the dump is whole; where the file was cut, or the dump itself overwrote
//! the memory, it is not known and reading it is an error. Cost follows what is recorded, never the size.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::ops::Range;
use std::rc::Rc;

use super::segments::{Run, Segments, Table};
use crate::error::{Error, Result};
use crate::limits::{MAX_OBJECT_BYTES, MAX_STRING_BYTES};

pub use crate::wasm::item::PAGE_BYTES;

/// What a memory's type says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryShape {
    /// Bytes at the crash as far as the memory's type says; the recorded runs may reach further.
    pub declared_bytes: u64,
    pub page_bytes: u64,
    /// Addresses are 64 bits wide.
    pub memory64: bool,
}

/// A linear memory as the dump has it.
pub struct MemoryImage<'f> {
    index: u32,
    shape: MemoryShape,
    segments: Rc<Segments<'f>>,
    /// Why contents are missing; none if the segments themselves will say.
    missing: Option<String>,
    /// The runs, once something is read.
    table: OnceCell<Rc<Table<'f>>>,
    /// Positions of the runs that were found last, by the low bits of their chunks: reads come in clusters, those of a
    /// list in several at a time.
    hits: [Cell<u32>; HITS],
}

/// Runs that are found without a search.
const HITS: usize = 64;

/// Bytes of a chunk: producers that leave out zeros look at so many at once.
const CHUNK_BYTES: u64 = 4096;

/// A stretch of memory of one kind. Ranges are never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'f> {
    /// Bytes that the dump records.
    Recorded(Run<'f>),
    /// Left out by the producer because it is zero.
    Zero(Range<u64>),
    /// Not in the dump.
    Unknown(Range<u64>),
}

impl Piece<'_> {
    /// The addresses that the piece covers.
    pub fn range(&self) -> Range<u64> {
        match self {
            Piece::Recorded(run) => run.address..run.end(),
            Piece::Zero(range) | Piece::Unknown(range) => range.clone(),
        }
    }
}

/// How much of a range the dump records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// Every byte is recorded.
    Recorded,
    /// Some bytes are recorded, the others were left out as zero.
    Partly,
    /// No byte is recorded: all were left out as zero.
    Zero,
    /// Some bytes cannot be known, or lie outside the memory.
    Unknown,
}

/// A string read from memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryString {
    /// Without the NUL.
    pub bytes: Vec<u8>,
    pub end: StringEnd,
}

/// Why a string ends where it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StringEnd {
    /// At its NUL.
    Nul,
    /// The caller's limit was reached.
    Limit,
    /// The next byte cannot be read.
    Unreadable(Error),
}

impl<'f> MemoryImage<'f> {
    /// The memory of that index in the dump, over the dump's segments. `missing` says why there are none.
    pub fn new(index: u32, shape: MemoryShape, segments: Rc<Segments<'f>>, missing: Option<String>) -> Self {
        MemoryImage { index, shape, segments, missing, table: OnceCell::new(), hits: [const { Cell::new(0) }; HITS] }
    }

    /// Index among the dump's memories.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Addresses are 64 bits wide.
    pub fn is_memory64(&self) -> bool {
        self.shape.memory64
    }

    /// Bytes of a page: 65,536 unless the memory's type says otherwise.
    pub fn page_bytes(&self) -> u64 {
        self.shape.page_bytes
    }

    /// Size at the crash in bytes, 2^64 - 1 if it is more: what the memory's type says, or the end of the last
    /// recorded run where that lies beyond (producers that leave the type's minimum at 0). Looks at the segments.
    pub fn size_bytes(&self) -> u64 {
        let recorded = self.table().runs.last().map_or(0, Run::end);
        self.shape.declared_bytes.max(recorded)
    }

    /// Why contents are missing, if some are. Looks at the segments.
    pub fn damage(&self) -> Option<&str> {
        self.missing.as_deref().or_else(|| self.segments.damage())
    }

    /// Recorded runs, ascending and disjoint.
    pub fn runs(&self) -> &[Run<'f>] {
        &self.table().runs
    }

    /// Number of recorded bytes.
    pub fn recorded_bytes(&self) -> u64 {
        self.runs().iter().map(|run| run.bytes.len() as u64).sum()
    }

    /// The contents have been looked at; until then the memory cost nothing.
    pub fn is_loaded(&self) -> bool {
        self.segments.is_parsed()
    }

    /// What `range` consists of, in order, as far as it lies inside the memory.
    pub fn pieces(&self, range: Range<u64>) -> Pieces<'_, 'f> {
        let table = self.table();
        let end = range.end.min(self.size_bytes());
        Pieces { runs: &table.runs, next: self.first_run_after(range.start), at: range.start, end, zeros: self.zeros() }
    }

    /// How much of the `length` bytes at `address` is recorded.
    pub fn coverage(&self, address: u64, length: u64) -> Coverage {
        let Some(end) = address.checked_add(length).filter(|end| *end <= self.size_bytes()) else {
            return Coverage::Unknown;
        };
        let (mut recorded, mut zero) = (false, false);
        for piece in self.pieces(address..end) {
            match piece {
                Piece::Recorded(_) => recorded = true,
                Piece::Zero(_) => zero = true,
                Piece::Unknown(_) => return Coverage::Unknown,
            }
        }
        match (recorded, zero) {
            (true, true) => Coverage::Partly,
            (false, true) => Coverage::Zero,
            (_, false) => Coverage::Recorded,
        }
    }

    /// Fill `buffer` with the bytes from `address` on.
    ///
    /// # Errors
    /// `Unmapped` with the first address outside the memory; `Absent` where the dump does not know the bytes. The
    /// buffer's contents are then undefined.
    pub fn read(&self, address: u64, buffer: &mut [u8]) -> Result<()> {
        // Nearly every value lies in one run.
        if let Some(bytes) = self.recorded(address, buffer.len()) {
            buffer.copy_from_slice(bytes);
            return Ok(());
        }
        let range = self.checked_range(address, buffer.len() as u64)?;
        let mut rest = buffer;
        for piece in self.pieces(range) {
            let length = (piece.range().end - piece.range().start) as usize;
            let Some((part, remaining)) = std::mem::take(&mut rest).split_at_mut_checked(length) else { break };
            match piece {
                Piece::Recorded(run) => part.copy_from_slice(run.bytes),
                Piece::Zero(_) => part.fill(0),
                Piece::Unknown(hole) => return Err(self.unknown(hole.start)),
            }
            rest = remaining;
        }
        Ok(())
    }

    /// The `length` bytes at `address`, if they lie in one run.
    pub fn recorded(&self, address: u64, length: usize) -> Option<&'f [u8]> {
        let run = self.table().runs.get(self.first_run_after(address))?;
        let first = usize::try_from(address.checked_sub(run.address)?).ok()?;
        run.bytes.get(first..)?.get(..length)
    }

    /// The `length` bytes at `address`, borrowed from the file where they lie in one run.
    ///
    /// # Errors
    /// As `read`; `Limit` for more than `MAX_OBJECT_BYTES`.
    pub fn bytes(&self, address: u64, length: u64) -> Result<Cow<'f, [u8]>> {
        let range = self.checked_range(address, length)?;
        let mut pieces = self.pieces(range.clone());
        if let (Some(Piece::Recorded(run)), None) = (pieces.next(), pieces.next()) {
            return Ok(Cow::Borrowed(run.bytes));
        }
        if length > MAX_OBJECT_BYTES {
            return Err(Error::Limit(format!(
                "cannot read {length} bytes at {address:#x} at once: the limit is {MAX_OBJECT_BYTES}"
            )));
        }
        let mut buffer = vec![0; length as usize];
        self.read(address, &mut buffer)?;
        Ok(Cow::Owned(buffer))
    }

    /// The little-endian unsigned integer of 1 to 8 bytes at `address`.
    ///
    /// # Errors
    /// As `read`; `Usage` for another width.
    pub fn read_unsigned(&self, address: u64, size_bytes: usize) -> Result<u64> {
        let mut buffer = [0u8; 8];
        let Some(part) = buffer.get_mut(..size_bytes) else {
            return Err(Error::Usage(format!("cannot read an integer of {size_bytes} bytes")));
        };
        self.read(address, part)?;
        Ok(u64::from_le_bytes(buffer))
    }

    /// The bytes from `address` up to a NUL, at most `limit` (and never more than `MAX_STRING_BYTES`).
    ///
    /// # Errors
    /// As `read`, if not even the first byte can be read.
    pub fn read_string(&self, address: u64, limit: usize) -> Result<MemoryString> {
        let limit = limit.min(MAX_STRING_BYTES);
        let mut bytes = Vec::new();
        for piece in self.pieces(address..address.saturating_add(limit as u64)) {
            let run = match piece {
                Piece::Recorded(run) => run,
                Piece::Zero(_) => return Ok(MemoryString { bytes, end: StringEnd::Nul }),
                Piece::Unknown(_) => break,
            };
            if let Some(length) = memchr::memchr(0, run.bytes) {
                bytes.extend(run.bytes.iter().take(length));
                return Ok(MemoryString { bytes, end: StringEnd::Nul });
            }
            bytes.extend_from_slice(run.bytes);
        }
        if bytes.len() >= limit {
            return Ok(MemoryString { bytes, end: StringEnd::Limit });
        }
        let next = address.saturating_add(bytes.len() as u64);
        let error = self.checked_range(next, 1).err().unwrap_or_else(|| self.unknown(next));
        if bytes.is_empty() { Err(error) } else { Ok(MemoryString { bytes, end: StringEnd::Unreadable(error) }) }
    }

    /// `address..address + length` if it lies inside the memory.
    fn checked_range(&self, address: u64, length: u64) -> Result<Range<u64>> {
        let size = self.size_bytes();
        match address.checked_add(length).filter(|end| *end <= size) {
            Some(end) => Ok(address..end),
            None if size == 0 && self.damage().is_some() => Err(self.unknown(address)),
            None => Err(Error::Unmapped { address: address.max(size), memory: self.index, last: size.checked_sub(1) }),
        }
    }

    /// The error for a byte inside the memory that the dump does not hold.
    fn unknown(&self, address: u64) -> Error {
        let overwritten = address < self.table().overwritten_below;
        let lost = if overwritten { None } else { self.damage() };
        let why = lost.unwrap_or("the dump itself was written over it");
        Error::Absent(format!("Cannot access memory at address {address:#x}: {why}"))
    }

    fn table(&self) -> &Table<'f> {
        self.table.get_or_init(|| self.segments.table(self.index).clone())
    }

    fn zeros(&self) -> Range<u64> {
        if self.missing.is_some() { 0..0 } else { self.table().zeros.clone() }
    }

    /// Position of the first run that ends after `address`.
    fn first_run_after(&self, address: u64) -> usize {
        let runs = &self.table().runs;
        let kept = self.hits.get((address / CHUNK_BYTES) as usize % HITS);
        let hit = kept.map_or(0, Cell::get) as usize;
        // Runs do not overlap: the one that holds the address is the first that ends after it.
        if runs.get(hit).is_some_and(|run| run.address <= address && address < run.end()) {
            return hit;
        }
        let found = runs.partition_point(|run| run.end() <= address);
        if let (Some(kept), Ok(found)) = (kept, u32::try_from(found)) {
            kept.set(found);
        }
        found
    }
}

/// Iterator over the pieces of a range; see [`MemoryImage::pieces`].
#[derive(Clone)]
pub struct Pieces<'m, 'f> {
    runs: &'m [Run<'f>],
    next: usize,
    at: u64,
    end: u64,
    zeros: Range<u64>,
}

impl<'f> Iterator for Pieces<'_, 'f> {
    type Item = Piece<'f>;

    fn next(&mut self) -> Option<Piece<'f>> {
        if self.at >= self.end {
            return None;
        }
        let run = self.runs.get(self.next);
        if let Some(found) = run.and_then(|run| run.clipped(&(self.at..self.end)))
            && found.address == self.at
        {
            self.next += 1;
            self.at = found.end();
            return Some(Piece::Recorded(found));
        }
        let hole = self.at..run.map_or(self.end, |run| run.address.min(self.end));
        let zeros = hole.start.max(self.zeros.start)..hole.end.min(self.zeros.end);
        let piece = match zeros {
            zeros if zeros.is_empty() => Piece::Unknown(hole),
            zeros if zeros.start > hole.start => Piece::Unknown(hole.start..zeros.start),
            zeros => Piece::Zero(zeros),
        };
        self.at = piece.range().end;
        Some(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(runs: Vec<Run<'static>>) -> MemoryImage<'static> {
        let shape = MemoryShape { declared_bytes: 1 << 20, page_bytes: PAGE_BYTES, memory64: false };
        let memory = MemoryImage::new(0, shape, Rc::new(Segments::new(Vec::new())), None);
        let table = Table { runs, zeros: 0..u64::MAX, overwritten_below: 0 };
        assert!(memory.table.set(Rc::new(table)).is_ok());
        memory
    }

    #[test]
    fn reads_that_alternate_between_runs_search_for_each_run_once() {
        let run = |chunk: u64| Run { address: chunk * CHUNK_BYTES + 8, bytes: b"0123456789abcdef" };
        let memory = memory((0..40).map(run).collect());
        let read = |chunk: u64| memory.read_unsigned(run(chunk).address + 2, 2).ok();
        let near = |chunk: u64| memory.hits.get(chunk as usize).map(Cell::get);
        for _ in 0..3 {
            assert_eq!((read(3), read(30)), (Some(0x3332), Some(0x3332)));
            assert_eq!((near(3), near(30)), (Some(3), Some(30)));
        }
    }

    #[test]
    fn a_run_that_was_found_last_is_not_taken_for_another_in_its_place() {
        let far = HITS as u64 * CHUNK_BYTES;
        let memory = memory(vec![
            Run { address: 0, bytes: &[1; 16] },
            Run { address: 20, bytes: &[2; 16] },
            Run { address: far, bytes: &[3; 16] },
        ]);
        let byte = |address| memory.read_unsigned(address, 1).ok();
        for _ in 0..2 {
            for (address, expected) in [(0, 1), (20, 2), (17, 0), (far, 3), (15, 1), (far - 1, 0), (far + 16, 0)] {
                assert_eq!(byte(address), Some(expected), "at {address}");
            }
            // Over an edge.
            assert_eq!(memory.read_unsigned(14, 8).ok(), Some(0x0202_0000_0000_0101));
        }
    }
}
