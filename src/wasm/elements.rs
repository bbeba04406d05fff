//! Element segments: tables as they are set up when a module is instantiated.

use std::collections::HashMap;

use wasmparser::{ConstExpr, Element, ElementItems, ElementKind, Operator};

use super::address::FuncIdx;
use super::item::constant;
use super::value::WasmValue;
use crate::limits::MAX_SECTION_ITEMS;

/// The functions of tables by (table, index), as the element segments set them up; programs may have changed them
/// since.
pub type TableEntries = HashMap<(u32, u64), FuncIdx>;

/// All functions that active segments put into tables; `MAX_SECTION_ITEMS` of them at most.
pub(super) fn table_entries(segments: Vec<Element<'_>>) -> TableEntries {
    let mut entries = TableEntries::new();
    for segment in segments {
        let ElementKind::Active { table_index, ref offset_expr } = segment.kind else { continue };
        let Some(base) = constant(offset_expr).and_then(WasmValue::as_address) else { continue };
        let mut put = |i: usize, function: u32| {
            if let Some(index) = base.checked_add(i as u64)
                && entries.len() < MAX_SECTION_ITEMS
            {
                entries.insert((table_index.unwrap_or(0), index), FuncIdx(function));
            }
        };
        match segment.items {
            ElementItems::Functions(functions) => {
                let functions = functions.into_iter().map_while(|f| f.ok()).take(MAX_SECTION_ITEMS);
                functions.enumerate().for_each(|(i, f)| put(i, f));
            }
            ElementItems::Expressions(_, expressions) => {
                let expressions = expressions.into_iter().map_while(|e| e.ok()).take(MAX_SECTION_ITEMS);
                for (i, expression) in expressions.enumerate() {
                    if let Ok(Operator::RefFunc { function_index }) = expression.get_operators_reader().read() {
                        put(i, function_index);
                    }
                }
            }
        }
    }
    entries
}

/// A segment holds, or may hold, one of the first `imported` functions.
pub(super) fn refer_to_imports(segments: Vec<Element<'_>>, imported: u32) -> bool {
    segments.into_iter().any(|segment| match segment.items {
        ElementItems::Functions(functions) => functions.into_iter().any(|f| f.map_or(true, |f| f < imported)),
        ElementItems::Expressions(_, expressions) => {
            expressions.into_iter().any(|e| e.map_or(true, |e| refers_to_import(&e, imported)))
        }
    })
}

/// A constant expression yields, or may yield, a reference to one of the first `imported` functions.
pub(super) fn refers_to_import(expression: &ConstExpr<'_>, imported: u32) -> bool {
    match expression.get_operators_reader().read() {
        Ok(Operator::RefNull { .. }) => false,
        Ok(Operator::RefFunc { function_index }) => function_index < imported,
        _ => true,
    }
}
