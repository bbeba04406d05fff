//! Explanations of values: of each wasm value of each frame of the samples, recorded or not.

mod synth;

use std::path::{Path, PathBuf};

use synth::{Dump, Value, frame};

use wasmgdb::files::Files;
use wasmgdb::limits::{MAX_EXPLANATION_DEPTH, MAX_EXPLANATION_STEPS};
use wasmgdb::target::Program;
use wasmgdb::target::open::OpenOptions;
use wasmgdb::target::patience::Patience;
use wasmgdb::target::provenance::{Item, Step, Trust};
use wasmgdb::target::recover::{Recovered, Recovery};

const SAMPLES: &[(&str, &str)] = &[
    ("c_list/module.O0.wasm", "c_list/core.O0"),
    ("c_list/module.O0.wasm", "c_list/core.O0.full"),
    ("c_list/module.O2.wasm", "c_list/core.O2"),
    ("cpp_shapes/module.wasm", "cpp_shapes/core"),
    ("rust_demo/module.wasm", "rust_demo/core"),
    ("rust_demo/module.wasm", "rust_demo/core.rewriter"),
    ("panics/module.wasm", "panics/core.err"),
    ("traps/module.O2.wasm", "traps/core.stack.O2"),
    ("zig_basic/module.wasm", "zig_basic/core"),
];

fn sample(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(file)
}

/// Everything of a program's first thread that can be asked about, and what is known of it.
fn items(recovery: &Recovery<'_>, frames: usize) -> Vec<(Item, Option<Recovered>)> {
    let mut all = Vec::new();
    for frame in 0..frames {
        for index in 0..24 {
            all.push((Item::Local { frame, index }, recovery.local(frame, index, Patience::Long).ok()));
        }
        for index in 0..u32::try_from(recovery.operand_count(frame).unwrap_or(0)).unwrap() {
            all.push((Item::Operand { frame, index }, recovery.operand(frame, index, Patience::Long).ok()));
        }
        for index in 0..4 {
            all.push((Item::Parameter { frame, index }, recovery.parameter(frame, index, Patience::Long).ok()));
        }
    }
    all
}

