//! What the oldest recorded frame was passed by callers that the dump does not name: engines cut deep stacks.
//!
//! Assumptions: the thread began in an exported function with the stack pointer's initial value, and between that
//! function and the oldest frame no host function called back. Then every lost frame has lowered the stack pointer by
//! an amount that its code tells, and together they have lowered it from the initial value to what the oldest frame
//! was entered with. A *situation* is a function and how far the stack pointer was below the initial value when it was
//! entered. All chains of calls are looked at that lead to the oldest frame, and in which no function occurs twice but
//! those that are on the recorded stack; a parameter that all of them pass alike is known. A recursion counts down, or
//! passes on what it was passed.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::solver::Solver;
use crate::target::dataflow::callers::Caller;
use crate::target::dataflow::evaluate::evaluate;
use crate::target::dataflow::{Arena, Expr, ExprId, Flows};
use crate::target::physical::PhysicalFrame;
use crate::wasm::module::ExternalKind;
use crate::wasm::value::ValueType;
use crate::wasm::{FuncIdx, FuncOffset};

/// How far below its initial value the stack pointer was when a function was entered.
type Situation = (u64, FuncIdx);

/// Most situations looked at; a runaway recursion has as many as fit frames on a stack.
const MAX_SITUATIONS: usize = 100_000;

/// Most steps in trying chains of calls.
const MAX_CHAIN_STEPS: usize = 200_000;

/// Most functions analysed for one stack.
const MAX_FUNCTIONS: usize = 64;

/// Deepest expression of an argument.
const MAX_NESTING: u32 = 8;

/// A parameter, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value {
    Known(u64),
    Unknown,
}

/// The situations of a cut stack, and which calls lead from one to another.
struct Search<'s, 'f> {
    flows: &'s Flows<'f>,
    /// How far calls lower the stack pointer; none: nobody knows.
    lowered: HashMap<Caller, Option<u64>>,
    analysed: HashSet<FuncIdx>,
    /// For each situation those that call it, and from where.
    callers: HashMap<Situation, Vec<(Situation, FuncOffset)>>,
    outermost: HashSet<FuncIdx>,
}

impl Solver<'_> {
    /// Parameters of the oldest frame's function.
    pub(super) fn lost_parameter(&mut self, frame: usize, index: u32) -> Option<u64> {
        if self.lost.is_none() {
            let known = self.frames.get(frame).and_then(|physical| self.lost_parameters(frame, physical));
            self.lost = Some(known.unwrap_or_default());
        }
        *self.lost.as_ref()?.get(index as usize)?
    }

    fn lost_parameters(&self, frame: usize, physical: &PhysicalFrame<'_>) -> Option<Vec<Option<u64>>> {
        let flows = physical.flows.as_deref()?;
        let module = flows.module();
        let entry = self.stack.frames.get(frame)?.entry.as_ref().filter(|entry| !entry.assumed)?;
        let global = module.globals().get(flows.stack_pointer()?.0 as usize)?;
        let initial = global.initial?.as_address()?;
        let below = match global.kind {
            ValueType::I64 => initial.wrapping_sub(entry.address),
            _ => u64::from((initial as u32).wrapping_sub(entry.address as u32)),
        };
        let mut search = Search::new(flows);
        let oldest = (below, physical.func);
        search.explore(oldest)?;
        let possible = search.possible();
        let recorded: HashSet<FuncIdx> = self.frames.iter().map(|f| f.func).collect();
        search.callers = search.simple_chains(oldest, &possible, &recorded)?;
        let values = search.values(initial)?;
        let count = module.function_type(physical.func)?.params.len();
        let known = |index| match values.get(&oldest).and_then(|params| params.get(index)) {
            Some(Some(Value::Known(bits))) => Some(*bits),
            _ => None,
        };
        Some((0..count).map(known).collect())
    }
}

impl<'s, 'f> Search<'s, 'f> {
    fn new(flows: &'s Flows<'f>) -> Self {
        let exports = flows.module().exports().iter().filter(|e| e.kind == ExternalKind::Function);
        Search {
            flows,
            lowered: HashMap::new(),
            analysed: HashSet::new(),
            callers: HashMap::new(),
            outermost: exports.map(|e| FuncIdx(e.index)).collect(),
        }
    }

