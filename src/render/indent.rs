//! Text moved to the right: a sink in front of another that begins every line with blanks.

use crate::text::{Role, Sink, Stopped};

/// Writes everything to another sink, each line after some blanks.
pub struct Indented<'o> {
    out: &'o mut dyn Sink,
    blanks: usize,
    at_start: bool,
}

impl<'o> Indented<'o> {
    /// Lines begin with so many blanks.
    pub fn new(out: &'o mut dyn Sink, blanks: usize) -> Self {
        Indented { out, blanks, at_start: true }
    }
}

impl Sink for Indented<'_> {
    fn put(&mut self, role: Role, text: &str) -> Result<(), Stopped> {
        for line in text.split_inclusive('\n') {
            if self.at_start && line != "\n" {
                self.out.put(Role::Plain, &" ".repeat(self.blanks))?;
            }
            self.at_start = line.ends_with('\n');
            self.out.put(role, line)?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Stopped> {
        self.out.flush()
    }

    fn annotate(&mut self, text: &str) -> Result<(), Stopped> {
        self.out.annotate(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn every_line_is_moved_once_however_it_is_written() {
        let mut text = Text::new();
        let mut indented = Indented::new(&mut text, 2);
        for part in ["a", " = 1\nb", " = {\n", "\n    c\n", "}"] {
            indented.put(Role::Plain, part).expect("a text never stops");
        }
        assert_eq!(text.to_plain(), "  a = 1\n  b = {\n\n      c\n  }");
    }
}
