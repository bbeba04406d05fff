//! A client that does everything wrong: broken messages, requests out of order, numbers that mean nothing, and then it is
//! gone. Whatever it does, every request gets one answer, and nothing panics or hangs.

mod adapter;

use std::collections::HashSet;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use adapter::Written;
use serde_json::{Value, json};
use wasmgdb::files::Files;
use wasmgdb::frontend::dap::Connection;
use wasmgdb::frontend::dap::transport::{Incoming, read_message};

struct Client<'f> {
    connection: Connection<'f>,
    written: Written,
    sent: i64,
    /// Requests whose answers are held back.
    unanswered: HashSet<i64>,
}

impl<'f> Client<'f> {
    fn new(files: &'f Files) -> Self {
        let written = Written::default();
        let connection = Connection::new(files, Box::new(written.clone()), None);
        Client { connection, written, sent: 0, unanswered: HashSet::new() }
    }

    fn raw(&mut self, body: &[u8]) -> (bool, Vec<Value>) {
        let goes_on = self.connection.take(Incoming::Message(body.to_vec()));
        (goes_on, self.written.take())
    }

    /// Send a request; gives its one response, and whether the connection goes on. What `launch` and `attach` succeed
    /// with comes later.
    fn request(&mut self, command: &str, arguments: Value) -> (bool, Value) {
        self.sent += 1;
        let message = json!({ "seq": self.sent, "type": "request", "command": command, "arguments": arguments });
        let (goes_on, written) = self.raw(message.to_string().as_bytes());
        let (own, others): (Vec<Value>, Vec<Value>) = written
            .into_iter()
            .filter(|message| message["type"] == "response")
            .partition(|response| response["request_seq"] == json!(self.sent));
        for other in others {
            let late = other["request_seq"].as_i64().is_some_and(|seq| self.unanswered.remove(&seq));
            assert!(late && other["success"] == json!(true), "{other} to {message}");
        }
        assert!(own.len() <= 1, "two responses to {message}");
        let Some(response) = own.into_iter().next() else {
            assert!(matches!(command, "launch" | "attach"), "no response to {message}");
            self.unanswered.insert(self.sent);
            return (goes_on, json!({ "success": true }));
        };
        if response["success"] != json!(true) {
            assert!(response["message"].as_str().is_some_and(|text| !text.is_empty()), "{message}: {response}");
            assert!(response["body"]["error"]["id"].is_i64(), "{message}: {response}");
        }
        (goes_on, response)
    }

    /// The client is silent: nothing is held back from it any more.
    fn all_answered(&mut self) -> bool {
        self.connection.silence();
        let written = self.written.take();
        written.iter().all(|late| late["request_seq"].as_i64().is_some_and(|seq| self.unanswered.remove(&seq)))
            && self.unanswered.is_empty()
    }

    fn opened(files: &'f Files) -> Self {
        let mut client = Client::new(files);
        for (command, arguments) in [("initialize", json!({})), ("attach", sample()), ("configurationDone", json!({}))]
        {
            let (_, response) = client.request(command, arguments);
            assert_eq!(response["success"], json!(true), "{response}");
        }
        client
    }
}

fn sample() -> Value {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/c_list");
    json!({ "program": format!("{folder}/module.O0.wasm"), "coreFile": format!("{folder}/core.O0") })
}

