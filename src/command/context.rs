//! What commands share: which module is meant, lists of facts, errors that several have.

use crate::dwarf::types::TypeKind;
use crate::error::{Error, Result};
use crate::session::Session;
use crate::target::frame::ModuleId;
use crate::text::{Role, Sink, Stopped, Text};

/// gdb: a command that needs a dump, without one.
pub fn no_core() -> Error {
    Error::Absent("No core file now.".into())
}

/// Facts in two columns: names, then values.
pub fn facts(facts: &[(&str, Text)], out: &mut dyn Sink) -> std::result::Result<(), Stopped> {
    let width = facts.iter().map(|(name, _)| name.chars().count() + 1).max().unwrap_or(0);
    for (name, value) in facts {
        out.put(Role::Plain, &format!("{:width$} ", format!("{name}:")))?;
        value.write_to(out)?;
        out.put(Role::Plain, "\n")?;
    }
    Ok(())
}

/// The modules that `argument` means: a number, a name, or nothing for all that are open.
///
/// # Errors
/// No module of that number or name; no module is open at all.
pub fn modules_meant(session: &Session<'_>, argument: &str) -> Result<Vec<ModuleId>> {
    let program = session.program()?;
    let all = || (0u32..).take(program.modules().len()).map(ModuleId);
    let open = |id: &ModuleId| program.module(*id).is_some();
    let found: Vec<ModuleId> = match (argument, argument.parse::<u32>()) {
        ("", _) => all().filter(open).collect(),
        (_, Ok(number)) => all().filter(|id| id.0 == number).collect(),
        (name, Err(_)) => all().filter(|id| program.opened_module(*id).is_some_and(|m| m.name == name)).collect(),
    };
    match (found.is_empty(), argument) {
        (false, _) if found.iter().any(open) => Ok(found.into_iter().filter(open).collect()),
        (false, _) => Err(Error::Absent(format!("the file of module {argument} was not found"))),
        (true, "") => Err(Error::Absent("no module is open: name its file on the command line".into())),
        (true, _) => Err(Error::NotFound(format!("No module {argument}.  Try \"info modules\"."))),
    }
}

/// The number that an expression gives: an address in memory or an offset in a file.
///
/// # Errors
/// As evaluation; the value is no number.
pub fn address(session: &Session<'_>, text: &str) -> Result<u64> {
    number(session, text).map(|number| number as u64)
}

/// The integer that an expression gives: a count, a frame's number.
///
/// # Errors
/// As evaluation; the value is no number.
pub fn number(session: &Session<'_>, text: &str) -> Result<i64> {
    let text = text.trim();
    if let Some(number) = literal(text) {
        return Ok(number);
    }
    // A number that a command needs leaves no trace in the history.
    let mut history = session.history.clone();
    let object = session.evaluator_with(&mut history)?.evaluate_text(text)?.1;
    let reader = session.reader();
    let (_, found) = reader.stripped(&object);
    let not_a_number = || Error::Usage("Value can't be converted to integer.".into());
    match &found.kind {
        TypeKind::Array(_) => object.address().map(|address| address as i64).ok_or_else(not_a_number),
        TypeKind::Function(_) => reader.table_index(&object).map(|index| index as i64).ok_or_else(not_a_number),
        TypeKind::Record(_) | TypeKind::Void => Err(not_a_number()),
        _ => Ok(reader.scalar(&object)?.as_i128() as i64),
    }
}

/// A plain number, so that counts work without a program.
fn literal(text: &str) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let number = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16).ok()? as i64,
        None if digits.starts_with('0') && digits.len() > 1 => return None,
        None => digits.parse::<u32>().ok()?.into(),
    };
    Some(sign * number)
}
