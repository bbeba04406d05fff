//! The program's types by handle: parsed at first use and kept, failures included.
//!
//! One table serves all modules of a program. A handle is given for a DIE without reading it. Types that no DIE
//! describes (the pointer that `&x` makes, the array that `@` makes) are interned here too, so that equal types have
//! equal handles.

use std::cell::RefCell;
use std::rc::Rc;

use ahash::AHashMap as HashMap;

use super::debug_info::{DebugInfo, DieRef, InfoId};
use super::language::Language;
use super::names::Kind;
use super::path::Path;
use super::route::{Route, Routes, Wanted};
use super::type_parse::{Handles, parse_type};
use super::types::{
    Array, Encoding, FunctionType, Member, MemberPlace, PointerKind, Qualifier, Record, Type, TypeId, TypeKind,
};
use crate::error::Error;
use crate::limits::{MAX_DEFINITIONS, MAX_LAYOUT_DEPTH, MAX_LAYOUT_MEMBERS, MAX_TYPE_CHAIN};

/// All types of a program, by handle.
#[derive(Default)]
pub struct TypeTable<'f> {
    infos: RefCell<HashMap<InfoId, Rc<DebugInfo<'f>>>>,
    slots: RefCell<Vec<Slot>>,
    by_die: RefCell<HashMap<DieRef, TypeId>>,
    derived: RefCell<HashMap<Derived, TypeId>>,
    spelled: RefCell<HashMap<(TypeId, bool), Rc<str>>>,
    /// What defines the types that are only declared where they are used.
    definitions: RefCell<HashMap<TypeId, Option<TypeId>>>,
    qualified: RefCell<HashMap<TypeId, Rc<str>>>,
    routes: Routes,
}

struct Slot {
    die: Option<DieRef>,
    parsed: Option<Rc<Type>>,
}

/// What identifies a type that no DIE describes.
#[derive(PartialEq, Eq, Hash, Clone)]
enum Derived {
    Void,
    Pointer(TypeId, PointerKind, u8, Language),
    Array(TypeId, Option<u64>, Option<DieRef>, bool),
    Base(Rc<str>, Encoding, u64, Language),
    Qualified(TypeId, Qualifier),
    Function(Option<TypeId>, Vec<TypeId>, bool, Language),
    MemberPointer(TypeId, TypeId, u8),
    Partial(TypeId, Vec<TypeId>),
}

impl<'f> TypeTable<'f> {
    /// No modules yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Make a module's types known.
    pub fn add(&self, info: Rc<DebugInfo<'f>>) {
        self.infos.borrow_mut().insert(info.id(), info);
    }

