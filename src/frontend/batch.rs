//! Without a person: scripts of the command line, and commands on a pipe. No prompt, no questions.
//!
//! As in gdb, a failing command does not end the rest, and the exit status is 1 if the last one failed; `--strict`
//! ends at the first failure.

use std::io::{BufRead, Read};

use super::arguments::Arguments;
use super::dialogue::{Dialogue, Verdict};
use super::start::run_script;
use crate::command::Input;
use crate::limits::MAX_COMMAND_BYTES;
use crate::session::Session;

/// What came of a list of commands: an exit status, and whether the session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    pub status: i32,
    pub ended: bool,
}

/// Run the scripts of the command line in order.
pub fn run_scripts(dialogue: &mut Dialogue, session: &mut Session<'_>, arguments: &Arguments) -> Outcome {
    let mut status = 0;
    for script in &arguments.scripts {
        match after(run_script(dialogue, session, script), arguments.strict && arguments.batch) {
            (new, false) => status = new,
            (new, true) => return Outcome { status: new, ended: true },
        }
    }
    Outcome { status, ended: false }
}

/// Run commands from a pipe or file until it ends.
pub fn run_piped<R: BufRead>(
    dialogue: &mut Dialogue,
    session: &mut Session<'_>,
    input: &mut Piped<R>,
    strict: bool,
) -> i32 {
    let mut status = 0;
    while let Some(line) = input.line("") {
        match after(dialogue.typed(session, &line, input), strict) {
            (new, false) => status = new,
            (new, true) => return new,
        }
    }
    status
}

/// The exit status after a command, and whether it is the last one.
fn after(verdict: Verdict, strict: bool) -> (i32, bool) {
    match verdict {
        Verdict::Done => (0, false),
        Verdict::Failed => (1, strict),
        // The reader of our output went away: as if killed by the closed pipe, but without noise.
        Verdict::Stopped => (0, true),
        Verdict::Quit(status) => (status, true),
    }
}

/// Lines of a pipe or file.
pub struct Piped<R> {
    input: R,
}

impl<R: BufRead> Piped<R> {
    /// From where `input` stands.
    pub fn new(input: R) -> Self {
        Piped { input }
    }
}

impl<R: BufRead> Input for Piped<R> {
    fn line(&mut self, _: &str) -> Option<String> {
        let mut bytes = Vec::new();
        let read = (&mut self.input).take(MAX_COMMAND_BYTES as u64).read_until(b'\n', &mut bytes);
        if read.ok()? == 0 {
            return None;
        }
        while bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
            bytes.pop();
        }
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}
