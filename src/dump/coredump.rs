//! A coredump without its dialect: threads, instances, globals, memories, and what is missing.
//!
//! Opening reads section headers, stacks and the small sections, never memory contents. Damage takes away what it
//! hits and leaves a warning that says what is missing and what to do; only a file that is no dump is an error. Knows
//! nothing of modules: function indices and offsets are as recorded (tool-conventions, Coredump.md).

use std::borrow::Cow;
use std::rc::Rc;

use super::dialect::spec::{Dialect, DumpFile};
use super::dialect::table::{Recognised, recognise};
use super::entities::{self, Instance, Readable, RecordedGlobal};
use super::memory::{MemoryImage, MemoryShape, PAGE_BYTES};
use super::salvage::find_sections;
use super::segments::Segments;
use super::stack::Thread;
use crate::error::{Error, Result};
use crate::limits::MAX_THREADS;
use crate::wasm::SectionList;
use crate::wasm::section::{id, read_sections};

/// The custom sections that make a file a dump.
const DUMP_SECTIONS: [&str; 4] = ["core", "corestack", "coremodules", "coreinstances"];

/// The dead program as its dump has it.
pub struct Coredump<'f> {
    /// Path or name of the program as the producer knew it.
    pub executable: Option<Cow<'f, str>>,
    pub dialect: &'static Dialect,
    /// Names, by module index: rarely file names. One nameless module if the dump has no such section.
    pub modules: Vec<Cow<'f, str>>,
    /// By instance index; one instance of module 0 with all memories and globals if the dump has none.
    pub instances: Vec<Instance>,
    /// The instances are assumed, not recorded.
    pub instances_assumed: bool,
    /// By memory index.
    pub memories: Vec<MemoryImage<'f>>,
    /// By global index.
    pub globals: Vec<RecordedGlobal>,
    /// In file order; the first is the one that trapped, as far as producers tell.
    pub threads: Vec<Thread<'f>>,
    /// What is missing, and what to do about it; one sentence each.
    pub warnings: Vec<String>,
}

impl<'f> Coredump<'f> {
    /// Look at a file's section headers: it is a dump, not a module.
    pub fn is_coredump(bytes: &[u8]) -> bool {
        read_sections(bytes).is_ok_and(|list| has_dump_section(&list))
    }

    /// The dump in `bytes`.
    ///
    /// # Errors
    /// The file is no dump at all; says what it is instead.
    pub fn open(bytes: &'f [u8]) -> Result<Self> {
        let mut list = read_sections(bytes)?;
        let salvaged = salvage(bytes, &mut list);
        if !has_dump_section(&list) {
            return Err(no_dump(&list));
        }
        let file = DumpFile { bytes, list };
        let Recognised { dialect, threads } = recognise(&file);
        let mut dump = Coredump {
            executable: None,
            dialect,
            modules: Vec::new(),
            instances: Vec::new(),
            instances_assumed: false,
            memories: Vec::new(),
            globals: Vec::new(),
            threads,
            warnings: Vec::new(),
        };
        dump.warn_of_damage(&file, salvaged);
        dump.read_entities(&file);
        dump.read_memories(&file);
        dump.assume_instances(&file);
        dump.check_stacks(&file);
        Ok(dump)
    }

    fn warn_of_damage(&mut self, file: &DumpFile<'f>, salvaged: bool) {
        let Some(damage) = &file.list.damage else { return };
        let rest = if salvaged {
            "what comes after was found by searching and may be incomplete"
        } else {
            "what comes after is missing"
        };
        self.warnings
            .push(format!("the dump is damaged: {damage}; {rest}: copy the file again if it was damaged on the way"));
    }

    fn read_entities(&mut self, file: &DumpFile<'f>) {
        match file.custom("core").map(entities::read_executable) {
            Some(Ok(name)) => self.executable = name,
            Some(Err(damage)) => self.warn_of_section("core", &damage),
            None => {}
        }
        if let Some(section) = file.custom("coremodules") {
            let read = entities::read_modules(section, self.dialect.bare_module_names);
            self.modules = self.take("coremodules", read);
        }
        if let Some(section) = file.custom("coreinstances") {
            let read = entities::read_instances(section);
            self.instances = self.take("coreinstances", read);
        }
        if let Some(section) = file.sections(id::GLOBAL).next() {
            self.globals = self.take("global", entities::read_globals(section));
        }
    }

