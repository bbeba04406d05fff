//! `source`: commands from a file. An error ends the file and says where it stood.

use std::io::Read;
use std::path::Path;

use super::run::{Lines, run_line};
use super::spec::{Command, Completion, Group, Input, Invocation, Outcome, Repeat, Stop};
use crate::error::Error;
use crate::limits::MAX_SCRIPT_BYTES;
use crate::settings::Setting;

pub static ROWS: &[Command] = &[Command {
    name: "source",
    group: Group::Support,
    synopsis: "[-v] FILE",
    summary: "Run the commands of a file",
    help: "-v prints each command before it runs. An error ends the file.",
    examples: &[("source crash.gdb", "run the commands of crash.gdb")],
    completion: Completion::File,
    repeat: Repeat::Never,
    run: source,
    ..Command::DEFAULT
}];

fn source(at: &mut Invocation<'_, '_>) -> Outcome {
    let (verbose, file) = match at.arguments.split_once(char::is_whitespace) {
        Some(("-v", file)) => (true, file.trim()),
        _ => (false, at.arguments),
    };
    if file.is_empty() || file == "-v" {
        return Err(Error::Usage("source command requires file name of file to source.".into()).into());
    }
    let file = expand_home(file);
    run_file(at, &file, verbose)
}

/// A leading `~/` as the home directory.
pub fn expand_home(file: &str) -> String {
    match (file.strip_prefix("~/"), std::env::var("HOME")) {
        (Some(rest), Ok(home)) => format!("{home}/{rest}"),
        _ => file.to_owned(),
    }
}

/// Run all commands of `file`.
///
/// # Errors
/// The file cannot be read; the first command that fails, with file and line in front.
pub fn run_file(at: &mut Invocation<'_, '_>, file: &str, verbose: bool) -> Outcome {
    let lines = read_lines(file)?;
    let mut input = Lines::new(&lines);
    while let Some(mut line) = input.line("") {
        let number = input.taken;
        while line.ends_with('\\') {
            line.pop();
            let Some(next) = input.line("") else { break };
            line.push_str(&next);
        }
        let mut nested = Invocation { words: None, ..at.nested(&mut input) };
        if verbose || nested.session.settings.flag(Setting::TraceCommands) {
            nested.say(&format!("+{line}"))?;
        }
        match run_line(&mut nested, &line) {
            Err(Stop::Failed(error)) => {
                let message = format!("{file}:{number}: Error in sourced command file:\n{error}");
                return Err(Error::Usage(message).into());
            }
            ended => ended?,
        }
    }
    Ok(())
}

fn read_lines(file: &str) -> Result<Vec<String>, Error> {
    let io = |error: std::io::Error| Error::Io {
        path: file.to_owned(),
        message: match error.kind() {
            std::io::ErrorKind::NotFound => "No such file or directory.".to_owned(),
            _ => error.to_string(),
        },
    };
    let opened = std::fs::File::open(Path::new(file)).map_err(io)?;
    let mut bytes = Vec::new();
    opened.take(MAX_SCRIPT_BYTES + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > MAX_SCRIPT_BYTES {
        return Err(Error::Limit(format!("{file}: a script of more than {MAX_SCRIPT_BYTES} bytes")));
    }
    Ok(String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect())
}
