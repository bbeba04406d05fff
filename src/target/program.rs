//! Everything about the dead program, joined: modules, dump, debug information; each part may be missing.
//!
//! Opening joins and reads nothing more; debug information, stacks and types are read when a question needs them.

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use super::dataflow::Flows;
use super::frame::{InstanceId, ModuleId};
use super::locate;
use super::open::{self, OpenOptions, Opened, OpenedModule};
use super::recorded::RecordedDump;
use super::recover::Recovery;
use super::stack::{DEPTHS, Stack};
use crate::dump::{Coredump, MemoryImage};
use crate::dwarf::split::SplitPlaces;
use crate::dwarf::{DebugInfo, InfoId, TypeId, TypeTable};
use crate::error::{Error, Result};
use crate::files::Files;
use crate::wasm::module::ExternalKind;
use crate::wasm::{FuncIdx, Module};

/// A dead program. Everything in it lives as long as the files it was opened from.
pub struct Program<'f> {
    files: &'f Files,
    opened: Opened<'f>,
    split_places: SplitPlaces,
    parts: Vec<ModuleParts<'f>>,
    stacks: Vec<StackParts<'f>>,
    types: TypeTable<'f>,
    null_is_readable: Cell<bool>,
}

/// Where a variable with static storage is kept.
pub struct StaticPlace {
    /// Address in the instance's memory.
    pub start: u64,
    pub size_bytes: u64,
    /// Qualified.
    pub name: Rc<str>,
    pub type_id: TypeId,
}

/// What is made of one module when first needed.
#[derive(Default)]
struct ModuleParts<'f> {
    info: OnceCell<Option<Rc<DebugInfo<'f>>>>,
    flows: OnceCell<Option<Rc<Flows<'f>>>>,
    vtables: OnceCell<HashMap<u64, TypeId>>,
    static_places: OnceCell<Vec<StaticPlace>>,
}

/// What is made of one thread when first needed.
#[derive(Default)]
pub(super) struct StackParts<'f> {
    /// The stack at each of `DEPTHS`.
    pub(super) stacks: [OnceCell<Stack>; DEPTHS.len()],
    pub(super) recovery: OnceCell<Option<Recovery<'f>>>,
}

impl<'f> Program<'f> {
    /// Open what the command line names.
    ///
    /// # Errors
    /// As for [`open::open`].
    pub fn open(files: &'f Files, options: &OpenOptions) -> Result<Self> {
        let opened = open::open(files, options)?;
        let mut directories = options.debug_dirs.clone();
        directories.extend(locate::environment_directories());
        let places = SplitPlaces { files: opened.split_debug.clone(), directories };
        Ok(Self::of(files, opened, places))
    }

    /// A program without a file.
    pub fn nothing(files: &'f Files) -> Self {
        let opened =
            Opened { core: None, core_path: None, modules: Vec::new(), split_debug: Vec::new(), warnings: Vec::new() };
        Self::of(files, opened, SplitPlaces::default())
    }

    fn of(files: &'f Files, opened: Opened<'f>, split_places: SplitPlaces) -> Self {
        let parts = opened.modules.iter().map(|_| ModuleParts::default()).collect();
        let threads = opened.core.as_ref().map_or(0, |core| core.threads.len());
        let stacks = (0..threads).map(|_| StackParts::default()).collect();
        let (types, null_is_readable) = (TypeTable::new(), Cell::new(false));
        Program { files, opened, split_places, parts, stacks, types, null_is_readable }
    }

    /// No file is open.
    pub fn is_nothing(&self) -> bool {
        self.opened.core.is_none() && self.opened.modules.is_empty()
    }

