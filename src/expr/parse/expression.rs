//! Operators between operands, by precedence climbing.
//!
//! C's table (C 2011 section 6.5, `@` as in gdb between shifts and sums); Rust and Zig bind `&`, `^` and `|` tighter
//! than comparisons.

use crate::expr::ast::{BinaryOp, CastSyntax, Expr, ExprKind};
use crate::expr::parse::cursor::{Parsed, Parser};
use crate::expr::parse::oracle::Syntax;
use crate::expr::parse::token::Tok;

/// How tightly an operator binds; a higher level binds tighter.
pub mod level {
    pub const COMMA: u8 = 1;
    pub const ASSIGN: u8 = 2;
    pub const CONDITIONAL: u8 = 3;
    pub const LOGICAL_OR: u8 = 4;
    pub const LOGICAL_AND: u8 = 5;
    pub const REPEAT: u8 = 12;
    pub const SUM: u8 = 13;
    pub const PRODUCT: u8 = 14;
    pub const AS: u8 = 15;
    pub const UNARY: u8 = 16;
    pub const POSTFIX: u8 = 17;
}

/// The level of `op` in the table of `syntax`.
pub fn binary_level(op: BinaryOp, syntax: Syntax) -> u8 {
    use BinaryOp::*;
    let c = matches!(syntax, Syntax::C | Syntax::Cpp);
    match op {
        Comma => level::COMMA,
        LogicalOr => level::LOGICAL_OR,
        LogicalAnd => level::LOGICAL_AND,
        BitOr => {
            if c {
                6
            } else {
                8
            }
        }
        BitXor => {
            if c {
                7
            } else {
                9
            }
        }
        BitAnd => {
            if c {
                8
            } else {
                10
            }
        }
        Equal | NotEqual => {
            if c {
                9
            } else {
                6
            }
        }
        Less | Greater | LessEqual | GreaterEqual => {
            if c {
                10
            } else {
                6
            }
        }
        ShiftLeft | ShiftRight => 11,
        Repeat => level::REPEAT,
        Add | Subtract => level::SUM,
        Multiply | Divide | Remainder => level::PRODUCT,
    }
}

/// What may stand behind an operand.
enum Infix {
    Binary(BinaryOp),
    Assign(Option<BinaryOp>),
    Conditional,
    As,
}

impl Parser<'_> {
    /// An expression, commas included.
    pub fn expression(&mut self) -> Parsed<Expr> {
        self.expression_at(level::COMMA)
    }

    /// An expression whose operators all bind at least as tight as `minimum`.
    pub fn expression_at(&mut self, minimum: u8) -> Parsed<Expr> {
        self.deeper(|p| {
            let mut left = p.unary()?;
            while let Some((infix, tokens)) = p.infix() {
                let own = p.infix_level(&infix);
                if own < minimum {
                    break;
                }
                for _ in 0..tokens {
                    p.advance();
                }
                left = p.infix_tail(left, infix, own)?;
            }
            Ok(left)
        })
    }

    fn infix_level(&self, infix: &Infix) -> u8 {
        match infix {
            Infix::Binary(op) => binary_level(*op, self.oracle.syntax()),
            Infix::Assign(_) => level::ASSIGN,
            Infix::Conditional => level::CONDITIONAL,
            Infix::As => level::AS,
        }
    }

    /// The operator that the next tokens make, and how many of them.
    fn infix(&self) -> Option<(Infix, usize)> {
        use BinaryOp::*;
        let infix = match self.peek() {
            tok @ Tok::Ident(_) if !is_infix_word(tok, self.oracle.syntax()) => return None,
            Tok::Ident("as") => Infix::As,
            Tok::Ident("and") => Infix::Binary(LogicalAnd),
            Tok::Ident("or") => Infix::Binary(LogicalOr),
            Tok::Punct(">") => return Some(self.greater()),
            Tok::Punct("?") => Infix::Conditional,
            Tok::Punct("=") => Infix::Assign(None),
            Tok::Punct(punct) => match punct.strip_suffix('=').and_then(arithmetic) {
                Some(op) => Infix::Assign(Some(op)),
                None => Infix::Binary(match *punct {
                    "," => Comma,
                    "||" => LogicalOr,
                    "&&" => LogicalAnd,
                    "==" => Equal,
                    "!=" => NotEqual,
                    "<" => Less,
                    "<=" => LessEqual,
                    "@" => Repeat,
                    other => arithmetic(other)?,
                }),
            },
            _ => return None,
        };
        Some((infix, 1))
    }

    /// `>`, `>=`, `>>`, `>>=`: the lexer leaves them in pieces.
    fn greater(&self) -> (Infix, usize) {
        let next =
            |ahead, punct| self.is_joined(ahead - 1) && matches!(self.peek_at(ahead), Tok::Punct(p) if *p == punct);
        if next(1, ">") {
            if next(2, "=") {
                return (Infix::Assign(Some(BinaryOp::ShiftRight)), 3);
            }
            return (Infix::Binary(BinaryOp::ShiftRight), 2);
        }
        if next(1, "=") {
            return (Infix::Binary(BinaryOp::GreaterEqual), 2);
        }
        (Infix::Binary(BinaryOp::Greater), 1)
    }

    /// What belongs to `infix`, which was taken.
    fn infix_tail(&mut self, left: Expr, infix: Infix, own: u8) -> Parsed<Expr> {
        let start = left.span;
        let left = Box::new(left);
        let kind = match infix {
            Infix::Binary(op) => ExprKind::Binary { op, left, right: Box::new(self.expression_at(own + 1)?) },
            Infix::Assign(op) => ExprKind::Assign { op, target: left, value: Box::new(self.expression_at(own)?) },
            Infix::Conditional => {
                let then = Box::new(self.expression()?);
                self.require(":")?;
                let otherwise = Box::new(self.expression_at(own)?);
                ExprKind::Conditional { condition: left, then, otherwise }
            }
            Infix::As => {
                let to = Box::new(self.deeper(|p| p.tight_type_name())?);
                ExprKind::Cast { syntax: CastSyntax::As, to, operand: left }
            }
        };
        self.node(kind, self.span_from(start))
    }
}

/// The operators that have an assignment of their own.
fn arithmetic(punct: &str) -> Option<BinaryOp> {
    use BinaryOp::*;
    Some(match punct {
        "+" => Add,
        "-" => Subtract,
        "*" => Multiply,
        "/" => Divide,
        "%" => Remainder,
        "&" => BitAnd,
        "|" => BitOr,
        "^" => BitXor,
        "<<" => ShiftLeft,
        _ => return None,
    })
}

/// A name that stands between operands where the language has it there.
pub fn is_infix_word(tok: &Tok, syntax: Syntax) -> bool {
    match tok {
        Tok::Ident("as") => true,
        Tok::Ident("and" | "or") => matches!(syntax, Syntax::Cpp | Syntax::Zig),
        _ => false,
    }
}
