//! Members, what pointers point at, addresses.

use crate::dwarf::Language;
use crate::dwarf::types::{MemberPlace, Record, TypeId, TypeKind};
use crate::error::{Error, Result};
use crate::value::access::{held, held_pointer, shown_part, target};
use crate::value::object::Object;
use crate::value::present::{Form, present};
use crate::value::variant::active_variant;
use crate::value::view::View;

use super::evaluator::{Evaluator, Value, not_in_memory};

/// gdb's words for `x.y`, and for `x->y`.
pub(super) const NO_STRUCTURE: &str = "Attempt to extract a component of a value that is not a structure.";
pub(super) const NO_STRUCTURE_POINTER: &str =
    "Attempt to extract a component of a value that is not a structure pointer.";

/// Anonymous members, bases and variants that are looked into, one inside the other.
const MAX_MEMBER_DEPTH: usize = 32;

/// Members that are looked at for one name: a class may have the same base many times.
const MAX_MEMBERS_SEEN: usize = 100_000;

/// Pointers to pointers that a member may be reached through in Rust, which follows them all.
const MAX_POINTERS: usize = 8;

impl Evaluator<'_, '_, '_> {
    /// `base.name`, `base->name`: pointers are followed either way.
    pub(super) fn member(&mut self, base: Value, name: &str) -> Result<Value> {
        let mut value = Value { object: self.dereferenced(base.object)?, through_null: base.through_null };
        let mut is_pointer = false;
        for _ in 0..MAX_POINTERS {
            let (_, found) = self.stripped(&value.object);
            match &found.kind {
                TypeKind::Pointer { .. } if !is_pointer || !self.is_c_like(found.language) => {
                    is_pointer = true;
                    value = self.pointee(value)?;
                    value.object = self.dereferenced(value.object)?;
                }
                TypeKind::Record(_) => return self.member_of(&value, name),
                _ => break,
            }
        }
        Err(Error::Usage(NO_STRUCTURE.into()))
    }

    fn member_of(&mut self, value: &Value, name: &str) -> Result<Value> {
        let mut budget = MAX_MEMBERS_SEEN;
        // `Shape::id`: the member of a base; `plane::Shape` the base itself.
        if let Some((class, member)) = name.rsplit_once("::") {
            if let Some(base) = self.base(&value.object, name, MAX_MEMBER_DEPTH, &mut budget) {
                return Ok(Value { object: base, ..*value });
            }
            let base = self.base(&value.object, class, MAX_MEMBER_DEPTH, &mut budget);
            let base =
                base.ok_or_else(|| Error::NotFound(format!("base class '{class}' is ambiguous or does not exist")))?;
            let base = Value { object: base, ..*value };
            return self.member_of(&base, member);
        }
        let found = self.find_member(&value.object, name, MAX_MEMBER_DEPTH, &mut budget)?;
        if let Some(object) = found {
            return Ok(Value { object, through_null: value.through_null });
        }
        if let Some(object) = self.static_member(value.object.type_id, name, MAX_MEMBER_DEPTH, &mut budget) {
            return Ok(object.into());
        }
        if let Some(object) = self.lent_member(&value.object, name, &mut budget)? {
            return Ok(object.into());
        }
        let base = self.base(&value.object, name, MAX_MEMBER_DEPTH, &mut budget);
        base.map(|object| Value { object, ..*value }).ok_or_else(|| Error::no_member(name))
    }

    /// Smart pointers and cells lend the members of what they hold; then come parts that are only shown.
    fn lent_member(&mut self, object: &Object, name: &str, budget: &mut usize) -> Result<Option<Object>> {
        let mut levels = vec![object.clone()];
        for _ in 0..MAX_POINTERS {
            let Some(last) = levels.last().filter(|_| !self.types_only) else { break };
            let held = match (held_pointer(self.reader(), last), target(self.reader(), last)) {
                (Some(pointer), _) => self.reader().pointee(&pointer)?,
                (None, Some(held)) => self.dereferenced(held)?,
                (None, None) => match held(self.reader(), last) {
                    Some(held) => held,
                    None => break,
                },
            };
            if let Some(object) = self.find_member(&held, name, MAX_MEMBER_DEPTH, budget)? {
                return Ok(Some(object));
            }
            levels.push(held);
        }
        for held in levels.iter().filter(|_| !self.types_only) {
            if let Some(part) = shown_part(self.reader(), held, name)? {
                return Ok(Some(part));
            }
        }
        Ok(None)
    }

    /// A member of a record, of its anonymous members and bases, of the variant that is active.
    fn find_member(&self, object: &Object, name: &str, depth: usize, budget: &mut usize) -> Result<Option<Object>> {
        let Some(depth) = depth.checked_sub(1) else { return Ok(None) };
        let (_, found) = self.stripped(object);
        let TypeKind::Record(record) = &found.kind else { return Ok(None) };
        *budget = budget.saturating_sub(record.members.len() + 1);
        if *budget == 0 {
            return Err(Error::Limit(format!("{name} was not found among {MAX_MEMBERS_SEEN} members")));
        }
        if record.declaration {
            return Err(Error::Absent("incomplete type".into()));
        }
        let is_wanted = |member: &str| member == name || is_tuple_field(found.language, member, name);
        for member in record.members.iter().filter(|m| !m.is_base) {
            if member.name.as_deref().is_some_and(is_wanted) {
                return Ok(object.member(member));
            }
        }
        for part in self.transparent_parts(object, record) {
            if let Some(found) = self.find_member(&part, name, depth, budget)? {
                return Ok(Some(found));
            }
        }
        let Some(variants) = record.variants.as_ref().filter(|_| !self.types_only || object.address().is_some()) else {
            return Ok(None);
        };
        let Some(active) = active_variant(self.reader(), object, variants)? else { return Ok(None) };
        for member in &active.members {
            let Some(inner) = object.member(member) else { continue };
            if member.name.as_deref().is_some_and(is_wanted) {
                return Ok(Some(inner));
            }
            if let Some(found) = self.find_member(&inner, name, depth, budget)? {
                return Ok(Some(found));
            }
        }
        let other =
            |v: &crate::dwarf::types::Variant| v.members.iter().any(|m| m.name.as_deref().is_some_and(is_wanted));
        if variants.variants.iter().any(other) {
            let active = active.members.first().and_then(|m| m.name.clone()).unwrap_or_default();
            return Err(Error::NotFound(format!("the value is {active}, not {name}")));
        }
        Ok(None)
    }

    /// Anonymous members and bases, whose members are the record's own.
    fn transparent_parts(&self, object: &Object, record: &Record) -> Vec<Object> {
        let inner = record.members.iter().filter(|m| m.is_base || m.name.is_none());
        let place = |member: &crate::dwarf::types::Member| match member.place {
            MemberPlace::Virtual(die) => Some(self.reader().virtual_base(object, die, member.type_id)),
            _ => object.member(member),
        };
        inner.filter_map(place).collect()
    }

    /// The base called `class`.
    fn base(&self, object: &Object, class: &str, depth: usize, budget: &mut usize) -> Option<Object> {
        let depth = depth.checked_sub(1)?;
        let (id, found) = self.stripped(object);
        let is_end = |name: &str| name.strip_suffix(class).is_some_and(|b| b.is_empty() || b.ends_with("::"));
        if self.types().qualified_name(id).is_some_and(|name| is_end(&name)) {
            return Some(object.clone());
        }
        let TypeKind::Record(record) = &found.kind else { return None };
        *budget = budget.checked_sub(record.members.len() + 1)?;
        self.transparent_parts(object, record).iter().find_map(|base| self.base(base, class, depth, budget))
    }

    /// A static data member, of a base too.
    fn static_member(&self, id: TypeId, name: &str, depth: usize, budget: &mut usize) -> Option<Object> {
        let depth = depth.checked_sub(1)?;
        *budget = budget.checked_sub(1)?;
        let (id, found) = self.types().strip(id);
        let TypeKind::Record(record) = &found.kind else { return None };
        if let Some(member) = record.statics.iter().find(|s| &*s.name == name) {
            let class = self.types().qualified_name(id)?;
            return Some(self.names.static_member(member, &format!("{class}::{name}")));
        }
        record.members.iter().filter(|m| m.is_base).find_map(|m| self.static_member(m.type_id, name, depth, budget))
    }

    /// `*value`. Following null is no error yet: its address may be taken.
    pub(super) fn pointee(&mut self, value: Value) -> Result<Value> {
        let (_, found) = self.stripped(&value.object);
        let TypeKind::Pointer { target, .. } = found.kind else {
            return Err(Error::Usage("Attempt to take contents of a non-pointer value.".into()));
        };
        let pointer = self.loaded(value)?;
        if self.types_only {
            return Ok(Object::in_memory(target, 0, pointer.instance).into());
        }
        let (_, pointed) = self.types().strip(target);
        match pointed.kind {
            TypeKind::Void => return Err(Error::Usage("Attempt to dereference a generic pointer.".into())),
            TypeKind::Function(_) => return self.pointed_function(&pointer, target),
            _ => {}
        }
        let address = self.scalar(&pointer)?.as_address();
        let provenance = pointer.provenance.clone();
        let object = Object { provenance, ..Object::in_memory(target, address, pointer.instance) };
        Ok(Value { object, through_null: address == 0 })
    }

    fn pointed_function(&self, pointer: &Object, target: TypeId) -> Result<Value> {
        let index = self.scalar(pointer)?.as_address();
        let function = self.reader().program.table_function(pointer.instance, index);
        let function = function.ok_or_else(|| Error::Absent(format!("the table has no function at {index:#x}")))?;
        let object = self.reader().function_at(target, function, pointer.instance);
        Ok(self.derived_from(&[pointer], object).into())
    }

    /// `*x` of anything: pointers, arrays, and in C whole numbers, which are addresses of a `long`.
    pub(super) fn contents(&mut self, value: Value) -> Result<Value> {
        let through_null = value.through_null;
        let object = self.dereferenced(value.object)?;
        let (_, found) = self.stripped(&object);
        match &found.kind {
            TypeKind::Pointer { .. } => self.pointee(Value { object, through_null }),
            TypeKind::Array(array) => Ok(Value { object: object.part(array.element, 0), through_null }),
            TypeKind::Function(_) => Ok(object.into()),
            TypeKind::Base(encoding)
                if self.is_c_like(self.language()) && *encoding != crate::dwarf::types::Encoding::Float =>
            {
                let number = self.loaded(Value { object, through_null })?;
                let address = self.integer(&number)? as u64;
                let long = self.names.base_type(crate::expr::ast::BaseName::Long);
                let object = Object {
                    provenance: number.provenance.clone(),
                    ..Object::in_memory(long, address, number.instance)
                };
                Ok(Value { object, through_null: address == 0 })
            }
            _ if self.types_only => Err(Error::Usage("Attempt to take contents of a non-pointer value.".into())),
            _ => match (held_pointer(self.reader(), &object), target(self.reader(), &object)) {
                (Some(pointer), _) => self.pointee(pointer.into()),
                (None, Some(held)) => Ok(held.into()),
                // What a slice points at, and what a vector lends.
                (None, None) if found.language == Language::Rust => self
                    .slice(object.into(), 0, None)
                    .map(Value::from)
                    .map_err(|_| Error::Usage("Attempt to take contents of a non-pointer value.".into())),
                (None, None) => match present(self.reader(), &object, Form::Language) {
                    View::Unavailable(error) => Err(error),
                    _ => Err(Error::Usage("Attempt to take contents of a non-pointer value.".into())),
                },
            },
        }
    }

    /// `&x`
    pub(super) fn address_of(&mut self, value: Value) -> Result<Object> {
        let (_, found) = self.stripped(&value.object);
        if let TypeKind::Function(_) = found.kind {
            let address = match self.types_only || self.virtual_place(&value.object).is_some() {
                true => 0,
                false => self.reader().table_index(&value.object).ok_or_else(|| {
                    let name =
                        self.reader().function_object_name(&value.object).unwrap_or_else(|| "the function".into());
                    Error::Absent(format!("{name} is in no table: it has no address"))
                })?,
            };
            if let Some(pointer) = self.pointer_to_method(&value.object, address)? {
                return Ok(pointer);
            }
            let pointer_type = self.pointer_type(value.object.type_id);
            return Ok(self.derived_from(&[&value.object], self.pointer(pointer_type, address)));
        }
        let object = self.dereferenced(value.object)?;
        let pointer_type = self.pointer_type(object.type_id);
        if self.types_only {
            return Ok(self.pointer(pointer_type, 0));
        }
        let address = object.address().ok_or_else(not_in_memory)?;
        Ok(self.derived_from(&[&object], self.pointer(pointer_type, address)))
    }
}

/// Rust calls the fields of tuples `__0`, its programmers `0`.
fn is_tuple_field(language: Language, member: &str, name: &str) -> bool {
    language == Language::Rust && member.strip_prefix("__") == Some(name) && name.bytes().all(|b| b.is_ascii_digit())
}
