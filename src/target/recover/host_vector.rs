//! Calls by which a program asks WASI for its arguments or its environment.
//!
//! `args_get` and `environ_get` fill an array of pointers and the bytes that these point to; what was asked before
//! (`args_sizes_get`) tells how many and how long.

use crate::target::dataflow::host_calls::wasi_function;
use crate::target::dataflow::{ExprId, FunctionFlow};
use crate::wasm::{FuncOffset, Module};

/// The expressions of one call that filled an array.
#[derive(Debug, Clone, Copy)]
pub struct HostVector {
    pub vector: ExprId,
    pub buffer: ExprId,
    /// Addresses of the number of strings and of their length together.
    pub count_at: ExprId,
    pub size_at: ExprId,
}

impl HostVector {
    /// The arrays that calls before `offset` filled.
    pub(super) fn all(module: &Module<'_>, flow: &FunctionFlow, offset: FuncOffset) -> Vec<HostVector> {
        let mut calls: Vec<(FuncOffset, &str, ExprId, ExprId)> = Vec::new();
        for (site, callee, arguments) in flow.direct_calls() {
            if site.offset() < offset
                && let [first, second] = arguments
                && let Some(name) = wasi_function(module, callee)
            {
                calls.push((site.offset(), name, *first, *second));
            }
        }
        calls.sort_unstable_by_key(|(site, ..)| *site);
        let of = |get: &str, sizes: &str| {
            let (_, _, vector, buffer) = calls.iter().rev().find(|(_, name, ..)| *name == get)?;
            let (_, _, count_at, size_at) = calls.iter().rev().find(|(_, name, ..)| *name == sizes)?;
            Some(HostVector { vector: *vector, buffer: *buffer, count_at: *count_at, size_at: *size_at })
        };
        [of("args_get", "args_sizes_get"), of("environ_get", "environ_sizes_get")].into_iter().flatten().collect()
    }
}
