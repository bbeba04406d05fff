//! The effect of one instruction that is no branch and no block on the symbolic state.
//!
//! What cannot be followed gives an `Opaque` result and makes all facts that it may have touched weak. Operands are
//! popped with a check against the block's own: bodies are not validated before they come here.

use std::rc::Rc;

use ahash::{AHashMap as HashMap, AHashSet as HashSet};
use wasmparser::Operator;

use super::access::{Effect, access, effect};
use super::domain::{Arena, Expr, ExprId, MemorySlotId, Site};
use super::memory::{Join, Time};
use super::op::{Arity, Op};
use super::state::{PathFacts, State};
use super::tracked::Restriction;
use crate::error::{Error, Result};
use crate::wasm::arity::operator_arity;
use crate::wasm::module::FuncType;
use crate::wasm::value::ValueType;
use crate::wasm::{FuncIdx, GlobalIdx, Module};

/// Which globals a call leaves as it finds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preserved {
    /// The stack pointer, if the module has one: every function that lowers it puts it back before it returns.
    StackPointer(Option<GlobalIdx>),
    /// All, while the stack pointer is still looked for.
    All,
}

/// The state of the analysis at one instruction.
pub struct Machine<'m, 'f> {
    pub module: &'m Module<'f>,
    pub arena: Arena,
    pub facts: PathFacts,
    pub state: State,
    pub operands: Vec<ExprId>,
    /// Operands below this belong to the blocks around.
    pub height: usize,
    pub preserved: Preserved,
    /// Globals that were set to less than their entry value.
    pub lowered: Vec<u32>,
    /// Direct calls and what they pass, as of the latest walk over them.
    pub calls: HashMap<Site, (FuncIdx, Vec<ExprId>)>,
    /// Values that other code may get hold of: passed to a call or stored, and where first.
    pub escaped: HashMap<ExprId, Site>,
    /// Places that the function stores to, and where first.
    pub stored: HashMap<MemorySlotId, Site>,
    /// Memories and bases in which it sets many bytes at once.
    pub filled: HashSet<(u32, Option<ExprId>)>,
    /// What alone is followed; none: everything is.
    pub(super) restriction: Option<Rc<Restriction>>,
    /// Number of locals of the function, parameters included.
    pub(super) local_count: u32,
    now: Time,
    steps_left: u64,
}

impl<'m, 'f> Machine<'m, 'f> {
    pub fn new(module: &'m Module<'f>, preserved: Preserved, steps: u64) -> Self {
        Machine {
            module,
            arena: Arena::new(module.memories()),
            facts: PathFacts::default(),
            state: State::default(),
            operands: Vec::new(),
            height: 0,
            preserved,
            lowered: Vec::new(),
            calls: HashMap::new(),
            escaped: HashMap::new(),
            stored: HashMap::new(),
            filled: HashSet::new(),
            restriction: None,
            local_count: 0,
            now: 0,
            steps_left: steps,
        }
    }

    /// Use up some of the budget.
    pub fn spend(&mut self, steps: usize) -> Result<()> {
        match self.steps_left.checked_sub(steps as u64) {
            Some(left) => {
                self.steps_left = left;
                Ok(())
            }
            None => {
                self.steps_left = 0;
                Err(Error::Limit("its dataflow takes too many steps".into()))
            }
        }
    }

    pub fn steps_left(&self) -> u64 {
        self.steps_left
    }

    /// A moment later than all before.
    pub fn tick(&mut self) -> Time {
        // Time runs no further than the budget of steps, which is below 2^32.
        self.now = self.now.saturating_add(1);
        self.now
    }

    /// The join at `site` that path number `way` reaches now.
    pub fn join(&self, site: Site, way: u32, now: Time) -> Join {
        Join { site, way, now, thorough: false, forgets: self.restriction.is_some() }
    }

    pub fn pop(&mut self) -> Result<ExprId> {
        if self.operands.len() <= self.height {
            return Err(Error::malformed("function body: an instruction pops from an empty operand stack"));
        }
        self.operands.pop().ok_or_else(|| Error::malformed("function body: empty operand stack"))
    }

    pub fn pop_many(&mut self, count: usize) -> Result<Vec<ExprId>> {
        match self.operands.len().checked_sub(count) {
            Some(rest) if rest >= self.height => Ok(self.operands.split_off(rest)),
            _ => Err(Error::malformed("function body: an instruction pops from an empty operand stack")),
        }
    }

