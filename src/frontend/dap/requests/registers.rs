//! Wasm locals, operands and globals as rows: what the engine had, under the source's variables.

use crate::frontend::dap::adapter::Adapter;
use crate::frontend::dap::failure::Failure;
use crate::frontend::dap::handles::{FrameKey, ScopeKind};
use crate::frontend::dap::messages::{Hint, ValueFields, Variable};
use crate::frontend::machine::{self, Cell};
use crate::frontend::report::value_text;
use crate::render::value::{RECOVERED_MARK, unavailable_text};
use crate::wasm::WasmValue;

/// The rows of one of the wasm scopes.
///
/// # Errors
/// The frame does not exist.
pub fn rows(adapter: &Adapter<'_>, key: FrameKey, kind: ScopeKind, hex: bool) -> Result<Vec<Variable>, Failure> {
    let (stack, frame) = adapter.frame(key)?;
    let program = adapter.program()?;
    let (cells, word) = match kind {
        ScopeKind::WasmLocals => (machine::locals(program, stack, frame), "local"),
        ScopeKind::OperandStack => (machine::operands(program, stack, frame), "operand"),
        _ => (machine::globals(program, stack, frame), "global"),
    };
    Ok(cells.into_iter().map(|cell| row(cell, word, hex)).collect())
}

fn row(cell: Cell, word: &str, hex: bool) -> Variable {
    let kind = cell.kind.or(cell.value.as_ref().ok().and_then(|(value, _)| value.type_name()));
    let text = match &cell.value {
        Ok((value, provenance)) => {
            let mark = if provenance.is_exact() { "" } else { RECOVERED_MARK };
            format!("{}{mark}", text(*value, hex))
        }
        Err(error) => unavailable_text(error),
    };
    let name = match &cell.name {
        // Two locals may have the same name.
        Some(name) => format!("[{}] {}", cell.index, crate::text::escaped(name)),
        None => format!("[{}]", cell.index),
    };
    let hint = Hint { kind: Some("data"), attributes: vec!["readOnly"] };
    Variable {
        name,
        value: ValueFields {
            type_name: kind.map(str::to_owned),
            presentation_hint: Some(hint),
            ..ValueFields::default()
        },
        evaluate_name: Some(format!("${word}({})", cell.index)).filter(|_| cell.value.is_ok()),
        declaration_location_reference: None,
        text,
    }
}

fn text(value: WasmValue, hex: bool) -> String {
    match value.bits().filter(|_| hex) {
        Some(bits) => format!("{bits:#x}"),
        None => value_text(value).unwrap_or_else(|| "<a reference>".into()),
    }
}
