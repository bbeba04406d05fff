//! `quit`: the end of the session, with an exit status.

use super::spec::{Command, Group, Invocation, Outcome, Repeat, Stop};
use crate::error::Error;

pub static ROWS: &[Command] = &[Command {
    name: "quit",
    aliases: &["exit", "q"],
    group: Group::Support,
    synopsis: "[STATUS]",
    summary: "End the session",
    help: "STATUS is the exit status of the program, 0 without it.",
    examples: &[("quit", "leave"), ("quit 3", "leave, for a script that looks at the exit status")],
    repeat: Repeat::Never,
    run: quit,
    ..Command::DEFAULT
}];

fn quit(at: &mut Invocation<'_, '_>) -> Outcome {
    if at.arguments.is_empty() {
        return Err(Stop::Quit(0));
    }
    match at.arguments.parse::<i32>() {
        Ok(status) => Err(Stop::Quit(status)),
        Err(_) => Err(Error::no_symbol(at.arguments).into()),
    }
}
