//! Messages on the wire: headers, an empty line, and as many bytes of JSON as `Content-Length` says.
//!
//! Follows the protocol's overview, "Base protocol", and is more patient: lines may end in a bare LF, other headers
//! are skipped, and after a message of the wrong length the next header found is taken as the beginning of the next
//! message. Knows nothing of what messages say.

use std::fs::File;
use std::io::{self, BufRead, Read, Write};

use serde::Serialize;

use crate::limits::{MAX_DAP_HEADER_BYTES, MAX_DAP_MESSAGE_BYTES};

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// The body of one message.
    Message(Vec<u8>),
    /// Bytes that are no message; what is wrong with them.
    Broken(String),
}

/// Read the next message; none at the end of the input, and where it ends inside a message.
///
/// # Errors
/// The input cannot be read.
pub fn read_message(input: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let mut length = None;
    let mut header_seen = false;
    loop {
        let mut line = Vec::new();
        let read = input.by_ref().take(MAX_DAP_HEADER_BYTES).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if !text.is_empty() {
            header_seen = true;
            if let Some(value) = content_length(text) {
                length = Some(value.parse::<u64>().map_err(|_| value.to_owned()));
            }
            continue;
        }
        match length.take() {
            Some(Ok(length)) => return read_body(input, length),
            Some(Err(value)) => {
                return Ok(Some(Incoming::Broken(format!("Content-Length is no number: {}", shortened(&value)))));
            }
            None if header_seen => return Ok(Some(Incoming::Broken("a header without Content-Length".into()))),
            // Empty lines between messages.
            None => {}
        }
    }
}

/// The value of the header, wherever it begins in the line: before it may stand the end of a message that was longer
/// than it said.
fn content_length(line: &str) -> Option<&str> {
    const NAME: &str = "content-length:";
    let at = line.to_ascii_lowercase().rfind(NAME)?;
    line.get(at + NAME.len()..).map(str::trim)
}

fn read_body(input: &mut impl BufRead, length: u64) -> io::Result<Option<Incoming>> {
    let mut body = input.take(length);
    if length > MAX_DAP_MESSAGE_BYTES {
        io::copy(&mut body, &mut io::sink())?;
        let text = format!("a message of {length} bytes: no more than {MAX_DAP_MESSAGE_BYTES} are read");
        return Ok(Some(Incoming::Broken(text)));
    }
    let mut bytes = Vec::new();
    body.read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length {
        return Ok(None);
    }
    Ok(Some(Incoming::Message(bytes)))
}

/// The beginning of something that a message quotes.
fn shortened(text: &str) -> &str {
    text.char_indices().nth(60).map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

/// Where messages are written, and the log of both directions.
pub struct Wire {
    out: Box<dyn Write>,
    log: Option<File>,
    closed: bool,
}

impl Wire {
    /// A wire to `out`; what passes is also written to `log`.
    pub fn new(out: Box<dyn Write>, log: Option<File>) -> Self {
        Wire { out, log, closed: false }
    }

    /// Nobody reads any more.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Send one message.
    pub fn send(&mut self, message: &impl Serialize) {
        // Only maps with odd keys and failing `Serialize` impls fail here; ours are plain structures.
        let Ok(body) = serde_json::to_vec(message) else { return };
        self.note("<--", &body);
        if self.closed {
            return;
        }
        let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        bytes.extend_from_slice(&body);
        self.closed = self.out.write_all(&bytes).and_then(|()| self.out.flush()).is_err();
    }

    /// Write to the log. A log that cannot be written is given up: the editor's session matters more.
    pub fn note(&mut self, direction: &str, body: &[u8]) {
        if let Some(log) = &mut self.log {
            let line = format!("{direction} {}\n", String::from_utf8_lossy(body));
            if log.write_all(line.as_bytes()).is_err() {
                self.log = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(bytes: &[u8]) -> Vec<Incoming> {
        let mut input = io::BufReader::new(bytes);
        std::iter::from_fn(|| read_message(&mut input).expect("memory can be read")).collect()
    }

    fn message(text: &str) -> Incoming {
        Incoming::Message(text.as_bytes().to_vec())
    }

    #[test]
    fn messages_of_one_write_are_told_apart_by_bytes_not_characters() {
        let bytes = "Content-Length: 4\r\n\r\n{\"é\"Content-Length:2\r\n\r\n{}".replace("{\"é\"", "é{}");
        assert_eq!(read_all(bytes.as_bytes()), [message("é{}"), message("{}")]);
    }

    #[test]
    fn bare_line_feeds_other_headers_and_any_case_are_understood() {
        let bytes = "Content-Type: application/vscode-jsonrpc; charset=utf-8\ncontent-LENGTH: 2\nX: y\n\n{}\r\n\r\n";
        assert_eq!(read_all(bytes.as_bytes()), [message("{}")]);
    }

    #[test]
    fn a_message_longer_than_it_says_costs_only_itself() {
        let bytes = "Content-Length: 1\r\n\r\n{\"a\":1}Content-Length: 2\r\n\r\n{}";
        assert_eq!(read_all(bytes.as_bytes()), [message("{"), message("{}")]);
    }

    #[test]
    fn wrong_lengths_are_reported_and_the_next_message_is_read() {
        let bytes = "Content-Length: -3\r\n\r\nContent-Length: x\r\n\r\nFoo: 1\r\n\r\nContent-Length: 2\r\n\r\n{}";
        let found = read_all(bytes.as_bytes());
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(found.iter().take(3).all(|incoming| matches!(incoming, Incoming::Broken(_))), "{found:?}");
        assert_eq!(found.last(), Some(&message("{}")));
    }

    #[test]
    fn huge_lengths_are_skipped_and_an_end_inside_a_message_is_an_end() {
        assert_eq!(read_all(b"Content-Length: 5\r\n\r\n{}"), []);
        let found = read_all(b"Content-Length: 18446744073709551615\r\n\r\n{}");
        assert!(matches!(found.as_slice(), [Incoming::Broken(_)]), "{found:?}");
    }

    #[test]
    fn an_endless_header_line_is_cut() {
        let bytes = vec![b'x'; MAX_DAP_HEADER_BYTES as usize * 3];
        assert_eq!(read_all(&bytes), []);
    }
}
