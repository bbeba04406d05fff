//! Source places: a unit's line program to file, line and column (DWARF 5 section 6.2).
//!
//! One pass over the opcodes notes where each sequence (usually one function) begins; a lookup then runs the one
//! sequence that holds the address. Rows before damage are kept. Sequences of code that the linker dropped are left
//! out, those at address 0 too, which gimli's own rows would let shadow live ones.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use gimli::AttributeValue;

use super::Reader;
pub use super::line_rows::LineRow;
use super::line_rows::{Rows, sequence_starts};
use super::range_map::RangeMap;
use super::ranges::{LiveRange, is_tombstone};

/// A place in a source file, as the line table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLocation {
    /// Relative to `directory` where it lies under it.
    pub file: Rc<str>,
    /// The compilation directory, or the one that the line table gives.
    pub directory: Option<Rc<str>>,
    /// One-based; none where the compiler made the code (line 0).
    pub line: Option<u32>,
    /// One-based; none where the table has none.
    pub column: Option<u32>,
}

type Header<'f> = gimli::LineProgramHeader<Reader<'f>>;

/// A file by name and the directory it is relative to.
type FileName = (Rc<str>, Option<Rc<str>>);

/// The line program of one unit.
pub struct LineTable<'f> {
    program: gimli::IncompleteLineProgram<Reader<'f>>,
    directory: Option<Rc<str>>,
    /// Where each sequence of live code begins: its first address, and its offset in the program. Sorted.
    starts: OnceCell<Vec<(u64, usize)>>,
    /// The sequences by what they cover, each with its offset in the program.
    sequences: OnceCell<RangeMap<usize>>,
    files: RefCell<HashMap<u64, Option<FileName>>>,
}

impl<'f> LineTable<'f> {
    /// Nothing is decoded yet.
    pub fn new(program: gimli::IncompleteLineProgram<Reader<'f>>, directory: Option<Reader<'f>>) -> Self {
        let directory = directory.map(|d| Rc::from(d.to_string_lossy()));
        let (starts, sequences, files) = (OnceCell::new(), OnceCell::new(), RefCell::default());
        LineTable { program, directory, starts, sequences, files }
    }

