//! Programs that leave the end to their host or to a small runtime: AssemblyScript, Emscripten, WASI, TinyGo.
//!
//! AssemblyScript imports `env.abort(message, file, line, column)`; its strings are UTF-16 with the length in bytes in
//! the word before them (std/assembly/rt/common.ts, `OBJECT.rtSize`). TinyGo's panics are functions of its package
//! `runtime` (src/runtime/panic.go).

use super::call::{MAX_MESSAGE_BYTES, RuntimeCall};
use super::cpp;
use super::told::Told;

/// What the call of an imported function tells; none of functions that are not known.
pub fn import(call: &RuntimeCall<'_, '_>) -> Option<String> {
    match &*call.name {
        "env.abort" if call.count == 4 => Some(assembly_script(call)),
        "env.abort" | "env._abort_js" | "env.emscripten_abort" => Some("the program called abort".into()),
        "wasi_snapshot_preview1.proc_exit" | "wasi_unstable.proc_exit" => {
            let code = call.number(0).map_or_else(String::new, |code| format!(" with status {}", code as u32 as i32));
            Some(format!("the program called exit{code}"))
        }
        _ => cpp::tell(call)?.text,
    }
}

/// What a call of TinyGo's runtime tells; none of other functions.
pub fn tiny_go(call: &RuntimeCall<'_, '_>) -> Option<Told> {
    let function = call.name.strip_prefix("runtime.")?;
    let words = match function {
        "runtimePanic" if call.count >= 2 => return go_words(call, 0),
        "runtimePanicAt" if call.count >= 3 => return go_words(call, 1),
        "nilPanic" => "nil pointer dereference",
        "nilMapPanic" => "assignment to entry in nil map",
        "lookupPanic" => "index out of range",
        "slicePanic" => "slice out of range",
        "sliceToArrayPointerPanic" => "slice smaller than array",
        "unsafeSlicePanic" => "unsafe.Slice/String: len out of range",
        "chanMakePanic" => "new channel is too big",
        "negativeShiftPanic" => "negative shift",
        "divideByZeroPanic" => "divide by zero",
        "blockingPanic" => "trying to do blocking operation in exported function",
        _ => return None,
    };
    Some(Told::at_least(format!("panic: runtime error: {words}")))
}

fn go_words(call: &RuntimeCall<'_, '_>, index: usize) -> Option<Told> {
    Some(Told::all(format!("panic: runtime error: {}", call.text_argument(index)?)))
}

fn assembly_script(call: &RuntimeCall<'_, '_>) -> String {
    let text = |index| call.argument(index).and_then(|at| utf16(call, at));
    let (message, file) = (text(0), text(1));
    let place = match (file, call.number(2), call.number(3)) {
        (Some(file), Some(line), Some(column)) => format!(" at {file}:{line}:{column}"),
        (Some(file), Some(line), None) => format!(" at {file}:{line}"),
        (Some(file), ..) => format!(" at {file}"),
        _ => String::new(),
    };
    match message {
        Some(message) => format!("abort{place}: {message}"),
        None => format!("abort{place}"),
    }
}

fn utf16(call: &RuntimeCall<'_, '_>, at: u64) -> Option<String> {
    let length = call.word(at.checked_sub(4)?)?;
    if length == 0 || length % 2 != 0 || length > MAX_MESSAGE_BYTES {
        return None;
    }
    let bytes = call.bytes(at, length)?;
    let units = bytes.chunks_exact(2).filter_map(|pair| Some(u16::from_le_bytes(pair.try_into().ok()?)));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.ok()
}
