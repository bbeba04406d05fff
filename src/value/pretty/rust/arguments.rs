//! `fmt::Arguments`: the text that they would be formatted to, as far as the arguments' types are known.

use crate::limits::MAX_POINTED_TEXT_BYTES;
use crate::target::panic::format_arguments::{Memory, new_layout, old_layout};
use crate::value::view::{Text, View};

use super::super::part::{Formed, Part, lacks};

/// The text, and a note if something in it could not be formatted.
pub fn view<'a>(arguments: &Part<'a, '_>) -> Formed<View<'a>> {
    let (program, instance) = (arguments.reader.program, arguments.object.instance);
    let read = |address: u64, length: u64| {
        let mut bytes = vec![0; usize::try_from(length).ok().filter(|length| *length <= MAX_POINTED_TEXT_BYTES)?];
        program.read_memory(instance, address, &mut bytes).ok()?;
        Some(bytes)
    };
    let name = |function: u64| program.table_function_name(instance, function);
    let memory = Memory::new(read, name);
    // Until Rust 1.92 there were pieces of text in a slice.
    let found = match (arguments.own("template"), arguments.object.address()) {
        (Some(template), _) => new_layout(memory, template.address()?, arguments.member("args")?.address()?),
        (None, Some(address)) if arguments.own("pieces").is_some() => old_layout(memory, address),
        _ => return lacks("a template"),
    };
    let Some(found) = found else { return lacks("a template that can be read") };
    let bytes = found.text.into_bytes();
    let text =
        Text { bytes, unit_bytes: 1, truncated: false, is_utf8: true, is_array: false, is_wide: false, units: None };
    Ok(match found.complete {
        true => View::Text(text),
        false => View::Noted { view: Box::new(View::Text(text)), note: "not all is known".into() },
    })
}
