//! Numbers as operators see them: integers of a width and sign that wrap as C's do, and floating point.
//!
//! Knows no program: types are a size, a sign and a rank (C11 section 6.3.1). Languages differ in what they promote.

use crate::dwarf::attribute::sign_extended;
use crate::dwarf::types::Encoding;
use crate::error::{Error, Result};
use crate::expr::ast::BinaryOp;
use crate::value::Scalar;
use crate::value::scalar::ScalarKind;

/// An integer type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntType {
    /// 1 to 16.
    pub size_bytes: u8,
    pub signed: bool,
    /// C's ranks from `int` on, which tell types of one size apart: `int`, `long`, `long long`, `__int128`.
    pub rank: u8,
}

/// A number and its type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// The bits are zero-extended from the type's size.
    Int {
        bits: u128,
        int: IntType,
    },
    Float {
        value: f64,
        size_bytes: u8,
    },
}

impl IntType {
    /// C's `int`.
    pub const INT: IntType = IntType { size_bytes: 4, signed: true, rank: 0 };

    /// `bits` cut to the size.
    pub fn wrap(self, bits: u128) -> u128 {
        match self.size_bytes {
            size @ 0..16 => bits & ((1u128 << (u32::from(size) * 8)) - 1),
            _ => bits,
        }
    }

    /// A number of this type, from any bits.
    pub fn number(self, bits: u128) -> Number {
        Number::Int { bits: self.wrap(bits), int: self }
    }

    /// C's integer promotion: what is smaller than `int` becomes one.
    pub fn promoted(self) -> IntType {
        if self.size_bytes < 4 { IntType::INT } else { self }
    }

    /// The type that an operation on both has in C, once they are promoted.
    pub fn common(self, other: IntType) -> IntType {
        let key = |t: IntType| (t.size_bytes, t.rank);
        let (low, high) = if key(self) < key(other) { (self, other) } else { (other, self) };
        let signed = if low.size_bytes < high.size_bytes { high.signed } else { high.signed && low.signed };
        IntType { signed, ..high }
    }
}

impl Number {
    /// What a scalar is as a number; none for complex and decimal ones.
    pub fn from_scalar(scalar: Scalar, size_bytes: u8, rank: u8) -> Option<Number> {
        match scalar.kind {
            ScalarKind::Base(Encoding::Float) => Some(Number::Float { value: scalar.as_float()?, size_bytes }),
            ScalarKind::Base(Encoding::ComplexFloat | Encoding::Other) => None,
            _ => {
                let int = IntType { size_bytes, signed: scalar.is_signed(), rank };
                Some(int.number(scalar.as_i128() as u128))
            }
        }
    }

    /// Sign-extended where the type is signed; a float cut to a whole number.
    pub fn as_i128(self) -> i128 {
        match self {
            Number::Int { bits, int } if int.signed => sign_extended(bits, u32::from(int.size_bytes) * 8),
            Number::Int { bits, .. } => bits as i128,
            Number::Float { value, .. } => value as i128,
        }
    }

    /// As a floating point number.
    pub fn as_f64(self) -> f64 {
        match self {
            Number::Int { int, .. } if int.signed => self.as_i128() as f64,
            Number::Int { bits, .. } => bits as f64,
            Number::Float { value, .. } => value,
        }
    }

    /// Zero is false.
    pub fn is_zero(self) -> bool {
        match self {
            Number::Int { bits, .. } => bits == 0,
            Number::Float { value, .. } => value == 0.0,
        }
    }

    /// Converted as C converts to an integer type.
    pub fn to_int(self, int: IntType) -> Number {
        match self {
            Number::Int { .. } => int.number(self.as_i128() as u128),
            // Beyond the range of the type C leaves it open: the nearest 128-bit value, cut.
            Number::Float { value, .. } if value < 0.0 => int.number(value as i128 as u128),
            Number::Float { value, .. } => int.number(value as u128),
        }
    }

    /// Converted as Rust's `as` does: floats beyond the type's range become its nearest value, NaN zero.
    pub fn to_int_saturating(self, int: IntType) -> Number {
        let Number::Float { value, .. } = self else { return self.to_int(int) };
        let bits = u32::from(int.size_bytes) * 8;
        if int.signed {
            let highest = i128::MAX >> (128 - bits.clamp(1, 128));
            int.number((value as i128).clamp(-highest - 1, highest) as u128)
        } else {
            let highest = u128::MAX >> (128 - bits.clamp(1, 128));
            int.number((value as u128).min(highest))
        }
    }

    /// Rounded to the size of a floating point type.
    pub fn to_float(self, size_bytes: u8) -> Number {
        let value = self.as_f64();
        let value = if size_bytes == 4 { f64::from(value as f32) } else { value };
        Number::Float { value, size_bytes }
    }

    /// Little-endian, of the type's size.
    pub fn to_bytes(self) -> Vec<u8> {
        let (bits, size_bytes) = match self {
            Number::Int { bits, int } => (bits, int.size_bytes),
            Number::Float { value, size_bytes: 2 } => (u128::from(half_bits(value)), 2),
            Number::Float { value, size_bytes: 4 } => (u128::from((value as f32).to_bits()), 4),
            Number::Float { value, size_bytes: 16 } => (quad_bits(value), 16),
            Number::Float { value, .. } => (u128::from(value.to_bits()), 8),
        };
        bits.to_le_bytes().into_iter().take(usize::from(size_bytes)).collect()
    }

    /// C's integer promotion; floats stay.
    pub fn promoted(self) -> Number {
        match self {
            Number::Int { int, .. } => self.to_int(int.promoted()),
            float => float,
        }
    }

