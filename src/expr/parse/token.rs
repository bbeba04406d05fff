//! What the lexer makes of the text: tokens with their places.

use crate::error::Error;
use crate::expr::ast::{CharLiteral, FloatLiteral, IntLiteral, Span, StringLiteral};

/// One token and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Token<'a> {
    pub tok: Tok<'a>,
    pub span: Span,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub enum Tok<'a> {
    /// A name or keyword; a Rust path's `{closure#0}` is one too.
    Ident(&'a str),
    /// `'util.c'`: a name in single quotes, without them.
    Quoted(&'a str),
    /// Rust: `'static`, without the quote.
    Lifetime(&'a str),
    Int(IntLiteral),
    Float(FloatLiteral),
    Char(CharLiteral),
    String(StringLiteral),
    /// The digits after a dot: a tuple's field.
    Field(&'a str),
    /// What follows a `$`; empty for `$` alone.
    Dollar(&'a str),
    /// Punctuation.
    Punct(&'static str),
    /// Text that is no token, with what to say about it should the parser get there.
    Bad(Error),
    /// The end of the text; always the last token.
    End,
}
