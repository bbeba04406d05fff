//! Every dialect of dumps is recognised and gives the same program.

mod synth;

use synth::{Dump, Frame, Instance, Memory, Segment, Value, frame};
use wasmgdb::dump::{Coredump, OffsetBase};
use wasmgdb::wasm::value::ValueType;
use wasmgdb::wasm::{FuncIdx, RawOffset, WasmValue};

/// The values of `Dump::with_values` as they must be read.
fn expected_locals() -> Vec<WasmValue> {
    vec![
        WasmValue::I32(-18),
        WasmValue::I64(0x1122_3344_5566_7788),
        WasmValue::F32(1.5f32.to_bits()),
        WasmValue::F64((-2.25f64).to_bits()),
        WasmValue::Missing,
        WasmValue::I32(65_480),
    ]
}

fn functions(dump: &Coredump) -> Vec<(u32, u64)> {
    dump.threads[0].frames.iter().map(|f| (f.func.0, f.offset.0)).collect()
}

#[test]
fn a_standard_dump_gives_all_it_says() {
    let bytes = Dump::with_values().standard();
    let dump = Coredump::open(&bytes).unwrap();
    assert_eq!(dump.warnings, Vec::<String>::new());
    assert_eq!(dump.dialect.name, "standard");
    assert_eq!(dump.dialect.offset_bases[0], OffsetBase::Body);
    assert_eq!(dump.executable.as_deref(), Some("demo.wasm"));
    assert_eq!(dump.modules, ["demo"]);
    assert_eq!(dump.instances[0].memories, [Some(0)]);
    assert_eq!(dump.instances[0].globals, [Some(0)]);
    assert!(!dump.instances_assumed);
    assert_eq!(dump.globals[0].value, WasmValue::I32(65_472));
    assert_eq!((dump.globals[0].kind, dump.globals[0].mutable), (ValueType::I32, true));
    assert_eq!(dump.memories[0].size_bytes(), 2 * 65_536);
    assert_eq!(functions(&dump), [(8, 0x77), (9, 0x58), (3, 0x10)]);
    let top = dump.threads[0].frames.get(0).unwrap();
    assert_eq!((top.instance, top.func, top.offset), (Some(0), FuncIdx(8), RawOffset(0x77)));
    assert_eq!(top.locals, expected_locals());
    assert_eq!(top.operand_stack, [WasmValue::I32(i32::MIN), WasmValue::I64(-1)]);
    assert_eq!(dump.threads[0].name, "main");
}

#[test]
fn a_rewriter_dump_is_the_memory_it_lies_in() {
    let contents = |address: usize| (address % 251) as u8;
    let mut program = Dump::with_values();
    program.threads[0].1[0].stack.clear();
    let bytes = program.rewriter(contents);
    assert_eq!(bytes.len(), 2 * 65_536);
    let dump = Coredump::open(&bytes).unwrap();
    assert_eq!(dump.warnings, Vec::<String>::new());
    assert_eq!(dump.dialect.name, "rewriter");
    assert_eq!(dump.dialect.offset_bases[0], OffsetBase::FirstInstruction);
    assert_eq!(dump.threads[0].frames.get(0).unwrap().locals, expected_locals());
    assert!(dump.instances_assumed);
    let memory = &dump.memories[0];
    assert_eq!(memory.size_bytes(), 2 * 65_536);
    assert_eq!(memory.read_unsigned(65_536, 1).unwrap(), 65_536 % 251);
    let lost = memory.read_unsigned(4, 4).unwrap_err();
    assert_eq!(lost.to_string(), "Cannot access memory at address 0x4: the dump itself was written over it");
}