    /// All situations that may lead to `oldest`; none if they are too many.
    fn explore(&mut self, oldest: Situation) -> Option<()> {
        let mut rest = vec![oldest];
        while let Some(situation) = rest.pop() {
            if self.callers.contains_key(&situation) {
                continue;
            }
            if self.callers.len() >= MAX_SITUATIONS {
                return None;
            }
            let (below, function) = situation;
            let mut callers = Vec::new();
            for (caller, offset) in self.flows.callers()?.reaching(self.flows.module(), function) {
                let Some(lowered) = self.lowered((caller, offset))? else { continue };
                if let Some(below) = below.checked_sub(lowered) {
                    callers.push(((below, caller), offset));
                    rest.push((below, caller));
                }
            }
            self.callers.insert(situation, callers);
        }
        Some(())
    }

    /// How far a function has lowered the stack pointer at a call. The outer option: too many were asked for.
    fn lowered(&mut self, (function, offset): Caller) -> Option<Option<u64>> {
        if let Some(known) = self.lowered.get(&(function, offset)) {
            return Some(*known);
        }
        if self.analysed.insert(function) && self.analysed.len() > MAX_FUNCTIONS {
            return None;
        }
        let flow = self.flows.stack_pointers(function, &[offset]).ok();
        let moved = flow.and_then(|flow| flow.distance_from_entry(flow.state(offset)?.stack_pointer()?));
        let lowered = moved.filter(|moved| *moved <= 0).map(i64::unsigned_abs);
        self.lowered.insert((function, offset), lowered);
        Some(lowered)
    }

    /// The situations to which a chain of calls leads from an exported function and the whole stack.
    fn possible(&self) -> HashSet<Situation> {
        let mut called: HashMap<Situation, Vec<Situation>> = HashMap::new();
        for (callee, callers) in &self.callers {
            for (caller, _) in callers {
                called.entry(*caller).or_default().push(*callee);
            }
        }
        let mut rest: Vec<Situation> = self.callers.keys().filter(|s| self.is_start(**s)).copied().collect();
        let mut possible = HashSet::new();
        while let Some(situation) = rest.pop() {
            if possible.insert(situation) {
                rest.extend(called.get(&situation).into_iter().flatten());
            }
        }
        possible
    }

    /// The calls of all chains to `oldest` in which functions that are not `recorded` occur once.
    fn simple_chains(
        &self,
        oldest: Situation,
        possible: &HashSet<Situation>,
        recorded: &HashSet<FuncIdx>,
    ) -> Option<HashMap<Situation, Vec<(Situation, FuncOffset)>>> {
        let mut chains: HashMap<Situation, Vec<(Situation, FuncOffset)>> = HashMap::new();
        // The current chain from the oldest frame outwards: a situation, how many of its callers were tried, and
        // whether its latest call is among the chains already.
        let mut path: Vec<(Situation, usize, bool)> = vec![(oldest, 0, false)];
        let mut on_path: HashSet<Situation> = HashSet::from([oldest]);
        let mut used: HashSet<FuncIdx> = HashSet::new();
        let mut steps = MAX_CHAIN_STEPS;
        while let Some((situation, tried, noted)) = path.last_mut() {
            steps = steps.checked_sub(1)?;
            let (here, next) = (*situation, self.callers.get(situation).and_then(|all| all.get(*tried)));
            let Some((caller, _)) = next else {
                used.remove(&here.1);
                on_path.remove(&here);
                path.pop();
                continue;
            };
            (*tried, *noted) = (*tried + 1, false);
            let is_again = !recorded.contains(&caller.1) && used.contains(&caller.1);
            if is_again || !possible.contains(caller) || !on_path.insert(*caller) {
                continue;
            }
            path.push((*caller, 0, false));
            used.insert(caller.1);
            if self.is_start(*caller) {
                chains.entry(*caller).or_default();
                for (situation, tried, noted) in path.iter_mut().rev().skip(1) {
                    if std::mem::replace(noted, true) {
                        break;
                    }
                    let call = self.callers.get(situation)?.get(tried.checked_sub(1)?)?;
                    let calls = chains.entry(*situation).or_default();
                    if !calls.contains(call) {
                        calls.push(*call);
                    }
                }
            }
        }
        Some(chains)
    }

