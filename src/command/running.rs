//! Commands that need a live process: they exist to say, in gdb's words, that there is none.
//!
//! Being in the table, they also take part in what may be shortened, as in gdb.

use super::spec::{Command, Group, Invocation, Outcome, Repeat};
use crate::error::Error;

fn refuse(_: &mut Invocation<'_, '_>) -> Outcome {
    Err(Error::Absent("The program is not being run.".into()).into())
}

const fn row(name: &'static str, aliases: &'static [&'static str], summary: &'static str) -> Command {
    Command { name, aliases, group: Group::Running, summary, repeat: Repeat::Never, run: refuse, ..Command::DEFAULT }
}

/// A question about what WebAssembly does not have.
const fn info(name: &'static str, summary: &'static str, run: fn(&mut Invocation<'_, '_>) -> Outcome) -> Command {
    Command { name, group: Group::Running, summary, run, ..Command::DEFAULT }
}

fn none(what: &str) -> Outcome {
    Err(Error::Absent(format!("WebAssembly programs have no {what}.")).into())
}

fn other_file(_: &mut Invocation<'_, '_>) -> Outcome {
    Err(Error::Absent("A session stays with its files: start wasmgdb again with others, as MODULE COREDUMP.".into())
        .into())
}

const fn opens(name: &'static str, summary: &'static str) -> Command {
    Command { run: other_file, ..row(name, &[], summary) }
}

pub static ROWS: &[Command] = &[
    row("advance", &[], "Continue up to a location"),
    row("attach", &[], "Attach to a process"),
    row("awatch", &[], "Stop when an expression is read or written"),
    row("break", &["b", "br", "bre", "brea"], "Stop at a location"),
    row("catch", &[], "Stop at an event"),
    row("commands", &[], "Run commands at a breakpoint"),
    row("condition", &[], "Make a breakpoint conditional"),
    row("continue", &["c", "fg"], "Continue the program"),
    opens("core-file", "Use another dump"),
    row("delete", &["d", "del"], "Delete breakpoints"),
    row("detach", &[], "Detach from a process"),
    row("disable", &[], "Disable breakpoints"),
    row("enable", &["en"], "Enable breakpoints"),
    opens("file", "Use another module"),
    row("finish", &["fin"], "Run until the selected frame returns"),
    row("handle", &[], "Say how to handle a signal"),
    row("hbreak", &["thbreak"], "Stop at a location, by hardware"),
    row("ignore", &[], "Ignore a breakpoint for a while"),
    info("info auxv", "List the auxiliary vector of a process", |_| none("auxiliary vector")),
    info("info float", "List the floating-point registers", |_| none("registers; see \"info wasm-locals\"")),
    info("info os", "List what the operating system knows", |_| none("operating system that could be asked")),
    info("info signals", "List what is done with signals", |_| none("signals; see \"info program\" for the trap")),
    info("info vector", "List the vector registers", |_| none("registers; see \"info wasm-locals\"")),
    row("interrupt", &[], "Interrupt the program"),
    row("jump", &["j"], "Continue somewhere else"),
    row("kill", &["k"], "Kill the program"),
    row("next", &["n"], "Step over one line"),
    row("nexti", &["ni"], "Step over one instruction"),
    row("return", &[], "Make the selected frame return"),
    row("reverse-continue", &["rc"], "Continue backwards"),
    row("reverse-step", &["rs"], "Step backwards"),
    row("run", &["r"], "Start the program"),
    row("rwatch", &[], "Stop when an expression is read"),
    row("signal", &[], "Continue with a signal"),
    row("start", &[], "Start the program and stop in its main function"),
    row("starti", &[], "Start the program and stop at its first instruction"),
    row("step", &["s"], "Step one line"),
    row("stepi", &["si"], "Step one instruction"),
    row("tbreak", &["tb"], "Stop at a location once"),
    row("until", &["u"], "Run to a later line"),
    row("watch", &[], "Stop when an expression changes"),
];
