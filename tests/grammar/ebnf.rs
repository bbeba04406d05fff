//! Reads EBNF (ISO/IEC 14977, as far as the grammar files use it) and says which texts follow a production. Shares no
//! code with the parsers that it judges.

use std::collections::{BTreeMap, BTreeSet};

/// One side of a production.
#[derive(Debug, Clone)]
pub enum Item {
    Text(String),
    Name(String),
    /// What stands between question marks.
    Special(String),
    Sequence(Vec<Item>),
    Choice(Vec<Item>),
    Optional(Box<Item>),
    Repeated(Box<Item>),
    Except(Box<Item>, Box<Item>),
}

/// What an example claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    Ok,
    No,
    Wrong,
}

#[derive(Debug, Clone)]
pub struct Example {
    pub claim: Claim,
    pub text: String,
    /// The whole that the reading function gets.
    pub whole: String,
    /// The reading function's name.
    pub reader: String,
    pub line: usize,
}

#[derive(Debug, Clone)]
pub struct Production {
    pub item: Item,
    /// No blanks between its parts.
    pub is_token: bool,
    pub examples: Vec<Example>,
}

#[derive(Debug, Default)]
pub struct Grammar {
    pub productions: BTreeMap<String, Production>,
    /// Productions in the order of the file.
    pub order: Vec<String>,
}

impl Grammar {
    /// Panics where `source` is not of the expected form: the files are part of the test.
    pub fn read(source: &str) -> Grammar {
        let (mut grammar, mut reader, mut context, mut is_token) = (Grammar::default(), String::new(), None, false);
        let mut rule = String::new();
        let mut prose = false;
        for (index, line) in source.lines().enumerate() {
            let (number, line) = (index + 1, line.trim());
            if prose {
                prose = !line.ends_with("*)");
                continue;
            }
            if let Some(comment) = line.strip_prefix("(*") {
                assert!(rule.trim().is_empty(), "line {number}: a comment inside a production");
                let Some(comment) = comment.strip_suffix("*)") else {
                    prose = true;
                    continue;
                };
                assert!(!comment.contains("*)"), "line {number}: the comment ends early");
                let comment = comment.strip_prefix(' ').unwrap_or(comment);
                let comment = comment.strip_suffix(' ').unwrap_or(comment);
                if comment == "tokens" {
                    is_token = true;
                } else if let Some(name) = comment.strip_prefix("parse: ") {
                    reader = name.into();
                } else if let Some(text) = comment.strip_prefix("in: ") {
                    context = Some(text.to_owned());
                } else if let Some((claim, text)) = claim(comment) {
                    let context = context.as_deref().unwrap_or("~");
                    let whole = context.replacen('~', text, 1);
                    let name = grammar.order.last().unwrap_or_else(|| panic!("line {number}: no production yet"));
                    let production = grammar.productions.get_mut(name).expect("ordered names are productions");
                    let example = Example { claim, text: text.into(), whole, reader: reader.clone(), line: number };
                    production.examples.push(example);
                }
                continue;
            }
            rule.push_str(line);
            rule.push(' ');
            if line.ends_with(';') && !line.ends_with("\";") {
                let (name, item) = Reader::production(&rule, number);
                let production = Production { item, is_token, examples: Vec::new() };
                assert!(grammar.productions.insert(name.clone(), production).is_none(), "{name} is defined twice");
                grammar.order.push(name);
                rule.clear();
                context = None;
            }
        }
        assert!(rule.trim().is_empty(), "the last production does not end: {rule}");
        grammar
    }

    /// Names that productions use.
    pub fn uses(&self, name: &str) -> BTreeSet<String> {
        fn collect(item: &Item, found: &mut BTreeSet<String>) {
            match item {
                Item::Name(name) => {
                    found.insert(name.clone());
                }
                Item::Sequence(items) | Item::Choice(items) => items.iter().for_each(|item| collect(item, found)),
                Item::Optional(item) | Item::Repeated(item) => collect(item, found),
                Item::Except(item, but) => {
                    collect(item, found);
                    collect(but, found);
                }
                Item::Text(_) | Item::Special(_) => {}
            }
        }
        let mut found = BTreeSet::new();
        if let Some(production) = self.productions.get(name) {
            collect(&production.item, &mut found);
        }
        found
    }

