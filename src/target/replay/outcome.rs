//! Whether a run ended as the dead program did, and what its frames held.

use ahash::AHashSet as HashSet;

use super::guesses::Guesses;
use super::host::{Better, Guess, Host, Sizes};
use super::lower::steps_to_lower;
use super::machine::{Activation, Machine, Stop};
use crate::limits::MAX_REPLAY_MEMORY_BYTES;
use crate::target::patience::Patience;
use crate::target::physical::{PhysicalFrame, Recorded};
use crate::wasm::module::ExternalKind;
use crate::wasm::{FuncIdx, GlobalIdx, Module};

/// What the frames of the dead program held, the youngest first.
#[derive(Debug, Default)]
pub struct Replayed {
    frames: Vec<ReplayedFrame>,
}

#[derive(Debug, Default)]
struct ReplayedFrame {
    parameters: Vec<u64>,
    locals: Vec<u64>,
    /// None where the dump names another instruction than the one that trapped.
    operands: Option<Vec<u64>>,
}

impl Replayed {
    /// The bits of a local, parameters first.
    pub fn local(&self, frame: usize, index: u32) -> Option<u64> {
        self.frames.get(frame)?.locals.get(index as usize).copied()
    }

    /// The bits of an operand, the deepest is 0.
    pub fn operand(&self, frame: usize, index: u32) -> Option<u64> {
        self.frames.get(frame)?.operands.as_ref()?.get(index as usize).copied()
    }

    /// The bits of what the frame's function was passed.
    pub fn parameter(&self, frame: usize, index: u32) -> Option<u64> {
        self.frames.get(frame)?.parameters.get(index as usize).copied()
    }
}

/// Bytes of memory that are set up or looked at for the cost of one step.
const BYTES_PER_STEP: u64 = 64;

/// Run the program of these frames again; none if that does not end as the dead program did, or takes too long.
pub fn replay(frames: &[PhysicalFrame<'_>], recorded: &dyn Recorded, patience: Patience) -> Option<Replayed> {
    let youngest = frames.first()?;
    let instance = youngest.instance?;
    // An engine that ran out of its own stack stands nowhere.
    youngest.offset.filter(|offset| offset.0 > 0)?;
    if frames.iter().any(|frame| frame.instance != Some(instance)) {
        return None;
    }
    let flows = youngest.flows.as_deref()?;
    let (module, pointer) = (flows.module(), flows.stack_pointer());
    let attempt = Attempt { frames, recorded, instance, module, pointer, entries: entries(module, frames)? };
    let mut steps = patience.replay_steps();
    if least_steps(module, frames) > steps {
        return None;
    }
    let most = MAX_REPLAY_MEMORY_BYTES.min(steps.saturating_mul(BYTES_PER_STEP));
    let size = recorded.memory_size(instance, 0).filter(|size| *size <= most)?;
    let arguments = Sizes::of_one(recorded.program_name().unwrap_or_default());
    let mut guesses = Guesses::default();
    guesses.add(Guess { arguments, is_given_back: false, is_terminal: false });
    while let Some(guess) = guesses.next().filter(|_| steps > 0) {
        match attempt.run(guess, size, &mut steps)? {
            Ended::Same(found) => return Some(found),
            Ended::Other { better, terminal } => {
                if terminal {
                    guesses.add(Guess { is_terminal: !guess.is_terminal, ..guess });
                }
                for sizes in better.likely {
                    guesses.add(Guess { arguments: sizes, is_given_back: false, ..guess });
                }
                for sizes in better.unlikely {
                    guesses.add_unlikely(Guess { arguments: sizes, is_given_back: false, ..guess });
                }
            }
        }
    }
    None
}

/// Steps that every run takes that ends as the dead program did: it has read the functions of the stack.
fn least_steps(module: &Module<'_>, frames: &[PhysicalFrame<'_>]) -> u64 {
    let functions: HashSet<u32> = frames.iter().map(|frame| frame.func.0).collect();
    let defined = functions.into_iter().filter_map(|func| module.body(FuncIdx(func)));
    defined.map(|body| steps_to_lower(&body)).fold(0, u64::saturating_add)
}

/// The functions that the host called, the last of which did not return.
fn entries(module: &Module<'_>, frames: &[PhysicalFrame<'_>]) -> Option<Vec<FuncIdx>> {
    // Imported memories, tables and globals begin with what nobody knows, and threads run in no order.
    let imports = module.imports().as_ref().ok()?;
    let is_shared = module.memories().iter().any(|memory| memory.shared);
    if is_shared || imports.iter().any(|i| i.kind != ExternalKind::Function) || module.has_start_function() {
        return None;
    }
    let exported = |name: Option<&str>, func: Option<FuncIdx>| {
        let mut exports = module.exports().iter().filter(|export| export.kind == ExternalKind::Function);
        exports.find(|e| name.is_none_or(|name| name == e.name) && func.is_none_or(|func| func.0 == e.index))
    };
    let found = match exported(Some("_start"), None) {
        Some(start) => vec![FuncIdx(start.index)],
        // A library was entered with the oldest frame, once it was set up; whether it did something before is not known.
        None => {
            let entered = exported(None, Some(frames.last()?.func))?.index;
            let set_up = exported(Some("_initialize"), None).map(|export| export.index);
            let set_up = set_up.filter(|set_up| *set_up != entered);
            set_up.into_iter().chain([entered]).map(FuncIdx).collect()
        }
    };
    let takes_nothing = |func: &FuncIdx| module.function_type(*func).is_some_and(|kind| kind.params.is_empty());
    found.iter().all(takes_nothing).then_some(found)
}

