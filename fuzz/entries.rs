//! What each fuzz target does with its input. `tests/fuzz_corpora.rs` runs the same functions over the corpora.
//!
//! Everything that a module or dump can be asked is asked, since all of it is parsed only then. None of it may panic,
//! run away or take memory beyond what the input's size explains; answers and errors are both fine.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::rc::Rc;

use wasmgdb::dump::coredump::Coredump;
use wasmgdb::dwarf::find_location::{Stand, frame_base, variable_location};
use wasmgdb::dwarf::location::ExprContext;
use wasmgdb::dwarf::{DebugInfo, DieRef, InfoId, TypeId, TypeKind, TypeTable, UnitId};
use wasmgdb::error::Result;
use wasmgdb::target::dataflow::Flows;
use wasmgdb::wasm::{CodeOffset, FileOffset, FuncIdx, FuncOffset, GlobalIdx, LocalIdx, Module, WasmValue};

/// Functions whose instructions are walked: enough to meet every operator, few enough for a fuzzer's pace.
const MOST_BODIES: u32 = 200;
/// Frames that are decoded from each thread.
const MOST_FRAMES: usize = 1_000;
/// Functions that the dataflow follows.
const MOST_FLOWS: u32 = 20;
/// Code offsets that debug information is asked about.
const MOST_PLACES: usize = 60;
/// Types that are read.
const MOST_TYPES: usize = 500;

/// A file that may be a coredump.
pub fn dump(bytes: &[u8]) {
    black_box(Coredump::is_coredump(bytes));
    let Ok(dump) = Coredump::open(bytes) else { return };
    for thread in &dump.threads {
        black_box((thread.name.len(), thread.is_truncated(), thread.frames.len()));
        for frame in thread.frames.iter().take(MOST_FRAMES) {
            black_box(frame);
        }
        black_box(thread.frames.len().checked_sub(1).and_then(|last| thread.frames.get(last)));
    }
    for memory in &dump.memories {
        let end = memory.size_bytes();
        black_box((memory.recorded_bytes(), memory.damage()));
        for address in [0, 1, 1024, end.wrapping_sub(4), end, u64::MAX] {
            black_box(memory.read_unsigned(address, 4).is_ok());
            black_box(memory.read_unsigned(address, 8).is_ok());
            black_box(memory.read_string(address, 100).is_ok());
            black_box(memory.bytes(address, 4096).is_ok());
            black_box(memory.coverage(address, 4096));
        }
        // The range is short, since a hole of gigabytes is full of zeros to be found.
        for needle in [&b"\0\0"[..], b"core", b"\x01"] {
            black_box(memory.find(0..end.min(1 << 20), needle).take(100).count());
        }
        black_box(memory.find(0..end, b"no such bytes").count());
    }
    black_box((&dump.executable, &dump.instances, &dump.globals, &dump.warnings, &dump.modules));
}

/// A file that may be a module.
pub fn module(bytes: &[u8]) {
    let Ok(module) = Module::parse(bytes) else { return };
    black_box((module.damage(), module.code_start(), module.stack_pointer()));
    black_box((module.types(), module.imports(), module.globals(), module.memories(), module.exports()));
    black_box((module.data_segments().len(), module.table_entries().len()));
    let names = module.names();
    black_box((names.module(), names.build_id(), names.external_debug_info(), names.source_mapping_url()));
    black_box((names.functions().count(), names.function(FuncIdx(7)), names.global(GlobalIdx(0))));
    let count = module.function_count();
    for index in (0..count.min(MOST_BODIES)).chain([count, u32::MAX]) {
        let function = FuncIdx(index);
        black_box((module.function_type(function), names.function(function), names.local(function, LocalIdx(0))));
        if let Some(body) = module.body(function) {
            black_box((body.local_declarations().is_ok(), body.first_instruction().is_ok()));
            black_box(body.instructions().count());
        }
    }
    for offset in [0, 1, bytes.len() as u64 / 2, bytes.len() as u64, u64::MAX] {
        black_box((module.function_at(FileOffset(offset)), module.code_offset(FileOffset(offset))));
    }
}

