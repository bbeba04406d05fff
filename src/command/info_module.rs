//! `info imports`, `exports`, `sections`, `producers`, `tables`: what a module's file says.

use super::context::modules_meant;
use super::spec::{Command, Completion, Group, Invocation, Outcome};
use crate::error::Error;
use crate::render::table::{Align, Table, cell};
use crate::target::frame::ModuleId;
use crate::target::program::Program;
use crate::text::{Role, Sink, Text};
use crate::wasm::module::{ExternalKind, Module};
use crate::wasm::section::section_name;
use crate::wasm::text::signature_text;
use crate::wasm::{FuncIdx, GlobalIdx, Section};

const MODULE: &str = "[MODULE]";
const MODULE_HELP: &str = "MODULE is a number or name from \"info modules\"; without it, all modules that are open.";

const fn row(
    name: &'static str,
    summary: &'static str,
    examples: &'static [(&'static str, &'static str)],
    run: fn(&mut Invocation<'_, '_>) -> Outcome,
) -> Command {
    Command {
        name,
        group: Group::Status,
        synopsis: MODULE,
        summary,
        help: MODULE_HELP,
        examples,
        run,
        ..Command::DEFAULT
    }
}

pub static ROWS: &[Command] = &[
    row(
        "info imports",
        "List what a module imports",
        &[("info imports", "functions of the host, for the most part")],
        |at| each_module(at, imports),
    ),
    row("info exports", "List what a module exports", &[("info exports", "the entry points of the program")], |at| {
        each_module(at, exports)
    }),
    Command {
        synopsis: "[MODULE | core]",
        completion: Completion::Words(&["core"]),
        ..row(
            "info sections",
            "List the sections of a module's file, or of the dump",
            &[("info sections", "name, place and size"), ("info sections core", "those of the dump")],
            sections,
        )
    },
    row(
        "info producers",
        "List the tools that made a module, and the features that it uses",
        &[("info producers", "compiler names and versions")],
        |at| each_module(at, producers),
    ),
    Command {
        synopsis: "[TABLE]",
        help: "The entries are those that the module sets up; dumps hold no tables, so later changes are not seen.",
        aliases: &["table"],
        ..row(
            "info tables",
            "List the functions in a module's tables: what function pointers mean",
            &[("info tables", "all tables"), ("info tables 0", "one table")],
            tables,
        )
    },
];

type Print = fn(&Program<'_>, ModuleId, &mut dyn Sink) -> Outcome;

/// Print something of each module that is meant, under its name if there are several.
fn each_module(at: &mut Invocation<'_, '_>, print: Print) -> Outcome {
    let meant = modules_meant(at.session, at.arguments)?;
    let program = at.session.program()?;
    for id in &meant {
        if meant.len() > 1 {
            heading(program, *id, at.out)?;
        }
        print(program, *id, at.out)?;
    }
    Ok(())
}

fn heading(program: &Program<'_>, id: ModuleId, out: &mut dyn Sink) -> Outcome {
    let name = program.opened_module(id).map_or("", |module| module.name.as_str());
    Ok(out.put(Role::Plain, &format!("Module {} {name}:\n", id.0))?)
}

fn module_of<'p, 'f>(program: &'p Program<'f>, id: ModuleId) -> Result<&'p Module<'f>, Error> {
    let module = program.module(id).map(AsRef::as_ref);
    module.ok_or_else(|| Error::Absent(format!("the file of module {} was not found", id.0)))
}

fn kind_name(kind: ExternalKind) -> &'static str {
    match kind {
        ExternalKind::Function => "func",
        ExternalKind::Table => "table",
        ExternalKind::Memory => "memory",
        ExternalKind::Global => "global",
        ExternalKind::Tag => "tag",
    }
}

/// The type of an imported or exported item, as far as it is worth a column.
fn type_text(module: &Module<'_>, kind: ExternalKind, index: u32) -> String {
    match kind {
        ExternalKind::Function => module.function_type(FuncIdx(index)).map(signature_text).unwrap_or_default(),
        ExternalKind::Global => match module.globals().get(index as usize) {
            Some(global) if global.mutable => format!(" (mut {})", global.kind.name()),
            Some(global) => format!(" {}", global.kind.name()),
            None => String::new(),
        },
        ExternalKind::Memory => match module.memories().get(index as usize) {
            Some(memory) => {
                let most = memory.maximum.map(|most| format!(" {most}")).unwrap_or_default();
                format!(" {}{most}", memory.minimum)
            }
            None => String::new(),
        },
        ExternalKind::Table | ExternalKind::Tag => String::new(),
    }
}

fn imports(program: &Program<'_>, id: ModuleId, out: &mut dyn Sink) -> Outcome {
    let module = module_of(program, id)?;
    let mut table = Table::new(&[
        ("Kind", Align::Left),
        ("Index", Align::Right),
        ("Module", Align::Left),
        ("Name", Align::Left),
        ("Type", Align::Left),
    ]);
    for import in module.imports().as_ref().map_err(Clone::clone)? {
        let name = if import.kind == ExternalKind::Function { Role::Function } else { Role::Name };
        table.row([
            cell(Role::Plain, kind_name(import.kind)),
            cell(Role::Number, import.index.to_string()),
            cell(Role::Plain, import.module),
            cell(name, import.name),
            cell(Role::Type, type_text(module, import.kind, import.index).trim_start()),
        ]);
    }
    if table.is_empty() {
        return Ok(out.put(Role::Plain, "No imports.\n")?);
    }
    Ok(table.write_to(out)?)
}

