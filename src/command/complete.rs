//! What may stand where the user is typing; and `complete`, which prints it.
//!
//! The rows say what their arguments are; expressions, types and functions are looked up in the program.

use super::spec::{Command, CommandTable, Completion, Group, Invocation, Outcome, Repeat, Subcommands};
use crate::expr::eval::complete_function;
use crate::session::Session;
use crate::settings::Setting;
use crate::settings::lookup::completions as setting_completions;

pub static ROWS: &[Command] = &[Command {
    name: "complete",
    group: Group::Support,
    synopsis: "TEXT",
    summary: "Print the command lines that TEXT may be completed to",
    examples: &[("complete info lo", "what the tabulator key would offer")],
    completion: Completion::Command,
    repeat: Repeat::Never,
    keeps_blanks: true,
    run: complete,
    ..Command::DEFAULT
}];

/// What may replace the end of a line.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Where the replaced part begins, in bytes.
    pub start: usize,
    /// Sorted, without repetition.
    pub words: Vec<String>,
}

fn complete(at: &mut Invocation<'_, '_>) -> Outcome {
    let text = at.arguments;
    let found = candidates(at.session, at.table, text);
    let limit = at.session.settings.limit(Setting::MaxCompletions).unwrap_or(u64::MAX);
    let kept = text.get(..found.start).unwrap_or("").to_owned();
    for (index, word) in found.words.iter().enumerate() {
        if index as u64 >= limit {
            return at.say(&format!("{kept} *** List may be truncated, max-completions reached. ***"));
        }
        at.say(&format!("{kept}{word}"))?;
    }
    Ok(())
}

/// What may follow `line`.
pub fn candidates(session: &Session<'_>, table: &CommandTable, line: &str) -> Candidates {
    let trimmed = line.trim_start();
    let offset = line.len() - trimmed.len();
    let mut found = command_words(session, table, "", trimmed);
    found.start += offset;
    found.words.sort_unstable();
    found.words.dedup();
    found
}

/// Words below `prefix`; where a command is typed completely, its arguments.
fn command_words(session: &Session<'_>, table: &CommandTable, prefix: &str, text: &str) -> Candidates {
    let Some((word, rest)) = text.split_once(char::is_whitespace) else {
        return last_word(session, table, prefix, text);
    };
    let typed = if prefix.is_empty() { word.to_owned() } else { format!("{prefix} {word}") };
    let used = text.len() - rest.len();
    let rest_start = used + (rest.len() - rest.trim_start().len());
    let Ok((command, after)) = table.find_row(strip_format(&typed)) else { return Candidates::default() };
    if !after.trim().is_empty() {
        return Candidates::default();
    }
    let rest = rest.trim_start();
    let mut found = match command.subcommands {
        Subcommands::Required => command_words(session, table, command.name, rest),
        Subcommands::Optional => {
            let below = command_words(session, table, command.name, rest);
            let mut found = arguments(session, table, command, rest);
            match (below.words.is_empty(), found.start == below.start) {
                (true, _) => found,
                (false, false) => below,
                (false, true) => {
                    found.words.extend(below.words);
                    found
                }
            }
        }
        Subcommands::None | Subcommands::Own => arguments(session, table, command, rest),
    };
    found.start += rest_start;
    found
}

/// `p` of `p/x`.
fn strip_format(typed: &str) -> &str {
    typed.split_once('/').map_or(typed, |(word, _)| word)
}

/// The command words that begin with `typed`.
fn last_word(session: &Session<'_>, table: &CommandTable, prefix: &str, typed: &str) -> Candidates {
    let rows = table.below(prefix).map(|command| command.word().to_owned());
    let mut words: Vec<String> = rows.filter(|word| word.starts_with(typed)).collect();
    if prefix.is_empty() {
        let own = session.definitions.keys().chain(session.aliases.keys());
        words.extend(own.filter(|name| name.starts_with(typed)).cloned());
    }
    Candidates { start: 0, words }
}

fn arguments(session: &Session<'_>, table: &CommandTable, command: &Command, text: &str) -> Candidates {
    let last = text.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let typed = text.get(last..).unwrap_or("");
    let from = |words: Vec<String>| Candidates { start: last, words };
    match command.completion {
        Completion::Nothing => Candidates::default(),
        Completion::Command => command_words(session, table, "", text),
        Completion::Setting { values } => {
            let extras: Vec<&'static str> = table.below(command.name).map(Command::word).collect();
            from(setting_completions(text, &extras, values).into_iter().map(str::to_owned).collect())
        }
        Completion::Words(words) => {
            from(words.iter().filter(|word| word.starts_with(typed)).map(|word| (*word).to_owned()).collect())
        }
        Completion::File => from(files(typed)),
        Completion::Expression | Completion::Type => {
            let (start, words) = session.completions(text);
            Candidates { start, words }
        }
        Completion::Function | Completion::Location => from(complete_function(session.reader(), typed)),
    }
}

/// Names in the file system that begin with `typed`; directories end in a slash.
fn files(typed: &str) -> Vec<String> {
    let (directory, name) = typed.rsplit_once('/').map_or(("", typed), |(directory, name)| (directory, name));
    let shown = typed.get(..typed.len() - name.len()).unwrap_or("");
    let searched = match (directory, typed.starts_with('/')) {
        ("", true) => "/".to_owned(),
        ("", false) => ".".to_owned(),
        (directory, _) => super::script::expand_home(&format!("{directory}/")),
    };
    let Ok(entries) = std::fs::read_dir(searched) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries.filter_map(Result::ok) {
        let Ok(file) = entry.file_name().into_string() else { continue };
        if file.starts_with(name) && (!file.starts_with('.') || name.starts_with('.')) {
            let slash = if entry.path().is_dir() { "/" } else { "" };
            found.push(format!("{shown}{file}{slash}"));
        }
    }
    found
}
