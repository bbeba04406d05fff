//! `info wasm` and `info wasm-function`: a module, and one of its functions, on one page.

use super::args;
use super::context::{facts, modules_meant};
use super::info_modules::debug_information;
use super::place::code_places;
use super::spec::{Command, Completion, Group, Invocation, Outcome};
use crate::error::{Error, Result};
use crate::render::table::cell;
use crate::session::Session;
use crate::target::ModuleId;
use crate::target::program::Program;
use crate::target::vote::Verdict;
use crate::text::{Role, Text};
use crate::wasm::module::ExternalKind;
use crate::wasm::text::signature_text;
use crate::wasm::{FuncIdx, Module};

pub static ROWS: &[Command] = &[
    Command {
        name: "info wasm",
        group: Group::Status,
        synopsis: "[MODULE]",
        summary: "Print what is known about a module on one page",
        help: "MODULE is a number or name from \"info modules\"; without it, all modules that are open.",
        examples: &[("info wasm", "sizes, features, debug information, whether it fits the dump")],
        run: wasm,
        ..Command::DEFAULT
    },
    Command {
        name: "info wasm-function",
        group: Group::Source,
        synopsis: "[INDEX | NAME]",
        summary: "Print what is known about a function of a module",
        help: "Without an argument, the function of the selected frame.",
        examples: &[("info wasm-function 8", "by index"), ("info wasm-function divide", "by name")],
        completion: Completion::Function,
        run: wasm_function,
        ..Command::DEFAULT
    },
];

fn wasm(at: &mut Invocation<'_, '_>) -> Outcome {
    let session = &*at.session;
    let meant = modules_meant(session, at.arguments)?;
    for (position, id) in meant.iter().enumerate() {
        if position > 0 {
            at.out.put(Role::Plain, "\n")?;
        }
        facts(&module_facts(session, *id)?, at.out)?;
    }
    Ok(())
}

fn module_facts(session: &Session<'_>, id: ModuleId) -> Result<Vec<(&'static str, Text)>> {
    let program = session.program()?;
    let missing = || Error::Absent(format!("the file of module {} was not found", id.0));
    let opened = program.opened_module(id).ok_or_else(missing)?;
    let module = program.module(id).ok_or_else(missing)?;
    let number = |number: usize| cell(Role::Number, number.to_string());
    let mut facts = vec![("Module", cell(Role::Plain, format!("{} {}", id.0, opened.name)))];
    if let Some(path) = &opened.path {
        facts.push(("File", cell(Role::File, path.display().to_string())));
    }
    facts.push(("Bytes", number(module.bytes().len())));
    let (all, imported) = (module.function_count(), module.imported_functions());
    facts.push(("Functions", cell(Role::Number, format!("{all}, {imported} of them imported"))));
    facts.push(("Globals", number(module.globals().len())));
    facts.push(("Memories", memories(module)));
    facts.push(("Exports", number(module.exports().len())));
    facts.push(("Table entries", number(module.table_entries().len())));
    if let Some(build_id) = module.names().build_id() {
        facts.push(("Build id", cell(Role::Plain, crate::target::locate::hex(build_id))));
    }
    facts.push(("Debug info", cell(Role::Plain, debug_text(program, id))));
    for (name, value) in [
        ("External debug info", module.names().external_debug_info()),
        ("Source map", module.names().source_mapping_url()),
    ] {
        facts.extend(value.map(|value| (name, cell(Role::File, value))));
    }
    let producers: Vec<String> =
        module.names().producers().iter().map(|p| format!("{} {}", p.name, p.version).trim_end().to_owned()).collect();
    if !producers.is_empty() {
        facts.push(("Made by", cell(Role::Plain, producers.join(", "))));
    }
    if let Some(vote) = &opened.vote {
        let text = match &vote.verdict {
            Verdict::Belongs => format!("it belongs to it ({} of {} places fit)", vote.hits, vote.voters),
            Verdict::TooFewToTell => "too few frames to tell whether it belongs to it".to_owned(),
            Verdict::DoesNotBelong(why) => format!("it does not belong to it: {why}"),
        };
        facts.push(("Dump", cell(Role::Plain, text)));
    }
    Ok(facts)
}

