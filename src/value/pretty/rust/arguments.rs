//! `fmt::Arguments`: the text that they would be formatted to, as far as the arguments' types are known.

use crate::limits::MAX_POINTED_TEXT_BYTES;
use crate::target::format_arguments::render;
use crate::value::view::{Text, View};

use super::super::part::{Formed, Part, lacks};

/// The text. Of other layouts than that of Rust 1.93 the members say as much.
pub fn view<'a>(arguments: &Part<'a, '_>) -> Formed<View<'a>> {
    let (template, args) = (arguments.member("template")?.address()?, arguments.member("args")?.address()?);
    let (program, instance) = (arguments.reader.program, arguments.object.instance);
    let read = |address: u64, length: u64| {
        let mut bytes = vec![0; usize::try_from(length).ok().filter(|length| *length <= MAX_POINTED_TEXT_BYTES)?];
        program.read_memory(instance, address, &mut bytes).ok()?;
        Some(bytes)
    };
    let name = |function: u64| program.table_function_name(instance, function);
    let Some(text) = render(template, args, &read, &name) else { return lacks("a template that can be read") };
    let bytes = text.into_bytes();
    Ok(View::Text(Text { bytes, unit_bytes: 1, truncated: false, is_utf8: true, is_array: false, units: None }))
}
