//! Names of one or many units, put in order: rows by name, and a hash of each distinct name to find it by.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};

use rayon::prelude::*;

use super::Reader;
use super::description::ANONYMOUS;
use super::language::Language;
use super::names::{Entry, KINDS, Kind, NONE, NameId, Names, Scope};
use super::path::{Path, base, loosely, same};
use super::unit::UnitId;
use crate::limits::{MAX_DIE_DEPTH, MAX_NAME_BYTES, MAX_NAME_PARTS};

/// One name.
#[derive(Clone, Copy)]
pub struct Row {
    pub entry: Entry,
    pub unit: UnitId,
}

/// How the last part of a path is held against a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// All of it, but for spaces.
    Exact,
    /// Arguments in angle brackets may be written short.
    Short,
    /// Without arguments, whatever they are.
    Base,
}

impl Match {
    fn fits(self, wanted: &[u8], name: &[u8]) -> bool {
        match self {
            Match::Exact => same(wanted, name),
            Match::Short => loosely(wanted, name),
            Match::Base => same(wanted, base(name)),
        }
    }
}

/// A table of names.
pub struct NameTable<'f> {
    /// The module's `.debug_str`.
    strings: Reader<'f>,
    /// Texts that are not in it.
    others: Vec<&'f [u8]>,
    /// Sorted by name id.
    rows: [Vec<Row>; KINDS],
    scopes: Vec<Scope>,
    /// Hash of each distinct name without its arguments, sorted.
    hashes: Vec<(u32, NameId)>,
    languages: HashMap<UnitId, Language>,
}

impl<'f> NameTable<'f> {
    /// No names yet; `strings` is the module's `.debug_str`.
    pub fn new(strings: Reader<'f>) -> Self {
        NameTable {
            strings,
            others: Vec::new(),
            rows: Default::default(),
            scopes: Vec::new(),
            hashes: Vec::new(),
            languages: HashMap::new(),
        }
    }

    /// A table of one unit.
    pub fn of_unit(strings: Reader<'f>, id: UnitId, names: Names<'f>) -> Self {
        let mut table = Self::new(strings);
        table.add(id, names);
        table.sort();
        table
    }

    /// Make room for `more` names of `kind`.
    pub fn reserve(&mut self, kind: Kind, more: usize) {
        if let Some(rows) = self.rows.get_mut(kind as usize) {
            rows.reserve_exact(more);
        }
    }

    /// Add a unit's names; `sort` comes after the last one.
    pub fn add(&mut self, id: UnitId, names: Names<'f>) {
        let str_bytes = self.strings.len() as u64;
        // Of a split unit all texts are its own, counted from 0.
        let split = names.str_bytes as u64 != str_bytes;
        let (others, scopes) = (self.others.len() as u64, self.scopes.len() as u64);
        let name = |name: NameId| match u64::from(name) {
            _ if name == NONE => NONE,
            own if split => u32::try_from(own + str_bytes + others).unwrap_or(NONE),
            own if own >= str_bytes => u32::try_from(own + others).unwrap_or(NONE),
            _ => name,
        };
        let scope = |scope: u32| match scope {
            NONE => NONE,
            scope => u32::try_from(u64::from(scope) + scopes).unwrap_or(NONE),
        };
        for (rows, entries) in self.rows.iter_mut().zip(names.entries) {
            rows.extend(
                entries
                    .into_iter()
                    .map(|entry| Row { entry: entry.moved(name(entry.name), scope(entry.scope)), unit: id }),
            );
        }
        self.scopes.extend(names.scopes.iter().map(|s| Scope { name: name(s.name), parent: scope(s.parent), ..*s }));
        self.others.extend(names.others);
        self.languages.extend(names.language.map(|language| (id, language)));
    }

    /// Give the functions at `instances` the names of the DIEs that they are instances of.
    pub fn add_instances(&mut self, instances: &HashMap<(UnitId, u32), Vec<(UnitId, u32)>>) {
        let Some(rows) = self.rows.get_mut(Kind::Function as usize) else { return };
        let named = |row: &Row| {
            let entry = row.entry;
            let instances = instances.get(&(row.unit, entry.die()))?;
            Some(instances.iter().map(move |(unit, die)| Row { entry: entry.of(*die), unit: *unit }))
        };
        let found: Vec<Row> = rows.iter().filter_map(named).flatten().collect();
        rows.extend(found);
    }

