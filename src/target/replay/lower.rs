//! From a body's structured instructions to code with jumps. Code that no path reaches is left out.

use wasmparser::{BlockType, Operator};

use super::code::{Access, Code, Instr, Target};
use crate::target::dataflow::access::access;
use crate::target::dataflow::op::{Arity, Op};
use crate::wasm::arity::{block_arity, operator_arity};
use crate::wasm::code::Body;
use crate::wasm::{FuncIdx, Module};

/// A block that is open.
struct Label {
    /// A loop's first instruction.
    start: Option<u32>,
    /// Operands below its parameters.
    height: u32,
    params: u32,
    results: u32,
    /// Targets that lead to its end.
    pending: Vec<usize>,
    /// The target of an `if` that leads to its `else`, or to its end.
    otherwise: Option<usize>,
}

struct Lowering<'m, 'f> {
    module: &'m Module<'f>,
    code: Code,
    labels: Vec<Label>,
    height: u32,
    /// Blocks that are open in code which no path reaches.
    skipped: Option<u32>,
    at: u32,
}

/// What lowering a body costs: it takes about as long as running it four times, at two bytes an instruction.
pub(super) fn steps_to_lower(body: &Body<'_>) -> u64 {
    (body.bytes.len() as u64).saturating_mul(2)
}

/// The code of a function; none if it is imported, or cannot be read.
pub(super) fn lower(module: &Module<'_>, func: FuncIdx) -> Option<Code> {
    let kind = module.function_type(func)?;
    let (params, results) = (kind.params.len(), kind.results.len());
    let locals = module.local_types(func)?.len();
    let code = Code { params, results, locals, ..Code::default() };
    let whole = Label {
        start: None,
        height: 0,
        params: 0,
        results: u32::try_from(results).ok()?,
        pending: Vec::new(),
        otherwise: None,
    };
    let mut lowering = Lowering { module, code, labels: vec![whole], height: 0, skipped: None, at: 0 };
    for instruction in module.body(func)?.instructions() {
        let instruction = instruction.ok()?;
        lowering.at = u32::try_from(instruction.offset.0).ok()?;
        lowering.instruction(&instruction.operator)?;
    }
    lowering.labels.is_empty().then_some(lowering.code)
}

impl Lowering<'_, '_> {
    fn emit(&mut self, instr: Instr) {
        self.code.instrs.push(instr);
        self.code.offsets.push(self.at);
    }

    fn pc(&self) -> u32 {
        u32::try_from(self.code.instrs.len()).unwrap_or(u32::MAX)
    }

    /// One instruction; none if the body is malformed.
    fn instruction(&mut self, operator: &Operator<'_>) -> Option<()> {
        if let Some(depth) = self.skipped {
            return self.skip(operator, depth);
        }
        match operator {
            Operator::Block { blockty } => self.open(*blockty, false),
            Operator::Loop { blockty } => self.open(*blockty, true),
            Operator::If { blockty } => self.open_if(*blockty),
            Operator::Else => self.otherwise(true),
            Operator::End => {
                let label = self.labels.last()?;
                (self.height == label.height + label.results).then(|| self.end())?
            }
            Operator::Br { relative_depth } => {
                let target = self.target(*relative_depth)?;
                self.emit(Instr::Branch(target));
                self.skipped = Some(0);
                Some(())
            }
            Operator::BrIf { relative_depth } => {
                self.height = self.height.checked_sub(1)?;
                let target = self.target(*relative_depth)?;
                self.emit(Instr::BranchIf(target));
                Some(())
            }
            Operator::BrTable { targets } => self.table(targets),
            Operator::Return => {
                let outermost = u32::try_from(self.labels.len()).ok()?.checked_sub(1)?;
                let target = self.target(outermost)?;
                self.emit(Instr::Branch(target));
                self.skipped = Some(0);
                Some(())
            }
            Operator::Unreachable => {
                self.emit(Instr::Unreachable);
                self.skipped = Some(0);
                Some(())
            }
            _ => self.plain(operator),
        }
    }

    /// Code that no path reaches: only the end of what is open matters.
    fn skip(&mut self, operator: &Operator<'_>, depth: u32) -> Option<()> {
        match operator {
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Try { .. }
            | Operator::TryTable { .. } => self.skipped = Some(depth + 1),
            Operator::End if depth > 0 => self.skipped = Some(depth - 1),
            Operator::End => return self.end(),
            Operator::Else if depth == 0 => return self.otherwise(false),
            _ => {}
        }
        Some(())
    }

    fn open(&mut self, block: BlockType, is_loop: bool) -> Option<()> {
        let (params, results) = block_arity(self.module, block)?;
        let height = self.height.checked_sub(params)?;
        let start = is_loop.then(|| self.pc());
        self.labels.push(Label { start, height, params, results, pending: Vec::new(), otherwise: None });
        Some(())
    }

    fn open_if(&mut self, block: BlockType) -> Option<()> {
        self.height = self.height.checked_sub(1)?;
        self.open(block, false)?;
        let (index, label) = (self.code.targets.len(), self.labels.last_mut()?);
        label.otherwise = Some(index);
        self.code.targets.push(Target { pc: 0, keep: label.params, height: label.height });
        self.emit(Instr::BranchUnless(u32::try_from(index).ok()?));
        Some(())
    }

