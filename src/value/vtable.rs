//! Dynamic types: which type a vtable was made for.
//!
//! rustc describes every vtable as a variable (`<T as Trait>::{vtable}`) whose type names the concrete type
//! (DW_AT_containing_type). C++'s vtables have a pointer to their type's name in front of them (Itanium C++ ABI,
//! section 2.9.5), unless run-time type information was switched off.

use std::collections::HashMap;

use crate::dwarf::names::Kind;
use crate::dwarf::types::{TypeId, TypeKind};
use crate::dwarf::{DebugInfo, DieRef, UnitId};
use crate::limits::MAX_VTABLES;
use crate::target::ModuleId;

use super::object::{InstanceId, Object};
use super::read::Reader;

/// How rustc calls the variables.
const VTABLE: &str = "{vtable}";

impl Reader<'_, '_> {
    /// The type that Rust's vtable at `address` was made for; `near` is a type of the module that uses it, in whose
    /// unit the vtable is looked for first.
    pub fn vtable_type(&self, object: &Object, near: TypeId, address: u64) -> Option<TypeId> {
        let die = self.types().get(near).die?;
        let info = self.types().info(die.info)?;
        let described = |die: DieRef| {
            let variable = self.static_variable(die, Some(object.instance))?;
            (variable.object.address() == Some(address)).then_some(variable.object.type_id)
        };
        let in_unit = vtables_of_unit(&info, die.unit).find_map(described);
        let vtable = in_unit.or_else(|| {
            let module = ModuleId(u32::from(die.info.0));
            let known = self.program.vtables(module)?.get_or_init(|| self.all_vtables(&info, object.instance));
            known.get(&address).copied()
        })?;
        match &self.types().strip(vtable).1.kind {
            TypeKind::Record(record) => record.containing_type,
            _ => None,
        }
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