    /// Both in the type that an operation on them has: the larger float, else the common integer.
    pub fn balanced(self, other: Number) -> (Number, Number) {
        match (self, other) {
            (Number::Int { int: a, .. }, Number::Int { int: b, .. }) => {
                let int = a.common(b);
                (self.to_int(int), other.to_int(int))
            }
            (Number::Float { size_bytes: a, .. }, Number::Float { size_bytes: b, .. }) => {
                (self.to_float(a.max(b)), other.to_float(a.max(b)))
            }
            (Number::Float { size_bytes, .. }, _) | (_, Number::Float { size_bytes, .. }) => {
                (self.to_float(size_bytes), other.to_float(size_bytes))
            }
        }
    }

    /// `-self`
    pub fn negated(self) -> Number {
        match self {
            Number::Int { bits, int } => int.number(bits.wrapping_neg()),
            Number::Float { value, size_bytes } => Number::Float { value: -value, size_bytes },
        }
    }
}

/// `left op right` for numbers of one type; shifts take any right one.
///
/// # Errors
/// Division by zero; an operator that only integers have.
pub fn arithmetic(op: BinaryOp, left: Number, right: Number) -> Result<Number> {
    match (left, right) {
        (Number::Int { bits, int }, right) => integers(op, bits, int, right),
        (Number::Float { value, size_bytes }, right) => {
            let right = right.as_f64();
            let value = match op {
                BinaryOp::Add => value + right,
                BinaryOp::Subtract => value - right,
                BinaryOp::Multiply => value * right,
                BinaryOp::Divide => value / right,
                BinaryOp::Remainder => value % right,
                _ => return Err(Error::Usage("Integer-only operation on floating point number.".into())),
            };
            Ok(Number::Float { value, size_bytes }.to_float(size_bytes))
        }
    }
}

fn integers(op: BinaryOp, left: u128, int: IntType, right: Number) -> Result<Number> {
    let bits = u32::from(int.size_bytes) * 8;
    let extended = sign_extended(left, bits);
    let other = right.as_i128();
    let is_zero = int.wrap(other as u128) == 0;
    let divided = |signed: fn(i128, i128) -> i128, unsigned: fn(u128, u128) -> u128| match is_zero {
        true => Err(Error::Usage("Division by zero".into())),
        false if int.signed => Ok(signed(extended, other) as u128),
        false => Ok(unsigned(left, int.wrap(other as u128))),
    };
    let result = match op {
        BinaryOp::Add => left.wrapping_add(other as u128),
        BinaryOp::Subtract => left.wrapping_sub(other as u128),
        BinaryOp::Multiply => left.wrapping_mul(other as u128),
        BinaryOp::Divide => divided(i128::wrapping_div, u128::wrapping_div)?,
        BinaryOp::Remainder => divided(i128::wrapping_rem, u128::wrapping_rem)?,
        BinaryOp::BitAnd => left & other as u128,
        BinaryOp::BitOr => left | other as u128,
        BinaryOp::BitXor => left ^ other as u128,
        BinaryOp::ShiftLeft | BinaryOp::ShiftRight => {
            let count = u32::try_from(other).ok().filter(|count| *count < bits);
            match (op, count) {
                (BinaryOp::ShiftLeft, Some(count)) => left << count,
                (_, Some(count)) if int.signed => (extended >> count) as u128,
                (_, Some(count)) => left >> count,
                // Undefined in C; gdb's answer.
                (BinaryOp::ShiftRight, None) if int.signed && extended < 0 => u128::MAX,
                (_, None) => 0,
            }
        }
        _ => return Err(Error::Usage("Argument to arithmetic operation not a number or boolean.".into())),
    };
    Ok(int.number(result))
}

/// How two numbers of one type compare; none if one is no number.
pub fn compare(left: Number, right: Number) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Number::Int { bits: a, int }, Number::Int { bits: b, .. }) if !int.signed => Some(a.cmp(&b)),
        (Number::Int { .. }, Number::Int { .. }) => Some(left.as_i128().cmp(&right.as_i128())),
        _ => left.as_f64().partial_cmp(&right.as_f64()),
    }
}

/// IEEE 754 binary16 of a value, cut towards zero.
fn half_bits(value: f64) -> u16 {
    let bits = value.to_bits();
    let sign = (bits >> 48) as u16 & 0x8000;
    let exponent = (bits >> 52 & 0x7ff) as i64 - 1023;
    let fraction = bits & ((1 << 52) - 1);
    match exponent {
        1024 if fraction != 0 => sign | 0x7e00,
        16.. => sign | 0x7c00,
        -14..=15 => sign | ((exponent + 15) as u16) << 10 | (fraction >> 42) as u16,
        -24..=-15 => sign | ((fraction | 1 << 52) >> (42 + -14 - exponent)) as u16,
        _ => sign,
    }
}

/// IEEE 754 binary128 of a value (C's `long double` on wasm); subnormal f64 become zero.
fn quad_bits(value: f64) -> u128 {
    let bits = value.to_bits();
    let sign = u128::from(bits >> 63) << 127;
    let exponent = bits >> 52 & 0x7ff;
    let fraction = u128::from(bits & ((1 << 52) - 1)) << 60;
    match exponent {
        0 => sign,
        0x7ff => sign | 0x7fff << 112 | fraction,
        exponent => sign | u128::from(exponent + 16383 - 1023) << 112 | fraction,
    }
}
pub fn complement(number: Number) -> Result<Number> {
    match number {
        Number::Int { bits, int } => Ok(int.number(!bits)),
        Number::Float { .. } => Err(Error::Usage("Argument to complement operation not an integer, boolean.".into())),
    }
}