#[test]
fn the_rewriters_wrong_segment_address_is_corrected() {
    let mut seen = 0;
    for locals in 0..30 {
        let mut program = Dump::sample();
        program.threads[0].1.truncate(1);
        program.threads[0].1[0].locals = vec![Value::Missing; locals];
        let bytes = program.rewriter(|address| (address % 251) as u8);
        let dump = Coredump::open(&bytes).unwrap();
        assert_eq!(dump.dialect.name, "rewriter", "{locals} locals");
        let first = dump.memories[0].runs()[0];
        seen += usize::from((64..128).contains(&first.address));
        assert_eq!(u64::from(first.bytes[0]), first.address % 251, "{locals} locals");
    }
    assert!(seen > 20, "the sizes that the producer gets wrong have to occur");
}

#[test]
fn placeholders_are_missing_but_in_the_youngest_frame() {
    let mut program = Dump::sample();
    let placeholders = vec![Value::I32(669), Value::I32(670), Value::I32(12), Value::I32(672)];
    for frame in &mut program.threads[0].1 {
        frame.locals = placeholders.clone();
    }
    let bytes = program.rewriter(|_| 0);
    let dump = Coredump::open(&bytes).unwrap();
    let locals = |i| dump.threads[0].frames.get(i).unwrap().locals;
    assert_eq!(locals(0)[0], WasmValue::I32(669));
    let (lost, twelve) = (WasmValue::Missing, WasmValue::I32(12));
    // What follows a real value is real.
    assert_eq!(locals(1), [lost, lost, twelve, WasmValue::I32(672)]);
    // In other dialects these numbers mean nothing.
    let bytes = program.standard();
    let dump = Coredump::open(&bytes).unwrap();
    assert_eq!(dump.threads[0].frames.get(1).unwrap().locals[0], WasmValue::I32(669));
}

#[test]
fn empty_counts_are_told_apart_by_the_file() {
    let program = Dump::sample();
    let (image, plain) = (program.rewriter(|_| 0), program.standard());
    let image = Coredump::open(&image).unwrap();
    let plain = Coredump::open(&plain).unwrap();
    assert_eq!((image.dialect.name, plain.dialect.name), ("rewriter", "standard"));
    assert_eq!(functions(&image), functions(&plain));
}

#[test]
fn raw_values_outside_an_image_are_read_by_their_sections() {
    let bytes = Dump::with_values().wasmedge_for_wasmgdb();
    let dump = Coredump::open(&bytes).unwrap();
    assert_eq!(dump.dialect.name, "wasmedge for wasmgdb");
    let top = dump.threads[0].frames.get(0).unwrap();
    assert_eq!(top.locals, expected_locals());
    assert_eq!(top.operand_stack, [WasmValue::I32(i32::MIN), WasmValue::I64(-1)]);
    let mut program = Dump::with_values();
    (program.modules, program.instances) = (None, None);
    let bytes = program.wasmedge_for_wasmgdb();
    assert_eq!(Coredump::open(&bytes).unwrap().dialect.name, "rewriter");
}

#[test]
fn old_wasmedge_frames_have_the_offset_of_their_own_instruction() {
    for (values, dialect) in [(true, "old wasmedge"), (false, "old wasmedge for wasmgdb")] {
        let bytes = Dump::with_values().old_wasmedge(values, 0);
        let dump = Coredump::open(&bytes).unwrap();
        assert_eq!(dump.dialect.name, dialect);
        assert_eq!(dump.dialect.offset_bases[0], OffsetBase::File);
        // Recorded is the call that entered a frame: it lies in the next older one.
        assert_eq!(functions(&dump), [(8, 0), (9, 0x77), (3, 0x58)]);
        let top = dump.threads[0].frames.get(0).unwrap();
        assert_eq!(top.locals[1], WasmValue::I32(0x5566_7788));
        assert_eq!(top.operand_stack.len(), if values { 2 } else { 0 });
        assert_eq!(dump.modules, ["demo"]);
        assert_eq!(dump.globals[0].value, WasmValue::Missing);
        assert_eq!(dump.memories[0].size_bytes(), 2 * 65_536);
        assert!(
            dump.memories[0].read_unsigned(1024, 4).unwrap_err().to_string().contains("the producer left them out")
        );
    }
}

