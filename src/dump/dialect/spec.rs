//! What a dialect is: its frame format, what its code offsets count from, and the marks of its files.

use crate::dump::segments::Run;
use crate::dump::stack::FrameFormat;
use crate::wasm::section::id;
use crate::wasm::{Section, SectionList};

/// What a recorded code offset counts from. A dump does not say; the module decides which one makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OffsetBase {
    /// The function's body, after its size: where the local declarations begin.
    Body,
    /// The function's first instruction.
    FirstInstruction,
    /// The code section's contents.
    CodeSection,
    /// The module's file.
    File,
}

/// One way of writing dumps.
pub struct Dialect {
    /// Short name, for reports.
    pub name: &'static str,
    /// Who writes it and what it leaves out: one sentence without a full stop.
    pub summary: &'static str,
    pub frames: FrameFormat,
    /// All bases, the producer's own first: the order decides where the module cannot.
    pub offset_bases: [OffsetBase; 4],
    /// The producer writes the sections `coremodules` and `coreinstances`: without them something is missing.
    pub has_instances: bool,
    /// Memory contents are in the dump; where they are not, its memory section says nothing of the program's.
    pub has_memory: bool,
    /// Names in `coremodules` have no length: there is one, and it ends with the section.
    pub bare_module_names: bool,
    /// Looks at the sections, not into the stacks.
    pub fit: fn(&DumpFile) -> Fit,
    /// The memory, where the whole file is one.
    pub image: for<'f> fn(&DumpFile<'f>) -> Option<Image<'f>>,
}

/// How well a file's sections match a dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It cannot be this one.
    Impossible,
    /// Only reading the stacks can tell.
    Possible,
    /// It can hardly be another one, if the stacks can be read.
    Marked,
}

/// A memory that contains its own dump.
pub struct Image<'f> {
    /// From behind the dump to the end of the file; addresses are file offsets.
    pub run: Run<'f>,
    /// What the dump announces; more than the file holds if that was cut.
    pub size_bytes: u64,
}

/// A dump as its sections.
pub struct DumpFile<'f> {
    pub bytes: &'f [u8],
    pub list: SectionList<'f>,
}

impl<'f> DumpFile<'f> {
    /// All custom sections of that name, in order.
    pub fn customs(&self, name: &'static str) -> impl Iterator<Item = &Section<'f>> {
        self.list.sections.iter().filter(move |s| s.id == id::CUSTOM && s.name == name)
    }

    /// The first custom section of that name.
    pub fn custom(&self, name: &'static str) -> Option<&Section<'f>> {
        self.customs(name).next()
    }

    /// All other sections of that id, in order.
    pub fn sections(&self, id: u8) -> impl Iterator<Item = &Section<'f>> {
        self.list.sections.iter().filter(move |s| s.id == id)
    }

    /// The file ends inside a section, or a section header is broken.
    pub fn is_damaged(&self) -> bool {
        self.list.damage.is_some()
    }
}

/// For dialects whose file is no memory.
pub fn no_image<'f>(_: &DumpFile<'f>) -> Option<Image<'f>> {
    None
}
