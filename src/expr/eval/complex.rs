//! Complex numbers of C under operators and casts: each is two floating point numbers of one size.
//!
//! As gdb: the parts are calculated in their own type, a real operand has no imaginary part, `~` is the conjugate.

use crate::dwarf::types::{Encoding, Type, TypeId, TypeKind};
use crate::error::{Error, Result};
use crate::expr::ast::{BaseName, BinaryOp, UnaryOp};
use crate::value::object::Object;

use super::evaluator::Evaluator;
use super::number::{Number, arithmetic, compare};

/// A real part and an imaginary one, of one type.
#[derive(Debug, Clone, Copy)]
struct Complex {
    real: Number,
    imaginary: Number,
}

fn is_complex(found: &Type) -> bool {
    matches!(found.kind, TypeKind::Base(Encoding::ComplexFloat))
}

impl Complex {
    fn balanced(self, other: Complex) -> (Complex, Complex) {
        let ((a, c), (b, d)) = (self.real.balanced(other.real), self.imaginary.balanced(other.imaginary));
        (Complex { real: a, imaginary: b }, Complex { real: c, imaginary: d })
    }

    fn calculated(self, op: BinaryOp, other: Complex) -> Result<Complex> {
        use BinaryOp::{Add, Divide, Multiply, Subtract};
        let (a, b, c, d) = (self.real, self.imaginary, other.real, other.imaginary);
        match op {
            Add | Subtract => Ok(Complex { real: arithmetic(op, a, c)?, imaginary: arithmetic(op, b, d)? }),
            Multiply => {
                let real = arithmetic(Subtract, arithmetic(Multiply, a, c)?, arithmetic(Multiply, b, d)?)?;
                let imaginary = arithmetic(Add, arithmetic(Multiply, a, d)?, arithmetic(Multiply, b, c)?)?;
                Ok(Complex { real, imaginary })
            }
            Divide => {
                let over = self.calculated(Multiply, Complex { imaginary: d.negated(), ..other })?;
                let under = arithmetic(Add, arithmetic(Multiply, c, c)?, arithmetic(Multiply, d, d)?)?;
                let real = arithmetic(Divide, over.real, under)?;
                Ok(Complex { real, imaginary: arithmetic(Divide, over.imaginary, under)? })
            }
            _ => Err(Error::Usage("Invalid binary operation on numbers.".into())),
        }
    }
}

impl Evaluator<'_, '_, '_> {
    /// `left op right` if one of them is complex; none if neither is.
    pub(super) fn complex_binary(&self, op: BinaryOp, left: &Object, right: &Object) -> Result<Option<Object>> {
        let is_complex = |object: &Object| is_complex(&self.stripped(object).1);
        if !is_complex(left) && !is_complex(right) {
            return Ok(None);
        }
        let (a, b) = self.complex(left)?.balanced(self.complex(right)?);
        let result = match op {
            BinaryOp::Equal | BinaryOp::NotEqual => {
                let is_same = |a, b| compare(a, b) == Some(std::cmp::Ordering::Equal);
                let holds = is_same(a.real, b.real) && is_same(a.imaginary, b.imaginary);
                self.of_bool(holds == (op == BinaryOp::Equal))
            }
            BinaryOp::Less | BinaryOp::Greater | BinaryOp::LessEqual | BinaryOp::GreaterEqual => {
                return Err(Error::Usage("Invalid type combination in ordering comparison.".into()));
            }
            _ => self.of_complex(a.calculated(op, b)?),
        };
        Ok(Some(self.derived_from(&[left, right], result)))
    }

    /// `-z`, `+z`, `~z` of a complex number; none for other operators and values.
    pub(super) fn complex_unary(&self, op: UnaryOp, object: &Object) -> Result<Option<Object>> {
        if !is_complex(&self.stripped(object).1) {
            return Ok(None);
        }
        let z = self.complex(object)?;
        let result = match op {
            UnaryOp::Plus => z,
            UnaryOp::Negate => Complex { real: z.real.negated(), imaginary: z.imaginary.negated() },
            UnaryOp::BitNot => Complex { imaginary: z.imaginary.negated(), ..z },
            _ => return Ok(None),
        };
        Ok(Some(self.derived_from(&[object], self.complex_as(result, object.type_id))))
    }

    /// A complex number as a number of `target`, or any number as a complex one; none if neither is complex.
    pub(super) fn complex_cast(&self, object: &Object, type_id: TypeId, target: &Type) -> Result<Option<Object>> {
        let found = self.stripped(object).1;
        if !is_complex(&found) && !is_complex(target) {
            return Ok(None);
        }
        let z = self.complex(object)?;
        let result = match is_complex(target) {
            true => self.complex_as(z, type_id),
            false => self.number_as(z.real, type_id)?,
        };
        Ok(Some(self.derived_from(&[object], result)))
    }

    /// Both parts of a complex number are zero.
    pub(super) fn is_complex_zero(&self, object: &Object) -> Result<bool> {
        let z = self.complex(object)?;
        Ok(z.real.is_zero() && z.imaginary.is_zero())
    }

    /// A number as a complex one.
    fn complex(&self, object: &Object) -> Result<Complex> {
        let (_, found) = self.stripped(object);
        if !is_complex(&found) {
            let real = self.number(object)?;
            let size_bytes = if let Number::Float { size_bytes, .. } = real { size_bytes } else { 4 };
            return Ok(Complex {
                real: real.to_float(size_bytes),
                imaginary: Number::Float { value: 0.0, size_bytes },
            });
        }
        let size = self.reader().size_of(object)? / 2;
        let float = self.types().base("", Encoding::Float, size, found.language);
        let part = |offset| self.number(&object.part(float, offset));
        Ok(Complex { real: part(0)?, imaginary: part(size)? })
    }

    /// A complex number of the type that its parts ask for.
    fn of_complex(&self, z: Complex) -> Object {
        let size_bytes = if let Number::Float { size_bytes, .. } = z.real { size_bytes } else { 8 };
        let base = match size_bytes {
            0..=4 => BaseName::ComplexFloat,
            16 => BaseName::ComplexLongDouble,
            _ => BaseName::ComplexDouble,
        };
        self.complex_as(z, self.names.base_type(base))
    }

    /// A complex number of that type.
    fn complex_as(&self, z: Complex, type_id: TypeId) -> Object {
        let size = self.types().size_of(type_id).unwrap_or(16).min(32) / 2;
        let bytes = [z.real.to_float(size as u8).to_bytes(), z.imaginary.to_float(size as u8).to_bytes()].concat();
        self.computed(type_id, &bytes)
    }
}
