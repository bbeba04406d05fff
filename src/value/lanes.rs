//! SIMD vectors: the type of an element, and elements that share bytes: booleans and Zig's odd integers are packed bit
//! by bit, the lowest first.

use crate::dwarf::Language;
use crate::dwarf::types::{Array, Encoding, TypeId, TypeKind};

use super::object::{BitRange, Object};
use super::read::Reader;

/// A vector whose elements do not begin at bytes of their own.
pub struct Lanes {
    first: Object,
    element: TypeId,
    bits: u64,
    pub count: u64,
}

impl Lanes {
    /// Of `object`, an array as `array` says; none if its elements have their own bytes.
    pub fn of(reader: Reader<'_, '_>, object: &Object, array: &Array) -> Option<Self> {
        let count = array.count.filter(|_| array.is_vector)?;
        let (_, found) = reader.types().strip(array.element);
        let size = found.size_bytes?;
        let bits = match &found.kind {
            TypeKind::Base(Encoding::Boolean) => 1,
            TypeKind::Base(Encoding::Signed | Encoding::Unsigned) if found.language == Language::Zig => {
                let name = element_name(found.name.as_deref()?);
                name.strip_prefix(['i', 'u'])?.parse().ok()?
            }
            _ => return None,
        };
        // A compiler may give booleans a byte each, and says so by the vector's size.
        let whole = reader.types().size_of(object.type_id)?;
        let is_packed = bits < size.saturating_mul(8) && whole < size.saturating_mul(count);
        let element = element_type(reader, array);
        let first = object.part(element, 0);
        (is_packed && (1..=128).contains(&bits)).then_some(Lanes { first, element, bits, count })
    }

    /// The element at `index`, which is not checked.
    pub fn get(&self, index: u64) -> Object {
        let at = index.wrapping_mul(self.bits);
        let bits = Some(BitRange { offset_bits: at % 8, size_bits: self.bits });
        Object { bits, ..self.first.part(self.element, at / 8) }
    }
}

/// The type of the elements. Zig gives a vector's element a type of its own, with the name of the vector.
pub fn element_type(reader: Reader<'_, '_>, array: &Array) -> TypeId {
    if !array.is_vector {
        return array.element;
    }
    let found = reader.types().get(array.element);
    match (&found.kind, found.name.as_deref(), found.size_bytes) {
        (TypeKind::Base(encoding), Some(name), Some(size)) if name.starts_with("@Vector(") => {
            reader.types().base(element_name(name), *encoding, size, found.language)
        }
        _ => array.element,
    }
}

/// `i32` of `@Vector(4, i32)`; other names as they are.
fn element_name(name: &str) -> &str {
    let inner = name.strip_prefix("@Vector(").and_then(|rest| rest.strip_suffix(')'));
    inner.and_then(|inner| inner.split_once(',')).map_or(name, |(_, element)| element.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_named_by_their_vector() {
        assert_eq!(element_name("@Vector(4, i32)"), "i32");
        assert_eq!(element_name("bool"), "bool");
    }
}