#[test]
fn host_frames_that_old_wasmedge_counts_and_does_not_write_are_no_damage() {
    let bytes = Dump::sample().old_wasmedge(true, 2);
    let dump = Coredump::open(&bytes).unwrap();
    assert_eq!(dump.dialect.name, "old wasmedge");
    assert_eq!(dump.threads[0].frames.len(), 3);
    assert!(!dump.threads[0].is_truncated());
}

#[test]
fn wasmers_dump_has_frames_and_no_memory() {
    let bytes = Dump::sample().wasmer();
    let dump = Coredump::open(&bytes).unwrap();
    assert_eq!(dump.dialect.name, "wasmer");
    assert_eq!(functions(&dump), [(8, 0x77), (9, 0x58), (3, 0x10)]);
    assert_eq!(dump.instances.len(), 1);
    assert_eq!(dump.memories[0].size_bytes(), 0);
    let error = dump.memories[0].read_unsigned(0, 1).unwrap_err().to_string();
    assert!(error.ends_with("memory contents are not in the dump: the producer left them out"), "{error}");
}

#[test]
fn a_value_that_no_memory_holds_has_no_mark_of_a_recovered_one() {
    let mut program = Dump::sample();
    // Where the sample's own dump stands.
    let walk =
        [(15, 139), (15, 115), (15, 115), (14, 182), (11, 328), (9, 250), (8, 78), (33, 115), (24, 1), (7, 5), (68, 1)];
    let frames = [(13, 38), (16, 133)].into_iter().chain(walk).map(|(func, offset)| frame(func, offset));
    program.threads = vec![("main".into(), frames.collect())];
    let core = std::env::temp_dir().join(format!("wasmgdb-wasmer-{}", std::process::id()));
    std::fs::write(&core, program.wasmer()).unwrap();
    let module = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/c_list/module.O0.wasm");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_wasmgdb"));
    command.args(["-nx", "-q", "-batch", "-ex", "bt 1", "-ex", "info locals", "-ex", "frame 1", "-ex", "print part"]);
    let output = command.arg(module).arg(&core).output().unwrap();
    std::fs::remove_file(core).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("split (total=<unavailable>, count=<unavailable>) at "), "{text}");
    assert!(text.contains("total: long = <Cannot access memory at address 0x"), "{text}");
    assert!(text.contains("part_t * = <Cannot access memory at address 0x"), "{text}");
    assert!(!text.contains(">~"), "{text}");
}

#[test]
fn several_threads_keep_their_order_and_names() {
    let mut program = Dump::with_values();
    program.threads.push(("worker".into(), vec![frame(1, 2)]));
    program.threads.push(("".into(), vec![]));
    for bytes in [program.standard(), program.wasmedge_for_wasmgdb(), program.rewriter(|_| 0)] {
        let dump = Coredump::open(&bytes).unwrap();
        let names: Vec<_> = dump.threads.iter().map(|t| (t.name.as_ref(), t.frames.len())).collect();
        assert_eq!(names, [("main", 3), ("worker", 1), ("", 0)]);
    }
}

#[test]
fn what_was_not_captured_is_none() {
    let mut program = Dump::sample();
    program.instances = Some(vec![Instance { module: 0, memories: vec![u32::MAX, 0], globals: vec![u32::MAX] }]);
    program.threads[0].1[1].instance = u32::MAX;
    let bytes = program.standard();
    let dump = Coredump::open(&bytes).unwrap();
    assert_eq!(dump.instances[0].memories, [None, Some(0)]);
    assert_eq!(dump.instances[0].globals, [None]);
    let instances: Vec<_> = dump.threads[0].frames.iter().map(|f| f.instance).collect();
    assert_eq!(instances, [Some(0), None, Some(0)]);
    assert_eq!(dump.warnings, Vec::<String>::new());
}

