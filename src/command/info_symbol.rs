//! `info symbol`: what lies at an address, or which function has an index.

use std::rc::Rc;

use super::context::address;
use super::frames::numbering;
use super::spec::{Command, Completion, Group, Invocation, Outcome};
use crate::dwarf::variable::VariableKind;
use crate::error::Error;
use crate::limits::MAX_SYMBOL_FRAMES;
use crate::render::frame::displayed_number;
use crate::session::Session;
use crate::target::{Frame, InstanceId, Stack};
use crate::text::{Role, escaped};
use crate::value::Reader;
use crate::wasm::FuncIdx;

pub static ROWS: &[Command] = &[Command {
    name: "info symbol",
    group: Group::Status,
    synopsis: "ADDR-OR-INDEX",
    summary: "Name the variable at an address, and the function of an index",
    help: "A number can be an address in memory, a function's index and an index of the table that function\n\
           pointers are; whatever it can be is said.",
    examples: &[("info symbol 0x10a30", "a variable"), ("info symbol 15", "a function")],
    completion: Completion::Expression,
    run: print_symbols,
    ..Command::DEFAULT
}];

fn print_symbols(at: &mut Invocation<'_, '_>) -> Outcome {
    if at.arguments.is_empty() {
        return Err(Error::Usage("Argument required (address).".into()).into());
    }
    let text = at.arguments;
    let lines = match function(at.session, text) {
        Some(line) => vec![line],
        None => symbols(at, address(at.session, text)?)?,
    };
    if lines.is_empty() {
        return Err(Error::NotFound(format!("No symbol matches {text}.")).into());
    }
    for line in lines {
        at.out.put(Role::Plain, &escaped(&line))?;
        at.out.put(Role::Plain, "\n")?;
    }
    Ok(())
}

/// The function that the text names.
fn function(session: &Session<'_>, text: &str) -> Option<String> {
    let mut history = session.history.clone();
    let (_, object) = session.evaluator_with(&mut history).ok()?.evaluate_text(text).ok()?;
    let reader = session.reader();
    let index = reader.function_index(&object)?;
    Some(format!("{} is function {}", reader.function_object_name(&object)?, index.0))
}

/// Everything that the number can be, one line each.
fn symbols(at: &Invocation<'_, '_>, number: u64) -> Result<Vec<String>, Error> {
    let reader: Reader<'_, '_> = at.session.reader();
    let program = reader.program;
    let instance = at.session.selected().ok().and_then(|(_, frame)| frame.instance);
    let mut lines = Vec::new();
    let plus = |distance: u64| if distance == 0 { String::new() } else { format!(" + {distance}") };
    let symbol = reader.symbol_at(instance.unwrap_or(InstanceId(0)), number);
    lines.extend(symbol.map(|(name, distance)| format!("{name}{} in memory", plus(distance))));
    if let Ok(stack) = at.session.stack() {
        let kept = frame_variable(reader, stack, number);
        lines.extend(kept.map(|(name, distance, frame)| {
            let shown = displayed_number(frame.id.0 as usize, stack.frames().len(), numbering(at.session));
            format!("{name}{} in frame {shown}, {}", plus(distance), frame.display_name())
        }));
    }
    let module = at.session.selected().ok().and_then(|(_, frame)| frame.module).or_else(|| program.only_module());
    if let (Some(id), Ok(index)) = (module, u32::try_from(number)) {
        if let Some(name) = program.function_name(id, FuncIdx(index)) {
            lines.push(format!("{name} is function {index}"));
        }
        let named = instance.and_then(|instance| program.table_function_name(instance, number));
        lines.extend(named.map(|name| format!("{name} is element {index} of table 0")));
    }
    lines.dedup();
    Ok(lines)
}

/// The parameter or local of a frame, the youngest first, that an address lies in, and the distance from its start.
fn frame_variable<'s>(reader: Reader<'_, '_>, stack: &'s Stack, address: u64) -> Option<(Rc<str>, u64, &'s Frame)> {
    stack.frames().iter().take(MAX_SYMBOL_FRAMES).find_map(|frame| {
        let variables = reader.frame_variables(stack, frame).ok()?;
        let own = variables.locals.iter().chain(&variables.arguments).filter(|v| v.kind != VariableKind::Static);
        let holding = own.filter_map(|variable| {
            let distance = address.checked_sub(variable.object.address()?)?;
            let size = reader.size_of(&variable.object).ok()?;
            (distance < size.max(1)).then(|| Some((variable.name.clone()?, distance, frame)))?
        });
        holding.min_by_key(|(_, distance, _)| *distance)
    })
}
