//! `define` and `document`: commands made of commands, and their help.

use super::spec::{Command, Completion, Group, Invocation, Outcome, Repeat, Stop};
use crate::error::Error;
use crate::limits::MAX_BLOCK_LINES;
use crate::settings::lookup::word_length;

pub static ROWS: &[Command] = &[
    Command {
        name: "define",
        group: Group::Support,
        synopsis: "NAME",
        summary: "Make a command of the lines that follow, up to \"end\"",
        help: "$arg0, $arg1 ... in the body are the words after the name when it is called, $argc is their number.",
        examples: &[("define plist", "the lines after it, up to end, are the command plist")],
        repeat: Repeat::Never,
        run: define,
        ..Command::DEFAULT
    },
    Command {
        name: "document",
        group: Group::Support,
        synopsis: "NAME",
        summary: "Write the help of a command made with define: the lines up to \"end\"",
        help: "The first line is the summary that lists of commands show.",
        examples: &[("document plist", "the lines after it, up to end, are the help of plist")],
        completion: Completion::Command,
        repeat: Repeat::Never,
        run: document,
        ..Command::DEFAULT
    },
    Command {
        name: "end",
        group: Group::Support,
        summary: "End the lines of define, document, if or while",
        examples: &[("end", "the last line of a definition")],
        repeat: Repeat::Never,
        run: |_| Err(Error::Usage("This command cannot be used at the top level.".into()).into()),
        ..Command::DEFAULT
    },
];

fn define(at: &mut Invocation<'_, '_>) -> Outcome {
    let name = at.arguments;
    if name.is_empty() {
        return Err(Error::Usage("Argument required (name of command to define).".into()).into());
    }
    if word_length(name) != name.len() {
        return Err(Error::Usage(format!("Junk in argument list: \"{name}\"")).into());
    }
    if at
        .table
        .rows()
        .any(|command| command.name == name || (command.prefix().is_empty() && command.aliases.contains(&name)))
    {
        let message = format!("\"{name}\" is a built-in command: choose another name");
        return Err(Error::Usage(message).into());
    }
    if at.session.interactive {
        at.say(&format!("Type commands for definition of \"{name}\".\nEnd with a line saying just \"end\"."))?;
    }
    let body = read_block(at)?;
    at.session.definitions.entry(name.to_owned()).or_default().body = body;
    Ok(())
}

fn document(at: &mut Invocation<'_, '_>) -> Outcome {
    let name = at.arguments;
    if name.is_empty() {
        return Err(Error::Usage("Argument required (name of command to define).".into()).into());
    }
    if !at.session.definitions.contains_key(name) {
        let known = at.table.find_row(name).is_ok();
        let message = if known { "Command \"NAME\" is built-in." } else { "Undefined command: \"NAME\"." };
        return Err(Error::NotFound(message.replace("NAME", name)).into());
    }
    if at.session.interactive {
        at.say(&format!("Type documentation for \"{name}\".\nEnd with a line saying just \"end\"."))?;
    }
    at.out.flush()?;
    let mut lines = Vec::new();
    while let Some(line) = at.input.line(">") {
        if line.trim() == "end" || lines.len() >= MAX_BLOCK_LINES {
            break;
        }
        lines.push(line);
    }
    if let Some(definition) = at.session.definitions.get_mut(name) {
        definition.documentation = lines;
    }
    Ok(())
}

/// The lines up to the `end` that closes the block, blocks inside it whole.
///
/// # Errors
/// The input ends first; too many lines.
pub fn read_block(at: &mut Invocation<'_, '_>) -> Result<Vec<String>, Stop> {
    at.out.flush()?;
    let mut lines = Vec::new();
    let mut open = 1usize;
    while let Some(line) = at.input.line(">") {
        let line = line.trim().to_owned();
        let word = line.get(..word_length(&line)).unwrap_or("");
        match word {
            "if" | "while" | "define" | "document" => open += 1,
            "end" if line == "end" => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Ok(lines);
        }
        if lines.len() >= MAX_BLOCK_LINES {
            return Err(Error::Limit(format!("a block of more than {MAX_BLOCK_LINES} lines")).into());
        }
        lines.push(line);
    }
    Err(Error::Usage("the input ended before the \"end\" of the block".into()).into())
}
