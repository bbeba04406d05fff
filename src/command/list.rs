//! `list`: lines of source files, on and on.

use std::rc::Rc;

use super::args::{self, ListSpec, Location};
use super::place::{self, CodePlace};
use super::spec::{Command, Completion, Group, Invocation, Outcome, Repeat};
use crate::dwarf::line::SourceLocation;
use crate::error::{Error, Result};
use crate::render::listing::source_line;
use crate::session::{Listed, Session};
use crate::settings::Setting;
use crate::source::SourceFile;
use crate::text::{Role, Sink};

pub static ROWS: &[Command] = &[Command {
    name: "list",
    aliases: &["l"],
    group: Group::Source,
    synopsis: "[LOCATION] [, [LOCATION]] | - | +",
    summary: "Print lines of source files",
    help: "Without arguments: around the selected frame's line, then on from the last one; - goes back.\n\
           A location is LINE, FILE:LINE, FUNCTION, FILE:FUNCTION, or *OFFSET in the module's code.",
    examples: &[
        ("list", "around the selected frame's line, then on"),
        ("list 10,20", "lines 10 to 20"),
        ("list walk", "around a function"),
        ("list util.c:8", "around a line of a file"),
        ("list *0x215", "around the line of a code offset"),
    ],
    completion: Completion::Location,
    repeat: Repeat::Continue,
    run: list,
    ..Command::DEFAULT
}];

fn list(at: &mut Invocation<'_, '_>) -> Outcome {
    let session = &*at.session;
    let size = session.settings.limit(Setting::Listsize).unwrap_or(u64::MAX);
    let wanted = match args::list(at.arguments)? {
        ListSpec::Next => next(session, size)?,
        ListSpec::Previous => previous(session, size)?,
        ListSpec::Around(location) => {
            let (file, line) = resolve(session, &location, None, at.out)?;
            Listed { file, lines: around(line, size) }
        }
        ListSpec::From(location) => {
            let (file, line) = resolve(session, &location, None, at.out)?;
            Listed { file, lines: (line, line.saturating_add(size - 1)) }
        }
        ListSpec::Until(location) => {
            let (file, line) = resolve(session, &location, None, at.out)?;
            Listed { file, lines: (line.saturating_sub(size - 1).max(1), line) }
        }
        ListSpec::Range(first, last) => {
            let (file, first) = resolve(session, &first, None, at.out)?;
            let (_, last) = resolve(session, &last, Some((&file, first)), at.out)?;
            Listed { file, lines: (first, last) }
        }
    };
    let printed = print(session, &wanted, at.out)?;
    at.session.listed = Some(printed);
    Ok(())
}

/// The lines around `line`: five before it, as gdb has it, for ten in all.
fn around(line: u64, size: u64) -> (u64, u64) {
    let first = line.saturating_sub(size / 2).max(1);
    (first, first.saturating_add(size - 1))
}

/// Around the selected frame's line, or on from the last one printed.
fn next(session: &Session<'_>, size: u64) -> Result<Listed> {
    if let Some(listed) = &session.listed {
        let first = listed.lines.1.saturating_add(1);
        return Ok(Listed { file: listed.file.clone(), lines: (first, first.saturating_add(size - 1)) });
    }
    let (file, line) = current(session)?;
    Ok(Listed { file, lines: around(line, size) })
}

fn previous(session: &Session<'_>, size: u64) -> Result<Listed> {
    // As in gdb, what comes first is around the selected frame's line, even if it is called for by `-`.
    let Some(listed) = &session.listed else { return next(session, size) };
    let (file, before) = (listed.file.clone(), listed.lines.0);
    match before.checked_sub(1).filter(|last| *last > 0) {
        Some(last) => Ok(Listed { file, lines: (last.saturating_sub(size - 1).max(1), last) }),
        None => Err(Error::NotFound(format!("Already at the start of {}.", file.file))),
    }
}

/// The selected frame's line; without a dump, that of `main`.
fn current(session: &Session<'_>) -> Result<(SourceLocation, u64)> {
    if let Ok((_, frame)) = session.selected() {
        let place = frame.location().and_then(|place| Some((place.clone(), u64::from(place.line?))));
        return place.ok_or_else(|| {
            Error::Absent(format!("no line is known for the selected frame, {}", frame.display_name()))
        });
    }
    let program = session.program()?;
    let main = place::functions_named(program, "main").into_iter().next();
    let start = main.and_then(|(module, function)| place::function_start(program, module, function));
    let place = start.and_then(|start| place::declared(program, start));
    place.ok_or_else(|| Error::Absent("No default source file: name a file or function.".into()))
}

