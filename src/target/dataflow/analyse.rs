//! One pass forward over a function body, instruction by instruction.
//!
//! WebAssembly's control flow is structured, so that one pass with repeated loops is exact. Code that no path
//! reaches is skipped, not analysed: its operand stack has no meaning.

use wasmparser::{Handle, Operator};

use super::domain::Site;
use super::label::LabelKind;
use super::point::{CallKind, CallSite, FlowState};
use super::state::Proof;
use super::walk::Walk;
use crate::error::{Error, Result};
use crate::wasm::code::Instruction;
use crate::wasm::{FuncIdx, FuncOffset};

impl<'f> Walk<'_, 'f> {
    /// Walk until all wanted states are final.
    ///
    /// # Errors
    /// The body is malformed or exceeds the budget. States before the outermost loop that was open then stand.
    pub fn run(&mut self) -> Result<()> {
        let result = self.walk();
        if result.is_err() {
            let open_loop = self.labels.iter().find(|l| matches!(l.kind, LabelKind::Loop(_)));
            if let Some(first_unsure) = open_loop.map(|l| l.site.offset()) {
                self.states.retain(|offset, _| *offset < first_unsure);
            }
        }
        result
    }

    fn walk(&mut self) -> Result<()> {
        while let Some(instruction) = self.instructions.next() {
            let instruction = instruction?;
            self.machine.spend(1)?;
            if self.open_loops == 0 && self.is_past(instruction.offset) {
                return Ok(());
            }
            if self.dead {
                self.skip(&instruction)?;
            } else {
                if self.wanted.offsets.binary_search(&instruction.offset).is_ok() {
                    self.capture(&instruction);
                }
                self.step(&instruction)?;
            }
            if self.labels.is_empty() {
                return Ok(());
            }
        }
        Err(Error::malformed("function body: it ends inside a block"))
    }

    fn is_past(&self, offset: FuncOffset) -> bool {
        !self.wanted.exit && self.wanted.offsets.last().is_none_or(|last| offset > *last)
    }

    fn capture(&mut self, instruction: &Instruction<'f>) {
        let stack_pointer = self.machine.stack_pointer();
        let state = FlowState {
            state: self.machine.state.clone(),
            operands: self.machine.operands.clone(),
            stack_pointer,
            call: self.call_site(&instruction.operator),
        };
        self.states.insert(instruction.offset, state);
    }

    fn call_site(&self, operator: &Operator<'_>) -> Option<CallSite> {
        let module = self.machine.module;
        let (kind, signature, callee_operands) = match operator {
            Operator::Call { function_index } => {
                (CallKind::Direct(FuncIdx(*function_index)), module.function_type(FuncIdx(*function_index)), 0)
            }
            Operator::CallIndirect { type_index, table_index } => {
                let kind = CallKind::Indirect { type_index: *type_index, table: *table_index };
                (kind, module.type_at(*type_index), 1)
            }
            Operator::CallRef { type_index } => {
                (CallKind::Reference { type_index: *type_index }, module.type_at(*type_index), 1)
            }
            _ => return None,
        };
        let params = signature?.params.len();
        let first_argument = self.machine.operands.len().checked_sub(params + callee_operands)?;
        Some(CallSite { kind, first_argument, params })
    }

    fn step(&mut self, instruction: &Instruction<'f>) -> Result<()> {
        let site = Site::at(instruction.offset);
        self.machine.arena.current = site;
        if self.open_handlers > 0 && may_throw(&instruction.operator) {
            self.note_throw()?;
        }
        match &instruction.operator {
            Operator::Unreachable | Operator::Throw { .. } | Operator::ThrowRef | Operator::Rethrow { .. } => {
                self.die()
            }
            Operator::Block { blockty } => self.open(LabelKind::Block, *blockty, site)?,
            Operator::Loop { blockty } => self.open_loop(*blockty, site)?,
            Operator::If { blockty } => self.open_if(*blockty, site)?,
            Operator::Try { blockty } => self.open(LabelKind::Try { in_body: true }, *blockty, site)?,
            Operator::TryTable { try_table } => {
                self.open(LabelKind::TryTable { catches: try_table.catches.clone() }, try_table.ty, site)?;
            }
            Operator::Else
            | Operator::End
            | Operator::Catch { .. }
            | Operator::CatchAll
            | Operator::Delegate { .. } => {
                self.divide_or_close(&instruction.operator, site)?;
            }
            _ => self.branch_or_execute(&instruction.operator, site)?,
        }
        Ok(())
    }

    fn branch_or_execute(&mut self, operator: &Operator<'f>, site: Site) -> Result<()> {
        match operator {
            Operator::Br { relative_depth } => {
                self.branch(*relative_depth, None)?;
                self.die();
            }
            Operator::Return => self.leave()?,
            Operator::ReturnCall { function_index } => {
                self.machine.execute(&Operator::Call { function_index: *function_index }, site)?;
                self.leave()?;
            }
            Operator::ReturnCallIndirect { type_index, .. } | Operator::ReturnCallRef { type_index } => {
                self.machine.execute(&Operator::CallRef { type_index: *type_index }, site)?;
                self.leave()?;
            }
            Operator::BrIf { relative_depth } => {
                let condition = self.machine.pop()?;
                self.branch(*relative_depth, Some((condition, Proof::NotZero)))?;
                self.prove(condition, Proof::Zero);
            }
            Operator::BrTable { targets } => self.branch_table(targets)?,
            Operator::BrOnNull { relative_depth } => {
                let reference = self.machine.pop()?;
                self.branch(*relative_depth, None)?;
                self.machine.push(reference);
            }
            Operator::BrOnNonNull { relative_depth } => {
                self.branch(*relative_depth, None)?;
                self.machine.pop()?;
            }
            Operator::BrOnCast { relative_depth, .. } | Operator::BrOnCastFail { relative_depth, .. } => {
                self.branch(*relative_depth, None)?;
            }
            Operator::BrOnCastDescEq { relative_depth, .. } | Operator::BrOnCastDescEqFail { relative_depth, .. } => {
                self.machine.pop()?;
                self.branch(*relative_depth, None)?;
            }
            Operator::Resume { resume_table, .. }
            | Operator::ResumeThrow { resume_table, .. }
            | Operator::ResumeThrowRef { resume_table, .. } => {
                let labels: Vec<u32> = resume_table
                    .handlers
                    .iter()
                    .filter_map(|handle| match handle {
                        Handle::OnLabel { label, .. } => Some(*label),
                        Handle::OnSwitch { .. } => None,
                    })
                    .collect();
                self.machine.execute(operator, site)?;
                for label in labels {
                    self.branch_with_opaque(label, site)?;
                }
            }
            _ => self.machine.execute(operator, site)?,
        }
        Ok(())
    }

    /// The function returns what is on top of the operand stack.
    fn leave(&mut self) -> Result<()> {
        let outermost = self.labels.len().saturating_sub(1);
        self.branch(u32::try_from(outermost).unwrap_or(u32::MAX), None)?;
        self.die();
        Ok(())
    }

    fn branch_table(&mut self, targets: &wasmparser::BrTable<'_>) -> Result<()> {
        let selector = self.machine.pop()?;
        let mut ways: Vec<(u32, Option<u64>)> = vec![(targets.default(), None)];
        for (case, depth) in (0u64..).zip(targets.targets()) {
            let depth = depth.map_err(|_| Error::malformed("function body: br_table"))?;
            ways.push((depth, Some(case)));
        }
        self.machine.spend(ways.len())?;
        ways.sort_unstable();
        for group in ways.chunk_by(|a, b| a.0 == b.0) {
            let proof = match group {
                [(_, Some(case))] => Some((selector, Proof::Equals(*case))),
                _ => None,
            };
            if let Some((depth, _)) = group.first() {
                self.branch(*depth, proof)?;
            }
        }
        self.die();
        Ok(())
    }

    /// Pass over an instruction that no path reaches, up to the end of the block or arm.
    fn skip(&mut self, instruction: &Instruction<'f>) -> Result<()> {
        match &instruction.operator {
            Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Try { .. }
            | Operator::TryTable { .. } => self.skipped += 1,
            Operator::End | Operator::Delegate { .. } if self.skipped > 0 => self.skipped -= 1,
            Operator::Else | Operator::Catch { .. } | Operator::CatchAll if self.skipped > 0 => {}
            operator @ (Operator::Else
            | Operator::End
            | Operator::Catch { .. }
            | Operator::CatchAll
            | Operator::Delegate { .. }) => self.divide_or_close(operator, Site::at(instruction.offset))?,
            _ => {}
        }
        Ok(())
    }
}

fn may_throw(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Call { .. }
            | Operator::CallIndirect { .. }
            | Operator::CallRef { .. }
            | Operator::Throw { .. }
            | Operator::ThrowRef
            | Operator::Rethrow { .. }
            | Operator::Resume { .. }
            | Operator::ResumeThrow { .. }
            | Operator::ResumeThrowRef { .. }
            | Operator::Suspend { .. }
            | Operator::Switch { .. }
    )
}
