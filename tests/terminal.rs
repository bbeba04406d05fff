//! The prompt on a real terminal (a pty): history across runs, completion, Ctrl-C, Ctrl-D, colours.
//!
//! One line is sent for each prompt: line editors may lose what is typed ahead.

use std::path::PathBuf;
use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

/// A home for one test, with no history.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("wasmgdb-terminal-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
        Home(folder)
    }

    fn start(&self, term: &str, arguments: &[&str]) -> PtySession {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wasmgdb"));
        command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).arg("-nx");
        command.env("XDG_STATE_HOME", &self.0).env("TERM", term).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        spawn_command(command, Some(20_000)).expect("the program starts")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const PROMPT: &str = "wasmgdb> ";

fn expect(session: &mut PtySession, text: &str) {
    session.exp_string(text).unwrap_or_else(|error| panic!("{text}: {error}"));
}

fn send(session: &mut PtySession, line: &str) {
    session.send_line(line).expect("the program listens");
}

#[test]
fn history_is_kept_across_runs_and_ctrl_d_leaves() {
    let home = Home::new("history");
    let mut first = home.start("xterm", &[]);
    expect(&mut first, PROMPT);
    send(&mut first, "echo remembered\\n");
    expect(&mut first, "\nremembered");
    expect(&mut first, PROMPT);
    first.send_control('d').expect("it listens");
    first.exp_eof().expect("it ends");

    let mut second = home.start("xterm", &[]);
    expect(&mut second, PROMPT);
    second.send("\x1b[A").expect("it listens");
    second.flush().expect("it listens");
    expect(&mut second, "echo remembered");
    send(&mut second, "");
    expect(&mut second, "\nremembered");
    expect(&mut second, PROMPT);
    send(&mut second, "quit");
    second.exp_eof().expect("it ends");
}

#[test]
fn ctrl_c_cancels_the_line_and_nothing_else() {
    let home = Home::new("cancel");
    let mut session = home.start("xterm", &[]);
    expect(&mut session, PROMPT);
    session.send("echo wrong").expect("it listens");
    session.flush().expect("it listens");
    expect(&mut session, "echo wrong");
    session.send_control('c').expect("it listens");
    expect(&mut session, PROMPT);
    send(&mut session, "echo right\\n");
    expect(&mut session, "\nright");
    expect(&mut session, PROMPT);
    send(&mut session, "quit");
    session.exp_eof().expect("it ends");
}

#[test]
fn the_tabulator_completes_commands_and_settings() {
    let home = Home::new("complete");
    let mut session = home.start("xterm", &[]);
    expect(&mut session, PROMPT);
    session.send("sho\t").expect("it listens");
    session.flush().expect("it listens");
    expect(&mut session, "show");
    session.send(" print max\t").expect("it listens");
    session.flush().expect("it listens");
    expect(&mut session, "max-depth");
    send(&mut session, "");
    expect(&mut session, "Maximum print depth is");
    expect(&mut session, PROMPT);
    send(&mut session, "quit");
    session.exp_eof().expect("it ends");
}

#[test]
fn an_empty_line_repeats_and_a_definition_asks_for_its_lines() {
    let home = Home::new("repeat");
    let mut session = home.start("xterm", &[]);
    expect(&mut session, PROMPT);
    send(&mut session, "echo again\\n");
    expect(&mut session, "\nagain");
    expect(&mut session, PROMPT);
    send(&mut session, "");
    expect(&mut session, "again");
    expect(&mut session, PROMPT);
    send(&mut session, "define two");
    expect(&mut session, "End with a line saying just \"end\".");
    expect(&mut session, ">");
    send(&mut session, "echo 1+1\\n");
    expect(&mut session, ">");
    send(&mut session, "end");
    expect(&mut session, PROMPT);
    send(&mut session, "two");
    expect(&mut session, "\n1+1");
    expect(&mut session, PROMPT);
    send(&mut session, "quit 0");
    session.exp_eof().expect("it ends");
}

#[test]
fn a_dumb_terminal_has_a_prompt_too() {
    let home = Home::new("dumb");
    let mut session = home.start("dumb", &[]);
    expect(&mut session, PROMPT);
    send(&mut session, "show style enabled");
    expect(&mut session, "CLI output styling is disabled.");
    expect(&mut session, PROMPT);
    send(&mut session, "quit");
    session.exp_eof().expect("it ends");
}
