//! Words after `set` and `show` to a row of the table: exact, fixed alias, or unique beginning, word by word.
//!
//! The errors name what would have fitted, in gdb's words.

use super::spec::Row;
use super::table::{GROUPS, TABLE};
use crate::error::{Error, Result};

/// What the words lead to.
#[derive(Debug)]
pub enum Found<'t> {
    /// One setting, and the text after its name.
    Setting { row: &'static Row, rest: &'t str },
    /// The first word of several settings, alone.
    Group(&'static str),
    /// One of the caller's own words, and the text after it.
    Extra { word: &'static str, rest: &'t str },
    /// The first word begins no setting.
    Unknown,
}

/// The length in bytes of the command word at the start of `text`.
pub fn word_length(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(text.len())
}

/// Look up `text`, the words after `verb` (`set` or `show`); `extras` are words of the verb that are no settings.
///
/// # Errors
/// Several settings fit; the second word fits none.
pub fn find<'t>(verb: &str, text: &'t str, extras: &[&'static str]) -> Result<Found<'t>> {
    let text = text.trim_start();
    let (typed, rest) = text.split_at(word_length(text));
    if typed.is_empty() {
        return Ok(Found::Unknown);
    }
    let mut candidates: Vec<&'static str> = TABLE.iter().map(|row| first_word(row.name)).collect();
    candidates.extend(extras);
    candidates.sort_unstable();
    candidates.dedup();
    let Some(word) = unique(verb, typed, text, &candidates)? else { return Ok(Found::Unknown) };
    let rest = rest.trim_start();
    if extras.contains(&word) {
        return Ok(Found::Extra { word, rest });
    }
    if let Some(row) = TABLE.iter().find(|row| row.name == word) {
        return Ok(Found::Setting { row, rest });
    }
    second_word(verb, word, rest)
}

fn second_word<'t>(verb: &str, group: &'static str, text: &'t str) -> Result<Found<'t>> {
    let (typed, rest) = text.split_at(word_length(text));
    if typed.is_empty() {
        return Ok(Found::Group(group));
    }
    let verb = format!("{verb} {group}");
    let candidates: Vec<&'static str> = members(group).map(|row| last_word(row.name)).collect();
    let Some(word) = unique(&verb, typed, text, &candidates)? else {
        return Err(Error::NotFound(format!("Undefined {verb} command: \"{typed}\".  Try \"help {verb}\".")));
    };
    match members(group).find(|row| last_word(row.name) == word) {
        Some(row) => Ok(Found::Setting { row, rest: rest.trim_start() }),
        None => Ok(Found::Group(group)),
    }
}

/// The settings whose first word is `group`.
pub fn members(group: &str) -> impl Iterator<Item = &'static Row> {
    TABLE.iter().filter(move |row| row.name.split_once(' ').is_some_and(|(first, _)| first == group))
}

/// The one candidate that `typed` is or begins; none if it begins none. `text` is what the error quotes.
fn unique(verb: &str, typed: &str, text: &str, candidates: &[&'static str]) -> Result<Option<&'static str>> {
    if let Some(word) = candidates.iter().find(|word| **word == typed) {
        return Ok(Some(word));
    }
    // As in gdb, "p" and "pr" stand for print although prompt begins so too.
    if let ("p" | "pr", Some(print)) = (typed, candidates.iter().find(|word| **word == "print")) {
        return Ok(Some(print));
    }
    let fitting: Vec<&'static str> = candidates.iter().copied().filter(|word| word.starts_with(typed)).collect();
    match fitting.as_slice() {
        [] => Ok(None),
        [word] => Ok(Some(word)),
        several => Err(Error::Usage(format!("Ambiguous {verb} command \"{text}\": {}.", several.join(", ")))),
    }
}

fn first_word(name: &'static str) -> &'static str {
    name.split_once(' ').map_or(name, |(first, _)| first)
}

fn last_word(name: &'static str) -> &'static str {
    name.rsplit_once(' ').map_or(name, |(_, last)| last)
}

/// Names that may follow `text` after `set` or `show`: the possible last words, without what is typed before them.
/// For a complete setting name, its values.
pub fn completions(text: &str, extras: &[&'static str], values: bool) -> Vec<&'static str> {
    let complete = text.trim_end().len() < text.len();
    let words: Vec<&str> = text.split_whitespace().collect();
    let firsts = || TABLE.iter().map(|row| first_word(row.name)).chain(extras.iter().copied());
    let mut found: Vec<&'static str> = match (words.as_slice(), complete) {
        ([], _) => firsts().collect(),
        ([typed], false) => firsts().filter(|word| word.starts_with(typed)).collect(),
        (_, complete) => {
            let before = if complete { text.trim_end() } else { text.trim_end().rsplit_once(' ').map_or("", |w| w.0) };
            let typed = if complete { "" } else { words.last().copied().unwrap_or("") };
            let continued: Vec<&'static str> = match find("set", before, extras) {
                Ok(Found::Group(group)) => members(group).map(|row| last_word(row.name)).collect(),
                Ok(Found::Setting { row, rest: "" }) if values => row.kind.words().to_vec(),
                _ => Vec::new(),
            };
            continued.into_iter().filter(|word| word.starts_with(typed)).collect()
        }
    };
    found.sort_unstable();
    found.dedup();
    found
}

/// What a group of settings is about; empty for an unknown one.
pub fn group_summary(group: &str) -> &'static str {
    GROUPS.iter().find(|(word, _)| *word == group).map_or("", |(_, summary)| summary)
}
