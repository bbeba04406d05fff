//! Which variant of a discriminated record is active.

use crate::dwarf::attribute::sign_extended;
use crate::dwarf::types::{Variant, VariantPart};
use crate::error::Result;

use super::object::Object;
use super::read::Reader;

/// The variant that the discriminant in memory selects; none if it selects none.
///
/// # Errors
/// The discriminant cannot be read.
pub fn active_variant<'p>(
    reader: Reader<'_, '_>,
    object: &Object,
    part: &'p VariantPart,
) -> Result<Option<&'p Variant>> {
    let Some(discriminant) = &part.discriminant else { return Ok(part.variants.first()) };
    let Some(place) = object.member(discriminant) else { return Ok(None) };
    let scalar = reader.scalar(&place)?;
    // Constants are written with their own sign or without one: both extensions are tried.
    let signed = sign_extended(scalar.bits, scalar.size_bits) as u128;
    let exact =
        |value: u128| part.variants.iter().find(|v| v.values.iter().any(|(low, high)| (*low..=*high).contains(&value)));
    Ok(exact(scalar.bits).or_else(|| exact(signed)).or_else(|| part.select(scalar.bits)))
}
