//! `info frame`: all that is known about one frame, and how.

use super::frame::{SPEC, meant};
use super::frames::numbering;
use super::info_memory::value_text;
use super::info_values::{known_locals, operand_types};
use super::spec::{Command, Group, Invocation, Outcome};
use crate::render::explain::explanation;
use crate::render::frame::displayed_number;
use crate::session::Session;
use crate::target::context::FrameContext;
use crate::target::provenance::{Item, Step};
use crate::target::{Frame, FrameId, Stack};
use crate::text::{Role, Text};
use crate::value::Variable;
use crate::wasm::text::listing;

pub static ROWS: &[Command] = &[Command {
    name: "info frame",
    aliases: &["f"],
    group: Group::Stack,
    synopsis: SPEC,
    summary: "Print all that is known about a frame",
    help: "Offsets of three kinds are printed: in the module's file (as browsers and Wasmtime print them),\n\
           in the code section (as DWARF counts), and in the function's body (as dumps record them).",
    examples: &[("info frame", "the selected frame"), ("info frame 2", "frame 2")],
    run: info_frame,
    ..Command::DEFAULT
}];

fn info_frame(at: &mut Invocation<'_, '_>) -> Outcome {
    let session = &*at.session;
    let id = match meant(session, at.arguments)? {
        Some(id) => id,
        None => session.selected()?.1.id,
    };
    // Its caller is named too.
    let stack = session.youngest(id.0 as usize + 2)?;
    let frame = stack.frame(id).ok_or_else(crate::error::Error::no_stack)?;
    let mut lines: Vec<Text> = vec![heading(session, stack, frame)];
    lines.extend(code(session, frame));
    lines.extend(neighbours(session, stack, frame));
    lines.extend(doubts(session, stack, frame));
    lines.extend(state(session, stack, frame));
    lines.extend(variables(session, stack, frame));
    for line in lines {
        line.write_to(at.out)?;
        at.out.put(Role::Plain, "\n")?;
    }
    Ok(())
}

fn number(session: &Session<'_>, stack: &Stack, id: FrameId) -> usize {
    displayed_number(id.0 as usize, stack.frames().len(), numbering(session))
}

fn heading(session: &Session<'_>, stack: &Stack, frame: &Frame) -> Text {
    let mut text = Text::new();
    text.plain(&format!("Stack level {}, ", number(session, stack, frame.id)));
    text.plain(if frame.inlined { "inlined call of " } else { "frame of " });
    text.push(Role::Function, &frame.display_name()).plain(":");
    text
}

/// Function, offsets, instruction, source.
fn code(session: &Session<'_>, frame: &Frame) -> Vec<Text> {
    let mut lines = Vec::new();
    let program = session.program().ok();
    let module = frame.module.and_then(|id| program?.opened_module(id)).map_or("(unknown)", |module| &module.name);
    let instance = frame.instance.map_or("unknown".to_owned(), |instance| instance.0.to_string());
    lines.push(plain(format!(" function index {}, instance {instance}, module {module}", frame.func.0)));
    let mut offsets = Vec::new();
    offsets.extend(frame.file_offset.map(|at| format!("module offset {at}")));
    offsets.extend(frame.code_offset.map(|at| format!("code offset {at}")));
    offsets.extend(frame.func_offset.map(|at| format!("function offset {at} ({})", at.0)));
    if offsets.is_empty() {
        offsets.push("where it stands in the function is not known".into());
    }
    lines.push(plain(format!(" {}", offsets.join(", "))));
    let parsed = frame.module.and_then(|id| program?.module(id));
    let line = parsed
        .zip(frame.func_offset)
        .and_then(|(module, offset)| listing(module, frame.func)?.find(|line| line.offset == offset));
    lines.extend(line.map(|line| plain(format!(" instruction: {}", line.text))));
    if let Some((place, line)) = frame.location().and_then(|place| Some((place, place.line?))) {
        let mut text = Text::from(" source: ");
        text.push(Role::File, &format!("{}:{line}", place.file));
        text.plain(&place.column.map(|column| format!(":{column}")).unwrap_or_default());
        if let Some(directory) = &place.directory {
            text.plain(" in ").push(Role::File, directory);
        }
        lines.push(text);
    }
    if let Some(function) = frame.function() {
        lines.push(plain(format!(" source language {}.", function.language.name())));
        if let Some(linkage) = function.linkage_name.as_deref().filter(|name| Some(*name) != function.name.as_deref()) {
            lines.push(plain(format!(" linkage name {linkage}")));
        }
    }
    lines
}

