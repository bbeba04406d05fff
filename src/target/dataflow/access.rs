//! Loads and stores as a table: how wide, and how the bytes in memory relate to the value on the operand stack.

use wasmparser::{MemArg, MemArgTarget, Operator};

use super::op::Op;

/// A load or store of linear memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    pub memory: u32,
    /// The immediate that is added to the address.
    pub offset: u64,
    /// Bytes in memory: 1, 2, 4, 8 or 16.
    pub width: u8,
    pub is_store: bool,
    /// What a load does to the content, or a store to the value, in this order.
    pub conversions: [Option<Op>; 2],
}

/// The load or store of an instruction; none if it is no such, or does more than widen or narrow one value.
pub fn access(operator: &Operator<'_>) -> Option<Access> {
    use Operator::*;
    let load = |m: &MemArg, width, conversions| make(m, width, false, conversions);
    let store = |m: &MemArg, width, conversions| make(m, width, true, conversions);
    match operator {
        I32Load { memarg } => load(memarg, 4, [None, None]),
        I64Load { memarg } => load(memarg, 8, [None, None]),
        F32Load { memarg } => load(memarg, 4, [Some(Op::F32ReinterpretI32), None]),
        F64Load { memarg } => load(memarg, 8, [Some(Op::F64ReinterpretI64), None]),
        I32Load8S { memarg } => load(memarg, 1, [Some(Op::I32Extend8S), None]),
        I32Load8U { memarg } => load(memarg, 1, [None, None]),
        I32Load16S { memarg } => load(memarg, 2, [Some(Op::I32Extend16S), None]),
        I32Load16U { memarg } => load(memarg, 2, [None, None]),
        I64Load8S { memarg } => load(memarg, 1, [Some(Op::I32Extend8S), Some(Op::I64ExtendI32S)]),
        I64Load8U { memarg } => load(memarg, 1, [Some(Op::I64ExtendI32U), None]),
        I64Load16S { memarg } => load(memarg, 2, [Some(Op::I32Extend16S), Some(Op::I64ExtendI32S)]),
        I64Load16U { memarg } => load(memarg, 2, [Some(Op::I64ExtendI32U), None]),
        I64Load32S { memarg } => load(memarg, 4, [Some(Op::I64ExtendI32S), None]),
        I64Load32U { memarg } => load(memarg, 4, [Some(Op::I64ExtendI32U), None]),
        V128Load { memarg } => load(memarg, 16, [None, None]),
        // The contents of 1 and 2 bytes are kept zero-extended: the caller masks them.
        I32Store { memarg } => store(memarg, 4, [None, None]),
        I64Store { memarg } => store(memarg, 8, [None, None]),
        F32Store { memarg } => store(memarg, 4, [Some(Op::I32ReinterpretF32), None]),
        F64Store { memarg } => store(memarg, 8, [Some(Op::I64ReinterpretF64), None]),
        I32Store8 { memarg } => store(memarg, 1, [None, None]),
        I32Store16 { memarg } => store(memarg, 2, [None, None]),
        I64Store8 { memarg } => store(memarg, 1, [Some(Op::I32WrapI64), None]),
        I64Store16 { memarg } => store(memarg, 2, [Some(Op::I32WrapI64), None]),
        I64Store32 { memarg } => store(memarg, 4, [Some(Op::I32WrapI64), None]),
        V128Store { memarg } => store(memarg, 16, [None, None]),
        _ => None,
    }
}

fn make(memarg: &MemArg, width: u8, is_store: bool, conversions: [Option<Op>; 2]) -> Option<Access> {
    match memarg.target {
        MemArgTarget::Memory(memory) => Some(Access { memory, offset: memarg.offset, width, is_store, conversions }),
        MemArgTarget::Array(_) => None,
    }
}

/// What an instruction that is not followed may have written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing but its results.
    Pure,
    /// Some linear memory.
    Memory,
    /// Memory and globals, as a call.
    Everything,
}

/// The effect of an instruction that neither `access` nor the walker knows.
pub fn effect(operator: &Operator<'_>) -> Effect {
    use Operator::*;
    match operator {
        V128Store8Lane { .. } | V128Store16Lane { .. } | V128Store32Lane { .. } | V128Store64Lane { .. } => {
            return Effect::Memory;
        }
        MemoryInit { .. } | MemoryCopy { .. } | MemoryFill { .. } | MemoryDiscard { .. } => return Effect::Memory,
        _ => {}
    }
    match proposal(operator) {
        // Tables, SIMD and managed objects are no linear memory. Instructions of MVP that write are known.
        "mvp"
        | "sign_extension"
        | "saturating_float_to_int"
        | "reference_types"
        | "bulk_memory"
        | "gc"
        | "custom_descriptors"
        | "function_references"
        | "simd"
        | "relaxed_simd"
        | "wide_arithmetic" => Effect::Pure,
        "threads" | "memory_control" => Effect::Memory,
        _ => Effect::Everything,
    }
}

macro_rules! define_proposal {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
        /// The proposal that brought an instruction.
        fn proposal(operator: &Operator<'_>) -> &'static str {
            match operator {
                $(Operator::$op $({ $($arg: _),* })? => stringify!($proposal),)*
                _ => "",
            }
        }
    };
}

wasmparser::for_each_operator!(define_proposal);
