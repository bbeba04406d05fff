//! The symbolic state at one point of a function, and the join of two states where paths meet.
//!
//! Operands are kept by the walker of the body: what lies below a label is the same on all paths to it.

use super::domain::{Arena, Expr, ExprId, Place, Site};
use super::memory::{Join, MemoryState};
use super::slots::Slots;
use crate::wasm::value::ValueType;

/// What a branch proved on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    Zero,
    NotZero,
    Equals(u64),
}

/// A condition and what is proven of it. Facts form a tree, each state holds a leaf; states of two paths share the
/// facts of the way before them.
#[derive(Debug, Clone, Copy)]
pub struct PathFact {
    pub condition: ExprId,
    pub proof: Proof,
    parent: Option<PathFactId>,
    depth: u32,
}

/// Handle of a path fact, and so of all facts before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathFactId(u32);

/// The tree of all path facts of one function.
#[derive(Debug, Default)]
pub struct PathFacts {
    facts: Vec<PathFact>,
    /// Nobody will ask for them.
    ignored: bool,
}

impl PathFacts {
    /// Keep none from here on.
    pub(super) fn ignore(&mut self) {
        self.ignored = true;
    }

    fn get(&self, id: PathFactId) -> Option<PathFact> {
        self.facts.get(id.0 as usize).copied()
    }

    /// The facts of a state, the latest first.
    pub fn of(&self, leaf: Option<PathFactId>) -> impl Iterator<Item = PathFact> + '_ {
        std::iter::successors(leaf.and_then(|id| self.get(id)), |fact| fact.parent.and_then(|id| self.get(id)))
    }

    fn push(&mut self, parent: Option<PathFactId>, condition: ExprId, proof: Proof) -> PathFactId {
        let depth = parent.and_then(|id| self.get(id)).map_or(0, |fact| fact.depth).saturating_add(1);
        let id = PathFactId(u32::try_from(self.facts.len()).unwrap_or(u32::MAX));
        self.facts.push(PathFact { condition, proof, parent, depth });
        id
    }

    /// The facts that both states have from their common way, and the number of facts looked at.
    fn common(&self, mut a: Option<PathFactId>, mut b: Option<PathFactId>) -> (Option<PathFactId>, usize) {
        let mut work = 0;
        while a != b {
            work += 1;
            let depth = |id: Option<PathFactId>| id.and_then(|id| self.get(id)).map_or(0, |fact| fact.depth);
            let parent = |id: Option<PathFactId>| id.and_then(|id| self.get(id)).and_then(|fact| fact.parent);
            if depth(a) >= depth(b) {
                a = parent(a);
            } else {
                b = parent(b);
            }
        }
        (a, work)
    }
}

/// Everything known at one point but the operand stack.
#[derive(Debug, Clone, Default)]
pub struct State {
    locals: Slots<Option<ExprId>>,
    /// Globals that were set or read since the latest call; none: see `globals_since`.
    globals: Slots<Option<ExprId>>,
    /// The call (or join) after which a global is unknown; none: it is as at entry.
    globals_since: Option<Site>,
    pub memory: MemoryState,
    pub facts: Option<PathFactId>,
}

impl State {
    /// The value of a local; none if the function has no such local.
    pub fn local(&self, index: u32) -> Option<ExprId> {
        self.locals.get(index as usize)
    }

    pub(super) fn set_local(&mut self, index: u32, value: ExprId) {
        self.locals.set(index as usize, Some(value));
    }

    /// Nothing is known of a local.
    pub(super) fn forget_local(&mut self, index: u32) {
        self.locals.set(index as usize, None);
    }

    /// Locals that are known here and not in `later`.
    pub(super) fn locals_lost_in(&self, later: &State) -> Vec<u32> {
        let lost = |(index, _, theirs): (usize, Option<ExprId>, Option<ExprId>)| match theirs {
            None => u32::try_from(index).ok(),
            Some(_) => None,
        };
        self.locals.differing(&later.locals).into_iter().filter_map(lost).collect()
    }

    /// The value of a mutable global, as an expression.
    pub(super) fn global(&mut self, arena: &mut Arena, index: u32, kind: Option<ValueType>) -> ExprId {
        let value = self.peek_global(arena, index, kind);
        self.globals.set(index as usize, Some(value));
        value
    }

    /// The same without remembering the answer.
    pub(super) fn peek_global(&self, arena: &mut Arena, index: u32, kind: Option<ValueType>) -> ExprId {
        self.globals.get(index as usize).unwrap_or_else(|| match self.globals_since {
            None => arena.intern(Expr::GlobalEntry(index), kind),
            Some(site) => arena.intern(Expr::Content { site, place: Place::Global(index) }, kind),
        })
    }

    /// The value of a global, if it was set or read on the way here.
    pub fn known_global(&self, index: u32) -> Option<ExprId> {
        self.globals.get(index as usize)
    }

    /// All globals that were set or read since the latest call.
    pub fn known_globals(&self) -> impl Iterator<Item = (u32, ExprId)> + '_ {
        self.globals.entries().into_iter().filter_map(|(index, value)| Some((u32::try_from(index).ok()?, value?)))
    }

    pub(super) fn set_global(&mut self, index: u32, value: ExprId) {
        self.globals.set(index as usize, Some(value));
    }

    /// Forget all globals, which `site` may have set.
    pub(super) fn forget_globals(&mut self, site: Site) {
        self.globals = Slots::default();
        self.globals_since = Some(site);
    }

    /// Globals that are not known otherwise are what they were at `site`.
    pub(super) fn set_globals_since(&mut self, site: Site) {
        self.globals_since = Some(site);
    }

    /// The call or join since which globals that are not known otherwise are unknown.
    pub(super) fn globals_since(&self) -> Option<Site> {
        self.globals_since
    }

    pub(super) fn prove(&mut self, facts: &mut PathFacts, condition: ExprId, proof: Proof) {
        if !facts.ignored {
            self.facts = Some(facts.push(self.facts, condition, proof));
        }
    }

    /// Make this the join with the state of another path. Returns whether anything but path facts and time changed,
    /// and the work done.
    pub(super) fn join(&mut self, other: &State, arena: &mut Arena, facts: &PathFacts, join: Join) -> (bool, usize) {
        let (mut changed, mut work) = self.memory.join(&other.memory, arena, join);
        for (index, mine, theirs) in self.locals.differing(&other.locals) {
            work += 1;
            if join.forgets {
                changed |= mine.is_some();
                self.locals.set(index, None);
                continue;
            }
            let (Some(mine), Some(theirs)) = (mine, theirs) else { continue };
            let phi = arena.phi(join.site, Place::Local(index as u32), join.way, (mine, theirs));
            if phi != mine {
                changed = true;
                self.locals.set(index, Some(phi));
            }
        }
        for (index, mine, theirs) in self.globals.differing(&other.globals) {
            work += 1;
            let kind = mine.or(theirs).and_then(|id| arena.kind(id));
            let mine = self.peek_global(arena, index as u32, kind);
            let theirs = other.peek_global(arena, index as u32, kind);
            if mine != theirs {
                let phi = arena.phi(join.site, Place::Global(index as u32), join.way, (mine, theirs));
                changed |= phi != mine;
                self.globals.set(index, Some(phi));
            } else {
                self.globals.set(index, Some(mine));
            }
        }
        if self.globals_since != other.globals_since && self.globals_since != Some(join.site) {
            self.globals_since = Some(join.site);
            changed = true;
        }
        let (common, walked) = facts.common(self.facts, other.facts);
        self.facts = common;
        (changed, work + walked + 1)
    }
}
