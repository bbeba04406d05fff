//! The effect of one instruction when only the stack pointer and the locals that lead to it are followed.
//!
//! Everything else is one value, *untracked*, of which nothing is ever said: an operation over it is untracked too,
//! so that two untracked values are never taken for equal. What is followed gets the very expressions that the whole
//! analysis makes, unless paths bring different ones; memory, path facts and calls are not kept at all. What
//! parameters and locals begin with is untracked: nearly all locals are then known nowhere but between their
//! assignment and the end of its block, and joins and loops have nothing to do.

use std::rc::Rc;

use wasmparser::Operator;

use super::access::{Effect, effect};
use super::domain::{Expr, ExprId, Site};
use super::op::{Arity, Op};
use super::tracked::{Restriction, Tracked};
use super::transfer::Machine;
use crate::error::{Error, Result};
use crate::wasm::GlobalIdx;
use crate::wasm::arity::operator_arity;

impl Machine<'_, '_> {
    /// Follow the stack pointer and these locals only.
    pub fn restrict(&mut self, tracked: Rc<Tracked>, stack_pointer: GlobalIdx) {
        let untracked = self.arena.intern(Expr::Opaque { site: Site(u32::MAX), index: u32::MAX }, None);
        self.facts.ignore();
        self.restriction = Some(Rc::new(Restriction { tracked, stack_pointer, untracked }));
    }

    /// Execute one instruction as `execute` does, within the restriction.
    pub(super) fn execute_restricted(
        &mut self,
        operator: &Operator<'_>,
        site: Site,
        restriction: &Restriction,
    ) -> Result<()> {
        let untracked = restriction.untracked;
        match operator {
            Operator::LocalGet { local_index } => {
                self.check_local(*local_index)?;
                let value = self.state.local(*local_index).unwrap_or(untracked);
                self.push(value);
            }
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                self.check_local(*local_index)?;
                let value = self.pop()?;
                if value == untracked {
                    self.state.forget_local(*local_index);
                } else if restriction.tracked.contains(*local_index) {
                    self.state.set_local(*local_index, value);
                }
                if matches!(operator, Operator::LocalTee { .. }) {
                    self.push(value);
                }
            }
            Operator::GlobalGet { global_index } if *global_index == restriction.stack_pointer.0 => {
                self.global_get(*global_index)?;
            }
            Operator::GlobalSet { global_index } if *global_index == restriction.stack_pointer.0 => {
                self.global_set(*global_index)?;
            }
            Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index } => {
                self.check_global(*global_index)?;
                self.replace(operator, untracked)?;
            }
            Operator::Select | Operator::TypedSelect { .. } => {
                let (condition, otherwise, then) = (self.pop()?, self.pop()?, self.pop()?);
                let parts = [condition, then, otherwise];
                let value = match parts.contains(&untracked) {
                    true if then == otherwise => then,
                    true => untracked,
                    false => self.arena.select(condition, then, otherwise),
                };
                self.push(value);
            }
            _ => match Op::of(operator) {
                Some(op) => self.numeric_restricted(op, untracked)?,
                None => match self.constant(operator) {
                    Some(value) => self.push(value),
                    None => {
                        self.replace(operator, untracked)?;
                        self.forget_if_unknown(operator, site);
                    }
                },
            },
        }
        Ok(())
    }

    fn numeric_restricted(&mut self, op: Op, untracked: ExprId) -> Result<()> {
        let value = match op.arity() {
            Arity::Unary => match self.pop()? {
                a if a == untracked => untracked,
                a => self.arena.unary(op, a),
            },
            Arity::Binary => match (self.pop()?, self.pop()?) {
                (b, a) if a == untracked || b == untracked => untracked,
                (b, a) => self.arena.binary(op, a, b),
            },
        };
        self.push(value);
        Ok(())
    }

    fn check_local(&self, index: u32) -> Result<()> {
        match index < self.local_count {
            true => Ok(()),
            false => Err(Error::malformed(format!("function body: there is no local {index}"))),
        }
    }

    /// Operands go, and results come of which nothing is said.
    fn replace(&mut self, operator: &Operator<'_>, untracked: ExprId) -> Result<()> {
        let (pops, pushes) = operator_arity(self.module, operator)
            .ok_or_else(|| Error::malformed("function body: an instruction names a type that does not exist"))?;
        self.pop_operands(pops as usize)?;
        (0..pushes).for_each(|_| self.push(untracked));
        self.spend(pops.saturating_add(pushes) as usize)
    }

    /// A call leaves the stack pointer as it finds it; an instruction that nobody knows may set it.
    fn forget_if_unknown(&mut self, operator: &Operator<'_>, site: Site) {
        if effect(operator) == Effect::Everything {
            self.state.forget_globals(site);
        }
    }
}
