//! A walk over a function body in progress: the open blocks, and how states travel to them.
//!
//! Paths meet only at the ends of blocks and at loop headers; a branch joins the current state into its label.

use std::collections::BTreeMap;

use ahash::AHashMap as HashMap;
use wasmparser::BlockType;

use super::domain::{Expr, ExprId, Place, Site};
use super::label::{Arrival, Label, LabelKind, LoopChanges};
use super::memory::{Join, Time};
use super::point::FlowState;
use super::state::Proof;
use super::transfer::Machine;
use crate::error::{Error, Result};
use crate::wasm::arity::block_arity;
use crate::wasm::code::Instructions;
use crate::wasm::module::FuncType;
use crate::wasm::value::ValueType;
use crate::wasm::{FuncIdx, FuncOffset};

/// The join at the end of a function; no instruction stands there.
pub const FUNCTION_END: Site = Site(0);

/// Which points of the body are asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Offsets of instructions, sorted; 0, where none stands, is the function's entry.
    pub offsets: Vec<FuncOffset>,
    /// The state in which the function returns.
    pub exit: bool,
}

/// A walk in progress.
pub struct Walk<'m, 'f> {
    pub machine: Machine<'m, 'f>,
    pub states: BTreeMap<FuncOffset, FlowState>,
    pub exit: Option<FlowState>,
    pub(super) wanted: Wanted,
    pub(super) labels: Vec<Label<'f>>,
    pub(super) instructions: Instructions<'f>,
    /// No path leads to the current instruction.
    pub(super) dead: bool,
    /// Blocks opened since the code is dead.
    pub(super) skipped: usize,
    /// Bytes of the body.
    pub(super) body_length: u32,
    pub(super) open_loops: usize,
    /// Where the outermost loops begin and end.
    pub(super) loops: Vec<(Site, Site)>,
    pub(super) open_handlers: usize,
    pub(super) changes: HashMap<Site, LoopChanges>,
}

impl<'m, 'f> Walk<'m, 'f> {
    /// A walk over `function`, which must have a body.
    pub fn new(mut machine: Machine<'m, 'f>, function: FuncIdx, wanted: Wanted) -> Result<Self> {
        let body = machine.module.body(function);
        let body = body.ok_or_else(|| Error::Absent(format!("function {} has no body", function.0)))?;
        let kind = machine.module.function_type(function).cloned().unwrap_or_default();
        enter(&mut machine, &kind, &body.local_declarations()?, body.bytes.len());
        let label = Label {
            kind: LabelKind::Function,
            site: FUNCTION_END,
            params: 0,
            results: kind.results.len(),
            height: 0,
            end: None,
            ways: 0,
            thrown: None,
            throws: 0,
        };
        let mut states = BTreeMap::new();
        if wanted.offsets.first() == Some(&FuncOffset(0)) {
            states.insert(
                FuncOffset(0),
                FlowState {
                    stack_pointer: machine.stack_pointer(),
                    state: machine.state.clone(),
                    operands: Vec::new(),
                    call: None,
                },
            );
        }
        Ok(Walk {
            machine,
            states,
            exit: None,
            wanted,
            labels: vec![label],
            instructions: body.instructions(),
            dead: false,
            skipped: 0,
            body_length: u32::try_from(body.bytes.len()).unwrap_or(u32::MAX),
            open_loops: 0,
            loops: Vec::new(),
            open_handlers: 0,
            changes: HashMap::new(),
        })
    }

    pub(super) fn prove(&mut self, condition: ExprId, proof: Proof) {
        if self.machine.arena.constant(condition).is_none() {
            self.machine.state.prove(&mut self.machine.facts, condition, proof);
        }
    }

    /// Join the current state, with what the branch proves, into the label `depth` blocks out.
    pub(super) fn branch(&mut self, depth: u32, proof: Option<(ExprId, Proof)>) -> Result<()> {
        let at = self.label_index(depth)?;
        let arity = self.labels.get(at).map_or(0, Label::branch_arity);
        let operands = self.machine.operands.len().checked_sub(arity).filter(|rest| *rest >= self.machine.height);
        let first = operands.ok_or_else(|| Error::malformed("function body: a branch lacks operands"))?;
        let operands = self.machine.operands.get(first..).unwrap_or_default().to_vec();
        let mut state = self.machine.state.clone();
        if let Some((condition, proof)) = proof.filter(|(c, _)| self.machine.arena.constant(*c).is_none()) {
            state.prove(&mut self.machine.facts, condition, proof);
        }
        self.arrive(at, Arrival { state, operands })
    }

    /// The same with operands of which nothing is known.
    pub(super) fn branch_with_opaque(&mut self, depth: u32, site: Site) -> Result<()> {
        let at = self.label_index(depth)?;
        let arity = u32::try_from(self.labels.get(at).map_or(0, Label::branch_arity)).unwrap_or(0);
        let opaque = |index| Expr::Opaque { site, index: u32::MAX - index };
        let operands = (0..arity).map(|index| self.machine.arena.intern(opaque(index), None)).collect();
        let state = self.machine.state.clone();
        self.arrive(at, Arrival { state, operands })
    }

    pub(super) fn label_index(&self, depth: u32) -> Result<usize> {
        let index = self.labels.len().checked_sub(1).and_then(|top| top.checked_sub(depth as usize));
        index.ok_or_else(|| Error::malformed("function body: a branch to a label that does not exist"))
    }

