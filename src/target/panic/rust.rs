//! Rust: the text that std has already made of a panic, else the arguments of the functions that lead to it.
//!
//! Signatures are those of library/core/src/panicking.rs, library/std/src/panicking.rs and library/alloc/src/alloc.rs
//! (1.70 to 1.96); `#[track_caller]` passes the place as the last argument. The number of wasm parameters tells older
//! from newer ones; a call with another number is not read.

use super::call::RuntimeCall;
use super::format_arguments::{Formatted, Memory, new_layout, old_layout};
use super::told::Told;
use crate::target::runtime::last_part;

/// What a call of Rust's library tells; none of other functions.
pub fn tell(call: &RuntimeCall<'_, '_>) -> Option<Told> {
    let name = &*call.name;
    let last = last_part(name);
    let text = |index: usize| call.text_argument(index);
    let (said, place) = match (last, call.count) {
        ("panic_with_hook" | "rust_panic_with_hook", 3..) => return with_hook(call),
        ("panic_fmt", 3) => (formatted(new_layout(memory(call), call.argument(0)?, call.argument(1)?)), 2),
        ("panic_fmt", 2) => (formatted(old_layout(memory(call), call.argument(0)?)), 1),
        ("panic_nounwind_fmt", 4) => (formatted(new_layout(memory(call), call.argument(0)?, call.argument(1)?)), 3),
        ("panic_nounwind_fmt", 3) => (formatted(old_layout(memory(call), call.argument(0)?)), 2),
        ("panic" | "expect_failed" | "panic_str" | "panic_str_2015", 3) => (text(0).map(Told::all), 2),
        ("begin_panic", 3) if name.ends_with("<&str>") => (text(0).map(Told::all), 2),
        ("begin_panic", 2) if name.ends_with("<alloc::string::String>") => {
            (call.argument(0).and_then(|at| printed(call, at)).map(Told::all), 1)
        }
        // Older names do not tell the type.
        ("begin_panic", 1..) => (name.ends_with('>').then(|| Told::all("Box<dyn Any>")), call.count - 1),
        ("panic_nounwind" | "panic_nounwind_nobacktrace", 2) => return text(0).map(Told::all),
        ("panic_bounds_check", 3) => (bounds(call), 2),
        ("unwrap_failed", 1) => (Some(Told::all("called `Option::unwrap()` on a `None` value")), 0),
        ("unwrap_failed", 5) => (unwrapped(call), 4),
        ("panic_already_borrowed", 1..) => (Some(Told::all("RefCell already borrowed")), call.count - 1),
        ("panic_already_mutably_borrowed", 1..) => {
            (Some(Told::all("RefCell already mutably borrowed")), call.count - 1)
        }
        ("capacity_overflow", 1) => (Some(Told::all("capacity overflow")), 0),
        ("__rust_alloc_error_handler" | "__rdl_alloc_error_handler" | "__rdl_oom", 2) => {
            return Some(Told::all(format!("memory allocation of {} bytes failed", call.number(0)?)));
        }
        ("abort" | "abort_internal", 0) => return None,
        (constant, 1) => (constant.strip_prefix("panic_const_").and_then(constant_message).map(Told::all), 0),
        _ => return None,
    };
    let place = call.argument(place).and_then(|at| location(call, at));
    match said {
        Some(told) => Some(told.at(place)),
        None => Some(Told { text: None, ..Told::at_least("") }.at(Some(place?))),
    }
}

/// How std introduces the message of a panic.
pub fn sentence(text: Option<&str>, place: Option<&str>) -> Option<String> {
    Some(match (text, place) {
        (Some(text), Some(place)) => format!("panicked at {place}: {text}"),
        (Some(text), None) if text.starts_with("memory allocation of") => text.to_owned(),
        (Some(text), None) => format!("panicked: {text}"),
        (None, Some(place)) => format!("panicked at {place}"),
        (None, None) => return None,
    })
}

fn memory<'a>(call: &'a RuntimeCall<'_, '_>) -> Memory<'a> {
    Memory::new(|address, length| call.bytes(address, length), |index| call.function_name(index))
}

fn formatted(found: Option<Formatted>) -> Option<Told> {
    found.map(|found| Told { complete: found.complete, values: found.values, ..Told::all(found.text) })
}

