//! Why programs ended: kind, operands and the program's own words, and the frames that are machinery, for every end of
//! the samples `traps` and `panics`, and for programs that leave their end to the host.

mod synth;

use std::path::{Path, PathBuf};

use synth::{Dump, Instance, Memory, Segment, frame};
use wasmgdb::files::Files;
use wasmgdb::render::Options;
use wasmgdb::render::trap::{line, message};
use wasmgdb::target::open::OpenOptions;
use wasmgdb::target::runtime::{first_frame, runtime_frames};
use wasmgdb::target::{Program, Stack};
use wasmgdb::value::Reader;

fn sample(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(file)
}

fn open<'f>(files: &'f Files, module: &Path, core: &Path) -> Program<'f> {
    let (module, core) = (Some(module.to_owned()), Some(core.to_owned()));
    Program::open(files, &OpenOptions { module, core, ..OpenOptions::default() }).unwrap()
}

/// Kind and message in one line.
fn end(program: &Program<'_>) -> (&'static str, String) {
    let trap = program.trap(program.stack(0).unwrap()).expect("a trap");
    let said = line(Reader::new(program), &trap, &Options::default());
    (trap.kind, said.unwrap_or_default())
}

fn name_of_first<'a>(program: &Program<'_>, stack: &'a Stack) -> &'a str {
    let frame = stack.frame(first_frame(program, stack)).unwrap();
    frame.name.as_deref().unwrap()
}

const UNREACHABLE: &str = "wasm `unreachable` instruction executed";
const OUT_OF_BOUNDS: &str = "out of bounds memory access";

/// The ends of `traps.c`: name, kind, message at -O0 and at -O2, the user's frame to begin with.
const TRAPS: &[(&str, &str, [&str; 2], &str)] = &[
    ("div", "integer divide by zero", ["14 divided by 0"; 2], "trap_div"),
    ("rem", "integer divide by zero", ["14 divided by 0"; 2], "trap_rem"),
    ("overflow", "integer overflow", ["-2147483648 divided by -1"; 2], "trap_overflow"),
    ("unreachable", UNREACHABLE, [""; 2], "trap_unreachable"),
    ("load", OUT_OF_BOUNDS, ["cannot read 4 bytes at 0xfffffff0: memory 0 ends at 0xffff"; 2], "trap_load"),
    (
        "store",
        OUT_OF_BOUNDS,
        [
            "cannot write 8 bytes at 0x7fff0038 (0x7fff0000 + 56): memory 0 ends at 0xffff",
            "cannot write 8 bytes at 0x7fff0038: memory 0 ends at 0xffff",
        ],
        "trap_store",
    ),
    (
        "nullcall",
        "uninitialized element",
        ["a null function pointer, element 0~ of table 0, was called as (func (param i32) (result i32))"; 2],
        "trap_nullcall",
    ),
    (
        "signature",
        "indirect call type mismatch",
        ["twice, element 1 of table 0, is (func (param i32) (result i32)) and was called as \
          (func (param f64 f64) (result f64))"; 2],
        "trap_signature",
    ),
    (
        "table",
        "undefined element: out of bounds table access",
        ["element 100000~ of table 0, which has 23, was called as (func (param i32) (result i32))"; 2],
        "trap_table",
    ),
    (
        "stack",
        OUT_OF_BOUNDS,
        [
            "stack overflow: the stack pointer is 0xffffffe0; cannot write 4 bytes at 0x10000003c (0xffffffe0 + 92): \
             memory 0 ends at 0xffff",
            "stack overflow: the stack pointer is 0xffffffa0; cannot write 1 byte at 0xffffffa0~: memory 0 ends at 0xffff",
        ],
        "recurse",
    ),
    ("abort", UNREACHABLE, ["abort was called by trap_abort"; 2], "trap_abort"),
    (
        "float",
        "integer overflow",
        ["10000000000000000000000000000000000000000 does not fit the integer"; 2],
        "trap_float",
    ),
    ("nan", "invalid conversion to integer", ["a NaN has no integer value"; 2], "trap_nan"),
    (
        "assert",
        UNREACHABLE,
        ["Assertion failed: count == r->zero && \"nothing is left\" (traps.c: trap_assert: 128)"; 2],
        "trap_assert",
    ),
    (
        "copy",
        OUT_OF_BOUNDS,
        ["cannot copy 57344 bytes from 0x31ff to 0x30000: memory 0 ends at 0xffff"; 2],
        "trap_copy",
    ),
    // A function of the user's own that ends the program is no machinery.
    ("panic", UNREACHABLE, [""; 2], "panic"),
];

