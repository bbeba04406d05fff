//! The dataflow over function bodies, on small modules in the text format.

use std::rc::Rc;

use wasmgdb::files::Files;
use wasmgdb::target::dataflow::{Expr, ExprId, FlowState, Flows, FunctionFlow};
use wasmgdb::wasm::{FuncIdx, FuncOffset, GlobalIdx, Module};

/// Offset of the instruction number `nth` (from 0) whose name in `wasmparser` begins with `name`.
fn offset_of(module: &Module<'_>, function: FuncIdx, name: &str, nth: usize) -> FuncOffset {
    let instructions = module.body(function).unwrap().instructions().map(|i| i.unwrap());
    let mut found = instructions.filter(|i| format!("{:?}", i.operator).starts_with(name));
    found.nth(nth).unwrap_or_else(|| panic!("no {name}")).offset
}

/// The description of what `pick` finds in the state before instruction `nth` called `name` of the first function.
fn at(wat: &str, name: &str, nth: usize, pick: impl Fn(&FunctionFlow, &FlowState) -> Option<ExprId>) -> String {
    let files = Files::new();
    let module = Rc::new(Module::parse(files.adopt(wat::parse_str(wat).unwrap())).unwrap());
    let function = FuncIdx(module.imported_functions());
    let offset = offset_of(&module, function, name, nth);
    let flow = Flows::new(module.clone()).function(function, &[offset]).unwrap();
    assert!(flow.damage().is_none(), "{:?}", flow.damage());
    let state = flow.state(offset).expect("no path leads there");
    pick(&flow, state).map_or("none".into(), |id| flow.arena().describe(id))
}

fn local(wat: &str, name: &str, index: u32) -> String {
    at(wat, name, 0, |_, state| state.local(index))
}

/// A module with a stack pointer around the given functions; `$f` comes first.
fn with_stack(functions: &str) -> String {
    format!(
        "(module (global $__stack_pointer (mut i32) (i32.const 65536)) (memory 1) {functions}
           (func $g (result i32) (i32.const 1)) (func $h (param i32)))"
    )
}

#[test]
fn a_frame_is_the_entry_stack_pointer_less_its_size() {
    let wat = with_stack(
        "(func $f (local i32)
           (local.set 0 (i32.sub (global.get 0) (i32.const 48))) (global.set 0 (local.get 0))
           (drop (call $g)) unreachable)",
    );
    assert_eq!(local(&wat, "Unreachable", 0), "i32.add(global 0 at entry, -48)");
    let sp = at(&wat, "Unreachable", 0, |_, state| state.stack_pointer());
    assert_eq!(sp, "i32.add(global 0 at entry, -48)");
    assert_eq!(at(&wat, "Call ", 0, |_, state| state.stack_pointer()), sp);
    let before = at(&wat, "GlobalSet", 0, |_, state| state.stack_pointer());
    assert_eq!(before, "global 0 at entry");
}

#[test]
fn a_frame_that_is_left_is_given_back() {
    let wat = with_stack(
        "(func $f (local i32)
           (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 16))))
           (global.set 0 (i32.add (local.get 0) (i32.const 16))) (drop (call $g)) nop)",
    );
    assert_eq!(at(&wat, "Nop", 0, |_, state| state.stack_pointer()), "global 0 at entry");
}

#[test]
fn branches_that_agree_keep_the_value_and_others_meet() {
    let wat = with_stack(
        "(func $f (param i32) (local i32 i32)
           (if (local.get 0) (then (local.set 1 (i32.const 7)) (local.set 2 (i32.const 1)))
                             (else (local.set 1 (i32.const 7)) (local.set 2 (i32.const 2)))) nop)",
    );
    assert_eq!(local(&wat, "Nop", 1), "7");
    assert!(local(&wat, "Nop", 2).starts_with("local 2 where paths meet"));
    let operands = at(&wat, "Nop", 0, |flow, state| {
        let Expr::Phi { site, place } = flow.arena().expr(state.local(2).unwrap()) else { return None };
        let operands = flow.arena().phi_operands(site, place).unwrap().operands().unwrap();
        assert_eq!(operands.len(), 2);
        operands.first().copied()
    });
    assert!(operands == "1" || operands == "2");
}

#[test]
fn a_loop_keeps_what_it_leaves_alone_or_restores() {
    let wat = with_stack(
        "(func $f (param i32) (local i32 i32 i32)
           (local.set 1 (i32.const 5)) (local.set 3 (i32.const 9))
           (loop $l
             nop
             (local.set 2 (i32.add (local.get 2) (i32.const 1)))
             (local.set 3 (i32.const 4)) (local.set 3 (i32.add (local.get 1) (i32.const 4)))
             (br_if $l (i32.lt_u (local.get 2) (local.get 0)))))",
    );
    assert_eq!(local(&wat, "Nop", 0), "param 0");
    assert_eq!(local(&wat, "Nop", 1), "5");
    assert!(local(&wat, "Nop", 2).starts_with("local 2 where paths meet"));
    assert_eq!(local(&wat, "Nop", 3), "9");
    assert!(local(&wat, "BrIf", 2).starts_with("i32.add(local 2 where paths meet"));
}

