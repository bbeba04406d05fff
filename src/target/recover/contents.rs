//! The content of a place in memory, as far as it is still what the function left there.
//!
//! Exact is a content that nothing can have written since: no path of the function itself, and none of the younger
//! frames, of which each must be known to have written nothing. A content that a younger frame's function may have
//! stored over is no answer at all; the rest holds unless memory changed.

use super::equations::{Equations, Root, Standing};
use super::fact::{Fact, How};
use super::link::Link;
use super::overwrites::Store;
use super::solver::{Deferred, Solver, Step, Way};
use crate::target::dataflow::{Expr, MemorySlot, MemorySlotId};
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
            if self.is_overwritten(frame, instance, place, address, depth)? {
                return Ok(None);
            }
        }
        let root = Root::Memory { slot, standing };
        Ok(Some(Fact { bits, trust, how: How::Root { root, address: Some(address) } }))
    }

    /// Nothing has written memory since the frame stood where it stands: it is the youngest and no host function ran,
    /// or all younger frames are known and wrote nothing.
    pub(super) fn is_clean(&mut self, frame: usize, depth: u32) -> Result<bool, Deferred> {
        // The youngest frame that is known not to be clean decides for all older ones.
        let known = (0..=frame).rev().find_map(|f| Some((f, *self.clean.get(&f)?)));
        let (start, mut clean) = match known {
            Some((f, clean)) if f == frame || !clean => return Ok(clean),
            Some((f, clean)) => (f + 1, clean),
            None => (0, true),
        };
        for index in start..=frame {
            clean = clean && self.is_clean_step(index, depth)?;
            self.clean.insert(index, clean);
            if !clean {
                return Ok(false);
            }
        }
        Ok(clean)
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
    pub(super) fn is_overwritten(
        &mut self,
        frame: usize,
        instance: u32,
        place: MemorySlot,
        address: u64,
        depth: u32,
    ) -> Result<bool, Deferred> {
        while self.overwrites.frames < frame {
            let younger = self.overwrites.frames;
            let stores = self.stores(younger, depth)?;
            self.overwrites.add(younger, stores);
        }
        Ok(self.overwrites.hit(frame, (instance, place.memory), address, place.width))
    }

    /// The places outside its own stack frame that a frame's function stored to: memory, address and width.
    pub(super) fn stores(&mut self, frame: usize, depth: u32) -> Result<Vec<Store>, Deferred> {
        let Some(equations) = self.equations(frame) else { return Ok(Vec::new()) };
        let Some(instance) = self.frames.get(frame).and_then(|f| f.instance) else { return Ok(Vec::new()) };
        let arena = equations.flow.arena();
        let own = equations.flow.stack_pointer().and_then(|g| arena.find(Expr::GlobalEntry(g.0)));
        let mut stores = Vec::new();
        for slot in equations.stored.iter().filter_map(|id| arena.slot(*id)) {
            if slot.base.is_some() && slot.base == own {
                continue;
            }
            let base = match slot.base {
                None => Some(0),
                Some(base) => self.ask((frame, base, Way::Any), depth + 1)?.map(|fact| fact.bits),
            };
            if let Some(base) = base {
                let address = base.wrapping_add(slot.offset) & arena.address_mask(slot.memory);
                stores.push(Store { memory: (instance, slot.memory), address, width: slot.width });
            }
        }
        Ok(stores)
    }
}
