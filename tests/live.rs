//! What a live debugger showed at the trap, the dump must show too: frames, lines and every scalar of every variable.
//!
//! `live/NAME.tsv` was recorded by `samples/tools/live-values.py` from the running program, not from the dump.

use std::path::Path;

use serde_json::Value;
use wasmgdb::files::Files;
use wasmgdb::frontend::report::{DEFAULT_DEPTH, ReportOptions, write_report};
use wasmgdb::target::{OpenOptions, Program};

fn package(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The frames of the report on a sample, with members as DWARF has them.
fn frames(module: &str, core: &str) -> Vec<Value> {
    let files = Files::new();
    let path = |name: &str| Some(package("samples").join(name));
    let options = OpenOptions { module: path(module), core: path(core), ..OpenOptions::default() };
    let program = Program::open(&files, &options).unwrap();
    let mut json = Vec::new();
    let options = ReportOptions { raw: true, all_globals: false, max_depth: DEFAULT_DEPTH + 2 };
    write_report(&program, options, &mut json).unwrap();
    let report: Value = serde_json::from_slice(&json).unwrap();
    report["threads"][0]["frames"].as_array().unwrap().clone()
}

/// A value as a number, whatever it is written as; none for an enumerator.
fn number(text: &str) -> Option<f64> {
    let word = text.split_whitespace().next()?.trim_start_matches('@');
    match word {
        "true" => return Some(1.0),
        "false" | "null" => return Some(0.0),
        _ => {}
    }
    match word.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok().map(|n| n as f64),
        None => word.parse().ok(),
    }
}

/// Equal, where a live integer is unsigned in `size` bytes.
fn same(live: &str, size: u32, shown: &str) -> bool {
    match (number(live), number(shown)) {
        (Some(live), Some(shown)) => {
            let wrapped = if shown < 0.0 { shown + 2f64.powi(8 * size as i32) } else { shown };
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-6 * a.abs().max(b.abs());
            close(live, shown) || close(live, wrapped) || live.is_nan() && shown.is_nan()
        }
        // A Rust character by its number, an enumerator by its last word (Zig's begin with a dot).
        (Some(live), None) => {
            shown.chars().nth(1).is_some_and(|c| shown.starts_with('\'') && f64::from(c as u32) == live)
        }
        _ => live.rsplit("::").next() == shown.trim_start_matches('.').rsplit("::").next(),
    }
}

/// A name without what compilers spell differently: `<0UL, A>` and `<0, A>`.
fn spelled(name: &str) -> String {
    let mut result = String::new();
    for c in name.chars().filter(|c| !c.is_whitespace()) {
        if !(matches!(c, 'U' | 'L' | 'u' | 'l')
            && result.ends_with(|before: char| before.is_ascii_digit() || before == '\0'))
        {
            result.push(c);
        }
    }
    result
}

fn is_known(variable: &Value) -> bool {
    variable["state"] == "exact" || variable["state"] == "recovered"
}

/// All descendants of `variable` at `path`; unnamed members repeat.
fn at_path<'v>(variable: &'v Value, path: &[&str]) -> Vec<&'v Value> {
    let Some((name, rest)) = path.split_first() else { return vec![variable] };
    let children = variable["children"].as_array().map(Vec::as_slice).unwrap_or_default();
    let fitting = children.iter().filter(|child| spelled(child["name"].as_str().unwrap_or("")) == spelled(name));
    fitting.flat_map(|child| at_path(child, rest)).collect()
}

/// The last component of a function's name, without parameters and generics.
fn short(function: &str) -> String {
    let mut depth = 0;
    let outside = function.chars().filter(|c| {
        depth += i32::from(matches!(c, '(' | '<'));
        let keep = depth == 0;
        depth -= i32::from(matches!(c, ')' | '>'));
        keep
    });
    let outside: String = outside.collect();
    outside
        .trim_end_matches(" const")
        .rsplit([':', '.'])
        .map(str::trim)
        .find(|part| !part.is_empty())
        .unwrap_or(function)
        .to_owned()
}

