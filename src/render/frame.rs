//! A frame as one line, in the reference form and in gdb's.

use crate::dwarf::Language;
use crate::target::{Frame, Stack};
use crate::text::{Role, Sink, Stopped, escaped};
use crate::value::object::Object;
use crate::value::present::{Form, present, unwrapped};
use crate::value::view::View;
use crate::value::{Reader, Variable};

use super::options::{FrameArguments, FrameInfo, FrameNumbering, Options, Style};
use super::value::ValueWriter;

/// A frame and what its line needs.
pub struct FrameLine<'a> {
    pub stack: &'a Stack,
    pub frame: &'a Frame,
    /// Its parameters in order; a failure to read them leaves them out.
    pub arguments: &'a [Variable],
    /// Begin with the frame's number.
    pub numbered: bool,
}

/// The frame's line, without an end of line: `#9   000011 as demo::f (x=3) at src/main.rs:11:18`.
///
/// # Errors
/// Nobody reads any more.
pub fn frame_line(
    reader: Reader<'_, '_>,
    line: &FrameLine<'_>,
    options: &Options,
    out: &mut dyn Sink,
) -> Result<(), Stopped> {
    let frame = line.frame;
    let count = line.stack.frames().len();
    let number = displayed_number(frame.id.0 as usize, count, options.frame_numbering);
    match (options.style, line.numbered) {
        (Style::Reference, true) if !frame.inlined => {
            out.put(Role::Plain, &format!("#{number:<3} {:06} as ", frame.func.0))?;
        }
        (Style::Reference, false) if !frame.inlined => out.put(Role::Plain, &format!("{:06} as ", frame.func.0))?,
        (Style::Reference, is_numbered) => {
            if is_numbered {
                out.put(Role::Plain, &format!("#{number:<3} "))?;
            }
            out.put(Role::Note, "inlined")?;
            out.put(Role::Plain, " as ")?;
        }
        (Style::Gdb, is_numbered) => {
            if is_numbered {
                out.put(Role::Plain, &format!("#{number:<2} "))?;
            }
            if let Some(at) = frame.file_offset.filter(|_| shows_address(reader, line, options)) {
                out.put(Role::Address, &at.to_string())?;
                out.put(Role::Plain, " in ")?;
            }
        }
    }
    out.put(Role::Function, &escaped(&frame.display_name()))?;
    out.put(Role::Plain, " (")?;
    arguments(reader, line.arguments, options, out)?;
    if options.frame_info == FrameInfo::ShortLocation { out.put(Role::Plain, ")") } else { place(frame, options, out) }
}

/// gdb shows where a frame stands unless that is the beginning of its line, or of a call that was inlined into it.
fn shows_address(reader: Reader<'_, '_>, line: &FrameLine<'_>, options: &Options) -> bool {
    if options.frame_info == FrameInfo::LocationAndAddress {
        return true;
    }
    let frame = line.frame;
    if !line.stack.begins_physical(frame) {
        return false;
    }
    // Only the youngest frame can stand at the beginning of a line: the others stand in calls.
    frame.physical > 0 || !begins_line(reader, frame)
}

/// The code of the frame's line begins at its place. Rows that differ in the column alone are one line to gdb.
fn begins_line(reader: Reader<'_, '_>, frame: &Frame) -> bool {
    let row = || {
        let unit = frame.call.as_ref()?.unit;
        let info = reader.program.debug_info(frame.module?)?;
        let (table, _) = info.unit(unit).ok()?.lines()?;
        let at = frame.code_offset?.0;
        let row = table.row_at(at)?;
        let before = table.row_at(at.checked_sub(1)?);
        let same = before.is_some_and(|before| (before.file, before.line) == (row.file, row.line));
        Some(row.address == at && !same)
    };
    row().unwrap_or(false)
}

/// The number that the user sees and types.
pub fn displayed_number(id: usize, frame_count: usize, numbering: FrameNumbering) -> usize {
    match numbering {
        FrameNumbering::Innermost => id,
        FrameNumbering::Outermost => frame_count.saturating_sub(id + 1),
    }
}

/// The end of the arguments, and where the frame stands.
fn place(frame: &Frame, options: &Options, out: &mut dyn Sink) -> Result<(), Stopped> {
    let location = frame.location().and_then(|location| Some((location, location.line?)));
    let address = frame.file_offset.filter(|_| options.style == Style::Reference);
    match (location, address) {
        (Some((location, line)), _) => {
            out.put(Role::Plain, ") at ")?;
            out.put(Role::File, &escaped(&location.file))?;
            match location.column.filter(|_| options.style == Style::Reference) {
                Some(column) => out.put(Role::Plain, &format!(":{line}:{column}")),
                None => out.put(Role::Plain, &format!(":{line}")),
            }
        }
        (None, Some(address)) => {
            out.put(Role::Plain, ") at ")?;
            out.put(Role::Address, &address.to_string())
        }
        (None, None) => out.put(Role::Plain, ")"),
    }
}

fn arguments(
    reader: Reader<'_, '_>,
    arguments: &[Variable],
    options: &Options,
    out: &mut dyn Sink,
) -> Result<(), Stopped> {
    // A backtrace waits for no pass over the module, and needs none for scalars.
    let reader = if options.frame_arguments == FrameArguments::All { reader } else { reader.within_unit() };
    let on_one_line = options.on_one_line();
    let writer = ValueWriter { reader, options: &on_one_line };
    for (index, variable) in arguments.iter().enumerate() {
        if index > 0 {
            out.put(Role::Plain, ", ")?;
        }
        if options.frame_arguments == FrameArguments::Presence {
            return out.put(Role::Plain, "...");
        }
        let name = variable.name.as_deref().unwrap_or("_");
        out.put(Role::Name, &escaped(name))?;
        out.put(Role::Plain, "=")?;
        let object = &variable.object;
        match options.frame_arguments {
            _ if variable.put_off => out.put(Role::Plain, "...")?,
            FrameArguments::All => writer.line(object, out)?,
            FrameArguments::None | FrameArguments::Presence => out.put(Role::Plain, "...")?,
            FrameArguments::Scalars => match present(reader, object, Form::Language) {
                view if !is_scalar(reader, object, &view) => out.put(Role::Plain, "...")?,
                view if writer.form() == Form::Language && !options.object => writer.line_of(object, view, out)?,
                _ => writer.line(object, out)?,
            },
        }
    }
    Ok(())
}

/// gdb's idea: structures, unions and arrays are long, also behind references; everything else is short. Text is
/// short too. `view` is the object's shape.
fn is_scalar(reader: Reader<'_, '_>, object: &Object, view: &View<'_>) -> bool {
    match view {
        View::Wrapped { .. } => {
            let (_, inner, view) = unwrapped(reader, object, Form::Language);
            !matches!(view, View::Wrapped { .. }) && is_scalar(reader, &inner, &view)
        }
        View::Pointer(pointer) if pointer.is_reference && reader.stripped(object).1.language == Language::Cpp => {
            let referent = reader.pointee(object);
            !referent.is_ok_and(|referent| is_long(&unwrapped(reader, &referent, Form::Language).2))
        }
        view => !is_long(view),
    }
}

fn is_long(view: &View<'_>) -> bool {
    matches!(
        view,
        View::Fields { .. } | View::Array(_) | View::Items { .. } | View::Entries { .. } | View::Noted { .. }
    ) || matches!(view, View::Variant { children, .. } if !children.is_empty())
}
