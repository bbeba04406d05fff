//! A core module: sections at once, every index space when it is first asked for.
//!
//! Each space is parsed once; what cannot be parsed is remembered as an error and harms no other space. Imported
//! items come first in every index space (WebAssembly core, 2.5.1).

use std::cell::OnceCell;
use std::ops::Range;

use wasmparser::{BinaryReader, BinaryReaderError, FromReader, SectionLimited};

use super::address::{CodeOffset, FileOffset, FuncIdx, FuncOffset, GlobalIdx};
use super::bodies::Bodies;
use super::code::Body;
use super::elements::{TableEntries, refer_to_imports, refers_to_import, table_entries};
pub use super::item::{DataSegment, Export, ExternalKind, FuncType, Global, Import, MemoryKind};
use super::item::{PAGE_BYTES, constant, memory_kind};
use super::names::Names;
use super::section::{Section, SectionList, id, read_sections};
use super::value::{ValueType, WasmValue};
use crate::error::{Error, Result};
use crate::limits::{MAX_RESERVED_ENTRIES, MAX_SECTION_ITEMS};

/// A core module.
pub struct Module<'f> {
    bytes: &'f [u8],
    list: SectionList<'f>,
    types: OnceCell<Result<Vec<Option<FuncType>>>>,
    imports: OnceCell<Result<Vec<Import<'f>>>>,
    import_types: OnceCell<ImportTypes>,
    functions: OnceCell<Vec<u32>>,
    bodies: OnceCell<Bodies>,
    globals: OnceCell<Vec<Global>>,
    memories: OnceCell<Vec<MemoryKind>>,
    exports: OnceCell<Vec<Export<'f>>>,
    data: OnceCell<Vec<DataSegment<'f>>>,
    tables: OnceCell<TableEntries>,
    sub_types: OnceCell<Vec<wasmparser::SubType>>,
    tags: OnceCell<Vec<u32>>,
    names: OnceCell<Names<'f>>,
    statics: OnceCell<Range<u64>>,
}

/// The types of imported items, in order.
#[derive(Default)]
struct ImportTypes {
    functions: Vec<u32>,
    globals: Vec<Global>,
    memories: Vec<MemoryKind>,
    tables: u32,
    tags: Vec<u32>,
}

impl<'f> Module<'f> {
    /// A module over the bytes of its file; reads section headers only.
    ///
    /// # Errors
    /// The eight-byte header is not a core module's.
    pub fn parse(bytes: &'f [u8]) -> Result<Self> {
        Ok(Module {
            bytes,
            list: read_sections(bytes)?,
            types: OnceCell::new(),
            imports: OnceCell::new(),
            import_types: OnceCell::new(),
            functions: OnceCell::new(),
            bodies: OnceCell::new(),
            globals: OnceCell::new(),
            memories: OnceCell::new(),
            exports: OnceCell::new(),
            data: OnceCell::new(),
            tables: OnceCell::new(),
            sub_types: OnceCell::new(),
            tags: OnceCell::new(),
            names: OnceCell::new(),
            statics: OnceCell::new(),
        })
    }

