//! Variables in operand-stack slots, which compilers describe for a whole block though most operands are used up in it.

#[path = "synth/dwarf.rs"]
mod dwarf;
mod synth;

use dwarf::{Die, die, function, root, unit, write};
use gimli::write::AttributeValue;
use synth::{Dump, Memory, custom, frame};
use wasmgdb::files::Files;
use wasmgdb::limits::MAX_BODY_BYTES_FOR_A_LINE;
use wasmgdb::wasm::code::Instruction;
use wasmgdb::wasm::{CodeOffset, FuncIdx, Module};

/// Slot 0 holds 7, then the sum 12, when the call does not come back. `before` comes first.
fn program(before: &str) -> String {
    format!(
        "(module (memory 1) (global $g (mut i32) (i32.const 0))
            (func $stop (result i32) unreachable)
            (func $main {before} (drop (i32.sub (i32.add (i32.const 7) (i32.const 5)) (call $stop)))))"
    )
}

/// Offsets of the function's code in the code section, and of its call in the function.
struct Places {
    start: u64,
    sum: u64,
    call: u64,
    end: u64,
    stands: u64,
}

/// A variable or parameter in slot 0.
fn in_slot(tag: gimli::DwTag, name: &str) -> Die {
    die(tag).name(name).to(gimli::DW_AT_type, "int").at(&[0xed, 2, 0, 0x9f])
}

/// A variable in slot 0 all through the block from `begin` to `end`.
fn block(name: &str, begin: u64, end: u64) -> Die {
    die(gimli::DW_TAG_lexical_block).code(begin, end - begin).with(in_slot(gimli::DW_TAG_variable, name))
}

/// What `commands` say of the program with these entries below its function.
fn said(label: &str, before: &str, entries: impl Fn(&Places) -> Vec<Die>, commands: &[&str]) -> String {
    let mut wasm = wat::parse_str(program(before)).unwrap();
    let places = {
        let files = Files::new();
        let module = Module::parse(files.adopt(wasm.clone())).unwrap();
        let body = module.body(FuncIdx(1)).unwrap();
        let instructions: Vec<Instruction<'_>> = body.instructions().map(Result::unwrap).collect();
        let CodeOffset(start) = module.code_offset(body.start).unwrap();
        let at = |name: &str| {
            let found = instructions.iter().find(|i| format!("{:?}", i.operator).starts_with(name)).unwrap();
            found.offset.0
        };
        let (sum, call) = (at("I32Add"), at("Call"));
        let end = start + body.bytes.len() as u64;
        Places { start, sum: start + sum, call: start + call, end, stands: call }
    };
    let encoding = AttributeValue::Encoding(gimli::DW_ATE_signed);
    let int = die(gimli::DW_TAG_base_type).name("int").label("int").number(gimli::DW_AT_byte_size, 4);
    let int = int.plain(gimli::DW_AT_encoding, encoding);
    let main = function("f", places.start, places.end - places.start).with_all(entries(&places));
    let top = root().code(0, 0x10000).with(int).with(main);
    wasm.extend(write(&[unit(top).version(5)]).0.iter().flat_map(|(name, data)| custom(name, data)));
    let mut dump = Dump::sample();
    dump.memories = vec![Memory { pages: 1, memory64: false, page_size_log2: None }];
    dump.segments = Some(Vec::new());
    dump.threads[0].1 = vec![frame(0, 1), frame(1, places.stands as u32)];
    let file =
        |kind: &str| std::env::temp_dir().join(format!("wasmgdb-operands-{label}-{}.{kind}", std::process::id()));
    std::fs::write(file("wasm"), wasm).unwrap();
    std::fs::write(file("core"), dump.standard()).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_wasmgdb"));
    command.args(["-nx", "-batch"]).args(commands.iter().flat_map(|command| ["-ex", command]));
    let output = command.args([file("wasm"), file("core")]).output().unwrap();
    ["wasm", "core"].iter().for_each(|kind| std::fs::remove_file(file(kind)).unwrap());
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

#[test]
fn an_operand_is_a_variable_only_until_it_is_used_up() {
    let blocks = |at: &Places| vec![block("gone", at.sum, at.end), block("kept", at.call, at.end)];
    let text = said("used-up", "", blocks, &["frame 1", "info locals"]);
    assert!(text.contains("kept: int = 12\n"), "{text}");
    assert!(text.contains("gone: int = <operand 0 was used up on the way here>\n"), "{text}");
}

#[test]
fn a_line_of_a_backtrace_waits_for_no_long_function_to_tell_whether_an_operand_is_left() {
    let parameter = |_: &Places| vec![in_slot(gimli::DW_TAG_formal_parameter, "n")];
    let text = said("short", "", parameter, &["bt"]);
    assert!(text.contains(" as f (n=<unavailable>)"), "{text}");
    let text = said("long", &"nop ".repeat(MAX_BODY_BYTES_FOR_A_LINE), parameter, &["bt", "frame 1"]);
    assert!(text.contains(" as f (n=...)"), "{text}");
    assert!(text.contains(" as f (n=<unavailable>)"), "the frame that was asked for: {text}");
}
