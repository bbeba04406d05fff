//! `info symbol`: what lies at an address, or which function has an index.

use super::print::PRINT_ARGUMENT;
use super::spec::{Command, Completion, Group, Invocation, Outcome};
use crate::error::Error;
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
        return Err(Error::Usage(PRINT_ARGUMENT.into()).into());
    }
    let text = at.arguments;
    let (_, object) = at.session.evaluator()?.evaluate_text(text)?;
    let number = at.session.reader()?.scalar(&object)?.as_address();
    let lines = symbols(at, number)?;
    if lines.is_empty() {
        return Err(Error::NotFound(format!("No symbol matches {text}.")).into());
    }
    for line in lines {
        at.out.put(Role::Plain, &escaped(&line))?;
        at.out.put(Role::Plain, "\n")?;
    }
    Ok(())
}

/// Everything that the number can be, one line each.
fn symbols(at: &Invocation<'_, '_>, number: u64) -> Result<Vec<String>, Error> {
    let reader: Reader<'_, '_> = at.session.reader()?;
    let program = reader.program;
    let instance = at.session.selected().ok().and_then(|(_, frame)| frame.instance);
    let mut lines = Vec::new();
    let units = at.session.stack().map(|stack| reader.units_of_stack(stack)).unwrap_or_default();
    for (module, unit, _) in units {
        for variable in reader.unit_globals(module, unit, instance).unwrap_or_default() {
            let (Some(start), Ok(size)) = (variable.object.address(), reader.size_of(&variable.object)) else {
                continue;
            };
            let Some(distance) = number.checked_sub(start).filter(|distance| *distance < size.max(1)) else { continue };
            let name = variable.name.as_deref().unwrap_or("?");
            let plus = if distance == 0 { String::new() } else { format!(" + {distance}") };
            lines.push(format!("{name}{plus} in memory"));
        }
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
