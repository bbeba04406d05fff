//! Casts: values converted as C converts them, classes to their bases, and records by the address they lie at.

use crate::dwarf::types::{Encoding, MemberPlace, PointerKind, Type, TypeId, TypeKind};
use crate::error::{Error, Result};
use crate::value::object::Object;

use super::evaluator::{Evaluator, Value, not_in_memory};
use super::number::{IntType, Number};

/// Bases that are searched, one inside the other.
const MAX_BASE_DEPTH: usize = 16;

/// Bases that are looked at to find one: a class may have the same base many times.
const MAX_BASES_SEEN: usize = 10_000;

fn invalid() -> Error {
    Error::Usage("Invalid cast.".into())
}

impl Evaluator<'_, '_, '_> {
    /// `value` as `type_id`. A number becomes the record or array at that address.
    pub(super) fn cast(&self, value: Value, type_id: TypeId) -> Result<Value> {
        let (target_id, target) = self.types().strip(type_id);
        if let TypeKind::Pointer { target: referred, kind } = target.kind
            && kind != PointerKind::Pointer
            && !matches!(target.language, crate::dwarf::Language::Rust | crate::dwarf::Language::Zig)
        {
            // `(T &) x` is x as a T.
            return self.reinterpreted(value, referred);
        }
        let object = self.dereferenced(value.object.clone())?;
        let value = Value { object, ..value };
        match &target.kind {
            TypeKind::Void => Ok(self.computed(type_id, &[]).into()),
            TypeKind::Record(_) | TypeKind::Array(_) => self.cast_to_aggregate(value, type_id, target_id),
            TypeKind::Base(_) | TypeKind::Enumeration(_) | TypeKind::MemberPointer { .. } => {
                let object = self.loaded(value)?;
                self.cast_to_scalar(&object, type_id, &target).map(Value::from)
            }
            TypeKind::Pointer { target: pointee, .. } => {
                let object = self.pointer_operand(value)?;
                let address = self.cast_address(&object, *pointee)?;
                let provenance = object.provenance.clone();
                Ok(Object { provenance, instance: object.instance, ..self.pointer(type_id, address) }.into())
            }
            TypeKind::Function(_) => Err(invalid()),
            TypeKind::Broken(reason) => Err(Error::malformed(reason.to_string())),
            TypeKind::Typedef { .. } | TypeKind::Qualified { .. } => Err(invalid()),
        }
    }

    /// `dynamic_cast<T *>(x)`: as the declared types decide it, else by what the object's vtable says that it is.
    pub(super) fn dynamic_cast(&self, value: Value, type_id: TypeId) -> Result<Value> {
        let pointee = |id: TypeId| match self.types().strip(id).1.kind {
            TypeKind::Pointer { target, .. } => target,
            _ => id,
        };
        let (from, to) = (pointee(value.object.type_id), pointee(type_id));
        let (from_id, to_id) = (self.types().strip(from).0, self.types().strip(to).0);
        if self.is_same_type(from_id, to_id) || self.base_offset(from, to).is_some() {
            return self.cast(value, type_id);
        }
        if !self.types_only
            && let Some(whole) = self.whole_object(&value)?
        {
            let whole_id = self.types().strip(whole.type_id).0;
            let is_pointer =
                matches!(self.stripped(&value.object).1.kind, TypeKind::Pointer { kind: PointerKind::Pointer, .. });
            if !self.is_same_type(whole_id, to_id) && self.base_offset(whole_id, to).is_none() {
                let null = || Value::from(self.pointer(type_id, 0));
                return if is_pointer { Ok(null()) } else { Err(Error::Usage("dynamic_cast failed".into())) };
            }
            let whole = match is_pointer {
                true => {
                    let pointer = self.pointer_type(whole.type_id);
                    let address = whole.address().ok_or_else(not_in_memory)?;
                    self.derived_from(&[&value.object], self.pointer(pointer, address))
                }
                false => whole,
            };
            return self.cast(whole.into(), type_id);
        }
        Err(Error::Usage("Couldn't determine value's most derived type for dynamic_cast".into()))
    }

    /// The whole object that a class object, or what a pointer points at, is a part of, by its vtable.
    fn whole_object(&self, value: &Value) -> Result<Option<Object>> {
        let object = self.dereferenced(self.loaded(value.clone())?)?;
        let object = match self.stripped(&object).1.kind {
            TypeKind::Pointer { .. } => self.reader().pointee(&object)?,
            _ => object,
        };
        Ok(self.reader().dynamic(&object))
    }

    /// Arrays and functions in memory may be taken the address of, whatever they were reached through.
    fn pointer_operand(&self, value: Value) -> Result<Object> {
        let (_, found) = self.stripped(&value.object);
        match found.kind {
            TypeKind::Array(_) | TypeKind::Function(_) => Ok(value.object),
            _ => self.loaded(value),
        }
    }

    fn cast_address(&self, object: &Object, target: TypeId) -> Result<u64> {
        let address = self.address_of_value(object)?;
        let (_, found) = self.stripped(object);
        let TypeKind::Pointer { target: from, .. } = found.kind else { return Ok(address) };
        let pointee =
            Object { provenance: object.provenance.clone(), ..Object::in_memory(from, address, object.instance) };
        if address != 0
            && let Some(base) = self.virtual_base(&pointee, target)
        {
            return base.address().ok_or_else(|| Error::Absent("the virtual base cannot be found".into()));
        }
        // Pointers to classes that are related are moved to the base or back.
        let moved = self.base_offset(from, target).or_else(|| self.base_offset(target, from).map(|o| o.wrapping_neg()));
        match moved {
            Some(offset) if address != 0 => Ok(address.wrapping_add(offset)),
            _ => Ok(address),
        }
    }

    /// The same place as another type.
    fn reinterpreted(&self, value: Value, type_id: TypeId) -> Result<Value> {
        let object = self.dereferenced(value.object)?;
        if object.address().is_none() {
            return Err(not_in_memory());
        }
        if let Some(base) = self.virtual_base(&object, type_id) {
            return Ok(Value { object: base.retyped(type_id), through_null: value.through_null });
        }
        let offset = self.class_shift(object.type_id, type_id);
        let object = Object { bits: None, ..object.retyped(type_id) };
        let object = offset.map_or(object.clone(), |offset| self.moved(&object, offset));
        Ok(Value { object, through_null: value.through_null })
    }

    fn moved(&self, object: &Object, offset: u64) -> Object {
        match object.address() {
            Some(address) => Object {
                provenance: object.provenance.clone(),
                ..Object::in_memory(object.type_id, address.wrapping_add(offset), object.instance)
            },
            None => object.part(object.type_id, offset),
        }
    }

    /// The base `class` of `object`, if it is a virtual one or reached through one: where that is, the object says.
    fn virtual_base(&self, object: &Object, class: TypeId) -> Option<Object> {
        let class = self.types().strip(class).0;
        if self.types_only || self.base_offset(object.type_id, class).is_some() {
            return None;
        }
        let mut open = vec![(object.clone(), MAX_BASE_DEPTH)];
        let mut budget = MAX_BASES_SEEN.min(1_000);
        while let Some((part, depth)) = open.pop() {
            budget = budget.checked_sub(1)?;
            let (_, found) = self.stripped(&part);
            let TypeKind::Record(record) = &found.kind else { continue };
            for member in record.members.iter().filter(|m| m.is_base) {
                let base = match member.place {
                    MemberPlace::Virtual(die) => self.reader().virtual_base(&part, die, member.type_id),
                    _ => part.member(member)?,
                };
                if self.is_same_type(self.types().strip(base.type_id).0, class) {
                    return Some(base);
                }
                if depth > 0 {
                    open.push((base, depth - 1));
                }
            }
        }
        None
    }

    /// The part of `object` that is a `class`, if that is a base of its class; itself otherwise.
    pub(super) fn as_class(&self, object: &Object, class: TypeId) -> Object {
        match (self.virtual_base(object, class), self.base_offset(object.type_id, class)) {
            (Some(base), _) => base,
            (None, Some(offset)) => self.moved(object, offset),
            (None, None) => object.clone(),
        }
    }

    /// From where an object of `from` lies to where it lies as `to`, if one is a base of the other.
    fn class_shift(&self, from: TypeId, to: TypeId) -> Option<u64> {
        self.base_offset(from, to).or_else(|| self.base_offset(to, from).map(|offset| offset.wrapping_neg()))
    }

    fn cast_to_aggregate(&self, value: Value, type_id: TypeId, target_id: TypeId) -> Result<Value> {
        let (from_id, from) = self.stripped(&value.object);
        if self.is_same_type(from_id, target_id) {
            return Ok(Value { object: value.object.retyped(type_id), ..value });
        }
        match &from.kind {
            TypeKind::Record(_) | TypeKind::Array(_) => {
                if let Some(base) = self.virtual_base(&value.object, target_id) {
                    return Ok(Value { object: base.retyped(type_id), ..value });
                }
                if let Some(offset) = self.class_shift(from_id, target_id) {
                    let object = self.moved(&value.object.retyped(type_id), offset);
                    return Ok(Value { object, ..value });
                }
                // As gdb does: what lies in memory can be looked at as anything.
                match value.object.address() {
                    Some(_) => Ok(Value { object: value.object.retyped(type_id), ..value }),
                    None => Err(invalid()),
                }
            }
            TypeKind::Base(Encoding::Float | Encoding::ComplexFloat | Encoding::Other) => Err(invalid()),
            TypeKind::Base(_) | TypeKind::Enumeration(_) | TypeKind::Pointer { .. } => {
                let number = self.loaded(value)?;
                let address = self.address_of_value(&number)?;
                let provenance = number.provenance.clone();
                let object = Object { provenance, ..Object::in_memory(type_id, address, number.instance) };
                Ok(Value { object, through_null: address == 0 })
            }
            _ => Err(invalid()),
        }
    }

    /// The same type, or types of one name and size in two units.
    pub(super) fn is_same_type(&self, a: TypeId, b: TypeId) -> bool {
        if a == b {
            return true;
        }
        let types = self.types();
        let (a_type, b_type) = (types.get(a), types.get(b));
        let both_records = matches!((&a_type.kind, &b_type.kind), (TypeKind::Record(_), TypeKind::Record(_)));
        both_records
            && a_type.name.is_some()
            && a_type.size_bytes == b_type.size_bytes
            && types.qualified_name(a) == types.qualified_name(b)
    }

    /// Where the base `base` lies in a `derived`, in bytes; none if it is no base, or a virtual one.
    fn base_offset(&self, derived: TypeId, base: TypeId) -> Option<u64> {
        let (base, found) = self.types().strip(base);
        let mut budget = MAX_BASES_SEEN;
        matches!(found.kind, TypeKind::Record(_))
            .then(|| self.base_offset_below(derived, base, MAX_BASE_DEPTH, &mut budget))?
    }

    fn base_offset_below(&self, derived: TypeId, base: TypeId, depth: usize, budget: &mut usize) -> Option<u64> {
        let depth = depth.checked_sub(1)?;
        *budget = budget.checked_sub(1)?;
        let (_, found) = self.types().strip(derived);
        let TypeKind::Record(record) = &found.kind else { return None };
        record.members.iter().filter(|m| m.is_base).find_map(|member| {
            let crate::dwarf::types::MemberPlace::Offset(offset) = member.place else { return None };
            let (id, _) = self.types().strip(member.type_id);
            if self.is_same_type(id, base) {
                return Some(offset);
            }
            self.base_offset_below(id, base, depth, budget).map(|inner| offset.wrapping_add(inner))
        })
    }

    /// To a base type or enumeration.
    fn cast_to_scalar(&self, object: &Object, type_id: TypeId, target: &Type) -> Result<Object> {
        let (_, from) = self.stripped(object);
        if let Some(converted) = self.complex_cast(object, type_id, target)? {
            return Ok(converted);
        }
        let number = match &from.kind {
            TypeKind::Array(_) | TypeKind::Function(_) => {
                self.long(false).number(u128::from(self.address_of_value(object)?))
            }
            TypeKind::Record(_) => return self.record_as_scalar(object, type_id),
            TypeKind::Void => return Err(invalid()),
            _ => self.number(object)?,
        };
        let size = target.size_bytes.filter(|size| (1..=16).contains(size)).ok_or_else(invalid)? as u8;
        let converted = match target.kind {
            TypeKind::Base(Encoding::Float) => number.to_float(size),
            TypeKind::Base(Encoding::Boolean) => {
                IntType { size_bytes: size, signed: false, rank: 0 }.number(u128::from(!number.is_zero()))
            }
            TypeKind::Base(Encoding::ComplexFloat | Encoding::Other) => return Err(invalid()),
            TypeKind::Base(encoding) => {
                let signed = matches!(encoding, Encoding::Signed | Encoding::SignedChar);
                let int = IntType { size_bytes: size, signed, rank: 0 };
                if self.is_c_like(target.language) { number.to_int(int) } else { number.to_int_saturating(int) }
            }
            _ => number.to_int(IntType { size_bytes: size, signed: false, rank: 0 }),
        };
        Ok(self.derived_from(&[object], self.computed(type_id, &converted.to_bytes())))
    }

    /// A record in memory looked at as a scalar, as gdb does.
    fn record_as_scalar(&self, object: &Object, type_id: TypeId) -> Result<Object> {
        match object.address() {
            Some(_) => Ok(Object { bits: None, ..object.retyped(type_id) }),
            None => Err(invalid()),
        }
    }

    /// `result`, which is as sure as what it was made of.
    pub(super) fn derived_from(&self, operands: &[&Object], result: Object) -> Object {
        let Some(first) = operands.first() else { return result };
        let provenance = operands.iter().fold(result.provenance.clone(), |all, o| all.and(o.provenance.clone()));
        Object { provenance, instance: first.instance, ..result }
    }

    /// `number` as an object of `type_id`, which is a scalar type.
    pub(super) fn number_as(&self, number: Number, type_id: TypeId) -> Result<Object> {
        let (_, target) = self.types().strip(type_id);
        self.cast_to_scalar(&self.of_number(number), type_id, &target)
    }
}
