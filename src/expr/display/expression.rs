//! Expressions written back.
//!
//! Languages disagree on whether `&`, `^` and `|` bind tighter than comparisons: where both meet, parentheses are
//! written although one of the languages could do without.

use std::fmt::{self, Display, Formatter};

use crate::expr::ast::{BinaryOp, CastSyntax, Expr, ExprKind, Operand, UnaryOp};
use crate::expr::display::type_name::has_declarator;
use crate::expr::parse::Syntax;
use crate::expr::parse::expression::{binary_level, level};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_kind(f, &self.kind)
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Operand::Type(typ) => write!(f, "{typ}"),
            Operand::Expr(expr) => write!(f, "{expr}"),
        }
    }
}

impl BinaryOp {
    /// As C writes it.
    pub fn spelling(self) -> &'static str {
        match self {
            BinaryOp::Comma => ",",
            BinaryOp::LogicalOr => "||",
            BinaryOp::LogicalAnd => "&&",
            BinaryOp::BitOr => "|",
            BinaryOp::BitXor => "^",
            BinaryOp::BitAnd => "&",
            BinaryOp::Equal => "==",
            BinaryOp::NotEqual => "!=",
            BinaryOp::Less => "<",
            BinaryOp::Greater => ">",
            BinaryOp::LessEqual => "<=",
            BinaryOp::GreaterEqual => ">=",
            BinaryOp::ShiftLeft => "<<",
            BinaryOp::ShiftRight => ">>",
            BinaryOp::Repeat => "@",
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Multiply => "*",
            BinaryOp::Divide => "/",
            BinaryOp::Remainder => "%",
        }
    }
}

fn own_level(kind: &ExprKind) -> u8 {
    match kind {
        ExprKind::Binary { op, .. } => binary_level(*op, Syntax::C),
        ExprKind::Assign { .. } => level::ASSIGN,
        ExprKind::Conditional { .. } => level::CONDITIONAL,
        ExprKind::Cast { syntax: CastSyntax::As, .. } => level::AS,
        ExprKind::Unary { op: UnaryOp::Unwrap | UnaryOp::DereferenceAfter, .. }
        | ExprKind::Step { prefix: false, .. } => level::POSTFIX,
        ExprKind::Cast { syntax: CastSyntax::C, .. }
        | ExprKind::Unary { .. }
        | ExprKind::Step { .. }
        | ExprKind::At { .. }
        | ExprKind::SizeOf(_)
        | ExprKind::AlignOf(_) => level::UNARY,
        _ => level::POSTFIX,
    }
}

/// `expr`, in parentheses if it binds looser than `minimum`.
struct At<'e>(&'e Expr, u8);

impl Display for At<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if own_level(&self.0.kind) < self.1 { write!(f, "({})", self.0) } else { write!(f, "{}", self.0) }
    }
}

/// `expr` before a dot and `member`: a number would take the dot for its own, and `.0` is a member only behind what
/// is clearly an operand.
fn before_dot(expr: &Expr, member: &str) -> String {
    let text = At(expr, level::POSTFIX).to_string();
    let field = member.starts_with(|c: char| c.is_ascii_digit());
    let operand = text.ends_with(|c: char| c.is_alphanumeric() || "_$)]}'\"".contains(c));
    let number = matches!(expr.kind, ExprKind::Int(_) | ExprKind::Float(_));
    match field {
        true if number || !operand => format!("({text})"),
        // Not in parentheses: behind the type of a cast those would make it a call.
        false if number => format!("{text} "),
        _ => text,
    }
}

