//! The end of the line for text: spans to the bytes of a terminal or file, with or without colour.
//!
//! The only place that knows colours, and the last gate for control characters: whatever a span holds, only its
//! ends of line and tabs are written as they are. Colours are gdb's. Whether to colour is decided once, by `wanted`.

use std::borrow::Cow;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use colored::{Color, Colorize};

use crate::text::{Role, Sink, Stopped, Text, is_printable_ascii, is_steering, push_escaped};

/// Bytes gathered before they are looked through and written: a page of output costs one call of each.
const BUFFER_BYTES: usize = 64 << 10;

/// What decides on colour: the environment and the output.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wishes {
    /// `NO_COLOR` is set and not empty: never colour.
    pub no_color: bool,
    /// `CLICOLOR_FORCE` is set and not 0: colour even into a pipe.
    pub force: bool,
    /// `TERM` is `dumb` or missing.
    pub dumb: bool,
    /// The output is a terminal.
    pub terminal: bool,
}

impl Wishes {
    /// Those of this process; `terminal` says what its output is.
    pub fn of_environment(terminal: bool) -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        Wishes {
            no_color: set("NO_COLOR").is_some(),
            force: set("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            dumb: set("TERM").is_none_or(|term| term == "dumb"),
            terminal,
        }
    }

    /// Colour or not. `NO_COLOR` has the last word.
    pub fn wanted(self) -> bool {
        !self.no_color && (self.force || (self.terminal && !self.dumb))
    }
}

/// A sink that writes to `W`.
pub struct Output<W: Write> {
    out: W,
    /// What is to be written.
    gathered: String,
    /// So many bytes of it have been looked through for what steers a terminal.
    settled: usize,
    colour: bool,
    /// Set from outside (by Ctrl-C): the command that is writing stops.
    interrupted: Option<Arc<AtomicBool>>,
    closed: bool,
}

impl<W: Write> Output<W> {
    /// A sink over `out`, coloured or not.
    pub fn new(out: W, colour: bool) -> Self {
        let mut output =
            Output { out, gathered: String::new(), settled: 0, colour: false, interrupted: None, closed: false };
        output.set_colour(colour);
        output
    }

    /// Stop whoever writes as soon as `flag` is true; the flag is not reset here.
    pub fn interrupt_by(&mut self, flag: Arc<AtomicBool>) {
        self.interrupted = Some(flag);
    }

    /// Colour from now on, or not.
    pub fn set_colour(&mut self, colour: bool) {
        self.colour = colour;
        if colour {
            // The crate's own guess looks at standard output alone; the decision is ours and made per output.
            colored::control::set_override(true);
        }
    }

    /// The reader went away: nothing that is written arrives.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whatever was written so far, for outputs into memory.
    pub fn get_ref(&self) -> &W {
        &self.out
    }

    /// Make what is gathered safe for a terminal.
    fn settle(&mut self) {
        let fresh = self.gathered.get(self.settled..).unwrap_or_default();
        if let Cow::Owned(safe) = without_steering(fresh) {
            self.gathered.truncate(self.settled);
            self.gathered.push_str(&safe);
        }
        self.settled = self.gathered.len();
    }

    /// Gather what may steer the terminal: colours, an editor's marks.
    fn put_steering(&mut self, text: &str) {
        self.settle();
        self.gathered.push_str(text);
        self.settled = self.gathered.len();
    }

    /// Write what is gathered.
    fn spill(&mut self) -> Result<(), Stopped> {
        self.settle();
        let written = self.out.write_all(self.gathered.as_bytes());
        self.gathered.clear();
        self.settled = 0;
        self.note(written)
    }

    fn spill_if_full(&mut self) -> Result<(), Stopped> {
        if self.gathered.len() < BUFFER_BYTES { Ok(()) } else { self.spill() }
    }

    fn note(&mut self, written: std::io::Result<()>) -> Result<(), Stopped> {
        // A full disk ends the output just as a closed pipe does: there is nobody to tell through this sink.
        written.map_err(|_| {
            self.closed = true;
            Stopped
        })
    }
}

impl<W: Write> Drop for Output<W> {
    fn drop(&mut self) {
        if !self.closed {
            // Nobody is left to be told.
            let _ = self.spill();
        }
    }
}

impl<W: Write> Sink for Output<W> {
    fn put(&mut self, role: Role, text: &str) -> Result<(), Stopped> {
        if self.closed || self.interrupted.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return Err(Stopped);
        }
        match colour_of(role) {
            Some(colour) if self.colour => {
                let coloured = without_steering(text).color(colour);
                self.put_steering(&coloured.to_string());
            }
            None if self.colour && role == Role::Note => {
                let dimmed = without_steering(text).dimmed();
                self.put_steering(&dimmed.to_string());
            }
            // It needs no second place to lie in.
            _ if text.len() >= BUFFER_BYTES => {
                self.spill()?;
                let written = self.out.write_all(without_steering(text).as_bytes());
                return self.note(written);
            }
            _ => self.gathered.push_str(text),
        }
        self.spill_if_full()
    }

    fn put_text(&mut self, text: &Text) -> Result<(), Stopped> {
        if self.colour {
            return text.spans().try_for_each(|(role, piece)| self.put(role, piece));
        }
        self.put(Role::Plain, text.as_str())
    }

    fn annotate(&mut self, text: &str) -> Result<(), Stopped> {
        self.put_steering(text);
        self.spill_if_full()
    }

    fn step(&mut self) -> Result<(), Stopped> {
        if self.interrupted.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed)) { Err(Stopped) } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Stopped> {
        self.spill()?;
        let flushed = self.out.flush();
        self.note(flushed)
    }
}

