//! `display`: expressions that are printed again whenever another frame is selected.

use super::args::{self, Format, FormatLetter};
use super::run::run_line;
use super::spec::{Command, Completion, Group, Invocation, Outcome, Repeat, Stop};
use crate::error::{Error, Result};
use crate::render::value::ValueWriter;
use crate::session::Display;
use crate::text::{Role, Sink, Text};

pub static ROWS: &[Command] = &[
    Command {
        name: "display",
        group: Group::Data,
        synopsis: "[/FMT] [EXPR]",
        summary: "Print an expression now and whenever another frame is selected",
        help: "Without EXPR, all that are displayed. With the formats i and s, EXPR is an address as for x.",
        examples: &[("display total", "watch a variable from frame to frame"), ("display", "all of them, now")],
        completion: Completion::Expression,
        repeat: Repeat::Never,
        run: display,
        ..Command::DEFAULT
    },
    Command {
        name: "undisplay",
        group: Group::Data,
        synopsis: "[NUMBER]...",
        summary: "Do not display an expression any longer, or none",
        examples: &[("undisplay 1", "the first one"), ("undisplay", "all of them")],
        repeat: Repeat::Never,
        run: undisplay,
        ..Command::DEFAULT
    },
    Command {
        name: "info display",
        group: Group::Data,
        summary: "List the expressions that are displayed",
        examples: &[("info display", "their numbers")],
        run: info_display,
        ..Command::DEFAULT
    },
];

fn display(at: &mut Invocation<'_, '_>) -> Outcome {
    if at.arguments.is_empty() {
        return show_all(at);
    }
    let (count, format, text) = parsed(at.arguments)?;
    if text.is_empty() {
        return Err(Error::Usage("Argument required (expression to compute).".into()).into());
    }
    let number = at.session.displays.iter().map(|display| display.number).max().unwrap_or(0) + 1;
    let wanted = Display { number, count, letter: format.letter, raw: format.raw, expression: text.to_owned() };
    // An expression that means nothing here is refused: a typing error should not stay.
    show(at, &wanted)?;
    at.session.displays.push(wanted);
    Ok(())
}

/// Count, format and expression; the count only for what `x` prints.
fn parsed(arguments: &str) -> Result<(u64, Format, &str)> {
    let spec = args::examine(arguments)?;
    match spec.letter {
        Some(FormatLetter::Instruction | FormatLetter::String) => {
            let count = spec.count.and_then(|count| u64::try_from(count).ok()).unwrap_or(1);
            Ok((count, Format { letter: spec.letter, raw: false }, spec.address.unwrap_or("")))
        }
        _ => args::print_format("display", arguments).map(|(format, text)| (1, format, text.trim())),
    }
}

/// Print all that are displayed; what cannot be read in this frame is left out, as in gdb.
pub fn show_all(at: &mut Invocation<'_, '_>) -> Outcome {
    for wanted in at.session.displays.clone() {
        match show(at, &wanted) {
            Ok(()) | Err(Stop::Failed(_)) => {}
            ended => return ended,
        }
    }
    Ok(())
}

fn show(at: &mut Invocation<'_, '_>, wanted: &Display) -> Outcome {
    let format = written_format(wanted);
    let mut line = Text::new();
    line.plain(&format!("{}: ", wanted.number));
    if matches!(wanted.letter, Some(FormatLetter::Instruction | FormatLetter::String)) {
        line.plain(&format!("x{format} {}\n", wanted.expression));
        let examined = at.session.examined;
        let command = format!("x{format} {}", wanted.expression);
        let mut nested = Invocation { out: &mut line, depth: at.depth + 1, ..at.with_arguments("") };
        let ended = run_line(&mut nested, &command);
        at.session.examined = examined;
        ended?;
        return Ok(line.write_to(at.out)?);
    }
    let space = if format.is_empty() { "" } else { " " };
    line.plain(&format!("{format}{space}{} = ", wanted.expression));
    let object = at.session.evaluator().evaluate_text(&wanted.expression)?.1;
    let mut options = at.session.options();
    options.format = wanted.letter;
    options.raw |= wanted.raw;
    let writer = ValueWriter { reader: at.session.reader(), options: &options };
    writer.line(&object, &mut line)?;
    line.put(Role::Plain, "\n")?;
    Ok(line.write_to(at.out)?)
}

/// `/x`, `/3i`; empty without a format.
fn written_format(display: &Display) -> String {
    let letter = display.letter.map(FormatLetter::letter);
    let count = if display.count == 1 { String::new() } else { display.count.to_string() };
    match (letter, display.raw) {
        (None, false) => String::new(),
        (letter, raw) => {
            format!("/{count}{}{}", if raw { "r" } else { "" }, letter.map(String::from).unwrap_or_default())
        }
    }
}

fn undisplay(at: &mut Invocation<'_, '_>) -> Outcome {
    if at.arguments.is_empty() {
        at.session.displays.clear();
        return Ok(());
    }
    for word in at.arguments.split_whitespace() {
        let number: u32 = word.parse().map_err(|_| Error::Usage("Arguments must be display numbers.".into()))?;
        let before = at.session.displays.len();
        at.session.displays.retain(|display| display.number != number);
        if at.session.displays.len() == before {
            return Err(Error::NotFound(format!("No display number {number}.")).into());
        }
    }
    Ok(())
}

fn info_display(at: &mut Invocation<'_, '_>) -> Outcome {
    if at.session.displays.is_empty() {
        return at.say("There are no auto-display expressions now.");
    }
    at.say("Auto-display expressions now in effect:\nNum Enb Expression")?;
    for display in at.session.displays.clone() {
        let format = written_format(&display);
        let space = if format.is_empty() { "" } else { " " };
        at.say(&format!("{}:   y  {format}{space}{}", display.number, display.expression))?;
    }
    Ok(())
}
