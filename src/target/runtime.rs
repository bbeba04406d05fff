//! Frames of panic and abort machinery: what a runtime puts on the stack between the fault and the trap.
//!
//! A guess by names and paths, used to choose what to show first, what to fold and whose parameters to read as a
//! message. Assumptions: the machinery is at the young end of the stack, without a gap, and a function that only ends
//! programs is part of it. Rust's library is told by its crates or by the path that its sources were compiled under;
//! C's and C++'s by reserved names, or by a path where the function has debug information (a function `abort` that was
//! compiled from a user's file is the user's); Zig's by the folder `std`; TinyGo's by the package `runtime`.

use std::rc::Rc;

use super::frame::{Frame, FrameId};
use super::program::Program;
use super::stack::Stack;
use crate::dwarf::Language;
use crate::dwarf::language::demangle;

/// What a frame's function is to the machinery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It only runs when the program is given up.
    Ending,
    /// Code of the language's library, which may stand between an ending and the user's code.
    Library,
    /// Anything else: the user's.
    Own,
}

/// Reserved names of C and C++ functions that end a program: nobody else may define them.
const RESERVED: &[&str] = &[
    "__assert_fail",
    "__assert_fail_impl",
    "__assert",
    "__wasi_proc_exit",
    "__stack_chk_fail",
    "__cxa_throw",
    "__cxa_rethrow",
    "__cxa_pure_virtual",
    "__cxa_deleted_virtual",
    "__cxa_bad_cast",
    "__cxa_bad_typeid",
    "__cxa_throw_bad_array_new_length",
    "__abort_message",
    "__wasilibc_abort",
    "_Unwind_RaiseException",
    "_Unwind_Resume",
];

/// Names that a C library or a C++ runtime uses and that a user may use as well.
const ORDINARY: &[&str] =
    &["abort", "raise", "exit", "_Exit", "abort_message", "demangling_terminate_handler", "_abort_js"];

/// Parts of the paths that C and C++ libraries are compiled from.
const LIBRARY_PATHS: &[&str] = &[
    "libc-bottom-half",
    "libc-top-half",
    "wasi-libc",
    "/musl/",
    "system/lib/",
    "libcxx",
    "libunwind",
    "compiler-rt",
    "/c++/v1/",
    "include/c++/",
];

/// Rust's own crates.
const RUST_CRATES: &[&str] = &["core", "std", "alloc", "panic_abort", "panic_unwind", "__rustc", "compiler_builtins"];

/// Functions of Rust's library that end a program and whose names do not say so.
const RUST_ENDINGS: &[&str] = &[
    "rust_panic",
    "rust_oom",
    "rust_panic_with_hook",
    "begin_panic",
    "begin_panic_handler",
    "__rust_start_panic",
    "__rust_abort",
    "abort",
    "abort_internal",
    "handle_alloc_error",
    "handle_error",
    "capacity_overflow",
    "unreachable_display",
    "__rust_alloc_error_handler",
    "__rdl_alloc_error_handler",
    "__rdl_oom",
    "default_alloc_error_hook",
];

/// The symbol that a program's `#[panic_handler]` gets, whoever wrote it.
const PANIC_HANDLER: &str = "rust_begin_unwind";

/// What a failed check of Zig's calls; it calls the program's own panic function.
const ZIG_CHECKS: &str = "debug.FullPanic(";

/// TinyGo's, in its package `runtime`.
const GO_ENDINGS: &[&str] = &["_panic", "abort", "fatalError", "throw", "trap", "alloc.oom"];

/// How many frames at the young end of the stack are machinery; none of it if all frames are.
pub fn runtime_frames(program: &Program<'_>, stack: &Stack) -> usize {
    let count = machinery(program, stack);
    if count == stack.frames().len() { 0 } else { count }
}

/// The same, also where nothing else is on the stack. Library code at the young end of a stack without an ending is no
/// machinery: the user's call into it trapped.
pub fn machinery(program: &Program<'_>, stack: &Stack) -> usize {
    let handler = panic_handler(program, stack);
    let rest = stack.frames().iter().skip(handler);
    let roles = rest.map(|frame| role(program, frame)).take_while(|role| *role != Role::Own);
    let (count, ends) =
        roles.fold((handler, handler > 0), |(count, ends), role| (count + 1, ends || role == Role::Ending));
    if ends { count } else { 0 }
}

/// The panic handler of Rust or Zig may be the user's, and may call functions of the user's: so many frames at the
/// young end are of it. Not where it formats something: then it is a value's own code that failed.
fn panic_handler(program: &Program<'_>, stack: &Stack) -> usize {
    const MOST: usize = 16;
    for (index, frame) in stack.frames().iter().enumerate().take(MOST) {
        let Some(name) = full_name(program, frame) else { continue };
        if name.contains("core::fmt::") || name.starts_with("Io.Writer.") || name.starts_with("fmt.") {
            return 0;
        }
        if last_part(&name) == PANIC_HANDLER || name.starts_with(ZIG_CHECKS) {
            return index + 1;
        }
    }
    0
}

