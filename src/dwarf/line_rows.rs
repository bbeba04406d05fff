//! A line program as bytes to rows: its opcodes and the state machine that they drive (DWARF 5 sections 6.2.2, 6.2.5).
//!
//! Decoded here and not by gimli, whose instructions can only be read from the program's beginning: a lookup starts
//! at its sequence, and finding the sequences costs a look at the opcodes, not the rows.

use gimli::Reader as _;

use super::Reader;
use super::ranges::is_tombstone;

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

impl LineRow {
    const START: LineRow =
        LineRow { address: 0, file: 1, line: 1, column: 0, is_statement: false, end_sequence: false };
}

type Header<'f> = gimli::LineProgramHeader<Reader<'f>>;

/// The opcodes that have a meaning here (DWARF 5, tables 7.25 and 7.26).
mod opcode {
    pub const EXTENDED: u8 = 0;
    pub const COPY: u8 = 1;
    pub const ADVANCE_PC: u8 = 2;
    pub const ADVANCE_LINE: u8 = 3;
    pub const SET_FILE: u8 = 4;
    pub const SET_COLUMN: u8 = 5;
    pub const NEGATE_STATEMENT: u8 = 6;
    pub const CONST_ADD_PC: u8 = 8;
    pub const FIXED_ADVANCE_PC: u8 = 9;
    pub const EXTENDED_END_SEQUENCE: u8 = 1;
    pub const EXTENDED_SET_ADDRESS: u8 = 2;
}

/// The first address of every sequence that sets one, and the sequence's offset in the program in bytes, in the
/// program's order, up to damage. Rows are not computed.
pub fn sequence_starts(header: &Header<'_>) -> Vec<(u64, usize)> {
    let mut found = Vec::new();
    let whole = header.raw_program_buf();
    let bytes = whole.slice();
    let operands = operands_by_opcode(header);
    let (mut start, mut address) = (0, None);
    let mut at = 0;
    while let Some(code) = bytes.get(at) {
        at += 1;
        let next = match operands.get(usize::from(*code)).copied().unwrap_or(Operands::Leb128(0)) {
            Operands::Leb128(0) => continue,
            Operands::Leb128(1) if bytes.get(at).is_some_and(|byte| byte & 0x80 == 0) => Some(at + 1),
            Operands::Leb128(count) => (0..count).try_fold(at, |at, _| after_leb128(bytes, at)),
            Operands::Fixed => at.checked_add(2).filter(|next| *next <= bytes.len()),
            Operands::Extended => {
                let mut rest = bytes.get(at..).map(|rest| Reader::new(rest, gimli::LittleEndian)).unwrap_or_default();
                let Ok((code, operand)) = extended(&mut rest) else { break };
                let next = bytes.len() - rest.len();
                match code {
                    opcode::EXTENDED_END_SEQUENCE => {
                        found.extend(address.take().map(|address| (address, start)));
                        start = next;
                    }
                    opcode::EXTENDED_SET_ADDRESS => address = address.or_else(|| address_of(operand)),
                    _ => {}
                }
                Some(next)
            }
        };
        let Some(next) = next else { break };
        at = next;
    }
    found.extend(address.map(|address| (address, start)));
    found
}

/// What follows an opcode.
#[derive(Debug, Clone, Copy)]
enum Operands {
    /// So many numbers; none after most opcodes, which make a row.
    Leb128(u8),
    /// Two bytes.
    Fixed,
    /// An extended opcode behind its length.
    Extended,
}

/// What follows each opcode.
fn operands_by_opcode(header: &Header<'_>) -> [Operands; 256] {
    let mut all = [Operands::Leb128(0); 256];
    let lengths = header.standard_opcode_lengths();
    let standard = lengths.slice().iter().map(|count| Operands::Leb128(*count));
    let first = usize::from(header.opcode_base());
    let known = std::iter::once(Operands::Extended).chain(standard).take(first);
    for (place, operands) in all.iter_mut().zip(known) {
        *place = operands;
    }
    if let Some(place) = all.get_mut(..first).and_then(|all| all.get_mut(usize::from(opcode::FIXED_ADVANCE_PC))) {
        *place = Operands::Fixed;
    }
    all
}

/// Where the number at `at` ends; none if it does not.
fn after_leb128(bytes: &[u8], at: usize) -> Option<usize> {
    let length = bytes.get(at..)?.iter().position(|byte| byte & 0x80 == 0)?;
    Some(at + length + 1)
}

/// An extended opcode and its operand.
fn extended<'f>(program: &mut Reader<'f>) -> gimli::Result<(u8, Reader<'f>)> {
    let length = program.read_uleb128()?;
    let mut operand = program.split(usize::try_from(length).map_err(|_| gimli::Error::UnsupportedOffset)?)?;
    Ok((operand.read_u8()?, operand))
}

