//! Variables in operand-stack slots, which compilers describe for a whole block though most operands are used up in it.

#[path = "synth/dwarf.rs"]
mod dwarf;
mod synth;

use dwarf::{Die, die, function, root, unit, write};
use gimli::write::AttributeValue;
use synth::{Dump, Memory, custom, frame};
use wasmgdb::files::Files;
use wasmgdb::wasm::code::Instruction;
use wasmgdb::wasm::{CodeOffset, FuncIdx, Module};

/// Slot 0 holds 7, then the sum 12, when the division traps.
const PROGRAM: &str = "(module (memory 1) (global $g (mut i32) (i32.const 0))
    (func $main (drop (i32.div_s (i32.add (i32.const 7) (i32.const 5)) (i32.const 0)))))";

/// A variable in slot 0 all through the block from `begin` to `end`.
fn block(name: &str, begin: u64, end: u64) -> Die {
    let slot = die(gimli::DW_TAG_variable).name(name).to(gimli::DW_AT_type, "int").at(&[0xed, 2, 0, 0x9f]);
    die(gimli::DW_TAG_lexical_block).code(begin, end - begin).with(slot)
}

#[test]
fn an_operand_is_a_variable_only_until_it_is_used_up() {
    let mut wasm = wat::parse_str(PROGRAM).unwrap();
    let (start, end, sum, division, stop) = {
        let files = Files::new();
        let module = Module::parse(files.adopt(wasm.clone())).unwrap();
        let body = module.body(FuncIdx(0)).unwrap();
        let instructions: Vec<Instruction<'_>> = body.instructions().map(Result::unwrap).collect();
        let CodeOffset(start) = module.code_offset(body.start).unwrap();
        let at = |name: &str| {
            let found = instructions.iter().find(|i| format!("{:?}", i.operator).starts_with(name)).unwrap();
            found.offset.0
        };
        let (sum, division) = (at("I32Add"), at("I32DivS"));
        (start, start + body.bytes.len() as u64, start + sum, start + division, division)
    };
    let encoding = AttributeValue::Encoding(gimli::DW_ATE_signed);
    let int = die(gimli::DW_TAG_base_type).name("int").label("int").number(gimli::DW_AT_byte_size, 4);
    let int = int.plain(gimli::DW_AT_encoding, encoding);
    let blocks = [block("gone", sum, end), block("kept", division, end)];
    let top = root().code(0, 0x1000).with(int).with(function("f", start, end - start).with_all(blocks));
    wasm.extend(write(&[unit(top).version(5)]).0.iter().flat_map(|(name, data)| custom(name, data)));
    let mut dump = Dump::sample();
    dump.memories = vec![Memory { pages: 1, memory64: false, page_size_log2: None }];
    dump.segments = Some(Vec::new());
    dump.threads[0].1 = vec![frame(0, stop as u32)];
    let file = |kind: &str| std::env::temp_dir().join(format!("wasmgdb-operands-{}.{kind}", std::process::id()));
    std::fs::write(file("wasm"), wasm).unwrap();
    std::fs::write(file("core"), dump.standard()).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_wasmgdb"));
    command.args(["-nx", "-batch", "-ex", "info locals"]).args([file("wasm"), file("core")]);
    let output = command.output().unwrap();
    ["wasm", "core"].iter().for_each(|kind| std::fs::remove_file(file(kind)).unwrap());
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(text.contains("kept: int = 12\n"), "{text}");
    assert!(text.contains("gone: int = <operand 0 was used up on the way here>\n"), "{text}");
}
