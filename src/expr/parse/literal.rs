//! Numbers, characters and strings: from their spelling to their value.
//!
//! C 2011 section 6.4.4 and the Rust reference, "Literal expressions". Errors have gdb's wording.

use crate::error::{Error, Result};
use crate::expr::ast::{CharLiteral, FloatLiteral, FloatSuffix, IntLiteral, IntSuffix, Radix, TextPrefix};
use crate::expr::parse::token::Tok;

/// The value of `text`, a number with its suffix. `c_octal`: a leading zero means base eight.
pub fn number<'a>(text: &str, c_octal: bool) -> Result<Tok<'a>> {
    let (radix, digits) = radix_of(text, c_octal);
    if is_float(text, radix) {
        return float(text, radix).map(Tok::Float);
    }
    let end = digits.find(|c: char| c != '_' && !c.is_digit(digit_base(radix))).unwrap_or(digits.len());
    let (digits, suffix) = digits.split_at(end);
    let suffix = match int_suffix(suffix) {
        Some(suffix) => suffix,
        // Rust's `1f32` is a float without a dot.
        None if radix == Radix::Decimal && matches!(suffix, "f32" | "f64") => {
            return float(text, radix).map(Tok::Float);
        }
        None => return Err(invalid_number(text)),
    };
    let bare: String = digits.chars().filter(|c| *c != '_').collect();
    if bare.is_empty() || bare.chars().any(|c| !c.is_digit(base(radix))) {
        return Err(invalid_number(text));
    }
    let value = u128::from_str_radix(&bare, base(radix)).map_err(|_| too_large())?;
    let limit = if matches!(suffix, IntSuffix::Rust { bits: Some(128), .. }) { u128::MAX } else { u64::MAX.into() };
    if value > limit {
        return Err(too_large());
    }
    Ok(Tok::Int(IntLiteral { value, radix, suffix }))
}

fn invalid_number(text: &str) -> Error {
    Error::Usage(format!("Invalid number \"{text}\"."))
}

fn too_large() -> Error {
    Error::Usage("Numeric constant too large.".into())
}

fn radix_of(text: &str, c_octal: bool) -> (Radix, &str) {
    let prefixed = |letters: [char; 2]| text.strip_prefix('0').and_then(|rest| rest.strip_prefix(letters));
    if let Some(digits) = prefixed(['x', 'X']) {
        (Radix::Hex, digits)
    } else if let Some(digits) = prefixed(['b', 'B']) {
        (Radix::Binary, digits)
    } else if let Some(digits) = prefixed(['o', 'O']) {
        (Radix::Octal, digits)
    } else if c_octal
        && text.len() > 1
        && text.starts_with('0')
        && text.as_bytes().get(1).is_some_and(|b| is_octal_part(*b))
    {
        (Radix::Octal, text)
    } else {
        (Radix::Decimal, text)
    }
}

fn is_octal_part(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'_'
}

fn base(radix: Radix) -> u32 {
    match radix {
        Radix::Binary => 2,
        Radix::Octal => 8,
        Radix::Decimal => 10,
        Radix::Hex => 16,
    }
}

/// Digits that belong to the number, right or wrong: the 8 of `08` is a wrong digit, not a suffix.
fn digit_base(radix: Radix) -> u32 {
    base(radix).max(10)
}

fn is_float(text: &str, radix: Radix) -> bool {
    match radix {
        Radix::Hex => text.contains(['.', 'p', 'P']),
        Radix::Binary => false,
        // `01.5` and `01e3` are decimal after all.
        Radix::Octal | Radix::Decimal => {
            text.contains('.')
                || text.find(['e', 'E']).is_some_and(|at| text[..at].bytes().all(|b| b.is_ascii_digit() || b == b'_'))
        }
    }
}

fn int_suffix(text: &str) -> Option<IntSuffix> {
    let rust = |signed, bits| Some(IntSuffix::Rust { signed, bits });
    match text {
        "" => Some(IntSuffix::None),
        "u8" => rust(false, Some(8)),
        "u16" => rust(false, Some(16)),
        "u32" => rust(false, Some(32)),
        "u64" => rust(false, Some(64)),
        "u128" => rust(false, Some(128)),
        "usize" => rust(false, None),
        "i8" => rust(true, Some(8)),
        "i16" => rust(true, Some(16)),
        "i32" => rust(true, Some(32)),
        "i64" => rust(true, Some(64)),
        "i128" => rust(true, Some(128)),
        "isize" => rust(true, None),
        _ => {
            let lower = text.to_ascii_lowercase();
            let (unsigned, longs) = match lower.as_str() {
                "u" => (true, 0),
                "l" => (false, 1),
                "ll" => (false, 2),
                "ul" | "lu" => (true, 1),
                "ull" | "llu" => (true, 2),
                _ => return None,
            };
            Some(IntSuffix::C { unsigned, longs })
        }
    }
}

