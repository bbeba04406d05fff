//! Locals and operands that no dump recorded, on made-up stacks over small modules and on a shipped sample.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use wasmgdb::files::Files;
use wasmgdb::target::dataflow::Flows;
use wasmgdb::target::patience::Patience;
use wasmgdb::target::physical::{PhysicalFrame, Recorded};
use wasmgdb::target::provenance::Trust;
use wasmgdb::target::recover::Recovery;
use wasmgdb::wasm::{FuncIdx, FuncOffset, GlobalIdx, Module, WasmValue};

mod figures;

/// One memory of 64 KiB and the stack pointer, global 0.
#[derive(Default, Clone)]
struct Facts {
    memory: HashMap<u64, u32>,
    stack_pointer: i32,
}

impl Recorded for Facts {
    fn memory(&self, _: u32, memory: u32, address: u64, size_bytes: usize) -> Option<u64> {
        if memory != 0 || address + size_bytes as u64 > 65_536 {
            return None;
        }
        let byte = |a: u64| self.memory.get(&(a & !3)).map_or(0, |word| word.to_le_bytes()[(a % 4) as usize]);
        Some((0..size_bytes as u64).map(|i| u64::from(byte(address + i)) << (8 * i)).sum())
    }

    fn memory_size(&self, _: u32, _: u32) -> Option<u64> {
        Some(65_536)
    }

    fn global(&self, _: u32, global: GlobalIdx) -> Option<WasmValue> {
        (global.0 == 0).then_some(WasmValue::I32(self.stack_pointer))
    }

    fn global_identity(&self, _: u32, global: GlobalIdx) -> Option<u32> {
        Some(global.0)
    }

    fn may_use_global(&self, _: u32, _: u32) -> bool {
        true
    }
}

/// The last instruction of a function whose name in `wasmparser` begins with `name`.
fn at(flows: &Flows<'_>, func: u32, name: &str) -> FuncOffset {
    let instructions = flows.module().body(FuncIdx(func)).unwrap().instructions().map(|i| i.unwrap());
    let found = instructions.filter(|i| format!("{:?}", i.operator).starts_with(name)).last();
    found.unwrap_or_else(|| panic!("function {func} has no {name}")).offset
}

/// Frames (function, instruction it stands at), the youngest first, over a module in the text format.
struct Stack<'a> {
    wat: &'a str,
    frames: &'a [(u32, &'a str)],
    facts: Facts,
    recorded_locals: HashMap<usize, Vec<WasmValue>>,
}

