//! The units of one module: by number, parsed when asked for, kept, failures included; and what refers to them.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use gimli::{AttributeValue, Reader as _, Section as _};

use super::Reader;
use super::abbreviations;
use super::outline::Outline;
use super::split::{SplitFiles, Wanted};
use super::unit::{DieRef, InfoId, Parsed, Unit, UnitId};
use crate::error::{Error, Result};
use crate::limits::{MAX_ABBREVIATION_BYTES, MAX_UNITS, MAX_WARNINGS};

/// Work counters, for tests that bound the work by what was asked.
#[derive(Debug, Default)]
pub struct Counters {
    /// Root DIEs read to place addresses.
    pub roots_read: Cell<u64>,
    /// Units whose abbreviations and attributes were parsed.
    pub units_parsed: Cell<u64>,
    /// DIEs read, in all passes together.
    pub dies_read: Cell<u64>,
}

/// Add to a counter.
pub fn add(counter: &Cell<u64>, more: u64) {
    counter.set(counter.get().saturating_add(more));
}

struct Slot<'f> {
    /// Offset of the header in `.debug_info` or `.debug_types`.
    offset: usize,
    parsed: OnceCell<Box<Result<Unit<'f>>>>,
}

/// The units of one module.
pub struct Units<'f> {
    id: InfoId,
    pub dwarf: Arc<gimli::Dwarf<Reader<'f>>>,
    slots: OnceCell<Vec<Slot<'f>>>,
    /// How many slots are of `.debug_info`.
    info_count: Cell<usize>,
    split: Option<SplitFiles<'f>>,
    signatures: OnceCell<HashMap<u64, DieRef>>,
    abbreviations: RefCell<Option<(usize, Arc<gimli::Abbreviations>)>>,
    /// Bytes of memory that further tables of abbreviations may take.
    abbreviation_bytes: Cell<u64>,
    warnings: RefCell<Vec<String>>,
    pub counters: Counters,
}

impl<'f> Units<'f> {
    /// Nothing is read yet.
    pub fn new(id: InfoId, dwarf: gimli::Dwarf<Reader<'f>>) -> Self {
        Units {
            id,
            dwarf: Arc::new(dwarf),
            slots: OnceCell::new(),
            info_count: Cell::new(0),
            split: None,
            signatures: OnceCell::new(),
            abbreviations: RefCell::new(None),
            abbreviation_bytes: Cell::new(MAX_ABBREVIATION_BYTES),
            warnings: RefCell::default(),
            counters: Counters::default(),
        }
    }

    /// Where the `.dwo` parts of split units are.
    pub fn set_split_files(&mut self, files: SplitFiles<'f>) {
        self.split = Some(files);
    }

    /// This module's number in the program.
    pub fn id(&self) -> InfoId {
        self.id
    }

    /// What is missing or broken, found so far: sentences for the user.
    pub fn warnings(&self) -> Vec<String> {
        self.warnings.borrow().clone()
    }

    /// Tell the user, once.
    pub fn warn(&self, warning: String) {
        let mut warnings = self.warnings.borrow_mut();
        if warnings.len() < MAX_WARNINGS && !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }

    fn slots(&self) -> &[Slot<'f>] {
        self.slots.get_or_init(|| {
            let mut slots = headers(*self.dwarf.debug_info.reader());
            self.info_count.set(slots.len());
            slots.extend(headers(*self.dwarf.debug_types.reader()));
            slots
        })
    }

    /// Number of units.
    pub fn count(&self) -> u32 {
        self.slots().len() as u32
    }

    /// All units in order.
    pub fn ids(&self) -> impl Iterator<Item = UnitId> + use<> {
        (0..self.count()).map(UnitId)
    }

