//! Which locals of a function can hold the stack pointer at its entry plus a constant, found without any states.
//!
//! An unoptimised function has tens of thousands of locals, of which a handful lead to the stack pointer and to the
//! addresses of its variables. One pass over the instructions notes which locals each assignment sums up; a local
//! counts if all that some assignment sums is known, the stack pointer among it. Locals that such sums need, or that
//! the stack pointer is set from, count too. Leaving one out costs an answer, never a wrong one.

use std::rc::Rc;

use wasmparser::Operator;

use super::domain::ExprId;
use super::op::{Arity, Op};
use crate::limits::MAX_LOCALS_PER_FUNCTION;
use crate::wasm::arity::operator_arity;
use crate::wasm::{FuncIdx, FuncOffset, GlobalIdx, Module};

/// Most locals followed: the frame's base and copies of it are set first, addresses of variables after them.
const MAX_TRACKED: usize = 256;

/// Locals worth following, for the stack pointer's sake.
#[derive(Debug, Default)]
pub struct Tracked {
    locals: Vec<u32>,
    /// By local: where it is set.
    settings: Vec<Settings>,
    /// Number of instructions looked at.
    pub instructions: usize,
}

/// What a restricted analysis follows.
#[derive(Debug)]
pub(super) struct Restriction {
    pub tracked: Rc<Tracked>,
    pub stack_pointer: GlobalIdx,
    /// The value of everything else.
    pub untracked: ExprId,
}

/// Where a local is set, as offsets in the body; 0, where no instruction stands, for none.
#[derive(Debug, Clone, Copy, Default)]
struct Settings {
    /// The instruction after the first one that sets it.
    behind_first: u32,
    second: u32,
}

/// A sum of constants, locals and the stack pointer.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    has_stack_pointer: bool,
    locals: [Option<u32>; 2],
}

impl Sum {
    /// Both together; none if they are more than are worth following.
    fn and(self, other: Sum) -> Option<Sum> {
        let mut all = self.locals.into_iter().chain(other.locals).flatten();
        let locals = [all.next(), all.next()];
        let has_stack_pointer = self.has_stack_pointer || other.has_stack_pointer;
        all.next().is_none().then_some(Sum { has_stack_pointer, locals })
    }

    fn locals(self) -> impl Iterator<Item = u32> {
        self.locals.into_iter().flatten()
    }
}

/// What one function sets its locals and its stack pointer to, as far as these are sums.
#[derive(Debug, Default)]
struct Assignments {
    settings: Vec<Settings>,
    locals: Vec<(u32, Sum)>,
    stack_pointer: Vec<Sum>,
    instructions: usize,
}

impl Tracked {
    /// The locals of `function` that lead to the stack pointer; none of a function without a body.
    pub fn of(module: &Module<'_>, function: FuncIdx, stack_pointer: GlobalIdx) -> Self {
        let assignments = Assignments::of(module, function, stack_pointer);
        let count = assignments.settings.len();
        let mut known = vec![false; count];
        let mut derived = vec![false; count];
        let is_in = |set: &[bool], local: u32| set.get(local as usize).copied().unwrap_or(false);
        let mut wanted = Wanted { set: vec![false; count], locals: Vec::new() };
        for sum in &assignments.stack_pointer {
            sum.locals().for_each(|local| wanted.add(local));
        }
        // Compilers assign before they use; a second pass finds what a loop carries round.
        for _ in 0..2 {
            for (local, sum) in &assignments.locals {
                if !sum.locals().all(|l| is_in(&known, l)) {
                    continue;
                }
                let leads_here = sum.has_stack_pointer || sum.locals().any(|l| is_in(&derived, l));
                for (set, value) in [(&mut known, true), (&mut derived, leads_here)] {
                    if let Some(place) = set.get_mut(*local as usize) {
                        *place |= value;
                    }
                }
                if leads_here {
                    wanted.add(*local);
                }
            }
        }
        for _ in 0..2 {
            for (local, sum) in assignments.locals.iter().rev() {
                if is_in(&wanted.set, *local) && sum.locals().all(|l| is_in(&known, l)) {
                    sum.locals().for_each(|local| wanted.add(local));
                }
            }
        }
        wanted.locals.sort_unstable();
        Tracked { locals: wanted.locals, settings: assignments.settings, instructions: assignments.instructions }
    }

