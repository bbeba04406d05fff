//! From the first message to the last: `initialize`, `launch` and `attach`, `configurationDone`, `disconnect`.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::modules;
use crate::frontend::dap::adapter::{Adapter, Stage};
use crate::frontend::dap::failure::{Answer, Arguments, Failure, FailureId};
use crate::frontend::dap::messages::Client;
use crate::frontend::dap::spec::{Needs, Request};
use crate::settings::{Setting, Value as SettingValue};
use crate::target::OpenOptions;

pub static ROWS: &[Request] = &[
    row("initialize", &[], initialize),
    row("launch", &[], |adapter, arguments| open(adapter, arguments, "launch")),
    row("attach", &[], |adapter, arguments| open(adapter, arguments, "attach")),
    row("configurationDone", &["supportsConfigurationDoneRequest"], configuration_done),
    row("disconnect", &[], disconnect),
    row("terminate", &["supportsTerminateRequest"], terminate),
    row("cancel", &["supportsCancelRequest"], cancel),
];

const fn row(
    name: &'static str,
    capabilities: &'static [&'static str],
    run: fn(&mut Adapter<'_>, Arguments) -> Answer,
) -> Request {
    Request { name, capabilities, needs: Needs::Nothing, run }
}

/// Modules of at least so many bytes take long enough to say that they are being read.
const LARGE_BYTES: u64 = 64 << 20;

fn initialize(adapter: &mut Adapter<'_>, arguments: Arguments) -> Answer {
    adapter.client = arguments.parse::<Client>()?;
    adapter.session.settings.put(Setting::StyleEnabled, SettingValue::Flag(adapter.client.supports_ansi_styling));
    let ansi = adapter.client.supports_ansi_styling.then_some("supportsANSIStyling");
    let mut capabilities: Map<String, Value> =
        adapter.capabilities.iter().copied().chain(ansi).map(|name| (name.to_owned(), Value::Bool(true))).collect();
    if capabilities.contains_key("supportsCompletionsRequest") {
        capabilities.insert("completionTriggerCharacters".into(), json!([".", ">", ":", "$"]));
    }
    capabilities.insert("supportsSteppingGranularity".into(), Value::Bool(false));
    Ok(Value::Object(capabilities))
}

