//! Names to DIEs: in some units at once, in the whole module through a table that is made at the first need.
//!
//! Functions, globals and types of a module of 400 MB are read in half a second on two processors; kept are 16 bytes
//! a name and a hash of each distinct one. What the user's frames need is found in their own units, without that.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gimli::Section as _;
use rayon::prelude::*;

use super::Reader;
use super::abbreviations;
use super::description::Description;
use super::language::{Language, demangle};
use super::name_table::{Match, NameTable, Row};
use super::names::{Kind, Names, Source};
use super::path::{Path, same};
use super::ranges::RangeContext;
use super::root::{Root, RootReader};
use super::unit::{DieRef, UnitId};
use super::units::Units;
use super::walk::Sizes;
use crate::limits::{MAX_ABBREVIATION_TABLE_BYTES, MAX_ROOT_STEPS};

/// The names of a module, as far as they were asked for.
#[derive(Default)]
pub struct Index<'f> {
    units: RefCell<HashMap<UnitId, NameTable<'f>>>,
    whole: OnceCell<NameTable<'f>>,
}

/// A name that the module defines.
pub struct IndexedName<'a, 'f> {
    pub die: DieRef,
    /// As DWARF has it, not qualified.
    pub name: Cow<'f, str>,
    table: &'a NameTable<'f>,
    row: Row,
}

impl IndexedName<'_, '_> {
    /// The name with what encloses it in front, in its language's spelling.
    pub fn qualified(&self) -> String {
        self.table.qualified(&self.row)
    }
}

impl<'f> Index<'f> {
    /// The DIEs called `name` in `among`, definitions before declarations, in the order of `among`.
    pub fn find_in_units(&self, units: &Units<'f>, among: &[UnitId], kind: Kind, name: &str) -> Vec<DieRef> {
        self.read_units(units, among);
        let known = self.units.borrow();
        search(units, name, kind, |path, how| {
            let mut found = Vec::new();
            for table in among.iter().filter_map(|unit| known.get(unit)) {
                table.find(kind, path, how, &mut found);
            }
            found
        })
    }

    /// The DIEs called `name` in the whole module, definitions before declarations, in the order of units.
    pub fn find(&self, units: &Units<'f>, kind: Kind, name: &str) -> Vec<DieRef> {
        let table = self.whole(units);
        search(units, name, kind, |path, how| {
            let mut found = Vec::new();
            table.find(kind, path, how, &mut found);
            found.sort_unstable_by_key(|row| (row.unit, row.entry.die()));
            found
        })
    }

