//! Operators on values that were evaluated: arithmetic, comparison, pointers and distances.

use std::cmp::Ordering;

use crate::dwarf::Language;
use crate::dwarf::types::{Encoding, TypeId, TypeKind};
use crate::error::{Error, Result};
use crate::expr::ast::BinaryOp;
use crate::value::access::{held_pointer, owned_pointer};
use crate::value::object::Object;
use crate::value::present::{Form, present, unwrapped};
use crate::value::view::View;

use super::evaluator::{Evaluator, Value, no_operator};
use super::number::{Number, arithmetic, compare};

impl Evaluator<'_, '_, '_> {
    /// `left op right`, but for those that do not evaluate both (`&&`, `||`, `,`) and `@`.
    pub(super) fn binary(&mut self, op: BinaryOp, left: Value, right: Value) -> Result<Object> {
        if let (Some(ordering), Some(found)) = (comparison(op), self.compared_texts(&left.object, &right.object)) {
            let result = self.of_bool(ordering(Some(found)));
            return Ok(self.derived_from(&[&left.object, &right.object], result));
        }
        let (left, right) = (self.operand(left)?, self.operand(right)?);
        if let Some(result) = self.vector_binary(op, &left, &right)? {
            return Ok(result);
        }
        if let Some(result) = self.complex_binary(op, &left, &right)? {
            return Ok(result);
        }
        if let Some(ordering) = comparison(op) {
            let holds = self.compared(op, &left, &right)?;
            let result = self.of_bool(ordering(holds));
            return Ok(self.derived_from(&[&left, &right], result));
        }
        let pointers = (self.pointee_size(&left), self.pointee_size(&right));
        let result = match (op, pointers) {
            (BinaryOp::Add, (Some(size), None)) => self.advanced(&left, size, self.integer(&right)?)?,
            (BinaryOp::Add, (None, Some(size))) => self.advanced(&right, size, self.integer(&left)?)?,
            (BinaryOp::Subtract, (Some(size), None)) => {
                self.advanced(&left, size, self.integer(&right)?.wrapping_neg())?
            }
            (BinaryOp::Subtract, (Some(a), Some(b))) => self.distance(&left, &right, a, b)?,
            (_, (None, None)) => {
                self.refuse_records(op, &left, &right)?;
                let number = self.calculated(op, &left, &right)?;
                self.of_number(number)
            }
            _ => return Err(Error::Usage("Argument to arithmetic operation not a number or boolean.".into())),
        };
        Ok(self.derived_from(&[&left, &right], result))
    }

    /// The number in a value that is shown as one (`NonZero`, atomics, boxes, Zig's optionals); others as they
    /// are.
    pub(super) fn held_number(&self, object: Object) -> Object {
        match unwrapped(self.reader(), &object, Form::Language) {
            (_, inner, View::Scalar(_)) => inner,
            _ => object,
        }
    }

    /// The pointer that C++'s iterators and smart pointers are compared by, and found true by; none of other values.
    pub(super) fn held_pointer_of(&self, object: &Object) -> Option<Object> {
        let is_record = matches!(self.stripped(object).1.kind, TypeKind::Record(_));
        let wanted = is_record && !self.types_only && self.language() == Language::Cpp;
        let pointer = |object| owned_pointer(self.reader(), object).or_else(|| held_pointer(self.reader(), object));
        if wanted { pointer(object) } else { None }
    }

    /// References followed, arrays and functions as pointers.
    fn operand(&self, value: Value) -> Result<Object> {
        let through_null = value.through_null;
        let object = self.dereferenced(value.object)?;
        let (_, found) = self.stripped(&object);
        match &found.kind {
            TypeKind::Array(array) if self.is_c_like(found.language) && !array.is_vector => {
                self.decayed(&object, array.element)
            }
            // rustc describes a box as a pointer.
            TypeKind::Record(_) | TypeKind::Pointer { .. } if !self.types_only => {
                let object = self.loaded(Value { object, through_null })?;
                Ok(self.held_pointer_of(&object).unwrap_or_else(|| self.held_number(object)))
            }
            TypeKind::Function(_) => {
                let address = self.address_of_value(&object)?;
                Ok(self.derived_from(&[&object], self.pointer(self.pointer_type(object.type_id), address)))
            }
            _ => self.loaded(Value { object, through_null }),
        }
    }

    pub(super) fn is_c_like(&self, language: Language) -> bool {
        !matches!(language, Language::Rust | Language::Zig)
    }

    /// An array as a pointer to its first element.
    pub(super) fn decayed(&self, array: &Object, element: TypeId) -> Result<Object> {
        let address = array.address().ok_or_else(super::evaluator::not_in_memory)?;
        Ok(self.derived_from(&[array], self.pointer(self.pointer_type(element), address)))
    }

    /// Bytes from one pointee to the next; none if the object is no pointer. Void and functions count as bytes.
    fn pointee_size(&self, object: &Object) -> Option<u64> {
        let (_, found) = self.stripped(object);
        let TypeKind::Pointer { target, .. } = found.kind else { return None };
        Some(self.types().size_of(target).filter(|size| *size > 0).unwrap_or(1))
    }

    fn advanced(&self, pointer: &Object, size: u64, count: i128) -> Result<Object> {
        let address = self.integer(pointer)?.wrapping_add(count.wrapping_mul(i128::from(size)));
        Ok(self.pointer(pointer.type_id, address as u64))
    }

    fn distance(&self, left: &Object, right: &Object, left_size: u64, right_size: u64) -> Result<Object> {
        if left_size != right_size {
            return Err(Error::Usage(
                "First argument of `-' is a pointer and second argument is neither\nan integer nor a pointer of the same type."
                    .into(),
            ));
        }
        let bytes = self.integer(left)?.wrapping_sub(self.integer(right)?);
        let count = bytes.checked_div(i128::from(left_size)).unwrap_or(0);
        Ok(self.of_number(self.long(true).number(count as u128)))
    }

    fn calculated(&mut self, op: BinaryOp, left: &Object, right: &Object) -> Result<Number> {
        let (a, b) = (self.number(left)?, self.number(right)?);
        if matches!(op, BinaryOp::ShiftLeft | BinaryOp::ShiftRight) {
            return self.shifted(op, a, b);
        }
        let (a, b) = match self.language() {
            Language::Rust | Language::Zig => a.balanced(b),
            _ => a.promoted().balanced(b.promoted()),
        };
        // Only Rust and Zig have a remainder of floats.
        if op == BinaryOp::Remainder && self.is_c_like(self.language()) && matches!(a, Number::Float { .. }) {
            return Err(Error::Usage("Integer-only operation on floating point number.".into()));
        }
        arithmetic(op, a, b)
    }

    fn shifted(&mut self, op: BinaryOp, value: Number, count: Number) -> Result<Number> {
        let value = match self.language() {
            Language::Rust | Language::Zig => value,
            _ => value.promoted(),
        };
        if let (Number::Int { int, .. }, Number::Int { .. }) = (value, count) {
            let direction = if op == BinaryOp::ShiftLeft { "left" } else { "right" };
            let count = count.as_i128();
            if count < 0 {
                self.warn(&format!("{direction} shift count is negative"));
            } else if count >= i128::from(int.size_bytes) * 8 {
                self.warn(&format!("{direction} shift count >= width of type"));
            }
        }
        arithmetic(op, value, count)
    }

    /// Refuses a structure where a truth value or number is wanted.
    pub(super) fn refuse_record(&self, object: &Object, op: BinaryOp) -> Result<()> {
        match self.stripped(object).1.kind {
            TypeKind::Record(_) => Err(no_operator(op.spelling())),
            _ => Ok(()),
        }
    }

    /// How two texts compare, if both are texts and one is a literal or a string of its language; the arrays and
    /// pointers of C are compared by where they are.
    fn compared_texts(&self, left: &Object, right: &Object) -> Option<Ordering> {
        let is_string = |object: &Object| match self.stripped(object).1.kind {
            TypeKind::Array(_) => object.address().is_none(),
            TypeKind::Record(_) => true,
            _ => false,
        };
        if self.types_only || !(is_string(left) || is_string(right)) {
            return None;
        }
        Some(self.characters(left).ok()?.cmp(&self.characters(right).ok()?))
    }

    fn refuse_records(&self, op: BinaryOp, left: &Object, right: &Object) -> Result<()> {
        self.refuse_record(left, op)?;
        self.refuse_record(right, op)
    }

    /// How two values compare; none if they are not equal and neither is less.
    fn compared(&self, op: BinaryOp, left: &Object, right: &Object) -> Result<Option<Ordering>> {
        self.refuse_records(op, left, right)?;
        let is_pointer = |object| matches!(self.stripped(object).1.kind, TypeKind::Pointer { .. });
        let (a, b) = (self.number(left)?, self.number(right)?);
        if !is_pointer(left) && !is_pointer(right) {
            let (a, b) = a.promoted().balanced(b.promoted());
            return Ok(compare(a, b));
        }
        if matches!(a, Number::Float { .. }) || matches!(b, Number::Float { .. }) {
            let test = if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) { "equality" } else { "ordering" };
            return Err(Error::Usage(format!("Invalid type combination in {test} test.")));
        }
        Ok(Some((a.as_i128() as u64).cmp(&(b.as_i128() as u64))))
    }

    /// The text of a value that is text in its language: a Rust `&str` or `String`, a C++ string.
    pub(super) fn text(&self, object: &Object) -> Option<Vec<u8>> {
        let (_, found) = self.stripped(object);
        match &found.kind {
            TypeKind::Record(_) | TypeKind::Array(_) if !self.types_only => {}
            _ => return None,
        }
        match present(self.reader(), object, Form::Language) {
            View::Text(text) if text.unit_bytes == 1 => {
                let mut bytes = text.bytes;
                if text.is_array {
                    bytes.truncate(bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len()));
                }
                Some(bytes)
            }
            _ => None,
        }
    }

    /// `-x`, `+x`, `~x` on a number.
    pub(super) fn signed(&self, object: &Object, change: impl FnOnce(Number) -> Result<Number>) -> Result<Object> {
        let number = self.number(object)?;
        let promoted = match self.language() {
            Language::Rust | Language::Zig => number,
            _ => number.promoted(),
        };
        let result = change(promoted)?;
        // The type stays where its size does: `-x` of a typedef is one.
        let (_, found) = self.stripped(object);
        let keeps_type = matches!(found.kind, TypeKind::Base(Encoding::Float));
        let result = if keeps_type { self.number_as(result, object.type_id)? } else { self.of_number(result) };
        Ok(self.derived_from(&[object], result))
    }
}

/// Which orderings make a comparison true; none for other operators.
fn comparison(op: BinaryOp) -> Option<fn(Option<Ordering>) -> bool> {
    Some(match op {
        BinaryOp::Equal => |o| o == Some(Ordering::Equal),
        BinaryOp::NotEqual => |o| o != Some(Ordering::Equal),
        BinaryOp::Less => |o| o == Some(Ordering::Less),
        BinaryOp::Greater => |o| o == Some(Ordering::Greater),
        BinaryOp::LessEqual => |o| o.is_some_and(Ordering::is_le),
        BinaryOp::GreaterEqual => |o| o.is_some_and(Ordering::is_ge),
        _ => return None,
    })
}
