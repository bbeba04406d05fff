//! The dataflow of one module's functions, each analysed once, when it is first asked for.
//!
//! Also finds the stack pointer in a module that does not name it: the global that functions lower and set back to
//! what it was when they were entered. Nothing is matched: the dataflow itself says what a function sets a global to.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::callers::Callers;
use super::flow::FunctionFlow;
use super::tail_calls::TailCalls;
use super::tracked::Tracked;
use super::transfer::{Machine, Preserved};
use super::walk::{Walk, Wanted};
use crate::error::{Error, Result};
use crate::limits::{MAX_DATAFLOW_STEPS, MAX_STACK_POINTER_SEARCH, MAX_SUMMARY_BYTES};
use crate::wasm::module::ExternalKind;
use crate::wasm::value::ValueType;
use crate::wasm::{FuncIdx, FuncOffset, GlobalIdx, Module};

/// Runs of locals of one type: the index after the run, and the type.
type LocalRuns = Rc<[(u64, ValueType)]>;

/// The analyses of one module.
pub struct Flows<'f> {
    module: Rc<Module<'f>>,
    stack_pointer: OnceCell<Option<GlobalIdx>>,
    tail_calls: OnceCell<TailCalls>,
    own_functions_only: OnceCell<bool>,
    local_types: RefCell<HashMap<FuncIdx, LocalRuns>>,
    callers: OnceCell<Option<Callers>>,
    table_indices: OnceCell<HashMap<(u32, FuncIdx), Option<u64>>>,
    functions: RefCell<HashMap<FuncIdx, Rc<FunctionFlow>>>,
    restricted: RefCell<HashMap<FuncIdx, Rc<FunctionFlow>>>,
    tracked: RefCell<HashMap<FuncIdx, Rc<Tracked>>>,
    summaries: RefCell<HashMap<FuncIdx, Option<Rc<FunctionFlow>>>>,
    /// What all functions together may still take.
    steps_left: Cell<u64>,
    analysed: Cell<usize>,
}

impl<'f> Flows<'f> {
    /// Nothing is analysed yet.
    pub fn new(module: Rc<Module<'f>>) -> Self {
        Flows {
            module,
            stack_pointer: OnceCell::new(),
            tail_calls: OnceCell::new(),
            own_functions_only: OnceCell::new(),
            local_types: RefCell::default(),
            callers: OnceCell::new(),
            table_indices: OnceCell::new(),
            functions: RefCell::default(),
            restricted: RefCell::default(),
            tracked: RefCell::default(),
            summaries: RefCell::default(),
            steps_left: Cell::new(MAX_DATAFLOW_STEPS),
            analysed: Cell::new(0),
        }
    }

