//! One decoded number, character, boolean or pointer.

use crate::dwarf::types::Encoding;

/// What the bits of a scalar mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScalarKind {
    /// A base type.
    Base(Encoding),
    /// An address in linear memory; for functions an index into the table.
    Pointer,
    /// An enumerator, or a combination of flags; signed or not as its underlying type.
    Enumerator { signed: bool },
}

/// Up to 128 bits and what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scalar {
    /// Zero-extended.
    pub bits: u128,
    /// 1 to 128.
    pub size_bits: u32,
    pub kind: ScalarKind,
}

impl Scalar {
    /// From little-endian bytes; at most 16 are used.
    pub fn from_bytes(bytes: &[u8], kind: ScalarKind) -> Self {
        let mut word = [0u8; 16];
        word.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        let size_bits = (bytes.len().min(16) * 8) as u32;
        Scalar { bits: u128::from_le_bytes(word), size_bits, kind }
    }

    /// The same value in more bits; bits above the own ones are dropped first.
    pub fn extended(self, size_bits: u32) -> Self {
        let own = match self.size_bits {
            size @ 0..128 => self.bits & ((1u128 << size) - 1),
            _ => self.bits,
        };
        let narrow = Scalar { bits: own, ..self };
        let bits = narrow.as_i128() as u128;
        let bits = if size_bits < 128 { bits & ((1u128 << size_bits) - 1) } else { bits };
        Scalar { bits, size_bits, kind: self.kind }
    }

    /// Negative values exist in this type.
    pub fn is_signed(self) -> bool {
        match self.kind {
            ScalarKind::Base(encoding) => matches!(encoding, Encoding::Signed | Encoding::SignedChar),
            ScalarKind::Enumerator { signed } => signed,
            ScalarKind::Pointer => false,
        }
    }

    /// The value as a floating point type, or its conversion, is meant.
    pub fn is_float(self) -> bool {
        self.kind == ScalarKind::Base(Encoding::Float)
    }

    /// As a signed integer, extended by the type's own sign; a float's bits.
    pub fn as_i128(self) -> i128 {
        if self.is_signed() {
            crate::dwarf::attribute::sign_extended(self.bits, self.size_bits)
        } else {
            self.bits as i128
        }
    }

    /// The low 64 bits: an address.
    pub fn as_address(self) -> u64 {
        self.bits as u64
    }

    /// The value is zero, false or null.
    pub fn is_zero(self) -> bool {
        match self.as_float() {
            Some(value) => value == 0.0,
            None => self.bits == 0,
        }
    }

    /// A floating point value; none for other kinds and for sizes that no wasm compiler has.
    pub fn as_float(self) -> Option<f64> {
        if !self.is_float() {
            return None;
        }
        match self.size_bits {
            16 => Some(half_to_f64(self.bits as u16)),
            32 => Some(f64::from(f32::from_bits(self.bits as u32))),
            64 => Some(f64::from_bits(self.bits as u64)),
            80 => Some(extended_to_f64(self.bits)),
            128 => Some(quad_to_f64(self.bits)),
            _ => None,
        }
    }
}

/// The 80 bits of Zig's `f80`, whose leading one is written.
fn extended_to_f64(bits: u128) -> f64 {
    let sign = if bits >> 79 & 1 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = ((bits >> 64 & 0x7fff) as i32, bits as u64);
    match exponent {
        0x7fff if fraction << 1 == 0 => sign * f64::INFINITY,
        0x7fff => f64::NAN,
        // In two steps: a power of two alone may be beyond what a double holds.
        _ => {
            let power = (exponent.max(1) - 16383 - 63).clamp(-2200, 2200);
            sign * fraction as f64 * 2f64.powi(power / 2) * 2f64.powi(power - power / 2)
        }
    }
}

/// IEEE 754 binary16.
fn half_to_f64(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    match exponent {
        0 => sign * fraction * 2f64.powi(-24),
        0x1f if fraction == 0.0 => sign * f64::INFINITY,
        0x1f => f64::NAN,
        _ => sign * (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    }
}

/// IEEE 754 binary128 (C's `long double` on wasm), rounded towards zero to what an f64 holds.
fn quad_to_f64(bits: u128) -> f64 {
    let sign = (bits >> 127) as u64;
    let exponent = (bits >> 112 & 0x7fff) as i64;
    let fraction = bits & ((1u128 << 112) - 1);
    let (exponent64, fraction64) = match exponent {
        0x7fff if fraction != 0 => (0x7ff, 1u64 << 51),
        0x7fff => (0x7ff, 0),
        _ => match exponent - 16383 + 1023 {
            e @ 1..=0x7fe => (e as u64, (fraction >> 60) as u64),
            e if e > 0x7fe => (0x7ff, 0),
            _ => (0, 0),
        },
    };
    f64::from_bits(sign << 63 | exponent64 << 52 | fraction64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quad_of_one_and_a_half_is_one_and_a_half() {
        let bits = (16383u128 << 112) | (1u128 << 111);
        assert_eq!(quad_to_f64(bits), 1.5);
    }

    #[test]
    fn signed_scalars_are_extended_by_their_own_sign() {
        let scalar = Scalar::from_bytes(&[0xff, 0xff], ScalarKind::Base(Encoding::Signed));
        assert_eq!(scalar.as_i128(), -1);
        let scalar = Scalar::from_bytes(&[0xff, 0xff], ScalarKind::Base(Encoding::Unsigned));
        assert_eq!(scalar.as_i128(), 0xffff);
    }

    #[test]
    fn extended_floats_have_their_leading_one_written() {
        assert_eq!(extended_to_f64(0x4000_e000_0000_0000_0000), 3.5);
        assert_eq!(extended_to_f64(0xbfff_8000_0000_0000_0000), -1.0);
        assert_eq!(extended_to_f64(0), 0.0);
        assert_eq!(extended_to_f64(0x7fff_8000_0000_0000_0000), f64::INFINITY);
        assert!(extended_to_f64(0x7fff_c000_0000_0000_0000).is_nan());
        assert_eq!(extended_to_f64(0x3c00_8000_0000_0000_0000), 2f64.powi(-1023));
    }
}
