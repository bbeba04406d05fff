//! `help` and `apropos`: everything they say comes from the rows of commands and settings.

use super::lookup::Call;
use super::pattern::compile;
use super::spec::{Command, CommandTable, Completion, Group, Invocation, Outcome, Subcommands};
use crate::error::Error;
use crate::session::Session;
use crate::settings::lookup::{group_summary, members};
use crate::settings::{Found, Row, find};
use crate::text::Role;

pub static ROWS: &[Command] = &[
    Command {
        name: "help",
        aliases: &["h"],
        group: Group::Support,
        synopsis: "[CLASS | COMMAND | all]",
        summary: "Print the classes of commands, or what one command does",
        examples: &[
            ("help", "the classes of commands"),
            ("help stack", "the commands of one class"),
            ("help info locals", "one command"),
            ("help set print elements", "one setting"),
        ],
        completion: Completion::Command,
        run: help,
        ..Command::DEFAULT
    },
    Command {
        name: "apropos",
        group: Group::Support,
        synopsis: "[-v] REGEX",
        summary: "Search the help of commands and settings",
        help: "-v prints the whole help of each command found.",
        examples: &[("apropos stack", "what has to do with stacks")],
        run: apropos,
        ..Command::DEFAULT
    },
];

fn help(at: &mut Invocation<'_, '_>) -> Outcome {
    let topic = at.arguments;
    if topic.is_empty() {
        return classes(at);
    }
    if topic == "all" {
        for group in Group::ALL {
            at.say(&format!("\nCommand class: {}\n", group.name()))?;
            list(at, |command| command.group == group)?;
        }
        return user_defined(at);
    }
    if topic == "user-defined" || topic == "aliases" {
        return user_defined(at);
    }
    // A command of the same name comes first.
    let exact = at.table.below("").any(|command| command.name == topic || command.aliases.contains(&topic));
    if let Some(group) = Group::ALL.into_iter().find(|group| group.name() == topic && !exact) {
        at.say(&format!("{}.\n\nList of commands:\n", group.summary()))?;
        list(at, |command| command.group == group)?;
        return footer(at);
    }
    match at.table.find(at.session, topic)? {
        Call::Definition { name, .. } => definition(at, &name),
        Call::Alias { line } => at.say(&format!("Alias of \"{}\".", line.trim_end())),
        Call::Row { command, arguments } => match command.subcommands {
            Subcommands::Own if !arguments.is_empty() => setting(at, command, arguments),
            // "help p 5": no such subcommand is no reason to say nothing.
            _ => one(at, command),
        },
    }
}

fn classes(at: &mut Invocation<'_, '_>) -> Outcome {
    at.say("List of classes of commands:\n")?;
    for group in Group::ALL {
        at.say(&format!("{} -- {}.", group.name(), group.summary()))?;
    }
    at.say("user-defined -- Commands and aliases made with define and alias.")?;
    at.say("\nType \"help\" and a class for its commands, \"help all\" for all of them.")?;
    footer(at)
}

fn footer(at: &mut Invocation<'_, '_>) -> Outcome {
    at.say("\nType \"help\" and a command for what it does, \"apropos\" and a word to search for it.")?;
    at.say("Names of commands may be shortened while they are unique.")
}

fn list(at: &mut Invocation<'_, '_>, wanted: impl Fn(&Command) -> bool) -> Outcome {
    let mut commands: Vec<&Command> = at.table.rows().filter(|command| wanted(command)).collect();
    commands.sort_by_key(|command| command.name);
    commands.into_iter().try_for_each(|command| summary_line(at, command))
}

/// `info frame, info f -- Print ….`
pub fn summary_line(at: &mut Invocation<'_, '_>, command: &Command) -> Outcome {
    at.out.put(Role::Plain, &all_names(command))?;
    at.say(&format!(" -- {}.", command.summary))
}

/// `info frame, info f`
fn all_names(command: &Command) -> String {
    let prefix = command.prefix();
    let mut names = command.name.to_owned();
    for alias in command.aliases {
        names.push_str(", ");
        names.push_str(prefix);
        names.push_str(if prefix.is_empty() { "" } else { " " });
        names.push_str(alias);
    }
    names
}

/// The commands that begin with the word `prefix`, sorted by name: what it answers alone.
pub fn subcommands(at: &mut Invocation<'_, '_>, prefix: &str) -> Outcome {
    at.say(&format!("List of {prefix} subcommands:\n"))?;
    let mut below: Vec<&'static Command> = at.table.below(prefix).collect();
    below.sort_by_key(|command| command.name);
    below.into_iter().try_for_each(|command| summary_line(at, command))
}

/// All that is known of one command.
fn one(at: &mut Invocation<'_, '_>, command: &'static Command) -> Outcome {
    let text = full_help(command);
    at.print(&text)?;
    let below: Vec<&Command> = at.table.below(command.name).collect();
    if !below.is_empty() {
        at.say(&format!("\nList of {} subcommands:\n", command.name))?;
        below.into_iter().try_for_each(|command| summary_line(at, command))?;
    }
    if command.subcommands == Subcommands::Own {
        settings_list(at, command.name)?;
    }
    Ok(())
}

