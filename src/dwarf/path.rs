//! Names as users write them: parts with separators, found again among the scopes of a DIE.
//!
//! `demo::MyThing` finds `MyThing` in any namespace `demo`, be it inside others: users leave out what is clear.

/// A name taken apart.
pub struct Path<'a> {
    /// As it was written.
    pub whole: &'a str,
    /// The part behind the last separator.
    pub last: &'a str,
    /// The parts before, innermost first.
    pub around: Vec<&'a str>,
}

impl<'a> Path<'a> {
    /// `::` separates, but not inside brackets; a leading one is dropped.
    pub fn new(whole: &'a str) -> Self {
        Self::split(whole, "::")
    }

    /// With another separator.
    pub fn split(whole: &'a str, separator: &str) -> Self {
        let mut parts = Vec::new();
        let mut depth = 0usize;
        let mut start = 0;
        for (at, c) in whole.char_indices() {
            match c {
                // `->` is no bracket.
                '>' if whole.get(..at).is_some_and(|before| before.ends_with('-')) => {}
                '<' | '(' | '[' | '{' => depth += 1,
                '>' | ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ if depth == 0 && at >= start && whole.get(at..).is_some_and(|rest| rest.starts_with(separator)) => {
                    parts.extend(whole.get(start..at));
                    start = at + separator.len();
                }
                _ => {}
            }
        }
        let last = whole.get(start..).unwrap_or(whole);
        let around = parts.into_iter().rev().filter(|part| !part.is_empty()).collect();
        Path { whole, last, around }
    }

    /// Whether the scopes around a name, innermost first, are those of the path; `true` marks scopes that may be
    /// left out.
    pub fn fits<'s>(&self, scopes: impl Iterator<Item = (&'s [u8], bool)>) -> bool {
        let mut wanted = self.around.iter();
        let mut next = wanted.next();
        for (scope, transparent) in scopes {
            match next {
                None => return true,
                Some(part) if same(part.as_bytes(), scope) => next = wanted.next(),
                Some(_) if transparent => {}
                Some(_) => return false,
            }
        }
        next.is_none()
    }
}

/// Equal but for spaces, which compilers and users set differently: `Pair<A,B>`, `Pair<A, B> `.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    let solid = |text: &'_ [u8]| -> usize { text.iter().filter(|c| **c != b' ').count() };
    a == b || (solid(a) == solid(b) && a.iter().filter(|c| **c != b' ').eq(b.iter().filter(|c| **c != b' ')))
}

/// A name without template or generic arguments.
pub fn base(name: &[u8]) -> &[u8] {
    if name.starts_with(b"<") || name.starts_with(b"operator") {
        return name;
    }
    let end = memchr::memchr(b'<', name).unwrap_or(name.len());
    name.get(..end).unwrap_or(name).trim_ascii_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_inside_brackets_do_not_count() {
        let path = Path::new("<harbour::Robot as harbour::Pilot>::steer");
        assert_eq!((path.last, path.around), ("steer", vec!["<harbour::Robot as harbour::Pilot>"]));
        let path = Path::new("::a::b::f<x::Y>");
        assert_eq!((path.last, path.around), ("f<x::Y>", vec!["b", "a"]));
    }

    #[test]
    fn a_path_fits_where_its_parts_enclose_the_name() {
        let scopes = [(&b"inner"[..], false), (b"", true), (b"outer", false), (b"crate", false)];
        for (path, fits) in [
            ("x", true),
            ("inner::x", true),
            ("outer::inner::x", true),
            ("crate::outer::inner::x", true),
            ("outer::x", false),
            ("more::crate::outer::inner::x", false),
        ] {
            assert_eq!(Path::new(path).fits(scopes.iter().copied()), fits, "{path}");
        }
    }

    #[test]
    fn spaces_do_not_matter_and_arguments_can_be_cut_off() {
        assert!(same(b"Pair<A,B>", b"Pair<A, B>"));
        assert!(!same(b"Pair<A,B>", b"Pair<A, C>"));
        assert_eq!(base(b"new<15, 1>"), b"new");
        assert_eq!(base(b"operator<"), b"operator<");
    }
}
