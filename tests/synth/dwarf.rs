//! A builder of debug sections for tests: units as trees of DIE literals, written by gimli's writer, which shares no
//! code with the reader under test. What the writer refuses (tombstones in lists, damage) is patched in afterwards.

#![allow(dead_code)]

use std::collections::HashMap;

use gimli::write::{
    Address, AttributeValue, Dwarf, EndianVec, LineProgram, LineString, Range, RangeList, Sections, Unit, UnitEntryId,
};
use gimli::{DwAt, DwTag, Encoding, Format, LittleEndian};
use wasmgdb::wasm::section::Section;

/// A value that an attribute of a DIE literal has.
#[derive(Clone)]
pub enum Value {
    Plain(AttributeValue),
    /// A string in `.debug_str`.
    Text(String),
    /// The DIE of that label in the same unit.
    Label(String),
    /// The DIE of that label in the unit of that number.
    Far(usize, String),
    Ranges(Vec<(u64, u64)>),
}

/// A DIE literal.
#[derive(Clone)]
pub struct Die {
    tag: DwTag,
    label: Option<String>,
    attributes: Vec<(DwAt, Value)>,
    children: Vec<Die>,
}

/// A DIE without attributes.
pub fn die(tag: DwTag) -> Die {
    Die { tag, label: None, attributes: Vec::new(), children: Vec::new() }
}

/// A function of `size` bytes at `low`.
pub fn function(name: &str, low: u64, size: u64) -> Die {
    die(gimli::DW_TAG_subprogram).name(name).code(low, size)
}

impl Die {
    pub fn set(mut self, at: DwAt, value: Value) -> Self {
        self.attributes.push((at, value));
        self
    }

    pub fn plain(self, at: DwAt, value: AttributeValue) -> Self {
        self.set(at, Value::Plain(value))
    }

    pub fn name(self, name: &str) -> Self {
        self.set(gimli::DW_AT_name, Value::Text(name.to_owned()))
    }

    pub fn number(self, at: DwAt, value: u64) -> Self {
        self.plain(at, AttributeValue::Udata(value))
    }

    pub fn flag(self, at: DwAt) -> Self {
        self.plain(at, AttributeValue::Flag(true))
    }

    /// DW_AT_low_pc and DW_AT_high_pc as LLVM writes them.
    pub fn code(self, low: u64, size: u64) -> Self {
        let low = AttributeValue::Address(Address::Constant(low));
        self.plain(gimli::DW_AT_low_pc, low).plain(gimli::DW_AT_high_pc, AttributeValue::Data4(size as u32))
    }

    pub fn ranges(self, ranges: &[(u64, u64)]) -> Self {
        self.set(gimli::DW_AT_ranges, Value::Ranges(ranges.to_vec()))
    }

    pub fn to(self, at: DwAt, label: &str) -> Self {
        self.set(at, Value::Label(label.to_owned()))
    }

    pub fn far(self, at: DwAt, unit: usize, label: &str) -> Self {
        self.set(at, Value::Far(unit, label.to_owned()))
    }

    /// DW_AT_location: these bytes.
    pub fn at(self, expression: &[u8]) -> Self {
        let raw = gimli::write::Expression::raw(expression.to_vec());
        self.plain(gimli::DW_AT_location, AttributeValue::Exprloc(raw))
    }

    pub fn is_inlined(&self) -> bool {
        self.tag == gimli::DW_TAG_inlined_subroutine
    }

    pub fn label(mut self, label: &str) -> Self {
        self.label = Some(label.to_owned());
        self
    }

    pub fn with(mut self, child: Die) -> Self {
        self.children.push(child);
        self
    }

    pub fn with_all(mut self, children: impl IntoIterator<Item = Die>) -> Self {
        self.children.extend(children);
        self
    }
}

/// Rows of one sequence: begin, (offset, line) of each row, length.
pub type Sequence = (u64, Vec<(u64, u64)>, u64);

/// A unit literal.
pub struct UnitSource {
    pub version: u16,
    pub language: gimli::DwLang,
    /// Attributes and children of the root; its name is the file `main.c`.
    pub root: Die,
    pub sequences: Vec<Sequence>,
}

/// A unit in C, DWARF 4, directory `/src`, without line rows.
pub fn unit(root: Die) -> UnitSource {
    UnitSource { version: 4, language: gimli::DW_LANG_C11, root, sequences: Vec::new() }
}

/// A root DIE.
pub fn root() -> Die {
    die(gimli::DW_TAG_compile_unit)
}

impl UnitSource {
    pub fn version(mut self, version: u16) -> Self {
        self.version = version;
        self
    }

    pub fn language(mut self, language: gimli::DwLang) -> Self {
        self.language = language;
        self
    }

    pub fn rows(mut self, begin: u64, rows: &[(u64, u64)], length: u64) -> Self {
        self.sequences.push((begin, rows.to_vec(), length));
        self
    }
}

/// Debug sections by name.
pub struct DebugSections(pub Vec<(String, Vec<u8>)>);

