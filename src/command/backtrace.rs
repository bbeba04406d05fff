//! `backtrace`: the stack, youngest frame first.

use super::args::{self, BacktraceSpec};
use super::context::number;
use super::frames::{Shown, print_frame};
use super::info_locals::{Filter, Listed, Listing, print_variables};
use super::info_program::end;
use super::spec::{Command, Completion, Group, Invocation, Outcome, Stop};
use crate::render::frame::displayed_number;
use crate::render::indent::Indented;
use crate::render::options::{Options, RuntimeFrames, Style};
use crate::session::Session;
use crate::target::runtime::runtime_frames;
use crate::target::{Frame, Stack};
use crate::text::{Role, Sink};

const SYNOPSIS: &str = "[OPTION]... [full] [COUNT | -COUNT]";

pub static ROWS: &[Command] = &[
    Command {
        name: "backtrace",
        aliases: &["bt", "where"],
        group: Group::Stack,
        synopsis: SYNOPSIS,
        summary: "Print the stack, the youngest frame first",
        help: "COUNT prints so many of the youngest frames, -COUNT of the oldest; full adds the local variables.\n\
               Options: -full, -frame-arguments all|scalars|none|presence, -frame-info WHAT,\n\
               -full-stack and -hide (with and without the frames of panic and abort machinery).",
        examples: &[
            ("bt", "all frames"),
            ("bt 3", "the three youngest"),
            ("bt -3", "the three oldest"),
            ("bt full", "with local variables"),
            ("bt -frame-arguments all", "with structures in the arguments"),
        ],
        completion: Completion::Words(&["full"]),
        run: backtrace,
        ..Command::DEFAULT
    },
    Command {
        name: "info stack",
        aliases: &["s"],
        group: Group::Stack,
        synopsis: SYNOPSIS,
        summary: "Print the stack (backtrace)",
        examples: &[("info stack", "all frames"), ("info s 3", "the three youngest")],
        completion: Completion::Words(&["full"]),
        run: backtrace,
        ..Command::DEFAULT
    },
];

fn backtrace(at: &mut Invocation<'_, '_>) -> Outcome {
    let spec = args::backtrace(at.arguments)?;
    let session = &*at.session;
    let options = options(session, &spec)?;
    let count = spec.count.map(|text| number(session, text)).transpose()?;
    let more_follow = print_stack(session, (count, spec.full), &options, at.out)?;
    if more_follow && at.typed { at.say("(More stack frames follow...)") } else { Ok(()) }
}

/// Print the selected thread's stack: `count` frames, or all, with locals if `full`; true if older ones follow.
fn print_stack(
    session: &Session<'_>,
    (count, full): (Option<i64>, bool),
    options: &Options,
    out: &mut dyn Sink,
) -> Result<bool, Stop> {
    let stack = match count.map(usize::try_from) {
        // One more tells whether more follow.
        Some(Ok(count)) => session.youngest(count.saturating_add(1))?,
        _ => session.stack()?,
    };
    let frames = stack.frames();
    let all = frames.len();
    let (first, last) = match count {
        Some(count) if count < 0 => (all.saturating_sub(usize::try_from(count.unsigned_abs()).unwrap_or(all)), all),
        Some(count) => (0, usize::try_from(count).unwrap_or(all).min(all)),
        None => (0, all),
    };
    let machinery = match options.runtime_frames {
        RuntimeFrames::Show => 0,
        RuntimeFrames::Fold | RuntimeFrames::Hide => runtime_frames(session.program()?, stack),
    };
    if options.runtime_frames == RuntimeFrames::Fold && options.style == Style::Reference && first == 0 {
        out.put(Role::Plain, &format!("{}\n", end(session)?))?;
    }
    if first < machinery.min(last) && options.runtime_frames == RuntimeFrames::Fold {
        fold(stack, (first, machinery.min(last)), options, out)?;
    }
    let on_one_line = options.on_one_line();
    for frame in frames.iter().take(last).skip(first.max(machinery)) {
        print_frame(session, (stack, frame), &on_one_line, Shown::Line, out)?;
        if full {
            locals_of(session, (stack, frame), options, out)?;
        }
    }
    let more_follow = last < all && count.is_some();
    if !more_follow && let Some(truncated) = stack.truncated {
        out.put(Role::Note, &format!("({})\n", truncated.advice()))?;
    }
    Ok(more_follow)
}

fn options(session: &Session<'_>, spec: &BacktraceSpec<'_>) -> crate::error::Result<Options> {
    let given = spec.options.iter();
    let settings = given.clone().filter(|option| matches!(option.name, "frame-arguments" | "frame-info"));
    let changed = session.settings.with_options(settings.map(|option| (option.name, option.value.as_str())))?;
    let mut options = changed.render_options(session.interactive);
    for option in given {
        match option.name {
            "hide" => options.runtime_frames = RuntimeFrames::Hide,
            "full-stack" => options.runtime_frames = RuntimeFrames::Show,
            _ => {}
        }
    }
    Ok(options)
}

/// One line for frames `first` up to but not including `end`.
fn fold(stack: &Stack, (first, end): (usize, usize), options: &Options, out: &mut dyn Sink) -> Outcome {
    if options.runtime_frames == RuntimeFrames::Hide {
        return Ok(());
    }
    let count = stack.frames().len();
    let shown = |index| displayed_number(index, count, options.frame_numbering);
    let (from, to) = (shown(first), shown(end.saturating_sub(1)));
    let what = if end - first == 1 { "1 frame".to_owned() } else { format!("{} frames", end - first) };
    let range = if from == to { format!("#{from}") } else { format!("#{from} to #{to}") };
    let text = format!("{range}: {what} of panic and abort machinery (set print runtime-frames on)\n");
    Ok(out.put(Role::Note, &text)?)
}

/// The locals of a frame, indented under its line.
fn locals_of(
    session: &Session<'_>,
    (stack, frame): (&Stack, &Frame),
    options: &Options,
    out: &mut dyn Sink,
) -> Outcome {
    let mut indented = Indented::new(out, 8);
    let listing = Listing { options, filter: &Filter::default(), what: Listed::Locals };
    print_variables(session, (stack, frame), &listing, &mut indented)
}
