//! How a language writes braces, separators and nothing: data, no code paths.

use crate::dwarf::Language;
use crate::value::view::{FieldStyle, ItemStyle};

/// The signs of one language.
pub struct Notation {
    pub before_name: &'static str,
    pub after_name: &'static str,
    open_fields: &'static str,
    pub close_fields: &'static str,
    pub open_list: &'static str,
    pub close_list: &'static str,
    open_set: &'static str,
    close_set: &'static str,
    pub before_key: &'static str,
    pub after_key: &'static str,
    pub nothing: &'static str,
    open_map: &'static str,
    close_map: &'static str,
    /// Records are written with their type's name in front.
    names_records: bool,
}

const C: Notation = Notation {
    before_name: "",
    after_name: " = ",
    open_fields: "{",
    close_fields: "}",
    open_list: "{",
    close_list: "}",
    open_set: "{",
    close_set: "}",
    before_key: "[",
    after_key: "] = ",
    nothing: "void",
    open_map: "{",
    close_map: "}",
    names_records: false,
};

const RUST: Notation = Notation {
    before_name: "",
    after_name: ": ",
    open_fields: "{",
    close_fields: "}",
    open_list: "[",
    close_list: "]",
    open_set: "{",
    close_set: "}",
    before_key: "",
    after_key: ": ",
    nothing: "()",
    open_map: "{",
    close_map: "}",
    names_records: true,
};

const ZIG: Notation = Notation {
    before_name: ".",
    after_name: " = ",
    open_fields: ".{ ",
    close_fields: " }",
    open_list: ".{ ",
    close_list: " }",
    open_set: ".{ ",
    close_set: " }",
    before_key: "",
    after_key: " => ",
    nothing: "{}",
    open_map: ".{ ",
    close_map: " }",
    names_records: false,
};

/// The signs of a language.
pub fn notation(language: Language) -> &'static Notation {
    match language {
        Language::Rust => &RUST,
        Language::Zig => &ZIG,
        Language::C | Language::Cpp | Language::Other => &C,
    }
}

impl Notation {
    /// What stands around elements.
    pub fn list(&self, style: ItemStyle) -> (&'static str, &'static str) {
        match style {
            ItemStyle::Sequence => (self.open_list, self.close_list),
            ItemStyle::Set => (self.open_set, self.close_set),
        }
    }

    /// What stands around keys and values.
    pub fn map(&self) -> (&'static str, &'static str) {
        (self.open_map, self.close_map)
    }

    /// Signs with nothing between them: the spaces inside are left out.
    pub fn empty((open, close): (&str, &str)) -> String {
        format!("{}{}", open.trim_end(), close.trim_start())
    }

    /// What opens the fields of a record, behind its name if it has one.
    pub fn open_fields(&self, named: bool) -> &'static str {
        if named { " {" } else { self.open_fields }
    }

    /// What stands in front of a record's fields: its type's name, or nothing.
    pub fn record_name(&self, type_name: &str, style: FieldStyle) -> String {
        // A tuple's type is spelled like its value: only tuple structs have a name.
        let is_plain_tuple = style == FieldStyle::Tuple && type_name.starts_with('(');
        if self.names_records && !is_plain_tuple { type_name.to_owned() } else { String::new() }
    }
}
