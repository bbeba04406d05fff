//! Elements on their way to the output: equal neighbours counted, and no more looked at than the limits allow.

use std::any::Any;

use crate::limits::MAX_VALUE_STEPS;
use crate::text::{Role, Sink, Stopped, Text};

/// Hands everything on, and stops whoever looks at too many elements.
pub struct Counted<'s> {
    out: &'s mut dyn Sink,
    left: u64,
    /// The user wants all elements: too many are only those for which nothing is written.
    renews: bool,
}

impl<'s> Counted<'s> {
    /// For a value under the limit `elements`.
    pub fn new(out: &'s mut dyn Sink, elements: Option<u64>) -> Self {
        let left = MAX_VALUE_STEPS.max(elements.map_or(0, |limit| limit.saturating_add(1)));
        Counted { out, left, renews: elements.is_none() }
    }

    /// Too many were looked at.
    pub fn is_spent(&self) -> bool {
        self.left == 0
    }
}

impl Sink for Counted<'_> {
    fn put(&mut self, role: Role, text: &str) -> Result<(), Stopped> {
        if self.renews {
            self.left = MAX_VALUE_STEPS;
        }
        self.out.put(role, text)
    }

    fn put_text(&mut self, text: &Text) -> Result<(), Stopped> {
        if self.renews {
            self.left = MAX_VALUE_STEPS;
        }
        self.out.put_text(text)
    }

    fn leaves_open(&self) -> bool {
        self.out.leaves_open()
    }

    fn leave_open(&mut self, hole: Box<dyn Any>) -> bool {
        self.out.leave_open(hole)
    }

    fn step(&mut self) -> Result<(), Stopped> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 { Err(Stopped) } else { self.out.step() }
    }
}

/// One element's text, kept until the next one is known.
pub struct Element<'s> {
    pub text: &'s mut Text,
    pub out: &'s mut dyn Sink,
}

impl Sink for Element<'_> {
    fn put(&mut self, role: Role, text: &str) -> Result<(), Stopped> {
        self.text.put(role, text)
    }

    fn put_text(&mut self, text: &Text) -> Result<(), Stopped> {
        self.text.put_text(text)
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
    /// That of an element of the run; nothing if there is none.
    text: Text,
    count: u64,
    written: u64,
    repeats: u64,
    is_first: bool,
}

impl Run {
    /// Runs of `repeats` equal elements or more are counted.
    pub fn new(repeats: u64, signs: Signs) -> Self {
        Run { signs, passed: 0, text: Text::new(), count: 0, written: 0, repeats, is_first: true }
    }

    /// Another element would pass the limit; `next` is its text if it is none of the run.
    pub fn is_full(&self, next: Option<&Text>, limit: u64) -> bool {
        let pending = if self.count > self.repeats { self.repeats } else { self.count };
        self.written.saturating_add(pending) >= limit && next.is_some_and(|next| self.is_other(next))
            || self.written.saturating_add(self.count) >= limit && self.count <= self.repeats
    }

    fn is_other(&self, next: &Text) -> bool {
        self.count == 0 || self.text != *next
    }

    /// However many more of the run there are, none passes the limit.
    pub fn takes_all(&self, limit: u64) -> bool {
        limit == u64::MAX || self.count > self.repeats
    }

    /// So many more elements of the run.
    pub fn extend(&mut self, count: u64) {
        self.count = self.count.saturating_add(count);
    }

    /// More equal elements than a table of pointers has by chance.
    pub fn is_long(&self) -> bool {
        self.count > 3
    }

    /// Another element; its text is taken, and one that is no longer needed put in its place.
    pub fn push(&mut self, text: &mut Text, out: &mut dyn Sink) -> Result<(), Stopped> {
        if !self.is_other(text) {
            self.count += 1;
            return Ok(());
        }
        self.flush(out)?;
        std::mem::swap(&mut self.text, text);
        self.count = 1;
        Ok(())
    }

    /// Write what is pending.
    pub fn flush(&mut self, out: &mut dyn Sink) -> Result<(), Stopped> {
        if self.count == 0 {
            return Ok(());
        }
        let is_counted = self.count >= self.repeats.max(2);
        let times = if is_counted { 1 } else { self.count };
        for index in 0..times {
            let is_first = std::mem::take(&mut self.is_first);
            out.put(Role::Plain, if is_first { &self.signs.before } else { &self.signs.between })?;
            if self.signs.has_indexes {
                out.put(Role::Plain, &format!("[{}] = ", self.passed + index))?;
            }
            self.text.write_to(out)?;
        }
        if is_counted {
            out.put(Role::Note, &format!(" <repeats {} times>", self.count))?;
        }
        self.passed += self.count;
        // As in gdb, a counted run takes as much of the limit as the shortest one does.
        self.written += if is_counted { self.repeats } else { times };
        self.count = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counted_run_takes_as_much_of_the_limit_as_the_shortest_one() {
        let signs = Signs { before: String::new(), between: ", ".into(), has_indexes: false };
        let (mut run, mut out) = (Run::new(10, signs), Text::new());
        for _ in 0..120 {
            run.push(&mut Text::from("7"), &mut out).unwrap();
        }
        let next = Text::from("8");
        assert!(run.is_full(Some(&next), 10));
        assert!(!run.is_full(Some(&next), 11));
        run.push(&mut next.clone(), &mut out).unwrap();
        assert!(run.is_full(Some(&Text::from("9")), 11));
        run.flush(&mut out).unwrap();
        assert_eq!(out.to_plain(), "7 <repeats 120 times>, 8");
    }
}
