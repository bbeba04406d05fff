//! Operands: prefix operators, casts, literals and names.

use crate::expr::ast::{
    CastSyntax, Expr, ExprKind, HistoryIndex, Operand, Span, TextPrefix, TypeName, TypeNameKind, UnaryOp,
};
use crate::expr::parse::cursor::{Parsed, Parser};
use crate::expr::parse::declarator::is_type_word;
use crate::expr::parse::expression::{is_infix_word, level};
use crate::expr::parse::oracle::{Certainty, NameKind, certainty, is_scalar_name};
use crate::expr::parse::token::Tok;

impl Parser<'_> {
    /// An operand with all that binds to it tighter than an operator between two.
    pub fn unary(&mut self) -> Parsed<Expr> {
        let start = self.span();
        let op = match self.peek() {
            Tok::Punct("-") => UnaryOp::Negate,
            Tok::Punct("+") => UnaryOp::Plus,
            Tok::Punct("!") => UnaryOp::Not,
            Tok::Punct("~") => UnaryOp::BitNot,
            Tok::Punct("*") => UnaryOp::Dereference,
            Tok::Punct("&") if self.is_mut_ahead() => {
                self.advance();
                UnaryOp::AddressOfMut
            }
            Tok::Punct("&") => UnaryOp::AddressOf,
            Tok::Punct(step @ ("++" | "--")) => {
                let increment = *step == "++";
                self.advance();
                let operand = Box::new(self.expression_at(level::UNARY)?);
                return self.node(ExprKind::Step { increment, prefix: true, operand }, self.span_from(start));
            }
            Tok::Punct("{") => return self.braces(),
            Tok::Punct("(") => return self.parentheses(),
            Tok::Ident("sizeof") => return self.size_of(),
            Tok::Ident("alignof" | "_Alignof") if self.is_then("(") => return self.align_of(),
            _ => return self.primary().and_then(|base| self.postfix(base)),
        };
        self.advance();
        let operand = Box::new(self.expression_at(level::UNARY)?);
        self.node(ExprKind::Unary { op, operand }, self.span_from(start))
    }

    /// Rust's `&mut x`, but not the address of a variable called `mut`.
    fn is_mut_ahead(&self) -> bool {
        let operand = |tok: &Tok| {
            is_operand_start(tok) && !is_infix_word(tok, self.oracle.syntax())
                || matches!(tok, Tok::Punct("*" | "(" | "&"))
        };
        matches!(self.peek_at(1), Tok::Ident("mut")) && operand(self.peek_at(2))
    }

    /// Whether an operand may start with the next token, even if it may also stand behind one.
    pub fn starts_operand(&self) -> bool {
        let either = ["(", "[", "{", "-", "+", "*", "&", "++", "--"];
        is_operand_start(self.peek()) || matches!(self.peek(), Tok::Punct(punct) if either.contains(punct))
    }

    /// The next token starts an operand and cannot be an operator.
    fn is_only_operand(&self) -> bool {
        is_operand_start(self.peek()) && !is_infix_word(self.peek(), self.oracle.syntax())
    }

    /// A type between the next token and `close`, if it says what to make of the operand behind it; else how far that
    /// was true.
    fn converting_type(&mut self, close: &str) -> std::result::Result<TypeName, usize> {
        self.attempt(|p| {
            p.advance();
            let typ = p.type_name()?;
            p.require(close)?;
            match certainty(&typ, p.oracle) {
                Certainty::Sure if p.starts_operand() => Ok(Some(typ)),
                Certainty::Sure => Err(p.unexpected()),
                Certainty::Maybe => Ok(p.is_only_operand().then_some(typ)),
                Certainty::Not => Ok(None),
            }
        })
    }

    /// `(T) x`, or an expression in parentheses and what follows it.
    fn parentheses(&mut self) -> Parsed<Expr> {
        let start = self.span();
        let converted = match self.converting_type(")") {
            Ok(typ) => {
                let operand = Box::new(self.expression_at(level::UNARY)?);
                let kind = ExprKind::Cast { syntax: CastSyntax::C, to: Box::new(typ), operand };
                return self.node(kind, self.span_from(start));
            }
            Err(index) => index,
        };
        self.advance();
        let inner = self.expression().and_then(|inner| self.require(")").map(|()| inner));
        let inner = inner.map_err(|fail| fail.or_at(converted))?;
        self.postfix(Expr { span: self.span_from(start), ..inner })
    }

    /// `{T} address`, or an array of the elements in braces.
    fn braces(&mut self) -> Parsed<Expr> {
        let start = self.span();
        let converted = match self.converting_type("}") {
            Ok(typ) => {
                let address = Box::new(self.expression_at(level::UNARY)?);
                return self.node(ExprKind::At { typ: Box::new(typ), address }, self.span_from(start));
            }
            Err(index) => index,
        };
        self.advance();
        let elements = self.list("}").map_err(|fail| fail.or_at(converted))?;
        let array = self.node(ExprKind::Array(elements), self.span_from(start))?;
        self.postfix(array)
    }

    /// Expressions between commas, up to `close`.
    pub fn list(&mut self, close: &str) -> Parsed<Vec<Expr>> {
        let mut elements = Vec::new();
        while !self.is(close) {
            elements.push(self.expression_at(level::ASSIGN)?);
            if !self.is(close) {
                self.require(",")?;
            }
        }
        self.advance();
        Ok(elements)
    }

    /// `[1, 2, 3]`, `[value; count]`
    fn array(&mut self) -> Parsed<Expr> {
        let start = self.span();
        self.advance();
        if self.take("]") {
            return self.node(ExprKind::Array(Vec::new()), self.span_from(start));
        }
        let first = self.expression_at(level::ASSIGN)?;
        let kind = if self.take(";") {
            let count = Box::new(self.expression_at(level::ASSIGN)?);
            self.require("]")?;
            ExprKind::ArrayRepeat { value: Box::new(first), count }
        } else {
            let mut elements = vec![first];
            if !self.is("]") {
                self.require(",")?;
            }
            elements.append(&mut self.list("]")?);
            ExprKind::Array(elements)
        };
        self.node(kind, self.span_from(start))
    }

    /// `sizeof(T)`, `sizeof e`
    fn size_of(&mut self) -> Parsed<Expr> {
        let start = self.span();
        self.advance();
        let operand = match self.parenthesized_type() {
            Some(typ) => Operand::Type(typ),
            None => {
                let operand = self.expression_at(level::UNARY)?;
                match operand.kind {
                    ExprKind::Type(typ) => Operand::Type(*typ),
                    _ => Operand::Expr(operand),
                }
            }
        };
        self.node(ExprKind::SizeOf(Box::new(operand)), self.span_from(start))
    }

    /// `alignof(T)`, and, beyond the standards, of an expression.
    fn align_of(&mut self) -> Parsed<Expr> {
        let start = self.span();
        self.advance();
        let operand = match self.parenthesized_type() {
            Some(typ) => Operand::Type(typ),
            None => Operand::Expr(self.expression_at(level::UNARY)?),
        };
        self.node(ExprKind::AlignOf(Box::new(operand)), self.span_from(start))
    }

    /// A type in parentheses, if that is what comes next.
    fn parenthesized_type(&mut self) -> Option<TypeName> {
        self.attempt(|p| {
            p.require("(")?;
            let typ = p.type_name()?;
            p.require(")")?;
            Ok((certainty(&typ, p.oracle) == Certainty::Sure).then_some(typ))
        })
        .ok()
    }

    /// A literal, a name, or an array in brackets.
    pub fn primary(&mut self) -> Parsed<Expr> {
        let start = self.span();
        let kind = match self.peek().clone() {
            Tok::Int(literal) => ExprKind::Int(literal),
            Tok::Float(literal) => ExprKind::Float(literal),
            Tok::Char(literal) => ExprKind::Char(literal),
            Tok::String(_) => return self.strings(),
            Tok::Dollar(name) => dollar(name),
            Tok::Ident(name) if self.is_cpp_cast(name) => return self.cpp_cast(),
            Tok::Ident(name) if self.names_value(name) => return self.name(),
            Tok::Ident("true") => ExprKind::Bool(true),
            Tok::Ident("false") => ExprKind::Bool(false),
            Tok::Ident("null" | "nullptr") => ExprKind::Null,
            Tok::Ident(word) if is_type_word(word) => return self.type_word(),
            Tok::Ident(_) | Tok::Quoted(_) | Tok::Punct("::") => return self.name(),
            Tok::Punct("[") => return self.array(),
            _ => return Err(self.unexpected()),
        };
        self.advance();
        self.node(kind, start)
    }

    /// Whether `name`, which may be a word of a language, is a variable in this program.
    fn names_value(&self, name: &str) -> bool {
        let special = matches!(name, "true" | "false" | "null" | "nullptr") || is_type_word(name);
        special && self.classify_word(name) == NameKind::Value
    }

    fn classify_word(&self, name: &str) -> NameKind {
        self.oracle.classify(&crate::expr::ast::Path::of(name, self.span()))
    }

    /// Adjacent strings are one; the first prefix holds.
    fn strings(&mut self) -> Parsed<Expr> {
        let start = self.span();
        let mut whole: Option<crate::expr::ast::StringLiteral> = None;
        while let Tok::String(literal) = self.peek() {
            match &mut whole {
                None => whole = Some(literal.clone()),
                Some(whole) => {
                    whole.bytes.extend_from_slice(&literal.bytes);
                    if whole.prefix == TextPrefix::None {
                        whole.prefix = literal.prefix;
                    }
                }
            }
            self.advance();
        }
        let kind = ExprKind::String(whole.ok_or_else(|| self.unexpected())?);
        self.node(kind, self.span_from(start))
    }

    /// A name, or, of a type, `T(x)`.
    fn name(&mut self) -> Parsed<Expr> {
        let start = self.span();
        let path = self.expression_path()?;
        if self.is("(") {
            let scalar = path.single().is_some_and(is_scalar_name);
            let is_type = match self.oracle.classify(&path) {
                NameKind::Type => true,
                NameKind::Unknown => scalar,
                NameKind::Value => false,
            };
            if is_type {
                let span = path.span;
                let typ = self.type_node(TypeNameKind::Name(path), span)?;
                return self.function_cast(typ, start);
            }
        }
        self.node(ExprKind::Name(path), self.span_from(start))
    }

    /// `int`, `unsigned long(x)`, `struct node`
    fn type_word(&mut self) -> Parsed<Expr> {
        let start = self.span();
        let typ = self.specifiers()?;
        if self.is("(") {
            return self.function_cast(typ, start);
        }
        self.node(ExprKind::Type(Box::new(typ)), self.span_from(start))
    }

    fn function_cast(&mut self, typ: TypeName, start: Span) -> Parsed<Expr> {
        self.cast_operand(CastSyntax::Function, typ, start)
    }

    /// The operand of a cast in parentheses.
    fn cast_operand(&mut self, syntax: CastSyntax, typ: TypeName, start: Span) -> Parsed<Expr> {
        self.require("(")?;
        let operand = Box::new(self.expression()?);
        self.require(")")?;
        self.node(ExprKind::Cast { syntax, to: Box::new(typ), operand }, self.span_from(start))
    }

    fn is_cpp_cast(&self, name: &str) -> bool {
        cpp_cast(name).is_some() && self.is_then("<")
    }

    /// `static_cast<T>(x)` and its like.
    fn cpp_cast(&mut self) -> Parsed<Expr> {
        let start = self.span();
        let syntax = match self.peek() {
            Tok::Ident(name) => cpp_cast(name),
            _ => None,
        };
        let syntax = syntax.ok_or_else(|| self.unexpected())?;
        self.advance();
        self.require("<")?;
        let typ = self.type_name()?;
        self.require(">")?;
        self.cast_operand(syntax, typ, start)
    }
}

