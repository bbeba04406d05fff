//! Dumps as the convention says (tool-conventions, Coredump.md), as Wasmtime writes them, and Wasmer's.
//!
//! Wasmtime records neither locals nor operand stacks; Wasmer in addition neither memory contents nor globals. With
//! all counts 0 the convention's frames and the rewriter's are the same bytes: then this one is meant, unless the
//! file is the image of a memory.

use wasmparser::BinaryReader;

use super::spec::{Dialect, DumpFile, Fit, OffsetBase, no_image};
use crate::dump::stack::{FrameFormat, ValueLayout};
use crate::wasm::section::id;

/// The convention's frame.
pub const FRAMES: FrameFormat = FrameFormat {
    instance: true,
    values: ValueLayout::Standard,
    count_is_bound: false,
    offset_in_caller: false,
    placeholders: false,
};

/// As the convention says.
pub static STANDARD: Dialect = Dialect {
    name: "standard",
    summary: "as the coredump convention says (Wasmtime and others)",
    frames: FRAMES,
    offset_bases: [OffsetBase::Body, OffsetBase::FirstInstruction, OffsetBase::CodeSection, OffsetBase::File],
    has_instances: true,
    has_memory: true,
    bare_module_names: false,
    fit: |_| Fit::Possible,
    image: no_image,
};

/// Wasmer's `--coredump-on-trap`: a backtrace only.
pub static WASMER: Dialect = Dialect {
    name: "wasmer",
    summary: "Wasmer's: function indices and offsets, without values, globals and memory contents",
    frames: FRAMES,
    offset_bases: [OffsetBase::Body, OffsetBase::FirstInstruction, OffsetBase::CodeSection, OffsetBase::File],
    has_instances: false,
    has_memory: false,
    bare_module_names: false,
    fit: |file| if holds_no_memory(file) { Fit::Marked } else { Fit::Impossible },
    image: no_image,
};

/// One memory of 0 pages, one data segment without bytes, nothing that names modules or instances.
fn holds_no_memory(file: &DumpFile) -> bool {
    let named = file.custom("coremodules").or(file.custom("coreinstances"));
    let memory = file.sections(id::MEMORY).next().map(|s| s.data);
    let empty = file.sections(id::DATA).next().is_some_and(|section| {
        let mut reader = BinaryReader::new(section.data, 0);
        reader.read_var_u32().is_ok_and(|count| count == 1) && section.data.len() <= 8 && section.data.ends_with(&[0])
    });
    named.is_none() && empty && matches!(memory, Some([1, 0, 0] | [1, 1, 0, 0]))
}