#[test]
fn an_inner_loop_keeps_what_the_outer_one_changes() {
    let wat = with_stack(
        "(func $f (param i32) (local i32 i32)
           (loop $o
             (loop $i nop (br_if $i (local.tee 2 (call $g))))
             (local.set 1 (i32.add (local.get 1) (i32.const 1)))
             (br_if $o (local.get 0))))",
    );
    // The inner loop does not touch local 1: inside it, it is what the outer header holds.
    let site = at(&wat, "Loop", 1, |_, state| state.local(1));
    assert_eq!(local(&wat, "Nop", 1), site);
    assert_eq!(local(&wat, "Nop", 0), "param 0");
}

#[test]
fn values_that_two_rounds_swap_are_not_taken_for_constant() {
    let wat = with_stack(
        "(func $f (param i32) (local i32 i32 i32)
           (local.set 1 (i32.const 1)) (local.set 2 (i32.const 2))
           (loop $l nop
             (local.set 3 (local.get 1)) (local.set 1 (local.get 2)) (local.set 2 (local.get 3))
             (br_if $l (local.get 0))))",
    );
    for index in [1, 2, 3] {
        assert!(local(&wat, "Nop", index).starts_with("local"), "local {index} changes");
    }
}

#[test]
fn a_store_is_seen_by_the_load_after_it_unless_another_may_have_come_between() {
    let body = |between: &str| {
        with_stack(&format!(
            "(func $f (param i32 i32 i32) (local i32)
               (i32.store offset=8 (local.get 0) (local.get 1)) {between}
               (local.set 3 (i32.load offset=8 (local.get 0))) nop)"
        ))
    };
    assert_eq!(local(&body(""), "Nop", 3), "param 1");
    assert_eq!(local(&body("(i32.store offset=4 (local.get 0) (i32.const 0))"), "Nop", 3), "param 1");
    assert_eq!(local(&body("(i32.store offset=12 (local.get 0) (i32.const 0))"), "Nop", 3), "param 1");
    for between in [
        "(i32.store (local.get 2) (i32.const 0))",
        "(i32.store offset=5 (local.get 0) (i32.const 0))",
        "(i32.store8 offset=11 (local.get 0) (i32.const 0))",
        "(i64.store offset=1 (local.get 0) (i64.const 0))",
        "(drop (call $g))",
        "(memory.fill (local.get 0) (i32.const 0) (i32.const 9))",
        "(memory.fill (local.get 2) (i32.const 0) (i32.const 1))",
        "(memory.copy (local.get 0) (local.get 2) (local.get 1))",
    ] {
        let value = local(&body(between), "Nop", 3);
        assert!(value.starts_with("4 bytes at param 0+8 at"), "{between}: {value}");
    }
    assert_eq!(local(&body("(memory.fill (local.get 0) (i32.const 0) (i32.const 8))"), "Nop", 3), "param 1");
}

#[test]
fn narrow_stores_and_loads_keep_only_their_bytes() {
    let wat = with_stack(
        "(func $f (param i32 i64) (local i32 i32 i64)
           (i32.store8 (i32.const 16) (i32.const 511)) (local.set 2 (i32.load8_u (i32.const 16)))
           (local.set 3 (i32.load8_s (i32.const 16)))
           (i64.store32 (i32.const 32) (local.get 1)) (local.set 4 (i64.load32_u (i32.const 32))) nop)",
    );
    assert_eq!(local(&wat, "Nop", 2), "255");
    assert_eq!(local(&wat, "Nop", 3), "-1");
    assert_eq!(local(&wat, "Nop", 4), "i64.extend_i32_u(i32.wrap_i64(param 1))");
}

#[test]
fn a_store_in_one_round_of_a_loop_is_not_forgotten_in_the_next() {
    let wat = with_stack(
        "(func $f (param i32 i32) (local i32)
           (i32.store (i32.const 8) (i32.const 1))
           (loop $l
             (local.set 2 (i32.load (i32.const 8))) nop
             (i32.store (local.get 1) (i32.const 3))
             (br_if $l (local.get 0))))",
    );
    assert!(local(&wat, "Nop", 2).starts_with("4 bytes at 0x8 at"));
}

