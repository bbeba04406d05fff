//! `quit`: the end of the session, with an exit status.

use super::context::number;
use super::spec::{Command, Group, Invocation, Outcome, Repeat, Stop};

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
    let status = number(at.session, at.arguments)?;
    Err(Stop::Quit(status as i32))
}
