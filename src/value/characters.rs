//! Which types are characters, and the text that C finds behind a pointer to them.

use crate::dwarf::types::{Encoding, Type, TypeKind};
use crate::dwarf::{Language, TypeId, TypeTable};
use crate::error::Result;
use crate::limits::{MAX_POINTED_TEXT_BYTES, MAX_STRING_BYTES, MAX_TYPE_CHAIN};

use super::object::Object;
use super::read::Reader;
use super::view::{Elements, Text};

/// Bytes of a character, if the type (without typedefs) is one that C and C++ treat as text.
pub fn character_bytes(found: &Type) -> Option<u8> {
    if !matches!(found.language, Language::C | Language::Cpp | Language::Other) {
        return None;
    }
    code_unit_bytes(found)
}

/// What a type of C or C++ is as text: bytes of a character, and whether it is `wchar_t`.
pub fn character(types: &TypeTable<'_>, id: TypeId) -> Option<(u8, bool)> {
    if let Some(bytes) = character_bytes(&types.peel(id).1) {
        return Some((bytes, false));
    }
    named_character(types, id).map(|(bytes, prefix)| (bytes, prefix == "L"))
}

/// Bytes of `wchar_t`.
pub fn wide_bytes(types: &TypeTable<'_>, id: TypeId) -> Option<u8> {
    named_character(types, id).filter(|(_, prefix)| *prefix == "L").map(|(bytes, _)| bytes)
}

/// Bytes of a character that is a number to the debug information, and the prefix of its literals: `wchar_t`, a base
/// type of that name in C++ and a typedef in C; C's typedefs `char16_t` and `char32_t`.
pub fn named_character(types: &TypeTable<'_>, id: TypeId) -> Option<(u8, &'static str)> {
    let size = types.size_of(id).filter(|size| matches!(size, 2 | 4))?;
    let size = u8::try_from(size).ok()?;
    let mut id = id;
    for _ in 0..MAX_TYPE_CHAIN {
        let found = types.get(id);
        let is_known = matches!(found.language, Language::C | Language::Cpp | Language::Other);
        let is_named = matches!(found.kind, TypeKind::Base(_) | TypeKind::Typedef { .. });
        match (found.name.as_deref().filter(|_| is_named && is_known), &found.kind) {
            (Some("wchar_t"), _) => return Some((size, "L")),
            (Some("char16_t"), TypeKind::Typedef { .. }) if size == 2 => return Some((size, "u")),
            (Some("char32_t"), TypeKind::Typedef { .. }) if size == 4 => return Some((size, "U")),
            (_, TypeKind::Typedef { target } | TypeKind::Qualified { target, .. }) => id = *target,
            _ => return None,
        }
    }
    None
}

/// A character of Rust's `str`, which only arrays made for boxed texts have.
pub fn is_str(found: &Type) -> bool {
    found.language == Language::Rust
        && matches!(found.kind, TypeKind::Base(Encoding::Utf))
        && found.size_bytes == Some(1)
}

/// Bytes of a code unit of any language's characters.
pub fn code_unit_bytes(found: &Type) -> Option<u8> {
    // clang describes C's wchar_t as a plain int behind a typedef; the typedef is gone here.
    let TypeKind::Base(Encoding::SignedChar | Encoding::UnsignedChar | Encoding::Utf) = found.kind else {
        return None;
    };
    let size = found.size_bytes.filter(|size| matches!(size, 1 | 2 | 4))?;
    u8::try_from(size).ok()
}

/// Zig's `u8`, which is a number and a byte of text.
pub fn is_zig_byte(found: &Type) -> bool {
    let is_number = matches!(found.kind, TypeKind::Base(Encoding::Unsigned | Encoding::UnsignedChar));
    is_number && found.language == Language::Zig && found.name.as_deref() == Some("u8")
}

/// UTF-8 without control characters other than those of text.
pub fn is_printable(bytes: &[u8]) -> bool {
    let is_text = |c: char| !c.is_control() || matches!(c, '\n' | '\t' | '\r');
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(is_text))
}

