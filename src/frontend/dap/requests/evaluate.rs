//! `evaluate`: expressions for hover, watch and clipboard; in the console commands, too.

use serde::Deserialize;

use crate::command::TABLE as COMMANDS;
use crate::command::lookup::Call;
use crate::error::Error;
use crate::frontend::dap::adapter::Adapter;
use crate::frontend::dap::failure::{Answer, Arguments, Failure, body};
use crate::frontend::dap::handles::{FrameKey, NodeKey};
use crate::frontend::dap::messages::{Evaluated, Hint, ValueFormat};
use crate::frontend::dap::names::evaluator;
use crate::frontend::dap::spec::{Needs, Request};
use crate::frontend::dap::values::{Clipped, Describer};
use crate::limits::{MAX_DAP_CLIPBOARD_BYTES, MAX_VALUE_STEPS};
use crate::render::value::ValueWriter;
use crate::value::present::present;
use crate::value::{Object, View};

pub static ROWS: &[Request] = &[Request {
    name: "evaluate",
    capabilities: &["supportsEvaluateForHovers", "supportsClipboardContext"],
    needs: Needs::Nothing,
    run: evaluate,
}];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EvaluateArguments {
    expression: String,
    frame_id: Option<i64>,
    context: Option<String>,
    #[serde(default)]
    format: ValueFormat,
}

/// What precedes a command line that could be taken for an expression.
const COMMAND_PREFIXES: [&str; 2] = ["`", "-exec "];

/// The command line behind a prefix.
pub fn forced_command(text: &str) -> Option<&str> {
    COMMAND_PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix))
}

fn evaluate(adapter: &mut Adapter<'_>, arguments: Arguments) -> Answer {
    let given: EvaluateArguments = arguments.parse()?;
    let frame = adapter.frame_or_selected(given.frame_id)?;
    let text = given.expression.trim();
    let context = given.context.as_deref().unwrap_or("");
    if context == "repl" {
        adapter.select(frame);
        // Only a frame that the client named is one that it shows.
        let shown = frame.filter(|_| given.frame_id.is_some_and(|id| id != 0));
        if let Some(line) = forced_command(text) {
            return console(adapter, line, shown);
        }
        if text.is_empty() || is_command(adapter, text, frame) {
            return console(adapter, text, shown);
        }
    }
    value(adapter, text, frame, (context, given.format.hex))
}

fn console(adapter: &mut Adapter<'_>, line: &str, shown: Option<FrameKey>) -> Answer {
    let result = adapter.console(line, shown)?;
    Ok(body(Evaluated { result, ..Evaluated::default() }))
}

/// A line of the console is a command if it begins with one, unless it is also an expression that has a value: then
/// `p -1` and `x/4xb` are commands, `x` and `x + 1` the variable.
fn is_command(adapter: &mut Adapter<'_>, text: &str, frame: Option<FrameKey>) -> bool {
    if text.contains('\n') {
        return true;
    }
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim_start();
    let starts_expression = first.starts_with(|c: char| !c.is_alphabetic());
    if matches!(first, "!" | "|") || text.starts_with('!') {
        return true;
    }
    if starts_expression
        || !matches!(
            COMMANDS.find(&adapter.session, text),
            Ok(Call::Row { .. } | Call::Alias { .. } | Call::Definition { .. })
        )
    {
        return false;
    }
    let is_operator = |c: char| "+-*/%&|^<>=!.?:,@".contains(c);
    let mut after = rest.chars();
    match (after.next(), after.next()) {
        (None, _) => {}
        // `p *x`: an argument. `p * x`, `p->x`, `p == x`: the variable p.
        (Some(c), Some(next)) if is_operator(c) && (next.is_whitespace() || is_operator(next)) => {}
        (Some('.' | '['), _) => {}
        _ => return true,
    }
    result(adapter, text, frame, Effects::None).is_err()
}

/// Whether an evaluation may set variables of the user's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effects {
    None,
    Kept,
}

fn result(adapter: &mut Adapter<'_>, text: &str, frame: Option<FrameKey>, effects: Effects) -> Result<Object, Failure> {
    let mut history = adapter.session.history.clone();
    let (_, object) = evaluator(&adapter.session, frame, &mut history)?.evaluate_text(text)?;
    if effects == Effects::Kept {
        history.record(object.clone());
        adapter.session.history = history;
    }
    Ok(object)
}

fn value(adapter: &mut Adapter<'_>, text: &str, frame: Option<FrameKey>, (context, hex): (&str, bool)) -> Answer {
    if text.is_empty() {
        return Err(Error::Usage("Argument required (expression to compute).".into()).into());
    }
    let effects = if context == "repl" { Effects::Kept } else { Effects::None };
    let object = result(adapter, text, frame, effects)?;
    let options = adapter.options(hex);
    let reader = adapter.session.reader();
    if context == "hover"
        && let View::Unavailable(error) = present(reader, &object, crate::value::present::Form::Language)
    {
        return Err(error.into());
    }
    if context == "clipboard" {
        let options =
            crate::render::Options { elements: None, characters: None, repeats: None, max_depth: None, ..options };
        let mut all = Clipped::new(MAX_DAP_CLIPBOARD_BYTES, MAX_VALUE_STEPS);
        // What is cut off is said in the text.
        let _ = ValueWriter { reader, options: &options }.line(&object, &mut all);
        return Ok(body(Evaluated { result: all.finish(), ..Evaluated::default() }));
    }
    let key = key(adapter, frame, text);
    let reader = adapter.session.reader();
    let mut describer = Describer { reader, handles: &mut adapter.handles, options: &options, frame };
    let result = describer.text(&object);
    let mut value = describer.fields(key, &object, lasting(text));
    value.presentation_hint = Some(Hint { kind: None, attributes: vec!["readOnly"] });
    adapter.without_unwanted(std::iter::once(&mut value));
    Ok(body(Evaluated { result, value }))
}

/// What begins with `$` may mean something else next time.
fn lasting(text: &str) -> Option<String> {
    (!text.contains('$')).then(|| text.to_owned())
}

fn key(adapter: &mut Adapter<'_>, frame: Option<FrameKey>, text: &str) -> NodeKey {
    let text = match lasting(text) {
        Some(text) => text,
        None => {
            adapter.evaluations = adapter.evaluations.saturating_add(1);
            format!("{text} #{}", adapter.evaluations)
        }
    };
    NodeKey::Expression(frame, text)
}
