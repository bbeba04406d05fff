//! Paths as debug information spells them, and how near one name is to another.

use crate::expr::ast::{Path, Segment};

/// A path as debug information spells it.
pub fn spelled(path: &Path) -> String {
    let plain = |segment: &Segment| {
        let path = Path { global: false, segments: vec![segment.clone()], span: path.span };
        if segment.quoted { segment.name.clone() } else { path.to_string() }
    };
    path.segments.iter().map(plain).collect::<Vec<_>>().join("::")
}

/// The path without its last name.
pub fn around(path: &Path) -> Path {
    let (_, around) = path.segments.split_last().unzip();
    Path { segments: around.unwrap_or_default().to_vec(), ..*path }
}

/// What stands before the last name, and the last name.
pub fn split_last(path: &Path) -> Option<(String, String)> {
    let (last, around) = path.segments.split_last().filter(|(_, around)| !around.is_empty())?;
    let around = Path { global: false, segments: around.to_vec(), span: path.span };
    Some((spelled(&around), last.name.clone()))
}

/// The name without what encloses it.
pub fn last_part(name: &str) -> &str {
    name.rsplit("::").next().and_then(|name| name.rsplit('.').next()).unwrap_or(name)
}

/// How near a name is to a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// In a namespace that does not enclose the function.
    Elsewhere,
    /// In one that does, and so many bytes of its name do.
    Around(usize),
}

/// How near `qualified`, which `name` was found as, is to the function called `function`.
pub fn nearness(qualified: &str, name: &str, function: &str) -> Nearness {
    let Some(around) = strip_end(qualified, name) else { return Nearness::Elsewhere };
    let around = around.strip_suffix("::").or_else(|| around.strip_suffix('.')).unwrap_or(around);
    let rest = function.strip_prefix(around);
    if around.is_empty() || rest.is_some_and(|rest| rest.starts_with("::") || rest.starts_with('.')) {
        return Nearness::Around(around.len());
    }
    Nearness::Elsewhere
}

/// `qualified` without `name` at its end; spaces in `name` do not count.
pub fn strip_end<'q>(qualified: &'q str, name: &str) -> Option<&'q str> {
    let mut rest = qualified;
    for wanted in name.chars().rev().filter(|c| *c != ' ') {
        rest = rest.trim_end_matches(' ');
        rest = rest.strip_suffix(wanted)?;
    }
    Some(rest)
}

/// Whether the names are equal but for spaces.
pub fn is_same_name(qualified: &str, name: &str) -> bool {
    strip_end(qualified, name).is_some_and(str::is_empty)
}

/// Whether `name` ends with the parts of `end`.
pub fn is_name_end(name: &str, end: &str) -> bool {
    name.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with("::") || before.ends_with('.'))
}

/// Whether the path of a file ends with the parts of `end`.
pub fn is_path_end(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with(['/', '\\']))
}
