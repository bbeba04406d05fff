//! `shell` and `pipe`: other programs, run by the user's shell.
//!
//! A script from a stranger must not run programs: `set shell-commands off` forbids it for the rest of the session.

use std::process::{Child, Command as Process, Stdio};

use super::run::run_line;
use super::spec::{Command, Completion, Group, Invocation, Outcome, Repeat, Stop};
use crate::error::Error;
use crate::render::ansi::Output;
use crate::settings::Setting;
use crate::text::Sink;

pub static ROWS: &[Command] = &[
    Command {
        name: "shell",
        aliases: &["!"],
        group: Group::Support,
        synopsis: "[COMMAND]",
        summary: "Run a command of the shell",
        help: "Without COMMAND, an interactive shell. \"set shell-commands off\" forbids it.",
        examples: &[("shell ls", "list the files of the current directory"), ("!ls", "the same")],
        completion: Completion::File,
        repeat: Repeat::Never,
        run: shell,
        ..Command::DEFAULT
    },
    Command {
        name: "pipe",
        aliases: &["|"],
        group: Group::Support,
        synopsis: "[-d DELIMITER] COMMAND | SHELL-COMMAND",
        summary: "Run a command and hand its output to a command of the shell",
        help: "-d names what separates the two, for commands with a | in them.",
        examples: &[("pipe bt | wc -l", "count the frames"), ("| info functions | grep alloc", "the same in short")],
        completion: Completion::Command,
        run: pipe,
        ..Command::DEFAULT
    },
];

fn allowed(at: &Invocation<'_, '_>) -> Outcome {
    if at.session.settings.flag(Setting::ShellCommands) {
        return Ok(());
    }
    Err(Error::Usage("programs may not be run: shell-commands is off".into()).into())
}

/// The user's shell, about to run `command`, or to ask for commands.
fn shell_process(command: &str) -> Process {
    let shell = std::env::var_os("SHELL").filter(|shell| !shell.is_empty()).unwrap_or_else(|| "/bin/sh".into());
    let mut process = Process::new(shell);
    if !command.is_empty() {
        process.arg("-c").arg(command);
    }
    process
}

fn shell(at: &mut Invocation<'_, '_>) -> Outcome {
    allowed(at)?;
    at.out.flush()?;
    let status = shell_process(at.arguments).status();
    status.map_err(|error| Error::Io { path: "shell".into(), message: error.to_string() })?;
    Ok(())
}

/// The command and the shell command.
fn split_pipe(arguments: &str) -> Result<(&str, &str), Error> {
    let (delimiter, rest) = match arguments.strip_prefix("-d ") {
        Some(rest) => rest
            .trim_start()
            .split_once(char::is_whitespace)
            .ok_or_else(|| Error::Usage("-d requires an argument".into()))?,
        None => ("|", arguments),
    };
    let rest = rest.trim();
    if rest.is_empty() || rest.starts_with(delimiter) {
        return Err(Error::Usage("Missing COMMAND".into()));
    }
    let (command, shell) =
        rest.split_once(delimiter).ok_or_else(|| Error::Usage("Missing delimiter before SHELL_COMMAND.".into()))?;
    if shell.trim().is_empty() {
        return Err(Error::Usage("Missing SHELL_COMMAND.".into()));
    }
    Ok((command.trim(), shell.trim()))
}

fn pipe(at: &mut Invocation<'_, '_>) -> Outcome {
    allowed(at)?;
    let (command, shell) = split_pipe(at.arguments)?;
    at.out.flush()?;
    let io = |error: std::io::Error| Error::Io { path: "shell".into(), message: error.to_string() };
    let mut child: Child = shell_process(shell).stdin(Stdio::piped()).spawn().map_err(io)?;
    let ended = match child.stdin.take() {
        Some(stdin) => {
            let mut piped = Output::new(stdin, false);
            let mut nested = Invocation { out: &mut piped, depth: at.depth + 1, ..at.with_arguments("") };
            let ended = run_line(&mut nested, command);
            ended.and(piped.flush().map_err(Stop::from))
        }
        None => Ok(()),
    };
    child.wait().map_err(io)?;
    match ended {
        // The shell command has read enough (`head`): that is its business.
        Err(Stop::Output) => Ok(()),
        ended => ended,
    }
}
