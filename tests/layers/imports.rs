//! Which module of the crate names which other one: paths that begin with `crate`, `super` or `self`, resolved to the
//! file that defines what they name, through the re-exports of `mod.rs` files.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Token, Tree, text_at, tokens};

/// A module's place: `["wasm", "code"]` for `wasm/code.rs`, empty for `lib.rs`.
pub type ModulePath = Vec<String>;

/// All modules of a tree, and what each declares.
pub struct Modules {
    /// File of each module.
    pub files: BTreeMap<ModulePath, String>,
    /// Child modules in the order in which their parent declares them.
    pub children: BTreeMap<ModulePath, Vec<String>>,
    /// Names that a module re-exports, and the full path of what they stand for.
    exports: BTreeMap<ModulePath, BTreeMap<String, ModulePath>>,
    /// Tokens of each module.
    pub tokens: BTreeMap<ModulePath, Vec<Token>>,
}

/// One use of another module.
#[derive(Debug)]
pub struct Import {
    pub line: usize,
    /// As written, in full from the crate's root.
    pub path: ModulePath,
    /// The module that defines it; none if it cannot be told.
    pub target: Option<ModulePath>,
}

impl Modules {
    /// The modules of the library; `main.rs` and `bin/` belong to programs of their own.
    pub fn new(tree: &Tree) -> Self {
        let mut modules = Modules {
            files: BTreeMap::new(),
            children: BTreeMap::new(),
            exports: BTreeMap::new(),
            tokens: BTreeMap::new(),
        };
        for (file, text) in &tree.files {
            if let Some(path) = module_path(file) {
                modules.tokens.insert(path.clone(), tokens(text));
                modules.files.insert(path, file.clone());
            }
        }
        modules.drop_test_files(tree);
        for (path, tokens) in &modules.tokens {
            modules.children.insert(path.clone(), declared_modules(tokens));
        }
        for (path, tokens) in &modules.tokens {
            let found = modules.exported_names(path, tokens);
            modules.exports.insert(path.clone(), found);
        }
        modules
    }

    /// A file that its parent declares under `#[cfg(test)]` is no part of the product.
    fn drop_test_files(&mut self, tree: &Tree) {
        let kept: BTreeSet<ModulePath> = self
            .files
            .keys()
            .filter(|path| {
                let Some((name, parent)) = path.split_last() else { return true };
                let declaration = format!("mod {name};");
                let in_text = self.files.get(parent).is_some_and(|f| tree.files[f].contains(&declaration));
                let in_tokens = self.tokens.get(parent).is_some_and(|t| declared_modules(t).contains(name));
                in_tokens || !in_text
            })
            .cloned()
            .collect();
        self.files.retain(|path, _| kept.contains(path));
        self.tokens.retain(|path, _| kept.contains(path));
    }

    /// What `pub use` in `path` makes available under that module's own name.
    fn exported_names(&self, path: &ModulePath, tokens: &[Token]) -> BTreeMap<String, ModulePath> {
        let mut result = BTreeMap::new();
        for at in 0..tokens.len() {
            if text_at(tokens, at) != "use" || at == 0 || !matches!(text_at(tokens, at - 1), "pub" | ")") {
                continue;
            }
            let mut found = Vec::new();
            parse_tree(tokens, at + 1, &[], &mut found);
            for (words, alias, _) in found {
                let full = self.absolute(path, &words);
                if let Some(name) = alias.or_else(|| full.last().cloned()) {
                    result.insert(name, full);
                }
            }
        }
        result
    }

