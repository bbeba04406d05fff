//! What the paths into a join bring for each place that differs between them, and which places always agree.
//!
//! A place that differs gets an expression of its own there, a phi. Its operands are kept with the number of the path
//! that brought them, so that two places can be told to hold the same whichever path was taken: a local and the slot
//! of memory that a loop loads it from every time.

use std::hash::{BuildHasher, Hash, Hasher};

use ahash::AHashMap as HashMap;

use super::domain::{Arena, Expr, ExprId, PhiOperands, Phis, Place, Site};
use crate::wasm::value::ValueType;

/// Most different operands that are given out: nothing is learnt from more.
const MAX_OPERANDS: usize = 8;

/// Most runs of paths of one phi; a switch has hundreds of ways into its end, but few that follow each other differ.
const MAX_RUNS: usize = 64;

/// Most rounds of refining which phis agree. Nested loops take one each; giving up costs an answer.
const MAX_REFINEMENTS: usize = 24;

impl PhiOperands {
    /// The different values that paths bring, the phi itself left out; none if they are many.
    pub fn operands(&self) -> Option<Vec<ExprId>> {
        if self.truncated {
            return None;
        }
        let mut operands = Vec::new();
        for (_, _, operand) in &self.ways {
            if *operand != self.id && !operands.contains(operand) {
                operands.push(*operand);
            }
        }
        (operands.len() <= MAX_OPERANDS).then_some(operands)
    }

    /// Paths by number, the first and the last of each run, and what they bring; none if not all are kept.
    pub fn runs(&self) -> Option<&[(u32, u32, ExprId)]> {
        (!self.truncated).then_some(&self.ways)
    }

    fn push(&mut self, first: u32, last: u32, operand: ExprId) {
        if let Some((_, end, same)) = self.ways.last_mut()
            && *same == operand
            && end.checked_add(1) == Some(first)
        {
            *end = last;
        } else if self.ways.len() < MAX_RUNS {
            self.ways.push((first, last, operand));
        } else {
            self.truncated = true;
        }
    }
}

impl Arena {
    /// What the paths into the join at `site` bring for `place`.
    pub fn phi_operands(&self, site: Site, place: Place) -> Option<&PhiOperands> {
        self.phis.all.get(*self.phis.ids.get(&(site, place))?).filter(|phi| phi.alive)
    }

