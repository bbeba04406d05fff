//! The JSON report as a stranger reads it: which fields there are, of which types, and what they may hold. Checked on
//! every sample, on dumps of every dialect and on damaged ones.

mod synth;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use synth::Dump;
use wasmgdb::files::Files;
use wasmgdb::frontend::report::{ReportOptions, write_report};
use wasmgdb::target::{OpenOptions, Program};

/// What a field may hold.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Number,
    Flag,
    /// Text, which is not empty.
    Text,
    /// Text that the dump or the source may have left empty.
    AnyText,
    /// `0x` and hexadecimal digits.
    Address,
    /// One of the states of a value.
    State,
    List(&'static [Field]),
    Object(&'static [Field]),
    Texts,
    Variables,
}

/// Name, what it holds, whether it may be null.
type Field = (&'static str, Kind, bool);

const NEVER_NULL: bool = false;
const MAY_BE_NULL: bool = true;

const REPORT: &[Field] = &[
    ("schema", Kind::Number, NEVER_NULL),
    ("tool", Kind::Object(&[("name", Kind::Text, NEVER_NULL), ("version", Kind::Text, NEVER_NULL)]), NEVER_NULL),
    ("executable", Kind::Text, MAY_BE_NULL),
    (
        "modules",
        Kind::List(&[
            ("name", Kind::AnyText, NEVER_NULL),
            ("path", Kind::Text, MAY_BE_NULL),
            ("build_id", Kind::Text, MAY_BE_NULL),
            ("debug_info", Kind::Text, NEVER_NULL),
            ("debug_path", Kind::Text, MAY_BE_NULL),
        ]),
        NEVER_NULL,
    ),
    (
        "trap",
        Kind::Object(&[
            ("kind", Kind::Text, NEVER_NULL),
            ("instruction", Kind::Text, MAY_BE_NULL),
            ("message", Kind::Text, MAY_BE_NULL),
            ("frame", Kind::Number, NEVER_NULL),
        ]),
        MAY_BE_NULL,
    ),
    (
        "threads",
        Kind::List(&[
            ("name", Kind::AnyText, NEVER_NULL),
            ("truncated", Kind::Flag, NEVER_NULL),
            ("frames", Kind::List(FRAME), NEVER_NULL),
        ]),
        NEVER_NULL,
    ),
    ("globals", Kind::Variables, NEVER_NULL),
    ("warnings", Kind::Texts, NEVER_NULL),
];

const FRAME: &[Field] = &[
    ("index", Kind::Number, NEVER_NULL),
    ("inlined", Kind::Flag, NEVER_NULL),
    ("function", Kind::Text, MAY_BE_NULL),
    ("linkage_name", Kind::Text, MAY_BE_NULL),
    ("language", Kind::Text, MAY_BE_NULL),
    ("module", Kind::AnyText, MAY_BE_NULL),
    ("instance", Kind::Number, MAY_BE_NULL),
    ("func_index", Kind::Number, NEVER_NULL),
    ("func_offset", Kind::Number, MAY_BE_NULL),
    ("module_offset", Kind::Number, MAY_BE_NULL),
    ("file", Kind::Text, MAY_BE_NULL),
    ("directory", Kind::Text, MAY_BE_NULL),
    ("line", Kind::Number, MAY_BE_NULL),
    ("column", Kind::Number, MAY_BE_NULL),
    ("arguments", Kind::Variables, NEVER_NULL),
    ("locals", Kind::Variables, NEVER_NULL),
    (
        "wasm_locals",
        Kind::List(&[
            ("index", Kind::Number, NEVER_NULL),
            ("name", Kind::Text, MAY_BE_NULL),
            ("type", Kind::Text, MAY_BE_NULL),
            ("value", Kind::Text, MAY_BE_NULL),
            ("state", Kind::State, NEVER_NULL),
            ("reason", Kind::Text, MAY_BE_NULL),
        ]),
        NEVER_NULL,
    ),
    (
        "operand_stack",
        Kind::List(&[
            ("type", Kind::Text, MAY_BE_NULL),
            ("value", Kind::Text, MAY_BE_NULL),
            ("state", Kind::State, NEVER_NULL),
            ("reason", Kind::Text, MAY_BE_NULL),
        ]),
        NEVER_NULL,
    ),
];

const VARIABLE: &[Field] = &[
    ("name", Kind::Text, MAY_BE_NULL),
    ("type", Kind::Text, NEVER_NULL),
    ("value", Kind::AnyText, MAY_BE_NULL),
    ("address", Kind::Address, MAY_BE_NULL),
    ("state", Kind::State, NEVER_NULL),
    ("reason", Kind::Text, MAY_BE_NULL),
    ("children", Kind::Variables, NEVER_NULL),
    ("child_count", Kind::Number, NEVER_NULL),
];

/// Best first.
const STATES: [&str; 4] = ["exact", "recovered", "optimized out", "unavailable"];

fn rank(state: &Value) -> usize {
    STATES.iter().position(|known| state == known).unwrap_or(STATES.len())
}

/// Everything that is wrong with `value`, each with its place.
fn faults(value: &Value, kind: Kind, place: &str, found: &mut Vec<String>) {
    let right = match (kind, value) {
        (Kind::Number, Value::Number(number)) => number.is_u64(),
        (Kind::Flag, Value::Bool(_)) | (Kind::AnyText, Value::String(_)) => true,
        (Kind::Text, Value::String(text)) => !text.is_empty(),
        (Kind::Address, Value::String(text)) => {
            text.strip_prefix("0x").is_some_and(|digits| u64::from_str_radix(digits, 16).is_ok())
        }
        (Kind::State, state) => rank(state) < STATES.len(),
        (Kind::Object(fields), Value::Object(members)) => return object(members, fields, place, found),
        (Kind::List(fields), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                faults(item, Kind::Object(fields), &format!("{place}[{index}]"), found);
            }
            true
        }
        (Kind::Texts, Value::Array(items)) => items.iter().all(Value::is_string),
        (Kind::Variables, Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                let place = format!("{place}[{index}]");
                faults(item, Kind::Object(VARIABLE), &place, found);
                variable(item, &place, found);
            }
            true
        }
        _ => false,
    };
    if !right {
        found.push(format!("{place} is {value}, not {kind:?}"));
    }
}

