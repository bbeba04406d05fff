//! Which frames: the arguments of `backtrace`, `frame`, `frame apply` and `thread apply`.

use std::ops::RangeInclusive;

use crate::command::args::options::{OptionKind, OptionSpec, OptionValue, options, word};
use crate::error::{Error, Result};

/// The arguments of `backtrace`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BacktraceSpec<'a> {
    /// With the locals of each frame.
    pub full: bool,
    /// An expression: the innermost frames, or, if negative, the outermost. None for all.
    pub count: Option<&'a str>,
    /// `frame-arguments`, `frame-info`, `full-stack`, `hide`, `past-main`.
    pub options: Vec<OptionValue>,
}

const BACKTRACE_OPTIONS: [OptionSpec; 9] = [
    OptionSpec { name: "full", kind: OptionKind::Flag },
    OptionSpec { name: "full-stack", kind: OptionKind::Flag },
    OptionSpec { name: "hide", kind: OptionKind::Flag },
    OptionSpec { name: "no-filters", kind: OptionKind::Flag },
    OptionSpec { name: "frame-arguments", kind: OptionKind::Choice(&["all", "scalars", "none", "presence"]) },
    OptionSpec {
        name: "frame-info",
        kind: OptionKind::Choice(&[
            "auto",
            "source-line",
            "location",
            "source-and-location",
            "location-and-address",
            "short-location",
        ]),
    },
    OptionSpec { name: "past-main", kind: OptionKind::OnOff },
    OptionSpec { name: "past-entry", kind: OptionKind::OnOff },
    OptionSpec { name: "raw-frame-arguments", kind: OptionKind::OnOff },
];

/// `[OPTION...] [full] [COUNT] [full]`
///
/// # Errors
/// As `options`.
pub fn backtrace(args: &str) -> Result<BacktraceSpec<'_>> {
    let (mut given, mut rest) = options(args, &BACKTRACE_OPTIONS)?;
    let mut spec = BacktraceSpec::default();
    let mut qualify = |qualifier: &str, spec: &mut BacktraceSpec| match qualifier {
        "full" => spec.full = true,
        "hide" => given.push(OptionValue { name: "hide", value: "on".into() }),
        // There are no filters to leave out.
        _ => {}
    };
    loop {
        let (after, word) = word(rest);
        if !is_qualifier(word) {
            break;
        }
        qualify(word, &mut spec);
        rest = after;
    }
    let mut count = rest.trim();
    while let Some((before, last)) = count.rsplit_once(char::is_whitespace)
        && is_qualifier(last)
    {
        qualify(last, &mut spec);
        count = before.trim_end();
    }
    spec.full |= given.iter().any(|option| option.name == "full");
    given.retain(|option| !matches!(option.name, "full" | "no-filters"));
    spec.options = given;
    spec.count = Some(count).filter(|count| !count.is_empty());
    Ok(spec)
}

fn is_qualifier(word: &str) -> bool {
    matches!(word, "full" | "no-filters" | "hide")
}

/// The arguments of `frame` and `select-frame`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameSpec<'a> {
    /// Nothing: the selected one.
    Selected,
    /// An expression for its number; the youngest is 0.
    Level(&'a str),
    /// The youngest frame of this function.
    Function(&'a str),
    /// An expression for its frame base.
    Address(&'a str),
}

/// `[level] EXPR`, `function NAME`, `address EXPR`; the words may be shortened.
///
/// # Errors
/// One of these words alone.
pub fn frame(args: &str) -> Result<FrameSpec<'_>> {
    let args = args.trim();
    let (operand, first) = word(args);
    let required = || Error::Usage("Argument required (expression to compute).".into());
    let operand = Some(operand).filter(|operand| !operand.is_empty());
    match first {
        "" => Ok(FrameSpec::Selected),
        _ if "level".starts_with(first) => operand.map(FrameSpec::Level).ok_or_else(required),
        _ if "function".starts_with(first) => {
            operand.map(FrameSpec::Function).ok_or_else(|| Error::Usage("Missing function name argument".into()))
        }
        _ if "address".starts_with(first) && first.len() > 1 => operand.map(FrameSpec::Address).ok_or_else(required),
        _ => Ok(FrameSpec::Level(args)),
    }
}

/// Which frames or threads `apply` goes through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplyScope<'a> {
    All,
    /// An expression: the innermost frames, or, if negative, the outermost.
    Count(&'a str),
    /// Frame levels or thread numbers, in the order given.
    Ranges(Vec<RangeInclusive<u64>>),
}

/// The arguments of `frame apply` and `thread apply`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplySpec<'a> {
    pub scope: ApplyScope<'a>,
    /// `-q`: without the line that names the frame or thread.
    pub quiet: bool,
    /// `-c`: print errors and go on.
    pub go_on: bool,
    /// `-s`: go on without printing errors, nor anything where the command printed nothing.
    pub silent: bool,
    /// What to run in each.
    pub command: &'a str,
}

