//! C++ names as their programmers write them.

use super::arguments::split_generic;
use crate::limits::MAX_NAME_PARTS;

/// A qualified name without the versioned inline namespaces of libc++ (`std::__2::vector`) and without the arguments
/// that its templates have by default: `std::vector<std::string>`.
pub fn short_type_name(name: &str) -> String {
    without_defaults(&without_versions(name), MAX_NAME_PARTS)
}

fn without_versions(name: &str) -> String {
    let mut result = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find("std::__") {
        let (before, after) = rest.split_at(at + "std::".len());
        result.push_str(before);
        // `__2::`, `__1::`: digits only; `__detail::` is a real namespace.
        let digits = after.trim_start_matches('_').find(|c: char| !c.is_ascii_digit());
        let inline = digits.filter(|count| *count > 0).map(|count| 2 + count);
        rest = inline.and_then(|length| after.get(length..)).and_then(|r| r.strip_prefix("::")).unwrap_or(after);
    }
    result.push_str(rest);
    result
}

/// What is nested deeper than `depth` stays as it is.
fn without_defaults(name: &str, depth: usize) -> String {
    let (Some(depth), Some(generic)) = (depth.checked_sub(1), split_generic(name)) else { return name.to_owned() };
    let mut arguments: Vec<String> =
        generic.arguments.iter().map(|argument| without_defaults(argument, depth)).collect();
    let rest = without_defaults(generic.rest, depth);
    // `const std::vector`
    let head = generic.base.rsplit(' ').next().unwrap_or(generic.base);
    if let Some(class) = head.strip_prefix("std::") {
        while arguments.len() > 1 && arguments.last().is_some_and(|last| is_default(last)) {
            arguments.pop();
        }
        match (class, arguments.last_mut()) {
            ("basic_string" | "basic_string_view", Some(unit)) => {
                if let Some(text) = text_class(unit, class) {
                    let before = generic.base.strip_suffix(head).unwrap_or_default();
                    return format!("{before}std::{text}{rest}");
                }
            }
            ("array" | "span" | "bitset", Some(count)) => {
                let number = count.trim_end_matches(['U', 'L', 'u', 'l']).to_owned();
                *count = number;
                // The extent of a span that has none.
                if class == "span" && ["4294967295", "18446744073709551615"].contains(&count.as_str()) {
                    arguments.pop();
                }
            }
            ("ratio", Some(_)) => {
                for number in &mut arguments {
                    *number = number.trim_end_matches(['U', 'L', 'u', 'l']).to_owned();
                }
                if arguments.len() == 2 && arguments.last().is_some_and(|denominator| denominator == "1") {
                    arguments.pop();
                }
            }
            ("chrono::duration", Some(period)) if period == "std::ratio<1>" => {
                arguments.pop();
            }
            _ => {}
        }
    }
    format!("{}<{}>{rest}", generic.base, arguments.join(", "))
}

/// Arguments that the library's templates add themselves.
fn is_default(argument: &str) -> bool {
    const DEFAULTS: [&str; 6] = ["allocator", "less", "hash", "equal_to", "default_delete", "char_traits"];
    let class = argument.strip_prefix("std::").and_then(|class| class.split_once('<'));
    class.is_some_and(|(class, _)| DEFAULTS.contains(&class))
}

/// `string` for a `basic_string` of `char`.
fn text_class(unit: &str, class: &str) -> Option<String> {
    let prefix = match unit {
        "char" => "",
        "wchar_t" => "w",
        "char8_t" => "u8",
        "char16_t" => "u16",
        "char32_t" => "u32",
        _ => return None,
    };
    Some(format!("{prefix}{}", class.strip_prefix("basic_")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_namespaces_of_libcxx_are_dropped() {
        assert_eq!(short_type_name("std::__2::pair<std::__1::pair<int, int>, x>"), "std::pair<std::pair<int, int>, x>");
        assert_eq!(short_type_name("std::__detail::x"), "std::__detail::x");
    }

    #[test]
    fn default_arguments_are_dropped() {
        let string = "std::__2::basic_string<char, std::__2::char_traits<char>, std::__2::allocator<char> >";
        assert_eq!(short_type_name(string), "std::string");
        assert_eq!(short_type_name(&format!("const {string} &")), "const std::string &");
        let map = format!(
            "std::__2::map<{string}, int, std::__2::less<{string}>, \
             std::__2::allocator<std::__2::pair<const {string}, int> > >"
        );
        assert_eq!(short_type_name(&map), "std::map<std::string, int>");
        assert_eq!(short_type_name("std::__2::set<int, Later, std::__2::allocator<int> >"), "std::set<int, Later>");
        assert_eq!(short_type_name("std::__2::array<short, 3UL>"), "std::array<short, 3>");
        assert_eq!(short_type_name("std::__2::span<int, 4294967295UL>"), "std::span<int>");
        let duration = |period: &str| short_type_name(&format!("std::__2::chrono::duration<int, {period}>"));
        assert_eq!(duration("std::__2::ratio<1LL, 1LL>"), "std::chrono::duration<int>");
        assert_eq!(duration("std::__2::ratio<1LL, 30LL>"), "std::chrono::duration<int, std::ratio<1, 30>>");
        assert_eq!(duration("std::__2::ratio<60LL, 1LL>"), "std::chrono::duration<int, std::ratio<60>>");
        assert_eq!(short_type_name("std::__2::less<int>"), "std::less<int>");
        assert_eq!(short_type_name("mine::allocator<int>"), "mine::allocator<int>");
    }
}
