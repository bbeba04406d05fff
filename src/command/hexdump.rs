//! `hexdump` and `dump memory`: bytes of linear memory as rows of hex, or to a file.

use std::io::Write;

use super::context::address;
use super::spec::{Command, Completion, Group, Invocation, Outcome, Repeat};
use crate::dump::MemoryImage;
use crate::dump::memory::Piece;
use crate::error::{Error, Result};
use crate::expr::parse::split_at_commas;
use crate::render::listing::{HEX_ROW_BYTES, hex_row};
use crate::text::Role;

/// Bytes that `hexdump` shows without a length: sixteen rows.
const DEFAULT_BYTES: u64 = 256;

pub static ROWS: &[Command] = &[
    Command {
        name: "hexdump",
        group: Group::Data,
        synopsis: "ADDRESS [, LENGTH]",
        summary: "Print bytes of memory as hexadecimal numbers and characters",
        help: "Without LENGTH, 256 bytes; without anything, what follows the last one. \"..\" is not in the dump.",
        examples: &[("hexdump 0x10000, 64", "64 bytes from that address on")],
        completion: Completion::Expression,
        repeat: Repeat::Continue,
        run: hexdump,
        ..Command::DEFAULT
    },
    Command {
        name: "dump",
        group: Group::Data,
        synopsis: "memory FILE START END",
        summary: "Write contents of memory to a file",
        examples: &[("dump", "what can be written")],
        subcommands: super::spec::Subcommands::Required,
        run: |at| at.say("List of dump subcommands:\n\ndump memory -- Write bytes of memory to a file as they are."),
        ..Command::DEFAULT
    },
    Command {
        name: "dump memory",
        group: Group::Data,
        synopsis: "FILE START END",
        summary: "Write bytes of memory to a file as they are",
        help: "END is the first address that is not written. START and END may be expressions; so may \"START, END\".",
        examples: &[("dump memory stack.bin $sp $sp+256", "256 bytes from the stack pointer on")],
        completion: Completion::File,
        repeat: Repeat::Never,
        run: dump_memory,
        ..Command::DEFAULT
    },
];

fn hexdump(at: &mut Invocation<'_, '_>) -> Outcome {
    let parts = split_at_commas(at.arguments)?;
    let (start, length) = match parts.as_slice() {
        [] | [""] => {
            let next = at.session.next_hexdump;
            (next.ok_or_else(|| Error::Usage("Argument required (starting display address).".into()))?, DEFAULT_BYTES)
        }
        [start] => (address(at.session, start)?, DEFAULT_BYTES),
        [start, length] => (address(at.session, start)?, address(at.session, length)?),
        _ => return Err(Error::Usage("hexdump takes an address and a length".into()).into()),
    };
    let instance = at.session.instance();
    let program = at.session.program()?;
    let memory = program.memory(instance)?;
    let end = start.saturating_add(length);
    let size = memory.size_bytes();
    let mut row = start;
    while row < end.min(size) {
        let next = row.saturating_add(HEX_ROW_BYTES as u64).min(end);
        hex_row(row, &bytes(memory, row, next), at.out)?;
        row = next;
    }
    at.session.next_hexdump = Some(row);
    if row < end {
        // What is there is printed; the rest is an error, as in `x`.
        let memory = 0;
        return Err(Error::Unmapped { address: row, memory, last: size.checked_sub(1) }.into());
    }
    Ok(())
}

/// The bytes of a range; none for those that the dump does not hold.
fn bytes(memory: &MemoryImage<'_>, start: u64, end: u64) -> Vec<Option<u8>> {
    let mut found = Vec::with_capacity(HEX_ROW_BYTES);
    for piece in memory.pieces(start..end) {
        match piece {
            Piece::Recorded(run) => found.extend(run.bytes.iter().copied().map(Some)),
            Piece::Zero(range) => found.extend(range.map(|_| Some(0))),
            Piece::Unknown(range) => found.extend(range.map(|_| None)),
        }
    }
    found
}

fn dump_memory(at: &mut Invocation<'_, '_>) -> Outcome {
    let (file, range) = split_file(at.arguments)?;
    let (start, end) = split_range(range)?;
    let (start, end) = (address(at.session, start)?, address(at.session, end)?);
    if start >= end {
        return Err(Error::Usage("Invalid memory address range (start >= end).".into()).into());
    }
    let instance = at.session.instance();
    let memory = at.session.program()?.memory(instance)?;
    // Everything must be there before a file is begun.
    let mut last = [0u8];
    memory.read(end - 1, &mut last)?;
    let path = super::script::expand_home(file);
    let io = |error: std::io::Error| Error::Io { path: path.clone(), message: error.to_string() };
    let mut out = std::io::BufWriter::new(std::fs::File::create(&path).map_err(io)?);
    for piece in memory.pieces(start..end) {
        match piece {
            Piece::Recorded(run) => out.write_all(run.bytes).map_err(io)?,
            Piece::Zero(range) => zeros(range.end - range.start, &mut out).map_err(io)?,
            Piece::Unknown(range) => {
                let message = format!("the dump does not hold the bytes from {:#x} to {:#x}", range.start, range.end);
                return Err(Error::Absent(message).into());
            }
        }
    }
    out.flush().map_err(io)?;
    if at.session.interactive {
        at.out.put(Role::Plain, &format!("{} bytes written to {path}.\n", end - start))?;
    }
    Ok(())
}

fn zeros(count: u64, out: &mut impl Write) -> std::io::Result<()> {
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0), count), out).map(|_| ())
}

/// The file's name, quoted if it holds blanks, and the rest.
fn split_file(arguments: &str) -> Result<(&str, &str)> {
    let missing = || Error::Usage("Missing filename.".into());
    match arguments.chars().next().ok_or_else(missing)? {
        quote @ ('"' | '\'') => {
            let rest = arguments.get(1..).unwrap_or("");
            rest.split_once(quote).map(|(file, rest)| (file, rest.trim())).ok_or_else(missing)
        }
        _ => Ok(arguments.split_once(char::is_whitespace).map_or((arguments, ""), |(file, rest)| (file, rest.trim()))),
    }
}

/// `START END` or `START, END`.
fn split_range(text: &str) -> Result<(&str, &str)> {
    if text.is_empty() {
        return Err(Error::Usage("Missing start address.".into()));
    }
    let parts = split_at_commas(text)?;
    let split = match parts.as_slice() {
        [start, end] => Some((*start, *end)),
        _ => text.split_once(char::is_whitespace).map(|(start, end)| (start.trim(), end.trim())),
    };
    split.filter(|(_, end)| !end.is_empty()).ok_or_else(|| Error::Usage("Missing stop address.".into()))
}
