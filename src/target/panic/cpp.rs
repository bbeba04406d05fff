//! C and C++: the arguments of the functions that the C library and the C++ runtime give up in.
//!
//! Signatures: `__assert_fail` of musl (wasi-libc, Emscripten); `__abort_message` and `__libcpp_verbose_abort` of LLVM's
//! libc++ take a `printf` format; `__cxa_throw` and the layout of type information are the Itanium C++ ABI's (2.4.1 and
//! 2.9.4). Standard exceptions of libc++ keep a pointer to their text behind the vtable pointer.

use super::call::RuntimeCall;
use super::printf::formatted;
use super::told::Told;
use crate::dwarf::language::demangle;

/// Standard exceptions with a text: those made of `std::logic_error` and `std::runtime_error`.
const WITH_TEXT: &[&str] = &[
    "logic_error",
    "domain_error",
    "invalid_argument",
    "length_error",
    "out_of_range",
    "runtime_error",
    "range_error",
    "overflow_error",
    "underflow_error",
];

/// What a call of a C or C++ runtime tells; none of other functions.
pub fn tell(call: &RuntimeCall<'_, '_>) -> Option<Told> {
    let name = &*call.name;
    let name = name.strip_prefix("env.").unwrap_or(name);
    let head = name.split('(').next().unwrap_or(name);
    Some(match head.rsplit("::").next().unwrap_or(head) {
        "__assert_fail" => Told::all(assertion(call)?),
        "abort_message" | "__abort_message" | "__libcpp_verbose_abort" => {
            let format = call.c_string(call.argument(0)?)?;
            let text = call.argument(1).and_then(|arguments| formatted(call, &format, arguments));
            Told::all(text.unwrap_or(format).trim_end().to_owned())
        }
        "__cxa_throw" => Told::all(uncaught(call)),
        "__cxa_pure_virtual" => Told::at_least("pure virtual function called"),
        "__cxa_deleted_virtual" => Told::at_least("deleted virtual function called"),
        "__cxa_bad_cast" => Told::at_least("std::bad_cast"),
        "__stack_chk_fail" => Told::all("stack smashing detected"),
        "terminate" | "__terminate" if name.starts_with("std::") => Told::at_least("std::terminate was called"),
        short if name.starts_with("std::") => {
            let what = short.strip_prefix("__throw_")?;
            let text = call.argument(0).filter(|_| call.count == 1).and_then(|at| call.c_string(at));
            Told::at_least(match text {
                Some(text) => format!("std::{what} was thrown: {text}"),
                None => format!("std::{what} was thrown"),
            })
        }
        _ => return None,
    })
}

/// As the C library prints it: `Assertion failed: n > 0 (file.c: function: 12)`.
fn assertion(call: &RuntimeCall<'_, '_>) -> Option<String> {
    let expression = call.c_string(call.argument(0)?)?;
    let text = |index| call.argument(index).and_then(|at| call.c_string(at));
    let line = call.number(2).map(|line| line.to_string());
    let place: Vec<String> = [text(1), text(3), line].into_iter().flatten().collect();
    let place = if place.is_empty() { String::new() } else { format!(" ({})", place.join(": ")) };
    Some(format!("Assertion failed: {expression}{place}"))
}

/// The type of a thrown object, and its text if it is a standard exception.
fn uncaught(call: &RuntimeCall<'_, '_>) -> String {
    let name = || {
        let information = call.argument(1)?;
        let mangled = call.c_string(call.word(information.checked_add(4)?)?)?;
        let name = demangle(&format!("_ZTS{mangled}"))?;
        Some(name.strip_prefix("typeinfo name for ").unwrap_or(&name).to_owned())
    };
    let Some(name) = name() else { return "uncaught exception".to_owned() };
    let is_standard = name.strip_prefix("std::").is_some_and(|name| WITH_TEXT.contains(&name));
    let text = || call.c_string(call.word(call.argument(0)?.checked_add(4)?)?);
    match text().filter(|_| is_standard) {
        Some(text) => format!("uncaught exception of type {name}: {text}"),
        None => format!("uncaught exception of type {name}"),
    }
}
