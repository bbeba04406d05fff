//! Names of generic types taken apart: `map<int, pair<a, b> >` is `map` with two arguments.

/// A generic name: what stands before the first bracket, the arguments, what follows the last bracket.
#[derive(Debug, PartialEq, Eq)]
pub struct Generic<'a> {
    pub base: &'a str,
    pub arguments: Vec<&'a str>,
    pub rest: &'a str,
}

/// The parts of `name`; none if it has no arguments. Operators and Rust's `<T as Trait>::name` are no generic types.
pub fn split_generic(name: &str) -> Option<Generic<'_>> {
    let open = name.find('<').filter(|open| *open > 0)?;
    let base = name.get(..open)?;
    if base.ends_with("operator") {
        return None;
    }
    let mut arguments = Vec::new();
    let mut depth = 0usize;
    let mut start = open + 1;
    let mut before = ' ';
    for (at, c) in name.char_indices().skip_while(|(at, _)| *at < open) {
        match c {
            // `->` is no bracket.
            '>' if before == '-' => {}
            '<' | '(' | '[' | '{' => depth += 1,
            '>' | ')' | ']' | '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    arguments.extend(name.get(start..at).map(str::trim).filter(|a| !a.is_empty()));
                    return Some(Generic { base: base.trim_end(), arguments, rest: name.get(at + 1..)? });
                }
            }
            ',' if depth == 1 => {
                arguments.extend(name.get(start..at).map(str::trim));
                start = at + 1;
            }
            _ => {}
        }
        before = c;
    }
    None
}

/// A name without its arguments.
pub fn base_name(name: &str) -> &str {
    match name.find('<') {
        Some(open) if open > 0 => name.get(..open).unwrap_or(name).trim_end(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_split_at_their_own_commas() {
        let found = split_generic("map<int, pair<a, b>, fn(x, y) -> z >").expect("it is generic");
        assert_eq!((found.base, found.rest), ("map", ""));
        assert_eq!(found.arguments, ["int", "pair<a, b>", "fn(x, y) -> z"]);
        assert_eq!(split_generic("int"), None);
        assert_eq!(split_generic("<T as U>::v"), None);
        assert_eq!(split_generic("broken<int"), None);
        assert_eq!(split_generic("a<b>::c").map(|g| g.rest), Some("::c"));
    }
}
