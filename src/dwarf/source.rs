//! The way back: source files and lines to code.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Reader;
use super::line::{LineRow, LineTable};
use super::root::{Root, RootReader};
use super::unit::{Unit, UnitId};
use super::units::Units;
use crate::wasm::CodeOffset;

/// Code that was made from one source line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineCode {
    /// One-based: the line that was asked for, or the next one with code.
    pub line: u32,
    pub begin: CodeOffset,
    /// Exclusive.
    pub end: CodeOffset,
}

/// A source file of the program: its name, and the directory that it is relative to.
pub type SourceFile = (Rc<str>, Option<Rc<str>>);

/// All source files that line tables name, sorted.
pub fn files(units: &Units<'_>) -> Vec<SourceFile> {
    let mut files = BTreeSet::new();
    each_table(units, |_, table, unit| {
        files.extend(table.file_indices().filter_map(|index| table.file(index, unit)));
    });
    files.into_iter().collect()
}

/// The source files whose text line tables hold, each with a unit that has it.
pub fn embedded_files(units: &Units<'_>) -> Vec<(SourceFile, UnitId)> {
    let mut files = BTreeMap::new();
    each_table(units, |id, table, unit| {
        let having = table.file_indices().filter(|index| table.source(*index, unit).is_some());
        for file in having.filter_map(|index| table.file(index, unit)) {
            files.entry(file).or_insert(id);
        }
    });
    files.into_iter().collect()
}

/// The code of `line` of the file whose path ends in `path`; where that line has none, that of the next line of the
/// same file that has. Sorted by line and offset.
pub fn code_of_line(units: &Units<'_>, path: &str, line: u32) -> Vec<LineCode> {
    let mut having = Vec::new();
    each_table(units, |id, table, unit| {
        let fits = |index: &u64| table.file(*index, unit).is_some_and(|file| ends_in(&file, path));
        let indices: Vec<u64> = table.file_indices().filter(fits).collect();
        if !indices.is_empty() {
            having.push((id, indices));
        }
    });
    let mut found = Vec::new();
    for (id, indices) in having {
        if let Some((table, _)) = units.unit(id).ok().and_then(Unit::lines) {
            found.extend(rows_from(table, &indices, line));
        }
    }
    let nearest = found.iter().map(|code| code.line).min();
    found.retain(|code| Some(code.line) == nearest);
    found.sort_unstable();
    found
}

/// The code of the first line from `line` on that the table has for one of `files`.
fn rows_from(table: &LineTable<'_>, files: &[u64], line: u32) -> Vec<LineCode> {
    let mut best = u64::MAX;
    let mut found: Vec<LineCode> = Vec::new();
    let mut open: Option<LineRow> = None;
    table.for_each_row(|row| {
        // A row lasts until the next one that says something else.
        if let Some(begun) = open
            && (row.end_sequence || (row.file, row.line) != (begun.file, begun.line))
        {
            let (begin, end) = (CodeOffset(begun.address), CodeOffset(row.address));
            if begin < end {
                found.extend(u32::try_from(begun.line).ok().map(|line| LineCode { line, begin, end }));
            }
            open = None;
        }
        let wanted = row.is_statement
            && !row.end_sequence
            && row.line >= u64::from(line)
            && row.line <= best
            && files.contains(&row.file);
        if open.is_none() && wanted {
            if row.line < best {
                best = row.line;
                found.clear();
            }
            open = Some(row);
        }
    });
    found
}

/// Calls `visit` with the line table of each unit that has code.
fn each_table<'f>(units: &Units<'f>, mut visit: impl FnMut(UnitId, &LineTable<'f>, gimli::UnitRef<'_, Reader<'f>>)) {
    let mut roots = RootReader::new(&units.dwarf);
    let mut seen = BTreeSet::new();
    for id in units.ids() {
        let Ok(header) = units.header(id) else { continue };
        let program = roots.read(&header).ok().and_then(|root: Root<'_>| root.line_program);
        // Type units share the table of their compilation unit.
        if !program.is_some_and(|program| seen.insert(program.0) && units.has_rows(program)) {
            continue;
        }
        if let Some((table, unit)) = units.unit(id).ok().and_then(Unit::lines) {
            visit(id, table, unit);
        }
    }
}

/// Whether the path of `file` ends in `path`, in whole parts.
fn ends_in((file, directory): &SourceFile, path: &str) -> bool {
    let path = path.trim_start_matches("./");
    let tail = |text: &str, end: &str| {
        text.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with(['/', '\\']))
    };
    if tail(file, path) {
        return true;
    }
    let whole = directory.as_deref().map(|directory| format!("{}/{file}", directory.trim_end_matches('/')));
    whole.is_some_and(|whole| tail(&whole, path))
}