fn write_kind(f: &mut Formatter<'_>, kind: &ExprKind) -> fmt::Result {
    match kind {
        ExprKind::Int(literal) => write!(f, "{literal}"),
        ExprKind::Float(literal) => write!(f, "{literal}"),
        ExprKind::Char(literal) => write!(f, "{literal}"),
        ExprKind::String(literal) => write!(f, "{literal}"),
        ExprKind::Bool(value) => write!(f, "{value}"),
        ExprKind::Null => f.write_str("nullptr"),
        ExprKind::Name(path) => write!(f, "{path:#}"),
        ExprKind::History(index) => write!(f, "{index}"),
        ExprKind::Convenience(name) => write!(f, "${name}"),
        ExprKind::Type(typ) => write!(f, "{typ}"),
        ExprKind::Member { base, arrow, name, .. } => {
            write!(f, "{}{}{name}", before_dot(base, name), if *arrow { "->" } else { "." })
        }
        ExprKind::MemberPointer { base, arrow, pointer } => {
            write!(f, "{}{}*", before_dot(base, "*"), if *arrow { "->" } else { "." })?;
            let is_name = |expr: &Expr| matches!(expr.kind, ExprKind::Name(_) | ExprKind::Convenience(_));
            match &pointer.kind {
                ExprKind::Unary { op: UnaryOp::AddressOf, operand } if is_name(operand) => write!(f, "{pointer}"),
                _ if is_name(pointer) => write!(f, "{pointer}"),
                _ => write!(f, "({pointer})"),
            }
        }
        ExprKind::Index { base, index } => write!(f, "{}[{index}]", At(base, level::POSTFIX)),
        ExprKind::Slice { base, start, end, inclusive } => {
            write!(f, "{}[", At(base, level::POSTFIX))?;
            start.iter().try_for_each(|start| write!(f, "{start}"))?;
            f.write_str(if *inclusive { "..=" } else { ".." })?;
            end.iter().try_for_each(|end| write!(f, "{end}"))?;
            f.write_str("]")
        }
        ExprKind::Call { callee, arguments } => {
            write!(f, "{}(", At(callee, level::POSTFIX))?;
            write_list(f, arguments)?;
            f.write_str(")")
        }
        ExprKind::Array(elements) => {
            f.write_str("[")?;
            write_list(f, elements)?;
            f.write_str("]")
        }
        ExprKind::ArrayRepeat { value, count } => {
            write!(f, "[{}; {}]", At(value, level::ASSIGN), At(count, level::ASSIGN))
        }
        _ => write_operator(f, kind),
    }
}

fn write_operator(f: &mut Formatter<'_>, kind: &ExprKind) -> fmt::Result {
    match kind {
        ExprKind::Unary { op, operand } => write_unary(f, *op, operand),
        ExprKind::Step { increment, prefix, operand } => {
            let sign = if *increment { "++" } else { "--" };
            if *prefix { write_prefix(f, sign, operand) } else { write!(f, "{}{sign}", At(operand, level::POSTFIX)) }
        }
        ExprKind::SizeOf(operand) => match &**operand {
            Operand::Type(typ) => write!(f, "sizeof({typ})"),
            Operand::Expr(expr) => {
                let text = At(expr, level::UNARY).to_string();
                // What starts with a cast would be cut off behind its type.
                let enclosed = own_level(&expr.kind) >= level::UNARY && text.starts_with('(');
                if enclosed { write!(f, "sizeof ({text})") } else { write!(f, "sizeof {text}") }
            }
        },
        ExprKind::AlignOf(operand) => write!(f, "alignof({operand})"),
        ExprKind::Cast { syntax, to, operand } => match syntax {
            CastSyntax::C => write!(f, "({to}){}", At(operand, level::UNARY)),
            CastSyntax::As if has_declarator(to) => write!(f, "{} as ({to})", At(operand, level::AS)),
            CastSyntax::As => write!(f, "{} as {to}", At(operand, level::AS)),
            CastSyntax::Function => write!(f, "{to}({operand})"),
            CastSyntax::Static => write!(f, "static_cast<{to}>({operand})"),
            CastSyntax::Reinterpret => write!(f, "reinterpret_cast<{to}>({operand})"),
            CastSyntax::Const => write!(f, "const_cast<{to}>({operand})"),
            CastSyntax::Dynamic => write!(f, "dynamic_cast<{to}>({operand})"),
        },
        ExprKind::At { typ, address } => write!(f, "{{{typ}}}{}", At(address, level::UNARY)),
        ExprKind::Binary { op, left, right } => write_binary(f, *op, left, right),
        ExprKind::Conditional { condition, then, otherwise } => {
            let condition = At(condition, level::CONDITIONAL + 1);
            write!(f, "{condition} ? {then} : {}", At(otherwise, level::CONDITIONAL))
        }
        ExprKind::Assign { op, target, value } => {
            let op = op.map_or("", BinaryOp::spelling);
            write!(f, "{} {op}= {}", At(target, level::ASSIGN + 1), At(value, level::ASSIGN))
        }
        // `write_kind` has written all others.
        _ => Ok(()),
    }
}

