//! The dataflow restricted to the stack pointer says what the whole one says, on all functions of the samples.

use std::path::Path;
use std::rc::Rc;

use wasmgdb::files::Files;
use wasmgdb::target::dataflow::{Flows, FunctionFlow};
use wasmgdb::wasm::{FuncIdx, FuncOffset, Module};

/// Calls of one function at which the two are compared: the first ones, and the last.
const MAX_PLACES: usize = 24;

/// Compare one function's two analyses; the number of locals that both find to be stack addresses, and of those that
/// only the whole one does: it follows values through memory.
fn compare(flows: &Flows<'_>, function: FuncIdx, offsets: &[FuncOffset]) -> (usize, usize) {
    let (Ok(whole), Ok(restricted)) = (flows.function(function, offsets), flows.stack_pointers(function, offsets))
    else {
        panic!("function {} is not analysed", function.0);
    };
    let (mut found, mut missed) = (0, 0);
    for offset in offsets {
        let at = format!("function {} at {}", function.0, offset.0);
        let (Some(all), Some(few)) = (whole.state(*offset), restricted.state(*offset)) else {
            assert!(whole.state(*offset).is_none() && restricted.state(*offset).is_none(), "{at}: one has no state");
            continue;
        };
        let distance = |flow: &FunctionFlow, value| flow.distance_from_entry(value);
        let all_pointer = all.stack_pointer().and_then(|value| distance(&whole, value));
        let few_pointer = few.stack_pointer().and_then(|value| distance(&restricted, value));
        assert_eq!(all_pointer, few_pointer, "{at}: the stack pointer");
        for (index, value) in (0..).map_while(|index| Some((index, all.local(index)?))) {
            let known = few.local(index);
            let constant = known.and_then(|value| restricted.arena().constant(value));
            if constant.is_some() {
                assert_eq!(constant, whole.arena().constant(value), "{at}: local {index}");
            }
            let restricted_distance = known.and_then(|value| distance(&restricted, value));
            match distance(&whole, value) {
                Some(_) if restricted_distance.is_none() => missed += 1,
                whole_distance => assert_eq!(restricted_distance, whole_distance, "{at}: local {index}"),
            }
            found += usize::from(restricted_distance.is_some());
        }
    }
    (found, missed)
}

/// Compare all functions of a sample's module; every `stride`th only where there are many.
fn agree(module: &str, stride: usize) {
    let files = Files::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(module);
    let module = Rc::new(Module::parse(files.open(&path).unwrap()).unwrap());
    let (mut found, mut missed) = (0, 0);
    let functions: Vec<u32> = (module.imported_functions()..module.function_count()).collect();
    // A budget of their own for each few functions: that of a module is for one stack.
    for functions in functions.chunks(stride).map(|chunk| &chunk[..1]).collect::<Vec<_>>().chunks(8) {
        let flows = Flows::new(module.clone());
        for function in functions.iter().copied().flatten() {
            let body = module.body(FuncIdx(*function)).unwrap();
            let calls = body.instructions().map(|i| i.unwrap()).filter(|i| i.call().is_some());
            let mut offsets: Vec<FuncOffset> = calls.map(|i| i.offset).collect();
            let rest = offsets.len().saturating_sub(1).max(MAX_PLACES);
            offsets.drain(MAX_PLACES.min(offsets.len())..rest.min(offsets.len()));
            let (both, one) = compare(&flows, FuncIdx(*function), &offsets);
            (found, missed) = (found + both, missed + one);
        }
    }
    assert!(found > 20 && missed * 20 < found, "{found} stack addresses in locals found, {missed} missed");
}

#[test]
fn restricted_and_whole_analyses_agree_on_stack_addresses_of_plain_code() {
    agree("c_list/module.O0.wasm", 1);
    agree("cpp_shapes/module.wasm", 1);
}

#[test]
fn restricted_and_whole_analyses_agree_on_stack_addresses_of_optimised_code() {
    agree("c_list/module.O2.wasm", 1);
    agree("stripped/module.wasm", 1);
}

#[test]
fn restricted_and_whole_analyses_agree_on_stack_addresses_of_other_languages() {
    agree("rust_demo/module.wasm", 7);
    agree("zig_basic/module.wasm", 3);
}
