//! `info` itself: the list of what it can tell.

use super::help::subcommands;
use super::spec::{Command, Group, Invocation, Outcome, Subcommands};
use crate::error::Error;

pub static ROWS: &[Command] = &[
    Command {
        name: "info",
        aliases: &["i", "inf"],
        group: Group::Status,
        synopsis: "SUBJECT [ARGUMENTS]",
        summary: "Print what is known about the dead program",
        examples: &[("info", "the list of subjects")],
        subcommands: Subcommands::Required,
        run: info,
        ..Command::DEFAULT
    },
    Command {
        name: "info registers",
        group: Group::Stack,
        summary: "Print the place, the stack pointer and the frame base of the selected frame",
        examples: &[("info registers", "$pc, $sp and $fp")],
        run: registers,
        ..Command::DEFAULT
    },
    Command {
        name: "info breakpoints",
        aliases: &["b"],
        group: Group::Running,
        summary: "List breakpoints: there are none on a dump",
        run: |at| at.say("No breakpoints or watchpoints."),
        ..Command::DEFAULT
    },
];

fn registers(at: &mut Invocation<'_, '_>) -> Outcome {
    at.session.selected().map_err(|_| Error::Absent("The program has no registers now.".into()))?;
    for name in ["pc", "sp", "fp"] {
        let mut history = at.session.history.clone();
        let found = at.session.evaluator_with(&mut history)?.evaluate_text(&format!("${name}"));
        let value = found.and_then(|(_, object)| at.session.reader().scalar(&object));
        let text = match value {
            Ok(scalar) => format!("{:#x}", scalar.as_address()),
            Err(error) => format!("<{error}>"),
        };
        at.say(&format!("{name:<15}{text}"))?;
    }
    at.say("WebAssembly has no other registers: see info wasm-locals and info globals.")
}

fn info(at: &mut Invocation<'_, '_>) -> Outcome {
    subcommands(at, "info")
}