impl<'a> Stack<'a> {
    fn new(wat: &'a str, frames: &'a [(u32, &'a str)]) -> Self {
        let facts = Facts { stack_pointer: 4096, ..Facts::default() };
        Stack { wat, frames, facts, recorded_locals: HashMap::new() }
    }

    fn memory(mut self, words: &[(u64, u32)]) -> Self {
        self.facts.memory.extend(words.iter().copied());
        self
    }

    fn recorded(mut self, frame: usize, locals: &[WasmValue]) -> Self {
        self.recorded_locals.insert(frame, locals.to_vec());
        self
    }

    fn with<T>(&self, test: impl FnOnce(&Recovery<'_>) -> T) -> T {
        let files = Files::new();
        let module = Module::parse(files.adopt(wat::parse_str(self.wat).unwrap())).unwrap();
        let flows = Rc::new(Flows::new(Rc::new(module)));
        let frames: Rc<[PhysicalFrame<'_>]> = (0..)
            .zip(self.frames)
            .map(|(index, (func, name))| PhysicalFrame {
                flows: Some(Rc::clone(&flows)),
                instance: Some(0),
                func: FuncIdx(*func),
                offset: Some(at(&flows, *func, name)),
                recorded_locals: self.recorded_locals.get(&index).cloned().unwrap_or_default().into(),
                recorded_operands: Rc::from([]),
            })
            .collect();
        test(&Recovery::new(frames, Rc::new(self.facts.clone())))
    }

    /// A local and how it is known.
    fn local(&self, frame: usize, index: u32) -> Option<(i32, Trust)> {
        self.with(|recovery| {
            let found = recovery.local(frame, index, Patience::Long).ok()?;
            let WasmValue::I32(value) = found.value else { panic!("{:?}", found.value) };
            Some((value, found.provenance.trust))
        })
    }
}

const DERIVED: Trust = Trust::Derived;
const RECOVERED: Trust = Trust::Recovered;

fn module(functions: &str) -> String {
    format!("(module (global $__stack_pointer (mut i32) (i32.const 8192)) (memory 1) {functions})")
}

/// The same with an imported function `$host`, which comes first.
fn with_host(functions: &str) -> String {
    module(functions).replacen("(module", "(module (import \"host\" \"f\" (func $host (result i32)))", 1)
}

#[test]
fn parameters_are_what_the_caller_passed() {
    let wat = module(
        "(func $leaf (param i32 i32) unreachable)
         (func $middle (param i32) (call $leaf (i32.add (local.get 0) (i32.const 1)) (i32.const 7)))
         (func $main (call $middle (i32.const 41)))",
    );
    let stack = Stack::new(&wat, &[(0, "Unreachable"), (1, "Call "), (2, "Call ")]);
    assert_eq!(stack.local(0, 0), Some((42, DERIVED)));
    assert_eq!(stack.local(0, 1), Some((7, DERIVED)));
    assert_eq!(stack.local(1, 0), Some((41, DERIVED)));
    // The same function tail-called by something that is gone: nothing is known of its parameters.
    let stack = Stack::new(&wat, &[(0, "Unreachable"), (2, "Call ")]);
    assert_eq!(stack.local(0, 0), None);
    // Nobody called the oldest frame.
    let stack = Stack::new(&wat, &[(0, "Unreachable"), (1, "Call ")]);
    assert_eq!(stack.local(0, 0), None);
    assert_eq!(stack.local(0, 1), Some((7, DERIVED)));
}

#[test]
fn a_function_that_may_be_tail_called_is_not_sure_of_its_parameters() {
    let wat = module(
        "(func $leaf (param i32) (if (i32.eqz (local.get 0)) (then unreachable))
           (return_call $leaf (i32.sub (local.get 0) (i32.const 1))))
         (func $main (call $leaf (i32.const 5)))",
    );
    let stack = Stack::new(&wat, &[(0, "Unreachable"), (1, "Call ")]);
    // The path proves 0; that the caller passed 5 is contradicted, and was never sure.
    assert_eq!(stack.local(0, 0), Some((0, DERIVED)));
}

#[test]
fn twenty_thousand_recursions_are_followed_to_their_end() {
    let wat = module(
        "(func $f (param i32) (if (i32.gt_s (local.get 0) (i32.const 20000)) (then unreachable))
           (call $f (i32.add (local.get 0) (i32.const 1))))
         (func $main (call $f (i32.const 1)))",
    );
    let mut frames = vec![(0, "Unreachable")];
    frames.extend(std::iter::repeat_n((0, "Call "), 20_000));
    frames.push((1, "Call "));
    let stack = Stack::new(&wat, &frames);
    stack.with(|recovery| {
        assert_eq!(recovery.local(0, 0, Patience::Long).unwrap().value, WasmValue::I32(20_001));
        assert!(recovery.local(0, 0, Patience::Long).unwrap().provenance.is_exact());
        assert_eq!(recovery.local(12_345, 0, Patience::Long).unwrap().value, WasmValue::I32(20_001 - 12_345));
    });
}

#[test]
fn a_load_is_exact_only_while_nothing_can_have_written_there() {
    let load = |after: &str| {
        module(&format!(
            "(func $leaf (param i32) (local i32) (local.set 1 (i32.load offset=4 (local.get 0))) {after} unreachable)
             (func $main (call $leaf (i32.const 1000)))
             (func $other)"
        ))
    };
    let value = |after: &str| {
        let wat = load(after);
        Stack::new(&wat, &[(0, "Unreachable"), (1, "Call ")]).memory(&[(1004, 77)]).local(0, 1)
    };
    assert_eq!(value(""), Some((77, DERIVED)));
    assert_eq!(value("(i32.store offset=8 (local.get 0) (i32.const 1))"), Some((77, DERIVED)));
    assert_eq!(value("(i32.store (i32.const 2000) (i32.const 1))"), Some((77, RECOVERED)));
    assert_eq!(value("(call $other)"), Some((77, RECOVERED)));
    assert_eq!(value("(i32.store offset=4 (local.get 0) (i32.const 1))"), None);
    assert_eq!(value("(i32.store8 offset=7 (local.get 0) (i32.const 1))"), None);
}

#[test]
fn a_value_is_found_where_it_was_stored() {
    let wat = with_host(
        "(func $main (local i32) (local.set 0 (call $host))
           (i32.store (i32.const 512) (i32.add (local.get 0) (i32.const 8))) unreachable)",
    );
    let stack = Stack::new(&wat, &[(1, "Unreachable")]).memory(&[(512, 108)]);
    assert_eq!(stack.local(0, 0), Some((100, DERIVED)));
}

#[test]
fn a_caller_is_exact_only_if_its_callees_wrote_nothing() {
    let program = |callee: &str| {
        module(&format!(
            "(func $leaf (param i32) {callee} unreachable)
             (func $main (local i32) (local.set 0 (i32.load (i32.const 600))) (call $leaf (i32.const 1)))"
        ))
    };
    let value = |callee: &str| {
        let wat = program(callee);
        Stack::new(&wat, &[(0, "Unreachable"), (1, "Call ")]).memory(&[(600, 9)]).local(1, 0)
    };
    assert_eq!(value(""), Some((9, DERIVED)));
    assert_eq!(value("(i32.store (i32.const 700) (i32.const 0))"), Some((9, RECOVERED)));
    assert_eq!(value("(i32.store (i32.const 602) (i32.const 0))"), None, "the callee stored over it");
}

#[test]
fn a_frame_that_stands_at_a_call_of_the_host_is_not_sure_of_memory() {
    let wat = with_host("(func $main (local i32) (local.set 0 (i32.load (i32.const 600))) (drop (call $host)))");
    let stack = Stack::new(&wat, &[(1, "Call ")]).memory(&[(600, 9)]);
    assert_eq!(stack.local(0, 0), Some((9, RECOVERED)));
}

#[test]
fn branches_on_the_way_prove_values() {
    let wat = with_host(
        "(func $main (local i32 i32 i32)
           (local.set 0 (call $host)) (local.set 1 (call $host)) (local.set 2 (call $host))
           (block $b (br_if $b (local.get 0)) (br_if $b (i32.ne (local.get 1) (i32.const 12)))
             (br_if $b (i32.lt_u (local.get 2) (i32.const 9))) unreachable))",
    );
    let stack = Stack::new(&wat, &[(1, "Unreachable")]);
    assert_eq!(stack.local(0, 0), Some((0, DERIVED)));
    assert_eq!(stack.local(0, 1), Some((12, DERIVED)));
    assert_eq!(stack.local(0, 2), None);
}

