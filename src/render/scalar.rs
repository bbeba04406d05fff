//! One scalar to text: as its type asks, or in one of gdb's formats.

use crate::dwarf::Language;
use crate::dwarf::types::{Encoding, Enumeration, Type, TypeKind};
use crate::text::{Role, Sink, Stopped};
use crate::value::Scalar;
use crate::value::language::short_name;
use crate::value::scalar::ScalarKind;

use super::options::{FormatLetter, Options, OutputRadix, Style};
use super::string::char_literal;

/// Write a scalar of `found` (typedefs and qualifiers stripped).
///
/// # Errors
/// Nobody reads any more.
pub fn put_scalar(scalar: Scalar, found: &Type, options: &Options, out: &mut dyn Sink) -> Result<(), Stopped> {
    let is_decimal = options.format.is_none() && options.output_radix == OutputRadix::Decimal;
    match (&found.kind, scalar.kind) {
        // Most values are such numbers.
        (TypeKind::Base(_), ScalarKind::Base(Encoding::Signed)) if is_decimal && scalar.size_bits <= 64 => {
            out.put(Role::Number, itoa::Buffer::new().format(scalar.as_i128() as i64))
        }
        (TypeKind::Base(_), ScalarKind::Base(Encoding::Unsigned)) if is_decimal && scalar.size_bits <= 64 => {
            out.put(Role::Number, itoa::Buffer::new().format(scalar.bits as u64))
        }
        _ => {
            let (role, text) = scalar_text(scalar, found, options);
            out.put(role, &text)
        }
    }
}

/// Write an address.
///
/// # Errors
/// Nobody reads any more.
pub fn put_address(address: u64, out: &mut dyn Sink) -> Result<(), Stopped> {
    let mut text = [0u8; 18];
    let mut rest = address;
    let mut start = text.len();
    for place in text.iter_mut().rev() {
        start -= 1;
        let digit = (rest & 0xf) as u8;
        *place = if digit < 10 { b'0' + digit } else { b'a' - 10 + digit };
        rest >>= 4;
        if rest == 0 {
            break;
        }
    }
    for sign in [b'x', b'0'] {
        start = start.saturating_sub(1);
        if let Some(place) = text.get_mut(start) {
            *place = sign;
        }
    }
    out.put(Role::Address, text.get(start..).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default())
}

/// A scalar of `found` (typedefs and qualifiers stripped).
pub fn scalar_text(scalar: Scalar, found: &Type, options: &Options) -> (Role, String) {
    if let Some(letter) = options.format {
        return (Role::Number, formatted(scalar, letter, found, options));
    }
    match (&found.kind, scalar.kind) {
        (TypeKind::Enumeration(enumeration), _) => (Role::Number, enumerator(scalar, found, enumeration)),
        (_, ScalarKind::Base(Encoding::Boolean)) if scalar.bits <= 1 => (Role::Number, (scalar.bits == 1).to_string()),
        (_, ScalarKind::Base(Encoding::Float)) => (Role::Number, float(scalar, options)),
        (_, ScalarKind::Base(encoding)) if is_character(encoding, scalar.size_bits) => {
            (Role::String, format!("{} {}", scalar.as_i128(), char_of(scalar, found.language)))
        }
        (_, ScalarKind::Pointer | ScalarKind::Base(Encoding::Address)) => {
            (Role::Address, format!("{:#x}", scalar.bits))
        }
        _ => (Role::Number, integer(scalar, options.output_radix)),
    }
}

fn is_character(encoding: Encoding, size_bits: u32) -> bool {
    match encoding {
        Encoding::SignedChar | Encoding::UnsignedChar => size_bits == 8,
        Encoding::Utf => true,
        _ => false,
    }
}

fn char_of(scalar: Scalar, language: Language) -> String {
    let is_unicode = scalar.kind == ScalarKind::Base(Encoding::Utf);
    let prefix = match (is_unicode, language, scalar.size_bits) {
        (true, Language::Rust, _) => "",
        (true, _, 8) => "u8",
        (true, _, 16) => "u",
        (true, _, _) => "U",
        _ => "",
    };
    format!("{prefix}{}", char_literal(scalar.bits as u32, is_unicode))
}

fn integer(scalar: Scalar, radix: OutputRadix) -> String {
    match radix {
        OutputRadix::Decimal if scalar.is_signed() => scalar.as_i128().to_string(),
        OutputRadix::Decimal => scalar.bits.to_string(),
        OutputRadix::Hexadecimal => format!("{:#x}", scalar.bits),
        OutputRadix::Octal => octal(scalar.bits),
    }
}

