//! The end of the line for text: spans to the bytes of a terminal or file, with or without colour.
//!
//! The only place that knows colours, and the last gate for control characters: whatever a span holds, only its
//! ends of line and tabs are written as they are. Colours are gdb's. Whether to colour is decided once, by `wanted`.

use std::io::{BufWriter, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use colored::{Color, Colorize};

use crate::text::{Role, Sink, Stopped, is_printable_ascii, is_steering, push_escaped};

/// Bytes gathered before they are written: a page of output costs one call.
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
    out: BufWriter<W>,
    colour: bool,
    /// Set from outside (by Ctrl-C): the command that is writing stops.
    interrupted: Option<Arc<AtomicBool>>,
    closed: bool,
}

impl<W: Write> Output<W> {
    /// A sink over `out`, coloured or not.
    pub fn new(out: W, colour: bool) -> Self {
        let mut output = Output {
            out: BufWriter::with_capacity(BUFFER_BYTES, out),
            colour: false,
            interrupted: None,
            closed: false,
        };
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
        self.out.get_ref()
    }

    fn note(&mut self, written: std::io::Result<()>) -> Result<(), Stopped> {
        // A full disk ends the output just as a closed pipe does: there is nobody to tell through this sink.
        written.map_err(|_| {
            self.closed = true;
            Stopped
        })
    }
}

impl<W: Write> Sink for Output<W> {
    fn put(&mut self, role: Role, text: &str) -> Result<(), Stopped> {
        if self.closed || self.interrupted.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return Err(Stopped);
        }
        let safe = without_steering(text);
        let written = match colour_of(role) {
            _ if !self.colour => self.out.write_all(safe.as_bytes()),
            Some(colour) => write!(self.out, "{}", safe.color(colour)),
            None if role == Role::Note => write!(self.out, "{}", safe.dimmed()),
            _ => self.out.write_all(safe.as_bytes()),
        };
        self.note(written)
    }

    fn annotate(&mut self, text: &str) -> Result<(), Stopped> {
        let written = self.out.write_all(text.as_bytes());
        self.note(written)
    }

    fn step(&mut self) -> Result<(), Stopped> {
        if self.interrupted.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed)) { Err(Stopped) } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Stopped> {
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
fn without_steering(text: &str) -> std::borrow::Cow<'_, str> {
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
