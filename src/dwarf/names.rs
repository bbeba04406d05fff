//! The names of one unit: which functions, variables, types and enumerators it defines, and what encloses them.
//!
//! One pass over the unit's DIEs; names stay where they are and are kept as offsets. Dead functions are left out with
//! all that is in them, local variables and members too.

use gimli::{Abbreviations, AttributeValue, DebugStrOffset};

use super::Reader;
use super::description::is_fixed;
use super::language::Language;
use super::ranges::{PcAttributes, RangeContext};
use super::walk::{Seen, Sizes, Walk};
use crate::limits::{MAX_DIE_DEPTH, MAX_TYPE_CHAIN};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// With code, or inlined everywhere.
    Function,
    /// With static storage, or a constant.
    Variable,
    Type,
    /// Of an enumeration; found as the DIE of its type.
    Enumerator,
}

/// How many kinds there are.
pub const KINDS: usize = 4;

/// Where a name's text is: an offset of the module's `.debug_str`, or behind its end a place among `Names::others`.
pub type NameId = u32;

/// No name, no scope.
pub const NONE: u32 = u32::MAX;

/// One name.
#[derive(Clone, Copy)]
pub struct Entry {
    pub name: NameId,
    /// Offset of the DIE in its unit; the highest bit is set if it only declares.
    die: u32,
    /// Index of the enclosing scope, `NONE` at the unit's top.
    pub scope: u32,
}

const DECLARATION: u32 = 1 << 31;

impl Entry {
    /// Another DIE of the same name.
    pub fn of(self, die: u32) -> Self {
        Entry { die, ..self }
    }

    /// The same DIE in other lists of names and scopes.
    pub fn moved(self, name: NameId, scope: u32) -> Self {
        Entry { name, scope, ..self }
    }

    /// Offset of the DIE in its unit.
    pub fn die(self) -> u32 {
        self.die & !DECLARATION
    }

    /// The DIE declares what is defined elsewhere, or nowhere.
    pub fn is_declaration(self) -> bool {
        self.die & DECLARATION != 0
    }
}

/// What encloses names: a namespace, class, function or enumeration.
#[derive(Clone, Copy)]
pub struct Scope {
    /// `NONE`: anonymous.
    pub name: NameId,
    /// `NONE` at the unit's top.
    pub parent: u32,
    /// May be left out of a path: an inline or anonymous namespace, an unscoped enumeration.
    pub transparent: bool,
    pub is_namespace: bool,
}

/// The names of one unit.
#[derive(Default)]
pub struct Names<'f> {
    pub entries: [Vec<Entry>; KINDS],
    pub scopes: Vec<Scope>,
    /// Texts that are not in the module's `.debug_str`.
    pub others: Vec<&'f [u8]>,
    /// Definitions whose names are in other units, with the section offset where.
    pub elsewhere: Vec<(Kind, u32, usize)>,
    pub language: Option<Language>,
    /// As in `Source`.
    pub str_bytes: usize,
    /// DIEs read.
    pub count: u64,
}

/// How the names of one unit are read.
pub struct Source<'a, 'f> {
    pub header: gimli::UnitHeader<Reader<'f>>,
    pub abbreviations: &'a Abbreviations,
    pub sizes: &'a Sizes,
    pub context: RangeContext<'a, 'f>,
    pub str_offsets_base: gimli::DebugStrOffsetsBase<usize>,
    pub language: Language,
    /// Bytes of the module's `.debug_str`; 0 for units of a `.dwo`, which have their own.
    pub str_bytes: usize,
}

/// What one DIE says, as far as names are concerned.
#[derive(Default)]
struct Facts<'f> {
    name: Option<AttributeValue<Reader<'f>>>,
    pc: PcAttributes<'f>,
    target: Option<AttributeValue<Reader<'f>>>,
    declaration: bool,
    inline: bool,
    /// Has a location or a constant value.
    placed: bool,
    /// DW_AT_export_symbols or DW_AT_enum_class.
    marked: bool,
}

/// A DIE whose children are being read.
struct Open {
    depth: isize,
    name: NameId,
    tag: gimli::DwTag,
    transparent: bool,
    /// Its scope, once something inside needs one.
    scope: Option<u32>,
    /// Of an enumeration: its DIE.
    enumeration: Option<u32>,
}

struct Scan<'a, 'f> {
    source: &'a Source<'a, 'f>,
    names: Names<'f>,
    open: Vec<Open>,
    /// Named DIEs that others may refer to, in order of their offset.
    declared: Vec<Entry>,
    /// Nameless DIEs and what they refer to in this unit, in order of their offset.
    links: Vec<(u32, u32)>,
    /// Nameless definitions.
    pending: Vec<(Kind, u32)>,
}

