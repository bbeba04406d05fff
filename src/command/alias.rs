//! `alias`: another name for a command, with arguments in front of those typed.

use super::spec::{Command, Completion, Group, Invocation, Outcome, Repeat};
use crate::error::Error;
use crate::settings::lookup::word_length;

pub static ROWS: &[Command] = &[Command {
    name: "alias",
    group: Group::Support,
    synopsis: "[-a] [--] ALIAS = COMMAND [ARGUMENTS]",
    summary: "Give a command another name",
    help: "ARGUMENTS stand before those that are typed after the alias. -a is accepted for gdb's sake.",
    examples: &[("alias locs = info locals", "locs is info locals"), ("alias px = print/x", "px is print/x")],
    completion: Completion::Command,
    repeat: Repeat::Never,
    run: alias,
    ..Command::DEFAULT
}];

fn alias(at: &mut Invocation<'_, '_>) -> Outcome {
    let usage = || Error::Usage("Usage: alias [-a] [--] ALIAS = COMMAND [DEFAULT-ARGS...]".into());
    let mut text = at.arguments;
    for option in ["-a", "--"] {
        if let Some(rest) = text.strip_prefix(option).filter(|rest| rest.starts_with(' ')) {
            text = rest.trim_start();
        }
    }
    let (name, meaning) = text.split_once('=').ok_or_else(usage)?;
    let (name, meaning) = (name.trim(), meaning.trim());
    if name.is_empty() || meaning.is_empty() {
        return Err(usage().into());
    }
    if word_length(name) != name.len() {
        return Err(Error::Usage(format!("Invalid command name: {name}")).into());
    }
    let taken = at
        .table
        .rows()
        .any(|command| command.name == name || (command.prefix().is_empty() && command.aliases.contains(&name)));
    if taken || at.session.definitions.contains_key(name) || at.session.aliases.contains_key(name) {
        return Err(Error::Usage(format!("Alias already exists: {name}")).into());
    }
    let first = meaning.get(..word_length(meaning)).unwrap_or("");
    if !at.session.definitions.contains_key(first) {
        at.table.find(at.session, meaning)?;
    }
    at.session.aliases.insert(name.to_owned(), meaning.to_owned());
    Ok(())
}