/// What `launch` and `attach` understand. Words of other adapters are understood where they mean the same.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct OpenArguments {
    program: Option<String>,
    core_file: Option<String>,
    core: Option<String>,
    core_dump_path: Option<String>,
    modules: Option<Modules>,
    debug_files: Vec<String>,
    debug_dirs: Vec<String>,
    source_map: Option<SourceMap>,
    cwd: Option<String>,
    init_commands: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Modules {
    /// By the name that the dump has for them.
    Named(std::collections::BTreeMap<String, String>),
    /// Files, or `NAME=FILE`.
    Files(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum SourceMap {
    Pairs(Vec<(String, String)>),
    Object(std::collections::BTreeMap<String, String>),
}

impl OpenArguments {
    fn options(&self) -> OpenOptions {
        let given = |text: &Option<String>| text.as_deref().filter(|text| !text.trim().is_empty()).map(path);
        let named = match &self.modules {
            None => Vec::new(),
            Some(Modules::Named(files)) => files.iter().map(|(name, file)| (Some(name.clone()), path(file))).collect(),
            Some(Modules::Files(files)) => files
                .iter()
                .map(|file| match file.split_once('=') {
                    Some((name, file)) => (Some(name.to_owned()), path(file)),
                    None => (None, path(file)),
                })
                .collect(),
        };
        OpenOptions {
            module: given(&self.program),
            core: given(&self.core_file).or_else(|| given(&self.core)).or_else(|| given(&self.core_dump_path)),
            named_modules: named,
            debug: self.debug_files.iter().map(|file| path(file)).collect(),
            debug_dirs: self.debug_dirs.iter().map(|directory| path(directory)).collect(),
        }
    }
}

fn path(text: &str) -> PathBuf {
    PathBuf::from(crate::command::script::expand_home(text))
}

fn failed_to_open(text: String) -> Failure {
    Failure { text, id: FailureId::Open, show_user: true }
}

fn open(adapter: &mut Adapter<'_>, arguments: Arguments, how: &'static str) -> Answer {
    if adapter.stage != Stage::Fresh {
        return Err(Failure::request(format!("{how}: a program is open already")));
    }
    let given: OpenArguments = arguments.parse().map_err(|failure| Failure { show_user: true, ..failure })?;
    let options = given.options();
    if options.module.is_none() && options.core.is_none() && options.named_modules.is_empty() {
        return Err(failed_to_open(format!("{how}: name the module in \"program\", the dump in \"coreFile\"")));
    }
    if let Some(directory) = given.cwd.as_deref().filter(|directory| !directory.trim().is_empty()) {
        let directory = path(directory);
        std::env::set_current_dir(&directory)
            .map_err(|error| failed_to_open(format!("cwd: {}: {error}", directory.display())))?;
    }
    apply(adapter, &given);
    let progress = begin_progress(adapter, &options);
    let opened = adapter.session.open(&options);
    if opened.is_ok() {
        // What the client asks first; here it is covered by the progress.
        let _ = adapter.session.stack();
    }
    if progress {
        adapter.event("progressEnd", json!({ "progressId": PROGRESS }));
    }
    opened.map_err(|error| failed_to_open(error.to_string()))?;
    adapter.stage = Stage::Opened;
    let how_started = json!({
        "name": program_name(adapter),
        "isLocalProcess": true,
        "startMethod": how,
    });
    adapter.afterwards("process", how_started);
    adapter.afterwards("initialized", Value::Null);
    Ok(Value::Null)
}

/// Settings of the arguments, and commands that run before anything is open.
fn apply(adapter: &mut Adapter<'_>, given: &OpenArguments) {
    let rules: Vec<(String, String)> = match &given.source_map {
        None => Vec::new(),
        Some(SourceMap::Pairs(pairs)) => pairs.clone(),
        Some(SourceMap::Object(pairs)) => pairs.iter().map(|(from, to)| (from.clone(), to.clone())).collect(),
    };
    let rules: Vec<(String, String)> = rules.into_iter().filter(|(from, _)| !from.is_empty()).collect();
    if !rules.is_empty() {
        adapter.session.settings.put(Setting::SubstitutePath, SettingValue::Rules(rules));
    }
    if !given.init_commands.is_empty() {
        let ran = adapter.run_commands(&given.init_commands.join("\n"));
        if !ran.text.is_empty() {
            adapter.output("console", &ran.text);
        }
    }
}

const PROGRESS: &str = "open";

/// Say that a large module is being read, to clients that show it.
fn begin_progress(adapter: &mut Adapter<'_>, options: &OpenOptions) -> bool {
    let size = |path: &PathBuf| path.metadata().map_or(0, |file| file.len());
    let files = options.module.iter().chain(options.named_modules.iter().map(|(_, file)| file)).chain(&options.debug);
    let is_large = files.map(size).max().is_some_and(|size| size >= LARGE_BYTES);
    if is_large && adapter.client.supports_progress_reporting {
        let body = json!({ "progressId": PROGRESS, "title": "Reading the module", "cancellable": false });
        adapter.event("progressStart", body);
        return true;
    }
    false
}

fn program_name(adapter: &Adapter<'_>) -> String {
    let Ok(program) = adapter.session.program() else { return String::new() };
    let module = program.modules().first().and_then(|module| module.path.as_deref());
    let path = module.or_else(|| program.core_path()).map(Path::to_path_buf).unwrap_or_default();
    adapter.client_path(&std::path::absolute(&path).unwrap_or(path))
}

fn configuration_done(adapter: &mut Adapter<'_>, _: Arguments) -> Answer {
    if adapter.stage == Stage::Opened {
        announce(adapter);
    }
    Ok(Value::Null)
}

/// What the client learns once it is ready: modules, threads, warnings, and that the program stopped.
fn announce(adapter: &mut Adapter<'_>) {
    adapter.stage = Stage::Stopped;
    modules::announce(adapter);
    let Ok(program) = adapter.session.program() else { return };
    let warnings: Vec<String> = program.warnings();
    let threads = program.thread_count();
    let trap = program.stack(0).ok().and_then(|stack| program.trap(stack));
    for warning in warnings {
        adapter.afterwards("output", json!({ "category": "console", "output": format!("warning: {warning}\n") }));
    }
    for thread in 1..=threads {
        adapter.afterwards("thread", json!({ "reason": "started", "threadId": thread }));
    }
    if threads == 0 {
        let text = "There is no dump, so there is no stack: only the console is of use.\n";
        adapter.afterwards("output", json!({ "category": "console", "output": text }));
        return;
    }
    let (description, text) = match &trap {
        Some(trap) => (format!("wasm trap: {}", trap.kind), super::stack::trap_text(trap)),
        None => ("wasm trap".to_owned(), "wasm trap of unknown kind".to_owned()),
    };
    let note = format!("Program terminated with {description}.\n");
    adapter.afterwards("output", json!({ "category": "console", "output": note }));
    let stopped = json!({
        "reason": "exception",
        "description": description,
        "text": text,
        "threadId": 1,
        "allThreadsStopped": true,
    });
    adapter.afterwards("stopped", stopped);
}

fn disconnect(adapter: &mut Adapter<'_>, _: Arguments) -> Answer {
    adapter.stage = Stage::Ended;
    Ok(Value::Null)
}

fn terminate(adapter: &mut Adapter<'_>, _: Arguments) -> Answer {
    adapter.afterwards("terminated", Value::Null);
    Ok(Value::Null)
}

/// It took effect when it was read.
fn cancel(_: &mut Adapter<'_>, _: Arguments) -> Answer {
    Ok(Value::Null)
}
