//! Opening and closing blocks: arms, handlers, and the rounds of loops.
//!
//! A loop's header begins as what comes from above; each round joins in what comes back, and if that changed the
//! header, the body is walked again. A place that a loop leaves alone or restores keeps its value that way.

use wasmparser::{BlockType, Catch, Operator};

use super::domain::{Expr, Site};
use super::label::{Arrival, Label, LabelKind, LoopChanges, LoopStart};
use super::point::FlowState;
use super::state::Proof;
use super::walk::{Walk, handler_site};
use crate::error::{Error, Result};
use crate::limits::MAX_BLOCK_DEPTH;
use crate::wasm::value::ValueType;

/// How often a loop's next round is left to the loop around it.
const MAX_PUT_OFF: u8 = 8;

impl<'f> Walk<'_, 'f> {
    pub(super) fn open(&mut self, kind: LabelKind<'f>, block: BlockType, site: Site) -> Result<()> {
        if self.labels.len() >= MAX_BLOCK_DEPTH {
            return Err(Error::Limit(format!("its blocks are nested deeper than {MAX_BLOCK_DEPTH}")));
        }
        let (params, results) = self.arity(block)?;
        let height = self.machine.operands.len().checked_sub(params).filter(|rest| *rest >= self.machine.height);
        let height = height.ok_or_else(|| Error::malformed("function body: a block lacks operands"))?;
        self.machine.arena.forget_phis(site);
        self.machine.arena.forget_phis(handler_site(site));
        let label = Label { kind, site, params, results, height, end: None, ways: 0, thrown: None, throws: 0 };
        self.open_handlers += usize::from(label.catches());
        self.labels.push(label);
        self.machine.height = height;
        Ok(())
    }

    pub(super) fn open_if(&mut self, block: BlockType, site: Site) -> Result<()> {
        let condition = self.machine.pop()?;
        let (params, _) = self.arity(block)?;
        let first = self.machine.operands.len().saturating_sub(params);
        let operands = self.machine.operands.get(first..).unwrap_or_default().to_vec();
        let mut state = self.machine.state.clone();
        if self.machine.arena.constant(condition).is_none() {
            state.prove(&mut self.machine.facts, condition, Proof::Zero);
        }
        self.open(LabelKind::If { otherwise: Some(Arrival { state, operands }) }, block, site)?;
        self.prove(condition, Proof::NotZero);
        Ok(())
    }

    pub(super) fn open_loop(&mut self, block: BlockType, site: Site) -> Result<()> {
        let (params, _) = self.arity(block)?;
        let first = self.machine.operands.len().saturating_sub(params);
        let operands = self.machine.operands.get(first..).unwrap_or_default().to_vec();
        let entry = Arrival { state: self.machine.state.clone(), operands };
        let mut header = entry.clone();
        let body = self.instructions.clone();
        let start =
            LoopStart { entry: entry.clone(), header: entry.clone(), next: entry, changed: false, ways: 0, body };
        self.open(LabelKind::Loop(Box::new(start)), block, site)?;
        self.open_loops += 1;
        self.assume_changes(site, &mut header)?;
        self.begin_round(header)
    }

    /// Put into a header what an earlier walk over the loop found that it changes.
    pub(super) fn assume_changes(&mut self, site: Site, header: &mut Arrival) -> Result<()> {
        let Some(changes) = self.changes.get(&site) else { return Ok(()) };
        let height = self.machine.height;
        for place in &changes.phis {
            header.assume_phi(&mut self.machine.arena, site, *place, height);
        }
        for local in &changes.locals {
            header.state.forget_local(*local);
        }
        for slot in &changes.weakened {
            header.state.memory.weaken(*slot);
        }
        for slot in &changes.forgotten {
            header.state.memory.forget(*slot);
        }
        if changes.globals {
            header.state.set_globals_since(site);
        }
        let work = changes.phis.len() + changes.locals.len() + changes.weakened.len() + changes.forgotten.len();
        self.machine.spend(work)
    }

    /// Walk the innermost loop's body from its header.
    pub(super) fn begin_round(&mut self, header: Arrival) -> Result<()> {
        let Some(label) = self.labels.last_mut() else { return Ok(()) };
        let height = label.height;
        let LabelKind::Loop(start) = &mut label.kind else { return Ok(()) };
        header.restart_phis(&mut self.machine.arena, label.site, &start.entry, height);
        start.next = header.clone();
        start.header = header.clone();
        start.changed = false;
        start.ways = 0;
        self.instructions = start.body.clone();
        self.machine.operands.truncate(height);
        self.machine.operands.extend(header.operands);
        self.machine.height = height;
        self.machine.state = header.state;
        self.dead = false;
        Ok(())
    }

    /// `else`, `catch` and `end`, in code that a path reaches or not.
    pub(super) fn divide_or_close(&mut self, operator: &Operator<'f>, site: Site) -> Result<()> {
        match operator {
            Operator::Else => self.begin_else(),
            Operator::Catch { tag_index } => self.begin_handler(Some(*tag_index), site),
            Operator::CatchAll => self.begin_handler(None, site),
            _ => self.close(site),
        }
    }

    /// Go on from `arrival` inside the innermost block; none: no path leads there.
    pub(super) fn resume(&mut self, arrival: Option<Arrival>) {
        let height = self.labels.last().map_or(0, |l| l.height);
        self.machine.operands.truncate(height);
        self.machine.height = height;
        self.skipped = 0;
        self.dead = arrival.is_none();
        if let Some(arrival) = arrival {
            self.machine.operands.extend(arrival.operands);
            self.machine.state = arrival.state;
        }
    }

    pub(super) fn begin_else(&mut self) -> Result<()> {
        self.fall_through()?;
        let otherwise = match self.labels.last_mut().map(|l| &mut l.kind) {
            Some(LabelKind::If { otherwise }) => otherwise.take(),
            _ => return Err(Error::malformed("function body: an else without its if")),
        };
        self.resume(otherwise);
        Ok(())
    }

    pub(super) fn begin_handler(&mut self, tag: Option<u32>, site: Site) -> Result<()> {
        self.fall_through()?;
        let thrown = match self.labels.last_mut() {
            Some(Label { kind: LabelKind::Try { in_body }, thrown, .. }) => {
                self.open_handlers -= usize::from(*in_body);
                *in_body = false;
                thrown.clone()
            }
            _ => return Err(Error::malformed("function body: a catch without its try")),
        };
        self.resume(thrown.map(|state| Arrival { state, operands: Vec::new() }));
        if !self.dead {
            for (index, kind) in (0u32..).zip(self.tag_params(tag)?) {
                self.machine.push_opaque(site, index, Some(kind));
            }
        }
        Ok(())
    }

    pub(super) fn tag_params(&self, tag: Option<u32>) -> Result<Vec<ValueType>> {
        let Some(tag) = tag else { return Ok(Vec::new()) };
        let kind = self.machine.module.tag_type_index(tag).and_then(|index| self.machine.module.type_at(index));
        let kind = kind.ok_or_else(|| Error::malformed(format!("function body: there is no tag {tag}")))?;
        Ok(kind.params.clone())
    }

    /// The end of the innermost block.
    pub(super) fn close(&mut self, site: Site) -> Result<()> {
        if matches!(self.labels.last().map(|l| &l.kind), Some(LabelKind::Loop(_))) {
            return self.close_loop(site);
        }
        self.fall_through()?;
        let Some(mut label) = self.labels.pop() else { return Ok(()) };
        self.open_handlers -= usize::from(label.catches());
        if let LabelKind::TryTable { catches } = &label.kind {
            self.dispatch(&label, catches)?;
        }
        if let LabelKind::If { otherwise } = &mut label.kind
            && let Some(otherwise) = otherwise.take()
        {
            // Without an `else`, what is skipped leaves the block's operands as they are.
            let now = self.machine.tick();
            let work = label.arrive(otherwise, &mut self.machine, now);
            self.machine.spend(work)?;
        }
        if self.labels.is_empty() {
            self.exit = label.end.map(|arrival| FlowState {
                stack_pointer: None,
                state: arrival.state,
                operands: arrival.operands,
                call: None,
            });
            return Ok(());
        }
        let below = self.labels.last().map_or(0, |l| l.height);
        self.machine.operands.truncate(label.height);
        self.machine.height = below;
        self.skipped = 0;
        self.dead = label.end.is_none();
        if let Some(arrival) = label.end {
            self.machine.operands.extend(arrival.operands);
            self.machine.state = arrival.state;
        }
        Ok(())
    }

    /// The ways from a `try_table`, already popped, to its handlers.
    pub(super) fn dispatch(&mut self, label: &Label<'f>, catches: &[Catch]) -> Result<()> {
        let Some(thrown) = &label.thrown else { return Ok(()) };
        for (clause, catch) in (0u32..).zip(catches) {
            let depth = match catch {
                Catch::One { label, .. } | Catch::OneRef { label, .. } => *label,
                Catch::All { label } | Catch::AllRef { label } => *label,
            };
            let at = self.label_index(depth)?;
            let arity = u32::try_from(self.labels.get(at).map_or(0, Label::branch_arity)).unwrap_or(0);
            // Each clause's operands have names of their own, with indices that no instruction's results reach.
            let opaque = |index: u32| Expr::Opaque {
                site: handler_site(label.site),
                index: clause.wrapping_shl(16).wrapping_add(index),
            };
            let operands = (0..arity).map(|index| self.machine.arena.intern(opaque(index), None)).collect();
            self.arrive(at, Arrival { state: thrown.clone(), operands })?;
        }
        Ok(())
    }

    /// The loop around the innermost one.
    fn loop_around(&mut self) -> Option<(Site, &mut LoopStart<'f>)> {
        let (_, around) = self.labels.split_last_mut()?;
        around.iter_mut().rev().find_map(|label| match &mut label.kind {
            LabelKind::Loop(start) => Some((label.site, &mut **start)),
            _ => None,
        })
    }

    /// The innermost loop, which ends at `end`, need not go round by itself: the loop around it is not much longer and
    /// will hardly be through either. Else the rounds of nested loops would multiply. A loop's length is known when
    /// it has been walked over once.
    fn can_wait(&mut self, length: u32, end: Site) -> bool {
        let body_end = self.body_length;
        let Some((around, _)) = self.loop_around() else { return false };
        match self.changes.get(&around).map(|known| known.length) {
            Some(around) => length > around / 2,
            None => length > end.0.saturating_sub(around.0) / 2 && length > body_end.saturating_sub(around.0) / 8,
        }
    }

    /// Let the loop around the innermost one go round again.
    fn go_round_again(&mut self) {
        if let Some((_, start)) = self.loop_around() {
            start.changed = true;
        }
    }

    /// The end of a loop: round again if the ways back changed its header, alone or with the loop around it.
    pub(super) fn close_loop(&mut self, end: Site) -> Result<()> {
        let length = self.labels.last().map_or(0, |label| end.0.saturating_sub(label.site.0));
        let can_wait = self.can_wait(length, end);
        let Some(label) = self.labels.last_mut() else { return Ok(()) };
        let (site, height, results) = (label.site, label.height, label.results);
        let LabelKind::Loop(start) = &mut label.kind else { return Ok(()) };
        let put_off = self.changes.get(&site).map_or(0, |changes| changes.put_off);
        let waits = start.changed && can_wait && put_off < MAX_PUT_OFF;
        if start.changed && !waits {
            let header = start.next.clone();
            self.changes.entry(site).or_default().length = length;
            return self.begin_round(header);
        }
        let header = if waits { &start.next } else { &start.header };
        let changes = LoopChanges::between(&start.entry, header, &self.machine.arena, site, height);
        self.changes.insert(site, LoopChanges { length, put_off: put_off + u8::from(waits), ..changes });
        if waits {
            self.go_round_again();
        }
        self.open_loops -= 1;
        if self.open_loops == 0 {
            self.loops.push((site, end));
        }
        let operands = if self.dead { Vec::new() } else { self.machine.pop_many(results)? };
        self.labels.pop();
        self.machine.operands.truncate(height);
        self.machine.operands.extend(operands);
        self.machine.height = self.labels.last().map_or(0, |l| l.height);
        self.skipped = 0;
        Ok(())
    }
}
