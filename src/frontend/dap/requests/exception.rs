//! `exceptionInfo`: why the program stopped.

use serde::Deserialize;
use serde_json::{Value, json};

use super::stack::{thread_numbered, trap_text};
use crate::frontend::dap::adapter::Adapter;
use crate::frontend::dap::failure::{Answer, Arguments};
use crate::frontend::dap::spec::{Needs, Request};
use crate::settings::{Setting, Value as SettingValue};

pub static ROWS: &[Request] = &[Request {
    name: "exceptionInfo",
    capabilities: &["supportsExceptionInfoRequest"],
    needs: Needs::Program,
    run: exception_info,
}];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExceptionInfoArguments {
    thread_id: i64,
}

/// Frames in the text of the details.
const FRAMES: usize = 50;

fn exception_info(adapter: &mut Adapter<'_>, arguments: Arguments) -> Answer {
    let given: ExceptionInfoArguments = arguments.parse()?;
    let thread = thread_numbered(adapter, given.thread_id)?;
    let program = adapter.program()?;
    let trap = program.trap(program.stack(thread)?);
    let description = match &trap {
        Some(trap) => trap_text(adapter, trap),
        None => "the dump does not tell why this thread stopped".to_owned(),
    };
    let kind = trap.as_ref().map(|trap| trap.kind);
    // The program's own words as it said them, in lines.
    let message = trap.as_ref().and_then(|trap| trap.message.clone()).unwrap_or_else(|| description.clone());
    let stack = plain_backtrace(adapter, thread);
    let mut details = json!({ "message": message, "stackTrace": stack });
    if let (Value::Object(fields), Some(kind)) = (&mut details, kind) {
        fields.insert("typeName".into(), kind.into());
    }
    Ok(json!({
        "exceptionId": "wasm trap",
        "description": description,
        "breakMode": "always",
        "details": details,
    }))
}

/// The backtrace of a thread as text, without colours: these are shown in consoles only.
fn plain_backtrace(adapter: &mut Adapter<'_>, thread: usize) -> String {
    let (selected, frame) = (adapter.session.thread, adapter.session.frame);
    let colour = adapter.client.supports_ansi_styling;
    adapter.session.settings.put(Setting::StyleEnabled, SettingValue::Flag(false));
    adapter.session.select_thread(thread);
    let text = adapter.run_commands(&format!("backtrace {FRAMES}")).text;
    adapter.session.thread = selected;
    adapter.session.frame = frame;
    adapter.session.settings.put(Setting::StyleEnabled, SettingValue::Flag(colour));
    text
}
