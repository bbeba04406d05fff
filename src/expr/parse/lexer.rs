//! Cuts the text of an expression into tokens, in nom.
//!
//! The lexer never fails: what is no token becomes `Tok::Bad` with gdb's words for it, and only if the parser gets
//! that far does the user read them. What a character means may depend on the token before it: `.5` is a tuple's
//! field after an operand and a number elsewhere, `'a` is a lifetime in `&'a str` and an open quote elsewhere.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_until, take_while, take_while1};
use nom::character::complete::{char, digit1, one_of, satisfy};
use nom::combinator::{eof, map, not, opt, peek, recognize, value, verify};
use nom::multi::many0_count;
use nom::sequence::{delimited, pair, preceded, terminated};
use nom::{IResult, Parser};

use crate::error::Error;
use crate::expr::ast::{Span, StringLiteral, TextPrefix};
use crate::expr::parse::literal;
use crate::expr::parse::token::{Tok, Token};

/// Longest first, so that the first that fits is the right one. No token starts with `>` and goes on: whether two of
/// them shift or close two lists of type arguments, only the parser knows.
const PUNCTUATION: [&str; 46] = [
    "<<=", "..=", "...", "->", "++", "--", "<<", "<=", "==", "!=", "&&", "||", "+=", "-=", "*=", "/=", "%=", "&=",
    "|=", "^=", "::", "..", "+", "-", "*", "/", "%", "&", "|", "^", "~", "!", "<", ">", "=", "?", ":", ",", ".", "(",
    ")", "[", "]", "{", "}", "@",
];

/// All tokens of `text`, `Tok::End` last; nothing follows a `Tok::Bad` but that. `c_octal`: a leading zero means
/// base eight.
pub fn tokens(text: &str, c_octal: bool) -> Vec<Token<'_>> {
    let mut lexer = Lexer { c_octal, tokens: Vec::new() };
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let start = text.len() - rest.len();
        let (tok, after) = lexer.next(rest);
        let bad = matches!(tok, Tok::Bad(_));
        lexer.tokens.push(Token { tok, span: Span { start, end: text.len() - after.len() } });
        if bad {
            break;
        }
        rest = after.trim_start();
    }
    let end = Span { start: text.len(), end: text.len() };
    lexer.tokens.push(Token { tok: Tok::End, span: end });
    lexer.tokens
}

struct Lexer<'a> {
    c_octal: bool,
    tokens: Vec<Token<'a>>,
}

impl<'a> Lexer<'a> {
    /// The token at the start of `rest`, which is not empty, and what follows it.
    fn next(&self, rest: &'a str) -> (Tok<'a>, &'a str) {
        let before = self.tokens.last().map(|token| &token.tok);
        if matches!(before, Some(Tok::Punct("." | "->")))
            && let Ok((after, digits)) = field(rest)
        {
            return (Tok::Field(digits), after);
        }
        if matches!(before, Some(Tok::Punct("::")))
            && let Ok((after, name)) = compiler_name(rest)
        {
            return (Tok::Ident(name), after);
        }
        let dot_is_member = before.is_some_and(ends_operand) && rest.starts_with('.');
        if !dot_is_member && let Ok((after, text)) = number(rest) {
            return (literal::number(text, self.c_octal).unwrap_or_else(Tok::Bad), after);
        }
        if let Ok((after, prefix)) = quote_prefix(rest) {
            return if after.starts_with('"') { string(after, prefix) } else { self.single_quoted(after, prefix) };
        }
        if let Ok((after, content)) = raw_string(rest) {
            let prefix = if rest.starts_with('b') { TextPrefix::Byte } else { TextPrefix::None };
            return (Tok::String(StringLiteral { bytes: content.as_bytes().to_vec(), prefix }), after);
        }
        let simple =
            alt((map(identifier, Tok::Ident), map(preceded(char('$'), dollar_name), Tok::Dollar), punctuation))
                .parse(rest);
        match simple {
            Ok((after, tok)) => (tok, after),
            Err(_) => {
                let c = rest.chars().next().unwrap_or_default();
                let shown = crate::text::escaped(rest.get(..c.len_utf8()).unwrap_or_default());
                (Tok::Bad(Error::Usage(format!("Invalid character '{shown}' in expression."))), "")
            }
        }
    }

    /// At a single quote: a character, a quoted name or a lifetime.
    fn single_quoted(&self, rest: &'a str, prefix: TextPrefix) -> (Tok<'a>, &'a str) {
        let bad = |words: &str| (Tok::Bad(Error::Usage(words.into())), "");
        let (after, content) = match delimited(char('\''), content('\''), char('\'')).parse(rest) {
            Ok((after, content)) => (after, Some(content)),
            Err(_) => (rest, None),
        };
        let is_char = content.and_then(|content| literal::character(content, prefix));
        let before_colons = after.trim_start().starts_with("::");
        match (content, is_char) {
            (Some(_), Some(literal)) if !before_colons => return (Tok::Char(literal), after),
            (Some(""), _) => return bad("A character constant must contain at least one character."),
            _ => {}
        }
        let lifetime = preceded(char('\''), terminated(identifier, lifetime_end)).parse(rest);
        match (lifetime, content) {
            (Ok((after, name)), content) if prefix == TextPrefix::None && self.is_lifetime(content) => {
                (Tok::Lifetime(name), after)
            }
            (_, None) => bad("Unmatched single quote."),
            (_, Some(content)) if prefix == TextPrefix::None && (before_colons || content.chars().count() > 2) => {
                (Tok::Quoted(content), after)
            }
            _ => bad("Invalid character constant."),
        }
    }

