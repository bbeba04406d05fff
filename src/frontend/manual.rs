//! The manual page `wasmgdb(1)`, made from the tables of options, commands and settings.
//!
//! `man/wasmgdb.1` is this text; a test compares them, so the manual cannot lag behind the help.

use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, line_break, roman};

use super::flags::parser;
use crate::command::{Command, CommandTable, Group};
use crate::settings::{Row, TABLE as SETTINGS};

/// The page in roff.
pub fn manual(table: &CommandTable) -> String {
    let options = Man::new(parser()).section("1").source(concat!("wasmgdb ", env!("CARGO_PKG_VERSION")));
    let mut page = Vec::new();
    // Writing to memory cannot fail; a page that lacks a section would fail the comparison.
    let _ = options.render_title(&mut page);
    let mut text = String::from_utf8_lossy(&page).into_owned();
    text.push_str(&head().to_roff());
    let mut page = Vec::new();
    let _ = options.render_options_section(&mut page);
    text.push_str(&String::from_utf8_lossy(&page));
    text.push_str(&commands(table).to_roff());
    text.push_str(&settings().to_roff());
    text.push_str(&tail().to_roff());
    text
}

fn section(name: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [name]);
    roff
}

fn paragraph(roff: &mut Roff, text: &str) {
    roff.control("PP", []);
    roff.text([roman(text)]);
}

/// A term and its explanation, in whole lines.
fn term(roff: &mut Roff, term: Vec<Inline>, explanation: &[&str]) {
    roff.control("TP", []);
    roff.text(term);
    let mut lines: Vec<Inline> = Vec::new();
    for line in explanation.iter().filter(|line| !line.is_empty()) {
        if !lines.is_empty() {
            lines.push(line_break());
        }
        lines.push(roman(*line));
    }
    roff.text(lines);
}

fn head() -> Roff {
    let mut roff = section("NAME");
    roff.text([roman("wasmgdb - post-mortem debugger for WebAssembly coredumps")]);
    roff.control("SH", ["SYNOPSIS"]);
    for line in ["[OPTIONS] MODULE COREDUMP", "[OPTIONS] COREDUMP", "[OPTIONS] MODULE", "dap [--dap-log FILE]"] {
        roff.text([bold("wasmgdb"), roman(format!(" {line}")), line_break()]);
    }
    roff.control("SH", ["DESCRIPTION"]);
    roff.text([roman(
        "Opens the coredump that a WebAssembly program left when it trapped, and the module that it came from, and \
         answers questions about the dead program: its stack with source lines, variables, memory, and why it stopped.",
    )]);
    paragraph(
        &mut roff,
        "Whatever is missing (the module, the debug information, a part of the dump) is said, and the rest is answered. \
         A value that had to be reconstructed, or that is not in the dump, says so.",
    );
    paragraph(
        &mut roff,
        "The commands are gdb's. Their output has a form of its own, with names, addresses and types of members; \
         --style gdb gives gdb's exact text.",
    );
    roff
}

fn commands(table: &CommandTable) -> Roff {
    let mut roff = section("COMMANDS");
    roff.text([roman("Names may be shortened while they are unique. An empty line repeats the last command.")]);
    for group in Group::ALL {
        let mut rows: Vec<&Command> = table.rows().filter(|command| command.group == group).collect();
        rows.sort_by_key(|command| command.name);
        if rows.is_empty() {
            continue;
        }
        roff.control("SS", [group.summary()]);
        if group == Group::Running {
            let names: Vec<&str> = rows.iter().map(|command| command.name).collect();
            roff.text([roman(names.join(", "))]);
            continue;
        }
        for command in rows {
            command_entry(&mut roff, command);
        }
    }
    roff
}

fn command_entry(roff: &mut Roff, command: &Command) {
    let mut name = vec![bold(command.name)];
    if !command.synopsis.is_empty() {
        name.push(roman(format!(" {}", command.synopsis)));
    }
    let also = command.aliases.iter().map(|alias| match command.prefix() {
        "" => (*alias).to_owned(),
        prefix => format!("{prefix} {alias}"),
    });
    let also: Vec<String> = also.collect();
    let summary = format!("{}.", command.summary);
    let also = if also.is_empty() { String::new() } else { format!("Also: {}.", also.join(", ")) };
    let examples: Vec<String> = command.examples.iter().map(|(line, meaning)| format!("{line}: {meaning}")).collect();
    let mut lines: Vec<&str> = vec![&summary, &also];
    lines.extend(command.help.lines());
    lines.extend(examples.iter().map(String::as_str));
    term(roff, name, &lines);
}

fn settings() -> Roff {
    let mut roff = section("SETTINGS");
    roff.text([
        roman("Changed by "),
        bold("set"),
        roman(", printed by "),
        bold("show"),
        roman(". Those of print may also follow print, output and their like as options: "),
        bold("p -elements 3 -- x"),
        roman("."),
    ]);
    for row in &SETTINGS {
        setting_entry(&mut roff, row);
    }
    roff
}

fn setting_entry(roff: &mut Roff, row: &Row) {
    let mut summary = row.summary.to_owned();
    if let Some(first) = summary.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let default = match (row.reference.to_text(), row.gdb.to_text()) {
        (reference, gdb) if row.reference == row.gdb => match reference.trim() {
            "" => String::new(),
            _ => format!("Default: {gdb}."),
        },
        (reference, gdb) => format!("Default: {}; {} in gdb's style.", reference.trim(), gdb.trim()),
    };
    let summary = format!("{summary}.");
    let mut lines: Vec<&str> = vec![&summary];
    lines.extend(row.help.lines());
    lines.push(&default);
    term(roff, vec![bold(row.name), roman(" "), italic(row.kind.placeholder())], &lines);
}

fn tail() -> Roff {
    let mut roff = section("EXIT STATUS");
    for (status, meaning) in [
        ("0", "The last command succeeded, or a person left the prompt."),
        ("1", "The last command failed (with --strict, any command), or a file could not be opened."),
        ("2", "The command line was wrong."),
        ("N", "What \"quit N\" says."),
    ] {
        term(&mut roff, vec![bold(status)], &[meaning]);
    }
    roff.control("SH", ["ENVIRONMENT"]);
    for (name, meaning) in [
        ("NO_COLOR", "Not empty: no colours, whatever the terminal can do."),
        ("CLICOLOR_FORCE", "Not 0: colours even if the output is no terminal."),
        ("TERM", "dumb: no colours and no line editing."),
        ("WASMGDB_DEBUG_PATH", "Directories, separated by colons, in which debug files are looked for by build id."),
        ("SHELL", "What runs the commands of shell and pipe."),
        ("XDG_CONFIG_HOME, XDG_STATE_HOME", "Where the files below are, ~/.config and ~/.local/state if not set."),
    ] {
        term(&mut roff, vec![bold(name)], &[meaning]);
    }
    roff.control("SH", ["FILES"]);
    for (name, meaning) in [
        ("$XDG_CONFIG_HOME/wasmgdb/init", "Commands that run before the files are opened, unless --nx is given."),
        ("$XDG_STATE_HOME/wasmgdb/history", "Lines typed at the prompt."),
    ] {
        term(&mut roff, vec![italic(name)], &[meaning]);
    }
    roff.control("SH", ["SEE ALSO"]);
    roff.text([bold("gdb"), roman("(1), "), bold("wasmtime"), roman("(1)")]);
    roff
}
