//! The drawing of the layers is a tested fact: who may import whom, where foreign crates stop, and the rules that every
//! source file keeps. Each checker is shown a planted violation first.

#[path = "layers/imports.rs"]
mod imports;
#[path = "layers/source.rs"]
mod source;

use std::path::Path;

use imports::{Modules, declared_modules};
use source::{Tree, text_at, tokens};

/// Layer of each top-level module, lowest first. Two of one layer that both stand in `STRANGERS` never meet; others
/// follow the order of `lib.rs`.
const LAYERS: &[(&str, u32)] = &[
    ("limits", 0),
    ("error", 0),
    ("text", 0),
    ("files", 0),
    ("wasm", 1),
    ("dump", 2),
    ("dwarf", 2),
    ("target", 3),
    ("value", 4),
    ("expr", 5),
    ("render", 6),
    ("settings", 7),
    ("source", 7),
    ("session", 7),
    ("command", 8),
    ("frontend", 9),
    ("rewrite", 9),
    ("split", 9),
    ("service", 9),
];
const STRANGERS: &[&str] = &["dump", "dwarf", "rewrite", "split", "service"];

/// A foreign crate and the paths that may name it.
const BORDERS: &[(&str, &[&str])] = &[
    ("wasmparser", &["wasm/", "dump/", "target/dataflow", "target/replay/lower", "rewrite/", "split/"]),
    ("gimli", &["dwarf/", "target/context", "split/"]),
    ("addr2line", &["dwarf/"]),
    ("rustyline", &["frontend/repl"]),
    ("nom", &["expr/", "command/args"]),
    ("colored", &["render/ansi"]),
    ("serde_json", &["render/json", "frontend/", "service/"]),
    ("clap", &["frontend/", "rewrite/", "split/", "service/", "bin/", "main.rs"]),
    ("memmap2", &["files.rs"]),
];

const MOST_LINES: usize = 600;
const MANY_LINES: usize = 400;

#[test]
fn every_import_points_down() {
    report(&upward_imports(&read_sources()));
}

#[test]
fn foreign_crates_stay_behind_their_borders() {
    report(&crossed_borders(&read_sources()));
}

#[test]
fn every_file_says_what_it_is_and_is_not_too_long() {
    report(&file_rules(&read_sources()));
}

#[test]
fn nothing_outside_tests_can_panic_on_purpose_or_is_unsafe() {
    report(&forbidden_words(&read_sources()));
}

#[test]
fn mod_files_only_declare_and_re_export() {
    report(&mod_file_contents(&read_sources()));
}

