//! The message behind an abort: what the program said, or was about to say, when it gave up.
//!
//! Assumptions, each checked as far as the dump allows, and nothing is said where one fails: the runtime's function is
//! on the stack under its usual name; its parameters are those of its source. Rust: `core::panicking::panic_fmt` takes
//! `fmt::Arguments` (two words since Rust 1.93, library/core/src/fmt/mod.rs) and a `&Location`. C: `__assert_fail` takes
//! expression, file, line and function (wasi-libc, Emscripten). Zig: `defaultPanic` takes the message as a slice.

use super::format_arguments::render;
use super::frame::Frame;
use super::program::Program;
use super::stack::Stack;

/// Longest text that is taken for a message, in bytes.
const MAX_MESSAGE_BYTES: u64 = 4096;

/// What the program said, with the place it named; none if no known runtime function is on the stack.
pub fn message(program: &Program<'_>, stack: &Stack) -> Option<String> {
    stack.frames().iter().take(64).find_map(|frame| {
        let name = frame.name.as_deref()?;
        let words = Words { program, stack, frame };
        match name.rsplit("::").next().unwrap_or(name) {
            "panic_fmt" if name.starts_with("core::panicking") => words.rust_panic(),
            "panic_nounwind_fmt" => words.rust_panic(),
            "__assert_fail" => words.assertion(),
            "debug.defaultPanic" | "builtin.default_panic" => words.zig_panic(),
            "__cxa_pure_virtual" => Some("pure virtual function called".into()),
            "__cxa_throw" => Some("uncaught C++ exception".into()),
            "terminate" | "__terminate" if name.starts_with("std::") => Some("std::terminate was called".into()),
            short if name.starts_with("std::") && short.starts_with("__throw_") => {
                Some(format!("std::{short} was called"))
            }
            "abort" if frame.id.0 == 0 && !is_rust(stack) => words.abort(),
            _ => None,
        }
    })
}

fn is_rust(stack: &Stack) -> bool {
    stack.frames().iter().take(8).filter_map(|f| f.name.as_deref()).any(|name| name.starts_with("std::process::abort"))
}

/// A runtime function's frame and what its parameters say.
struct Words<'a, 'f> {
    program: &'a Program<'f>,
    stack: &'a Stack,
    frame: &'a Frame,
}

impl Words<'_, '_> {
    /// A wasm parameter of the frame, as it was passed if that is known, else as it is.
    fn parameter(&self, index: u32) -> Option<u64> {
        let physical = self.frame.physical;
        let passed = self.program.parameter(self.stack, physical, index);
        let known = passed.or_else(|_| self.program.local(self.stack, physical, index));
        known.ok()?.0.as_address()
    }

    fn bytes(&self, address: u64, length: u64) -> Option<Vec<u8>> {
        if length > MAX_MESSAGE_BYTES {
            return None;
        }
        let mut bytes = vec![0u8; length as usize];
        self.program.read_memory(self.frame.instance?, address, &mut bytes).ok()?;
        Some(bytes)
    }

    fn word(&self, address: u64) -> Option<u64> {
        let bytes = self.bytes(address, 4)?;
        Some(u64::from(u32::from_le_bytes(bytes.try_into().ok()?)))
    }

    fn text(&self, address: u64, length: u64) -> Option<String> {
        String::from_utf8(self.bytes(address, length)?).ok()
    }

    fn c_string(&self, address: u64) -> Option<String> {
        let memory = self.program.memory(self.frame.instance?).ok()?;
        let found = memory.read_string(address, MAX_MESSAGE_BYTES as usize).ok()?;
        String::from_utf8(found.bytes).ok().filter(|text| !text.is_empty())
    }

    fn rust_panic(&self) -> Option<String> {
        let read = |address: u64, length: u64| self.bytes(address, length);
        let name = |index: u64| self.program.table_function_name(self.frame.instance?, index);
        let message = render(self.parameter(0)?, self.parameter(1)?, &read, &name)?;
        match self.parameter(2).and_then(|at| self.rust_location(at)) {
            Some(place) => Some(format!("panicked at {place}: {message}")),
            None => Some(format!("panicked: {message}")),
        }
    }

    /// `core::panic::Location`: a string slice, line and column, four words.
    fn rust_location(&self, at: u64) -> Option<String> {
        let file = self.text(self.word(at)?, self.word(at.checked_add(4)?)?)?;
        let (line, column) = (self.word(at.checked_add(8)?)?, self.word(at.checked_add(12)?)?);
        let plausible = !file.is_empty() && !file.contains('\0') && line > 0 && column > 0;
        plausible.then(|| format!("{file}:{line}:{column}"))
    }

    fn assertion(&self) -> Option<String> {
        let expression = self.c_string(self.parameter(0)?)?;
        let mut message = format!("Assertion failed: {expression}");
        if let (Some(file), Some(line)) = (self.parameter(1).and_then(|at| self.c_string(at)), self.parameter(2)) {
            message.push_str(&format!(" at {file}:{line}"));
        }
        if let Some(function) = self.parameter(3).and_then(|at| self.c_string(at)) {
            message.push_str(&format!(" in {function}"));
        }
        Some(message)
    }

    fn zig_panic(&self) -> Option<String> {
        // By value as two words, or as a pointer to them.
        let first = self.parameter(0)?;
        let direct = || self.text(first, self.parameter(1)?);
        let behind = || self.text(self.word(first)?, self.word(first.checked_add(4)?)?);
        let printable = |text: &String| !text.is_empty() && !text.chars().any(char::is_control);
        let message = behind().filter(printable).or_else(|| direct().filter(printable))?;
        Some(format!("panic: {message}"))
    }

    fn abort(&self) -> Option<String> {
        let caller = self.stack.frames().get(1)?;
        Some(format!("abort was called by {}", caller.display_name()))
    }
}
