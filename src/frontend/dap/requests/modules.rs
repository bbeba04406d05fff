//! `modules`: the wasm modules of the program.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::frontend::dap::adapter::Adapter;
use crate::frontend::dap::failure::{Answer, Arguments, Failure, body};
use crate::frontend::dap::spec::{Needs, Request};
use crate::target::frame::ModuleId;
use crate::target::locate::hex;

pub static ROWS: &[Request] =
    &[Request { name: "modules", capabilities: &["supportsModulesRequest"], needs: Needs::Program, run: modules }];

/// A module as the protocol has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Module {
    id: u32,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// The build id.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    symbol_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    symbol_file_path: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct ModulesArguments {
    start_module: i64,
    module_count: i64,
}

fn modules(adapter: &mut Adapter<'_>, arguments: Arguments) -> Answer {
    let page: ModulesArguments = arguments.parse()?;
    let negative = |_| Failure::request("startModule and moduleCount must not be negative");
    let start = usize::try_from(page.start_module).map_err(negative)?;
    // 0 is all.
    let count = usize::try_from(page.module_count).map_err(negative)?;
    let count = if count == 0 { usize::MAX } else { count };
    let all = adapter.program()?.modules().len();
    let ids = (0u32..).take(all).skip(start).take(count).map(ModuleId);
    let found: Vec<Module> = ids.filter_map(|id| module(adapter, id)).collect();
    Ok(json!({ "modules": body(found), "totalModules": all }))
}

fn module(adapter: &Adapter<'_>, id: ModuleId) -> Option<Module> {
    let opened = adapter.session.program().ok()?.opened_module(id)?;
    let parsed = opened.module.as_ref();
    let names = parsed.map(|module| module.names());
    let symbol_status = match (parsed, &opened.debug) {
        (None, _) => "The module's file was not found",
        (Some(_), Some(_)) => "Debug information in a file of its own",
        (Some(module), None) if crate::target::companion::has_debug_info(module) => "Debug information inside",
        (Some(module), None) if module.names().is_present() => "Names of functions only",
        (Some(_), None) => "No names and no debug information",
    };
    let own = opened.path.as_deref().map(|path| adapter.client_path(path));
    Some(Module {
        id: id.0,
        name: opened.name.clone(),
        path: own,
        version: names.and_then(|names| names.build_id()).map(hex),
        symbol_status,
        symbol_file_path: opened.debug.as_ref().map(|debug| adapter.client_path(&debug.path)),
    })
}

/// Tell the client of every module.
pub fn announce(adapter: &mut Adapter<'_>) {
    let count = adapter.session.program().map_or(0, |program| program.modules().len());
    for id in (0u32..).take(count).map(ModuleId) {
        if let Some(module) = module(adapter, id) {
            adapter.afterwards("module", json!({ "reason": "new", "module": body(module) }));
        }
    }
}
