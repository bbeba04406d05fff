//! What custom sections say about a module: the name section, build id, links to debug information.
//!
//! Tool-conventions: BuildId.md, Dwarf.md (`external_debug_info`), core appendix 7.4.1 (name section). Names are
//! borrowed from the file and never copied, sorted or demangled here.

use std::cell::OnceCell;
use std::collections::HashMap;

use wasmparser::{BinaryReader, Name, NameMap, NameSectionReader};

use super::address::{FuncIdx, GlobalIdx, LocalIdx};
use super::name_index::NameIndex;
use super::section::{Section, id};
use crate::limits::{MAX_NAME_BYTES, MAX_SECTION_ITEMS};

/// A tool that had a part in making the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Producer<'f> {
    /// `language`, `processed-by` or `sdk`.
    pub field: &'f str,
    pub name: &'f str,
    /// May be empty.
    pub version: &'f str,
}

/// Names and links of one module.
pub struct Names<'f> {
    name_section: Option<Section<'f>>,
    build_id: Option<&'f [u8]>,
    external_debug_info: Option<&'f str>,
    source_mapping_url: Option<&'f str>,
    producers: Option<Section<'f>>,
    target_features: Option<Section<'f>>,
    parts: OnceCell<Parts<'f>>,
}

/// The subsections of the name section.
#[derive(Default)]
struct Parts<'f> {
    module: Option<&'f str>,
    functions: Option<NameMap<'f>>,
    function_index: Option<NameIndex<'f>>,
    locals: Option<wasmparser::IndirectNameMap<'f>>,
    globals: HashMap<u32, &'f str>,
}

impl<'f> Names<'f> {
    /// Finds the custom sections; the name section is read at the first question.
    pub fn new(sections: &[Section<'f>]) -> Self {
        let custom = |name: &str| sections.iter().find(|s| s.id == id::CUSTOM && s.name == name).copied();
        Names {
            name_section: custom("name"),
            build_id: custom("build_id").and_then(|s| prefixed(s.data)),
            external_debug_info: custom("external_debug_info")
                .and_then(|s| prefixed(s.data))
                .and_then(|bytes| std::str::from_utf8(bytes).ok()),
            source_mapping_url: custom("sourceMappingURL")
                .and_then(|s| prefixed(s.data))
                .and_then(|bytes| std::str::from_utf8(bytes).ok()),
            producers: custom("producers"),
            target_features: custom("target_features"),
            parts: OnceCell::new(),
        }
    }

    /// The build id's bytes, of any length.
    pub fn build_id(&self) -> Option<&'f [u8]> {
        self.build_id
    }

    /// The tools that made the module, in the section's order (tool-conventions, ProducersSection.md).
    pub fn producers(&self) -> Vec<Producer<'f>> {
        let Some(section) = self.producers else { return Vec::new() };
        let reader = BinaryReader::new(section.data, section.start as _);
        let Ok(fields) = wasmparser::ProducersSectionReader::new(reader) else { return Vec::new() };
        let mut found = Vec::new();
        for field in fields.into_iter().map_while(Result::ok) {
            for value in field.values.into_iter().map_while(Result::ok) {
                found.push(Producer { field: field.name, name: value.name, version: value.version });
            }
        }
        found
    }

    /// Features of WebAssembly with the sign that the section has for them: `+` used, `-` not to be used
    /// (tool-conventions, Linking.md, "Target Features Section").
    pub fn target_features(&self) -> Vec<String> {
        let Some(section) = self.target_features else { return Vec::new() };
        let mut reader = BinaryReader::new(section.data, section.start as _);
        let count = reader.read_var_u32().unwrap_or(0);
        let mut found = Vec::new();
        for _ in 0..count {
            let (Ok(sign), Ok(name)) = (reader.read_u8(), reader.read_string()) else { break };
            found.push(format!("{}{name}", char::from(sign)));
        }
        found
    }

    /// Path or URL of the file with the debug information, relative to the module.
    pub fn external_debug_info(&self) -> Option<&'f str> {
        self.external_debug_info
    }

    /// Path or URL of a source map.
    pub fn source_mapping_url(&self) -> Option<&'f str> {
        self.source_mapping_url
    }

    /// There is a name section.
    pub fn is_present(&self) -> bool {
        self.name_section.is_some()
    }

    /// The module's name: wasm-ld writes its output file's name there.
    pub fn module(&self) -> Option<&'f str> {
        self.parts().module
    }

    /// A function's name as the linker wrote it (wasm-ld demangles C++ and Rust).
    pub fn function(&self, function: FuncIdx) -> Option<&'f str> {
        self.parts().function_index.as_ref()?.get(function.0).map(bounded)
    }

    /// All function names with their functions, in the section's order.
    pub fn functions(&self) -> impl Iterator<Item = (FuncIdx, &'f str)> {
        let names = self.parts().functions.clone();
        names.into_iter().flatten().map_while(Result::ok).map(|naming| (FuncIdx(naming.index), bounded(naming.name)))
    }

    /// A global's name.
    pub fn global(&self, global: GlobalIdx) -> Option<&'f str> {
        self.parts().globals.get(&global.0).copied()
    }

    /// The name of a function's local, parameters first.
    pub fn local(&self, function: FuncIdx, local: LocalIdx) -> Option<&'f str> {
        let locals = self.parts().locals.clone()?;
        let of_function = locals.into_iter().map_while(|n| n.ok()).find(|n| n.index == function.0)?;
        let found = of_function.names.map_while(|n| n.ok()).find(|n| n.index == local.0)?;
        Some(bounded(found.name))
    }

    fn parts(&self) -> &Parts<'f> {
        self.parts.get_or_init(|| {
            let mut parts = Parts::default();
            let Some(section) = self.name_section else { return parts };
            let reader = NameSectionReader::new(BinaryReader::new(section.data, section.start as _));
            for name in reader.into_iter().map_while(|n| n.ok()) {
                match name {
                    Name::Module { name, .. } => parts.module = Some(name),
                    Name::Function(map) => {
                        let start = map.names.original_position().saturating_sub(section.start);
                        let entries = section.data.get(start as usize..).unwrap_or_default();
                        parts.function_index = Some(NameIndex::new(entries, map.names.size_hint().0));
                        parts.functions = Some(map);
                    }
                    Name::Local(map) => parts.locals = Some(map),
                    Name::Global(map) => parts.globals = collect(map),
                    _ => {}
                }
            }
            parts
        })
    }
}

fn collect<'f>(map: NameMap<'f>) -> HashMap<u32, &'f str> {
    map.into_iter().map_while(|n| n.ok()).take(MAX_SECTION_ITEMS).map(|n| (n.index, bounded(n.name))).collect()
}

/// The first `MAX_NAME_BYTES` of a name: it is written wherever its function is.
fn bounded(name: &str) -> &str {
    let end = (0..=MAX_NAME_BYTES.min(name.len())).rev().find(|end| name.is_char_boundary(*end));
    end.and_then(|end| name.get(..end)).unwrap_or(name)
}

/// The bytes of a section whose payload is one length-prefixed string.
fn prefixed(data: &[u8]) -> Option<&[u8]> {
    let mut reader = BinaryReader::new(data, 0);
    let length = reader.read_var_u32().ok()? as usize;
    reader.read_bytes(length).ok()
}
