//! What the parser asks about names, since in C's syntax `(x) -1` means two things.

use crate::expr::ast::{
    ArraySyntax, BaseName, FunctionSyntax, GenericArgument, Path, PointerSyntax, ReferenceSyntax, SliceSyntax, Span,
    TypeName, TypeNameKind,
};

/// What a name stands for where the expression is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// A variable, function, constant or enumerator; also where a type has the same name.
    Value,
    /// A type.
    Type,
    /// Neither, or nobody knows.
    Unknown,
}

/// Whose rules hold where languages differ: for leading zeros, precedence and word operators. Everything else is
/// accepted of every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Syntax {
    #[default]
    C,
    Cpp,
    Rust,
    Zig,
}

/// Knows the names of the program where the expression is read. A method may be asked often, and about names that
/// do not exist.
pub trait TypeOracle {
    /// What `path` stands for.
    fn classify(&self, path: &Path) -> NameKind;

    /// The language of the selected frame, or the one that the user set.
    fn syntax(&self) -> Syntax {
        Syntax::C
    }
}

/// Knows no names: for text whose program is not at hand.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoNames;

impl TypeOracle for NoNames {
    fn classify(&self, _: &Path) -> NameKind {
        NameKind::Unknown
    }
}

/// How sure it is that what parses as a type is meant as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// A name in it is a variable, and it could be an expression.
    Not,
    /// A name in it is not known.
    Maybe,
    /// Its names are types, or it could not be an expression.
    Sure,
}

/// Scalar types that Rust and Zig have by name, and C has as typedefs.
pub fn is_scalar_name(name: &str) -> bool {
    matches!(
        name,
        "u8" | "u16"
            | "u32"
            | "u64"
            | "u128"
            | "usize"
            | "i8"
            | "i16"
            | "i32"
            | "i64"
            | "i128"
            | "isize"
            | "f16"
            | "f32"
            | "f64"
            | "f128"
            | "str"
    )
}

/// Whether `typ`, which was parsed as a type, is meant as one.
pub fn certainty(typ: &TypeName, oracle: &dyn TypeOracle) -> Certainty {
    let of = |inner: &TypeName| certainty(inner, oracle);
    match &typ.kind {
        TypeNameKind::Name(path) => path_certainty(path, oracle),
        TypeNameKind::Base(base) => base_certainty(*base, oracle),
        // These read as expressions just as well: `*x`, `&x`, `x[4]`, `[x; 4]`, `[x]`, `f(x)`, `(x, y)`, `!x`.
        TypeNameKind::Pointer { syntax: PointerSyntax::Zig, target }
        | TypeNameKind::Reference { syntax: ReferenceSyntax::Rust | ReferenceSyntax::RustMut, target } => of(target),
        TypeNameKind::Array { syntax: ArraySyntax::C, length: Some(_), element }
        | TypeNameKind::Array { syntax: ArraySyntax::Rust, element, .. }
        | TypeNameKind::Slice { syntax: SliceSyntax::Rust, element, .. } => of(element),
        TypeNameKind::Function { syntax: FunctionSyntax::C, result, parameters, .. } => {
            let parts = result.iter().map(|result| &**result).chain(parameters);
            parts.map(of).min().unwrap_or(Certainty::Sure)
        }
        TypeNameKind::Tuple(elements) => elements.iter().map(of).min().unwrap_or(Certainty::Sure),
        TypeNameKind::ErrorUnion { error: None, payload } => of(payload),
        // These do not, but `x *` is no type if x is a variable.
        TypeNameKind::Qualified { inner, .. }
        | TypeNameKind::Pointer { target: inner, .. }
        | TypeNameKind::Reference { target: inner, .. }
        | TypeNameKind::Array { element: inner, .. }
        | TypeNameKind::Slice { element: inner, .. }
        | TypeNameKind::Optional(inner)
        | TypeNameKind::ErrorUnion { payload: inner, .. } => match of(inner) {
            Certainty::Not => Certainty::Not,
            Certainty::Maybe | Certainty::Sure => Certainty::Sure,
        },
        TypeNameKind::Tagged { .. } | TypeNameKind::Function { .. } | TypeNameKind::Dyn(_) | TypeNameKind::Never => {
            Certainty::Sure
        }
    }
}

fn path_certainty(path: &Path, oracle: &dyn TypeOracle) -> Certainty {
    match oracle.classify(path) {
        NameKind::Value => Certainty::Not,
        NameKind::Type => Certainty::Sure,
        NameKind::Unknown => match path.single() {
            Some("true" | "false" | "null" | "nullptr") => Certainty::Not,
            Some(name) if is_scalar_name(name) => Certainty::Sure,
            _ => Certainty::Maybe,
        },
    }
}

/// C's type words are reserved in C alone: a Rust variable may be called `long`, or `signed`, which alone means `int`.
fn base_certainty(base: BaseName, oracle: &dyn TypeOracle) -> Certainty {
    let words = match base {
        BaseName::Int => &["int", "signed"][..],
        BaseName::UnsignedInt => &["unsigned"],
        _ => &[base.spelling()],
    };
    let is_value =
        |word: &&str| !word.contains(' ') && oracle.classify(&Path::of(word, Span::default())) == NameKind::Value;
    if words.iter().any(is_value) { Certainty::Not } else { Certainty::Sure }
}

/// Whether `arguments`, read after a `<` that might as well compare, are meant as type arguments.
pub fn are_type_arguments(arguments: &[GenericArgument], oracle: &dyn TypeOracle) -> bool {
    let mut types = arguments.iter().filter_map(|argument| match argument {
        GenericArgument::Type(typ) | GenericArgument::Binding { typ, .. } => Some(typ),
        _ => None,
    });
    types.next().is_some_and(|first| {
        certainty(first, oracle) == Certainty::Sure && types.all(|typ| certainty(typ, oracle) == Certainty::Sure)
    })
}
