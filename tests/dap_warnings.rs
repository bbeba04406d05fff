//! What is found missing only when a request needs it: the editor hears of it once, behind that request's response.

mod adapter;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use adapter::messages;
use serde_json::{Value, json};

/// A module whose types lie in a file that is not there.
fn without_its_split_file() -> PathBuf {
    let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/split/module.wasm");
    let alone = std::env::temp_dir().join(format!("wasmgdb-late-{}.wasm", std::process::id()));
    std::fs::copy(module, &alone).expect("the temporary folder is writable");
    alone
}

/// What the adapter writes when it is sent these requests.
fn session(requests: &[(&str, Value)]) -> Vec<Value> {
    let mut process = Command::new(env!("CARGO_BIN_EXE_wasmgdb"))
        .arg("dap")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = process.stdin.take().expect("a pipe");
    for (seq, (command, arguments)) in (1..).zip(requests) {
        let body = json!({ "seq": seq, "type": "request", "command": command, "arguments": arguments }).to_string();
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("it listens");
    }
    drop(input);
    messages(&process.wait_with_output().expect("it ends").stdout)
}

#[test]
fn a_late_warning_reaches_the_editor_once_behind_the_request_that_found_it() {
    let module = without_its_split_file();
    let watch = json!({ "expression": "sizeof(divide)", "context": "watch" });
    let console = json!({ "expression": "whatis divide", "context": "repl" });
    let written = session(&[
        ("initialize", json!({})),
        ("attach", json!({ "program": module })),
        ("configurationDone", json!({})),
        ("evaluate", watch.clone()),
        ("evaluate", watch),
        ("evaluate", console),
        ("disconnect", json!({})),
    ]);
    std::fs::remove_file(module).expect("it was there");
    let is_warning =
        |message: &&Value| message["body"]["output"].as_str().is_some_and(|text| text.contains("warning: "));
    let warnings: Vec<&Value> = written.iter().filter(is_warning).collect();
    assert_eq!(warnings.len(), 1, "{written:#?}");
    assert_eq!(warnings[0]["event"], "output");
    assert_eq!(warnings[0]["body"]["category"], "console");
    let text = warnings[0]["body"]["output"].as_str().unwrap();
    assert!(text.contains("c_structs.dwo: not found") && text.ends_with('\n'), "{text}");
    let place = |found: &dyn Fn(&Value) -> bool| written.iter().position(found).expect("it was written");
    let response = place(&|message| message["type"] == "response" && message["request_seq"] == 4);
    let next = place(&|message| message["type"] == "response" && message["request_seq"] == 5);
    let warned = place(&|message| is_warning(&message));
    assert!(response < warned && warned < next, "{written:#?}");
    let answered = written.iter().find(|message| message["request_seq"] == 6).expect("answered");
    assert!(!answered.to_string().contains("not found"), "the console says it again: {answered}");
}
