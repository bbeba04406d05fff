//! `frame`, `up`, `down`, `select-frame`: which frame the other commands mean.

use super::args::{self, FrameSpec};
use super::context::number;
use super::frames::{frame_numbered, print_selected, select_and_print};
use super::place::{is_function, no_function};
use super::spec::{Command, Completion, Group, Invocation, Outcome, Subcommands};
use crate::error::{Error, Result};
use crate::session::Session;
use crate::target::FrameId;

pub const SPEC: &str = "[[level] NUMBER | function NAME]";

pub static ROWS: &[Command] = &[
    Command {
        name: "frame",
        aliases: &["f"],
        group: Group::Stack,
        synopsis: SPEC,
        summary: "Select a frame and print it, or print the selected one",
        help: "function NAME selects the youngest frame of that function.",
        examples: &[("frame", "the selected frame"), ("f 2", "frame 2"), ("frame function walk", "a frame of walk")],
        completion: Completion::Words(&["apply", "function", "level"]),
        subcommands: Subcommands::Optional,
        run: frame,
        ..Command::DEFAULT
    },
    Command {
        name: "select-frame",
        group: Group::Stack,
        synopsis: SPEC,
        summary: "Select a frame without printing it",
        examples: &[("select-frame 2", "frame 2, for scripts")],
        run: |at| {
            if let Some(id) = meant(at.session, at.arguments)? {
                at.session.frame = id;
                at.session.listed = None;
            }
            Ok(())
        },
        ..Command::DEFAULT
    },
    Command {
        name: "up",
        group: Group::Stack,
        synopsis: "[COUNT]",
        summary: "Select and print the frame that called this one",
        examples: &[("up", "the caller"), ("up 3", "three callers up")],
        run: |at| step(at, 1),
        ..Command::DEFAULT
    },
    Command {
        name: "down",
        aliases: &["do", "dow"],
        group: Group::Stack,
        synopsis: "[COUNT]",
        summary: "Select and print the frame that this one called",
        examples: &[("down", "the callee")],
        run: |at| step(at, -1),
        ..Command::DEFAULT
    },
];

fn frame(at: &mut Invocation<'_, '_>) -> Outcome {
    match meant(at.session, at.arguments)? {
        Some(id) => select_and_print(at, id),
        None => print_selected(at),
    }
}

/// The frame that the arguments mean; none for the selected one.
///
/// # Errors
/// No stack; no such frame.
pub fn meant(session: &Session<'_>, arguments: &str) -> Result<Option<FrameId>> {
    session.selected()?;
    match args::frame(arguments)? {
        FrameSpec::Selected => Ok(None),
        FrameSpec::Level(text) => frame_numbered(session, text).map(Some),
        FrameSpec::Function(name) => frame_of(session, name).map(Some),
        FrameSpec::Address(_) => {
            Err(Error::Usage("frames of wasm have no address: name the frame by its number".into()))
        }
    }
}

/// The youngest frame of a function, named in full or by its last parts.
fn frame_of(session: &Session<'_>, name: &str) -> Result<FrameId> {
    let frames = session.stack()?.frames();
    let called = |known: &str| known == name || known.strip_suffix(name).is_some_and(|rest| rest.ends_with("::"));
    let found = frames.iter().find(|frame| called(&frame.display_name()));
    found.map(|frame| frame.id).ok_or_else(|| match is_function(session, name) {
        true => Error::NotFound(format!("No frame for function \"{name}\".")),
        false => no_function(name),
    })
}

/// Go `direction` times the count towards the oldest frame, as far as there are frames.
fn step(at: &mut Invocation<'_, '_>, direction: i64) -> Outcome {
    let session = &*at.session;
    session.selected()?;
    let count = if at.arguments.is_empty() { 1 } else { number(session, at.arguments)? };
    let steps = count.saturating_mul(direction);
    let last = session.stack()?.frames().len().saturating_sub(1);
    let now = session.frame.0;
    let target = i64::from(now).saturating_add(steps).clamp(0, i64::try_from(last).unwrap_or(i64::MAX));
    let target = u32::try_from(target).unwrap_or(u32::MAX);
    if target == now && steps != 0 {
        let message = match steps > 0 {
            true => "Initial frame selected; you cannot go up.",
            false => "Bottom (innermost) frame selected; you cannot go down.",
        };
        return Err(Error::NotFound(message.into()).into());
    }
    select_and_print(at, FrameId(target))
}
