//! What a function's or variable's DIE says, gathered along DW_AT_abstract_origin and DW_AT_specification, and
//! qualified names.
//!
//! A concrete DIE has code or location, its origin the name, a declaration in a class the linkage name. The first DIE
//! of the chain that has an attribute wins (DWARF 5 sections 2.13.2 and 3.3.8.2).

use std::borrow::Cow;
use std::rc::Rc;

use gimli::AttributeValue;

use super::Reader;
use super::language::{Language, demangle};
use super::line::SourceLocation;
use super::unit::{DieRef, UnitId};
use super::units::Units;
use super::walk::Walk;
use crate::error::{Error, Result};
use crate::limits::MAX_TYPE_CHAIN;

/// One function's or variable's attributes, from all DIEs that describe it.
pub struct Description<'f> {
    /// The last DIE of the chain: what all instances have in common.
    pub origin: DieRef,
    /// The abstract instance (DW_AT_abstract_origin) that the first DIE is a concrete one of.
    pub instance_of: Option<DieRef>,
    /// The DIE that has the name: where it stands gives the namespaces.
    pub named: Option<DieRef>,
    pub name: Option<Cow<'f, str>>,
    pub linkage_name: Option<Cow<'f, str>>,
    /// The DIE of its type.
    pub type_die: Option<DieRef>,
    pub artificial: bool,
    /// Visible outside its unit.
    pub external: bool,
    /// Only declared, in every DIE of the chain.
    pub declaration: bool,
    /// The first DIE that has a location or constant value, and that value.
    pub place: Option<(DieRef, AttributeValue<Reader<'f>>)>,
    file: Option<(UnitId, u64)>,
    line: u64,
    column: u64,
}

impl<'f> Description<'f> {
    /// Read the DIE at `die` and those it refers to.
    ///
    /// # Errors
    /// The first DIE cannot be read. What a broken one further on would say is missing.
    pub fn read(units: &Units<'f>, die: DieRef) -> Result<Self> {
        let mut description = Description {
            origin: die,
            instance_of: None,
            named: None,
            name: None,
            linkage_name: None,
            type_die: None,
            artificial: false,
            external: false,
            declaration: true,
            place: None,
            file: None,
            line: 0,
            column: 0,
        };
        let mut next = description.add(units, die)?;
        for _ in 0..MAX_TYPE_CHAIN {
            let Some(origin) = next.filter(|next| *next != description.origin) else { break };
            description.origin = origin;
            next = description.add(units, origin).unwrap_or(None);
        }
        Ok(description)
    }

