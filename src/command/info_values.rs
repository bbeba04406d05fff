//! `info wasm-locals` and `info operand-stack`: the frame as the engine had it, under the source language.

use super::info_memory::value_text;
use super::spec::{Command, Group, Invocation, Outcome};
use crate::error::{Error, Result};
use crate::render::table::{Align, Table, cell};
use crate::session::Session;
use crate::target::context::FrameContext;
use crate::target::known::Known;
use crate::target::program::Program;
use crate::target::{Frame, Stack};
use crate::text::{Role, Text};
use crate::wasm::value::ValueType;
use crate::wasm::{LocalIdx, WasmValue};

const HOW: &str = "The last column says how a value is known that the dump does not record, or why it is not.";

pub static ROWS: &[Command] = &[
    Command {
        name: "info wasm-locals",
        group: Group::Stack,
        summary: "List the wasm locals of the selected frame, parameters first",
        help: HOW,
        examples: &[("info wasm-locals", "what the source's variables were kept in")],
        run: locals,
        ..Command::DEFAULT
    },
    Command {
        name: "info operand-stack",
        aliases: &["wasm-stack"],
        group: Group::Stack,
        summary: "List the operand stack of the selected frame, its top last",
        help: HOW,
        examples: &[("info operand-stack", "the operands of the instruction that trapped")],
        run: operands,
        ..Command::DEFAULT
    },
];

fn locals(at: &mut Invocation<'_, '_>) -> Outcome {
    let session = &*at.session;
    let program = session.program()?;
    let (stack, frame) = session.selected()?;
    let context = FrameContext::new(program, stack, frame);
    let module = frame.module.and_then(|id| program.module(id));
    let kinds = module.and_then(|module| module.local_types(frame.func));
    let recorded = stack.physical().get(frame.physical).map_or(0, |record| record.locals.len());
    let count = kinds.as_ref().map_or(recorded, |kinds| kinds.len().max(recorded));
    if count == 0 {
        let message = if module.is_none() { "No locals: the module was not found.\n" } else { "No wasm locals.\n" };
        return Ok(at.out.put(Role::Plain, message)?);
    }
    let mut table = table(&["Index", "Name", "Type", "Value", ""]);
    for index in (0u32..).take(count) {
        let name = module.and_then(|module| module.names().local(frame.func, LocalIdx(index))).unwrap_or("");
        let kind = kinds.as_ref().and_then(|kinds| kinds.get(index as usize).copied());
        let mut row = vec![cell(Role::Number, index.to_string()), cell(Role::Name, name)];
        row.extend(value_cells(kind, context.local(index)));
        table.row(row);
    }
    Ok(table.write_to(at.out)?)
}

fn operands(at: &mut Invocation<'_, '_>) -> Outcome {
    let session = &*at.session;
    let program = session.program()?;
    let (stack, frame) = session.selected()?;
    let context = FrameContext::new(program, stack, frame);
    let kinds = operand_types(program, stack, frame);
    let kinds = match kinds {
        Ok(kinds) => kinds,
        Err(error) => return Ok(at.out.put(Role::Note, &format!("The operand stack is not known: {error}\n"))?),
    };
    if kinds.is_empty() {
        return Ok(at.out.put(Role::Plain, "The operand stack is empty.\n")?);
    }
    let mut table = table(&["Index", "Type", "Value", ""]);
    for (index, kind) in (0u32..).zip(kinds) {
        let mut row = vec![cell(Role::Number, index.to_string())];
        row.extend(value_cells(kind, context.operand(index)));
        table.row(row);
    }
    Ok(table.write_to(at.out)?)
}

fn table(columns: &[&'static str]) -> Table {
    let columns: Vec<(&'static str, Align)> =
        columns.iter().map(|name| (*name, if *name == "Index" { Align::Right } else { Align::Left })).collect();
    Table::new(&columns)
}

/// Type, value, and how it is known.
fn value_cells(kind: Option<ValueType>, known: Known<WasmValue>) -> [Text; 3] {
    match known {
        Ok((value, provenance)) => {
            let name = value.type_name().or(kind.map(ValueType::name)).unwrap_or("?");
            let how = match (provenance.how(), provenance.is_exact()) {
                (Some(how), true) => how.to_owned(),
                (Some(how), false) => format!("not for sure: {how}"),
                (None, _) => String::new(),
            };
            [cell(Role::Type, name), value_text(value), cell(Role::Note, how)]
        }
        Err(error) => {
            let name = kind.map_or("?", ValueType::name);
            [cell(Role::Type, name), cell(Role::Note, "<missing>"), cell(Role::Note, error.to_string())]
        }
    }
}

/// The types of a frame's operands: of those recorded, else of those that the code has there.
///
/// # Errors
/// Neither the dump nor the code tells.
pub fn operand_types(program: &Program<'_>, stack: &Stack, frame: &Frame) -> Result<Vec<Option<ValueType>>> {
    let record = stack.physical().get(frame.physical).ok_or_else(Error::no_stack)?;
    if !record.operands.is_empty() {
        return Ok(vec![None; record.operands.len()]);
    }
    let missing = || Error::Absent("the module was not found".into());
    let flows = frame.module.and_then(|id| program.flows(id)).ok_or_else(missing)?;
    let offset = frame.func_offset.ok_or_else(|| Error::Absent("the dump does not say where it stands".into()))?;
    let flow = flows.function(frame.func, &[offset])?;
    let state = flow.state(offset).ok_or_else(|| Error::Absent("the code cannot be followed to it".into()))?;
    Ok(state.operands().iter().map(|operand| flow.arena().kind(*operand)).collect())
}

/// How many wasm locals a frame has, and how many of them are known.
pub fn known_locals(session: &Session<'_>, stack: &Stack, frame: &Frame) -> Option<(usize, usize)> {
    let program = session.program().ok()?;
    let count = program.module(frame.module?)?.local_types(frame.func)?.len();
    let context = FrameContext::new(program, stack, frame);
    let known = (0u32..).take(count).filter(|index| context.local(*index).is_ok()).count();
    Some((count, known))
}
