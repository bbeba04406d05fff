//! SIMD vectors under operators: element by element, a number with each element. As gdb: results have the elements'
//! type, and a comparison is all ones where it holds (in Zig `true`).

use crate::dwarf::Language;
use crate::dwarf::types::{Encoding, TypeId, TypeKind};
use crate::error::{Error, Result};
use crate::expr::ast::{BinaryOp, UnaryOp};
use crate::limits::MAX_ELEMENTS_WALKED;
use crate::value::lanes::Lanes;
use crate::value::object::Object;
use crate::value::present::elements;

use super::evaluator::Evaluator;
use super::number::complement;

/// The elements of a vector, and their type.
struct Vector {
    element: TypeId,
    lanes: Vec<Object>,
    type_id: TypeId,
}

impl Evaluator<'_, '_, '_> {
    /// `left op right` if one of them is a vector; none if neither is.
    pub(super) fn vector_binary(&mut self, op: BinaryOp, left: &Object, right: &Object) -> Result<Option<Object>> {
        let (a, b) = (self.vector(left)?, self.vector(right)?);
        let Some(shape) = a.as_ref().or(b.as_ref()) else { return Ok(None) };
        let (element, type_id, count) = (shape.element, shape.type_id, shape.lanes.len());
        if let (Some(a), Some(b)) = (&a, &b)
            && (a.lanes.len() != b.lanes.len() || !self.are_alike(a.element, b.element))
        {
            return Err(Error::Usage("Cannot perform operation on vectors with different types".into()));
        }
        let lane = |vector: &Option<Vector>, whole: &Object, index: usize| {
            vector.as_ref().and_then(|vector| vector.lanes.get(index).cloned()).unwrap_or_else(|| whole.clone())
        };
        let mut results = Vec::new();
        for index in 0..count {
            results.push(self.binary(op, lane(&a, left, index).into(), lane(&b, right, index).into())?);
        }
        let is_comparison = matches!(
            op,
            BinaryOp::Equal
                | BinaryOp::NotEqual
                | BinaryOp::Less
                | BinaryOp::Greater
                | BinaryOp::LessEqual
                | BinaryOp::GreaterEqual
        );
        let result = match is_comparison {
            true => self.truths(element, &results)?,
            false => self.joined(type_id, element, &results)?,
        };
        Ok(Some(self.derived_from(&[left, right], result)))
    }

    /// `-v`, `+v`, `~v`; none for other values.
    pub(super) fn vector_unary(&mut self, op: UnaryOp, object: &Object) -> Result<Option<Object>> {
        let Some(vector) = self.vector(object)? else { return Ok(None) };
        let mut results = Vec::new();
        for lane in &vector.lanes {
            results.push(match op {
                UnaryOp::Plus => lane.clone(),
                UnaryOp::Negate => self.signed(lane, |number| Ok(number.negated()))?,
                UnaryOp::BitNot => self.signed(lane, complement)?,
                _ => return Ok(None),
            });
        }
        let result = self.joined(vector.type_id, vector.element, &results)?;
        Ok(Some(self.derived_from(&[object], result)))
    }

    /// Elements of one kind and size.
    fn are_alike(&self, a: TypeId, b: TypeId) -> bool {
        let ((_, a), (_, b)) = (self.types().strip(a), self.types().strip(b));
        match (&a.kind, &b.kind) {
            (TypeKind::Base(one), TypeKind::Base(other)) => {
                a.size_bytes == b.size_bytes && (*one == Encoding::Float) == (*other == Encoding::Float)
            }
            _ => false,
        }
    }

    fn vector(&self, object: &Object) -> Result<Option<Vector>> {
        let (_, found) = self.stripped(object);
        let TypeKind::Array(array) = &found.kind else { return Ok(None) };
        if !array.is_vector || self.types_only {
            return Ok(None);
        }
        let count = array.count.unwrap_or(0);
        if count > MAX_ELEMENTS_WALKED as u64 {
            return Err(Error::Limit(format!("a vector of {count} elements")));
        }
        let lanes: Vec<Object> = match Lanes::of(self.reader(), object, array) {
            Some(lanes) => (0..count).map(|index| lanes.get(index)).collect(),
            None => {
                let all = elements(self.reader(), object, array)?;
                (0..count).map(|index| all.get(index)).collect()
            }
        };
        let element = lanes.first().map_or(array.element, |lane| lane.type_id);
        Ok(Some(Vector { element, lanes, type_id: object.type_id }))
    }

    /// Numbers side by side, as elements of a vector; where its elements share bytes, of an array.
    fn joined(&self, type_id: TypeId, element: TypeId, lanes: &[Object]) -> Result<Object> {
        let size = self.types().size_of(element).unwrap_or(1);
        let mut bytes = Vec::new();
        for lane in lanes {
            let lane = self.number_as(self.number(lane)?, element)?;
            bytes.extend(self.reader().bytes(&lane, size)?);
        }
        let is_whole = self.types().size_of(type_id) == Some(bytes.len() as u64);
        let type_id = match is_whole {
            true => type_id,
            false => self.types().array_of(element, Some(lanes.len() as u64), self.language()),
        };
        Ok(self.computed(type_id, &bytes))
    }

    fn truths(&self, element: TypeId, lanes: &[Object]) -> Result<Object> {
        let (language, count) = (self.language(), lanes.len() as u64);
        let size = match language {
            Language::Zig => 1,
            _ => self.types().size_of(element).unwrap_or(1),
        };
        let mut bytes = Vec::new();
        for lane in lanes {
            let holds = self.is_true(lane)?;
            let byte = if language == Language::Zig { 1 } else { 0xff };
            bytes.extend(std::iter::repeat_n(if holds { byte } else { 0u8 }, size as usize));
        }
        let name = match size {
            1 => "signed char",
            2 => "short",
            8 => "long long",
            _ => "int",
        };
        let lane = match language {
            Language::Zig => self.types().base("bool", Encoding::Boolean, 1, language),
            _ => self.types().base(name, Encoding::Signed, size, language),
        };
        Ok(self.computed(self.types().array_of(lane, Some(count), language), &bytes))
    }
}