    /// The module.
    pub fn module(&self) -> &Module<'f> {
        &self.module
    }

    /// The module's stack pointer: by name, by export, else found by what functions do with their globals.
    pub fn stack_pointer(&self) -> Option<GlobalIdx> {
        *self.stack_pointer.get_or_init(|| self.module.stack_pointer().or_else(|| find_stack_pointer(&self.module)))
    }

    /// Which functions of the module may be entered by a tail call.
    pub fn tail_calls(&self) -> &TailCalls {
        self.tail_calls.get_or_init(|| TailCalls::of(&self.module))
    }

    /// A table holds the module's own functions alone: nobody else has it, and no import can get in.
    pub fn is_private_table(&self, table: u32) -> bool {
        let own_only = *self.own_functions_only.get_or_init(|| !self.module.can_refer_to_imports());
        let is_table = |kind: ExternalKind, index: u32| kind == ExternalKind::Table && index == table;
        own_only
            && !self.module.exports().iter().any(|e| is_table(e.kind, e.index))
            && self.module.imports().as_ref().is_ok_and(|imports| !imports.iter().any(|i| is_table(i.kind, i.index)))
    }

    /// The declared type of a local, parameters first.
    pub fn local_type(&self, function: FuncIdx, index: u32) -> Option<ValueType> {
        let known = self.local_types.borrow().get(&function).cloned();
        let runs = match known {
            Some(runs) => runs,
            None => {
                let mut end = 0;
                let mut run = |count: u32, kind: ValueType| {
                    end += u64::from(count);
                    (end, kind)
                };
                let params = self.module.function_type(function).map_or(&[][..], |f| &f.params);
                let mut runs: Vec<(u64, ValueType)> = params.iter().map(|kind| run(1, *kind)).collect();
                let declared = self.module.body(function).and_then(|body| body.local_declarations().ok());
                runs.extend(declared.unwrap_or_default().into_iter().map(|(count, kind)| run(count, kind.into())));
                let runs: LocalRuns = runs.into();
                self.local_types.borrow_mut().insert(function, Rc::clone(&runs));
                runs
            }
        };
        let at = runs.partition_point(|(end, _)| *end <= u64::from(index));
        runs.get(at).map(|(_, kind)| *kind)
    }

    /// The module's calls; none if they cannot be listed.
    pub fn callers(&self) -> Option<&Callers> {
        self.callers.get_or_init(|| Callers::of(&self.module)).as_ref()
    }

    /// The only index at which element segments put `function` into a table; none if there are several or none.
    pub fn table_index_of(&self, table: u32, function: FuncIdx) -> Option<u64> {
        let indices = self.table_indices.get_or_init(|| {
            let mut indices: HashMap<(u32, FuncIdx), Option<u64>> = HashMap::new();
            for ((table, index), function) in self.module.table_entries() {
                indices.entry((*table, *function)).and_modify(|known| *known = None).or_insert(Some(*index));
            }
            indices
        });
        *indices.get(&(table, function))?
    }

    /// The analysis of `function` with the states at `offsets`. Ask for all offsets of a function at once: a new one
    /// repeats the analysis.
    ///
    /// # Errors
    /// The function has no body, or the budget of all functions together is used up.
    pub fn function(&self, function: FuncIdx, offsets: &[FuncOffset]) -> Result<Rc<FunctionFlow>> {
        let mut wanted = Wanted { offsets: offsets.to_vec(), exit: false };
        let is_analysed = self.is_analysed(function, offsets);
        if let Some(known) = self.functions.borrow().get(&function) {
            if is_analysed {
                return Ok(known.clone());
            }
            wanted.offsets.extend_from_slice(known.asked());
        }
        let flow = Rc::new(self.analyse(function, wanted)?);
        self.functions.borrow_mut().insert(function, flow.clone());
        Ok(flow)
    }

    /// The analysis of `function` with the states at `offsets` costs nothing any more.
    pub fn is_analysed(&self, function: FuncIdx, offsets: &[FuncOffset]) -> bool {
        let functions = self.functions.borrow();
        let asked = functions.get(&function).map(|known| known.asked());
        asked.is_some_and(|asked| offsets.iter().all(|offset| asked.binary_search(offset).is_ok()))
    }

    /// The analysis of a short function with the state in which it returns; none if its body is longer than
    /// `MAX_SUMMARY_BYTES` or has none.
    pub fn summary(&self, function: FuncIdx) -> Option<Rc<FunctionFlow>> {
        if let Some(known) = self.summaries.borrow().get(&function) {
            return known.clone();
        }
        let is_short = self.module.body(function).is_some_and(|body| body.bytes.len() <= MAX_SUMMARY_BYTES);
        let wanted = Wanted { offsets: Vec::new(), exit: true };
        let flow = is_short.then(|| self.analyse(function, wanted).ok()).flatten().map(Rc::new);
        self.summaries.borrow_mut().insert(function, flow.clone());
        flow
    }

    /// The analysis of `function` with the states at `offsets`, restricted to the stack pointer and the locals that
    /// lead to it: these are what `function` says, or unknown; nothing else is there. Far cheaper than that.
    ///
    /// # Errors
    /// As for [`Flows::function`]; or the module has no stack pointer.
    pub fn stack_pointers(&self, function: FuncIdx, offsets: &[FuncOffset]) -> Result<Rc<FunctionFlow>> {
        let mut wanted = Wanted { offsets: offsets.to_vec(), exit: false };
        if let Some(known) = self.restricted.borrow().get(&function) {
            if offsets.iter().all(|offset| known.asked().binary_search(offset).is_ok()) {
                return Ok(known.clone());
            }
            wanted.offsets.extend_from_slice(known.asked());
        }
        let global = self.stack_pointer().ok_or_else(|| Error::Absent("the module has no stack pointer".into()))?;
        let mut machine = self.machine()?;
        let tracked = self.tracked(function, global);
        machine.spend(tracked.instructions)?;
        machine.restrict(tracked, global);
        let flow = Rc::new(self.run(machine, function, wanted)?);
        self.restricted.borrow_mut().insert(function, flow.clone());
        Ok(flow)
    }

    /// The instruction after the first one that sets a local of `function`, if another one before `end` sets it again;
    /// none if the module has no stack pointer.
    pub fn behind_first_of_several(&self, function: FuncIdx, local: u32, end: FuncOffset) -> Option<FuncOffset> {
        self.tracked(function, self.stack_pointer()?).behind_first_of_several(local, end)
    }

    fn tracked(&self, function: FuncIdx, stack_pointer: GlobalIdx) -> Rc<Tracked> {
        if let Some(known) = self.tracked.borrow().get(&function) {
            return Rc::clone(known);
        }
        let tracked = Rc::new(Tracked::of(&self.module, function, stack_pointer));
        self.tracked.borrow_mut().insert(function, Rc::clone(&tracked));
        tracked
    }

    fn analyse(&self, function: FuncIdx, wanted: Wanted) -> Result<FunctionFlow> {
        self.run(self.machine()?, function, wanted)
    }

    fn machine(&self) -> Result<Machine<'_, 'f>> {
        let steps = self.steps_left.get();
        if steps == 0 {
            return Err(Error::Limit("the dataflow of this module's functions takes too many steps".into()));
        }
        // No function may use up what the others need.
        let share = (steps / 2).max(1);
        Ok(Machine::new(&self.module, Preserved::StackPointer(self.stack_pointer()), share))
    }

    fn run(&self, machine: Machine<'_, 'f>, function: FuncIdx, wanted: Wanted) -> Result<FunctionFlow> {
        let flow = FunctionFlow::analyse(machine, function, self.stack_pointer(), wanted)?;
        let steps = self.steps_left.get();
        self.steps_left.set(steps.saturating_sub(flow.steps()));
        self.analysed.set(self.analysed.get() + 1);
        Ok(flow)
    }

    /// Number of analyses made so far, for tests of cost.
    pub fn analysed(&self) -> usize {
        self.analysed.get()
    }
}

