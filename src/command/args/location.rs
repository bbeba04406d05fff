//! Places in the program: lines, functions, addresses, offsets in wasm functions; and the ranges that `list` and
//! `disassemble` make of them.

use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::{char, digit1, hex_digit1};
use nom::combinator::{all_consuming, map_res, opt};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

use crate::error::{Error, Result};

/// A place, not yet looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location<'a> {
    /// `N`: in the file listed last.
    Line(u64),
    /// `+N`, `-N`: lines from the line listed last, or, as the second of two, from the first.
    Relative(i64),
    /// `FILE:N`
    FileLine { file: &'a str, line: u64 },
    /// `FN`, as its language or as the name section writes it.
    Function(&'a str),
    /// `FILE:FN`
    FileFunction { file: &'a str, function: &'a str },
    /// `*EXPR`
    Address(&'a str),
    /// `func[8]`, `func[8]+0x28`: bytes from the start of the function's body.
    FunctionOffset { function: u32, offset: Option<u64> },
    /// `wasm-function[8]:0x215`, as browsers write it: bytes from the start of the module's file.
    BrowserOffset { function: u32, offset: u64 },
}

/// The arguments of `list`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListSpec<'a> {
    /// Nothing, or `+`: around the selected frame's line, later the lines after those listed last.
    Next,
    /// `-`: the lines before those listed last.
    Previous,
    /// `LOC`: the lines around it.
    Around(Location<'a>),
    /// `LOC,`: from there on.
    From(Location<'a>),
    /// `,LOC`: up to there.
    Until(Location<'a>),
    /// `LOC,LOC`, both included.
    Range(Location<'a>, Location<'a>),
}

/// The arguments of `disassemble`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisassembleSpec<'a> {
    /// `/s`, `/m`: with source lines.
    pub source: bool,
    /// `/r`: with the bytes.
    pub raw: bool,
    /// An expression or function; none for the selected frame.
    pub start: Option<&'a str>,
    /// Where to end, excluded; none for the whole function around `start`.
    pub end: Option<DisassembleEnd<'a>>,
}

/// The second part of a range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisassembleEnd<'a> {
    /// `,EXPR`
    Address(&'a str),
    /// `,+EXPR`: bytes
    Length(&'a str),
}

/// One location.
///
/// # Errors
/// Nothing, a colon without a file before it or without a line or function after it.
pub fn location(text: &str) -> Result<Location<'_>> {
    let text = text.trim();
    let malformed = |what: &str| Error::Usage(format!("malformed linespec error: unexpected {what}"));
    if text.is_empty() {
        return Err(malformed("end of input"));
    }
    if let Some(expression) = text.strip_prefix('*') {
        let expression = expression.trim();
        if expression.is_empty() {
            return Err(Error::Usage("Argument required (expression to compute).".into()));
        }
        return Ok(Location::Address(expression));
    }
    if let Ok((_, found)) = alt((all_consuming(function_offset), all_consuming(browser_offset))).parse(text) {
        return Ok(found);
    }
    if let Some(relative) = text.strip_prefix(['+', '-']).filter(|digits| is_number(digits)) {
        let lines: i64 = relative.parse().map_err(|_| Error::Usage("Numeric constant too large.".into()))?;
        return Ok(Location::Relative(if text.starts_with('-') { -lines } else { lines }));
    }
    if is_number(text) {
        return line_number(text).map(Location::Line);
    }
    if text.strip_prefix('-').is_some_and(|option| option.starts_with(|c: char| c.is_ascii_alphabetic())) {
        return explicit(text);
    }
    if let Some((_, junk)) = text.split_once(char::is_whitespace).filter(|(first, _)| is_number(first)) {
        let kind = if is_number(junk.trim()) { "number" } else { "string" };
        return Err(malformed(&format!("{kind}, \"{}\"", junk.trim())));
    }
    match split_file(text) {
        None => Ok(Location::Function(unquoted(text))),
        Some(("", _)) => Err(malformed("colon")),
        Some((_, "")) => Err(malformed("end of input")),
        Some((file, line)) if is_number(line) => {
            Ok(Location::FileLine { file: unquoted(file), line: line_number(line)? })
        }
        Some((file, function)) => Ok(Location::FileFunction { file: unquoted(file), function: unquoted(function) }),
    }
}

/// `-function FN`, `-line N`, `-source FILE -line N`, `-source FILE -function FN`; the words may be shortened.
///
/// # Errors
/// Another word; a file alone; a function and a line.
fn explicit(text: &str) -> Result<Location<'_>> {
    let (mut file, mut function, mut line) = (None, None, None);
    let mut rest = text;
    while !rest.is_empty() {
        let (after, option) = super::options::word(rest);
        let (next, value) = super::options::word(after);
        let slot = match option.strip_prefix('-') {
            Some(name) if !name.is_empty() && "source".starts_with(name) => &mut file,
            Some(name) if !name.is_empty() && "function".starts_with(name) => &mut function,
            Some(name) if name.len() > 1 && "line".starts_with(name) => &mut line,
            _ => return Err(Error::Usage(format!("invalid explicit argument, \"{option}\""))),
        };
        if value.is_empty() {
            return Err(Error::Usage(format!("missing argument for \"{option}\"")));
        }
        *slot = Some(unquoted(value));
        rest = next;
    }
    match (file, function, line) {
        (None, Some(name), None) => Ok(Location::Function(name)),
        (Some(file), Some(function), None) => Ok(Location::FileFunction { file, function }),
        (None, None, Some(line)) => location(line),
        (Some(file), None, Some(line)) => Ok(Location::FileLine { file, line: line_number(line)? }),
        (Some(_), None, None) => Err(Error::Usage("Source filename requires function, label, or line offset.".into())),
        _ => Err(Error::Usage("give a function or a line, not both".into())),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn line_number(digits: &str) -> Result<u64> {
    digits.parse().map_err(|_| Error::Usage("Numeric constant too large.".into()))
}

fn unquoted(text: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner;
        }
    }
    text
}

/// At the last colon outside of quotes that is not part of a `::`, both sides trimmed; none without such a colon.
fn split_file(text: &str) -> Option<(&str, &str)> {
    let (mut quote, mut found, mut previous) = (None, None, ' ');
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, ':') if previous != ':' && !text.get(at + 1..).unwrap_or_default().starts_with(':') => {
                found = Some(at)
            }
            _ => {}
        }
        previous = c;
    }
    // A single letter before it is a drive.
    let at =
        found.filter(|at| *at != 1 || !text.starts_with(|c: char| c.is_ascii_alphabetic()) || !text.contains('\\'))?;
    Some((text.get(..at)?.trim(), text.get(at + 1..)?.trim()))
}

