//! Rust names as their programmers write them.

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
    result.replace(", Global>", ">")
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
        assert_eq!(short_type_name("&demo::MyThing"), "&MyThing");
        assert_eq!(short_type_name("&mut [core::option::Option<u8>]"), "&mut [Option<u8>]");
        assert_eq!(short_type_name("(u8, core::num::nonzero::NonZero<u32>)"), "(u8, NonZero<u32>)");
        assert_eq!(short_type_name("fn(demo::A) -> demo::B"), "fn(A) -> B");
        assert_eq!(short_type_name("demo::main::{closure_env#0}"), "{closure_env#0}");
    }
}
