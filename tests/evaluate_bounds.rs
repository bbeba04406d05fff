//! What holds of all expressions: integers are C's, and no text makes the evaluator or the writers panic.

use std::path::PathBuf;

use proptest::prelude::*;
use wasmgdb::files::Files;
use wasmgdb::render::Options;
use wasmgdb::render::types::{Radix, TypeOptions, ptype};
use wasmgdb::render::value::ValueWriter;
use wasmgdb::session::Session;
use wasmgdb::settings::Settings;
use wasmgdb::target::open::OpenOptions;
use wasmgdb::target::{FrameId, ModuleId};
use wasmgdb::text::Text;
use wasmgdb::value::type_name::{Length, type_name};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn open<'f>(files: &'f Files, module: &str, core: &str, frame: u32) -> Session<'f> {
    let samples = root().join("samples");
    let (module, core) = (Some(samples.join(module)), Some(samples.join(core)));
    let mut session = Session::new(files, Settings::default());
    session.open(&OpenOptions { module, core, ..OpenOptions::default() }).unwrap();
    session.frame = FrameId(frame);
    session
}

/// The value on one line; an error as its message.
fn value(session: &mut Session<'_>, text: &str) -> String {
    let evaluated = session.evaluator().evaluate_text(text);
    let object = match evaluated {
        Ok((_, object)) => object,
        Err(error) => return error.to_string(),
    };
    let options = Options { elements: Some(20), ..Options::default() };
    let mut out = Text::new();
    let writer = ValueWriter { reader: session.reader(), options: &options };
    writer.line(&object, &mut out).unwrap();
    out.to_plain()
}

#[test]
fn integers_are_those_of_a_c_compiler() {
    let files = Files::new();
    let mut session = open(&files, "c_list/module.O0.wasm", "c_list/core.O0", 5);
    let recorded = std::fs::read_to_string(root().join("tests/gdb/integers.txt")).unwrap();
    let mut count = 0;
    for line in recorded.lines() {
        let [text, type_text, expected] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let (_, id) = session.evaluator().type_of_text(text).unwrap();
        // Where both sides of `?:` have one type it stays as it is, as in gdb; C promotes it.
        if !text.contains('?') {
            assert_eq!(type_name(session.program().unwrap().types(), id, Length::Full), type_text, "{text}");
        }
        let found = value(&mut session, text);
        // Characters are followed by what they look like.
        assert_eq!(found.split(' ').next().unwrap(), expected, "{text}");
        count += 1;
    }
    assert!(count >= 300, "{count}");
}

/// DIEs read by looking at `text` in a fresh session.
fn dies_read(text: &str) -> u64 {
    let files = Files::new();
    let mut session = open(&files, "rust_demo/module.wasm", "rust_demo/core", 12);
    session.selected().unwrap();
    let count = |session: &Session<'_>| {
        let program = session.program().unwrap();
        program.debug_info(ModuleId(0)).unwrap().counters().dies_read.get()
    };
    let before = count(&session);
    value(&mut session, text);
    count(&session) - before
}

#[test]
fn names_in_reach_do_not_cost_the_whole_program() {
    let whole = dies_read("nosuch_name_anywhere");
    for text in ["value", "value + 1", "value as u8", "(value)", "sizeof(u32)", "1 + 1"] {
        let read = dies_read(text);
        assert!(read * 20 < whole, "{text}: {read} of {whole}");
    }
}