struct Attempt<'a, 'f> {
    frames: &'a [PhysicalFrame<'f>],
    recorded: &'a dyn Recorded,
    instance: u32,
    module: &'a Module<'f>,
    pointer: Option<GlobalIdx>,
    entries: Vec<FuncIdx>,
}

enum Ended {
    Same(Replayed),
    Other { better: Better, terminal: bool },
}

impl Attempt<'_, '_> {
    /// One run; none if no other run can end better.
    fn run(&self, guess: Guess, size: u64, steps: &mut u64) -> Option<Ended> {
        let mut host = Host::new(self.recorded, self.instance, guess);
        let pointer = self.pointer;
        let mut machine = Machine::new(self.module, &mut host, (size, pointer), *steps)?;
        let stop = machine.run(&self.entries);
        *steps = machine.steps_left;
        let same = match stop {
            Stop::Trap | Stop::Host => self.compare(&machine),
            Stop::Guess => return Some(Ended::Other { better: machine.better, terminal: false }),
            Stop::Nothing => None,
        };
        let pointer = pointer.and_then(|global| machine.globals.get(global.0 as usize));
        let dead = pointer.map_or((0, 0), |pointer| (machine.lowest_pointer, *pointer));
        let (memory, globals) = (machine.memory, machine.globals);
        if same.is_some() {
            // Looking at memory is work too.
            *steps = steps.saturating_sub(size / BYTES_PER_STEP);
        }
        if let Some(found) = same
            && self.has_same_globals(&globals)
            && self.has_same_memory(&memory, dead)
            && self.is_still_there(&memory, &host.taken, dead)
        {
            return Some(Ended::Same(found));
        }
        Some(Ended::Other { better: Better::default(), terminal: host.asked_for_terminal })
    }

    /// The frames of the run, if they are those of the dump as far as that has them.
    fn compare(&self, machine: &Machine<'_, '_, '_>) -> Option<Replayed> {
        let mut found = Replayed::default();
        let mut end = machine.values.len();
        for (index, frame) in self.frames.iter().enumerate() {
            let at = machine.calls.len().checked_sub(index + 1)?;
            let call = machine.calls.get(at)?;
            let offset = call.code.offset(call.pc.checked_sub(1)?);
            let is_there = offset == frame.offset;
            // Engines join a branch and the `unreachable` that it leads to, and record the branch.
            let is_branch = frame.offset.is_some() && machine.latest_branch() == frame.offset;
            let is_fused = index == 0 && is_branch && call.is_at_unreachable();
            if call.func != frame.func || !(is_there || is_fused) {
                return None;
            }
            found.frames.push(values(machine, call, is_there.then_some(end))?);
            end = call.locals;
        }
        Some(found)
    }

    fn has_same_globals(&self, globals: &[u64]) -> bool {
        (0u32..).zip(globals).all(|(index, bits)| {
            let recorded = self.recorded.global(self.instance, GlobalIdx(index)).and_then(|value| value.bits());
            // Dumps hold no globals that never change.
            recorded.is_none_or(|recorded| recorded == u128::from(*bits))
        })
    }

    /// The stack that was given back does not matter: hosts may write other things there.
    fn has_same_memory(&self, memory: &super::linear::Linear, dead: (u64, u64)) -> bool {
        if self.recorded.memory_size(self.instance, 0) != Some(memory.size()) {
            return false;
        }
        const WIDTH: u8 = 8;
        let is_same = |address: u64, width: u8| {
            self.recorded.memory(self.instance, 0, address, usize::from(width)) == memory.load(address, width)
        };
        (0..memory.size()).step_by(usize::from(WIDTH)).all(|address| {
            is_same(address, WIDTH)
                || (address..address + u64::from(WIDTH))
                    .all(|address| (dead.0..dead.1).contains(&address) || is_same(address, 1))
        })
    }

    /// What was taken from the dump as the host's answer is what the host wrote, unless it was overwritten since.
    fn is_still_there(&self, memory: &super::linear::Linear, taken: &[(u64, u64)], dead: (u64, u64)) -> bool {
        taken.iter().all(|(address, length)| {
            (*address..address + length).all(|at| {
                !(dead.0..dead.1).contains(&at) && self.recorded.memory(self.instance, 0, at, 1) == memory.load(at, 1)
            })
        })
    }
}

fn values(machine: &Machine<'_, '_, '_>, call: &Activation, end: Option<usize>) -> Option<ReplayedFrame> {
    let of = |from: usize, to: usize| machine.values.get(from..to).map(<[u64]>::to_vec);
    Some(ReplayedFrame {
        parameters: of(call.arguments, call.arguments + call.code.params)?,
        locals: of(call.locals, call.operands)?,
        operands: match end {
            Some(end) => Some(of(call.operands, end)?),
            None => None,
        },
    })
}
