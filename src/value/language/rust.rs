//! Rust names as their programmers write them.

use super::arguments::split_generic;
use crate::limits::MAX_NAME_PARTS;

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
    with_arrows(&with_commas(&without_defaults(&result, MAX_NAME_PARTS)))
}

/// `(u8,)` for rustc's `(u8)`, which is a tuple of one: everything else in parentheses has a comma, a space or a name
/// in front.
fn with_commas(name: &str) -> String {
    let mut result = String::with_capacity(name.len() + 1);
    // For each open bracket: it may be such a tuple's, and begins at.
    let mut open: Vec<(bool, usize)> = Vec::new();
    for c in name.chars() {
        match c {
            '(' | '<' | '[' => {
                let before = result.chars().next_back();
                let starts = c == '(' && !before.is_some_and(is_identifier);
                open.push((starts, result.len() + 1));
            }
            ',' | '+' => {
                if let Some(top) = open.last_mut() {
                    top.0 = false;
                }
            }
            ')' | '>' | ']' => {
                // The `>` of an arrow closes nothing.
                let is_arrow = c == '>' && result.ends_with('-');
                if let Some((true, start)) = if is_arrow { None } else { open.pop() }
                    && c == ')'
                    && result.len() > start
                    && !result.get(start..).is_some_and(|inner| inner.starts_with("dyn "))
                {
                    result.push(',');
                }
            }
            _ => {}
        }
        result.push(c);
    }
    result
}

/// Function traits in one name that are rewritten.
const MAX_FUNCTION_TRAITS: usize = 32;

/// `Fn(i32) -> u8` for rustc's `Fn<(i32,), Output=u8>`.
fn with_arrows(name: &str) -> String {
    let mut name = name.to_owned();
    for _ in 0..MAX_FUNCTION_TRAITS {
        match ["Fn", "FnMut", "FnOnce"].into_iter().find_map(|trait_name| with_arrow(&name, trait_name)) {
            Some(rewritten) => name = rewritten,
            None => break,
        }
    }
    name
}

/// `name` with the first use of a function trait rewritten.
fn with_arrow(name: &str, trait_name: &str) -> Option<String> {
    let start = format!("{trait_name}<(");
    let (at, _) = name
        .match_indices(&start)
        .find(|(at, _)| !name.get(..*at).and_then(|before| before.chars().next_back()).is_some_and(is_identifier))?;
    let (before, from) = name.split_at(at);
    let generic = split_generic(from)?;
    let [arguments, rest @ ..] = generic.arguments.as_slice() else { return None };
    let result = match rest {
        [] => "",
        [output] => output.strip_prefix("Output=")?,
        _ => return None,
    };
    let arguments = arguments.strip_prefix('(')?.strip_suffix(')')?;
    let arguments = arguments.strip_suffix(',').unwrap_or(arguments);
    let arrow = if result.is_empty() || result == "()" { String::new() } else { format!(" -> {result}") };
    Some(format!("{before}{trait_name}({arguments}){arrow}{}", generic.rest))
}

/// Without the default allocator anywhere, and without the hasher of maps and sets: it says nothing of what is in
/// them. What is nested deeper than `depth` stays as it is.
fn without_defaults(name: &str, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else { return name.to_owned() };
    let name = name.replace(", Global>", ">");
    let mut result = String::with_capacity(name.len());
    let mut rest = name.as_str();
    while let Some((at, hashed, kept)) = next_hashed(rest) {
        let (before, from) = rest.split_at(at);
        result.push_str(before);
        match split_generic(from) {
            Some(generic) if generic.arguments.len() == kept + 1 => {
                let arguments: Vec<String> =
                    generic.arguments.iter().take(kept).map(|argument| without_defaults(argument, depth)).collect();
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
        assert_eq!(short_type_name("(u8)"), "(u8,)");
        assert_eq!(short_type_name("core::option::Option<((u8), i8)>"), "Option<((u8,), i8)>");
        assert_eq!(short_type_name("&(dyn demo::A + core::marker::Send)"), "&(dyn A + Send)");
        assert_eq!(short_type_name("&mut (dyn demo::A)"), "&mut (dyn A)");
        assert_eq!(short_type_name("()"), "()");
        let boxed =
            "alloc::boxed::Box<dyn core::ops::function::Fn<(i32), Output=alloc::string::String>, alloc::alloc::Global>";
        assert_eq!(short_type_name(boxed), "Box<dyn Fn(i32) -> String>");
        assert_eq!(
            short_type_name("&mut dyn core::ops::function::FnMut<(u8, &str), Output=()>"),
            "&mut dyn FnMut(u8, &str)"
        );
        assert_eq!(short_type_name("dyn core::ops::function::FnOnce<(), Output=()>"), "dyn FnOnce()");
        assert_eq!(short_type_name("demo::main::{closure_env#0}"), "{closure_env#0}");
    }
}
