//! C++'s pointers to members: `&Point::y` makes one, `here.*pointer` follows it.

use crate::dwarf::Language;
use crate::dwarf::types::{MemberPlace, TypeId, TypeKind};
use crate::error::{Error, Result};
use crate::expr::ast::{Expr, Path};
use crate::limits::{MAX_LAYOUT_DEPTH, MAX_LAYOUT_MEMBERS};
use crate::value::object::Object;

use super::evaluator::{Evaluator, Value};
use super::paths::last_part;

impl Evaluator<'_, '_, '_> {
    /// C++'s `&Point::y`: a pointer to the data member that `path` names by its class; none if it names anything else.
    pub(super) fn pointer_to_member(&mut self, path: &Path) -> Result<Option<Object>> {
        let Some((member, class)) = path.segments.split_last().filter(|(_, class)| !class.is_empty()) else {
            return Ok(None);
        };
        if self.language() != Language::Cpp || self.names.find(path)?.is_some() {
            return Ok(None);
        }
        let class = Path { segments: class.to_vec(), ..path.clone() };
        let Some(class) = self.names.find_type(&class)? else { return Ok(None) };
        let mut budget = MAX_LAYOUT_MEMBERS;
        let place = self.fixed_place(class, &member.name, MAX_LAYOUT_DEPTH, &mut budget);
        Ok(place.map(|(type_id, offset)| {
            let bytes = self.names.address_bytes();
            let pointer_type = self.types().member_pointer_to(type_id, class, bytes);
            let offset = offset.to_le_bytes();
            self.computed(pointer_type, offset.get(..usize::from(bytes)).unwrap_or_default())
        }))
    }

    /// C++'s `&Point::sum`, of a method that has the place `index` in the table; none for other functions.
    pub(super) fn pointer_to_method(&self, function: &Object, index: u64) -> Result<Option<Object>> {
        let Some(class) = self.class_of_method(function) else { return Ok(None) };
        let word = self.names.address_bytes();
        let (index, adjustment) = match self.virtual_place(function) {
            Some(place) => (place.saturating_mul(u64::from(word)), 1u64),
            None => (index, 0),
        };
        let half = |number: u64| number.to_le_bytes().into_iter().take(usize::from(word)).collect::<Vec<u8>>();
        let pointer_type = self.types().member_pointer_to(function.type_id, class, 2 * word);
        let pointer = self.computed(pointer_type, &[half(index), half(adjustment)].concat());
        Ok(Some(self.derived_from(&[function], pointer)))
    }

    /// The class whose objects a C++ function is called on.
    fn class_of_method(&self, function: &Object) -> Option<TypeId> {
        let (_, found) = self.stripped(function);
        let TypeKind::Function(method) = &found.kind else { return None };
        let this = method.this.filter(|_| found.language == Language::Cpp)?;
        match self.types().strip(this).1.kind {
            TypeKind::Pointer { target, .. } => Some(self.types().strip(target).0),
            _ => None,
        }
    }

    /// The place in the vtable of a virtual method.
    pub(super) fn virtual_place(&self, function: &Object) -> Option<u64> {
        let listing = self.types().class_listing(self.class_of_method(function)?).ok()?;
        let name = self.reader().function_object_name(function)?;
        let name = last_part(&name).to_owned();
        listing.methods.iter().find(|method| *method.name == *name)?.vtable_index
    }

    /// The type and offset of a member, which may be one of a base or of an anonymous member.
    fn fixed_place(&self, class: TypeId, name: &str, depth: usize, budget: &mut usize) -> Option<(TypeId, u64)> {
        let depth = depth.checked_sub(1)?;
        let (_, found) = self.types().strip(class);
        let TypeKind::Record(record) = &found.kind else { return None };
        *budget = budget.checked_sub(record.members.len() + 1)?;
        record.members.iter().find_map(|member| {
            let MemberPlace::Offset(offset) = member.place else { return None };
            match &member.name {
                Some(own) if !member.is_base => (&**own == name).then_some((member.type_id, offset)),
                _ => {
                    let (type_id, inner) = self.fixed_place(member.type_id, name, depth, budget)?;
                    Some((type_id, offset.checked_add(inner)?))
                }
            }
        })
    }

    /// The method that a pointer to one means; of a virtual one only the object's vtable would say which.
    fn pointed_method(&self, pointer: &Object, target: TypeId) -> Result<Object> {
        let word = usize::from(self.names.address_bytes());
        let bytes = self.reader().bytes(pointer, 2 * word as u64)?;
        let half = |bytes: &[u8]| bytes.iter().rev().fold(0u64, |all, byte| all << 8 | u64::from(*byte));
        let (index, adjustment) = bytes.split_at_checked(word).unwrap_or_default();
        let function = self.reader().program.table_function(pointer.instance, half(index));
        let function = function.filter(|_| half(adjustment) & 1 == 0).ok_or_else(no_method)?;
        Ok(self.derived_from(&[pointer], self.reader().function_at(target, function, pointer.instance)))
    }

    pub(super) fn member_pointer(&mut self, base: &Expr, pointer: &Expr) -> Result<Value> {
        let base = self.value(base)?;
        let pointer = self.evaluate(pointer)?;
        let (_, found) = self.stripped(&pointer);
        let TypeKind::MemberPointer { target, class } = found.kind else {
            return Err(no_method());
        };
        let base = Value { object: self.dereferenced(base.object)?, ..base };
        let base = match self.stripped(&base.object).1.kind {
            TypeKind::Pointer { .. } => self.pointee(base)?,
            _ => base,
        };
        if matches!(self.types().strip(target).1.kind, TypeKind::Function(_)) {
            return self.pointed_method(&pointer, target).map(Value::from);
        }
        let offset = self.integer(&pointer)?;
        if self.reader().size_of(&pointer).is_ok_and(|size| offset as u64 == u64::MAX >> (64 - 8 * size.clamp(1, 8))) {
            return Err(Error::Usage("the pointer to a member is null".into()));
        }
        let whole = self.as_class(&base.object, class);
        let object = whole.part(target, offset as u64);
        Ok(Value { object, ..base })
    }
}

/// gdb's words.
fn no_method() -> Error {
    Error::Usage("not implemented: pointer-to-method in pointer-to-member construct".into())
}
