//! `String` and the other owners of text: `OsString`, `PathBuf`, `CString`. All keep their bytes in a vector or a boxed
//! slice.

use crate::dwarf::Language;
use crate::dwarf::types::Encoding;
use crate::error::Error;
use crate::value::characters::text_of;
use crate::value::view::{Text, View};

use super::super::part::{Formed, Part};

/// A text by the bytes of the vector inside.
pub fn view<'a>(string: &Part<'a, '_>) -> Formed<View<'a>> {
    let buffer = string.find("buf")?;
    let length = string.find("len")?.number()?;
    if let Some(capacity) = string.inside("cap") {
        string.check_capacity(length, capacity.number()?)?;
    }
    text(string, buffer.address()?, length)
}

/// `CString`: a boxed slice with its NUL.
pub fn c_string<'a>(string: &Part<'a, '_>) -> Formed<View<'a>> {
    let length = string.find("length")?.number()?;
    if length == 0 {
        return Err(Error::Absent("no byte for its NUL: not set, or overwritten".into()).into());
    }
    text(string, string.find("data_ptr")?.address()?, length.saturating_sub(1))
}

/// `length` bytes at `address`.
pub fn text<'a>(part: &Part<'a, '_>, address: u64, length: u64) -> Formed<View<'a>> {
    part.check_count(length, 1, address)?;
    part.check_pointer(length, 1, address)?;
    let byte = part.reader.types().base("u8", Encoding::Unsigned, 1, Language::Rust);
    let text = text_of(part.reader, &part.at(address, byte).object, length)?;
    Ok(View::Text(Text { is_utf8: true, ..text }))
}