/// The address that fills an operand; none of another size than addresses have.
fn address_of(mut operand: Reader<'_>) -> Option<u64> {
    let size = u8::try_from(operand.len()).ok()?;
    operand.read_address(size).ok()
}

/// Go over the operands of a standard opcode: the header says how many there are.
fn skip_operands(header: &Header<'_>, code: u8, program: &mut Reader<'_>) -> gimli::Result<()> {
    let lengths = header.standard_opcode_lengths().slice();
    let count = lengths.get(usize::from(code).saturating_sub(1)).copied().unwrap_or(0);
    (0..count).try_for_each(|_| program.skip_leb128())
}

/// The line number state machine, in arithmetic that wraps.
pub struct Rows<'a, 'f> {
    header: &'a Header<'f>,
    /// What was not executed.
    program: Reader<'f>,
    row: LineRow,
    operation: u64,
    /// The address is a tombstone: rows are dropped until the next address.
    dead: bool,
}

impl<'a, 'f> Rows<'a, 'f> {
    /// From the sequence at `offset` bytes of the program on.
    pub fn new(header: &'a Header<'f>, offset: usize) -> Self {
        let mut program = header.raw_program_buf();
        if program.skip(offset).is_err() {
            program.empty();
        }
        let mut rows = Rows { header, program, row: LineRow::START, operation: 0, dead: false };
        rows.reset();
        rows
    }

    /// Where the next instruction begins, in bytes of the program.
    pub fn offset(&self) -> usize {
        self.header.raw_program_buf().len() - self.program.len()
    }

    /// The address that the machine has come to.
    pub fn last_address(&self) -> u64 {
        self.row.address
    }

    fn reset(&mut self) {
        self.row = LineRow { is_statement: self.header.default_is_stmt(), ..LineRow::START };
        self.operation = 0;
        self.dead = false;
    }

    /// The next row of code that is alive; none at the end or where the program cannot be read on.
    pub fn next_row(&mut self) -> Option<LineRow> {
        if self.row.end_sequence {
            self.reset();
        }
        loop {
            if self.step()? && (self.row.end_sequence || !self.dead) {
                return Some(self.row);
            }
        }
    }

    /// Executes one instruction, and says whether it makes a row; none at the end, and where it cannot be read.
    fn step(&mut self) -> Option<bool> {
        let code = self.program.read_u8().ok()?;
        if code >= self.header.opcode_base() {
            let adjusted = code - self.header.opcode_base();
            let range = self.header.line_range().max(1);
            let line = i64::from(self.header.line_base()) + i64::from(adjusted % range);
            self.row.line = self.row.line.wrapping_add_signed(line);
            self.advance(u64::from(adjusted / range));
            return Some(true);
        }
        match code {
            opcode::EXTENDED => return self.extended(),
            opcode::COPY => return Some(true),
            opcode::ADVANCE_PC => {
                let operations = self.program.read_uleb128().ok()?;
                self.advance(operations);
            }
            opcode::ADVANCE_LINE => {
                let lines = self.program.read_sleb128().ok()?;
                self.row.line = self.row.line.wrapping_add_signed(lines);
            }
            opcode::SET_FILE => self.row.file = self.program.read_uleb128().ok()?,
            opcode::SET_COLUMN => self.row.column = self.program.read_uleb128().ok()?,
            opcode::NEGATE_STATEMENT => self.row.is_statement = !self.row.is_statement,
            opcode::CONST_ADD_PC => {
                let adjusted = 255 - self.header.opcode_base();
                self.advance(u64::from(adjusted / self.header.line_range().max(1)));
            }
            opcode::FIXED_ADVANCE_PC => {
                let bytes = self.program.read_u16().ok()?;
                if !self.dead {
                    self.row.address = self.row.address.wrapping_add(u64::from(bytes));
                    self.operation = 0;
                }
            }
            code => skip_operands(self.header, code, &mut self.program).ok()?,
        }
        Some(false)
    }

    fn extended(&mut self) -> Option<bool> {
        let (code, operand) = extended(&mut self.program).ok()?;
        match code {
            opcode::EXTENDED_END_SEQUENCE => self.row.end_sequence = true,
            opcode::EXTENDED_SET_ADDRESS => {
                let address = address_of(operand)?;
                // Within a sequence addresses only grow: a lower one is some linker's tombstone.
                self.dead = address == 0 || is_tombstone(address) || address < self.row.address;
                if !self.dead {
                    self.row.address = address;
                    self.operation = 0;
                }
            }
            _ => {}
        }
        Some(self.row.end_sequence)
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
