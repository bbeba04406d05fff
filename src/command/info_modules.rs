//! `info modules`, `info instances`, `info process`: what the dump says that it is a dump of.

use super::spec::{Command, Group, Invocation, Outcome};
use crate::render::table::{Align, Table, cell};
use crate::target::OpenedModule;
use crate::target::companion::has_debug_info;
use crate::text::{Role, Text};

pub static ROWS: &[Command] = &[
    Command {
        name: "info modules",
        aliases: &["sharedlibrary", "dll", "files", "target"],
        group: Group::Status,
        summary: "List the modules of the program, their files and debug information",
        examples: &[("info modules", "which file each module was read from")],
        run: modules,
        ..Command::DEFAULT
    },
    Command {
        name: "info instances",
        aliases: &["inferiors"],
        group: Group::Status,
        summary: "List the instances of the dump and the memories and globals of each",
        examples: &[("info instances", "what the instance numbers of frames mean")],
        run: instances,
        ..Command::DEFAULT
    },
    Command {
        name: "info process",
        aliases: &["proc"],
        group: Group::Status,
        summary: "Print what the dump records about the process",
        examples: &[("info process", "the program's name, the dump's producer and size")],
        run: process,
        ..Command::DEFAULT
    },
];

fn modules(at: &mut Invocation<'_, '_>) -> Outcome {
    let program = at.session.program()?;
    let mut table = Table::new(&[
        ("Num", Align::Right),
        ("Name", Align::Left),
        ("Functions", Align::Right),
        ("Debug info", Align::Left),
        ("File", Align::Left),
    ]);
    for (index, module) in program.modules().iter().enumerate() {
        let functions = module.module.as_ref().map(|module| module.function_count().to_string());
        let file = match &module.path {
            Some(path) => cell(Role::File, path.display().to_string()),
            None => cell(Role::Note, "not found"),
        };
        table.row([
            cell(Role::Number, index.to_string()),
            cell(Role::Plain, &module.name),
            cell(Role::Number, functions.unwrap_or_default()),
            cell(Role::Plain, debug_information(module)),
            file,
        ]);
    }
    Ok(table.write_to(at.out)?)
}

/// In a few words where a module's names and lines come from.
pub fn debug_information(opened: &OpenedModule<'_>) -> String {
    match (&opened.module, &opened.debug) {
        (_, Some(companion)) => format!("in {}", companion.path.display()),
        (Some(module), None) if has_debug_info(module) => "embedded".into(),
        (Some(module), None) if module.names().is_present() => "names only".into(),
        _ => "none".into(),
    }
}

fn instances(at: &mut Invocation<'_, '_>) -> Outcome {
    let program = at.session.program()?;
    let core = program.core().ok_or_else(super::context::no_core)?;
    let mut table = Table::new(&[
        ("Num", Align::Right),
        ("Module", Align::Left),
        ("Memories", Align::Left),
        ("Globals", Align::Left),
    ]);
    let list = |indices: &[Option<u32>]| match indices {
        [] => "none".to_owned(),
        indices => {
            let shown = indices.iter().take(8).map(|index| index.map_or("-".into(), |index| index.to_string()));
            let more = if indices.len() > 8 { format!(" ... ({} in all)", indices.len()) } else { String::new() };
            shown.collect::<Vec<_>>().join(" ") + &more
        }
    };
    for (index, instance) in core.instances.iter().enumerate() {
        let name = program.modules().get(instance.module as usize).map_or("?", |module| module.name.as_str());
        table.row([
            cell(Role::Number, index.to_string()),
            cell(Role::Plain, format!("{} {name}", instance.module).trim_end()),
            cell(Role::Number, list(&instance.memories)),
            cell(Role::Number, list(&instance.globals)),
        ]);
    }
    table.write_to(at.out)?;
    if core.instances_assumed {
        at.out.put(Role::Note, "The dump records no instances: everything is taken for one.\n")?;
    }
    Ok(())
}

fn process(at: &mut Invocation<'_, '_>) -> Outcome {
    let program = at.session.program()?;
    let core = program.core().ok_or_else(super::context::no_core)?;
    let executable = core.executable.as_deref().unwrap_or("(not recorded)");
    let mut facts: Vec<(&str, Text)> = vec![("Executable", cell(Role::File, executable))];
    if let Some(path) = program.core_path() {
        facts.push(("Coredump", cell(Role::File, path.display().to_string())));
    }
    facts.push(("Written by", cell(Role::Plain, core.dialect.name)));
    facts.push(("Threads", cell(Role::Number, core.threads.len().to_string())));
    facts.push(("Instances", cell(Role::Number, core.instances.len().to_string())));
    facts.push(("Modules", cell(Role::Number, program.modules().len().to_string())));
    facts.push(("Memories", cell(Role::Number, core.memories.len().to_string())));
    facts.push(("Globals", cell(Role::Number, core.globals.len().to_string())));
    super::context::facts(&facts, at.out)?;
    for warning in program.warnings() {
        at.out.put(Role::Note, &format!("Note: {warning}\n"))?;
    }
    Ok(())
}