/// Names, summary, usage, details and examples of a command, in whole lines.
pub fn full_help(command: &Command) -> String {
    let mut text = String::new();
    if !command.aliases.is_empty() {
        text.push_str(&all_names(command));
        text.push('\n');
    }
    text.push_str(command.summary);
    text.push_str(".\n");
    if !command.synopsis.is_empty() {
        text.push_str(&format!("Usage: {} {}\n", command.name, command.synopsis));
    }
    if !command.help.is_empty() {
        text.push_str(&format!("\n{}\n", command.help));
    }
    if !command.examples.is_empty() {
        text.push_str("\nExamples:\n");
        let width = command.examples.iter().map(|(line, _)| line.chars().count()).max().unwrap_or(0);
        for (line, meaning) in command.examples {
            text.push_str(&format!("  {line:width$}  {meaning}\n"));
        }
    }
    text
}

fn settings_list(at: &mut Invocation<'_, '_>, verb: &str) -> Outcome {
    at.say(&format!("\nList of settings for {verb}:\n"))?;
    crate::settings::TABLE.iter().try_for_each(|row| setting_line(at, verb, row))
}

fn setting_line(at: &mut Invocation<'_, '_>, verb: &str, row: &Row) -> Outcome {
    at.say(&format!("{verb} {} -- {} {}.", row.name, capitalised(verb), row.summary))
}

fn capitalised(verb: &str) -> &'static str {
    if verb == "set" { "Set" } else { "Show" }
}

/// `help set print`, `help show print elements`, `help set variable`.
fn setting(at: &mut Invocation<'_, '_>, command: &'static Command, words: &str) -> Outcome {
    let verb = command.name;
    let extras: Vec<&'static str> = at.table.below(verb).map(Command::word).collect();
    match find(verb, words, &extras)? {
        Found::Setting { row, .. } => {
            at.say(&format!("{} {}.", capitalised(verb), row.summary))?;
            if verb == "set" {
                at.say(&format!("Usage: set {} {}", row.name, row.kind.placeholder()))?;
            }
            if !row.help.is_empty() {
                at.say(&format!("\n{}", row.help))?;
            }
            Ok(())
        }
        Found::Group(group) => {
            at.say(&format!("{} {}.\n", capitalised(verb), group_summary(group)))?;
            at.say(&format!("List of {verb} {group} subcommands:\n"))?;
            members(group).try_for_each(|row| setting_line(at, verb, row))
        }
        Found::Extra { word, .. } => match at.table.below(verb).find(|command| command.word() == word) {
            Some(command) => one(at, command),
            None => one(at, command),
        },
        Found::Unknown => {
            let word = words.split_whitespace().next().unwrap_or(words);
            Err(Error::NotFound(format!("Undefined {verb} command: \"{word}\".  Try \"help {verb}\".")).into())
        }
    }
}

fn definition(at: &mut Invocation<'_, '_>, name: &str) -> Outcome {
    let lines = documentation_of(at.session, name);
    lines.iter().try_for_each(|line| at.say(line))
}

fn documentation_of(session: &Session<'_>, name: &str) -> Vec<String> {
    match session.definitions.get(name) {
        Some(definition) if !definition.documentation.is_empty() => definition.documentation.clone(),
        _ => vec!["User-defined.".to_owned()],
    }
}

fn user_defined(at: &mut Invocation<'_, '_>) -> Outcome {
    at.say("\nCommand class: user-defined\n")?;
    let names: Vec<String> = at.session.definitions.keys().cloned().collect();
    for name in names {
        let lines = documentation_of(at.session, &name);
        at.say(&format!("{name} -- {}", lines.first().map_or("", |line| line)))?;
    }
    let aliases: Vec<String> =
        at.session.aliases.iter().map(|(name, meaning)| format!("{name} -- Alias of \"{meaning}\".")).collect();
    aliases.iter().try_for_each(|line| at.say(line))
}

fn apropos(at: &mut Invocation<'_, '_>) -> Outcome {
    let (verbose, pattern) = match at.arguments.strip_prefix("-v") {
        Some(rest) if rest.is_empty() || rest.starts_with(' ') => (true, rest.trim()),
        _ => (false, at.arguments),
    };
    if pattern.is_empty() {
        return Err(Error::Usage("REGEXP string is empty".into()).into());
    }
    let regex = compile(pattern, true)?;
    for command in sorted_rows(at.table) {
        if !regex.is_match(&full_help(command)) && !regex.is_match(command.name) {
            continue;
        }
        summary_line(at, command)?;
        if verbose {
            at.say(&full_help(command))?;
        }
    }
    for row in &crate::settings::TABLE {
        if regex.is_match(row.name) || regex.is_match(row.summary) || regex.is_match(row.help) {
            setting_line(at, "set", row)?;
        }
    }
    Ok(())
}

fn sorted_rows(table: &CommandTable) -> Vec<&'static Command> {
    let mut rows: Vec<&'static Command> = table.rows().collect();
    rows.sort_by_key(|command| command.name);
    rows
}
