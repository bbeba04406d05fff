//! Zig's slices: a pointer and a length. Slices of bytes are text where all of it can be read as such: Zig has no type
//! for text.

use crate::dwarf::types::TypeId;
use crate::limits::MAX_STRING_BYTES;
use crate::value::characters::{is_printable, is_zig_byte, text_of};
use crate::value::view::{Text, View};

use super::super::part::{Formed, Part};
use super::optional::null;

/// Text or elements; `null` of an optional slice that points nowhere.
pub fn view<'a>(slice: &Part<'a, '_>) -> Formed<View<'a>> {
    let (pointer, element) = slice.member("ptr")?.pointer()?;
    let address = slice.reader.scalar(&pointer.object)?.as_address();
    if address == 0 && slice.reader.is_optional(&slice.object) {
        return Ok(null());
    }
    elements(slice, address, element, slice.member("len")?.number()?)
}

/// `length` elements at `address`: text, if they are bytes and all of them can be read as such.
pub fn elements<'a>(part: &Part<'a, '_>, address: u64, element: TypeId, length: u64) -> Formed<View<'a>> {
    let stride = part.size_of(element)?;
    part.check_count(length, stride, address)?;
    part.check_pointer(length, stride, address)?;
    let (_, unit) = part.reader.types().strip(element);
    if is_zig_byte(&unit) && length <= MAX_STRING_BYTES as u64 {
        let text = text_of(part.reader, &part.at(address, element).object, length)?;
        if is_printable(&text.bytes) {
            return Ok(View::Text(Text { is_utf8: true, ..text }));
        }
    }
    part.array(address, element, length)
}
