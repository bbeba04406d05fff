//! Which path into a join was taken, from a value that is known there: a path that brings another one was not.

use super::equations::Equations;
use super::fact::{Fact, How, Outcome};
use super::solver::{Deferred, Solver, Step, Way};
use crate::target::dataflow::{Expr, ExprId, Place, Site};
use crate::target::provenance::Trust;

/// Most known values of one join that are looked at.
const MAX_KNOWN: usize = 4;

/// Most paths that are gone through one by one.
const MAX_WAYS: u32 = 256;

/// Runs of paths that were not taken, and how sure that is.
type RuledOut = (Vec<(u32, u32)>, Trust);

impl Solver<'_> {
    /// What the paths bring for a place that are not ruled out by other places' values, if all bring the same.
    pub(super) fn by_the_way_taken(
        &mut self,
        equations: &Equations,
        frame: usize,
        (site, place): (Site, Place),
        depth: u32,
    ) -> Step {
        let arena = equations.flow.arena();
        let Some(runs) = arena.phi_operands(site, place).filter(|phi| !phi.is_loop).and_then(|phi| phi.runs()) else {
            return Ok(None);
        };
        let mut excluded = Vec::new();
        let mut trust = Trust::Derived;
        for known in equations.known_phis(site).iter().take(MAX_KNOWN) {
            let Some((ruled_out, how_sure)) = self.ruled_out(equations, frame, *known, depth)? else { continue };
            if !ruled_out.is_empty() {
                excluded.extend(ruled_out);
                trust = trust.min(how_sure);
            }
        }
        if excluded.is_empty() {
            return Ok(None);
        }
        let is_excluded = |way: u32| excluded.iter().any(|(first, last)| (*first..=*last).contains(&way));
        let mut common: Outcome = None;
        for (first, last, operand) in runs {
            if last - first < MAX_WAYS && (*first..=*last).all(is_excluded) {
                continue;
            }
            let Some(value) = self.ask((frame, *operand, Way::Any), depth + 1)? else { return Ok(None) };
            if common.is_some_and(|known| known.bits != value.bits) {
                return Ok(None);
            }
            trust = trust.min(value.trust);
            common = Some(value);
        }
        Ok(common.map(|fact| Fact { bits: fact.bits, trust, how: How::PathsAgree }))
    }

    /// The paths that bring another value than the one that `phi` is known to have, and how sure that is.
    fn ruled_out(
        &mut self,
        equations: &Equations,
        frame: usize,
        phi: ExprId,
        depth: u32,
    ) -> Result<Option<RuledOut>, Deferred> {
        let arena = equations.flow.arena();
        let Expr::Phi { site, place } = arena.expr(phi) else { return Ok(None) };
        let Some(runs) = arena.phi_operands(site, place).and_then(|phi| phi.runs()) else { return Ok(None) };
        let Some(value) = self.ask((frame, phi, Way::Back), depth + 1)? else { return Ok(None) };
        let (mut excluded, mut trust) = (Vec::new(), value.trust);
        for (first, last, operand) in runs {
            if let Some(brought) = self.ask((frame, *operand, Way::Any), depth + 1)?
                && brought.bits != value.bits
            {
                trust = trust.min(brought.trust);
                excluded.push((*first, *last));
            }
        }
        Ok(Some((excluded, trust)))
    }
}
