//! The answers of the dataflow for one function: its states at chosen points, and the expressions they are made of.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use ahash::{AHashMap as HashMap, AHashSet as HashSet};

use super::domain::{Arena, ExprId, MemorySlot, MemorySlotId, Site};
use super::point::FlowState;
use super::state::{PathFact, PathFacts};
use super::transfer::Machine;
use super::walk::{Walk, Wanted};
use crate::error::{Error, Result};
use crate::wasm::{FuncIdx, FuncOffset, GlobalIdx};

/// Places that are stored to, by memory and base.
type StoredByBase = HashMap<(u32, Option<ExprId>), Vec<MemorySlot>>;

/// One function, analysed.
#[derive(Debug)]
pub struct FunctionFlow {
    function: FuncIdx,
    arena: Arena,
    facts: PathFacts,
    states: BTreeMap<FuncOffset, FlowState>,
    exit: Option<FlowState>,
    calls: HashMap<Site, (FuncIdx, Vec<ExprId>)>,
    escaped: HashMap<ExprId, Site>,
    stored: HashMap<MemorySlotId, Site>,
    filled: HashSet<(u32, Option<ExprId>)>,
    loops: Vec<(Site, Site)>,
    stack_pointer: Option<GlobalIdx>,
    damage: Option<Error>,
    asked: Vec<FuncOffset>,
    steps: u64,
    agreeing: OnceCell<HashMap<ExprId, ExprId>>,
    stored_by_base: OnceCell<StoredByBase>,
}

impl FunctionFlow {
    /// Analyse `function` for the states that are wanted, with a machine that has executed nothing yet.
    ///
    /// # Errors
    /// The function has no body, or more locals than any engine takes. What fails later is `damage`.
    pub(super) fn analyse(
        machine: Machine<'_, '_>,
        function: FuncIdx,
        stack_pointer: Option<GlobalIdx>,
        mut wanted: Wanted,
    ) -> Result<Self> {
        wanted.offsets.sort_unstable();
        wanted.offsets.dedup();
        let steps = machine.steps_left();
        let asked = wanted.offsets.clone();
        let mut walk = Walk::new(machine, function, wanted)?;
        let damage = walk.run().err();
        Ok(FunctionFlow {
            function,
            states: walk.states,
            exit: walk.exit.filter(|_| damage.is_none()),
            steps: steps.saturating_sub(walk.machine.steps_left()),
            calls: walk.machine.calls,
            escaped: walk.machine.escaped,
            stored: walk.machine.stored,
            filled: walk.machine.filled,
            loops: walk.loops,
            arena: walk.machine.arena,
            facts: walk.machine.facts,
            stack_pointer,
            damage,
            asked,
            agreeing: OnceCell::new(),
            stored_by_base: OnceCell::new(),
        })
    }

    /// The function that was analysed.
    pub fn function(&self) -> FuncIdx {
        self.function
    }

    /// The offsets that the analysis was asked for, sorted.
    pub fn asked(&self) -> &[FuncOffset] {
        &self.asked
    }

    /// The expressions that all ids of this function's states belong to.
    pub fn arena(&self) -> &Arena {
        &self.arena
    }

    /// The state before the instruction at `offset`; none if it was not asked for, no instruction begins there, no
    /// path leads there, or the analysis broke off before (see `damage`).
    pub fn state(&self, offset: FuncOffset) -> Option<&FlowState> {
        self.states.get(&offset)
    }

    /// The state in which the function returns, its results as operands; none if it was not asked for or never does.
    pub fn exit(&self) -> Option<&FlowState> {
        self.exit.as_ref()
    }

    /// Why the analysis broke off, if it did.
    pub fn damage(&self) -> Option<&Error> {
        self.damage.as_ref()
    }

    /// The global that the analysis took for the stack pointer.
    pub fn stack_pointer(&self) -> Option<GlobalIdx> {
        self.stack_pointer
    }

