//! The content of a place in memory, as far as it is still what the function left there.
//!
//! Exact is a content that nothing can have written since: no path of the function itself, and none of the younger
//! frames, of which each must be known to have written nothing. A content that a younger frame's function may have
//! stored over is no answer at all; the rest holds unless memory changed.

use super::equations::{Equations, Root, Standing};
use super::fact::{Fact, How};
use super::link::Link;
use super::overwrites::{Pending, Store};
use super::solver::{Deferred, Solver, Step, Way};
use crate::target::dataflow::{Arena, Expr, ExprId, MemorySlot, MemorySlotId};
use crate::target::provenance::Trust;

impl Solver<'_> {
    /// The content of a place, as the dump has it.
    pub(super) fn memory(
        &mut self,
        equations: &Equations,
        frame: usize,
        slot: MemorySlotId,
        standing: Standing,
        depth: u32,
    ) -> Step {
        let arena = equations.flow.arena();
        let Some(place) = arena.slot(slot).filter(|p| p.width <= 8) else { return Ok(None) };
        let (base, mut trust) = match place.base {
            None => (0, Trust::Derived),
            Some(base) => match self.ask((frame, base, Way::Any), depth + 1)? {
                Some(fact) => (fact.bits, fact.trust),
                None => return Ok(None),
            },
        };
        let address = base.wrapping_add(place.offset) & arena.address_mask(place.memory);
        let Some(instance) = self.frames.get(frame).and_then(|f| f.instance) else { return Ok(None) };
        let Some(bits) = self.recorded.memory(instance, place.memory, address, usize::from(place.width)) else {
            return Ok(None);
        };
        trust = trust.min(Trust::Derived);
        if standing != Standing::Strong || !self.is_clean(frame, depth)? {
            trust = Trust::Recovered;
            if self.is_overwritten(equations, frame, place, (instance, address), depth)? {
                return Ok(None);
            }
        }
        let root = Root::Memory { slot, standing };
        Ok(Some(Fact { bits, trust, how: How::Root { root, address: Some(address) } }))
    }

    /// What a place held when the function loaded it, of which the function's state knows no more: it holds unless
    /// memory changed, if the function itself never stores there.
    pub(super) fn former_content(
        &mut self,
        equations: &Equations,
        frame: usize,
        slot: MemorySlotId,
        depth: u32,
    ) -> Step {
        let flow = &equations.flow;
        match flow.arena().slot(slot) {
            Some(place) if !flow.may_store(&place) && !is_given_back(equations, &place) => {
                self.memory(equations, frame, slot, Standing::Weak, depth)
            }
            _ => Ok(None),
        }
    }

    /// Nothing has written memory since the frame stood where it stands: it is the youngest and no host function ran,
    /// or all younger frames are known and wrote nothing.
    pub(super) fn is_clean(&mut self, frame: usize, depth: u32) -> Result<bool, Deferred> {
        // The youngest frame that is not clean decides for all older ones.
        while self.first_unclean.is_none() && self.clean <= frame {
            match self.is_clean_step(self.clean, depth)? {
                true => self.clean += 1,
                false => self.first_unclean = Some(self.clean),
            }
        }
        Ok(self.first_unclean.is_none_or(|unclean| frame < unclean))
    }

    /// The frame called a function that wrote nothing, or is the youngest and called none.
    pub(super) fn is_clean_step(&mut self, frame: usize, depth: u32) -> Result<bool, Deferred> {
        let Some(younger) = frame.checked_sub(1) else {
            return Ok(self.equations(0).is_some_and(|e| e.state().is_some_and(|state| state.call.is_none())));
        };
        if self.link(younger, depth)? != Link::Sure {
            return Ok(false);
        }
        let callee = self.equations(younger);
        Ok(callee.is_some_and(|e| e.state().is_some_and(|state| e.flow.has_written_nothing(state))))
    }

    /// A younger frame's function stored to these bytes on its way, or may have: they are no longer what they were.
    /// Of a store through a base that is not known, the same member of any object may have been meant.
    pub(super) fn is_overwritten(
        &mut self,
        equations: &Equations,
        frame: usize,
        place: MemorySlot,
        (instance, address): (u32, u64),
        depth: u32,
    ) -> Result<bool, Deferred> {
        while self.overwrites.frames < frame {
            let younger = self.overwrites.frames;
            self.note_stores(younger);
            self.overwrites.frames = younger + 1;
        }
        self.settle_stores(depth)?;
        let memory = (instance, place.memory);
        if self.overwrites.hit(frame, memory, address, place.width) {
            return Ok(true);
        }
        // The frame's own variables are not members of what a younger frame has no address of.
        let arena = equations.flow.arena();
        let own = equations.flow.stack_pointer().and_then(|g| arena.find(Expr::GlobalEntry(g.0)));
        if place.base.is_none() || place.base == own {
            return Ok(false);
        }
        let unsettled = self.overwrites.pending.iter().any(|pending| {
            let store = pending.store;
            pending.frame < frame
                && store.memory == memory
                && pending.is_object
                && (store.address, store.width) == (place.offset, place.width)
        });
        Ok(unsettled || self.overwrites.hit_member(frame, memory, place.offset, place.width))
    }

    /// Note the places outside its own stack frame that a frame's function stored to.
    fn note_stores(&mut self, frame: usize) {
        let Some(equations) = self.equations(frame) else { return };
        let Some(instance) = self.frames.get(frame).and_then(|f| f.instance) else { return };
        let arena = equations.flow.arena();
        let own = equations.flow.stack_pointer().and_then(|g| arena.find(Expr::GlobalEntry(g.0)));
        for slot in equations.stored.iter().filter_map(|id| arena.slot(*id)) {
            let store = Store { memory: (instance, slot.memory), address: slot.offset, width: slot.width };
            match slot.base {
                None => self.overwrites.add(frame, store),
                Some(_) if slot.base == own => {}
                Some(base) => {
                    let is_fixed = arena.is_fixed(base);
                    let is_object = is_object(arena, base, own);
                    self.overwrites.pending.push(Pending { frame, base, is_fixed, is_object, store, attempts: 0 });
                }
            }
        }
    }

    /// Find out the bases of the stores that are noted. What is being asked for itself stays pending.
    fn settle_stores(&mut self, depth: u32) -> Result<(), Deferred> {
        if std::mem::replace(&mut self.overwrites.settling, true) {
            self.cut |= !self.overwrites.pending.is_empty();
            return Ok(());
        }
        let result = self.settle_pending(depth);
        self.overwrites.settling = false;
        result
    }

    fn settle_pending(&mut self, depth: u32) -> Result<(), Deferred> {
        let mut unsettled = Vec::new();
        while let Some(pending) = self.overwrites.pending.last().copied() {
            let cut_before = std::mem::replace(&mut self.cut, false);
            let base = match self.ask((pending.frame, pending.base, Way::Any), depth + 1) {
                Ok(base) => base,
                Err(deferred) => {
                    self.overwrites.pending.append(&mut unsettled);
                    return Err(deferred);
                }
            };
            let waits = self.cut && pending.attempts < MAX_ATTEMPTS;
            self.cut |= cut_before;
            self.overwrites.pending.pop();
            if let Some(base) = base {
                let equations = self.equations(pending.frame);
                let mask = equations.map_or(u64::MAX, |e| e.flow.arena().address_mask(pending.store.memory.1));
                let address = base.bits.wrapping_add(pending.store.address) & mask;
                self.overwrites.add(pending.frame, Store { address, ..pending.store });
            }
            match base {
                Some(_) if pending.is_fixed => {}
                None if waits => unsettled.push(Pending { attempts: pending.attempts + 1, ..pending }),
                _ if pending.is_object => self.overwrites.add_member(pending.frame, pending.store),
                _ => {}
            }
        }
        self.overwrites.pending.append(&mut unsettled);
        Ok(())
    }
}