fn object(members: &Map<String, Value>, fields: &[Field], place: &str, found: &mut Vec<String>) {
    for (name, kind, may_be_null) in fields {
        match members.get(*name) {
            None => found.push(format!("{place} has no {name}")),
            Some(Value::Null) if *may_be_null => {}
            Some(value) => faults(value, *kind, &format!("{place}.{name}"), found),
        }
    }
    for name in members.keys().filter(|name| !fields.iter().any(|field| field.0 == *name)) {
        found.push(format!("{place} has {name}, of which the schema says nothing"));
    }
}

/// What a variable says must agree with itself.
fn variable(item: &Value, place: &str, found: &mut Vec<String>) {
    let children = item["children"].as_array().map_or(&[][..], Vec::as_slice);
    if item["child_count"].as_u64() < Some(children.len() as u64) {
        found.push(format!("{place} has more children than its child_count"));
    }
    let worst = children.iter().map(|child| rank(&child["state"])).max().unwrap_or(0);
    if rank(&item["state"]) < worst {
        found.push(format!("{place} is {}, better than a child of it", item["state"]));
    }
    let lacks_value = item["value"].is_null();
    if lacks_value && rank(&item["state"]) < 2 && children.is_empty() {
        found.push(format!("{place} is {} and has neither value nor children", item["state"]));
    }
    // "optimized out" says it all.
    if matches!(rank(&item["state"]), 1 | 3) && item["reason"].is_null() && children.is_empty() {
        found.push(format!("{place} is {} and does not say why", item["state"]));
    }
}

fn report(options: &OpenOptions, raw: bool, all_globals: bool) -> Option<Value> {
    let files = Files::new();
    let program = Program::open(&files, options).ok()?;
    let mut json = Vec::new();
    write_report(&program, ReportOptions { raw, all_globals, max_depth: 4 }, &mut json).expect("memory takes all");
    Some(serde_json::from_slice(&json).expect("one JSON object"))
}