    /// Every name of a kind; declarations are left out.
    pub fn all<'a>(&'a self, units: &'a Units<'f>, kind: Kind) -> impl Iterator<Item = IndexedName<'a, 'f>> {
        let table = self.whole(units);
        table.rows(kind).iter().filter(|row| !row.entry.is_declaration()).map(move |row| IndexedName {
            die: die_ref(units, row),
            name: String::from_utf8_lossy(table.text(row.entry.name)),
            table,
            row: *row,
        })
    }

    /// Read the names of those of `among` that were not asked for before, side by side.
    fn read_units(&self, units: &Units<'f>, among: &[UnitId]) {
        let new = among.iter().filter(|id| !self.units.borrow().contains_key(id));
        let sources: Vec<_> = new.map(|id| (*id, source_of(units, *id))).collect();
        let read = |(id, source): (UnitId, Option<Source<'_, 'f>>)| (id, source.map(|s| Names::read(&s)));
        let mut read: Vec<(UnitId, Option<Names<'f>>)> = sources.into_par_iter().map(read).collect();
        for names in read.iter_mut().filter_map(|(_, names)| names.as_mut()) {
            units.count_dies(names.count);
            for (kind, die, target) in std::mem::take(&mut names.elsewhere) {
                let description = units.die_at(target).and_then(|target| Description::read(units, target).ok());
                if let Some(Cow::Borrowed(name)) = description.and_then(|d| d.name) {
                    names.add_text(kind, name.as_bytes(), die);
                }
            }
        }
        let strings = *units.dwarf.debug_str.reader();
        let table =
            |(id, names): (UnitId, Option<Names<'f>>)| (id, NameTable::of_unit(strings, id, names.unwrap_or_default()));
        let tables: Vec<_> = read.into_par_iter().map(table).collect();
        self.units.borrow_mut().extend(tables);
    }

    fn whole(&self, units: &Units<'f>) -> &NameTable<'f> {
        self.whole.get_or_init(|| read_all(units))
    }
}

/// Tries the readings of `name` one after the other.
fn search(units: &Units<'_>, name: &str, kind: Kind, look: impl Fn(&Path<'_>, Match) -> Vec<Row>) -> Vec<DieRef> {
    let path = Path::new(name);
    let demangled = demangle(name);
    let mut readings = vec![(Path::new(name), Match::Exact, false)];
    if path.last.contains('<') {
        readings.push((path, Match::Short, false));
    } else if kind == Kind::Function {
        readings.push((path, Match::Base, false));
    }
    // A mangled name, a trait's method (`<T as Trait>::f`) or Zig's dots: found by the last part, held against the
    // full name.
    for path in [Path::new(demangled.as_deref().unwrap_or(name)), Path::split(name, ".")] {
        if !path.around.is_empty() || demangled.is_some() {
            let last = Path { around: Vec::new(), ..path };
            readings.push((last.clone(), Match::Exact, true));
            readings.push((last, Match::Base, true));
        }
    }
    for (path, how, in_full) in readings {
        let mut found = look(&path, how);
        if in_full {
            found.retain(|row| has_full_name(units, die_ref(units, row), name, demangled.is_some()));
        }
        if !found.is_empty() {
            return definitions_first(units, found);
        }
    }
    Vec::new()
}

fn die_ref(units: &Units<'_>, row: &Row) -> DieRef {
    DieRef { info: units.id(), unit: row.unit, offset: row.entry.die() }
}

/// Declarations are given only where nothing defines.
fn definitions_first(units: &Units<'_>, mut found: Vec<Row>) -> Vec<DieRef> {
    if found.iter().any(|row| !row.entry.is_declaration()) {
        found.retain(|row| !row.entry.is_declaration());
    }
    found.iter().map(|row| die_ref(units, row)).collect()
}

/// Whether the function or variable at `die` is called `name`: by its linkage name, or in full or by its last parts.
fn has_full_name(units: &Units<'_>, die: DieRef, name: &str, mangled: bool) -> bool {
    let Ok(description) = Description::read(units, die) else { return false };
    if mangled {
        return description.linkage_name.as_deref() == Some(name);
    }
    description.full_name(units).is_some_and(|full| {
        let before = full.strip_suffix(name).unwrap_or_default();
        same(full.as_bytes(), name.as_bytes()) || before.ends_with(['.', ':'])
    })
}

/// How to read one unit, a split one too; none if it is broken.
fn source_of<'a, 'f>(units: &'a Units<'f>, id: UnitId) -> Option<Source<'a, 'f>> {
    let unit = units.unit(id).ok()?;
    let split = unit.is_split();
    Some(Source {
        header: unit.unit.header,
        abbreviations: &unit.unit.abbreviations,
        sizes: unit.sizes(),
        context: RangeContext::of_unit(unit.unit_ref()),
        str_offsets_base: unit.unit.str_offsets_base,
        language: unit.language,
        str_bytes: if split { 0 } else { units.dwarf.debug_str.reader().len() },
    })
}

/// The abbreviations that a worker parsed last: units of one link step may share a table.
struct Abbreviations {
    key: (usize, gimli::Encoding),
    abbreviations: Arc<gimli::Abbreviations>,
    sizes: Sizes,
}

/// The names of one unit of the module itself; none if it is split or cannot be read.
fn read_whole_unit<'f>(
    dwarf: &gimli::Dwarf<Reader<'f>>,
    header: gimli::UnitHeader<Reader<'f>>,
    last: &mut Option<Abbreviations>,
    budget: &AtomicU64,
) -> Option<Names<'f>> {
    let root = RootReader::new(dwarf).read(&header).ok()?;
    if root.dwo_id.is_some() && root.dwo_name.is_some() {
        return None;
    }
    let encoding = header.encoding();
    let key = (header.debug_abbrev_offset().0, encoding);
    if last.as_ref().is_none_or(|table| table.key != key) {
        // Only the last table is kept: each may be as large as any.
        let mut bytes = MAX_ABBREVIATION_TABLE_BYTES;
        let abbreviations = abbreviations::read(dwarf, &header, &mut bytes);
        // Overlapping tables could be parsed without end.
        let cost = (MAX_ABBREVIATION_TABLE_BYTES - bytes) / 100;
        budget.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost)).ok()?;
        let abbreviations = abbreviations.ok()?;
        let sizes = Sizes::new(&abbreviations, encoding);
        *last = Some(Abbreviations { key, abbreviations, sizes });
    }
    let table = last.as_ref()?;
    let context = root.context(dwarf, encoding);
    let str_offsets_base = root.str_offsets_base.unwrap_or_else(|| {
        gimli::DebugStrOffsetsBase::default_for_encoding_and_file(encoding, gimli::DwarfFileType::Main)
    });
    Some(Names::read(&Source {
        header,
        abbreviations: &table.abbreviations,
        sizes: &table.sizes,
        context,
        str_offsets_base,
        language: language(dwarf, &root),
        str_bytes: dwarf.debug_str.reader().len(),
    }))
}

fn language(dwarf: &gimli::Dwarf<Reader<'_>>, root: &Root<'_>) -> Language {
    let producer = match root.producer {
        Some(gimli::AttributeValue::DebugStrRef(offset)) => dwarf.string(offset).ok(),
        _ => None,
    };
    Language::from_dwarf(root.language, producer.and_then(|p| std::str::from_utf8(p.slice()).ok()))
}

/// The names of all units.
fn read_all<'f>(units: &Units<'f>) -> NameTable<'f> {
    let headers: Vec<_> = units.ids().map(|id| units.header(id).ok()).collect();
    let budget = AtomicU64::new(MAX_ROOT_STEPS);
    let dwarf: &gimli::Dwarf<Reader<'f>> = &units.dwarf;
    let read: Vec<Option<Names<'f>>> = headers
        .into_par_iter()
        .map_init(|| None, |last, header| read_whole_unit(dwarf, header?, last, &budget))
        .collect();
    let mut table = NameTable::new(*units.dwarf.debug_str.reader());
    for kind in [Kind::Function, Kind::Variable, Kind::Type, Kind::Enumerator] {
        table.reserve(kind, read.iter().flatten().filter_map(|n| Some(n.entries.get(kind as usize)?.len())).sum());
    }
    let mut instances: HashMap<(UnitId, u32), Vec<(UnitId, u32)>> = HashMap::new();
    for (id, names) in units.ids().zip(read) {
        // Split units need their files, and those are opened one by one.
        let mut names = names.or_else(|| Some(Names::read(&source_of(units, id)?))).unwrap_or_default();
        units.count_dies(names.count);
        for (kind, die, target) in names.elsewhere.drain(..) {
            if let Some(target) = units.die_at(target).filter(|_| kind == Kind::Function) {
                instances.entry((target.unit, target.offset)).or_default().push((id, die));
            }
        }
        table.add(id, names);
    }
    table.add_instances(&instances);
    table.sort();
    table
}