#[test]
fn a_division_by_zero_proves_its_divisor() {
    let wat = |division: &str, dividend: &str| {
        with_host(&format!(
            "(func $main (local i32 i32) (local.set 0 (call $host)) (local.set 1 {dividend})
               (drop ({division} (local.get 1) (local.get 0))))"
        ))
    };
    let divisor =
        |division: &str, name: &str, dividend: &str| Stack::new(&wat(division, dividend), &[(1, name)]).local(0, 0);
    assert_eq!(divisor("i32.rem_s", "I32RemS", "(call $host)"), Some((0, DERIVED)));
    assert_eq!(divisor("i32.div_u", "I32DivU", "(call $host)"), Some((0, DERIVED)));
    assert_eq!(divisor("i32.div_s", "I32DivS", "(i32.const 5)"), Some((0, DERIVED)));
    // This may be an overflow as well.
    assert_eq!(divisor("i32.div_s", "I32DivS", "(call $host)"), None);
    assert_eq!(divisor("i32.div_s", "I32DivS", "(i32.const -2147483648)"), None);
}

#[test]
fn a_branch_that_an_engine_fused_with_its_trap_proves_its_condition() {
    let wat = with_host("(func $over (local i32) (local.set 0 (call $host)) (block (br_if 0 (local.get 0)) unreachable))
         (func $onto (local i32) (local.set 0 (call $host)) (block (br_if 0 (i32.eqz (local.get 0))) (return)) unreachable)
         (func $elsewhere (local i32) (local.set 0 (call $host)) (block (br_if 0 (local.get 0)) nop))",
    );
    assert_eq!(Stack::new(&wat, &[(1, "BrIf")]).local(0, 0), Some((0, DERIVED)));
    assert_eq!(Stack::new(&wat, &[(2, "BrIf")]).local(0, 0), Some((0, DERIVED)));
    assert_eq!(Stack::new(&wat, &[(3, "BrIf")]).local(0, 0), None);
}

