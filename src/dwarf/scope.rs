//! Which namespaces, types and functions enclose a DIE: qualified names of types.
//!
//! DWARF has no links to parents, so one raw pass over a unit notes the extent of every DIE that can enclose a type.

use super::debug_info::{DebugInfo, UnitId};
use super::language::Language;
use crate::error::{Error, Result};
use crate::limits::MAX_DIE_DEPTH;

/// The enclosing DIEs of one unit, in offset order.
pub struct ScopeMap {
    scopes: Vec<Scope>,
}

struct Scope {
    start: u32,
    /// Offset of the first DIE after its children.
    end: u32,
    /// Index of the enclosing scope.
    parent: Option<u32>,
    name: Box<str>,
}

impl ScopeMap {
    /// Reads every DIE of the unit once, names of enclosing ones only.
    pub fn of_unit(info: &DebugInfo<'_>, id: UnitId) -> Result<Self> {
        let unit = info.unit(id)?;
        let broken = |e: gimli::Error| Error::malformed(format!("unit {}: {e}", id.0));
        let mut entries = unit.unit.entries_raw(None).map_err(broken)?;
        let mut scopes: Vec<Scope> = Vec::new();
        let mut open: Vec<(isize, usize)> = Vec::new();
        let mut count = 0;
        while !entries.is_empty() {
            let offset = entries.next_offset().0 as u32;
            let depth = entries.next_depth();
            let Some(abbreviation) = entries.read_abbreviation().map_err(broken)? else { continue };
            count += 1;
            while let Some((_, index)) = open.pop_if(|(d, _)| *d >= depth) {
                if let Some(scope) = scopes.get_mut(index) {
                    scope.end = offset;
                }
            }
            if !abbreviation.has_children() || !encloses(abbreviation.tag()) || open.len() > MAX_DIE_DEPTH {
                entries.skip_attributes(abbreviation.attributes()).map_err(broken)?;
                continue;
            }
            let mut name = None;
            for spec in abbreviation.attributes() {
                let attribute = entries.read_attribute(*spec).map_err(broken)?;
                if attribute.name() == gimli::DW_AT_name {
                    name = unit.dwarf.attr_string(&unit.unit, attribute.value()).ok();
                }
            }
            let name = name.and_then(|n| std::str::from_utf8(n.slice()).ok());
            let name = name.or(anonymous(abbreviation.tag(), unit.language)).unwrap_or("").into();
            let parent = open.last().map(|(_, index)| *index as u32);
            open.push((depth, scopes.len()));
            scopes.push(Scope { start: offset, end: u32::MAX, parent, name });
        }
        info.count_dies(count);
        Ok(ScopeMap { scopes })
    }

    /// `name` of the DIE at `offset`, with the names of what encloses it in front.
    pub fn qualify(&self, offset: u32, name: &str, language: Language) -> String {
        let mut at = self.scopes.partition_point(|s| s.start < offset).checked_sub(1);
        let mut parts = vec![name];
        while let Some(scope) = at.and_then(|i| self.scopes.get(i)) {
            if offset < scope.end && !scope.name.is_empty() {
                parts.push(&scope.name);
            }
            at = scope.parent.map(|p| p as usize);
        }
        parts.reverse();
        parts.join(language.separator())
    }
}

fn encloses(tag: gimli::DwTag) -> bool {
    matches!(
        tag,
        gimli::DW_TAG_namespace
            | gimli::DW_TAG_module
            | gimli::DW_TAG_structure_type
            | gimli::DW_TAG_class_type
            | gimli::DW_TAG_union_type
            | gimli::DW_TAG_enumeration_type
    )
}

fn anonymous(tag: gimli::DwTag, language: Language) -> Option<&'static str> {
    (tag == gimli::DW_TAG_namespace && language == Language::Cpp).then_some("(anonymous namespace)")
}