fn exports(program: &Program<'_>, id: ModuleId, out: &mut dyn Sink) -> Outcome {
    let module = module_of(program, id)?;
    let mut table =
        Table::new(&[("Kind", Align::Left), ("Index", Align::Right), ("Name", Align::Left), ("Type", Align::Left)]);
    for export in module.exports() {
        let name = if export.kind == ExternalKind::Function { Role::Function } else { Role::Name };
        table.row([
            cell(Role::Plain, kind_name(export.kind)),
            cell(Role::Number, export.index.to_string()),
            cell(name, export.name),
            cell(Role::Type, type_text(module, export.kind, export.index).trim_start()),
        ]);
    }
    if table.is_empty() {
        return Ok(out.put(Role::Plain, "No exports.\n")?);
    }
    Ok(table.write_to(out)?)
}

fn sections(at: &mut Invocation<'_, '_>) -> Outcome {
    if !matches!(at.arguments, "core" | "dump") {
        return each_module(at, module_sections);
    }
    let program = at.session.program()?;
    let path = program.core_path().ok_or_else(super::context::no_core)?;
    let list = crate::wasm::section::read_sections(at.session.files.open(path)?)?;
    section_table(&list.sections, list.damage.as_deref(), at.out)
}

fn module_sections(program: &Program<'_>, id: ModuleId, out: &mut dyn Sink) -> Outcome {
    let module = module_of(program, id)?;
    section_table(module.sections(), module.damage(), out)
}

fn section_table(sections: &[Section<'_>], damage: Option<&str>, out: &mut dyn Sink) -> Outcome {
    let mut table = Table::new(&[
        ("Start", Align::Right),
        ("End", Align::Right),
        ("Bytes", Align::Right),
        ("Section", Align::Left),
    ]);
    for section in sections {
        let name = match section_name(section.id) {
            "custom" => format!("custom \"{}\"", section.name),
            name => name.to_owned(),
        };
        table.row([
            cell(Role::Address, format!("{:#x}", section.start)),
            cell(Role::Address, format!("{:#x}", section.end())),
            cell(Role::Number, section.data.len().to_string()),
            cell(Role::Plain, name),
        ]);
    }
    table.write_to(out)?;
    match damage {
        Some(damage) => Ok(out.put(Role::Note, &format!("The file is damaged: {damage}\n"))?),
        None => Ok(()),
    }
}

fn producers(program: &Program<'_>, id: ModuleId, out: &mut dyn Sink) -> Outcome {
    let module = module_of(program, id)?;
    let mut facts: Vec<(String, Text)> = Vec::new();
    for producer in module.names().producers() {
        let value = format!("{} {}", producer.name, producer.version);
        facts.push((producer.field.to_owned(), cell(Role::Plain, value.trim_end())));
    }
    let features = module.names().target_features();
    if !features.is_empty() {
        facts.push(("target features".into(), cell(Role::Plain, features.join(" "))));
    }
    if let Some(build_id) = module.names().build_id() {
        facts.push(("build id".into(), cell(Role::Plain, crate::target::locate::hex(build_id))));
    }
    if facts.is_empty() {
        return Ok(out.put(Role::Plain, "The module does not say what made it.\n")?);
    }
    let facts: Vec<(&str, Text)> = facts.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
    Ok(super::context::facts(&facts, out)?)
}

fn tables(at: &mut Invocation<'_, '_>) -> Outcome {
    let id = at.session.module()?;
    let program = at.session.program()?;
    let module = module_of(program, id)?;
    let wanted = match (at.arguments, at.arguments.parse::<u32>()) {
        ("", _) => None,
        (_, Ok(number)) => Some(number),
        (other, Err(_)) => return Err(Error::Usage(format!("not the number of a table: {other}")).into()),
    };
    let mut entries: Vec<(u32, u64, FuncIdx)> = Vec::new();
    entries.extend(module.table_entries().iter().map(|((table, index), function)| (*table, *index, *function)));
    entries.retain(|(table, ..)| wanted.is_none_or(|wanted| wanted == *table));
    entries.sort_unstable();
    if entries.is_empty() {
        return Ok(at.out.put(Role::Plain, "No functions in tables.\n")?);
    }
    let mut before = None;
    for (table, index, function) in entries {
        if before.replace(table) != Some(table) {
            at.out.put(Role::Plain, &format!("Table {table}, as the module sets it up (dumps hold no tables):\n"))?;
        }
        let name = program.function_name(id, function).unwrap_or_else(|| "?".into());
        at.out.put(Role::Number, &format!("{index:>6}"))?;
        at.out.put(Role::Plain, &format!("  func[{}] ", function.0))?;
        at.out.put(Role::Function, &name)?;
        at.out.put(Role::Plain, "\n")?;
    }
    Ok(())
}

/// The name of a global, from the name section, else from where it is imported or exported.
pub fn global_name(module: &Module<'_>, global: GlobalIdx) -> Option<String> {
    if let Some(name) = module.names().global(global) {
        return Some(name.to_owned());
    }
    let imports = module.imports().as_deref().unwrap_or_default();
    if let Some(import) = imports.iter().find(|i| i.kind == ExternalKind::Global && i.index == global.0) {
        return Some(format!("{}.{}", import.module, import.name));
    }
    let export = module.exports().iter().find(|e| e.kind == ExternalKind::Global && e.index == global.0);
    export.map(|export| export.name.to_owned())
}
