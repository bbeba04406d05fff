//! A coredump and its modules as the facts that unwinding and recovery ask for.

use std::rc::Rc;

use super::physical::Recorded;
use crate::dump::Coredump;
use crate::wasm::{GlobalIdx, Module, WasmValue};

/// A dump, and for each of its instances the module, where it is at hand.
pub struct RecordedDump<'f> {
    dump: Rc<Coredump<'f>>,
    modules: Vec<Option<Rc<Module<'f>>>>,
}

impl<'f> RecordedDump<'f> {
    /// `module_of` gives the module of an instance.
    pub fn new(dump: Rc<Coredump<'f>>, module_of: impl Fn(u32) -> Option<Rc<Module<'f>>>) -> Self {
        let instances = 0..u32::try_from(dump.instances.len()).unwrap_or(u32::MAX);
        let modules = instances.map(module_of).collect();
        RecordedDump { dump, modules }
    }

    fn module(&self, instance: u32) -> Option<&Module<'f>> {
        self.modules.get(instance as usize)?.as_deref()
    }

    /// A module's global as the dump numbers it.
    fn dump_global(&self, instance: u32, global: GlobalIdx) -> Option<u32> {
        let listed = &self.dump.instances.get(instance as usize)?.globals;
        let position = match self.module(instance) {
            // Some producers leave imported globals out of the list.
            Some(module) if listed.len() < module.globals().len() => {
                global.0.checked_sub(u32::try_from(module.globals().len() - listed.len()).ok()?)?
            }
            _ => global.0,
        };
        *listed.get(position as usize)?
    }

    fn dump_memory(&self, instance: u32, memory: u32) -> Option<u32> {
        let listed = &self.dump.instances.get(instance as usize)?.memories;
        let position = match self.module(instance) {
            Some(module) if listed.len() < module.memories().len() => {
                memory.checked_sub(u32::try_from(module.memories().len() - listed.len()).ok()?)?
            }
            _ => memory,
        };
        *listed.get(position as usize)?
    }
}

impl Recorded for RecordedDump<'_> {
    fn memory(&self, instance: u32, memory: u32, address: u64, size_bytes: usize) -> Option<u64> {
        let image = self.dump.memories.get(self.dump_memory(instance, memory)? as usize)?;
        image.read_unsigned(address, size_bytes).ok()
    }

    fn program_name(&self) -> Option<&str> {
        self.dump.executable.as_deref()?.rsplit(['/', '\\']).next()
    }

    fn memory_size(&self, instance: u32, memory: u32) -> Option<u64> {
        Some(self.dump.memories.get(self.dump_memory(instance, memory)? as usize)?.size_bytes())
    }

    fn global(&self, instance: u32, global: GlobalIdx) -> Option<WasmValue> {
        let recorded = self.dump.globals.get(self.dump_global(instance, global)? as usize)?;
        (recorded.value != WasmValue::Missing).then_some(recorded.value)
    }

    fn global_identity(&self, instance: u32, global: GlobalIdx) -> Option<u32> {
        self.dump_global(instance, global)
    }

    fn may_use_global(&self, instance: u32, identity: u32) -> bool {
        let Some(instance) = self.dump.instances.get(instance as usize) else { return true };
        instance.globals.contains(&Some(identity))
    }
}
