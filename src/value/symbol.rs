//! Named objects by address: which variable with static storage an address lies in.
//!
//! Known are the variables of the units whose code is on a stack: those of a whole program would cost a pass over all
//! its debug information.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::limits::MAX_SYMBOL_THREADS;
use crate::target::program::StaticPlace;
use crate::target::{InstanceId, ModuleId};

use super::object::Variable;
use super::read::{Reach, Reader};

impl Reader<'_, '_> {
    /// The variable that holds `address` in the memory of `instance`, and the distance from its start in bytes.
    pub fn symbol_at(&self, instance: InstanceId, address: u64) -> Option<(Rc<str>, u64)> {
        let place = self.static_place(instance, address)?;
        Some((place.name.clone(), address.checked_sub(place.start)?))
    }

    /// The same with its type and size; none if the reader goes no farther than a unit.
    pub(super) fn static_place(&self, instance: InstanceId, address: u64) -> Option<&StaticPlace> {
        if self.reach == Reach::Unit {
            return None;
        }
        let module = self.program.module_of(instance).or_else(|| self.program.only_module())?;
        // Pointers into the stack and the heap, most of all, cost no look at debug information.
        if self.program.module(module).is_none_or(|module| !module.static_addresses().contains(&address)) {
            return None;
        }
        let places = self.program.static_places(module)?.get_or_init(|| self.all_static_places(module, instance));
        let before = places.partition_point(|place| place.start <= address).checked_sub(1)?;
        let place = places.get(before)?;
        (address.checked_sub(place.start)? < place.size_bytes.max(1)).then_some(place)
    }

    /// Sorted by address.
    fn all_static_places(&self, module: ModuleId, instance: InstanceId) -> Vec<StaticPlace> {
        let threads = 0..self.program.thread_count().min(MAX_SYMBOL_THREADS);
        let stacks = threads.filter_map(|thread| self.program.stack(thread).ok());
        let units: BTreeSet<_> =
            stacks.flat_map(|stack| self.units_of_stack(stack)).map(|(m, unit, _)| (m, unit)).collect();
        let own = units.into_iter().filter(|(of, _)| *of == module);
        let variables = own.flat_map(|(_, unit)| self.unit_globals(module, unit, Some(instance)).unwrap_or_default());
        let place = |variable: Variable| {
            Some(StaticPlace {
                start: variable.object.address()?,
                size_bytes: self.size_of(&variable.object).ok()?,
                type_id: variable.object.type_id,
                name: variable.name?,
            })
        };
        let mut places: Vec<StaticPlace> = variables.filter_map(place).collect();
        places.sort_by_key(|place| place.start);
        places
    }
}

/// `parts+24`, without the sign at the start itself.
pub fn symbol_text((name, distance): &(Rc<str>, u64)) -> String {
    if *distance == 0 { name.to_string() } else { format!("{name}+{distance}") }
}
