//! Expressions, and what stands where a command takes a type or an expression.

use crate::expr::ast::literal::{CharLiteral, FloatLiteral, HistoryIndex, IntLiteral, Span, StringLiteral};
use crate::expr::ast::type_name::{Path, TypeName};

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
    /// `*x`
    Dereference,
    /// Zig: `x.*`, which means the same.
    DereferenceAfter,
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

impl Expr {
    /// What to call the value by: the name of its last variable or member, of a cast or dereference that of its
    /// operand, else the expression as it stands in `text`, which it was parsed from.
    pub fn label<'t>(&self, text: &'t str) -> &'t str {
        match &self.kind {
            ExprKind::Member { name_span, .. } => name_span.of(text),
            ExprKind::Name(path) => path.span.of(text),
            ExprKind::Cast { operand, .. }
            | ExprKind::Unary { op: UnaryOp::Dereference | UnaryOp::DereferenceAfter | UnaryOp::Unwrap, operand } => {
                operand.label(text)
            }
            _ => self.span.of(text),
        }
    }
}