#[test]
fn recorded_locals_win_and_tell_the_rest() {
    let wat = with_host(
        "(func $leaf (param i32) unreachable)
         (func $main (local i32 i32) (local.set 0 (call $host)) (local.set 1 (i32.sub (local.get 0) (i32.const 3)))
           (call $leaf (i32.mul (local.get 0) (i32.const 2))))",
    );
    let stack = Stack::new(&wat, &[(1, "Unreachable"), (2, "Call ")]);
    assert_eq!(stack.local(0, 0), None);
    let stack = stack.recorded(1, &[WasmValue::Missing, WasmValue::I32(7)]);
    assert_eq!(stack.local(1, 1), Some((7, Trust::Recorded)));
    assert_eq!(stack.local(1, 0), Some((10, DERIVED)));
    assert_eq!(stack.local(0, 0), Some((20, DERIVED)));
}

#[test]
fn a_callee_that_kept_its_parameter_tells_what_the_caller_had() {
    let wat = with_host(
        "(func $leaf (param i32) (i32.store (i32.sub (global.get 0) (i32.const 4)) (local.get 0)) unreachable)
         (func $main (local i32) (local.set 0 (call $host)) (call $leaf (local.get 0)))",
    );
    let stack = Stack::new(&wat, &[(1, "Unreachable"), (2, "Call ")]).memory(&[(4092, 321)]);
    assert_eq!(stack.local(0, 0), Some((321, DERIVED)));
    assert_eq!(stack.local(1, 0), Some((321, DERIVED)));
}

#[test]
fn a_recorded_local_that_the_code_contradicts_is_reported() {
    let wat = module("(func $main (local i32 i32) (local.set 0 (i32.const 5)) unreachable)");
    let stack = Stack::new(&wat, &[(0, "Unreachable")]).recorded(0, &[WasmValue::I32(6), WasmValue::I32(0)]);
    stack.with(|recovery| {
        let found = recovery.contradictions(0);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].recorded, found[0].derived), (WasmValue::I32(6), WasmValue::I32(5)));
        assert_eq!(recovery.local(0, 0, Patience::Long).unwrap().value, WasmValue::I32(6), "what is recorded wins");
    });
}

#[test]
fn a_call_through_a_table_is_sure_when_nobody_else_has_the_table() {
    let wat = |table: &str| {
        module(&format!(
            "(type $t (func (param i32))) {table} (elem (i32.const 1) $leaf)
             (func $leaf (param i32) unreachable)
             (func $main (param i32) (call_indirect (type $t) (i32.const 3) (local.get 0)))"
        ))
    };
    let private = wat("(table 2 funcref)");
    let stack = Stack::new(&private, &[(0, "Unreachable"), (1, "CallIndirect")]);
    assert_eq!(stack.local(0, 0), Some((3, DERIVED)));
    let exported = wat("(table (export \"table\") 2 funcref)");
    let stack = Stack::new(&exported, &[(0, "Unreachable"), (1, "CallIndirect")]);
    assert_eq!(stack.local(0, 0), Some((3, RECOVERED)));
}

#[test]
fn every_frame_knows_its_own_stack_pointer() {
    let wat = module(
        "(func $leaf unreachable)
         (func $main (local i32) (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 32)))) (call $leaf)
           (global.set 0 (i32.add (local.get 0) (i32.const 32))))",
    );
    let stack = Stack::new(&wat, &[(0, "Unreachable"), (1, "Call ")]);
    assert_eq!(stack.local(1, 0), Some((4096, DERIVED)));
    stack.with(|recovery| {
        let found = recovery.global(1, GlobalIdx(0)).unwrap();
        assert_eq!((found.value, found.provenance.is_exact()), (WasmValue::I32(4096), true));
    });
}

#[test]
fn what_the_sample_recorded_is_recovered_without_it_and_nothing_exact_is_wrong() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/c_list");
    let files = Files::new();
    let found = figures::measure(&files, &folder.join("module.O0.wasm"), &folder.join("core.O0.full"), false).unwrap();
    println!("{}\n{:28} {found}", figures::HEADING, "samples/c_list");
    assert!(found.values > 50, "{found}");
    assert_eq!(found.stack_pointers, found.frames, "{found}");
    assert_eq!((found.wrong_exact(), found.recovered_wrong), (0, 0), "{found}");
    assert!(found.unknown() * 5 <= found.values, "{found}");
}

#[test]
fn a_global_that_a_loop_sets_is_not_taken_for_what_the_loop_sets_it_to() {
    let wat = "(module (global $__stack_pointer (mut i32) (i32.const 0)) (global $g (mut i32) (i32.const 64)) (memory 1)
        (func $leaf (param i32) unreachable)
        (func $main (param i32) (loop (call $leaf (global.get $g)) (global.set $g (i32.const 8)) (br_if 0 (local.get 0)))))";
    let stack = Stack::new(wat, &[(0, "Unreachable"), (1, "Call ")]);
    assert_eq!(stack.local(0, 0), None);
}

