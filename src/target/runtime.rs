//! Frames of panic and abort machinery: what a runtime puts on the stack between the fault and the trap.
//!
//! A guess by names and paths, used to choose what to show first and what to fold; nothing else depends on it.
//! Assumptions: the machinery is at the young end of the stack, without a gap; Rust's library is compiled under
//! `/rustc/` or `library/`, or its functions live in `std`, `core` and `alloc`; C and C++ abort through the functions
//! listed here; Zig panics through `debug` and `builtin`.

use super::frame::{Frame, FrameId};
use super::stack::Stack;
use crate::dwarf::Language;

/// Functions that end a program, by their whole names.
const ENDINGS: &[&str] = &[
    "abort",
    "raise",
    "exit",
    "_Exit",
    "__assert_fail",
    "__wasi_proc_exit",
    "abort_message",
    "std::terminate",
    "std::__terminate",
    "__cxa_throw",
    "__cxa_rethrow",
    "__cxa_pure_virtual",
    "__cxa_bad_cast",
    "demangling_terminate_handler",
    "__stack_chk_fail",
    "__ubsan_handle_divrem_overflow_abort",
    "rust_panic",
    "rust_begin_unwind",
    "rust_oom",
    "builtin.default_panic",
    "defaultPanic",
    "debug.defaultPanic",
    "debug.panic",
    "debug.panicExtra",
    "debug.panicImpl",
    "posix.abort",
];

/// Beginnings of names of panic machinery.
const BEGINNINGS: &[&str] = &[
    "std::panicking::",
    "std::sys::",
    "std::process::abort",
    "std::rt::",
    "std::alloc::rust_oom",
    "core::panicking::",
    "core::option::unwrap_failed",
    "core::option::expect_failed",
    "core::result::unwrap_failed",
    "core::cell::panic_already",
    "core::slice::index::",
    "core::str::slice_error_fail",
    "alloc::alloc::handle_alloc_error",
    "alloc::raw_vec::",
    "panic_abort::",
    "panic_unwind::",
    "__rust_start_panic",
    "__rust_abort",
    "__rustc::",
    "__rdl_",
    "rust_eh_",
    "std::__1::__libcpp_verbose_abort",
    "std::__2::__libcpp_verbose_abort",
    "builtin.panic",
    "debug.FullPanic",
    "debug.no_panic",
    "debug.simple_panic",
];

/// How many frames at the young end of the stack are machinery; none of it if all frames are.
pub fn runtime_frames(stack: &Stack) -> usize {
    let frames = stack.frames();
    let count = frames.iter().take_while(|frame| is_machinery(frame)).count();
    if count == frames.len() { 0 } else { count }
}

/// The frame to show first: the youngest that is the user's own code, as far as that can be told.
pub fn first_frame(stack: &Stack) -> FrameId {
    let machinery = runtime_frames(stack);
    let rest = || stack.frames().iter().skip(machinery);
    let with_source = rest().find(|frame| frame.location().is_some_and(|place| place.line.is_some()));
    // A C library without debug information above the user's code is shown: it names what was called.
    let first = if machinery == 0 { rest().next() } else { with_source.or_else(|| rest().next()) };
    first.map_or(FrameId(0), |frame| frame.id)
}

fn is_machinery(frame: &Frame) -> bool {
    let name = frame.display_name();
    let name = name.split(['<', '(']).next().filter(|name| !name.is_empty()).unwrap_or(&name);
    if ENDINGS.contains(&name) || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning)) {
        return true;
    }
    let rust = frame.function().is_some_and(|function| function.language == Language::Rust);
    rust && frame.location().is_some_and(|place| is_library(&place.file, place.directory.as_deref()))
}

/// A source path of Rust's own library.
fn is_library(file: &str, directory: Option<&str>) -> bool {
    let in_library = |path: &str| {
        path.starts_with("/rustc/") || path.starts_with("library/") || path.contains("/rustlib/src/rust/library/")
    };
    in_library(file) || directory.is_some_and(|directory| directory.starts_with("/rustc/"))
}
