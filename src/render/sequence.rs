//! Elements on their way to the output: equal neighbours counted, and no more looked at than the limits allow.

use crate::text::{Role, Sink, Stopped, Text};

/// Hands everything on, and stops whoever looks at too many elements.
pub struct Counted<'s> {
    pub out: &'s mut dyn Sink,
    pub left: u64,
}

impl Sink for Counted<'_> {
    fn put(&mut self, role: Role, text: &str) -> Result<(), Stopped> {
        self.out.put(role, text)
    }

    fn step(&mut self) -> Result<(), Stopped> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 { Err(Stopped) } else { self.out.step() }
    }
}

/// One element's text, kept until the next one is known.
pub struct Element<'s> {
    pub text: Text,
    pub out: &'s mut dyn Sink,
}

impl Sink for Element<'_> {
    fn put(&mut self, role: Role, text: &str) -> Result<(), Stopped> {
        self.text.put(role, text)
    }

    fn step(&mut self) -> Result<(), Stopped> {
        self.out.step()
    }
}

/// What stands around the elements of a sequence.
pub struct Signs {
    pub before: String,
    pub between: String,
    /// `[0] = ` in front of each.
    pub has_indexes: bool,
}

/// Equal neighbours of a sequence, counted before they are written.
pub struct Run {
    signs: Signs,
    /// Elements before the run.
    passed: u64,
    text: Option<Text>,
    count: u64,
    written: u64,
    repeats: u64,
    is_first: bool,
}

impl Run {
    /// Runs of `repeats` equal elements or more are counted.
    pub fn new(repeats: u64, signs: Signs) -> Self {
        Run { signs, passed: 0, text: None, count: 0, written: 0, repeats, is_first: true }
    }

    /// Another element that is none of the run would pass the limit.
    pub fn is_full(&self, next: &Text, limit: u64) -> bool {
        let pending = if self.count > self.repeats { 1 } else { self.count };
        self.written.saturating_add(pending) >= limit && self.text.as_ref() != Some(next)
            || self.written.saturating_add(self.count) >= limit && self.count <= self.repeats
    }

    /// More equal elements than a table of pointers has by chance.
    pub fn is_long(&self) -> bool {
        self.count > 3
    }

    /// Another element.
    pub fn push(&mut self, text: Text, out: &mut dyn Sink) -> Result<(), Stopped> {
        if self.text.as_ref() == Some(&text) {
            self.count += 1;
            return Ok(());
        }
        self.flush(out)?;
        self.text = Some(text);
        self.count = 1;
        Ok(())
    }

    /// Write what is pending.
    pub fn flush(&mut self, out: &mut dyn Sink) -> Result<(), Stopped> {
        let Some(text) = self.text.take() else { return Ok(()) };
        let is_counted = self.count >= self.repeats.max(2);
        let times = if is_counted { 1 } else { self.count };
        for index in 0..times {
            let is_first = std::mem::take(&mut self.is_first);
            out.put(Role::Plain, if is_first { &self.signs.before } else { &self.signs.between })?;
            if self.signs.has_indexes {
                out.put(Role::Plain, &format!("[{}] = ", self.passed + index))?;
            }
            text.write_to(out)?;
        }
        if is_counted {
            out.put(Role::Note, &format!(" <repeats {} times>", self.count))?;
        }
        self.passed += self.count;
        self.written += times;
        self.count = 0;
        Ok(())
    }
}
