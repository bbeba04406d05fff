//! `printf "FORMAT", ARG...` and `echo TEXT`: escapes resolved, directives told apart.
//!
//! C 2011 section 7.21.6.1 as far as gdb takes it: no `*` for a width, no `%n`.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while};
use nom::character::complete::{anychar, char, digit0};
use nom::combinator::{map_res, opt, value};
use nom::sequence::preceded;
use nom::{IResult, Parser};

use crate::error::{Error, Result};
use crate::expr::parse::split_at_commas;

/// The arguments of `printf`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintfSpec<'a> {
    pub pieces: Vec<FormatPiece>,
    /// Expressions, one for each directive.
    pub arguments: Vec<&'a str>,
}

/// A part of a format string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormatPiece {
    /// Text to print as it is.
    Text(String),
    Directive(Directive),
}

/// `%-8.3lx`, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// Of `-+ #0'`, those given.
    pub flags: String,
    /// Characters, at least.
    pub width: Option<u16>,
    /// Digits, or characters of a string at most.
    pub precision: Option<u16>,
    /// The number of `l`, or none with `h`, `z` and the like: the value's own type says more.
    pub longs: u8,
    /// One of `d i u x X o c s p f e E g G a`.
    pub conversion: char,
}

/// `"FORMAT" [, ARG...]`
///
/// # Errors
/// No format string, an open one, a directive or escape that does not exist, another number of arguments than of
/// directives.
pub fn printf(args: &str) -> Result<PrintfSpec<'_>> {
    let args = args.trim();
    if args.is_empty() {
        return Err(Error::Usage("Argument required (format-control string and values to print).".into()));
    }
    let quoted = args.strip_prefix('"').ok_or_else(|| Error::Usage("Bad format string, missing '\"'.".into()))?;
    let (format, rest) = format_string(quoted)?;
    let pieces = pieces(&format)?;
    let arguments = match rest.trim_start().strip_prefix(',') {
        Some(arguments) => split_at_commas(arguments)?,
        None if rest.trim().is_empty() => Vec::new(),
        None => return Err(Error::Usage("Invalid argument syntax".into())),
    };
    let directives = pieces.iter().filter(|piece| matches!(piece, FormatPiece::Directive(_))).count();
    if directives != arguments.len() {
        return Err(Error::Usage("Wrong number of arguments for specified format-string".into()));
    }
    Ok(PrintfSpec { pieces, arguments })
}

/// The text up to the closing quote, escapes resolved, and what follows the quote.
fn format_string(quoted: &str) -> Result<(String, &str)> {
    let mut format = String::new();
    let mut rest = quoted;
    while let Some(at) = rest.find(['"', '\\']) {
        let (before, after) = rest.split_at(at);
        format.push_str(before);
        if let Some(after) = after.strip_prefix('"') {
            return Ok((format, after));
        }
        let after = after.get(1..).unwrap_or_default();
        let (taken, c) = escape(after).ok_or_else(|| {
            let shown: String = after.chars().take(1).collect();
            Error::Usage(format!("Unrecognized escape character \\{shown} in format string."))
        })?;
        format.push(c);
        rest = after.get(taken..).unwrap_or_default();
    }
    Err(Error::Usage("Bad format string, non-terminated '\"'.".into()))
}

/// What an escape stands for, with the bytes after the backslash that belong to it; none if it does not exist.
fn escape(rest: &str) -> Option<(usize, char)> {
    let first = rest.chars().next()?;
    let simple = match first {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'e' => '\u{1b}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        '\\' | '"' | '\'' => first,
        '0'..='7' => {
            let digits = rest.chars().take(3).take_while(|c| c.is_digit(8)).count();
            let code = u8::from_str_radix(rest.get(..digits)?, 8).ok()?;
            return Some((digits, char::from(code)));
        }
        _ => return None,
    };
    Some((1, simple))
}

fn pieces(format: &str) -> Result<Vec<FormatPiece>> {
    let mut found = Vec::new();
    let mut text = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            text.push('%');
            rest = after;
            continue;
        }
        let (after, directive) =
            directive(after).map_err(|_| Error::Usage("Incomplete format specifier at end of format string".into()))?;
        if !"diuxXocspfFeEgG".contains(directive.conversion) {
            return Err(Error::Usage(format!("Unrecognized format specifier '{}' in printf", directive.conversion)));
        }
        if !text.is_empty() {
            found.push(FormatPiece::Text(std::mem::take(&mut text)));
        }
        found.push(FormatPiece::Directive(directive));
        rest = after;
    }
    text.push_str(rest);
    if !text.is_empty() {
        found.push(FormatPiece::Text(text));
    }
    Ok(found)
}

fn directive(input: &str) -> IResult<&str, Directive> {
    let number = |input| {
        map_res(digit0, |digits: &str| if digits.is_empty() { Ok(0) } else { digits.parse::<u16>() }).parse(input)
    };
    let flags = take_while(|c| "-+ #0'".contains(c));
    let longs = alt((
        value(2, tag("ll")),
        value(1, char('l')),
        value(0, alt((tag("hh"), tag("h"), tag("z"), tag("j"), tag("t")))),
    ));
    let (rest, (flags, width, precision, longs, conversion)) =
        (flags, number, opt(preceded(char('.'), number)), opt(longs), anychar).parse(input)?;
    let width = Some(width).filter(|width| *width > 0);
    Ok((rest, Directive { flags: flags.to_owned(), width, precision, longs: longs.unwrap_or(0), conversion }))
}

/// What `echo` prints: escapes resolved, a backslash before anything else dropped, as is one at the end.
pub fn echo(args: &str) -> String {
    let mut result = String::new();
    let mut rest = args;
    while let Some((before, after)) = rest.split_once('\\') {
        result.push_str(before);
        let (taken, c) = match (escape(after), after.chars().next()) {
            (Some(found), _) => found,
            (None, Some(c)) => (c.len_utf8(), c),
            (None, None) => break,
        };
        result.push(c);
        rest = after.get(taken..).unwrap_or_default();
    }
    result.push_str(rest.strip_suffix('\\').unwrap_or(rest));
    result
}