/// std's hook was called with the payload, whose text it has made if it printed the message.
fn with_hook(call: &RuntimeCall<'_, '_>) -> Option<Told> {
    let place = [2, 3].into_iter().filter(|at| *at < call.count);
    let place = place.filter_map(|at| call.argument(at)).find_map(|at| location(call, at));
    let text = call.argument(0).zip(call.argument(1)).and_then(|(data, vtable)| payload(call, data, vtable));
    if text.is_none() && place.is_none() {
        return None;
    }
    Some(Told { complete: text.is_some(), text, place, values: Vec::new() })
}

/// The text of a `dyn PanicPayload`, by the type that its vtable was made for.
fn payload(call: &RuntimeCall<'_, '_>, data: u64, vtable: u64) -> Option<String> {
    // Drop, size and alignment come first; dropping may be nothing.
    let method = |index: u64| call.function_name(call.word(vtable.checked_add(12 + 4 * index)?)?);
    let name = (0..4).find_map(method)?;
    if name.contains("StaticStrPayload") {
        return call.text(call.word(data)?, call.word(data.checked_add(4)?)?);
    }
    if name.contains("begin_panic::Payload<&str>") {
        return call.text(call.word(data)?, call.word(data.checked_add(4)?)?).filter(|text| !text.is_empty());
    }
    if name.contains("begin_panic::Payload<alloc::string::String>") {
        return printed(call, data);
    }
    if !name.contains("FormatStringPayload") {
        return None;
    }
    // A reference and an `Option<String>`, in the order of the compiler's choice.
    [0, 4].into_iter().find_map(|offset| printed(call, data.checked_add(offset)?))
}

/// A `String` at `at` that has text: capacity, pointer, length.
fn printed(call: &RuntimeCall<'_, '_>, at: u64) -> Option<String> {
    let word = |index: u64| call.word(at.checked_add(4 * index)?);
    let (capacity, pointer, length) = (word(0)?, word(1)?, word(2)?);
    let plausible = length > 0 && length <= capacity && capacity < 1 << 31 && pointer != 0;
    plausible.then(|| call.text(pointer, length)).flatten()
}

/// `core::panic::Location`: a string slice, line and column, four words.
fn location(call: &RuntimeCall<'_, '_>, at: u64) -> Option<String> {
    let word = |index: u64| call.word(at.checked_add(4 * index)?);
    let file = call.text(word(0)?, word(1)?)?;
    let (line, column) = (word(2)?, word(3)?);
    let plausible = !file.is_empty() && !file.contains(char::is_control) && line > 0 && column > 0 && line < 1 << 24;
    plausible.then(|| format!("{file}:{line}:{column}"))
}

fn bounds(call: &RuntimeCall<'_, '_>) -> Option<Told> {
    let shown = |index| call.number(index).map_or_else(|| "?".to_owned(), |number| number.to_string());
    let (index, len) = (shown(0), shown(1));
    let text = format!("index out of bounds: the len is {len} but the index is {index}");
    Some(if text.contains('?') { Told::at_least(text) } else { Told::all(text) })
}

/// `Result::unwrap` and `expect`: the words, and the error as a `dyn Debug`.
fn unwrapped(call: &RuntimeCall<'_, '_>) -> Option<Told> {
    let words = call.text_argument(0)?;
    let error = call.argument(2).zip(call.argument(3));
    let error = error.and_then(|(data, vtable)| memory(call).debug(data, vtable));
    Some(match error {
        Some(error) => {
            let text = format!("{words}: {}", error.text);
            Told { complete: error.complete, values: error.values, ..Told::all(text) }
        }
        None => Told::at_least(words),
    })
}

/// The words of `panic_const_…`.
fn constant_message(what: &str) -> Option<&'static str> {
    Some(match what {
        "add_overflow" => "attempt to add with overflow",
        "sub_overflow" => "attempt to subtract with overflow",
        "mul_overflow" => "attempt to multiply with overflow",
        "div_overflow" => "attempt to divide with overflow",
        "rem_overflow" => "attempt to calculate the remainder with overflow",
        "neg_overflow" => "attempt to negate with overflow",
        "shr_overflow" => "attempt to shift right with overflow",
        "shl_overflow" => "attempt to shift left with overflow",
        "div_by_zero" => "attempt to divide by zero",
        "rem_by_zero" => "attempt to calculate the remainder with a divisor of zero",
        "async_fn_resumed" => "`async fn` resumed after completion",
        "async_fn_resumed_panic" => "`async fn` resumed after panicking",
        "coroutine_resumed" => "coroutine resumed after completion",
        "coroutine_resumed_panic" => "coroutine resumed after panicking",
        _ => return None,
    })
}
