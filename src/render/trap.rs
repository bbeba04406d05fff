//! The reason of a trap as text: one value for the banner, commands, reports and editors.

use crate::dwarf::names::Kind;
use crate::target::panic::told::Unwritten;
use crate::target::trap::TrapReport;
use crate::text::Text;
use crate::value::object::Object;
use crate::value::{InstanceId, Reader};

use super::options::Options;
use super::value::ValueWriter;

/// The message, of several lines where the program's own is. A value that its type's code would have written stands
/// as this debugger shows it, if the debug information knows the type.
pub fn message(reader: Reader<'_, '_>, trap: &TrapReport, options: &Options) -> Option<String> {
    let mut rest = trap.message.as_deref()?;
    let mut text = String::new();
    for value in &trap.values {
        let Some((before, after)) = rest.split_once(&value.placeholder) else { break };
        text.push_str(before);
        text.push_str(&written(reader, value, options).unwrap_or_else(|| value.placeholder.clone()));
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}

/// The message in one line.
pub fn line(reader: Reader<'_, '_>, trap: &TrapReport, options: &Options) -> Option<String> {
    let message = message(reader, trap, options)?;
    let lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
    Some(lines.collect::<Vec<_>>().join("; "))
}

fn written(reader: Reader<'_, '_>, value: &Unwritten, options: &Options) -> Option<String> {
    let stack = reader.program.stack(0).ok()?;
    let frame = stack.frames().first()?;
    let info = reader.program.debug_info(frame.module?)?;
    let die = *info.find(Kind::Type, &value.type_name).first()?;
    let object = Object::in_memory(reader.types().of_die(die), value.address, frame.instance.unwrap_or(InstanceId(0)));
    reader.bytes(&object, reader.size_of(&object).ok()?).ok()?;
    let mut text = Text::new();
    let options = &Options { pretty: false, array: false, ..options.clone() };
    ValueWriter { reader, options }.line(&object, &mut text).ok()?;
    Some(text.to_plain())
}
