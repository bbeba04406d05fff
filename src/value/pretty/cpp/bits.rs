//! `std::vector<bool>` and `std::bitset`: elements of one bit, the lowest bit of a word first.

use crate::dwarf::Language;
use crate::dwarf::types::Encoding;
use crate::value::object::{BitRange, Object};
use crate::value::view::{ItemStyle, View};

use super::super::part::{Formed, Part};
use super::super::walk::Indexed;
use super::vector::extent;

/// `{true, false}`.
pub fn vector<'a>(vector: &Part<'a, '_>) -> Formed<View<'a>> {
    let address = vector.find("__begin_")?.address()?;
    let count = vector.find("__size_")?.number()?;
    vector.check_count(count.div_ceil(8), 1, address)?;
    vector.check_pointer(count, 1, address)?;
    let word = vector.at(address, vector.reader.types().void()).object;
    Ok(bits(vector, word, count))
}

/// `{true, false}`, bit 0 first.
pub fn bitset<'a>(bitset: &Part<'a, '_>) -> Formed<View<'a>> {
    let words = bitset.find("__first_")?;
    let whole = bitset.size_of(words.type_id)?.saturating_mul(8);
    let count = extent(bitset.found.name.as_deref().unwrap_or_default()).unwrap_or(whole).min(whole);
    Ok(bits(bitset, words.object, count))
}

fn bits<'a>(owner: &Part<'a, '_>, first: Object, count: u64) -> View<'a> {
    let element = owner.reader.types().base("bool", Encoding::Boolean, 1, Language::Cpp);
    let place = move |index: u64| {
        let bits = Some(BitRange { offset_bits: index % 8, size_bits: 1 });
        Object { bits, ..first.part(element, index / 8) }
    };
    View::Items { count: Some(count), children: Box::new(Indexed::new(count, place)), style: ItemStyle::Sequence }
}
