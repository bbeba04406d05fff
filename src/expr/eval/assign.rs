//! Variables of the user: the only things that can be assigned to.

use crate::dwarf::types::TypeKind;
use crate::error::{Error, Result};
use crate::expr::ast::{BinaryOp, Expr, ExprKind};
use crate::value::object::Object;

use super::evaluator::{Evaluator, cannot_write};
use super::number::IntType;

impl Evaluator<'_, '_, '_> {
    /// `target = value`, which only variables of the user take.
    pub(super) fn assign(&mut self, op: Option<BinaryOp>, target: &Expr, value: &Expr) -> Result<Object> {
        let ExprKind::Convenience(name) = &target.kind else {
            let place = self.evaluate(target)?;
            return Err(refusal(target, &place));
        };
        if is_machine(name) {
            return Err(cannot_write());
        }
        let new = match op {
            Some(op) => {
                let old = self.convenience(name)?;
                let value = self.value(value)?;
                self.binary(op, old.into(), value)?
            }
            None => self.evaluate(value)?,
        };
        let kept = self.kept(new)?;
        if !self.types_only && !self.frozen {
            self.history.set_variable(name, kept.clone());
        }
        Ok(kept)
    }

    /// References are not kept, but what they refer to.
    fn kept(&self, object: Object) -> Result<Object> {
        self.dereferenced(object)
    }

    pub(super) fn step(&mut self, increment: bool, prefix: bool, operand: &Expr) -> Result<Object> {
        let old = self.evaluate(operand)?;
        let ExprKind::Convenience(name) = &operand.kind else {
            return Err(refusal(operand, &old));
        };
        if matches!(self.stripped(&old).1.kind, TypeKind::Void | TypeKind::Record(_) | TypeKind::Array(_)) {
            return Err(Error::Usage("Not a numeric type.".into()));
        }
        let op = if increment { BinaryOp::Add } else { BinaryOp::Subtract };
        let one = self.of_number(IntType::INT.number(1));
        let new = self.binary(op, old.clone().into(), one.into())?;
        if !self.types_only && !self.frozen {
            self.history.set_variable(name, new.clone());
        }
        Ok(if prefix { new } else { old })
    }
}

/// Why nothing can be assigned to `target`, whose value is `found`. What lay in no memory was a place in the program too.
fn refusal(target: &Expr, found: &Object) -> Error {
    let is_place = found.address().is_some() || matches!(target.kind, ExprKind::Name(_) | ExprKind::Member { .. });
    if is_place { cannot_write() } else { not_assignable() }
}

/// Names that are views of the machine, not variables.
fn is_machine(name: &str) -> bool {
    let numbered = |prefix: &str| {
        name.strip_prefix(prefix).is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
    };
    matches!(name, "pc" | "sp" | "fp") || numbered("l") || numbered("local") || numbered("global")
}

fn not_assignable() -> Error {
    Error::Usage("Left operand of assignment is not an lvalue.".into())
}
