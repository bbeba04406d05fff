//! `/FMT`: the format letters of `print`, `output`, `x` and their like.
//!
//! A count comes first, letters follow in any order; of several letters of a kind the last one counts, as in gdb.

use nom::branch::alt;
use nom::character::complete::{char, digit1, satisfy};
use nom::combinator::{map_res, opt, recognize};
use nom::multi::many0;
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser};

use crate::command::args::options::{OptionSpec, OptionValue, options};
use crate::error::{Error, Result};
pub use crate::render::options::FormatLetter;

/// The format that a letter means.
fn format_letter(letter: char) -> Option<FormatLetter> {
    Some(match letter {
        'x' => FormatLetter::Hex,
        'z' => FormatLetter::PaddedHex,
        'd' => FormatLetter::Decimal,
        'u' => FormatLetter::Unsigned,
        'o' => FormatLetter::Octal,
        't' => FormatLetter::Binary,
        'c' => FormatLetter::Char,
        'a' => FormatLetter::Address,
        'f' => FormatLetter::Float,
        's' => FormatLetter::String,
        'i' => FormatLetter::Instruction,
        _ => return None,
    })
}

/// The size of what `x` and `find` take at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitSize {
    /// `b`
    Byte,
    /// `h`: two bytes
    Half,
    /// `w`: four bytes
    Word,
    /// `g`: eight bytes
    Giant,
}

impl UnitSize {
    /// 1, 2, 4 or 8.
    pub fn bytes(self) -> u64 {
        match self {
            UnitSize::Byte => 1,
            UnitSize::Half => 2,
            UnitSize::Word => 4,
            UnitSize::Giant => 8,
        }
    }

    pub(super) fn of(letter: char) -> Option<Self> {
        Some(match letter {
            'b' => Self::Byte,
            'h' => Self::Half,
            'w' => Self::Word,
            'g' => Self::Giant,
            _ => return None,
        })
    }
}

/// The format of `print` and its like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Format {
    /// None: each value as its type asks.
    pub letter: Option<FormatLetter>,
    /// `r`: members as they are, without built-in forms.
    pub raw: bool,
}

/// The arguments of `print`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintSpec<'a> {
    pub options: Vec<OptionValue>,
    pub format: Format,
    /// Empty: the last value once more.
    pub expression: &'a str,
}

/// The arguments of `x`. What is none, the command takes from its last use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExamineSpec<'a> {
    /// Units to show; negative ones lie before the address.
    pub count: Option<i64>,
    pub letter: Option<FormatLetter>,
    pub unit: Option<UnitSize>,
    /// `mem1:`: the index of the memory; none for the selected frame's first.
    pub memory: Option<u32>,
    /// An expression; none to go on after the last unit shown.
    pub address: Option<&'a str>,
}

/// Everything that may stand after a slash.
struct Letters {
    count: Option<i64>,
    letter: Option<char>,
    unit: Option<UnitSize>,
    raw: bool,
}

fn letters(input: &str) -> IResult<&str, Letters> {
    let number = map_res(recognize((opt(char('-')), digit1)), str::parse::<i64>);
    let bare_minus = char('-').map(|_| -1);
    let (rest, (_, count, given)) =
        (char('/'), opt(alt((number, bare_minus))), many0(satisfy(|c| c.is_ascii_lowercase()))).parse(input)?;
    let mut letters = Letters { count, letter: None, unit: None, raw: false };
    for letter in given {
        match UnitSize::of(letter) {
            Some(unit) => letters.unit = Some(unit),
            None if letter == 'r' => letters.raw = true,
            None => letters.letter = Some(letter),
        }
    }
    Ok((rest, letters))
}

/// `args` without the format it starts with, if it starts with one.
fn split_letters(args: &str) -> Result<(Option<Letters>, &str)> {
    let args = args.trim_start();
    if !args.starts_with('/') {
        return Ok((None, args));
    }
    let too_large = || Error::Usage("Numeric constant too large.".into());
    let (rest, letters) = letters(args).map_err(|_| too_large())?;
    // A count that fits no number stops the reading right after the slash.
    if args.len() == rest.len() + 1 && rest.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit()) {
        return Err(too_large());
    }
    Ok((Some(letters), rest.trim_start()))
}

fn known_letter(letter: Option<char>) -> Result<Option<FormatLetter>> {
    let find =
        |letter| format_letter(letter).ok_or_else(|| Error::Usage(format!("Undefined output format \"{letter}\".")));
    letter.map(find).transpose()
}

/// The format at the start of `args`, and the rest. `command` is named in errors.
///
/// # Errors
/// Letters that mean nothing, or mean nothing to this command.
pub fn print_format<'a>(command: &str, args: &'a str) -> Result<(Format, &'a str)> {
    let (letters, rest) = split_letters(args)?;
    let Some(letters) = letters else {
        return Ok((Format::default(), rest));
    };
    let meaningless = |what: &str| Err(Error::Usage(format!("{what} meaningless in \"{command}\" command.")));
    if letters.unit.is_some() {
        return meaningless("Size letters are");
    }
    if letters.count.is_some_and(|count| count != 1) {
        return meaningless("Item count other than 1 is");
    }
    if letters.letter == Some('i') {
        return meaningless("Format letter \"i\" is");
    }
    Ok((Format { letter: known_letter(letters.letter)?, raw: letters.raw }, rest))
}

/// `[OPTION... [--]] [/FMT] [EXPR]`, or, with a `--`, the format before the options.
///
/// # Errors
/// As `options` and `print_format`.
pub fn print<'a>(command: &str, args: &'a str, known: &[OptionSpec]) -> Result<PrintSpec<'a>> {
    let (given, rest) = options(args, known)?;
    let (format, expression) = print_format(command, rest)?;
    if given.is_empty() && rest.len() != expression.len() && expression.contains("--") {
        let (given, expression) = options(expression, known)?;
        return Ok(PrintSpec { options: given, format, expression: expression.trim() });
    }
    Ok(PrintSpec { options: given, format, expression: expression.trim() })
}

/// `[/NFU] [memN:] [EXPR]`
///
/// # Errors
/// A format letter that does not exist, a count above 2^63.
pub fn examine(args: &str) -> Result<ExamineSpec<'_>> {
    let (letters, rest) = split_letters(args)?;
    let letters = letters.unwrap_or(Letters { count: None, letter: None, unit: None, raw: false });
    let (address, memory) = opt(memory_prefix).parse(rest).unwrap_or((rest, None));
    let address = address.trim();
    Ok(ExamineSpec {
        count: letters.count,
        letter: known_letter(letters.letter)?,
        unit: letters.unit,
        memory,
        address: Some(address).filter(|address| !address.is_empty()),
    })
}

fn memory_prefix(input: &str) -> IResult<&str, u32> {
    let index = map_res(digit1, str::parse);
    let colon = terminated(char(':'), nom::combinator::not(char(':')));
    terminated(preceded(nom::bytes::complete::tag("mem"), index), colon).parse(input)
}