    /// How far `value` lies from the stack pointer at the function's entry, if it is that plus a constant.
    pub fn distance_from_entry(&self, value: ExprId) -> Option<i64> {
        self.arena.distance_from_entry(value, self.stack_pointer?.0)
    }

    /// Places in memory whose content is known at a state: the place, its content, and whether nothing on the way
    /// may have written it since (else it holds unless memory changed).
    pub fn memory_facts<'a>(&'a self, state: &'a FlowState) -> impl Iterator<Item = (MemorySlotId, ExprId, bool)> + 'a {
        state.state.memory.facts(&self.arena)
    }

    /// What the branches on the way to a state prove, the latest first.
    pub fn path_facts<'a>(&'a self, state: &FlowState) -> impl Iterator<Item = PathFact> + 'a {
        self.facts.of(state.state.facts)
    }

    /// What the direct call at `site` calls and passes, each time as of its latest execution.
    pub fn direct_call(&self, site: Site) -> Option<(FuncIdx, &[ExprId])> {
        self.calls.get(&site).map(|(callee, arguments)| (*callee, arguments.as_slice()))
    }

    /// All direct calls, in any order.
    pub fn direct_calls(&self) -> impl Iterator<Item = (Site, FuncIdx, &[ExprId])> {
        self.calls.iter().map(|(site, (callee, arguments))| (*site, *callee, arguments.as_slice()))
    }

    /// Values that code which may have run before `offset` passed to a call or stored, in a fixed order: other code may
    /// have got hold of them.
    pub fn escaped(&self, offset: FuncOffset) -> Vec<ExprId> {
        let last = self.last_before(offset);
        let mut escaped: Vec<ExprId> =
            self.escaped.iter().filter(|(_, site)| site.offset() <= last).map(|(id, _)| *id).collect();
        escaped.sort_unstable();
        escaped
    }

    /// Places that stores which may have run before `offset` may have written; one whose base changes may have been
    /// several.
    pub fn stored(&self, offset: FuncOffset) -> Vec<MemorySlotId> {
        let last = self.last_before(offset);
        let may_have_run = |site: &Site| site.offset() < offset || site.offset() < last;
        let mut stored: Vec<MemorySlotId> =
            self.stored.iter().filter(|(_, site)| may_have_run(site)).map(|(id, _)| *id).collect();
        stored.sort_unstable();
        stored
    }

    /// The last instruction that may have run before the one at `offset`: in a loop, the loop's last.
    fn last_before(&self, offset: FuncOffset) -> FuncOffset {
        let around = self.loops.iter().find(|(start, end)| start.offset() < offset && offset < end.offset());
        around.map_or(offset, |(_, end)| end.offset())
    }

    /// The function may itself have written the place.
    pub fn may_store(&self, slot: &MemorySlot) -> bool {
        let memory64 = self.arena.is_memory64(slot.memory);
        let base = (slot.memory, slot.base);
        let stored = self.stored_by_base.get_or_init(|| {
            let mut stored = StoredByBase::new();
            for slot in self.stored.keys().filter_map(|id| self.arena.slot(*id)) {
                stored.entry((slot.memory, slot.base)).or_default().push(slot);
            }
            stored
        });
        let overlaps = |other: &MemorySlot| other.overlaps(slot, memory64);
        self.filled.contains(&base) || stored.get(&base).is_some_and(|stored| stored.iter().any(overlaps))
    }

    /// Before this point, the function has neither stored anything nor called anyone.
    pub fn has_written_nothing(&self, state: &FlowState) -> bool {
        state.state.memory.is_undisturbed()
    }

    /// The expression that stands for all that are known to have the value of `id`, whichever paths were taken.
    pub fn canonical(&self, id: ExprId) -> ExprId {
        self.agreeing.get_or_init(|| self.arena.agreeing_phis()).get(&id).copied().unwrap_or(id)
    }

    /// Steps of the budget that the analysis took.
    pub fn steps(&self) -> u64 {
        self.steps
    }
}
