//! What the index spaces of a module hold: signatures, imports, exports, globals, memories, data segments.

use super::value::{ValueType, WasmValue};

/// Size of a page where the memory's type names no other (WebAssembly core, 4.2.8).
pub const PAGE_BYTES: u64 = 65_536;

/// A function's signature.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FuncType {
    pub params: Vec<ValueType>,
    pub results: Vec<ValueType>,
}

/// What an import or export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExternalKind {
    Function,
    Table,
    Memory,
    Global,
    Tag,
}

/// One import.
#[derive(Debug, Clone)]
pub struct Import<'f> {
    pub module: &'f str,
    pub name: &'f str,
    pub kind: ExternalKind,
    /// Index in its kind's index space.
    pub index: u32,
}

/// One export.
#[derive(Debug, Clone)]
pub struct Export<'f> {
    pub name: &'f str,
    pub kind: ExternalKind,
    pub index: u32,
}

/// A global, imported or defined.
#[derive(Debug, Clone)]
pub struct Global {
    pub kind: ValueType,
    pub mutable: bool,
    /// The initial value, where it is a plain constant.
    pub initial: Option<WasmValue>,
}

/// A memory, imported or defined; sizes in pages.
#[derive(Debug, Clone, Copy)]
pub struct MemoryKind {
    pub minimum: u64,
    pub maximum: Option<u64>,
    pub memory64: bool,
    pub shared: bool,
}

/// An active data segment: what memory held when the instance was made.
#[derive(Debug, Clone, Copy)]
pub struct DataSegment<'f> {
    pub memory: u32,
    /// None: the offset is no plain constant, or the segment is passive.
    pub address: Option<u64>,
    pub data: &'f [u8],
}

/// A memory's type.
pub(super) fn memory_kind(memory: &wasmparser::MemoryType) -> MemoryKind {
    MemoryKind { minimum: memory.initial, maximum: memory.maximum, memory64: memory.memory64, shared: memory.shared }
}

/// The value of a constant expression that is a single constant.
pub(super) fn constant(expression: &wasmparser::ConstExpr<'_>) -> Option<WasmValue> {
    let mut operators = expression.get_operators_reader();
    let value = match operators.read().ok()? {
        wasmparser::Operator::I32Const { value } => WasmValue::I32(value),
        wasmparser::Operator::I64Const { value } => WasmValue::I64(value),
        wasmparser::Operator::F32Const { value } => WasmValue::F32(value.bits()),
        wasmparser::Operator::F64Const { value } => WasmValue::F64(value.bits()),
        wasmparser::Operator::V128Const { value } => WasmValue::V128(value.i128() as u128),
        wasmparser::Operator::RefNull { .. } | wasmparser::Operator::RefFunc { .. } => WasmValue::Ref,
        _ => return None,
    };
    matches!(operators.read(), Ok(wasmparser::Operator::End)).then_some(value)
}
