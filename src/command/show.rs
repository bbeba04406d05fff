//! `show`: the settings in force, and what the session knows of itself.

use super::spec::{Command, Completion, Group, Invocation, Outcome, Subcommands};
use crate::error::Error;
use crate::render::value::ValueWriter;
use crate::settings::lookup::members;
use crate::settings::{Found, Row, Setting, TABLE, find};
use crate::text::Role;

/// Values that `show values` prints, as many as gdb.
const VALUES_SHOWN: usize = 10;

pub static ROWS: &[Command] = &[
    Command {
        name: "show",
        group: Group::Status,
        synopsis: "[SETTING]",
        summary: "Print the value of a setting, or of all",
        examples: &[("show print elements", "one setting"), ("show print", "all settings of print")],
        completion: Completion::Setting { values: false },
        subcommands: Subcommands::Own,
        run: show,
        ..Command::DEFAULT
    },
    Command {
        name: "show version",
        group: Group::Status,
        summary: "Print the version of this program",
        examples: &[("show version", "name, version and licence")],
        run: version,
        ..Command::DEFAULT
    },
    Command {
        name: "show values",
        group: Group::Status,
        summary: "Print the last ten values of the history",
        examples: &[("show values", "$1, $2 ...")],
        run: values,
        ..Command::DEFAULT
    },
    Command {
        name: "show convenience",
        aliases: &["conv"],
        group: Group::Status,
        summary: "Print the convenience variables that were set",
        examples: &[("show convenience", "$name = value")],
        run: convenience,
        ..Command::DEFAULT
    },
    Command {
        name: "show user",
        group: Group::Status,
        synopsis: "[NAME]",
        summary: "Print the definition of a command made with define, or of all",
        examples: &[("show user", "all definitions")],
        run: user,
        ..Command::DEFAULT
    },
];

fn values(at: &mut Invocation<'_, '_>) -> Outcome {
    let options = at.session.options();
    let writer = ValueWriter { reader: at.session.reader(), options: &options };
    for (number, object) in at.session.history.last_values(VALUES_SHOWN) {
        at.out.put(Role::Plain, &format!("${number} = "))?;
        writer.line(object, at.out)?;
        at.out.put(Role::Plain, "\n")?;
    }
    Ok(())
}

fn convenience(at: &mut Invocation<'_, '_>) -> Outcome {
    let options = at.session.options();
    if at.session.history.variables().next().is_none() {
        return at.say("No debugger convenience values now defined.");
    }
    let writer = ValueWriter { reader: at.session.reader(), options: &options };
    for (name, object) in at.session.history.variables() {
        at.out.put(Role::Name, &format!("${name}"))?;
        at.out.put(Role::Plain, " = ")?;
        writer.line(object, at.out)?;
        at.out.put(Role::Plain, "\n")?;
    }
    Ok(())
}

fn show(at: &mut Invocation<'_, '_>) -> Outcome {
    if at.arguments.is_empty() {
        return TABLE.iter().try_for_each(|row| named_line(at, row));
    }
    let extras: Vec<&'static str> = at.table.below("show").map(Command::word).collect();
    match find("show", at.arguments, &extras)? {
        Found::Setting { row, .. } => {
            let line = sentence(at, row);
            at.say(&line)
        }
        Found::Group(group) => members(group).try_for_each(|row| named_line(at, row)),
        Found::Extra { word, rest } => match at.table.below("show").find(|command| command.word() == word) {
            Some(command) => (command.run)(&mut at.with_arguments(rest)),
            None => Ok(()),
        },
        Found::Unknown => {
            let word = at.arguments.split_whitespace().next().unwrap_or("");
            Err(Error::NotFound(format!("Undefined show command: \"{word}\".  Try \"help show\".")).into())
        }
    }
}

fn named_line(at: &mut Invocation<'_, '_>, row: &Row) -> Outcome {
    let line = format!("{}:  {}", row.name, sentence(at, row));
    at.say(&line)
}

/// What `show` says of one setting.
fn sentence(at: &Invocation<'_, '_>, row: &Row) -> String {
    let settings = &at.session.settings;
    match row.setting {
        // Where nothing was set, the file that is used is worth more than the empty name.
        Setting::HistoryFilename if settings.text(Setting::HistoryFilename).is_empty() => {
            row.show.replacen("{}", "wasmgdb/history under $XDG_STATE_HOME", 1)
        }
        Setting::Language if matches!(settings.text(Setting::Language), "auto" | "local") => {
            let frame = at.session.selected().ok();
            let language = frame.and_then(|(_, frame)| frame.function().map(|function| function.language));
            let set = settings.text(Setting::Language);
            let current = language.unwrap_or(crate::dwarf::Language::C).name();
            row.show.replacen("{}", &format!("{set}; currently {current}"), 1)
        }
        _ => settings.show(row),
    }
}

fn version(at: &mut Invocation<'_, '_>) -> Outcome {
    at.say(&format!("wasmgdb {}", env!("CARGO_PKG_VERSION")))?;
    at.say("Post-mortem debugger for WebAssembly coredumps.")?;
    at.say("Licence: MIT or Apache-2.0, at your choice.")
}

fn user(at: &mut Invocation<'_, '_>) -> Outcome {
    let definitions = &at.session.definitions;
    let mut text = String::new();
    let names: Vec<&String> = match at.arguments {
        "" => definitions.keys().collect(),
        name => match definitions.get_key_value(name) {
            Some((name, _)) => vec![name],
            None => return Err(Error::NotFound("Not a user command.".into()).into()),
        },
    };
    for name in names {
        text.push_str(&format!("User command \"{name}\":\n"));
        for line in definitions.get(name).map_or(&[][..], |definition| &definition.body) {
            text.push_str(&format!("  {line}\n"));
        }
        text.push('\n');
    }
    at.print(&text)
}
