//! Source languages: which one a unit is written in, and how its names are demangled.

use std::fmt::Write;

use crate::limits::MAX_NAME_BYTES;

/// A source language, as far as the debugger treats it differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    C,
    Cpp,
    Rust,
    Zig,
    /// Anything else; values are written as C writes them.
    Other,
}

impl Language {
    /// From DW_AT_language and the producer: Zig says C99 and is told by its producer.
    pub fn from_dwarf(language: Option<u16>, producer: Option<&str>) -> Self {
        if producer.is_some_and(|p| p.starts_with("zig")) {
            return Language::Zig;
        }
        match language.map(gimli::DwLang) {
            Some(
                gimli::DW_LANG_C
                | gimli::DW_LANG_C89
                | gimli::DW_LANG_C99
                | gimli::DW_LANG_C11
                | gimli::DW_LANG_C17
                | gimli::DW_LANG_ObjC,
            ) => Language::C,
            Some(
                gimli::DW_LANG_C_plus_plus
                | gimli::DW_LANG_C_plus_plus_03
                | gimli::DW_LANG_C_plus_plus_11
                | gimli::DW_LANG_C_plus_plus_14
                | gimli::DW_LANG_C_plus_plus_17
                | gimli::DW_LANG_C_plus_plus_20
                | gimli::DW_LANG_ObjC_plus_plus,
            ) => Language::Cpp,
            Some(gimli::DW_LANG_Rust) => Language::Rust,
            Some(gimli::DW_LANG_Zig) => Language::Zig,
            _ => Language::Other,
        }
    }

    /// gdb's name of the language, as `show language` and `info source` print it.
    pub fn name(self) -> &'static str {
        match self {
            Language::C => "c",
            Language::Cpp => "c++",
            Language::Rust => "rust",
            Language::Zig => "zig",
            Language::Other => "unknown",
        }
    }

    /// What separates the parts of a qualified name.
    pub fn separator(self) -> &'static str {
        match self {
            Language::Zig => ".",
            _ => "::",
        }
    }
}

/// The DWARF name of a language code without its prefix (`C11`, `Rust`), for reports.
pub fn dwarf_name(language: u16) -> Option<String> {
    let name = gimli::DwLang(language).static_string()?;
    Some(name.strip_prefix("DW_LANG_").unwrap_or(name).to_owned())
}

/// A linkage name as its source has it, without parameter types and hashes; none if it is no mangled name, or one
/// whose text is longer than `MAX_NAME_BYTES`: a few bytes can stand for gigabytes.
pub fn demangle(linkage_name: &str) -> Option<String> {
    let name = linkage_name.strip_prefix('_').filter(|n| n.starts_with("_Z") || n.starts_with("_R"));
    let name = name.unwrap_or(linkage_name);
    if !name.starts_with("_Z") && !name.starts_with("_R") {
        return None;
    }
    let mut text = Limited::default();
    if let Ok(rust) = rustc_demangle::try_demangle(name) {
        return write!(text, "{rust:#}").ok().map(|()| text.0);
    }
    let limited = cpp_demangle::ParseOptions::default().recursion_limit(96);
    let symbol = cpp_demangle::Symbol::new_with_options(name, &limited).ok()?;
    let options = cpp_demangle::DemangleOptions::new().no_params().no_return_type().hide_expression_literal_types();
    symbol.structured_demangle(&mut text, &options).ok()?;
    Some(text.0)
}

/// Text that refuses to grow beyond `MAX_NAME_BYTES`.
#[derive(Default)]
struct Limited(String);

impl Write for Limited {
    fn write_str(&mut self, more: &str) -> std::fmt::Result {
        if self.0.len() + more.len() > MAX_NAME_BYTES {
            return Err(std::fmt::Error);
        }
        self.0.push_str(more);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_hashes_and_parameter_types() {
        for (mangled, name) in [
            ("_ZN4demo9calculate17h0123456789abcdefE", "demo::calculate"),
            ("_RNvCs2tXVscJBe4k_9rust_demo4main", "rust_demo::main"),
            ("_ZNK5MoneydvEi", "Money::operator/"),
            ("_ZN6shapes5ShapeD2Ev", "shapes::Shape::~Shape"),
            ("_Z5twiceIiEvT_", "twice<int>"),
        ] {
            assert_eq!(demangle(mangled).as_deref(), Some(name), "{mangled}");
        }
    }

    #[test]
    fn names_that_are_not_mangled_are_left_alone() {
        for name in ["main", "zig_basic.main", "Rectangle", "_start", "_Z", "_R", "_Znonsense"] {
            assert_eq!(demangle(name), None, "{name}");
        }
    }

    #[test]
    fn a_name_that_unfolds_without_end_is_refused() {
        // Each pair is made of two of the one before: thirty of them are a thousand million types.
        let digits = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let pairs = 30;
        let back: String = digits.chars().take(pairs - 1).map(|digit| format!("S{digit}_E")).collect();
        let mangled = format!("_Z1fI1p{}IiiE{back}Evv", "IS0_".repeat(pairs - 1));
        assert_eq!(demangle(&mangled), None);
        let short = "_Z1fI1pIS0_IiiES1_EEvv";
        assert_eq!(demangle(short).as_deref(), Some("f<p<p<int, int>, p<int, int> > >"));
    }
}