    pub(super) fn arrive(&mut self, at: usize, arrival: Arrival) -> Result<()> {
        let now = self.machine.tick();
        let Some(label) = self.labels.get_mut(at) else { return Ok(()) };
        let (site, height) = (label.site, label.height);
        let work = match &mut label.kind {
            LabelKind::Loop(start) => {
                start.ways = start.ways.saturating_add(1);
                let join = Join { thorough: true, ..self.machine.join(site, start.ways, now) };
                let (changed, work) = join_arrivals(&mut start.next, &arrival, &mut self.machine, join, height);
                start.changed |= changed;
                work
            }
            _ => label.arrive(arrival, &mut self.machine, now),
        };
        self.machine.spend(work)
    }

    /// An exception may leave the current instruction: whoever catches it finds this state.
    pub(super) fn note_throw(&mut self) -> Result<()> {
        // The handlers do not know which instruction threw, nor what its callees did before; the stack pointer is
        // that of the thrower until the handler sets it.
        for index in (0..self.labels.len()).rev() {
            let Some(label) = self.labels.get(index).filter(|l| l.catches()) else { continue };
            let join_site = handler_site(label.site);
            let mut thrown = self.machine.state.clone();
            let now = self.machine.tick();
            thrown.memory.disturb_all(now);
            thrown.forget_globals(join_site);
            let now = self.machine.tick();
            let mut work = 1;
            if let Some(label) = self.labels.get_mut(index) {
                let join = self.machine.join(join_site, label.throws, now);
                label.throws = label.throws.saturating_add(1);
                match &mut label.thrown {
                    Some(known) => {
                        work += known.join(&thrown, &mut self.machine.arena, &self.machine.facts, join).1;
                    }
                    none => *none = Some(thrown),
                }
            }
            self.machine.spend(work)?;
        }
        Ok(())
    }

    pub(super) fn die(&mut self) {
        self.dead = true;
        self.skipped = 0;
    }

    pub(super) fn arity(&self, block: BlockType) -> Result<(usize, usize)> {
        let (params, results) = block_arity(self.machine.module, block)
            .ok_or_else(|| Error::malformed("function body: a block names a type that does not exist"))?;
        Ok((params as usize, results as usize))
    }

    /// The current arm falls through to the end of the innermost block.
    pub(super) fn fall_through(&mut self) -> Result<()> {
        if self.dead {
            return Ok(());
        }
        let Some(label) = self.labels.last() else { return Ok(()) };
        let operands = self.machine.pop_many(label.results)?;
        let state = self.machine.state.clone();
        let now = self.machine.tick();
        let Some(label) = self.labels.last_mut() else { return Ok(()) };
        let work = label.arrive(Arrival { state, operands }, &mut self.machine, now);
        self.machine.spend(work)
    }
}

impl Label<'_> {
    /// Join another path into the end of the block. Returns the work.
    pub(super) fn arrive(&mut self, arrival: Arrival, machine: &mut Machine<'_, '_>, now: Time) -> usize {
        let join = machine.join(self.site, self.ways, now);
        self.ways = self.ways.saturating_add(1);
        match &mut self.end {
            Some(end) => join_arrivals(end, &arrival, machine, join, self.height).1,
            none => {
                *none = Some(arrival);
                1
            }
        }
    }
}

/// The join of the points in a `try` from which an exception may come.
pub(super) fn handler_site(site: Site) -> Site {
    Site(site.0.saturating_add(1))
}

/// Bytes of a body for which one expression is made, as compilers' code goes.
const BYTES_PER_EXPRESSION: usize = 4;

/// Most expressions that memory is reserved for.
const MAX_RESERVED: usize = 1 << 14;

/// Parameters and zeroed locals.
fn enter(machine: &mut Machine<'_, '_>, kind: &FuncType, declared: &[(u32, wasmparser::ValType)], body_bytes: usize) {
    let params = u32::try_from(kind.params.len()).unwrap_or(u32::MAX);
    machine.local_count = declared.iter().fold(params, |sum, (count, _)| sum.saturating_add(*count));
    // What a restricted walk follows is set from the stack pointer first.
    if machine.restriction.is_some() {
        return;
    }
    machine.arena.reserve((body_bytes / BYTES_PER_EXPRESSION).min(MAX_RESERVED));
    let mut index = 0;
    for param in &kind.params {
        let value = machine.arena.intern(Expr::Param(index), Some(*param));
        machine.state.set_local(index, value);
        index += 1;
    }
    for (count, kind) in declared {
        let zero = machine.arena.constant_of(ValueType::from(*kind), 0);
        for _ in 0..*count {
            machine.state.set_local(index, zero);
            index += 1;
        }
    }
}

/// Join states and operands; the operands stand at `height` and up. Returns whether `into` changed, and the work.
pub(super) fn join_arrivals(
    into: &mut Arrival,
    other: &Arrival,
    machine: &mut Machine<'_, '_>,
    join: Join,
    height: usize,
) -> (bool, usize) {
    let (mut changed, work) = into.state.join(&other.state, &mut machine.arena, &machine.facts, join);
    for (index, (mine, theirs)) in (height..).zip(into.operands.iter_mut().zip(&other.operands)) {
        if mine != theirs {
            let place = Place::Operand(u32::try_from(index).unwrap_or(u32::MAX));
            let phi = machine.arena.phi(join.site, place, join.way, (*mine, *theirs));
            changed |= phi != *mine;
            *mine = phi;
        }
    }
    (changed, work + other.operands.len())
}
