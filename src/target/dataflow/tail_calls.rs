//! Which functions may be entered by a tail call, so that the frame's caller passed them nothing.
//!
//! A caller's arguments belong to the frame above it only if that frame was called, not tail-called. The linker's
//! `target_features` section says whether a module has tail calls at all; without it the code is read once.

use std::collections::HashSet;

use wasmparser::{BinaryReader, Operator};

use crate::limits::MAX_TAIL_CALL_SEARCH_BYTES;
use crate::wasm::{FuncIdx, Module};

/// The tail calls of a module.
#[derive(Debug, Clone, Default)]
pub struct TailCalls {
    callees: HashSet<FuncIdx>,
    /// There are some through tables or references.
    indirect: bool,
    /// Nobody looked.
    unknown: bool,
}

impl TailCalls {
    /// Look at the module's features, or at its code.
    pub fn of(module: &Module<'_>) -> Self {
        if let Some(section) = module.custom_section("target_features")
            && has_feature(section.data, "tail-call") == Some(false)
        {
            return TailCalls::default();
        }
        let mut found = TailCalls::default();
        let first = module.imported_functions();
        let functions = (first..module.function_count()).map(FuncIdx);
        let mut bytes = 0;
        for body in functions.filter_map(|function| module.body(function)) {
            bytes += body.bytes.len();
            if bytes > MAX_TAIL_CALL_SEARCH_BYTES {
                found.unknown = true;
                break;
            }
            for instruction in body.instructions() {
                match instruction.map(|i| i.operator) {
                    Ok(Operator::ReturnCall { function_index }) => {
                        found.callees.insert(FuncIdx(function_index));
                    }
                    Ok(Operator::ReturnCallIndirect { .. } | Operator::ReturnCallRef { .. }) => found.indirect = true,
                    Ok(_) => {}
                    Err(_) => found.unknown = true,
                }
            }
        }
        found
    }

    /// Some function may be entered by a tail call.
    pub fn any(&self) -> bool {
        self.unknown || self.indirect || !self.callees.is_empty()
    }

    /// `function` may be entered by a tail call.
    pub fn may_enter(&self, function: FuncIdx) -> bool {
        self.unknown || self.indirect || self.callees.contains(&function)
    }
}

/// Whether the section lists a feature as used; none if it cannot be read (tool-conventions, Linking.md).
fn has_feature(section: &[u8], name: &str) -> Option<bool> {
    let mut reader = BinaryReader::new(section, 0);
    let count = reader.read_var_u32().ok()?;
    let mut found = false;
    for _ in 0..count {
        let prefix = reader.read_u8().ok()?;
        let length = reader.read_var_u32().ok()?;
        found |= reader.read_bytes(length as usize).ok()? == name.as_bytes() && prefix != b'-';
    }
    Some(found)
}
