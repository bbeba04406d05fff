//! `threads` and `stackTrace`.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::frontend::dap::adapter::Adapter;
use crate::frontend::dap::failure::{Answer, Arguments, Failure, body};
use crate::frontend::dap::handles::{FrameKey, code_reference};
use crate::frontend::dap::messages::StackFrame;
use crate::frontend::dap::places::Place;
use crate::frontend::dap::spec::{Needs, Request};
use crate::limits::MAX_DAP_FRAMES;
use crate::render::trap::line;
use crate::target::Frame;
use crate::target::patience::Patience;
use crate::target::runtime::runtime_frames;
use crate::target::trap::TrapReport;
use crate::text::{Role, Sink};

pub static ROWS: &[Request] = &[
    Request { name: "threads", capabilities: &[], needs: Needs::Nothing, run: threads },
    Request {
        name: "stackTrace",
        capabilities: &["supportsDelayedStackTraceLoading"],
        needs: Needs::Program,
        run: stack_trace,
    },
];

fn threads(adapter: &mut Adapter<'_>, _: Arguments) -> Answer {
    let Ok(program) = adapter.session.program() else { return Ok(json!({ "threads": [] })) };
    let threads: Vec<Value> = (0..program.thread_count())
        .map(|thread| {
            let name = program.core().and_then(|core| core.threads.get(thread)).map(|thread| &*thread.name);
            let name =
                name.filter(|name| !name.is_empty()).map_or_else(|| format!("thread {}", thread + 1), str::to_owned);
            json!({ "id": thread + 1, "name": name })
        })
        .collect();
    Ok(json!({ "threads": threads }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StackTraceArguments {
    thread_id: i64,
    start_frame: Option<i64>,
    levels: Option<i64>,
    #[serde(default)]
    format: FrameFormat,
}

/// What the client wants in a frame's name.
#[derive(Deserialize, Default, Clone, Copy)]
#[serde(default, rename_all = "camelCase")]
struct FrameFormat {
    hex: bool,
    parameters: bool,
    parameter_types: bool,
    parameter_names: bool,
    parameter_values: bool,
    line: bool,
    module: bool,
}

/// The thread of a number that the client has.
pub fn thread_numbered(adapter: &Adapter<'_>, id: i64) -> Result<usize, Failure> {
    let count = adapter.program()?.thread_count();
    let found = id.checked_sub(1).and_then(|index| usize::try_from(index).ok()).filter(|index| *index < count);
    found.ok_or_else(|| Failure::request(format!("no thread has the id {id}")))
}

fn stack_trace(adapter: &mut Adapter<'_>, arguments: Arguments) -> Answer {
    let given: StackTraceArguments = arguments.parse()?;
    let thread = thread_numbered(adapter, given.thread_id)?;
    let negative = |_| Failure::request("startFrame and levels must not be negative");
    let start = usize::try_from(given.start_frame.unwrap_or(0)).map_err(negative)?;
    // 0 is all.
    let levels = match usize::try_from(given.levels.unwrap_or(0)).map_err(negative)? {
        0 => MAX_DAP_FRAMES,
        levels => levels.min(MAX_DAP_FRAMES),
    };
    let stack = adapter.program()?.stack(thread)?;
    let all = stack.frames().len();
    // Frames of panic and abort machinery, the youngest ones.
    let machinery = runtime_frames(adapter.program()?, stack);
    let frames: Vec<Frame> = stack.frames().iter().skip(start).take(levels).cloned().collect();
    let mut rows = Vec::new();
    for frame in &frames {
        if adapter.cancelled.is_cancelled() {
            return Err(Failure::cancelled());
        }
        let mut row = row(adapter, FrameKey { thread, frame: frame.id }, frame, given.format)?;
        if (frame.id.0 as usize) < machinery {
            step_back(&mut row);
        }
        rows.push(row);
    }
    Ok(json!({ "stackFrames": body(rows), "totalFrames": all }))
}

/// A frame of the panic machinery is not what the user wants to see first. Editors go to the first frame that has a
/// source, whether the file is there or not: here it has one only if it is there.
fn step_back(row: &mut StackFrame) {
    if row.presentation_hint.is_some() {
        row.source = None;
        row.line = 0;
        row.column = 0;
    }
    row.presentation_hint = Some("subtle");
}

fn row(adapter: &mut Adapter<'_>, key: FrameKey, frame: &Frame, format: FrameFormat) -> Result<StackFrame, Failure> {
    let place = adapter.frame_place(frame);
    let id = adapter.handles.frames.number(key, || key);
    let id = id.ok_or_else(|| Failure::request("too many frames were asked for in this session"))?;
    let name = frame_name(adapter, key, frame, (format, place.as_ref()));
    let is_own = place.as_ref().is_some_and(|place| place.found);
    let (source, line, column) = match place {
        Some(place) => (Some(place.source), adapter.client.line(place.line), adapter.client.column(place.column)),
        None => (None, 0, 0),
    };
    let module = frame.module.map(|module| module.0);
    let pointer = frame.module.zip(frame.file_offset).map(|(module, at)| code_reference(module, at.0));
    Ok(StackFrame {
        id,
        name,
        source,
        line,
        column,
        can_restart: false,
        instruction_pointer_reference: pointer,
        module_id: module,
        presentation_hint: (!is_own).then_some("subtle"),
    })
}

/// The function's name, and what else the client wants there.
fn frame_name(
    adapter: &Adapter<'_>,
    key: FrameKey,
    frame: &Frame,
    (format, place): (FrameFormat, Option<&Place>),
) -> String {
    let mut name = crate::text::escaped(&frame.display_name()).into_owned();
    if format.module
        && let Some(module) = frame.module.and_then(|id| adapter.session.program().ok()?.opened_module(id))
    {
        name = format!("{}!{name}", module.name);
    }
    if format.parameters {
        name.push_str(&format!("({})", parameters(adapter, key, format)));
    }
    if frame.inlined {
        name.push_str(" [inlined]");
    }
    if let Some(place) = place.filter(|place| format.line && place.line > 0) {
        name.push_str(&format!(" Line {}", adapter.client.line(place.line)));
    }
    name
}

fn parameters(adapter: &Adapter<'_>, key: FrameKey, format: FrameFormat) -> String {
    let Ok((stack, frame)) = adapter.frame(key) else { return String::new() };
    let reader = adapter.session.reader();
    let arguments = reader.within_unit().frame_arguments(stack, frame, Some(Patience::Line)).unwrap_or_default();
    let options = adapter.options(format.hex);
    let writer = crate::render::value::ValueWriter { reader, options: &options };
    let all = !(format.parameter_types || format.parameter_names || format.parameter_values);
    let shown: Vec<String> = arguments
        .iter()
        .map(|variable| {
            let mut parts = Vec::new();
            if format.parameter_types {
                parts.push(writer.type_name(&variable.object));
            }
            if format.parameter_names || all {
                parts.push(variable.name.as_deref().unwrap_or("_").to_owned());
            }
            let mut text = parts.join(" ");
            if format.parameter_values || all {
                let mut value = crate::frontend::dap::values::Clipped::new(80, 1000);
                let _ = match variable.put_off {
                    true => value.put(Role::Plain, "..."),
                    false => writer.line(&variable.object, &mut value),
                };
                let sign = if text.is_empty() { "" } else { "=" };
                text = format!("{text}{sign}{}", value.finish());
            }
            text
        })
        .collect();
    shown.join(", ")
}

/// Why the program stopped, in one line.
pub fn trap_text(adapter: &Adapter<'_>, trap: &TrapReport) -> String {
    let mut text = trap.kind.to_owned();
    if let Some(instruction) = trap.instruction.as_ref().filter(|instruction| !text.contains(instruction.as_str())) {
        text.push_str(&format!(" ({instruction})"));
    }
    let message = line(adapter.session.reader(), trap, &adapter.session.options());
    if let Some(message) = message {
        text.push_str(&format!(": {message}"));
    }
    text
}
