//! One compilation unit, parsed: its root's attributes, its line table, and the means to read its DIEs.
//!
//! A unit whose line program is broken still has its DIEs, and the other way round. A split unit is joined here with
//! the part in its `.dwo`: everything above sees one unit.

use std::cell::OnceCell;
use std::sync::Arc;

use gimli::AttributeValue;

use super::Reader;
use super::language::Language;
use super::line::{LineTable, SourceLocation};
use super::outline::Outline;
use super::root::{Root, RootReader};
use super::walk::{Sizes, Walk};

/// Which module's debug information, in a program of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InfoId(pub u16);

/// A unit of one module's debug information, counted in section order: those of `.debug_info`, then DWARF 4's type
/// units of `.debug_types`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitId(pub u32);

/// A DIE of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DieRef {
    pub info: InfoId,
    pub unit: UnitId,
    /// Bytes from the start of the unit's header.
    pub offset: u32,
}

/// One unit, parsed: its own `.dwo` where it is split.
pub struct Unit<'f> {
    pub dwarf: Arc<gimli::Dwarf<Reader<'f>>>,
    pub unit: gimli::Unit<Reader<'f>>,
    pub language: Language,
    /// DW_AT_language.
    pub language_code: Option<u16>,
    pub producer: Option<&'f str>,
    /// In the module itself, of a split unit: it has the line program.
    skeleton: Option<Box<Parsed<'f>>>,
    lines: Option<LineTable<'f>>,
    outline: OnceCell<Outline>,
    sizes: OnceCell<Sizes>,
}

/// A unit as one file has it.
pub struct Parsed<'f> {
    pub dwarf: Arc<gimli::Dwarf<Reader<'f>>>,
    pub unit: gimli::Unit<Reader<'f>>,
    pub root: Root<'f>,
    pub lines: Option<LineTable<'f>>,
}

impl<'f> Parsed<'f> {
    /// Read a unit's root and the header of its line program; a broken line program leaves the rest.
    ///
    /// # Errors
    /// The root DIE cannot be read.
    pub fn read(
        dwarf: Arc<gimli::Dwarf<Reader<'f>>>,
        header: gimli::UnitHeader<Reader<'f>>,
        abbreviations: Arc<gimli::Abbreviations>,
    ) -> gimli::Result<Self> {
        let root = RootReader::new(&dwarf).read(&header)?;
        let encoding = header.encoding();
        let file = dwarf.file_type;
        let mut unit = gimli::Unit {
            abbreviations,
            name: None,
            comp_dir: None,
            low_pc: 0,
            str_offsets_base: root
                .str_offsets_base
                .unwrap_or_else(|| gimli::DebugStrOffsetsBase::default_for_encoding_and_file(encoding, file)),
            addr_base: root.addr_base.unwrap_or(gimli::DebugAddrBase(0)),
            loclists_base: root
                .loclists_base
                .unwrap_or_else(|| gimli::DebugLocListsBase::default_for_encoding_and_file(encoding, file)),
            rnglists_base: root
                .rnglists_base
                .unwrap_or_else(|| gimli::DebugRngListsBase::default_for_encoding_and_file(encoding, file)),
            line_program: None,
            dwo_id: root.dwo_id,
            header,
        };
        unit.name = root.name.and_then(|v| dwarf.attr_string(&unit, v).ok());
        unit.comp_dir = root.directory.and_then(|v| dwarf.attr_string(&unit, v).ok());
        unit.low_pc = root.pc.low.and_then(|v| dwarf.attr_address(&unit, v).ok().flatten()).unwrap_or(0);
        let program = root
            .line_program
            .and_then(|offset| dwarf.debug_line.program(offset, encoding.address_size, unit.comp_dir, unit.name).ok());
        let lines = program.map(|program| LineTable::new(program, unit.comp_dir));
        Ok(Parsed { dwarf, unit, root, lines })
    }
}