    /// The instruction after the first one that sets the local, if another one before `end` sets it again.
    pub fn behind_first_of_several(&self, local: u32, end: FuncOffset) -> Option<FuncOffset> {
        let settings = self.settings.get(local as usize)?;
        let again = settings.second != 0 && u64::from(settings.second) < end.0;
        again.then_some(FuncOffset(u64::from(settings.behind_first)))
    }

    /// The local is followed.
    pub fn contains(&self, local: u32) -> bool {
        self.locals.binary_search(&local).is_ok()
    }

    /// All that are followed, sorted.
    pub fn locals(&self) -> &[u32] {
        &self.locals
    }
}

/// Locals chosen so far.
struct Wanted {
    set: Vec<bool>,
    locals: Vec<u32>,
}

impl Wanted {
    fn add(&mut self, local: u32) {
        if let Some(place @ false) = self.set.get_mut(local as usize)
            && self.locals.len() < MAX_TRACKED
        {
            *place = true;
            self.locals.push(local);
        }
    }
}

impl Assignments {
    /// Up to the first instruction that cannot be read, where the analysis ends as well.
    fn of(module: &Module<'_>, function: FuncIdx, stack_pointer: GlobalIdx) -> Self {
        let mut found = Assignments::default();
        let Some(body) = module.body(function) else { return found };
        // Operands within one basic block; what comes in from elsewhere is no sum.
        let mut operands: Vec<Option<Sum>> = Vec::new();
        for instruction in body.instructions().map_while(Result::ok) {
            found.instructions += 1;
            if let Some(local) = instruction.sets_local() {
                found.note_setting(local, instruction.offset, instruction.size_bytes);
            }
            found.note(&instruction.operator, &mut operands, module, stack_pointer);
        }
        found
    }

    fn note_setting(&mut self, local: u32, offset: FuncOffset, size_bytes: u64) {
        if local >= MAX_LOCALS_PER_FUNCTION {
            return;
        }
        let index = local as usize;
        if index >= self.settings.len() {
            self.settings.resize(index + 1, Settings::default());
        }
        // A body is shorter than 2^32 bytes by its size field.
        let at = |offset: u64| u32::try_from(offset).unwrap_or(u32::MAX);
        match self.settings.get_mut(index) {
            Some(known) if known.behind_first == 0 => known.behind_first = at(offset.0.saturating_add(size_bytes)),
            Some(known) if known.second == 0 => known.second = at(offset.0),
            _ => {}
        }
    }

    fn note(
        &mut self,
        operator: &Operator<'_>,
        operands: &mut Vec<Option<Sum>>,
        module: &Module<'_>,
        stack_pointer: GlobalIdx,
    ) {
        match operator {
            Operator::LocalGet { local_index } => {
                operands.push(Some(Sum { locals: [Some(*local_index), None], ..Sum::default() }));
            }
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                let value = operands.pop().flatten();
                self.locals.extend(value.map(|sum| (*local_index, sum)));
                if matches!(operator, Operator::LocalTee { .. }) {
                    operands.push(value);
                }
            }
            Operator::GlobalGet { global_index } => {
                let is_pointer = *global_index == stack_pointer.0;
                operands.push(is_pointer.then_some(Sum { has_stack_pointer: true, ..Sum::default() }));
            }
            Operator::GlobalSet { global_index } => {
                let value = operands.pop().flatten();
                self.stack_pointer.extend(value.filter(|_| *global_index == stack_pointer.0));
            }
            Operator::I32Const { .. } | Operator::I64Const { .. } => operands.push(Some(Sum::default())),
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Else
            | Operator::End
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrTable { .. } => operands.clear(),
            _ => match Op::of(operator) {
                Some(Op::I32Add | Op::I32Sub | Op::I64Add | Op::I64Sub) => {
                    let (b, a) = (operands.pop().flatten(), operands.pop().flatten());
                    operands.push(a.zip(b).and_then(|(a, b)| a.and(b)));
                }
                Some(op) => {
                    let pops = if op.arity() == Arity::Unary { 1 } else { 2 };
                    operands.truncate(operands.len().saturating_sub(pops));
                    operands.push(None);
                }
                // What has no arity without its labels ends the basic block.
                None => match operator_arity(module, operator) {
                    Some((pops, pushes)) => {
                        operands.truncate(operands.len().saturating_sub(pops as usize));
                        operands.extend((0..pushes).map(|_| None));
                    }
                    None => operands.clear(),
                },
            },
        }
    }
}
