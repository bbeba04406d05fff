//! The walk over the tree: which operator gets what.

use crate::dwarf::Language;
use crate::dwarf::types::{Encoding, TypeKind};
use crate::error::{Error, Result};
use crate::expr::ast::{BinaryOp, CastSyntax, Expr, ExprKind, TypeName, UnaryOp};
use crate::value::object::Object;
use crate::value::present::{Form, present};
use crate::value::view::View;

use super::access::{NO_STRUCTURE, NO_STRUCTURE_POINTER};
use super::evaluator::{Evaluator, Value, no_operator};
use super::name::type_as_expression;
use super::number::complement;

impl Evaluator<'_, '_, '_> {
    /// What `expr` stands for, not yet to be read.
    pub(super) fn value(&mut self, expr: &Expr) -> Result<Value> {
        Ok(match &expr.kind {
            ExprKind::Int(literal) => self.int_literal(literal)?.into(),
            ExprKind::Float(literal) => self.float_literal(literal).into(),
            ExprKind::Char(literal) => self.char_literal(literal).into(),
            ExprKind::String(literal) => self.string_literal(literal).into(),
            ExprKind::Bool(value) => {
                let bool_type = self.names.base_type(crate::expr::ast::BaseName::Bool);
                self.computed(bool_type, &[u8::from(*value)]).into()
            }
            ExprKind::Null => {
                let void_pointer = self.pointer_type(self.types().void());
                self.pointer(void_pointer, 0).into()
            }
            ExprKind::Name(path) => self.name(path)?,
            ExprKind::History(index) => self.history.value(*index)?.clone().into(),
            ExprKind::Convenience(name) => self.convenience(name)?.into(),
            ExprKind::Member { base, arrow, name, .. } => match self.dotted(expr)? {
                Some(path) => self.name(&path)?,
                None => {
                    let base = self.value(base)?;
                    self.member(base, name).map_err(|error| arrow_error(error, *arrow))?
                }
            },
            ExprKind::MemberPointer { base, pointer, .. } => self.member_pointer(base, pointer)?,
            ExprKind::Index { base, index } => {
                let base = self.value(base)?;
                match self.entry_by_parts(&base, index)? {
                    Some(object) => object.into(),
                    None => {
                        let index = self.value(index)?;
                        self.element(base, index)?
                    }
                }
            }
            ExprKind::Slice { base, start, end, inclusive } => {
                self.range(base, start.as_deref(), end.as_deref(), *inclusive)?.into()
            }
            ExprKind::Call { callee, arguments } => self.call(callee, arguments)?.into(),
            ExprKind::Unary { op, operand } => self.unary(*op, operand)?,
            ExprKind::Step { increment, prefix, operand } => self.step(*increment, *prefix, operand)?.into(),
            ExprKind::SizeOf(operand) => self.size_of(operand)?.into(),
            ExprKind::AlignOf(operand) => self.align_of(operand)?.into(),
            ExprKind::Cast { syntax, to, operand } => self.cast_expression(*syntax, to, operand)?,
            ExprKind::At { typ, address } => {
                let type_id = self.type_of(typ)?;
                let address = self.evaluate(address)?;
                let at = self.address_of_value(&address)?;
                let object = Object {
                    provenance: address.provenance.clone(),
                    ..Object::in_memory(type_id, at, address.instance)
                };
                Value { object, through_null: at == 0 }
            }
            ExprKind::Binary { op, left, right } => self.binary_expression(*op, left, right)?,
            ExprKind::Conditional { condition, then, otherwise } => {
                let condition = self.evaluate(condition)?;
                let holds = self.is_true(&self.condition(condition)?)?;
                let (chosen, other) = if holds { (then, otherwise) } else { (otherwise, then) };
                self.chosen(chosen, other)?
            }
            ExprKind::Assign { op, target, value } => self.assign(*op, target, value)?.into(),
            ExprKind::Array(elements) => self.array(elements)?.into(),
            ExprKind::ArrayRepeat { value, count } => self.array_repeat(value, count)?.into(),
            ExprKind::Type(_) => return Err(type_as_expression()),
        })
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr) -> Result<Value> {
        if let (UnaryOp::AddressOf, ExprKind::Name(path)) = (op, &operand.kind)
            && let Some(pointer) = self.pointer_to_member(path)?
        {
            return Ok(pointer.into());
        }
        let value = self.value(operand)?;
        match op {
            UnaryOp::Dereference | UnaryOp::DereferenceAfter => return self.contents(value),
            UnaryOp::AddressOf | UnaryOp::AddressOfMut => return self.address_of(value).map(Value::from),
            UnaryOp::Unwrap => {
                return self.unwrapped(value);
            }
            _ => {}
        }
        let object = self.loaded(value)?;
        let object = self.dereferenced(object)?;
        let object = match op {
            UnaryOp::Not => self.condition(object)?,
            _ if self.types_only => object,
            _ => self.held_number(object),
        };
        if let Some(result) = self.vector_unary(op, &object)? {
            return Ok(result.into());
        }
        if let Some(result) = self.complex_unary(op, &object)? {
            return Ok(result.into());
        }
        self.numeric(&object, op)?;
        let result = match op {
            UnaryOp::Plus => self.signed(&object, Ok)?,
            UnaryOp::Negate => self.signed(&object, |number| Ok(number.negated()))?,
            UnaryOp::BitNot => self.signed(&object, complement)?,
            UnaryOp::Not if self.language() == Language::Rust && !self.is_boolean(&object) => {
                self.signed(&object, complement)?
            }
            _ => {
                let truth = self.of_bool(!self.is_true(&object)?);
                self.derived_from(&[&object], truth)
            }
        };
        Ok(result.into())
    }

    /// Refuses what the operator has no meaning for, in gdb's words.
    fn numeric(&self, object: &Object, op: UnaryOp) -> Result<()> {
        let (sign, refused) = match op {
            UnaryOp::Plus => ("+", "Argument to positive operation not a number."),
            UnaryOp::Negate => ("-", "Argument to negate operation not a number."),
            UnaryOp::BitNot => ("~", "Argument to complement operation not an integer, boolean."),
            _ => ("!", ""),
        };
        match self.stripped(object).1.kind {
            TypeKind::Record(_) => Err(no_operator(sign)),
            TypeKind::Pointer { .. } | TypeKind::Array(_) if sign != "!" => Err(Error::Usage(refused.into())),
            _ => Ok(()),
        }
    }

    /// Zig's `x.?`: what an optional holds.
    fn unwrapped(&mut self, value: Value) -> Result<Value> {
        if self.types_only {
            return Err(Error::Usage("whether an optional holds anything only memory tells".into()));
        }
        let object = self.loaded(value)?;
        match present(self.reader(), &object, Form::Language) {
            View::Variant { name, .. } if &*name == "null" => Err(Error::Usage("the value is null".into())),
            View::Wrapped { inner, .. } => Ok(inner.into()),
            View::Unavailable(error) => Err(error),
            // A pointer or slice that is not null.
            _ => Ok(object.into()),
        }
    }

    fn is_boolean(&self, object: &Object) -> bool {
        matches!(self.stripped(object).1.kind, TypeKind::Base(Encoding::Boolean))
    }

    fn binary_expression(&mut self, op: BinaryOp, left: &Expr, right: &Expr) -> Result<Value> {
        match op {
            BinaryOp::Comma => {
                self.value(left)?;
                self.value(right)
            }
            BinaryOp::LogicalAnd | BinaryOp::LogicalOr => {
                let first = self.evaluate(left).and_then(|object| self.condition(object))?;
                self.refuse_record(&first, op)?;
                let decided = self.is_true(&first)? == (op == BinaryOp::LogicalOr);
                if decided && !self.types_only {
                    return Ok(self.derived_from(&[&first], self.of_bool(op == BinaryOp::LogicalOr)).into());
                }
                let second = self.evaluate(right).and_then(|object| self.condition(object))?;
                self.refuse_record(&second, op)?;
                let truth = self.of_bool(self.is_true(&second)?);
                Ok(self.derived_from(&[&first, &second], truth).into())
            }
            BinaryOp::Repeat => {
                let value = self.value(left)?;
                let count = self.evaluate(right)?;
                // The count matters even if only the type is wanted.
                let reading = std::mem::replace(&mut self.types_only, false);
                let repeated = self.repeated_in(reading, value, &count);
                self.types_only = reading;
                repeated
            }
            _ => {
                let (left_value, right_value) = (self.value(left)?, self.value(right)?);
                let (left_value, right_value) = self.adopted(left, left_value, right, right_value)?;
                self.binary(op, left_value, right_value).map(Value::from)
            }
        }
    }

    fn repeated_in(&mut self, types_only: bool, value: Value, count: &Object) -> Result<Value> {
        let count =
            if types_only && count.address().is_some() { self.computed(count.type_id, &[1]) } else { count.clone() };
        if types_only && value.object.address().is_none() {
            return Err(Error::Usage("Only values in memory can be extended with '@'.".into()));
        }
        self.repeated(value, &count)
    }

    /// What is found true or false: references followed, smart pointers as pointers, numbers out of their wrappers.
    fn condition(&self, object: Object) -> Result<Object> {
        let object = self.dereferenced(object)?;
        let is_record = matches!(self.stripped(&object).1.kind, TypeKind::Record(_));
        Ok(match self.held_pointer_of(&object) {
            Some(pointer) => pointer,
            None if is_record && !self.types_only => self.held_number(object),
            None => object,
        })
    }

    /// One side of `?:`. Numbers of different types become what an operation on both would be.
    fn chosen(&mut self, chosen: &Expr, other: &Expr) -> Result<Value> {
        let value = self.value(chosen)?;
        let is_number = |this: &Self, id| matches!(this.types().strip(id).1.kind, TypeKind::Base(encoding) if encoding != Encoding::Boolean);
        let type_id = value.object.type_id;
        // The other side may not even have a type; it is not wanted then.
        let Ok(other_id) = self.type_of_expression(other) else { return Ok(value) };
        let differ = other_id != type_id && is_number(self, other_id) && is_number(self, type_id);
        if !differ || !self.is_c_like(self.language()) {
            return Ok(value);
        }
        let types_only = std::mem::replace(&mut self.types_only, true);
        let zero = Object::absent(other_id, "not chosen", value.object.instance);
        let common = self.binary(BinaryOp::Add, value.object.clone().into(), zero.into());
        self.types_only = types_only;
        let common = common?.type_id;
        self.cast(value, common)
    }

    /// In Rust and Zig a plain number takes the type of the other operand.
    fn adopted(&self, left: &Expr, left_value: Value, right: &Expr, right_value: Value) -> Result<(Value, Value)> {
        if self.is_c_like(self.language()) {
            return Ok((left_value, right_value));
        }
        let plain = (is_plain_number(left), is_plain_number(right));
        Ok(match plain {
            (false, true) => {
                let adopted = self.as_type_of(right_value, &left_value.object)?;
                (left_value, adopted)
            }
            (true, false) => (self.as_type_of(left_value, &right_value.object)?, right_value),
            _ => (left_value, right_value),
        })
    }

    fn as_type_of(&self, number: Value, other: &Object) -> Result<Value> {
        let held = if self.types_only { other.clone() } else { self.held_number(other.clone()) };
        let other = &held;
        let (_, found) = self.stripped(other);
        match found.kind {
            TypeKind::Base(Encoding::Signed | Encoding::Unsigned | Encoding::Float) => self.cast(number, other.type_id),
            _ => Ok(number),
        }
    }

    fn cast_expression(&mut self, syntax: CastSyntax, to: &TypeName, operand: &Expr) -> Result<Value> {
        let type_id = self.type_of(to)?;
        let value = self.value(operand)?;
        if syntax == CastSyntax::Reinterpret {
            let sizes = (self.types().size_of(type_id), self.types().size_of(value.object.type_id));
            let (_, target) = self.types().strip(type_id);
            if matches!(target.kind, TypeKind::Record(_)) && sizes.0 != sizes.1 {
                return Err(Error::Usage("Invalid reinterpret_cast".into()));
            }
        }
        match syntax {
            CastSyntax::Dynamic => self.dynamic_cast(value, type_id),
            _ => self.cast(value, type_id),
        }
    }

    fn range(&mut self, base: &Expr, start: Option<&Expr>, end: Option<&Expr>, inclusive: bool) -> Result<Object> {
        let base = self.value(base)?;
        let start = start.map(|e| self.evaluate(e).and_then(|o| self.integer(&o))).transpose()?;
        let end = end.map(|e| self.evaluate(e).and_then(|o| self.integer(&o))).transpose()?;
        let end = end.map(|end| end.saturating_add(i128::from(inclusive)));
        self.slice(base, start.unwrap_or(0), end)
    }
}

/// gdb says what the sign before the name asks for.
fn arrow_error(error: Error, arrow: bool) -> Error {
    match error {
        Error::Usage(text) if text == NO_STRUCTURE && arrow => Error::Usage(NO_STRUCTURE_POINTER.into()),
        error => error,
    }
}

/// A number without a type of its own, perhaps with a sign.
fn is_plain_number(expr: &Expr) -> bool {
    use crate::expr::ast::{FloatSuffix, IntSuffix};
    match &expr.kind {
        ExprKind::Int(literal) => literal.suffix == IntSuffix::None,
        ExprKind::Float(literal) => literal.suffix == FloatSuffix::None,
        ExprKind::Unary { op: UnaryOp::Negate, operand } => is_plain_number(operand),
        _ => false,
    }
}
