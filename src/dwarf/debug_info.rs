//! The DWARF of one module: sections, units by number, units by address.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use gimli::{LittleEndian, UnitSectionOffset};

use super::Reader;
use super::language::Language;
use crate::error::{Error, Result};
use crate::wasm::section::{Section, id};

/// Which module's debug information, in a program of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InfoId(pub u16);

/// A compilation unit of one `DebugInfo`, counted in section order.
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

/// One compilation unit, parsed: its own `.dwo` where it is split.
pub struct Unit<'f> {
    pub dwarf: Arc<gimli::Dwarf<Reader<'f>>>,
    pub unit: gimli::Unit<Reader<'f>>,
    pub language: Language,
    /// DW_AT_language.
    pub language_code: Option<u16>,
    pub producer: Option<&'f str>,
}

impl<'f> Unit<'f> {
    /// gimli's view of both.
    pub fn unit_ref(&self) -> gimli::UnitRef<'_, Reader<'f>> {
        self.unit.unit_ref(&self.dwarf)
    }

    /// The unit's file name (DW_AT_name).
    pub fn name(&self) -> Option<&'f str> {
        self.unit.name.and_then(|n| std::str::from_utf8(n.slice()).ok())
    }

    /// The compilation directory.
    pub fn directory(&self) -> Option<&'f str> {
        self.unit.comp_dir.and_then(|n| std::str::from_utf8(n.slice()).ok())
    }

    /// Bytes of an address in this unit: 4 or 8.
    pub fn address_size(&self) -> u8 {
        self.unit.header.encoding().address_size
    }
}

/// Work counters, for tests that bound the work by what was asked.
#[derive(Debug, Default)]
pub struct Counters {
    /// Units whose abbreviations and attributes were parsed.
    pub units_parsed: Cell<u64>,
    /// DIEs read, in all passes together.
    pub dies_read: Cell<u64>,
}

struct Slot<'f> {
    header: gimli::UnitHeader<Reader<'f>>,
    parsed: OnceCell<Result<Unit<'f>>>,
}

/// The debug information of one module.
pub struct DebugInfo<'f> {
    id: InfoId,
    dwarf: Arc<gimli::Dwarf<Reader<'f>>>,
    slots: OnceCell<Vec<Slot<'f>>>,
    pub counters: Counters,
}

impl<'f> DebugInfo<'f> {
    /// Over the debug sections among `sections`; none if there are none.
    pub fn new(id: InfoId, sections: &[Section<'f>]) -> Option<Self> {
        let find = |name: &str| sections.iter().find(|s| s.id == id::CUSTOM && s.name == name);
        find(".debug_info")?;
        let load = |section: gimli::SectionId| -> std::result::Result<Reader<'f>, gimli::Error> {
            let data = find(section.name()).map(|s| s.data).unwrap_or_default();
            Ok(gimli::EndianSlice::new(data, LittleEndian))
        };
        let dwarf = Arc::new(gimli::Dwarf::load(load).ok()?);
        Some(DebugInfo { id, dwarf, slots: OnceCell::new(), counters: Counters::default() })
    }

    /// This module's number in the program.
    pub fn id(&self) -> InfoId {
        self.id
    }

    fn slots(&self) -> &[Slot<'f>] {
        self.slots.get_or_init(|| {
            let mut headers = self.dwarf.units();
            let mut slots = Vec::new();
            // A broken header ends the list: the next unit's place is not known.
            while let Ok(Some(header)) = headers.next() {
                slots.push(Slot { header, parsed: OnceCell::new() });
            }
            slots
        })
    }

    /// Number of units.
    pub fn unit_count(&self) -> u32 {
        self.slots().len() as u32
    }

    /// A unit, parsed at its first use; a failure is remembered.
    pub fn unit(&self, id: UnitId) -> Result<&Unit<'f>> {
        let slot = self.slots().get(id.0 as usize).ok_or_else(|| Error::NotFound(format!("no unit {}", id.0)))?;
        slot.parsed.get_or_init(|| self.parse_unit(slot)).as_ref().map_err(Clone::clone)
    }

    fn parse_unit(&self, slot: &Slot<'f>) -> Result<Unit<'f>> {
        self.counters.units_parsed.set(self.counters.units_parsed.get() + 1);
        let dwarf = self.dwarf.clone();
        let at = match slot.header.offset() {
            UnitSectionOffset(offset) => offset as u64,
        };
        let broken = |e: gimli::Error| Error::malformed(format!("unit at .debug_info {at:#x}: {e}"));
        let unit = dwarf.unit(slot.header).map_err(broken)?;
        let root = unit.entry(unit.header.root_offset()).map_err(broken)?;
        let language_code = match root.attr_value(gimli::DW_AT_language) {
            Some(gimli::AttributeValue::Language(language)) => Some(language.0),
            _ => None,
        };
        let producer = root
            .attr_value(gimli::DW_AT_producer)
            .and_then(|v| dwarf.attr_string(&unit, v).ok())
            .and_then(|s| std::str::from_utf8(s.slice()).ok());
        let language = Language::from_dwarf(language_code, producer);
        Ok(Unit { dwarf, unit, language, language_code, producer })
    }

    /// Note that `count` DIEs were read.
    pub fn count_dies(&self, count: u64) {
        self.counters.dies_read.set(self.counters.dies_read.get().saturating_add(count));
    }

    /// The unit and offset of a `.debug_info` section offset (DW_FORM_ref_addr).
    pub fn die_at(&self, section_offset: usize) -> Option<DieRef> {
        let slots = self.slots();
        let found = slots.partition_point(|s| s.header.offset().0 <= section_offset).checked_sub(1)?;
        let offset = section_offset - slots.get(found)?.header.offset().0;
        Some(DieRef { info: self.id, unit: UnitId(found as u32), offset: u32::try_from(offset).ok()? })
    }
}
