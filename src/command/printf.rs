//! `printf`: values in C's notation, for scripts.

use super::args::{self, Directive, FormatPiece};
use super::run::run_line;
use super::spec::{Command, Completion, Group, Invocation, Outcome, Repeat, Stop};
use crate::error::{Error, Result};
use crate::limits::MAX_STRING_BYTES;
use crate::text::Role;
use crate::value::present::{Form, present};
use crate::value::view::View;
use crate::value::{Object, Reader, Scalar};

pub static ROWS: &[Command] = &[
    Command {
        name: "printf",
        group: Group::Data,
        synopsis: "\"FORMAT\", EXPR...",
        summary: "Print values in C's notation",
        help: "Directives: %d %i %u %x %X %o %c %s %p %f %e %g and %%, with flags, width and precision.",
        examples: &[("printf \"%d of %s\\n\", count, name", "for scripts")],
        completion: Completion::Expression,
        run: printf,
        ..Command::DEFAULT
    },
    Command {
        name: "eval",
        group: Group::Support,
        synopsis: "\"FORMAT\", EXPR...",
        summary: "Run what printf would print as a command",
        help: "For scripts: commands take no variables where they want names and numbers.",
        examples: &[("eval \"frame %d\", $n", "the frame of a variable's number")],
        completion: Completion::Expression,
        repeat: Repeat::Never,
        run: eval,
        ..Command::DEFAULT
    },
];

fn printf(at: &mut Invocation<'_, '_>) -> Outcome {
    let text = text(at)?;
    Ok(at.out.put(Role::Plain, &text)?)
}

fn eval(at: &mut Invocation<'_, '_>) -> Outcome {
    let line = text(at)?;
    let mut nested = at.with_arguments("");
    nested.depth += 1;
    run_line(&mut nested, &line)
}

/// The format with its values.
fn text(at: &mut Invocation<'_, '_>) -> std::result::Result<String, Stop> {
    let spec = args::printf(at.arguments)?;
    let mut values = Vec::new();
    for text in &spec.arguments {
        let mut evaluator = at.session.evaluator();
        let evaluated = evaluator.evaluate_text(text);
        let warnings = evaluator.take_warnings();
        warnings.iter().try_for_each(|warning| at.warn(warning))?;
        values.push(evaluated?.1);
    }
    // Everything is formatted before anything is printed: an error leaves no half line.
    let mut text = String::new();
    let mut values = values.iter();
    for piece in &spec.pieces {
        match piece {
            FormatPiece::Text(plain) => text.push_str(plain),
            FormatPiece::Directive(directive) => {
                let value = values
                    .next()
                    .ok_or_else(|| Error::Usage("Wrong number of arguments for specified format-string".into()))?;
                text.push_str(&formatted(at.session.reader(), directive, value)?);
            }
        }
    }
    Ok(text)
}

/// One value as its directive wants it.
fn formatted(reader: Reader<'_, '_>, directive: &Directive, object: &Object) -> Result<String> {
    if directive.conversion == 's' {
        let is_null = reader.scalar(object).is_ok_and(|scalar| !scalar.is_float() && scalar.bits == 0);
        let mut text = if is_null { "(null)".to_owned() } else { characters(reader, object)? };
        if let Some(precision) = directive.precision {
            text = text.chars().take(usize::from(precision)).collect();
        }
        return Ok(padded(directive, String::new(), text, false));
    }
    let scalar = reader.scalar(object)?;
    match directive.conversion {
        'd' | 'i' => {
            let value = whole(scalar);
            let digits = with_precision(directive, value.unsigned_abs().to_string());
            Ok(padded(directive, sign(directive, value < 0).into(), digits, directive.precision.is_none()))
        }
        'u' | 'x' | 'X' | 'o' => {
            let bits = whole(scalar) as u128 & mask(scalar);
            let (prefix, digits) = match directive.conversion {
                'x' => ("0x", format!("{bits:x}")),
                'X' => ("0X", format!("{bits:X}")),
                'o' => ("0", format!("{bits:o}")),
                _ => ("", bits.to_string()),
            };
            let prefix = if directive.flags.contains('#') && bits != 0 { prefix } else { "" };
            let digits = with_precision(directive, digits);
            Ok(padded(directive, prefix.into(), digits, directive.precision.is_none()))
        }
        'p' if scalar.bits == 0 => Ok(padded(directive, String::new(), "(nil)".into(), false)),
        'p' => Ok(padded(directive, String::new(), format!("{:#x}", scalar.bits), false)),
        'c' => {
            let c = char::from_u32(scalar.bits as u32 & 0x1f_ffff).unwrap_or('\u{fffd}');
            Ok(padded(directive, String::new(), c.to_string(), false))
        }
        _ => {
            let value = scalar.as_float().unwrap_or_else(|| whole(scalar) as f64);
            let negative = value.is_sign_negative();
            let digits = float(directive, value.abs());
            Ok(padded(directive, sign(directive, negative).into(), digits, value.is_finite()))
        }
    }
}

/// A number as a whole one; floats lose what is behind the point.
fn whole(scalar: Scalar) -> i128 {
    scalar.as_float().map_or_else(|| scalar.as_i128(), |value| value as i128)
}

