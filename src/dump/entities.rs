//! The small sections of a dump: executable, modules, instances, globals and memory types.
//!
//! Each reader gives what can be read and says why the rest cannot; none fails, none reserves memory for a count.
//! Follows tool-conventions, Coredump.md; globals and memories are ordinary sections (WebAssembly core, 5.5).

use std::borrow::Cow;

use wasmparser::{BinaryReader, BinaryReaderError, FromReader, Operator, SectionLimited};

use super::memory::{MemoryShape, PAGE_BYTES};
use super::stack::read_name;
use crate::limits::{MAX_DUMP_GLOBALS, MAX_DUMP_INSTANCES};
use crate::wasm::value::ValueType;
use crate::wasm::{Section, WasmValue};

/// One module instance of the dead program.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Instance {
    /// Index into the dump's modules.
    pub module: u32,
    /// For each memory of the module, imported ones first, its index among the dump's; none: not captured.
    pub memories: Vec<Option<u32>>,
    /// For each global of the module that the producer lists, its index among the dump's; none: not captured.
    pub globals: Vec<Option<u32>>,
}

/// A global with its value at the crash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedGlobal {
    pub kind: ValueType,
    pub mutable: bool,
    /// `Missing` where the producer wrote none.
    pub value: WasmValue,
}

/// A value, or in words why there is none.
pub type Reading<T> = Result<T, String>;

/// What a reader got, and why it got no further.
pub struct Readable<T> {
    pub items: Vec<T>,
    pub damage: Option<String>,
}

/// The program's path or name in a `core` section; none if it is empty.
pub fn read_executable<'f>(section: &Section<'f>) -> Reading<Option<Cow<'f, str>>> {
    let mut reader = BinaryReader::new(section.data, section.start);
    expect_zero(&mut reader)?;
    let name = read_name(&mut reader).map_err(text)?;
    Ok(Some(name).filter(|n| !n.is_empty()))
}

/// The names in a `coremodules` section. `bare`: one name, without its length.
pub fn read_modules<'f>(section: &Section<'f>, bare: bool) -> Readable<Cow<'f, str>> {
    if let (true, Some(([1, 0], name))) = (bare, section.data.split_at_checked(2)) {
        return Readable { items: vec![String::from_utf8_lossy(name)], damage: None };
    }
    read_items(section, MAX_DUMP_INSTANCES, |reader| {
        expect_zero(reader)?;
        read_name(reader).map_err(text)
    })
}

/// The instances of a `coreinstances` section.
pub fn read_instances(section: &Section) -> Readable<Instance> {
    let mut budget = MAX_DUMP_GLOBALS;
    read_items(section, MAX_DUMP_INSTANCES, |reader| {
        expect_zero(reader)?;
        let module = reader.read_var_u32().map_err(text)?;
        let memories = read_indices(reader, &mut budget)?;
        let globals = read_indices(reader, &mut budget)?;
        Ok(Instance { module, memories, globals })
    })
}

fn read_indices(reader: &mut BinaryReader, budget: &mut usize) -> Reading<Vec<Option<u32>>> {
    const NOT_CAPTURED: u32 = u32::MAX;
    let mut indices = Vec::new();
    for _ in 0..reader.read_var_u32().map_err(text)? {
        let index = reader.read_var_u32().map_err(text)?;
        // Beyond the budget entries are read and forgotten: no program has as many.
        if let Some(left) = budget.checked_sub(1) {
            *budget = left;
            indices.push((index != NOT_CAPTURED).then_some(index));
        }
    }
    Ok(indices)
}

/// The entries of a vector section that dumps define, with what stands between header and end.
fn read_items<'f, T>(
    section: &Section<'f>,
    limit: usize,
    mut read: impl FnMut(&mut BinaryReader<'f>) -> Reading<T>,
) -> Readable<T> {
    let mut reader = BinaryReader::new(section.data, section.start);
    let mut result = Readable { items: Vec::new(), damage: None };
    let count = match reader.read_var_u32() {
        Ok(count) => count as usize,
        Err(error) => return Readable { items: Vec::new(), damage: Some(text(error)) },
    };
    for position in 0..count {
        if position >= limit {
            result.damage = Some(format!("only the first {limit} of {count} entries are read"));
            return result;
        }
        match read(&mut reader) {
            Ok(item) => result.items.push(item),
            Err(error) => {
                result.damage = Some(format!("entry {position} of {count}: {error}"));
                return result;
            }
        }
    }
    if !reader.eof() {
        result.damage = Some(format!("{} bytes are left over", reader.bytes_remaining()));
    }
    result
}

/// The memories of a memory section. `by_maximum`: the producer leaves the minimum at 0 and writes the current size
/// as the maximum.
pub fn read_memories(section: &Section, by_maximum: bool) -> Readable<MemoryShape> {
    read_section::<wasmparser::MemoryType, _>(section, MAX_DUMP_INSTANCES, |memory| {
        let page_bytes = memory.page_size_log2.map_or(PAGE_BYTES, |log2| 1u64.checked_shl(log2).unwrap_or(u64::MAX));
        let pages = if by_maximum { memory.maximum.unwrap_or(0).max(memory.initial) } else { memory.initial };
        let declared = pages.saturating_mul(page_bytes);
        let largest = if memory.memory64 { u64::MAX } else { 1 << 32 };
        MemoryShape { declared_bytes: declared.min(largest), page_bytes, memory64: memory.memory64 }
    })
}

/// The globals of a global section.
pub fn read_globals(section: &Section) -> Readable<RecordedGlobal> {
    read_section::<wasmparser::Global, _>(section, MAX_DUMP_GLOBALS, |global| RecordedGlobal {
        kind: global.ty.content_type.into(),
        mutable: global.ty.mutable,
        value: constant(&global.init_expr),
    })
}

fn constant(expression: &wasmparser::ConstExpr) -> WasmValue {
    match expression.get_operators_reader().read() {
        Ok(Operator::I32Const { value }) => WasmValue::I32(value),
        Ok(Operator::I64Const { value }) => WasmValue::I64(value),
        Ok(Operator::F32Const { value }) => WasmValue::F32(value.bits()),
        Ok(Operator::F64Const { value }) => WasmValue::F64(value.bits()),
        Ok(Operator::V128Const { value }) => WasmValue::V128(u128::from_le_bytes(*value.bytes())),
        Ok(Operator::RefNull { .. } | Operator::RefFunc { .. }) => WasmValue::Ref,
        _ => WasmValue::Missing,
    }
}

fn read_section<'f, S: FromReader<'f>, T>(
    section: &Section<'f>,
    limit: usize,
    convert: impl Fn(S) -> T,
) -> Readable<T> {
    let mut result = Readable { items: Vec::new(), damage: None };
    let items = match SectionLimited::<S>::new(BinaryReader::new(section.data, section.start)) {
        Ok(items) => items,
        Err(error) => return Readable { items: Vec::new(), damage: Some(text(error)) },
    };
    for item in items {
        match item {
            Ok(_) if result.items.len() >= limit => {
                result.damage = Some(format!("only the first {limit} entries are read"));
                break;
            }
            Ok(item) => result.items.push(convert(item)),
            Err(error) => {
                result.damage = Some(format!("entry {}: {}", result.items.len(), error.message()));
                break;
            }
        }
    }
    result
}

fn expect_zero(reader: &mut BinaryReader) -> Reading<()> {
    match reader.read_u8().map_err(text)? {
        0 => Ok(()),
        other => Err(format!("{other:#04x} stands where 0 has to")),
    }
}

fn text(error: BinaryReaderError) -> String {
    error.message().to_owned()
}