impl<'f> Names<'f> {
    /// Reads a unit; damage ends the list.
    pub fn read(source: &Source<'_, 'f>) -> Self {
        let mut scan = Scan {
            source,
            names: Names::default(),
            open: Vec::new(),
            declared: Vec::new(),
            links: Vec::new(),
            pending: Vec::new(),
        };
        if let Ok(mut walk) = Walk::with_sizes(&source.header, source.abbreviations, None, source.sizes) {
            let _ = scan.fill(&mut walk);
            scan.names.count = walk.count;
        }
        scan.resolve();
        scan.names.language = Some(source.language);
        scan.names.str_bytes = source.str_bytes;
        scan.names
    }

    /// Add the DIE at `die` under a text of another unit.
    pub fn add_text(&mut self, kind: Kind, text: &'f [u8], die: u32) {
        let id = self.str_bytes + self.others.len();
        self.others.push(text);
        if let (Ok(name), Some(entries)) = (u32::try_from(id), self.entries.get_mut(kind as usize)) {
            entries.push(Entry { name, die, scope: NONE });
        }
    }
}

impl<'f> Scan<'_, 'f> {
    fn fill(&mut self, walk: &mut Walk<'_, 'f>) -> gimli::Result<()> {
        while let Some(seen) = walk.next_die()? {
            while self.open.pop_if(|open| open.depth >= seen.depth).is_some() {}
            match seen.tag() {
                gimli::DW_TAG_subprogram => self.function(walk, seen)?,
                gimli::DW_TAG_variable | gimli::DW_TAG_constant => self.variable(walk, seen)?,
                // A static data member before DWARF 5.
                gimli::DW_TAG_member if seen.has(|at| at == gimli::DW_AT_declaration) => self.variable(walk, seen)?,
                gimli::DW_TAG_namespace | gimli::DW_TAG_module => {
                    let facts = self.facts(walk)?;
                    let name = self.name_id(facts.name);
                    self.enter(seen, name, facts.marked || name == NONE);
                }
                gimli::DW_TAG_enumerator => {
                    let facts = self.facts(walk)?;
                    if let Some(enumeration) = self.open.last().and_then(|open| open.enumeration) {
                        self.add(Kind::Enumerator, facts.name, enumeration);
                    }
                }
                tag if is_type(tag) => self.type_name(walk, seen)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn facts(&self, walk: &mut Walk<'_, 'f>) -> gimli::Result<Facts<'f>> {
        let mut facts = Facts::default();
        walk.attributes(|attribute| {
            let is_set = || matches!(attribute.value(), AttributeValue::Flag(true));
            match attribute.name() {
                gimli::DW_AT_name => facts.name = Some(attribute.raw_value()),
                gimli::DW_AT_declaration => facts.declaration = is_set(),
                gimli::DW_AT_export_symbols | gimli::DW_AT_enum_class => facts.marked = is_set(),
                gimli::DW_AT_inline => facts.inline = true,
                gimli::DW_AT_specification | gimli::DW_AT_abstract_origin => {
                    facts.target = Some(attribute.raw_value());
                }
                gimli::DW_AT_const_value | gimli::DW_AT_location => facts.placed = true,
                _ => facts.pc.note(&attribute),
            }
        })?;
        Ok(facts)
    }

    fn function(&mut self, walk: &mut Walk<'_, 'f>, seen: Seen<'_>) -> gimli::Result<()> {
        let facts = self.facts(walk)?;
        let lives = facts.pc.is_live(&self.source.context);
        if facts.pc.is_present() && !lives {
            walk.skip_children(seen);
            return Ok(());
        }
        let name = self.name_id(facts.name);
        let defines = lives || facts.inline;
        self.define(Kind::Function, seen, name, &facts, defines);
        self.enter(seen, name, false);
        Ok(())
    }

    fn variable(&mut self, walk: &mut Walk<'_, 'f>, seen: Seen<'_>) -> gimli::Result<()> {
        let local = self.open.iter().any(|open| open.tag == gimli::DW_TAG_subprogram);
        if local && !walk.peek(gimli::DW_AT_location)?.is_some_and(|a| is_fixed(a.value())) {
            return Ok(());
        }
        let facts = self.facts(walk)?;
        let name = self.name_id(facts.name);
        self.define(Kind::Variable, seen, name, &facts, facts.placed);
        Ok(())
    }

    /// Notes a DIE that defines or declares, by its own name or by that of the DIE that it refers to.
    fn define(&mut self, kind: Kind, seen: Seen<'_>, name: NameId, facts: &Facts<'f>, defines: bool) {
        let die = offset_of(seen);
        if name != NONE {
            let scope = self.scope();
            self.declared.push(Entry { name, die, scope });
            if defines && let Some(entries) = self.names.entries.get_mut(kind as usize) {
                entries.push(Entry { name, die, scope });
            }
            return;
        }
        match facts.target {
            Some(AttributeValue::UnitRef(target)) => {
                self.links.push((die, u32::try_from(target.0).unwrap_or(NONE)));
                if defines {
                    self.pending.push((kind, die));
                }
            }
            Some(AttributeValue::DebugInfoRef(target)) if defines => self.names.elsewhere.push((kind, die, target.0)),
            _ => {}
        }
    }

    fn type_name(&mut self, walk: &mut Walk<'_, 'f>, seen: Seen<'_>) -> gimli::Result<()> {
        let facts = self.facts(walk)?;
        let die = offset_of(seen);
        self.add(Kind::Type, facts.name, if facts.declaration { die | DECLARATION } else { die });
        let enumeration = seen.tag() == gimli::DW_TAG_enumeration_type;
        if enumeration || encloses(seen.tag()) {
            let name = self.name_id(facts.name);
            self.enter(seen, name, name == NONE || (enumeration && !facts.marked));
        }
        if enumeration && let Some(open) = self.open.last_mut().filter(|open| open.depth == seen.depth) {
            open.enumeration = Some(die);
        }
        Ok(())
    }

    fn add(&mut self, kind: Kind, name: Option<AttributeValue<Reader<'f>>>, die: u32) {
        let name = self.name_id(name);
        if name == NONE {
            return;
        }
        let scope = self.scope();
        if let Some(entries) = self.names.entries.get_mut(kind as usize) {
            entries.push(Entry { name, die, scope });
        }
    }

    fn enter(&mut self, seen: Seen<'_>, name: NameId, transparent: bool) {
        if seen.abbreviation.has_children() && self.open.len() < MAX_DIE_DEPTH {
            let depth = seen.depth;
            self.open.push(Open { depth, name, tag: seen.tag(), transparent, scope: None, enumeration: None });
        }
    }

    /// The scope of what is read now.
    fn scope(&mut self) -> u32 {
        let mut parent = NONE;
        for open in &mut self.open {
            parent = *open.scope.get_or_insert_with(|| {
                let is_namespace = open.tag == gimli::DW_TAG_namespace;
                let scope = Scope { name: open.name, parent, transparent: open.transparent, is_namespace };
                self.names.scopes.push(scope);
                (self.names.scopes.len() - 1) as u32
            });
        }
        parent
    }

    fn name_id(&mut self, value: Option<AttributeValue<Reader<'f>>>) -> NameId {
        let source = self.source;
        let dwarf = source.context.dwarf;
        let offset = match value {
            Some(AttributeValue::DebugStrRef(offset)) => Some(offset),
            Some(AttributeValue::DebugStrOffsetsIndex(index)) => {
                let format = source.context.encoding.format;
                dwarf.debug_str_offsets.get_str_offset(format, source.str_offsets_base, index).ok()
            }
            _ => None,
        };
        let text = match (offset, value) {
            (Some(DebugStrOffset(offset)), _) if offset < source.str_bytes => {
                return u32::try_from(offset).unwrap_or(NONE);
            }
            (Some(offset), _) => dwarf.string(offset).ok(),
            (None, Some(AttributeValue::String(text))) => Some(text),
            (None, Some(AttributeValue::DebugLineStrRef(offset))) => dwarf.line_string(offset).ok(),
            _ => None,
        };
        let Some(text) = text else { return NONE };
        self.names.others.push(text.slice());
        u32::try_from(source.str_bytes + self.names.others.len() - 1).unwrap_or(NONE)
    }

    /// Names the definitions that refer to a declaration.
    fn resolve(&mut self) {
        for (kind, die) in std::mem::take(&mut self.pending) {
            let mut at = die;
            for _ in 0..MAX_TYPE_CHAIN {
                let Some(target) = self.links.binary_search_by_key(&at, |l| l.0).ok().and_then(|i| self.links.get(i))
                else {
                    break;
                };
                at = target.1;
            }
            let found = self.declared.binary_search_by_key(&at, |e| e.die).ok().and_then(|i| self.declared.get(i));
            if let Some(found) = found
                && let Some(entries) = self.names.entries.get_mut(kind as usize)
            {
                entries.push(Entry { die, ..*found });
            }
        }
    }
}

fn offset_of(seen: Seen<'_>) -> u32 {
    u32::try_from(seen.offset).map_or(NONE, |offset| offset & !DECLARATION)
}

fn is_type(tag: gimli::DwTag) -> bool {
    encloses(tag)
        || matches!(
            tag,
            gimli::DW_TAG_enumeration_type
                | gimli::DW_TAG_typedef
                | gimli::DW_TAG_base_type
                | gimli::DW_TAG_template_alias
                | gimli::DW_TAG_unspecified_type
        )
}

fn encloses(tag: gimli::DwTag) -> bool {
    matches!(
        tag,
        gimli::DW_TAG_structure_type
            | gimli::DW_TAG_class_type
            | gimli::DW_TAG_union_type
            | gimli::DW_TAG_interface_type
    )
}
