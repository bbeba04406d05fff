//! `echo`: text with C's escapes.

use super::args;
use super::spec::{Command, Group, Invocation, Outcome};

pub static ROWS: &[Command] = &[Command {
    name: "echo",
    group: Group::Support,
    synopsis: "TEXT",
    summary: "Print text; C's escapes stand for their characters",
    help: "No end of line is added: write \\n for one. A backslash at the end keeps a blank before it.",
    examples: &[("echo frames:\\n", "a line of text, for scripts")],
    run: echo,
    ..Command::DEFAULT
}];

fn echo(at: &mut Invocation<'_, '_>) -> Outcome {
    let text = args::echo(at.arguments);
    at.print(&text)
}
