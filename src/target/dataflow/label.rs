//! The blocks that are open at one point of a body, and what the branches to their labels bring.

use wasmparser::Catch;

use super::domain::{Arena, Expr, ExprId, MemorySlotId, Place, Site};
use super::state::State;
use crate::wasm::code::Instructions;

/// A state and the operands that travel with it.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub state: State,
    pub operands: Vec<ExprId>,
}

impl Arrival {
    /// What a place holds; the operands stand at `height` and up.
    fn get(&self, arena: &Arena, place: Place, height: usize) -> Option<ExprId> {
        match place {
            Place::Local(index) => self.state.local(index),
            Place::Global(index) => self.state.known_global(index),
            Place::Operand(index) => self.operands.get((index as usize).checked_sub(height)?).copied(),
            Place::Memory(slot) => self.state.memory.get(arena, slot).map(|(value, _)| value),
        }
    }

    /// The places that hold a phi of the header at `site`, in a fixed order.
    pub fn phis(&self, arena: &Arena, site: Site, height: usize) -> Vec<Place> {
        let is_phi = |place: &Place| {
            let value = self.get(arena, *place, height);
            value.is_some_and(|id| arena.expr(id) == Expr::Phi { site, place: *place })
        };
        let mut places: Vec<Place> = arena.phi_places(site).filter(is_phi).collect();
        places.sort_unstable();
        places
    }

    /// Take a place to differ from round to round of the loop at `site`.
    pub fn assume_phi(&mut self, arena: &mut Arena, site: Site, place: Place, height: usize) {
        let Some(value) = self.get(arena, place, height) else { return };
        let Some(phi) = arena.begin_loop_phi(site, place, Some(value)) else { return };
        match place {
            Place::Local(index) => self.state.set_local(index, phi),
            Place::Global(index) => self.state.set_global(index, phi),
            Place::Memory(slot) => self.state.memory.rename(slot, phi),
            Place::Operand(index) => {
                let at = (index as usize).checked_sub(height);
                if let Some(operand) = at.and_then(|at| self.operands.get_mut(at)) {
                    *operand = phi;
                }
            }
        }
    }

    /// A new round of the loop at `site` begins with this header: only what comes from above is known to come in.
    pub fn restart_phis(&self, arena: &mut Arena, site: Site, entry: &Arrival, height: usize) {
        let places = self.phis(arena, site, height);
        arena.forget_phis(site);
        for place in places {
            let value = match place {
                // A global that nobody looked at before the loop has a value all the same.
                Place::Global(index) => {
                    let kind = self.state.known_global(index).and_then(|phi| arena.kind(phi));
                    Some(entry.state.peek_global(arena, index, kind))
                }
                _ => entry.get(arena, place, height),
            };
            arena.begin_loop_phi(site, place, value);
        }
    }
}

/// What sort of block is open.
pub enum LabelKind<'f> {
    Block,
    /// Branches go back to the header; the copy of the instructions stands behind it.
    Loop(Box<LoopStart<'f>>),
    /// The state of the way that skips the first arm, until `else` takes it.
    If {
        otherwise: Option<Arrival>,
    },
    /// A legacy `try`: its body, or (after the first `catch`) one of its handlers.
    Try {
        in_body: bool,
    },
    TryTable {
        catches: Vec<Catch>,
    },
    /// The function itself.
    Function,
}

/// A loop's header and how to go round again.
pub struct LoopStart<'f> {
    /// What comes into the loop from above.
    pub entry: Arrival,
    /// The header: what holds in every round that was looked at so far.
    pub header: Arrival,
    /// The header joined with the ways back of this round.
    pub next: Arrival,
    pub changed: bool,
    /// Number of ways back seen in this round.
    pub ways: u32,
    pub body: Instructions<'f>,
}

/// An open block.
pub struct Label<'f> {
    pub kind: LabelKind<'f>,
    /// Names the values of the join at its end, or at its header.
    pub site: Site,
    pub params: usize,
    pub results: usize,
    /// Operands below belong to the blocks around.
    pub height: usize,
    /// The join of all branches to its end so far.
    pub end: Option<Arrival>,
    /// Number of branches to its end so far.
    pub ways: u32,
    /// The join of all points in its body from which an exception may come.
    pub thrown: Option<State>,
    /// Number of these points.
    pub throws: u32,
}

impl Label<'_> {
    /// How many operands a branch to this label takes along.
    pub fn branch_arity(&self) -> usize {
        match self.kind {
            LabelKind::Loop(_) => self.params,
            _ => self.results,
        }
    }

    /// An exception thrown inside may be caught here.
    pub fn catches(&self) -> bool {
        match &self.kind {
            LabelKind::Try { in_body } => *in_body,
            LabelKind::TryTable { catches } => !catches.is_empty(),
            _ => false,
        }
    }
}

/// What a loop was found to change, so that it need not be found again when a loop around it goes round.
#[derive(Debug, Clone, Default)]
pub struct LoopChanges {
    pub phis: Vec<Place>,
    /// Locals of which nothing is known any more.
    pub locals: Vec<u32>,
    pub weakened: Vec<MemorySlotId>,
    pub forgotten: Vec<MemorySlotId>,
    /// Globals that nothing in the loop names.
    pub globals: bool,
    /// Length of the loop in bytes.
    pub length: u32,
    /// How often its next round was left to the loop around it.
    pub put_off: u8,
}

impl LoopChanges {
    /// The changes between a loop's entry and a header of it, which may not be the last one.
    pub fn between(entry: &Arrival, header: &Arrival, arena: &Arena, site: Site, height: usize) -> Self {
        let globals = header.state.globals_since() == Some(site);
        let phis = header.phis(arena, site, height);
        let locals = entry.state.locals_lost_in(&header.state);
        let mut changes = LoopChanges { phis, locals, globals, ..Self::default() };
        for (slot, _, strong) in entry.state.memory.facts(arena) {
            match header.state.memory.get(arena, slot) {
                None => changes.forgotten.push(slot),
                Some((_, false)) if strong => changes.weakened.push(slot),
                Some(_) => {}
            }
        }
        changes
    }
}
