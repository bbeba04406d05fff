//! `info` itself: the list of what it can tell.

use super::help::summary_line;
use super::spec::{Command, Group, Invocation, Outcome, Subcommands};

pub static ROWS: &[Command] = &[Command {
    name: "info",
    aliases: &["i", "inf"],
    group: Group::Status,
    synopsis: "SUBJECT [ARGUMENTS]",
    summary: "Print what is known about the dead program",
    examples: &[("info", "the list of subjects")],
    subcommands: Subcommands::Required,
    run: info,
    ..Command::DEFAULT
}];

fn info(at: &mut Invocation<'_, '_>) -> Outcome {
    at.say("List of info subcommands:\n")?;
    let mut below: Vec<&'static Command> = at.table.below("info").collect();
    below.sort_by_key(|command| command.name);
    below.into_iter().try_for_each(|command| summary_line(at, command))
}