    /// The same for operands that nobody wants.
    pub fn pop_operands(&mut self, count: usize) -> Result<()> {
        match self.operands.len().checked_sub(count) {
            Some(rest) if rest >= self.height => self.operands.truncate(rest),
            _ => return Err(Error::malformed("function body: an instruction pops from an empty operand stack")),
        }
        Ok(())
    }

    pub fn push(&mut self, value: ExprId) {
        self.operands.push(value);
    }

    pub fn push_opaque(&mut self, site: Site, index: u32, kind: Option<ValueType>) {
        let value = self.arena.intern(Expr::Opaque { site, index }, kind);
        self.push(value);
    }

    /// The value of the stack pointer; none if the module has none.
    pub fn stack_pointer(&mut self) -> Option<ExprId> {
        match self.preserved {
            Preserved::StackPointer(Some(global)) => {
                let kind = self.module.globals().get(global.0 as usize)?.kind;
                Some(self.state.peek_global(&mut self.arena, global.0, Some(kind)))
            }
            _ => None,
        }
    }

    /// Execute one instruction. Branches, blocks and their ends are not for here.
    pub fn execute(&mut self, operator: &Operator<'_>, site: Site) -> Result<()> {
        if let Some(restriction) = self.restriction.clone() {
            return self.execute_restricted(operator, site, &restriction);
        }
        if let Some(op) = Op::of(operator) {
            return self.numeric(op);
        }
        if let Some(access) = access(operator) {
            return if access.is_store { self.store(access, site) } else { self.load(access, site) };
        }
        match operator {
            Operator::Nop => Ok(()),
            Operator::Drop => self.pop().map(drop),
            Operator::Select | Operator::TypedSelect { .. } => {
                let (condition, otherwise, then) = (self.pop()?, self.pop()?, self.pop()?);
                let value = self.arena.select(condition, then, otherwise);
                self.push(value);
                Ok(())
            }
            Operator::LocalGet { local_index } => self.local(*local_index).map(|value| self.push(value)),
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                self.local(*local_index)?;
                let value = self.pop()?;
                self.state.set_local(*local_index, value);
                if matches!(operator, Operator::LocalTee { .. }) {
                    self.push(value);
                }
                Ok(())
            }
            Operator::GlobalGet { global_index } => self.global_get(*global_index),
            Operator::GlobalSet { global_index } => self.global_set(*global_index),
            Operator::Call { function_index } => {
                let kind = self.module.function_type(FuncIdx(*function_index));
                self.note_arguments(FuncIdx(*function_index), kind.map_or(0, |k| k.params.len()), site);
                self.call(kind, false, site)
            }
            Operator::CallIndirect { type_index, .. } | Operator::CallRef { type_index } => {
                self.call(self.module.type_at(*type_index), true, site)
            }
            Operator::MemoryFill { mem } => self.fill(*mem),
            Operator::MemoryCopy { dst_mem, .. } => self.fill(*dst_mem),
            Operator::MemoryInit { mem, .. } => self.fill(*mem),
            _ => match self.constant(operator) {
                Some(value) => {
                    self.push(value);
                    Ok(())
                }
                None => self.other(operator, site),
            },
        }
    }

    pub(super) fn constant(&mut self, operator: &Operator<'_>) -> Option<ExprId> {
        let (kind, bits) = match operator {
            Operator::I32Const { value } => (ValueType::I32, u64::from(*value as u32)),
            Operator::I64Const { value } => (ValueType::I64, *value as u64),
            Operator::F32Const { value } => (ValueType::F32, u64::from(value.bits())),
            Operator::F64Const { value } => (ValueType::F64, value.bits()),
            Operator::V128Const { value } => (ValueType::V128, u64::try_from(value.i128()).ok()?),
            Operator::RefNull { .. } => (ValueType::Ref, 0),
            _ => return None,
        };
        Some(self.arena.constant_of(kind, bits))
    }

    fn numeric(&mut self, op: Op) -> Result<()> {
        let value = match op.arity() {
            Arity::Unary => {
                let a = self.pop()?;
                self.arena.unary(op, a)
            }
            Arity::Binary => {
                let (b, a) = (self.pop()?, self.pop()?);
                self.arena.binary(op, a, b)
            }
        };
        self.push(value);
        Ok(())
    }

    fn local(&self, index: u32) -> Result<ExprId> {
        self.state.local(index).ok_or_else(|| Error::malformed(format!("function body: there is no local {index}")))
    }

    pub(super) fn global_get(&mut self, index: u32) -> Result<()> {
        let global = self.module.globals().get(index as usize);
        let global = global.ok_or_else(|| Error::malformed(format!("function body: there is no global {index}")))?;
        let value = if global.mutable {
            self.state.global(&mut self.arena, index, Some(global.kind))
        } else {
            let constant = global.initial.and_then(|value| self.arena.constant_value(value));
            constant.unwrap_or_else(|| self.arena.intern(Expr::GlobalEntry(index), Some(global.kind)))
        };
        self.push(value);
        Ok(())
    }

    pub(super) fn check_global(&self, index: u32) -> Result<()> {
        match self.module.globals().get(index as usize) {
            Some(_) => Ok(()),
            None => Err(Error::malformed(format!("function body: there is no global {index}"))),
        }
    }

    pub(super) fn global_set(&mut self, index: u32) -> Result<()> {
        self.check_global(index)?;
        let value = self.pop()?;
        self.state.set_global(index, value);
        if self.preserved == Preserved::All {
            let distance = self.arena.distance_from_entry(value, index);
            if distance.is_some_and(|d| d < 0) && !self.lowered.contains(&index) {
                self.lowered.push(index);
            }
        }
        Ok(())
    }

    /// Keep what a direct call passes: its result may be a function of that.
    fn note_arguments(&mut self, callee: FuncIdx, count: usize, site: Site) {
        if let Some(first) = self.operands.len().checked_sub(count) {
            let arguments = self.operands.get(first..).unwrap_or_default().to_vec();
            self.calls.insert(site, (callee, arguments));
        }
    }

    /// A call: its arguments go, its results come, and memory and globals may be different.
    fn call(&mut self, kind: Option<&FuncType>, has_callee_operand: bool, site: Site) -> Result<()> {
        let kind = kind.ok_or_else(|| Error::malformed("function body: a call names a function type that is none"))?;
        if has_callee_operand {
            self.pop()?;
        }
        for argument in self.pop_many(kind.params.len())? {
            self.let_escape(argument, site);
        }
        self.disturb(site);
        for (index, result) in (0u32..).zip(&kind.results) {
            let value = self.arena.intern(Expr::CallResult { site, index }, Some(*result));
            self.push(value);
        }
        self.spend(kind.params.len() + kind.results.len())
    }

    pub(super) fn let_escape(&mut self, value: ExprId, site: Site) {
        self.escaped.entry(value).or_insert(site);
    }

    /// Other code runs at `site`: memory and globals may be different afterwards, the preserved ones excepted.
    pub fn disturb(&mut self, site: Site) {
        let now = self.tick();
        self.state.memory.disturb_all(now);
        match self.preserved {
            Preserved::StackPointer(Some(GlobalIdx(index))) => {
                let value = self.stack_pointer();
                self.state.forget_globals(site);
                if let Some(value) = value {
                    self.forget_below(value);
                    self.state.set_global(index, value);
                }
            }
            Preserved::StackPointer(None) => self.state.forget_globals(site),
            Preserved::All => {}
        }
    }

    /// What lies below the stack pointer is the callee's to use.
    fn forget_below(&mut self, stack_pointer: ExprId) {
        let (base, offset) = self.arena.split(stack_pointer);
        let mask = self.arena.address_mask(0);
        let (first, last) = (offset.wrapping_sub(1 << 16) & mask, offset.wrapping_sub(1) & mask);
        for slot in self.arena.slots_in(0, base, first, last) {
            self.state.memory.forget(slot);
        }
    }

    /// An instruction that is not followed.
    fn other(&mut self, operator: &Operator<'_>, site: Site) -> Result<()> {
        let (pops, pushes) = operator_arity(self.module, operator)
            .ok_or_else(|| Error::malformed("function body: an instruction names a type that does not exist"))?;
        self.pop_many(pops as usize)?;
        match effect(operator) {
            Effect::Pure => {}
            Effect::Memory => {
                let now = self.tick();
                self.state.memory.disturb_all(now);
            }
            Effect::Everything => {
                let now = self.tick();
                self.state.memory.disturb_all(now);
                self.state.forget_globals(site);
            }
        }
        for index in 0..pushes {
            self.push_opaque(site, index, None);
        }
        self.spend(pops.saturating_add(pushes) as usize)
    }
}
