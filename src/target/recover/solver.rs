//! Works out the values of expressions: forwards from their operands, backwards from larger expressions and facts,
//! upwards to callers and downwards to callees.
//!
//! Every question is answered once and remembered. Recursion is bounded: a value that lies too deep (the parameter of
//! a function that called itself twenty thousand times) is put off, worked out first, and the question asked again.
//! A question that comes back to itself counts as unanswered on that way; answers that depend on such a cut are not
//! remembered, unless they are exact.

use std::rc::Rc;

use ahash::{AHashMap as HashMap, AHashSet as HashSet};

use super::equations::{Equations, Root};
use super::fact::{Best, Fact, How, Outcome};
use super::link::Link;
use super::overwrites::Overwrites;
use super::trap_facts::trap_facts;
use crate::limits::{MAX_BODY_BYTES_FOR_A_LINE, MAX_RECOVERY_DEPTH, MAX_RECOVERY_STEPS};
use crate::target::dataflow::{ExprId, trap_site};
use crate::target::physical::{PhysicalFrame, Recorded};
use crate::target::provenance::Trust;
use crate::target::shadow_stack::ShadowStack;
use crate::wasm::{FuncIdx, FuncOffset};

/// Forwards and backwards, or backwards alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Way {
    Any,
    Back,
}

/// A question: an expression of a frame.
pub(super) type Question = (usize, ExprId, Way);

/// The question lies too deep: answer it first.
pub(super) struct Deferred(pub(super) Question);

/// How often a question is asked again whose answer depends on a question that was being asked.
const MAX_CUT_ATTEMPTS: u8 = 8;

pub(super) type Step = Result<Outcome, Deferred>;

/// The values of one thread's frames.
pub struct Solver<'f> {
    pub(super) frames: Rc<[PhysicalFrame<'f>]>,
    pub(super) recorded: Rc<dyn Recorded + 'f>,
    pub(super) stack: Rc<ShadowStack>,
    /// Recorded values of this frame are not to be used.
    pub(super) ignored: Option<usize>,
    pub(super) offsets: HashMap<(usize, FuncIdx), Vec<FuncOffset>>,
    pub(super) places: HashMap<(usize, FuncIdx, FuncOffset, bool), Option<Rc<Equations>>>,
    pub(super) links: HashMap<usize, Link>,
    /// So many of the youngest frames left memory as their callers had it, and the first one that did not.
    pub(super) clean: usize,
    pub(super) first_unclean: Option<usize>,
    /// Places that frames younger than `overwrites_until` stored to.
    pub(super) overwrites: Overwrites,
    /// What the oldest frame's function was passed, by parameter, once it was asked for.
    pub(super) lost: Option<Vec<Option<u64>>>,
    pub(super) answers: HashMap<Question, Outcome>,
    pub(super) active: HashSet<Question>,
    /// How often a question found no answer because of a cut.
    pub(super) attempts: HashMap<Question, u8>,
    /// Questions that wait for the current one.
    pub(super) blocked: HashSet<Question>,
    /// The latest answer met a question that was being asked already.
    pub(super) cut: bool,
    pub(super) steps_left: u64,
    /// Long functions are not analysed.
    hasty: bool,
    /// An answer was missed for that.
    put_off: bool,
}

