//! The parser's place among the tokens, and how it fails, backs up and stays within bounds.

use crate::error::{Error, Result};
use crate::expr::ast::{Expr, ExprKind, Operand, Span, TypeName, TypeNameKind};
use crate::expr::parse::lexer;
use crate::expr::parse::oracle::{Syntax, TypeOracle};
use crate::expr::parse::token::{Tok, Token};
use crate::limits::{MAX_EXPRESSION_BYTES, MAX_EXPRESSION_DEPTH};

/// Why parsing stopped.
pub enum Fail {
    /// The token of this index fits nothing.
    At(usize),
    /// With a message of its own; the index is where.
    With(usize, Error),
}

impl Fail {
    pub fn index(&self) -> usize {
        match self {
            Fail::At(index) | Fail::With(index, _) => *index,
        }
    }

    /// This, or that the token of `index` fits nothing, whichever is further on.
    pub fn or_at(self, index: usize) -> Fail {
        if index > self.index() { Fail::At(index) } else { self }
    }
}

pub type Parsed<T> = std::result::Result<T, Fail>;

/// Reads tokens from the front. The grammar is in the other files of this folder, as methods.
pub struct Parser<'a> {
    pub text: &'a str,
    tokens: Vec<Token<'a>>,
    /// Index of the next token; that of `Tok::End` at most.
    at: usize,
    depth: usize,
    pub oracle: &'a dyn TypeOracle,
}

impl<'a> Parser<'a> {
    /// # Errors
    /// Text longer than `MAX_EXPRESSION_BYTES`.
    pub fn new(text: &'a str, oracle: &'a dyn TypeOracle) -> Result<Self> {
        if text.len() > MAX_EXPRESSION_BYTES {
            return Err(Error::Limit(format!("an expression may have {MAX_EXPRESSION_BYTES} bytes at most")));
        }
        let c_octal = matches!(oracle.syntax(), Syntax::C | Syntax::Cpp);
        Ok(Parser { text, tokens: lexer::tokens(text, c_octal), at: 0, depth: 0, oracle })
    }

    /// The next token.
    pub fn peek(&self) -> &Tok<'a> {
        self.peek_at(0)
    }

    /// The token `ahead` places after the next; `Tok::End` past the end.
    pub fn peek_at(&self, ahead: usize) -> &Tok<'a> {
        self.tokens.get(self.at + ahead).map_or(&Tok::End, |token| &token.tok)
    }

    /// Where the next token stands.
    pub fn span(&self) -> Span {
        let end = Span { start: self.text.len(), end: self.text.len() };
        self.tokens.get(self.at).map_or(end, |token| token.span)
    }

    /// Where the last taken token stands.
    pub fn last_span(&self) -> Span {
        self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map(|token| token.span).unwrap_or_default()
    }

    /// From `start` to the last taken token.
    pub fn span_from(&self, start: Span) -> Span {
        start.to(self.last_span())
    }

    /// Whether no space is between the next token and the one after it.
    pub fn is_joined(&self, ahead: usize) -> bool {
        match (self.tokens.get(self.at + ahead), self.tokens.get(self.at + ahead + 1)) {
            (Some(left), Some(right)) => left.span.end == right.span.start,
            _ => false,
        }
    }

    /// Take the next token.
    pub fn advance(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
    }

    /// The next token is this punctuation.
    pub fn is(&self, punct: &str) -> bool {
        matches!(self.peek(), Tok::Punct(p) if *p == punct)
    }

    /// The token after the next is this punctuation.
    pub fn is_then(&self, punct: &str) -> bool {
        matches!(self.peek_at(1), Tok::Punct(p) if *p == punct)
    }

    /// Take the next token if it is this punctuation.
    pub fn take(&mut self, punct: &str) -> bool {
        let found = self.is(punct);
        if found {
            self.advance();
        }
        found
    }

    /// Take the next token, which must be this punctuation.
    pub fn require(&mut self, punct: &str) -> Parsed<()> {
        if self.take(punct) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The next token is this word.
    pub fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Tok::Ident(name) if *name == word)
    }

    /// Take the next token if it is this word.
    pub fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    pub fn is_end(&self) -> bool {
        matches!(self.peek(), Tok::End)
    }

    /// The next token fits nothing.
    pub fn unexpected(&self) -> Fail {
        match self.peek() {
            Tok::Bad(error) => Fail::With(self.at, error.clone()),
            Tok::Punct(";") => Fail::With(self.at, Error::Usage("Invalid character ';' in expression.".into())),
            _ => Fail::At(self.at),
        }
    }

    /// Do `inner` one level deeper.
    pub fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_EXPRESSION_DEPTH {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn too_deep(&self) -> Fail {
        let what = format!("the expression is nested more than {MAX_EXPRESSION_DEPTH} levels deep");
        Fail::With(self.at, Error::Limit(what))
    }

    /// Do `inner`; where it fails or gives nothing, as if it had not been tried.
    pub fn attempt<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<Option<T>>) -> std::result::Result<T, usize> {
        let start = self.at;
        let result = inner(self);
        if let Ok(Some(found)) = result {
            return Ok(found);
        }
        self.at = start;
        Err(result.err().map_or(start, |fail| fail.index()))
    }

    /// What the user reads about `fail`.
    pub fn error(&self, fail: Fail) -> Error {
        match fail {
            Fail::With(_, error) => error,
            Fail::At(index) => {
                let start = self.tokens.get(index).map_or(self.text.len(), |token| token.span.start);
                Error::syntax(crate::text::escaped(self.text.get(start..).unwrap_or_default().trim_end()))
            }
        }
    }

    /// An expression around its parts.
    pub fn node(&self, kind: ExprKind, span: Span) -> Parsed<Expr> {
        let mut height = 0;
        kind.for_each_part(&mut |part| height = height.max(part));
        self.checked_height(height).map(|height| Expr { kind, span, height })
    }

    /// A type name around its parts.
    pub fn type_node(&self, kind: TypeNameKind, span: Span) -> Parsed<TypeName> {
        let mut height = 0;
        kind.for_each_part(&mut |part| height = height.max(part));
        self.checked_height(height).map(|height| TypeName { kind, span, height })
    }

    fn checked_height(&self, below: u16) -> Parsed<u16> {
        match below.checked_add(1).filter(|height| usize::from(*height) <= MAX_EXPRESSION_DEPTH) {
            Some(height) => Ok(height),
            None => Err(self.too_deep()),
        }
    }
}

