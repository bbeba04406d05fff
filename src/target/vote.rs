//! What code offsets of a dump count from, and whether a module belongs to it: by a vote of the call sites.
//!
//! A dump says neither. But every frame except the youngest stands in a call, and a direct call names the function of
//! the next younger frame: a wrong base or a wrong module misses nearly always, the right ones hardly ever. Allowed
//! for: producers that record return addresses; host functions, which are on no stack and may call back; functions
//! that were replaced by one they tail-called. Each function on the stack is decoded once, each place counts once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::dump::{Coredump, OffsetBase};
use crate::limits::{MAX_VOTERS, MAX_VOTING_FRAMES};
use crate::wasm::code::{Body, Call, CallTarget};
use crate::wasm::{FileOffset, FuncIdx, FuncOffset, Module, RawOffset};

/// A place of code on a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    pub func: FuncIdx,
    pub offset: RawOffset,
    pub callee: Callee,
}

/// What a frame called, as far as the stack tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Callee {
    /// The next younger frame runs this function of the same instance.
    Function(FuncIdx),
    /// The next younger frame belongs to another instance.
    Elsewhere,
    /// There is none: the frame is its thread's youngest, and may stand anywhere.
    Nothing,
}

/// The result of a vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote {
    /// What offsets count from; a guess of the dump's dialect unless the module belongs to the dump.
    pub base: OffsetBase,
    /// Callers' offsets lie behind the call, not at it.
    pub return_addresses: bool,
    /// Distinct places with a say.
    pub voters: usize,
    /// Places that lie at a call which fits the next younger frame.
    pub hits: usize,
    /// Those of them whose call names that frame's function or has its signature.
    pub verified: usize,
    /// Places that lie at a call of something else.
    pub contradictions: usize,
    /// Hits that need the called function to have made a tail call.
    pub tail_calls: usize,
    pub verdict: Verdict,
}

/// Whether the module belongs to the dump.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Belongs,
    /// No place, or too few, to say yes or no.
    TooFewToTell,
    /// Why not; completes the sentence "the module does not belong to the dump: ...".
    DoesNotBelong(String),
}

/// The distinct places of all frames, by number of the dump's module whose code they are.
pub fn sites(dump: &Coredump) -> BTreeMap<u32, BTreeSet<Site>> {
    let module_of = |instance: Option<u32>| dump.instances.get(instance? as usize).map(|i| i.module);
    let mut sites: BTreeMap<u32, BTreeSet<Site>> = BTreeMap::new();
    let mut total = 0;
    for thread in &dump.threads {
        let mut younger: Option<(Option<u32>, FuncIdx)> = None;
        for frame in thread.frames.iter().take(MAX_VOTING_FRAMES) {
            let callee = match younger {
                None => Callee::Nothing,
                Some((instance, func)) if instance == frame.instance => Callee::Function(func),
                Some(_) => Callee::Elsewhere,
            };
            younger = Some((frame.instance, frame.func));
            if let Some(module) = module_of(frame.instance) {
                let site = Site { func: frame.func, offset: frame.offset, callee };
                total += usize::from(sites.entry(module).or_default().insert(site));
            }
            if total >= MAX_VOTERS {
                return sites;
            }
        }
    }
    sites
}

/// A recorded offset as one in its function, by a base; none if that is no place of an instruction.
pub fn func_offset(module: &Module, base: OffsetBase, func: FuncIdx, offset: RawOffset) -> Option<FuncOffset> {
    place(module, &module.body(func)?, base, func, offset)
}

fn place(module: &Module, body: &Body, base: OffsetBase, func: FuncIdx, offset: RawOffset) -> Option<FuncOffset> {
    let first = body.first_instruction().ok()?;
    let in_function = |at: FileOffset| module.function_at(at).filter(|(f, _)| *f == func).map(|(_, inside)| inside);
    let inside = match base {
        OffsetBase::Body => FuncOffset(offset.0),
        OffsetBase::FirstInstruction => first.checked_add(offset.0)?,
        OffsetBase::CodeSection => in_function(module.code_start()?.checked_add(offset.0)?)?,
        OffsetBase::File => in_function(FileOffset(offset.0))?,
    };
    (inside >= first && inside.0 < body.bytes.len() as u64).then_some(inside)
}