    /// `&'a T`, `Cow<'a, T>`: where a lifetime may stand, and what lies up to the next quote, if there is one, is
    /// cut off in the middle of a type.
    fn is_lifetime(&self, content: Option<&str>) -> bool {
        let place = matches!(self.tokens.last().map(|t| &t.tok), Some(Tok::Punct("&" | "&&" | "<" | "," | "+")));
        place && content.is_none_or(|content| content.ends_with(['<', '&', ',', ' ', '+']))
    }
}

/// A dot after it is a member access.
fn ends_operand(tok: &Tok) -> bool {
    matches!(
        tok,
        Tok::Ident(_)
            | Tok::Quoted(_)
            | Tok::Field(_)
            | Tok::Dollar(_)
            | Tok::String(_)
            | Tok::Char(_)
            | Tok::Punct(")" | "]" | "}")
    )
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A name; Rust's `r#` before it is dropped. A `$` may stand inside, as in names of JavaScript.
fn identifier(input: &str) -> IResult<&str, &str> {
    let name = recognize(pair(satisfy(is_name_start), take_while(|c| is_name_part(c) || c == '$')));
    preceded(opt(terminated(tag("r#"), peek(satisfy(is_name_start)))), name).parse(input)
}

/// What the Rust compiler puts into paths: `{closure#0}`, `{impl#3}`, `{{closure}}`.
fn compiler_name(input: &str) -> IResult<&str, &str> {
    let words = |input| take_while1(|c| is_name_part(c) || c == '#' || c == ':').parse(input);
    alt((recognize(delimited(tag("{{"), words, tag("}}"))), recognize(delimited(char('{'), words, char('}')))))
        .parse(input)
}

/// What may stand behind a lifetime.
fn lifetime_end(input: &str) -> IResult<&str, ()> {
    peek(alt((value((), satisfy(|c| c.is_whitespace() || "<>,+".contains(c))), value((), eof)))).parse(input)
}

fn dollar_name(input: &str) -> IResult<&str, &str> {
    take_while(|c| is_name_part(c) || c == '$').parse(input)
}

fn punctuation(input: &str) -> IResult<&str, Tok<'_>> {
    let found = PUNCTUATION.iter().find_map(|p| Some((input.strip_prefix(p)?, Tok::Punct(p))));
    // Rust's `[T; 4]` is the one place for a semicolon; the parser knows it.
    found.map_or_else(|| value(Tok::Punct(";"), char(';')).parse(input), Ok)
}

fn field(input: &str) -> IResult<&str, &str> {
    digit1.parse(input)
}

/// As much as looks like a number, right or wrong: `08`, `5zz`, `1e+9`, `0x1.8p-3`, but not the dots of `1..2`.
fn number(input: &str) -> IResult<&str, &str> {
    let (_, ()) = peek(value((), preceded(opt(char('.')), satisfy(|c| c.is_ascii_digit())))).parse(input)?;
    let hex = input.starts_with("0x") || input.starts_with("0X");
    let exponent = if hex { "pP" } else { "eE" };
    let part = |input| {
        recognize(many0_count(alt((value((), (one_of(exponent), one_of("+-"))), value((), satisfy(is_name_part))))))
            .parse(input)
    };
    let dot = terminated(
        char('.'),
        not(alt((value((), char('.')), value((), verify(peek(name_ahead), |n| !is_float_tail(n)))))),
    );
    recognize((part, opt(pair(dot, part)))).parse(input)
}

fn name_ahead(input: &str) -> IResult<&str, &str> {
    recognize(pair(satisfy(is_name_start), take_while(is_name_part))).parse(input)
}

/// What may follow the dot of a number without being a member: `1.f`, `1.e5`, `0x1.ap1`.
fn is_float_tail(name: &str) -> bool {
    matches!(name, "f" | "F" | "l" | "L" | "e" | "E")
        || name.strip_prefix(['e', 'E']).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
        || (name.contains(['p', 'P']) && name.starts_with(|c: char| c.is_ascii_hexdigit()))
}

/// What stands before a quote, the quote itself not taken.
fn quote_prefix(input: &str) -> IResult<&str, TextPrefix> {
    let prefix = alt((
        value(TextPrefix::None, tag("u8")),
        value(TextPrefix::Byte, tag("b")),
        value(TextPrefix::CString, tag("c")),
        value(TextPrefix::Wide, tag("L")),
        value(TextPrefix::Utf16, tag("u")),
        value(TextPrefix::Utf32, tag("U")),
        value(TextPrefix::None, tag("")),
    ));
    terminated(prefix, peek(one_of("'\""))).parse(input)
}

/// Everything up to an unescaped `quote`.
fn content<'a>(quote: char) -> impl Parser<&'a str, Output = &'a str, Error = nom::error::Error<&'a str>> {
    recognize(many0_count(alt((
        value((), pair(char('\\'), satisfy(|_| true))),
        value((), satisfy(move |c| c != quote && c != '\\')),
    ))))
}

fn string(input: &str, prefix: TextPrefix) -> (Tok<'_>, &str) {
    match delimited(char('"'), content('"'), char('"')).parse(input) {
        Ok((after, content)) => {
            (Tok::String(StringLiteral { bytes: literal::string_bytes(content, prefix), prefix }), after)
        }
        Err(_) => (Tok::Bad(Error::Usage("Unterminated string in expression.".into())), ""),
    }
}

/// Rust: `r"..."`, `r#"..."#`, `br"..."`.
fn raw_string(input: &str) -> IResult<&str, &str> {
    let (rest, hashes) =
        preceded((opt(char('b')), char('r')), terminated(take_while(|c| c == '#'), char('"'))).parse(input)?;
    let end = format!("\"{hashes}");
    terminated(take_until(end.as_str()), tag(end.as_str())).parse(rest)
}