impl ExprKind {
    /// Calls `visit` with the height of each part.
    fn for_each_part(&self, visit: &mut dyn FnMut(u16)) {
        use ExprKind::*;
        match self {
            Int(_) | Float(_) | Char(_) | String(_) | Bool(_) | Null | History(_) | Convenience(_) => {}
            Name(path) => path.for_each_part(visit),
            Member { base: operand, .. } | Unary { operand, .. } | Step { operand, .. } => visit(operand.height),
            MemberPointer { base: left, pointer: right, .. }
            | Index { base: left, index: right }
            | Binary { left, right, .. }
            | Assign { target: left, value: right, .. }
            | ArrayRepeat { value: left, count: right } => {
                visit(left.height);
                visit(right.height);
            }
            Slice { base, start, end, .. } => {
                visit(base.height);
                start.iter().chain(end).for_each(|part| visit(part.height));
            }
            Call { callee, arguments } => {
                visit(callee.height);
                arguments.iter().for_each(|argument| visit(argument.height));
            }
            SizeOf(operand) | AlignOf(operand) => match &**operand {
                Operand::Type(typ) => visit(typ.height),
                Operand::Expr(expr) => visit(expr.height),
            },
            Cast { to: typ, operand, .. } | At { typ, address: operand } => {
                visit(typ.height);
                visit(operand.height);
            }
            Conditional { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().for_each(|part| visit(part.height));
            }
            Array(elements) => elements.iter().for_each(|element| visit(element.height)),
            Type(typ) => visit(typ.height),
        }
    }
}

impl TypeNameKind {
    fn for_each_part(&self, visit: &mut dyn FnMut(u16)) {
        use TypeNameKind::*;
        match self {
            Base(_) | Never => {}
            Name(path) | Tagged { name: path, .. } => path.for_each_part(visit),
            Qualified { inner: part, .. }
            | Pointer { target: part, .. }
            | Reference { target: part, .. }
            | Array { element: part, .. }
            | Slice { element: part, .. }
            | Optional(part) => visit(part.height),
            Function { result, parameters, .. } => {
                result.iter().for_each(|result| visit(result.height));
                parameters.iter().for_each(|parameter| visit(parameter.height));
            }
            Tuple(elements) => elements.iter().for_each(|element| visit(element.height)),
            Dyn(paths) => paths.iter().for_each(|path| path.for_each_part(visit)),
            ErrorUnion { error, payload } => {
                error.iter().for_each(|error| visit(error.height));
                visit(payload.height);
            }
        }
    }
}

impl crate::expr::ast::Path {
    fn for_each_part(&self, visit: &mut dyn FnMut(u16)) {
        use crate::expr::ast::GenericArgument;
        for argument in self.segments.iter().filter_map(|segment| segment.arguments.as_ref()).flatten() {
            if let GenericArgument::Type(typ) | GenericArgument::Binding { typ, .. } = argument {
                visit(typ.height);
            }
        }
    }
}
