//! `cd` and `pwd`: the directory that names of files count from. What is open stays what it is.

use std::path::{Path, PathBuf};

use super::script::expand_home;
use super::spec::{Command, Completion, Group, Invocation, Outcome, Repeat};
use crate::error::Error;
use crate::settings::{Setting, Value};

pub static ROWS: &[Command] = &[
    Command {
        name: "cd",
        group: Group::Source,
        synopsis: "[DIR]",
        summary: "Change the directory that names of files count from",
        help: "Without DIR, to the home directory. What is open stays open, and so does what belongs to it.",
        examples: &[("cd /tmp", "scripts, logs and sources are looked for there"), ("cd", "go home")],
        completion: Completion::File,
        repeat: Repeat::Never,
        run: change,
        ..Command::DEFAULT
    },
    Command {
        name: "pwd",
        group: Group::Source,
        summary: "Print the directory that names of files count from",
        examples: &[("pwd", "where `cd\' went")],
        run: print,
        ..Command::DEFAULT
    },
];

fn change(at: &mut Invocation<'_, '_>) -> Outcome {
    let home = || std::env::var("HOME").unwrap_or_else(|_| "/".into());
    let target = match at.arguments {
        "" | "~" => home(),
        directory => expand_home(directory),
    };
    at.session.files.stay();
    let named = at.session.settings.directories();
    let named = named.iter().map(|named| absolute(Path::new(named)).to_string_lossy().into_owned()).collect();
    std::env::set_current_dir(&target).map_err(|error| {
        let message = match error.kind() {
            std::io::ErrorKind::NotFound => "No such file or directory.",
            std::io::ErrorKind::NotADirectory => "Not a directory.",
            std::io::ErrorKind::PermissionDenied => "Permission denied.",
            _ => return Error::Io { path: target.clone(), message: error.to_string() },
        };
        Error::Io { path: target.clone(), message: message.into() }
    })?;
    at.session.settings.put(Setting::Directories, Value::Paths(named));
    if at.typed { print_directory(at) } else { Ok(()) }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

fn print(at: &mut Invocation<'_, '_>) -> Outcome {
    if !at.arguments.is_empty() {
        let message = format!("The \"pwd\" command does not take an argument: {}", at.arguments);
        return Err(Error::Usage(message).into());
    }
    print_directory(at)
}

fn print_directory(at: &mut Invocation<'_, '_>) -> Outcome {
    let directory = std::env::current_dir()
        .map_err(|error| Error::Io { path: "the working directory".into(), message: error.to_string() })?;
    at.say(&format!("Working directory {}.", directory.display()))
}