impl<'f> Unit<'f> {
    /// A unit of the module, joined with the part of it that lies in another file.
    pub fn new(main: Parsed<'f>, split: Option<Parsed<'f>>) -> Self {
        let (mut own, skeleton) = match split {
            Some(split) => (split, Some(Box::new(main))),
            None => (main, None),
        };
        if let Some(skeleton) = &skeleton {
            own.unit.copy_relocated_attributes(&skeleton.unit);
            own.unit.comp_dir = own.unit.comp_dir.or(skeleton.unit.comp_dir);
        }
        let text = |value: Option<AttributeValue<Reader<'f>>>| {
            let text = own.dwarf.attr_string(&own.unit, value?).ok()?;
            std::str::from_utf8(text.slice()).ok()
        };
        let producer = text(own.root.producer);
        let language = Language::from_dwarf(own.root.language, producer);
        let language_code = own.root.language;
        let Parsed { dwarf, unit, lines, .. } = own;
        let (outline, sizes) = (OnceCell::new(), OnceCell::new());
        Unit { dwarf, unit, language, language_code, producer, skeleton, lines, outline, sizes }
    }

    /// gimli's view of both.
    pub fn unit_ref(&self) -> gimli::UnitRef<'_, Reader<'f>> {
        self.unit.unit_ref(&self.dwarf)
    }

    /// A walk over all DIEs.
    pub fn walk(&self) -> gimli::Result<Walk<'_, 'f>> {
        Walk::with_sizes(&self.unit.header, &self.unit.abbreviations, None, self.sizes())
    }

    /// Most of the unit lies in another file.
    pub fn is_split(&self) -> bool {
        self.skeleton.is_some()
    }

    /// Lengths of its DIEs.
    pub fn sizes(&self) -> &Sizes {
        self.sizes.get_or_init(|| Sizes::new(&self.unit.abbreviations, self.unit.header.encoding()))
    }

    /// The unit's outline, and how many DIEs were read for it now: none if it was known.
    pub fn outline(&self) -> (&Outline, u64) {
        let mut count = 0;
        let outline = self.outline.get_or_init(|| {
            let (outline, dies) = Outline::read(self.unit_ref(), self.sizes());
            count = dies;
            outline
        });
        (outline, count)
    }

    /// The unit's file name (DW_AT_name).
    pub fn name(&self) -> Option<&'f str> {
        self.unit.name.and_then(|n| std::str::from_utf8(n.slice()).ok())
    }

    /// The compilation directory.
    pub fn directory(&self) -> Option<&'f str> {
        self.unit.comp_dir.and_then(|n| std::str::from_utf8(n.slice()).ok())
    }

    /// Version of the DWARF standard that the unit follows.
    pub fn version(&self) -> u16 {
        self.unit.header.version()
    }

    /// Bytes of an address in this unit: 4 or 8.
    pub fn address_size(&self) -> u8 {
        self.unit.header.encoding().address_size
    }

    /// The line table that knows addresses, and the unit it is read with.
    pub fn lines(&self) -> Option<(&LineTable<'f>, gimli::UnitRef<'_, Reader<'f>>)> {
        match &self.skeleton {
            Some(skeleton) => Some((skeleton.lines.as_ref()?, skeleton.unit.unit_ref(&skeleton.dwarf))),
            None => Some((self.lines.as_ref()?, self.unit_ref())),
        }
    }

    /// The source place of the code at offset `at`.
    pub fn location_at(&self, at: u64) -> Option<SourceLocation> {
        let (table, unit) = self.lines()?;
        table.location(table.row_at(at)?, unit)
    }

    /// A place that a DIE of this unit names by file index. Split units have a file list of their own, or use the
    /// skeleton's.
    pub fn place(&self, file: u64, line: u64, column: u64) -> Option<SourceLocation> {
        match &self.lines {
            Some(lines) => lines.place(file, line, column, self.unit_ref()),
            None => {
                let (lines, unit) = self.lines()?;
                lines.place(file, line, column, unit)
            }
        }
    }
}
