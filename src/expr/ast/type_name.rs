//! Type names of C, C++, Rust and Zig, and the paths that they share with expressions.

use crate::expr::ast::literal::{CharLiteral, IntLiteral, Span};

/// A name with its qualifiers: `a::b`, `::a`, `Vec<u8>::x`, `'file.c'::a`.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// It starts with `::`.
    pub global: bool,
    /// At least one, outermost first.
    pub segments: Vec<Segment>,
    pub span: Span,
}

/// One name of a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// Without quotes.
    pub name: String,
    /// It was written in single quotes: a file, or a name that holds `::` or other punctuation.
    pub quoted: bool,
    /// The generic or template arguments; none without angle brackets.
    pub arguments: Option<Vec<GenericArgument>>,
}

/// One generic or template argument.
#[derive(Debug, Clone, PartialEq)]
pub enum GenericArgument {
    Type(TypeName),
    /// A whole number, its sign apart.
    Int {
        negative: bool,
        value: IntLiteral,
    },
    Char(CharLiteral),
    Bool(bool),
    /// Rust: without the `'`.
    Lifetime(String),
    /// Rust: `Output=T`.
    Binding {
        name: String,
        typ: TypeName,
    },
}

/// A type as typed, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeName {
    pub kind: TypeNameKind,
    pub span: Span,
    /// As in `Expr`.
    pub(in crate::expr) height: u16,
}

/// What a type name is. Forms of several languages that mean the same stay apart only as far as their spelling
/// matters for writing them back.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeNameKind {
    /// `MyThing`, `geo::Circle`, `Option<Box<Node>>`, `u8`.
    Name(Path),
    /// The names that C composes of keywords, in the usual order: `unsigned long long`, `char`.
    Base(BaseName),
    /// `struct node`, `union u`, `enum color`, `class Shape`.
    Tagged { tag: Tag, name: Path },
    /// `const T`, `volatile T`.
    Qualified { qualifier: Qualifier, inner: Box<TypeName> },
    /// A raw pointer.
    Pointer { syntax: PointerSyntax, target: Box<TypeName> },
    /// A reference.
    Reference { syntax: ReferenceSyntax, target: Box<TypeName> },
    /// `T [4]`, `[T; 4]`, `[4]T`; no length for `T []`, which C has at the end of structures.
    Array { syntax: ArraySyntax, element: Box<TypeName>, length: Option<u64> },
    /// `[T]`: an unsized sequence, behind a pointer; Zig's `[]T` is `slice` itself, with its pointer.
    Slice { syntax: SliceSyntax, constant: bool, element: Box<TypeName> },
    /// `int (char, ...)`, `fn(u8) -> u32`.
    Function { syntax: FunctionSyntax, result: Option<Box<TypeName>>, parameters: Vec<TypeName>, variadic: bool },
    /// `(A, B)`, `()`.
    Tuple(Vec<TypeName>),
    /// `dyn Trait + Send`.
    Dyn(Vec<Path>),
    /// Zig: `?T`.
    Optional(Box<TypeName>),
    /// Zig: `E!T`; and `!T`, whose errors are inferred.
    ErrorUnion { error: Option<Box<TypeName>>, payload: Box<TypeName> },
    /// Rust: `!`.
    Never,
}

/// What C composes of keywords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BaseName {
    Void,
    Bool,
    /// C: `_Bool`
    UnderscoreBool,
    Char,
    SignedChar,
    UnsignedChar,
    Short,
    UnsignedShort,
    Int,
    UnsignedInt,
    Long,
    UnsignedLong,
    LongLong,
    UnsignedLongLong,
    Int128,
    UnsignedInt128,
    Float,
    Double,
    LongDouble,
    ComplexFloat,
    ComplexDouble,
    ComplexLongDouble,
}

/// The keyword before a C tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    Struct,
    Union,
    Enum,
    Class,
}

/// C's qualifiers that change nothing about a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qualifier {
    Const,
    Volatile,
    Restrict,
    Atomic,
}

/// How a raw pointer was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointerSyntax {
    /// `T *`
    C,
    /// `*mut T`
    RustMut,
    /// `*const T`, also Zig's.
    Const,
    /// Zig: `*T`
    Zig,
    /// Zig: `[*]T`, `[*c]T`, and `[*:0]T`; `const` follows.
    ZigMany { constant: bool, c: bool, sentinel: bool },
}

/// How a reference was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceSyntax {
    /// `T &`
    Cpp,
    /// `T &&`
    CppRvalue,
    /// `&T`
    Rust,
    /// `&mut T`
    RustMut,
}

/// How an array was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArraySyntax {
    /// `T [N]`
    C,
    /// `[T; N]`
    Rust,
    /// `[N]T`, and `[N:0]T`.
    Zig { sentinel: bool },
}

/// How an unsized sequence was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SliceSyntax {
    /// `[T]`
    Rust,
    /// `[]T`, and `[:0]T`.
    Zig { sentinel: bool },
}

/// How a function type was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionSyntax {
    /// `int (char)`
    C,
    /// `fn(u8) -> u32`, a pointer in Rust; `unsafe` and `extern "C"` before it are dropped.
    Rust,
}

impl Path {
    /// The path of one plain name.
    pub fn of(name: &str, span: Span) -> Path {
        Path { global: false, segments: vec![Segment { name: name.into(), quoted: false, arguments: None }], span }
    }

    /// The one name of an unqualified path without arguments.
    pub fn single(&self) -> Option<&str> {
        match self.segments.as_slice() {
            [only] if !self.global && only.arguments.is_none() => Some(&only.name),
            _ => None,
        }
    }
}

impl BaseName {
    /// In C's usual order.
    pub fn spelling(self) -> &'static str {
        match self {
            BaseName::Void => "void",
            BaseName::Bool => "bool",
            BaseName::UnderscoreBool => "_Bool",
            BaseName::Char => "char",
            BaseName::SignedChar => "signed char",
            BaseName::UnsignedChar => "unsigned char",
            BaseName::Short => "short",
            BaseName::UnsignedShort => "unsigned short",
            BaseName::Int => "int",
            BaseName::UnsignedInt => "unsigned int",
            BaseName::Long => "long",
            BaseName::UnsignedLong => "unsigned long",
            BaseName::LongLong => "long long",
            BaseName::UnsignedLongLong => "unsigned long long",
            BaseName::Int128 => "__int128",
            BaseName::UnsignedInt128 => "unsigned __int128",
            BaseName::Float => "float",
            BaseName::Double => "double",
            BaseName::LongDouble => "long double",
            BaseName::ComplexFloat => "_Complex float",
            BaseName::ComplexDouble => "_Complex double",
            BaseName::ComplexLongDouble => "_Complex long double",
        }
    }
}