#[test]
fn what_a_loop_carries_in_a_local_and_in_memory_is_found_in_memory() {
    let wat = with_host(
        "(func $main (local i32)
           (local.set 0 (call $host)) (i32.store (i32.const 512) (local.get 0))
           (loop (local.set 0 (i32.add (local.get 0) (call $host))) (i32.store (i32.const 512) (local.get 0))
             (br_if 0 (call $host)) unreachable))",
    );
    let stack = Stack::new(&wat, &[(1, "Unreachable")]).memory(&[(512, 77)]);
    assert_eq!(stack.local(0, 0), Some((77, RECOVERED)));
}

#[test]
fn places_that_part_in_a_later_round_are_not_taken_for_equal() {
    let wat = with_host(
        "(func $main (local i32 i32)
           (loop
             (local.set 0 (i32.add (local.get 0) (i32.const 1)))
             (i32.store (i32.const 512) (local.get 0))
             (if (call $host) (then (local.set 1 (i32.add (local.get 1) (i32.const 1)))) (else (local.set 1 (call $host))))
             (br_if 0 (call $host)) unreachable))",
    );
    // Both begin at 0 and may differ from the first round on.
    let stack = Stack::new(&wat, &[(1, "Unreachable")]).memory(&[(512, 5)]);
    assert_eq!(stack.local(0, 0), Some((5, RECOVERED)));
    assert_eq!(stack.local(0, 1), None);
}

#[test]
fn a_member_that_a_younger_frame_stored_in_some_object_is_not_shown() {
    let program = |offset: u32| {
        with_host(&format!(
            "(func $leaf (param i32)
               (i32.store offset={offset} (local.get 0) (i32.const 1)) unreachable)
             (func $main (param i32) (local i32) (local.set 1 (i32.load offset=8 (local.get 0)))
               (call $leaf (call $host)))
             (func $start (call $main (i32.const 600)))"
        ))
    };
    let frames = [(1, "Unreachable"), (2, "Call "), (3, "Call ")];
    let (same, other) = (program(8), program(12));
    assert_eq!(Stack::new(&same, &frames).memory(&[(608, 5)]).local(1, 1), None);
    assert_eq!(Stack::new(&other, &frames).memory(&[(608, 5)]).local(1, 1), Some((5, RECOVERED)));
}

#[test]
fn a_function_in_one_place_of_the_table_tells_the_index_it_was_called_by() {
    let program = |elements: &str| {
        with_host(&format!(
            "(table 4 funcref) (elem (i32.const 1) func {elements})
             (func $leaf unreachable) (func $other)
             (func $main (local i32) (local.set 0 (call $host)) (call_indirect (type 1) (local.get 0)))"
        ))
    };
    let (once, twice) = (program("$other $leaf"), program("$leaf $leaf"));
    let frames = [(1, "Unreachable"), (3, "CallIndirect")];
    assert_eq!(Stack::new(&once, &frames).local(1, 0), Some((2, RECOVERED)));
    assert_eq!(Stack::new(&twice, &frames).local(1, 0), None);
}

#[test]
fn a_load_that_was_repeated_holds_unless_memory_changed() {
    let program = |store: &str| {
        with_host(&format!(
            "(func $main (param i32) (local i32)
               (local.set 1 (i32.load offset=8 (local.get 0))) (drop (call $host))
               (drop (i32.load offset=8 (local.get 0))) {store} unreachable)
             (func $start (call $main (i32.const 600)))"
        ))
    };
    let frames = [(1, "Unreachable"), (2, "Call ")];
    let (kept, stored) = (program(""), program("(i32.store offset=8 (local.get 0) (i32.const 9))"));
    assert_eq!(Stack::new(&kept, &frames).memory(&[(608, 5)]).local(0, 1), Some((5, RECOVERED)));
    assert_eq!(Stack::new(&stored, &frames).memory(&[(608, 9)]).local(0, 1), None);
}

