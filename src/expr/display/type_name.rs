//! Type names and paths written back, each in the spelling of its language.

use std::fmt::{self, Display, Formatter};

use crate::expr::ast::{
    ArraySyntax, FunctionSyntax, GenericArgument, Path, PointerSyntax, Qualifier, ReferenceSyntax, SliceSyntax, Tag,
    TypeName, TypeNameKind,
};

impl Display for Path {
    /// As debug information spells it, but with the quotes; the alternate form (`{:#}`) puts `::` before type
    /// arguments, so that no expression can take their `<` for a comparison.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.segments.iter().enumerate() {
            if index > 0 || self.global {
                f.write_str("::")?;
            }
            if segment.quoted {
                write!(f, "'{}'", segment.name)?
            } else {
                f.write_str(&segment.name)?
            }
            if let Some(arguments) = &segment.arguments {
                f.write_str(if f.alternate() { "::<" } else { "<" })?;
                write_list(f, arguments)?;
                f.write_str(">")?;
            }
        }
        Ok(())
    }
}

fn write_list<T: Display>(f: &mut Formatter<'_>, items: &[T]) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if index > 0 { ", " } else { "" })?;
    }
    Ok(())
}

impl Display for GenericArgument {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            GenericArgument::Type(typ) => write!(f, "{typ}"),
            GenericArgument::Int { negative, value } => write!(f, "{}{value}", if *negative { "-" } else { "" }),
            GenericArgument::Char(literal) => write!(f, "{literal}"),
            GenericArgument::Bool(value) => write!(f, "{value}"),
            GenericArgument::Lifetime(name) => write!(f, "'{name}"),
            GenericArgument::Binding { name, typ } => write!(f, "{name}={typ}"),
        }
    }
}

impl Display for Tag {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Tag::Struct => "struct",
            Tag::Union => "union",
            Tag::Enum => "enum",
            Tag::Class => "class",
        })
    }
}

impl Display for Qualifier {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Qualifier::Const => "const",
            Qualifier::Volatile => "volatile",
            Qualifier::Restrict => "restrict",
            Qualifier::Atomic => "_Atomic",
        })
    }
}

impl Display for TypeName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_around(f, self, "")
    }
}

/// Writes `typ` around `inner`, the part of C's declarator that is nearer to the name that is not there.
fn write_around(f: &mut Formatter<'_>, typ: &TypeName, inner: &str) -> fmt::Result {
    match &typ.kind {
        TypeNameKind::Pointer { syntax: PointerSyntax::C, target } => write_pointer(f, target, "*", inner),
        TypeNameKind::Reference { syntax: ReferenceSyntax::Cpp, target } => write_pointer(f, target, "&", inner),
        TypeNameKind::Reference { syntax: ReferenceSyntax::CppRvalue, target } => write_pointer(f, target, "&&", inner),
        TypeNameKind::Qualified { qualifier, inner: target } if is_declarator(target) => {
            let space = if inner.is_empty() || inner.starts_with(['[', '(']) { "" } else { " " };
            write_around(f, target, &format!(" {qualifier}{space}{inner}"))
        }
        TypeNameKind::Array { syntax: ArraySyntax::C, element, length } => {
            let length = length.map(|length| length.to_string()).unwrap_or_default();
            write_around(f, element, &format!("{}[{length}]", inner.trim_start()))
        }
        TypeNameKind::Function { syntax: FunctionSyntax::C, result: Some(result), parameters, variadic } => {
            let mut list: Vec<String> = parameters.iter().map(ToString::to_string).collect();
            if *variadic {
                list.push("...".into());
            }
            let list = if list.is_empty() { "void".into() } else { list.join(", ") };
            write_around(f, result, &format!("{}({list})", inner.trim_start()))
        }
        kind => match inner.trim_start() {
            "" => write_prefixed(f, kind),
            inner if is_open(kind) => {
                f.write_str("(")?;
                write_prefixed(f, kind)?;
                write!(f, ") {inner}")
            }
            inner => {
                write_prefixed(f, kind)?;
                write!(f, " {inner}")
            }
        },
    }
}

/// What would take a declarator behind it for part of the type it is about.
fn is_open(kind: &TypeNameKind) -> bool {
    match kind {
        TypeNameKind::Name(_) | TypeNameKind::Base(_) | TypeNameKind::Tagged { .. } | TypeNameKind::Tuple(_) => false,
        TypeNameKind::Array { syntax, .. } => matches!(syntax, ArraySyntax::Zig { .. }),
        TypeNameKind::Slice { syntax, .. } => *syntax != SliceSyntax::Rust,
        TypeNameKind::Qualified { inner, .. } => is_open(&inner.kind),
        _ => true,
    }
}