/// A small generator: the same numbers everywhere, for ever.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn one<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    /// A number, mostly small.
    fn number(&mut self) -> Value {
        match self.below(12) {
            0 => json!(-1),
            1 => json!(i64::MAX),
            2 => json!(i64::MIN),
            3 => json!(u64::MAX),
            4 => json!(1.5),
            5 => json!(self.next() as u32),
            _ => json!(self.below(40)),
        }
    }

    fn anything(&mut self, depth: usize) -> Value {
        match self.below(9) {
            0 => Value::Null,
            1 => json!(self.chance(2)),
            2..=4 => self.number(),
            5 if depth > 0 => (0..self.below(4)).map(|_| self.anything(depth - 1)).collect(),
            6 if depth > 0 => {
                let fields = (0..self.below(4)).map(|_| (self.one(FIELDS).to_owned(), self.anything(depth - 1)));
                Value::Object(fields.collect::<Vec<_>>().into_iter().collect())
            }
            _ => json!(self.text()),
        }
    }

    fn text(&mut self) -> String {
        let parts = self.below(6);
        (0..parts).map(|_| self.one(WORDS)).collect::<Vec<_>>().join(if self.chance(3) { "" } else { " " })
    }

    /// A value that the field could have, mostly.
    fn value(&mut self, field: &str) -> Value {
        if self.chance(20) {
            return self.anything(2);
        }
        match field {
            "threadId" => json!(1 + self.below(2)),
            "frameId" => json!(self.below(14)),
            "variablesReference" => json!(self.below(200)),
            "expression" | "text" => json!(self.text()),
            "context" => json!(self.one(&["repl", "watch", "hover", "clipboard", "variables", ""])),
            "memoryReference" => {
                json!(self.one(&["0x668", "0x10000", "0xfe4c", "0x0", "0xffffffffffffffff", "1:0x0", "x"]))
            }
            "filter" => json!(self.one(&["named", "indexed", "x"])),
            "format" => json!({ "hex": self.chance(2), "parameters": self.chance(2), "line": true }),
            "count" if self.chance(8) => json!(1_000_000),
            "instructionCount" if self.chance(30) => json!(5000),
            _ => self.number(),
        }
    }
}

const COMMANDS: &[&str] = &[
    "threads",
    "stackTrace",
    "scopes",
    "variables",
    "variables",
    "variables",
    "evaluate",
    "evaluate",
    "completions",
    "source",
    "locations",
    "readMemory",
    "disassemble",
    "modules",
    "exceptionInfo",
    "setBreakpoints",
    "next",
    "setVariable",
    "cancel",
    "configurationDone",
    "initialize",
    "attach",
    "launch",
    "dataBreakpointInfo",
    "setExceptionBreakpoints",
    "nosuch",
    "",
    "terminate",
];

const FIELDS: &[&str] = &[
    "threadId",
    "frameId",
    "variablesReference",
    "expression",
    "context",
    "memoryReference",
    "offset",
    "count",
    "start",
    "filter",
    "format",
    "startFrame",
    "levels",
    "instructionOffset",
    "instructionCount",
    "text",
    "column",
    "line",
    "sourceReference",
    "locationReference",
    "startModule",
    "moduleCount",
    "requestId",
    "breakpoints",
    "source",
];

const WORDS: &[&str] = &[
    "part",
    "total",
    "count",
    "bin",
    "->",
    ".",
    "*",
    "&",
    "[",
    "]",
    "(",
    ")",
    "+",
    "-",
    "/",
    "%",
    "==",
    "0",
    "1",
    "7",
    "0xffffffff",
    "$",
    "$$",
    "$a",
    "=",
    "next",
    "label",
    "codes",
    "@",
    "bt",
    "info",
    "locals",
    "frame",
    "up",
    "list",
    "p",
    "x/4xb",
    "ptype",
    "struct",
    "int",
    "sizeof",
    "\"a\"",
    "'",
    "\"",
    "{",
    "}",
    "ü",
    "\u{0}",
    "\n",
    "`",
    "-exec",
    "complete",
    "set",
    "print",
    "elements",
    "define",
    "end",
    "if",
    "while",
    "help",
    "pressure",
    "materials",
];

/// The fields that a request has, mostly.
fn fields(command: &str) -> &'static [&'static str] {
    match command {
        "stackTrace" => &["threadId", "startFrame", "levels", "format"],
        "scopes" => &["frameId"],
        "variables" => &["variablesReference", "filter", "start", "count", "format"],
        "evaluate" => &["expression", "frameId", "context", "format"],
        "completions" => &["text", "column", "line", "frameId"],
        "source" => &["sourceReference"],
        "locations" => &["locationReference"],
        "readMemory" => &["memoryReference", "offset", "count"],
        "disassemble" => &["memoryReference", "offset", "instructionOffset", "instructionCount"],
        "modules" => &["startModule", "moduleCount"],
        "exceptionInfo" => &["threadId"],
        "cancel" => &["requestId"],
        _ => &["threadId", "breakpoints", "source"],
    }
}