    /// Put the names in order.
    pub fn sort(&mut self) {
        let mut ids: Vec<NameId> = Vec::new();
        for rows in &mut self.rows {
            rows.par_sort_unstable_by_key(|row| row.entry.name);
            let distinct = rows.chunk_by(|a, b| a.entry.name == b.entry.name).filter_map(|chunk| chunk.first());
            ids.extend(distinct.map(|row| row.entry.name));
        }
        ids.par_sort_unstable();
        ids.dedup();
        let hash_of = |id: NameId| (hash(base(self.text(id))), id);
        let mut hashes: Vec<(u32, NameId)> = ids.into_par_iter().with_min_len(1024).map(hash_of).collect();
        hashes.par_sort_unstable();
        self.hashes = hashes;
    }

    /// All rows of a kind, sorted by name id.
    pub fn rows(&self, kind: Kind) -> &[Row] {
        self.rows.get(kind as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// Adds the rows that `path` means.
    pub fn find(&self, kind: Kind, path: &Path<'_>, how: Match, found: &mut Vec<Row>) {
        let wanted = hash(base(path.last.as_bytes()));
        let first = self.hashes.partition_point(|(hash, _)| *hash < wanted);
        let candidates = self.hashes.get(first..).unwrap_or_default().iter().take_while(|(hash, _)| *hash == wanted);
        for (_, id) in candidates {
            let text = self.text(*id);
            if !how.fits(path.last.as_bytes(), text) {
                continue;
            }
            let rows = self.rows(kind);
            let first = rows.partition_point(|row| row.entry.name < *id);
            let named = rows.get(first..).unwrap_or_default().iter().take_while(|row| row.entry.name == *id);
            found.extend(
                named.filter(|row| {
                    path.fits(self.around(row.entry.scope).map(|(name, scope)| (name, scope.transparent)))
                }),
            );
        }
    }

    /// The text of a name.
    pub fn text(&self, name: NameId) -> &'f [u8] {
        let (name, strings) = (name as usize, self.strings.slice());
        match strings.get(name..) {
            Some(rest) if !rest.is_empty() => {
                rest.get(..memchr::memchr(0, rest).unwrap_or(rest.len())).unwrap_or_default()
            }
            _ => self.others.get(name.wrapping_sub(strings.len())).copied().unwrap_or_default(),
        }
    }

    /// The scopes from `scope` outwards, with their names.
    fn around(&self, scope: u32) -> impl Iterator<Item = (&'f [u8], &Scope)> {
        let mut at = scope;
        let step = move || {
            let scope = self.scopes.get(at as usize)?;
            at = scope.parent;
            Some((if scope.name == NONE { b"" } else { self.text(scope.name) }, scope))
        };
        std::iter::from_fn(step).take(MAX_DIE_DEPTH)
    }

    /// A row's name with what encloses it in front, in its language's spelling.
    pub fn qualified(&self, row: &Row) -> String {
        let language = self.languages.get(&row.unit).copied().unwrap_or(Language::Other);
        let own = self.text(row.entry.name);
        let own = own.get(..MAX_NAME_BYTES).unwrap_or(own);
        let mut room = MAX_NAME_BYTES - own.len();
        let mut parts = vec![String::from_utf8_lossy(own)];
        for (name, scope) in self.around(row.entry.scope).take(MAX_NAME_PARTS) {
            let Some(left) = room.checked_sub(name.len()) else { break };
            room = left;
            match name {
                b"" if scope.is_namespace && language == Language::Cpp => parts.push(Cow::Borrowed(ANONYMOUS)),
                b"" => {}
                name => parts.push(String::from_utf8_lossy(name)),
            }
        }
        parts.reverse();
        parts.join(language.separator())
    }
}

fn hash(text: &[u8]) -> u32 {
    let mut hasher = DefaultHasher::new();
    // Spaces do not count when names are compared.
    text.split(|c| *c == b' ').for_each(|word| hasher.write(word));
    hasher.finish() as u32
}
