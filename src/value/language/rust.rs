//! Rust names as their programmers write them.

use super::arguments::split_generic;

/// `name` without module paths and the default allocator: `Vec<String>` for
/// `alloc::vec::Vec<alloc::string::String, alloc::alloc::Global>`.
pub fn short_type_name(name: &str) -> String {
    let mut result = String::with_capacity(name.len());
    // Where the path that is being read began in `result`.
    let mut segment = 0;
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("::") {
            // `Foo<T>::bar` keeps what stands before: only plain paths are dropped.
            if result.get(segment..).is_some_and(is_path_segment) {
                result.truncate(segment);
            } else {
                result.push_str("::");
                segment = result.len();
            }
            rest = after;
            continue;
        }
        result.push(c);
        if !is_identifier(c) {
            segment = result.len();
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    without_defaults(&result)
}

/// Without the default allocator anywhere, and without the hasher of maps and sets: it says nothing of what is in
/// them.
fn without_defaults(name: &str) -> String {
    let name = name.replace(", Global>", ">");
    let mut result = String::with_capacity(name.len());
    let mut rest = name.as_str();
    while let Some((at, hashed, kept)) = next_hashed(rest) {
        let (before, from) = rest.split_at(at);
        result.push_str(before);
        match split_generic(from) {
            Some(generic) if generic.arguments.len() == kept + 1 => {
                let arguments: Vec<String> =
                    generic.arguments.iter().take(kept).map(|argument| without_defaults(argument)).collect();
                result.push_str(&format!("{hashed}<{}>", arguments.join(", ")));
                rest = generic.rest;
            }
            _ => {
                result.push_str(hashed);
                rest = from.get(hashed.len()..).unwrap_or_default();
            }
        }
    }
    result.push_str(rest);
    result
}

/// The next type with a hasher: where it begins, its name, and how many arguments it has besides.
fn next_hashed(text: &str) -> Option<(usize, &'static str, usize)> {
    let kinds = [("HashMap", 2), ("HashSet", 1)];
    let found = kinds.into_iter().filter_map(|(name, kept)| {
        let (at, _) = text.match_indices(name).find(|(at, _)| {
            let before = text.get(..*at).and_then(|before| before.chars().next_back());
            let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
            !before.is_some_and(is_identifier) && after == Some('<')
        })?;
        Some((at, name, kept))
    });
    found.min_by_key(|(at, _, _)| *at)
}

fn is_identifier(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '{' | '}' | '#')
}

fn is_path_segment(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_identifier)
}

/// `fn(a, b) -> c`.
pub fn function_type(parameters: &[String], result: Option<&str>) -> String {
    let arrow = result.map(|result| format!(" -> {result}")).unwrap_or_default();
    format!("fn({}){arrow}", parameters.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_the_default_allocator_are_dropped() {
        let full = "alloc::vec::Vec<alloc::string::String, alloc::alloc::Global>";
        assert_eq!(short_type_name(full), "Vec<String>");
        let hashed =
            "std::collections::hash::map::HashMap<u8, std::collections::hash::set::HashSet<i8, std::hash::S>, S>";
        assert_eq!(short_type_name(hashed), "HashMap<u8, HashSet<i8>>");
        assert_eq!(short_type_name("MyHashMap<u8, i8, S>"), "MyHashMap<u8, i8, S>");
        assert_eq!(short_type_name("&demo::MyThing"), "&MyThing");
        assert_eq!(short_type_name("&mut [core::option::Option<u8>]"), "&mut [Option<u8>]");
        assert_eq!(short_type_name("(u8, core::num::nonzero::NonZero<u32>)"), "(u8, NonZero<u32>)");
        assert_eq!(short_type_name("fn(demo::A) -> demo::B"), "fn(A) -> B");
        assert_eq!(short_type_name("demo::main::{closure_env#0}"), "{closure_env#0}");
    }
}
