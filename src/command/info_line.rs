//! `info line`, `info source`, `info sources`: between source lines and code.

use super::args::{self, Location};
use super::list::{file_named, line_at, open, resolve};
use super::pattern::compile;
use super::place::{self, CodePlace};
use super::spec::{Command, Completion, Group, Invocation, Outcome, Stop};
use crate::dwarf::line::SourceLocation;
use crate::dwarf::source::LineCode;
use crate::error::{Error, Result};
use crate::render::options::FormatLetter;
use crate::session::Session;
use crate::target::ModuleId;
use crate::text::{Role, Sink, Text};
use crate::wasm::FileOffset;

pub static ROWS: &[Command] = &[
    Command {
        name: "info line",
        group: Group::Source,
        synopsis: "[LOCATION]",
        summary: "Print the code offsets of a source line, or the line of an offset",
        help: "Offsets count from the start of the module's file. Without LOCATION: the selected frame's line.\n\
               x then goes on with the instructions of the line, and $_ is where they begin.",
        examples: &[("info line util.c:8", "the code of a line"), ("info line *0x215", "the line of a code offset")],
        completion: Completion::Location,
        run: line,
        ..Command::DEFAULT
    },
    Command {
        name: "info source",
        group: Group::Source,
        summary: "Print what is known about the source file of the selected frame",
        examples: &[("info source", "name, directory, language and compiler")],
        run: source,
        ..Command::DEFAULT
    },
    Command {
        name: "info sources",
        group: Group::Source,
        synopsis: "[REGEX]",
        summary: "List the source files of the program",
        examples: &[("info sources main", "those whose path has main in it")],
        run: sources,
        ..Command::DEFAULT
    },
];

fn line(at: &mut Invocation<'_, '_>) -> Outcome {
    // `x/i` goes on where the code of the line begins, and `$_` is that place, as in gdb.
    if let Some(begin) = describe(at)? {
        at.session.examined.letter = Some(FormatLetter::Instruction);
        at.session.examined.next = Some(begin.0);
        let place = at.session.evaluator().module_offset(begin);
        at.session.history.set_variable("_", place);
    }
    Ok(())
}

/// Prints what is asked; returns where the code begins, if there is any.
fn describe(at: &mut Invocation<'_, '_>) -> std::result::Result<Option<FileOffset>, Stop> {
    let session = &*at.session;
    let location = if at.arguments.is_empty() { None } else { Some(args::location(at.arguments)?) };
    if let Some(Location::Address(_) | Location::FunctionOffset { .. } | Location::BrowserOffset { .. }) = &location {
        let location = location.as_ref().ok_or_else(|| Error::syntax(""))?;
        return address(session, location, at.out);
    }
    let mut begin = None;
    let (file, line) = match &location {
        Some(Location::FileLine { file, line }) => (file_named(session, file)?, *line),
        Some(location) => resolve(session, location, None, at.out)?,
        None => match session.selected() {
            Ok((_, frame)) => {
                let known = frame.location().and_then(|place| Some((place.clone(), u64::from(place.line?))));
                known.ok_or_else(|| Error::Absent("No line number information available.".into()))?
            }
            Err(_) => return Err(Error::Absent("No line number information available.".into()).into()),
        },
    };
    let program = session.program()?;
    let found = code_of_line(session, &file, line)?;
    if found.is_empty() {
        let name = &file.file;
        return Err(Error::NotFound(format!("Line number {line} is out of range for \"{name}\".")).into());
    }
    for (module, code) in found {
        let start = program.module(module).and_then(|module| module.file_offset(code.begin));
        begin = begin.or(start);
        describe_code(session, (&file, line), (module, code), at.out)?;
    }
    Ok(begin)
}

/// The line that the code at a location was made from.
fn address(
    session: &Session<'_>,
    location: &Location<'_>,
    out: &mut dyn Sink,
) -> std::result::Result<Option<FileOffset>, Stop> {
    let places = match (place::code_places(session, location), location) {
        (Err(Error::NotFound(_)), Location::Address(text)) => {
            let address = super::context::address(session, text)?;
            let text = format!("No line number information available for address {address:#x}\n");
            out.put(Role::Plain, &text)?;
            return Ok(None);
        }
        (places, _) => places?,
    };
    let begin = places.first().map(|code| code.module_offset);
    for code in places {
        let Some((file, line)) = line_at(session, code) else {
            let text = format!("No line number information available for address {:#x}", code.module_offset.0);
            out.put(Role::Plain, &text)?;
            symbol(session, code, out)?;
            out.put(Role::Plain, "\n")?;
            continue;
        };
        let program = session.program()?;
        let at = program.module(code.module).and_then(|module| module.code_offset(code.module_offset));
        let rows = code_of_line(session, &file, line)?;
        let row = rows
            .into_iter()
            .find(|(module, row)| *module == code.module && at.is_some_and(|at| row.begin <= at && at < row.end));
        match row {
            Some((module, row)) => {
                let begin = program.module(module).and_then(|module| module.file_offset(row.begin));
                if begin == Some(code.module_offset) {
                    describe_code(session, (&file, line), (module, row), out)?;
                } else {
                    starts_and_ends(session, (&file, line), (module, row), out)?;
                }
            }
            None => {
                let text = format!("Line {line} of \"{}\" is at address {:#x}", file.file, code.module_offset.0);
                out.put(Role::Plain, &text)?;
                symbol(session, code, out)?;
                out.put(Role::Plain, ".\n")?;
            }
        }
    }
    Ok(begin)
}

