//! Rust source as a checker needs it: words and signs with their lines, without comments, string contents and tests.

use std::collections::BTreeMap;
use std::path::Path;

/// One word or sign of a source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// An identifier, number, lifetime, `::`, one punctuation character, or `"` for any literal in quotes.
    pub text: String,
    /// Counted from 1.
    pub line: usize,
}

/// The files under `src/`, by path relative to it with `/` between the parts.
#[derive(Default)]
pub struct Tree {
    pub files: BTreeMap<String, String>,
}

impl Tree {
    /// All `.rs` files under `root`.
    pub fn read(root: &Path) -> Self {
        let mut tree = Tree::default();
        let mut folders = vec![root.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                    tree.files.insert(name, std::fs::read_to_string(&path).unwrap());
                }
            }
        }
        tree
    }

    /// A tree made up for a test.
    pub fn of(files: &[(&str, &str)]) -> Self {
        Tree { files: files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect() }
    }
}

/// The tokens of `text` without what is compiled for tests only.
pub fn tokens(text: &str) -> Vec<Token> {
    without_tests(&all_tokens(text))
}

fn all_tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut result = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let start = at;
        let c = chars[at];
        let next = chars.get(at + 1).copied().unwrap_or('\0');
        let word = match c {
            '/' if next == '/' => {
                at += chars[at..].iter().take_while(|c| **c != '\n').count();
                None
            }
            '/' if next == '*' => {
                at = end_of_comment(&chars, at);
                None
            }
            '"' => {
                at = end_of_string(&chars, at);
                Some("\"".to_owned())
            }
            'r' | 'b' | 'c' if raw_string(&chars, at).is_some() => {
                at = raw_string(&chars, at).unwrap();
                Some("\"".to_owned())
            }
            '\'' if next == '\\' || chars.get(at + 2) == Some(&'\'') => {
                at += if next == '\\' { 3 } else { 2 };
                at += chars[at.min(chars.len())..].iter().take_while(|c| **c != '\'').count() + 1;
                Some("\"".to_owned())
            }
            ':' if next == ':' => {
                at += 2;
                Some("::".to_owned())
            }
            c if c.is_alphanumeric() || c == '_' => {
                at += chars[at..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
                Some(chars[start..at].iter().collect())
            }
            c if c.is_whitespace() => {
                at += 1;
                None
            }
            c => {
                at += 1;
                Some(c.to_string())
            }
        };
        at = at.min(chars.len());
        result.extend(word.map(|text| Token { text, line }));
        line += chars[start..at].iter().filter(|c| **c == '\n').count();
    }
    result
}

fn end_of_comment(chars: &[char], mut at: usize) -> usize {
    let mut depth = 0;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                at += 2;
            }
            ('*', Some('/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    break;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn end_of_string(chars: &[char], mut at: usize) -> usize {
    at += 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The end of the raw, byte or C string that begins at `at`; none if no string begins there.
fn raw_string(chars: &[char], at: usize) -> Option<usize> {
    let letters = chars[at..].iter().take_while(|c| matches!(c, 'r' | 'b' | 'c')).count();
    let hashes = chars[at + letters..].iter().take_while(|c| **c == '#').count();
    let quote = at + letters + hashes;
    if letters > 2 || chars.get(quote) != Some(&'"') {
        return None;
    }
    if !chars[at..at + letters].contains(&'r') {
        return (hashes == 0).then(|| end_of_string(chars, quote));
    }
    let mut end = quote + 1;
    while end < chars.len() {
        let closing =
            chars[end] == '"' && chars[end + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes;
        if closing {
            return Some(end + 1 + hashes);
        }
        end += 1;
    }
    Some(end)
}

/// Drop every item behind `#[cfg(test)]` or `#[test]`.
fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut result = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let starts = |words: &[&str]| words.iter().enumerate().all(|(i, w)| text_at(tokens, at + i) == *w);
        if starts(&["#", "[", "cfg", "(", "test", ")", "]"]) || starts(&["#", "[", "test", "]"]) {
            at = end_of_item(tokens, at);
        } else {
            result.push(tokens[at].clone());
            at += 1;
        }
    }
    result
}

/// The token after the item that begins, with its attributes, at `at`.
fn end_of_item(tokens: &[Token], mut at: usize) -> usize {
    let mut depth = 0usize;
    let mut in_attribute = false;
    while at < tokens.len() {
        match text_at(tokens, at) {
            "#" if depth == 0 => in_attribute = true,
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth = depth.saturating_sub(1);
                if depth == 0 && text_at(tokens, at) == "}" {
                    return at + 1;
                }
                if depth == 0 {
                    in_attribute = false;
                }
            }
            ";" if depth == 0 && !in_attribute => return at + 1,
            _ => {}
        }
        at += 1;
    }
    at
}

/// The text of one token; empty past the end.
pub fn text_at(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |t| t.text.as_str())
}
