//! Source places: a unit's line program to file, line and column (DWARF 5 section 6.2).
//!
//! One pass notes where each sequence (usually one function) begins and ends; a lookup then runs the one sequence that
//! holds the address. Rows before damage are kept. Sequences of code that the linker dropped are left out, those at
//! address 0 too, which gimli's own rows would let shadow live ones.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use gimli::{AttributeValue, LineInstruction};

use super::Reader;
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

/// One row of the line table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineRow {
    pub address: u64,
    /// Index in the line program's file list.
    pub file: u64,
    /// 0: no line.
    pub line: u64,
    /// 0: no column.
    pub column: u64,
    /// A good place to stop at, as the compiler thinks.
    pub is_statement: bool,
    /// The first address after the sequence; the rest means nothing.
    pub end_sequence: bool,
}

type Header<'f> = gimli::LineProgramHeader<Reader<'f>>;
type Instructions<'f> = gimli::LineInstructions<Reader<'f>>;

/// A file by name and the directory it is relative to.
type FileName = (Rc<str>, Option<Rc<str>>);

/// The line program of one unit.
pub struct LineTable<'f> {
    program: gimli::IncompleteLineProgram<Reader<'f>>,
    directory: Option<Rc<str>>,
    sequences: OnceCell<RangeMap<Instructions<'f>>>,
    files: RefCell<HashMap<u64, Option<FileName>>>,
}

impl<'f> LineTable<'f> {
    /// Nothing is decoded yet.
    pub fn new(program: gimli::IncompleteLineProgram<Reader<'f>>, directory: Option<Reader<'f>>) -> Self {
        let directory = directory.map(|d| Rc::from(d.to_string_lossy()));
        LineTable { program, directory, sequences: OnceCell::new(), files: RefCell::default() }
    }

    fn header(&self) -> &Header<'f> {
        self.program.header()
    }

    fn sequences(&self) -> &RangeMap<Instructions<'f>> {
        self.sequences.get_or_init(|| {
            let mut rows = Rows::new(self.header(), self.header().instructions());
            let mut found = Vec::new();
            let mut start = rows.instructions.clone();
            let mut first = None;
            while let Some(row) = rows.next() {
                if !row.end_sequence {
                    first = first.or(Some(row.address));
                    continue;
                }
                if let Some(range) = first.take().and_then(|first| LiveRange::new(first, row.address)) {
                    found.push((range, start));
                }
                start = rows.instructions.clone();
            }
            // The program broke off inside a sequence: its rows hold up to the last one.
            found.extend(first.and_then(|first| LiveRange::new(first, rows.row.address)).map(|range| (range, start)));
            RangeMap::new(found)
        })
    }

    /// The row for the code offset `at`; none where the table has none.
    pub fn row_at(&self, at: u64) -> Option<LineRow> {
        let mut found = None;
        for (_, start) in self.sequences().covering(at) {
            let mut rows = Rows::new(self.header(), start.clone());
            while let Some(row) = rows.next().filter(|row| !row.end_sequence && row.address <= at) {
                found = Some(row);
            }
            if found.is_some() {
                break;
            }
        }
        found
    }

    /// Calls `visit` with every row of live code, in the order of sequences by address.
    pub fn for_each_row(&self, mut visit: impl FnMut(LineRow)) {
        for (_, start) in self.sequences().iter() {
            let mut rows = Rows::new(self.header(), start.clone());
            while let Some(row) = rows.next() {
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
        let is_wanted = |index: &u64| self.file(*index, unit).is_some_and(|(name, _)| &*name == file);
        // A file may be listed twice, the first time without its text.
        self.file_indices().filter(is_wanted).find_map(|index| self.source(index, unit))
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

/// The line number state machine (DWARF 5 section 6.2.2), in arithmetic that wraps.
struct Rows<'a, 'f> {
    header: &'a Header<'f>,
    instructions: Instructions<'f>,
    row: LineRow,
    operation: u64,
    /// The address is a tombstone: rows are dropped until the next address.
    dead: bool,
}

impl<'a, 'f> Rows<'a, 'f> {
    fn new(header: &'a Header<'f>, instructions: Instructions<'f>) -> Self {
        let mut rows = Rows { header, instructions, row: LineRow::START, operation: 0, dead: false };
        rows.reset();
        rows
    }

    fn reset(&mut self) {
        self.row = LineRow { is_statement: self.header.default_is_stmt(), ..LineRow::START };
        self.operation = 0;
        self.dead = false;
    }

    /// The next row of code that is alive; none at the end or where the program cannot be read on.
    fn next(&mut self) -> Option<LineRow> {
        if self.row.end_sequence {
            self.reset();
        }
        loop {
            let instruction = self.instructions.next_instruction(self.header).ok()??;
            if !self.execute(instruction) {
                continue;
            }
            if self.row.end_sequence || !self.dead {
                return Some(self.row);
            }
        }
    }

    /// Returns whether the instruction makes a row.
    fn execute(&mut self, instruction: LineInstruction<Reader<'f>>) -> bool {
        match instruction {
            LineInstruction::Special(opcode) => {
                let adjusted = opcode.wrapping_sub(self.header.opcode_base());
                let range = self.header.line_range().max(1);
                let line = i64::from(self.header.line_base()) + i64::from(adjusted % range);
                self.row.line = self.row.line.wrapping_add_signed(line);
                self.advance(u64::from(adjusted / range));
                return true;
            }
            LineInstruction::Copy => return true,
            LineInstruction::EndSequence => {
                self.row.end_sequence = true;
                return true;
            }
            LineInstruction::AdvancePc(operations) => self.advance(operations),
            LineInstruction::AdvanceLine(lines) => self.row.line = self.row.line.wrapping_add_signed(lines),
            LineInstruction::SetFile(file) => self.row.file = file,
            LineInstruction::SetColumn(column) => self.row.column = column,
            LineInstruction::NegateStatement => self.row.is_statement = !self.row.is_statement,
            LineInstruction::ConstAddPc => {
                let adjusted = 255u8.wrapping_sub(self.header.opcode_base());
                self.advance(u64::from(adjusted / self.header.line_range().max(1)));
            }
            LineInstruction::FixedAddPc(bytes) if !self.dead => {
                self.row.address = self.row.address.wrapping_add(u64::from(bytes));
                self.operation = 0;
            }
            LineInstruction::SetAddress(address) => {
                // Within a sequence addresses only grow: a lower one is some linker's tombstone.
                self.dead = address == 0 || is_tombstone(address) || address < self.row.address;
                if !self.dead {
                    self.row.address = address;
                    self.operation = 0;
                }
            }
            _ => {}
        }
        false
    }

    fn advance(&mut self, operations: u64) {
        if self.dead {
            return;
        }
        let per_instruction = u64::from(self.header.maximum_operations_per_instruction()).max(1);
        let total = self.operation.wrapping_add(operations);
        self.operation = total % per_instruction;
        let bytes = (total / per_instruction).wrapping_mul(u64::from(self.header.minimum_instruction_length()));
        self.row.address = self.row.address.wrapping_add(bytes);
    }
}

impl LineRow {
    const START: LineRow =
        LineRow { address: 0, file: 1, line: 1, column: 0, is_statement: false, end_sequence: false };
}
