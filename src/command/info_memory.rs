//! `info memory` and `info globals`: the state of an instance as the dump has it.

use super::context::no_core;
use super::info_module::global_name;
use super::spec::{Command, Group, Invocation, Outcome};
use crate::dump::{Coredump, MemoryImage};
use crate::error::Error;
use crate::render::table::{Align, Table, cell};
use crate::target::frame::{InstanceId, ModuleId};
use crate::target::program::Program;
use crate::text::{Role, Sink};
use crate::wasm::{GlobalIdx, WasmValue};

pub static ROWS: &[Command] = &[
    Command {
        name: "info memory",
        aliases: &["mem"],
        group: Group::Status,
        synopsis: "[MEMORY]",
        summary: "List the linear memories of the dump, or the recorded parts of one",
        help: "What a dump leaves out inside a memory's size is zero, unless the dump is damaged.",
        examples: &[("info memory", "size of each memory"), ("info memory 0", "which addresses of it are recorded")],
        run: memory,
        ..Command::DEFAULT
    },
    Command {
        name: "info globals",
        aliases: &["wasm-globals"],
        group: Group::Status,
        summary: "List the wasm globals of the selected instance with their values",
        help: "Global variables of the source language are listed by \"info variables\".",
        examples: &[("info globals", "the stack pointer, for the most part")],
        run: globals,
        ..Command::DEFAULT
    },
];

fn memory(at: &mut Invocation<'_, '_>) -> Outcome {
    let program = at.session.program()?;
    let core = program.core().ok_or_else(no_core)?;
    if !at.arguments.is_empty() {
        let number = at.arguments.parse::<usize>().ok();
        let image = number.and_then(|number| core.memories.get(number));
        let image = image.ok_or_else(|| Error::NotFound(format!("the dump has no memory {}", at.arguments)))?;
        return parts(image, at.out);
    }
    let mut table = Table::new(&[
        ("Num", Align::Right),
        ("Pages", Align::Right),
        ("Bytes", Align::Right),
        ("Last address", Align::Right),
        ("Recorded bytes", Align::Right),
        ("Parts", Align::Right),
        ("", Align::Left),
    ]);
    for image in &core.memories {
        let bytes = image.size_bytes();
        let last = bytes.checked_sub(1).map_or("(empty)".into(), |last| format!("{last:#x}"));
        let mut remarks = Vec::new();
        remarks.extend(image.is_memory64().then_some("64-bit"));
        remarks.extend((image.page_bytes() != crate::dump::memory::PAGE_BYTES).then_some("odd page size"));
        remarks.extend(image.damage());
        table.row([
            cell(Role::Number, image.index().to_string()),
            cell(Role::Number, (bytes / image.page_bytes().max(1)).to_string()),
            cell(Role::Number, bytes.to_string()),
            cell(Role::Address, last),
            cell(Role::Number, image.recorded_bytes().to_string()),
            cell(Role::Number, image.runs().len().to_string()),
            cell(Role::Note, remarks.join(", ")),
        ]);
    }
    if table.is_empty() {
        at.out.put(Role::Plain, "The dump has no memory.\n")?;
        return Ok(());
    }
    Ok(table.write_to(at.out)?)
}

/// The recorded runs of one memory; streamed, since there may be a million.
fn parts(image: &MemoryImage<'_>, out: &mut dyn Sink) -> Outcome {
    for run in image.runs() {
        out.put(Role::Address, &format!("{:#x}", run.address))?;
        out.put(Role::Plain, " - ")?;
        out.put(Role::Address, &format!("{:#x}", run.end()))?;
        out.put(Role::Plain, &format!("  {} bytes\n", run.bytes.len()))?;
    }
    let (recorded, all) = (image.recorded_bytes(), image.size_bytes());
    out.put(Role::Note, &format!("{recorded} of {all} bytes are recorded"))?;
    match image.damage() {
        Some(damage) => out.put(Role::Note, &format!("; {damage}\n"))?,
        None => out.put(Role::Note, "; the others were zero.\n")?,
    }
    Ok(())
}

fn globals(at: &mut Invocation<'_, '_>) -> Outcome {
    let instance = at.session.instance();
    let program = at.session.program()?;
    let module = program.module_of(instance).or_else(|| at.session.module().ok());
    let rows = global_rows(program, instance, module);
    if rows.is_empty() {
        return Ok(at.out.put(Role::Plain, "No globals.\n")?);
    }
    let mut table =
        Table::new(&[("Index", Align::Right), ("Name", Align::Left), ("Type", Align::Left), ("Value", Align::Left)]);
    for row in rows {
        let kind = if row.mutable { format!("mut {}", row.kind) } else { row.kind.to_owned() };
        table.row([
            cell(Role::Number, row.index.to_string()),
            cell(Role::Name, row.name.unwrap_or_default()),
            cell(Role::Type, kind),
            row.value,
        ]);
    }
    Ok(table.write_to(at.out)?)
}

struct GlobalRow {
    index: u32,
    name: Option<String>,
    kind: &'static str,
    mutable: bool,
    value: crate::text::Text,
}

/// The globals of an instance: those of the module, with the values of the dump.
fn global_rows(program: &Program<'_>, instance: InstanceId, module: Option<ModuleId>) -> Vec<GlobalRow> {
    let parsed = module.and_then(|id| program.module(id));
    let core = program.core();
    let recorded = core.and_then(|core| core.instances.get(instance.0 as usize));
    let declared = parsed.map_or(0, |module| module.globals().len());
    let listed = recorded.map_or(0, |instance| instance.globals.len());
    let mut rows = Vec::new();
    for index in 0..declared.max(listed) {
        let global = parsed.and_then(|module| module.globals().get(index));
        let captured = core.and_then(|core| value_in(core, recorded?.globals.get(index).copied().flatten()));
        let kind = global.map(|global| global.kind).or(captured.map(|(global, _)| global));
        let mutable = global.is_some_and(|global| global.mutable);
        let value = match captured {
            Some((_, value)) => value_text(value),
            None => match global.and_then(|global| global.initial.filter(|_| !global.mutable)) {
                Some(constant) => value_text(constant),
                None if core.is_none() => cell(Role::Note, "<no dump>"),
                None => cell(Role::Note, "<not in the dump>"),
            },
        };
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let name = parsed.and_then(|module| global_name(module, GlobalIdx(index)));
        rows.push(GlobalRow { index, name, kind: kind.map_or("?", |kind| kind.name()), mutable, value });
    }
    rows
}

fn value_in(core: &Coredump<'_>, index: Option<u32>) -> Option<(crate::wasm::value::ValueType, WasmValue)> {
    let global = core.globals.get(index? as usize)?;
    Some((global.kind, global.value))
}

/// A wasm value as `info globals` and its like print it: decimal, and the bits where they say more.
pub fn value_text(value: WasmValue) -> crate::text::Text {
    let text = match value {
        WasmValue::I32(v) => format!("{v} ({:#x})", v as u32),
        WasmValue::I64(v) => format!("{v} ({:#x})", v as u64),
        WasmValue::F32(bits) => format!("{:?} ({bits:#010x})", f32::from_bits(bits)),
        WasmValue::F64(bits) => format!("{:?} ({bits:#018x})", f64::from_bits(bits)),
        WasmValue::V128(bits) => format!("{bits:#034x}"),
        WasmValue::Ref => return cell(Role::Note, "<a reference>"),
        WasmValue::Missing => return cell(Role::Note, "<not in the dump>"),
    };
    cell(Role::Number, text)
}
