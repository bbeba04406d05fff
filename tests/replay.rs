//! Programs that are run again: what is learnt of shipped samples, and that nothing is where the end differs.

use std::path::Path;
use std::rc::Rc;

use wasmgdb::dump::{Coredump, RawFrame};
use wasmgdb::files::Files;
use wasmgdb::target::dataflow::Flows;
use wasmgdb::target::open::{OpenOptions, open};
use wasmgdb::target::patience::Patience;
use wasmgdb::target::physical::{PhysicalFrame, Recorded};
use wasmgdb::target::recorded::RecordedDump;
use wasmgdb::target::replay::{Replayed, replay};
use wasmgdb::wasm::{FuncIdx, FuncOffset, GlobalIdx, Module, WasmValue};

/// A dump of which one thing is not as it was.
struct Altered<'f> {
    dump: RecordedDump<'f>,
    change: Change,
}

#[derive(Clone, Copy, PartialEq)]
enum Change {
    Nothing,
    /// The byte at that address is another one.
    Byte(u64),
    /// The stack pointer is 16 lower.
    StackPointer,
    /// There is one page more.
    Size,
}

impl Recorded for Altered<'_> {
    fn memory(&self, instance: u32, memory: u32, address: u64, size_bytes: usize) -> Option<u64> {
        let value = self.dump.memory(instance, memory, address, size_bytes)?;
        Some(match self.change {
            Change::Byte(at) if (address..address + size_bytes as u64).contains(&at) => {
                value ^ 0x40 << (8 * (at - address))
            }
            _ => value,
        })
    }

    fn memory_size(&self, instance: u32, memory: u32) -> Option<u64> {
        Some(self.dump.memory_size(instance, memory)? + if self.change == Change::Size { 1 << 16 } else { 0 })
    }

    fn global(&self, instance: u32, global: GlobalIdx) -> Option<WasmValue> {
        match self.dump.global(instance, global)? {
            WasmValue::I32(value) if self.change == Change::StackPointer => Some(WasmValue::I32(value - 16)),
            value => Some(value),
        }
    }

    fn program_name(&self) -> Option<&str> {
        self.dump.program_name()
    }

    fn global_identity(&self, instance: u32, global: GlobalIdx) -> Option<u32> {
        self.dump.global_identity(instance, global)
    }

    fn may_use_global(&self, instance: u32, identity: u32) -> bool {
        self.dump.may_use_global(instance, identity)
    }
}

struct Sample<'f> {
    core: Rc<Coredump<'f>>,
    module: Rc<Module<'f>>,
    frames: Vec<PhysicalFrame<'f>>,
}

impl<'f> Sample<'f> {
    fn new(files: &'f Files, module: &str, core: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
        let (module, core) = (Some(folder.join(module)), Some(folder.join(core)));
        let opened = open(files, &OpenOptions { module, core, ..OpenOptions::default() }).unwrap();
        let (core, module) = (opened.core.clone().unwrap(), opened.modules[0].module.clone().unwrap());
        let flows = Rc::new(Flows::new(module.clone()));
        let frame = |raw: RawFrame| PhysicalFrame {
            flows: Some(flows.clone()),
            instance: raw.instance,
            func: raw.func,
            offset: Some(FuncOffset(raw.offset.0)),
            recorded_locals: Rc::default(),
            recorded_operands: Rc::default(),
        };
        let frames = core.threads[0].frames.iter().map(frame).collect();
        Sample { core, module, frames }
    }

    fn replay(&self, change: Change) -> Option<Replayed> {
        let dump = RecordedDump::new(self.core.clone(), |_| Some(self.module.clone()));
        replay(&self.frames, &Altered { dump, change }, Patience::Long)
    }
}

