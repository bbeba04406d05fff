//! `if` and `while`: the lines up to `end`, run once, again and again, or not at all.

use super::define::read_block;
use super::run::run_lines;
use super::spec::{Command, Completion, Group, Invocation, Outcome, Repeat, Stop};
use crate::error::Error;
use crate::limits::MAX_LOOP_TURNS;
use crate::settings::lookup::word_length;

pub static ROWS: &[Command] = &[
    Command {
        name: "if",
        group: Group::Support,
        synopsis: "EXPR",
        summary: "Run the lines that follow, up to \"else\" or \"end\", if a value is not 0",
        examples: &[("if $i > 3", "the lines after it, up to end, depend on $i")],
        completion: Completion::Expression,
        repeat: Repeat::Never,
        run: conditional,
        ..Command::DEFAULT
    },
    Command {
        name: "while",
        group: Group::Support,
        synopsis: "EXPR",
        summary: "Run the lines that follow, up to \"end\", as long as a value is not 0",
        help: "The lines loop_break and loop_continue leave the loop and begin its next turn.",
        examples: &[("while $node", "follow a list: the lines up to end set $node anew")],
        completion: Completion::Expression,
        repeat: Repeat::Never,
        run: repeated,
        ..Command::DEFAULT
    },
    Command {
        name: "loop_break",
        group: Group::Support,
        summary: "Leave the innermost loop of a script",
        examples: &[("loop_break", "inside while")],
        repeat: Repeat::Never,
        run: |_| Err(Stop::Loop { again: false }),
        ..Command::DEFAULT
    },
    Command {
        name: "loop_continue",
        group: Group::Support,
        summary: "Begin the next turn of the innermost loop of a script",
        examples: &[("loop_continue", "inside while")],
        repeat: Repeat::Never,
        run: |_| Err(Stop::Loop { again: true }),
        ..Command::DEFAULT
    },
    Command {
        name: "else",
        group: Group::Support,
        summary: "Separate the lines of if that run otherwise",
        examples: &[("else", "inside if")],
        repeat: Repeat::Never,
        run: |_| Err(Error::Usage("This command cannot be used at the top level.".into()).into()),
        ..Command::DEFAULT
    },
];

fn conditional(at: &mut Invocation<'_, '_>) -> Outcome {
    required(at)?;
    let lines = read_block(at)?;
    let (then, otherwise) = split_else(&lines);
    let chosen = if is_true(at, at.arguments)? { then } else { otherwise };
    run_lines(at, chosen)
}

fn repeated(at: &mut Invocation<'_, '_>) -> Outcome {
    required(at)?;
    let lines = read_block(at)?;
    for _ in 0..MAX_LOOP_TURNS {
        if !is_true(at, at.arguments)? {
            return Ok(());
        }
        match run_lines(at, &lines) {
            Err(Stop::Loop { again: false }) => return Ok(()),
            Ok(()) | Err(Stop::Loop { again: true }) => {}
            ended => return ended,
        }
        // An interrupt is noticed even by a loop that prints nothing.
        at.out.put(crate::text::Role::Plain, "")?;
    }
    Err(Error::Limit(format!("a loop of more than {MAX_LOOP_TURNS} turns")).into())
}

fn required(at: &Invocation<'_, '_>) -> Outcome {
    if at.arguments.is_empty() {
        return Err(Error::Usage("if/while commands require arguments.".into()).into());
    }
    Ok(())
}

/// The lines before and after the `else` that belongs to the block itself.
fn split_else(lines: &[String]) -> (&[String], &[String]) {
    let mut depth = 0usize;
    for (index, line) in lines.iter().enumerate() {
        match line.get(..word_length(line)).unwrap_or("") {
            "if" | "while" | "define" | "document" => depth += 1,
            "end" => depth = depth.saturating_sub(1),
            "else" if depth == 0 => {
                let (then, rest) = lines.split_at(index);
                return (then, rest.get(1..).unwrap_or(&[]));
            }
            _ => {}
        }
    }
    (lines, &[])
}

/// The value of a condition; assignments in it take effect.
fn is_true(at: &mut Invocation<'_, '_>, text: &str) -> Result<bool, Stop> {
    if let Ok(number) = text.trim().parse::<i64>() {
        return Ok(number != 0);
    }
    let object = at.session.evaluator().evaluate_text(text)?.1;
    let scalar = at.session.reader().scalar(&object)?;
    Ok(!scalar.is_zero())
}