fn arguments(random: &mut Random, command: &str) -> Value {
    if matches!(command, "attach" | "launch") && random.chance(2) {
        return sample();
    }
    if random.chance(30) {
        return random.anything(3);
    }
    let mut object = serde_json::Map::new();
    for field in fields(command) {
        if !random.chance(6) {
            object.insert((*field).to_owned(), random.value(field));
        }
    }
    Value::Object(object)
}

#[test]
fn a_hundred_thousand_random_requests_get_an_answer_each() {
    let files = Files::new();
    let mut random = Random(0x5eed_da90);
    let mut client = Client::opened(&files);
    let mut succeeded = 0u64;
    let mut slowest = (Duration::ZERO, String::new());
    for number in 0..100_000 {
        let command = random.one(COMMANDS);
        let arguments = arguments(&mut random, command);
        let begun = Instant::now();
        let (goes_on, response) = client.request(command, arguments.clone());
        let took = begun.elapsed();
        if took > slowest.0 {
            slowest = (took, format!("{command} {arguments}"));
        }
        succeeded += u64::from(response["success"] == json!(true));
        if !goes_on || number % 10_000 == 9_999 {
            assert!(client.all_answered(), "before request {number}");
            client = if random.chance(4) { Client::new(&files) } else { Client::opened(&files) };
        }
    }
    assert!(succeeded > 20_000, "only {succeeded} requests meant anything");
    assert!(slowest.0 < Duration::from_secs(20), "{slowest:?}");
}

