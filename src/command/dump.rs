//! `dump` and `append`: bytes of memory, or of a value, to a file.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Seek, SeekFrom, Write};

use super::context::address;
use super::help::subcommands;
use super::script::expand_home;
use super::spec::{Command, Completion, Group, Invocation, Outcome, Repeat, Subcommands};
use crate::dump::memory::Piece;
use crate::error::{Error, Result};
use crate::expr::parse::split_at_commas;
use crate::text::Role;

pub static ROWS: &[Command] = &[
    Command {
        name: "dump",
        group: Group::Data,
        synopsis: "[binary] memory|value FILE ...",
        summary: "Write memory or a value to a file",
        examples: &[("dump", "what can be written")],
        subcommands: Subcommands::Required,
        run: |at| subcommands(at, "dump"),
        ..Command::DEFAULT
    },
    memory_row(
        "dump memory",
        "Write bytes of memory to a file as they are",
        &[("dump memory stack.bin $sp $sp+256", "256 bytes from the stack pointer on")],
        |at| memory(at, How::Create),
    ),
    value_row(
        "dump value",
        "Write the bytes of an expression's value to a file",
        &[("dump value part.bin *part", "a structure")],
        |at| value(at, How::Create),
    ),
    Command {
        name: "dump binary",
        synopsis: "memory|value FILE ...",
        summary: "Write memory or a value to a file as it is",
        examples: &[("dump binary value part.bin *part", "a structure")],
        run: |at| either(at, How::Create),
        ..ROW
    },
    Command {
        name: "append",
        group: Group::Data,
        synopsis: "[binary] memory|value FILE ...",
        summary: "Write memory or a value to the end of a file",
        examples: &[("append", "what can be written")],
        subcommands: Subcommands::Required,
        run: |at| subcommands(at, "append"),
        ..Command::DEFAULT
    },
    memory_row(
        "append memory",
        "Write bytes of memory to the end of a file",
        &[("append memory stack.bin $sp $sp+256", "256 bytes more")],
        |at| memory(at, How::Append),
    ),
    value_row(
        "append value",
        "Write the bytes of an expression's value to the end of a file",
        &[("append value parts.bin *part", "one structure more")],
        |at| value(at, How::Append),
    ),
    Command {
        name: "append binary",
        synopsis: "memory|value FILE ...",
        summary: "Write memory or a value to the end of a file as it is",
        examples: &[("append binary value parts.bin *part", "one structure more")],
        run: |at| either(at, How::Append),
        ..ROW
    },
];

const ROW: Command =
    Command { group: Group::Data, completion: Completion::File, repeat: Repeat::Never, ..Command::DEFAULT };

type Run = fn(&mut Invocation<'_, '_>) -> Outcome;
type Example = &'static [(&'static str, &'static str)];

const fn memory_row(name: &'static str, summary: &'static str, example: Example, run: Run) -> Command {
    Command {
        name,
        synopsis: "FILE START END",
        summary,
        help: "END is the first address that is not written. START and END may be expressions; so may \"START, END\".",
        examples: example,
        run,
        ..ROW
    }
}

const fn value_row(name: &'static str, summary: &'static str, example: Example, run: Run) -> Command {
    Command { name, synopsis: "FILE EXPR", summary, examples: example, run, ..ROW }
}

/// Zeros that are worth a hole in a file.
const HOLE_BYTES: u64 = 1 << 20;

/// What becomes of a file that is there already.
#[derive(Clone, Copy)]
enum How {
    Create,
    Append,
}

/// `memory` or `value`, as the next word says.
fn either(at: &mut Invocation<'_, '_>, how: How) -> Outcome {
    let (word, rest) = at.arguments.split_once(char::is_whitespace).unwrap_or((at.arguments, ""));
    let mut called = at.with_arguments(rest.trim());
    match word {
        "memory" => memory(&mut called, how),
        "value" => value(&mut called, how),
        _ => Err(Error::Usage("\"binary\" must be followed by \"memory\" or \"value\".".into()).into()),
    }
}

fn memory(at: &mut Invocation<'_, '_>, how: How) -> Outcome {
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
    for piece in memory.pieces(start..end) {
        if let Piece::Unknown(range) = piece {
            let message = format!("the dump does not hold the bytes from {:#x} to {:#x}", range.start, range.end);
            return Err(Error::Absent(message).into());
        }
    }
    let mut out = Destination::open(file, how)?;
    for piece in memory.pieces(start..end) {
        match piece {
            Piece::Recorded(run) => out.write(|file| file.write_all(run.bytes))?,
            // Of unknown ones there are none: that was seen above.
            Piece::Zero(range) | Piece::Unknown(range) => out.write(|file| zeros(range.end - range.start, file))?,
        }
    }
    done(at, out, end - start)
}

fn value(at: &mut Invocation<'_, '_>, how: How) -> Outcome {
    let (file, expression) = split_file(at.arguments)?;
    if expression.is_empty() {
        return Err(Error::Usage("No value to dump.".into()).into());
    }
    let (_, object) = at.session.evaluator().evaluate_text(expression)?;
    let reader = at.session.reader();
    let bytes = reader.bytes(&object, reader.size_of(&object)?)?;
    let mut out = Destination::open(file, how)?;
    out.write(|file| file.write_all(&bytes))?;
    done(at, out, bytes.len() as u64)
}

fn done(at: &mut Invocation<'_, '_>, mut out: Destination, bytes: u64) -> Outcome {
    out.write(|file| file.flush())?;
    if at.session.interactive {
        at.out.put(Role::Plain, &format!("{bytes} bytes written to {}.\n", out.path))?;
    }
    Ok(())
}

/// A file that is written to.
struct Destination {
    path: String,
    file: BufWriter<File>,
}

impl Destination {
    fn open(file: &str, how: How) -> Result<Self> {
        let path = expand_home(file);
        let opened = match how {
            How::Create => File::create(&path),
            How::Append => OpenOptions::new().append(true).create(true).open(&path),
        };
        match opened {
            Ok(file) => Ok(Destination { path, file: BufWriter::new(file) }),
            Err(error) => Err(Error::Io { path, message: error.to_string() }),
        }
    }

    fn write(&mut self, write: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>) -> Result<()> {
        write(&mut self.file).map_err(|error| Error::Io { path: self.path.clone(), message: error.to_string() })
    }
}

/// Write zeros; many at once as a hole: a memory of gigabytes is mostly zeros that were never written.
fn zeros(count: u64, out: &mut BufWriter<File>) -> std::io::Result<()> {
    out.flush()?;
    let found = out.get_ref().metadata()?;
    if count < HOLE_BYTES || !found.is_file() {
        return std::io::copy(&mut std::io::Read::take(std::io::repeat(0), count), out).map(|_| ());
    }
    out.get_ref().set_len(found.len().saturating_add(count))?;
    out.seek(SeekFrom::End(0)).map(|_| ())
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