    /// Takes over what is not known yet; returns the DIE that this one refers to.
    fn add(&mut self, units: &Units<'f>, die: DieRef) -> Result<Option<DieRef>> {
        let broken = |e: gimli::Error| Error::malformed(format!("DIE {:#x} of unit {}: {e}", die.offset, die.unit.0));
        let unit = units.unit(die.unit)?;
        let text = |value: AttributeValue<Reader<'f>>| {
            unit.dwarf.attr_string(&unit.unit, value).ok().map(|s| s.to_string_lossy())
        };
        let mut walk = Walk::new(&unit.unit, die.offset as usize).map_err(broken)?;
        walk.next_die().map_err(broken)?;
        units.count_dies(1);
        let mut next = None;
        let mut specification = None;
        let mut declaration = false;
        let (mut file, mut line, mut column) = (None, None, None);
        let read = walk.attributes(|attribute| {
            let value = attribute.value();
            match attribute.name() {
                gimli::DW_AT_name if self.name.is_none() => {
                    self.name = text(value);
                    self.named = Some(die);
                }
                gimli::DW_AT_linkage_name | gimli::DW_AT_MIPS_linkage_name if self.linkage_name.is_none() => {
                    self.linkage_name = text(value);
                }
                gimli::DW_AT_type if self.type_die.is_none() => self.type_die = units.resolve(die.unit, value),
                gimli::DW_AT_artificial => self.artificial |= is_set(value),
                gimli::DW_AT_external => self.external |= is_set(value),
                gimli::DW_AT_declaration => declaration = is_set(value),
                gimli::DW_AT_location | gimli::DW_AT_const_value if self.place.is_none() => {
                    self.place = Some((die, value));
                }
                gimli::DW_AT_decl_file => file = value.udata_value().or(file_index(value)),
                gimli::DW_AT_decl_line => line = value.udata_value(),
                gimli::DW_AT_decl_column => column = value.udata_value(),
                gimli::DW_AT_abstract_origin => next = units.resolve(die.unit, value),
                gimli::DW_AT_specification => specification = units.resolve(die.unit, value),
                _ => {}
            }
        });
        read.map_err(broken)?;
        self.declaration &= declaration;
        if self.origin == die && self.instance_of.is_none() {
            self.instance_of = next;
        }
        // A definition repeats only what differs from its declaration.
        if self.line == 0 {
            self.line = line.unwrap_or(0);
            self.column = column.unwrap_or(0);
        }
        self.file = self.file.or(file.map(|file| (die.unit, file)));
        Ok(next.or(specification))
    }

    /// Where it is declared.
    pub fn declared(&self, units: &Units<'f>) -> Option<SourceLocation> {
        let (unit, file) = self.file?;
        units.unit(unit).ok()?.place(file, self.line, self.column)
    }

    /// The language of the source that it was written in.
    pub fn language(&self, units: &Units<'f>) -> Language {
        let unit = units.unit(self.named.unwrap_or(self.origin).unit);
        unit.map_or(Language::Other, |unit| unit.language)
    }

    /// The name as its source has it: the linkage name demangled, else the name with what encloses it in front.
    pub fn full_name(&self, units: &Units<'f>) -> Option<Rc<str>> {
        let language = self.language(units);
        if let Some(linkage_name) = self.linkage_name.as_deref() {
            if let Some(name) = demangle(linkage_name) {
                return Some(name.into());
            }
            // Zig's linkage names are the full names; its DIEs lie in no namespace.
            if language == Language::Zig && linkage_name.contains('.') {
                return Some(linkage_name.into());
            }
        }
        match (&self.name, self.named) {
            (Some(name), Some(named)) => Some(qualified(units, named, name, language, true).into()),
            _ => self.linkage_name.as_deref().map(Rc::from),
        }
    }
}

/// How C++ compilers spell a namespace without a name.
pub const ANONYMOUS: &str = "(anonymous namespace)";

/// `name` of the DIE at `die` with the names of what encloses it in front, in the spelling of `language`; `functions`
/// count among those or not.
pub fn qualified(units: &Units<'_>, die: DieRef, name: &str, language: Language, functions: bool) -> String {
    let mut parts = vec![Cow::Borrowed(name)];
    if let Ok(outline) = units.outline(die.unit) {
        for (offset, tag) in outline.enclosing(die.offset) {
            if tag == gimli::DW_TAG_subprogram && !functions {
                continue;
            }
            let scope = Description::read(units, DieRef { offset, ..die });
            match scope.ok().and_then(|scope| scope.name) {
                Some(name) => parts.push(name),
                None if tag == gimli::DW_TAG_namespace && language == Language::Cpp => parts.push(ANONYMOUS.into()),
                None => {}
            }
        }
    }
    parts.reverse();
    parts.join(language.separator())
}

fn is_set(value: AttributeValue<Reader<'_>>) -> bool {
    matches!(value, AttributeValue::Flag(true))
}

fn file_index(value: AttributeValue<Reader<'_>>) -> Option<u64> {
    match value {
        AttributeValue::FileIndex(index) => Some(index),
        _ => None,
    }
}

/// Whether a location is an expression that is a fixed address: static storage.
pub fn is_fixed(location: AttributeValue<Reader<'_>>) -> bool {
    let expression = match location {
        AttributeValue::Exprloc(expression) => expression.0,
        AttributeValue::Block(block) => block,
        _ => return false,
    };
    let first = expression.slice().first().map(|op| gimli::DwOp(*op));
    matches!(first, Some(gimli::DW_OP_addr | gimli::DW_OP_addrx | gimli::DW_OP_GNU_addr_index))
}