fn float(text: &str, radix: Radix) -> Result<FloatLiteral> {
    let suffixes = [
        ("f32", FloatSuffix::F32),
        ("f64", FloatSuffix::F64),
        ("f", FloatSuffix::Float),
        ("F", FloatSuffix::Float),
        ("l", FloatSuffix::LongDouble),
        ("L", FloatSuffix::LongDouble),
    ];
    let (digits, suffix) = suffixes
        .iter()
        .find_map(|(spelling, suffix)| Some((text.strip_suffix(spelling)?, *suffix)))
        .unwrap_or((text, FloatSuffix::None));
    let digits: String = digits.chars().filter(|c| *c != '_').collect();
    let value = if radix == Radix::Hex { hex_float(&digits) } else { decimal_float(&digits) };
    let value = value.ok_or_else(|| invalid_number(text))?;
    if value.is_infinite() {
        return Err(too_large());
    }
    Ok(FloatLiteral { value, suffix })
}

fn decimal_float(digits: &str) -> Option<f64> {
    // `parse` knows "inf" and "nan", which are names here.
    if digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-')) {
        digits.parse().ok()
    } else {
        None
    }
}

/// `0x1.8p3`: more than 16 significant digits are cut, not rounded.
fn hex_float(digits: &str) -> Option<f64> {
    let digits = digits.get(2..)?;
    let (mantissa, exponent) = digits.split_once(['p', 'P']).unwrap_or((digits, "0"));
    let exponent: i32 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let (mut bits, mut scale) = (0u64, i64::from(exponent));
    for (in_fraction, c) in whole.chars().map(|c| (false, c)).chain(fraction.chars().map(|c| (true, c))) {
        let digit = c.to_digit(16)?;
        let kept = bits >> 60 == 0;
        if kept {
            bits = bits << 4 | u64::from(digit);
        }
        match (kept, in_fraction) {
            (true, true) => scale -= 4,
            (false, false) => scale += 4,
            _ => {}
        }
    }
    // Two steps: the scale alone may be out of the range that the product is in.
    let scale = scale.clamp(-3000, 3000) as i32;
    let half = scale / 2;
    Some(bits as f64 * 2f64.powi(half) * 2f64.powi(scale - half))
}

/// The character between single quotes, escapes resolved; none if there is not exactly one.
pub fn character(content: &str, prefix: TextPrefix) -> Option<CharLiteral> {
    let mut units = Units { rest: content };
    let unit = units.next()?;
    match units.next() {
        None => Some(CharLiteral { value: unit.value(), prefix }),
        Some(_) => None,
    }
}

/// The bytes of a string's content, escapes resolved: a numeric escape is one byte in a narrow string and one
/// character (U+FFFD if there is no such character) in a wide one.
pub fn string_bytes(content: &str, prefix: TextPrefix) -> Vec<u8> {
    let wide = matches!(prefix, TextPrefix::Wide | TextPrefix::Utf16 | TextPrefix::Utf32);
    let mut bytes = Vec::with_capacity(content.len());
    for unit in (Units { rest: content }) {
        let c = match unit {
            Unit::Char(c) => c,
            Unit::Number(n) if wide => char::from_u32(n).unwrap_or('\u{fffd}'),
            Unit::Number(n) => {
                bytes.push(n as u8);
                continue;
            }
        };
        bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
    bytes
}

/// One character of a literal.
enum Unit {
    /// Itself, a named escape or `\u{..}`.
    Char(char),
    /// `\101`, `\x41`: a number in the units of the string.
    Number(u32),
}

impl Unit {
    fn value(&self) -> u32 {
        match self {
            Unit::Char(c) => *c as u32,
            Unit::Number(n) => *n,
        }
    }
}

/// Cuts a literal's content into its characters.
struct Units<'a> {
    rest: &'a str,
}

impl Units<'_> {
    fn take(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// Up to `most` digits of `radix`.
    fn digits(&mut self, radix: u32, most: usize) -> u32 {
        let mut value = 0u32;
        for _ in 0..most {
            match self.rest.chars().next().and_then(|c| c.to_digit(radix)) {
                Some(digit) => value = value.wrapping_mul(radix).wrapping_add(digit),
                None => break,
            }
            self.take();
        }
        value
    }

    fn unicode(&mut self, most: usize) -> Unit {
        let braced = self.rest.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let value = match braced {
            Some((digits, rest)) => {
                self.rest = rest;
                u32::from_str_radix(digits, 16).unwrap_or(0xfffd)
            }
            None => self.digits(16, most),
        };
        Unit::Char(char::from_u32(value).unwrap_or('\u{fffd}'))
    }
}

impl Iterator for Units<'_> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        let c = self.take()?;
        if c != '\\' {
            return Some(Unit::Char(c));
        }
        let octal = self.rest.starts_with(|c: char| c.is_digit(8));
        if octal {
            return Some(Unit::Number(self.digits(8, 3)));
        }
        Some(match self.take()? {
            'x' => Unit::Number(self.digits(16, 8)),
            'u' => self.unicode(4),
            'U' => self.unicode(8),
            'n' => Unit::Char('\n'),
            't' => Unit::Char('\t'),
            'r' => Unit::Char('\r'),
            'a' => Unit::Char('\u{7}'),
            'b' => Unit::Char('\u{8}'),
            'f' => Unit::Char('\u{c}'),
            'v' => Unit::Char('\u{b}'),
            'e' => Unit::Char('\u{1b}'),
            other => Unit::Char(other),
        })
    }
}
