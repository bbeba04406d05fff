//! Attributes of a DIE as plain values: strings, numbers, references.

use gimli::{AttributeValue, DwAt};

use super::Reader;
use super::debug_info::{DebugInfo, DieRef, Unit, UnitId};

/// One DIE's attributes, as gimli has read them.
pub type Entry<'f> = gimli::DebuggingInformationEntry<Reader<'f>>;

/// A string attribute; none if absent or not UTF-8.
pub fn string<'f>(unit: &Unit<'f>, entry: &Entry<'f>, at: DwAt) -> Option<&'f str> {
    let value = entry.attr_value(at)?;
    let bytes = unit.dwarf.attr_string(&unit.unit, value).ok()?;
    std::str::from_utf8(bytes.slice()).ok()
}

/// A DIE's name.
pub fn name<'f>(unit: &Unit<'f>, entry: &Entry<'f>) -> Option<&'f str> {
    string(unit, entry, gimli::DW_AT_name)
}

/// A DIE's linkage name, in its standard and its older form.
pub fn linkage_name<'f>(unit: &Unit<'f>, entry: &Entry<'f>) -> Option<&'f str> {
    string(unit, entry, gimli::DW_AT_linkage_name).or_else(|| string(unit, entry, gimli::DW_AT_MIPS_linkage_name))
}

/// A non-negative constant.
pub fn unsigned(entry: &Entry<'_>, at: DwAt) -> Option<u64> {
    entry.attr_value(at)?.udata_value()
}

/// A flag that is present and set.
pub fn flag(entry: &Entry<'_>, at: DwAt) -> bool {
    matches!(entry.attr_value(at), Some(AttributeValue::Flag(true)))
}

/// The DIE that an attribute refers to, in this unit, another one of the module or a type unit.
pub fn reference<'f>(info: &DebugInfo<'f>, unit: UnitId, entry: &Entry<'f>, at: DwAt) -> Option<DieRef> {
    info.resolve(unit, entry.attr_value(at)?)
}

/// A constant of any size; fixed-size forms as their bits, and how many bits they have (128 for LEB forms,
/// which are extended by their own sign).
pub fn constant(entry: &Entry<'_>, at: DwAt) -> Option<(u128, u32)> {
    Some(match entry.attr_value(at)? {
        AttributeValue::Data1(v) => (u128::from(v), 8),
        AttributeValue::Data2(v) => (u128::from(v), 16),
        AttributeValue::Data4(v) => (u128::from(v), 32),
        AttributeValue::Data8(v) => (u128::from(v), 64),
        AttributeValue::Data16(v) => (v, 128),
        AttributeValue::Sdata(v) => (i128::from(v) as u128, 128),
        AttributeValue::Udata(v) => (u128::from(v), 128),
        AttributeValue::Block(block) => {
            let bytes = block.slice();
            let mut bits = [0u8; 16];
            bits.get_mut(..bytes.len())?.copy_from_slice(bytes);
            (u128::from_le_bytes(bits), bytes.len() as u32 * 8)
        }
        _ => return None,
    })
}

/// The low `size_bits` bits of `bits`, extended by the highest of them.
pub fn sign_extended(bits: u128, size_bits: u32) -> i128 {
    match size_bits {
        0 => 0,
        1..=127 => ((bits << (128 - size_bits)) as i128) >> (128 - size_bits),
        _ => bits as i128,
    }
}
