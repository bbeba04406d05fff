//! Cuts a command's arguments at commas, as expressions see them: `find &a, +4, "x,y"` has three.

use crate::error::Result;
use crate::expr::parse::lexer::tokens;
use crate::expr::parse::token::Tok;

/// The parts of `text` between its commas, outside of all brackets and quotes, trimmed. At least one, which may be
/// empty.
///
/// # Errors
/// Text that is no token, such as an open quote.
pub fn split_at_commas(text: &str) -> Result<Vec<&str>> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0usize);
    for token in tokens(text, false) {
        match token.tok {
            Tok::Bad(error) => return Err(error),
            Tok::Punct("(" | "[" | "{") => depth += 1,
            Tok::Punct(")" | "]" | "}") => depth = depth.saturating_sub(1),
            Tok::Punct(",") if depth == 0 => {
                parts.push(text.get(start..token.span.start).unwrap_or_default().trim());
                start = token.span.end;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default().trim());
    Ok(parts)
}
