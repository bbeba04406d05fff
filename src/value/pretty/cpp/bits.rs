//! `std::vector<bool>` and `std::bitset`, their iterators and references: elements of one bit, the lowest bit of a
//! word first.

use crate::dwarf::Language;
use crate::dwarf::types::Encoding;
use crate::error::Error;
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

/// A reference to one bit: `true`.
pub fn reference<'a>(reference: &Part<'a, '_>) -> Formed<View<'a>> {
    let mask = reference.member("__mask_")?.number()?;
    if !mask.is_power_of_two() {
        let reason = format!("{mask:#x} is no mask of one bit: not set, or overwritten");
        return Err(Error::Absent(reason).into());
    }
    let inner = bit(reference, u64::from(mask.trailing_zeros()))?;
    Ok(View::Wrapped { prefix: "", inner })
}

/// An iterator: the pointer to the word and the number of the bit, as there may be none at the end.
pub fn iterator<'a>(iterator: &Part<'a, '_>) -> Formed<View<'a>> {
    let (word, _) = iterator.member("__seg_")?.pointer()?;
    let bit = iterator.member("__ctz_")?.number()?;
    let pointer = View::Wrapped { prefix: "", inner: word.object };
    Ok(View::Noted { view: Box::new(pointer), note: format!("bit {bit}").into() })
}

/// The bit that an iterator is at; none for other values.
pub fn bit_at(iterator: &Part<'_, '_>) -> Option<Object> {
    let is_iterator = iterator.base_name() == "__bit_iterator" && iterator.found.language == Language::Cpp;
    let number = iterator.own("__ctz_").filter(|_| is_iterator)?.number().ok()?;
    bit(iterator, number).ok()
}

/// The bit `number` of the word that `holder` points at.
fn bit(holder: &Part<'_, '_>, number: u64) -> Formed<Object> {
    let address = holder.member("__seg_")?.address()?;
    holder.check_pointer(1, 1, address)?;
    let element = holder.reader.types().base("bool", Encoding::Boolean, 1, Language::Cpp);
    let byte = holder.at(address.wrapping_add(number / 8), element).object;
    Ok(Object { bits: Some(BitRange { offset_bits: number % 8, size_bits: 1 }), ..byte })
}
