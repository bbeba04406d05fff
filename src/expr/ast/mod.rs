//! The syntax tree of what the user typed: literals, names, operators and type names, each with its place.
//!
//! Pure data. It says nothing about the program: a name is not yet a variable, a type name not yet a type. Trees
//! are built by `expr::parse` alone, which bounds their height (`MAX_EXPRESSION_DEPTH`), so that walking one
//! recursively is safe. Parentheses are not kept; `expr::display` writes them back where they are needed.

pub mod literal;
pub mod type_name;
pub mod expression;

pub use expression::{BinaryOp, CastSyntax, Expr, ExprKind, Operand, UnaryOp};
pub use literal::{
    CharLiteral, FloatLiteral, FloatSuffix, HistoryIndex, IntLiteral, IntSuffix, Radix, Span, StringLiteral, TextPrefix,
};
pub use type_name::{
    ArraySyntax, BaseName, FunctionSyntax, GenericArgument, Path, PointerSyntax, Qualifier, ReferenceSyntax, Segment,
    SliceSyntax, Tag, TypeName, TypeNameKind,
};