impl<'f> Solver<'f> {
    /// Nothing is worked out yet.
    pub fn new(
        frames: Rc<[PhysicalFrame<'f>]>,
        recorded: Rc<dyn Recorded + 'f>,
        stack: Rc<ShadowStack>,
        ignored: Option<usize>,
    ) -> Self {
        let mut offsets: HashMap<_, Vec<FuncOffset>> = HashMap::new();
        for frame in frames.iter() {
            if let (Some(flows), Some(offset)) = (frame.flows.as_deref(), frame.offset) {
                offsets.entry((std::ptr::from_ref(flows) as usize, frame.func)).or_default().push(offset);
            }
        }
        for places in offsets.values_mut() {
            places.sort_unstable();
            places.dedup();
        }
        Solver {
            frames,
            recorded,
            stack,
            ignored,
            offsets,
            places: HashMap::new(),
            links: HashMap::new(),
            clean: 0,
            first_unclean: None,
            overwrites: Overwrites::default(),
            lost: None,
            answers: HashMap::new(),
            active: HashSet::new(),
            attempts: HashMap::new(),
            blocked: HashSet::new(),
            cut: false,
            steps_left: 0,
            hasty: false,
            put_off: false,
        }
    }

    /// The same for lines of a backtrace: long functions are not analysed.
    pub(super) fn in_haste(self) -> Self {
        Solver { hasty: true, ..self }
    }

    /// All places where frames of `frame`'s function stand.
    pub(super) fn places_of(&self, frame: &PhysicalFrame<'_>) -> &[FuncOffset] {
        let module = frame.flows.as_deref().map_or(0, |flows| std::ptr::from_ref(flows) as usize);
        self.offsets.get(&(module, frame.func)).map_or(&[], Vec::as_slice)
    }

    /// An answer was missed in haste. What was made of that is forgotten.
    pub(super) fn forget_put_off(&mut self) -> bool {
        if !self.put_off {
            return false;
        }
        let parts = (Rc::clone(&self.frames), Rc::clone(&self.recorded), Rc::clone(&self.stack));
        let fresh = Solver::new(parts.0, parts.1, parts.2, self.ignored).in_haste();
        let places = std::mem::take(&mut self.places);
        *self = Solver { places, ..fresh };
        true
    }

    /// The value of an expression of a frame.
    pub fn value(&mut self, frame: usize, id: ExprId) -> Outcome {
        self.solve((frame, id, Way::Any))
    }

    /// The answer to a question.
    pub(super) fn solve(&mut self, question: Question) -> Outcome {
        self.steps_left = MAX_RECOVERY_STEPS;
        let mut goals: Vec<Question> = vec![question];
        let mut pending: HashSet<Question> = goals.iter().copied().collect();
        self.blocked.clear();
        while let Some(goal) = goals.last().copied() {
            self.active.clear();
            self.cut = false;
            match self.ask(goal, 0) {
                Ok(answer) => {
                    self.answers.insert(goal, answer);
                    goals.pop();
                    if goals.is_empty() {
                        return answer;
                    }
                }
                // It needs itself at a distance, which counts as a cut while it is worked out.
                Err(Deferred(question)) if !pending.insert(question) => {
                    self.blocked.insert(question);
                }
                Err(Deferred(question)) => goals.push(question),
            }
        }
        None
    }

    /// How a frame hangs together with its caller, asked by itself.
    pub(super) fn top_link(&mut self, frame: usize) -> Link {
        for _ in 0..MAX_RECOVERY_DEPTH {
            self.active.clear();
            match self.link(frame, 0) {
                Ok(link) => return link,
                Err(Deferred((frame, id, _))) => drop(self.value(frame, id)),
            }
        }
        Link::Likely("nobody can tell in so many steps")
    }

    /// The equations of the place where a frame stands.
    pub fn equations(&mut self, index: usize) -> Option<Rc<Equations>> {
        let frame = self.frames.get(index)?;
        let (flows, offset) = (frame.flows.clone()?, frame.offset?);
        let module = std::ptr::from_ref(&*flows) as usize;
        let key = (module, frame.func, offset, index == 0);
        if let Some(known) = self.places.get(&key) {
            return known.clone();
        }
        let wanted = self.offsets.get(&(module, frame.func)).map_or(&[][..], Vec::as_slice);
        if self.hasty && is_long(frame) && !flows.is_analysed(frame.func, wanted) {
            self.put_off = true;
            return None;
        }
        let equations = flows.function(frame.func, wanted).ok().and_then(|flow| {
            let site = if index == 0 { trap_site(flows.module(), frame.func, offset) } else { None };
            let proven = site.map_or_else(Vec::new, |site| trap_facts(&flow, offset, site));
            Equations::new(flows.module(), &flow, offset, &proven)
        });
        let equations = equations.map(Rc::new);
        self.places.insert(key, equations.clone());
        equations
    }

    pub(super) fn ask(&mut self, question: Question, depth: u32) -> Step {
        let (frame, id, way) = question;
        if let Some(answer) = self.answers.get(&question) {
            return Ok(*answer);
        }
        let Some(equations) = self.equations(frame) else { return Ok(None) };
        let id = equations.flow.canonical(id);
        let question = (frame, id, way);
        if let Some(answer) = self.answers.get(&question) {
            return Ok(*answer);
        }
        if let Some(bits) = equations.flow.arena().constant(id) {
            return Ok(Some(Fact { bits, trust: Trust::Derived, how: How::Constant }));
        }
        let Some(left) = self.steps_left.checked_sub(1) else { return Ok(None) };
        self.steps_left = left;
        if self.active.contains(&question) || (depth > 0 && self.blocked.contains(&question)) {
            self.cut = true;
            return Ok(None);
        }
        if depth > MAX_RECOVERY_DEPTH {
            return Err(Deferred(question));
        }
        let cut_before = std::mem::replace(&mut self.cut, false);
        self.active.insert(question);
        let answer = self.answer(&equations, frame, id, way, depth)?;
        self.active.remove(&question);
        if self.cut && answer.is_none() {
            let attempts = self.attempts.entry(question).or_default();
            *attempts = attempts.saturating_add(1);
            // Whatever it waits for, it has had its chances.
            self.cut = *attempts < MAX_CUT_ATTEMPTS;
        }
        if !self.cut || answer.is_some_and(|fact| fact.trust > Trust::Recovered) {
            self.answers.insert(question, answer);
        }
        self.cut |= cut_before;
        Ok(answer)
    }

    fn answer(&mut self, equations: &Equations, frame: usize, id: ExprId, way: Way, depth: u32) -> Step {
        let mut best = Best::default();
        for root in equations.roots(id) {
            if let Root::Local(_) | Root::Operand(_) = root
                && let Some(fact) = self.recorded_value(frame, *root)
            {
                return Ok(Some(fact));
            }
        }
        if way == Way::Any
            && let Some(fact) = self.forwards(equations, frame, id, depth)?
        {
            best.offer(fact);
        }
        for root in equations.roots(id) {
            if best.is_exact() {
                break;
            }
            if let Some(fact) = self.root(equations, frame, *root, depth)? {
                best.offer(fact);
            }
        }
        for whole in equations.wholes(id) {
            if best.is_exact() {
                break;
            }
            if let Some(fact) = self.part(equations, frame, id, *whole, depth)? {
                best.offer(fact);
            }
        }
        Ok(best.answer())
    }
}

/// The frame's function is too long to be analysed for a line of a backtrace.
pub(super) fn is_long(frame: &PhysicalFrame<'_>) -> bool {
    let body = frame.module().and_then(|module| module.body(frame.func));
    body.is_some_and(|body| body.bytes.len() > MAX_BODY_BYTES_FOR_A_LINE)
}