#[test]
fn what_branches_prove_is_kept_on_the_way() {
    let wat = with_stack(
        "(func $f (param i32 i32) (block $b (br_if $b (i32.eqz (local.get 0)))
           (if (local.get 1) (then nop))))",
    );
    let files = Files::new();
    let module = Rc::new(Module::parse(files.adopt(wat::parse_str(&wat).unwrap())).unwrap());
    let offset = offset_of(&module, FuncIdx(0), "Nop", 0);
    let flow = Flows::new(module.clone()).function(FuncIdx(0), &[offset]).unwrap();
    let facts: Vec<String> = flow
        .path_facts(flow.state(offset).unwrap())
        .map(|fact| format!("{} {:?}", flow.arena().describe(fact.condition), fact.proof))
        .collect();
    assert_eq!(facts, ["param 1 NotZero", "i32.eqz(param 0) Zero"]);
}

#[test]
fn a_call_has_its_arguments_as_operands() {
    let wat = with_stack("(func $f (param i32) (i32.const 3) (call $h (i32.add (local.get 0) (i32.const 4))) drop)");
    assert_eq!(at(&wat, "Call ", 0, |_, state| state.argument(0)), "i32.add(param 0, 4)");
    assert_eq!(at(&wat, "Call ", 0, |_, state| state.argument(1)), "none");
    assert_eq!(at(&wat, "Call ", 0, |_, state| state.operand(0)), "3");
}

#[test]
fn code_that_no_path_reaches_has_no_state() {
    let wat = with_stack("(func $f unreachable (block (drop (i32.add)) (if (then) (else))) nop)");
    let files = Files::new();
    let module = Rc::new(Module::parse(files.adopt(wat::parse_str(&wat).unwrap())).unwrap());
    let offset = offset_of(&module, FuncIdx(0), "Nop", 0);
    let flow = Flows::new(module.clone()).function(FuncIdx(0), &[offset]).unwrap();
    assert!(flow.damage().is_none());
    assert!(flow.state(offset).is_none());
}

#[test]
fn blocks_with_several_values_pass_them_on() {
    let wat = "(module (func (param i32) (result i32)
        (i32.const 1) (i32.const 2)
        (block (param i32 i32) (result i32 i32) (br_if 0 (local.get 0)) drop (i32.const 3)) nop i32.add))";
    assert_eq!(at(wat, "Nop", 0, |_, state| state.operand(0)), "1");
    assert!(at(wat, "Nop", 0, |_, state| state.operand(1)).starts_with("operand 1 where paths meet"));
}

#[test]
fn loop_parameters_are_operands_of_the_header() {
    let wat = "(module (func (param i32) (result i32)
        (i32.const 0) (i32.const 8)
        (loop (param i32 i32) (result i32 i32) nop
          (local.set 0) (i32.const 1) i32.add (local.get 0) (br_if 0 (local.get 0))) drop))";
    assert!(at(wat, "Nop", 0, |_, state| state.operand(0)).starts_with("operand 0 where paths meet"));
    assert_eq!(at(wat, "Nop", 0, |_, state| state.operand(1)), "8");
}

#[test]
fn handlers_do_not_trust_what_the_body_changed() {
    for wat in [
        "(module (tag $t (param i32)) (global $__stack_pointer (mut i32) (i32.const 9)) (func (local i32 i32)
           (local.set 0 (i32.const 1)) (local.set 1 (i32.const 5))
           (block $b (result i32) (try_table (catch $t $b) (call $g) (local.set 0 (i32.const 2)) (call $g)) (return))
           nop drop) (func $g))",
        "(module (tag $t (param i32)) (global $__stack_pointer (mut i32) (i32.const 9)) (func (local i32 i32)
           (local.set 0 (i32.const 1)) (local.set 1 (i32.const 5))
           try (call $g) (local.set 0 (i32.const 2)) (call $g) catch $t nop drop end) (func $g))",
    ] {
        assert!(local(wat, "Nop", 0).starts_with("local 0 where paths meet"), "{wat}");
        assert_eq!(local(wat, "Nop", 1), "5");
        assert!(at(wat, "Nop", 0, |_, state| state.operand(0)).starts_with("result of the instruction"));
        assert!(at(wat, "Nop", 0, |_, state| state.stack_pointer()).starts_with("global 0"));
        assert!(!at(wat, "Nop", 0, |_, state| state.stack_pointer()).ends_with("entry"));
    }
}

#[test]
fn a_throw_ends_its_path() {
    let wat = "(module (tag $t) (func (param i32) (local i32) (local.set 1 (i32.const 3))
        (if (local.get 0) (then (local.set 1 (i32.const 4)) (throw $t))) nop))";
    assert_eq!(local(wat, "Nop", 1), "3");
}