    /// An exported function with the whole stack before it.
    fn is_start(&self, situation: Situation) -> bool {
        situation.0 == 0 && self.outermost.contains(&situation.1)
    }

    /// The parameters in all situations that are possible; an entry that is missing has no caller yet.
    fn values(&self, initial: u64) -> Option<HashMap<Situation, Vec<Option<Value>>>> {
        // Callers lie less deep, or equally deep: those at one depth are gone through until nothing changes.
        let mut depths: BTreeMap<u64, Vec<Situation>> = BTreeMap::new();
        for situation in self.callers.keys() {
            depths.entry(situation.0).or_default().push(*situation);
        }
        let mut values: HashMap<Situation, Vec<Option<Value>>> = HashMap::new();
        for situations in depths.values_mut() {
            situations.sort_unstable();
            const MAX_PASSES: usize = 64;
            let mut passes = 0;
            loop {
                let mut changed = false;
                for situation in situations.iter() {
                    let params = self.parameters(*situation, &values, initial)?;
                    changed |= values.insert(*situation, params.clone()).as_ref() != Some(&params);
                }
                passes += 1;
                match (changed, passes) {
                    (false, _) => break,
                    (true, MAX_PASSES) => return None,
                    _ => {}
                }
            }
        }
        Some(values)
    }

    /// What all callers of a situation pass, as far as they agree.
    fn parameters(
        &self,
        situation: Situation,
        values: &HashMap<Situation, Vec<Option<Value>>>,
        initial: u64,
    ) -> Option<Vec<Option<Value>>> {
        let count = self.flows.module().function_type(situation.1)?.params.len();
        // The host passes what nobody knows.
        let mut known = vec![self.is_start(situation).then_some(Value::Unknown); count];
        for (caller, offset) in self.callers.get(&situation)? {
            let flow = self.flows.function(caller.1, &[*offset]).ok()?;
            let state = flow.state(*offset)?;
            let pointer = flow.stack_pointer().map(|global| (global.0, initial.wrapping_sub(caller.0)));
            let passed = Passed { arena: flow.arena(), pointer, params: values.get(caller).map(Vec::as_slice) };
            for (index, known) in (0u32..).zip(known.iter_mut()) {
                let value = state.argument(index).map_or(Some(Value::Unknown), |id| passed.evaluate(id, MAX_NESTING));
                *known = match (*known, value) {
                    (None, value) | (value, None) => value,
                    (Some(a), Some(b)) if a == b => Some(a),
                    _ => Some(Value::Unknown),
                };
            }
        }
        Some(known)
    }
}

/// What a caller computes its arguments from.
struct Passed<'a> {
    arena: &'a Arena,
    /// The stack pointer's global and its value at entry.
    pointer: Option<(u32, u64)>,
    params: Option<&'a [Option<Value>]>,
}

impl Passed<'_> {
    /// The value of an expression of the caller; none while its own callers are not known.
    fn evaluate(&self, id: ExprId, nesting: u32) -> Option<Value> {
        let Some(nesting) = nesting.checked_sub(1) else { return Some(Value::Unknown) };
        let computed = |op, a, b| match (a, b) {
            (Value::Known(a), Value::Known(b)) => evaluate(op, a, b).map_or(Value::Unknown, Value::Known),
            _ => Value::Unknown,
        };
        match self.arena.expr(id) {
            Expr::Const { bits, .. } => Some(Value::Known(bits)),
            Expr::Param(index) => match self.params {
                Some(params) => *params.get(index as usize)?,
                None => None,
            },
            Expr::GlobalEntry(global) => Some(match self.pointer {
                Some((pointer, value)) if pointer == global => Value::Known(match self.arena.kind(id) {
                    Some(ValueType::I64) => value,
                    _ => u64::from(value as u32),
                }),
                _ => Value::Unknown,
            }),
            Expr::Unary(op, a) => Some(computed(op, self.evaluate(a, nesting)?, Value::Known(0))),
            Expr::Binary(op, a, b) => Some(computed(op, self.evaluate(a, nesting)?, self.evaluate(b, nesting)?)),
            _ => Some(Value::Unknown),
        }
    }
}