#[test]
fn every_trap_is_named_with_its_operands_at_both_levels() {
    for (name, kind, messages, first) in TRAPS {
        for (level, message) in ["O0", "O2"].into_iter().zip(messages) {
            let files = Files::new();
            let (module, core) = (format!("traps/module.{level}.wasm"), format!("traps/core.{name}.{level}"));
            let program = open(&files, &sample(&module), &sample(&core));
            assert_eq!(end(&program), (*kind, message.to_string()), "{name} at -{level}");
            assert_eq!(name_of_first(&program, program.stack(0).unwrap()), *first, "{name} at -{level}");
        }
    }
}

#[test]
fn an_exhausted_stack_is_named_whichever_of_the_two_it_is() {
    let files = Files::new();
    let program = open(&files, &sample("traps/module.O0.wasm"), &sample("traps/core.callstack.O0"));
    let (kind, said) = end(&program);
    assert_eq!(kind, OUT_OF_BOUNDS);
    assert!(said.starts_with("stack overflow: the stack pointer is 0xfffffff0"), "{said}");
    let files = Files::new();
    let program = open(&files, &sample("traps/module.O2.wasm"), &sample("traps/core.callstack.O2"));
    let (kind, said) = end(&program);
    assert_eq!(kind, "call stack exhausted");
    assert!(said.starts_with("stack overflow: plunge was entered and had not begun"), "{said}");
}

#[test]
fn the_cpp_library_says_what_it_gave_up_at() {
    let thrown = |what: &str, words: &str| format!("{what} was thrown in -fno-exceptions mode{words}");
    for (name, said, first) in [
        ("at", thrown("out_of_range", " with message \"vector\""), "pick("),
        ("map", thrown("out_of_range", " with message \"map::at:  key not found\""), "look("),
        ("new", thrown("bad_alloc", ""), "reserve("),
        ("terminate", "std::terminate was called".to_owned(), "main"),
    ] {
        let files = Files::new();
        let program = open(&files, &sample("traps/module.cpp.wasm"), &sample(&format!("traps/core.{name}.cpp")));
        assert_eq!(end(&program), (UNREACHABLE, said), "{name}");
        let found = name_of_first(&program, program.stack(0).unwrap());
        assert!(found.starts_with(first), "{name}: {found}");
    }
    let files = Files::new();
    let program = open(&files, &sample("traps/module.cpp.wasm"), &sample("traps/core.pure.cpp"));
    let (kind, said) = end(&program);
    assert_eq!(kind, "indirect call type mismatch");
    assert!(said.starts_with("pure virtual function called: __cxa_pure_virtual"), "{said}");
}

/// The ends of `panics`: what std printed, and the function that panicked.
const PANICS: &[(&str, &str, &str)] = &[
    ("subtract", "panicked at src/main.rs:20:5: attempt to subtract with overflow", "panics::subtract"),
    ("bounds", "panicked at src/main.rs:25:5: index out of bounds: the len is 3 but the index is 6", "panics::pick"),
    ("none", "panicked at src/main.rs:68:59: called `Option::unwrap()` on a `None` value", "panics::main"),
    (
        "err",
        "panicked at src/main.rs:69:66: called `Result::unwrap()` on an `Err` value: \
         NotFound { path: \"/etc/nothing\", code: 3 }",
        "panics::main",
    ),
    ("borrow", "panicked at src/main.rs:41:22: RefCell already mutably borrowed", "panics::borrow_twice"),
    (
        "words",
        "panicked at src/main.rs:48:5: number = 0x0005, words = \"say \\\"hi\\\"\", point = Point { x: 3, y: -4 }",
        "panics::complain",
    ),
    (
        "compare",
        "panicked at src/main.rs:53:5: assertion `left == right` failed: two sums; left: 7; right: 8",
        "panics::compare",
    ),
    ("alloc", "memory allocation of 1342177280 bytes failed", "panics::reserve"),
    ("abort", "abort was called by panics::main", "panics::main"),
];

#[test]
fn a_release_build_without_debug_information_tells_its_panic() {
    for (name, said, first) in PANICS {
        let files = Files::new();
        let program = open(&files, &sample("panics/module.wasm"), &sample(&format!("panics/core.{name}")));
        assert_eq!(end(&program), (UNREACHABLE, said.to_string()), "{name}");
        let stack = program.stack(0).unwrap();
        let found = name_of_first(&program, stack);
        assert_eq!(found.split("::h").next(), Some(*first), "{name}");
        assert_eq!(first_frame(&program, stack).0 as usize, runtime_frames(&program, stack), "{name}");
    }
}