/// `count` / 10^`decimals`, without zeros at the end.
pub fn decimal(count: i128, decimals: u32) -> String {
    let digits = format!("{:0width$}", count.unsigned_abs(), width = decimals as usize + 1);
    let (whole, fraction) =
        digits.split_at_checked(digits.len().saturating_sub(decimals as usize)).unwrap_or((&digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let sign = if count < 0 { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

fn octal(bits: u128) -> String {
    if bits == 0 { "0".into() } else { format!("0{bits:o}") }
}

/// A floating point number: the shortest text that reads back, or gdb's %g with all digits.
pub fn float(scalar: Scalar, options: &Options) -> String {
    let Some(value) = scalar.as_float() else { return format!("{:#x}", scalar.bits) };
    if value.is_nan() {
        let fraction_bits = if scalar.size_bits == 32 { 23 } else { 52 };
        let payload = scalar.bits & ((1 << fraction_bits) - 1);
        let sign = if scalar.bits >> (scalar.size_bits - 1) & 1 == 1 { "-" } else { "" };
        return format!("{sign}nan({payload:#x})");
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf".into() } else { "-inf".into() };
    }
    match (options.style, scalar.size_bits) {
        (Style::Gdb, 32) => general(value, 9),
        (Style::Gdb, _) => general(value, 17),
        (Style::Reference, 16 | 32) if is_plain(value) => format!("{}", value as f32),
        (Style::Reference, 16 | 32) => format!("{:e}", value as f32),
        (Style::Reference, _) if is_plain(value) => format!("{value}"),
        (Style::Reference, _) => format!("{value:e}"),
    }
}

/// Written without an exponent.
fn is_plain(value: f64) -> bool {
    value == 0.0 || (1e-5..1e17).contains(&value.abs())
}

/// C's `%.{digits}g`.
fn general(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return if value.is_sign_negative() { "-0".into() } else { "0".into() };
    }
    let scientific = format!("{value:.*e}", digits - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if exponent < -4 || exponent >= digits as i32 {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trimmed(mantissa), exponent.abs());
    }
    let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
    trimmed(&format!("{value:.decimals$}"))
}

/// A C enumerator, a combination of flags, or the number, as gdb writes them.
fn enumerator(scalar: Scalar, found: &Type, enumeration: &Enumeration) -> String {
    let value = scalar.as_i128();
    let path = match (&found.name, found.language) {
        (Some(name), Language::Rust) => format!("{}::", short_name(found.language, name)),
        (Some(name), Language::Cpp) if enumeration.scoped => format!("{}::", short_name(found.language, name)),
        _ => String::new(),
    };
    if let Some((name, _)) = enumeration.enumerators.iter().find(|(_, v)| *v == value) {
        // The names of errors are whole ones: `error.NotFound`, and `null` for none.
        let is_error = name.starts_with("error.") || &**name == "null";
        let dot = if found.language == Language::Zig && !is_error { "." } else { "" };
        return format!("{dot}{path}{name}");
    }
    if found.language == Language::Zig {
        return format!("@enumFromInt({value})");
    }
    let is_flag = |v: &i128| *v >= 0 && v.count_ones() <= 1;
    if value == 0 || enumeration.enumerators.is_empty() || !enumeration.enumerators.iter().all(|(_, v)| is_flag(v)) {
        return value.to_string();
    }
    let mut rest = value;
    let mut parts = Vec::new();
    for (name, flag) in enumeration.enumerators.iter().filter(|(_, flag)| *flag != 0) {
        if rest & flag != 0 {
            parts.push(format!("{path}{name}"));
            rest &= !flag;
        }
    }
    if rest != 0 {
        parts.push(format!("unknown: {rest:#x}"));
    }
    format!("({})", parts.join(" | "))
}

/// A scalar in one of gdb's formats; those that need memory or symbols are handled before.
pub fn formatted(scalar: Scalar, letter: FormatLetter, found: &Type, options: &Options) -> String {
    let digits = (scalar.size_bits as usize).div_ceil(4);
    match letter {
        FormatLetter::Hex | FormatLetter::Address => format!("{:#x}", scalar.bits),
        FormatLetter::PaddedHex => format!("0x{:0digits$x}", scalar.bits),
        FormatLetter::Decimal => crate::dwarf::attribute::sign_extended(scalar.bits, scalar.size_bits).to_string(),
        FormatLetter::Unsigned => scalar.bits.to_string(),
        FormatLetter::Octal => octal(scalar.bits),
        FormatLetter::Binary => format!("{:b}", scalar.bits),
        FormatLetter::Char => {
            let low = Scalar { bits: scalar.bits & 0xff, size_bits: 8, kind: scalar.kind };
            let signed = crate::dwarf::attribute::sign_extended(low.bits, 8);
            let number = if scalar.size_bits == 8 && !scalar.is_signed() { low.bits as i128 } else { signed };
            format!("{number} {}", char_literal(low.bits as u32, false))
        }
        FormatLetter::Float => {
            let as_float = Scalar { kind: ScalarKind::Base(Encoding::Float), ..scalar };
            match scalar.size_bits {
                32 | 64 | 128 if !scalar.is_float() => float(as_float, options),
                _ if scalar.is_float() => float(scalar, options),
                _ => integer(scalar, OutputRadix::Decimal),
            }
        }
        FormatLetter::String | FormatLetter::Instruction => {
            let options = Options { format: None, ..options.clone() };
            scalar_text(scalar, found, &options).1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_cut_where_only_zeros_follow() {
        assert_eq!(decimal(3_500_000_000, 9), "3.5");
        assert_eq!(decimal(-7, 3), "-0.007");
        assert_eq!(decimal(12_000, 3), "12");
        assert_eq!(decimal(5, 0), "5");
    }

    #[test]
    fn addresses_are_written_without_leading_zeros() {
        for address in [0, 7, 0x10, 0x1323758, u64::from(u32::MAX), 1 << 60, u64::MAX] {
            let mut text = crate::text::Text::new();
            put_address(address, &mut text).unwrap();
            assert_eq!(text.to_plain(), format!("{address:#x}"));
        }
    }

    #[test]
    fn gdb_writes_floats_with_all_digits() {
        assert_eq!(general(0.1f32 as f64, 9), "0.100000001");
        assert_eq!(general(1.0 / 3.0, 17), "0.33333333333333331");
        assert_eq!(general(3.0, 17), "3");
        assert_eq!(general(1e300, 17), "1.0000000000000001e+300");
        assert_eq!(general(-0.00001, 9), "-1e-05");
    }
}