fn number(input: &str) -> IResult<&str, u64> {
    alt((
        map_res(preceded(alt((tag("0x"), tag("0X"))), hex_digit1), |digits| u64::from_str_radix(digits, 16)),
        map_res(digit1, str::parse),
    ))
    .parse(input)
}

fn index(input: &str) -> IResult<&str, u32> {
    delimited(char('['), map_res(digit1, str::parse), char(']')).parse(input)
}

fn function_offset(input: &str) -> IResult<&str, Location<'_>> {
    let (rest, function) = preceded(alt((tag("func"), tag("wasm-function"))), index).parse(input)?;
    let (rest, offset) = opt(preceded(char('+'), number)).parse(rest)?;
    Ok((rest, Location::FunctionOffset { function, offset }))
}

fn browser_offset(input: &str) -> IResult<&str, Location<'_>> {
    let (rest, function) = preceded(tag("wasm-function"), index).parse(input)?;
    let (rest, offset) = preceded(char(':'), number).parse(rest)?;
    Ok((rest, Location::BrowserOffset { function, offset }))
}

/// The first comma outside of brackets and quotes; what is before and after it.
fn split_comma(text: &str) -> (&str, Option<&str>) {
    let (mut quote, mut depth) = (None, 0usize);
    // In an expression `<` compares and `->` points; in a function's name both enclose.
    let angles = !text.trim_start().starts_with('*');
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, '<') if angles => depth += 1,
            (None, '>') if angles => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => return (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
            _ => {}
        }
    }
    (text, None)
}

/// `[LOC] [, [LOC]]`, `+`, `-`
///
/// # Errors
/// As `location`; more than two locations.
pub fn list(args: &str) -> Result<ListSpec<'_>> {
    let args = args.trim();
    let (first, second) = split_comma(args);
    let (first, second) = (first.trim(), second.map(str::trim));
    match (first, second) {
        ("" | "+", None) => Ok(ListSpec::Next),
        ("-", None) => Ok(ListSpec::Previous),
        (first, None) => location(first).map(ListSpec::Around),
        ("", Some("")) => Err(Error::Usage("Bad list specification: two empty locations".into())),
        (_, Some(second)) if split_comma(second).1.is_some() => {
            Err(Error::Usage("Junk at end of line specification.".into()))
        }
        (first, Some("")) => location(first).map(ListSpec::From),
        ("", Some(second)) => location(second).map(ListSpec::Until),
        (first, Some(second)) => Ok(ListSpec::Range(location(first)?, location(second)?)),
    }
}

/// `[/mrs] [EXPR [, [+] EXPR]]`
///
/// # Errors
/// Another modifier, a comma without an end.
pub fn disassemble(args: &str) -> Result<DisassembleSpec<'_>> {
    let mut spec = DisassembleSpec { source: false, raw: false, start: None, end: None };
    let mut rest = args.trim();
    if let Some(modifiers) = rest.strip_prefix('/') {
        let (after, letters) = super::options::word(modifiers);
        for letter in letters.chars() {
            match letter {
                's' | 'm' => spec.source = true,
                'r' => spec.raw = true,
                _ => return Err(Error::Usage("Invalid disassembly modifier.".into())),
            }
        }
        rest = after;
    }
    let (start, end) = split_comma(rest);
    spec.start = Some(start.trim()).filter(|start| !start.is_empty());
    let Some(end) = end.map(str::trim) else {
        return Ok(spec);
    };
    let (end, length) = end.strip_prefix('+').map_or((end, false), |length| (length.trim(), true));
    if end.is_empty() || spec.start.is_none() {
        return Err(Error::Usage("Argument required (expression to compute).".into()));
    }
    spec.end = Some(if length { DisassembleEnd::Length(end) } else { DisassembleEnd::Address(end) });
    Ok(spec)
}
