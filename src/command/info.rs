//! `info` itself: the list of what it can tell.

use super::help::subcommands;
use super::spec::{Command, Completion, Group, Invocation, Outcome, Subcommands};
use crate::error::Error;

/// What stands for registers: place, stack pointer, frame base.
const REGISTERS: [&str; 3] = ["pc", "sp", "fp"];

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
        aliases: &["all-registers"],
        group: Group::Stack,
        synopsis: "[NAME]...",
        summary: "Print the place, the stack pointer and the frame base of the selected frame",
        examples: &[("info registers", "$pc, $sp and $fp"), ("info registers pc", "one of them")],
        completion: Completion::Words(&REGISTERS),
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
    Command {
        name: "info watchpoints",
        group: Group::Running,
        summary: "List watchpoints: there are none on a dump",
        run: |at| at.say("No watchpoints."),
        ..Command::DEFAULT
    },
];

fn registers(at: &mut Invocation<'_, '_>) -> Outcome {
    at.session.selected().map_err(|_| Error::Absent("The program has no registers now.".into()))?;
    let asked: Vec<&str> = at.arguments.split_whitespace().map(|name| name.trim_start_matches('$')).collect();
    if let Some(unknown) = asked.iter().find(|name| !REGISTERS.contains(name)) {
        return Err(Error::NotFound(format!("Invalid register `{unknown}'")).into());
    }
    for name in if asked.is_empty() { &REGISTERS } else { &*asked } {
        let mut history = at.session.history.clone();
        let found = at.session.evaluator_with(&mut history)?.evaluate_text(&format!("${name}"));
        let value = found.and_then(|(_, object)| at.session.reader().scalar(&object));
        let text = match value {
            Ok(scalar) => format!("{:#x}", scalar.as_address()),
            Err(error) => format!("<{error}>"),
        };
        at.say(&format!("{name:<15}{text}"))?;
    }
    if !asked.is_empty() {
        return Ok(());
    }
    at.say("WebAssembly has no other registers: see info wasm-locals and info globals.")
}

fn info(at: &mut Invocation<'_, '_>) -> Outcome {
    subcommands(at, "info")
}
