//! A value and what lies in it, for built-in forms: members by name, numbers, pointers, type arguments.
//!
//! Library types are wrapped differently from version to version, so members are looked for by name through the
//! wrappers, and numbers and pointers are the first ones inside. What is not found is a `Refusal`: the value is then
//! shown as its members.

use std::rc::Rc;

use crate::dwarf::route::Wanted;
use crate::dwarf::types::{Member, MemberPlace, Record, Type, TypeId, TypeKind};
use crate::error::Error;
use crate::limits::MAX_TYPE_CHAIN;
use crate::value::object::Object;
use crate::value::read::Reader;
use crate::value::scalar::Scalar;
use crate::value::view::{Elements, View};

/// Why a value has no built-in form.
#[derive(Debug)]
pub enum Refusal {
    /// The type is not laid out as expected; what is missing.
    Layout(String),
    /// The layout is right, the memory is not.
    Unreadable(Error),
}

impl Refusal {
    /// In words, for a place where there is no other value to show.
    pub fn reason(&self) -> String {
        match self {
            Refusal::Layout(what) => format!("its type lacks {what}"),
            Refusal::Unreadable(error) => error.to_string(),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Refusal::Unreadable(error)
    }
}

/// What a built-in form gives.
pub type Formed<T> = std::result::Result<T, Refusal>;

/// The layout lacks `what`.
pub fn lacks<T>(what: impl Into<String>) -> Formed<T> {
    Err(Refusal::Layout(what.into()))
}

/// A pointer that its language never lets be null is.
pub fn null<T>() -> Formed<T> {
    Err(Error::Absent("a null pointer: not set, or overwritten".into()).into())
}

/// A value and its type, without typedefs and qualifiers.
#[derive(Clone)]
pub struct Part<'a, 'f> {
    pub reader: Reader<'a, 'f>,
    pub object: Object,
    pub type_id: TypeId,
    pub found: Rc<Type>,
}

impl<'a, 'f> Part<'a, 'f> {
    /// Nothing is read but the type.
    pub fn new(reader: Reader<'a, 'f>, object: Object) -> Self {
        let (type_id, found) = reader.stripped(&object);
        Part { reader, object, type_id, found }
    }

    /// The same reader and instance, the object elsewhere.
    pub fn at(&self, address: u64, type_id: TypeId) -> Self {
        let place = Object::in_memory(type_id, address, self.object.instance);
        Part::new(self.reader, Object { provenance: self.object.provenance.clone(), ..place })
    }

    /// The type as a record.
    pub fn record(&self) -> Option<&Rc<Record>> {
        match &self.found.kind {
            TypeKind::Record(record) => Some(record),
            _ => None,
        }
    }

    /// The type's name without its arguments and what encloses it.
    pub fn base_name(&self) -> &str {
        self.found.name.as_deref().map_or("", crate::value::language::base_name)
    }

    /// A member or base; none for one without a place.
    pub fn part_of(&self, member: &Member) -> Option<Self> {
        let object = match member.place {
            MemberPlace::Virtual(die) => self.reader.virtual_base(&self.object, die, member.type_id),
            _ => self.object.member(member)?,
        };
        Some(Part::new(self.reader, object))
    }

    /// The member of that name: its own, else that of a base or an anonymous member.
    pub fn own(&self, name: &str) -> Option<Self> {
        self.routed(Wanted::Own(name))
    }

    /// The nearest member of that name in the value, at any depth, but not behind pointers.
    pub fn inside(&self, name: &str) -> Option<Self> {
        self.routed(Wanted::Inside(name))
    }

    fn routed(&self, wanted: Wanted<'_>) -> Option<Self> {
        let route = self.reader.types().route(self.type_id, wanted)?;
        let Some(offset) = route.offset_bytes else {
            return route.members.iter().try_fold(self.clone(), |part, member| part.part_of(member));
        };
        let object = match route.members.is_empty() {
            true => self.object.clone(),
            false => self.object.part(route.declared, offset),
        };
        Some(Part { reader: self.reader, object, type_id: route.type_id, found: route.found.clone() })
    }

