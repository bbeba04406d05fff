//! Literals written back: numbers in their base and with their suffix, text with all but plain ASCII escaped.

use std::fmt::{self, Display, Formatter, Write};

use crate::expr::ast::{
    CharLiteral, FloatLiteral, FloatSuffix, HistoryIndex, IntLiteral, IntSuffix, Radix, StringLiteral, TextPrefix,
};

impl Display for IntLiteral {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.radix {
            Radix::Binary => write!(f, "{:#b}", self.value)?,
            Radix::Octal => write!(f, "{:#o}", self.value)?,
            Radix::Decimal => write!(f, "{}", self.value)?,
            Radix::Hex => write!(f, "{:#x}", self.value)?,
        }
        match self.suffix {
            IntSuffix::None => Ok(()),
            IntSuffix::C { unsigned, longs } => {
                f.write_str(if unsigned { "u" } else { "" })?;
                f.write_str(["", "l", "ll"].get(usize::from(longs)).unwrap_or(&"ll"))
            }
            IntSuffix::Rust { signed, bits } => {
                f.write_char(if signed { 'i' } else { 'u' })?;
                match bits {
                    Some(bits) => write!(f, "{bits}"),
                    None => f.write_str("size"),
                }
            }
        }
    }
}

impl Display for FloatLiteral {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // Always with a point or an exponent.
        write!(f, "{:?}", self.value)?;
        f.write_str(match self.suffix {
            FloatSuffix::None => "",
            FloatSuffix::Float => "f",
            FloatSuffix::LongDouble => "l",
            FloatSuffix::F32 => "f32",
            FloatSuffix::F64 => "f64",
        })
    }
}

impl Display for TextPrefix {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TextPrefix::None => "",
            TextPrefix::Byte => "b",
            TextPrefix::CString => "c",
            TextPrefix::Wide => "L",
            TextPrefix::Utf16 => "u",
            TextPrefix::Utf32 => "U",
        })
    }
}

/// A byte or character that means itself between `quote`s.
fn is_plain(c: char, quote: char) -> bool {
    (c == ' ' || c.is_ascii_graphic()) && c != quote && c != '\\'
}

impl Display for CharLiteral {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}'", self.prefix)?;
        match char::from_u32(self.value) {
            Some(c) if is_plain(c, '\'') => f.write_char(c)?,
            _ if self.value < 0o1000 => write!(f, "\\{:03o}", self.value)?,
            Some(_) => write!(f, "\\u{{{:x}}}", self.value)?,
            None => write!(f, "\\x{:x}", self.value)?,
        }
        f.write_char('\'')
    }
}

impl Display for StringLiteral {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}\"", self.prefix)?;
        let wide = matches!(self.prefix, TextPrefix::Wide | TextPrefix::Utf16 | TextPrefix::Utf32);
        if wide {
            for c in String::from_utf8_lossy(&self.bytes).chars() {
                if is_plain(c, '"') { f.write_char(c)? } else { write!(f, "\\u{{{:x}}}", c as u32)? }
            }
        } else {
            for &byte in &self.bytes {
                let c = char::from(byte);
                if is_plain(c, '"') { f.write_char(c)? } else { write!(f, "\\{byte:03o}")? }
            }
        }
        f.write_char('"')
    }
}

impl Display for HistoryIndex {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            HistoryIndex::Back(0) => f.write_str("$"),
            HistoryIndex::Back(1) => f.write_str("$$"),
            HistoryIndex::Back(n) => write!(f, "$${n}"),
            HistoryIndex::Absolute(n) => write!(f, "${n}"),
        }
    }
}