/// The place is on the frame's stack and below the stack pointer: callees have used it since.
fn is_given_back(equations: &Equations, place: &MemorySlot) -> bool {
    let flow = &equations.flow;
    let own = flow.stack_pointer().and_then(|g| flow.arena().find(Expr::GlobalEntry(g.0)));
    if place.base.is_none() || place.base != own {
        return false;
    }
    let pointer = equations.state().and_then(|state| flow.distance_from_entry(state.stack_pointer()?));
    let distance = match flow.arena().is_memory64(place.memory) {
        true => place.offset as i64,
        false => i64::from(place.offset as u32 as i32),
    };
    pointer.is_none_or(|pointer| distance < pointer)
}

/// How often the base of a store is asked for while its answer waits for that of another question.
const MAX_ATTEMPTS: u8 = 3;

/// The pointer may be of any object that older frames know of. Elements of arrays are not named by their distance
/// alone; what a call returned is taken for a new object; and a younger frame's stack is its own.
fn is_object(arena: &Arena, base: ExprId, own: Option<ExprId>) -> bool {
    const MAX_LEAVES: usize = 64;
    let mut rest = vec![base];
    let mut seen = Vec::new();
    while let Some(id) = rest.pop() {
        let (root, _) = arena.split(id);
        let root = root.filter(|root| Some(*root) != own);
        let Some(root) = root.filter(|root| !seen.contains(root)) else { continue };
        seen.push(root);
        if seen.len() > MAX_LEAVES {
            return true;
        }
        match arena.expr(root) {
            Expr::Binary(..) | Expr::CallResult { .. } => {}
            Expr::Phi { site, place } => match arena.phi_operands(site, place).and_then(|phi| phi.operands()) {
                Some(operands) => rest.extend(operands),
                None => return true,
            },
            _ => return true,
        }
    }
    false
}
