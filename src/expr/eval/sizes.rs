//! Types of expressions, sizes and alignments.

use crate::dwarf::TypeId;
use crate::dwarf::types::{PointerKind, TypeKind};
use crate::error::{Error, Result};
use crate::expr::ast::{ExprKind, Operand};
use crate::value::object::Object;

use super::evaluator::Evaluator;
use super::names::Meaning;

impl Evaluator<'_, '_, '_> {
    pub(super) fn size_of(&mut self, operand: &Operand) -> Result<Object> {
        let (_, type_id) = self.type_of_operand(operand)?;
        let (_, found) = self.types().strip(type_id);
        let size = match found.kind {
            TypeKind::Void | TypeKind::Function(_) => Some(1),
            // A reference has the size of what it refers to.
            TypeKind::Pointer { target, kind } if kind != PointerKind::Pointer && self.is_c_like(found.language) => {
                self.types().size_of(target)
            }
            _ => self.types().size_of(type_id),
        };
        let size = size.ok_or_else(|| Error::Absent("the size of an incomplete type is not known".into()))?;
        Ok(self.of_number(self.long(false).number(u128::from(size))))
    }

    pub(super) fn align_of(&mut self, operand: &Operand) -> Result<Object> {
        let (_, type_id) = self.type_of_operand(operand)?;
        let align = self.alignment(type_id, 16, &mut 100_000);
        let align = align.ok_or_else(|| Error::Absent("the alignment of an incomplete type is not known".into()))?;
        Ok(self.of_number(self.long(false).number(u128::from(align))))
    }

    fn alignment(&self, id: TypeId, depth: usize, budget: &mut usize) -> Option<u64> {
        let depth = depth.checked_sub(1)?;
        *budget = budget.checked_sub(1)?;
        let (_, found) = self.types().strip(id);
        if let Some(align) = found.align_bytes {
            return Some(align);
        }
        match &found.kind {
            TypeKind::Record(record) => record
                .members
                .iter()
                .try_fold(1, |most, member| Some(self.alignment(member.type_id, depth, budget)?.max(most))),
            TypeKind::Array(array) => self.alignment(array.element, depth, budget),
            TypeKind::Void | TypeKind::Function(_) => Some(1),
            _ => found.size_bytes,
        }
    }

    /// The type that `operand` names or has; true: it was named.
    ///
    /// # Errors
    /// An unknown name, or operands that do not fit.
    pub fn type_of_operand(&mut self, operand: &Operand) -> Result<(bool, TypeId)> {
        let expr = match operand {
            Operand::Type(typ) => return self.type_of(typ).map(|id| (true, id)),
            Operand::Expr(expr) => expr,
        };
        let path = match &expr.kind {
            ExprKind::Type(typ) => return self.type_of(typ).map(|id| (true, id)),
            ExprKind::Name(path) => Some(path.clone()),
            ExprKind::Member { .. } => self.dotted(expr)?,
            _ => None,
        };
        if let Some(Meaning::Type(id)) = path.map(|path| self.names.find(&path)).transpose()?.flatten() {
            return Ok((true, id));
        }
        self.type_of_expression(expr).map(|id| (false, id))
    }
}