    fn punctuation(&self) -> BTreeSet<String> {
        fn collect(item: &Item, found: &mut BTreeSet<String>) {
            match item {
                Item::Text(text) if !text.contains(char::is_alphanumeric) => {
                    found.insert(text.clone());
                }
                Item::Sequence(items) | Item::Choice(items) => items.iter().for_each(|item| collect(item, found)),
                Item::Optional(item) | Item::Repeated(item) | Item::Except(item, _) => collect(item, found),
                Item::Text(_) | Item::Special(_) | Item::Name(_) => {}
            }
        }
        let mut found = BTreeSet::new();
        let syntactic = self.productions.values().filter(|production| !production.is_token);
        syntactic.for_each(|production| collect(&production.item, &mut found));
        found
    }

    /// Whether all of `text` follows the production `name`.
    pub fn derives(&self, name: &str, text: &str) -> bool {
        let mut matcher = Matcher { grammar: self, text, known: BTreeMap::new(), punctuation: self.punctuation() };
        let is_token = self.productions[name].is_token;
        let ends = matcher.production(name, 0);
        ends.iter().any(|end| text[*end..].trim_start().is_empty() && (!is_token || *end == text.len()))
    }
}

fn claim(comment: &str) -> Option<(Claim, &str)> {
    for (word, claim) in [("ok:", Claim::Ok), ("no:", Claim::No), ("wrong:", Claim::Wrong)] {
        if let Some(text) = comment.strip_prefix(word) {
            return Some((claim, text.strip_prefix(' ').unwrap_or(text)));
        }
    }
    None
}

/// Reads one production.
struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Reader<'a> {
    fn production(rule: &'a str, line: usize) -> (String, Item) {
        let mut reader = Reader { rest: rule, line };
        let name = reader.name().unwrap_or_else(|| panic!("line {line}: no name: {rule}"));
        reader.expect("=");
        let item = reader.choice();
        reader.expect(";");
        assert!(reader.rest.trim().is_empty(), "line {line}: left over: {}", reader.rest);
        (name, item)
    }

    fn take(&mut self, text: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, text: &str) {
        assert!(self.take(text), "line {}: `{text}` expected before `{}`", self.line, self.rest);
    }

    fn name(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        let named = name.starts_with(|c: char| c.is_alphabetic());
        named.then(|| {
            self.rest = rest;
            name.to_owned()
        })
    }

    fn choice(&mut self) -> Item {
        let mut items = vec![self.sequence()];
        while self.take("|") {
            items.push(self.sequence());
        }
        if items.len() == 1 { items.remove(0) } else { Item::Choice(items) }
    }

    fn sequence(&mut self) -> Item {
        let mut items = vec![self.exception()];
        while self.take(",") {
            items.push(self.exception());
        }
        if items.len() == 1 { items.remove(0) } else { Item::Sequence(items) }
    }

    fn exception(&mut self) -> Item {
        let item = self.factor();
        if self.take("-") { Item::Except(Box::new(item), Box::new(self.factor())) } else { item }
    }

    fn factor(&mut self) -> Item {
        for quote in ["\"", "'"] {
            if self.take(quote) {
                let (text, rest) =
                    self.rest.split_once(quote).unwrap_or_else(|| panic!("line {}: open quote", self.line));
                self.rest = rest;
                return Item::Text(text.into());
            }
        }
        if self.take("?") {
            let (text, rest) = self.rest.split_once('?').unwrap_or_else(|| panic!("line {}: open special", self.line));
            self.rest = rest;
            return Item::Special(text.trim().into());
        }
        for (open, close) in [("(", ")"), ("[", "]"), ("{", "}")] {
            if self.take(open) {
                let inner = self.choice();
                self.expect(close);
                return match open {
                    "(" => inner,
                    "[" => Item::Optional(Box::new(inner)),
                    _ => Item::Repeated(Box::new(inner)),
                };
            }
        }
        Item::Name(self.name().unwrap_or_else(|| panic!("line {}: nothing at `{}`", self.line, self.rest)))
    }
}

/// Finds all ends of what follows an item from a place on. Productions must not start with themselves.
struct Matcher<'g, 't> {
    grammar: &'g Grammar,
    text: &'t str,
    known: BTreeMap<(String, usize), BTreeSet<usize>>,
    /// All texts between blanks in the grammar that are no words.
    punctuation: BTreeSet<String>,
}

