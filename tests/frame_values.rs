//! Variables of a frame that are known in part, and constants of inlined calls, as they are shown.

#[path = "synth/dwarf.rs"]
mod dwarf;
mod synth;

use std::sync::atomic::{AtomicU32, Ordering};

use dwarf::{Die, die, function, root, unit, write};
use gimli::write::AttributeValue;
use synth::{Dump, Memory, Segment, Value, custom, frame};
use wasmgdb::files::Files;
use wasmgdb::wasm::{FuncIdx, Module};

const STACK_VALUE: u8 = 0x9f;

/// What is said of local 2.
const UNKNOWN: &str = "<lost: it was the result of the call at 0x5>";

/// A local as a piece of so many bytes.
fn local_piece(index: u8, size: u8) -> Vec<u8> {
    vec![0xed, 0, index, STACK_VALUE, 0x93, size]
}

/// Recorded are the locals 0, 1 and 3; what local 2 holds, the host knows.
const PROGRAM: &str = "(module (import \"env\" \"get\" (func $get (result i32))) (memory 1)
    (global $g (mut i32) (i32.const 0))
    (func $main (local i32 i32 i32 i64) (local.set 2 (call $get)) unreachable))";

/// What commands say of a function `f` with these variables: they may use the types `int`, `long`, `pair`, `triple`.
fn said(name: &str, variables: Vec<Die>, commands: &[&str]) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let file = |kind: &str| {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        std::env::temp_dir().join(format!("wasmgdb-values-{name}-{}-{number}.{kind}", std::process::id()))
    };
    let mut wasm = wat::parse_str(PROGRAM).unwrap();
    let (start, size, stop) = {
        let files = Files::new();
        let module = Module::parse(files.adopt(wasm.clone())).unwrap();
        let body = module.body(FuncIdx(1)).unwrap();
        let stops = |i: &wasmgdb::wasm::code::Instruction<'_>| format!("{:?}", i.operator).starts_with("Unreachable");
        let stop = body.instructions().map(Result::unwrap).find(stops).unwrap();
        (module.code_offset(body.start).unwrap().0, body.bytes.len() as u64, stop.offset.0 as u32)
    };
    let top = types(root().code(0, 0x1000))
        .with(die(gimli::DW_TAG_subprogram).name("helper").label("helper").number(gimli::DW_AT_inline, 1).with_all([
            die(gimli::DW_TAG_formal_parameter).name("count").label("count").to(gimli::DW_AT_type, "int"),
            die(gimli::DW_TAG_formal_parameter).name("width").label("width").to(gimli::DW_AT_type, "long"),
            die(gimli::DW_TAG_formal_parameter).name("whole").label("whole").to(gimli::DW_AT_type, "pair"),
            die(gimli::DW_TAG_formal_parameter).name("gone").label("gone").to(gimli::DW_AT_type, "int"),
        ]))
        .with(function("f", start, size).with_all(variables.into_iter().map(|v| match v.is_inlined() {
            true => v.code(start, size),
            false => v,
        })));
    let sections = write(&[unit(top).version(5)]);
    wasm.extend(sections.0.iter().flat_map(|(name, data)| custom(name, data)));
    let mut dump = Dump::sample();
    dump.memories = vec![Memory { pages: 1, memory64: false, page_size_log2: None }];
    dump.segments = Some(vec![Segment { memory: 0, address: 1024, bytes: vec![8, 0, 0, 0, 9, 0, 0, 0] }]);
    let locals = vec![Value::I32(11), Value::I32(12), Value::Missing, Value::I64(0x1_0000_0002)];
    dump.threads[0].1 = vec![synth::Frame { locals, ..frame(1, stop) }];
    let (module, core) = (file("wasm"), file("core"));
    std::fs::write(&module, wasm).unwrap();
    std::fs::write(&core, dump.standard()).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_wasmgdb"));
    command.args(["-nx", "-batch"]);
    let (flags, commands): (Vec<&str>, Vec<&str>) = commands.iter().partition(|text| text.starts_with("--"));
    command.args(flags).args(commands.iter().flat_map(|text| ["-ex", text]));
    let output = command.args([&module, &core]).output().unwrap();
    [module, core].iter().for_each(|path| std::fs::remove_file(path).unwrap());
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

