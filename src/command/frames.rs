//! What commands do with frames: print one with its source line, turn typed numbers into frames, mark the place for
//! an editor.

use super::context::number;
use super::display::show_all;
use super::spec::{Invocation, Outcome};
use crate::error::{Error, Result};
use crate::render::frame::{FrameLine, displayed_number, frame_line};
use crate::render::listing::source_line;
use crate::render::options::{FrameArguments, FrameInfo, FrameNumbering, Options};
use crate::session::Session;
use crate::target::patience::Patience;
use crate::target::{Frame, FrameId, Stack};
use crate::text::{Role, Sink};
use crate::value::Variable;

/// What is printed of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Its line.
    Line,
    /// Its line and the source line where it stands.
    LineAndSource,
}

/// Print `frame` as `options` want it.
pub fn print_frame(
    session: &Session<'_>,
    (stack, frame): (&Stack, &Frame),
    options: &Options,
    shown: Shown,
    out: &mut dyn Sink,
) -> Outcome {
    let (line, source) = match (options.frame_info, shown) {
        (FrameInfo::Auto, shown) => (true, shown == Shown::LineAndSource),
        (FrameInfo::SourceLine, _) => (false, true),
        (FrameInfo::SourceAndLocation, _) => (true, true),
        (FrameInfo::Location | FrameInfo::LocationAndAddress | FrameInfo::ShortLocation, _) => (true, false),
    };
    let source = source && frame.location().is_some();
    if line || !source {
        let reader = session.reader();
        let in_passing = shown == Shown::Line && options.frame_arguments != FrameArguments::All;
        let patience = if in_passing { Patience::Line } else { Patience::Short };
        let arguments = arguments(session, (stack, frame), options, patience);
        let line = FrameLine { stack, frame, arguments: &arguments, numbered: true };
        frame_line(reader, &line, options, out)?;
        out.put(Role::Plain, "\n")?;
    }
    if source { print_source(session, frame, out) } else { Ok(()) }
}

/// The arguments that a frame's line shows. Those that cannot be found are left out: the rest of the line is worth more
/// than an error.
pub fn arguments(
    session: &Session<'_>,
    (stack, frame): (&Stack, &Frame),
    options: &Options,
    patience: Patience,
) -> Vec<Variable> {
    let placed = !matches!(options.frame_arguments, FrameArguments::None | FrameArguments::Presence);
    session.reader().within_unit().frame_arguments(stack, frame, placed.then_some(patience)).unwrap_or_default()
}

/// The source line where a frame stands, or why it cannot be shown.
fn print_source(session: &Session<'_>, frame: &Frame, out: &mut dyn Sink) -> Outcome {
    let Some((place, line)) = frame.location().and_then(|place| Some((place, place.line?))) else { return Ok(()) };
    let line = u64::from(line);
    match session.source(place) {
        Ok(file) => {
            if session.annotate && !file.is_embedded {
                let column = place.column.unwrap_or(0);
                let pc = frame.file_offset.map_or(0, |at| at.0);
                let path = std::path::absolute(&file.path).unwrap_or_else(|_| file.path.clone());
                return Ok(out.annotate(&format!("\u{1a}\u{1a}{}:{line}:{column}:beg:{pc:#x}\n", path.display()))?);
            }
            match file.line(line) {
                Some(text) => Ok(source_line(line, &text, out)?),
                None => Ok(out.put(Role::Note, &format!("{line}\tin {}\n", place.file))?),
            }
        }
        Err(error) => {
            // As in gdb, the line's number stands before the reason, and nothing fails.
            let reason = match error {
                Error::Io { path, message } => format!("{path}: {message}"),
                error => error.to_string(),
            };
            Ok(out.put(Role::Note, &format!("{line}\t{reason}\n"))?)
        }
    }
}

/// Select a frame and print it, as `frame`, `up` and `down` do.
pub fn select_and_print(at: &mut Invocation<'_, '_>, id: FrameId) -> Outcome {
    at.session.frame = id;
    at.session.listed = None;
    print_selected(at)?;
    show_all(at)
}

/// Print the selected frame with its source line.
pub fn print_selected(at: &mut Invocation<'_, '_>) -> Outcome {
    let options = at.session.options();
    let (stack, frame) = at.session.selected()?;
    print_frame(at.session, (stack, frame), &options, Shown::LineAndSource, at.out)?;
    // `list` begins at the line that was printed.
    at.session.listed = None;
    Ok(())
}

/// The frame that a typed number means.
///
/// # Errors
/// There is none; in gdb's words.
pub fn frame_numbered(session: &Session<'_>, text: &str) -> Result<FrameId> {
    session.youngest(1)?;
    let missing = || Error::NotFound(format!("No frame at level {text}."));
    let typed = usize::try_from(number(session, text)?).map_err(|_| missing())?;
    let count = session.youngest(typed.saturating_add(1))?.frames().len();
    if typed >= count {
        return Err(missing());
    }
    // Both ways of numbering mirror each other, so the same function turns a number back.
    let id = displayed_number(typed, count, numbering(session));
    u32::try_from(id).map(FrameId).map_err(|_| missing())
}

/// How the user numbers frames.
pub fn numbering(session: &Session<'_>) -> FrameNumbering {
    session.options().frame_numbering
}