#[test]
fn a_message_that_nobody_printed_is_made_from_the_panics_arguments() {
    for (name, said, first) in [
        ("err", "bare.rs:41:27: called `Result::unwrap()` on an `Err` value: Point {x: 1, y: 7}", "bare::run"),
        (
            "words",
            "bare.rs:29:5: number =    2, point = Point {x: 2, y: 7}, words = \"a \\\"b\\\"\", hex = 0x0002, third = 0.67",
            "bare::complain",
        ),
        ("compare", "bare.rs:34:5: assertion `left == right` failed: two numbers; left: 3; right: 4", "bare::compare"),
    ] {
        let files = Files::new();
        let program = open(&files, &sample("panics/bare.wasm"), &sample(&format!("panics/core.bare.{name}")));
        assert_eq!(end(&program), (UNREACHABLE, format!("panicked at {said}")), "{name}");
        // The program's own panic handler, and what it calls, is machinery.
        assert_eq!(name_of_first(&program, program.stack(0).unwrap()), first, "{name}");
    }
}

#[test]
fn a_message_keeps_the_lines_that_the_program_wrote() {
    let files = Files::new();
    let program = open(&files, &sample("panics/module.wasm"), &sample("panics/core.compare"));
    let trap = program.trap(program.stack(0).unwrap()).unwrap();
    let said = message(Reader::new(&program), &trap, &Options::default()).unwrap();
    assert!(said.ends_with("failed: two sums\n  left: 7\n right: 8"), "{said}");
}

/// A program whose function 1 calls the import 0 with these arguments, and a dump of it with the data at 1024.
fn calling(name: &str, import: &str, arguments: &[i32], data: &[u8]) -> (&'static str, String) {
    let params = "(param".to_owned() + &" i32".repeat(arguments.len()) + ")";
    let constants: String = arguments.iter().map(|value| format!("i32.const {value} ")).collect();
    let text = format!("(module (import {import} (func {params})) (memory 1) (func $user {constants} call 0))");
    // Each small constant is two to four bytes with its opcode; the declaration of no locals is one.
    let before: usize = arguments.iter().map(|value| 1 + synth::sleb(i64::from(*value)).len()).sum();
    end_of(name, &text, vec![frame(1, 1 + before as u32)], data)
}

