//! The console: command lines run as in the terminal, their output gathered as text.

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;

use super::adapter::Adapter;
use super::failure::Failure;
use super::handles::FrameKey;
use crate::command::TABLE as COMMANDS;
use crate::command::run::Lines;
use crate::command::spec::Input;
use crate::frontend::dialogue::{Dialogue, Verdict};
use crate::limits::MAX_DAP_OUTPUT_BYTES;
use crate::render::ansi::Output;

const KEEPS_ITS_FRAME: &str =
    "(The editor stays at its own frame: choose this one in its call stack to look around in it.)";

/// What came of command lines.
pub struct Ran {
    /// Results and errors, in their order; coloured if the client shows colours.
    pub text: String,
    pub verdict: Verdict,
}

/// Both outputs of a command, into one text.
#[derive(Clone, Default)]
struct Gathered(Rc<RefCell<Vec<u8>>>);

impl Write for Gathered {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut kept = self.0.borrow_mut();
        if kept.len().saturating_add(bytes.len()) > MAX_DAP_OUTPUT_BYTES {
            // Whoever writes stops, as with a closed pipe.
            return Err(std::io::ErrorKind::BrokenPipe.into());
        }
        kept.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Adapter<'_> {
    /// Run command lines one after the other, up to the first that fails; a command that takes lines of its own gets
    /// those that follow it.
    pub fn run_commands(&mut self, text: &str) -> Ran {
        let gathered = Gathered::default();
        let output = || -> Output<Box<dyn Write>> { Output::new(Box::new(gathered.clone()), false) };
        let mut dialogue = Dialogue::new(output(), output(), &COMMANDS);
        dialogue.colour_errors = true;
        dialogue.out.interrupt_by(self.cancelled.flag());
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut input = Lines::new(&lines);
        let mut verdict = Verdict::Done;
        while let Some(line) = input.line("") {
            verdict = dialogue.execute(&mut self.session, &line, &mut input);
            if verdict != Verdict::Done {
                break;
            }
        }
        let was_full = dialogue.is_closed();
        drop(dialogue);
        let mut text = String::from_utf8_lossy(&gathered.0.borrow()).into_owned();
        if was_full {
            text.push_str("\n... (the rest is left out)\n");
        }
        Ran { text, verdict }
    }

    /// Make a frame the selected one, as `frame` does.
    pub fn select(&mut self, key: Option<FrameKey>) {
        let Some(key) = key else { return };
        if self.session.thread != key.thread {
            self.session.select_thread(key.thread);
        }
        if self.session.frame != key.frame {
            self.session.frame = key.frame;
            self.session.listed = None;
        }
    }

    /// Run command lines that the user typed; the output, without the last end of line. `shown` is the frame that the
    /// client says it shows.
    ///
    /// # Errors
    /// The last one failed; its error and all output.
    pub fn console(&mut self, text: &str, shown: Option<FrameKey>) -> Result<String, Failure> {
        let before = self.session.options();
        let Ran { mut text, verdict } = self.run_commands(text);
        let selected = FrameKey { thread: self.session.thread, frame: self.session.frame };
        if verdict == Verdict::Done && shown.is_some_and(|shown| shown != selected) {
            // The protocol has no way to move the client, and what it shows goes before what was typed.
            text.push_str(KEEPS_ITS_FRAME);
        }
        if self.session.options() != before && self.client.supports_invalidated_event {
            self.afterwards("invalidated", serde_json::json!({ "areas": ["variables"] }));
        }
        let text = text.trim_end_matches('\n').to_owned();
        match verdict {
            Verdict::Done => Ok(text),
            Verdict::Failed => Err(Failure::request(text)),
            Verdict::Stopped if self.cancelled.is_cancelled() => Err(Failure::cancelled()),
            Verdict::Stopped => Ok(text),
            Verdict::Quit(_) => {
                self.terminated();
                Ok(text)
            }
        }
    }
}
