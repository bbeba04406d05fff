//! Functions as values. C's function pointers are indexes into a table; a function itself is known by its index in
//! the module, which is what its object holds.

use std::rc::Rc;

use crate::dwarf::DieRef;
use crate::dwarf::location::Location;
use crate::dwarf::types::{TypeId, TypeKind};
use crate::target::ModuleId;
use crate::wasm::FuncIdx;

use super::object::{InstanceId, Object};
use super::read::Reader;

impl Reader<'_, '_> {
    /// The function that debug information describes at `die`, as a value; one that was inlined everywhere has none.
    pub fn function_object(&self, module: ModuleId, die: DieRef, instance: Option<InstanceId>) -> Object {
        let instance = instance.unwrap_or(InstanceId(0));
        let info = self.types().info(die.info);
        let origin = info.as_ref().and_then(|info| info.function_of(die).ok()).map_or(die, |f| f.origin);
        let type_id = self.types().of_die(origin);
        let function = info.and_then(|info| {
            let (start, _) = *info.code_of(die).first()?;
            let module = self.program.module(module)?;
            let (function, _) = module.function_at(module.file_offset(start)?)?;
            Some(function)
        });
        match function {
            Some(function) => self.function_at(type_id, function, instance),
            None => Object::absent(type_id, "the function has no code of its own", instance),
        }
    }

    /// The function with that index in the module of `instance`, of the type `type_id`.
    pub fn function_at(&self, type_id: TypeId, function: FuncIdx, instance: InstanceId) -> Object {
        Object::computed(type_id, &function.0.to_le_bytes(), instance)
    }

    /// The index of the function that `object` is; none for what is no function.
    pub fn function_index(&self, object: &Object) -> Option<FuncIdx> {
        let (_, found) = self.stripped(object);
        let Location::Computed { bytes } = &object.location else { return None };
        let bytes: [u8; 4] = bytes.get(..4).filter(|_| matches!(found.kind, TypeKind::Function(_)))?.try_into().ok()?;
        Some(FuncIdx(u32::from_le_bytes(bytes)))
    }

    /// The name of the function that `object` is.
    pub fn function_object_name(&self, object: &Object) -> Option<Rc<str>> {
        let index = self.function_index(object)?;
        let module = self.program.module_of(object.instance).or_else(|| self.program.only_module())?;
        self.program.function_name(module, index)
    }

    /// Where C's function pointers find the function: the first place that it has in the table.
    pub fn table_index(&self, object: &Object) -> Option<u64> {
        let function = self.function_index(object)?;
        let module = self.program.module_of(object.instance).or_else(|| self.program.only_module())?;
        let entries = self.program.module(module)?.table_entries();
        entries.iter().filter(|((table, _), f)| *table == 0 && **f == function).map(|((_, index), _)| *index).min()
    }

    /// What the function of a template at an index of the table was made for: its first type argument.
    pub fn table_function_argument(&self, instance: InstanceId, index: u64) -> Option<TypeId> {
        let function = self.program.table_function(instance, index)?;
        let id = self.program.module_of(instance).or_else(|| self.program.only_module())?;
        let module = self.program.module(id)?;
        let start = module.code_offset(module.body(function)?.start)?;
        let calls = self.program.debug_info(id)?.calls_at(start).ok()?;
        let function = calls.last()?.function.clone()?;
        [function.die, function.origin].into_iter().find_map(|die| {
            let found = self.types().get(self.types().of_die(die));
            let TypeKind::Function(function) = &found.kind else { return None };
            function.type_arguments.first().copied()
        })
    }
}