/// The dataflow over the functions of a file that may be a module.
pub fn dataflow(bytes: &[u8]) {
    let Ok(module) = Module::parse(bytes).map(std::rc::Rc::new) else { return };
    let flows = Flows::new(module.clone());
    black_box(flows.stack_pointer());
    for index in 0..module.function_count().min(MOST_FLOWS) {
        let Some(body) = module.body(FuncIdx(index)) else { continue };
        let mut offsets: Vec<FuncOffset> =
            body.instructions().flatten().map(|i| i.offset).step_by(3).take(100).collect();
        offsets.push(FuncOffset(body.bytes.len() as u64));
        let Ok(flow) = flows.function(FuncIdx(index), &offsets) else { continue };
        for offset in offsets {
            let Some(state) = flow.state(offset) else { continue };
            black_box((state.call, flow.memory_facts(state).count(), flow.path_facts(state).count()));
            for value in state.local(0).into_iter().chain(state.operands().iter().copied()).chain(state.stack_pointer())
            {
                black_box((flow.arena().describe(value), flow.distance_from_entry(value)));
            }
        }
    }
}

/// The debug information in a file that may be a module.
pub fn debug_info(bytes: &[u8]) {
    let Ok(module) = Module::parse(bytes) else { return };
    let Some(info) = DebugInfo::new(InfoId(0), module.sections()) else { return };
    let info = Rc::new(info);
    let types = TypeTable::new();
    types.add(info.clone());
    let mut wanted = BTreeSet::new();
    for pc in places(&module) {
        for call in info.calls_at(pc).unwrap_or_default() {
            let Some(function) = &call.function else { continue };
            black_box(frame_base(&info, function.subprogram, pc, &Answers).is_ok());
            for variable in info.variables_at(function, pc).iter().flat_map(|all| all.iter()) {
                black_box(variable_location(&info, variable.die, Stand { pc, scope: variable.scope }, &Answers));
                wanted.extend(variable.type_die);
            }
        }
    }
    for unit in 0..info.unit_count().min(20) {
        for variable in info.globals_of(UnitId(unit)).iter().flat_map(|all| all.iter()) {
            black_box(variable_location(&info, variable.die, Stand::at(CodeOffset(0)), &Answers));
            wanted.extend(variable.type_die);
        }
    }
    read_types(&types, wanted);
    black_box(info.warnings());
}

/// Instructions of the first functions, and places where no code is.
fn places(module: &Module<'_>) -> Vec<CodeOffset> {
    let bodies = (0..module.function_count().min(MOST_BODIES)).filter_map(|index| module.body(FuncIdx(index)));
    let offsets = bodies.flat_map(|body| {
        let starts = body.instructions().flatten().map(|i| i.offset).step_by(2).take(20);
        starts.filter_map(|offset| module.code_offset(body.file_offset(offset)?)).collect::<Vec<_>>()
    });
    offsets.take(MOST_PLACES).chain([CodeOffset(0), CodeOffset(u64::MAX), CodeOffset(0xffff_ffff)]).collect()
}

/// Read the types of `dies` and all that they are made of.
fn read_types(types: &TypeTable<'_>, dies: BTreeSet<DieRef>) {
    let mut open: Vec<TypeId> = dies.into_iter().map(|die| types.of_die(die)).collect();
    let mut seen = std::collections::HashSet::new();
    while let Some(id) = open.pop() {
        if seen.len() >= MOST_TYPES || !seen.insert(id) {
            continue;
        }
        black_box((types.size_of(id), types.qualified_name(id), types.strip(id).0));
        match &types.get(id).kind {
            TypeKind::Record(record) => {
                open.extend(record.members.iter().map(|m| m.type_id));
                let variants = record.variants.iter().flat_map(|part| &part.variants);
                open.extend(variants.flat_map(|v| v.members.iter().map(|m| m.type_id)));
            }
            TypeKind::Array(array) => open.push(array.element),
            TypeKind::Pointer { target, .. } => open.push(*target),
            _ => {}
        }
    }
}

/// A frame in which everything that an expression asks for is there.
struct Answers;

impl ExprContext for Answers {
    fn wasm_local(&self, index: u32) -> Result<WasmValue> {
        Ok(WasmValue::I32(index.wrapping_mul(4) as i32))
    }
    fn wasm_global(&self, _: u32) -> Result<WasmValue> {
        Ok(WasmValue::I32(65_536))
    }
    fn wasm_operand(&self, index: u32, _since: Option<wasmgdb::wasm::CodeOffset>) -> Result<WasmValue> {
        Ok(WasmValue::I64(i64::from(index)))
    }
    fn frame_base(&self) -> Result<u64> {
        Ok(1 << 16)
    }
    fn memory(&self, address: u64, _: u8) -> Result<u128> {
        Ok(u128::from(address) << 64 | 7)
    }
    fn entry_local(&self, _: u32) -> Result<WasmValue> {
        Ok(WasmValue::Missing)
    }
}
