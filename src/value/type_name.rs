//! Types as their language writes them: short names for reading, full ones on request.

use crate::dwarf::types::{PointerKind, Qualifier, RecordKind, TypeId, TypeKind};
use crate::dwarf::{Language, TypeTable};
use crate::limits::MAX_TYPE_CHAIN;

use super::language::{rust, short_name};

/// Short (`Vec<String>`, `node_t *`) or full (with namespaces and default parameters).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    Short,
    Full,
}

/// The name of a type.
pub fn type_name(types: &TypeTable<'_>, id: TypeId, length: Length) -> String {
    Namer { types, length }.name(id, MAX_TYPE_CHAIN)
}

/// The declaration of `declarator` as `id`: `int (*handlers[4])(int)` in C.
pub fn declaration(types: &TypeTable<'_>, id: TypeId, declarator: &str) -> String {
    let namer = Namer { types, length: Length::Full };
    let (left, right) = namer.parts(id, MAX_TYPE_CHAIN);
    let space = if left.ends_with(['*', '&', '(', ' ']) || declarator.is_empty() { "" } else { " " };
    format!("{left}{space}{declarator}{right}")
}

struct Namer<'a, 'f> {
    types: &'a TypeTable<'f>,
    length: Length,
}

impl Namer<'_, '_> {
    fn name(&self, id: TypeId, depth: usize) -> String {
        let (left, right) = self.parts(id, depth);
        if right.starts_with('[') && !left.ends_with(['*', '&', '(', ' ']) {
            return format!("{left} {right}");
        }
        format!("{left}{right}")
    }

    fn own_name(&self, id: TypeId) -> Option<String> {
        let found = self.types.get(id);
        match self.length {
            Length::Short => found.name.as_deref().map(|name| short_name(found.language, name)),
            Length::Full => self.types.qualified_name(id).map(|name| name.to_string()),
        }
    }

    /// What stands before and after a declarator.
    fn parts(&self, id: TypeId, depth: usize) -> (String, String) {
        let plain = |text: String| (text, String::new());
        let Some(depth) = depth.checked_sub(1) else { return plain("...".into()) };
        let found = self.types.get(id);
        if matches!(found.language, Language::Rust | Language::Zig) {
            return plain(self.rust_like(id, depth));
        }
        match &found.kind {
            TypeKind::Pointer { target, kind } => {
                let sign = match kind {
                    PointerKind::Pointer => "*",
                    PointerKind::Reference => "&",
                    PointerKind::RvalueReference => "&&",
                };
                self.pointer(*target, sign, depth)
            }
            TypeKind::MemberPointer { target, class } => {
                let sign = format!("{}::*", self.name(*class, depth));
                self.pointer(*target, &sign, depth)
            }
            TypeKind::Qualified { qualifier, target } => self.qualified(*qualifier, *target, depth),
            TypeKind::Array(array) => {
                let (left, right) = self.parts(array.element, depth);
                let count = array.count.map(|count| count.to_string()).unwrap_or_default();
                if array.is_vector {
                    return plain(format!("{left}{right} __attribute__ ((vector_size({count})))"));
                }
                (left, format!("[{count}]{right}"))
            }
            TypeKind::Function(function) => {
                let mut parameters: Vec<String> = function.parameters.iter().map(|p| self.name(*p, depth)).collect();
                if function.variadic {
                    parameters.push("...".into());
                } else if parameters.is_empty() && found.language == Language::C && function.prototyped {
                    parameters.push("void".into());
                }
                let result = function.result.unwrap_or_else(|| self.types.void());
                let (left, right) = self.parts(result, depth);
                (format!("{left} "), format!("({}){right}", parameters.join(", ")))
            }
            TypeKind::Record(record) => {
                let keyword = match record.kind {
                    RecordKind::Struct => "struct",
                    RecordKind::Class => "class",
                    RecordKind::Union => "union",
                };
                plain(self.tagged(id, keyword, found.language))
            }
            TypeKind::Enumeration(_) => plain(self.tagged(id, "enum", found.language)),
            TypeKind::Void => plain(self.own_name(id).unwrap_or_else(|| "void".into())),
            TypeKind::Base(_) | TypeKind::Typedef { .. } => {
                plain(self.own_name(id).unwrap_or_else(|| "<unnamed type>".into()))
            }
            TypeKind::Broken(_) => plain("<unreadable type>".into()),
        }
    }

    fn pointer(&self, target: TypeId, sign: &str, depth: usize) -> (String, String) {
        let (left, right) = self.parts(target, depth);
        // A pointer to an array or function binds tighter than what follows the name.
        if right.starts_with(['[', '(']) {
            let space = if left.ends_with([' ', '*', '&', '(']) { "" } else { " " };
            return (format!("{left}{space}({sign}"), format!("){right}"));
        }
        let space = if left.ends_with(['*', '&', '(']) { "" } else { " " };
        (format!("{left}{space}{sign}"), right)
    }

    fn qualified(&self, qualifier: Qualifier, target: TypeId, depth: usize) -> (String, String) {
        let word = match qualifier {
            Qualifier::Const => "const",
            Qualifier::Volatile => "volatile",
            Qualifier::Restrict => "restrict",
            Qualifier::Atomic => "_Atomic",
        };
        let (left, right) = self.parts(target, depth);
        let (_, stripped) = self.types.strip(target);
        let is_pointer = matches!(self.types.get(target).kind, TypeKind::Pointer { .. })
            || matches!(stripped.kind, TypeKind::Pointer { .. }) && self.types.get(target).name.is_none();
        // Qualifiers of a pointer stand behind its star, of anything else in front.
        if is_pointer { (format!("{left} {word}"), right) } else { (format!("{word} {left}"), right) }
    }

    fn tagged(&self, id: TypeId, keyword: &str, language: Language) -> String {
        match (self.own_name(id), language) {
            (Some(name), Language::C) => format!("{keyword} {name}"),
            (Some(name), _) => name,
            (None, _) => format!("{keyword} {{...}}"),
        }
    }

    /// Rust and Zig write types from left to right, and their compilers name most derived types themselves.
    fn rust_like(&self, id: TypeId, depth: usize) -> String {
        let found = self.types.get(id);
        // A function's own name is not its type's.
        let is_function = matches!(found.kind, TypeKind::Function(_));
        if let Some(name) = self.own_name(id).filter(|_| !is_function) {
            return name;
        }
        match &found.kind {
            TypeKind::Pointer { target, kind: PointerKind::Pointer } => format!("*const {}", self.name(*target, depth)),
            TypeKind::Pointer { target, .. } => format!("&{}", self.name(*target, depth)),
            TypeKind::Array(array) if found.language == Language::Zig => {
                let count = array.count.map(|c| c.to_string()).unwrap_or_default();
                format!("[{count}]{}", self.name(array.element, depth))
            }
            TypeKind::Array(array) => {
                let element = self.name(array.element, depth);
                array.count.map_or_else(|| format!("[{element}]"), |count| format!("[{element}; {count}]"))
            }
            TypeKind::Function(function) => {
                let parameters: Vec<String> = function.parameters.iter().map(|p| self.name(*p, depth)).collect();
                let result = function.result.map(|r| self.name(r, depth)).filter(|r| r != "()");
                rust::function_type(&parameters, result.as_deref())
            }
            TypeKind::Qualified { target, .. } => self.name(*target, depth),
            TypeKind::Void => "()".into(),
            TypeKind::Broken(_) => "<unreadable type>".into(),
            _ => "<unnamed type>".into(),
        }
    }
}
