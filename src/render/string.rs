//! Characters and strings as gdb writes them: escapes, repeats, limits.

use crate::value::view::Text;

use super::options::Options;

/// A character constant: `'a'`, `'\000'`, `'\''`; beyond ASCII as Unicode if `unicode`, else in octal.
pub fn char_literal(code: u32, unicode: bool) -> String {
    let mut text = String::from("'");
    push_unit(&mut text, code, unicode, '\'');
    text.push('\'');
    text
}

/// One code unit inside quotes.
fn push_unit(text: &mut String, code: u32, unicode: bool, quote: char) {
    match (code, char::from_u32(code)) {
        (0x07, _) => text.push_str("\\a"),
        (0x08, _) => text.push_str("\\b"),
        (0x09, _) => text.push_str("\\t"),
        (0x0a, _) => text.push_str("\\n"),
        (0x0b, _) => text.push_str("\\v"),
        (0x0c, _) => text.push_str("\\f"),
        (0x0d, _) => text.push_str("\\r"),
        (_, Some(c)) if c == quote || c == '\\' => {
            text.push('\\');
            text.push(c);
        }
        (0x20..=0x7e, Some(c)) => text.push(c),
        (0x80.., Some(c)) if unicode && !crate::text::is_steering(c) => text.push(c),
        (0x100.., Some(_)) if unicode => text.push_str(&format!("\\u{{{code:x}}}")),
        _ => text.push_str(&format!("\\{code:03o}")),
    }
}

/// The code units of a text as characters: UTF-8 and UTF-16 joined; what is no character stays a unit.
fn units(text: &Text) -> Vec<(u32, bool)> {
    match text.unit_bytes {
        1 => utf8_units(&text.bytes),
        2 => {
            let words = text.bytes.as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b));
            let decoded = char::decode_utf16(words);
            decoded
                .map(|c| c.map_or_else(|e| (u32::from(e.unpaired_surrogate()), false), |c| (c as u32, true)))
                .collect()
        }
        _ => text.bytes.as_chunks::<4>().0.iter().map(|b| (u32::from_le_bytes(*b), true)).collect(),
    }
}

fn utf8_units(bytes: &[u8]) -> Vec<(u32, bool)> {
    let mut result = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        result.extend(chunk.valid().chars().map(|c| (c as u32, true)));
        result.extend(chunk.invalid().iter().map(|b| (u32::from(*b), false)));
    }
    result
}

/// A text in quotes, with gdb's limits (`set print characters`, `repeats`, `null-stop`).
pub fn quoted(text: &Text, options: &Options) -> String {
    if let Some(quoted) = plainly_quoted(text, options) {
        return quoted;
    }
    let mut units = units(text);
    if text.is_array {
        if options.null_stop
            && let Some(end) = units.iter().position(|(code, _)| *code == 0)
        {
            units.truncate(end);
        }
        // gdb drops one trailing NUL, and all of them when the rest fits: `"buf"` for char[16], unless embedded.
        if units.last().is_some_and(|(code, _)| *code == 0) {
            let limit = options.characters.unwrap_or(u64::MAX);
            let end = units.iter().rposition(|(code, _)| *code != 0).map_or(0, |i| i + 1);
            let all_trail = (end as u64) < limit && options.null_stop;
            let keep = if all_trail { end } else { units.len() - 1 };
            units.truncate(keep);
        }
    }
    let limit = options.characters.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let prefix = match (text.is_wide, text.unit_bytes) {
        (true, _) => "L",
        (false, 2) => "u",
        (false, 4) => "U",
        _ => "",
    };
    let mut out = Runs { result: String::new(), prefix, in_quotes: false, shown: 0 };
    let repeats = options.repeats.map_or(usize::MAX, |r| usize::try_from(r).unwrap_or(usize::MAX));
    let mut at = 0;
    while let Some(&(code, unicode)) = units.get(at) {
        if out.shown >= limit {
            break;
        }
        let run = units.iter().skip(at).take_while(|u| u.0 == code).count();
        if run > repeats.max(1) {
            out.repeated(code, unicode, run);
            at += run;
        } else {
            let shown = run.min(limit - out.shown);
            (0..shown).for_each(|_| out.unit(code, unicode));
            at += shown;
        }
    }
    out.finish(at < units.len() || text.truncated)
}

/// A text in which nothing is escaped, counted or cut off, as most are.
fn plainly_quoted(text: &Text, options: &Options) -> Option<String> {
    let is_narrow = text.unit_bytes == 1 && !text.is_wide && !text.is_array && !text.truncated;
    let repeats = options.repeats.unwrap_or(u64::MAX).max(1);
    let is_short = text.bytes.len() as u64 <= options.characters.unwrap_or(u64::MAX);
    let is_plain = |byte: &u8| (b' '..=b'~').contains(byte) && !matches!(byte, b'"' | b'\\');
    if !is_narrow || !is_short || !text.bytes.iter().all(is_plain) {
        return None;
    }
    let may_repeat = text.bytes.len() as u64 > repeats;
    let is_counted = may_repeat && text.bytes.chunk_by(|a, b| a == b).any(|run| run.len() as u64 > repeats);
    let plain = std::str::from_utf8(&text.bytes).ok().filter(|_| !is_counted)?;
    let mut quoted = String::with_capacity(plain.len() + 2);
    quoted.push('"');
    quoted.push_str(plain);
    quoted.push('"');
    Some(quoted)
}

struct Runs {
    result: String,
    prefix: &'static str,
    in_quotes: bool,
    /// Elements shown; a repeated run counts as `repeats` elements do in gdb: as one here.
    shown: usize,
}

impl Runs {
    fn unit(&mut self, code: u32, unicode: bool) {
        if !self.in_quotes {
            if !self.result.is_empty() {
                self.result.push_str(", ");
            }
            self.result.push_str(self.prefix);
            self.result.push('"');
            self.in_quotes = true;
        }
        push_unit(&mut self.result, code, unicode, '"');
        self.shown += 1;
    }

    fn repeated(&mut self, code: u32, unicode: bool, count: usize) {
        if self.in_quotes {
            self.result.push('"');
            self.in_quotes = false;
        }
        if !self.result.is_empty() {
            self.result.push_str(", ");
        }
        self.result.push_str(self.prefix);
        self.result.push_str(&char_literal(code, unicode));
        self.result.push_str(&format!(" <repeats {count} times>"));
        self.shown += 1;
    }

    fn finish(mut self, truncated: bool) -> String {
        if self.in_quotes {
            self.result.push('"');
        }
        if self.result.is_empty() {
            self.result = format!("{}\"\"", self.prefix);
        }
        if truncated {
            self.result.push_str("...");
        }
        self.result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array(bytes: &[u8]) -> Text {
        Text {
            bytes: bytes.to_vec(),
            unit_bytes: 1,
            truncated: false,
            is_utf8: false,
            is_array: true,
            is_wide: false,
            units: None,
        }
    }

    #[test]
    fn arrays_of_char_are_written_as_gdb_does() {
        let options = Options::default();
        assert_eq!(quoted(&array(b"buf\0"), &options), "\"buf\"");
        let mut long = b"buf".to_vec();
        long.resize(16, 0);
        assert_eq!(quoted(&array(&long), &options), "\"buf\", '\\000' <repeats 12 times>");
        assert_eq!(quoted(&array(&long), &Options { null_stop: true, ..options.clone() }), "\"buf\"");
        assert_eq!(quoted(&array(b"\x1b[31m"), &options), "\"\\033[31m\"");
    }
}