fn write_list(f: &mut Formatter<'_>, elements: &[Expr]) -> fmt::Result {
    for (index, element) in elements.iter().enumerate() {
        write!(f, "{}{}", if index > 0 { ", " } else { "" }, At(element, level::ASSIGN))?;
    }
    Ok(())
}

fn write_unary(f: &mut Formatter<'_>, op: UnaryOp, operand: &Expr) -> fmt::Result {
    let sign = match op {
        UnaryOp::Negate => "-",
        UnaryOp::Plus => "+",
        UnaryOp::Not => "!",
        UnaryOp::BitNot => "~",
        UnaryOp::Dereference => "*",
        UnaryOp::AddressOf => "&",
        UnaryOp::AddressOfMut => return write_address_of_mut(f, operand),
        UnaryOp::DereferenceAfter => return write!(f, "{}.*", before_dot(operand, "*")),
        UnaryOp::Unwrap => return write!(f, "{}.?", before_dot(operand, "?")),
    };
    write_prefix(f, sign, operand)
}

/// In parentheses if what starts the operand could stand behind a variable called `mut`.
fn write_address_of_mut(f: &mut Formatter<'_>, operand: &Expr) -> fmt::Result {
    let text = At(operand, level::UNARY).to_string();
    let clear = text.starts_with(|c: char| c.is_alphanumeric() || "_$'\"~!:(*&".contains(c));
    let infix = ["as", "and", "or"].iter().any(|word| text.starts_with(word));
    if clear && !infix { write!(f, "&mut {text}") } else { write!(f, "&mut ({text})") }
}

/// `sign` before `operand`, kept apart where they would join to another token.
fn write_prefix(f: &mut Formatter<'_>, sign: &str, operand: &Expr) -> fmt::Result {
    let text = At(operand, level::UNARY).to_string();
    if sign == "&" && text.starts_with("mut") {
        return write!(f, "&({text})");
    }
    let space = if text.starts_with(['+', '-', '&']) && text.get(..1) == sign.get(..1) { " " } else { "" };
    write!(f, "{sign}{space}{text}")
}

fn write_binary(f: &mut Formatter<'_>, op: BinaryOp, left: &Expr, right: &Expr) -> fmt::Result {
    let own = binary_level(op, Syntax::C);
    let mut left_minimum = own;
    if needs_parentheses(op, left) {
        left_minimum = level::UNARY;
    }
    let right_minimum = if needs_parentheses(op, right) { level::UNARY } else { own + 1 };
    let (left, right) = (At(left, left_minimum), At(right, right_minimum));
    match op {
        BinaryOp::Comma => write!(f, "{left}, {right}"),
        BinaryOp::Repeat => write!(f, "{left}@{right}"),
        _ => write!(f, "{left} {} {right}", op.spelling()),
    }
}

/// An operand that some language would read differently without them. The type of `x as T` would take a following
/// `<` or `+` for its own.
fn needs_parentheses(op: BinaryOp, operand: &Expr) -> bool {
    use BinaryOp::*;
    let compares = |op| matches!(op, Equal | NotEqual | Less | Greater | LessEqual | GreaterEqual);
    let bits = |op| matches!(op, BitAnd | BitOr | BitXor);
    match &operand.kind {
        ExprKind::Binary { op: inner, .. } => {
            compares(op) && (compares(*inner) || bits(*inner)) || bits(op) && compares(*inner)
        }
        ExprKind::Cast { syntax: CastSyntax::As, .. } => true,
        _ => false,
    }
}