#[test]
fn shipped_programs_end_the_same_when_they_are_run_again() {
    let kinds = [
        "abort",
        "assert",
        "copy",
        "div",
        "float",
        "load",
        "nan",
        "nullcall",
        "overflow",
        "panic",
        "rem",
        "signature",
        "stack",
        "store",
        "table",
        "unreachable",
    ];
    let mut cases: Vec<(String, String)> = Vec::new();
    for level in ["O0", "O2"] {
        let case = |kind| (format!("traps/module.{level}.wasm"), format!("traps/core.{kind}.{level}"));
        cases.extend(kinds.map(case));
    }
    for kind in ["at", "map", "new", "pure", "terminate"] {
        cases.push(("traps/module.cpp.wasm".into(), format!("traps/core.{kind}.cpp")));
    }
    for kind in ["subtract", "bounds", "none", "err", "borrow", "words", "compare", "alloc", "abort"] {
        cases.push(("panics/module.wasm".into(), format!("panics/core.{kind}")));
    }
    let mut failed = Vec::new();
    for (module, core) in &cases {
        let files = Files::new();
        if Sample::new(&files, module, core).replay(Change::Nothing).is_none() {
            failed.push(core.as_str());
        }
    }
    // Of a panic that made a text and gave the arguments back, these are no longer there.
    println!("not the same: {failed:?}");
    assert!(failed.iter().all(|core| core.starts_with("panics")), "{failed:?}");
}

#[test]
fn what_main_was_called_with_is_known() {
    let files = Files::new();
    let sample = Sample::new(&files, "traps/module.O2.wasm", "traps/core.div.O2");
    let replayed = sample.replay(Change::Nothing).unwrap();
    let name = |frame: &PhysicalFrame<'_>| sample.module.names().function(frame.func).unwrap_or_default().to_owned();
    let main = sample.frames.iter().position(|frame| name(frame) == "main").unwrap();
    assert_eq!(replayed.parameter(main, 0), Some(2));
    assert_eq!(replayed.parameter(main, 9), None);
    assert_eq!(replayed.local(sample.frames.len(), 0), None);
}

#[test]
fn another_end_tells_nothing() {
    let files = Files::new();
    let sample = Sample::new(&files, "traps/module.O2.wasm", "traps/core.div.O2");
    let data = sample.module.data_segments()[0].address.unwrap();
    for change in [Change::Byte(data + 4), Change::StackPointer, Change::Size] {
        assert!(sample.replay(change).is_none());
    }
}

#[test]
fn another_stack_tells_nothing() {
    let files = Files::new();
    let mut sample = Sample::new(&files, "traps/module.O2.wasm", "traps/core.div.O2");
    sample.frames.remove(1);
    assert!(sample.replay(Change::Nothing).is_none());
    let mut sample = Sample::new(&files, "traps/module.O2.wasm", "traps/core.div.O2");
    sample.frames[0].offset = Some(FuncOffset(0));
    assert!(sample.replay(Change::Nothing).is_none());
}

#[test]
fn the_youngest_frames_are_enough() {
    let files = Files::new();
    let mut sample = Sample::new(&files, "traps/module.O2.wasm", "traps/core.div.O2");
    sample.frames.truncate(2);
    assert!(sample.replay(Change::Nothing).is_some());
}

/// The memory of a program that is called `program.wasm`.
struct Bytes(Vec<u8>);

impl Recorded for Bytes {
    fn memory(&self, _: u32, _: u32, address: u64, size_bytes: usize) -> Option<u64> {
        let bytes = self.0.get(address as usize..address as usize + size_bytes)?;
        Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    fn memory_size(&self, _: u32, _: u32) -> Option<u64> {
        Some(self.0.len() as u64)
    }

    fn program_name(&self) -> Option<&str> {
        Some("program.wasm")
    }

    fn global(&self, _: u32, _: GlobalIdx) -> Option<WasmValue> {
        None
    }

    fn global_identity(&self, _: u32, _: GlobalIdx) -> Option<u32> {
        None
    }

    fn may_use_global(&self, _: u32, _: u32) -> bool {
        false
    }
}

/// An allocator's links are where the arguments were, and behind the name of the program lie other strings.
#[test]
fn wrong_numbers_of_arguments_are_told_early() {
    let wat = r#"(module
        (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
        (import "wasi_snapshot_preview1" "args_get" (func $get (param i32 i32) (result i32)))
        (memory 20)
        (data (i32.const 2061) "a\00b\00c\00d\00e\00f\00g\00h\00i\00j\00k\00l\00m\00n\00o\00p\00q\00r\00s\00t\00")
        (func (export "_start") (local i32)
            (drop (call $sizes (i32.const 0) (i32.const 4)))
            (drop (call $get (i32.const 1024) (i32.const 2048)))
            (i32.store (i32.const 1024) (i32.const 7))
            (i64.store (i32.const 2048) (i64.const 9))
            (local.set 0 (i32.load (i32.const 4)))
            unreachable))"#;
    let mut memory = vec![0; 20 << 16];
    let put = |memory: &mut Vec<u8>, at: usize, bytes: &[u8]| memory[at..at + bytes.len()].copy_from_slice(bytes);
    for (at, byte) in [(0, 1), (4, 13), (1024, 7), (2048, 9)] {
        put(&mut memory, at, &[byte]);
    }
    put(&mut memory, 2056, b"wasm\0");
    (b'a'..=b't').zip((2061..).step_by(2)).for_each(|(letter, at)| put(&mut memory, at, &[letter, 0]));
    let replayed = run_again(wat, FuncIdx(2), &Bytes(memory), Patience::Short);
    assert_eq!(replayed.and_then(|replayed| replayed.local(0, 0)), Some(13));
}

#[test]
fn a_library_is_set_up_before_it_is_entered() {
    let wat = r#"(module (memory 1)
        (func (export "_initialize") (i32.store (i32.const 16) (i32.const 5)))
        (func (export "compute") (result i32) (local i32)
            (local.set 0 (i32.mul (i32.load (i32.const 16)) (i32.const 3)))
            (i32.store (i32.const 20) (local.get 0))
            unreachable))"#;
    let mut memory = vec![0; 1 << 16];
    (memory[16], memory[20]) = (5, 15);
    let replayed = run_again(wat, FuncIdx(1), &Bytes(memory.clone()), Patience::Short);
    assert_eq!(replayed.and_then(|replayed| replayed.local(0, 0)), Some(15));
    // It had been entered before.
    memory[24] = 1;
    assert!(run_again(wat, FuncIdx(1), &Bytes(memory), Patience::Short).is_none());
}

