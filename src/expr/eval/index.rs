//! Elements by index and by key, ranges of them, and as many objects as `@` asks for.

use crate::dwarf::TypeId;
use crate::dwarf::types::{Array, Encoding, PointerKind, TypeKind};
use crate::error::{Error, Result};
use crate::value::access::{Container, container, element, entry, held_pointer, is_text};
use crate::value::lanes::Lanes;
use crate::value::object::Object;
use crate::value::present::elements;
use crate::value::type_name::{Length, type_name};
use crate::value::view::Elements;

use super::evaluator::{Evaluator, Value};

impl Evaluator<'_, '_, '_> {
    /// `base[index]`
    pub(super) fn element(&mut self, base: Value, index: Value) -> Result<Value> {
        let through_null = base.through_null;
        let base = self.dereferenced(base.object)?;
        let index = self.loaded(index).and_then(|index| self.dereferenced(index))?;
        let (_, found) = self.stripped(&base);
        match &found.kind {
            TypeKind::Array(array) => {
                let number = self.integer(&index)?;
                let object = self.array_element(&base, array, number, !self.is_c_like(found.language))?;
                Ok(Value { object, through_null })
            }
            TypeKind::Pointer { target, .. } if self.is_c_like(found.language) || !self.is_sequence(*target) => {
                let number = self.integer(&index)?;
                let pointer = self.loaded(Value { object: base, through_null })?;
                let size = self.types().size_of(*target).ok_or_else(|| Error::Absent("incomplete type".into()))?;
                let pointee = self.pointee(pointer.into())?;
                let distance = number.wrapping_mul(i128::from(size));
                let address = pointee.object.address().unwrap_or(0);
                let object = pointee.object.part(*target, distance as u64);
                Ok(Value { object, through_null: pointee.through_null && address == 0 })
            }
            TypeKind::Pointer { .. } => {
                let pointee = self.pointee(Value { object: base, through_null })?;
                self.element(pointee, index.into())
            }
            // C allows `1[array]`.
            TypeKind::Base(_) if self.is_pointer_like(&index) => self.element(index.into(), base.into()),
            _ => {
                let base = self.loaded(Value { object: base, through_null })?;
                match held_pointer(self.reader(), &base) {
                    Some(pointer) => self.element(pointer.into(), index.into()),
                    None => self.contained(&base, &index).map(Value::from),
                }
            }
        }
    }

    fn is_pointer_like(&self, object: &Object) -> bool {
        let (_, found) = self.stripped(object);
        matches!(found.kind, TypeKind::Pointer { .. } | TypeKind::Array(_))
    }

    /// Rust follows references to what has elements.
    fn is_sequence(&self, target: TypeId) -> bool {
        let (_, found) = self.types().strip(target);
        matches!(found.kind, TypeKind::Array(_) | TypeKind::Record(_) | TypeKind::Pointer { .. })
    }

    fn array_element(&self, base: &Object, array: &Array, index: i128, checked: bool) -> Result<Object> {
        if let Some(lanes) = Lanes::of(self.reader(), base, array) {
            let position = u64::try_from(index).ok().filter(|position| *position < lanes.count);
            return position.map(|i| lanes.get(i)).ok_or_else(|| out_of_bounds(index, Some(lanes.count)));
        }
        let all = elements(self.reader(), base, array)?;
        if checked {
            return in_bounds(&all, index);
        }
        let position = u64::try_from(index);
        if base.address().is_none() && position.is_ok_and(|i| i >= all.count)
            || position.is_err() && base.address().is_none()
        {
            return Err(Error::Usage("no such vector element".into()));
        }
        // C arrays may be indexed beyond their ends.
        Ok(base.part(all.get(0).type_id, (index as u64).wrapping_mul(all.stride_bytes())))
    }

    /// An element of what its language shows as a sequence or a map.
    fn contained(&mut self, base: &Object, index: &Object) -> Result<Object> {
        if let Some(value) = entry(self.reader(), base, |key| self.is_key(key, index))? {
            return Ok(value);
        }
        let number = self.integer(index);
        if let Some(object) = element(self.reader(), base, number.clone().unwrap_or(0))? {
            return number.map(|_| object);
        }
        let name = type_name(self.types(), base.type_id, Length::Full);
        Err(Error::Usage(format!("cannot subscript something of type `{name}'")))
    }

    /// `base[start..end]`: an array of the elements; the bounds are indexes, `end` is not included.
    pub(super) fn slice(&mut self, base: Value, start: i128, end: Option<i128>) -> Result<Object> {
        let through_null = base.through_null;
        let base = self.dereferenced(base.object)?;
        let whole = base.clone();
        let (_, found) = self.stripped(&base);
        let all = match &found.kind {
            TypeKind::Array(array) => elements(self.reader(), &base, array)?,
            TypeKind::Pointer { target, .. } if self.is_c_like(found.language) || !self.is_sequence(*target) => {
                let target = *target;
                let stride = self.types().size_of(target).ok_or_else(|| Error::Absent("incomplete type".into()))?;
                let pointee = self.pointee(Value { object: base, through_null })?;
                let first = self.loaded(pointee)?;
                let count = end.ok_or_else(|| Error::Usage("a range over a pointer needs an end".into()))?;
                Elements::new(first, stride, u64::try_from(count).unwrap_or(0))
            }
            TypeKind::Pointer { .. } => {
                let pointee = self.pointee(Value { object: base, through_null })?;
                return self.slice(pointee, start, end);
            }
            _ => {
                let base = self.loaded(Value { object: base, through_null })?;
                match container(self.reader(), &base)? {
                    Some(Container::Array(all)) => all,
                    _ => return Err(Error::Usage("cannot take a range of this value".into())),
                }
            }
        };
        let end = end.unwrap_or(i128::from(all.count));
        if start < 0 || start > end || end > i128::from(all.count) {
            return Err(Error::Usage(format!("the range {start}..{end} is not within the {} elements", all.count)));
        }
        let first = all.get(start as u64);
        let (_, element) = self.stripped(&first);
        // A part of a text is a text.
        let unit = match is_text(self.reader(), &whole) {
            true => self.types().base("str", Encoding::Utf, 1, element.language),
            false => first.type_id,
        };
        let type_id = self.types().array_of(unit, Some((end - start) as u64), element.language);
        Ok(first.retyped(type_id))
    }

    /// `object@count`
    pub(super) fn repeated(&mut self, value: Value, count: &Object) -> Result<Value> {
        let count = self.integer(count)?;
        let (_, found) = self.stripped(&value.object);
        let object = match found.kind {
            TypeKind::Pointer { kind, .. } if kind != PointerKind::Pointer => self.dereferenced(value.object)?,
            _ => value.object,
        };
        if object.address().is_none() && !self.types_only {
            return Err(Error::Usage("Only values in memory can be extended with '@'.".into()));
        }
        if !(1..=i128::from(i32::MAX)).contains(&count) {
            return Err(Error::Usage(format!("Invalid number {count} of repetitions.")));
        }
        let count = count as u64;
        let type_id = self.types().array_of(object.type_id, Some(count), found.language);
        Ok(Value { object: object.retyped(type_id), through_null: value.through_null })
    }
}

fn in_bounds(all: &Elements, index: i128) -> Result<Object> {
    match u64::try_from(index) {
        Ok(position) if position < all.count => Ok(all.get(position)),
        _ => Err(out_of_bounds(index, Some(all.count))),
    }
}

fn out_of_bounds(index: i128, count: Option<u64>) -> Error {
    let length = count.map(|count| format!(": the length is {count}")).unwrap_or_default();
    Error::Usage(format!("index {index} is out of bounds{length}"))
}