    /// The dump.
    pub fn core(&self) -> Option<&Coredump<'f>> {
        self.opened.core.as_deref()
    }

    /// The dump's file.
    pub fn core_path(&self) -> Option<&Path> {
        self.opened.core_path.as_deref()
    }

    /// All modules; `ModuleId` counts here.
    pub fn modules(&self) -> &[OpenedModule<'f>] {
        &self.opened.modules
    }

    /// One module's parts as they were opened.
    pub fn opened_module(&self, id: ModuleId) -> Option<&OpenedModule<'f>> {
        self.opened.modules.get(id.0 as usize)
    }

    /// One module, if its file is at hand.
    pub fn module(&self, id: ModuleId) -> Option<&Rc<Module<'f>>> {
        self.opened_module(id)?.module.as_ref()
    }

    /// The module of an instance.
    pub fn module_of(&self, instance: InstanceId) -> Option<ModuleId> {
        let module = self.core()?.instances.get(instance.0 as usize)?.module;
        self.opened_module(ModuleId(module)).map(|_| ModuleId(module))
    }

    /// The first instance of a module.
    pub fn instance_of(&self, id: ModuleId) -> Option<InstanceId> {
        let found = self.core()?.instances.iter().position(|i| i.module == id.0)?;
        u32::try_from(found).ok().map(InstanceId)
    }

    /// What is missing or was refused, and what to do about it: at opening, and in the debug information read so far.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = self.opened.warnings.clone();
        for info in self.parts.iter().filter_map(|p| p.info.get()?.as_ref()) {
            warnings.extend(info.warnings());
        }
        warnings
    }

    /// The program's types.
    pub fn types(&self) -> &TypeTable<'f> {
        &self.types
    }

    /// A module's debug information, wherever it lies; none if there is none.
    pub fn debug_info(&self, id: ModuleId) -> Option<&Rc<DebugInfo<'f>>> {
        self.parts.get(id.0 as usize)?.info.get_or_init(|| self.load_debug_info(id)).as_ref()
    }

    fn load_debug_info(&self, id: ModuleId) -> Option<Rc<DebugInfo<'f>>> {
        let opened = self.opened_module(id)?;
        let (sections, path) = match (&opened.debug, &opened.module) {
            (Some(companion), _) => (companion.module.sections(), Some(&companion.path)),
            (None, Some(module)) => (module.sections(), opened.path.as_ref()),
            (None, None) => return None,
        };
        let mut info = DebugInfo::new(InfoId(u16::try_from(id.0).ok()?), sections)?;
        if let Some(path) = opened.path.as_ref().or(path) {
            let files = self.files;
            info = info.with_split_files(
                path,
                self.split_places.clone(),
                Box::new(move |path| files.open_regular(path).ok()),
            );
        }
        if let Some(module) = self.module(id).cloned() {
            info = info.with_bodies(Box::new(move |pc| {
                let (function, _) = module.function_at(module.file_offset(pc)?)?;
                module.code_offset(module.body(function)?.start)
            }));
        }
        let info = Rc::new(info);
        self.types.add(info.clone());
        Some(info)
    }

    /// Where the types of a module's vtables are kept, by address, once they were looked for.
    pub fn vtables(&self, id: ModuleId) -> Option<&OnceCell<HashMap<u64, TypeId>>> {
        self.parts.get(id.0 as usize).map(|parts| &parts.vtables)
    }

    /// Where the places of a module's variables are kept, sorted, once they were looked for.
    pub fn static_places(&self, id: ModuleId) -> Option<&OnceCell<Vec<StaticPlace>>> {
        self.parts.get(id.0 as usize).map(|parts| &parts.static_places)
    }

    /// The dataflow of a module's functions.
    pub fn flows(&self, id: ModuleId) -> Option<&Rc<Flows<'f>>> {
        let flows =
            self.parts.get(id.0 as usize)?.flows.get_or_init(|| Some(Rc::new(Flows::new(self.module(id)?.clone()))));
        flows.as_ref()
    }

    /// Number of threads in the dump.
    pub fn thread_count(&self) -> usize {
        self.stacks.len()
    }

    /// Where what is made of a thread is kept.
    pub(super) fn stack_parts(&self, thread: usize) -> Option<&StackParts<'f>> {
        self.stacks.get(thread)
    }

    /// The dump's facts as the unwinder asks for them.
    pub fn recorded(&self) -> Option<RecordedDump<'f>> {
        let module_of = |instance| self.opened.module_of_instance(instance)?.module.clone();
        self.opened.core.clone().map(|core| RecordedDump::new(core, module_of))
    }

    /// The memory that an instance's addresses belong to: its memory 0.
    ///
    /// # Errors
    /// There is no dump, or the dump does not hold it.
    pub fn memory(&self, instance: InstanceId) -> Result<&MemoryImage<'f>> {
        let core = self.core().ok_or_else(|| Error::Absent("No core file now.".into()))?;
        let index = match core.instances.get(instance.0 as usize) {
            Some(found) => match found.memories.first() {
                Some(captured) => *captured,
                None => return Err(Error::Absent(format!("instance {} has no memory", instance.0))),
            },
            None if instance.0 == 0 && !core.memories.is_empty() => Some(0),
            None => return Err(Error::Absent(format!("the dump has no instance {}", instance.0))),
        };
        index
            .and_then(|index| core.memories.get(index as usize))
            .ok_or_else(|| Error::Absent(format!("the dump does not hold the memory of instance {}", instance.0)))
    }

    /// Fill `buffer` from an instance's memory.
    ///
    /// # Errors
    /// As for [`Program::memory`]; or an address that the memory does not have.
    pub fn read_memory(&self, instance: InstanceId, address: u64, buffer: &mut [u8]) -> Result<()> {
        self.memory(instance)?.read(address, buffer)
    }

    /// Reading through a null pointer gives the bytes at address 0, which wasm has.
    pub fn null_is_readable(&self) -> bool {
        self.null_is_readable.get()
    }

    /// Say whether a null pointer may be followed.
    pub fn set_null_is_readable(&self, readable: bool) {
        self.null_is_readable.set(readable);
    }

    /// The function that the module put at an index of the table that C's function pointers index.
    pub fn table_function(&self, instance: InstanceId, index: u64) -> Option<FuncIdx> {
        self.module(self.module_of(instance).or_else(|| self.only_module())?)?.table_entry(0, index)
    }

    /// Without a dump, the one module there is.
    pub fn only_module(&self) -> Option<ModuleId> {
        (self.core().is_none() && self.opened.modules.len() == 1).then_some(ModuleId(0))
    }

    /// The name of the function behind a function pointer.
    pub fn table_function_name(&self, instance: InstanceId, index: u64) -> Option<Rc<str>> {
        let module = self.module_of(instance).or_else(|| self.only_module())?;
        let function = self.table_function(instance, index)?;
        self.function_name(module, function).or_else(|| Some(format!("func[{}]", function.0).into()))
    }

    /// A function's name: DWARF's, else the name section's, else the import's.
    pub fn function_name(&self, id: ModuleId, function: FuncIdx) -> Option<Rc<str>> {
        let module = self.module(id)?;
        let body = module.body(function);
        let in_dwarf = body.and_then(|body| {
            let at = module.code_offset(body.start)?;
            let calls = self.debug_info(id)?.calls_at(at).ok()?;
            calls.last()?.function.as_ref()?.name.clone()
        });
        in_dwarf.or_else(|| self.wasm_function_name(id, function))
    }

    /// A function's name without DWARF: the name section's, else the import's or the export's.
    pub fn wasm_function_name(&self, id: ModuleId, function: FuncIdx) -> Option<Rc<str>> {
        let module = self.module(id)?;
        if let Some(name) = self.name_in_section(id, function) {
            return Some(name.into());
        }
        let imported = module
            .imports()
            .as_ref()
            .ok()
            .and_then(|imports| imports.iter().find(|i| i.kind == ExternalKind::Function && i.index == function.0));
        if let Some(import) = imported {
            return Some(format!("{}.{}", import.module, import.name).into());
        }
        let exported = |e: &&crate::wasm::module::Export| e.kind == ExternalKind::Function && e.index == function.0;
        module.exports().iter().find(exported).map(|e| e.name.into())
    }

    /// The name section may have stayed with the debug information when the module was stripped.
    fn name_in_section(&self, id: ModuleId, function: FuncIdx) -> Option<&'f str> {
        let opened = self.opened_module(id)?;
        let own = opened.module.as_ref()?.names().function(function);
        own.or_else(|| opened.debug.as_ref()?.module.names().function(function))
    }
}
