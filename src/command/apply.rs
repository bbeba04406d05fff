//! `frame apply`, `thread apply` and their short forms: one command in many frames or threads.

use super::args::{self, ApplyScope, ApplySpec};
use super::context::number;
use super::frames::{Shown, numbering, print_frame};
use super::run::run_line;
use super::spec::{Command, Completion, Group, Invocation, Outcome, Repeat, Stop};
use super::thread::target_id;
use crate::error::{Error, Result};
use crate::render::frame::displayed_number;
use crate::session::Session;
use crate::target::FrameId;
use crate::text::{Role, Text};

const FLAGS: &str = "-q prints no headings, -c goes on after errors, -s too and does not print them,\n\
                     nor anything where the command printed nothing.";

pub static ROWS: &[Command] = &[
    Command {
        name: "frame apply",
        group: Group::Stack,
        synopsis: "all|COUNT|-COUNT|level LEVEL... [-q] [-c|-s] COMMAND",
        summary: "Run a command in several frames",
        help: FLAGS,
        examples: &[
            ("frame apply all p counter", "an expression in every frame"),
            ("frame apply level 1-3 -q info locals", "the locals of three frames"),
        ],
        completion: Completion::Nothing,
        repeat: Repeat::Same,
        run: |at| frame_apply(at, args::frame_apply(at.arguments)?),
        ..Command::DEFAULT
    },
    Command {
        name: "faas",
        group: Group::Stack,
        synopsis: "COMMAND",
        summary: "Run a command in all frames and show where it does something",
        help: "The same as frame apply all -s.",
        examples: &[("faas p depth", "every frame that has a variable depth")],
        completion: Completion::Command,
        run: |at| frame_apply(at, everywhere(at.arguments)?),
        ..Command::DEFAULT
    },
    Command {
        name: "thread apply",
        group: Group::Stack,
        synopsis: "all|NUMBER... [-q] [-c|-s] COMMAND",
        summary: "Run a command in several threads",
        help: FLAGS,
        examples: &[("thread apply all bt", "all stacks")],
        run: |at| thread_apply(at, args::thread_apply(at.arguments)?),
        ..Command::DEFAULT
    },
    Command {
        name: "taas",
        group: Group::Stack,
        synopsis: "COMMAND",
        summary: "Run a command in all threads and show where it does something",
        help: "The same as thread apply all -s.",
        examples: &[("taas bt 1", "the youngest frame of every thread")],
        completion: Completion::Command,
        run: |at| thread_apply(at, everywhere(at.arguments)?),
        ..Command::DEFAULT
    },
    Command {
        name: "tfaas",
        group: Group::Stack,
        synopsis: "COMMAND",
        summary: "Run a command in all frames of all threads",
        help: "The same as thread apply all -s -- frame apply all -s.",
        examples: &[("tfaas p counter", "an expression in every frame of every thread")],
        completion: Completion::Command,
        run: |at| {
            everywhere(at.arguments)?;
            let command = format!("frame apply all -s {}", at.arguments);
            thread_apply(at, everywhere(&command)?)
        },
        ..Command::DEFAULT
    },
];

fn everywhere(command: &str) -> Result<ApplySpec<'_>> {
    if command.is_empty() {
        return Err(Error::Usage("Please specify a command to apply on all frames".into()));
    }
    Ok(ApplySpec { scope: ApplyScope::All, quiet: false, go_on: false, silent: true, command })
}

fn frame_apply(at: &mut Invocation<'_, '_>, spec: ApplySpec<'_>) -> Outcome {
    let selected = at.session.frame;
    let ids = frames_meant(at.session, &spec.scope)?;
    let mut ended = Ok(());
    for id in ids {
        at.session.frame = id;
        let mut heading = Text::new();
        if !spec.quiet {
            let session = &*at.session;
            print_frame(session, session.selected()?, &session.options(), Shown::Line, &mut heading)?;
        }
        ended = apply(at, &spec, &heading);
        if ended.is_err() {
            break;
        }
    }
    at.session.frame = selected;
    ended
}

/// The frames of the selected thread that are meant, in the order of the scope.
fn frames_meant(session: &Session<'_>, scope: &ApplyScope<'_>) -> Result<Vec<FrameId>> {
    let count = session.stack()?.frames().len();
    let id = |index: usize| u32::try_from(index).ok().map(FrameId);
    match scope {
        ApplyScope::All => Ok((0..count).filter_map(id).collect()),
        ApplyScope::Count(text) => {
            let wanted = number(session, text)?;
            let most = usize::try_from(wanted.unsigned_abs()).unwrap_or(count).min(count);
            let range = if wanted < 0 { count - most..count } else { 0..most };
            Ok(range.filter_map(id).collect())
        }
        ApplyScope::Ranges(ranges) => {
            let mut ids = Vec::new();
            for typed in ranges.iter().cloned().flatten() {
                let index = usize::try_from(typed).ok().filter(|index| *index < count);
                let index = index.ok_or_else(|| Error::NotFound(format!("No frame at level {typed}.")))?;
                ids.extend(id(displayed_number(index, count, numbering(session))));
            }
            Ok(ids)
        }
    }
}

fn thread_apply(at: &mut Invocation<'_, '_>, spec: ApplySpec<'_>) -> Outcome {
    let (thread, frame) = (at.session.thread, at.session.frame);
    let count = at.session.program.as_ref().map_or(0, |program| program.thread_count());
    let threads: Vec<usize> = match &spec.scope {
        // gdb goes from the last to the first.
        ApplyScope::All => (0..count).rev().collect(),
        ApplyScope::Count(_) => Vec::new(),
        ApplyScope::Ranges(ranges) => {
            let numbers = ranges.iter().cloned().flatten().take(count.saturating_mul(2));
            numbers.filter_map(|number| usize::try_from(number).ok()?.checked_sub(1)).collect()
        }
    };
    let mut ended = Ok(());
    for index in threads {
        if index >= count {
            at.warn(&format!("Unknown thread {}", index + 1))?;
            continue;
        }
        at.session.select_thread(index);
        let mut heading = Text::new();
        if !spec.quiet {
            let id = target_id(index + 1, at.session.stack()?);
            heading.plain(&format!("\nThread {} ({id}):\n", index + 1));
        }
        ended = apply(at, &spec, &heading);
        if ended.is_err() {
            break;
        }
    }
    at.session.select_thread(thread);
    at.session.frame = frame;
    ended
}

/// Run the command in the frame or thread that is selected now, under its heading.
fn apply(at: &mut Invocation<'_, '_>, spec: &ApplySpec<'_>, heading: &Text) -> Outcome {
    if !spec.silent {
        heading.write_to(at.out)?;
        let mut nested = at.with_arguments("");
        nested.depth += 1;
        return match run_line(&mut nested, spec.command) {
            Err(Stop::Failed(error)) if spec.go_on => Ok(at.out.put(Role::Plain, &format!("{error}\n"))?),
            ended => ended,
        };
    }
    // What is printed decides on the heading, so it is kept until the command has ended.
    let mut printed = Text::new();
    let mut nested = Invocation { out: &mut printed, depth: at.depth + 1, ..at.with_arguments("") };
    match run_line(&mut nested, spec.command) {
        Ok(()) | Err(Stop::Failed(_)) => {}
        ended => return ended,
    }
    if !printed.is_empty() {
        heading.write_to(at.out)?;
        printed.write_to(at.out)?;
    }
    Ok(())
}
