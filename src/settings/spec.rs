//! What a setting is: its row in the table, the kinds of value, and how text becomes a value.
//!
//! Errors are in gdb's words: scripts and habits rely on them.

use std::borrow::Cow;

use crate::error::{Error, Result};

/// The handle of a setting: its place in `TABLE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Setting {
    Confirm,
    Directories,
    FrameNumbering,
    Height,
    HistoryFilename,
    HistorySave,
    HistorySize,
    Language,
    Listsize,
    LoggingEnabled,
    LoggingFile,
    LoggingOverwrite,
    LoggingRedirect,
    MaxCompletions,
    NullDereference,
    OutputRadix,
    OutputStyle,
    Pagination,
    PrintAddress,
    PrintArray,
    PrintArrayIndexes,
    PrintCharacters,
    PrintElements,
    PrintFrameArguments,
    PrintFrameInfo,
    PrintFullTypes,
    PrintMaxDepth,
    PrintMemberAddresses,
    PrintMemberTypes,
    PrintNullStop,
    PrintObject,
    PrintPretty,
    PrintRawValues,
    PrintRepeats,
    PrintRuntimeFrames,
    PrintSevenbitStrings,
    PrintStaticMembers,
    PrintSymbol,
    PrintUnion,
    PrintValueNumbers,
    Prompt,
    ShellCommands,
    StyleEnabled,
    SubstitutePath,
    TraceCommands,
    Width,
}

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    pub setting: Setting,
    /// The words after `set`: `print elements`.
    pub name: &'static str,
    pub kind: Kind,
    /// The value under the reference style.
    pub reference: Value,
    /// The value under gdb's style.
    pub gdb: Value,
    /// What it decides: completes "Set …" and "Show …".
    pub summary: &'static str,
    /// What `show` prints; `{}` is the value.
    pub show: &'static str,
    /// More to know, in whole lines; may be empty.
    pub help: &'static str,
}

/// What may follow the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `on` and `off`; nothing means `on`.
    Flag,
    /// A count; 0 and `unlimited` are no limit.
    Limit,
    /// A count with 0 as a real value; -1 and `unlimited` are no limit.
    Depth,
    /// A count, or `elements` for the value of `print elements`.
    Characters,
    /// 8, 10 or 16.
    Radix,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// The rest of the line.
    Text,
    /// The rest of the line, a file's name.
    File,
    /// Directories, separated by colons.
    Paths,
    /// Two paths: what to replace, and by what.
    Rules,
}

/// A setting's value. Limits: none is unlimited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Flag(bool),
    Limit(Option<u64>),
    /// The value of `print elements`.
    Elements,
    Choice(&'static str),
    Text(Cow<'static, str>),
    Paths(Vec<String>),
    Rules(Vec<(String, String)>),
}

impl Value {
    /// As it stands in the answer of `show`.
    pub fn to_text(&self) -> String {
        match self {
            Value::Flag(true) => "on".into(),
            Value::Flag(false) => "off".into(),
            Value::Limit(Some(limit)) => limit.to_string(),
            Value::Limit(None) => "unlimited".into(),
            Value::Elements => "elements".into(),
            Value::Choice(word) => (*word).into(),
            Value::Text(text) => text.clone().into_owned(),
            Value::Paths(paths) => paths.iter().map(|path| format!("{path}:")).collect::<String>() + "$cdir:$cwd",
            Value::Rules(rules) => rules.iter().map(|(from, to)| format!("\n  `{from}' -> `{to}'.")).collect(),
        }
    }
}

impl Kind {
    /// The value that `text` means; `before` is the value in force, which lists add to.
    ///
    /// # Errors
    /// In gdb's words: what would have been accepted.
    pub fn parse(self, text: &str, before: &Value) -> Result<Value> {
        let text = text.trim();
        match self {
            Kind::Flag => parse_flag(text).map(Value::Flag),
            Kind::Limit => match parse_number(text)? {
                Some(number) if number < 0 => Err(Error::Usage(format!("integer {number} out of range"))),
                number => Ok(Value::Limit(number.map(|n| n.unsigned_abs()).filter(|n| *n > 0))),
            },
            Kind::Depth => match parse_number(text)? {
                Some(number) if number < -1 => Err(Error::Usage("only -1 is allowed to set as unlimited".into())),
                number => Ok(Value::Limit(number.and_then(|n| u64::try_from(n).ok()))),
            },
            Kind::Characters if is_word_of(text, "elements") => Ok(Value::Elements),
            Kind::Characters => Kind::Limit.parse(text, before),
            Kind::Radix => parse_radix(text),
            Kind::Choice(words) => parse_choice(text, words).map(Value::Choice),
            Kind::Text => Ok(Value::Text(Cow::Owned(text.to_owned()))),
            Kind::File if text.is_empty() => Err(Error::Usage("Argument required (filename to set it to.).".into())),
            Kind::File => Ok(Value::Text(Cow::Owned(unquoted(text).to_owned()))),
            Kind::Paths => Ok(Value::Paths(parse_paths(text))),
            Kind::Rules => parse_rule(text, before),
        }
    }

    /// The words that may follow, for completion.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Kind::Flag => &["off", "on"],
            Kind::Limit | Kind::Depth => &["unlimited"],
            Kind::Characters => &["elements", "unlimited"],
            Kind::Radix => &["10", "16", "8"],
            Kind::Choice(words) => words,
            Kind::Text | Kind::File | Kind::Paths | Kind::Rules => &[],
        }
    }

    /// How the synopsis names the value.
    pub fn placeholder(self) -> String {
        match self {
            Kind::Flag => "[on|off]".into(),
            Kind::Limit | Kind::Depth => "NUMBER|unlimited".into(),
            Kind::Characters => "NUMBER|elements|unlimited".into(),
            Kind::Radix => "8|10|16".into(),
            Kind::Choice(words) => words.join("|"),
            Kind::Text => "TEXT".into(),
            Kind::File => "FILE".into(),
            Kind::Paths => "DIR[:DIR]...".into(),
            Kind::Rules => "FROM TO".into(),
        }
    }
}

