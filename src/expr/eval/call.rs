//! Calls: gdb's own functions, methods that a dump can answer, `std::get<N>`; all others need a process.

use crate::dwarf::Language;
use crate::dwarf::types::TypeKind;
use crate::error::Result;
use crate::expr::ast::{Expr, ExprKind, GenericArgument, UnaryOp};
use crate::value::object::Object;

use super::evaluator::Evaluator;
use super::functions::cannot_call;

impl Evaluator<'_, '_, '_> {
    pub(super) fn call(&mut self, callee: &Expr, arguments: &[Expr]) -> Result<Object> {
        if let ExprKind::Convenience(name) = &callee.kind {
            let name = name.clone();
            let mut values = Vec::new();
            for argument in arguments {
                values.push(self.evaluate(argument)?);
            }
            return self.convenience_call(&name, &values);
        }
        if let ExprKind::Member { base, name, .. } = &callee.kind
            && self.dotted(callee)?.is_none()
        {
            let (answered, base) = (base, self.value(base)?);
            let is_function = self.member(base.clone(), name).is_ok_and(|member| self.is_callable(&member.object));
            if !is_function {
                let mut values = Vec::new();
                for argument in arguments {
                    values.push(self.evaluate(self.by_reference(argument))?);
                }
                // What Rust wraps once more, so that it may be missing or poisoned, is answered plainly.
                if matches!(&**name, "unwrap" | "expect") && is_plain_answer(answered) {
                    return Ok(base.object);
                }
                return self.method_call(base, name, &values);
            }
        }
        if let (Some(index), [value]) = (self.get_index(callee), arguments) {
            let value = self.evaluate(value)?;
            return self.std_get(&value, index);
        }
        let callee = self.value(callee)?;
        if self.types_only {
            let (_, found) = self.stripped(&callee.object);
            let function = match &found.kind {
                TypeKind::Function(function) => Some(function.clone()),
                TypeKind::Pointer { target, .. } => match &self.types().strip(*target).1.kind {
                    TypeKind::Function(function) => Some(function.clone()),
                    _ => None,
                },
                _ => None,
            };
            if let Some(function) = function {
                let result = function.result.unwrap_or_else(|| self.types().void());
                return Ok(Object::absent(result, "not called", self.names.instance()));
            }
        }
        Err(cannot_call())
    }

    /// An argument of a method without Rust's `&`: there is no place for a literal to be borrowed from.
    fn by_reference<'e>(&self, argument: &'e Expr) -> &'e Expr {
        match &argument.kind {
            ExprKind::Unary { op: UnaryOp::AddressOf, operand } if self.language() == Language::Rust => operand,
            _ => argument,
        }
    }

    /// `N` of C++'s `std::get<N>`, with and without `std::`.
    fn get_index(&self, callee: &Expr) -> Option<u64> {
        let ExprKind::Name(path) = &callee.kind else { return None };
        let (last, around) = path.segments.split_last()?;
        let is_std = around.iter().all(|segment| segment.name == "std") && around.len() <= 1;
        match last.arguments.as_deref() {
            Some([GenericArgument::Int { negative: false, value }])
                if last.name == "get" && is_std && self.language() == Language::Cpp =>
            {
                u64::try_from(value.value).ok()
            }
            _ => None,
        }
    }

    /// A function, or a pointer to one.
    fn is_callable(&self, object: &Object) -> bool {
        let is_function = |id| matches!(self.types().strip(id).1.kind, TypeKind::Function(_));
        match self.stripped(object).1.kind {
            TypeKind::Function(_) => true,
            TypeKind::Pointer { target, .. } => is_function(target),
            _ => false,
        }
    }
}

/// A call of one of Rust's methods that give an `Option` or a `Result` around what is answered here.
fn is_plain_answer(call: &Expr) -> bool {
    let ExprKind::Call { callee, .. } = &call.kind else { return false };
    let ExprKind::Member { name, .. } = &callee.kind else { return false };
    matches!(&**name, "get" | "lock" | "read" | "write" | "first" | "last")
}
