//! The syntax tree of what the user typed: literals, names, operators and type names, each with its place.
//!
//! Pure data. It says nothing about the program: a name is not yet a variable, a type name not yet a type. Trees
//! are built by `expr::parse` alone, which bounds their height (`MAX_EXPRESSION_DEPTH`), so that walking one
//! recursively is safe. Parentheses are not kept; `expr::display` writes them back where they are needed.

/// A range of bytes in the text that was parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// Of the first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// From the start of `self` to the end of `other`.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start, end: other.end }
    }

    /// The part of `text` that it covers; empty if `text` is not what was parsed.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// An expression and where it stands, its parentheses included.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
    /// Nodes on the longest way down, this one included: what bounds recursion over the tree.
    pub(in crate::expr) height: u16,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `42`, `0x2a`, `5ul`, `5_000i64`.
    Int(IntLiteral),
    /// `1.5f`, `1e3`, `2.0f64`.
    Float(FloatLiteral),
    /// `'a'`, `b'a'`, `L'\n'`.
    Char(CharLiteral),
    /// `"abc"`, adjacent ones joined.
    String(StringLiteral),
    /// `true` and `false`, where the program has no variable of that name.
    Bool(bool),
    /// `null` and `nullptr`, likewise.
    Null,
    /// A variable, function, constant, enumerator; or a type, which only evaluation tells.
    Name(Path),
    /// `$`, `$$`, `$$N`, `$N`.
    History(HistoryIndex),
    /// `$name`, without the `$`; `_` and `__` are those of `x`.
    Convenience(String),
    /// `base.name`, `base->name`, `base.0`.
    Member { base: Box<Expr>, arrow: bool, name: String, name_span: Span },
    /// `base.*pointer`, `base->*pointer`: a pointer to a member.
    MemberPointer { base: Box<Expr>, arrow: bool, pointer: Box<Expr> },
    /// `base[index]`.
    Index { base: Box<Expr>, index: Box<Expr> },
    /// `base[start..end]`; `inclusive` for `..=`, which always has an end.
    Slice { base: Box<Expr>, start: Option<Box<Expr>>, end: Option<Box<Expr>>, inclusive: bool },
    /// `callee(arguments)`: convenience functions, and calls that a dump cannot make.
    Call { callee: Box<Expr>, arguments: Vec<Expr> },
    /// A prefix operator, or Zig's `.*` and `.?` after its operand.
    Unary { op: UnaryOp, operand: Box<Expr> },
    /// `++x`, `x--`: always by one.
    Step { increment: bool, prefix: bool, operand: Box<Expr> },
    /// `sizeof(T)`, `sizeof e`.
    SizeOf(Box<Operand>),
    /// `alignof(T)`, `_Alignof(T)`.
    AlignOf(Box<Operand>),
    /// A conversion, in whichever spelling.
    Cast { syntax: CastSyntax, to: Box<TypeName>, operand: Box<Expr> },
    /// `{T} address`: the object of that type there.
    At { typ: Box<TypeName>, address: Box<Expr> },
    /// Two operands, comma and `@` included.
    Binary { op: BinaryOp, left: Box<Expr>, right: Box<Expr> },
    /// `condition ? then : otherwise`.
    Conditional { condition: Box<Expr>, then: Box<Expr>, otherwise: Box<Expr> },
    /// `target = value`; with `op`, `target op= value`.
    Assign { op: Option<BinaryOp>, target: Box<Expr>, value: Box<Expr> },
    /// `[1, 2, 3]` and `{1, 2, 3}`.
    Array(Vec<Expr>),
    /// `[value; count]`.
    ArrayRepeat { value: Box<Expr>, count: Box<Expr> },
    /// A type where an expression may stand: a command like `whatis` takes it, evaluation refuses it.
    Type(Box<TypeName>),
}

/// What commands like `ptype` and `whatis`, and `sizeof`, take.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    Type(TypeName),
    Expr(Expr),
}

/// A whole number as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntLiteral {
    pub value: u128,
    pub radix: Radix,
    pub suffix: IntSuffix,
}

/// The base a number was written in: in C, other ones than ten may become unsigned types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Radix {
    /// `0b101`
    Binary,
    /// `017`, or `0o17`.
    Octal,
    /// `17`
    Decimal,
    /// `0x17`
    Hex,
}

/// What follows the digits of a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntSuffix {
    /// The language's rule decides on the type.
    None,
    /// C: `u`, and `l` none to two times.
    C { unsigned: bool, longs: u8 },
    /// Rust: `u8` to `i128`, `usize`, `isize` (`bits` is none for these two).
    Rust { signed: bool, bits: Option<u8> },
}

/// A floating-point number as typed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FloatLiteral {
    pub value: f64,
    pub suffix: FloatSuffix,
}

/// What follows the digits of a floating-point number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FloatSuffix {
    None,
    /// C: `f`.
    Float,
    /// C: `l`.
    LongDouble,
    /// Rust: `f32`.
    F32,
    /// Rust: `f64`.
    F64,
}

/// A character as typed; `value` is its code point, or the number of a numeric escape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CharLiteral {
    pub value: u32,
    pub prefix: TextPrefix,
}

/// A string as typed, adjacent ones joined, escapes resolved, without a terminating NUL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StringLiteral {
    /// UTF-8, except where an escape gives another byte.
    pub bytes: Vec<u8>,
    pub prefix: TextPrefix,
}

/// What stands before the quote of a character or string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextPrefix {
    /// Nothing, or C's `u8`.
    None,
    /// Rust: `b`.
    Byte,
    /// Rust: `c`.
    CString,
    /// C: `L`.
    Wide,
    /// C: `u`.
    Utf16,
    /// C: `U`.
    Utf32,
}

/// Which value of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryIndex {
    /// `$N`: counted from 1.
    Absolute(u64),
    /// `$` is 0, `$$` is 1, `$$N` is N: counted back from the last.
    Back(u64),
}

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
}

/// Prefix operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-x`
    Negate,
    /// `+x`
    Plus,
    /// `!x`: logical in C, bitwise on Rust's integers.
    Not,
    /// `~x`
    BitNot,
    /// `*x`, and Zig's `x.*`.
    Dereference,
    /// `&x`
    AddressOf,
    /// `&mut x`
    AddressOfMut,
    /// Zig: `x.?`
    Unwrap,
}

/// Operators between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    Comma,
    /// `||`, Zig's `or`.
    LogicalOr,
    /// `&&`, Zig's `and`.
    LogicalAnd,
    BitOr,
    BitXor,
    BitAnd,
    Equal,
    NotEqual,
    Less,
    Greater,
    LessEqual,
    GreaterEqual,
    ShiftLeft,
    ShiftRight,
    /// `object@count`: as many objects of its type, from there on.
    Repeat,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// How a cast was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CastSyntax {
    /// `(T) x`
    C,
    /// `x as T`
    As,
    /// `T(x)`
    Function,
    /// `static_cast<T>(x)`
    Static,
    /// `reinterpret_cast<T>(x)`
    Reinterpret,
    /// `const_cast<T>(x)`
    Const,
    /// `dynamic_cast<T>(x)`
    Dynamic,
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
    /// Zig: `E!T`, `!T`.
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
    /// The one name of an unqualified path without arguments.
    pub fn single(&self) -> Option<&str> {
        match self.segments.as_slice() {
            [only] if !self.global && only.arguments.is_none() => Some(&only.name),
            _ => None,
        }
    }
}
