//! One connection: what the client said of itself, the session, the numbers that the client holds, and the way back.
//!
//! Knows no request: those are called with it.

use serde_json::{Value, json};

use super::cancel::Cancellations;
use super::failure::{Answer, Failure};
use super::handles::{FrameKey, Handles};
use super::messages::{Client, Event, Response, ValueFields};
use super::positions::Positions;
use super::transport::Wire;
use crate::render::options::{FormatLetter, Options};
use crate::session::Session;
use crate::target::{Frame, Program, Stack};

/// Levels of a value that its one line shows, as in the report.
const SUMMARY_DEPTH: u64 = 8;

/// How far the connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Nothing is open.
    Fresh,
    /// `launch` or `attach` succeeded.
    Opened,
    /// The client knows that the program stopped.
    Stopped,
    /// The client said good-bye.
    Ended,
}

/// One connection.
pub struct Adapter<'f> {
    pub session: Session<'f>,
    pub client: Client,
    pub handles: Handles,
    pub positions: Positions,
    pub stage: Stage,
    pub cancelled: Cancellations,
    /// What `initialize` says of this program: `supportsX`.
    pub capabilities: Vec<&'static str>,
    /// A request to go on was refused, and the user was told.
    pub told_post_mortem: bool,
    /// The client knows that the session is over.
    told_terminated: bool,
    /// Evaluations of expressions that may mean something else the next time.
    pub evaluations: u64,
    /// How the client asked for the program: `launch` or `attach`.
    pub start_method: &'static str,
    /// The number of the request that runs.
    pub running: i64,
    wire: Wire,
    sent: i64,
    after: Vec<Later>,
    holding: bool,
    held: Option<Held>,
}

/// A successful request that is answered later.
struct Held {
    request: i64,
    command: String,
}

/// What goes out behind the response to the request that runs.
enum Later {
    Event(&'static str, Value),
    HeldResponse,
}

impl<'f> Adapter<'f> {
    /// A connection that nothing was said on.
    pub fn new(session: Session<'f>, wire: Wire, capabilities: Vec<&'static str>, cancelled: Cancellations) -> Self {
        Adapter {
            session,
            client: Client::default(),
            handles: Handles::default(),
            positions: Positions::default(),
            stage: Stage::Fresh,
            cancelled,
            capabilities,
            told_post_mortem: false,
            told_terminated: false,
            evaluations: 0,
            start_method: "attach",
            running: 0,
            wire,
            sent: 0,
            after: Vec::new(),
            holding: false,
            held: None,
        }
    }

    /// Nothing more is to be done: the client said good-bye, or is gone.
    pub fn is_over(&self) -> bool {
        self.stage == Stage::Ended || self.wire.is_closed()
    }

    /// Note what was read in the log.
    pub fn note(&mut self, body: &[u8]) {
        self.wire.note("-->", body);
    }

    /// Answer a request, or keep the answer back if it asked for that; and send what belongs behind the answer.
    pub fn respond(&mut self, request: i64, command: String, answer: Answer) {
        if std::mem::take(&mut self.holding) && answer.is_ok() {
            self.held = Some(Held { request, command });
        } else {
            self.send_response(request, command, answer);
        }
        for later in std::mem::take(&mut self.after) {
            match later {
                Later::Event(event, body) => self.event(event, body),
                Later::HeldResponse => self.answer_held(),
            }
        }
    }

    /// Answer the request that runs only once the client is ready: what it waits for may be what it sends first.
    ///
    /// Debuggers of running programs do the same, and clients send their configuration when they hear of
    /// `initialized`. One that waits for this response before it goes on gets it after a while of silence, or with the
    /// first request that looks at the program.
    pub fn hold(&mut self) {
        self.holding = true;
    }

    /// Send the response that is held behind that to the request that runs.
    pub fn release(&mut self) {
        self.after.push(Later::HeldResponse);
    }

    /// Send the response that is held now; nothing without one.
    pub fn answer_held(&mut self) {
        if let Some(Held { request, command }) = self.held.take() {
            self.send_response(request, command, Ok(Value::Null));
        }
    }

    /// A response is held.
    pub fn is_holding(&self) -> bool {
        self.held.is_some()
    }

