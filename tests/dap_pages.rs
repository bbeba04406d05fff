//! A container that an editor shows page by page has the rows that it has at once, in whatever order the pages are asked
//! for, and the expression of each row means what the row shows.

mod adapter;

use adapter::Written;
use serde_json::{Value, json};
use wasmgdb::files::Files;
use wasmgdb::frontend::dap::Connection;
use wasmgdb::frontend::dap::transport::Incoming;

struct Client<'f> {
    connection: Connection<'f>,
    written: Written,
    sent: i64,
}

impl<'f> Client<'f> {
    fn opened(files: &'f Files, sample: &str) -> Self {
        let written = Written::default();
        let connection = Connection::new(files, Box::new(written.clone()), None);
        let mut client = Client { connection, written, sent: 0 };
        let folder = format!("{}/samples/{sample}", env!("CARGO_MANIFEST_DIR"));
        let sample = json!({ "program": format!("{folder}/module.wasm"), "coreFile": format!("{folder}/core") });
        for (command, arguments) in [("initialize", json!({})), ("attach", sample), ("configurationDone", json!({}))] {
            client.request(command, arguments);
        }
        client
    }

    /// The body of the response; null where there is none.
    fn request(&mut self, command: &str, arguments: Value) -> Value {
        self.sent += 1;
        let message = json!({ "seq": self.sent, "type": "request", "command": command, "arguments": arguments });
        self.connection.take(Incoming::Message(message.to_string().into_bytes()));
        let written = self.written.take();
        let own = written.iter().find(|message| message["request_seq"] == json!(self.sent));
        own.map_or(Value::Null, |response| response["body"].clone())
    }

    fn rows(&mut self, arguments: Value) -> Vec<Value> {
        self.request("variables", arguments)["variables"].as_array().cloned().unwrap_or_default()
    }

    /// Numbers of frames, and of the values that open to something in each.
    fn values(&mut self) -> Vec<(i64, Value)> {
        let frames = self.request("stackTrace", json!({ "threadId": 1 }));
        let mut found = Vec::new();
        for frame in frames["stackFrames"].as_array().expect("there are frames") {
            let scopes = self.request("scopes", json!({ "frameId": frame["id"] }));
            let scopes = scopes["scopes"].as_array().cloned().unwrap_or_default();
            for scope in scopes.iter().filter(|scope| scope["presentationHint"] != "registers") {
                let rows = self.rows(json!({ "variablesReference": scope["variablesReference"] }));
                let frame = frame["id"].as_i64().expect("a number");
                found.extend(rows.into_iter().filter(opens).map(|row| (frame, row)));
            }
        }
        found
    }
}

fn opens(row: &Value) -> bool {
    row["variablesReference"].as_i64().is_some_and(|reference| reference > 0)
}

/// Containers, and rows that were held against their expressions.
fn check(sample: &str) -> (usize, usize) {
    let files = Files::new();
    let mut client = Client::opened(&files, sample);
    let (mut containers, mut meant) = (0, 0);
    for (frame, row) in client.values() {
        let reference = &row["variablesReference"];
        let page =
            |start: usize, count: usize| json!({ "variablesReference": reference, "start": start, "count": count });
        // From the end to the start first: nothing is known yet of what lies before.
        let all = row["indexedVariables"].as_u64().or(row["namedVariables"].as_u64()).unwrap_or(0) as usize;
        let mut single: Vec<Value> = (0..all).rev().flat_map(|start| client.rows(page(start, 1))).collect();
        single.reverse();
        let by_three: Vec<Value> = (0..all).step_by(3).flat_map(|start| client.rows(page(start, 3))).collect();
        let whole = client.rows(json!({ "variablesReference": reference }));
        if row["indexedVariables"].is_u64() || row["namedVariables"].is_u64() {
            assert_eq!(single, whole, "{row}");
            assert_eq!(by_three, whole, "{row}");
            assert_eq!(client.rows(page(all, 10)), Vec::<Value>::new(), "{row}");
        }
        containers += usize::from(row["indexedVariables"].is_u64());
        for child in whole {
            let Some(expression) = child["evaluateName"].as_str() else { continue };
            let watch = json!({ "expression": expression, "frameId": frame, "context": "watch" });
            let evaluated = client.request("evaluate", watch);
            assert_eq!(evaluated["result"], child["value"], "{expression}");
            assert_eq!(evaluated["memoryReference"], child["memoryReference"], "{expression}");
            meant += 1;
        }
    }
    (containers, meant)
}

#[test]
fn pages_of_rusts_collections_are_parts_of_the_whole() {
    let (containers, meant) = check("rust_collections");
    assert!(containers > 5 && meant > 50, "{containers} containers, {meant} rows");
}

#[test]
fn pages_of_cpps_containers_are_parts_of_the_whole() {
    let (containers, meant) = check("cpp_shapes");
    assert!(containers > 0 && meant > 20, "{containers} containers, {meant} rows");
}