fn memories(module: &Module<'_>) -> Text {
    let texts: Vec<String> = module
        .memories()
        .iter()
        .map(|memory| {
            let most = memory.maximum.map(|most| format!(" up to {most}")).unwrap_or_default();
            let kind = if memory.memory64 { ", 64-bit" } else { "" };
            let shared = if memory.shared { ", shared" } else { "" };
            format!("{}{most} pages{kind}{shared}", memory.minimum)
        })
        .collect();
    cell(Role::Plain, if texts.is_empty() { "none".to_owned() } else { texts.join("; ") })
}

/// Where the debug information is, its version and number of units.
fn debug_text(program: &Program<'_>, id: ModuleId) -> String {
    let place = program.opened_module(id).map(debug_information).unwrap_or_default();
    match program.debug_info(id) {
        Some(info) => {
            let version = info.unit(crate::dwarf::UnitId(0)).map(|unit| format!("DWARF {}, ", unit.version()));
            format!("{place}, {}{} units", version.unwrap_or_default(), info.unit_count())
        }
        None => place,
    }
}

fn wasm_function(at: &mut Invocation<'_, '_>) -> Outcome {
    let session = &*at.session;
    let program = session.program()?;
    let (id, function) = function_meant(session, at.arguments)?;
    let module = program.module(id).ok_or_else(|| Error::Absent("the module was not found".into()))?;
    let mut found: Vec<(&str, Text)> = vec![("Function", cell(Role::Number, format!("func[{}]", function.0)))];
    if let Some(name) = program.function_name(id, function) {
        found.push(("Name", cell(Role::Function, name.as_ref())));
    }
    if let Some(name) = program.wasm_function_name(id, function) {
        found.push(("Wasm name", cell(Role::Plain, name.as_ref())));
    }
    if let Some(signature) = module.function_type(function) {
        let text = signature_text(signature);
        let text = if text.is_empty() { "no parameters, no result" } else { text.trim_start() };
        found.push(("Type", cell(Role::Type, text)));
    }
    match module.body(function) {
        Some(body) => {
            let (start, size) = (body.start.0, body.bytes.len());
            let end = start.saturating_add(size as u64);
            found.push(("Body", cell(Role::Address, format!("{start:#x} - {end:#x} ({size} bytes)"))));
            if let Some(kinds) = module.local_types(function) {
                let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
                let text = if names.len() > 20 { format!("{} locals", names.len()) } else { names.join(" ") };
                found.push(("Locals", cell(Role::Type, if text.is_empty() { "none" } else { &text })));
            }
        }
        None => found.push(("Body", cell(Role::Note, "none: it is imported"))),
    }
    let exports: Vec<&str> = module
        .exports()
        .iter()
        .filter(|export| export.kind == ExternalKind::Function && export.index == function.0)
        .map(|export| export.name)
        .collect();
    if !exports.is_empty() {
        found.push(("Exported as", cell(Role::Plain, exports.join(", "))));
    }
    let mut slots: Vec<String> = Vec::new();
    slots.extend(module.table_entries().iter().filter(|(_, f)| **f == function).map(|((t, i), _)| format!("{t}:{i}")));
    slots.sort();
    if !slots.is_empty() {
        found.push(("In tables", cell(Role::Plain, slots.join(", "))));
    }
    Ok(facts(&found, at.out)?)
}

fn function_meant(session: &Session<'_>, text: &str) -> Result<(ModuleId, FuncIdx)> {
    if text.is_empty() {
        let (_, frame) = session.selected()?;
        return Ok((session.module()?, frame.func));
    }
    if let Ok(index) = text.parse::<u32>() {
        let id = session.module()?;
        let count = session.program()?.module(id).map_or(0, |module| module.function_count());
        if index >= count {
            return Err(Error::NotFound(format!("func[{index}] does not exist: the module has {count} functions")));
        }
        return Ok((id, FuncIdx(index)));
    }
    if let args::Location::FunctionOffset { function, .. } = args::location(text)? {
        return function_meant(session, &function.to_string());
    }
    let places = code_places(session, &args::location(text)?)?;
    let place = places.first().ok_or_else(|| Error::NotFound(format!("Function \"{text}\" not defined.")))?;
    Ok((place.module, place.function))
}
