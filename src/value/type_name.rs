//! Types as their language writes them: short names for reading, full ones on request.

use std::cell::Cell;
use std::rc::Rc;

use crate::dwarf::types::{PointerKind, Qualifier, RecordKind, TypeId, TypeKind};
use crate::dwarf::{Language, TypeTable};
use crate::limits::{MAX_TYPE_CHAIN, MAX_TYPE_NAME_PARTS};

use super::characters::is_str;
use super::language::{rust, short_name};

/// Short (`Vec<String>`, `node_t *`) or full (with namespaces and default parameters).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    Short,
    Full,
}

/// The name of a type.
pub fn type_name(types: &TypeTable<'_>, id: TypeId, length: Length) -> String {
    let spell = || Namer::new(types, length, &Cell::new(MAX_TYPE_NAME_PARTS)).name(id, MAX_TYPE_CHAIN);
    types.spelled(id, length == Length::Full, spell).to_string()
}

/// The declaration of `declarator` as `id`: `int (*handlers[4])(int)` in C.
pub fn declaration(types: &TypeTable<'_>, id: TypeId, declarator: &str) -> String {
    let budget = Cell::new(MAX_TYPE_NAME_PARTS);
    let (left, right) = Namer::new(types, Length::Full, &budget).parts(id, MAX_TYPE_CHAIN);
    let space = if left.ends_with(['*', '&', '(', ' ']) || declarator.is_empty() { "" } else { " " };
    format!("{left}{space}{declarator}{right}")
}

/// Which part of a type's name its definition may take the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Core {
    /// Records and enumerations that have no name.
    Anonymous,
    /// The record or enumeration behind all typedefs, as `ptype` shows it.
    Resolved,
}

/// A type's name around the definition of the record or enumeration that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelled {
    /// What is to be defined, between `before` and `left`; none: all is said with names.
    pub core: Option<TypeId>,
    pub before: String,
    /// What stands before the declarator.
    pub left: String,
    /// What stands behind the declarator.
    pub right: String,
}

/// Stands for the definition; no name in debug information has it.
const CORE_MARK: char = '\u{0}';

/// The name of a type, ready to have a definition in it. `own` are the types that have names of their own where it is
/// written (a template's parameters).
pub fn spelled(types: &TypeTable<'_>, id: TypeId, length: Length, core: Core, own: &[(TypeId, Rc<str>)]) -> Spelled {
    let budget = Cell::new(MAX_TYPE_NAME_PARTS);
    let namer = Namer { core: Some(core), own, ..Namer::new(types, length, &budget) };
    let (text, right) = namer.parts(id, MAX_TYPE_CHAIN);
    let right_of_core = text.split_once(CORE_MARK).map(|(before, left)| (before.to_owned(), left.to_owned()));
    let (before, left) = right_of_core.unwrap_or_else(|| (String::new(), text.clone()));
    let found = text.contains(CORE_MARK).then(|| namer.core_of(id));
    Spelled { core: found.flatten(), before, left, right }
}

/// Whether a name ends in a declarator, which a bracket follows without a space: `*`, `* const`.
pub fn ends_declarator(left: &str) -> bool {
    let qualifiers = |rest: &str| rest.split(' ').all(|word| matches!(word, "" | "const" | "volatile" | "restrict"));
    left.ends_with(['(', ' ']) || left.rsplit_once(['*', '&']).is_some_and(|(_, rest)| qualifiers(rest))
}

struct Namer<'a, 'f> {
    types: &'a TypeTable<'f>,
    length: Length,
    /// What is replaced by `CORE_MARK`.
    core: Option<Core>,
    own: &'a [(TypeId, Rc<str>)],
    /// Types that may still be named: a function's parameters may be functions of functions.
    budget: &'a Cell<u32>,
}

impl<'a, 'f> Namer<'a, 'f> {
    fn new(types: &'a TypeTable<'f>, length: Length, budget: &'a Cell<u32>) -> Self {
        Namer { types, length, core: None, own: &[], budget }
    }

    fn name(&self, id: TypeId, depth: usize) -> String {
        // Only what is declared itself may be defined, not its parameters.
        let plain = Namer { core: None, ..*self };
        let (left, right) = plain.parts(id, depth);
        if right.starts_with('[') && !ends_declarator(&left) {
            return format!("{left} {right}");
        }
        format!("{left}{right}")
    }

    /// Whether the definition of `id` is to be put in place of its name.
    fn is_core(&self, id: TypeId) -> bool {
        let found = self.types.get(id);
        matches!(found.kind, TypeKind::Record(_) | TypeKind::Enumeration(_))
            && match self.core {
                None => false,
                Some(Core::Anonymous) => found.name.is_none(),
                Some(Core::Resolved) => true,
            }
    }

    /// What `parts` has put `CORE_MARK` for.
    fn core_of(&self, id: TypeId) -> Option<TypeId> {
        let mut id = id;
        for _ in 0..MAX_TYPE_CHAIN {
            if self.is_core(id) {
                return Some(id);
            }
            id = match &self.types.get(id).kind {
                TypeKind::Pointer { target, .. }
                | TypeKind::MemberPointer { target, .. }
                | TypeKind::Typedef { target }
                | TypeKind::Qualified { target, .. } => *target,
                TypeKind::Array(array) => array.element,
                TypeKind::Function(function) => function.result?,
                _ => return None,
            };
        }
        None
    }

    fn own_name(&self, id: TypeId) -> Option<String> {
        let found = self.types.get(id);
        match self.length {
            // Two of C++'s namespaces may well have a type of one name.
            Length::Short if found.language == Language::Cpp => {
                self.types.qualified_name(id).map(|name| short_name(found.language, &name))
            }
            Length::Short => found.name.as_deref().map(|name| short_name(found.language, name)),
            Length::Full => self.types.qualified_name(id).map(|name| name.to_string()),
        }
    }

    /// What stands before and after a declarator.
    fn parts(&self, id: TypeId, depth: usize) -> (String, String) {
        let plain = |text: String| (text, String::new());
        let (Some(depth), Some(budget)) = (depth.checked_sub(1), self.budget.get().checked_sub(1)) else {
            return plain("...".into());
        };
        self.budget.set(budget);
        if let Some((_, name)) = self.own.iter().find(|(own, _)| *own == id) {
            return plain(name.to_string());
        }
        if self.is_core(id) {
            return plain(CORE_MARK.into());
        }
        let found = self.types.get(id);
        if let (TypeKind::Typedef { target }, Some(Core::Resolved)) = (&found.kind, self.core) {
            return self.parts(*target, depth);
        }
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
                if let Some(this) = function.this.filter(|_| found.language == Language::Cpp) {
                    // As the standard has it: `this` itself cannot be changed.
                    let name = self.name(this, depth);
                    parameters.insert(0, if name.ends_with("const") { name } else { format!("{name} const") });
                }
                if function.variadic {
                    parameters.push("...".into());
                } else if parameters.is_empty() && (found.language == Language::Cpp || function.prototyped) {
                    parameters.push("void".into());
                }
                let result = function.result.unwrap_or_else(|| self.types.void());
                let (left, right) = self.parts(result, depth);
                let space = if ends_declarator(&left) { "" } else { " " };
                (format!("{left}{space}"), format!("({}){right}", parameters.join(", ")))
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
        let (_, stripped) = self.types.peel(target);
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
            TypeKind::Array(array) if is_str(&self.types.get(array.element)) => "str".into(),
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
