//! Damaged and hostile dumps: all that is there, a warning for what is not, and never a panic.

mod synth;

use synth::{Dump, HEADER, Random, Value, custom, name, section, uleb};
use wasmgdb::dump::Coredump;
use wasmgdb::dump::memory::Coverage;
use wasmgdb::error::Error;

/// Every dialect, with values where it has them.
fn dumps() -> Vec<(&'static str, Vec<u8>)> {
    let program = Dump::with_values();
    let mut small = Dump::with_values();
    small.memories[0].pages = 1;
    vec![
        ("standard", program.standard()),
        ("wasmedge for wasmgdb", program.wasmedge_for_wasmgdb()),
        ("old wasmedge", program.old_wasmedge(true, 1)),
        ("old wasmedge for wasmgdb", program.old_wasmedge(false, 0)),
        ("wasmer", program.wasmer()),
        ("rewriter", small.rewriter(|address| address as u8)),
    ]
}

/// Ask a dump everything.
fn exercise(bytes: &[u8]) {
    let Ok(dump) = Coredump::open(bytes) else { return };
    for thread in &dump.threads {
        for frame in thread.frames.iter().take(100) {
            assert!(frame.locals.len() + frame.operand_stack.len() <= 2 * bytes.len());
        }
    }
    for memory in dump.memories.iter().take(10) {
        let size = memory.size_bytes();
        for address in [0, 1024, 65_530, size.saturating_sub(2), size, u64::MAX] {
            let _ = memory.read_unsigned(address, 8);
            let _ = memory.read_string(address, 64);
            let _ = memory.coverage(address, 100);
        }
        assert!(memory.find(0..u64::MAX, b"world").take(1000).count() <= 1000);
        assert!(memory.runs().is_sorted_by(|a, b| a.end() <= b.address));
    }
}

#[test]
fn a_dump_cut_anywhere_gives_an_answer_or_an_error() {
    for (_, bytes) in dumps() {
        let cuts = (0..bytes.len().min(2000)).chain((2000..bytes.len()).step_by(499));
        for cut in cuts {
            exercise(&bytes[..cut]);
        }
    }
}

#[test]
fn a_cut_dump_says_what_is_missing() {
    for (dialect, bytes) in dumps() {
        for cut in (40..bytes.len().min(600)).chain([bytes.len() - 1]) {
            let Ok(dump) = Coredump::open(&bytes[..cut]) else { continue };
            let whole = Coredump::open(&bytes).unwrap();
            let missing = dump.threads.len() < whole.threads.len()
                || dump.threads[0].frames.len() < whole.threads[0].frames.len()
                || dump.memories.len() < whole.memories.len();
            assert!(!missing || !dump.warnings.is_empty(), "{dialect} cut at {cut} says nothing");
        }
    }
}

#[test]
fn flipped_bytes_never_panic() {
    let mut random = Random(2026);
    let dumps = dumps();
    for round in 0..2000 {
        let (_, whole) = &dumps[round % dumps.len()];
        let mut bytes = whole.clone();
        for _ in 0..1 + random.below(3) {
            let reach = if random.below(4) == 0 { bytes.len() } else { bytes.len().min(400) };
            let at = random.below(reach);
            bytes[at] ^= 1 << random.below(8);
        }
        exercise(&bytes);
    }
}

#[test]
fn a_stack_cut_between_frames_keeps_the_frames_before() {
    for (dialect, bytes) in dumps().into_iter().filter(|(d, _)| ["standard", "wasmedge for wasmgdb"].contains(d)) {
        let dump = Coredump::open(&bytes[..bytes.len() - 3]).unwrap();
        assert_eq!(dump.dialect.name, dialect);
        assert_eq!(dump.threads[0].frames.len(), 2);
        assert_eq!(dump.threads[0].announced_frames, 3);
        assert!(dump.threads[0].is_truncated());
        assert!(dump.warnings.iter().any(|w| w.contains("has 2 of 3 frames")), "{:?}", dump.warnings);
    }
}

#[test]
fn memory_behind_a_cut_is_unknown_and_not_zero() {
    let bytes = Dump::sample().standard();
    let inside = bytes.windows(7).position(|w| w == b" world\0").unwrap() + 3;
    let dump = Coredump::open(&bytes[..inside]).unwrap();
    let memory = &dump.memories[0];
    assert_eq!(memory.bytes(1024, 8).unwrap().as_ref(), b"hello wo");
    assert_eq!(memory.read_unsigned(1000, 4).unwrap(), 0, "a hole before the cut");
    assert_eq!(memory.coverage(1031, 4), Coverage::Unknown);
    let error = memory.read_unsigned(1032, 4).unwrap_err();
    assert!(matches!(&error, Error::Absent(text) if text.contains("the file ends inside the data segment")), "{error}");
    assert_eq!(memory.find(0..u64::MAX, &[0, 0]).last(), Some(1022));
    assert!(dump.warnings.iter().any(|w| w.contains("no stack")), "{:?}", dump.warnings);
}