#[test]
fn standard_input_is_what_its_buffer_holds() {
    let wat = r#"(module
        (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
        (memory 1)
        (data (i32.const 0) "\00\01\00\00\00\01\00\00")
        (func (export "_start") (local i32 i32)
            (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
            (local.set 0 (i32.load (i32.const 8)))
            (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
            (local.set 1 (i32.load (i32.const 8)))
            unreachable))"#;
    let mut memory = vec![0; 1 << 16];
    memory[..8].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    memory[256..262].copy_from_slice(b"1 2 +\n");
    // Where it is read into again, it had ended.
    let replayed = run_again(wat, FuncIdx(1), &Bytes(memory.clone()), Patience::Short).unwrap();
    assert_eq!([replayed.local(0, 0), replayed.local(0, 1)], [Some(6), Some(0)]);
    memory[8] = 1;
    assert!(run_again(wat, FuncIdx(1), &Bytes(memory), Patience::Short).is_none());
}

/// The program of one frame, which stands at its `unreachable`, run again.
fn run_again(wat: &str, func: FuncIdx, recorded: &dyn Recorded, patience: Patience) -> Option<Replayed> {
    let files = Files::new();
    let module = Rc::new(Module::parse(files.adopt(wat::parse_str(wat).unwrap())).unwrap());
    let stops = |i: &wasmgdb::wasm::code::Instruction<'_>| format!("{:?}", i.operator).starts_with("Unreachable");
    let body = module.body(func).unwrap();
    let offset = body.instructions().map(Result::unwrap).find(stops).map(|instruction| instruction.offset);
    let frame = PhysicalFrame {
        flows: Some(Rc::new(Flows::new(module.clone()))),
        instance: Some(0),
        func,
        offset,
        recorded_locals: Rc::default(),
        recorded_operands: Rc::default(),
    };
    replay(&[frame], recorded, patience)
}

/// What local 0 holds after so many rounds of a loop, if a run of that patience tells.
fn counted(rounds: u32, patience: Patience) -> Option<u64> {
    let wat = format!(
        "(module (memory 1) (func (export \"_start\") (local i32)
            (loop (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const {rounds}))))
            unreachable))"
    );
    run_again(&wat, FuncIdx(0), &Bytes(vec![0; 1 << 16]), patience)?.local(0, 0)
}

#[test]
fn how_long_a_program_is_run_again_depends_on_what_for() {
    assert_eq!(counted(1_000, Patience::Short), Some(1_000));
    assert_eq!(counted(100_000, Patience::Short), None);
    assert_eq!(counted(100_000, Patience::Long), Some(100_000));
    assert_eq!(counted(500_000, Patience::Long), Some(500_000));
    assert_eq!(counted(u32::MAX, Patience::Long), None);
}