    fn read_memories(&mut self, file: &DumpFile<'f>) {
        if let Some(image) = (self.dialect.image)(file) {
            let shape = MemoryShape { declared_bytes: image.size_bytes, page_bytes: PAGE_BYTES, memory64: false };
            let cut = (image.run.end() < image.size_bytes)
                .then(|| format!("the dump was cut: the file ends at {:#x}", file.bytes.len()));
            let segments = Rc::new(Segments::image(image.run, cut));
            self.memories = vec![MemoryImage::new(0, shape, segments, None)];
            return;
        }
        let by_maximum = self.dialect.frames.placeholders;
        let shapes = match file.sections(id::MEMORY).next() {
            Some(section) => self.take("memory", entities::read_memories(section, by_maximum)),
            None => Vec::new(),
        };
        if shapes.is_empty() {
            self.warnings.push("the dump has no memory: variables in memory cannot be read".to_owned());
        }
        let data: Vec<_> = file.sections(id::DATA).copied().collect();
        let missing = (data.is_empty() || !self.dialect.has_memory).then(|| {
            let why = if file.is_damaged() { "the dump was cut before them" } else { "the producer left them out" };
            format!("memory contents are not in the dump: {why}")
        });
        if let Some(missing) = missing.as_ref().filter(|_| !shapes.is_empty()) {
            self.warnings.push(format!("{missing}; variables in memory cannot be read"));
        }
        let segments = Rc::new(Segments::new(data));
        for (index, shape) in (0u32..).zip(shapes) {
            self.memories.push(MemoryImage::new(index, shape, Rc::clone(&segments), missing.clone()));
        }
    }

    /// Without instances, everything belongs to one: what a dump of one module means.
    fn assume_instances(&mut self, file: &DumpFile<'f>) {
        if self.instances.is_empty() {
            let all = |count: usize| (0u32..).take(count).map(Some).collect();
            let memories = all(self.memories.len());
            self.instances = vec![Instance { module: 0, memories, globals: all(self.globals.len()) }];
            self.instances_assumed = true;
            for thread in &mut self.threads {
                thread.frames.assume_instance();
            }
            if self.dialect.has_instances {
                let state = if file.custom("coreinstances").is_some() { "an empty" } else { "no" };
                self.warnings.push(format!(
                    "the dump has {state} coreinstances section: all frames are taken for one instance of one module"
                ));
            }
        }
        if self.modules.is_empty() {
            self.modules.push(Cow::Borrowed(""));
            if self.dialect.has_instances {
                self.warnings.push(
                    "the dump has no coremodules section: one module is assumed; name its file on the command line"
                        .to_owned(),
                );
            }
        }
    }

    fn check_stacks(&mut self, file: &DumpFile<'f>) {
        self.warnings.extend(self.threads.iter().filter_map(|thread| thread.damage.clone()));
        if self.threads.is_empty() {
            let why = if file.is_damaged() { ": it was cut before it" } else { "" };
            self.warnings
                .push(format!("the dump has no stack (no corestack section){why}; memory and globals can be read"));
        }
        if file.customs("corestack").count() > MAX_THREADS {
            self.warnings.push(format!("only the first {MAX_THREADS} threads are read"));
        }
        let instances = self.instances.len();
        let beyond = self.threads.iter().filter_map(|t| t.frames.last_instance()).max();
        if let Some(beyond) = beyond.filter(|index| *index as usize >= instances) {
            self.warnings.push(format!(
                "frames name instance {beyond}, but the dump lists {instances}: those frames stay without a module"
            ));
        }
    }

    fn take<T>(&mut self, section: &str, read: Readable<T>) -> Vec<T> {
        if let Some(damage) = read.damage {
            self.warn_of_section(section, &damage);
        }
        read.items
    }

    fn warn_of_section(&mut self, section: &str, damage: &str) {
        self.warnings.push(format!("the {section} section is damaged, the rest of it is missing: {damage}"));
    }
}

/// Where the chain of sections breaks, search for those that it did not reach; true if there are any.
fn salvage<'f>(bytes: &'f [u8], list: &mut SectionList<'f>) -> bool {
    if list.damage.is_none() {
        return false;
    }
    let missing: Vec<_> =
        DUMP_SECTIONS.into_iter().filter(|name| list.sections.iter().all(|s| s.name != *name)).collect();
    // The chain may have gone astray long before it broke, so all of the file is searched.
    let found = find_sections(bytes, &missing);
    list.sections.extend(&found);
    !found.is_empty()
}

fn has_dump_section(list: &SectionList) -> bool {
    list.sections.iter().any(|s| s.id == id::CUSTOM && DUMP_SECTIONS.contains(&s.name))
}

/// What a WebAssembly file without a dump's sections is.
fn no_dump(list: &SectionList) -> Error {
    let module = [id::TYPE, id::IMPORT, id::FUNCTION, id::EXPORT, id::CODE];
    if list.sections.iter().any(|s| module.contains(&s.id)) {
        Error::malformed("it is a module, not a coredump: was it given in the wrong order?")
    } else {
        Error::malformed("not a coredump: it has no sections core, corestack, coremodules or coreinstances")
    }
}