    /// The places that have a phi at `site`, in any order.
    pub(super) fn phi_places(&self, site: Site) -> impl Iterator<Item = Place> + '_ {
        self.phis.sites.get(&site).into_iter().flatten().map(|(place, _)| *place)
    }

    /// Forget what the paths into `site` bring: it is about to be walked to again.
    pub(super) fn forget_phis(&mut self, site: Site) {
        for (_, index) in self.phis.sites.remove(&site).into_iter().flatten() {
            if let Some(phi) = self.phis.all.get_mut(index) {
                phi.alive = false;
                phi.ways.clear();
            }
        }
    }

    /// What `place` holds at a join that path number `way` reaches with `other`, and all before it with `known` (or
    /// with what the phi had then).
    pub(super) fn phi(&mut self, site: Site, place: Place, way: u32, (known, other): (ExprId, ExprId)) -> ExprId {
        // Mostly the place has a phi there already, which need not be looked for.
        let entry = match self.expr(known) {
            Expr::Phi { site: own, place: same } if own == site && same == place => self.phis.entry(known),
            _ => None,
        };
        let entry = match entry {
            Some(entry) => Some(entry),
            None => {
                let kind = self.kind(known).or(self.kind(other));
                self.living_phi(site, place, kind)
            }
        };
        let Some(phi) = entry.and_then(|entry| self.phis.all.get_mut(entry)) else { return known };
        if phi.ways.is_empty() {
            phi.push(0, way.saturating_sub(1), known);
        }
        phi.push(way, way, other);
        phi.id
    }

    /// The phi of a loop's header for a place that comes in with `entry`; none: nobody knows with what.
    pub(super) fn begin_loop_phi(&mut self, site: Site, place: Place, entry: Option<ExprId>) -> Option<ExprId> {
        let kind = entry.and_then(|entry| self.kind(entry));
        let at = self.living_phi(site, place, kind)?;
        let phi = self.phis.all.get_mut(at)?;
        phi.is_loop = true;
        match entry {
            Some(entry) => phi.push(0, 0, entry),
            None => phi.truncated = true,
        }
        Some(phi.id)
    }

    /// The entry of a place's phi, of a join that was reached.
    fn living_phi(&mut self, site: Site, place: Place, kind: Option<ValueType>) -> Option<usize> {
        let index = match self.phis.ids.get(&(site, place)) {
            Some(index) => *index,
            None => {
                let id = self.push(Expr::Phi { site, place }, kind);
                let index = self.phis.all.len();
                self.phis.all.push(PhiOperands {
                    id,
                    site,
                    truncated: false,
                    is_loop: false,
                    ways: Vec::new(),
                    alive: false,
                });
                self.phis.ids.insert((site, place), index);
                self.phis.note_entry(id, index);
                index
            }
        };
        let phi = self.phis.all.get_mut(index)?;
        if !phi.alive {
            (phi.alive, phi.truncated, phi.is_loop) = (true, false, false);
            self.phis.sites.entry(site).or_default().push((place, index));
        }
        Some(index)
    }

    /// Phis that hold the same whichever paths were taken, each with the one that stands for all of them.
    ///
    /// Begins with taking all phis of a join for the same and parts those that a path brings different values for,
    /// until nothing parts any more: what remains agrees on every path, by induction over the paths.
    pub(super) fn agreeing_phis(&self) -> HashMap<ExprId, ExprId> {
        let is_candidate = |phi: &&PhiOperands| phi.alive && !phi.truncated && !phi.ways.is_empty();
        let mut phis: Vec<&PhiOperands> = self.phis.all.iter().filter(is_candidate).collect();
        let mut classes: HashMap<ExprId, usize> = HashMap::new();
        for round in 0..=MAX_REFINEMENTS {
            let mut signatures: HashMap<u64, Vec<&PhiOperands>> = HashMap::new();
            for phi in &phis {
                signatures.entry(phi.signature(&classes, round == 0)).or_default().push(phi);
            }
            let mut refined: HashMap<ExprId, usize> = HashMap::with_capacity(phis.len());
            let mut count = 0;
            // One that is alone stands for itself, and is not looked at again.
            for group in signatures.into_values().filter(|group| group.len() > 1) {
                // Signatures are hashes: what differs all the same is told apart here.
                let mut rest = group;
                while let Some(first) = rest.first().copied() {
                    let (same, others): (Vec<_>, Vec<_>) =
                        rest.into_iter().partition(|phi| phi.agrees(first, &classes, round == 0));
                    if same.len() > 1 {
                        refined.extend(same.iter().map(|phi| (phi.id, count)));
                        count += 1;
                    }
                    rest = others;
                }
            }
            let is_final = round > 0 && refined.len() == classes.len() && count == count_of(&classes);
            classes = refined;
            if is_final || classes.is_empty() {
                return self.representatives(&classes);
            }
            phis.retain(|phi| classes.contains_key(&phi.id));
        }
        HashMap::new()
    }

    /// The oldest member of each class for the others.
    fn representatives(&self, classes: &HashMap<ExprId, usize>) -> HashMap<ExprId, ExprId> {
        let mut oldest: HashMap<usize, ExprId> = HashMap::new();
        for (id, class) in classes {
            let known = oldest.entry(*class).or_insert(*id);
            *known = (*known).min(*id);
        }
        let other = |(id, class): (&ExprId, &usize)| {
            let representative = *oldest.get(class)?;
            // Kinds agree unless the body is malformed.
            (representative != *id && self.kind(representative) == self.kind(*id)).then_some((*id, representative))
        };
        classes.iter().filter_map(other).collect()
    }
}

impl Phis {
    fn note_entry(&mut self, id: ExprId, entry: usize) {
        self.entries.resize(id.index() + 1, u32::MAX);
        if let (Some(place), Ok(entry)) = (self.entries.get_mut(id.index()), u32::try_from(entry)) {
            *place = entry;
        }
    }

    /// The entry of a phi that is alive.
    fn entry(&self, id: ExprId) -> Option<usize> {
        let entry = *self.entries.get(id.index())? as usize;
        self.all.get(entry).filter(|phi| phi.id == id && phi.alive)?;
        Some(entry)
    }
}

fn count_of(classes: &HashMap<ExprId, usize>) -> usize {
    classes.values().max().map_or(0, |last| last + 1)
}

impl PhiOperands {
    /// Equal for phis that agree as far as `classes` tell; in the first round all that the same paths reach do.
    fn signature(&self, classes: &HashMap<ExprId, usize>, is_first: bool) -> u64 {
        // The map's keys are random: nobody can choose operands that collide.
        let mut hasher = classes.hasher().build_hasher();
        self.site.hash(&mut hasher);
        for (first, last, id) in &self.ways {
            (first, last).hash(&mut hasher);
            if !is_first {
                classes.get(id).ok_or(id).hash(&mut hasher);
            }
        }
        hasher.finish()
    }

    fn agrees(&self, other: &PhiOperands, classes: &HashMap<ExprId, usize>, is_first: bool) -> bool {
        let class = |id: &ExprId| classes.get(id).copied().ok_or(*id);
        self.site == other.site
            && self.ways.len() == other.ways.len()
            && self.ways.iter().zip(&other.ways).all(|(mine, theirs)| {
                (mine.0, mine.1) == (theirs.0, theirs.1) && (is_first || class(&mine.2) == class(&theirs.2))
            })
    }
}
