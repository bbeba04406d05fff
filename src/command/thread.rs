//! `thread` and `info threads`: the threads of the dump.

use super::frames::{arguments, print_selected};
use super::spec::{Command, Group, Invocation, Outcome, Subcommands};
use crate::error::{Error, Result};
use crate::render::frame::{FrameLine, frame_line};
use crate::session::Session;
use crate::target::Stack;
use crate::target::patience::Patience;
use crate::text::{Role, Text};

pub static ROWS: &[Command] = &[
    Command {
        name: "thread",
        aliases: &["t"],
        group: Group::Stack,
        synopsis: "[NUMBER]",
        summary: "Select a thread and print its youngest frame, or say which is selected",
        examples: &[("thread", "the selected thread"), ("thread 2", "the second thread of the dump")],
        subcommands: Subcommands::Optional,
        run: thread,
        ..Command::DEFAULT
    },
    Command {
        name: "info threads",
        group: Group::Stack,
        summary: "List the threads of the dump, each with its youngest frame",
        examples: &[("info threads", "* marks the selected one")],
        run: threads,
        ..Command::DEFAULT
    },
];

/// `Thread 1 (main)`
pub fn target_id(number: usize, stack: &Stack) -> String {
    match stack.name.as_ref() {
        "" => format!("Thread {number}"),
        name => format!("Thread {number} ({name})"),
    }
}

/// The index of the thread that the user numbers so, from 1.
///
/// # Errors
/// There is none; in gdb's words.
pub fn thread_numbered(session: &Session<'_>, text: &str) -> Result<usize> {
    let number: usize = text.parse().map_err(|_| Error::Usage(format!("Invalid thread ID: {text}")))?;
    let count = session.program.as_ref().map_or(0, |program| program.thread_count());
    let index = number.checked_sub(1).filter(|index| *index < count);
    index.ok_or_else(|| Error::NotFound(format!("Unknown thread {number}.")))
}

fn thread(at: &mut Invocation<'_, '_>) -> Outcome {
    if at.arguments.is_empty() {
        let stack = at.session.stack().map_err(|_| Error::Absent("No thread selected".into()))?;
        let text =
            format!("[Current thread is {} ({})]\n", at.session.thread + 1, target_id(at.session.thread + 1, stack));
        return Ok(at.out.put(Role::Plain, &text)?);
    }
    let index = thread_numbered(at.session, at.arguments)?;
    at.session.select_thread(index);
    let stack = at.session.stack()?;
    at.out.put(Role::Plain, &format!("[Switching to thread {} ({})]\n", index + 1, target_id(index + 1, stack)))?;
    print_selected(at)
}

fn threads(at: &mut Invocation<'_, '_>) -> Outcome {
    let session = &*at.session;
    let count = session.program.as_ref().map_or(0, |program| program.thread_count());
    if count == 0 {
        return Ok(at.out.put(Role::Plain, "No threads.\n")?);
    }
    let program = session.program()?;
    let reader = session.reader();
    let options = session.options();
    let mut rows: Vec<(String, Text)> = Vec::new();
    for index in 0..count {
        let stack = program.youngest(index, 1)?;
        let mut line = Text::new();
        match stack.frames().first() {
            Some(frame) => {
                let arguments = arguments(session, (stack, frame), &options, Patience::Line);
                let place = FrameLine { stack, frame, arguments: &arguments, numbered: false };
                frame_line(reader, &place, &options, &mut line)?;
            }
            None => {
                line.push(Role::Note, "(no frames)");
            }
        }
        rows.push((target_id(index + 1, stack), line));
    }
    let width = rows.iter().map(|(id, _)| id.chars().count()).max().unwrap_or(0).max("Target Id".len());
    at.out.put(Role::Plain, &format!("  {:<4} {:<width$} Frame\n", "Id", "Target Id"))?;
    for (index, (id, line)) in rows.iter().enumerate() {
        let mark = if index == session.thread { '*' } else { ' ' };
        at.out.put(Role::Plain, &format!("{mark} {:<4} {id:<width$} ", index + 1))?;
        line.write_to(at.out)?;
        at.out.put(Role::Plain, "\n")?;
    }
    Ok(())
}
