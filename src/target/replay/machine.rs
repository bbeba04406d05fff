//! The interpreter: code, memory, globals and a stack of calls, run until something ends it.
//!
//! A call's arguments stay on the caller's operand stack while the callee runs, as an engine's recorder finds them;
//! the callee works on copies.

use std::rc::Rc;

use ahash::AHashMap as HashMap;

use super::arithmetic::compute;
use super::code::{Access, Code, Instr};
use super::host::{Answer, Better, Host};
use super::linear::Linear;
use super::lower::{lower, steps_to_lower};
use crate::wasm::module::ExternalKind;
use crate::wasm::value::ValueType;
use crate::wasm::{FuncIdx, FuncOffset, GlobalIdx, Module};

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    Trap,
    /// At a call of an imported function of which nobody can tell what it did.
    Host,
    /// The machine has better guesses at what the host answered.
    Guess,
    /// It returned, or met what is not followed, or took too long.
    Nothing,
}

/// Most values on the stack, and most calls: as many as engines have room for.
const MAX_VALUES: usize = 4 << 20;
const MAX_CALLS: usize = 200_000;

/// A call of a function.
pub(super) struct Activation {
    pub func: FuncIdx,
    pub code: Rc<Code>,
    /// The next instruction.
    pub pc: usize,
    /// Index of the first argument among the caller's operands.
    pub arguments: usize,
    /// Index of the first local among the values.
    pub locals: usize,
    /// Index of the first operand.
    pub operands: usize,
}

impl Activation {
    /// Of no function, and at its end.
    fn none() -> Self {
        Activation { func: FuncIdx(0), code: Rc::default(), pc: 0, arguments: 0, locals: 0, operands: 0 }
    }

    /// It stands behind an `unreachable`.
    pub fn is_at_unreachable(&self) -> bool {
        let latest = self.pc.checked_sub(1).and_then(|pc| self.code.instrs.get(pc));
        matches!(latest, Some(Instr::Unreachable))
    }
}

/// A program that is run again.
pub(super) struct Machine<'m, 'f, 'r> {
    module: &'m Module<'f>,
    host: &'m mut Host<'r>,
    codes: HashMap<u32, Rc<Code>>,
    pub memory: Linear,
    pub globals: Vec<u64>,
    pub values: Vec<u64>,
    /// The calls, the youngest last; the one that runs is among them when the run has ended.
    pub calls: Vec<Activation>,
    current: Activation,
    pub steps_left: u64,
    stack_pointer: Option<usize>,
    /// The lowest value that the stack pointer had.
    pub lowest_pointer: u64,
    /// Guesses that are better than that of this run.
    pub better: Better,
    /// The latest conditional branch: its function and the instruction behind it.
    latest_branch: (FuncIdx, usize),
}

/// What an instruction leads to.
type Step = Result<(), Stop>;

impl<'m, 'f, 'r> Machine<'m, 'f, 'r> {
    /// The program as it begins, with that much memory at most.
    pub fn new(
        module: &'m Module<'f>,
        host: &'m mut Host<'r>,
        (memory_limit, stack_pointer): (u64, Option<GlobalIdx>),
        steps: u64,
    ) -> Option<Self> {
        let number = |global: &crate::wasm::item::Global| u64::try_from(global.initial?.bits()?).ok();
        Some(Machine {
            module,
            host,
            codes: HashMap::new(),
            memory: Linear::new(module, memory_limit)?,
            globals: module.globals().iter().map(number).collect::<Option<Vec<u64>>>()?,
            values: Vec::new(),
            calls: Vec::new(),
            current: Activation::none(),
            steps_left: steps,
            stack_pointer: stack_pointer.map(|global| global.0 as usize),
            lowest_pointer: u64::MAX,
            better: Better::default(),
            latest_branch: (FuncIdx(0), 0),
        })
    }

    /// Call functions that take nothing, one after the other, and run to the end.
    pub fn run(&mut self, funcs: &[FuncIdx]) -> Stop {
        let mut stop = Stop::Nothing;
        for func in funcs {
            stop = match self.enter(*func, 0) {
                Ok(()) => self.run_on(),
                Err(stop) => stop,
            };
            // Of one that returned, only what it did to memory is left.
            if !self.calls.is_empty() {
                break;
            }
            self.values.clear();
            self.current = Activation::none();
        }
        if self.calls.is_empty() {
            return stop;
        }
        // What called the first function is nobody.
        self.calls.push(std::mem::replace(&mut self.current, Activation::none()));
        self.calls.remove(0);
        stop
    }

    fn run_on(&mut self) -> Stop {
        loop {
            let Some(instr) = self.current.code.instrs.get(self.current.pc).copied() else { return Stop::Nothing };
            self.current.pc += 1;
            let Some(left) = self.steps_left.checked_sub(1) else { return Stop::Nothing };
            self.steps_left = left;
            if let Err(stop) = self.step(instr) {
                return stop;
            }
        }
    }

