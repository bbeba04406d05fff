//! A unit's root DIE, read with nothing but its own abbreviation.
//!
//! Placing an address means looking at every unit's root; parsing each unit's whole abbreviation table for that takes
//! ten times as long (DWARF 5 sections 3.1.1 and 7.5.3).

use gimli::{
    Abbreviations, AttributeSpecification, AttributeValue, DwAt, DwForm, EntriesRaw, Reader as _, Section as _,
};

use super::Reader;
use super::ranges::{PcAttributes, RangeContext};
use crate::limits::MAX_ROOT_STEPS;

/// The attributes of a unit's root that say how to read the unit.
#[derive(Clone, Copy, Default)]
pub struct Root<'f> {
    pub pc: PcAttributes<'f>,
    pub name: Option<AttributeValue<Reader<'f>>>,
    pub directory: Option<AttributeValue<Reader<'f>>>,
    pub producer: Option<AttributeValue<Reader<'f>>>,
    /// DW_AT_language.
    pub language: Option<u16>,
    pub line_program: Option<gimli::DebugLineOffset<usize>>,
    pub str_offsets_base: Option<gimli::DebugStrOffsetsBase<usize>>,
    pub addr_base: Option<gimli::DebugAddrBase<usize>>,
    pub loclists_base: Option<gimli::DebugLocListsBase<usize>>,
    pub rnglists_base: Option<gimli::DebugRngListsBase<usize>>,
    /// Of a skeleton (or, before DWARF 5, of a unit with DW_AT_GNU_dwo_id): where the rest of it is.
    pub dwo_id: Option<gimli::DwoId>,
    pub dwo_name: Option<AttributeValue<Reader<'f>>>,
}

/// Finds root abbreviations; units that share a table and a code share the search.
pub struct RootReader<'a, 'f> {
    dwarf: &'a gimli::Dwarf<Reader<'f>>,
    none: Abbreviations,
    /// Table and code of the last search, and what stands behind that code.
    last: Option<(usize, u64, Reader<'f>)>,
    /// Abbreviations and attributes that may still be read.
    steps: u64,
}

impl<'a, 'f> RootReader<'a, 'f> {
    /// For the units of `dwarf`.
    pub fn new(dwarf: &'a gimli::Dwarf<Reader<'f>>) -> Self {
        RootReader { dwarf, none: Abbreviations::default(), last: None, steps: MAX_ROOT_STEPS }
    }

    /// The root of the unit with `header`.
    ///
    /// # Errors
    /// The unit has no DIE, or its abbreviation is missing or broken.
    pub fn read(&mut self, header: &gimli::UnitHeader<Reader<'f>>) -> gimli::Result<Root<'f>> {
        let mut entries = header.range_from(header.root_offset()..)?;
        let code = entries.read_uleb128()?;
        let mut specification = self.abbreviation(header.debug_abbrev_offset().0, code)?;
        let mut attributes = EntriesRaw::new(entries, header.encoding(), &self.none, gimli::UnitOffset(0));
        let mut root = Root { dwo_id: dwo_id(header), ..Root::default() };
        while let Some(specification) = next_attribute(&mut specification)? {
            self.steps = self.steps.checked_sub(1).ok_or(gimli::Error::InvalidAbbreviationCode(code))?;
            root.note(&attributes.read_attribute(specification)?);
        }
        Ok(root)
    }

    /// The attribute list of abbreviation `code` in the table at `table`.
    fn abbreviation(&mut self, table: usize, code: u64) -> gimli::Result<Reader<'f>> {
        if let Some((last_table, last_code, found)) = self.last
            && (last_table, last_code) == (table, code)
        {
            return Ok(found);
        }
        let mut input = *self.dwarf.debug_abbrev.reader();
        input.skip(table)?;
        loop {
            let found = input.read_uleb128()?;
            self.steps = self.steps.checked_sub(1).ok_or(gimli::Error::InvalidAbbreviationCode(code))?;
            if found == 0 {
                return Err(gimli::Error::InvalidAbbreviationCode(code));
            }
            let _tag = input.read_uleb128()?;
            let _has_children = input.read_u8()?;
            if found == code {
                self.last = Some((table, code, input));
                return Ok(input);
            }
            while next_attribute(&mut input)?.is_some() {}
        }
    }
}

/// One attribute of an abbreviation; none at its end.
pub fn next_attribute(input: &mut Reader<'_>) -> gimli::Result<Option<AttributeSpecification>> {
    let name = input.read_uleb128_u16()?;
    let form = input.read_uleb128_u16()?;
    if (name, form) == (0, 0) {
        return Ok(None);
    }
    let form = DwForm(form);
    let implicit = if form == gimli::DW_FORM_implicit_const { Some(input.read_sleb128()?) } else { None };
    Ok(Some(AttributeSpecification::new(DwAt(name), form, implicit)))
}

fn dwo_id(header: &gimli::UnitHeader<Reader<'_>>) -> Option<gimli::DwoId> {
    match header.type_() {
        gimli::UnitType::Skeleton(id) | gimli::UnitType::SplitCompilation(id) => Some(id),
        _ => None,
    }
}

impl<'f> Root<'f> {
    /// What is needed to read the unit's range lists.
    pub fn context<'a>(&self, dwarf: &'a gimli::Dwarf<Reader<'f>>, encoding: gimli::Encoding) -> RangeContext<'a, 'f> {
        let mut context = RangeContext {
            dwarf,
            encoding,
            low_pc: 0,
            addr_base: self.addr_base.unwrap_or(gimli::DebugAddrBase(0)),
            rnglists_base: self.rnglists_base.unwrap_or(gimli::DebugRngListsBase(0)),
        };
        context.low_pc = self.pc.low.and_then(|low| context.address(low)).unwrap_or(0);
        context
    }

    fn note(&mut self, attribute: &gimli::Attribute<Reader<'f>>) {
        self.pc.note(attribute);
        let value = attribute.value();
        match (attribute.name(), value) {
            (gimli::DW_AT_name, _) => self.name = Some(value),
            (gimli::DW_AT_comp_dir, _) => self.directory = Some(value),
            (gimli::DW_AT_producer, _) => self.producer = Some(value),
            (gimli::DW_AT_language, AttributeValue::Language(language)) => self.language = Some(language.0),
            (gimli::DW_AT_stmt_list, AttributeValue::DebugLineRef(offset)) => self.line_program = Some(offset),
            (gimli::DW_AT_str_offsets_base, AttributeValue::DebugStrOffsetsBase(base)) => {
                self.str_offsets_base = Some(base);
            }
            (gimli::DW_AT_addr_base | gimli::DW_AT_GNU_addr_base, AttributeValue::DebugAddrBase(base)) => {
                self.addr_base = Some(base);
            }
            (gimli::DW_AT_loclists_base, AttributeValue::DebugLocListsBase(base)) => self.loclists_base = Some(base),
            (gimli::DW_AT_rnglists_base | gimli::DW_AT_GNU_ranges_base, AttributeValue::DebugRngListsBase(base)) => {
                self.rnglists_base = Some(base);
            }
            (gimli::DW_AT_GNU_dwo_id, AttributeValue::DwoId(id)) => self.dwo_id = self.dwo_id.or(Some(id)),
            (gimli::DW_AT_dwo_name | gimli::DW_AT_GNU_dwo_name, _) => self.dwo_name = Some(value),
            _ => {}
        }
    }
}
