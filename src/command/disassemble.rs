//! `disassemble`: instructions of a function or a range, with gdb's frame around WebAssembly's text format.

use std::rc::Rc;

use super::args::location::DisassembleEnd;
use super::args::{self, DisassembleSpec};
use super::context::address;
use super::place::{CodePlace, at_module_offset, code_places, of_selected_frame};
use super::spec::{Command, Completion, Group, Invocation, Outcome};
use crate::dwarf::line::SourceLocation;
use crate::error::{Error, Result};
use crate::render::listing::{Instruction, instruction, source_line};
use crate::session::Session;
use crate::target::frame::ModuleId;
use crate::target::program::Program;
use crate::text::Role;
use crate::wasm::text::{Line, listing};
use crate::wasm::{CodeOffset, FileOffset, FuncIdx};

pub static ROWS: &[Command] = &[Command {
    name: "disassemble",
    group: Group::Source,
    synopsis: "[/mrs] [FUNCTION | OFFSET | START,END | START,+LENGTH]",
    summary: "Print the instructions of a function",
    help: "Addresses are offsets in the module's file; <+N> counts from the start of the function's body.\n\
           Without an argument: the function of the selected frame, with => where it stands.\n\
           /r prints bytes, /s and /m source lines.",
    examples: &[
        ("disassemble", "the function of the selected frame"),
        ("disassemble /s divide", "a function with its source lines"),
        ("disassemble func[8]", "a function by its index"),
        ("disassemble 0x215,+16", "sixteen bytes of code"),
    ],
    completion: Completion::Function,
    run: disassemble,
    ..Command::DEFAULT
}];

/// What to print: parts of functions, and how.
struct Wanted {
    module: ModuleId,
    /// Functions with the file offsets that are wanted of each, excluding the end.
    parts: Vec<(FuncIdx, u64, u64)>,
    /// Name the function in each line.
    named: bool,
    /// Where the selected frame stands.
    current: Option<FileOffset>,
    source: bool,
    raw: bool,
}

fn disassemble(at: &mut Invocation<'_, '_>) -> Outcome {
    let spec = args::disassemble(at.arguments)?;
    let session = &*at.session;
    let program = session.program()?;
    let start = match spec.start {
        None => of_selected_frame(session)?,
        Some(text) => start_place(session, text)?,
    };
    let current = of_selected_frame(session).ok().filter(|place| place.module == start.module);
    let mut wanted = Wanted {
        module: start.module,
        parts: Vec::new(),
        named: spec.end.is_some(),
        current: current.map(|place| place.module_offset),
        source: spec.source,
        raw: spec.raw,
    };
    let end = range_end(session, &spec, start)?;
    match end {
        None => {
            wanted.parts.push((start.function, 0, u64::MAX));
            let name = program.function_name(start.module, start.function);
            let name = name.unwrap_or_else(|| format!("func[{}]", start.function.0).into());
            at.out.put(Role::Plain, "Dump of assembler code for function ")?;
            at.out.put(Role::Function, &name)?;
            at.out.put(Role::Plain, ":\n")?;
        }
        Some(end) => {
            wanted.parts = functions_between(program, start, end);
            let text = format!("Dump of assembler code from {:#x} to {end:#x}:\n", start.module_offset.0);
            at.out.put(Role::Plain, &text)?;
        }
    }
    print(at, &wanted)?;
    Ok(at.out.put(Role::Plain, "End of assembler dump.\n")?)
}

/// A function's name, `func[8]`, or an expression for a file offset.
pub fn start_place(session: &Session<'_>, text: &str) -> Result<CodePlace> {
    let location = args::location(text)?;
    let named = match location {
        args::Location::Line(offset) => super::place::offset_in_code(session, offset).map(|place| vec![place]),
        location => code_places(session, &location),
    };
    match named.map(|places| places.first().copied()) {
        Ok(Some(place)) => Ok(place),
        Err(Error::NotFound(message)) => match address(session, text) {
            Ok(offset) => super::place::offset_in_code(session, offset),
            Err(_) => Err(Error::NotFound(message)),
        },
        Ok(None) => Err(Error::NotFound("No function contains specified address.".into())),
        Err(error) => Err(error),
    }
}

