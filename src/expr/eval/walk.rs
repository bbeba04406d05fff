//! The walk over the tree: which operator gets what.

use crate::dwarf::Language;
use crate::dwarf::types::{Encoding, TypeId, TypeKind};
use crate::error::{Error, Result};
use crate::expr::ast::{BinaryOp, CastSyntax, Expr, ExprKind, Operand, Path, TypeName, UnaryOp};
use crate::limits::MAX_OBJECT_BYTES;
use crate::value::object::Object;

use super::evaluator::{Evaluator, Value, cannot_write, no_operator};
use super::functions::cannot_call;
use super::names::Meaning;
use super::number::{IntType, Number};

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
            ExprKind::Member { base, name, .. } => match self.dotted(expr)? {
                Some(path) => self.name(&path)?,
                None => {
                    let base = self.value(base)?;
                    self.member(base, name)?
                }
            },
            ExprKind::MemberPointer { base, pointer, .. } => self.member_pointer(base, pointer)?,
            ExprKind::Index { base, index } => {
                let (base, index) = (self.value(base)?, self.value(index)?);
                self.element(base, index)?
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
                let chosen = if self.is_true(&self.dereferenced(condition)?)? { then } else { otherwise };
                self.value(chosen)?
            }
            ExprKind::Assign { op, target, value } => self.assign(*op, target, value)?.into(),
            ExprKind::Array(elements) => self.array(elements)?.into(),
            ExprKind::ArrayRepeat { value, count } => self.array_repeat(value, count)?.into(),
            ExprKind::Type(_) => return Err(type_as_expression()),
        })
    }

    fn name(&mut self, path: &Path) -> Result<Value> {
        match self.names.find(path)? {
            Some(Meaning::ThisMember(this)) => {
                let this = Path::of(&this, path.span);
                let Some(Meaning::Variable(object)) = self.names.find(&this)? else {
                    return Err(Error::no_symbol(path));
                };
                self.member(object.into(), path.single().unwrap_or_default())
            }
            Some(Meaning::Variable(object) | Meaning::Enumerator(object) | Meaning::Function(object)) => {
                Ok(object.into())
            }
            Some(Meaning::Type(_)) => Err(type_as_expression()),
            None => Err(Error::no_symbol(path)),
        }
    }

    /// What Zig's `a.b.c` means as the name of something; none if its first name is a variable's.
    fn dotted(&self, expr: &Expr) -> Result<Option<Path>> {
        if self.language() != Language::Zig {
            return Ok(None);
        }
        let mut names = Vec::new();
        let mut at = expr;
        let first = loop {
            match &at.kind {
                ExprKind::Member { base, name, .. } => {
                    names.push(name.clone());
                    at = base;
                }
                ExprKind::Name(path) => break path,
                _ => return Ok(None),
            }
        };
        if self.names.find(first)?.is_some_and(|meaning| !matches!(meaning, Meaning::Type(_))) {
            return Ok(None);
        }
        names.push(first.to_string());
        names.reverse();
        let path = Path::of(&names.join("."), expr.span);
        Ok(self.names.find(&path)?.map(|_| path))
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr) -> Result<Value> {
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

    /// Zig's `x.?`: an optional pointer, or a record with the value and whether it is there.
    fn unwrapped(&mut self, value: Value) -> Result<Value> {
        let (_, found) = self.stripped(&value.object);
        let is_some = match found.kind {
            TypeKind::Pointer { .. } => {
                let pointer = self.loaded(value.clone())?;
                self.is_true(&pointer)?
            }
            _ => {
                let some = self.member(value.clone(), "some")?;
                let some = self.loaded(some)?;
                self.is_true(&some)?
            }
        };
        match (is_some, found.kind.clone()) {
            (false, _) => Err(Error::Usage("the value is null".into())),
            (true, TypeKind::Pointer { .. }) => Ok(value),
            (true, _) => self.member(value, "data"),
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
                let first = self.evaluate(left).and_then(|object| self.dereferenced(object))?;
                let decided = self.is_true(&first)? == (op == BinaryOp::LogicalOr);
                if decided && !self.types_only {
                    return Ok(self.derived_from(&[&first], self.of_bool(op == BinaryOp::LogicalOr)).into());
                }
                let second = self.evaluate(right).and_then(|object| self.dereferenced(object))?;
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
        self.cast(value, type_id)
    }

    fn size_of(&mut self, operand: &Operand) -> Result<Object> {
        let (_, type_id) = self.type_of_operand(operand)?;
        let (_, found) = self.types().strip(type_id);
        let size = match found.kind {
            TypeKind::Void | TypeKind::Function(_) => Some(1),
            // A reference has the size of what it refers to.
            TypeKind::Pointer { target, kind }
                if kind != crate::dwarf::types::PointerKind::Pointer && self.is_c_like(found.language) =>
            {
                self.types().size_of(target)
            }
            _ => self.types().size_of(type_id),
        };
        let size = size.ok_or_else(|| Error::Absent("the size of an incomplete type is not known".into()))?;
        Ok(self.of_number(self.long(false).number(u128::from(size))))
    }

    fn align_of(&mut self, operand: &Operand) -> Result<Object> {
        let (_, type_id) = self.type_of_operand(operand)?;
        let align = self.alignment(type_id, 16);
        let align = align.ok_or_else(|| Error::Absent("the alignment of an incomplete type is not known".into()))?;
        Ok(self.of_number(self.long(false).number(u128::from(align))))
    }

    fn alignment(&self, id: TypeId, depth: usize) -> Option<u64> {
        let depth = depth.checked_sub(1)?;
        let (_, found) = self.types().strip(id);
        if let Some(align) = found.align_bytes {
            return Some(align);
        }
        match &found.kind {
            TypeKind::Record(record) => {
                let members = record.members.iter().map(|m| self.alignment(m.type_id, depth));
                members.collect::<Option<Vec<u64>>>()?.into_iter().max().or(Some(1))
            }
            TypeKind::Array(array) => self.alignment(array.element, depth),
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

    fn call(&mut self, callee: &Expr, arguments: &[Expr]) -> Result<Object> {
        if let ExprKind::Convenience(name) = &callee.kind {
            let name = name.clone();
            let mut values = Vec::new();
            for argument in arguments {
                values.push(self.evaluate(argument)?);
            }
            return self.convenience_call(&name, &values);
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

    fn range(&mut self, base: &Expr, start: Option<&Expr>, end: Option<&Expr>, inclusive: bool) -> Result<Object> {
        let base = self.value(base)?;
        let start = start.map(|e| self.evaluate(e).and_then(|o| self.integer(&o))).transpose()?;
        let end = end.map(|e| self.evaluate(e).and_then(|o| self.integer(&o))).transpose()?;
        let end = end.map(|end| end.saturating_add(i128::from(inclusive)));
        self.slice(base, start.unwrap_or(0), end)
    }

    fn member_pointer(&mut self, base: &Expr, pointer: &Expr) -> Result<Value> {
        let base = self.value(base)?;
        let pointer = self.evaluate(pointer)?;
        let (_, found) = self.stripped(&pointer);
        let TypeKind::MemberPointer { target, .. } = found.kind else {
            return Err(Error::Usage("not implemented: pointer-to-method in pointer-to-member construct".into()));
        };
        let base = Value { object: self.dereferenced(base.object)?, ..base };
        let base = match self.stripped(&base.object).1.kind {
            TypeKind::Pointer { .. } => self.pointee(base)?,
            _ => base,
        };
        let offset = self.integer(&pointer)?;
        let object = base.object.part(target, offset as u64);
        Ok(Value { object, ..base })
    }

    /// `target = value`, which only variables of the user take.
    fn assign(&mut self, op: Option<BinaryOp>, target: &Expr, value: &Expr) -> Result<Object> {
        let ExprKind::Convenience(name) = &target.kind else {
            let place = self.evaluate(target)?;
            let is_place = place.address().is_some() || matches!(target.kind, ExprKind::Name(_));
            return Err(if is_place { cannot_write() } else { not_assignable() });
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
        if !self.types_only {
            self.history.set_variable(name, kept.clone());
        }
        Ok(kept)
    }

    /// References are not kept, but what they refer to.
    fn kept(&self, object: Object) -> Result<Object> {
        self.dereferenced(object)
    }

    fn step(&mut self, increment: bool, prefix: bool, operand: &Expr) -> Result<Object> {
        let old = self.evaluate(operand)?;
        let ExprKind::Convenience(name) = &operand.kind else {
            return Err(if old.address().is_some() { cannot_write() } else { not_assignable() });
        };
        if matches!(self.stripped(&old).1.kind, TypeKind::Void | TypeKind::Record(_) | TypeKind::Array(_)) {
            return Err(Error::Usage("Not a numeric type.".into()));
        }
        let op = if increment { BinaryOp::Add } else { BinaryOp::Subtract };
        let one = self.of_number(IntType::INT.number(1));
        let new = self.binary(op, old.clone().into(), one.into())?;
        if !self.types_only {
            self.history.set_variable(name, new.clone());
        }
        Ok(if prefix { new } else { old })
    }

    /// `{1, 2, 3}`, all of the first one's type.
    fn array(&mut self, elements: &[Expr]) -> Result<Object> {
        let mut bytes = Vec::new();
        let mut type_id = None;
        for element in elements {
            let object = self.evaluate(element)?;
            let wanted = *type_id.get_or_insert(object.type_id);
            let object = if object.type_id == wanted { object } else { self.cast(object.into(), wanted)?.object };
            let size = self.reader().size_of(&object)?;
            bytes.extend(self.element_bytes(&object, size, bytes.len() as u64)?);
        }
        let element = type_id.ok_or_else(|| Error::Usage("an array needs an element".into()))?;
        let count = Some(elements.len() as u64);
        let type_id = self.types().array_of(element, count, self.language());
        Ok(self.computed(type_id, &bytes))
    }

    fn element_bytes(&self, object: &Object, size: u64, before: u64) -> Result<Vec<u8>> {
        within_limit(before.saturating_add(size))?;
        if self.types_only { Ok(vec![0; size as usize]) } else { self.reader().bytes(object, size) }
    }

    fn array_repeat(&mut self, value: &Expr, count: &Expr) -> Result<Object> {
        let (object, count) = (self.evaluate(value)?, self.evaluate(count)?);
        let count = u64::try_from(self.integer(&count)?).unwrap_or(0);
        let size = self.reader().size_of(&object)?;
        within_limit(size.max(1).saturating_mul(count))?;
        let one = self.element_bytes(&object, size, 0)?;
        let bytes = one.repeat(usize::try_from(count).unwrap_or(0));
        let type_id = self.types().array_of(object.type_id, Some(count), self.language());
        Ok(self.computed(type_id, &bytes))
    }
}

fn within_limit(bytes: u64) -> Result<()> {
    match bytes > MAX_OBJECT_BYTES {
        true => Err(Error::Limit(format!("an array of more than {MAX_OBJECT_BYTES} bytes is too large"))),
        false => Ok(()),
    }
}

fn complement(number: Number) -> Result<Number> {
    match number {
        Number::Int { bits, int } => Ok(int.number(!bits)),
        Number::Float { .. } => Err(Error::Usage("Argument to complement operation not an integer, boolean.".into())),
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

/// Names that are views of the machine, not variables.
fn is_machine(name: &str) -> bool {
    let numbered = |prefix: &str| {
        name.strip_prefix(prefix).is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()))
    };
    matches!(name, "pc" | "sp" | "fp") || numbered("l") || numbered("local") || numbered("global")
}

fn type_as_expression() -> Error {
    Error::Usage("Attempt to use a type name as an expression".into())
}

fn not_assignable() -> Error {
    Error::Usage("Left operand of assignment is not an lvalue.".into())
}
