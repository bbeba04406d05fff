//! Our answers under gdb's style held against gdb's own on the same C program, built natively.
//!
//! `tests/gdb/expressions.txt` is what gdb 13.1 answered for samples/c_list/workshop.c at the crash: `frame FUNCTION`,
//! then `> COMMAND` and its answer, history numbers taken off and addresses written `ADDRESS`. What is meant to
//! differ stands in `differences.txt`. Where gdb 13 and a C compiler are at hand, gdb is asked again.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use regex::Regex;

/// One command and its answer, in the frame of a function.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    frame: String,
    command: String,
    answer: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn entries(file: &str) -> Vec<Entry> {
    let text = std::fs::read_to_string(root().join("tests/gdb").join(file)).unwrap();
    let mut entries: Vec<Entry> = Vec::new();
    let mut frame = String::new();
    let mut open = false;
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("> ") {
            entries.push(Entry { frame: frame.clone(), command: command.into(), answer: String::new() });
            open = true;
        } else if let Some(name) = line.strip_prefix("frame ") {
            (frame, open) = (name.into(), false);
        } else if line.starts_with('#') {
            open = false;
        } else if let (true, Some(last)) = (open, entries.last_mut()) {
            last.answer += line;
            last.answer.push('\n');
        }
    }
    entries.iter_mut().for_each(|entry| entry.answer = entry.answer.trim_end().into());
    entries
}

const MARK: &str = ">>> ";

/// Runs a debugger that takes gdb's options over all entries, and puts its answers in place of theirs.
fn ask(debugger: &mut Command, entries: &[Entry]) -> Vec<Entry> {
    debugger.args(["-ex", "set width 0"]);
    let mut frame = "";
    for entry in entries {
        if entry.frame != frame {
            frame = &entry.frame;
            debugger.args(["-ex", &format!("frame function {frame}")]);
        }
        debugger.args(["-ex", &format!("echo {MARK}\\n"), "-ex", &entry.command]);
    }
    let (mut reader, writer) = std::io::pipe().unwrap();
    debugger.stdin(Stdio::null()).stdout(writer.try_clone().unwrap()).stderr(writer);
    let mut child = debugger.spawn().unwrap();
    // The writing ends in `debugger` must go, or the reader waits for ever.
    debugger.stdout(Stdio::null()).stderr(Stdio::null());
    let mut output = Vec::new();
    std::io::Read::read_to_end(&mut reader, &mut output).unwrap();
    child.wait().unwrap();
    let output = String::from_utf8_lossy(&output).into_owned();
    let number = Regex::new(r"(?m)^\$\d+ = ").unwrap();
    let frame_line = Regex::new(r"(?m)^#\d+ +(.*\n)*").unwrap();
    let answers: Vec<&str> = output.split(&format!("{MARK}\n")).skip(1).collect();
    assert_eq!(answers.len(), entries.len(), "{output}");
    let with = |(entry, answer): (&Entry, &str)| {
        let answer = frame_line.replace_all(answer, "");
        Entry { answer: number.replace_all(answer.trim_end(), "").into_owned(), ..entry.clone() }
    };
    entries.iter().zip(answers).map(with).collect()
}

/// Whether `found` is `recorded`, with any address or function for `ADDRESS`.
fn fits(recorded: &str, found: &str) -> bool {
    let pattern = regex::escape(recorded).replace("ADDRESS", r"(0x[0-9a-f]+|func\[[0-9]+\])");
    Regex::new(&format!("^{pattern}$")).unwrap().is_match(found)
}

#[test]
fn answers_are_those_of_gdb_but_for_addresses_and_sizes() {
    let recorded = entries("expressions.txt");
    assert!(recorded.len() >= 300, "{} expressions", recorded.len());
    let differing = entries("differences.txt");
    let samples = root().join("samples/c_list");
    let mut ours = Command::new(env!("CARGO_BIN_EXE_wasmgdb"));
    ours.args(["--batch", "--style", "gdb"]).arg(samples.join("module.O0.wasm")).arg(samples.join("core.O0"));
    let mut wrong = Vec::new();
    for (entry, found) in recorded.iter().zip(ask(&mut ours, &recorded)) {
        let meant = differing.iter().find(|d| d.command == entry.command);
        let holds = match meant {
            Some(meant) => fits(&meant.answer, &found.answer) && !fits(&entry.answer, &found.answer),
            None => fits(&entry.answer, &found.answer),
        };
        if !holds {
            wrong.push(format!("{}\n  recorded {}\n  found    {}", entry.command, entry.answer, found.answer));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), recorded.len(), wrong.join("\n"));
}

#[test]
fn differences_are_in_the_record() {
    let recorded = entries("expressions.txt");
    for entry in entries("differences.txt") {
        assert!(recorded.iter().any(|r| r.command == entry.command), "{}", entry.command);
    }
}

/// The program and its core file, made in `folder`; none where a tool is missing or may not do its work.
fn native_crash(folder: &Path) -> Option<()> {
    let quiet = |command: &mut Command| command.stdin(Stdio::null()).output().ok();
    let version = quiet(Command::new("gdb").arg("--version"))?;
    if !String::from_utf8_lossy(&version.stdout).lines().next()?.contains(" 13.") {
        return None;
    }
    std::fs::copy(root().join("samples/c_list/workshop.c"), folder.join("workshop.c")).ok()?;
    let mut compiler = Command::new("gcc");
    compiler.args(["-g", "-O0", "-w", "workshop.c", "-o", "workshop"]).current_dir(folder);
    quiet(&mut compiler)?.status.success().then_some(())?;
    let mut gdb = Command::new("gdb");
    gdb.args(["-nx", "-batch", "-ex", "run", "-ex", "generate-core-file core", "./workshop"]).current_dir(folder);
    quiet(&mut gdb)?;
    folder.join("core").exists().then_some(())
}

#[test]
fn gdb_still_answers_as_recorded() {
    let folder = std::env::temp_dir().join(format!("wasmgdb-gdb-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let recorded = entries("expressions.txt");
    let found = native_crash(&folder).map(|()| {
        let mut gdb = Command::new("gdb");
        gdb.args(["-nx", "-batch", "-ex", "set pagination off"]).current_dir(&folder).args(["./workshop", "core"]);
        ask(&mut gdb, &recorded)
    });
    let _ = std::fs::remove_dir_all(&folder);
    let Some(found) = found else {
        eprintln!("gdb 13 and gcc are not at hand");
        return;
    };
    let native = Regex::new(r"0x(5[56][0-9a-f]{10}|7f[0-9a-f]{10})").unwrap();
    for (entry, found) in recorded.iter().zip(found) {
        assert_eq!(entry.answer, native.replace_all(&found.answer, "ADDRESS"), "{}", entry.command);
    }
}