fn range_end(session: &Session<'_>, spec: &DisassembleSpec<'_>, start: CodePlace) -> Result<Option<u64>> {
    match spec.end {
        None => Ok(None),
        Some(DisassembleEnd::Address(text)) => address(session, text).map(Some),
        Some(DisassembleEnd::Length(text)) => {
            let length = address(session, text)?;
            Ok(Some(start.module_offset.0.saturating_add(length)))
        }
    }
}

/// The functions that have code from `start` to `end`, with that range.
fn functions_between(program: &Program<'_>, start: CodePlace, end: u64) -> Vec<(FuncIdx, u64, u64)> {
    let from = start.module_offset.0;
    let last = match end.checked_sub(1).and_then(|last| at_module_offset(program, start.module, last)) {
        Some(place) => place.function.0,
        None => program.module(start.module).map_or(0, |module| module.function_count()),
    };
    (start.function.0..=last).map(|function| (FuncIdx(function), from, end)).collect()
}

fn print(at: &mut Invocation<'_, '_>, wanted: &Wanted) -> Outcome {
    let session = &*at.session;
    let program = session.program()?;
    let Some(module) = program.module(wanted.module) else { return Ok(()) };
    let mut shown: Option<SourceLocation> = None;
    for (function, from, to) in &wanted.parts {
        let Some(lines) = listing(module, *function) else { continue };
        let name = program.function_name(wanted.module, *function).filter(|_| wanted.named);
        for line in lines.skip_while(|line| line.module_offset.0 < *from) {
            if line.module_offset.0 >= *to {
                return Ok(());
            }
            if wanted.source {
                let place = source_of(program, wanted.module, &line);
                if place.is_some() && place != shown {
                    print_source(session, place.as_ref(), shown.as_ref(), at.out)?;
                    shown = place;
                }
            }
            let bytes = wanted.raw.then(|| bytes_of(module.bytes(), &line)).flatten();
            let row = row(&line, name.as_ref(), bytes, wanted.current);
            instruction(&row, at.out)?;
        }
    }
    Ok(())
}

/// One instruction as the renderer takes it.
pub fn row<'a>(
    line: &'a Line,
    function: Option<&'a Rc<str>>,
    bytes: Option<&'a [u8]>,
    current: Option<FileOffset>,
) -> Instruction<'a> {
    Instruction {
        module_offset: line.module_offset.0,
        offset: line.offset.0,
        function: function.map(AsRef::as_ref),
        text: &line.text,
        depth: line.depth,
        bytes,
        current: current == Some(line.module_offset),
    }
}

fn bytes_of<'f>(file: &'f [u8], line: &Line) -> Option<&'f [u8]> {
    let start = usize::try_from(line.module_offset.0).ok()?;
    let size = usize::try_from(line.size_bytes).ok()?;
    file.get(start..start.checked_add(size)?)
}

/// The line that an instruction belongs to.
fn source_of(program: &Program<'_>, module: ModuleId, line: &Line) -> Option<SourceLocation> {
    let at: CodeOffset = program.module(module)?.code_offset(line.module_offset)?;
    let calls = program.debug_info(module)?.calls_at(at).ok()?;
    let place = calls.first()?.location.clone()?;
    place.line.is_some().then_some(SourceLocation { column: None, ..place })
}

/// The file's name where it changes, then the line.
fn print_source(
    session: &Session<'_>,
    place: Option<&SourceLocation>,
    before: Option<&SourceLocation>,
    out: &mut dyn crate::text::Sink,
) -> Outcome {
    let Some((place, line)) = place.and_then(|place| Some((place, place.line?))) else { return Ok(()) };
    if before.is_none_or(|before| before.file != place.file) {
        out.put(Role::File, &place.file)?;
        out.put(Role::Plain, ":\n")?;
    }
    let file = session.source(place);
    let text = file.ok().and_then(|file| file.line(line.into()));
    Ok(source_line(line.into(), text.as_deref().unwrap_or(""), out)?)
}