const APPLY_FLAGS: [OptionSpec; 3] = [
    OptionSpec { name: "q", kind: OptionKind::Flag },
    OptionSpec { name: "c", kind: OptionKind::Flag },
    OptionSpec { name: "s", kind: OptionKind::Flag },
];

fn apply<'a>(subject: &str, scope: ApplyScope<'a>, rest: &'a str) -> Result<ApplySpec<'a>> {
    let (flags, command) = options(rest, &APPLY_FLAGS)?;
    let has = |name| flags.iter().any(|flag| flag.name == name);
    let spec = ApplySpec { scope, quiet: has("q"), go_on: has("c"), silent: has("s"), command: command.trim() };
    if spec.go_on && spec.silent {
        return Err(Error::Usage(format!("{subject}: -c and -s are mutually exclusive")));
    }
    if spec.command.is_empty() {
        return Err(Error::Usage(format!("Please specify a command to apply on {subject}")));
    }
    Ok(spec)
}

/// `all|COUNT|-COUNT|level LEVEL... [-q] [-c|-s] COMMAND`
///
/// # Errors
/// A missing scope, level or command; an inverted range.
pub fn frame_apply(args: &str) -> Result<ApplySpec<'_>> {
    const FRAMES: &str = "the selected frames";
    let args = args.trim();
    let (rest, first) = word(args);
    match first {
        "" => Err(Error::Usage("Missing COUNT argument.".into())),
        "all" => apply("all frames", ApplyScope::All, rest),
        _ if first.len() > 1 && "level".starts_with(first) => {
            let (ranges, rest) = ranges(rest)?;
            if ranges.is_empty() {
                return Err(Error::Usage("Missing or invalid LEVEL... argument".into()));
            }
            apply(FRAMES, ApplyScope::Ranges(ranges), rest)
        }
        count => apply(FRAMES, ApplyScope::Count(count), rest),
    }
}

/// `all|ID... [-q] [-c|-s] COMMAND`
///
/// # Errors
/// A missing thread or command, something that is no thread number.
pub fn thread_apply(args: &str) -> Result<ApplySpec<'_>> {
    let args = args.trim();
    let (rest, first) = word(args);
    if first.is_empty() {
        return Err(Error::Usage("Please specify a thread ID list".into()));
    }
    if first == "all" {
        let rest = rest.strip_prefix("-ascending").map_or(rest, str::trim_start);
        if rest.is_empty() {
            return Err(Error::Usage("Please specify a command at the end of 'thread apply all'".into()));
        }
        return apply("all threads", ApplyScope::All, rest);
    }
    let (ranges, rest) = ranges(args)?;
    if ranges.is_empty() {
        return Err(Error::Usage(format!("Invalid thread ID: {args}")));
    }
    if rest.is_empty() {
        return Err(Error::Usage("Please specify a command following the thread ID list".into()));
    }
    apply("the threads", ApplyScope::Ranges(ranges), rest)
}

/// `1 3-5 8`, up to the first word that is no number or range, and the rest.
fn ranges(mut rest: &str) -> Result<(Vec<RangeInclusive<u64>>, &str)> {
    let mut found = Vec::new();
    loop {
        let (after, word) = word(rest);
        let (first, last) = word.split_once('-').unwrap_or((word, word));
        let (Ok(first), Ok(last)) = (first.parse(), last.parse()) else {
            return Ok((found, rest));
        };
        if last < first {
            return Err(Error::Usage("inverted range".into()));
        }
        found.push(first..=last);
        rest = after;
    }
}