#[test]
fn both_paths_of_a_known_value_may_tell_what_they_were_made_of() {
    let program = |amount: &str| {
        with_host(&format!(
            "(func $main (local i32 i32)
               (local.set 0 (call $host)) (local.set 1 (local.get 0))
               (if (call $host) (then (local.set 1 (i32.sub (local.get 0) {amount}))))
               (i32.store (i32.const 512) (local.get 1)) unreachable)"
        ))
    };
    let (same, other) = (program("(i32.load (i32.const 600))"), program("(i32.load (i32.const 604))"));
    let stack = |wat| Stack::new(wat, &[(1, "Unreachable")]).memory(&[(512, 7), (600, 0), (604, 1)]).local(0, 0);
    assert_eq!(stack(&same).map(|(value, _)| value), Some(7));
    assert_eq!(stack(&other), None);
}

#[test]
fn a_store_later_in_a_younger_frames_loop_may_have_run_before() {
    let wat = with_host(
        "(func $leaf unreachable)
         (func $middle (param i32) (loop (call $leaf) (i32.store offset=8 (local.get 0) (i32.const 9)) (br 0)))
         (func $main (param i32) (local i32)
           (local.set 1 (i32.load offset=8 (local.get 0))) (call $middle (local.get 0)))
         (func $start (call $main (i32.const 600)))",
    );
    let frames = [(1, "Unreachable"), (2, "Call "), (3, "Call "), (4, "Call ")];
    assert_eq!(Stack::new(&wat, &frames).memory(&[(608, 9)]).local(2, 1), None);
}

/// A program whose start function asks WASI for its arguments and passes them to `main`.
const WITH_ARGUMENTS: &str = r#"(module
    (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "args_get" (func $get (param i32 i32) (result i32)))
    (import "host" "f" (func $malloc (result i32)))
    (memory 1) (global $__stack_pointer (mut i32) (i32.const 4096))
    (func $wrapper (param i32 i32) (result i32) local.get 0 local.get 1 call $get)
    (func $main (param i32 i32) unreachable)
    (func $start (local i32 i32)
      (drop (call $sizes (i32.const 256) (i32.const 260)))
      (local.set 0 (call $malloc)) (local.set 1 (call $malloc))
      (drop (call $wrapper (local.get 0) (local.get 1)))
      (call $main (i32.load (i32.const 256)) (local.get 0))))"#;

#[test]
fn the_array_of_arguments_is_where_the_heap_looks_like_it() {
    let frames = [(4, "Unreachable"), (5, "Call ")];
    // Two strings, "abc" and "de", and the pointers to them.
    let strings = [(256, 2), (260, 7), (5120, u32::from_le_bytes(*b"abc\0")), (5124, u32::from_le_bytes(*b"de\0\0"))];
    let array = [(5136, 5120), (5140, 5124), (5144, 0)];
    let stack = || Stack::new(WITH_ARGUMENTS, &frames).memory(&strings);
    assert_eq!(stack().memory(&array).local(0, 1), Some((5136, RECOVERED)));
    assert_eq!(stack().memory(&array).local(1, 1), Some((5120, RECOVERED)));
    assert_eq!(stack().memory(&array).memory(&[(260, 8)]).local(0, 1), None);
    let copied = [(6144, 5120), (6148, 5124)];
    assert_eq!(stack().memory(&array).memory(&copied).local(0, 1), None);
}

