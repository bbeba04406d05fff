//! From the first message to the last: `initialize`, `configurationDone`, `disconnect`, `terminate`, `cancel`.

use std::collections::HashSet;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::modules;
use crate::command::info_program;
use crate::frontend::dap::adapter::{Adapter, Stage};
use crate::frontend::dap::failure::{Answer, Arguments, body};
use crate::frontend::dap::messages::{Client, Source};
use crate::frontend::dap::spec::{Needs, Request};
use crate::settings::{Setting, Value as SettingValue};
use crate::target::Frame;

pub static ROWS: &[Request] = &[
    row("initialize", &[], initialize),
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

fn program_name(adapter: &Adapter<'_>) -> String {
    let Ok(program) = adapter.session.program() else { return String::new() };
    let module = program.modules().first().and_then(|module| module.path.as_deref());
    let path = module.or_else(|| program.core_path()).map(Path::to_path_buf).unwrap_or_default();
    adapter.client_path(&std::path::absolute(&path).unwrap_or(path))
}

fn configuration_done(adapter: &mut Adapter<'_>, _: Arguments) -> Answer {
    adapter.release();
    if adapter.stage == Stage::Opened {
        announce(adapter);
    }
    Ok(Value::Null)
}

/// What the client learns once it is ready: modules, threads, warnings, and that the program stopped.
fn announce(adapter: &mut Adapter<'_>) {
    adapter.stage = Stage::Stopped;
    let how_started = json!({
        "name": program_name(adapter),
        "isLocalProcess": true,
        "startMethod": adapter.start_method,
    });
    adapter.afterwards("process", how_started);
    modules::announce(adapter);
    announce_sources(adapter);
    adapter.tell_warnings();
    let Ok(program) = adapter.session.program() else { return };
    let threads = program.thread_count();
    let trap = program.stack(0).ok().and_then(|stack| program.trap(stack));
    for thread in 1..=threads {
        adapter.afterwards("thread", json!({ "reason": "started", "threadId": thread }));
    }
    if threads == 0 {
        let text = "There is no dump, so there is no stack: only the console is of use.\n";
        adapter.afterwards("output", json!({ "category": "console", "output": text }));
        return;
    }
    let (description, text) = match &trap {
        Some(trap) => (format!("wasm trap: {}", trap.kind), super::stack::trap_text(adapter, trap)),
        None => ("wasm trap".to_owned(), "wasm trap of unknown kind".to_owned()),
    };
    // The sentence that a session in the terminal begins with.
    let end = info_program::end(&adapter.session).unwrap_or_default();
    adapter.afterwards("output", json!({ "category": "console", "output": format!("{end}\n") }));
    let stopped = json!({
        "reason": "exception",
        "description": description,
        "text": text,
        "threadId": 1,
        "allThreadsStopped": true,
    });
    adapter.afterwards("stopped", stopped);
}

/// Frames whose sources the client is told of before it asks.
const FRAMES_ANNOUNCED: usize = 20;

/// Tell the client of the files that the youngest frames stand in; `loadedSources` has them all.
fn announce_sources(adapter: &mut Adapter<'_>) {
    let stack = adapter.session.program().ok().and_then(|program| program.stack(0).ok());
    let frames: Vec<Frame> =
        stack.into_iter().flat_map(|stack| stack.frames()).take(FRAMES_ANNOUNCED).cloned().collect();
    let places = frames.iter().filter_map(|frame| adapter.frame_place(frame));
    let found: Vec<Source> = places.filter(|place| place.found).map(|place| place.source).collect();
    let mut seen = HashSet::new();
    for source in found {
        if seen.insert((source.path.clone(), source.source_reference)) {
            adapter.afterwards("loadedSource", json!({ "reason": "new", "source": body(source) }));
        }
    }
}

fn disconnect(adapter: &mut Adapter<'_>, _: Arguments) -> Answer {
    adapter.answer_held();
    adapter.stage = Stage::Ended;
    Ok(Value::Null)
}

fn terminate(adapter: &mut Adapter<'_>, _: Arguments) -> Answer {
    adapter.terminated();
    Ok(Value::Null)
}

/// It took effect when it was read.
fn cancel(_: &mut Adapter<'_>, _: Arguments) -> Answer {
    Ok(Value::Null)
}