    fn header(&self) -> &Header<'f> {
        self.program.header()
    }

    fn starts(&self) -> &[(u64, usize)] {
        self.starts.get_or_init(|| {
            let mut starts = sequence_starts(self.header());
            starts.retain(|(address, _)| *address != 0 && !is_tombstone(*address));
            starts.sort_unstable();
            starts
        })
    }

    fn sequences(&self) -> &RangeMap<usize> {
        self.sequences.get_or_init(|| {
            let mut rows = Rows::new(self.header(), 0);
            let mut found = Vec::new();
            let mut start = 0;
            let mut first = None;
            while let Some(row) = rows.next_row() {
                if !row.end_sequence {
                    first = first.or(Some(row.address));
                    continue;
                }
                if let Some(range) = first.take().and_then(|first| LiveRange::new(first, row.address)) {
                    found.push((range, start));
                }
                start = rows.offset();
            }
            // The program broke off inside a sequence: its rows hold up to the last one.
            let last = rows.last_address();
            found.extend(first.and_then(|first| LiveRange::new(first, last)).map(|range| (range, start)));
            RangeMap::new(found)
        })
    }

    /// The row for the code offset `at`; none where the table has none.
    pub fn row_at(&self, at: u64) -> Option<LineRow> {
        // The sequence that begins last before the place nearly always holds it: the state machine runs for no other.
        let starts = self.starts();
        let nearest = starts.partition_point(|(address, _)| *address <= at).checked_sub(1).and_then(|i| starts.get(i));
        let nearest = nearest.and_then(|(_, offset)| self.row_in(*offset, at));
        nearest.or_else(|| self.sequences().covering(at).find_map(|(_, offset)| self.row_in(*offset, at)))
    }

    /// The row for `at` in the sequence at `offset`; none if the sequence begins after it or ends before it.
    fn row_in(&self, offset: usize, at: u64) -> Option<LineRow> {
        let mut rows = Rows::new(self.header(), offset);
        let mut found = None;
        while let Some(row) = rows.next_row() {
            if row.address > at {
                return found;
            }
            if row.end_sequence {
                return None;
            }
            found = Some(row);
        }
        // The program broke off: its rows hold up to the last one.
        found.filter(|_| at < rows.last_address())
    }

    /// Calls `visit` with every row of live code, in the order of sequences by address.
    pub fn for_each_row(&self, mut visit: impl FnMut(LineRow)) {
        for (_, start) in self.sequences().iter() {
            let mut rows = Rows::new(self.header(), *start);
            while let Some(row) = rows.next_row() {
                visit(row);
                if row.end_sequence {
                    break;
                }
            }
        }
    }

    /// The file of that index (one-based before DWARF 5).
    pub fn file(&self, index: u64, unit: gimli::UnitRef<'_, Reader<'f>>) -> Option<FileName> {
        if let Some(known) = self.files.borrow().get(&index) {
            return known.clone();
        }
        let name = self.file_name(index, unit);
        self.files.borrow_mut().insert(index, name.clone());
        name
    }

    /// Indices of all files.
    pub fn file_indices(&self) -> std::ops::Range<u64> {
        let first = u64::from(self.header().version() < 5);
        first..first + self.header().file_names().len() as u64
    }

    fn file_name(&self, index: u64, unit: gimli::UnitRef<'_, Reader<'f>>) -> Option<FileName> {
        if index == 0 && self.header().version() < 5 {
            return None;
        }
        let entry = self.header().file(index)?;
        let text = |value: AttributeValue<Reader<'f>>| unit.attr_string(value).ok().map(|s| s.to_string_lossy());
        let mut path = text(entry.path_name())?.into_owned();
        if entry.directory_index() != 0
            && let Some(directory) = entry.directory(self.header()).and_then(text)
        {
            path = joined(&directory, &path);
        }
        // DWARF 5 repeats the compilation directory as directory 0; either may be missing.
        let directory = self.directory.clone().or_else(|| {
            let own = (self.header().version() >= 5).then(|| self.header().directory(0))?.and_then(text)?;
            Some(Rc::from(own))
        });
        let inside = directory.as_deref().and_then(|directory| below(&path, directory));
        let mut file = inside.unwrap_or(&path);
        while let Some(rest) = file.strip_prefix("./").filter(|rest| !rest.is_empty()) {
            file = rest;
        }
        Some((file.into(), directory))
    }

    /// The text of a file that the compiler put into the line table (DW_LNCT_LLVM_source); `file` as in places.
    pub fn embedded_source(&self, file: &str, unit: gimli::UnitRef<'_, Reader<'f>>) -> Option<&'f [u8]> {
        // A file may be listed twice, the first time without its text.
        self.indices_of(file, unit).find_map(|index| self.source(index, unit))
    }

    /// The file is in the list; `file` as in places.
    pub fn lists(&self, file: &str, unit: gimli::UnitRef<'_, Reader<'f>>) -> bool {
        self.indices_of(file, unit).next().is_some()
    }

    fn indices_of(&self, file: &str, unit: gimli::UnitRef<'_, Reader<'f>>) -> impl Iterator<Item = u64> {
        let is_wanted = move |index: &u64| self.file(*index, unit).is_some_and(|(name, _)| &*name == file);
        self.file_indices().filter(is_wanted)
    }

    /// The text of the file of that index; none where the table has none, or an empty one.
    pub fn source(&self, index: u64, unit: gimli::UnitRef<'_, Reader<'f>>) -> Option<&'f [u8]> {
        let header = Some(self.header()).filter(|header| header.file_has_source())?;
        let text = unit.attr_string(header.file(index)?.source()?).ok()?.slice();
        (!text.is_empty()).then_some(text)
    }

    /// A row's place in the source; none if its file is not in the list.
    pub fn location(&self, row: LineRow, unit: gimli::UnitRef<'_, Reader<'f>>) -> Option<SourceLocation> {
        self.place(row.file, row.line, row.column, unit)
    }

    /// File index, line and column as attributes or rows have them.
    pub fn place(
        &self,
        file: u64,
        line: u64,
        column: u64,
        unit: gimli::UnitRef<'_, Reader<'f>>,
    ) -> Option<SourceLocation> {
        let (file, directory) = self.file(file, unit)?;
        let positive = |n: u64| u32::try_from(n).ok().filter(|n| *n > 0);
        Some(SourceLocation { file, directory, line: positive(line), column: positive(column) })
    }
}

/// `path` as seen from `directory`, if it is not absolute.
fn joined(directory: &str, path: &str) -> String {
    if is_absolute(path) || directory.is_empty() {
        return path.to_owned();
    }
    let separator = if directory.contains('\\') && !directory.contains('/') { '\\' } else { '/' };
    format!("{}{separator}{path}", directory.trim_end_matches(['/', '\\']))
}

/// The rest of `path` below `directory`.
fn below<'a>(path: &'a str, directory: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(directory.trim_end_matches(['/', '\\']))?;
    let rest = rest.strip_prefix(['/', '\\'])?;
    (!rest.is_empty() && !directory.is_empty()).then_some(rest)
}

/// Absolute on Unix, or with a drive letter.
fn is_absolute(path: &str) -> bool {
    let mut bytes = path.bytes();
    match (bytes.next(), bytes.next(), bytes.next()) {
        (Some(b'/' | b'\\'), _, _) => true,
        (Some(drive), Some(b':'), Some(b'/' | b'\\')) => drive.is_ascii_alphabetic(),
        _ => false,
    }
}