#[test]
fn a_cut_recursion_was_passed_what_its_depth_tells() {
    let program = |others: &str| {
        module(&format!(
            "(func $down (param i32 i32)
               (global.set 0 (i32.sub (global.get 0) (i32.const 16)))
               (call $down (local.get 0) (i32.add (local.get 1) (i32.const 1))) unreachable)
             (func $main (export \"main\") (call $down (i32.const 77) (i32.const 1)))
             {others}"
        ))
    };
    let frames = [(0, "Unreachable"), (0, "Call ")];
    let locals = |wat: &str| {
        let mut stack = Stack::new(wat, &frames);
        stack.facts.stack_pointer = 8192 - 160;
        (stack.local(1, 0), stack.local(1, 1), stack.local(0, 1))
    };
    let (alone, two) = (program(""), program("(func (export \"other\") (call $down (i32.const 78) (i32.const 1)))"));
    assert_eq!(locals(&alone), (Some((77, RECOVERED)), Some((9, RECOVERED)), Some((10, RECOVERED))));
    // Either may have been the first: they agree on the number only.
    assert_eq!(locals(&two), (None, Some((9, RECOVERED)), Some((10, RECOVERED))));
}

#[test]
fn a_caller_that_called_another_function_is_said_to_have_been_replaced() {
    let wat = module(
        "(func $leaf (param i32) unreachable)
         (func $middle (param i32) (return_call $leaf (i32.const 1)))
         (func $main (call $middle (i32.const 5)))
         (func $other (call $main))",
    );
    // `middle` is no longer there: what `main` passed went to it.
    let stack = Stack::new(&wat, &[(0, "Unreachable"), (2, "Call "), (3, "Call ")]);
    assert_eq!(stack.local(0, 0), None);
    stack.with(|recovery| {
        assert!(recovery.doubtful_call(0).is_some_and(|reason| reason.contains("tail call")));
        assert_eq!(recovery.doubtful_call(1), None);
        assert_eq!(recovery.doubtful_call(2), None, "nobody is known to have called the oldest");
    });
}

#[test]
fn a_variable_of_the_frame_holds_unless_it_was_given_back() {
    let program = |size: u32| {
        with_host(&format!(
            "(func $main (local i32 i32)
               (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const {size}))))
               (local.set 1 (i32.load offset={} (local.get 0))) (drop (call $host))
               (drop (i32.load offset={} (local.get 0))) unreachable)",
            size - 8,
            size - 8
        ))
    };
    let kept = program(16);
    assert_eq!(Stack::new(&kept, &[(1, "Unreachable")]).memory(&[(4104, 5)]).local(0, 1), Some((5, RECOVERED)));
    // The same place, but after the function has raised its stack pointer again.
    let given_back = kept.replace("unreachable)", "(global.set 0 (i32.add (local.get 0) (i32.const 16))) unreachable)");
    let mut stack = Stack::new(&given_back, &[(1, "Unreachable")]).memory(&[(4104, 5)]);
    stack.facts.stack_pointer = 4112;
    assert_eq!(stack.local(0, 1), None);
}

#[test]
fn one_value_that_is_known_tells_which_path_was_taken() {
    let wat = with_host(
        "(func $main (local i32 i32)
           (if (call $host) (then (local.set 0 (i32.const 1)) (local.set 1 (i32.const 10)))
                            (else (local.set 0 (i32.const 2)) (local.set 1 (i32.const 20))))
           (i32.store (i32.const 512) (local.get 0)) unreachable)",
    );
    let stack = Stack::new(&wat, &[(1, "Unreachable")]);
    assert_eq!(stack.memory(&[(512, 2)]).local(0, 1), Some((20, DERIVED)));
    let stack = Stack::new(&wat, &[(1, "Unreachable")]);
    assert_eq!(stack.memory(&[(512, 1)]).local(0, 1), Some((10, DERIVED)));
    // Neither path brings 3: the dump contradicts the code, and nothing is said.
    let stack = Stack::new(&wat, &[(1, "Unreachable")]);
    assert_eq!(stack.memory(&[(512, 3)]).local(0, 1), None);
}

#[test]
fn memory_that_was_filled_or_copied_over_does_not_hold_what_was_stored() {
    let program = |instruction: &str| {
        with_host(&format!(
            "(data $bytes \"1234567890\")
             (func $main (local i32 i32)
               (local.set 1 (i32.load (i32.const 512)))
               (i32.store (i32.const 512) (i32.const 5)) {instruction}
               (local.set 0 (i32.load (i32.const 512))) unreachable)"
        ))
    };
    let locals = |instruction: &str| {
        let wat = program(instruction);
        let stack = Stack::new(&wat, &[(1, "Unreachable")]).memory(&[(512, 7)]);
        (stack.local(0, 0), stack.local(0, 1))
    };
    // What was there before the store is gone for good.
    for instruction in [
        "(memory.fill (i32.const 512) (i32.const 0) (i32.const 4))",
        "(memory.fill (i32.const 500) (i32.const 0) (i32.const 13))",
        "(memory.copy (i32.const 515) (i32.const 600) (i32.const 1))",
        "(memory.init $bytes (i32.const 510) (i32.const 0) (i32.const 8))",
        // Of a length or to a place that only the host knows.
        "(memory.fill (i32.const 500) (i32.const 0) (call $host))",
        "(memory.copy (call $host) (i32.const 600) (i32.const 4))",
    ] {
        assert_eq!(locals(instruction), (Some((7, DERIVED)), None), "{instruction}");
    }
    for instruction in [
        "(memory.fill (i32.const 516) (i32.const 0) (i32.const 4))",
        "(memory.copy (i32.const 508) (i32.const 512) (i32.const 4))",
        "(memory.init $bytes (i32.const 512) (i32.const 0) (i32.const 0))",
    ] {
        assert_eq!(locals(instruction), (Some((5, DERIVED)), None), "{instruction}");
    }
}

