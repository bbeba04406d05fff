//! `directory` and `unset substitute-path`: where sources are looked for.

use std::path::Path;

use super::script::expand_home;
use super::spec::{Command, Completion, Group, Invocation, Outcome, Repeat, Subcommands};
use crate::error::Error;
use crate::settings::{Setting, Value};

pub static ROWS: &[Command] = &[
    Command {
        name: "directory",
        aliases: &["dir"],
        group: Group::Source,
        synopsis: "[DIR]...",
        summary: "Look for source files in further directories first",
        help: "Directories are separated by blanks or colons. Without DIR, only $cdir and $cwd are left.\n\
               `set directories' replaces the list, `show directories' prints it.",
        examples: &[("directory /home/me/src", "a place of sources"), ("directory", "forget all places")],
        completion: Completion::File,
        repeat: Repeat::Never,
        run: directory,
        ..Command::DEFAULT
    },
    Command {
        name: "unset",
        group: Group::Support,
        synopsis: "SUBJECT [ARGUMENTS]",
        summary: "Undo settings that are lists",
        examples: &[("unset", "the list of subjects")],
        repeat: Repeat::Never,
        subcommands: Subcommands::Required,
        run: |at| super::help::subcommands(at, "unset"),
        ..Command::DEFAULT
    },
    Command {
        name: "unset substitute-path",
        group: Group::Support,
        synopsis: "[FROM]",
        summary: "Drop one rule of `set substitute-path', or all",
        examples: &[("unset substitute-path /build", "the rule for /build"), ("unset substitute-path", "all rules")],
        repeat: Repeat::Never,
        run: unset_substitute_path,
        ..Command::DEFAULT
    },
];

fn directory(at: &mut Invocation<'_, '_>) -> Outcome {
    let mut named: Vec<String> = Vec::new();
    for word in at.arguments.split(|c: char| c.is_whitespace() || c == ':').filter(|word| !word.is_empty()) {
        let path = expand_home(word);
        // These two are always searched last.
        if matches!(&*path, "$cdir" | "$cwd") || named.contains(&path) {
            continue;
        }
        match std::fs::metadata(Path::new(&path)) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => at.warn(&format!("{path} is not a directory."))?,
            Err(_) => at.warn(&format!("{path}: No such file or directory."))?,
        }
        named.push(path);
    }
    if !named.is_empty() {
        let before = at.session.settings.directories().iter().filter(|path| !named.contains(path));
        let before: Vec<String> = before.cloned().collect();
        named.extend(before);
    }
    at.session.settings.put(Setting::Directories, Value::Paths(named));
    if at.session.interactive {
        let searched = at.session.settings.get(Setting::Directories).to_text();
        at.say(&format!("Source directories searched: {searched}"))?;
    }
    Ok(())
}

fn unset_substitute_path(at: &mut Invocation<'_, '_>) -> Outcome {
    let mut rules = at.session.settings.substitutions().to_vec();
    let before = rules.len();
    rules.retain(|(from, _)| !at.arguments.is_empty() && from != at.arguments);
    if rules.len() == before && !at.arguments.is_empty() {
        return Err(Error::NotFound(format!("No substitution rule defined for `{}'", at.arguments)).into());
    }
    at.session.settings.put(Setting::SubstitutePath, Value::Rules(rules));
    Ok(())
}
