//! `launch` and `attach`: which files are meant, opening them, and saying so while it takes long.
//!
//! A dump can be neither launched nor attached to, so both mean "open it". The answer waits for `configurationDone`,
//! as the protocol's overview has it ("Launching and attaching"); see `Adapter::hold`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::frontend::dap::adapter::{Adapter, Stage};
use crate::frontend::dap::failure::{Answer, Arguments, Failure, FailureId};
use crate::frontend::dap::spec::{Needs, Request};
use crate::settings::{Setting, Value as SettingValue};
use crate::target::OpenOptions;
use crate::target::locate::modules_beside;

pub static ROWS: &[Request] = &[
    Request {
        name: "launch",
        capabilities: &[],
        needs: Needs::Nothing,
        run: |adapter, arguments| open(adapter, arguments, "launch"),
    },
    Request {
        name: "attach",
        capabilities: &[],
        needs: Needs::Nothing,
        run: |adapter, arguments| open(adapter, arguments, "attach"),
    },
];

/// Files of at least so many bytes take long enough to say that they are being read.
const LARGE_BYTES: u64 = 64 << 20;

/// What `launch` and `attach` understand. Words of other adapters are understood where they mean the same.
struct OpenArguments {
    options: OpenOptions,
    source_map: Option<SourceMap>,
    cwd: Option<PathBuf>,
    init_commands: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Modules {
    /// By the name that the dump has for them.
    Named(BTreeMap<String, String>),
    /// Files, or `NAME=FILE`.
    Files(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum SourceMap {
    Pairs(Vec<(String, String)>),
    Object(BTreeMap<String, String>),
}

/// A list, or the one thing that would be in it.
#[derive(Deserialize)]
#[serde(untagged)]
enum List {
    Many(Vec<String>),
    One(String),
}

impl OpenArguments {
    fn parse(arguments: &Value) -> Result<Self, Failure> {
        let file = |name| Ok::<_, Failure>(text(arguments, name)?.map(|text| path(&text)));
        let core = ["coreFile", "core", "coreDumpPath"].into_iter().map(file).collect::<Result<Vec<_>, _>>()?;
        let files = |name| Ok::<Vec<PathBuf>, Failure>(list(arguments, name)?.iter().map(|text| path(text)).collect());
        let options = OpenOptions {
            module: file("program")?,
            core: core.into_iter().flatten().next(),
            named_modules: argument(arguments, "modules")?.map(named).unwrap_or_default(),
            debug: files("debugFiles")?,
            debug_dirs: files("debugDirs")?,
        };
        Ok(OpenArguments {
            options,
            source_map: argument(arguments, "sourceMap")?,
            cwd: file("cwd")?,
            init_commands: list(arguments, "initCommands")?,
        })
    }
}

/// One argument; absent, too, where a client writes `null`, or `false` as Emacs does for its own "nothing".
fn argument<T: DeserializeOwned>(arguments: &Value, name: &str) -> Result<Option<T>, Failure> {
    match arguments.get(name) {
        None | Some(Value::Null | Value::Bool(false)) => Ok(None),
        Some(value) => T::deserialize(value).map(Some).map_err(|error| failed(format!("argument \"{name}\": {error}"))),
    }
}

/// Text that is not empty.
fn text(arguments: &Value, name: &str) -> Result<Option<String>, Failure> {
    Ok(argument::<String>(arguments, name)?.filter(|text| !text.trim().is_empty()))
}

fn list(arguments: &Value, name: &str) -> Result<Vec<String>, Failure> {
    Ok(match argument(arguments, name)? {
        None => Vec::new(),
        Some(List::Many(texts)) => texts,
        Some(List::One(text)) => vec![text],
    })
}

fn named(modules: Modules) -> Vec<(Option<String>, PathBuf)> {
    let files = match modules {
        Modules::Named(files) => return files.into_iter().map(|(name, file)| (Some(name), path(&file))).collect(),
        Modules::Files(files) => files,
    };
    let pair = |file: &String| match file.split_once('=') {
        Some((name, file)) => (Some(name.to_owned()), path(file)),
        None => (None, path(file)),
    };
    files.iter().map(pair).collect()
}

fn path(text: &str) -> PathBuf {
    PathBuf::from(crate::command::script::expand_home(text))
}

fn failed(text: String) -> Failure {
    Failure { text, id: FailureId::Open, show_user: true }
}

fn open(adapter: &mut Adapter<'_>, arguments: Arguments, how: &'static str) -> Answer {
    if adapter.stage != Stage::Fresh {
        return Err(Failure::request(format!("{how}: a program is open already")));
    }
    let given = OpenArguments::parse(&arguments.0).map_err(|failure| failed(format!("{how}: {}", failure.text)))?;
    let options = &given.options;
    if options.module.is_none() && options.core.is_none() && options.named_modules.is_empty() {
        return Err(failed(format!("{how}: name the module in \"program\", the dump in \"coreFile\"")));
    }
    if let Some(directory) = &given.cwd {
        std::env::set_current_dir(directory)
            .map_err(|error| failed(format!("cwd: {}: {error}", directory.display())))?;
    }
    apply(adapter, &given);
    let progress = Progress::begin(adapter, options);
    let opened = read(adapter, options, &progress);
    progress.end(adapter);
    opened?;
    adapter.stage = Stage::Opened;
    adapter.start_method = how;
    adapter.hold();
    adapter.afterwards("initialized", Value::Null);
    Ok(Value::Null)
}

fn read(adapter: &mut Adapter<'_>, options: &OpenOptions, progress: &Progress) -> Result<(), Failure> {
    adapter.session.open(options).map_err(|error| failed(error.to_string()))?;
    if !adapter.cancelled.is_cancelled() {
        progress.update(adapter, "Following the stack");
        // What the client asks first; here it is covered by the progress.
        let _ = adapter.session.stack();
    }
    if adapter.cancelled.is_cancelled() {
        adapter.session.program = None;
        return Err(Failure::cancelled());
    }
    Ok(())
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

/// What is said while a large module is read, to clients that show it.
struct Progress {
    /// None: nothing is said.
    id: Option<String>,
}

impl Progress {
    fn begin(adapter: &mut Adapter<'_>, options: &OpenOptions) -> Self {
        let large = largest(options).filter(|_| adapter.client.supports_progress_reporting);
        let Some(file) = large else { return Progress { id: None } };
        // The request's own number, so that cancelling either means the same.
        let id = adapter.running.to_string();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        adapter.event(
            "progressStart",
            json!({
                "progressId": id,
                "requestId": adapter.running,
                "title": "wasmgdb",
                "message": format!("Reading {name}"),
                "cancellable": true,
            }),
        );
        Progress { id: Some(id) }
    }

    fn update(&self, adapter: &mut Adapter<'_>, message: &str) {
        if let Some(id) = &self.id {
            adapter.event("progressUpdate", json!({ "progressId": id, "message": message }));
        }
    }

    fn end(self, adapter: &mut Adapter<'_>) {
        if let Some(id) = self.id {
            adapter.event("progressEnd", json!({ "progressId": id }));
        }
    }
}

/// The largest file that may have to be read, if that takes long.
fn largest(options: &OpenOptions) -> Option<PathBuf> {
    let given = options.module.iter().chain(options.named_modules.iter().map(|(_, file)| file)).chain(&options.debug);
    let mut files: Vec<PathBuf> = given.cloned().collect();
    if options.module.is_none() {
        files.extend(options.core.as_deref().into_iter().flat_map(modules_beside));
    }
    let size = |path: &Path| path.metadata().map_or(0, |file| file.len());
    let sized = files.into_iter().map(|file| (size(&file), file));
    sized.filter(|(size, _)| *size >= LARGE_BYTES).max().map(|(_, file)| file)
}
