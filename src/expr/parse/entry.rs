//! The ways in: an expression, a type, or either.

use crate::error::Result;
use crate::expr::ast::{Expr, ExprKind, Operand, TypeName};
use crate::expr::parse::cursor::{Fail, Parsed, Parser};
use crate::expr::parse::oracle::{Certainty, TypeOracle, certainty};

/// All of `text` as an expression. A type is one too (`ExprKind::Type`): evaluation refuses it.
///
/// # Errors
/// gdb's wording with the rest of the input from the first token that fits nothing; text nested too deeply or too
/// long.
pub fn parse(text: &str, oracle: &dyn TypeOracle) -> Result<Expr> {
    match parse_type_or_expression(text, oracle)? {
        Operand::Expr(expr) => Ok(expr),
        Operand::Type(typ) => Ok(Expr { span: typ.span, height: typ.height, kind: ExprKind::Type(Box::new(typ)) }),
    }
}

/// The expression at the start of `text`, which may go on with what fits nothing; none where it begins with none.
pub fn parse_beginning(text: &str, oracle: &dyn TypeOracle) -> Option<Expr> {
    Parser::new(text, oracle).ok()?.expression().ok()
}

/// All of `text` as a type.
///
/// # Errors
/// As `parse`.
pub fn parse_type(text: &str, oracle: &dyn TypeOracle) -> Result<TypeName> {
    let mut parser = Parser::new(text, oracle)?;
    let typ = whole(&mut parser, Parser::type_name);
    typ.map_err(|fail| parser.error(fail))
}

/// All of `text` as a type or an expression, for `ptype` and `whatis`. A name alone that the oracle does not know is
/// an expression.
///
/// # Errors
/// As `parse`; of the two ways to read the text, that of the one that got further.
pub fn parse_type_or_expression(text: &str, oracle: &dyn TypeOracle) -> Result<Operand> {
    let typ = whole(&mut Parser::new(text, oracle)?, Parser::type_name);
    let typ = match typ {
        Ok(typ) if certainty(&typ, oracle) == Certainty::Sure => return Ok(Operand::Type(typ)),
        other => other,
    };
    let mut parser = Parser::new(text, oracle)?;
    match (whole(&mut parser, Parser::expression), typ) {
        (Ok(expr), _) => Ok(Operand::Expr(expr)),
        (Err(_), Ok(typ)) if certainty(&typ, oracle) == Certainty::Maybe => Ok(Operand::Type(typ)),
        (Err(fail), Err(as_type)) if as_type.index() > fail.index() => Err(parser.error(as_type)),
        (Err(fail), _) => Err(parser.error(fail)),
    }
}

fn whole<'a, T>(parser: &mut Parser<'a>, inner: impl FnOnce(&mut Parser<'a>) -> Parsed<T>) -> Parsed<T> {
    let found = inner(parser)?;
    if parser.is_end() { Ok(found) } else { Err::<T, Fail>(parser.unexpected()) }
}