/// The frame to show first: the youngest that is the user's own code, as far as that can be told.
pub fn first_frame(program: &Program<'_>, stack: &Stack) -> FrameId {
    let machinery = runtime_frames(program, stack);
    let rest = || stack.frames().iter().skip(machinery);
    let with_source = rest().find(|frame| frame.location().is_some_and(|place| place.line.is_some()));
    // A C library without debug information above the user's code is shown: it names what was called.
    let first = if machinery == 0 { rest().next() } else { with_source.or_else(|| rest().next()) };
    first.map_or(FrameId(0), |frame| frame.id)
}

/// What a frame's function is.
pub fn role(program: &Program<'_>, frame: &Frame) -> Role {
    let Some(name) = full_name(program, frame) else { return Role::Own };
    let path = Path::of(frame);
    if last_part(&name) == PANIC_HANDLER {
        return Role::Ending;
    }
    if is_rust_library(frame, &name, &path) {
        return if is_rust_ending(&name) { Role::Ending } else { Role::Library };
    }
    let head = name.split('(').next().unwrap_or(&name);
    if RESERVED.contains(&head) {
        return Role::Ending;
    }
    if let Some(role) = zig(&name, &path) {
        return role;
    }
    let is_library = if frame.function().is_some() { path.has(LIBRARY_PATHS) } else { true };
    if ORDINARY.contains(&head) && is_library {
        return Role::Ending;
    }
    if head.strip_prefix("std::").is_some_and(is_cpp_ending) {
        return Role::Ending;
    }
    let is_named_library = head.starts_with("std::") || name.starts_with("operator new");
    if is_library && (is_named_library || frame.function().is_some()) {
        return Role::Library;
    }
    if let Some(function) = name.strip_prefix("runtime.")
        && (function.ends_with("Panic") || function.contains("Panic") || GO_ENDINGS.contains(&function))
    {
        return Role::Ending;
    }
    Role::Own
}

/// The name of a frame's function as the linker knew it, demangled and without the compiler's hash; an inlined one
/// has only that of the debug information. Debug information with nothing but lines leaves namespaces out.
pub fn full_name(program: &Program<'_>, frame: &Frame) -> Option<Rc<str>> {
    let linkage = || frame.function()?.linkage_name.clone();
    let in_section = || program.wasm_function_name(frame.module?, frame.func);
    let linked = if frame.inlined { linkage() } else { in_section().or_else(linkage) };
    match linked {
        Some(name) => Some(readable(&name)),
        None => frame.name.clone(),
    }
}

/// A linker's name, demangled if it is not, without the hash that ends Rust's older names.
pub fn readable(name: &str) -> Rc<str> {
    let demangled = demangle(name);
    let name = demangled.as_deref().unwrap_or(name);
    let is_hash =
        |end: &&str| end.len() == 17 && end.starts_with('h') && end.bytes().skip(1).all(|b| b.is_ascii_hexdigit());
    match name.rsplit_once("::").filter(|(_, end)| is_hash(end)) {
        Some((rest, _)) => rest.into(),
        None => name.into(),
    }
}

/// The last part of a qualified name, without generic arguments: `unwrap_failed`.
pub fn last_part(name: &str) -> &str {
    let mut name = name;
    // `begin_panic::<&str>`; a closure's number is part of its name.
    while name.ends_with('>') {
        let mut depth = 0usize;
        let open = name.char_indices().rev().find(|(_, c)| {
            match c {
                '>' => depth += 1,
                '<' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        });
        let Some((at, _)) = open.filter(|(at, _)| *at > 0) else { break };
        name = name.get(..at).unwrap_or(name).trim_end_matches("::");
    }
    name.rsplit("::").next().unwrap_or(name)
}

/// Where a frame's code was compiled from.
struct Path<'a> {
    file: &'a str,
    directory: &'a str,
}

impl<'a> Path<'a> {
    fn of(frame: &'a Frame) -> Self {
        let declared = || frame.function()?.declared.as_ref();
        let place = frame.location().or_else(declared);
        Path {
            file: place.map_or("", |place| &place.file),
            directory: place.and_then(|place| place.directory.as_deref()).unwrap_or_default(),
        }
    }

    fn has(&self, parts: &[&str]) -> bool {
        parts.iter().any(|part| self.file.contains(part) || self.directory.contains(part))
    }

    /// The file is one of Rust's own library.
    fn is_rust_library(&self) -> bool {
        let in_library = |path: &str| {
            path.starts_with("/rustc/") || path.starts_with("library/") || path.contains("/rustlib/src/rust/library/")
        };
        in_library(self.file) || (!self.file.starts_with('/') && self.directory.starts_with("/rustc/"))
    }
}