/// The file and line of a location. `first` is the other end of a range.
pub fn resolve(
    session: &Session<'_>,
    location: &Location<'_>,
    first: Option<(&SourceLocation, u64)>,
    out: &mut dyn Sink,
) -> Result<(SourceLocation, u64)> {
    let here = || match (first, &session.listed) {
        (Some((file, line)), _) => Ok((file.clone(), line)),
        (None, Some(listed)) => Ok((listed.file.clone(), listed.lines.1)),
        (None, None) => current(session),
    };
    match location {
        Location::Line(line) => here().map(|(file, _)| (file, *line)),
        Location::Relative(lines) => here().map(|(file, line)| (file, line.saturating_add_signed(*lines).max(1))),
        Location::FileLine { file, line } => file_named(session, file).map(|file| (file, *line)),
        Location::Address(_) | Location::FunctionOffset { .. } | Location::BrowserOffset { .. } => {
            let places = place::code_places(session, location)?;
            let found = places.first().and_then(|place| Some((*place, line_at(session, *place)?)));
            let (code, (place, line)) = found.ok_or_else(|| Error::Absent("no line is known for that code".into()))?;
            // gdb says where that is before the lines; nobody reads on if this is not written either.
            let name = session.program()?.function_name(code.module, code.function).unwrap_or_else(|| "?".into());
            let text = format!("{:#x} is in {name} ({}:{line}).\n", code.module_offset.0, place.file);
            let _ = out.put(Role::Plain, &text);
            Ok((place, line))
        }
        Location::Function(_) | Location::FileFunction { .. } => {
            let places = place::code_places(session, location)?;
            let program = session.program()?;
            let found = places.iter().find_map(|code| place::declared(program, *code));
            found.ok_or_else(|| Error::Absent("no line is known for that function".into()))
        }
    }
}

/// The line of the instruction at a place.
pub fn line_at(session: &Session<'_>, code: CodePlace) -> Option<(SourceLocation, u64)> {
    let program = session.program().ok()?;
    let at = program.module(code.module)?.code_offset(code.module_offset)?;
    let calls = program.debug_info(code.module)?.calls_at(at).ok()?;
    let place = calls.first()?.location.clone()?;
    let line = u64::from(place.line?);
    Some((place, line))
}

/// A source file of the program by the end of its path: that of the selected frame, of the stack, of any module.
pub fn file_named(session: &Session<'_>, name: &str) -> Result<SourceLocation> {
    let fits = |file: &str| {
        file == name || file.strip_suffix(name).is_some_and(|before| before.ends_with(['/', '\\']) || before.is_empty())
    };
    let of_stack = session.stack().ok().into_iter().flat_map(|stack| stack.frames());
    let selected = session.selected().ok().map(|(_, frame)| frame);
    let near = selected.into_iter().chain(of_stack).filter_map(|frame| frame.location());
    let listed = session.listed.as_ref().map(|listed| &listed.file);
    if let Some(place) = listed.into_iter().chain(near).find(|place| fits(&place.file)) {
        return Ok(place.clone());
    }
    let program = session.program()?;
    for module in place::module_ids(program) {
        let Some(info) = program.debug_info(module) else { continue };
        if let Some((file, directory)) = info.files().into_iter().find(|(file, _)| fits(file)) {
            return Ok(SourceLocation { file, directory, line: None, column: None });
        }
    }
    Err(Error::NotFound(format!("No source file named {name}.")))
}

/// The text of the file of a place.
pub fn open<'f>(session: &Session<'f>, place: &SourceLocation) -> Result<Rc<SourceFile<'f>>> {
    session.source(place)
}

/// Print the lines; returns those that there are.
fn print(session: &Session<'_>, wanted: &Listed, out: &mut dyn Sink) -> std::result::Result<Listed, super::Stop> {
    let (first, last) = wanted.lines;
    let file = open(session, &wanted.file).map_err(|error| match error {
        Error::Io { path, message } => Error::Absent(format!("{first}\t{path}: {message}")),
        error => error,
    })?;
    let count = file.line_count();
    if first > count {
        let name = &wanted.file.file;
        return Err(Error::NotFound(format!("Line number {first} out of range; {name} has {count} lines.")).into());
    }
    let last = last.min(count);
    for number in first..=last {
        source_line(number, file.line(number).as_deref().unwrap_or(""), out)?;
    }
    Ok(Listed { file: wanted.file.clone(), lines: (first, last) })
}