/// What differs between the record `live` and the report on the dump.
fn differences(live: &str, frames: &[Value]) -> Vec<String> {
    let mut result = Vec::new();
    let mut frame = &Value::Null;
    let mut checked = 0;
    for line in live.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split('\t').collect();
        if let ["frame", index, function, file, number] = words[..] {
            frame = &frames[index.parse::<usize>().unwrap()];
            let shown =
                (frame["function"].as_str().unwrap_or(""), frame["file"].as_str().unwrap_or(""), &frame["line"]);
            let fits = function.contains(&short(shown.0)) && !shown.0.is_empty() && shown.1.ends_with(file);
            if !fits || shown.2.as_u64() != number.parse().ok() {
                result.push(format!("frame {index}: live {function} at {file}:{number}, dump {shown:?}"));
            }
            continue;
        }
        let (size, live, path) = (words[0].parse().unwrap(), words[1], &words[2..]);
        let variables = [&frame["arguments"], &frame["locals"]].into_iter().flat_map(|list| list.as_array().unwrap());
        let named = variables.filter(|variable| variable["name"].as_str().unwrap_or("") == path[0]);
        let found: Vec<&Value> = named.flat_map(|variable| at_path(variable, &path[1..])).collect();
        if !found.iter().any(|v| is_known(v) && v["value"].as_str().is_some_and(|shown| same(live, size, shown))) {
            let shown: Vec<String> = found.iter().map(|v| format!("{} ({})", v["value"], v["state"])).collect();
            result.push(format!("frame {}: {}: live {live}, dump {shown:?}", frame["index"], path.join(".")));
        }
        checked += 1;
    }
    assert!(checked > 8, "the record holds hardly anything");
    result
}

fn check(name: &str, module: &str, core: &str) {
    let live = std::fs::read_to_string(package(&format!("tests/live/{name}.tsv"))).unwrap();
    let different = differences(&live, &frames(module, core));
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn c_shows_what_lldb_showed() {
    check("c_list", "c_list/module.O0.wasm", "c_list/core.O0");
    check("c_list", "c_list/module.O0.wasm", "c_list/core.O0.full");
}

#[test]
fn cpp_shows_what_lldb_showed() {
    check("cpp_shapes", "cpp_shapes/module.wasm", "cpp_shapes/core");
}

#[test]
fn rust_shows_what_lldb_showed() {
    check("rust_demo", "rust_demo/module.wasm", "rust_demo/core");
    check("rust_collections", "rust_collections/module.wasm", "rust_collections/core");
}

#[test]
fn zig_shows_what_lldb_showed() {
    check("zig_basic", "zig_basic/module.wasm", "zig_basic/core");
}

#[test]
fn separate_debug_information_shows_what_lldb_showed_of_the_whole_module() {
    check("stripped", "stripped/module.wasm", "stripped/core");
}

/// Scalars of `variable` that do not depend on where things lie in memory, by path.
fn plain_leaves(variable: &Value, path: &str, found: &mut Vec<(String, String)>) {
    let path = format!("{path}.{}", variable["name"].as_str().unwrap_or(""));
    match variable["children"].as_array().filter(|children| !children.is_empty()) {
        Some(children) => children.iter().for_each(|child| plain_leaves(child, &path, found)),
        None if variable["type"].as_str().is_some_and(|name| name.contains(['*', '(']) || name == "pricing") => {}
        None if is_known(variable) => found.extend(variable["value"].as_str().map(|value| (path, value.to_owned()))),
        None => {}
    }
}

/// All plain scalars of the user's frames.
fn plain_values(module: &str, core: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for frame in frames(module, core).iter().filter(|frame| frame["file"] == "workshop.c") {
        let variables = [&frame["arguments"], &frame["locals"]].into_iter().flat_map(|list| list.as_array().unwrap());
        let place = format!("{}:{}", frame["function"].as_str().unwrap_or(""), frame["line"]);
        variables.for_each(|variable| plain_leaves(variable, &place, &mut found));
    }
    found
}

#[test]
fn optimised_code_shows_the_numbers_of_the_same_program_without_optimisation() {
    let plain = plain_values("c_list/module.O0.wasm", "c_list/core.O0");
    let optimised = plain_values("c_list/module.O2.wasm", "c_list/core.O2");
    assert!(optimised.len() > 40, "{optimised:#?}");
    for leaf @ (path, _) in &optimised {
        // The loop is unrolled, and clang's debug information knows the first round only.
        if path.ends_with(".i") {
            continue;
        }
        let expected: Vec<_> = plain.iter().filter(|(other, _)| other == path).collect();
        assert!(expected.contains(&leaf), "optimised {leaf:?}, without optimisation {expected:?}");
    }
}

#[test]
fn a_changed_value_is_noticed() {
    let live = std::fs::read_to_string(package("tests/live/c_list.tsv")).unwrap();
    let frames = frames("c_list/module.O0.wasm", "c_list/core.O0");
    for (from, to) in
        [("4\t200\ttotal", "4\t201\ttotal"), ("workshop.c\t71", "workshop.c\t72"), ("\tsplit\t", "\tflat\t")]
    {
        assert!(live.contains(from));
        assert!(!differences(&live.replace(from, to), &frames).is_empty(), "{from}");
    }
}