/// `typ` has something of C behind it, which may only follow `as` in parentheses.
pub(super) fn has_declarator(typ: &TypeName) -> bool {
    match &typ.kind {
        TypeNameKind::Array { syntax, .. } => *syntax == ArraySyntax::C,
        TypeNameKind::Function { syntax, .. } => *syntax == FunctionSyntax::C,
        _ => is_declarator(typ),
    }
}

/// What C writes behind the type in front.
fn is_declarator(typ: &TypeName) -> bool {
    match &typ.kind {
        TypeNameKind::Pointer { syntax, .. } => *syntax == PointerSyntax::C,
        TypeNameKind::Reference { syntax, .. } => {
            matches!(syntax, ReferenceSyntax::Cpp | ReferenceSyntax::CppRvalue)
        }
        TypeNameKind::Qualified { inner, .. } => is_declarator(inner),
        _ => false,
    }
}

fn write_pointer(f: &mut Formatter<'_>, target: &TypeName, sign: &str, inner: &str) -> fmt::Result {
    let suffixed = match &target.kind {
        TypeNameKind::Array { syntax, .. } => *syntax == ArraySyntax::C,
        TypeNameKind::Function { syntax, .. } => *syntax == FunctionSyntax::C,
        _ => false,
    };
    let around = if suffixed { format!("({sign}{inner})") } else { format!("{sign}{inner}") };
    write_around(f, target, &around)
}

/// What has nothing behind the type it is about.
fn write_prefixed(f: &mut Formatter<'_>, kind: &TypeNameKind) -> fmt::Result {
    match kind {
        TypeNameKind::Name(path) => write!(f, "{path}"),
        TypeNameKind::Base(base) => f.write_str(base.spelling()),
        TypeNameKind::Tagged { tag, name } => write!(f, "{tag} {name}"),
        TypeNameKind::Qualified { qualifier, inner } => write!(f, "{qualifier} {inner}"),
        TypeNameKind::Pointer { syntax, target } => write!(f, "{}{target}", pointer_prefix(*syntax)),
        TypeNameKind::Reference { syntax, target } => {
            write!(f, "&{}{target}", if *syntax == ReferenceSyntax::RustMut { "mut " } else { "" })
        }
        TypeNameKind::Array { syntax, element, length } => {
            let length = length.unwrap_or_default();
            match syntax {
                ArraySyntax::Zig { sentinel: true } => write!(f, "[{length}:0]{element}"),
                ArraySyntax::Zig { sentinel: false } => write!(f, "[{length}]{element}"),
                ArraySyntax::C | ArraySyntax::Rust => write!(f, "[{element}; {length}]"),
            }
        }
        TypeNameKind::Slice { syntax: SliceSyntax::Rust, element, .. } => write!(f, "[{element}]"),
        TypeNameKind::Slice { syntax: SliceSyntax::Zig { sentinel }, constant, element } => {
            let constant = if *constant { "const " } else { "" };
            write!(f, "[{}]{constant}{element}", if *sentinel { ":0" } else { "" })
        }
        TypeNameKind::Function { result, parameters, variadic, .. } => {
            f.write_str("fn(")?;
            write_list(f, parameters)?;
            f.write_str(match (variadic, parameters.is_empty()) {
                (false, _) => ")",
                (true, true) => "...)",
                (true, false) => ", ...)",
            })?;
            result.as_ref().map_or(Ok(()), |result| write!(f, " -> {result}"))
        }
        TypeNameKind::Tuple(elements) => {
            f.write_str("(")?;
            write_list(f, elements)?;
            f.write_str(if elements.len() == 1 { ",)" } else { ")" })
        }
        TypeNameKind::Dyn(traits) => {
            f.write_str("dyn ")?;
            traits
                .iter()
                .enumerate()
                .try_for_each(|(index, path)| write!(f, "{}{path}", if index > 0 { " + " } else { "" }))
        }
        TypeNameKind::Optional(inner) => write!(f, "?{inner}"),
        TypeNameKind::ErrorUnion { error, payload } => {
            error.iter().try_for_each(|error| write!(f, "{error}"))?;
            write!(f, "!{payload}")
        }
        TypeNameKind::Never => f.write_str("!"),
    }
}

fn pointer_prefix(syntax: PointerSyntax) -> String {
    match syntax {
        PointerSyntax::C | PointerSyntax::Zig => "*".into(),
        PointerSyntax::RustMut => "*mut ".into(),
        PointerSyntax::Const => "*const ".into(),
        PointerSyntax::ZigMany { constant, c, sentinel } => {
            let kind = if c { "*c" } else { "*" };
            let sentinel = if sentinel { ":0" } else { "" };
            format!("[{kind}{sentinel}]{}", if constant { "const " } else { "" })
        }
    }
}
