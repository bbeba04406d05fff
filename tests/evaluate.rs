//! Expressions over the samples: what is typed, and the value on one line, from the files in `tests/evaluate`.
//!
//! A file says `open MODULE CORE` and `frame NAME-OR-NUMBER`; a line `> EXPRESSION` is followed by the answer. With
//! `BLESS=1` the answers are rewritten; each change is then read by eye.

use std::path::{Path, PathBuf};

use wasmgdb::files::Files;
use wasmgdb::render::Options;
use wasmgdb::render::options::Style;
use wasmgdb::render::types::{Radix, TypeOptions, whatis_type};
use wasmgdb::render::value::ValueWriter;
use wasmgdb::session::Session;
use wasmgdb::settings::Settings;
use wasmgdb::target::FrameId;
use wasmgdb::target::open::OpenOptions;
use wasmgdb::text::Text;
use wasmgdb::value::type_name::{Length, type_name};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn open<'f>(files: &'f Files, module: &str, core: &str) -> Session<'f> {
    let samples = root().join("samples");
    let (module, core) = (Some(samples.join(module)), Some(samples.join(core)));
    let mut session = Session::new(files, Settings::default());
    session.open(&OpenOptions { module, core, ..OpenOptions::default() }).unwrap();
    session
}

/// The frame with that number, or the youngest of that function.
fn select(session: &mut Session<'_>, frame: &str) {
    let fits = |name: &str| name == frame || name.strip_suffix(frame).is_some_and(|n| n.ends_with([':', '.']));
    let stack = session.stack().unwrap();
    let found = stack.frames().iter().find(|f| f.name.as_deref().is_some_and(fits)).map(|f| f.id);
    let number = frame.parse().ok().map(FrameId);
    session.frame = number.or(found).unwrap_or_else(|| panic!("no frame of {frame}"));
}

/// The answer of `ptype` or `whatis`, without the end of line.
fn type_answer(session: &mut Session<'_>, ptype: bool, letters: &str, text: &str) -> String {
    let mut evaluator = session.evaluator();
    let mut options = TypeOptions::default();
    if letters.contains('o') {
        options.offsets = Some(if letters.contains('x') { Radix::Hexadecimal } else { Radix::Decimal });
    }
    options.methods = !letters.contains('m');
    options.typedefs = !letters.contains('t');
    let (named, id) = match evaluator.type_of_text(text) {
        Ok(found) => found,
        Err(error) => return error.to_string(),
    };
    let types = session.program().unwrap().types();
    if !ptype {
        let name = if named { whatis_type(types, id, Length::Full) } else { type_name(types, id, Length::Full) };
        return format!("type = {name}");
    }
    let mut out = Text::new();
    wasmgdb::render::types::ptype(types, id, options, &mut out).unwrap();
    out.to_plain().trim_end().to_owned()
}

/// The value as `output` writes it, or the error; of `ptype/o X` and `whatis X` what those print.
fn answer(session: &mut Session<'_>, text: &str) -> String {
    for (word, ptype) in [("ptype", true), ("whatis", false)] {
        if let Some(rest) = text.strip_prefix(word) {
            let (letters, rest) = rest.split_once(' ').unwrap();
            return type_answer(session, ptype, letters, rest);
        }
    }
    let mut evaluator = session.evaluator();
    let evaluated = evaluator.evaluate_text(text);
    let mut warnings: String = evaluator.take_warnings().iter().map(|w| format!("warning: {w}\n")).collect();
    let object = match evaluated {
        Ok((_, object)) => object,
        Err(error) => return warnings + &error.to_string(),
    };
    let options =
        Options { style: Style::Gdb, pretty: false, member_types: false, max_depth: Some(20), ..Options::default() };
    let mut out = Text::new();
    let writer = ValueWriter { reader: session.reader(), options: &options };
    writer.line(&object, &mut out).unwrap();
    warnings.push_str(&out.to_plain());
    warnings
}

/// The file with its answers replaced by ours.
fn replayed(text: &str) -> String {
    let files = Files::new();
    let mut session = None;
    let mut out = String::new();
    let mut skipping = false;
    for line in text.lines() {
        // An answer goes on to the next question; what begins with a space or a comment of C is never one.
        let is_question = line.starts_with("> ") || line.starts_with("open ") || line.starts_with("frame ");
        if skipping && !is_question {
            continue;
        }
        skipping = false;
        out.push_str(line);
        out.push('\n');
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["open", module, core] => session = Some(open(&files, module, core)),
            ["frame", frame] => select(session.as_mut().unwrap(), frame),
            [">", ..] => {
                out.push_str(&answer(session.as_mut().unwrap(), &line[2..]));
                out.push_str("\n\n");
                skipping = true;
            }
            _ => {}
        }
    }
    out
}

fn check(name: &str) {
    let path: &Path = &root().join("tests/evaluate").join(name);
    let expected = std::fs::read_to_string(path).unwrap();
    let found = replayed(&expected);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, found).unwrap();
        return;
    }
    let (expected, found): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    assert!(expected.iter().filter(|line| line.starts_with("> ")).count() > 10, "{name} holds too little");
    for (line, (expected, found)) in expected.iter().zip(&found).enumerate() {
        assert_eq!(expected, found, "{name}, line {}", line + 1);
    }
    assert_eq!(expected.len(), found.len(), "{name}");
}

#[test]
fn expressions_of_c_without_locals_in_the_dump() {
    check("c_list.txt");
}

#[test]
fn expressions_of_rust() {
    check("rust_demo.txt");
}

#[test]
fn expressions_of_rust_collections() {
    check("rust_collections.txt");
}

#[test]
fn expressions_of_cpp() {
    check("cpp_shapes.txt");
}

#[test]
fn expressions_of_zig() {
    check("zig_basic.txt");
}
