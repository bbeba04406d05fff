//! Random valid modules run in an interpreter to a trap: what is called exact must be what the interpreter had.
//!
//! `RANDOM_MODULES=20000 cargo test --release --test random_functions` makes a longer run; a failure names the seed.

use std::rc::Rc;

use arbitrary::Unstructured;
use wasmgdb::files::Files;
use wasmgdb::target::dataflow::Flows;
use wasmgdb::target::patience::Patience;
use wasmgdb::target::physical::{PhysicalFrame, Recorded};
use wasmgdb::target::recover::{Recovered, Recovery};
use wasmgdb::target::replay::replay;
use wasmgdb::wasm::module::ExternalKind;
use wasmgdb::wasm::{FuncIdx, FuncOffset, GlobalIdx, Module, WasmValue};

#[path = "random/generate.rs"]
mod generate;
#[path = "random/instrument.rs"]
mod instrument;
#[path = "random/machine.rs"]
mod machine;

/// A dead program's memory and globals.
struct Facts<'f> {
    flows: Rc<Flows<'f>>,
    dead: Rc<machine::Dead>,
}

impl Facts<'_> {
    fn export(&self, kind: ExternalKind, index: u32) -> Option<&str> {
        self.flows.module().exports().iter().find(|e| e.kind == kind && e.index == index).map(|e| e.name)
    }
}

impl Recorded for Facts<'_> {
    fn memory(&self, _: u32, memory: u32, address: u64, size_bytes: usize) -> Option<u64> {
        let name = self.export(ExternalKind::Memory, memory)?;
        let (_, bytes) = self.dead.memories.iter().find(|(n, _)| n == name)?;
        let bytes = bytes.get(address as usize..)?.get(..size_bytes)?;
        Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    fn memory_size(&self, _: u32, memory: u32) -> Option<u64> {
        let name = self.export(ExternalKind::Memory, memory)?;
        let (_, bytes) = self.dead.memories.iter().find(|(n, _)| n == name)?;
        Some(bytes.len() as u64)
    }

    fn global(&self, _: u32, global: GlobalIdx) -> Option<WasmValue> {
        let name = self.export(ExternalKind::Global, global.0)?;
        let (_, value) = self.dead.globals.iter().find(|(n, _)| n == name)?;
        Some(match value {
            wasmi::Val::I32(v) => WasmValue::I32(*v),
            wasmi::Val::I64(v) => WasmValue::I64(*v),
            wasmi::Val::F32(v) => WasmValue::F32(v.to_bits()),
            wasmi::Val::F64(v) => WasmValue::F64(v.to_bits()),
            _ => return None,
        })
    }

    fn global_identity(&self, _: u32, global: GlobalIdx) -> Option<u32> {
        Some(global.0)
    }

    fn may_use_global(&self, _: u32, _: u32) -> bool {
        true
    }
}

#[derive(Debug, Default)]
struct Tally {
    modules: usize,
    traps: usize,
    frames: usize,
    values: usize,
    exact: usize,
    recovered: usize,
    recovered_wrong: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn report(&self) {
        println!("{} of {} modules trapped, {} frames", self.traps, self.modules, self.frames);
        println!(
            "{} values: {} exact, {} recovered, {} of them wrong",
            self.values, self.exact, self.recovered, self.recovered_wrong
        );
        let some = &self.wrong[..self.wrong.len().min(10)];
        assert!(self.wrong.is_empty(), "{} wrong:\n{}", self.wrong.len(), some.join("\n"));
        assert!(self.exact > self.traps, "too little was known for this to be a test");
    }
}

fn random_module(seed: u64) -> Option<Vec<u8>> {
    let bytes = generate::Random::new(seed).bytes(2048);
    let config = wasm_smith::Config {
        max_imports: 0,
        min_funcs: 3,
        max_funcs: 8,
        min_memories: 1,
        max_memories: 2,
        max_memory32_bytes: 1 << 20,
        max_instructions: 120,
        export_everything: true,
        allow_start_export: false,
        simd_enabled: false,
        relaxed_simd_enabled: false,
        threads_enabled: false,
        exceptions_enabled: false,
        gc_enabled: false,
        compact_imports_enabled: false,
        wide_arithmetic_enabled: false,
        memory64_enabled: seed.is_multiple_of(4),
        max_table_elements: 100,
        max_data_segments: 3,
        memory_offset_choices: wasm_smith::MemoryOffsetChoices(80, 19, 1),
        ..wasm_smith::Config::default()
    };
    let mut module = wasm_smith::Module::new(config, &mut Unstructured::new(&bytes)).ok()?;
    module.ensure_termination(200).ok()?;
    Some(module.to_bytes())
}

