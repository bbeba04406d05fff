//! WasmEdge's dumps: two old forms without an instance index, and the new one for wasmgdb.
//!
//! Until August 2026 a frame holds the file offset of the call that entered it (which lies in its caller; where the
//! program stopped is not recorded), and of every value the low 32 bits, as an i32. Host functions are counted but
//! not written; module names have no length; there is no data section. `--coredump-for-wasmgdb` announced operand
//! stacks that it did not write. The new standard form needs nothing of its own. Written from the producer's source
//! and description: no file of a real crash was at hand.

use super::spec::{Dialect, DumpFile, Fit, OffsetBase, no_image};
use crate::dump::stack::{FrameFormat, ValueLayout};
use crate::wasm::section::id;

/// From August 2026, for wasmgdb: values as the rewriter's, all sections of the convention.
pub static FOR_WASMGDB: Dialect = Dialect {
    name: "wasmedge for wasmgdb",
    summary: "WasmEdge's for wasmgdb: values as raw bytes",
    frames: FrameFormat {
        instance: true,
        values: ValueLayout::Raw,
        count_is_bound: false,
        offset_in_caller: false,
        placeholders: false,
    },
    offset_bases: [OffsetBase::FirstInstruction, OffsetBase::Body, OffsetBase::CodeSection, OffsetBase::File],
    has_instances: true,
    has_memory: true,
    bare_module_names: false,
    fit: |_| Fit::Possible,
    image: no_image,
};

/// Until August 2026.
pub static OLD: Dialect = Dialect {
    name: "old wasmedge",
    summary: "WasmEdge's until 2026: the low 32 bits of each value, no memory contents, not where the program stopped",
    frames: OLD_FRAMES,
    offset_bases: [OffsetBase::File, OffsetBase::CodeSection, OffsetBase::Body, OffsetBase::FirstInstruction],
    has_instances: false,
    has_memory: true,
    bare_module_names: true,
    fit: fit_old,
    image: no_image,
};

/// Until August 2026, with `--coredump-for-wasmgdb`.
pub static OLD_FOR_WASMGDB: Dialect = Dialect {
    name: "old wasmedge for wasmgdb",
    frames: FrameFormat { values: ValueLayout::RawWithoutOperands, ..OLD_FRAMES },
    ..OLD
};

const OLD_FRAMES: FrameFormat = FrameFormat {
    instance: false,
    values: ValueLayout::Raw,
    count_is_bound: true,
    offset_in_caller: true,
    placeholders: false,
};

/// The old forms have no data section, and no instance is ever listed.
fn fit_old(file: &DumpFile) -> Fit {
    let lists_instances = file.custom("coreinstances").is_some_and(|s| s.data.iter().any(|b| *b != 0));
    if lists_instances || file.sections(id::DATA).next().is_some() { Fit::Impossible } else { Fit::Possible }
}