    /// A module's debug information.
    pub fn info(&self, id: InfoId) -> Option<Rc<DebugInfo<'f>>> {
        self.infos.borrow().get(&id).cloned()
    }

    /// The name of a type, in full or short, as `spell` makes it the first time: elements of an array share theirs.
    pub fn spelled(&self, id: TypeId, full: bool, spell: impl FnOnce() -> String) -> Rc<str> {
        if let Some(known) = self.spelled.borrow().get(&(id, full)) {
            return known.clone();
        }
        let name: Rc<str> = spell().into();
        self.spelled.borrow_mut().insert((id, full), name.clone());
        name
    }

    /// The handle of a DIE's type; the DIE is read when the type is looked at.
    pub fn of_die(&self, die: DieRef) -> TypeId {
        *self.by_die.borrow_mut().entry(die).or_insert_with(|| self.push(Slot { die: Some(die), parsed: None }))
    }

    fn push(&self, slot: Slot) -> TypeId {
        let mut slots = self.slots.borrow_mut();
        slots.push(slot);
        TypeId(slots.len() as u32 - 1)
    }

    /// The type; one that cannot be read is `TypeKind::Broken`.
    pub fn get(&self, id: TypeId) -> Rc<Type> {
        let die = match self.slots.borrow().get(id.0 as usize) {
            Some(Slot { parsed: Some(parsed), .. }) => return parsed.clone(),
            Some(Slot { die, .. }) => *die,
            None => None,
        };
        let parsed = die
            .ok_or_else(|| Error::NotFound("no such type".into()))
            .and_then(|die| {
                let info = self.info(die.info).ok_or_else(|| Error::NotFound("no such module".into()))?;
                parse_type(&info, die, self)
            })
            .unwrap_or_else(|error| broken_type(die, &error));
        let parsed = Rc::new(parsed);
        if let Some(slot) = self.slots.borrow_mut().get_mut(id.0 as usize) {
            slot.parsed = Some(parsed.clone());
        }
        parsed
    }

    fn intern(&self, key: Derived, make: impl FnOnce() -> Type) -> TypeId {
        if let Some(id) = self.derived.borrow().get(&key) {
            return *id;
        }
        let id = self.push(Slot { die: None, parsed: Some(Rc::new(make())) });
        self.derived.borrow_mut().insert(key, id);
        id
    }

    /// C's `void`.
    pub fn void(&self) -> TypeId {
        self.intern(Derived::Void, || derived(Some("void"), TypeKind::Void, None, Language::C))
    }

    /// The type of a pointer to `target`.
    pub fn pointer_to(&self, target: TypeId, kind: PointerKind, address_bytes: u8, language: Language) -> TypeId {
        self.intern(Derived::Pointer(target, kind, address_bytes, language), || {
            derived(None, TypeKind::Pointer { target, kind }, Some(u64::from(address_bytes)), language)
        })
    }

    /// The type of `count` elements in a row; without a count, of a flexible array.
    pub fn array_of(&self, element: TypeId, count: Option<u64>, language: Language) -> TypeId {
        self.array(Array { element, count, count_variable: None, stride_bytes: None, is_vector: false }, language)
    }

    fn array(&self, array: Array, language: Language) -> TypeId {
        let key = Derived::Array(array.element, array.count, array.count_variable, array.is_vector);
        self.intern(key, || derived(None, TypeKind::Array(array), None, language))
    }

    /// A base type that a literal or an operator makes.
    pub fn base(&self, name: &str, encoding: Encoding, size_bytes: u64, language: Language) -> TypeId {
        self.intern(Derived::Base(name.into(), encoding, size_bytes, language), || {
            derived(Some(name), TypeKind::Base(encoding), Some(size_bytes), language)
        })
    }

    /// The type with a qualifier in front.
    pub fn qualified(&self, target: TypeId, qualifier: Qualifier) -> TypeId {
        let found = self.get(target);
        self.intern(Derived::Qualified(target, qualifier), || {
            derived(None, TypeKind::Qualified { qualifier, target }, found.size_bytes, found.language)
        })
    }

    /// The type of a pointer to data of the type `target` in objects of `class` (C++).
    pub fn member_pointer_to(&self, target: TypeId, class: TypeId, address_bytes: u8) -> TypeId {
        self.intern(Derived::MemberPointer(target, class, address_bytes), || {
            let kind = TypeKind::MemberPointer { target, class };
            derived(None, kind, Some(u64::from(address_bytes)), Language::Cpp)
        })
    }

    /// The class `id` without the virtual bases `hidden`, its own and its bases'; `id` itself if it has none of them.
    pub fn without_bases(&self, id: TypeId, hidden: &[TypeId]) -> TypeId {
        if hidden.is_empty() {
            return id;
        }
        self.partial(id, hidden, (MAX_LAYOUT_DEPTH, &mut MAX_LAYOUT_MEMBERS.clone()))
    }

    /// Classes that are bases of each other have an end at the limits of depth and number.
    fn partial(&self, id: TypeId, hidden: &[TypeId], (depth, left): (usize, &mut usize)) -> TypeId {
        *left = left.saturating_sub(1);
        if *left == 0 {
            return id;
        }
        let (own, found) = self.strip(id);
        let TypeKind::Record(record) = &found.kind else { return id };
        let Some(depth) = depth.checked_sub(1).filter(|_| record.members.iter().any(|m| m.is_base)) else { return id };
        let key = Derived::Partial(own, hidden.to_vec());
        if let Some(known) = self.derived.borrow().get(&key) {
            return *known;
        }
        let is_hidden = |m: &Member| {
            m.is_base && matches!(m.place, MemberPlace::Virtual(_)) && hidden.contains(&self.strip(m.type_id).0)
        };
        let mut members: Vec<Member> = record.members.iter().filter(|m| !is_hidden(m)).cloned().collect();
        let mut changed = members.len() != record.members.len();
        for base in members.iter_mut().filter(|m| m.is_base) {
            let partial = self.partial(base.type_id, hidden, (depth, left));
            changed |= partial != base.type_id;
            base.type_id = partial;
        }
        if !changed {
            return id;
        }
        let kind = TypeKind::Record(Rc::new(Record { members, ..Record::clone(record) }));
        self.intern(key, || Type { kind, ..Type::clone(&found) })
    }

    /// The type of a function.
    pub fn function(&self, function: FunctionType, language: Language) -> TypeId {
        let key = Derived::Function(function.result, function.parameters.clone(), function.variadic, language);
        self.intern(key, || derived(None, TypeKind::Function(Rc::new(function)), None, language))
    }

    /// The type without typedefs and qualifiers, and its handle; the definition of one that is only declared in its
    /// unit, if the module has one (the first such question reads all units' names).
    pub fn strip(&self, id: TypeId) -> (TypeId, Rc<Type>) {
        let (own, found) = self.peel(id);
        match self.definition(own, &found) {
            Some(definition) => (definition, self.get(definition)),
            None => (own, found),
        }
    }

    /// What defines a type that is only declared. Compilers describe a C++ class with a virtual function or a
    /// constructor only where that is, and C files need not know what is in a structure.
    fn definition(&self, id: TypeId, found: &Type) -> Option<TypeId> {
        let (TypeKind::Record(record), Some(die)) = (&found.kind, found.die) else { return None };
        // Rust and Zig describe types whole, wherever they are used.
        if !record.declaration || matches!(found.language, Language::Rust | Language::Zig) {
            return None;
        }
        if let Some(known) = self.definitions.borrow().get(&id) {
            return *known;
        }
        let definition = self.qualified_name(id).and_then(|name| self.defined(die.info, &name, found.language));
        self.definitions.borrow_mut().insert(id, definition);
        definition
    }

    /// The one definition of a name; none if there are several of different sizes.
    fn defined(&self, info: InfoId, name: &str, language: Language) -> Option<TypeId> {
        // What is private to a unit is not declared in another.
        let is_private = |part: &str| part.starts_with("(anonymous");
        let path = Path::new(name);
        if is_private(path.last) || path.around.iter().any(|part| is_private(part)) {
            return None;
        }
        let is_definition = |found: &Type| match &found.kind {
            TypeKind::Record(record) => !record.declaration && found.language == language,
            _ => false,
        };
        let candidates = self.info(info)?.find(Kind::Type, name);
        let candidates = candidates.into_iter().map(|die| self.of_die(die)).filter(|candidate| {
            is_definition(&self.get(*candidate)) && self.qualified_name(*candidate).as_deref() == Some(name)
        });
        let mut candidates = candidates.take(MAX_DEFINITIONS);
        let first = candidates.next()?;
        let size = self.get(first).size_bytes;
        candidates.all(|other| self.get(other).size_bytes == size).then_some(first)
    }

    /// The type without typedefs and qualifiers, and its handle, be it defined or only declared.
    pub fn peel(&self, id: TypeId) -> (TypeId, Rc<Type>) {
        let mut id = id;
        for _ in 0..MAX_TYPE_CHAIN {
            let found = self.get(id);
            match found.kind {
                TypeKind::Typedef { target } | TypeKind::Qualified { target, .. } => id = target,
                _ => return (id, found),
            }
        }
        (id, Rc::new(broken_type(None, &Error::malformed("a chain of typedefs that does not end"))))
    }

    /// Size in bytes of an object of the type.
    pub fn size_of(&self, id: TypeId) -> Option<u64> {
        let mut count = 1u64;
        let mut id = id;
        for _ in 0..MAX_TYPE_CHAIN {
            let (_, found) = self.strip(id);
            match (&found.kind, found.size_bytes) {
                (_, Some(size)) => return count.checked_mul(size),
                (TypeKind::Array(array), None) => {
                    count = count.checked_mul(array.count?)?;
                    if let Some(stride) = array.stride_bytes {
                        return count.checked_mul(stride);
                    }
                    id = array.element;
                }
                _ => return None,
            }
        }
        None
    }

    /// The type's name with namespaces and enclosing types; none for anonymous and derived types. Rust's and
    /// Zig's compilers write pointers' names whole: nothing is put in front of those.
    pub fn qualified_name(&self, id: TypeId) -> Option<Rc<str>> {
        let found = self.get(id);
        let name = found.name.clone()?;
        // Zig's names are whole ones, wherever their types are described.
        if found.language == Language::Zig {
            return Some(name);
        }
        let Some(die) = found.die.filter(|_| !matches!(found.kind, TypeKind::Pointer { .. } | TypeKind::Base(_)))
        else {
            return Some(name);
        };
        if let Some(known) = self.qualified.borrow().get(&id) {
            return Some(known.clone());
        }
        let info = self.info(die.info)?;
        let whole: Rc<str> = info.qualified_type(die, &name, found.language).into();
        self.qualified.borrow_mut().insert(id, whole.clone());
        Some(whole)
    }

    /// The way to a part inside of values of the type `id`, which is no typedef.
    pub fn route(&self, id: TypeId, wanted: Wanted<'_>) -> Option<Rc<Route>> {
        self.routes.route(&|id| self.strip(id), id, wanted)
    }
}

impl Handles for TypeTable<'_> {
    fn of_die(&self, die: DieRef) -> TypeId {
        TypeTable::of_die(self, die)
    }

    fn void(&self) -> TypeId {
        TypeTable::void(self)
    }

    fn dimension(&self, _die: DieRef, array: Array, language: Language) -> TypeId {
        self.array(array, language)
    }
}

fn derived(name: Option<&str>, kind: TypeKind, size_bytes: Option<u64>, language: Language) -> Type {
    Type { name: name.map(Rc::from), kind, size_bytes, align_bytes: None, language, die: None }
}

fn broken_type(die: Option<DieRef>, error: &Error) -> Type {
    let kind = TypeKind::Broken(error.to_string().into());
    Type { name: None, kind, size_bytes: None, align_bytes: None, language: Language::Other, die }
}