fn cpp_cast(name: &str) -> Option<CastSyntax> {
    Some(match name {
        "static_cast" => CastSyntax::Static,
        "reinterpret_cast" => CastSyntax::Reinterpret,
        "const_cast" => CastSyntax::Const,
        "dynamic_cast" => CastSyntax::Dynamic,
        _ => return None,
    })
}

/// What follows a `$`: a place in the history, or a name.
fn dollar(name: &str) -> ExprKind {
    // A number too big for the history is too big for it, whatever it is exactly.
    let number = |digits: &str| {
        let all = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        all.then(|| digits.parse().unwrap_or(u64::MAX))
    };
    let index = match name {
        "" => Some(HistoryIndex::Back(0)),
        "$" => Some(HistoryIndex::Back(1)),
        _ => match name.strip_prefix('$') {
            Some(digits) => number(digits).map(HistoryIndex::Back),
            None => number(name).map(|n| if n == 0 { HistoryIndex::Back(0) } else { HistoryIndex::Absolute(n) }),
        },
    };
    index.map_or_else(|| ExprKind::Convenience(name.into()), ExprKind::History)
}

/// Tokens that start an operand and cannot stand behind one.
fn is_operand_start(tok: &Tok) -> bool {
    matches!(
        tok,
        Tok::Ident(_)
            | Tok::Quoted(_)
            | Tok::Int(_)
            | Tok::Float(_)
            | Tok::Char(_)
            | Tok::String(_)
            | Tok::Dollar(_)
            | Tok::Punct("~" | "!" | "::")
    )
}
