//! The fuzz corpora run as ordinary tests: what a fuzzer once found stays found.

#[path = "../fuzz/entries.rs"]
mod entries;

use std::path::Path;

fn run(corpus: &str, entry: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(corpus);
    let mut inputs: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    inputs.sort();
    assert!(inputs.len() >= 5, "{} holds hardly anything", folder.display());
    for input in inputs {
        // Shown only when this one fails.
        println!("{}", input.display());
        entry(&std::fs::read(&input).unwrap());
    }
}

#[test]
fn every_dump_of_the_corpus_gives_an_answer_or_an_error() {
    run("dump", entries::dump);
}

#[test]
fn every_module_of_the_corpus_gives_an_answer_or_an_error() {
    run("module", entries::module);
}

#[test]
fn every_function_of_the_corpus_is_followed_or_refused() {
    run("module", entries::dataflow);
    run("debug_info", entries::dataflow);
}

#[test]
fn all_debug_information_of_the_corpus_gives_answers_or_errors() {
    run("debug_info", entries::debug_info);
}
