//! Zig's slices: a pointer and a length. Slices of bytes are text where all of it can be read as such: Zig has no type
//! for text.

use crate::dwarf::types::{Encoding, TypeId, TypeKind};
use crate::limits::MAX_STRING_BYTES;
use crate::value::characters::text_of;
use crate::value::view::{Text, View};

use super::super::part::{Formed, Part};

/// Text or elements.
pub fn view<'a>(slice: &Part<'a, '_>) -> Formed<View<'a>> {
    let length = slice.member("len")?.number()?;
    let (pointer, element) = slice.member("ptr")?.pointer()?;
    let address = slice.reader.scalar(&pointer.object)?.as_address();
    slice.check_count(length, slice.size_of(element)?, address)?;
    if is_byte(slice, element) && length > 0 && length <= MAX_STRING_BYTES as u64 {
        let text = text_of(slice.reader, &slice.at(address, element).object, length)?;
        if is_printable(&text.bytes) {
            return Ok(View::Text(Text { is_utf8: true, ..text }));
        }
    }
    slice.array(address, element, length)
}

fn is_byte(slice: &Part<'_, '_>, element: TypeId) -> bool {
    let (_, found) = slice.reader.types().strip(element);
    let is_number = matches!(found.kind, TypeKind::Base(Encoding::Unsigned | Encoding::UnsignedChar));
    is_number && found.name.as_deref() == Some("u8")
}

/// UTF-8 without control characters other than those of text.
pub fn is_printable(bytes: &[u8]) -> bool {
    let is_text = |c: char| !c.is_control() || matches!(c, '\n' | '\t' | '\r');
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(is_text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_with_control_characters_are_no_text() {
        assert!(is_printable("dépôt\n".as_bytes()));
        assert!(!is_printable(b"a\0b"));
        assert!(!is_printable(&[0xff, 0x20]));
    }
}
