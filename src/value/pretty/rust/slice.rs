//! Pointers with a length: `&str`, `&[T]`, `Box<[T]>`, `*const str`, `&Path`.

use crate::value::language::{base_name, split_generic};
use crate::value::view::View;

use super::super::part::{Formed, Part};
use super::string::text;

/// The text or the elements behind a pointer with a length.
pub fn view<'a>(slice: &Part<'a, '_>) -> Formed<View<'a>> {
    let length = slice.member("length")?.number()?;
    let pointer = slice.member("data_ptr")?;
    let (_, element) = pointer.pointer()?;
    let address = pointer.address()?;
    match pointee(slice.found.name.as_deref().unwrap_or_default()) {
        "str" | "Path" | "OsStr" | "Wtf8" => text(slice, address, length),
        // Its NUL is counted.
        "CStr" => text(slice, address, length.saturating_sub(1)),
        _ => slice.array(address, element, length),
    }
}

/// `str` of `&str`, `*const str`, `Box<str, Global>`; the type's own name of a path.
pub fn pointee(name: &str) -> &str {
    let pointed = match split_generic(name) {
        Some(generic) if !name.starts_with(['&', '*']) => generic.arguments.first().copied().unwrap_or_default(),
        _ => name.trim_start_matches(['&', '*']),
    };
    let pointed = pointed.strip_prefix("mut ").or_else(|| pointed.strip_prefix("const ")).unwrap_or(pointed);
    if pointed.starts_with('[') {
        return pointed;
    }
    base_name(pointed).rsplit("::").next().unwrap_or(pointed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pointee_is_told_by_the_name() {
        for (name, expected) in [
            ("&str", "str"),
            ("&mut str", "str"),
            ("*const str", "str"),
            ("alloc::boxed::Box<str, alloc::alloc::Global>", "str"),
            ("&std::path::Path", "Path"),
            ("&core::ffi::c_str::CStr", "CStr"),
            ("&[demo::str]", "[demo::str]"),
            ("alloc::boxed::Box<[u8], alloc::alloc::Global>", "[u8]"),
        ] {
            assert_eq!(pointee(name), expected, "{name}");
        }
    }
}