    /// [`Part::own`] or a refusal.
    pub fn member(&self, name: &str) -> Formed<Self> {
        self.own(name).map_or_else(|| lacks(format!("a member {name}")), Ok)
    }

    /// [`Part::inside`] or a refusal.
    pub fn find(&self, name: &str) -> Formed<Self> {
        self.inside(name).map_or_else(|| lacks(format!("a member {name}")), Ok)
    }

    /// The nearest member of one of these names.
    pub fn find_any(&self, names: &[&str]) -> Formed<Self> {
        let found = names.iter().find_map(|name| self.inside(name));
        found.map_or_else(|| lacks(format!("a member {}", names.join(" or "))), Ok)
    }

    /// The type that the class calls so (`value_type`).
    pub fn type_called(&self, name: &str) -> Option<TypeId> {
        let listing = self.reader.types().class_listing(self.type_id).ok()?;
        listing.typedefs.iter().find(|(_, own, _)| &**own == name).map(|(_, _, id)| *id)
    }

    /// The type argument of that name (`T`).
    pub fn argument(&self, name: &str) -> Formed<TypeId> {
        let record = self.record();
        let found = record.and_then(|r| r.type_parameters.iter().find(|(n, _)| &**n == name).map(|(_, id)| *id));
        found.map_or_else(|| lacks(format!("a type argument {name}")), Ok)
    }

    /// The type argument at a place.
    pub fn argument_at(&self, index: usize) -> Formed<TypeId> {
        let found = self.record().and_then(|record| record.type_parameters.get(index)).map(|(_, id)| *id);
        found.map_or_else(|| lacks(format!("type argument {index}")), Ok)
    }

    /// The only member that has a size.
    pub fn sole(&self) -> Formed<Self> {
        let Some(record) = self.record().filter(|record| record.variants.is_none()) else { return lacks("members") };
        let size_of = |member: &Member| self.reader.types().size_of(member.type_id);
        let mut sized = record.members.iter().filter(|member| size_of(member) != Some(0));
        let first = sized.next().or(record.members.first());
        match (first.and_then(|member| self.part_of(member)), sized.next()) {
            (Some(part), None) => Ok(part),
            _ => lacks("exactly one member with a size"),
        }
    }

    /// The first scalar inside.
    pub fn leaf(&self) -> Formed<Self> {
        self.routed(Wanted::Scalar).map_or_else(|| lacks("a scalar"), Ok)
    }

    fn scalar(&self) -> Formed<Scalar> {
        Ok(self.reader.scalar_of(&self.object, &self.found)?)
    }

    /// The first number or pointer inside, zero-extended.
    pub fn number(&self) -> Formed<u64> {
        let leaf = self.leaf()?;
        Ok(leaf.scalar()?.as_address())
    }

    /// The first number inside, with a sign if its type has one.
    pub fn integer(&self) -> Formed<i128> {
        let leaf = self.leaf()?;
        Ok(leaf.scalar()?.as_i128())
    }

    /// The first number inside, as one with a sign.
    pub fn signed(&self) -> Formed<i128> {
        let leaf = self.leaf()?;
        let scalar = leaf.scalar()?;
        Ok(crate::dwarf::attribute::sign_extended(scalar.bits, scalar.size_bits))
    }

    /// The first pointer inside, and the type that it points to.
    pub fn pointer(&self) -> Formed<(Self, TypeId)> {
        let Some(part) = self.routed(Wanted::Pointer) else { return lacks("a pointer") };
        match part.found.kind {
            TypeKind::Pointer { target, .. } => Ok((part, target)),
            _ => lacks("a pointer"),
        }
    }

    /// The address in the first pointer inside.
    pub fn address(&self) -> Formed<u64> {
        let (pointer, _) = self.pointer()?;
        Ok(pointer.scalar()?.as_address())
    }

    /// What the first pointer inside points to; none if it is null.
    pub fn target(&self) -> Formed<Option<Self>> {
        let (pointer, target) = self.pointer()?;
        let address = pointer.scalar()?.as_address();
        Ok((address != 0).then(|| self.at(address, target)))
    }

    /// The element type of an array.
    pub fn element(&self) -> Formed<TypeId> {
        match &self.found.kind {
            TypeKind::Array(array) => Ok(array.element),
            _ => lacks("an array"),
        }
    }