impl DebugSections {
    /// As `DebugInfo` takes them.
    pub fn list(&self) -> Vec<Section<'_>> {
        self.0.iter().map(|(name, data)| Section { id: 0, name, header: 0, start: 0, data, truncated: false }).collect()
    }

    /// The bytes of a section, to be damaged.
    pub fn section(&mut self, name: &str) -> &mut Vec<u8> {
        let found = self.0.iter_mut().find(|(n, _)| n == name);
        &mut found.expect("the section was written").1
    }
}

/// Write the units.
pub fn write(sources: &[UnitSource]) -> DebugSections {
    let mut dwarf = Dwarf::new();
    let mut labels = Vec::new();
    let mut units = Vec::new();
    for source in sources {
        let encoding = Encoding { format: Format::Dwarf32, version: source.version, address_size: 4 };
        let program = line_program(encoding, &source.sequences, &mut dwarf.line_strings);
        let mut unit = Unit::new(encoding, program);
        let mut known = HashMap::new();
        let top = unit.root();
        reserve(&mut unit, top, &source.root, &mut known);
        labels.push(known);
        units.push(dwarf.units.add(unit));
    }
    for (index, source) in sources.iter().enumerate() {
        let top = dwarf.units.get(units[index]).root();
        fill(&mut dwarf, &units, index, top, &source.root, &labels);
        let name = Value::Text("main.c".into());
        let directory = Value::Text("/src".into());
        let language = Value::Plain(AttributeValue::Language(source.language));
        for (at, value) in
            [(gimli::DW_AT_name, name), (gimli::DW_AT_comp_dir, directory), (gimli::DW_AT_language, language)]
        {
            let value = plain(&mut dwarf, &units, index, &value, &labels);
            dwarf.units.get_mut(units[index]).get_mut(top).set(at, value);
        }
    }
    let mut sections = Sections::new(EndianVec::new(LittleEndian));
    dwarf.write(&mut sections).expect("the units can be written");
    let mut written = Vec::new();
    sections
        .for_each(|id, data| {
            written.push((id.name().to_owned(), data.slice().to_vec()));
            Ok::<_, gimli::write::Error>(())
        })
        .expect("nothing fails");
    DebugSections(written)
}

fn reserve(unit: &mut Unit, entry: UnitEntryId, die: &Die, labels: &mut HashMap<String, UnitEntryId>) {
    if let Some(label) = &die.label {
        labels.insert(label.clone(), entry);
    }
    for child in &die.children {
        let entry = unit.add(entry, child.tag);
        reserve(unit, entry, child, labels);
    }
}

fn fill(
    dwarf: &mut Dwarf,
    units: &[gimli::write::UnitId],
    index: usize,
    entry: UnitEntryId,
    die: &Die,
    labels: &[HashMap<String, UnitEntryId>],
) {
    for (at, value) in &die.attributes {
        let value = plain(dwarf, units, index, value, labels);
        dwarf.units.get_mut(units[index]).get_mut(entry).set(*at, value);
    }
    let children: Vec<_> = dwarf.units.get(units[index]).get(entry).children().copied().collect();
    for (child, literal) in children.into_iter().zip(&die.children) {
        fill(dwarf, units, index, child, literal, labels);
    }
}

fn plain(
    dwarf: &mut Dwarf,
    units: &[gimli::write::UnitId],
    index: usize,
    value: &Value,
    labels: &[HashMap<String, UnitEntryId>],
) -> AttributeValue {
    match value {
        Value::Plain(value) => value.clone(),
        Value::Text(text) => AttributeValue::StringRef(dwarf.strings.add(text.as_str())),
        Value::Label(label) => AttributeValue::UnitRef(labels[index][label]),
        Value::Far(unit, label) => {
            AttributeValue::DebugInfoRef(gimli::write::DebugInfoRef::Entry(units[*unit], labels[*unit][label]))
        }
        Value::Ranges(ranges) => {
            let range = |(begin, end): &(u64, u64)| Range::StartEnd {
                begin: Address::Constant(*begin),
                end: Address::Constant(*end),
            };
            let list = RangeList(ranges.iter().map(range).collect());
            AttributeValue::RangeListRef(dwarf.units.get_mut(units[index]).ranges.add(list))
        }
    }
}

fn line_program(
    encoding: Encoding,
    sequences: &[Sequence],
    strings: &mut gimli::write::LineStringTable,
) -> LineProgram {
    let mut text = |text: &str| LineString::new(text, encoding, strings);
    let (directory, file) = (text("/src"), text("main.c"));
    let again = text("main.c");
    let mut program = LineProgram::new(encoding, Default::default(), directory, None, file, None);
    let file = program.add_file(again, program.default_directory(), None);
    for (begin, rows, length) in sequences {
        program.begin_sequence(Some(Address::Constant(*begin)));
        for (offset, line) in rows {
            program.row().file = file;
            program.row().address_offset = *offset;
            program.row().line = *line;
            program.generate_row();
        }
        program.end_sequence(*length);
    }
    program
}
