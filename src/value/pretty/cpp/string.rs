//! `std::string` and its siblings. libc++ keeps short texts in the object (`__s`) and long ones behind a pointer (`__l`);
//! which of the two is told by one bit, whose place depends on the library's version and ABI.

use crate::value::characters::text_of;
use crate::value::view::View;

use super::super::part::{Formed, Part};

/// The text, without its NUL.
pub fn view<'a>(string: &Part<'a, '_>) -> Formed<View<'a>> {
    let (short, long) = (string.find("__s")?, string.find("__l")?);
    let data = short.find("__data_")?;
    // The class's own name for its characters says less.
    let element = string.argument_at(0).or_else(|_| data.element())?;
    if is_long(&short)? {
        let address = long.find("__data_")?.address()?;
        let length = long.find("__size_")?.number()?;
        string.check_count(length, string.size_of(element)?, address)?;
        string.check_pointer(length, 1, address)?;
        return Ok(View::Text(text_of(string.reader, &string.at(address, element).object, length)?));
    }
    let capacity = string.size_of(data.type_id)? / string.size_of(element)?.max(1);
    let length = short_length(&short)?.min(capacity);
    Ok(View::Text(text_of(string.reader, &data.object.part(element, 0), length)?))
}

fn is_long(short: &Part<'_, '_>) -> Formed<bool> {
    match short.inside("__is_long_") {
        Some(flag) => Ok(flag.number()? != 0),
        None => Ok(flagged_size(short)?.0),
    }
}

fn short_length(short: &Part<'_, '_>) -> Formed<u64> {
    match short.inside("__is_long_") {
        Some(_) => short.find("__size_")?.number(),
        None => Ok(flagged_size(short)?.1),
    }
}

/// Before LLVM 14 the bit is part of the short text's length: its lowest one where the length comes first, its
/// highest one where it comes last.
fn flagged_size(short: &Part<'_, '_>) -> Formed<(bool, u64)> {
    let size = short.find("__size_")?;
    let number = size.number()? & 0xff;
    let is_first = size.object.address() == short.object.address();
    Ok(if is_first { (number & 1 == 1, number >> 1) } else { (number & 0x80 != 0, number & 0x7f) })
}

/// `std::string_view`: a pointer and a length.
pub fn string_view<'a>(text: &Part<'a, '_>) -> Formed<View<'a>> {
    let (pointer, element) = text.find_any(&["__data_", "__data"])?.pointer()?;
    let address = text.reader.scalar(&pointer.object)?.as_address();
    let length = text.find_any(&["__size_", "__size"])?.number()?;
    text.check_count(length, text.size_of(element)?, address)?;
    text.check_pointer(length, 1, address)?;
    Ok(View::Text(text_of(text.reader, &text.at(address, element).object, length)?))
}

/// `std::filesystem::path`: its text.
pub fn path<'a>(path: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(View::Wrapped { prefix: "", inner: path.member("__pn_")?.object })
}