#[test]
fn without_instances_all_frames_belong_to_one() {
    let mut program = Dump::sample();
    (program.modules, program.instances) = (None, None);
    program.threads[0].1[2].instance = 5;
    let bytes = program.standard();
    let dump = Coredump::open(&bytes).unwrap();
    assert_eq!(dump.modules.len(), 1);
    assert_eq!(dump.instances.len(), 1);
    assert_eq!((dump.instances[0].module, &dump.instances[0].memories[..]), (0, &[Some(0)][..]));
    assert!(dump.threads[0].frames.iter().all(|f| f.instance == Some(0)));
    assert_eq!(dump.warnings.len(), 2, "{:?}", dump.warnings);
}

#[test]
fn frames_of_unknown_functions_and_instances_are_kept() {
    let mut program = Dump::sample();
    program.threads[0].1[0] = Frame { func: u32::MAX, offset: u32::MAX, instance: 3, ..Frame::default() };
    let bytes = program.standard();
    let dump = Coredump::open(&bytes).unwrap();
    assert_eq!(functions(&dump)[0], (u32::MAX, u64::from(u32::MAX)));
    assert!(dump.warnings[0].contains("instance 3"), "{:?}", dump.warnings);
}

#[test]
fn each_memory_has_its_own_size_and_contents() {
    let mut program = Dump::sample();
    program.memories.push(Memory { pages: 3, memory64: true, page_size_log2: None });
    program.memories.push(Memory { pages: 100, memory64: false, page_size_log2: Some(0) });
    let far = 5u64 << 32;
    program.segments.as_mut().unwrap().extend([
        Segment { memory: 1, address: far, bytes: vec![1, 2, 3, 4] },
        Segment { memory: 2, address: 96, bytes: vec![9; 4] },
    ]);
    let bytes = program.standard();
    let dump = Coredump::open(&bytes).unwrap();
    let sizes: Vec<_> = dump.memories.iter().map(|m| m.size_bytes()).collect();
    assert_eq!(sizes, [2 * 65_536, far + 4, 100]);
    assert_eq!(dump.memories[2].page_bytes(), 1);
    assert!(dump.memories[1].is_memory64());
    assert_eq!(dump.memories[1].read_unsigned(far, 4).unwrap(), 0x0403_0201);
    assert_eq!(dump.memories[2].read_unsigned(96, 4).unwrap(), 0x0909_0909);
    assert!(dump.memories[2].read_unsigned(97, 4).is_err());
}

#[test]
fn globals_of_every_type_are_read() {
    let mut program = Dump::sample();
    program.globals = vec![
        (Value::I32(-1), true),
        (Value::I64(i64::MIN), false),
        (Value::F32(0.5), true),
        (Value::F64(0.25), false),
        (Value::Missing, true),
    ];
    let bytes = program.standard();
    let dump = Coredump::open(&bytes).unwrap();
    let values: Vec<_> = dump.globals.iter().map(|g| g.value).collect();
    let floats = (WasmValue::F32(0.5f32.to_bits()), WasmValue::F64(0.25f64.to_bits()));
    assert_eq!(values, [WasmValue::I32(-1), WasmValue::I64(i64::MIN), floats.0, floats.1, WasmValue::Ref]);
}

#[test]
fn a_module_is_no_coredump() {
    let module = [&synth::HEADER[..], &synth::section(1, &[0]), &synth::section(3, &[0])].concat();
    assert!(!Coredump::is_coredump(&module));
    let error = Coredump::open(&module).err().unwrap();
    assert_eq!(error.to_string(), "it is a module, not a coredump: was it given in the wrong order?");
    assert!(Coredump::is_coredump(&Dump::sample().standard()));
    assert!(!Coredump::is_coredump(b"no such thing"));
    assert!(Coredump::open(&synth::HEADER).is_err());
}

#[test]
fn a_deep_stack_is_read_without_its_values() {
    let mut program = Dump::sample();
    program.threads[0].1 = (0..20_003).map(|i| frame(i % 7, i % 90)).collect();
    let bytes = program.standard();
    let dump = Coredump::open(&bytes).unwrap();
    assert_eq!(dump.threads[0].frames.len(), 20_003);
    assert_eq!(dump.threads[0].frames.get(20_002).unwrap().func, FuncIdx(20_002 % 7));
}
