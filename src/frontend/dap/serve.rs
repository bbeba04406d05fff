//! From a pair of streams to a session with an editor, and its end.

use std::fs::File;
use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use super::adapter::Adapter;
use super::cancel::{Cancellations, read_in_background};
use super::dispatch::take;
use super::table::capabilities;
use super::transport::{Incoming, Wire};
use crate::files::Files;
use crate::session::Session;
use crate::settings::{Setting, Settings, Value};
use crate::text::escaped;

/// A connection without its input: messages are handed to it.
pub struct Connection<'f> {
    adapter: Adapter<'f>,
}

impl<'f> Connection<'f> {
    /// A connection over `files` that writes to `out`.
    pub fn new(files: &'f Files, out: Box<dyn Write>, log: Option<File>) -> Self {
        Self::cancelled_by(files, Wire::new(out, log), Cancellations::default())
    }

    fn cancelled_by(files: &'f Files, wire: Wire, cancelled: Cancellations) -> Self {
        let mut settings = Settings::default();
        // What a program of the shell prints would end up between two messages.
        settings.put(Setting::ShellCommands, Value::Flag(false));
        settings.put(Setting::Confirm, Value::Flag(false));
        Connection { adapter: Adapter::new(Session::new(files, settings), wire, capabilities(), cancelled) }
    }

    /// The client says nothing: perhaps it waits for an answer that waits for the client.
    pub fn silence(&mut self) {
        self.adapter.answer_held();
    }

    /// Take one message; false at the end of the connection.
    pub fn take(&mut self, incoming: Incoming) -> bool {
        take(&mut self.adapter, incoming);
        !self.adapter.is_over()
    }
}

/// Talk with a client until it says good-bye or is gone; gives the exit status.
pub fn serve(input: impl BufRead + Send + 'static, out: Box<dyn Write>, log: Option<&Path>) -> i32 {
    let log = log.and_then(|path| {
        let opened = File::create(path);
        // Standard output is the client's; whoever started us may see this.
        let told = |error: std::io::Error| format!("wasmgdb: {}: {error}: nothing is logged", path.display());
        opened.map_err(|error| eprintln!("{}", escaped(&told(error)))).ok()
    });
    let files = Files::new();
    let cancelled = Cancellations::default();
    let messages = read_in_background(input, cancelled.clone());
    let mut connection = Connection::cancelled_by(&files, Wire::new(out, log), cancelled);
    while let Some(incoming) = next(&mut connection, &messages) {
        if !connection.take(incoming) {
            break;
        }
    }
    0
}

/// Clients that send their configuration without having been answered do so at once.
const PATIENCE: Duration = Duration::from_millis(500);

/// The next message; none when the client is gone.
fn next(connection: &mut Connection<'_>, messages: &Receiver<Incoming>) -> Option<Incoming> {
    if connection.adapter.is_holding() {
        match messages.recv_timeout(PATIENCE) {
            Ok(incoming) => return Some(incoming),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => connection.silence(),
        }
    }
    messages.recv().ok()
}
