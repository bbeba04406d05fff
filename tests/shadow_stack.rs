//! Stack pointers of every frame, on made-up stacks over small modules.

use std::collections::HashMap;
use std::rc::Rc;

use wasmgdb::files::Files;
use wasmgdb::target::dataflow::Flows;
use wasmgdb::target::physical::{PhysicalFrame, Recorded};
use wasmgdb::target::shadow_stack::{Missing, Origin, ShadowStack};
use wasmgdb::wasm::{FuncIdx, FuncOffset, GlobalIdx, Module, WasmValue};

/// Globals by instance; instances share a global where `shared` says so.
#[derive(Default)]
struct Facts {
    globals: HashMap<(u32, u32), i32>,
    shared: bool,
}

impl Facts {
    fn stack_pointer(value: i32) -> Self {
        Facts { globals: HashMap::from([((0, 0), value)]), shared: false }
    }
}

impl Recorded for Facts {
    fn memory(&self, _: u32, _: u32, _: u64, _: usize) -> Option<u64> {
        None
    }

    fn memory_size(&self, _: u32, _: u32) -> Option<u64> {
        None
    }

    fn global(&self, instance: u32, global: GlobalIdx) -> Option<WasmValue> {
        self.globals.get(&(instance, global.0)).copied().map(WasmValue::I32)
    }

    fn global_identity(&self, instance: u32, global: GlobalIdx) -> Option<u32> {
        Some(if self.shared { global.0 } else { instance * 100 + global.0 })
    }

    fn may_use_global(&self, instance: u32, identity: u32) -> bool {
        self.shared || identity / 100 == instance
    }
}

/// `main` (exported) with 16 bytes calls `middle` with 32, which calls `leaf` without a frame; `alloca` calls `leaf`
/// too, with a frame of run-time size.
const PROGRAM: &str = r#"(module
    (global $__stack_pointer (mut i32) (i32.const 66560)) (memory 2)
    (func $leaf (param i32) unreachable)
    (func $middle (param i32) (local i32)
        (local.set 1 (i32.sub (global.get 0) (i32.const 32))) (global.set 0 (local.get 1))
        (call $leaf (local.get 0))
        (global.set 0 (i32.add (local.get 1) (i32.const 32))))
    (func $main (export "main") (local i32)
        (local.set 0 (i32.sub (global.get 0) (i32.const 16))) (global.set 0 (local.get 0))
        (call $middle (i32.const 1)) (call $alloca (i32.const 2))
        (global.set 0 (i32.add (local.get 0) (i32.const 16))))
    (func $alloca (param i32) (local i32)
        (local.set 1 (global.get 0)) (global.set 0 (i32.sub (local.get 1) (local.get 0)))
        (call $leaf (local.get 0)) (global.set 0 (local.get 1))))"#;

const LEAF: FuncIdx = FuncIdx(0);
const MIDDLE: FuncIdx = FuncIdx(1);
const MAIN: FuncIdx = FuncIdx(2);
const ALLOCA: FuncIdx = FuncIdx(3);

/// A frame at the trap or the `nth` call of its function.
fn frame<'f>(flows: &Rc<Flows<'f>>, func: FuncIdx, nth: usize) -> PhysicalFrame<'f> {
    let instructions = flows.module().body(func).unwrap().instructions().map(|i| i.unwrap());
    let stops = |i: &wasmgdb::wasm::code::Instruction<'_>| {
        let name = format!("{:?}", i.operator);
        name.starts_with("Call ") || name == "Unreachable"
    };
    let offset = instructions.filter(stops).nth(nth).unwrap().offset;
    PhysicalFrame {
        flows: Some(flows.clone()),
        instance: Some(0),
        func,
        offset: Some(offset),
        recorded_locals: Rc::from([]),
        recorded_operands: Rc::from([]),
    }
}

