//! How an instruction can trap (WebAssembly core, 4.4), in Wasmtime's words.

use wasmparser::Operator;

use super::mnemonic::mnemonic;

/// What an instruction that can trap does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trapping {
    Unreachable,
    /// `br_if`: an engine may have fused it with an `unreachable` next to it.
    Branch,
    /// Divisor on top of the dividend; only a signed quotient can overflow.
    Division {
        bits: u32,
        signed_quotient: bool,
    },
    /// A float to an integer.
    Truncation {
        float_bits: u32,
    },
    /// The index is on top of the operand stack.
    IndirectCall {
        type_index: u32,
        table: u32,
    },
    /// Of a host function, which ended the program.
    Call {
        function: u32,
    },
    /// An exception, which nobody caught.
    Throw,
    /// Loads, stores and atomic operations.
    Memory,
    /// `memory.copy`, `memory.fill` and `memory.init`: a length is on top of where from, or what, and where to.
    Bulk {
        verb: &'static str,
        memory: u32,
        /// Where the bytes come from is an address as well.
        from_memory: Option<u32>,
    },
    /// One kind of trap, in Wasmtime's words.
    Other(&'static str),
}

/// How an instruction can trap; none if it cannot.
pub fn trapping(operator: &Operator<'_>) -> Option<Trapping> {
    use Operator as O;
    let division = |bits, signed_quotient| Trapping::Division { bits, signed_quotient };
    Some(match operator {
        O::Unreachable => Trapping::Unreachable,
        O::BrIf { .. } => Trapping::Branch,
        O::I32DivS => division(32, true),
        O::I64DivS => division(64, true),
        O::I32DivU | O::I32RemU | O::I32RemS => division(32, false),
        O::I64DivU | O::I64RemU | O::I64RemS => division(64, false),
        O::I32TruncF32S | O::I32TruncF32U | O::I64TruncF32S | O::I64TruncF32U => {
            Trapping::Truncation { float_bits: 32 }
        }
        O::I32TruncF64S | O::I32TruncF64U | O::I64TruncF64S | O::I64TruncF64U => {
            Trapping::Truncation { float_bits: 64 }
        }
        O::CallIndirect { type_index, table_index } | O::ReturnCallIndirect { type_index, table_index } => {
            Trapping::IndirectCall { type_index: *type_index, table: *table_index }
        }
        O::CallRef { .. } | O::ReturnCallRef { .. } | O::RefAsNonNull => Trapping::Other("null reference"),
        O::TableGet { .. } | O::TableSet { .. } | O::TableInit { .. } | O::TableCopy { .. } | O::TableFill { .. } => {
            Trapping::Other("undefined element: out of bounds table access")
        }
        O::Call { function_index } | O::ReturnCall { function_index } => Trapping::Call { function: *function_index },
        O::MemoryCopy { dst_mem, src_mem } => {
            Trapping::Bulk { verb: "copy", memory: *dst_mem, from_memory: Some(*src_mem) }
        }
        O::MemoryFill { mem } => Trapping::Bulk { verb: "fill", memory: *mem, from_memory: None },
        O::MemoryInit { mem, .. } => Trapping::Bulk { verb: "initialize", memory: *mem, from_memory: None },
        O::Throw { .. } | O::ThrowRef | O::Rethrow { .. } => Trapping::Throw,
        _ if accesses_memory(operator) => Trapping::Memory,
        _ => return None,
    })
}

/// Loads, stores, bulk and atomic operations.
fn accesses_memory(operator: &Operator<'_>) -> bool {
    let name = mnemonic(operator);
    name.contains(".load") || name.contains(".store") || name.starts_with("memory.") || name.contains(".atomic.")
}

/// `unreachable`.
pub fn is_unreachable(operator: &Operator<'_>) -> bool {
    matches!(operator, Operator::Unreachable)
}
