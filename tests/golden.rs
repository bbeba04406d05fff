//! Dialogues as a person sees them: `golden/NAME.cmd` is what is typed, `golden/NAME.out` what appears.
//!
//! The first line of a `.cmd` file is `# wasmgdb ARGUMENTS`; the others are typed one by one, exactly as they stand.
//! Paths are relative to the package. `BLESS=1` rewrites the answers: read each difference before it is committed.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use wasmgdb::command::lookup::Call;
use wasmgdb::command::{Group, Input, TABLE};
use wasmgdb::files::Files;
use wasmgdb::frontend::arguments::parse;
use wasmgdb::frontend::batch::run_scripts;
use wasmgdb::frontend::dialogue::{Dialogue, Verdict};
use wasmgdb::frontend::start;
use wasmgdb::render::ansi::Output;
use wasmgdb::session::Session;
use wasmgdb::settings::{Setting, Settings};

/// What both outputs and the echo of what is typed go to.
#[derive(Clone, Default)]
struct Screen(Rc<RefCell<Vec<u8>>>);

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The lines that are left, echoed behind the prompt when they are taken.
struct Typist<'l> {
    lines: std::slice::Iter<'l, &'l str>,
    screen: Screen,
}

impl Input for Typist<'_> {
    fn line(&mut self, prompt: &str) -> Option<String> {
        let line = self.lines.next()?;
        let echoed = format!("{prompt}{line}\n");
        self.screen.write_all(echoed.as_bytes()).expect("memory takes all");
        Some((*line).to_owned())
    }
}

fn transcript(dialogue_file: &str) -> String {
    let lines: Vec<&str> = dialogue_file.lines().collect();
    let (first, lines) = lines.split_first().expect("the first line holds the arguments");
    let command_line = first.strip_prefix("# ").expect("the first line is a comment");
    let arguments = parse(command_line.split_whitespace().map(OsString::from)).expect("the arguments are right");

    let screen = Screen::default();
    let output = || Output::new(Box::new(screen.clone()) as Box<dyn Write>, false);
    let mut dialogue = Dialogue::new(output(), output(), &TABLE);
    dialogue.is_batch = arguments.batch;
    let files = Files::new();
    let mut session = start::session(&arguments, &files, false);
    let mut input = Typist { lines: lines.iter(), screen: screen.clone() };
    let mut verdict = start::begin(&mut dialogue, &mut session, &arguments);
    if run_scripts(&mut dialogue, &mut session, &arguments).ended {
        verdict = Verdict::Quit(0);
    }
    while !matches!(verdict, Verdict::Quit(_)) {
        let prompt = session.settings.text(Setting::Prompt).to_owned();
        let Some(line) = input.line(&prompt) else { break };
        verdict = dialogue.typed(&mut session, &line, &mut input);
    }
    assert!(input.lines.next().is_none(), "the dialogue ended before all was typed");
    let text = String::from_utf8(screen.0.borrow().clone()).expect("only text is written");
    // The checkout may lie anywhere.
    text.replace(env!("CARGO_MANIFEST_DIR"), "/checkout")
}

fn dialogues() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let entries = std::fs::read_dir(folder).expect("the folder exists").map(|entry| entry.expect("readable").path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == "cmd")).collect();
    files.sort();
    files
}

#[test]
fn every_dialogue_reads_as_recorded() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut different = Vec::new();
    for path in dialogues() {
        let typed = std::fs::read_to_string(&path).expect("readable");
        let found = transcript(&typed);
        let answer = path.with_extension("out");
        if bless {
            std::fs::write(&answer, &found).expect("writable");
        }
        let expected = std::fs::read_to_string(&answer).unwrap_or_default();
        if found != expected {
            let line = found.lines().zip(expected.lines()).position(|(a, b)| a != b);
            let line = line.unwrap_or_else(|| found.lines().count().min(expected.lines().count()));
            let shown = |text: &str| text.lines().nth(line).unwrap_or("(nothing)").to_owned();
            different.push(format!(
                "{} line {}:\n  expected: {}\n  found:    {}",
                answer.display(),
                line + 1,
                shown(&expected),
                shown(&found)
            ));
        }
    }
    assert!(different.is_empty(), "{}\n(BLESS=1 rewrites)", different.join("\n"));
}

#[test]
fn every_command_is_in_a_dialogue() {
    let files = Files::new();
    let mut session = Session::new(&files, Settings::default());
    let mut used = BTreeSet::new();
    for path in dialogues() {
        for line in std::fs::read_to_string(&path).expect("readable").lines().filter(|line| !line.trim().is_empty()) {
            session.definitions.clear();
            if let Ok(Call::Row { command, arguments }) = TABLE.find(&session, line) {
                used.insert(command.name);
                // set and show look among their words themselves.
                let longer = format!("{} {}", command.name, arguments.split_whitespace().next().unwrap_or(""));
                used.extend(TABLE.named(&longer).map(|below| below.name));
            }
        }
    }
    let unused: Vec<&str> = TABLE
        .rows()
        .filter(|command| command.group != Group::Running && !used.contains(command.name))
        .map(|command| command.name)
        .collect();
    assert!(unused.is_empty(), "no dialogue in tests/golden uses {unused:?}");
}
