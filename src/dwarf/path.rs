//! Names as users write them: parts with separators, found again among the scopes of a DIE.
//!
//! `demo::MyThing` finds `MyThing` in any namespace `demo`, be it inside others: users leave out what is clear.

/// A name taken apart.
#[derive(Clone)]
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

/// Equal but for spaces, paths inside, and trailing arguments that `wanted` leaves out: `Vec<String>` means
/// `Vec<alloc::string::String, alloc::alloc::Global>`.
pub fn loosely(wanted: &[u8], name: &[u8]) -> bool {
    let (wanted, name) = (without_paths(wanted), without_paths(name));
    let mut name = name.iter().copied().peekable();
    for c in wanted {
        if c == b'>' && name.peek() == Some(&b',') {
            let mut depth = 0u32;
            while let Some(next) = name.next_if(|next| *next != b'>' || depth > 0) {
                match next {
                    b'<' => depth += 1,
                    b'>' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
        }
        if name.next() != Some(c) {
            return false;
        }
    }
    name.next().is_none()
}

/// `text` without spaces and without the paths in front of names.
fn without_paths(text: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    let mut word = 0;
    let mut rest = text.iter().copied().filter(|c| *c != b' ').peekable();
    while let Some(c) = rest.next() {
        if c == b':' && rest.next_if_eq(&b':').is_some() {
            result.truncate(word);
            continue;
        }
        result.push(c);
        if !(c.is_ascii_alphanumeric() || matches!(c, b'_' | b'#' | b'{' | b'}') || c >= 0x80) {
            word = result.len();
        }
    }
    result
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
    fn arguments_may_be_written_short() {
        let name = b"HashMap<alloc::string::String, alloc::vec::Vec<u8, alloc::alloc::Global>, std::hash::RandomState>";
        for (wanted, fits) in [
            ("HashMap<String, Vec<u8>>", true),
            ("HashMap<alloc::string::String,Vec<u8,Global>>", true),
            ("HashMap<String>", true),
            ("HashMap<String, Vec<u16>>", false),
            ("HashMap<u8>", false),
            ("HashMap", false),
            ("HashMap<String, Vec<u8>, RandomState, More>", false),
        ] {
            assert_eq!(loosely(wanted.as_bytes(), name), fits, "{wanted}");
        }
        assert!(loosely(b"vector<pair<int, A>>", b"vector<std::__2::pair<int, geo::A>, std::__2::allocator<int> >"));
        assert!(!loosely(b"a<b", b"a<b>"));
    }

    #[test]
    fn spaces_do_not_matter_and_arguments_can_be_cut_off() {
        assert!(same(b"Pair<A,B>", b"Pair<A, B>"));
        assert!(!same(b"Pair<A,B>", b"Pair<A, C>"));
        assert_eq!(base(b"new<15, 1>"), b"new");
        assert_eq!(base(b"operator<"), b"operator<");
    }
}
