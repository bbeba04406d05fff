//! Output before colour: pieces of text with a role, and the sink they are written to.
//!
//! Renderers write to a `Sink` and so can stream; `Text` is the sink that keeps what it is given. What a role
//! looks like is decided by `render::ansi` alone. Text that comes from files must pass `escaped` first, or be
//! written through a sink that escapes (`render::ansi` does): no control character reaches a terminal.

use std::any::Any;
use std::fmt::Write as _;

/// What a piece of text is, for colouring and for front ends that filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Punctuation, spaces, words of the tool itself.
    Plain,
    /// A variable, argument or member name.
    Name,
    /// A function name.
    Function,
    /// A type name.
    Type,
    /// A number, boolean or enumerator.
    Number,
    /// A string or character.
    String,
    /// An address or offset.
    Address,
    /// A source file.
    File,
    /// A source line's text.
    Source,
    /// A remark of the tool: why a value is missing, how it was recovered.
    Note,
    /// An error inside other output.
    Error,
}

/// The reader went away (a closed pipe) or has seen enough: stop producing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped;

/// Where renderers write. Lines end in `\n`, written like any other text.
pub trait Sink {
    /// Append `text` in `role`.
    ///
    /// # Errors
    /// `Stopped` when nobody reads any more; the caller returns at once.
    fn put(&mut self, role: Role, text: &str) -> Result<(), Stopped>;

    /// Append all pieces of `text`.
    ///
    /// # Errors
    /// As `put`.
    fn put_text(&mut self, text: &Text) -> Result<(), Stopped> {
        text.spans().try_for_each(|(role, piece)| self.put(role, piece))
    }

    /// Something was looked at, whether or not it will be written.
    ///
    /// # Errors
    /// `Stopped` when that was enough, or when nobody waits any more.
    fn step(&mut self) -> Result<(), Stopped> {
        Ok(())
    }

    /// A pattern is made of what is written: whatever differs from value to value is left open.
    fn leaves_open(&self) -> bool {
        false
    }

    /// In a pattern, the place of something that differs; true if it need not be written.
    fn leave_open(&mut self, _: Box<dyn Any>) -> bool {
        false
    }

    /// Hand on what is gathered, before somebody else writes to the same place.
    ///
    /// # Errors
    /// As `put`.
    fn flush(&mut self) -> Result<(), Stopped> {
        Ok(())
    }

    /// A mark for a program that reads along (an editor), written without escaping. Sinks that are read by people
    /// alone drop it.
    ///
    /// # Errors
    /// As `put`.
    fn annotate(&mut self, _text: &str) -> Result<(), Stopped> {
        Ok(())
    }
}

/// Text kept in memory, as pieces with roles; neighbours of one role are joined.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    text: String,
    /// Each piece's role, and where it ends in `text`, in bytes.
    ends: Vec<(Role, usize)>,
}

impl Text {
    /// An empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Append `text` in `role`; a `Text` never stops.
    pub fn push(&mut self, role: Role, text: &str) -> &mut Self {
        if text.is_empty() {
            return self;
        }
        self.text.push_str(text);
        let end = self.text.len();
        match self.ends.last_mut() {
            Some((last, kept)) if *last == role => *kept = end,
            _ => self.ends.push((role, end)),
        }
        self
    }

    /// Append `text` in `Role::Plain`.
    pub fn plain(&mut self, text: &str) -> &mut Self {
        self.push(Role::Plain, text)
    }

    /// Append all of `other`.
    pub fn append(&mut self, other: &Text) -> &mut Self {
        let before = self.text.len();
        self.text.push_str(&other.text);
        let mut ends = other.ends.iter().map(|(role, end)| (*role, before + end));
        if let (Some(last), Some(first)) = (self.ends.last_mut(), other.ends.first())
            && last.0 == first.0
        {
            last.1 = before + first.1;
            ends.next();
        }
        self.ends.extend(ends);
        self
    }

    /// The pieces in order.
    pub fn spans(&self) -> impl Iterator<Item = (Role, &str)> {
        let mut start = 0;
        self.ends.iter().map(move |(role, end)| {
            let piece = self.text.get(start..*end).unwrap_or_default();
            start = *end;
            (*role, piece)
        })
    }

    /// Nothing was written.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Nothing is written any more; the room is kept.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// The text alone, without roles.
    pub fn to_plain(&self) -> String {
        self.text.clone()
    }

    /// The text without its roles.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Write all pieces to `sink`.
    pub fn write_to(&self, sink: &mut dyn Sink) -> Result<(), Stopped> {
        sink.put_text(self)
    }
}

impl Sink for Text {
    fn put(&mut self, role: Role, text: &str) -> Result<(), Stopped> {
        self.push(role, text);
        Ok(())
    }

    fn put_text(&mut self, text: &Text) -> Result<(), Stopped> {
        self.append(text);
        Ok(())
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        let mut result = Text::new();
        result.plain(text);
        result
    }
}

/// `text` with every control character written as an escape (`\n`, `\t`, `\033`), so that names and paths from
/// a file stay on their line and cannot steer a terminal. C1 controls and bidirectional overrides count too.
pub fn escaped(text: &str) -> std::borrow::Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.chars().any(is_steering) {
        return text.into();
    }
    let mut result = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        push_escaped(&mut result, c);
    }
    result.into()
}

/// Printable ASCII, ends of line and tabs only: most of what is written, and quick to see.
pub fn is_printable_ascii(text: &str) -> bool {
    // Without a way out of the loop the compiler takes many bytes at once.
    text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~' | b'\n' | b'\t'))
}

/// A character that moves the cursor, colours, or reorders text.
pub fn is_steering(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Append `c`, escaped if it steers a terminal.
pub fn push_escaped(result: &mut String, c: char) {
    match c {
        '\n' => result.push_str("\\n"),
        '\t' => result.push_str("\\t"),
        '\r' => result.push_str("\\r"),
        c if is_steering(c) && (c as u32) < 0x80 => {
            let _ = write!(result, "\\{:03o}", c as u32);
        }
        c if is_steering(c) => {
            let _ = write!(result, "\\u{{{:x}}}", c as u32);
        }
        c => result.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_appended_as_their_pieces_would_be() {
        let text = |pieces: &[(Role, &str)]| {
            let mut text = Text::new();
            for (role, piece) in pieces {
                text.push(*role, piece);
            }
            text
        };
        let parts = [(Role::Plain, "a"), (Role::Number, "1"), (Role::Plain, " ")];
        for cut in 0..=parts.len() {
            let (before, after) = parts.split_at(cut);
            assert_eq!(*text(before).append(&text(after)), text(&parts), "{cut}");
        }
        let joined = text(&[(Role::Plain, "a"), (Role::Plain, "b"), (Role::Name, "c")]);
        assert_eq!(*text(&[(Role::Plain, "a")]).append(&text(&[(Role::Plain, "b"), (Role::Name, "c")])), joined);
    }
}