/// The code of a line in every module that has the file.
fn code_of_line(session: &Session<'_>, file: &SourceLocation, line: u64) -> Result<Vec<(ModuleId, LineCode)>> {
    let program = session.program()?;
    let line = u32::try_from(line).map_err(|_| Error::Usage("Numeric constant too large.".into()))?;
    let mut found = Vec::new();
    for module in place::module_ids(program) {
        let Some(info) = program.debug_info(module) else { continue };
        found.extend(info.lines_of(&file.file, line).into_iter().map(|code| (module, code)));
    }
    Ok(found)
}

fn describe_code(
    session: &Session<'_>,
    (file, line): (&SourceLocation, u64),
    (module, code): (ModuleId, LineCode),
    out: &mut dyn Sink,
) -> Outcome {
    if u64::from(code.line) == line {
        return starts_and_ends(session, (file, line), (module, code), out);
    }
    // The next line with code stands in for one that has none.
    let program = session.program()?;
    let begin = program.module(module).and_then(|parsed| parsed.file_offset(code.begin));
    let Some(place) = begin.and_then(|at| place::at_module_offset(program, module, at.0)) else { return Ok(()) };
    let text = format!("Line {line} of \"{}\" is at address {:#x}", file.file, place.module_offset.0);
    out.put(Role::Plain, &text)?;
    symbol(session, place, out)?;
    Ok(out.put(Role::Plain, " but contains no code.\n")?)
}

fn starts_and_ends(
    session: &Session<'_>,
    (file, line): (&SourceLocation, u64),
    (module, code): (ModuleId, LineCode),
    out: &mut dyn Sink,
) -> Outcome {
    let program = session.program()?;
    let parsed = program.module(module);
    let Some(begin) = parsed.and_then(|parsed| parsed.file_offset(code.begin)) else { return Ok(()) };
    let end = begin.0.saturating_add(code.end.0.saturating_sub(code.begin.0));
    out.put(Role::Plain, &format!("Line {line} of \"{}\" starts at address {:#x}", file.file, begin.0))?;
    if let Some(place) = place::at_module_offset(program, module, begin.0) {
        symbol(session, place, out)?;
    }
    out.put(Role::Plain, &format!(" and ends at {end:#x}"))?;
    if let Some(place) = place::at_module_offset(program, module, end) {
        symbol(session, place, out)?;
    }
    Ok(out.put(Role::Plain, ".\n")?)
}

/// ` <walk+56>`
fn symbol(session: &Session<'_>, place: CodePlace, out: &mut dyn Sink) -> Outcome {
    let name = session.program()?.function_name(place.module, place.function);
    let name = name.unwrap_or_else(|| format!("func[{}]", place.function.0).into());
    out.put(Role::Plain, " <")?;
    out.put(Role::Function, &name)?;
    let offset = if place.offset.0 == 0 { String::new() } else { format!("+{}", place.offset.0) };
    Ok(out.put(Role::Plain, &format!("{offset}>"))?)
}

fn source(at: &mut Invocation<'_, '_>) -> Outcome {
    let session = &*at.session;
    let program = session.program()?;
    let frame = session.selected().ok().map(|(_, frame)| frame);
    let known = frame.and_then(|frame| Some((frame.location()?, frame.module?, frame.call.as_ref()?.unit)));
    let Some((place, module, unit)) = known else {
        return Ok(at.out.put(Role::Plain, "No current source file.\n")?);
    };
    let mut lines: Vec<Text> = Vec::new();
    let mut say = |text: String| lines.push(Text::from(text.as_str()));
    say(format!("Current source file is {}", place.file));
    if let Some(directory) = &place.directory {
        say(format!("Compilation directory is {directory}"));
    }
    match open(session, place) {
        Ok(file) => {
            if file.is_embedded {
                say("Its text is in the debug information.".into());
            } else {
                let path = std::path::absolute(&file.path).unwrap_or_else(|_| file.path.clone());
                say(format!("Located in {}", path.display()));
            }
            say(format!("Contains {} line{}.", file.line_count(), if file.line_count() == 1 { "" } else { "s" }));
        }
        Err(error) => say(format!("Not found: {error}")),
    }
    if let Some(unit) = program.debug_info(module).and_then(|info| info.unit(unit).ok()) {
        say(format!("Source language is {}.", unit.language.name()));
        if let Some(producer) = unit.producer {
            say(format!("Producer is {producer}."));
        }
        say(format!("Compiled with DWARF {} debugging format.", unit.version()));
    }
    for line in lines {
        line.write_to(at.out)?;
        at.out.put(Role::Plain, "\n")?;
    }
    Ok(())
}

fn sources(at: &mut Invocation<'_, '_>) -> Outcome {
    let session = &*at.session;
    let program = session.program()?;
    let wanted = if at.arguments.is_empty() { None } else { Some(compile(at.arguments, false)?) };
    for module in place::module_ids(program) {
        let Some(info) = program.debug_info(module) else { continue };
        for (file, directory) in info.files() {
            let whole = match &directory {
                Some(directory) if !file.starts_with('/') => format!("{}/{file}", directory.trim_end_matches('/')),
                _ => file.to_string(),
            };
            if wanted.as_ref().is_none_or(|regex| regex.is_match(&whole)) {
                at.out.put(Role::File, &whole)?;
                at.out.put(Role::Plain, "\n")?;
            }
        }
    }
    Ok(())
}