    /// The whole file.
    pub fn bytes(&self) -> &'f [u8] {
        self.bytes
    }

    /// All sections in file order.
    pub fn sections(&self) -> &[Section<'f>] {
        &self.list.sections
    }

    /// Why the section list ends early, if it does.
    pub fn damage(&self) -> Option<&str> {
        self.list.damage.as_deref()
    }

    /// The first custom section called `name`.
    pub fn custom_section(&self, name: &str) -> Option<&Section<'f>> {
        self.list.sections.iter().find(|s| s.id == id::CUSTOM && s.name == name)
    }

    fn section(&self, id: u8) -> Option<&Section<'f>> {
        self.list.sections.iter().find(|s| s.id == id)
    }

    /// Names, build id, producers and links of the custom sections.
    pub fn names(&self) -> &Names<'f> {
        self.names.get_or_init(|| Names::new(&self.list.sections))
    }

    /// File offset of the code section's payload, where code offsets count from.
    pub fn code_start(&self) -> Option<FileOffset> {
        self.section(id::CODE).map(|s| FileOffset(s.start))
    }

    /// A file offset inside the code section as DWARF counts it.
    pub fn code_offset(&self, at: FileOffset) -> Option<CodeOffset> {
        let section = self.section(id::CODE)?;
        (at.0 < section.end()).then_some(())?;
        at.0.checked_sub(section.start).map(CodeOffset)
    }

    /// A DWARF code offset as an offset in the file.
    pub fn file_offset(&self, at: CodeOffset) -> Option<FileOffset> {
        let section = self.section(id::CODE)?;
        let offset = section.start.checked_add(at.0)?;
        (offset < section.end()).then_some(FileOffset(offset))
    }

    /// The function whose body holds `at`, and the place in it.
    pub fn function_at(&self, at: FileOffset) -> Option<(FuncIdx, FuncOffset)> {
        let (index, inside) = self.bodies().at(at)?;
        let index = u32::try_from(index).ok()?.checked_add(self.imported_functions())?;
        Some((FuncIdx(index), inside))
    }

    /// The body of a defined function; none for imports and beyond the end.
    pub fn body(&self, function: FuncIdx) -> Option<Body<'f>> {
        let defined = function.0.checked_sub(self.imported_functions())?;
        let (start, size) = self.bodies().get(defined as usize)?;
        let bytes = self.bytes.get(start.0 as usize..)?;
        let bytes = bytes.get(..size as usize).unwrap_or(bytes);
        Some(Body { start, bytes })
    }

    /// Number of functions, imported ones included.
    pub fn function_count(&self) -> u32 {
        let defined = self.function_types().len().max(self.bodies().count());
        u32::try_from(defined).unwrap_or(u32::MAX).saturating_add(self.imported_functions())
    }

    /// Number of imported functions.
    pub fn imported_functions(&self) -> u32 {
        self.import_types().functions.len() as u32
    }

    /// The signature of a function; none if its type is missing or no function type.
    pub fn function_type(&self, function: FuncIdx) -> Option<&FuncType> {
        self.type_at(self.function_type_index(function)?)
    }

    /// The index of a function's type.
    pub fn function_type_index(&self, function: FuncIdx) -> Option<u32> {
        let imported = &self.import_types().functions;
        match imported.get(function.0 as usize) {
            Some(index) => Some(*index),
            None => self.function_types().get(function.0 as usize - imported.len()).copied(),
        }
    }

    /// The index of the function type that says what a tag's exceptions carry.
    pub fn tag_type_index(&self, tag: u32) -> Option<u32> {
        let tags = self.tags.get_or_init(|| {
            let mut tags = self.import_types().tags.clone();
            tags.extend(self.items::<wasmparser::TagType>(id::TAG).iter().map(|t| t.func_type_idx));
            tags
        });
        tags.get(tag as usize).copied()
    }

    /// All types as `wasmparser` has them, up to the first that cannot be read: structures and arrays too.
    pub(super) fn sub_types(&self) -> &[wasmparser::SubType] {
        self.sub_types.get_or_init(|| {
            let groups = self.items::<wasmparser::RecGroup>(id::TYPE);
            groups.into_iter().flat_map(|group| group.into_types()).collect()
        })
    }

    /// The types of all locals of a defined function, parameters first; none if they cannot be read.
    pub fn local_types(&self, function: FuncIdx) -> Option<Vec<ValueType>> {
        let mut types = self.function_type(function)?.params.clone();
        for (count, kind) in self.body(function)?.local_declarations().ok()? {
            types.extend(std::iter::repeat_n(ValueType::from(kind), count as usize));
        }
        Some(types)
    }

    /// The function type of that index.
    pub fn type_at(&self, type_index: u32) -> Option<&FuncType> {
        self.types().as_ref().ok()?.get(type_index as usize)?.as_ref()
    }

    /// All types; those that are no function types are none.
    pub fn types(&self) -> &Result<Vec<Option<FuncType>>> {
        self.types.get_or_init(|| {
            let Some(section) = self.section(id::TYPE) else { return Ok(Vec::new()) };
            let groups = wasmparser::TypeSectionReader::new(reader(section)).map_err(|e| broken(&e))?;
            let mut types = Vec::new();
            for group in groups {
                for kind in group.map_err(|e| broken(&e))?.into_types() {
                    types.push(match kind.composite_type.inner {
                        wasmparser::CompositeInnerType::Func(f) => Some(FuncType {
                            params: f.params().iter().map(|t| ValueType::from(*t)).collect(),
                            results: f.results().iter().map(|t| ValueType::from(*t)).collect(),
                        }),
                        _ => None,
                    });
                }
            }
            Ok(types)
        })
    }

    /// All imports in order.
    pub fn imports(&self) -> &Result<Vec<Import<'f>>> {
        self.imports.get_or_init(|| {
            let mut counts = [0u32; 5];
            let mut imports = Vec::new();
            for import in self.raw_imports()? {
                let kind = match import.ty {
                    wasmparser::TypeRef::Func(_) | wasmparser::TypeRef::FuncExact(_) => ExternalKind::Function,
                    wasmparser::TypeRef::Table(_) => ExternalKind::Table,
                    wasmparser::TypeRef::Memory(_) => ExternalKind::Memory,
                    wasmparser::TypeRef::Global(_) => ExternalKind::Global,
                    wasmparser::TypeRef::Tag(_) => ExternalKind::Tag,
                };
                let count = &mut counts[kind as usize];
                imports.push(Import { module: import.module, name: import.name, kind, index: *count });
                *count += 1;
            }
            Ok(imports)
        })
    }

    fn raw_imports(&self) -> Result<Vec<wasmparser::Import<'f>>> {
        let Some(section) = self.section(id::IMPORT) else { return Ok(Vec::new()) };
        let imports = wasmparser::ImportSectionReader::new(reader(section)).map_err(|e| broken(&e))?;
        imports.into_imports().map(|i| i.map_err(|e| broken(&e))).collect()
    }

    fn import_types(&self) -> &ImportTypes {
        self.import_types.get_or_init(|| {
            let mut result = ImportTypes::default();
            for import in self.raw_imports().unwrap_or_default() {
                match import.ty {
                    wasmparser::TypeRef::Func(index) | wasmparser::TypeRef::FuncExact(index) => {
                        result.functions.push(index)
                    }
                    wasmparser::TypeRef::Global(g) => {
                        result.globals.push(Global { kind: g.content_type.into(), mutable: g.mutable, initial: None })
                    }
                    wasmparser::TypeRef::Memory(m) => result.memories.push(memory_kind(&m)),
                    wasmparser::TypeRef::Table(_) => result.tables += 1,
                    wasmparser::TypeRef::Tag(tag) => result.tags.push(tag.func_type_idx),
                }
            }
            result
        })
    }

    /// Type indices of the defined functions.
    fn function_types(&self) -> &[u32] {
        self.functions.get_or_init(|| {
            // Read by hand: large modules have 300,000, and the general reader costs more than the numbers do.
            let Some(mut items) = self.section(id::FUNCTION).map(reader) else { return Vec::new() };
            let count = items.read_var_u32().unwrap_or(0) as usize;
            let mut types = Vec::with_capacity(count.min(MAX_RESERVED_ENTRIES));
            types.extend((0..count.min(MAX_SECTION_ITEMS)).map_while(|_| items.read_var_u32().ok()));
            types
        })
    }

    fn bodies(&self) -> &Bodies {
        self.bodies.get_or_init(|| self.section(id::CODE).map(Bodies::read).unwrap_or_default())
    }

    /// All globals, imported ones first.
    pub fn globals(&self) -> &[Global] {
        self.globals.get_or_init(|| {
            let mut globals = self.import_types().globals.clone();
            for global in self.items::<wasmparser::Global<'f>>(id::GLOBAL) {
                globals.push(Global {
                    kind: global.ty.content_type.into(),
                    mutable: global.ty.mutable,
                    initial: constant(&global.init_expr),
                });
            }
            globals
        })
    }

    /// Number of imported globals: a defined global's index counts from here.
    pub fn imported_globals(&self) -> u32 {
        self.import_types().globals.len() as u32
    }

    /// All memories, imported ones first.
    pub fn memories(&self) -> &[MemoryKind] {
        self.memories.get_or_init(|| {
            let mut memories = self.import_types().memories.clone();
            memories.extend(self.items::<wasmparser::MemoryType>(id::MEMORY).iter().map(memory_kind));
            memories
        })
    }

    /// All exports.
    pub fn exports(&self) -> &[Export<'f>] {
        self.exports.get_or_init(|| {
            let exports = self.items::<wasmparser::Export<'f>>(id::EXPORT);
            let kind = |k| match k {
                wasmparser::ExternalKind::Func | wasmparser::ExternalKind::FuncExact => ExternalKind::Function,
                wasmparser::ExternalKind::Table => ExternalKind::Table,
                wasmparser::ExternalKind::Memory => ExternalKind::Memory,
                wasmparser::ExternalKind::Global => ExternalKind::Global,
                wasmparser::ExternalKind::Tag => ExternalKind::Tag,
            };
            exports.into_iter().map(|e| Export { name: e.name, kind: kind(e.kind), index: e.index }).collect()
        })
    }

    /// A function runs as soon as the module is instantiated.
    pub fn has_start_function(&self) -> bool {
        self.section(id::START).is_some()
    }

    /// All data segments.
    pub fn data_segments(&self) -> &[DataSegment<'f>] {
        self.data.get_or_init(|| {
            let segments = self.items::<wasmparser::Data<'f>>(id::DATA);
            let convert = |segment: wasmparser::Data<'f>| match segment.kind {
                wasmparser::DataKind::Active { memory_index, offset_expr } => DataSegment {
                    memory: memory_index,
                    address: constant(&offset_expr).and_then(WasmValue::as_address),
                    data: segment.data,
                },
                wasmparser::DataKind::Passive => DataSegment { memory: 0, address: None, data: segment.data },
            };
            segments.into_iter().map(convert).collect()
        })
    }

    /// Addresses of memory 0 where variables with static storage can lie: from the lowest data segment to the end of
    /// the memory that the module begins with, since linkers put zeroed variables behind the others.
    pub fn static_addresses(&self) -> Range<u64> {
        self.statics
            .get_or_init(|| {
                let segments = self.data_segments().iter().filter(|segment| segment.memory == 0);
                // Where one lies anywhere, so may a variable.
                let lowest = segments.map(|segment| segment.address.unwrap_or(0)).min().unwrap_or(0);
                let pages = self.memories().first().map_or(0, |memory| memory.minimum);
                lowest..pages.saturating_mul(PAGE_BYTES)
            })
            .clone()
    }

    /// The function that the element segments put at `index` of `table`.
    pub fn table_entry(&self, table: u32, index: u64) -> Option<FuncIdx> {
        self.table_entries().get(&(table, index)).copied()
    }

    /// Number of elements that a defined table begins with; none for imported tables.
    pub fn table_minimum(&self, table: u32) -> Option<u64> {
        let defined = table.checked_sub(self.import_types().tables)?;
        self.items::<wasmparser::Table<'f>>(id::TABLE).get(defined as usize).map(|t| t.ty.initial)
    }

    /// All functions that active element segments put into tables.
    pub fn table_entries(&self) -> &TableEntries {
        self.tables.get_or_init(|| table_entries(self.items(id::ELEMENT)))
    }

    /// Code may get hold of a reference to an imported function, and so put one into a table.
    pub fn can_refer_to_imports(&self) -> bool {
        let imported = self.imported_functions();
        let is_reference = |g: &wasmparser::Global<'f>| matches!(g.ty.content_type, wasmparser::ValType::Ref(_));
        refer_to_imports(self.items(id::ELEMENT), imported)
            || self.exports().iter().any(|e| e.kind == ExternalKind::Function && e.index < imported)
            || self
                .items::<wasmparser::Global<'f>>(id::GLOBAL)
                .iter()
                .any(|g| is_reference(g) && refers_to_import(&g.init_expr, imported))
    }

    /// The stack pointer global: by its name, else its export (tool-conventions, Linking).
    pub fn stack_pointer(&self) -> Option<GlobalIdx> {
        let named = |index: usize| self.names().global(GlobalIdx(index as u32)) == Some("__stack_pointer");
        if let Some(found) = (0..self.globals().len()).find(|i| named(*i)) {
            return Some(GlobalIdx(found as u32));
        }
        let exported = |e: &&Export| e.kind == ExternalKind::Global && e.name == "__stack_pointer";
        self.exports().iter().find(exported).map(|e| GlobalIdx(e.index))
    }

    /// All items of a section up to the first that cannot be read.
    fn items<T: FromReader<'f>>(&self, id: u8) -> Vec<T> {
        let items = self.section(id).and_then(|section| SectionLimited::<T>::new(reader(section)).ok());
        let Some(items) = items else { return Vec::new() };
        let mut found = Vec::with_capacity((items.count() as usize).min(MAX_RESERVED_ENTRIES));
        found.extend(items.into_iter().map_while(|item| item.ok()).take(MAX_SECTION_ITEMS));
        found
    }
}

fn reader<'f>(section: &Section<'f>) -> BinaryReader<'f> {
    BinaryReader::new(section.data, section.start as _)
}

fn broken(error: &BinaryReaderError) -> Error {
    Error::malformed_at(error.message().to_owned(), error.offset())
}