/// The text behind a pointer of Zig that promises one: `[*:0]const u8`, and `*const [5:0]u8`, the type of literals.
pub fn zig_text(reader: Reader<'_, '_>, object: &Object, address: u64) -> Option<Result<Text>> {
    let (_, pointer) = reader.stripped(object);
    let TypeKind::Pointer { target, .. } = pointer.kind else { return None };
    let (_, pointed) = reader.types().peel(target);
    let name = pointer.name.as_deref()?.trim_start_matches('?');
    let text = match &pointed.kind {
        _ if is_zig_byte(&pointed) && name.starts_with("[*:0]") => text_at(reader, object, address, 1),
        TypeKind::Array(array) if name.contains(":0]u8") && is_zig_byte(&reader.types().strip(array.element).1) => {
            let bytes = Object::in_memory(array.element, address, object.instance);
            // The array's size counts its NUL or not, by version.
            text_of(reader, &bytes, sentinel_length(name)?)
        }
        _ => return None,
    };
    let text = text.map(|text| Text { is_utf8: true, units: None, ..text });
    match text {
        Ok(text) if !is_printable(&text.bytes) => None,
        text => Some(text),
    }
}

/// The text in an array of Zig that promises one: `[5:0]u8`.
pub fn zig_array_text(reader: Reader<'_, '_>, object: &Object, elements: &Elements) -> Option<Text> {
    let (_, found) = reader.stripped(object);
    let name = found.name.as_deref().filter(|name| name.ends_with(":0]u8"))?;
    let first = elements.get(0);
    let length = sentinel_length(name).filter(|_| is_zig_byte(&reader.stripped(&first).1))?;
    let text = text_of(reader, &first, length).ok()?;
    is_printable(&text.bytes).then_some(Text { is_utf8: true, ..text })
}

/// 5 of `*const [5:0]u8`.
fn sentinel_length(name: &str) -> Option<u64> {
    let (before, _) = name.split_once(":0]u8")?;
    before.rsplit_once('[')?.1.parse().ok()
}

/// Bytes of text that are read at once where they are all there; whole code units of any size.
const CHUNK_BYTES: usize = 32;

/// The text at `address`, to its NUL or the limit.
///
/// # Errors
/// The first character cannot be read.
pub fn text_at(reader: Reader<'_, '_>, object: &Object, address: u64, unit_bytes: u8) -> Result<Text> {
    let mut bytes = Vec::new();
    let mut unit = [0u8; 4];
    let unit = unit.get_mut(..usize::from(unit_bytes)).unwrap_or_default();
    let mut at = address;
    let mut truncated = true;
    while bytes.len() < MAX_POINTED_TEXT_BYTES {
        // Most texts are short and lie in one run of memory.
        let mut chunk = [0u8; CHUNK_BYTES];
        if reader.program.read_memory(object.instance, at, &mut chunk).is_ok() {
            let mut units = chunk.chunks_exact(unit.len().max(1));
            let length = units.position(|unit| unit.iter().all(|byte| *byte == 0)).map(|count| count * unit.len());
            bytes.extend_from_slice(chunk.get(..length.unwrap_or(CHUNK_BYTES)).unwrap_or_default());
            if length.is_some() {
                truncated = false;
                break;
            }
            let Some(next) = at.checked_add(CHUNK_BYTES as u64) else { break };
            at = next;
            continue;
        }
        match reader.program.read_memory(object.instance, at, unit) {
            Ok(()) if unit.iter().all(|byte| *byte == 0) => {
                truncated = false;
                break;
            }
            Ok(()) => bytes.extend_from_slice(unit),
            Err(error) if bytes.is_empty() => return Err(error),
            Err(_) => break,
        }
        let Some(next) = at.checked_add(u64::from(unit_bytes)) else { break };
        at = next;
    }
    Ok(Text { bytes, unit_bytes, truncated, is_utf8: false, is_array: false, is_wide: false, units: None })
}

/// `count` code units at `data`, of its type, as far as `MAX_STRING_BYTES` goes.
///
/// # Errors
/// As for [`Reader::bytes`].
pub fn text_of(reader: Reader<'_, '_>, data: &Object, count: u64) -> Result<Text> {
    let unit_bytes = reader.size_of(data)?.clamp(1, 4);
    let whole = count.saturating_mul(unit_bytes);
    let kept = whole.min(MAX_STRING_BYTES as u64);
    let bytes = if kept == 0 { Vec::new() } else { reader.bytes(data, kept)? };
    let units = Some(Elements::new(data.clone(), unit_bytes, count));
    let truncated = kept < whole;
    let is_wide = wide_bytes(reader.types(), data.type_id).is_some();
    Ok(Text { bytes, unit_bytes: unit_bytes as u8, truncated, is_utf8: false, is_array: false, is_wide, units })
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

    #[test]
    fn the_length_of_a_literal_is_in_its_type() {
        assert_eq!(sentinel_length("*const [5:0]u8"), Some(5));
        assert_eq!(sentinel_length("*const [2][5:0]u8"), Some(5));
        assert_eq!(sentinel_length("*const [n:0]u8"), None);
    }
}
