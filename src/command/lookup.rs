//! The first words of a command line to a row of the table, as gdb does it: exact name, alias, unique beginning.

use super::spec::{Command, CommandTable, Subcommands};
use crate::error::{Error, Result};
use crate::session::Session;
use crate::settings::lookup::word_length;

/// What a command line calls, and its arguments.
pub enum Call<'t> {
    Row {
        command: &'static Command,
        arguments: &'t str,
    },
    /// A definition of the user.
    Definition {
        name: String,
        arguments: &'t str,
    },
    /// An alias of the user: the line that it stands for.
    Alias {
        line: String,
    },
}

/// Longest list of candidates in an error, in bytes; gdb cuts there too.
const MAX_LISTED_BYTES: usize = 100;

impl CommandTable {
    /// The commands one word below `prefix`; empty for the first words.
    pub fn below(&self, prefix: &str) -> impl Iterator<Item = &'static Command> {
        self.rows().filter(move |command| command.prefix() == prefix)
    }

    /// The command of exactly that name.
    pub fn named(&self, name: &str) -> Option<&'static Command> {
        self.rows().find(|command| command.name == name)
    }

    /// What `line` calls. `line` is not empty.
    ///
    /// # Errors
    /// No command begins so, or several do.
    pub fn find<'t>(&self, session: &Session<'_>, line: &'t str) -> Result<Call<'t>> {
        let line = line.trim_start();
        let (typed, rest) = split_command_word(line);
        if let Some(meaning) = session.aliases.get(typed) {
            return Ok(Call::Alias { line: format!("{meaning} {}", rest.trim_start()) });
        }
        if session.definitions.contains_key(typed) && self.named(typed).is_none() {
            return Ok(Call::Definition { name: typed.to_owned(), arguments: rest.trim() });
        }
        if let Some(command) = self.exact("", typed) {
            return self.descend(command, rest);
        }
        let own = session.definitions.keys().chain(session.aliases.keys()).filter(|name| name.starts_with(typed));
        let own: Vec<&str> = own.map(String::as_str).filter(|_| !typed.is_empty()).collect();
        match (self.shortened("", typed, line, &own)?, own.as_slice()) {
            (Some(command), _) => self.descend(command, rest),
            (None, [name]) => match session.aliases.get(*name) {
                Some(meaning) => Ok(Call::Alias { line: format!("{meaning} {}", rest.trim_start()) }),
                None => Ok(Call::Definition { name: (*name).to_owned(), arguments: rest.trim() }),
            },
            (None, _) => Err(undefined("", if typed.is_empty() { first_word(line) } else { typed })),
        }
    }

    /// The row that `line` names, whatever follows it; for `help` and `complete`.
    ///
    /// # Errors
    /// As `find`.
    pub fn find_row<'t>(&self, line: &'t str) -> Result<(&'static Command, &'t str)> {
        let line = line.trim_start();
        let (typed, rest) = split_command_word(line);
        let command = match self.exact("", typed) {
            Some(command) => command,
            None => self.shortened("", typed, line, &[])?.ok_or_else(|| undefined("", first_word(line)))?,
        };
        match self.descend(command, rest)? {
            Call::Row { command, arguments } => Ok((command, arguments)),
            Call::Definition { .. } | Call::Alias { .. } => Ok((command, rest)),
        }
    }

    /// Follow subcommands as far as words fit.
    fn descend<'t>(&self, command: &'static Command, rest: &'t str) -> Result<Call<'t>> {
        let rest = if command.keeps_blanks { rest.trim_start() } else { rest.trim() };
        let here = Call::Row { command, arguments: rest };
        if matches!(command.subcommands, Subcommands::None | Subcommands::Own) {
            return Ok(here);
        }
        match self.subcommand(command, rest)? {
            Some((below, after)) => self.descend(below, after),
            None => Ok(here),
        }
    }

    /// The subcommand of `command` that `text` begins with, and what follows it.
    ///
    /// # Errors
    /// Several fit; none does and one is required.
    pub fn subcommand<'t>(&self, command: &Command, text: &'t str) -> Result<Option<(&'static Command, &'t str)>> {
        let (typed, rest) = text.split_at(word_length(text));
        if typed.is_empty() && (text.is_empty() || command.subcommands != Subcommands::Required) {
            return Ok(None);
        }
        let found = match self.exact(command.name, typed) {
            Some(found) => Some(found),
            // Where arguments may stand as well, a digit or sign begins one.
            None if !typed.starts_with(|c: char| c.is_ascii_alphabetic()) => None,
            None => match self.shortened(command.name, typed, text, &[]) {
                Err(_) if command.subcommands == Subcommands::Optional => None,
                found => found?,
            },
        };
        match found {
            Some(found) => Ok(Some((found, rest))),
            None if command.subcommands == Subcommands::Required => Err(undefined(command.name, first_word(text))),
            None => Ok(None),
        }
    }

    fn exact(&self, prefix: &str, typed: &str) -> Option<&'static Command> {
        let named = self.below(prefix).find(|command| command.word() == typed);
        named.or_else(|| self.below(prefix).find(|command| command.aliases.contains(&typed)))
    }

    /// The one command that `typed` begins. `text` is what an error quotes; `own` are further names that fit.
    fn shortened(&self, prefix: &str, typed: &str, text: &str, own: &[&str]) -> Result<Option<&'static Command>> {
        if typed.is_empty() {
            return Ok(None);
        }
        let mut fitting: Vec<(&str, &'static Command)> = Vec::new();
        for command in self.below(prefix) {
            let names = std::iter::once(command.word()).chain(command.aliases.iter().copied());
            if let Some(name) = names.filter(|name| name.starts_with(typed)).min_by_key(|name| *name != command.word())
            {
                fitting.push((name, command));
            }
        }
        match fitting.as_slice() {
            [] => Ok(None),
            [(_, command)] if own.is_empty() => Ok(Some(command)),
            several => {
                let mut names: Vec<&str> = several.iter().map(|(name, _)| *name).chain(own.iter().copied()).collect();
                names.sort_unstable();
                Err(ambiguous(prefix, text, &names))
            }
        }
    }
}

/// The word that names a command, and the rest. `!` and `|` are words of their own.
fn split_command_word(line: &str) -> (&str, &str) {
    match line.chars().next() {
        Some('!' | '|') => line.split_at(1),
        _ => line.split_at(word_length(line)),
    }
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or("")
}

fn undefined(prefix: &str, word: &str) -> Error {
    let (kind, help) = if prefix.is_empty() {
        (String::new(), "help".to_owned())
    } else {
        (format!("{prefix} "), format!("help {prefix}"))
    };
    Error::NotFound(format!("Undefined {kind}command: \"{word}\".  Try \"{help}\"."))
}

fn ambiguous(prefix: &str, text: &str, names: &[&str]) -> Error {
    let kind = if prefix.is_empty() { String::new() } else { format!("{prefix} ") };
    let mut listed = String::new();
    for name in names {
        if listed.len() + name.len() > MAX_LISTED_BYTES {
            listed.push_str("..");
            break;
        }
        listed.push_str(if listed.is_empty() { "" } else { ", " });
        listed.push_str(name);
    }
    Error::Usage(format!("Ambiguous {kind}command \"{}\": {listed}.", text.trim_end()))
}
