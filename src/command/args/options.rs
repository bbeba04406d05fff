//! `-elements 3 -pretty --`: options of one command, as name and value pairs; and the filters of `info` commands.
//!
//! Which options there are, the caller says; a name may be shortened while it is unique. An unknown option is part
//! of the operand (`p -x`), unless a `--` stands further on.

use nom::bytes::complete::take_till;
use nom::{IResult, Parser};

use crate::error::{Error, Result};

/// An option that a command knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionSpec {
    /// Without the dash.
    pub name: &'static str,
    pub kind: OptionKind,
}

/// What may follow an option's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionKind {
    /// Nothing.
    Flag,
    /// `on` or `off`, in gdb's spellings; nothing means `on`.
    OnOff,
    /// A whole number or `unlimited`.
    Count,
    /// One of these words, or a unique prefix.
    Choice(&'static [&'static str]),
    /// Any one word, quoted if it holds spaces.
    Word,
}

/// An option that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionValue {
    /// As in its `OptionSpec`.
    pub name: &'static str,
    /// `on` or `off` for a flag or switch, digits or `unlimited` for a count, the whole word for a choice.
    pub value: String,
}

/// The options at the start of `args`, in order, and the operand after them.
///
/// # Errors
/// A missing or impossible value, an ambiguous name, and, before a `--`, an unknown option.
pub fn options<'a>(args: &'a str, known: &[OptionSpec]) -> Result<(Vec<OptionValue>, &'a str)> {
    let mut rest = args.trim_start();
    let delimited = has_delimiter(rest);
    let mut given = Vec::new();
    while rest.starts_with('-') {
        let (after, word) = word(rest);
        if word == "--" {
            return Ok((given, after));
        }
        let Some(spec) = lookup(word.trim_start_matches('-'), known)? else {
            if delimited {
                return Err(Error::Usage(format!("Unrecognized option at: {rest}")));
            }
            break;
        };
        // Without a value where one is needed, it may be an expression: `p -elements`.
        if after.is_empty() && !delimited && matches!(spec.kind, OptionKind::Count | OptionKind::Choice(_)) {
            if given.is_empty() {
                break;
            }
            return Err(requires_argument(spec.name));
        }
        let (value, after) = option_value(spec, after, delimited)?;
        given.push(OptionValue { name: spec.name, value });
        rest = after;
    }
    Ok((given, rest))
}

fn requires_argument(name: &str) -> Error {
    Error::Usage(format!("-{name} requires an argument"))
}

/// A `--` that stands alone further on.
fn has_delimiter(mut rest: &str) -> bool {
    while !rest.is_empty() {
        let (after, word) = word(rest);
        if word == "--" {
            return true;
        }
        rest = after;
    }
    false
}

/// The first word (whatever there is up to a space), and what follows the spaces after it.
pub(super) fn word(input: &str) -> (&str, &str) {
    let split: IResult<&str, &str> = take_till(|c: char| c.is_whitespace()).parse(input);
    split.map_or((input, ""), |(after, word)| (after.trim_start(), word))
}

/// The first word, without the quotes that may enclose it.
fn quoted_word(input: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        let inner = input.strip_prefix(quote).and_then(|rest| rest.split_once(quote));
        if let Some((inner, after)) = inner {
            return (after.trim_start(), inner);
        }
    }
    word(input)
}

fn lookup<'s>(name: &str, known: &'s [OptionSpec]) -> Result<Option<&'s OptionSpec>> {
    if let Some(exact) = known.iter().find(|spec| spec.name == name) {
        return Ok(Some(exact));
    }
    let mut fitting = known.iter().filter(|spec| !name.is_empty() && spec.name.starts_with(name));
    match (fitting.next(), fitting.next()) {
        (Some(_), Some(_)) => Err(Error::Usage(format!("-{name}: Ambiguous option"))),
        (only, _) => Ok(only),
    }
}

fn option_value<'a>(spec: &OptionSpec, rest: &'a str, delimited: bool) -> Result<(String, &'a str)> {
    let (after, value) = word(rest);
    let missing = value.is_empty() || value == "--";
    match spec.kind {
        OptionKind::Flag => Ok(("on".into(), rest)),
        OptionKind::OnOff => match on_off(value) {
            Some(on) => Ok((if on { "on" } else { "off" }.into(), after)),
            None if missing || value.starts_with('-') || !delimited => Ok(("on".into(), rest)),
            None => Err(Error::Usage(format!("Value given for `-{}' is not a boolean: {value}", spec.name))),
        },
        _ if missing => Err(requires_argument(spec.name)),
        OptionKind::Count => count_value(value, rest).map(|value| (value, after)),
        OptionKind::Choice(choices) => {
            let mut fitting = choices.iter().filter(|choice| choice.starts_with(value));
            match (fitting.next(), fitting.next()) {
                (Some(choice), None) => Ok(((*choice).into(), after)),
                (Some(_), Some(_)) if choices.contains(&value) => Ok((value.into(), after)),
                (Some(_), Some(_)) => Err(Error::Usage(format!("Ambiguous item \"{value}\"."))),
                (None, _) => Err(Error::Usage(format!("Undefined item: \"{value}\"."))),
            }
        }
        OptionKind::Word => {
            let (after, value) = quoted_word(rest);
            Ok((value.into(), after))
        }
    }
}

fn count_value(value: &str, rest: &str) -> Result<String> {
    if value.len() > 1 && "unlimited".starts_with(value) {
        return Ok("unlimited".into());
    }
    match value.parse::<i64>() {
        Ok(count) if (0..=i64::from(u32::MAX)).contains(&count) => Ok(count.to_string()),
        Ok(count) => Err(Error::Usage(format!("integer {count} out of range"))),
        Err(_) => Err(Error::Usage(format!("Expected integer at: {rest}"))),
    }
}

/// gdb's spellings of a switch; none for another word.
pub fn on_off(value: &str) -> Option<bool> {
    match value {
        "on" | "1" | "yes" | "y" | "enable" => Some(true),
        "off" | "of" | "0" | "no" | "n" | "disable" => Some(false),
        _ => None,
    }
}

/// What `info locals`, `info functions` and their like may be narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InfoFilter<'a> {
    /// `-q`: no line when nothing was found.
    pub quiet: bool,
    /// `-n`: without symbols that have no debug information.
    pub debug_only: bool,
    /// `-t`: a regular expression for the type.
    pub type_regex: Option<&'a str>,
    /// A regular expression for the name.
    pub regex: Option<&'a str>,
}

/// The arguments of `info locals|args|functions|variables|types`.
///
/// # Errors
/// `-t` without a type.
pub fn info_filter(args: &str) -> Result<InfoFilter<'_>> {
    let mut filter = InfoFilter::default();
    let mut rest = args.trim();
    loop {
        let (after, word) = word(rest);
        match word {
            "-q" => filter.quiet = true,
            "-n" => filter.debug_only = true,
            "-t" if after.is_empty() => return Err(requires_argument("t")),
            "-t" => {
                let (after, regex) = quoted_word(after);
                (filter.type_regex, rest) = (Some(regex), after);
                continue;
            }
            "--" => {
                rest = after;
                break;
            }
            _ => break,
        }
        rest = after;
    }
    filter.regex = Some(rest).filter(|rest| !rest.is_empty());
    Ok(filter)
}
