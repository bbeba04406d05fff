//! Streams in memory: the text that was written to them, or that they read from (`str()` of `std::ostringstream`); and
//! what `std::regex` has found in a text.

use crate::error::Error;
use crate::value::characters::text_of;
use crate::value::view::{FieldStyle, View};

use super::super::part::{Formed, Part};

/// `std::ios_base::in` and `out` of libc++.
const IN: u64 = 0x08;
const OUT: u64 = 0x10;

/// A string stream: its buffer.
pub fn stream<'a>(stream: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(View::Wrapped { prefix: "", inner: stream.member("__sb_")?.object })
}

/// `std::stringbuf`: from the first place of its put area to the highest one written, else its get area.
pub fn buffer<'a>(buffer: &Part<'a, '_>) -> Formed<View<'a>> {
    let mode = buffer.member("__mode_")?.number()?;
    let address = |name: &str| buffer.member(name)?.address();
    let (_, unit) = buffer.member("__bout_")?.pointer()?;
    let (begin, end) = match mode {
        _ if mode & OUT != 0 => (address("__bout_")?, address("__nout_")?.max(address("__hm_")?)),
        _ if mode & IN != 0 => (address("__binp_")?, address("__einp_")?),
        _ => (0, 0),
    };
    between(buffer, begin, end, unit)
}

/// The characters from `begin` to `end`.
fn between<'a>(part: &Part<'a, '_>, begin: u64, end: u64, unit: crate::dwarf::types::TypeId) -> Formed<View<'a>> {
    let size = part.size_of(unit)?.max(1);
    let Some(bytes) = end.checked_sub(begin).filter(|bytes| bytes % size == 0) else {
        let reason = format!("a text from {begin:#x} to {end:#x}: not set, or overwritten");
        return Err(Error::Absent(reason).into());
    };
    part.check_count(bytes / size, size, begin)?;
    part.check_pointer(bytes, 1, begin)?;
    Ok(View::Text(text_of(part.reader, &part.at(begin, unit).object, bytes / size)?))
}

/// `std::sub_match`: the text, or that there is none.
pub fn sub_match<'a>(found: &Part<'a, '_>) -> Formed<View<'a>> {
    if found.member("matched")?.number()? == 0 {
        return Ok(View::Variant { name: "unmatched".into(), children: Vec::new(), style: FieldStyle::Unit });
    }
    let (pointer, unit) = found.member("first")?.pointer()?;
    between(found, pointer.number()?, found.member("second")?.address()?, unit)
}

/// `std::match_results`: the whole and the marked parts.
pub fn matches<'a>(results: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(View::Wrapped { prefix: "", inner: results.member("__matches_")?.object })
}
