//! Whole numbers of more than 128 bits: Zig's `u256`, clang's `_BitInt(200)`. No arithmetic knows them; they are written
//! in decimal.

use crate::dwarf::types::{Encoding, Type, TypeKind};
use crate::error::Result;

use super::object::Object;
use super::read::Reader;

/// Bytes of the largest number that is written: the time goes with the square of it.
const MAX_BYTES: u64 = 512;

/// Digits that are divided off at once.
const CHUNK: u64 = 1_000_000_000;

/// The decimal digits of `object`, whose type is `found`; none for numbers that are scalars, and for other types.
///
/// # Errors
/// Its bytes cannot be read.
pub fn digits(reader: Reader<'_, '_>, object: &Object, found: &Type) -> Result<Option<String>> {
    let TypeKind::Base(encoding @ (Encoding::Signed | Encoding::Unsigned)) = &found.kind else { return Ok(None) };
    let Some(size) = found.size_bytes.filter(|size| (17..=MAX_BYTES).contains(size) && object.bits.is_none()) else {
        return Ok(None);
    };
    let bytes = reader.bytes(object, size)?;
    let name = found.name.as_deref().unwrap_or_default();
    let bits = name.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(size * 8);
    Ok(Some(decimal(&bytes, bits.clamp(1, size * 8), *encoding == Encoding::Signed)))
}

/// The lowest `bits` of little-endian `bytes`.
fn decimal(bytes: &[u8], bits: u64, is_signed: bool) -> String {
    let word = |chunk: &[u8]| chunk.iter().rev().fold(0u64, |word, byte| word << 8 | u64::from(*byte));
    let mut words: Vec<u64> = bytes.chunks(4).map(word).collect();
    let bit = |words: &[u64], at: u64| words.get((at / 32) as usize).is_some_and(|word| word >> (at % 32) & 1 == 1);
    let is_negative = is_signed && bit(&words, bits - 1);
    let mut carry = true;
    for (index, word) in words.iter_mut().enumerate() {
        let own = bits.saturating_sub(index as u64 * 32).min(32);
        let mask = (1u64 << own) - 1;
        if is_negative {
            // Two's complement.
            *word = !*word & mask;
            let sum = *word + u64::from(carry);
            carry = sum > mask;
            *word = sum & mask;
        } else {
            *word &= mask;
        }
    }
    let mut parts = Vec::new();
    while words.iter().any(|word| *word != 0) {
        let mut rest = 0;
        for word in words.iter_mut().rev() {
            let value = rest << 32 | *word;
            (*word, rest) = (value / CHUNK, value % CHUNK);
        }
        parts.push(rest);
    }
    let mut text = if is_negative { "-".to_owned() } else { String::new() };
    text.push_str(&parts.pop().unwrap_or(0).to_string());
    parts.iter().rev().for_each(|part| text.push_str(&format!("{part:09}")));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_numbers_are_written_as_narrow_ones_are() {
        for value in [0i128, 1, -1, i128::MAX, i128::MIN, 1_000_000_000, -999_999_999_999] {
            let bytes = value.to_le_bytes();
            assert_eq!(decimal(&bytes, 128, true), value.to_string());
            assert_eq!(decimal(&bytes, 128, false), (value as u128).to_string());
        }
        let mut bytes = [0u8; 32];
        bytes[16] = 1;
        assert_eq!(decimal(&bytes, 256, false), "340282366920938463463374607431768211456");
        assert_eq!(decimal(&bytes, 129, true), "-340282366920938463463374607431768211456");
        // What lies above the number's own bits is not part of it.
        assert_eq!(decimal(&[0xff; 32], 129, true), "-1");
        assert_eq!(decimal(&[0xff; 32], 3, false), "7");
    }
}
