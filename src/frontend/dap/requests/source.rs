//! `source`, `loadedSources` and `locations`: texts that are no files, and which files there are.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::dwarf::line::SourceLocation;
use crate::frontend::dap::adapter::Adapter;
use crate::frontend::dap::failure::{Answer, Arguments, Failure, body};
use crate::frontend::dap::handles::SourceKey;
use crate::frontend::dap::messages::Source;
use crate::frontend::dap::spec::{Needs, Request};
use crate::limits::MAX_DAP_SOURCES;
use crate::target::Program;
use crate::target::frame::ModuleId;
use crate::wasm::FuncIdx;
use crate::wasm::text::{listing, signature_text};

pub static ROWS: &[Request] = &[
    Request { name: "source", capabilities: &[], needs: Needs::Program, run: source },
    Request {
        name: "loadedSources",
        capabilities: &["supportsLoadedSourcesRequest"],
        needs: Needs::Program,
        run: loaded_sources,
    },
    Request { name: "locations", capabilities: &[], needs: Needs::Program, run: locations },
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceArguments {
    #[serde(default)]
    source: Value,
    #[serde(default)]
    source_reference: i64,
}

fn source(adapter: &mut Adapter<'_>, arguments: Arguments) -> Answer {
    let given: SourceArguments = arguments.parse()?;
    let inner = given.source.get("sourceReference").and_then(Value::as_i64).filter(|reference| *reference != 0);
    let reference = inner.unwrap_or(given.source_reference);
    let key = adapter.handles.sources.get(reference).cloned();
    let key = key.ok_or_else(|| Failure::request(format!("no source has the reference {reference}")))?;
    let program = adapter.program()?;
    match key {
        SourceKey::Function(module, function) => {
            let content = code(program, module, function);
            let content = content.ok_or_else(|| Failure::request("the function has no code"))?;
            Ok(json!({ "content": content, "mimeType": "text/x-wat" }))
        }
        SourceKey::Embedded(module, unit, file) => {
            let text = program.debug_info(module).and_then(|info| info.embedded_source(unit, &file));
            let text = text.ok_or_else(|| Failure::request(format!("{file} is not in the debug information")))?;
            Ok(json!({ "content": String::from_utf8_lossy(text) }))
        }
    }
}

/// A function in the text format, one instruction a line, with the offsets in the module's file. The first line is
/// the function's head.
fn code(program: &Program<'_>, module: ModuleId, function: FuncIdx) -> Option<String> {
    let parsed = program.module(module)?;
    let name = program.function_name(module, function);
    let signature = parsed.function_type(function).map(signature_text).unwrap_or_default();
    let mut text = format!("(func {} (;{};){signature}\n", quoted(name.as_deref()), function.0);
    for line in listing(parsed, function)? {
        let indent = "  ".repeat(line.depth.min(40) + 1);
        text.push_str(&format!("{indent}{}  ;; {}\n", line.text, line.module_offset));
    }
    text.push_str(")\n");
    Some(text)
}

/// A name as the text format writes it.
fn quoted(name: Option<&str>) -> String {
    name.map(|name| format!("$\"{}\"", crate::text::escaped(name))).unwrap_or_default()
}

fn loaded_sources(adapter: &mut Adapter<'_>, _: Arguments) -> Answer {
    let program = adapter.program()?;
    let mut files = Vec::new();
    for module in (0u32..).take(program.modules().len()).map(ModuleId) {
        let Some(info) = program.debug_info(module) else { continue };
        let texts: HashMap<_, _> = info.embedded_files().into_iter().collect();
        files.extend(info.files().into_iter().map(|file| (texts.get(&file).map(|unit| (module, *unit)), file)));
    }
    files.truncate(MAX_DAP_SOURCES);
    let mut sources: Vec<Source> = Vec::new();
    for (unit, (file, directory)) in files {
        if adapter.cancelled.is_cancelled() {
            return Err(Failure::cancelled());
        }
        let location = SourceLocation { file, directory, line: Some(1), column: None };
        sources.push(adapter.source_place(unit, &location).source);
    }
    Ok(json!({ "sources": body(sources) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LocationsArguments {
    location_reference: i64,
}

fn locations(adapter: &mut Adapter<'_>, arguments: Arguments) -> Answer {
    let given: LocationsArguments = arguments.parse()?;
    let key = adapter.handles.places.get(given.location_reference).cloned();
    let key =
        key.ok_or_else(|| Failure::request(format!("no place has the reference {}", given.location_reference)))?;
    let location = SourceLocation {
        file: key.file.into(),
        directory: key.directory.map(Into::into),
        line: Some(key.line),
        column: key.column,
    };
    let place = adapter.source_place(key.unit, &location);
    Ok(json!({
        "source": body(place.source),
        "line": adapter.client.line(place.line),
        "column": adapter.client.column(place.column),
    }))
}