    /// The unit's header, as the module has it.
    pub fn header(&self, id: UnitId) -> gimli::Result<gimli::UnitHeader<Reader<'f>>> {
        let slot = self.slots().get(id.0 as usize).ok_or(gimli::Error::OffsetOutOfBounds(0))?;
        if (id.0 as usize) < self.info_count.get() {
            return self.dwarf.unit_header(gimli::DebugInfoOffset(slot.offset));
        }
        // gimli reads type units in order only: begin at this one. Its offsets are those within the unit.
        let mut rest = *self.dwarf.debug_types.reader();
        rest.skip(slot.offset)?;
        gimli::DebugTypes::from(rest).units().next()?.ok_or(gimli::Error::OffsetOutOfBounds(slot.offset as u64))
    }

    /// A unit, parsed at its first use; a failure is remembered.
    pub fn unit(&self, id: UnitId) -> Result<&Unit<'f>> {
        let slot = self.slots().get(id.0 as usize).ok_or_else(|| Error::NotFound(format!("no unit {}", id.0)))?;
        let parsed = slot.parsed.get_or_init(|| {
            add(&self.counters.units_parsed, 1);
            let broken = |e| Error::malformed(format!("debug information: unit at {:#x}: {e}", slot.offset));
            let header = self.header(id).map_err(|e| e.to_string());
            Box::new(header.and_then(|header| self.parse(header)).map_err(broken))
        });
        parsed.as_ref().as_ref().map_err(Clone::clone)
    }

    fn parse(&self, header: gimli::UnitHeader<Reader<'f>>) -> std::result::Result<Unit<'f>, String> {
        let abbreviations = self.abbreviations(&header)?;
        let main = Parsed::read(self.dwarf.clone(), header, abbreviations).map_err(|e| e.to_string())?;
        if main.root.line_program.is_some() && main.lines.is_none() {
            let name = main.unit.name.map(|n| n.to_string_lossy()).unwrap_or("without a name".into());
            self.warn(format!("debug information: the line table of unit {name} cannot be read"));
        }
        let split = self.split_unit(&main).unwrap_or_else(|warning| {
            self.warn(warning);
            None
        });
        Ok(Unit::new(main, split))
    }

    /// Units of one link step may share a table: the last one is kept.
    fn abbreviations(
        &self,
        header: &gimli::UnitHeader<Reader<'f>>,
    ) -> std::result::Result<Arc<gimli::Abbreviations>, String> {
        let offset = header.debug_abbrev_offset().0;
        if let Some((known, abbreviations)) = &*self.abbreviations.borrow()
            && *known == offset
        {
            return Ok(abbreviations.clone());
        }
        let parsed = self.read_abbreviations(&self.dwarf, header)?;
        *self.abbreviations.borrow_mut() = Some((offset, parsed.clone()));
        Ok(parsed)
    }

    /// Those of a unit of this module or of another file, in the bounds of this one.
    fn read_abbreviations(
        &self,
        dwarf: &gimli::Dwarf<Reader<'f>>,
        header: &gimli::UnitHeader<Reader<'f>>,
    ) -> std::result::Result<Arc<gimli::Abbreviations>, String> {
        let mut budget = self.abbreviation_bytes.get();
        let parsed = abbreviations::read(dwarf, header, &mut budget);
        self.abbreviation_bytes.set(budget);
        parsed
    }

    /// The part of `main` that lies in another file; none if the unit is whole.
    fn split_unit(&self, main: &Parsed<'f>) -> std::result::Result<Option<Parsed<'f>>, String> {
        let (Some(id), Some(name)) = (main.root.dwo_id, main.root.dwo_name) else { return Ok(None) };
        let name = main.dwarf.attr_string(&main.unit, name).map_err(|e| format!("a split unit has no name: {e}"))?;
        let name = name.to_string_lossy();
        let directory = main.unit.comp_dir.map(|d| d.to_string_lossy());
        let wanted = Wanted { id, name: &name, directory: directory.as_deref() };
        let Some(files) = &self.split else {
            return Err(format!("{name}: not looked for: variables and types of that unit are missing"));
        };
        let found = files.find(&wanted, &main.dwarf)?;
        let abbreviations = self.read_abbreviations(&found.dwarf, &found.header);
        let parsed =
            abbreviations.and_then(|a| Parsed::read(Arc::new(found.dwarf), found.header, a).map_err(|e| e.to_string()));
        parsed.map(Some).map_err(|e| format!("{name}: {e}: variables and types of that unit are missing"))
    }

    /// Whether a line program has anything behind its header, as far as its two lengths tell (DWARF 5 section 6.2.4).
    pub fn has_rows(&self, program: gimli::DebugLineOffset<usize>) -> bool {
        let read = || -> gimli::Result<bool> {
            let mut input = *self.dwarf.debug_line.reader();
            input.skip(program.0)?;
            let (length, format) = input.read_initial_length()?;
            let mut input = input.split(length)?;
            if input.read_u16()? >= 5 {
                // Address and segment selector sizes.
                input.skip(2)?;
            }
            let header = input.read_length(format)?;
            Ok(header < input.len())
        };
        read().unwrap_or(true)
    }

    /// The unit's outline, read at its first use.
    pub fn outline(&self, id: UnitId) -> Result<&Outline> {
        let unit = self.unit(id)?;
        let (outline, dies) = unit.outline();
        self.count_dies(dies);
        if let Some(error) = outline.damage.filter(|_| dies > 0) {
            self.warn(format!("debug information: unit {}: {error}", unit.name().unwrap_or("without a name")));
        }
        Ok(outline)
    }

    /// Note that `dies` DIEs were read.
    pub fn count_dies(&self, dies: u64) {
        add(&self.counters.dies_read, dies);
    }

    /// The DIE at an offset of `.debug_info` (DW_FORM_ref_addr).
    pub fn die_at(&self, section_offset: usize) -> Option<DieRef> {
        let slots = self.slots();
        let slots = slots.get(..self.info_count.get())?;
        let found = slots.partition_point(|s| s.offset <= section_offset).checked_sub(1)?;
        let offset = section_offset - slots.get(found)?.offset;
        Some(DieRef { info: self.id, unit: UnitId(found as u32), offset: u32::try_from(offset).ok()? })
    }

    /// The DIE that a reference in `unit` means; none if it leaves the module or is no reference.
    pub fn resolve(&self, unit: UnitId, value: AttributeValue<Reader<'f>>) -> Option<DieRef> {
        let within = |offset: usize| Some(DieRef { info: self.id, unit, offset: u32::try_from(offset).ok()? });
        match value {
            AttributeValue::UnitRef(offset) => within(offset.0),
            AttributeValue::DebugInfoRef(offset) => match self.unit(unit).ok().filter(|u| u.is_split()) {
                // In a .dwo the section is the .dwo's own.
                Some(split) => within(offset.0.checked_sub(split.unit.header.offset().0)?),
                None => self.die_at(offset.0),
            },
            AttributeValue::DebugTypesRef(signature) => self.signatures().get(&signature.0).copied(),
            _ => None,
        }
    }

    /// Types by signature (DW_FORM_ref_sig8), of all type units.
    fn signatures(&self) -> &HashMap<u64, DieRef> {
        self.signatures.get_or_init(|| {
            let signed = |unit: UnitId| match self.header(unit).ok()?.type_() {
                gimli::UnitType::Type { type_signature, type_offset } => {
                    let offset = u32::try_from(type_offset.0).ok()?;
                    Some((type_signature.0, DieRef { info: self.id, unit, offset }))
                }
                _ => None,
            };
            self.ids().filter_map(signed).collect()
        })
    }
}

/// Where the units of a section begin. A unit that cannot be read is passed over if its length can.
fn headers<'f>(section: Reader<'f>) -> Vec<Slot<'f>> {
    let mut slots = Vec::new();
    let mut rest = section;
    while !rest.is_empty() && slots.len() < MAX_UNITS {
        slots.push(Slot { offset: section.len() - rest.len(), parsed: OnceCell::new() });
        let Ok((length, _)) = rest.read_initial_length() else { break };
        if rest.skip(length).is_err() {
            break;
        }
    }
    slots
}