const TOKENS: &[&str] = &[
    "1",
    "0",
    "-1",
    "0xffffffffffffffff",
    "1.5",
    "'a'",
    "\"ab\"",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "*",
    "&",
    "-",
    "+",
    "!",
    "~",
    "->",
    ".",
    "..",
    "@",
    "/",
    "%",
    "<<",
    ">>",
    "==",
    "<",
    ",",
    "?",
    ":",
    "=",
    "+=",
    "++",
    "--",
    "&&",
    "as",
    "sizeof",
    "alignof(",
    "(char)",
    "(int)",
    "(float)",
    "(char *)",
    "int",
    "unsigned long",
    "struct part",
    "(struct part)",
    "(struct part *)",
    "{struct bin}",
    "(void *)",
    "(double)",
    "[3]",
    "u8",
    "*const u8",
    "&[u8]",
    "$",
    "$$",
    "$1",
    "$a",
    "$pc",
    "$sp",
    "$l0",
    "$_strlen(",
    "$_memeq(",
    "$_regex(",
    "$_as_string(",
    "$nosuch",
    "::",
    "self",
    "this",
    "true",
];

const NAMES: &[&str] = &[
    "bin",
    "first",
    "next",
    "label",
    "tag",
    "codes",
    "counts",
    "rule",
    "size",
    "pressure",
    "payload",
    "bytes",
    "level",
    "flat",
    "BRASS",
    "door",
    "materials",
    "ledger",
    "inspect::limit",
    "unit_price::asked",
    "'workshop.c'::ledger",
    "sum",
    "i",
    "thing",
    "value",
    "ships",
    "orders",
    "slice",
    "tuple",
    "text",
    "depths",
    "tolls",
    "queue",
    "shared",
    "closure",
    "position",
    "0",
    "1",
    "Berth::Cargo",
    "Ship",
    "here",
    "member",
    "method",
    "grid",
    "cells",
    "brief",
    "shapes",
    "plane::Shape",
    "plane::Colour::Red",
    "alias",
    "ages",
    "squares",
    "choice",
    "plane::Point",
    "bits",
    "name",
    "owner",
    "depot",
    "loaded",
    "nosuch",
];

/// Things that may stand together, and things that may not.
fn texts() -> impl Strategy<Value = String> {
    let token = prop_oneof![3 => prop::sample::select(TOKENS), 2 => prop::sample::select(NAMES)];
    let soup = prop::collection::vec(token, 1..10).prop_map(|tokens| tokens.join(" "));
    let name = prop::sample::select(NAMES);
    let path = (
        prop::sample::select(NAMES),
        prop::collection::vec((prop::sample::select(&["->", ".", "[", "@", "+"][..]), name), 0..5),
    )
        .prop_map(|(first, rest)| {
            let step = |text: String, (op, name): (&str, &str)| match op {
                "[" => format!("{text}[{}]", name.len()),
                "@" => format!("{text}@{}", name.len()),
                _ => format!("{text}{op}{name}"),
            };
            rest.into_iter().fold(first.to_owned(), step)
        });
    let prefixed = (
        prop::sample::select(&["*", "&", "-", "!", "sizeof ", "(char)", "(long)", "**", "&*", "(struct part)"][..]),
        path.clone(),
    )
        .prop_map(|(prefix, path)| format!("{prefix}{path}"));
    prop_oneof![soup, path, prefixed]
}

/// Evaluates, writes, and asks for the type.
fn survives(session: &mut Session<'_>, text: &str) {
    value(session, text);
    let named = session.evaluator().type_of_text(text);
    if let Ok((_, id)) = named {
        let options = TypeOptions { offsets: Some(Radix::Decimal), ..TypeOptions::default() };
        ptype(session.program().unwrap().types(), id, options, &mut Text::new()).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    // Opening takes longer than evaluating: each case is many texts.
    #[test]
    fn no_expression_makes_the_evaluator_panic(
        texts in prop::collection::vec(texts(), 60),
        sample in 0usize..4,
    ) {
        let samples = [
            ("c_list/module.O0.wasm", "c_list/core.O0", 5),
            ("rust_collections/module.wasm", "rust_collections/core", 14),
            ("cpp_shapes/module.wasm", "cpp_shapes/core", 3),
            ("zig_basic/module.wasm", "zig_basic/core", 4),
        ];
        let (module, core, frame) = samples[sample];
        let files = Files::new();
        let mut session = open(&files, module, core, frame);
        for text in &texts {
            survives(&mut session, text);
        }
    }
}