fn types(top: Die) -> Die {
    let base = |name: &str, size: u64| {
        let encoding = AttributeValue::Encoding(gimli::DW_ATE_signed);
        die(gimli::DW_TAG_base_type)
            .name(name)
            .label(name)
            .number(gimli::DW_AT_byte_size, size)
            .plain(gimli::DW_AT_encoding, encoding)
    };
    let record = |name: &str, members: &[&str]| {
        let member = |(at, name): (u64, &&str)| {
            die(gimli::DW_TAG_member)
                .name(name)
                .to(gimli::DW_AT_type, "int")
                .number(gimli::DW_AT_data_member_location, at * 4)
        };
        die(gimli::DW_TAG_structure_type)
            .name(name)
            .label(name)
            .number(gimli::DW_AT_byte_size, members.len() as u64 * 4)
            .with_all((0..).zip(members).map(member))
    };
    let count = die(gimli::DW_TAG_subrange_type).number(gimli::DW_AT_count, 8);
    let text = die(gimli::DW_TAG_array_type).label("text").to(gimli::DW_AT_type, "char").with(count);
    let letter = AttributeValue::Encoding(gimli::DW_ATE_signed_char);
    let char = die(gimli::DW_TAG_base_type).name("char").label("char").number(gimli::DW_AT_byte_size, 1);
    let top = top.with_all([char.plain(gimli::DW_AT_encoding, letter), text]);
    top.with_all([base("int", 4), base("long", 8), record("pair", &["x", "y"]), record("triple", &["a", "b", "c"])])
}

fn variable(name: &str, kind: &str, location: &[u8]) -> Die {
    die(gimli::DW_TAG_variable).name(name).to(gimli::DW_AT_type, kind).at(location)
}

#[test]
fn members_in_known_pieces_are_shown_beside_those_that_are_not_known() {
    // The second piece is a local that nobody knows, the third is in memory.
    let memory = [0x03, 4, 4, 0, 0, 0x93, 4];
    let location = [local_piece(0, 4), local_piece(2, 4), memory.to_vec()].concat();
    let triple = variable("t", "triple", &location);
    let text = said("pieces", vec![triple], &["print t", "print t.a", "print t.b", "print t.c", "print t.c + t.a"]);
    let shown = format!("t: struct triple = {{\n    a: int = 11\n    b: int = {UNKNOWN}\n    c: int = 9\n}}\n");
    assert!(text.contains(&shown), "{text}");
    let alone = format!("\na: int = 11\nb: int = {UNKNOWN}\nc: int = 9\nt.c + t.a: int = 20\n");
    assert!(text.contains(&alone), "{text}");
}

#[test]
fn why_an_argument_is_not_known_has_no_room_in_a_backtrace() {
    let location = vec![0xed, 0, 2, STACK_VALUE];
    let parameter = die(gimli::DW_TAG_formal_parameter).name("n").to(gimli::DW_AT_type, "int").at(&location);
    let text = said("argument", vec![parameter], &["bt", "info args"]);
    assert!(text.contains(" as f (n=<unavailable>)"), "{text}");
    assert!(text.contains(&format!("n: int = {UNKNOWN}\n")), "{text}");
}

#[test]
fn an_empty_piece_is_optimised_out_and_harms_no_other() {
    let location = [local_piece(0, 4), vec![0x93, 4], local_piece(1, 4)].concat();
    let text = said("empty", vec![variable("t", "triple", &location)], &["print t"]);
    assert!(text.contains("    a: int = 11\n    b: int = <optimized out>\n    c: int = 12\n"), "{text}");
    // With an unknown one beside it.
    let location = [vec![0x93, 4], local_piece(2, 4), local_piece(1, 4)].concat();
    let text = said("empty2", vec![variable("t", "triple", &location)], &["print t"]);
    let shown = format!("    a: int = <optimized out>\n    b: int = {UNKNOWN}\n    c: int = 12\n");
    assert!(text.contains(&shown), "{text}");
}

#[test]
fn letters_that_are_left_of_a_text_are_in_the_raw_report() {
    // Of eight letters the first four, which are a local's bytes.
    let location = [local_piece(0, 4), vec![0x93, 4]].concat();
    let text = said("letters", vec![variable("t", "text", &location)], &["--json", "--raw"]);
    let letters = text.split("\"name\": \"t\"").nth(1).unwrap();
    assert!(letters.contains("11 '\\\\v'") && letters.contains("optimized out"), "{text}");
}

#[test]
fn what_lies_behind_the_last_piece_is_optimised_out() {
    let text = said("short", vec![variable("t", "triple", &local_piece(1, 4))], &["print t"]);
    assert!(text.contains("    a: int = 12\n    b: int = <optimized out>\n    c: int = <optimized out>\n"), "{text}");
}