fn check(name: &str, wasm: &[u8], tally: &mut Tally) {
    tally.modules += 1;
    let Some(dead) = machine::run(&instrument::instrument(wasm)).map(Rc::new) else { return };
    tally.traps += 1;
    let files = Files::new();
    let flows = Rc::new(Flows::new(Rc::new(Module::parse(files.adopt(wasm.to_vec())).unwrap())));
    let facts = Rc::new(Facts { flows: Rc::clone(&flows), dead: Rc::clone(&dead) });
    let recovery = Recovery::new(frames(&flows, &dead), facts);
    for (index, record) in dead.frames.iter().enumerate() {
        tally.frames += 1;
        let operands = recovery.operand_count(index).unwrap_or_else(|| panic!("{name}: frame {index} has no state"));
        let locals = local_count(flows.module(), FuncIdx(record.function));
        // Of the operands only those of the innermost block are told.
        let untold = operands - (record.values.len() - locals);
        for (position, truth) in record.values.iter().enumerate() {
            let (what, found) = match position.checked_sub(locals) {
                None => (format!("local {position}"), recovery.local(index, position as u32, Patience::Long)),
                Some(operand) => {
                    let operand = (operand + untold) as u32;
                    (format!("operand {operand}"), recovery.operand(index, operand, Patience::Long))
                }
            };
            tally.values += 1;
            let Ok(Recovered { value, provenance }) = found else { continue };
            let right = value.bits() == Some(u128::from(*truth));
            match (provenance.is_exact(), right) {
                (true, true) => tally.exact += 1,
                (false, right) => {
                    tally.recovered += 1;
                    tally.recovered_wrong += usize::from(!right);
                }
                (true, false) => tally.wrong.push(format!(
                    "{name}: frame {index} (function {} at {:#x}) {what}: {value:?} is {truth:#x}: {}",
                    record.function,
                    record.offset,
                    provenance.how().unwrap_or_default()
                )),
            }
        }
    }
}

fn frames<'f>(flows: &Rc<Flows<'f>>, dead: &machine::Dead) -> Rc<[PhysicalFrame<'f>]> {
    let frame = |record: &machine::Record| PhysicalFrame {
        flows: Some(Rc::clone(flows)),
        instance: Some(0),
        func: FuncIdx(record.function),
        offset: Some(FuncOffset(record.offset)),
        recorded_locals: Rc::default(),
        recorded_operands: Rc::default(),
    };
    dead.frames.iter().map(frame).collect()
}

fn local_count(module: &Module<'_>, function: FuncIdx) -> usize {
    let declared = module.body(function).unwrap().local_declarations().unwrap();
    module.function_type(function).unwrap().params.len() + declared.iter().map(|(n, _)| *n as usize).sum::<usize>()
}

fn count(default: u64) -> u64 {
    std::env::var("RANDOM_MODULES").ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

#[test]
fn exact_values_of_random_functions_are_what_an_interpreter_had() {
    let mut tally = Tally::default();
    for seed in 0..count(500) {
        if let Some(wasm) = random_module(seed) {
            check(&format!("seed {seed}"), &wasm, &mut tally);
        }
    }
    tally.report();
}

#[test]
fn exact_values_of_random_programs_are_what_an_interpreter_had() {
    let mut tally = Tally::default();
    for seed in 0..count(500) {
        let text = generate::program(&mut generate::Random::new(seed));
        let wasm = wat::parse_str(&text).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        check(&format!("program {seed}"), &wasm, &mut tally);
    }
    tally.report();
}

/// The program with an entry that takes nothing, as WASI has it.
fn command(text: &str) -> String {
    let text = text.replace("(export \"main\")", "");
    let end = text.rfind(')').unwrap();
    let start = "(func (export \"_start\") (drop (call $f0 (i32.const 0) (i32.const 0) (i64.const 0))))";
    format!("{}{start}{}", &text[..end], &text[end..])
}

#[test]
fn programs_that_are_run_again_hold_what_an_interpreter_had() {
    let (mut traps, mut same) = (0, 0);
    for seed in 0..count(500) {
        let text = command(&generate::program(&mut generate::Random::new(seed)));
        let wasm = wat::parse_str(&text).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let Some(dead) = machine::run(&instrument::instrument(&wasm)).map(Rc::new) else { continue };
        traps += 1;
        let files = Files::new();
        let flows = Rc::new(Flows::new(Rc::new(Module::parse(files.adopt(wasm)).unwrap())));
        let facts = Facts { flows: Rc::clone(&flows), dead: Rc::clone(&dead) };
        let Some(replayed) = replay(&frames(&flows, &dead), &facts, Patience::Long) else { continue };
        same += 1;
        for (index, record) in dead.frames.iter().enumerate() {
            let locals = local_count(flows.module(), FuncIdx(record.function));
            for (position, truth) in record.values.iter().take(locals).enumerate() {
                let found = replayed.local(index, position as u32);
                assert_eq!(found, Some(*truth), "seed {seed}: frame {index} local {position}");
            }
            // The operands of the innermost block end the list.
            let operands = (0..).map_while(|operand| replayed.operand(index, operand)).collect::<Vec<u64>>();
            assert!(operands.ends_with(&record.values[locals..]), "seed {seed}: frame {index}: {operands:x?}");
        }
    }
    println!("{same} of {traps} ended the same when they were run again");
    // Those that call in tail position are not run.
    assert!(same * 10 > traps * 7);
}
