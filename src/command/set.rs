//! `set`: settings, and where the words are none, an expression that assigns.

use super::spec::{Command, Completion, Group, Invocation, Outcome, Repeat, Subcommands};
use crate::error::Error;
use crate::settings::lookup::members;
use crate::settings::{Found, Setting, find};

pub static ROWS: &[Command] = &[
    Command {
        name: "set",
        group: Group::Support,
        synopsis: "SETTING [VALUE] | EXPR",
        summary: "Change a setting, or evaluate an expression that assigns",
        examples: &[
            ("set print elements 10", "print ten elements of an array at most"),
            ("set print pretty", "one member a line"),
            ("set output-style gdb", "print what gdb would print"),
        ],
        completion: Completion::Setting { values: true },
        repeat: Repeat::Never,
        subcommands: Subcommands::Own,
        run: set,
        ..Command::DEFAULT
    },
    Command {
        name: "set variable",
        aliases: &["var"],
        group: Group::Data,
        synopsis: "EXPR",
        summary: "Evaluate an expression that assigns, without looking for a setting",
        help: "Only convenience variables can be assigned: a dump cannot be changed.",
        examples: &[("set variable $i = 0", "a variable for scripts")],
        completion: Completion::Expression,
        repeat: Repeat::Never,
        run: |at| {
            if at.arguments.is_empty() {
                return Err(Error::Usage("Argument required (expression to compute).".into()).into());
            }
            evaluate(at, at.arguments)
        },
        ..Command::DEFAULT
    },
];

/// Evaluate for the effect; the value is not printed.
fn evaluate(at: &mut Invocation<'_, '_>, text: &str) -> Outcome {
    let mut evaluator = at.session.evaluator();
    let ended = evaluator.evaluate_text(text).map(|_| ());
    let warnings = evaluator.take_warnings();
    warnings.iter().try_for_each(|warning| at.warn(warning))?;
    Ok(ended?)
}

fn set(at: &mut Invocation<'_, '_>) -> Outcome {
    if at.arguments.is_empty() {
        return Err(Error::Usage("Argument required (expression to compute).".into()).into());
    }
    let extras: Vec<&'static str> = at.table.below("set").map(Command::word).collect();
    match find("set", at.arguments, &extras)? {
        Found::Setting { row, rest } => {
            at.session.settings.set(row, rest)?;
            at.session.apply_settings();
            let without_effect = match row.setting {
                Setting::Height | Setting::Pagination => "output is never paged",
                Setting::Width => "lines are never folded",
                _ => return Ok(()),
            };
            if *at.session.settings.get(row.setting) == row.gdb {
                return Ok(());
            }
            at.warn(&format!("{}: {without_effect}", row.name))
        }
        Found::Group(group) => {
            at.say(&format!("List of set {group} subcommands:\n"))?;
            members(group).try_for_each(|row| at.say(&format!("set {} -- Set {}.", row.name, row.summary)))
        }
        Found::Extra { word, rest } => match at.table.below("set").find(|command| command.word() == word) {
            Some(command) => (command.run)(&mut at.with_arguments(rest)),
            None => Ok(()),
        },
        Found::Unknown => evaluate(at, at.arguments),
    }
}
