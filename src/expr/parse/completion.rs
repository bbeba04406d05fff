//! What the user is about to type: which names could stand at the end of an unfinished expression.

use crate::expr::ast::{Expr, Tag};
use crate::expr::parse::declarator::tag;
use crate::expr::parse::entry::parse;
use crate::expr::parse::lexer::tokens;
use crate::expr::parse::oracle::{Syntax, TypeOracle};
use crate::expr::parse::token::{Tok, Token};

/// The unfinished word at the end of an expression, and what it can be.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    pub wanted: Wanted,
    /// Byte in the text where the unfinished word starts: what a completion replaces from.
    pub start: usize,
    /// The unfinished word, perhaps empty; of `$name` without the `$`.
    pub prefix: String,
}

/// What kind of name is wanted.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// A variable, function, type or namespace.
    Name,
    /// A name inside `qualifier` (`demo::` without the last colons; empty for the global scope).
    Scoped { qualifier: String },
    /// A member of `base`.
    Member { base: Expr, arrow: bool },
    /// A type with this keyword.
    Tagged(Tag),
    /// A convenience variable or function.
    Convenience,
    /// A source file or a name, in single quotes.
    Quoted,
    /// Nothing that could be listed: a number, the inside of a string, an operator.
    Nothing,
}

/// What could complete `text`, the part of an expression before the cursor.
pub fn completion(text: &str, oracle: &dyn TypeOracle) -> Completion {
    let c_octal = matches!(oracle.syntax(), Syntax::C | Syntax::Cpp);
    let mut tokens = tokens(text, c_octal);
    // `Tok::End`
    tokens.pop();
    let at = |wanted, start: usize| Completion { wanted, start, prefix: text.get(start..).unwrap_or_default().into() };
    let nothing = at(Wanted::Nothing, text.len());
    let joined = tokens.last().is_some_and(|last| last.span.end == text.len());
    match tokens.last().map(|last| (&last.tok, last.span.start)) {
        Some((Tok::Bad(_), start)) if text.get(start..).is_some_and(|rest| rest.starts_with('\'')) => {
            at(Wanted::Quoted, start + 1)
        }
        Some((Tok::Dollar(_), start)) if joined => at(Wanted::Convenience, start + 1),
        Some((Tok::Ident(_), start)) if joined => {
            tokens.pop();
            wanted(text, &tokens, oracle).map_or(nothing, |wanted| at(wanted, start))
        }
        // Behind an operand comes an operator.
        Some((tok, _)) if ends_operand(tok) && !is_before_operand(tok) => nothing,
        Some((Tok::Bad(_), _)) => nothing,
        _ => wanted(text, &tokens, oracle).map_or(nothing, |wanted| at(wanted, text.len())),
    }
}

/// A name that goes before an operand, or a parenthesis that may end a cast.
fn is_before_operand(tok: &Tok) -> bool {
    match tok {
        Tok::Ident(word) => matches!(*word, "sizeof" | "alignof" | "as" | "mut" | "and" | "or") || tag(word).is_some(),
        Tok::Punct(punct) => matches!(*punct, ")" | "}"),
        _ => false,
    }
}

fn ends_operand(tok: &Tok) -> bool {
    !matches!(tok, Tok::Punct(punct) if !matches!(*punct, ")" | "]" | "}" | "++" | "--"))
}

/// What can follow `before`; none if that makes no sense.
fn wanted(text: &str, before: &[Token], oracle: &dyn TypeOracle) -> Option<Wanted> {
    let Some((last, rest)) = before.split_last() else {
        return Some(Wanted::Name);
    };
    match &last.tok {
        Tok::Punct(dot @ ("." | "->")) => {
            let start = rest.get(operand_start(rest)?)?.span.start;
            let base = parse(text.get(start..last.span.start)?, oracle).ok()?;
            Some(Wanted::Member { base, arrow: *dot == "->" })
        }
        Tok::Punct("::") => {
            let qualifier = match operand_start(rest).and_then(|start| rest.get(start)) {
                Some(first) => text.get(first.span.start..last.span.start)?.trim(),
                None => "",
            };
            Some(Wanted::Scoped { qualifier: qualifier.into() })
        }
        Tok::Ident(word) => match tag(word) {
            Some(tag) => Some(Wanted::Tagged(tag)),
            None => Some(Wanted::Name).filter(|_| is_before_operand(&last.tok)),
        },
        tok if ends_operand(tok) && !is_before_operand(tok) => None,
        _ => Some(Wanted::Name),
    }
}

/// Index of the first token of the operand that `tokens` end with, its members, indexes and calls included.
fn operand_start(tokens: &[Token]) -> Option<usize> {
    let mut start = tokens.len();
    loop {
        start = start.checked_sub(1)?;
        match &tokens.get(start)?.tok {
            Tok::Punct(close @ (")" | "]" | ">")) => {
                start = opening(tokens, start, close)?;
                // A call, an index or type arguments if an operand stands before it, else parentheses.
                match start.checked_sub(1).and_then(|before| tokens.get(before)).map(|token| &token.tok) {
                    Some(Tok::Ident(_) | Tok::Quoted(_) | Tok::Field(_) | Tok::Dollar(_)) => continue,
                    Some(Tok::Punct(")" | "]" | ">")) => continue,
                    _ if *close == ")" => {}
                    _ => return None,
                }
            }
            Tok::Punct(_) | Tok::Lifetime(_) | Tok::Bad(_) | Tok::End => return None,
            _ => {}
        }
        match start.checked_sub(1).and_then(|before| tokens.get(before)).map(|token| &token.tok) {
            Some(Tok::Punct("." | "->")) => start -= 1,
            // Before `::` may be nothing.
            Some(Tok::Punct("::")) => {
                let is_name = |tok: &Tok| matches!(tok, Tok::Ident(_) | Tok::Quoted(_) | Tok::Punct(">"));
                start -= 1;
                if !start.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|token| is_name(&token.tok))
                {
                    return Some(start);
                }
            }
            _ => return Some(start),
        }
    }
}

/// Index of the bracket that `tokens[close_at]`, which is `close`, closes.
fn opening(tokens: &[Token], close_at: usize, close: &str) -> Option<usize> {
    let open = match close {
        ")" => "(",
        "]" => "[",
        _ => "<",
    };
    let mut depth = 0usize;
    for (index, token) in tokens.iter().enumerate().take(close_at + 1).rev() {
        match &token.tok {
            Tok::Punct(punct) if *punct == close => depth += 1,
            Tok::Punct(punct) if *punct == open => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(index);
        }
    }
    None
}
