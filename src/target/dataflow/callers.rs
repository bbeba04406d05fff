//! Which instructions of a module call a function: directly, or through a table that holds it.
//!
//! For functions whose caller no dump names. Read once, for modules of a bounded size.

use std::collections::{HashMap, HashSet};

use wasmparser::Operator;

use crate::limits::MAX_CALLER_SEARCH_BYTES;
use crate::wasm::{FuncIdx, FuncOffset, Module};

/// A call: the function it stands in, and where.
pub type Caller = (FuncIdx, FuncOffset);

/// The calls of a module.
#[derive(Debug, Default)]
pub struct Callers {
    direct: HashMap<FuncIdx, Vec<Caller>>,
    /// By type index.
    indirect: HashMap<u32, Vec<Caller>>,
    /// Functions that tables begin with.
    in_tables: HashSet<FuncIdx>,
}

impl Callers {
    /// All calls of a module; none if its code is too long, or uses what no table of these tells (references and tail
    /// calls).
    pub fn of(module: &Module<'_>) -> Option<Self> {
        let mut callers = Callers { in_tables: module.table_entries().values().copied().collect(), ..Self::default() };
        let mut bytes = 0;
        for function in (module.imported_functions()..module.function_count()).map(FuncIdx) {
            let Some(body) = module.body(function) else { continue };
            bytes += body.bytes.len();
            if bytes > MAX_CALLER_SEARCH_BYTES {
                return None;
            }
            for instruction in body.instructions() {
                let instruction = instruction.ok()?;
                let caller = (function, instruction.offset);
                match instruction.operator {
                    Operator::Call { function_index } => {
                        callers.direct.entry(FuncIdx(function_index)).or_default().push(caller);
                    }
                    Operator::CallIndirect { type_index, .. } => {
                        callers.indirect.entry(type_index).or_default().push(caller);
                    }
                    Operator::CallRef { .. }
                    | Operator::ReturnCall { .. }
                    | Operator::ReturnCallIndirect { .. }
                    | Operator::ReturnCallRef { .. } => return None,
                    _ => {}
                }
            }
        }
        Some(callers)
    }

    /// The calls that may reach `function`.
    pub fn reaching(&self, module: &Module<'_>, function: FuncIdx) -> Vec<Caller> {
        let mut found = self.direct.get(&function).cloned().unwrap_or_default();
        if self.in_tables.contains(&function) {
            let signature = module.function_type(function);
            let same = |(index, _): &(&u32, &Vec<Caller>)| module.type_at(**index) == signature;
            found.extend(self.indirect.iter().filter(same).flat_map(|(_, callers)| callers));
        }
        found.sort_unstable();
        found
    }
}
