//! Dumps of wasm-coredump-rewriter: the program's own memory, with the dump written over its beginning.
//!
//! The instrumented program unwinds itself and leaves the dump at address 0; the file is its memory from there. Both
//! counts precede a frame's values, integers are little-endian bytes, and only the youngest frame still has its
//! parameters: others hold 669, 670, ... in their place. The data segment's address can be one less than its
//! position in the file (the producer mistakes the length of a LEB128); the position is right.

use wasmparser::{BinaryReader, BinaryReaderError};

use super::spec::{Dialect, DumpFile, Fit, Image, OffsetBase};
use crate::dump::segments::Run;
use crate::dump::stack::{FrameFormat, ValueLayout};
use crate::wasm::section::id;

/// The original rewriter's, and dumps written like them by other means.
pub static REWRITER: Dialect = Dialect {
    name: "rewriter",
    summary: "wasm-coredump-rewriter's: memory image; parameters of callers, operand stacks and globals are not recorded",
    frames: FrameFormat {
        instance: true,
        values: ValueLayout::Raw,
        count_is_bound: false,
        offset_in_caller: false,
        placeholders: true,
    },
    offset_bases: [OffsetBase::FirstInstruction, OffsetBase::Body, OffsetBase::CodeSection, OffsetBase::File],
    has_instances: false,
    has_memory: true,
    bare_module_names: false,
    fit,
    image,
};

fn fit(file: &DumpFile) -> Fit {
    if file.custom("coremodules").or(file.custom("coreinstances")).is_some() {
        return Fit::Impossible;
    }
    if image(file).is_some() { Fit::Marked } else { Fit::Possible }
}

/// The file as a memory: the stack comes first, and one segment lies at the address that is its place in the file
/// and reaches to the end.
fn image<'f>(file: &DumpFile<'f>) -> Option<Image<'f>> {
    let first = file.list.sections.first()?;
    let data = file.sections(id::DATA).next()?;
    if first.name != "corestack" {
        return None;
    }
    let (address, position, length) = only_segment(data.data).ok()??;
    let start = data.start.checked_add(position)?;
    let whole = data.truncated || start.checked_add(length)? == file.bytes.len() as u64;
    if !whole || address.abs_diff(start) > 1 {
        return None;
    }
    let run = Run::new(start, file.bytes.get(start as usize..)?)?;
    Some(Image { run, size_bytes: start.checked_add(length)? })
}

/// Address, position and announced length of the only segment of a data section.
fn only_segment(data: &[u8]) -> Result<Option<(u64, u64, u64)>, BinaryReaderError> {
    const I32_CONST: u8 = 0x41;
    const END: u8 = 0x0b;
    let mut reader = BinaryReader::new(data, 0);
    if (reader.read_var_u32()?, reader.read_var_u32()?, reader.read_u8()?) != (1, 0, I32_CONST) {
        return Ok(None);
    }
    let address = reader.read_var_i32()? as u32;
    if reader.read_u8()? != END {
        return Ok(None);
    }
    let length = reader.read_var_u32()?;
    Ok(Some((u64::from(address), reader.current_position() as u64, u64::from(length))))
}