    fn send_response(&mut self, request_seq: i64, command: String, answer: Answer) {
        let seq = self.next_seq();
        let (success, message, body) = match answer {
            Ok(Value::Null) => (true, None, None),
            Ok(body) => (true, None, Some(body)),
            Err(failure) => {
                let Failure { text, id, show_user } = failure;
                let error = json!({ "id": id as i64, "format": text, "showUser": show_user });
                (false, Some(text), Some(json!({ "error": error })))
            }
        };
        self.wire.send(&Response { seq, kind: "response", request_seq, success, command, message, body });
    }

    fn next_seq(&mut self) -> i64 {
        self.sent = self.sent.saturating_add(1);
        self.sent
    }

    /// Send an event now.
    pub fn event(&mut self, event: &'static str, body: Value) {
        let seq = self.next_seq();
        let body = (!body.is_null()).then_some(body);
        self.wire.send(&Event { seq, kind: "event", event, body });
    }

    /// Send an event behind the response to the request that runs.
    pub fn afterwards(&mut self, event: &'static str, body: Value) {
        self.after.push(Later::Event(event, body));
    }

    /// Tell the client that the session is over: once, because there are clients that answer it with `terminate`.
    pub fn terminated(&mut self) {
        if !std::mem::replace(&mut self.told_terminated, true) {
            self.afterwards("terminated", Value::Null);
        }
    }

    /// Tell the user of what was found to be missing or broken since this was last done, behind the response to the
    /// request that runs: much is read only when a request needs it.
    pub fn tell_warnings(&mut self) {
        for warning in self.session.new_warnings() {
            self.afterwards("output", json!({ "category": "console", "output": format!("warning: {warning}\n") }));
        }
    }

    /// Tell the user something in the console, now.
    pub fn output(&mut self, category: &'static str, text: &str) {
        self.event("output", json!({ "category": category, "output": text }));
    }

    /// Tell the user of a message that is left aside.
    pub fn complain(&mut self, text: &str) {
        self.output("stderr", &format!("wasmgdb: {text}\n"));
    }

    /// The program.
    ///
    /// # Errors
    /// Nothing is open.
    pub fn program(&self) -> Result<&Program<'f>, Failure> {
        Ok(self.session.program()?)
    }

    /// A frame and its stack.
    ///
    /// # Errors
    /// There is no such frame.
    pub fn frame(&self, key: FrameKey) -> Result<(&Stack, &Frame), Failure> {
        let stack = self.program()?.stack(key.thread)?;
        let frame = stack.frame(key.frame).ok_or_else(|| Failure::request("the frame does not exist"))?;
        Ok((stack, frame))
    }

    /// What a frame's number stands for.
    ///
    /// # Errors
    /// The client was never given that number.
    pub fn frame_numbered(&self, id: i64) -> Result<FrameKey, Failure> {
        let found = self.handles.frames.get(id).copied();
        found.ok_or_else(|| Failure::request(format!("no frame has the id {id}")))
    }

    /// How values are written: as the user set it in the console, in numbers of base 16 if `hex`.
    pub fn options(&self, hex: bool) -> Options {
        let mut options = self.session.options();
        // As in the report: what a reference refers to is a row below it, and statics are no part of a value.
        options.referents = false;
        options.static_members = false;
        // A row is one line, whatever gdb's style would make of it.
        options.pretty = false;
        options.array = false;
        // The settings limit levels for a terminal, where the rest of a value cannot be opened with a click.
        options.max_depth = options.max_depth.map(|depth| depth.max(SUMMARY_DEPTH));
        if hex {
            options.format = Some(FormatLetter::Hex);
        }
        options
    }

    /// Leave out what the client said it does not know.
    pub fn without_unwanted<'v>(&self, values: impl Iterator<Item = &'v mut ValueFields>) {
        for value in values {
            if self.client.supports_variable_type == Some(false) {
                value.type_name = None;
            }
            if self.client.supports_memory_references == Some(false) {
                value.memory_reference = None;
            }
        }
    }

    /// The frame that a client names, else the selected one; none without any frame.
    ///
    /// # Errors
    /// As for `frame_numbered`.
    pub fn frame_or_selected(&self, id: Option<i64>) -> Result<Option<FrameKey>, Failure> {
        match id {
            // Some clients send 0 for "no frame".
            Some(id) if id != 0 => self.frame_numbered(id).map(Some),
            _ => {
                let selected = FrameKey { thread: self.session.thread, frame: self.session.frame };
                Ok(self.session.selected().is_ok().then_some(selected))
            }
        }
    }
}