    /// The conditional branch that the youngest call took or passed last.
    pub fn latest_branch(&self) -> Option<FuncOffset> {
        let (func, behind) = self.latest_branch;
        let youngest = self.calls.last().filter(|youngest| youngest.func == func)?;
        youngest.code.offset(behind.checked_sub(1)?)
    }

    #[inline]
    fn step(&mut self, instr: Instr) -> Step {
        match instr {
            Instr::Const(bits) => self.push(bits),
            Instr::LocalGet(index) => {
                let value = self.local(index).copied()?;
                self.push(value)
            }
            Instr::LocalSet(index) => {
                let value = self.pop()?;
                *self.local(index)? = value;
                Ok(())
            }
            Instr::LocalTee(index) => {
                let value = self.top(0)?;
                *self.local(index)? = value;
                Ok(())
            }
            Instr::Unary(op) => {
                let result = compute(op, self.top(0)?, 0).ok_or(Stop::Trap)?;
                self.replace(1, result)
            }
            Instr::Binary(op) => {
                let result = compute(op, self.top(1)?, self.top(0)?).ok_or(Stop::Trap)?;
                self.replace(2, result)
            }
            Instr::Load(access) => self.load(access),
            Instr::Store(access) => self.store(access),
            Instr::Drop => self.pop().map(|_| ()),
            Instr::Select => {
                let chosen = if self.top(0)? as u32 != 0 { self.top(2)? } else { self.top(1)? };
                self.replace(3, chosen)
            }
            Instr::Branch(target) => self.branch(target),
            Instr::BranchIf(target) => self.branch_if(target, true),
            Instr::BranchUnless(target) => self.branch_if(target, false),
            Instr::BranchTable { first, count } => {
                let index = self.pop()? as u32;
                self.branch(first + index.min(count))
            }
            Instr::Call(func) => self.enter(FuncIdx(func), 0),
            Instr::CallIndirect { type_index, table } => self.call_indirect(type_index, table),
            Instr::Return => self.leave(),
            Instr::GlobalGet(_) | Instr::GlobalSet(_) => self.global(instr),
            Instr::Unreachable => Err(Stop::Trap),
            Instr::Unsupported => Err(Stop::Nothing),
            _ => self.memory_instruction(instr),
        }
    }

    fn push(&mut self, value: u64) -> Step {
        self.values.push(value);
        Ok(())
    }

    fn pop(&mut self) -> Result<u64, Stop> {
        self.values.pop().ok_or(Stop::Nothing)
    }

    /// An operand, 0 is the topmost.
    fn top(&self, index: usize) -> Result<u64, Stop> {
        let at = self.values.len().checked_sub(index + 1).ok_or(Stop::Nothing)?;
        self.values.get(at).copied().ok_or(Stop::Nothing)
    }

    /// Take off operands and push a result.
    fn replace(&mut self, operands: usize, result: u64) -> Step {
        let rest = self.values.len().checked_sub(operands).ok_or(Stop::Nothing)?;
        self.values.truncate(rest);
        self.push(result)
    }

    fn local(&mut self, index: u32) -> Result<&mut u64, Stop> {
        self.values.get_mut(self.current.locals + index as usize).ok_or(Stop::Nothing)
    }

    fn global(&mut self, instr: Instr) -> Step {
        match instr {
            Instr::GlobalGet(index) => {
                let value = self.globals.get(index as usize).copied().ok_or(Stop::Nothing)?;
                self.push(value)
            }
            Instr::GlobalSet(index) => {
                let value = self.pop()?;
                if self.stack_pointer == Some(index as usize) {
                    self.lowest_pointer = self.lowest_pointer.min(value);
                }
                *self.globals.get_mut(index as usize).ok_or(Stop::Nothing)? = value;
                Ok(())
            }
            _ => Err(Stop::Nothing),
        }
    }

    fn load(&mut self, access: Access) -> Step {
        let address = self.top(0)?.checked_add(access.offset).ok_or(Stop::Trap)?;
        let mut value = self.memory.load(address, access.width).ok_or(Stop::Trap)?;
        for op in access.conversions.into_iter().flatten() {
            value = compute(op, value, 0).ok_or(Stop::Nothing)?;
        }
        self.replace(1, value)
    }

    fn store(&mut self, access: Access) -> Step {
        let (address, value) = (self.top(1)?.checked_add(access.offset).ok_or(Stop::Trap)?, self.top(0)?);
        self.memory.store(address, access.width, value).ok_or(Stop::Trap)?;
        self.pop()?;
        self.pop().map(|_| ())
    }

    fn branch(&mut self, target: u32) -> Step {
        let current = &mut self.current;
        let target = current.code.targets.get(target as usize).ok_or(Stop::Nothing)?;
        current.pc = target.pc as usize;
        let (to, keep) = (current.operands + target.height as usize, target.keep as usize);
        let from = self.values.len().checked_sub(keep).ok_or(Stop::Nothing)?;
        if from > to {
            self.values.copy_within(from.., to);
            self.values.truncate(to + keep);
        }
        Ok(())
    }

