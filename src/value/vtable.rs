//! What belongs to a class and is not in its objects: the vtable, which tells the dynamic type, and static members.
//!
//! rustc describes every vtable as a variable (`<T as Trait>::{vtable}`) whose type names the concrete type
//! (DW_AT_containing_type). C++'s vtables have a pointer to their type's name in front of them (Itanium C++ ABI,
//! section 2.9.5), unless run-time type information was switched off.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::dwarf::language::demangle;
use crate::dwarf::location::Location;
use crate::dwarf::names::Kind;
use crate::dwarf::types::{Member, PointerKind, StaticMember, TypeId, TypeKind};
use crate::dwarf::{DebugInfo, DieRef, UnitId};
use crate::limits::{MAX_LAYOUT_DEPTH, MAX_LAYOUT_MEMBERS, MAX_VTABLES};
use crate::target::ModuleId;

use super::characters::text_at;
use super::object::{InstanceId, Object};
use super::read::{Reach, Reader};

/// A part of a C++ vtable.
struct ClassVtable {
    address: u64,
    word_bytes: u64,
    /// Qualified.
    class: String,
    /// Bytes from the part's object to the whole one; never positive.
    to_top: i64,
}

/// How rustc calls the variables.
const VTABLE: &str = "{vtable}";

impl Reader<'_, '_> {
    /// The type that Rust's vtable at `address` was made for; `near` is a type of the module that uses it, in whose
    /// unit the vtable is looked for first, then in those of the stacks: whoever made the trait object is often there.
    pub fn vtable_type(&self, object: &Object, near: TypeId, address: u64) -> Option<TypeId> {
        let die = self.types().get(near).die?;
        let info = self.types().info(die.info)?;
        let described = |die: DieRef| {
            let variable = self.static_variable(die, Some(object.instance))?;
            (variable.object.address() == Some(address)).then_some(variable.object.type_id)
        };
        let in_unit = vtables_of_unit(&info, die.unit).find_map(described);
        let on_stack = || {
            let place = self.static_place(object.instance, address)?;
            (place.start == address && place.name.ends_with(VTABLE)).then_some(place.type_id)
        };
        let vtable = in_unit.or_else(on_stack).or_else(|| {
            if self.reach == Reach::Unit {
                return None;
            }
            let module = ModuleId(u32::from(die.info.0));
            let known = self.program.vtables(module)?.get_or_init(|| self.all_vtables(&info, object.instance));
            known.get(&address).copied()
        })?;
        match &self.types().strip(vtable).1.kind {
            TypeKind::Record(record) => record.containing_type,
            _ => None,
        }
    }

    /// The type of that name in the module that describes `near`: in its unit, else anywhere. C++ names may lack the
    /// versioned namespaces of its library.
    pub fn type_named(&self, near: TypeId, name: &str) -> Option<TypeId> {
        let die = self.types().get(near).die?;
        let info = self.types().info(die.info)?;
        let found = self.find_near(&info, die.unit, Kind::Type, name);
        found.map(|die| self.types().of_die(die))
    }

    /// The whole object that the class object `object` is a part of, of the type that its vtable was made for; none
    /// for objects without virtual functions, and where memory says otherwise.
    pub fn dynamic(&self, object: &Object) -> Option<Object> {
        let pointer = self.vtable_pointer(object, MAX_LAYOUT_DEPTH, &mut HashSet::new())?;
        let vtable = self.class_vtable(&pointer)?;
        let concrete = self.type_named(object.type_id, &vtable.class)?;
        let address = object.address()?.checked_add_signed(vtable.to_top)?;
        Some(Object { type_id: concrete, location: Location::Memory { address }, ..object.clone() })
    }

    /// `pointer` as one to the whole object that what it points at is a part of.
    pub fn pointer_to_whole(&self, pointer: &Object) -> Option<Object> {
        let pointee = self.pointee(pointer).ok()?;
        let whole = self.dynamic(&pointee)?;
        let (_, found) = self.stripped(pointer);
        let bytes = u8::try_from(self.size_of(pointer).ok()?).ok()?;
        let type_id = self.types().pointer_to(whole.type_id, PointerKind::Pointer, bytes, found.language);
        if whole.address() == pointee.address() {
            return Some(pointer.retyped(type_id));
        }
        let address = whole.address()?.to_le_bytes();
        let object = Object::computed(type_id, address.get(..usize::from(bytes))?, pointer.instance);
        Some(Object { provenance: pointer.provenance.clone(), ..object })
    }

    /// `vtable for plane::Circle` and the distance from its start, of a pointer to a vtable.
    pub fn vtable_symbol(&self, pointer: &Object, near: TypeId) -> Option<(Rc<str>, u64)> {
        let vtable = self.class_vtable(pointer)?;
        let symbol = Rc::from(format!("vtable for {}", vtable.class));
        if vtable.to_top == 0 {
            return Some((symbol, 2 * vtable.word_bytes));
        }
        // Of a further base's part it is only known where the whole begins.
        let die = self.types().get(near).die?;
        let info = self.types().info(die.info)?;
        let found = self.find_near(&info, die.unit, Kind::Variable, &format!("{}::_vtable$", vtable.class))?;
        let start = self.static_variable(found, Some(pointer.instance))?.object.address()?;
        Some((symbol, vtable.address.checked_sub(start)?))
    }

