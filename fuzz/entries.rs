//! What each fuzz target does with its input. `tests/fuzz_corpora.rs` runs the same functions over the corpora.
//!
//! Everything that a module or dump can be asked is asked, since all of it is parsed only then. None of it may panic,
//! run away or take memory beyond what the input's size explains; answers and errors are both fine.

use std::hint::black_box;

use wasmgdb::dump::coredump::Coredump;
use wasmgdb::wasm::{FileOffset, FuncIdx, GlobalIdx, LocalIdx, Module};

/// Functions whose instructions are walked: enough to meet every operator, few enough for a fuzzer's pace.
const MOST_BODIES: u32 = 200;
/// Frames that are decoded from each thread.
const MOST_FRAMES: usize = 1_000;

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
    black_box((names.functions().len(), names.global(GlobalIdx(0))));
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
