//! The arguments of `find`: where to search, for what, and how much of it.

use nom::Parser;
use nom::branch::alt;
use nom::character::complete::{char, digit1, satisfy};
use nom::combinator::map_res;
use nom::multi::many0;
use nom::sequence::preceded;

use crate::command::args::format::UnitSize;
use crate::error::{Error, Result};
use crate::expr::parse::split_at_commas;

/// What to search for, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindSpec<'a> {
    /// The size of each whole number; none for the size of its type.
    pub unit: Option<UnitSize>,
    /// Most matches to show.
    pub limit: Option<u64>,
    /// An expression; none for the whole memory.
    pub start: Option<&'a str>,
    /// None for the end of the memory.
    pub end: Option<SearchEnd<'a>>,
    /// Expressions, at least one: they must follow each other in memory.
    pub values: Vec<&'a str>,
}

/// Where the search ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchEnd<'a> {
    /// `+EXPR`: bytes to search.
    Length(&'a str),
    /// `EXPR`: the last address, included.
    Address(&'a str),
}

enum Modifier {
    Unit(UnitSize),
    Limit(u64),
}

fn modifiers(input: &str) -> nom::IResult<&str, Vec<Modifier>> {
    let limit = map_res(digit1, |digits: &str| digits.parse().map(Modifier::Limit));
    let unit = map_res(satisfy(|c| c.is_ascii_alphabetic()), |c| UnitSize::of(c).map(Modifier::Unit).ok_or(()));
    preceded(char('/'), many0(alt((limit, unit)))).parse(input)
}

/// `[/bhwgN] [START, +LENGTH|END,] VALUE [, VALUE...]`
///
/// # Errors
/// Nothing to search for, another letter, a part left out.
pub fn find(args: &str) -> Result<FindSpec<'_>> {
    let (mut unit, mut limit) = (None, None);
    let mut rest = args.trim();
    if let Ok((after, modifiers)) = modifiers(rest) {
        if !after.is_empty() && !after.starts_with(char::is_whitespace) {
            return Err(Error::Usage("Invalid size granularity.".into()));
        }
        for modifier in modifiers {
            match modifier {
                Modifier::Unit(given) => unit = Some(given),
                Modifier::Limit(given) => limit = Some(given),
            }
        }
        rest = after.trim_start();
    }
    if rest.is_empty() {
        return Err(Error::Usage("Missing search parameters.".into()));
    }
    let parts = split_at_commas(rest)?;
    if parts.iter().any(|part| part.is_empty()) {
        return Err(Error::syntax(""));
    }
    match parts.as_slice() {
        [value] => Ok(FindSpec { unit, limit, start: None, end: None, values: vec![value] }),
        [_, _] | [] => Err(Error::Usage("Missing search pattern.".into())),
        [start, end, values @ ..] => {
            let end = end.strip_prefix('+').map_or(SearchEnd::Address(end), |length| SearchEnd::Length(length.trim()));
            Ok(FindSpec { unit, limit, start: Some(start), end: Some(end), values: values.to_vec() })
        }
    }
}