/// gdb's colours; roles that gdb leaves plain are plain.
fn colour_of(role: Role) -> Option<Color> {
    match role {
        Role::Function => Some(Color::Yellow),
        Role::Name => Some(Color::Cyan),
        Role::File => Some(Color::Green),
        Role::Address => Some(Color::Blue),
        Role::Error => Some(Color::Red),
        Role::Plain | Role::Type | Role::Number | Role::String | Role::Source | Role::Note => None,
    }
}

/// `text` with everything escaped that steers a terminal, but for ends of line and tabs.
fn without_steering(text: &str) -> Cow<'_, str> {
    let steers = |c: char| is_steering(c) && c != '\n' && c != '\t';
    if is_printable_ascii(text) || !text.chars().any(steers) {
        return text.into();
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if steers(c) {
            push_escaped(&mut safe, c);
        } else {
            safe.push(c);
        }
    }
    safe.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(colour: bool, spans: &[(Role, &str)]) -> String {
        let mut output = Output::new(Vec::new(), colour);
        for (role, text) in spans {
            output.put(*role, text).expect("memory takes all");
        }
        output.flush().expect("memory takes all");
        String::from_utf8(output.get_ref().clone()).expect("only text was written")
    }

    #[test]
    fn colours_are_gdbs_and_plain_output_has_none() {
        let spans = [(Role::Function, "main"), (Role::Plain, " at "), (Role::File, "a.c"), (Role::Number, "3")];
        assert_eq!(written(false, &spans), "main at a.c3");
        assert_eq!(written(true, &spans), "\u{1b}[33mmain\u{1b}[0m at \u{1b}[32ma.c\u{1b}[0m3");
    }

    #[test]
    fn no_escape_sequence_of_the_input_reaches_the_terminal() {
        let hostile = [(Role::Name, "a\u{1b}[2J\u{7}b\r\u{9b}31m\u{202e}\tc\n")];
        assert_eq!(written(false, &hostile), "a\\033[2J\\007b\\r\\u{9b}31m\\u{202e}\tc\n");
        assert!(!written(true, &hostile).contains("\u{1b}[2J"));
    }

    #[test]
    fn marks_for_an_editor_arrive_as_they_are_between_texts_that_are_escaped() {
        let mut output = Output::new(Vec::new(), false);
        output.put(Role::Plain, "a\u{7}").expect("memory takes all");
        output.annotate("\u{1a}\u{1a}b\n").expect("memory takes all");
        output.put(Role::Plain, "c\u{7}").expect("memory takes all");
        output.flush().expect("memory takes all");
        assert_eq!(output.get_ref(), b"a\\007\x1a\x1ab\nc\\007");
    }

    #[test]
    fn what_is_gathered_is_written_when_the_output_goes_away() {
        let mut written = Vec::new();
        let mut output = Output::new(&mut written, false);
        output.put(Role::Plain, "a\u{7}").expect("memory takes all");
        drop(output);
        assert_eq!(written, b"a\\007");
    }

    #[test]
    fn no_color_beats_force_and_force_beats_the_missing_terminal() {
        let terminal = Wishes { terminal: true, ..Wishes::default() };
        assert!(terminal.wanted());
        assert!(!Wishes { dumb: true, ..terminal }.wanted());
        assert!(!Wishes { no_color: true, ..terminal }.wanted());
        assert!(!Wishes::default().wanted());
        assert!(Wishes { force: true, ..Wishes::default() }.wanted());
        assert!(!Wishes { force: true, no_color: true, ..terminal }.wanted());
    }

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_stops_the_writer() {
        let mut output = Output::new(Closed, false);
        let page = "x".repeat(BUFFER_BYTES + 1);
        assert_eq!(output.put(Role::Plain, &page), Err(Stopped));
        assert!(output.is_closed());
        assert_eq!(output.put(Role::Plain, "more"), Err(Stopped));
    }

    #[test]
    fn an_interrupt_stops_the_writer_until_it_is_taken_back() {
        let flag = Arc::new(AtomicBool::new(false));
        let mut output = Output::new(Vec::new(), false);
        output.interrupt_by(flag.clone());
        assert_eq!(output.put(Role::Plain, "a"), Ok(()));
        flag.store(true, Ordering::Relaxed);
        assert_eq!(output.put(Role::Plain, "b"), Err(Stopped));
        flag.store(false, Ordering::Relaxed);
        assert_eq!(output.put(Role::Plain, "c"), Ok(()));
    }
}
