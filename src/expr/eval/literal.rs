//! Literals to objects: their types are those that their language gives them, with the target's sizes.

use crate::dwarf::Language;
use crate::dwarf::types::{Encoding, TypeId};
use crate::error::{Error, Result};
use crate::expr::ast::{
    BaseName, CharLiteral, FloatLiteral, FloatSuffix, IntLiteral, IntSuffix, Radix, StringLiteral, TextPrefix,
};
use crate::value::object::Object;

use super::evaluator::Evaluator;
use super::number::{IntType, Number};

impl Evaluator<'_, '_, '_> {
    /// A whole number, of the first type that holds it (C11 section 6.4.4.1).
    pub(super) fn int_literal(&self, literal: &IntLiteral) -> Result<Object> {
        if let IntSuffix::Rust { signed, bits } = literal.suffix {
            let size_bytes = bits.map_or(self.names.address_bytes(), |bits| bits / 8);
            let letter = if signed { 'i' } else { 'u' };
            let name = bits.map_or_else(|| format!("{letter}size"), |bits| format!("{letter}{bits}"));
            let encoding = if signed { Encoding::Signed } else { Encoding::Unsigned };
            let type_id = self.types().base(&name, encoding, u64::from(size_bytes), Language::Rust);
            let number = IntType { size_bytes, signed, rank: 0 }.number(literal.value);
            return Ok(self.computed(type_id, &number.to_bytes()));
        }
        let (unsigned, longs) = match literal.suffix {
            IntSuffix::C { unsigned, longs } => (unsigned, longs),
            _ => (false, 0),
        };
        let sizes = [4, self.names.address_bytes(), 8, 16];
        let may_be_unsigned = unsigned || literal.radix != Radix::Decimal;
        for (rank, size_bytes) in (0u8..).zip(sizes).skip(usize::from(longs)) {
            for signed in [true, false] {
                let bits = u32::from(size_bytes) * 8 - u32::from(signed);
                let fits = bits == 128 || literal.value >> bits == 0;
                if fits && (if signed { !unsigned } else { may_be_unsigned || size_bytes == 16 }) {
                    return Ok(self.of_number(IntType { size_bytes, signed, rank }.number(literal.value)));
                }
            }
        }
        Err(Error::Usage("Numeric constant too large.".into()))
    }

    /// A floating point number.
    pub(super) fn float_literal(&self, literal: &FloatLiteral) -> Object {
        let size_bytes = match literal.suffix {
            FloatSuffix::Float | FloatSuffix::F32 => 4,
            FloatSuffix::LongDouble => 16,
            FloatSuffix::None | FloatSuffix::F64 => 8,
        };
        self.of_number(Number::Float { value: literal.value, size_bytes: 8 }.to_float(size_bytes))
    }

    /// A character.
    pub(super) fn char_literal(&self, literal: &CharLiteral) -> Object {
        let value = literal.value.to_le_bytes();
        let (type_id, size) = self.character(literal.prefix);
        self.computed(type_id, value.get(..size).unwrap_or(&value))
    }

    /// An array of the characters and the terminating zero that C puts behind them.
    pub(super) fn string_literal(&self, literal: &StringLiteral) -> Object {
        let (element, size) = match literal.prefix {
            TextPrefix::Wide | TextPrefix::Utf16 | TextPrefix::Utf32 => self.character(literal.prefix),
            _ => (self.types().base("char", Encoding::SignedChar, 1, Language::C), 1),
        };
        let mut bytes: Vec<u8> = match size {
            1 => literal.bytes.clone(),
            2 => String::from_utf8_lossy(&literal.bytes).encode_utf16().flat_map(u16::to_le_bytes).collect(),
            _ => String::from_utf8_lossy(&literal.bytes).chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
        };
        bytes.extend(std::iter::repeat_n(0, size));
        let count = bytes.len().checked_div(size).unwrap_or(0) as u64;
        let type_id = self.types().array_of(element, Some(count), Language::C);
        self.computed(type_id, &bytes)
    }

    /// The type of a character, and its bytes.
    fn character(&self, prefix: TextPrefix) -> (TypeId, usize) {
        let types = self.types();
        match prefix {
            TextPrefix::Byte => (types.base("u8", Encoding::Unsigned, 1, Language::Rust), 1),
            TextPrefix::Wide => (types.base("wchar_t", Encoding::Signed, 4, Language::C), 4),
            TextPrefix::Utf16 => (types.base("char16_t", Encoding::Utf, 2, Language::C), 2),
            TextPrefix::Utf32 => (types.base("char32_t", Encoding::Utf, 4, Language::C), 4),
            TextPrefix::None | TextPrefix::CString => {
                let char_type = self.names.base_type(BaseName::Char);
                (char_type, types.size_of(char_type).map_or(1, |size| size as usize))
            }
        }
    }
}