/// Hold the places against the module, and find the base that fits best; `bases` in the order that decides a draw.
pub fn vote(module: &Module, sites: &BTreeSet<Site>, bases: &[OffsetBase; 4]) -> Vote {
    let mut hypotheses: Vec<Hypothesis> = bases
        .iter()
        .flat_map(|base| [(*base, false), (*base, true)])
        .map(|(base, after)| Hypothesis { base, after, tally: Tally::default() })
        .collect();
    let mut functions: BTreeMap<FuncIdx, Vec<&Site>> = BTreeMap::new();
    for site in sites {
        functions.entry(site.func).or_default().push(site);
    }
    let mut voters = 0;
    let mut strangers: BTreeSet<FuncIdx> = BTreeSet::new();
    let mut tail_callers = TailCallers { module, known: HashMap::new() };
    for (func, sites) in functions {
        // Offset 0 means "not known" for some producers: it may speak for a base, never against one.
        voters += sites.iter().filter(|s| s.has_a_say()).count();
        let Some(body) = module.body(func) else {
            strangers.insert(func);
            hypotheses.iter_mut().for_each(|h| h.tally.astray += 1);
            continue;
        };
        let landings = decode(module, &body, bases, &sites);
        for hypothesis in &mut hypotheses {
            for site in &sites {
                hypothesis.hold(module, &body, site, &landings, &mut tail_callers);
            }
        }
    }
    // The first of equals is the likeliest: `max_by_key` would take the last.
    let best = hypotheses.iter().rev().max_by_key(|h| h.rank(voters));
    let Some(best) = best else { return undecided(bases) };
    Vote {
        base: best.base,
        return_addresses: best.after && best.tally.hits > 0,
        voters,
        hits: best.tally.hits,
        verified: best.tally.verified,
        contradictions: best.tally.contradictions,
        tail_calls: best.tally.tail_calls,
        verdict: best.tally.verdict(module, voters, &strangers),
    }
}

fn undecided(bases: &[OffsetBase; 4]) -> Vote {
    let [base, ..] = *bases;
    Vote {
        base,
        return_addresses: false,
        voters: 0,
        hits: 0,
        verified: 0,
        contradictions: 0,
        tail_calls: 0,
        verdict: Verdict::TooFewToTell,
    }
}

impl Site {
    fn has_a_say(&self) -> bool {
        self.callee != Callee::Nothing && self.offset.0 != 0
    }
}

/// What stands at an offset at which an instruction begins.
#[derive(Debug, Clone, Copy)]
struct Landing {
    at: Option<Call>,
    /// The instruction before it.
    before: Option<Call>,
}

/// Walk a body once for all places that any base makes of its sites.
fn decode(module: &Module, body: &Body, bases: &[OffsetBase; 4], sites: &[&Site]) -> HashMap<FuncOffset, Landing> {
    let of_site = |site: &&Site| {
        let (func, offset) = (site.func, site.offset);
        bases.iter().filter_map(move |base| place(module, body, *base, func, offset)).collect::<Vec<_>>()
    };
    let wanted: BTreeSet<FuncOffset> = sites.iter().flat_map(of_site).collect();
    let mut landings = HashMap::new();
    let Some(last) = wanted.last() else { return landings };
    let mut before = None;
    for instruction in body.instructions().map_while(Result::ok).take_while(|i| i.offset <= *last) {
        let at = instruction.call();
        if wanted.contains(&instruction.offset) {
            landings.insert(instruction.offset, Landing { at, before });
        }
        before = at;
    }
    landings
}

/// One way to read the offsets.
struct Hypothesis {
    base: OffsetBase,
    /// Callers' offsets lie behind their calls.
    after: bool,
    tally: Tally,
}

#[derive(Default)]
struct Tally {
    hits: usize,
    verified: usize,
    contradictions: usize,
    tail_calls: usize,
    /// Youngest frames that stand at an instruction, and those that do not.
    landed: usize,
    astray: usize,
}