fn is_rust_library(frame: &Frame, name: &str, path: &Path<'_>) -> bool {
    let language = frame.function().map(|function| function.language);
    if language == Some(Language::Rust) && !path.file.is_empty() {
        return path.is_rust_library();
    }
    if !matches!(language, None | Some(Language::Rust)) {
        return false;
    }
    // `std` is C++'s namespace as well: only Rust's modules of that name count without debug information.
    is_of_rust_crates(name) && !is_cpp_std(name) || name.starts_with("__rust_") || name.starts_with("__rdl_")
}

/// `core::…`, `<alloc::vec::Vec<T> as …>::…`, or an implementation of a library's trait for one of the language's own
/// types, which only the library may have: `<str as core::ops::index::Index<…>>::index`.
fn is_of_rust_crates(name: &str) -> bool {
    let root = |path: &str| RUST_CRATES.contains(&path.split("::").next().unwrap_or_default());
    let Some(implementation) = name.strip_prefix('<') else { return root(name) };
    let (own, described) = implementation.split_once(" as ").unwrap_or((implementation, ""));
    let is_languages_own =
        own.starts_with(['[', '(', '*', '&']) || !own.contains("::") && own.starts_with(char::is_lowercase);
    root(own) || is_languages_own && root(described)
}

fn is_cpp_std(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("std::") else { return false };
    let modules = ["panicking::", "sys::", "process::", "rt::", "alloc::", "thread::", "io::", "panic::"];
    !modules.iter().any(|module| rest.starts_with(module))
}

fn is_rust_ending(name: &str) -> bool {
    let last = last_part(name);
    RUST_ENDINGS.contains(&last)
        || last.starts_with("panic")
        || last.starts_with("assert_failed")
        || ["_fail", "_failed", "_fail_rt", "_fail_ct"].iter().any(|end| last.ends_with(end))
}

/// `rest` is the name behind `std::`.
fn is_cpp_ending(rest: &str) -> bool {
    let rest = match rest.split_once("::") {
        Some((version, rest)) if version.starts_with("__") => rest,
        _ => rest,
    };
    ["terminate", "__terminate", "unexpected", "__libcpp_verbose_abort"].contains(&rest)
        || rest.rsplit("::").next().is_some_and(|last| last.starts_with("__throw_"))
}

/// The role of a function of Zig's library; none of others.
fn zig(name: &str, path: &Path<'_>) -> Option<Role> {
    const FILES: &[&str] = &["debug", "builtin", "process", "posix", "os"];
    let (namespace, rest) = name.split_once('.')?;
    let in_std = path.file.contains("/std/") || path.directory.contains("/std") || path.file.is_empty();
    if !FILES.contains(&namespace) || !in_std || rest.contains("::") {
        return None;
    }
    let gives_up = ["panic", "Panic", "abort", "exit", "waitForOtherThread"].iter().any(|word| rest.contains(word));
    Some(if gives_up { Role::Ending } else { Role::Library })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generic_arguments_and_hashes_are_no_part_of_a_name() {
        for (name, last) in [
            ("core::panicking::panic_fmt", "panic_fmt"),
            ("std::panicking::begin_panic::<&str>", "begin_panic"),
            ("core::panicking::assert_failed::<a::B<c::D>, i32>", "assert_failed"),
            ("abort", "abort"),
            ("<>", "<>"),
        ] {
            assert_eq!(last_part(name), last);
        }
        assert_eq!(&*readable("core::panicking::panic_fmt::h0123456789abcdef"), "core::panicking::panic_fmt");
        assert_eq!(&*readable("_ZN4core9panicking9panic_fmt17h0123456789abcdefE"), "core::panicking::panic_fmt");
    }

    #[test]
    fn the_library_implements_its_traits_for_the_languages_own_types() {
        for (name, library) in [
            ("core::option::unwrap_failed", true),
            ("<alloc::vec::Vec<own::T> as core::ops::index::Index<usize>>::index", true),
            ("<str as core::ops::index::Index<core::ops::range::RangeTo<usize>>>::index", true),
            ("<[i32]>::copy_from_slice", false),
            ("<str as own::Measure>::width", false),
            ("<own::T as core::ops::drop::Drop>::drop", false),
            ("own::core::panic", false),
        ] {
            assert_eq!(is_of_rust_crates(name), library, "{name}");
        }
    }

    #[test]
    fn the_two_namespaces_std_are_told_apart() {
        assert!(is_cpp_std("std::__2::vector::at"));
        assert!(!is_cpp_std("std::panicking::panic_with_hook"));
        assert!(is_cpp_ending("__2::__throw_out_of_range"));
        assert!(is_cpp_ending("terminate"));
        assert!(!is_cpp_ending("__2::sort"));
    }
}