#[test]
fn an_unnamed_stack_pointer_is_found_by_what_functions_do_with_it() {
    let wat = "(module (memory 1) (global (mut i32) (i32.const 0)) (global (mut i32) (i32.const 65536))
        (func $counter (global.set 0 (i32.add (global.get 0) (i32.const 1))))
        (func $down (global.set 0 (i32.sub (global.get 0) (i32.const 1))))
        (func $f (local i32)
          (local.set 0 (i32.sub (global.get 1) (i32.const 32))) (global.set 1 (local.get 0))
          (call $counter) (global.set 1 (i32.add (local.get 0) (i32.const 32)))))";
    let files = Files::new();
    let module = Rc::new(Module::parse(files.adopt(wat::parse_str(wat).unwrap())).unwrap());
    assert_eq!(Flows::new(module.clone()).stack_pointer(), Some(GlobalIdx(1)));
}

#[test]
fn a_global_that_is_only_counted_down_is_no_stack_pointer() {
    let wat = "(module (global (mut i32) (i32.const 9)) (func (global.set 0 (i32.sub (global.get 0) (i32.const 1)))))";
    let files = Files::new();
    let module = Rc::new(Module::parse(files.adopt(wat::parse_str(wat).unwrap())).unwrap());
    assert_eq!(Flows::new(module.clone()).stack_pointer(), None);
}

#[test]
fn each_function_is_analysed_once() {
    let wat = with_stack("(func $f nop (drop (call $g)))");
    let files = Files::new();
    let module = Rc::new(Module::parse(files.adopt(wat::parse_str(&wat).unwrap())).unwrap());
    let flows = Flows::new(module.clone());
    let offsets = [offset_of(&module, FuncIdx(0), "Nop", 0), offset_of(&module, FuncIdx(0), "Call", 0)];
    flows.function(FuncIdx(0), &offsets).unwrap();
    flows.function(FuncIdx(0), &offsets).unwrap();
    flows.function(FuncIdx(0), &offsets[..1]).unwrap();
    assert_eq!(flows.analysed(), 1);
}

#[test]
fn deep_nesting_and_many_loops_end_within_the_budget() {
    // Each loop changes a local that the next inner one reads: every round of an outer one changes the inner ones.
    let depth = 60;
    let mut wat = String::from("(module (func (param i32) (local");
    wat.push_str(&" i32".repeat(depth + 1));
    wat.push(')');
    for level in 0..depth {
        wat.push_str(&format!("(loop (local.set {} (i32.add (local.get {level}) (i32.const 1)))", level + 1));
    }
    wat.push_str("nop");
    for level in (0..depth).rev() {
        wat.push_str(&format!("(local.set {level} (local.get {})) (br_if 0 (local.get 0)))", level + 1));
    }
    wat.push_str("))");
    let files = Files::new();
    let module = Rc::new(Module::parse(files.adopt(wat::parse_str(&wat).unwrap())).unwrap());
    let offset = offset_of(&module, FuncIdx(0), "Nop", 0);
    let flow = Flows::new(module.clone()).function(FuncIdx(0), &[offset]).unwrap();
    assert!(flow.state(offset).is_some(), "{:?}", flow.damage());
}

/// A function of loops nested so deep, each of which counts with a local of its own and calls; the innermost one traps.
fn nest(depth: usize) -> String {
    let locals = "(local i32)".repeat(depth);
    let open: String = (0..depth).map(|_| "(loop ".to_owned()).collect();
    let close: String = (0..depth)
        .rev()
        .map(|i| {
            format!("(call $h (local.get {i})) (br_if 0 (local.tee {i} (i32.add (local.get {i}) (i32.const 1)))))")
        })
        .collect();
    with_stack(&format!("(func $f {locals} {open} (drop (i32.load (i32.const 8))) {close})"))
}

#[test]
fn nested_loops_do_not_multiply_their_rounds() {
    let steps = |depth: usize| {
        let files = Files::new();
        let module = Rc::new(Module::parse(files.adopt(wat::parse_str(nest(depth)).unwrap())).unwrap());
        let offset = offset_of(&module, FuncIdx(0), "I32Load", 0);
        let flow = Flows::new(module).function(FuncIdx(0), &[offset]).unwrap();
        assert!(flow.damage().is_none(), "{:?}", flow.damage());
        // Every loop's counter differs from round to round.
        let state = flow.state(offset).unwrap();
        let counters = (0..depth as u32).map(|index| flow.arena().describe(state.local(index).unwrap()));
        assert!(counters.into_iter().all(|text| text.contains("paths meet")));
        flow.steps()
    };
    let (few, many) = (steps(4), steps(16));
    // The body is four times as long; nests are walked once more for each level at worst.
    assert!(many < 16 * few, "{few} {many}");
}
