//! What stands behind an operand: members, indexes, calls, steps.

use crate::expr::ast::{Expr, ExprKind, UnaryOp};
use crate::expr::parse::cursor::{Parsed, Parser};
use crate::expr::parse::expression::is_infix_word;
use crate::expr::parse::oracle::Syntax;
use crate::expr::parse::token::Tok;

impl Parser<'_> {
    /// `base` with all that follows it and binds to it.
    pub fn postfix(&mut self, mut base: Expr) -> Parsed<Expr> {
        loop {
            base = match self.peek() {
                Tok::Punct("." | "->") => self.member(base)?,
                Tok::Punct("[") => self.index(base)?,
                Tok::Punct("(") => self.call(base)?,
                Tok::Punct(step @ ("++" | "--")) => {
                    let increment = *step == "++";
                    let start = base.span;
                    self.advance();
                    let kind = ExprKind::Step { increment, prefix: false, operand: Box::new(base) };
                    self.node(kind, self.span_from(start))?
                }
                _ => return Ok(base),
            };
        }
    }

    fn member(&mut self, base: Expr) -> Parsed<Expr> {
        let start = base.span;
        let arrow = self.is("->");
        self.advance();
        let base = Box::new(base);
        let name_start = self.span();
        let kind = match self.peek() {
            Tok::Ident(_) => {
                let name = self.member_name();
                ExprKind::Member { base, arrow, name, name_span: self.span_from(name_start) }
            }
            Tok::Field(digits) => {
                let name = String::from(*digits);
                self.advance();
                ExprKind::Member { base, arrow, name, name_span: name_start }
            }
            Tok::Punct("*") if self.is_member_pointer_ahead(arrow) => {
                self.advance();
                let pointer = self.member_pointer()?;
                ExprKind::MemberPointer { base, arrow, pointer: Box::new(pointer) }
            }
            // Zig's, which have no arrow.
            Tok::Punct("*") if !arrow => {
                self.advance();
                ExprKind::Unary { op: UnaryOp::DereferenceAfter, operand: base }
            }
            Tok::Punct("?") if !arrow => {
                self.advance();
                ExprKind::Unary { op: UnaryOp::Unwrap, operand: base }
            }
            _ => return Err(self.unexpected()),
        };
        self.node(kind, self.span_from(start))
    }

    /// C++'s `a.*b`, `a.*&C::m` and `a.*(b)`, but not Zig's `a.* as T`, `a.* & b` and `a.*(b)`.
    fn is_member_pointer_ahead(&self, arrow: bool) -> bool {
        let name = matches!(self.peek_at(1), Tok::Ident(_) | Tok::Quoted(_) | Tok::Dollar(_));
        let operand = matches!(self.peek_at(1), Tok::Punct("&" | "("));
        let is_cpp = arrow || self.oracle.syntax() == Syntax::Cpp;
        name && !is_infix_word(self.peek_at(1), self.oracle.syntax()) || operand && is_cpp
    }

    /// What stands behind `.*` and `->*`: a name, `&` and a name, or anything in parentheses.
    fn member_pointer(&mut self) -> Parsed<Expr> {
        let start = self.span();
        match self.peek() {
            Tok::Dollar(_) => self.primary(),
            Tok::Punct("(") => {
                self.advance();
                let inner = self.expression()?;
                self.require(")")?;
                Ok(Expr { span: self.span_from(start), ..inner })
            }
            Tok::Punct("&") => {
                self.advance();
                let operand = Box::new(self.member_pointer_name()?);
                self.node(ExprKind::Unary { op: UnaryOp::AddressOf, operand }, self.span_from(start))
            }
            _ => self.member_pointer_name(),
        }
    }

    fn member_pointer_name(&mut self) -> Parsed<Expr> {
        let start = self.span();
        let path = self.expression_path()?;
        self.node(ExprKind::Name(path), self.span_from(start))
    }

    /// A member, perhaps of a named base class: `Shape::id`.
    fn member_name(&mut self) -> String {
        let mut name = String::new();
        while let Tok::Ident(part) = self.peek() {
            name.push_str(part);
            self.advance();
            if !self.is("::") || !matches!(self.peek_at(1), Tok::Ident(_)) {
                break;
            }
            self.advance();
            name.push_str("::");
        }
        name
    }

    /// `[index]`, and Rust's and Zig's `[start..end]`, `[..=end]`
    fn index(&mut self, base: Expr) -> Parsed<Expr> {
        let span = base.span;
        self.advance();
        let base = Box::new(base);
        let start = if self.is("..") || self.is("..=") { None } else { Some(Box::new(self.expression()?)) };
        let inclusive = self.is("..=");
        let kind = if self.take("..") || self.take("..=") {
            let end = if self.is("]") && !inclusive { None } else { Some(Box::new(self.expression()?)) };
            ExprKind::Slice { base, start, end, inclusive }
        } else {
            let index = start.ok_or_else(|| self.unexpected())?;
            ExprKind::Index { base, index }
        };
        self.require("]")?;
        self.node(kind, self.span_from(span))
    }

    fn call(&mut self, callee: Expr) -> Parsed<Expr> {
        let span = callee.span;
        self.advance();
        let arguments = self.list(")")?;
        self.node(ExprKind::Call { callee: Box::new(callee), arguments }, self.span_from(span))
    }
}
