//! Which function of the WASI interface a call reaches, directly or through libc's wrapper.
//!
//! wasi-libc calls each import through a function of two lines that passes its parameters on.

use wasmparser::Operator;

use crate::wasm::module::ExternalKind;
use crate::wasm::{FuncIdx, Module};

/// Longest body looked at, in bytes.
const MAX_WRAPPER_BYTES: usize = 64;

/// The name of the WASI function that `function` is, or that it passes its first two parameters on to.
pub fn wasi_function<'f>(module: &Module<'f>, function: FuncIdx) -> Option<&'f str> {
    if function.0 < module.imported_functions() {
        return import_name(module, function);
    }
    let body = module.body(function).filter(|body| body.bytes.len() <= MAX_WRAPPER_BYTES)?;
    let mut passed = [false; 2];
    for instruction in body.instructions().map_while(Result::ok) {
        match instruction.operator {
            Operator::LocalGet { local_index } if !passed[0] && local_index == 0 => passed[0] = true,
            Operator::LocalGet { local_index } if passed[0] && local_index == 1 => passed[1] = true,
            Operator::Call { function_index } if passed[1] => return import_name(module, FuncIdx(function_index)),
            _ => return None,
        }
    }
    None
}

fn import_name<'f>(module: &Module<'f>, function: FuncIdx) -> Option<&'f str> {
    let imports = module.imports().as_ref().ok()?;
    let import = imports.iter().find(|i| i.kind == ExternalKind::Function && i.index == function.0)?;
    import.module.starts_with("wasi").then_some(import.name)
}
