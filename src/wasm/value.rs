//! One WebAssembly value as a dump records it.

/// A value of a local, global or operand-stack slot. Floats are kept as bits: a NaN's payload is data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WasmValue {
    I32(i32),
    I64(i64),
    /// IEEE 754 binary32, its bits.
    F32(u32),
    /// IEEE 754 binary64, its bits.
    F64(u64),
    /// Little-endian bytes, first lane lowest.
    V128(u128),
    /// A reference; dumps record none, so only that it is one is known.
    Ref,
    /// The producer wrote that it does not know the value (Coredump, value tag 0x01).
    Missing,
}

impl WasmValue {
    /// The value's bits, zero-extended to 128; none for what has no bits.
    pub fn bits(self) -> Option<u128> {
        match self {
            WasmValue::I32(v) => Some(u128::from(v as u32)),
            WasmValue::I64(v) => Some(u128::from(v as u64)),
            WasmValue::F32(v) => Some(u128::from(v)),
            WasmValue::F64(v) => Some(u128::from(v)),
            WasmValue::V128(v) => Some(v),
            WasmValue::Ref | WasmValue::Missing => None,
        }
    }

    /// An i32 or i64 as an unsigned address; none for other types.
    pub fn as_address(self) -> Option<u64> {
        match self {
            WasmValue::I32(v) => Some(u64::from(v as u32)),
            WasmValue::I64(v) => Some(v as u64),
            _ => None,
        }
    }

    /// The text format's name of the value's type; none where it is not known.
    pub fn type_name(self) -> Option<&'static str> {
        match self {
            WasmValue::I32(_) => Some("i32"),
            WasmValue::I64(_) => Some("i64"),
            WasmValue::F32(_) => Some("f32"),
            WasmValue::F64(_) => Some("f64"),
            WasmValue::V128(_) => Some("v128"),
            WasmValue::Ref => Some("ref"),
            WasmValue::Missing => None,
        }
    }

    /// Size in bytes; none where the type is not known.
    pub fn size_bytes(self) -> Option<usize> {
        match self {
            WasmValue::I32(_) | WasmValue::F32(_) => Some(4),
            WasmValue::I64(_) | WasmValue::F64(_) => Some(8),
            WasmValue::V128(_) => Some(16),
            WasmValue::Ref | WasmValue::Missing => None,
        }
    }
}

/// The type of a WebAssembly value; the kinds of reference are not told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    I32,
    I64,
    F32,
    F64,
    V128,
    Ref,
}

impl ValueType {
    /// The text format's name, `ref` for every reference.
    pub fn name(self) -> &'static str {
        match self {
            ValueType::I32 => "i32",
            ValueType::I64 => "i64",
            ValueType::F32 => "f32",
            ValueType::F64 => "f64",
            ValueType::V128 => "v128",
            ValueType::Ref => "ref",
        }
    }

    /// Size in bytes of a value in memory; none for references.
    pub fn size_bytes(self) -> Option<usize> {
        match self {
            ValueType::I32 | ValueType::F32 => Some(4),
            ValueType::I64 | ValueType::F64 => Some(8),
            ValueType::V128 => Some(16),
            ValueType::Ref => None,
        }
    }
}

impl From<wasmparser::ValType> for ValueType {
    fn from(kind: wasmparser::ValType) -> Self {
        match kind {
            wasmparser::ValType::I32 => ValueType::I32,
            wasmparser::ValType::I64 => ValueType::I64,
            wasmparser::ValType::F32 => ValueType::F32,
            wasmparser::ValType::F64 => ValueType::F64,
            wasmparser::ValType::V128 => ValueType::V128,
            wasmparser::ValType::Ref(_) => ValueType::Ref,
        }
    }
}
