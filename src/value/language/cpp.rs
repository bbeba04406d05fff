//! C++ names as their programmers write them.

/// A name without the versioned inline namespaces of libc++ (`std::__2::vector`).
pub fn short_type_name(name: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_namespaces_of_libcxx_are_dropped() {
        assert_eq!(short_type_name("std::__2::vector<std::__1::pair<int, int>>"), "std::vector<std::pair<int, int>>");
        assert_eq!(short_type_name("std::__detail::x"), "std::__detail::x");
    }
}
