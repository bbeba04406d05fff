//! Instructions are written as the text format has them: what is assembled comes back, line by line.

use wasmgdb::wasm::text::listing;
use wasmgdb::wasm::{FuncIdx, Module};

fn texts(source: &str, function: u32) -> Vec<(usize, String)> {
    let bytes = wat::parse_str(source).expect("the source is right");
    let module = Module::parse(&bytes).expect("a module");
    let lines = listing(&module, FuncIdx(function)).expect("a body");
    lines.map(|line| (line.depth, line.text)).collect()
}

#[test]
fn what_is_assembled_comes_back() {
    let body = [
        (0, "nop"),
        (0, "local.get $n"),
        (0, "local.set 1"),
        (0, "block"),
        (1, "loop"),
        (2, "local.get $n"),
        (2, "br_table 0 1 1"),
        (1, "end"),
        (0, "end"),
        (0, "i32.const -5"),
        (0, "if (result i64)"),
        (1, "i64.const 9223372036854775807"),
        (0, "else"),
        (1, "i64.const -1"),
        (0, "end"),
        (0, "drop"),
        (0, "f64.const 1.5"),
        (0, "f64.const inf"),
        (0, "f64.lt"),
        (0, "drop"),
        (0, "f32.const 0.1"),
        (0, "drop"),
        (0, "i32.const 8"),
        (0, "i32.load offset=12"),
        (0, "i64.load16_u align=1"),
        (0, "drop"),
        (0, "i32.const 0"),
        (0, "global.get $counter"),
        (0, "i32.store8 1 offset=3"),
        (0, "local.get $n"),
        (0, "i32.const 1"),
        (0, "call_indirect (type 0) (param i32) (result i32)"),
        (0, "call $\"a b\""),
        (0, "call 0"),
        (0, "memory.size"),
        (0, "memory.grow 1"),
        (0, "ref.null func"),
        (0, "drop"),
        (0, "drop"),
        (0, "i32.const 4"),
        (0, "i32.const 1"),
        (0, "i32.atomic.rmw8.add_u"),
        (0, "drop"),
        (0, "v128.const i32x4 0x00000001 0x00000002 0x00000003 0x00000004"),
        (0, "i8x16.extract_lane_s 3"),
        (0, "drop"),
        (0, "unreachable"),
        (0, "end"),
    ];
    let text: String = body.iter().map(|(_, line)| format!("{line}\n")).collect();
    let text = text.trim_end().trim_end_matches("end");
    let source = format!(
        "(module (import \"env\" \"\" (func)) (type (func (param i32) (result i32)))
           (memory 1) (memory 1) (table 1 funcref) (global $counter i32 (i32.const 0))
           (func $\"a b\" (param i32))
           (func $f (param $n i32) (local i32) {text}))"
    );
    let found = texts(&source, 2);
    let expected: Vec<(usize, String)> = body.iter().map(|(depth, line)| (*depth, (*line).to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn mnemonics_agree_with_the_printer_on_every_sample() {
    for sample in ["c_list/module.O0.wasm", "rust_collections/module.wasm", "zig_basic/module.wasm"] {
        let path = format!("{}/samples/{sample}", env!("CARGO_MANIFEST_DIR"));
        let bytes = std::fs::read(path).expect("the sample is there");
        let module = Module::parse(&bytes).expect("a module");
        let ours: Vec<String> = (0..module.function_count())
            .filter_map(|function| listing(&module, FuncIdx(function)))
            .flatten()
            .map(|line| line.text.split(' ').next().unwrap_or("").to_owned())
            .collect();
        let theirs = printed_mnemonics(&bytes);
        // The printer closes functions with a parenthesis where we have their last "end".
        assert_eq!(ours.iter().filter(|name| *name != "end").count(), theirs.len(), "{sample}");
        assert!(ours.iter().filter(|name| *name != "end").eq(&theirs), "{sample}");
    }
}

/// First words of the instruction lines in what wasmprinter makes of a module.
fn printed_mnemonics(bytes: &[u8]) -> Vec<String> {
    let text = wasmprinter::print_bytes(bytes).expect("printable");
    let mut found = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("  (func ") {
            inside = true;
        } else if line == "  )" {
            inside = false;
        } else if inside {
            let word = line.trim().split([' ', ')']).next().unwrap_or("");
            found.extend(Some(word).filter(|w| !matches!(*w, "" | "end") && !w.starts_with('(')).map(str::to_owned));
        }
    }
    found
}