    /// Bytes of the type.
    pub fn size_of(&self, type_id: TypeId) -> Formed<u64> {
        self.reader.types().size_of(type_id).map_or_else(|| lacks("a size"), Ok)
    }

    /// The alignment of a type: what DWARF says, else that of its members; at least 1.
    pub fn align_of(&self, type_id: TypeId) -> u64 {
        align_of(self.reader, type_id, MAX_TYPE_CHAIN.min(16))
    }

    /// Bytes of a pointer where the value lives.
    pub fn pointer_bytes(&self) -> u64 {
        let is_wide = self.reader.program.memory(self.object.instance).is_ok_and(|memory| memory.is_memory64());
        if is_wide { 8 } else { 4 }
    }

    /// A word of memory of the size of a pointer.
    pub fn word(&self, address: u64) -> Formed<u64> {
        let mut bytes = [0u8; 8];
        let wanted = bytes.get_mut(..self.pointer_bytes() as usize).unwrap_or_default();
        self.reader.program.read_memory(self.object.instance, address, wanted)?;
        Ok(u64::from_le_bytes(bytes))
    }

    /// An object of that type that is not there, in place of further ones.
    pub fn absent(&self, reason: impl Into<Rc<str>>) -> Object {
        Object::absent(self.reader.types().void(), reason, self.object.instance)
    }

    /// Refuse a number of things that memory cannot hold: it was never set, or was overwritten.
    ///
    /// # Errors
    /// `count` times `size_bytes` (at least one byte each) does not fit behind `address`.
    pub fn check_count(&self, count: u64, size_bytes: u64, address: u64) -> Formed<()> {
        let memory = self.reader.program.memory(self.object.instance)?.size_bytes();
        let fits = count.checked_mul(size_bytes.max(1)).is_some_and(|bytes| bytes <= memory.saturating_sub(address));
        if count == 0 || fits {
            return Ok(());
        }
        let reason = match address >= memory {
            true => format!("{count} elements at {address:#x}, which is outside memory: not set, or overwritten"),
            false => format!("a length of {count} is more than memory holds: not set, or overwritten"),
        };
        Err(Error::Absent(reason).into())
    }

    /// Refuse elements behind a null pointer, where memory reads as zeros.
    ///
    /// # Errors
    /// There are bytes to be read at address 0.
    pub fn check_pointer(&self, count: u64, size_bytes: u64, address: u64) -> Formed<()> {
        if address == 0 && count > 0 && size_bytes > 0 {
            return Err(
                Error::Absent(format!("{count} elements behind a null pointer: not set, or overwritten")).into()
            );
        }
        Ok(())
    }

    /// Refuse more elements than there is room for.
    ///
    /// # Errors
    /// `count` is more than `capacity`.
    pub fn check_capacity(&self, count: u64, capacity: u64) -> Formed<()> {
        if count > capacity {
            let reason = format!("{count} elements in room for {capacity}: not set, or overwritten");
            return Err(Error::Absent(reason).into());
        }
        Ok(())
    }

    /// `count` objects of `element` side by side at `address`.
    pub fn array(&self, address: u64, element: TypeId, count: u64) -> Formed<View<'a>> {
        let stride = self.size_of(element)?;
        self.check_count(count, stride, address)?;
        self.check_pointer(count, stride, address)?;
        Ok(View::Array(Elements::new(self.at(address, element).object, stride, count)))
    }
}

fn align_of(reader: Reader<'_, '_>, type_id: TypeId, depth: usize) -> u64 {
    let (_, found) = reader.types().strip(type_id);
    if let Some(align) = found.align_bytes.filter(|align| *align > 0) {
        return align;
    }
    let Some(depth) = depth.checked_sub(1) else { return 1 };
    match &found.kind {
        TypeKind::Record(record) => {
            record.members.iter().map(|member| align_of(reader, member.type_id, depth)).max().unwrap_or(1)
        }
        TypeKind::Array(array) => align_of(reader, array.element, depth),
        _ => found.size_bytes.unwrap_or(1).clamp(1, 16),
    }
}