/// The end of a program in the text format with the data at 1024.
fn end_of(name: &str, text: &str, frames: Vec<synth::Frame>, data: &[u8]) -> (&'static str, String) {
    let module = wat::parse_str(text).unwrap();
    let dump = Dump {
        executable: Some("demo.wasm".into()),
        modules: Some(vec!["demo".into()]),
        instances: Some(vec![Instance { module: 0, memories: vec![0], globals: vec![] }]),
        memories: vec![Memory { pages: 1, memory64: false, page_size_log2: None }],
        globals: vec![],
        segments: Some(vec![Segment { memory: 0, address: 1024, bytes: data.to_vec() }]),
        threads: vec![("main".into(), frames)],
    };
    let folder = std::env::temp_dir().join(format!("wasmgdb-traps-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (module_path, core_path) = (folder.join("demo.wasm"), folder.join("core"));
    std::fs::write(&module_path, module).unwrap();
    std::fs::write(&core_path, dump.standard()).unwrap();
    let files = Files::new();
    let found = end(&open(&files, &module_path, &core_path));
    std::fs::remove_dir_all(&folder).unwrap();
    found
}

/// As AssemblyScript keeps a string: the length in bytes, then UTF-16.
fn managed(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [(units.len() as u32).to_le_bytes().to_vec(), units].concat()
}

#[test]
fn assembly_script_leaves_message_and_place_to_the_host() {
    let (message, file) = (managed("größer als 3"), managed("assembly/index.ts"));
    let second = 1024 + message.len() as i32 + 4;
    let data = [message, file].concat();
    let found = calling("as", "\"env\" \"abort\"", &[1028, second, 12, 5], &data);
    assert_eq!(found.1, "abort at assembly/index.ts:12:5: größer als 3");
    assert_eq!(found.0, "the called host function trapped");
    let found = calling("as-null", "\"env\" \"abort\"", &[0, 1028, 1, 2], &managed("a.ts"));
    assert_eq!(found.1, "abort at a.ts:1:2");
}

#[test]
fn emscripten_leaves_the_assertion_to_the_host() {
    let data = b"x < 3\0main.c\0check\0";
    let found = calling("em", "\"env\" \"__assert_fail\"", &[1024, 1030, 41, 1037], data);
    assert_eq!(found.1, "Assertion failed: x < 3 (main.c: check: 41)");
    let found = calling("em-abort", "\"env\" \"_abort_js\"", &[], b"");
    assert_eq!(found.1, "the program called abort");
    let found = calling("exit", "\"wasi_snapshot_preview1\" \"proc_exit\"", &[-3], b"");
    assert_eq!(found.1, "the program called exit with status -3");
    let found = calling("other", "\"env\" \"step\"", &[1, 2], b"");
    assert_eq!(found.1, "in the imported function env.step");
}

#[test]
fn arguments_that_lead_nowhere_are_left_out() {
    for arguments in [[-4, -4, -1, -1], [1, 2, 3, 4], [65_535, 65_534, 0, 0], [1024, 1028, 7, 7]] {
        for import in ["\"env\" \"abort\"", "\"env\" \"__assert_fail\"", "\"env\" \"__cxa_throw\""] {
            let (_, said) = calling("wild", import, &arguments, &[0xff; 64]);
            assert!(said.len() < 200, "{said}");
        }
    }
}

#[test]
fn a_zig_program_that_handles_panics_itself_tells_which_check_failed() {
    let said = |name: &str, check: &str| {
        let text = format!(
            "(module (memory 1) (func $own.mine unreachable)
                (func $\"{check}\" (param i32 i32) call 0)
                (func $own.user i32.const 9 i32.const 2 call 1))"
        );
        let found = end_of(name, &text, vec![frame(0, 1), frame(1, 1), frame(2, 5)], b"");
        assert_eq!(found.0, UNREACHABLE);
        found.1
    };
    for (check, words) in [
        ("outOfBounds", "panic: index out of bounds: index 9, len 2"),
        ("startGreaterThanEnd", "panic: start index 9 is larger than end index 2"),
        ("inactiveUnionField__anon_12", "panic: access of inactive union field"),
        ("divideByZero", "panic: division by zero"),
        ("somethingNew", ""),
    ] {
        assert_eq!(said("zig-own", &format!("debug.FullPanic((function 'mine')).{check}")), words);
    }
    assert_eq!(said("zig-other", "own.FullPanic.outOfBounds"), "");
}

#[test]
fn the_simple_panics_of_zig_tell_their_message_or_check() {
    let said = |name: &str, function: &str, arguments: [i32; 2]| {
        let [first, second] = arguments;
        let text = format!(
            "(module (memory 1) (func $\"{function}\" (param i32 i32) unreachable)
                (func $own.user i32.const {first} i32.const {second} call 0))"
        );
        let before: usize = arguments.iter().map(|value| 1 + synth::sleb(i64::from(*value)).len()).sum();
        end_of(name, &text, vec![frame(0, 1), frame(1, 1 + before as u32)], b"nine lives").1
    };
    assert_eq!(said("zig-call", "debug.simple_panic.call", [1024, 4]), "panic: nine");
    assert_eq!(said("zig-simple", "debug.simple_panic.outOfBounds", [9, 2]), "panic: index out of bounds");
    assert_eq!(said("zig-none", "debug.no_panic.unwrapNull", [0, 0]), "panic: attempt to use null value");
}

#[test]
fn a_rust_panic_with_a_string_of_its_own_tells_the_string() {
    let said = |name: &str, payload: &str, length: u8| {
        let text = format!(
            "(module (memory 1) (func $\"std::panicking::begin_panic{payload}\" (param i32 i32) unreachable)
                (func $own.user i32.const 1024 i32.const 1044 call 0))"
        );
        // Capacity, pointer, length; the text; file, line and column.
        let words = [8, 1036, u32::from(length), 0x656e_696e, 0, 1060, 4, 3, 5, 0];
        let mut data: Vec<u8> = words.iter().flat_map(|word: &u32| word.to_le_bytes()).collect();
        data[36..].copy_from_slice(b"a.rs");
        end_of(name, &text, vec![frame(0, 1), frame(1, 7)], &data).1
    };
    assert_eq!(said("rust-string", "::<alloc::string::String>", 4), "panicked at a.rs:3:5: nine");
    assert_eq!(said("rust-empty", "::<alloc::string::String>", 0), "panicked at a.rs:3:5");
    assert_eq!(said("rust-any", "::<u64>", 4), "panicked at a.rs:3:5: Box<dyn Any>");
    assert_eq!(said("rust-untold", "", 4), "panicked at a.rs:3:5");
}
