//! A component's bytes to the core modules inside it, nested components included.
//!
//! Knows only the sections of a component (Component Model, Binary.md): the core modules are what a dump's frames
//! belong to, everything else of a component leaves no trace on a stack. Sections that cannot be read end the walk.

use wasmparser::BinaryReader;

use super::section::{FileKind, file_kind};
use crate::limits::{MAX_COMPONENT_DEPTH, MAX_NESTED_MODULES};

const CORE_MODULE: u8 = 1;
const COMPONENT: u8 = 4;

/// The core modules of a component, in file order; the outer component's before those of nested ones.
pub fn core_modules(component: &[u8]) -> Vec<&[u8]> {
    let mut modules = Vec::new();
    let mut level = vec![component];
    for _ in 0..MAX_COMPONENT_DEPTH {
        let mut nested = Vec::new();
        for component in level {
            for (id, contents) in Sections::of(component) {
                match (id, file_kind(contents)) {
                    (CORE_MODULE, Ok(FileKind::Core)) => modules.push(contents),
                    (COMPONENT, Ok(FileKind::Component)) => nested.push(contents),
                    _ => {}
                }
                if modules.len() >= MAX_NESTED_MODULES {
                    return modules;
                }
            }
        }
        level = nested;
    }
    modules
}

/// Iterator over (id, contents) of a component's sections.
struct Sections<'f> {
    reader: BinaryReader<'f>,
}

impl<'f> Sections<'f> {
    fn of(component: &'f [u8]) -> Self {
        const HEADER_BYTES: usize = 8;
        Sections { reader: BinaryReader::new(component.get(HEADER_BYTES..).unwrap_or_default(), 0) }
    }
}

impl<'f> Iterator for Sections<'f> {
    type Item = (u8, &'f [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let id = self.reader.read_u8().ok()?;
        let size = self.reader.read_var_u32().ok()? as usize;
        Some((id, self.reader.read_bytes(size).ok()?))
    }
}