fn read_sources() -> Tree {
    Tree::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

fn report(violations: &[String]) {
    assert!(violations.is_empty(), "{} violations:\n{}\n", violations.len(), violations.join("\n"));
}

/// Imports of the same or a higher layer, and inside a folder of a file that stands later in its `mod.rs`.
fn upward_imports(tree: &Tree) -> Vec<String> {
    let modules = Modules::new(tree);
    let mut violations = Vec::new();
    for (from, file) in &modules.files {
        for import in modules.imports(from) {
            let written = import.path.join("::");
            let complaint = match &import.target {
                None => Some("names nothing that a mod.rs declares or re-exports".to_owned()),
                Some(target) => complaint(&modules, from, target),
            };
            violations.extend(complaint.map(|why| format!("src/{file}:{}: crate::{written}: {why}", import.line)));
        }
    }
    violations
}

/// Why module `from` may not name module `target`; none if it may.
fn complaint(modules: &Modules, from: &[String], target: &[String]) -> Option<String> {
    let shared = from.iter().zip(target).take_while(|(a, b)| a == b).count();
    if shared == from.len() {
        return None;
    }
    let Some(other) = target.get(shared) else {
        return Some("a file may not import its own folder as a whole".to_owned());
    };
    let own = &from[shared];
    if shared == 0 {
        let (Some(own_layer), Some(other_layer)) = (layer(own), layer(other)) else {
            return Some(format!("{own} or {other} has no layer in tests/layers.rs"));
        };
        if own_layer != other_layer {
            return (other_layer > own_layer)
                .then(|| format!("{own} (L{own_layer}) is below {other} (L{other_layer})"));
        }
        if STRANGERS.contains(&own.as_str()) && STRANGERS.contains(&other.as_str()) {
            return Some(format!("{own} and {other} are strangers"));
        }
    }
    let order = modules.children.get(&from[..shared])?;
    let place = |name: &String| order.iter().position(|child| child == name);
    (place(other) > place(own)).then(|| format!("{other} stands after {own} in their folder's order"))
}

fn layer(module: &str) -> Option<u32> {
    LAYERS.iter().find(|(name, _)| *name == module).map(|(_, layer)| *layer)
}

fn crossed_borders(tree: &Tree) -> Vec<String> {
    let mut violations = Vec::new();
    for (file, text) in &tree.files {
        let tokens = tokens(text);
        for (at, token) in tokens.iter().enumerate() {
            let Some((name, allowed)) = BORDERS.iter().find(|(name, _)| token.text == *name) else { continue };
            let before = at.checked_sub(1).map_or("", |before| text_at(&tokens, before));
            let is_path = text_at(&tokens, at + 1) == "::" && before != "::";
            let is_use = before == "use" && matches!(text_at(&tokens, at + 1), ";" | "as");
            if (is_path || is_use) && !allowed.iter().any(|prefix| file.starts_with(prefix)) {
                violations.push(format!("src/{file}:{}: {name} belongs in {}", token.line, allowed.join(", ")));
            }
        }
    }
    violations
}

fn file_rules(tree: &Tree) -> Vec<String> {
    let mut violations = Vec::new();
    for (file, text) in &tree.files {
        if !text.starts_with("//!") {
            violations.push(format!("src/{file}:1: opens without a `//!` line that says what it is"));
        }
        let lines = text.lines().count();
        if lines > MOST_LINES {
            violations.push(format!("src/{file}: {lines} lines, more than {MOST_LINES}: what is the second subject?"));
        } else if lines > MANY_LINES {
            println!("src/{file}: {lines} lines: is there a second subject?");
        }
    }
    violations
}

fn forbidden_words(tree: &Tree) -> Vec<String> {
    let mut violations = Vec::new();
    for (file, text) in &tree.files {
        let tokens = tokens(text);
        for (at, token) in tokens.iter().enumerate() {
            let (before, after) = (at.checked_sub(1).map_or("", |b| text_at(&tokens, b)), text_at(&tokens, at + 1));
            // `self.expect(…)` is a parser's own method: it takes a token, not a message.
            let own_method = before == "." && at > 1 && text_at(&tokens, at - 2) == "self";
            let found = match token.text.as_str() {
                "unsafe" => file != "files.rs",
                "unwrap" | "unwrap_unchecked" => before == "." && after == "(",
                "expect" | "expect_err" => before == "." && after == "(" && !own_method,
                "panic" | "todo" | "unimplemented" | "dbg" => after == "!",
                _ => false,
            };
            if found {
                violations.push(format!("src/{file}:{}: `{}` outside tests", token.line, token.text));
            }
        }
    }
    violations
}

/// Items other than `mod` and `use` in a `mod.rs`.
fn mod_file_contents(tree: &Tree) -> Vec<String> {
    let mut violations = Vec::new();
    for (file, text) in tree.files.iter().filter(|(file, _)| file.ends_with("mod.rs")) {
        for token in tokens(text) {
            if ["fn", "struct", "enum", "trait", "impl", "const", "static", "type"].contains(&token.text.as_str()) {
                violations.push(format!("src/{file}:{}: `{}` in a file that only declares", token.line, token.text));
            }
        }
    }
    violations
}

// The checkers themselves.

const ROOT: &str = "//! Root.\npub mod error;\npub mod wasm;\npub mod dump;\npub mod dwarf;\npub mod target;\n";
const WASM: &str = "//! Folder.\npub mod address;\npub mod module;\npub use module::{Module, Part as Piece};\n";

fn planted(file: &str, text: &str) -> Tree {
    let mut tree = Tree::of(&[
        ("lib.rs", ROOT),
        ("error.rs", "//! E.\npub struct Error;\n"),
        ("wasm/mod.rs", WASM),
        ("wasm/address.rs", "//! A.\npub struct Address;\n"),
        ("wasm/module.rs", "//! M.\nuse super::address::Address;\npub struct Module;\npub struct Part;\n"),
        ("dump/mod.rs", "//! D.\npub mod memory;\n"),
        ("dump/memory.rs", "//! M.\nuse crate::wasm::Module;\nuse crate::error::Error;\n"),
        ("dwarf/mod.rs", "//! D.\n"),
        ("target/mod.rs", "//! T.\n"),
    ]);
    tree.files.insert(file.to_owned(), text.to_owned());
    tree
}

#[test]
fn a_tree_without_violations_passes_every_check() {
    let tree = planted("error.rs", "//! E.\npub struct Error;\n");
    for check in [upward_imports, crossed_borders, file_rules, forbidden_words, mod_file_contents] {
        assert_eq!(check(&tree), Vec::<String>::new());
    }
}

#[test]
fn an_upward_import_is_found_in_every_spelling() {
    for line in [
        "use crate::dump::memory;",
        "use crate::{error::Error, dump};",
        "use crate::{\n    error::Error,\n    dump::memory::*,\n};",
        "use super::super::dump::memory as m;",
        "fn f() -> crate::dump::memory::M { loop {} }",
    ] {
        let found = upward_imports(&planted("wasm/address.rs", &format!("//! A.\n{line}\n")));
        assert_eq!(found.len(), 1, "{line}: {found:?}");
        assert!(found[0].contains("wasm (L1) is below dump (L2)"), "{found:?}");
    }
}

#[test]
fn a_later_file_of_the_folder_is_found_through_its_re_export_too() {
    for line in ["use super::module::Module;", "use super::Module;", "use crate::wasm::Piece;", "use super::module;"] {
        let found = upward_imports(&planted("wasm/address.rs", &format!("//! A.\n{line}\n")));
        assert_eq!(found.len(), 1, "{line}: {found:?}");
        assert!(found[0].contains("module stands after address"), "{found:?}");
    }
}

#[test]
fn strangers_own_folders_and_unknown_names_are_found() {
    let found = upward_imports(&planted("dwarf/mod.rs", "//! D.\nuse crate::dump::memory;\n"));
    assert!(found[0].contains("strangers"), "{found:?}");
    let found = upward_imports(&planted("wasm/module.rs", "//! M.\nuse crate::wasm;\n"));
    assert!(found[0].contains("own folder"), "{found:?}");
    let found = upward_imports(&planted("wasm/module.rs", "//! M.\nuse super::Nothing;\n"));
    assert!(found[0].contains("names nothing"), "{found:?}");
}

#[test]
fn comments_strings_and_tests_are_not_code() {
    let text = "//! A.\n// use crate::dump;\nconst S: &str = \"crate::dump::memory\";\nconst R: &str = r#\"unsafe \"panic!\"\"#;\n\
                /* x.unwrap() /* nested */ todo!() */\nconst C: char = '\"';\nfn f<'a>(_: &'a str) {}\n\
                #[cfg(test)]\nmod tests {\n    use crate::dump::memory;\n    fn g() { None::<u8>.unwrap(); }\n}\n";
    let tree = planted("wasm/address.rs", text);
    assert_eq!(upward_imports(&tree), Vec::<String>::new());
    assert_eq!(forbidden_words(&tree), Vec::<String>::new());
}

#[test]
fn code_after_a_test_module_is_checked() {
    let text = "//! A.\n#[cfg(test)]\n#[allow(dead_code)]\nmod tests { fn g() {} }\nfn f() { Some(1).unwrap(); }\n";
    assert_eq!(forbidden_words(&planted("wasm/address.rs", text)).len(), 1);
}

#[test]
fn each_forbidden_word_is_found() {
    for line in
        ["x.unwrap()", "x.expect(\"y\")", "panic!(\"y\")", "todo!()", "unimplemented!()", "dbg!(x)", "unsafe { x }"]
    {
        let found = forbidden_words(&planted("wasm/address.rs", &format!("//! A.\nfn f() {{ {line}; }}\n")));
        assert_eq!(found.len(), 1, "{line}: {found:?}");
        assert!(found[0].starts_with("src/wasm/address.rs:2:"), "{found:?}");
    }
    assert!(
        forbidden_words(&planted("wasm/address.rs", "//! A.\nfn f() { x.unwrap_or(1); self.expect(T); }")).is_empty()
    );
    assert!(forbidden_words(&planted("files.rs", "//! F.\nfn f() { unsafe { x } }")).is_empty());
}

#[test]
fn a_foreign_crate_beyond_its_border_is_found() {
    let found = crossed_borders(&planted("target/frame.rs", "//! F.\nuse gimli::Reader;\nuse wasmparser;\n"));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(crossed_borders(&planted("dwarf/unit.rs", "//! U.\nuse gimli::Reader;\n")).is_empty());
    assert!(crossed_borders(&planted("target/frame.rs", "//! F.\nfn f(nom: u8) { crate::nom::g(nom) }\n")).is_empty());
}

#[test]
fn a_file_without_head_or_too_long_or_a_mod_file_with_code_is_found() {
    assert_eq!(file_rules(&planted("wasm/address.rs", "pub struct A;\n")).len(), 1);
    assert_eq!(file_rules(&planted("wasm/address.rs", &format!("//! A.\n{}", "\n".repeat(600)))).len(), 1);
    assert_eq!(mod_file_contents(&planted("dwarf/mod.rs", "//! D.\npub struct D;\n")).len(), 1);
    assert_eq!(declared_modules(&tokens("pub mod a;\nmod b;\nmod c {}\n#[cfg(test)]\nmod d;\n")), ["a", "b"]);
}