impl Matcher<'_, '_> {
    fn production(&mut self, name: &str, at: usize) -> BTreeSet<usize> {
        if let Some(ends) = self.known.get(&(name.to_owned(), at)) {
            return ends.clone();
        }
        let grammar = self.grammar;
        let production = grammar.productions.get(name).unwrap_or_else(|| panic!("{name} is not defined"));
        let ends = self.item(&production.item, at, production.is_token);
        self.known.insert((name.to_owned(), at), ends.clone());
        ends
    }

    fn item(&mut self, item: &Item, at: usize, is_token: bool) -> BTreeSet<usize> {
        match item {
            Item::Text(text) => {
                let from = if is_token { at } else { self.skip_blanks(at) };
                let found = self.text[from..].starts_with(text.as_str()).then_some(from + text.len());
                let whole = |end: &usize| is_token || !self.cuts_word(*end) && !self.cuts_punctuation(from, text);
                found.filter(whole).into_iter().collect()
            }
            Item::Special(text) => self.special(text, at, is_token),
            Item::Name(name) if !is_token && self.grammar.productions.get(name).is_some_and(|p| p.is_token) => {
                let from = self.skip_blanks(at);
                let ends = self.production(name, from);
                ends.into_iter().filter(|end| !self.cuts_word(*end)).collect()
            }
            Item::Name(name) => self.production(name, at),
            Item::Sequence(items) => items.iter().fold(BTreeSet::from([at]), |ends, item| {
                ends.into_iter().flat_map(|end| self.item(item, end, is_token)).collect()
            }),
            Item::Choice(items) => items.iter().flat_map(|item| self.item(item, at, is_token)).collect(),
            Item::Optional(inner) => {
                let mut ends = self.item(inner, at, is_token);
                ends.insert(at);
                ends
            }
            Item::Repeated(inner) => {
                let (mut ends, mut new) = (BTreeSet::from([at]), vec![at]);
                while let Some(from) = new.pop() {
                    for end in self.item(inner, from, is_token) {
                        if ends.insert(end) {
                            new.push(end);
                        }
                    }
                }
                ends
            }
            Item::Except(inner, but) => {
                let but = self.item(but, at, is_token);
                self.item(inner, at, is_token).difference(&but).copied().collect()
            }
        }
    }

    fn skip_blanks(&self, at: usize) -> usize {
        self.text.len() - self.text[at..].trim_start().len()
    }

    /// A name or number goes on past `end`.
    fn cuts_word(&self, end: usize) -> bool {
        let part = |c: char| c.is_alphanumeric() || c == '_';
        self.text[..end].ends_with(part) && self.text[end..].starts_with(part)
    }

    /// A longer piece of punctuation than `text` stands at `from`.
    fn cuts_punctuation(&self, from: usize, text: &str) -> bool {
        let longer = |other: &String| other.len() > text.len() && self.text[from..].starts_with(other.as_str());
        !text.starts_with('>') && self.punctuation.iter().any(longer)
    }

    fn special(&self, text: &str, at: usize, is_token: bool) -> BTreeSet<usize> {
        let next = self.text[at..].chars().next();
        let fits = |c: char| match text {
            "a letter of any script, or an underscore" => c.is_alphabetic() || c == '_',
            "a letter or digit of any script, or an underscore" => c.is_alphanumeric() || c == '_',
            "anything" => true,
            "anything but a single quote or backslash" => c != '\'' && c != '\\',
            "anything but a double quote or backslash" => c != '"' && c != '\\',
            "anything but a double quote" => c != '"',
            "anything but blanks" => !c.is_whitespace(),
            "anything but a comma" => c != ',',
            "anything but a colon" => c != ':',
            _ => panic!("unknown special sequence: {text}"),
        };
        let is_expression = text == "an expression, see expression.ebnf";
        if is_expression || text == "any text" {
            // Up to any place; no expression starts with a slash or comma, or has ` -- ` in it.
            let from = if is_token { at } else { self.skip_blanks(at) };
            let rest = &self.text[from..];
            let ends = (from + 1..=self.text.len()).filter(|end| self.text.is_char_boundary(*end));
            let fits = |end: &usize| !(rest.starts_with(['/', ',']) || self.text[from..*end].contains("-- "));
            return ends.filter(|end| !is_expression || fits(end)).collect();
        }
        next.filter(|c| fits(*c)).map(|c| at + c.len_utf8()).into_iter().collect()
    }
}