/// `text` is `word` or a beginning of it.
fn is_word_of(text: &str, word: &str) -> bool {
    !text.is_empty() && word.starts_with(text)
}

/// `on`, `off` and the words that mean the same; "o" is neither.
pub fn parse_flag(text: &str) -> Result<bool> {
    match text {
        "" | "on" | "1" | "yes" | "enable" | "y" | "ye" => Ok(true),
        "0" | "no" | "n" => Ok(false),
        text if text.len() > 1 && is_word_of(text, "enable") => Ok(true),
        text if text.len() > 1 && (is_word_of(text, "off") || is_word_of(text, "disable")) => Ok(false),
        _ => Err(Error::Usage("\"on\" or \"off\" expected.".into())),
    }
}

/// A whole number in C's spellings, none for `unlimited`.
fn parse_number(text: &str) -> Result<Option<i64>> {
    if text.is_empty() {
        return Err(Error::Usage("Argument required (integer to set it to, or \"unlimited\").".into()));
    }
    if is_word_of(text, "unlimited") {
        return Ok(None);
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let number = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => i64::from_str_radix(hex, 16),
        None => digits.parse::<i64>(),
    };
    match number {
        Ok(number) if !digits.starts_with(['-', '+']) => Ok(Some(sign * number)),
        _ if digits.starts_with(|c: char| c.is_ascii_digit()) => {
            let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit()).trim();
            Err(if rest.is_empty() { Error::Usage("Numeric constant too large.".into()) } else { Error::syntax(rest) })
        }
        _ => Err(Error::no_symbol(text)),
    }
}

fn parse_radix(text: &str) -> Result<Value> {
    match parse_number(text)? {
        Some(8) => Ok(Value::Choice("8")),
        Some(10) => Ok(Value::Choice("10")),
        Some(16) => Ok(Value::Choice("16")),
        number => Err(Error::Usage(format!(
            "Unsupported output radix ``decimal {}''; output radix unchanged.",
            number.unwrap_or(0)
        ))),
    }
}

/// One of `words`, or a unique beginning of one.
fn parse_choice(text: &str, words: &'static [&'static str]) -> Result<&'static str> {
    if text.is_empty() {
        return Err(Error::Usage(format!("Requires an argument. Valid arguments are {}.", words.join(", "))));
    }
    if let Some(word) = words.iter().find(|word| **word == text) {
        return Ok(word);
    }
    let mut fitting = words.iter().filter(|word| word.starts_with(text));
    match (fitting.next(), fitting.next()) {
        (Some(word), None) => Ok(word),
        (Some(_), Some(_)) => Err(Error::Usage(format!("Ambiguous item \"{text}\"."))),
        (None, _) => Err(Error::Usage(format!("Undefined item: \"{text}\"."))),
    }
}

/// Directories in order; `$cdir` and `$cwd`, which always end the list, are left out.
fn parse_paths(text: &str) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for path in text.split([':', ' ']).filter(|path| !path.is_empty() && *path != "$cdir" && *path != "$cwd") {
        let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
        if !paths.iter().any(|known| known == path) {
            paths.push(path.to_owned());
        }
    }
    paths
}

fn parse_rule(text: &str, before: &Value) -> Result<Value> {
    let words: Vec<&str> = split_words(text);
    let [from, to] = words.as_slice() else {
        let amount = if words.len() < 2 { "few" } else { "many" };
        return Err(Error::Usage(format!("Incorrect usage, too {amount} arguments in command")));
    };
    let mut rules = match before {
        Value::Rules(rules) => rules.clone(),
        _ => Vec::new(),
    };
    let strip = |path: &str| if path.len() > 1 { path.trim_end_matches('/').to_owned() } else { path.to_owned() };
    rules.retain(|(known, _)| *known != strip(from));
    rules.push((strip(from), strip(to)));
    Ok(Value::Rules(rules))
}

/// Words separated by spaces; quotes keep spaces inside a word.
fn split_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = match first {
            '"' | '\'' => {
                let inner = rest.get(1..).unwrap_or_default();
                inner.split_once(first).unwrap_or((inner, ""))
            }
            _ => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word);
        rest = after.trim_start();
    }
    words
}

fn unquoted(text: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote)) {
            return inner;
        }
    }
    text
}