#[test]
fn a_number_of_which_a_half_is_not_known_is_not_shown() {
    let location = [local_piece(0, 4), local_piece(2, 4)].concat();
    let text = said("half", vec![variable("n", "long", &location)], &["print n"]);
    assert!(text.contains(&format!("n: long = {UNKNOWN}\n")), "{text}");
    let location = [local_piece(0, 4), local_piece(1, 4)].concat();
    let text = said("whole", vec![variable("n", "long", &location)], &["print n"]);
    assert!(text.contains("n: long = 51539607563\n"), "{text}");
}

#[test]
fn a_piece_that_needs_64_bits_harms_no_other() {
    // Local 3 is an i64: its lower half, plus 1.
    let wide = [0xed, 0, 3, 0x31, 0x22, STACK_VALUE, 0x93, 4];
    let location = [local_piece(0, 4), wide.to_vec(), local_piece(2, 4)].concat();
    let text = said("wide", vec![variable("t", "triple", &location)], &["print t"]);
    let shown = format!("    a: int = 11\n    b: int = 3\n    c: int = {UNKNOWN}\n");
    assert!(text.contains(&shown), "{text}");
}

/// A call of `helper` inlined into `f`.
fn inlined(parameters: Vec<Die>) -> Die {
    die(gimli::DW_TAG_inlined_subroutine).to(gimli::DW_AT_abstract_origin, "helper").with_all(parameters)
}

#[test]
fn constants_that_an_inlined_call_was_passed_are_shown() {
    let passed = |origin: &str| die(gimli::DW_TAG_formal_parameter).to(gimli::DW_AT_abstract_origin, origin);
    let constant = |origin: &str, value| passed(origin).plain(gimli::DW_AT_const_value, value);
    let call = inlined(vec![
        constant("count", AttributeValue::Sdata(-3)),
        constant("width", AttributeValue::Data8(0x1_0000_0001)),
        constant("whole", AttributeValue::Block(vec![5, 0, 0, 0, 6, 0, 0, 0])),
    ]);
    let text = said("inlined", vec![call], &["backtrace", "info args", "print count * 2"]);
    let header = text.lines().find(|line| line.contains(" helper (")).unwrap_or_else(|| panic!("{text}"));
    assert!(header.contains("count=-3, width=4294967297"), "{text}");
    assert!(text.contains("whole: struct pair = {x = 5, y = 6}"), "{text}");
    // The call says nothing of the last one.
    assert!(text.contains("gone: int = <optimized out>"), "{text}");
    assert!(text.contains("count * 2: int = -6"), "{text}");
}

#[test]
fn a_constant_that_is_shorter_than_its_type_is_not_completed_by_a_guess() {
    let short = die(gimli::DW_TAG_formal_parameter)
        .to(gimli::DW_AT_abstract_origin, "whole")
        .plain(gimli::DW_AT_const_value, AttributeValue::Block(vec![5, 0, 0, 0]));
    let text = said("short-constant", vec![inlined(vec![short])], &["info args"]);
    assert!(text.contains("x = 5") && !text.contains("y = 0"), "{text}");
}

#[test]
fn a_variable_length_is_that_of_the_call_and_not_of_another_instance_of_its_function() {
    let other = function("other", 0x5000, 4).with(
        die(gimli::DW_TAG_variable).label("elsewhere").to(gimli::DW_AT_abstract_origin, "count").at(&[
            0xed,
            0,
            0,
            STACK_VALUE,
        ]),
    );
    let length = die(gimli::DW_TAG_subrange_type).to(gimli::DW_AT_count, "elsewhere");
    let row = || die(gimli::DW_TAG_array_type).label("row").to(gimli::DW_AT_type, "int").with(length.clone());
    let array = || variable("a", "row", &[0x0a, 0x00, 0x04]);
    let count = || die(gimli::DW_TAG_formal_parameter).to(gimli::DW_AT_abstract_origin, "count");
    let known = count().plain(gimli::DW_AT_const_value, AttributeValue::Sdata(2));
    let text = said("length", vec![row(), other.clone(), inlined(vec![known, array()])], &["info locals"]);
    assert!(text.contains("a: int [2] = {8, 9}"), "{text}");
    let text = said("no-length", vec![row(), other, inlined(vec![count(), array()])], &["info locals", "whatis a"]);
    assert!(text.contains("type = int []"), "{text}");
}
