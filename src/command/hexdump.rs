//! `hexdump`: bytes of linear memory as rows of hex.

use super::context::address;
use super::spec::{Command, Completion, Group, Invocation, Outcome, Repeat};
use crate::dump::MemoryImage;
use crate::dump::memory::Piece;
use crate::error::Error;
use crate::expr::parse::split_at_commas;
use crate::render::listing::{HEX_ROW_BYTES, hex_row};

/// Bytes that `hexdump` shows without a length: sixteen rows.
const DEFAULT_BYTES: u64 = 256;

pub static ROWS: &[Command] = &[Command {
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
}];

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
