//! Why a value is not known, in words for whoever reads the value: what it comes from that nothing kept.

use super::recovery::Recovery;
use crate::limits::MAX_EXPLANATION_DEPTH;
use crate::target::dataflow::{Arena, Expr, ExprId, Place};
use crate::target::patience::Patience;
use crate::target::provenance::Why;

impl Recovery<'_> {
    /// Why the value of an expression of a frame is not known. The first thing on the way down that is not known
    /// either is named; how it leads up to the value, `explain` tells.
    pub(super) fn lost(&self, (frame, patience): (usize, Patience), id: ExprId, arena: &Arena) -> Why {
        // A line of a backtrace has no room for it.
        if patience == Patience::Line {
            return Why::new("it is not known").in_frame(frame, None);
        }
        let mut lost = id;
        for _ in 0..MAX_EXPLANATION_DEPTH {
            let mut solver = self.solver(patience).borrow_mut();
            let mut sources = arena.sources(lost).into_iter();
            let Some(next) = sources.find(|source| solver.value(frame, *source).is_none()) else { break };
            lost = next;
        }
        let verb = match arena.expr(id) {
            _ if lost != id => "comes from",
            Expr::Content { place: Place::Memory(_), .. } => "was in",
            _ => "was",
        };
        Why::new(format!("lost: it {verb} {}", origin(arena, lost))).in_frame(frame, None)
    }
}

/// Where a value that is not known came from.
fn origin(arena: &Arena, id: ExprId) -> String {
    match arena.expr(id) {
        Expr::Param(index) => format!("what the caller passed as parameter {index}"),
        Expr::GlobalEntry(index) => format!("global {index} as it was at the function's entry"),
        Expr::CallResult { site, index: 0 } => format!("the result of the call at {}", site.offset()),
        Expr::CallResult { site, index } => format!("result {index} of the call at {}", site.offset()),
        Expr::Content { site, place: Place::Memory(_) } => {
            format!("memory that may have been written since it was read at {}", site.offset())
        }
        Expr::Content { site, place } => format!("{} after the call at {}", arena.describe_place(place), site.offset()),
        Expr::Phi { site, place: Place::Memory(_) } => {
            format!("memory that the paths to {} wrote differently", site.offset())
        }
        Expr::Phi { site, place } => {
            format!("{}, which the paths to {} set differently", arena.describe_place(place), site.offset())
        }
        Expr::Opaque { site, .. } => format!("the result of the instruction at {}", site.offset()),
        Expr::Const { .. } | Expr::Unary(..) | Expr::Binary(..) | Expr::Select { .. } => arena.describe(id),
    }
}