    /// `else`; the branch in front of it may not reach it.
    fn otherwise(&mut self, is_reached: bool) -> Option<()> {
        if is_reached {
            let target = self.target(0)?;
            self.emit(Instr::Branch(target));
        }
        let pc = self.pc();
        let label = self.labels.last_mut()?;
        if is_reached && self.height != label.height + label.results {
            return None;
        }
        if let Some(target) = label.otherwise.take().and_then(|index| self.code.targets.get_mut(index)) {
            target.pc = pc;
        }
        self.height = label.height + label.params;
        self.skipped = None;
        Some(())
    }

    fn end(&mut self) -> Option<()> {
        let pc = self.pc();
        let label = self.labels.pop()?;
        for index in label.pending.iter().chain(&label.otherwise) {
            self.code.targets.get_mut(*index)?.pc = pc;
        }
        self.height = label.height + label.results;
        self.skipped = None;
        if self.labels.is_empty() {
            self.emit(Instr::Return);
        }
        Some(())
    }

    /// The index of a target for the label of that depth.
    fn target(&mut self, depth: u32) -> Option<u32> {
        let at = self.labels.len().checked_sub(1)?.checked_sub(depth as usize)?;
        let index = self.code.targets.len();
        let label = self.labels.get_mut(at)?;
        let keep = if label.start.is_some() { label.params } else { label.results };
        if label.start.is_none() {
            label.pending.push(index);
        }
        self.code.targets.push(Target { pc: label.start.unwrap_or(0), keep, height: label.height });
        u32::try_from(index).ok()
    }

    fn table(&mut self, targets: &wasmparser::BrTable<'_>) -> Option<()> {
        self.height = self.height.checked_sub(1)?;
        let first = u32::try_from(self.code.targets.len()).ok()?;
        for depth in targets.targets() {
            self.target(depth.ok()?)?;
        }
        self.target(targets.default())?;
        self.emit(Instr::BranchTable { first, count: targets.len() });
        self.skipped = Some(0);
        Some(())
    }

    /// An instruction that goes on to the next.
    fn plain(&mut self, operator: &Operator<'_>) -> Option<()> {
        if matches!(operator, Operator::Try { .. } | Operator::TryTable { .. }) {
            return None;
        }
        let (pops, pushes) = operator_arity(self.module, operator)?;
        let instr = instr(operator);
        if let Some(instr) = instr {
            self.emit(instr);
        }
        self.height = self.height.checked_sub(pops)?.checked_add(pushes)?;
        // What is not followed ends the run.
        if matches!(instr, Some(Instr::Unsupported)) {
            self.skipped = Some(0);
        }
        Some(())
    }
}

/// The code of an instruction that goes on to the next; none if it does nothing.
fn instr(operator: &Operator<'_>) -> Option<Instr> {
    if let Some(op) = Op::of(operator) {
        return Some(match op.arity() {
            Arity::Unary => Instr::Unary(op),
            Arity::Binary => Instr::Binary(op),
        });
    }
    if let Some(found) = access(operator) {
        if found.memory != 0 || found.width > 8 {
            return Some(Instr::Unsupported);
        }
        let changes = |op: &Op| matches!(op, Op::I32Extend8S | Op::I32Extend16S | Op::I64ExtendI32S);
        let conversions = found.conversions.map(|op| op.filter(changes));
        let access = Access { offset: found.offset, width: found.width, conversions };
        return Some(if found.is_store { Instr::Store(access) } else { Instr::Load(access) });
    }
    Some(match *operator {
        Operator::Nop => return None,
        Operator::I32Const { value } => Instr::Const(u64::from(value as u32)),
        Operator::I64Const { value } => Instr::Const(value as u64),
        Operator::F32Const { value } => Instr::Const(u64::from(value.bits())),
        Operator::F64Const { value } => Instr::Const(value.bits()),
        Operator::LocalGet { local_index } => Instr::LocalGet(local_index),
        Operator::LocalSet { local_index } => Instr::LocalSet(local_index),
        Operator::LocalTee { local_index } => Instr::LocalTee(local_index),
        Operator::GlobalGet { global_index } => Instr::GlobalGet(global_index),
        Operator::GlobalSet { global_index } => Instr::GlobalSet(global_index),
        Operator::Drop => Instr::Drop,
        Operator::Select | Operator::TypedSelect { .. } => Instr::Select,
        Operator::Call { function_index } => Instr::Call(function_index),
        Operator::CallIndirect { type_index, table_index } => Instr::CallIndirect { type_index, table: table_index },
        Operator::MemorySize { mem: 0 } => Instr::MemorySize,
        Operator::MemoryGrow { mem: 0 } => Instr::MemoryGrow,
        Operator::MemoryFill { mem: 0 } => Instr::MemoryFill,
        Operator::MemoryCopy { dst_mem: 0, src_mem: 0 } => Instr::MemoryCopy,
        _ => Instr::Unsupported,
    })
}