/// The bits of the value's own size, at least an int's.
fn mask(scalar: Scalar) -> u128 {
    let bits = if scalar.is_float() { 64 } else { scalar.size_bits.clamp(32, 128) };
    u128::MAX >> (128 - bits)
}

fn sign(directive: &Directive, negative: bool) -> &'static str {
    match negative {
        true => "-",
        false if directive.flags.contains('+') => "+",
        false if directive.flags.contains(' ') => " ",
        false => "",
    }
}

/// At least as many digits as the precision says.
fn with_precision(directive: &Directive, digits: String) -> String {
    match directive.precision {
        Some(precision) => format!("{digits:0>width$}", width = usize::from(precision)),
        None => digits,
    }
}

/// `sign` or prefix and digits, filled up to the width.
fn padded(directive: &Directive, sign: String, digits: String, zeros: bool) -> String {
    let width = usize::from(directive.width.unwrap_or(0));
    let missing = width.saturating_sub(sign.chars().count() + digits.chars().count());
    if directive.flags.contains('-') {
        format!("{sign}{digits}{}", " ".repeat(missing))
    } else if zeros && directive.flags.contains('0') {
        format!("{sign}{}{digits}", "0".repeat(missing))
    } else {
        format!("{}{sign}{digits}", " ".repeat(missing))
    }
}

/// `value`, not negative, as `%f`, `%e` or `%g` write it; in capitals if the directive is one.
fn float(directive: &Directive, value: f64) -> String {
    if directive.conversion.is_ascii_uppercase() {
        let small = Directive { conversion: directive.conversion.to_ascii_lowercase(), ..directive.clone() };
        return float(&small, value).to_ascii_uppercase();
    }
    if !value.is_finite() {
        return if value.is_nan() { "nan".into() } else { "inf".into() };
    }
    let precision = usize::from(directive.precision.unwrap_or(6));
    match directive.conversion {
        'f' => format!("{value:.precision$}"),
        'e' => scientific(value, precision),
        _ => general(value, precision.max(1)),
    }
}

/// C writes at least two digits of the exponent, and its sign.
fn scientific(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{mantissa}e{sign}{digits:0>2}")
}

/// `%g`: the shorter of the two, without trailing zeros.
fn general(value: f64, precision: usize) -> String {
    let exponent = scientific(value, precision - 1);
    let power: i32 = exponent.rsplit_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0);
    let significant = i32::try_from(precision).unwrap_or(i32::MAX);
    if power < -4 || power >= significant {
        let (mantissa, rest) = exponent.split_once('e').unwrap_or((&exponent, "+00"));
        return format!("{}e{rest}", without_zeros(mantissa));
    }
    let decimals = usize::try_from(significant.saturating_sub(1).saturating_sub(power)).unwrap_or(0);
    without_zeros(&format!("{value:.decimals$}")).to_owned()
}

fn without_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// The characters of a text value, an array, or what a pointer points at.
fn characters(reader: Reader<'_, '_>, object: &Object) -> Result<String> {
    let bytes = match present(reader, object, Form::Language) {
        View::Text(text) => text.bytes,
        View::Pointer(pointer) => match pointer.text {
            Some(text) => text?.bytes,
            None => {
                let memory = reader.program.memory(object.instance)?;
                memory.read_string(pointer.address, MAX_STRING_BYTES)?.bytes
            }
        },
        View::Unavailable(error) => return Err(error),
        View::OptimizedOut => return Err(Error::optimized_out()),
        _ => return Err(Error::Usage("%s needs a text".into())),
    };
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    // What steers a terminal is escaped where it is written; ends of line and tabs mean themselves.
    Ok(String::from_utf8_lossy(bytes.get(..end).unwrap_or(&bytes)).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directive(flags: &str, width: Option<u16>, precision: Option<u16>, conversion: char) -> Directive {
        Directive { flags: flags.into(), width, precision, longs: 0, conversion }
    }

    #[test]
    fn floats_are_written_as_c_writes_them() {
        assert_eq!(float(&directive("", None, None, 'f'), 1.5), "1.500000");
        assert_eq!(float(&directive("", None, Some(2), 'e'), 12345.0), "1.23e+04");
        assert_eq!(float(&directive("", None, None, 'g'), 0.0001), "0.0001");
        assert_eq!(float(&directive("", None, None, 'g'), 1e-5), "1e-05");
        assert_eq!(float(&directive("", None, None, 'g'), 1e10), "1e+10");
        assert_eq!(float(&directive("", None, None, 'g'), 100.0), "100");
    }

    #[test]
    fn width_flags_and_precision_are_cs() {
        let number = |d: &Directive, digits: &str| padded(d, String::new(), digits.into(), true);
        assert_eq!(number(&directive("", Some(5), None, 'd'), "42"), "   42");
        assert_eq!(number(&directive("-", Some(5), None, 'd'), "42"), "42   ");
        assert_eq!(number(&directive("0", Some(5), None, 'd'), "42"), "00042");
        assert_eq!(with_precision(&directive("", None, Some(4), 'x'), "ab".into()), "00ab");
    }
}
