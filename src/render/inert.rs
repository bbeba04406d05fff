//! JSON on its way to the output: characters that would steer a terminal are written as `\uXXXX`.
//!
//! JSON itself asks that only of those below U+0020. The others (DEL, C1 controls, bidirectional overrides) come from
//! names and texts in files, and reports are looked at in terminals. Outside of strings there are none.

use std::io::{Result, Write};

use crate::text::is_steering;

/// Escapes what is written to it in whole pieces of UTF-8, as serde_json writes.
pub struct InertJson<W> {
    pub out: W,
}

impl<W: Write> Write for InertJson<W> {
    fn write(&mut self, piece: &[u8]) -> Result<usize> {
        let may_steer = |byte: &u8| matches!(byte, 0x7f | 0xc2 | 0xe2);
        match std::str::from_utf8(piece) {
            Ok(text) if piece.iter().any(may_steer) => {
                let mut rest = text;
                // What is below U+0020 is white space between strings: in them it is escaped already.
                while let Some(at) = rest.find(|c| is_steering(c) && c >= ' ') {
                    let (before, after) = rest.split_at(at);
                    self.out.write_all(before.as_bytes())?;
                    let mut after = after.chars();
                    after.next().map_or(Ok(()), |c| write!(self.out, "\\u{:04x}", c as u32))?;
                    rest = after.as_str();
                }
                self.out.write_all(rest.as_bytes())?;
            }
            _ => self.out.write_all(piece)?,
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_steer_are_escaped_and_read_back_as_they_were() {
        let text = "a\u{9b}31m\u{202e}b\u{7f} \u{e9} \u{2028}\u{1b}\n";
        let mut written = InertJson { out: Vec::new() };
        serde_json::to_writer_pretty(&mut written, &[text]).unwrap();
        let shown = String::from_utf8(written.out).unwrap();
        assert!(!shown.chars().any(|c| is_steering(c) && c != '\n'), "{shown:?}");
        assert!(shown.contains("a\\u009b31m\\u202eb\\u007f \u{e9}"), "{shown}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&shown).unwrap(), [text]);
    }
}