    fn branch_if(&mut self, target: u32, wanted: bool) -> Step {
        let condition = self.pop()? as u32 != 0;
        self.latest_branch = (self.current.func, self.current.pc);
        if condition == wanted { self.branch(target) } else { Ok(()) }
    }

    fn call_indirect(&mut self, type_index: u32, table: u32) -> Step {
        let index = self.top(0)?;
        let func = self.module.table_entry(table, index & u64::from(u32::MAX)).ok_or(Stop::Trap)?;
        if self.module.function_type(func) != self.module.type_at(type_index) {
            return Err(Stop::Trap);
        }
        self.enter(func, 1)
    }

    fn code(&mut self, func: FuncIdx) -> Option<Rc<Code>> {
        if let Some(code) = self.codes.get(&func.0) {
            return Some(Rc::clone(code));
        }
        self.steps_left = self.steps_left.checked_sub(steps_to_lower(&self.module.body(func)?))?;
        let code = Rc::new(lower(self.module, func)?);
        self.codes.insert(func.0, Rc::clone(&code));
        Some(code)
    }

    /// Call a function with the topmost operands, but for `above` that lie on its arguments: an index into a table.
    fn enter(&mut self, func: FuncIdx, above: usize) -> Step {
        if func.0 < self.module.imported_functions() {
            return self.ask_host(func, above);
        }
        let code = self.code(func).ok_or(Stop::Nothing)?;
        if self.calls.len() >= MAX_CALLS || self.values.len() >= MAX_VALUES {
            return Err(Stop::Nothing);
        }
        self.steps_left = self.steps_left.saturating_sub(code.locals as u64 / 16);
        let locals = self.values.len();
        let arguments = locals.checked_sub(code.params + above).ok_or(Stop::Nothing)?;
        self.values.extend_from_within(arguments..locals - above);
        self.values.resize(locals + code.locals, 0);
        let operands = self.values.len();
        let callee = Activation { func, code, pc: 0, arguments, locals, operands };
        self.calls.push(std::mem::replace(&mut self.current, callee));
        Ok(())
    }

    fn leave(&mut self) -> Step {
        let caller = self.calls.pop().ok_or(Stop::Nothing)?;
        let done = std::mem::replace(&mut self.current, caller);
        let results = self.values.len().checked_sub(done.code.results).ok_or(Stop::Nothing)?;
        if results < done.arguments {
            return Err(Stop::Nothing);
        }
        self.values.copy_within(results.., done.arguments);
        self.values.truncate(done.arguments + done.code.results);
        Ok(())
    }

    fn ask_host(&mut self, func: FuncIdx, above: usize) -> Step {
        let module = self.module;
        let imports = module.imports().as_ref().map_err(|_| Stop::Nothing)?;
        let is_called = |i: &&crate::wasm::item::Import<'_>| i.kind == ExternalKind::Function && i.index == func.0;
        let import = imports.iter().find(is_called).ok_or(Stop::Nothing)?;
        let kind = module.function_type(func).ok_or(Stop::Nothing)?;
        let end = self.values.len().checked_sub(above).ok_or(Stop::Nothing)?;
        let first = end.checked_sub(kind.params.len()).ok_or(Stop::Nothing)?;
        let arguments = self.values.get(first..end).unwrap_or_default().to_vec();
        match self.host.call((import.module, import.name), &arguments, &mut self.memory) {
            Answer::Errno(result) if kind.results.as_slice() == [ValueType::I32] => {
                self.replace(arguments.len() + above, result)
            }
            Answer::Errno(_) | Answer::Unknown => Err(Stop::Host),
            Answer::Other(better) => {
                self.better = better;
                Err(Stop::Guess)
            }
        }
    }

    fn memory_instruction(&mut self, instr: Instr) -> Step {
        match instr {
            Instr::MemorySize => self.push(self.memory.size() / crate::wasm::item::PAGE_BYTES),
            Instr::MemoryGrow => {
                let wide = self.module.memories().first().is_some_and(|memory| memory.memory64);
                let failed = if wide { u64::MAX } else { u64::from(u32::MAX) };
                let before = self.memory.grow(self.top(0)?).unwrap_or(failed);
                self.replace(1, before)
            }
            Instr::MemoryFill | Instr::MemoryCopy => {
                let (to, from, length) = (self.top(2)?, self.top(1)?, self.top(0)?);
                self.steps_left = self.steps_left.saturating_sub(length / 16);
                let done = match instr {
                    Instr::MemoryFill => self.memory.get_mut(to, length).map(|place| place.fill(from as u8)),
                    _ => self.memory.copy(to, from, length),
                };
                done.ok_or(Stop::Trap)?;
                let rest = self.values.len().checked_sub(3).ok_or(Stop::Nothing)?;
                self.values.truncate(rest);
                Ok(())
            }
            _ => Err(Stop::Nothing),
        }
    }
}