#[test]
fn memory_of_a_dump_without_data_section_is_unknown() {
    let mut program = Dump::sample();
    program.segments = None;
    let bytes = program.standard();
    let dump = Coredump::open(&bytes).unwrap();
    assert_eq!(dump.memories[0].size_bytes(), 2 * 65_536);
    assert!(matches!(dump.memories[0].read_unsigned(0, 4), Err(Error::Absent(_))));
    assert!(dump.warnings[0].contains("memory contents"), "{:?}", dump.warnings);
    // An empty data section is a memory of zeros.
    program.segments = Some(Vec::new());
    let bytes = program.standard();
    assert_eq!(Coredump::open(&bytes).unwrap().memories[0].read_unsigned(0, 4).unwrap(), 0);
}

#[test]
fn a_cut_memory_image_ends_at_the_cut() {
    let mut program = Dump::with_values();
    program.threads[0].1[0].stack.clear();
    program.threads[0].1[1].locals = vec![Value::I32(669), Value::I32(5)];
    let bytes = program.rewriter(|_| 3);
    let dump = Coredump::open(&bytes[..70_000]).unwrap();
    assert_eq!(dump.dialect.name, "rewriter");
    assert_eq!(dump.memories[0].size_bytes(), 2 * 65_536);
    assert_eq!(dump.memories[0].read_unsigned(69_999, 1).unwrap(), 3);
    let error = dump.memories[0].read_unsigned(70_000, 1).unwrap_err();
    assert!(error.to_string().contains("the file ends at 0x11170"), "{error}");
    assert!(!dump.warnings.is_empty());
    // Even without its memory it is known for what it is: a placeholder is never shown as a value.
    let stack_end = bytes.windows(7).position(|w| w == b"\x07\x04core\0").unwrap() - 1;
    let dump = Coredump::open(&bytes[..stack_end]).unwrap();
    assert_eq!(dump.dialect.name, "rewriter");
    assert_eq!(dump.threads[0].frames.get(1).unwrap().locals[0].bits(), None);
}

#[test]
fn huge_counts_cost_nothing() {
    let huge = uleb(u64::from(u32::MAX));
    let stack = |frames: Vec<u8>| custom("corestack", &[vec![0], name("main"), frames].concat());
    let files = [
        stack(huge.clone()),
        stack([huge.clone(), vec![0, 0, 1, 2, 0, 0]].concat()),
        stack([vec![1, 0, 0, 1, 2], huge.clone(), huge.clone()].concat()),
        [custom("core", &[0, 1, b'a']), section(5, &huge), section(6, &huge), section(11, &huge)].concat(),
        [custom("coremodules", &huge), custom("coreinstances", &huge)].concat(),
        [custom("coreinstances", &[vec![1, 0, 0], huge.clone(), vec![1, 2, 3]].concat())].concat(),
        [custom("core", &[vec![0], huge.clone()].concat())].concat(),
    ];
    for file in files {
        let bytes = [HEADER.to_vec(), file].concat();
        exercise(&bytes);
        let dump = Coredump::open(&bytes).unwrap();
        assert!(!dump.warnings.is_empty());
    }
}

#[test]
fn a_damaged_section_harms_no_other() {
    let bytes = Dump::with_values().standard();
    for section in ["coremodules", "coreinstances"] {
        let at = bytes.windows(section.len()).position(|w| w == section.as_bytes()).unwrap() + section.len();
        let mut broken = bytes.clone();
        broken[at + 1] = 0x55;
        let dump = Coredump::open(&broken).unwrap();
        assert!(dump.warnings[0].contains(section), "{:?}", dump.warnings);
        assert_eq!(dump.threads[0].frames.len(), 3);
        assert_eq!(dump.memories[0].read_unsigned(1024, 1).unwrap(), u64::from(b'h'));
    }
}

#[test]
fn a_broken_frame_ends_its_thread_only() {
    let mut program = Dump::with_values();
    program.threads.push(("worker".into(), vec![synth::frame(4, 5)]));
    let bytes = program.standard();
    // The tag of the second frame's first local.
    let at = bytes.windows(4).position(|w| w == [9, 0x58, 2, 0x7f]).unwrap() + 3;
    let mut broken = bytes.clone();
    broken[at] = 0x33;
    let dump = Coredump::open(&broken).unwrap();
    assert_eq!(dump.dialect.name, "standard");
    let counts: Vec<_> = dump.threads.iter().map(|t| t.frames.len()).collect();
    assert_eq!(counts, [1, 1]);
    assert!(dump.warnings[0].contains("unknown type 0x33"), "{:?}", dump.warnings);
}

#[test]
fn a_stack_behind_a_broken_section_header_is_found() {
    let bytes = Dump::with_values().standard();
    let memory = bytes.windows(5).position(|w| w == [5, 3, 1, 0, 2]).unwrap();
    // Too long, an unknown section, and one byte too short.
    for (at, value) in [(memory + 1, 0x7d), (memory, 0x66), (memory + 1, 2)] {
        let mut broken = bytes.clone();
        broken[at] = value;
        let dump = Coredump::open(&broken).unwrap();
        assert_eq!(dump.threads[0].frames.len(), 3, "{at} = {value}: {:?}", dump.warnings);
        assert_eq!(dump.modules, ["demo"]);
        assert!(dump.warnings[0].contains("found by searching"), "{:?}", dump.warnings);
    }
    // What only looks like a section is none.
    let mut cut = bytes[..memory + 2].to_vec();
    cut.extend(b"\x00\x7f\x09corestack\x00\x00");
    assert!(Coredump::open(&cut).unwrap().threads.is_empty());
}
