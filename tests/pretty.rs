//! The variables of one frame of a sample, each in its built-in form: on one line, over several lines, and its
//! children in the report.
//!
//! In `pretty/NAME.txt` the answer follows each line `# MODULE CORE FUNCTION`. `BLESS=1` rewrites it: hold each line
//! against the source before it is committed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use wasmgdb::files::Files;
use wasmgdb::render::json::{JsonWriter, State, VariableJson};
use wasmgdb::render::options::Options;
use wasmgdb::render::value::ValueWriter;
use wasmgdb::target::Program;
use wasmgdb::target::open::OpenOptions;
use wasmgdb::text::Text;
use wasmgdb::value::{Reader, Variable};

fn package(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn drawn(variable: &Variable, reader: Reader<'_, '_>, out: &mut String) {
    let options = Options { max_depth: Some(3), ..Options::default() };
    let writer = ValueWriter { reader, options: &options };
    let name = variable.name.as_deref().unwrap_or("?");
    let mut text = Text::new();
    writer.listed(name, &variable.object, &mut text).expect("a text never stops");
    let line = text.to_plain();
    out.push_str(&line);

    let mut text = Text::new();
    writer.declaration(name, &variable.object, &mut text).expect("a text never stops");
    let tree = text.to_plain();
    if tree.lines().count() > 1 {
        tree.lines().for_each(|line| writeln!(out, "    {line}").expect("memory takes all"));
    }

    let json = JsonWriter { writer: &writer, raw: false, max_depth: 1 }.variable(variable);
    if !json.children.is_empty() {
        let children: Vec<String> = json.children.iter().map(summary).collect();
        writeln!(out, "    children {}: {}", json.child_count, children.join("; ")).expect("memory takes all");
    }
    if json.state != State::Exact {
        writeln!(out, "    {:?}: {}", json.state, json.reason.unwrap_or_default()).expect("memory takes all");
    }
}

fn summary(child: &VariableJson) -> String {
    format!("{} = {}", child.name.as_deref().unwrap_or("-"), child.value.as_deref().unwrap_or("-"))
}

fn answer(first_line: &str) -> String {
    let words: Vec<&str> = first_line.trim_start_matches("# ").splitn(3, ' ').collect();
    let [module, core, function] = words.as_slice() else { panic!("`# MODULE CORE FUNCTION`: {first_line}") };
    let files = Files::new();
    let options = OpenOptions { module: Some(package(module)), core: Some(package(core)), ..OpenOptions::default() };
    let program = Program::open(&files, &options).expect("the sample opens");
    let stack = program.stack(0).expect("the sample has a stack");
    let reader = Reader::new(&program);
    let frame =
        stack.frames().iter().find(|frame| frame.name.as_deref() == Some(*function)).expect("the frame is there");
    let variables = reader.frame_variables(stack, frame).expect("the frame has variables");
    let mut out = format!("{first_line}\n");
    for variable in variables.arguments.iter().chain(&variables.locals) {
        drawn(variable, reader, &mut out);
    }
    out
}

#[test]
fn values_are_shown_as_their_users_know_them() {
    let folder = package("tests/pretty");
    let mut wrong = Vec::new();
    let files = std::fs::read_dir(&folder).expect("the folder is there");
    for file in files.map(|entry| entry.expect("it can be read").path()) {
        let expected = std::fs::read_to_string(&file).expect("it can be read");
        let found: String = expected.lines().filter(|line| line.starts_with("# ")).map(answer).collect();
        assert!(!found.is_empty(), "{} names no sample", file.display());
        if found == expected {
            continue;
        }
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&file, &found).expect("it can be written");
        }
        let pairs = found.lines().zip(expected.lines());
        let differing: Vec<String> =
            pairs.filter(|(a, b)| a != b).take(5).map(|(a, b)| format!("  found {a}\n  instead of {b}")).collect();
        wrong.push(format!("{}:\n{}", file.display(), differing.join("\n")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn raw_pointers_to_members_are_numbers() {
    let files = Files::new();
    let (module, core) = (package("tests/forms/libcxx/debug.wasm"), package("tests/forms/libcxx/debug.core"));
    let options = OpenOptions { module: Some(module), core: Some(core), ..OpenOptions::default() };
    let program = Program::open(&files, &options).expect("the sample opens");
    let stack = program.stack(0).expect("the sample has a stack");
    let reader = Reader::new(&program);
    let frame = stack.frames().iter().find(|frame| frame.name.as_deref() == Some("classes")).expect("it is there");
    let variables = reader.frame_variables(stack, frame).expect("the frame has variables");
    let writer = ValueWriter { reader, options: &Options::default() };
    let value = |name: &str, raw: bool| {
        let variable = variables.locals.iter().find(|variable| variable.name.as_deref() == Some(name)).expect(name);
        JsonWriter { writer: &writer, raw, max_depth: 1 }.variable(variable).value.unwrap_or_default()
    };
    assert_eq!((value("data_member", true), value("data_member", false)), ("0x4".into(), "&Point::y".into()));
    assert_eq!((value("no_member", true), value("no_member", false)), ("0xffffffff".into(), "NULL".into()));
    assert_eq!(value("virtual_method", true), "0x100000000");
}
