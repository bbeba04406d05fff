//! The grammar files are normative: each production's examples follow it and are read by the parser, or do neither.

#[path = "grammar/ebnf.rs"]
mod ebnf;

use std::collections::BTreeSet;
use std::path::Path;

use ebnf::{Claim, Grammar};
use wasmgdb::command::args::{self, OptionKind, OptionSpec};
use wasmgdb::error::Result;
use wasmgdb::expr::ast;
use wasmgdb::expr::parse::{NameKind, Syntax, TypeOracle, parse, parse_type, parse_type_or_expression};

/// The names that the head of `expression.ebnf` promises to its examples.
struct Names;

impl TypeOracle for Names {
    fn classify(&self, path: &ast::Path) -> NameKind {
        match path.to_string().as_str() {
            "T" | "Node" | "demo::MyThing" => NameKind::Type,
            "a" | "b" | "c" | "v" | "x" | "thing" => NameKind::Value,
            _ => NameKind::Unknown,
        }
    }

    fn syntax(&self) -> Syntax {
        Syntax::Cpp
    }
}

fn grammar(file: &str) -> Grammar {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar").join(file);
    Grammar::read(&std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// All that is wrong with the examples of `grammar`, which `read` reads.
fn faults(grammar: &Grammar, read: &dyn Fn(&str, &str) -> Result<()>) -> Vec<String> {
    let mut faults = Vec::new();
    for name in &grammar.order {
        let examples = &grammar.productions[name].examples;
        for (accepted, word) in [(true, "is read"), (false, "is refused")] {
            if !examples.iter().any(|example| (example.claim == Claim::Ok) == accepted) {
                faults.push(format!("{name} has no example that {word}"));
            }
        }
        for example in examples {
            let follows = grammar.derives(name, &example.text);
            let answer = read(&example.reader, &example.whole);
            let (should_follow, should_parse) = match example.claim {
                Claim::Ok => (true, true),
                Claim::No => (false, false),
                Claim::Wrong => (true, false),
            };
            let place = format!("line {}: {name}: `{}`", example.line, example.whole);
            if follows != should_follow {
                faults.push(format!("{place} {} the production", if follows { "follows" } else { "does not follow" }));
            }
            match answer {
                Ok(()) if !should_parse => faults.push(format!("{place} is read")),
                Err(error) if should_parse => faults.push(format!("{place} is refused: {error}")),
                _ => {}
            }
        }
    }
    faults
}

/// Productions that are used and not defined, or defined and not reached from the first of the file.
fn loose_ends(grammar: &Grammar) -> Vec<String> {
    let mut reached: BTreeSet<String> = grammar.order.first().cloned().into_iter().collect();
    let mut new: Vec<String> = reached.iter().cloned().collect();
    while let Some(name) = new.pop() {
        for used in grammar.uses(&name) {
            if reached.insert(used.clone()) {
                new.push(used);
            }
        }
    }
    let defined: BTreeSet<String> = grammar.order.iter().cloned().collect();
    reached.symmetric_difference(&defined).cloned().collect()
}

fn read_expression(reader: &str, text: &str) -> Result<()> {
    match reader {
        "expression" => parse(text, &Names).map(drop),
        "type" => parse_type(text, &Names).map(drop),
        "operand" => parse_type_or_expression(text, &Names).map(drop),
        _ => panic!("no reading function is called {reader}"),
    }
}

#[test]
fn expression_grammar_is_closed() {
    assert_eq!(loose_ends(&grammar("expression.ebnf")), Vec::<String>::new());
}

#[test]
fn expression_examples_hold() {
    let faults = faults(&grammar("expression.ebnf"), &read_expression);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Options enough to show what they may be.
const OPTIONS: [OptionSpec; 4] = [
    OptionSpec { name: "elements", kind: OptionKind::Count },
    OptionSpec { name: "pretty", kind: OptionKind::OnOff },
    OptionSpec { name: "symbol", kind: OptionKind::OnOff },
    OptionSpec { name: "static-members", kind: OptionKind::OnOff },
];

fn read_arguments(reader: &str, text: &str) -> Result<()> {
    match reader {
        "print" => args::print("print", text, &OPTIONS).map(drop),
        "examine" => args::examine(text).map(drop),
        "find" => args::find(text).map(drop),
        "backtrace" => args::backtrace(text).map(drop),
        "frame" => args::frame(text).map(drop),
        "frame-apply" => args::frame_apply(text).map(drop),
        "thread-apply" => args::thread_apply(text).map(drop),
        "list" => args::list(text).map(drop),
        "location" => args::location(text).map(drop),
        "disassemble" => args::disassemble(text).map(drop),
        "printf" => args::printf(text).map(drop),
        "filter" => args::info_filter(text).map(drop),
        _ => panic!("no reading function is called {reader}"),
    }
}

#[test]
fn command_grammar_is_closed() {
    assert_eq!(loose_ends(&grammar("command.ebnf")), Vec::<String>::new());
}

#[test]
fn command_examples_hold() {
    let faults = faults(&grammar("command.ebnf"), &read_arguments);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_wrong_example_is_found() {
    let planted =
        Grammar::read("(* parse: expression *)\nsum = \"a\" , { \"+\" , \"a\" } ;\n(* ok: a+ *)\n(* no: a+a *)\n");
    let faults = faults(&planted, &read_expression);
    assert_eq!(faults.len(), 4, "{faults:?}");
    assert_eq!(loose_ends(&Grammar::read("a = b ;\nc = \"x\" ;\n")), ["b", "c"]);
}
