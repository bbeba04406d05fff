//! Numbers, characters and strings as typed, references to the history, and the places where things stand.

/// A range of bytes in the text that was parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// Of the first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// From the start of `self` to the end of `other`.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start, end: other.end }
    }

    /// The part of `text` that it covers; empty if `text` is not what was parsed.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// A whole number as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntLiteral {
    pub value: u128,
    pub radix: Radix,
    pub suffix: IntSuffix,
}

/// The base a number was written in: in C, other ones than ten may become unsigned types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Radix {
    /// `0b101`
    Binary,
    /// `017`, or `0o17`.
    Octal,
    /// `17`
    Decimal,
    /// `0x17`
    Hex,
}

/// What follows the digits of a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntSuffix {
    /// The language's rule decides on the type.
    None,
    /// C: `u`, and `l` none to two times.
    C { unsigned: bool, longs: u8 },
    /// Rust: `u8` to `i128`, `usize`, `isize` (`bits` is none for these two).
    Rust { signed: bool, bits: Option<u8> },
}

/// A floating-point number as typed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FloatLiteral {
    pub value: f64,
    pub suffix: FloatSuffix,
}

/// What follows the digits of a floating-point number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FloatSuffix {
    None,
    /// C: `f`.
    Float,
    /// C: `l`.
    LongDouble,
    /// Rust: `f32`.
    F32,
    /// Rust: `f64`.
    F64,
}

/// A character as typed; `value` is its code point, or the number of a numeric escape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CharLiteral {
    pub value: u32,
    pub prefix: TextPrefix,
}

/// A string as typed, adjacent ones joined, escapes resolved, without a terminating NUL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StringLiteral {
    /// UTF-8, except where an escape gives another byte.
    pub bytes: Vec<u8>,
    pub prefix: TextPrefix,
}

/// What stands before the quote of a character or string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextPrefix {
    /// Nothing, or C's `u8`.
    None,
    /// Rust: `b`.
    Byte,
    /// Rust: `c`.
    CString,
    /// C: `L`.
    Wide,
    /// C: `u`.
    Utf16,
    /// C: `U`.
    Utf32,
}

/// Which value of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryIndex {
    /// `$N`: counted from 1.
    Absolute(u64),
    /// `$` is 0, `$$` is 1, `$$N` is N: counted back from the last.
    Back(u64),
}