impl Hypothesis {
    fn hold(
        &mut self,
        module: &Module,
        body: &Body,
        site: &Site,
        landings: &HashMap<FuncOffset, Landing>,
        tail_callers: &mut TailCallers,
    ) {
        let inside = place(module, body, self.base, site.func, site.offset);
        let landing = inside.and_then(|offset| landings.get(&offset));
        if site.callee == Callee::Nothing {
            match landing {
                _ if site.offset.0 == 0 => {}
                Some(_) => self.tally.landed += 1,
                None => self.tally.astray += 1,
            }
        } else if let Some(call) = landing.and_then(|l| if self.after { l.before } else { l.at }) {
            self.tally.count(judge(module, call, site.callee, tail_callers), site.has_a_say());
        }
    }

    /// The higher, the better it explains the dump.
    fn rank(&self, voters: usize) -> (usize, usize, usize) {
        let landed = if voters == 0 && self.after { 0 } else { self.tally.landed };
        (self.tally.hits, self.tally.verified, landed)
    }
}

/// How a call fits the frame that it made.
enum Fit {
    Verified,
    Possible,
    TailCall,
    Contradiction,
}

fn judge(module: &Module, call: Call, callee: Callee, tail_callers: &mut TailCallers) -> Fit {
    let Callee::Function(callee) = callee else { return Fit::Possible };
    let direct = match call.target {
        CallTarget::Function(target) if target == callee => return Fit::Verified,
        // A host function calls back what it likes.
        CallTarget::Function(target) if target.0 < module.imported_functions() => return Fit::Possible,
        CallTarget::Function(target) => Some(target),
        CallTarget::Type(type_index) => match (module.type_at(type_index), module.function_type(callee)) {
            (Some(called), Some(runs)) if called == runs => return Fit::Verified,
            (Some(_), Some(_)) => None,
            _ => return Fit::Possible,
        },
    };
    match direct {
        Some(target) if tail_callers.contains(target) => Fit::TailCall,
        _ => Fit::Contradiction,
    }
}

impl Tally {
    fn count(&mut self, fit: Fit, has_a_say: bool) {
        if !has_a_say {
            self.verified += usize::from(matches!(fit, Fit::Verified));
            return;
        }
        match fit {
            Fit::Contradiction => self.contradictions += 1,
            fit => {
                self.hits += 1;
                self.verified += usize::from(matches!(fit, Fit::Verified));
                self.tail_calls += usize::from(matches!(fit, Fit::TailCall));
            }
        }
    }

    fn verdict(&self, module: &Module, voters: usize, strangers: &BTreeSet<FuncIdx>) -> Verdict {
        let stranger = strangers.first().map(|FuncIdx(func)| {
            let count = module.function_count();
            let why = if *func < count { "is an import there" } else { "does not exist there" };
            format!("function {func} is on the stack and {why} (the module has {count} functions)")
        });
        if voters == 0 && self.astray > self.landed {
            let astray = || "no instruction begins where the program stopped".to_owned();
            return Verdict::DoesNotBelong(stranger.unwrap_or_else(astray));
        }
        // One in five may miss: a producer's oddity, never a module of another build.
        let misses = voters.saturating_sub(self.hits);
        if misses * 5 > voters {
            let few = || format!("only {} of {voters} callers stand at a fitting call", self.hits);
            return Verdict::DoesNotBelong(stranger.unwrap_or_else(few));
        }
        // A few calls whose target the module does not name could be hit by chance.
        if self.verified == 0 && voters < 4 { Verdict::TooFewToTell } else { Verdict::Belongs }
    }
}

/// Which functions contain a tail call: their caller's call names them, but another function runs.
struct TailCallers<'m, 'f> {
    module: &'m Module<'f>,
    known: HashMap<FuncIdx, bool>,
}

impl TailCallers<'_, '_> {
    fn contains(&mut self, func: FuncIdx) -> bool {
        *self.known.entry(func).or_insert_with(|| {
            self.module.body(func).is_some_and(|body| {
                body.instructions().map_while(Result::ok).any(|i| i.call().is_some_and(|call| call.tail))
            })
        })
    }
}