fn with_program(test: impl Fn(&Rc<Flows<'_>>)) {
    let files = Files::new();
    let module = Rc::new(Module::parse(files.adopt(wat::parse_str(PROGRAM).unwrap())).unwrap());
    let flows = Rc::new(Flows::new(module.clone()));
    test(&flows);
}

fn pointers(stack: &ShadowStack, frames: usize) -> Vec<Option<u64>> {
    (0..frames).map(|f| stack.pointer(f)).collect()
}

#[test]
fn each_callers_stack_pointer_is_what_its_callee_was_entered_with() {
    with_program(|flows| {
        let frames = [frame(flows, LEAF, 0), frame(flows, MIDDLE, 0), frame(flows, MAIN, 0)];
        let stack = ShadowStack::unwind(&frames, &Facts::stack_pointer(1000));
        assert_eq!(pointers(&stack, 3), [Some(1000), Some(1000), Some(1032)]);
        assert_eq!(stack.entry(2), Some(1048));
        assert!(stack.provenance(2).unwrap().is_exact());
    });
}

#[test]
fn a_frame_of_run_time_size_ends_the_chain_unless_the_oldest_frame_tells() {
    with_program(|flows| {
        let frames = [frame(flows, LEAF, 0), frame(flows, ALLOCA, 0), frame(flows, MAIN, 1)];
        let stack = ShadowStack::unwind(&frames, &Facts::stack_pointer(66_560 - 16 - 64));
        assert_eq!(pointers(&stack, 3), [Some(66_480), Some(66_480), Some(66_544)]);
        assert!(stack.provenance(1).unwrap().is_exact());
        assert!(!stack.provenance(2).unwrap().is_exact(), "it rests on the initial value");
        assert_eq!(stack.entry(1), Some(66_544));

        // The same without its outermost frame.
        let stack = ShadowStack::unwind(&frames[..2], &Facts::stack_pointer(66_480));
        assert_eq!(stack.entry(1), None);
        assert_eq!(stack.frames[1].missing, Some(Missing::Moved));
        assert!(stack.entry_provenance(1).unwrap_err().text.contains("alloca"));
    });
}

#[test]
fn recorded_locals_win_and_start_the_chain_again() {
    with_program(|flows| {
        let recorded = [WasmValue::I32(7), WasmValue::I32(5_000)];
        let mut frames = [frame(flows, LEAF, 0), frame(flows, ALLOCA, 0), frame(flows, MAIN, 1)];
        frames[1].recorded_locals = Rc::from(recorded);
        let stack = ShadowStack::unwind(&frames, &Facts::stack_pointer(4_900));
        assert_eq!(pointers(&stack, 3), [Some(4_900), Some(4_900), Some(5_000)]);
        assert_eq!(stack.frames[1].entry.as_ref().unwrap().origin, Origin::RecordedLocal { index: 1 });
        assert!(stack.provenance(2).unwrap().is_exact());
        assert_eq!(stack.frames[1].contradicted_by, None);
    });
}

#[test]
fn a_recorded_local_that_contradicts_the_chain_is_reported() {
    with_program(|flows| {
        let recorded = [WasmValue::I32(7), WasmValue::I32(2_000)];
        let mut frames = [frame(flows, LEAF, 0), frame(flows, MIDDLE, 0)];
        frames[1].recorded_locals = Rc::from(recorded);
        let stack = ShadowStack::unwind(&frames, &Facts::stack_pointer(1_000));
        assert_eq!(stack.frames[1].contradicted_by, Some(1));
        assert_eq!(stack.entry(1), Some(2_032));
    });
}

#[test]
fn missing_recorded_locals_say_nothing() {
    with_program(|flows| {
        let recorded = [WasmValue::Missing, WasmValue::Missing];
        let mut frames = [frame(flows, LEAF, 0), frame(flows, MIDDLE, 0)];
        frames[1].recorded_locals = Rc::from(recorded);
        let stack = ShadowStack::unwind(&frames, &Facts::stack_pointer(1_000));
        assert_eq!(stack.entry(1), Some(1_032));
        assert_eq!(stack.frames[1].contradicted_by, None);
    });
}

#[test]
fn a_stack_pointer_that_wrapped_below_zero_unwinds_to_where_it_came_from() {
    with_program(|flows| {
        let frames = [frame(flows, LEAF, 0), frame(flows, MIDDLE, 0), frame(flows, MAIN, 0)];
        let stack = ShadowStack::unwind(&frames, &Facts::stack_pointer(-16));
        assert_eq!(pointers(&stack, 3), [Some(0xffff_fff0), Some(0xffff_fff0), Some(16)]);
    });
}

#[test]
fn instances_have_stack_pointers_of_their_own() {
    with_program(|flows| {
        let mut frames =
            [frame(flows, LEAF, 0), frame(flows, MIDDLE, 0), frame(flows, MIDDLE, 0), frame(flows, MAIN, 0)];
        frames[0].instance = Some(1);
        frames[1].instance = Some(1);
        let globals = HashMap::from([((1, 0), 300), ((0, 0), 9_000)]);
        let stack = ShadowStack::unwind(&frames, &Facts { globals: globals.clone(), shared: false });
        assert_eq!(pointers(&stack, 4), [Some(300), Some(300), Some(9_000), Some(9_032)]);
        // Instances that share the global share the chain.
        let stack = ShadowStack::unwind(&frames, &Facts { globals, shared: true });
        assert_eq!(pointers(&stack, 4), [Some(300), Some(300), Some(332), Some(364)]);
    });
}

#[test]
fn a_frame_without_module_ends_only_the_chains_that_its_instance_takes_part_in() {
    with_program(|flows| {
        let mut frames = [frame(flows, LEAF, 0), frame(flows, MIDDLE, 0), frame(flows, MAIN, 0)];
        (frames[1].flows, frames[1].instance) = (None, Some(1));
        let facts = |shared| Facts { globals: HashMap::from([((0, 0), 1_000)]), shared };
        let stack = ShadowStack::unwind(&frames, &facts(false));
        assert_eq!(pointers(&stack, 3), [Some(1_000), None, Some(1_000)]);
        let stack = ShadowStack::unwind(&frames, &facts(true));
        assert_eq!(stack.frames[1].missing, Some(Missing::NoModule));
        assert!(!stack.provenance(2).is_ok_and(|p| p.is_exact()));
    });
}

#[test]
fn the_dumps_global_is_not_taken_for_a_frames_own_behind_one_that_cannot_be_followed() {
    with_program(|flows| {
        let mut frames = [frame(flows, LEAF, 0), frame(flows, MIDDLE, 0)];
        (frames[0].flows, frames[0].instance) = (None, Some(1));
        let facts = |shared| Facts { globals: HashMap::from([((0, 0), 1_000)]), shared };
        assert_eq!(ShadowStack::unwind(&frames, &facts(false)).pointer(1), Some(1_000));
        assert_eq!(ShadowStack::unwind(&frames, &facts(true)).pointer(1), None);
    });
}

#[test]
fn a_frame_that_has_not_begun_has_moved_nothing() {
    with_program(|flows| {
        let mut frames = [frame(flows, MIDDLE, 0), frame(flows, MIDDLE, 0)];
        frames[0].offset = Some(FuncOffset(0));
        let stack = ShadowStack::unwind(&frames, &Facts::stack_pointer(1_000));
        assert_eq!((stack.entry(0), stack.entry(1)), (Some(1_000), Some(1_032)));
        frames[0].offset = None;
        let stack = ShadowStack::unwind(&frames, &Facts::stack_pointer(1_000));
        assert_eq!((stack.pointer(0), stack.entry(0), stack.pointer(1)), (Some(1_000), None, None));
    });
}

#[test]
fn deep_recursion_costs_one_analysis_of_each_function() {
    with_program(|flows| {
        let mut frames = vec![frame(flows, LEAF, 0)];
        frames.extend(std::iter::repeat_n(frame(flows, MIDDLE, 0), 20_000));
        frames.push(frame(flows, MAIN, 0));
        let stack = ShadowStack::unwind(&frames, &Facts::stack_pointer(1_000));
        assert_eq!(stack.pointer(20_001), Some(1_000 + 32 * 20_000));
        assert_eq!(flows.analysed(), 3);
    });
}

#[test]
fn a_function_that_raises_the_stack_pointer_is_not_believed() {
    let files = Files::new();
    let wat = r#"(module (global $__stack_pointer (mut i32) (i32.const 66560))
        (func (global.set 0 (i32.add (global.get 0) (i32.const 16))) unreachable))"#;
    let module = Rc::new(Module::parse(files.adopt(wat::parse_str(wat).unwrap())).unwrap());
    let flows = Rc::new(Flows::new(module.clone()));
    let stack = ShadowStack::unwind(&[frame(&flows, LEAF, 0)], &Facts::stack_pointer(1_000));
    assert_eq!(stack.pointer(0), Some(1_000));
    assert_eq!(stack.frames[0].missing, Some(Missing::Raised));
}