/// The global that functions lower, and have as they found it when they return. Looks at functions from all over the
/// module, within a budget.
fn find_stack_pointer(module: &Module<'_>) -> Option<GlobalIdx> {
    if !module.globals().iter().any(|g| g.mutable) {
        return None;
    }
    let first = module.imported_functions();
    let count = module.function_count().saturating_sub(first);
    let mut votes: HashMap<u32, Votes> = HashMap::new();
    let mut steps = MAX_STACK_POINTER_SEARCH;
    // Library code stands in a row; strides visit every part of the module early.
    const STRIDES: u32 = 16;
    let functions = (0..STRIDES).flat_map(|start| (start..count).step_by(STRIDES as usize));
    for function in functions {
        let machine = Machine::new(module, Preserved::All, steps);
        let wanted = Wanted { offsets: Vec::new(), exit: true };
        let Ok(mut walk) = Walk::new(machine, FuncIdx(first + function), wanted) else { continue };
        let finished = walk.run().is_ok();
        steps = walk.machine.steps_left();
        if finished && let Some(exit) = walk.exit {
            for (global, value) in exit.known_globals() {
                let distance = walk.machine.arena.distance_from_entry(value, global.0);
                let votes = votes.entry(global.0).or_default();
                votes.for_it += u32::from(distance == Some(0) && walk.machine.lowered.contains(&global.0));
                votes.against += u32::from(distance != Some(0));
            }
        }
        if steps == 0 || votes.values().any(|v| v.for_it >= 16) {
            break;
        }
    }
    let likely = votes.into_iter().filter(|(_, v)| v.for_it > 0 && v.for_it >= 4 * v.against);
    let (global, _) = likely.max_by_key(|(global, votes)| (votes.for_it, std::cmp::Reverse(*global)))?;
    Some(GlobalIdx(global))
}

/// What functions do with a global.
#[derive(Default)]
struct Votes {
    /// Lower it and put it back.
    for_it: u32,
    /// Return with it changed.
    against: u32,
}