#[test]
fn a_younger_frame_that_fills_memory_makes_its_callers_doubtful() {
    let program = |length: u32| {
        module(&format!(
            "(func $leaf (memory.fill (i32.const 500) (i32.const 0) (i32.const {length})) unreachable)
             (func $main (local i32) (local.set 0 (i32.load (i32.const 512))) (call $leaf))"
        ))
    };
    let wat = program(16);
    let stack = Stack::new(&wat, &[(0, "Unreachable"), (1, "Call ")]).memory(&[(512, 7)]);
    assert_ne!(stack.local(1, 0).map(|(_, trust)| trust), Some(DERIVED));
}

#[test]
fn vectors_are_opaque_and_make_nothing_else_wrong() {
    let program = |instruction: &str| {
        with_host(&format!(
            "(func $main (param v128) (local i32 v128 i32 v128)
               (i32.store (i32.const 512) (i32.const 5))
               (local.set 4 (v128.const i32x4 1 2 3 4)) (local.set 3 (i32.const 9))
               {instruction}
               (local.set 1 (i32.load (i32.const 512))) unreachable)"
        ))
    };
    let check = |instruction: &str, loaded: Option<(i32, Trust)>| {
        let wat = program(instruction);
        let stack = Stack::new(&wat, &[(1, "Unreachable")]).memory(&[(512, 7), (516, 8), (520, 9), (524, 10)]);
        assert_eq!(stack.local(0, 1), loaded, "{instruction}");
        assert_eq!(stack.local(0, 3), Some((9, DERIVED)), "{instruction}");
        stack.with(|recovery| recovery.local(0, 2, Patience::Long).ok().map(|found| found.value.bits()))
    };
    let written = Some((7, DERIVED));
    let kept = Some((5, DERIVED));
    assert_eq!(check("(v128.store (i32.const 500) (local.get 4))", written), Some(Some(0)), "locals begin as 0");
    check("(v128.store32_lane 2 (i32.const 512) (local.get 4))", written);
    check("(v128.store (i32.const 516) (local.get 4))", kept);
    // A number made of a vector is not known, and neither is a vector made of numbers.
    assert_eq!(check("(local.set 2 (i32x4.splat (i32.const 3)))", kept), None);
    assert_eq!(check("(local.set 2 (i32x4.add (local.get 4) (local.get 4)))", kept), None);
    assert_eq!(check("(local.set 2 (v128.load (i32.const 512)))", kept), None);
    assert_eq!(check("(local.set 2 (v128.load8_splat (i32.const 512)))", kept), None);
    check("(drop (i32x4.extract_lane 0 (local.get 0)))", kept);
    check("(drop (i32x4.relaxed_trunc_f32x4_s (local.get 4)))", kept);
    let wat = program("(local.set 3 (i32x4.extract_lane 1 (local.get 4)))");
    assert_eq!(Stack::new(&wat, &[(1, "Unreachable")]).local(0, 3), None);
    // Two vectors of which nothing is known are not taken for equal.
    let wat = program("(local.set 3 (v128.any_true (v128.xor (local.get 0) (i32x4.splat (call $host)))))");
    assert_eq!(Stack::new(&wat, &[(1, "Unreachable")]).local(0, 3), None);
}

#[test]
fn a_line_of_a_backtrace_waits_for_no_analysis_of_a_long_function() {
    let filler = "(local.set 1 (i32.add (local.get 1) (i32.const 123456789)))".repeat(2_000);
    let wat = module(&format!(
        "(func $f (param i32) unreachable)
         (func $main (local i32 i32) (local.set 0 (i32.load (i32.const 1000))) {filler}
           (call $f (i32.mul (local.get 0) (i32.const 3))))"
    ));
    let stack = Stack::new(&wat, &[(0, "Unreachable"), (1, "Call ")]).memory(&[(1000, 7)]);
    stack.with(|recovery| {
        assert!(recovery.local(0, 0, Patience::Line).is_err());
        assert!(recovery.take_put_off());
        assert_eq!(recovery.local(0, 0, Patience::Short).unwrap().value, WasmValue::I32(21));
    });
    let wat = wat.replace(&filler, "");
    let stack = Stack::new(&wat, &[(0, "Unreachable"), (1, "Call ")]).memory(&[(1000, 7)]);
    stack.with(|recovery| {
        assert_eq!(recovery.local(0, 0, Patience::Line).unwrap().value, WasmValue::I32(21));
        assert!(!recovery.take_put_off());
    });
}