/// True if there was a report.
fn check(module: Option<&Path>, core: &Path) -> bool {
    let options =
        OpenOptions { module: module.map(Path::to_owned), core: Some(core.to_owned()), ..OpenOptions::default() };
    let mut some = false;
    for (raw, all_globals) in [(false, false), (true, false), (false, true)] {
        let Some(report) = report(&options, raw, all_globals) else { continue };
        some = true;
        let mut found = Vec::new();
        faults(&report, Kind::Object(REPORT), "report", &mut found);
        assert_eq!(report["schema"], 1);
        found.truncate(20);
        assert!(found.is_empty(), "{} (raw {raw}, globals {all_globals}): {found:#?}", core.display());
    }
    some
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Samples in many languages and both dialects that were recorded; the rest of their folders holds more of the same.
const PAIRS: &[(&str, &str)] = &[
    ("c_list/module.O0.wasm", "c_list/core.O0"),
    ("c_list/module.O0.wasm", "c_list/core.O0.full"),
    ("c_list/module.O2.wasm", "c_list/core.O2"),
    ("cpp_shapes/module.wasm", "cpp_shapes/core"),
    ("rust_demo/module.wasm", "rust_demo/core"),
    ("rust_demo/module.wasm", "rust_demo/core.rewriter"),
    ("zig_basic/module.wasm", "zig_basic/core"),
    ("stripped/module.wasm", "stripped/core"),
    ("traps/module.O2.wasm", "traps/core.stack.O2"),
    ("traps/module.cpp.wasm", "traps/core.map.cpp"),
    ("panics/module.wasm", "panics/core.bounds"),
];

#[test]
fn reports_of_all_samples_follow_the_schema() {
    for (module, core) in PAIRS {
        let (module, core) = (root("samples").join(module), root("samples").join(core));
        assert!(check(Some(&module), &core), "{}", core.display());
    }
}

#[test]
fn reports_without_a_module_and_of_every_dialect_follow_the_schema() {
    let dump = Dump::with_values();
    let mut damaged = Dump::sample();
    damaged.threads.push(("".into(), vec![synth::frame(u32::MAX, u32::MAX)]));
    damaged.threads.push(("empty".into(), Vec::new()));
    let nothing = Dump { threads: vec![("main".into(), Vec::new())], ..Dump::default() };
    let dialects = [
        dump.standard(),
        dump.wasmedge_for_wasmgdb(),
        dump.old_wasmedge(true, 2),
        dump.wasmer(),
        dump.rewriter(|_| 7),
        damaged.standard(),
        nothing.standard(),
    ];
    for (number, bytes) in dialects.iter().enumerate() {
        let core = std::env::temp_dir().join(format!("wasmgdb-schema-{}-{number}", std::process::id()));
        std::fs::write(&core, bytes).expect("the temporary folder is writable");
        assert!(check(None, &core), "dialect {number}");
        check(Some(&root("tests/data/floats/module.wasm")), &core);
        std::fs::remove_file(core).expect("it was there");
    }
}

#[test]
fn reports_of_damaged_dumps_follow_the_schema() {
    let module = root("samples/c_list/module.O0.wasm");
    let whole = std::fs::read(root("samples/c_list/core.O0.full")).expect("the sample is there");
    let core = std::env::temp_dir().join(format!("wasmgdb-schema-{}-damaged", std::process::id()));
    let mut random = synth::Random(11);
    let mut reports = 0;
    for turn in 0..24 {
        let mut bytes = whole.clone();
        match turn % 2 {
            0 => bytes.truncate(whole.len() * (turn + 1) / 25),
            _ => (0..20).for_each(|_| bytes[random.below(whole.len())] = random.next() as u8),
        }
        std::fs::write(&core, bytes).expect("the temporary folder is writable");
        reports += usize::from(check(Some(&module), &core));
    }
    std::fs::remove_file(core).expect("it was there");
    assert!(reports > 8, "{reports} of 24 damaged dumps gave a report");
}