    /// A path as written in module `from`, from the crate's root.
    fn absolute(&self, from: &ModulePath, words: &[String]) -> ModulePath {
        let mut base = from.clone();
        let mut rest = words;
        match words.first().map(String::as_str) {
            Some("crate") => {
                base.clear();
                rest = &words[1..];
            }
            Some("self") => rest = &words[1..],
            _ => {
                while rest.first().is_some_and(|w| w == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
        }
        base.extend(rest.iter().cloned());
        base
    }

    /// The module that defines what `path` names.
    pub fn resolve(&self, path: &[String]) -> Option<ModulePath> {
        let mut path = path.to_vec();
        // Re-exports of re-exports: as many steps as a sane tree has, then it is a circle.
        for _ in 0..16 {
            let length = (0..=path.len()).rev().find(|n| self.files.contains_key(&path[..*n]))?;
            let (module, rest) = path.split_at(length);
            let Some(name) = rest.first() else { return Some(module.to_vec()) };
            let Some(target) = self.exports.get(module).and_then(|names| names.get(name)) else {
                let is_folder = self.children.get(module).is_some_and(|c| !c.is_empty());
                return (!is_folder || module.is_empty() && name.starts_with('$')).then(|| module.to_vec());
            };
            path = [target.clone(), rest[1..].to_vec()].concat();
        }
        None
    }

    /// Everything of this crate that module `from` names.
    pub fn imports(&self, from: &ModulePath) -> Vec<Import> {
        let Some(tokens) = self.tokens.get(from) else { return Vec::new() };
        let mut result = Vec::new();
        for at in 0..tokens.len() {
            let starts = matches!(text_at(tokens, at), "crate" | "super" | "self") && text_at(tokens, at + 1) == "::";
            // `pub(in crate::expr)` widens a visibility, it imports nothing.
            if !starts || at > 0 && matches!(text_at(tokens, at - 1), "::" | "in") {
                continue;
            }
            let mut found = Vec::new();
            parse_tree(tokens, at, &[], &mut found);
            for (words, _, line) in found {
                let path = self.absolute(from, &words);
                let target = self.resolve(&path);
                result.push(Import { line, path, target });
            }
        }
        result
    }
}

fn module_path(file: &str) -> Option<ModulePath> {
    let stem = file.strip_suffix(".rs")?;
    if stem == "main" || stem.starts_with("bin/") {
        return None;
    }
    let stem = stem.strip_suffix("/mod").unwrap_or(if stem == "lib" { "" } else { stem });
    Some(stem.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect())
}

/// Names of `mod NAME;` in order.
pub fn declared_modules(tokens: &[Token]) -> Vec<String> {
    let declared = tokens.windows(3).filter(|w| w[0].text == "mod" && w[2].text == ";");
    declared.map(|w| w[1].text.clone()).collect()
}

/// The leaves of a path or use tree at `at`, as (words, alias, line); returns where it ends.
fn parse_tree(
    tokens: &[Token],
    mut at: usize,
    prefix: &[String],
    found: &mut Vec<(Vec<String>, Option<String>, usize)>,
) -> usize {
    let mut words = prefix.to_vec();
    let line = tokens.get(at).map_or(0, |t| t.line);
    loop {
        match text_at(tokens, at) {
            "{" => {
                at += 1;
                while !matches!(text_at(tokens, at), "}" | "") {
                    at = parse_tree(tokens, at, &words, found);
                    at += usize::from(text_at(tokens, at) == ",");
                }
                return at + 1;
            }
            "*" => {
                found.push((words, None, line));
                return at + 1;
            }
            word if word.chars().all(|c| c.is_alphanumeric() || c == '_') && !word.is_empty() => {
                // `{self, other}` names the module itself.
                if word != "self" || words.is_empty() {
                    words.push(word.to_owned());
                }
                at += 1;
            }
            _ => {
                found.push((words, None, line));
                return at.max(1) + usize::from(text_at(tokens, at) == "<");
            }
        }
        if text_at(tokens, at) == "as" {
            found.push((words, Some(text_at(tokens, at + 1).to_owned()), line));
            return at + 2;
        }
        if text_at(tokens, at) != "::" {
            found.push((words, None, line));
            return at;
        }
        at += 1;
    }
}
