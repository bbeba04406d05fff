//! One line after the other: runs it, prints what went wrong, remembers what an empty line repeats.
//!
//! The terminal, scripts, piped input and the golden tests all go through here, so they cannot drift apart.

use std::io::Write;

use super::logging::Log;
use crate::command::{CommandTable, Input, Invocation, Stop, run};
use crate::render::ansi::Output;
use crate::render::options::Style;
use crate::session::Session;
use crate::settings::Setting;
use crate::text::{Role, Sink};

/// The outputs, and what was typed last.
pub struct Dialogue {
    pub out: Output<Box<dyn Write>>,
    pub err: Output<Box<dyn Write>>,
    /// Colours may be used on `err` (it may be a file where `out` is a terminal).
    pub colour_errors: bool,
    pub table: &'static CommandTable,
    /// Nobody types: what commands say to a person is left out.
    pub is_batch: bool,
    last: Option<String>,
    log: Log,
}

/// How a line ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Done,
    /// The error is printed.
    Failed,
    /// Interrupted, or nobody reads any more (`Dialogue::is_closed`).
    Stopped,
    Quit(i32),
}

impl Dialogue {
    /// A dialogue over two outputs.
    pub fn new(out: Output<Box<dyn Write>>, err: Output<Box<dyn Write>>, table: &'static CommandTable) -> Self {
        Dialogue { out, err, colour_errors: false, table, is_batch: false, last: None, log: Log::default() }
    }

    /// Nobody reads the results.
    pub fn is_closed(&self) -> bool {
        self.out.is_closed()
    }

    /// Run what was typed: an empty line stands for the last one.
    pub fn typed(&mut self, session: &mut Session<'_>, line: &str, input: &mut dyn Input) -> Verdict {
        let line = line.trim_start();
        if line.starts_with('#') {
            return Verdict::Done;
        }
        let line = if line.is_empty() { self.last.clone().unwrap_or_default() } else { line.to_owned() };
        let verdict = self.execute(session, &line, input);
        if !line.is_empty() {
            self.last = self.with_invocation(session, input, |at| run::repeated(at, &line));
        }
        verdict
    }

    /// Run one line.
    pub fn execute(&mut self, session: &mut Session<'_>, line: &str, input: &mut dyn Input) -> Verdict {
        session.decide();
        let traced = session.settings.flag(Setting::TraceCommands) && !line.trim().is_empty();
        self.run(session, input, |at| {
            if traced {
                at.say(&format!("+{line}"))?;
            }
            run::run_line(at, line)
        })
    }

    /// Run `action` as if it were a command.
    pub fn run(
        &mut self,
        session: &mut Session<'_>,
        input: &mut dyn Input,
        action: impl FnOnce(&mut Invocation<'_, '_>) -> Result<(), Stop>,
    ) -> Verdict {
        let colour = session.settings.flag(Setting::StyleEnabled);
        self.out.set_colour(colour);
        self.err.set_colour(colour && self.colour_errors);
        let ended = self.with_invocation(session, input, action);
        for warning in session.new_warnings() {
            self.complain(&format!("warning: {warning}"));
        }
        let verdict = match ended {
            Ok(()) => Verdict::Done,
            Err(Stop::Quit(status)) => Verdict::Quit(status),
            Err(Stop::Output) => Verdict::Stopped,
            Err(Stop::Loop { .. }) => {
                self.complain("This command is of use only inside a loop.");
                Verdict::Failed
            }
            Err(Stop::Failed(error)) => {
                let style = session.settings.style();
                self.complain(&if style == Style::Gdb { error.in_gdbs_words() } else { error.to_string() });
                Verdict::Failed
            }
        };
        match self.log.follow(&mut session.settings) {
            Ok(None) => {}
            Ok(Some(told)) => {
                // If nobody reads results, the next one says so.
                let _ = self.out.put(Role::Plain, &told);
            }
            Err(error) => {
                self.complain(&error.to_string());
                return Verdict::Failed;
            }
        }
        if self.flush().is_err() && verdict == Verdict::Done { Verdict::Stopped } else { verdict }
    }

    /// Print an error after all results so far.
    pub fn complain(&mut self, message: &str) {
        self.log.note(message);
        // If nobody reads errors either, there is nobody left to tell.
        let _ = self.out.flush();
        let _ = self.err.put(Role::Error, message).and_then(|()| self.err.put(Role::Plain, "\n"));
        let _ = self.err.flush();
    }

    fn flush(&mut self) -> Result<(), crate::text::Stopped> {
        self.err.flush()?;
        self.out.flush()
    }

    fn with_invocation<R>(
        &mut self,
        session: &mut Session<'_>,
        input: &mut dyn Input,
        action: impl FnOnce(&mut Invocation<'_, '_>) -> R,
    ) -> R {
        let (table, typed) = (self.table, !self.is_batch);
        self.log.with((&mut self.out, &mut self.err), |out, err| {
            action(&mut Invocation { session, out, err, input, table, arguments: "", depth: 0, typed, words: None })
        })
    }
}
