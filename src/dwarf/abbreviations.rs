//! Abbreviation tables in bounds: what one would take of memory is worked out before it is built.
//!
//! Five bytes of `.debug_abbrev` become twenty times as many in memory, and each unit may begin its table at another
//! byte of the same section. Compilers write some hundred abbreviations for a unit (DWARF 5 section 7.5.3).

use std::sync::Arc;

use gimli::{Reader as _, Section as _};

use super::Reader;
use super::root::next_attribute;
use crate::limits::MAX_ABBREVIATION_TABLE_BYTES;

/// Bytes in memory of an abbreviation with no more attributes than gimli keeps inside it.
const ABBREVIATION_BYTES: u64 = 104;
/// Attributes that it keeps there.
const ATTRIBUTES_INSIDE: u64 = 5;
/// Bytes of each further attribute, in a vector that grows by doubling.
const ATTRIBUTE_BYTES: u64 = 32;

/// The abbreviations of the unit with `header`; what they take of memory, in bytes, is taken from `budget`.
///
/// # Errors
/// They are broken, or take more than one table may, or than is left of `budget`: a sentence.
pub fn read<'f>(
    dwarf: &gimli::Dwarf<Reader<'f>>,
    header: &gimli::UnitHeader<Reader<'f>>,
    budget: &mut u64,
) -> Result<Arc<gimli::Abbreviations>, String> {
    let most = MAX_ABBREVIATION_TABLE_BYTES.min(*budget);
    let offset = header.debug_abbrev_offset().0;
    let bytes = size(dwarf, offset, most).map_err(|e| e.to_string())?;
    *budget = budget.saturating_sub(bytes.unwrap_or(most));
    if bytes.is_none() {
        let limit = if most < MAX_ABBREVIATION_TABLE_BYTES { "all tables together" } else { "one table" };
        return Err(format!("its abbreviations (.debug_abbrev at {offset:#x}) are more than are read of {limit}"));
    }
    dwarf.abbreviations(header).map_err(|e| e.to_string())
}

/// Bytes that the table at `offset` takes in memory; none if more than `most`.
fn size(dwarf: &gimli::Dwarf<Reader<'_>>, offset: usize, most: u64) -> gimli::Result<Option<u64>> {
    let mut input = *dwarf.debug_abbrev.reader();
    input.skip(offset)?;
    let mut bytes = 0u64;
    // A table at the end of the section may go without its closing zero.
    while !input.is_empty() && input.read_uleb128()? != 0 {
        let _tag = input.read_uleb128()?;
        let _has_children = input.read_u8()?;
        bytes += ABBREVIATION_BYTES;
        let mut attributes = 0u64;
        while next_attribute(&mut input)?.is_some() {
            attributes += 1;
            bytes += if attributes > ATTRIBUTES_INSIDE { ATTRIBUTE_BYTES } else { 0 };
            if bytes > most {
                return Ok(None);
            }
        }
        if bytes > most {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}