/// Who calls it and whom it calls; what it is inlined into.
fn neighbours(session: &Session<'_>, stack: &Stack, frame: &Frame) -> Vec<Text> {
    let mut facts = Vec::new();
    let older = stack.frame(FrameId(frame.id.0.saturating_add(1)));
    let younger = frame.id.0.checked_sub(1).and_then(|id| stack.frame(FrameId(id)));
    if let Some(older) = older {
        let how = if frame.inlined { "inlined into" } else { "called by" };
        facts.push(format!("{how} frame {}", number(session, stack, older.id)));
    }
    facts.extend(younger.map(|younger| format!("caller of frame {}", number(session, stack, younger.id))));
    if facts.is_empty() { Vec::new() } else { vec![plain(format!(" {}", facts.join(", ")))] }
}

/// What speaks against the stack as it is shown: a caller that called another function, recorded values that are not
/// what the code makes them.
fn doubts(session: &Session<'_>, stack: &Stack, frame: &Frame) -> Vec<Text> {
    let Some(recovery) = session.program().ok().and_then(|program| program.recovery(stack)) else { return Vec::new() };
    let mut lines = Vec::new();
    if let Some(reason) = recovery.doubtful_call(frame.physical).filter(|_| !frame.inlined) {
        lines.push(plain(format!(" what it was passed may not be what its caller holds: {reason}")));
    }
    let pointers = recovery.shadow_stack().frames.get(frame.physical);
    if let Some(index) = pointers.and_then(|pointers| pointers.contradicted_by) {
        let text = format!(" recorded local {index} puts the stack pointer elsewhere than the frames around do");
        lines.push(plain(text));
    }
    for found in recovery.contradictions(frame.physical) {
        let Item::Local { index, .. } = found.item else { continue };
        let mut text = Text::from(format!(" local {index} is recorded as ").as_str());
        text.append(&value_text(found.recorded)).plain(", but the code makes it ").append(&value_text(found.derived));
        text.plain(": another module ran, or what wrote the dump is at fault");
        lines.push(text);
    }
    lines
}

/// Frame base, wasm locals, operands.
fn state(session: &Session<'_>, stack: &Stack, frame: &Frame) -> Vec<Text> {
    let mut lines = Vec::new();
    let Ok(program) = session.program() else { return lines };
    if frame.function().is_some() {
        lines.push(plain(match FrameContext::new(program, stack, frame).base() {
            Ok((base, provenance)) => {
                let how = match (provenance.how(), provenance.is_exact()) {
                    (None, _) => "recorded".to_owned(),
                    (Some(how), true) => format!("derived: {how}"),
                    (Some(how), false) => format!("recovered: {how}"),
                };
                format!(" frame base {base:#x} ({how})")
            }
            Err(error) => format!(" frame base unknown ({error})"),
        }));
        lines.extend(base_steps(session, stack, frame));
    }
    let mut facts = Vec::new();
    if let Some((count, known)) = known_locals(session, stack, frame) {
        facts.push(format!("{count} wasm local{}, {known} known", if count == 1 { "" } else { "s" }));
    }
    if let Ok(kinds) = operand_types(program, stack, frame) {
        facts.push(format!("{} on the operand stack", kinds.len()));
    }
    if !facts.is_empty() {
        lines.push(plain(format!(" {}", facts.join("; "))));
    }
    lines
}

/// The steps that lead to the frame base.
fn base_steps(session: &Session<'_>, stack: &Stack, frame: &Frame) -> Vec<Text> {
    let reader = session.reader();
    let Ok(program) = session.program() else { return Vec::new() };
    let steps = reader.explain_base(stack, frame);
    let below: Vec<Step> = steps.into_iter().flat_map(|step| step.from).collect();
    explanation((program, stack), &below, &session.options())
}

/// The names of arguments and locals.
fn variables(session: &Session<'_>, stack: &Stack, frame: &Frame) -> Vec<Text> {
    let Ok(variables) = session.reader().frame_variables(stack, frame) else {
        return Vec::new();
    };
    let names = |variables: &[Variable]| {
        let names: Vec<&str> = variables.iter().map(|variable| variable.name.as_deref().unwrap_or("_")).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    if frame.function().is_none() {
        return Vec::new();
    }
    vec![
        plain(format!(" Arglist: {}", names(&variables.arguments))),
        plain(format!(" Locals: {}", names(&variables.locals))),
    ]
}

fn plain(text: String) -> Text {
    Text::from(text.as_str())
}