#[test]
fn messages_that_are_none_are_left_aside_and_the_next_one_is_answered() {
    let files = Files::new();
    let mut client = Client::opened(&files);
    for body in [
        "",
        "{",
        "null",
        "[]",
        "3",
        "\"x\"",
        "{}",
        "{\"seq\":1}",
        "{\"seq\":\"1\",\"command\":\"threads\"}",
        "{\"seq\":1,\"type\":\"request\"}",
        "{\"seq\":1,\"type\":\"request\",\"command\":3}",
        "\u{0}\u{1}",
        "{\"seq\":1e99,\"type\":\"request\",\"command\":\"threads\"}",
        "{\"type\":\"event\",\"event\":\"x\"}",
        "{\"seq\":9,\"type\":\"response\",\"command\":\"runInTerminal\",\"request_seq\":4,\"success\":true}",
    ] {
        let (goes_on, written) = client.raw(body.as_bytes());
        assert!(goes_on && written.iter().all(|message| message["type"] != "response"), "{body}: {written:?}");
    }
    let deep = format!("{{\"seq\":1,\"arguments\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let (goes_on, written) = client.raw(deep.as_bytes());
    assert!(goes_on && written.len() == 1, "{written:?}");
    let (_, response) = client.request("threads", json!({}));
    assert_eq!(response["success"], json!(true));
}

#[test]
fn requests_out_of_order_are_refused_or_answered_emptily() {
    let files = Files::new();
    for command in COMMANDS.iter().filter(|command| !matches!(**command, "initialize" | "launch" | "attach")) {
        let mut client = Client::new(&files);
        client.request(command, json!({ "threadId": 1, "frameId": 1, "variablesReference": 1, "expression": "1" }));
        let (_, response) = client.request("attach", sample());
        assert_eq!(response["success"], json!(true), "after {command}");
        assert!(client.all_answered(), "after {command}");
    }
}

#[test]
fn huge_counts_cost_no_more_than_there_is() {
    let files = Files::new();
    let mut client = Client::opened(&files);
    client.request("stackTrace", json!({ "threadId": 1 }));
    let huge = json!(i64::MAX);
    for (command, arguments) in [
        ("stackTrace", json!({ "threadId": 1, "startFrame": huge, "levels": huge })),
        ("evaluate", json!({ "expression": "{char [4000000000]} 0", "frameId": 1 })),
        ("evaluate", json!({ "expression": "{int [1000][1000][1000]} 0", "frameId": 1 })),
        ("readMemory", json!({ "memoryReference": "0x0", "count": huge })),
        ("readMemory", json!({ "memoryReference": "0xffffffffffffffff", "count": huge, "offset": huge })),
        ("disassemble", json!({ "memoryReference": "0x668", "instructionCount": huge })),
        ("disassemble", json!({ "memoryReference": "0x668", "instructionOffset": huge, "instructionCount": 100_000 })),
        ("disassemble", json!({ "memoryReference": "0x668", "instructionOffset": i64::MIN, "instructionCount": 10 })),
        ("completions", json!({ "text": "p", "column": huge, "line": huge })),
        ("modules", json!({ "startModule": huge, "moduleCount": huge })),
    ] {
        let begun = Instant::now();
        let (_, response) = client.request(command, arguments.clone());
        assert!(begun.elapsed() < Duration::from_secs(20), "{command} {arguments}");
        let reference = &response["body"]["variablesReference"];
        if reference.as_i64().is_some_and(|reference| reference > 0) {
            let page = json!({ "variablesReference": reference, "start": 0, "count": huge });
            let (_, page) = client.request("variables", page);
            assert!(page["body"]["variables"].as_array().is_some_and(|rows| rows.len() <= 10_001), "{arguments}");
        }
    }
    for field in ["startFrame", "levels"] {
        let (_, response) = client.request("stackTrace", json!({ "threadId": 1, field: -1 }));
        assert_eq!(response["success"], json!(false));
    }
}

#[test]
fn damaged_streams_end_or_are_answered() {
    let whole: Vec<u8> = ["initialize", "attach", "threads", "stackTrace", "disconnect"]
        .iter()
        .enumerate()
        .flat_map(|(seq, command)| {
            let arguments = if *command == "attach" { sample() } else { json!({ "threadId": 1 }) };
            let body = json!({ "seq": seq, "type": "request", "command": command, "arguments": arguments }).to_string();
            format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
        })
        .collect();
    let mut random = Random(7);
    for _ in 0..3000 {
        let mut bytes = whole.clone();
        for _ in 0..1 + random.below(8) {
            let at = random.below(bytes.len());
            match random.below(3) {
                0 => bytes[at] = random.next() as u8,
                1 => drop(bytes.splice(at..at, [random.next() as u8])),
                _ => bytes.truncate(at + 1),
            }
        }
        let files = Files::new();
        let mut client = Client::new(&files);
        let mut input = bytes.as_slice();
        while let Ok(Some(incoming)) = read_message(&mut input) {
            if !client.connection.take(incoming) {
                break;
            }
        }
    }
}

/// What the program does with `input` on its standard input: its output, its errors, in good time.
fn served(input: &[u8]) -> (String, String) {
    let mut process = Command::new(env!("CARGO_BIN_EXE_wasmgdb"))
        .arg("dap")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that has ended already reads no more.
    let _ = process.stdin.take().expect("a pipe").write_all(input);
    let begun = Instant::now();
    while process.try_wait().expect("a child").is_none() {
        if begun.elapsed() > Duration::from_secs(30) {
            process.kill().expect("a child");
            panic!("the adapter did not end with its input");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let (mut out, mut err) = (String::new(), String::new());
    process.stdout.take().expect("a pipe").read_to_string(&mut out).expect("text");
    process.stderr.take().expect("a pipe").read_to_string(&mut err).expect("text");
    (out, err)
}

#[test]
fn the_program_ends_with_its_client() {
    for input in ["", "\n\n\n", "garbage", "Content-Length: 5\r\n\r\n{}", "Content-Length: 99999999999\r\n\r\n{}"] {
        let (_, err) = served(input.as_bytes());
        assert_eq!(err, "", "{input}");
    }
    let body = "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\"}";
    let (out, err) = served(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    assert_eq!(err, "");
    assert!(out.contains("\"supportsDisassembleRequest\":true"), "{out}");
}
