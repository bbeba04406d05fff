//! Which trap an instruction can cause (WebAssembly core, 4.4), in Wasmtime's words.

use wasmparser::Operator;

use super::mnemonic::mnemonic;

/// The kind of trap that an instruction can cause, and whether it is the only one.
pub fn possible_trap(operator: &Operator<'_>) -> Option<(&'static str, bool)> {
    use Operator as O;
    Some(match operator {
        O::Unreachable | O::BrIf { .. } => ("wasm `unreachable` instruction executed", true),
        O::I32DivU | O::I64DivU | O::I32RemU | O::I64RemU | O::I32RemS | O::I64RemS => ("integer divide by zero", true),
        O::I32DivS | O::I64DivS => ("integer divide by zero", false),
        O::I32TruncF32S | O::I32TruncF32U | O::I32TruncF64S | O::I32TruncF64U => ("integer overflow", false),
        O::I64TruncF32S | O::I64TruncF32U | O::I64TruncF64S | O::I64TruncF64U => ("integer overflow", false),
        O::CallIndirect { .. } | O::ReturnCallIndirect { .. } => ("indirect call type mismatch", false),
        O::CallRef { .. } | O::ReturnCallRef { .. } | O::RefAsNonNull => ("null reference", true),
        O::TableGet { .. } | O::TableSet { .. } | O::TableInit { .. } | O::TableCopy { .. } | O::TableFill { .. } => {
            ("undefined element: out of bounds table access", true)
        }
        O::Call { .. } => ("the called host function trapped", false),
        O::Throw { .. } | O::ThrowRef | O::Rethrow { .. } => ("uncaught exception", true),
        _ if accesses_memory(operator) => ("out of bounds memory access", true),
        _ => return None,
    })
}

/// Loads, stores, bulk and atomic operations.
fn accesses_memory(operator: &Operator<'_>) -> bool {
    let name = mnemonic(operator);
    name.contains(".load") || name.contains(".store") || name.starts_with("memory.") || name.contains(".atomic.")
}

/// `br_if`: an engine may have fused it with the `unreachable` behind it.
pub fn is_conditional_branch(operator: &Operator<'_>) -> bool {
    matches!(operator, Operator::BrIf { .. })
}

/// `unreachable`.
pub fn is_unreachable(operator: &Operator<'_>) -> bool {
    matches!(operator, Operator::Unreachable)
}