    /// What stands in front of the vtable that `pointer` points at.
    fn class_vtable(&self, pointer: &Object) -> Option<ClassVtable> {
        let address = self.scalar(pointer).ok()?.as_address();
        let word_bytes = self.size_of(pointer).ok().filter(|size| matches!(size, 4 | 8))?;
        let word = |address: Option<u64>| self.word(pointer, address?, word_bytes);
        let information = word(address.checked_sub(word_bytes)).filter(|address| *address != 0)?;
        let class = self.type_information_name(pointer, word(information.checked_add(word_bytes))?)?;
        // The distance to the whole object is written as a number that is not positive.
        let to_top = word(address.checked_sub(2 * word_bytes))?;
        let to_top = if word_bytes == 4 { i64::from(to_top as u32 as i32) } else { to_top as i64 };
        (to_top <= 0).then_some(ClassVtable { address, word_bytes, class, to_top })
    }

    /// The first member that clang made for the vtable, of the class or a base.
    fn vtable_pointer(&self, object: &Object, depth: usize, seen: &mut HashSet<TypeId>) -> Option<Object> {
        let depth = depth.checked_sub(1)?;
        let (id, found) = self.stripped(object);
        // There are fewer classes than ways to them.
        if seen.len() >= MAX_LAYOUT_MEMBERS || !seen.insert(id) {
            return None;
        }
        let TypeKind::Record(record) = &found.kind else { return None };
        let is_pointer = |member: &&Member| {
            member.name.as_deref().is_some_and(|name| name.starts_with("_vptr$") || name.starts_with("_vptr."))
        };
        if let Some(member) = record.members.iter().find(is_pointer) {
            return object.member(member);
        }
        let bases = record.members.iter().filter(|member| member.is_base).filter_map(|member| object.member(member));
        bases.take(MAX_LAYOUT_DEPTH).find_map(|base| self.vtable_pointer(&base, depth, seen))
    }

    fn word(&self, object: &Object, address: u64, bytes: u64) -> Option<u64> {
        let mut word = [0u8; 8];
        let wanted = word.get_mut(..bytes as usize)?;
        self.program.read_memory(object.instance, address, wanted).ok()?;
        Some(u64::from_le_bytes(word))
    }

    /// `plane::Circle`, of the mangled name in a type's run-time information.
    fn type_information_name(&self, object: &Object, address: u64) -> Option<String> {
        let name = text_at(*self, object, address, 1).ok()?;
        let mangled = format!("_ZTS{}", std::str::from_utf8(&name.bytes).ok()?);
        let demangled = demangle(&mangled)?;
        demangled.strip_prefix("typeinfo name for ").map(str::to_owned)
    }

    /// A static data member of the class `owner`: its definition, else what its declaration says.
    pub fn static_member(&self, object: &Object, owner: TypeId, member: &StaticMember) -> Object {
        let declared = self.static_variable(member.die, Some(object.instance)).map(|variable| variable.object);
        if let Some(constant) = declared.filter(|object| object.absence().is_none()) {
            return constant;
        }
        let definition = || {
            let info = self.types().info(member.die.info)?;
            let name = format!("{}::{}", self.types().qualified_name(owner)?, member.name);
            let found = self.find_near(&info, member.die.unit, Kind::Variable, &name)?;
            Some(self.static_variable(found, Some(object.instance))?.object)
        };
        definition().unwrap_or_else(|| Object::absent(member.type_id, "optimized out", object.instance))
    }

    /// What is called `name` in `unit`, else anywhere that the reader looks.
    fn find_near(&self, info: &DebugInfo<'_>, unit: UnitId, kind: Kind, name: &str) -> Option<DieRef> {
        let in_unit = info.find_in_units(&[unit], kind, name);
        let elsewhere = || match self.reach {
            Reach::Unit => None,
            Reach::Module => info.find(kind, name).first().copied(),
        };
        in_unit.first().copied().or_else(elsewhere)
    }

    /// The types of all Rust vtables of a module, by address.
    fn all_vtables(&self, info: &DebugInfo<'_>, instance: InstanceId) -> HashMap<u64, TypeId> {
        let names = info.all(Kind::Variable).filter(|found| found.name.ends_with(VTABLE)).take(MAX_VTABLES);
        let found = names.filter_map(|found| self.static_variable(found.die, Some(instance)));
        found.filter_map(|variable| Some((variable.object.address()?, variable.object.type_id))).collect()
    }
}

fn vtables_of_unit(info: &DebugInfo<'_>, unit: UnitId) -> impl Iterator<Item = DieRef> {
    let globals = info.globals_of(unit).unwrap_or_else(|_| [].into());
    let is_vtable = |index: &usize| {
        let name = globals.get(*index).and_then(|variable| variable.name.as_deref());
        name.is_some_and(|name| name.ends_with(VTABLE))
    };
    let found: Vec<DieRef> =
        (0..globals.len()).filter(is_vtable).filter_map(|index| Some(globals.get(index)?.die)).collect();
    found.into_iter()
}
