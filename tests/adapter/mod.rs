//! What the debug adapter writes, kept in memory and taken apart into messages.

#![allow(dead_code)]

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;

use serde_json::Value;

/// What the adapter wrote.
#[derive(Clone, Default)]
pub struct Written(Rc<RefCell<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Written {
    /// The messages since the last call.
    pub fn take(&self) -> Vec<Value> {
        messages(&std::mem::take(&mut *self.0.borrow_mut()))
    }
}

/// The messages that these bytes are, with nothing between them.
pub fn messages(mut rest: &[u8]) -> Vec<Value> {
    let mut found = Vec::new();
    while !rest.is_empty() {
        let end = rest.windows(4).position(|four| four == b"\r\n\r\n").expect("a header ends in an empty line");
        let header = std::str::from_utf8(&rest[..end]).expect("headers are ASCII");
        let length: usize = header.strip_prefix("Content-Length: ").expect("the one header").parse().expect("a number");
        let (body, after) = rest[end + 4..].split_at(length);
        found.push(serde_json::from_slice(body).expect("the adapter writes JSON"));
        rest = after;
    }
    found
}
