//! Source languages: which one a unit is written in, and how its names are demangled.

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

/// A linkage name as its source has it, without parameter types and hashes; none if it is no mangled name.
pub fn demangle(linkage_name: &str) -> Option<String> {
    if let Ok(name) = rustc_demangle::try_demangle(linkage_name) {
        return Some(format!("{name:#}"));
    }
    if !linkage_name.starts_with("_Z") && !linkage_name.starts_with("__Z") {
        return None;
    }
    let limited = cpp_demangle::ParseOptions::default().recursion_limit(96);
    let symbol = cpp_demangle::Symbol::new_with_options(
        linkage_name.strip_prefix('_').filter(|n| n.starts_with("_Z")).unwrap_or(linkage_name),
        &limited,
    )
    .ok()?;
    let options = cpp_demangle::DemangleOptions::new().no_params().no_return_type().hide_expression_literal_types();
    symbol.demangle_with_options(&options).ok()
}