fn for_each_item(check: impl Fn(&str, Item, Option<Recovered>, Step)) {
    let mut count = 0;
    for (module, core) in SAMPLES {
        let files = Files::new();
        let (module, core_path) = (Some(sample(module)), Some(sample(core)));
        let options = OpenOptions { module, core: core_path, ..OpenOptions::default() };
        let program = Program::open(&files, &options).unwrap();
        let stack = program.stack(0).unwrap();
        let recovery = program.recovery(stack).unwrap();
        for (item, known) in items(recovery, stack.physical().len().min(24)) {
            check(core, item, known, recovery.explain(item));
            count += 1;
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn an_explanation_ends_in_the_value_that_is_shown() {
    for_each_item(|core, item, known, step| match known {
        Some(known) => {
            assert_eq!(step.value.map(|value| value.bits()), Some(known.value.bits()), "{core}: {item:?} {step:?}");
            let exact = step.trust.is_some_and(|trust| trust > Trust::Recovered);
            assert_eq!(exact, known.provenance.is_exact(), "{core}: {item:?} {step:?}");
        }
        None => assert_eq!((step.value, step.trust), (None, None), "{core}: {item:?}"),
    });
}

#[test]
fn an_exact_value_rests_on_nothing_doubtful() {
    for_each_item(|core, item, known, step| {
        if known.is_some_and(|known| known.provenance.is_exact()) {
            for (_, step) in step.flattened() {
                assert_ne!(step.trust, Some(Trust::Recovered), "{core}: {item:?} {step:?}");
            }
        }
    });
}

#[test]
fn explanations_are_bounded_and_every_step_says_how() {
    for_each_item(|core, item, _, step| {
        let all = step.flattened();
        // Each step may be followed by one of the stack pointer, which is two lines more.
        assert!(all.len() <= 3 * MAX_EXPLANATION_STEPS, "{core}: {item:?} has {} steps", all.len());
        assert!(all.iter().all(|(depth, _)| *depth <= MAX_EXPLANATION_DEPTH + 2), "{core}: {item:?}");
        assert!(all.iter().all(|(_, step)| !step.how.is_empty() && !step.what.is_empty()), "{core}: {item:?} {step:?}");
    });
}

/// A dump of which one recorded local was changed: the frame base of the youngest frame.
#[test]
fn info_frame_reports_a_recorded_local_that_cannot_be() {
    let mut core = std::fs::read(sample("c_list/core.O0.full")).unwrap();
    // i32, 65088 as LEB128.
    let place = core.windows(4).position(|bytes| bytes == [0x7f, 0xc0, 0xfc, 0x03]).unwrap();
    core[place + 1] += 4;
    let path = std::env::temp_dir().join(format!("wasmgdb-explain-{}", std::process::id()));
    std::fs::write(&path, core).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_wasmgdb"))
        .args(["-nx", "-batch", "-ex", "info frame"])
        .args([sample("c_list/module.O0.wasm"), path.clone()])
        .output()
        .unwrap();
    std::fs::remove_file(&path).unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains(" recorded local 2 puts the stack pointer elsewhere"), "{said}");
}

/// What `info frame` says of the youngest frame of a program in the text format.
fn info_frame(name: &str, wat: &str, frames: Vec<synth::Frame>) -> String {
    let mut dump = Dump::sample();
    dump.threads[0].1 = frames;
    let file = |kind: &str| std::env::temp_dir().join(format!("wasmgdb-explain-{name}-{}.{kind}", std::process::id()));
    let (module, core) = (file("wasm"), file("core"));
    std::fs::write(&module, wat::parse_str(wat).unwrap()).unwrap();
    std::fs::write(&core, dump.standard()).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_wasmgdb"))
        .args(["-nx", "-batch", "-ex", "info frame"])
        .args([&module, &core])
        .output()
        .unwrap();
    [module, core].iter().for_each(|path| std::fs::remove_file(path).unwrap());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn info_frame_says_which_recorded_local_the_code_contradicts() {
    let wat = "(module (memory 2) (global $g (mut i32) (i32.const 0))
        (func $main (local i32 i32) (local.set 0 (i32.const 5)) (local.set 1 (i32.const 6)) unreachable))";
    // Behind two instructions of 2 bytes each and the declarations of 3 bytes, twice.
    let with_locals = |locals: [i32; 2]| {
        let locals = locals.map(Value::I32).to_vec();
        vec![synth::Frame { locals, ..frame(0, 11) }]
    };
    let said = info_frame("contradicted", wat, with_locals([7, 6]));
    assert!(
        said.contains(" local 0 is recorded as 7 (0x7), but the code makes it 5 (0x5): another module ran"),
        "{said}"
    );
    assert!(!said.contains("local 1 is recorded"), "{said}");
    let said = info_frame("agreeing", wat, with_locals([5, 6]));
    assert!(!said.contains("is recorded as"), "{said}");
}

#[test]
fn info_frame_says_that_a_tail_call_replaced_the_caller() {
    let wat = |call: &str| {
        format!(
            "(module (memory 2) (global $g (mut i32) (i32.const 0))
               (func $leaf (param i32) unreachable)
               (func $middle (param i32) ({call} $leaf (i32.const 1)))
               (func $main (call $middle (i32.const 5)))
               (func $other (call $main)))"
        )
    };
    // `call $middle` stands behind a declaration of 1 byte and an instruction of 2.
    let frames = || vec![frame(0, 1), frame(2, 3), frame(3, 1)];
    let said = info_frame("replaced", &wat("return_call"), frames());
    let line = " what it was passed may not be what its caller holds: \
                the caller called another function, which a tail call replaced by this one";
    assert!(said.contains(line), "{said}");
    let frames = vec![frame(0, 1), frame(1, 3), frame(2, 3), frame(3, 1)];
    let said = info_frame("direct", &wat("call"), frames);
    assert!(!said.contains("tail call"), "{said}");
}

#[test]
fn the_report_tells_of_a_wasm_local_what_it_tells_of_the_variable_in_it() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_wasmgdb"))
        .args(["--json".into(), sample("c_list/module.O2.wasm"), sample("c_list/core.O2")])
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let frame = &report["threads"][0]["frames"][1];
    let part = frame["arguments"].as_array().unwrap().iter().find(|v| v["name"] == "part").unwrap();
    let local = &frame["wasm_locals"][0];
    assert_eq!((&part["state"], &local["state"]), (&"recovered".into(), &"recovered".into()));
    assert_eq!(part["reason"], local["reason"]);
    assert!(local["reason"].as_str().unwrap().contains("of #2 walk"), "{local}");
}
