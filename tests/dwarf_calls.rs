//! Call chains of code offsets: what llvm-symbolizer says of the samples' dumps, and addr2line of every function.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use wasmgdb::dwarf::split::SplitPlaces;
use wasmgdb::dwarf::{DebugInfo, InfoId};
use wasmgdb::files::Files;
use wasmgdb::wasm::{CodeOffset, Module};

fn in_package(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// `function file:line:column` of each call, innermost first.
fn chain(info: &DebugInfo<'_>, pc: u64) -> Vec<String> {
    let calls = info.calls_at(CodeOffset(pc)).expect("the unit can be read");
    let text = |call: &wasmgdb::dwarf::function::Call| {
        let name = call.function.as_ref().and_then(|f| f.name.as_deref()).unwrap_or("??");
        match &call.location {
            Some(l) => format!("{name} {}:{}:{}", l.file, l.line.unwrap_or(0), l.column.unwrap_or(0)),
            None => name.to_owned(),
        }
    };
    calls.iter().map(text).collect()
}

fn with_module(path: &str, check: impl FnOnce(&DebugInfo<'_>, &Module<'_>)) {
    let files = Files::new();
    let module = Module::parse(files.open(&in_package(path)).expect("the file exists")).expect("it is a module");
    let info = DebugInfo::new(InfoId(0), module.sections()).expect("it has debug information");
    check(&info, &module);
}

#[test]
fn c_calls_are_named_and_placed() {
    with_module("samples/c_list/module.O2.wasm", |info, _| {
        assert_eq!(chain(info, 0x2d0), ["split workshop.c:71:58"]);
        assert_eq!(chain(info, 0x1f3), ["open_shop workshop.c:146:10"]);
        assert_eq!(chain(info, 0x26fa), ["__original_main libc-bottom-half/sources/__original_main.c:9:12"]);
    });
}

#[test]
fn code_without_debug_information_has_no_calls() {
    with_module("samples/c_list/module.O2.wasm", |info, _| {
        assert!(chain(info, 0x62ba).is_empty());
        assert!(chain(info, 0).is_empty());
        assert!(chain(info, u64::MAX).is_empty());
    });
}

#[test]
fn rust_calls_are_named_as_their_source_has_them() {
    with_module("samples/rust_collections/module.wasm", |info, _| {
        assert_eq!(chain(info, 0x26625), ["<harbour::Robot as harbour::Pilot>::steer src/main.rs:45:9"]);
    });
}

#[test]
fn cpp_calls_have_no_parameter_types() {
    with_module("samples/cpp_shapes/module.wasm", |info, _| {
        assert_eq!(chain(info, 0x12a8c), ["plane::Shape::turn shapes.cpp:33:56"]);
        assert_eq!(chain(info, 0x864), ["(anonymous namespace)::survey shapes.cpp:127:17"]);
    });
}

#[test]
fn zig_calls_have_their_files_as_namespaces() {
    with_module("samples/zig_basic/module.wasm", |info, _| {
        assert_eq!(chain(info, 0x28c2b), ["depot.addUp depot.zig:41:13"]);
        let start = chain(info, 0x284e6);
        assert_eq!(start.len(), 2, "{start:?}");
        assert_eq!(start[0], "start.callMain /samples/zig/std/start.zig:788:64");
    });
}

/// Compares with addr2line at every eighth byte of every function body.
fn agrees_with_addr2line(path: &str) {
    with_module(path, |info, module| {
        let load = |id: gimli::SectionId| -> Result<_, gimli::Error> {
            let data = module.custom_section(id.name()).map(|s| s.data).unwrap_or_default();
            Ok(gimli::EndianSlice::new(data, gimli::LittleEndian))
        };
        let dwarf = gimli::Dwarf::load(load).expect("sections load");
        let context = addr2line::Context::from_arc_dwarf(Arc::new(dwarf)).expect("addr2line reads it");
        let mut compared = 0;
        for index in 0..module.function_count() {
            let Some(body) = module.body(wasmgdb::wasm::FuncIdx(index)) else { continue };
            let start = module.code_offset(body.start).expect("a body lies in the code section");
            for pc in (start.0..start.0 + body.bytes.len() as u64).step_by(8) {
                let ours = info.calls_at(CodeOffset(pc)).expect("the unit can be read");
                let mut theirs = context.find_frames(pc).skip_all_loads().expect("addr2line finds frames");
                let mut level = 0;
                while let Some(frame) = theirs.next().expect("addr2line reads frames") {
                    let call = ours.get(level).unwrap_or_else(|| panic!("{pc:#x}: no call {level}"));
                    level += 1;
                    let raw = frame.function.as_ref().map(|f| f.name.to_string_lossy());
                    let own = call.function.as_ref().and_then(|f| f.linkage_name.clone().or(f.name.clone()));
                    assert!(
                        raw.as_deref().zip(own.as_deref()).is_none_or(|(raw, own)| own.ends_with(raw)),
                        "{pc:#x} level {level}: {own:?}, addr2line {raw:?}"
                    );
                    assert_eq!(frame.function.is_some(), call.function.is_some(), "{pc:#x} level {level}");
                    let line = frame.location.as_ref().and_then(|l| l.line);
                    let column = frame.location.as_ref().and_then(|l| l.column).filter(|c| *c > 0);
                    let own = call.location.as_ref();
                    assert_eq!(own.and_then(|l| l.line), line, "{pc:#x} level {level}");
                    assert_eq!(own.and_then(|l| l.column).filter(|_| line.is_some()), column, "{pc:#x} level {level}");
                    let file = frame.location.as_ref().and_then(|l| l.file).unwrap_or_default();
                    assert!(own.is_none_or(|l| file.ends_with(&*l.file)), "{pc:#x} level {level}: {file}");
                    compared += 1;
                }
                assert_eq!(level, ours.len(), "{pc:#x}: addr2line has {level} calls");
            }
        }
        assert!(compared > 1_000, "only {compared} calls were compared");
    });
}

#[test]
fn optimised_c_agrees_with_addr2line() {
    agrees_with_addr2line("samples/c_list/module.O2.wasm");
}

#[test]
fn rust_agrees_with_addr2line() {
    agrees_with_addr2line("samples/rust_demo/module.wasm");
}

#[test]
fn only_the_units_of_the_asked_code_are_parsed() {
    with_module("samples/rust_demo/module.wasm", |info, _| {
        info.place(&[CodeOffset(0x1a5)]);
        assert_eq!(info.counters().units_parsed.get(), 0);
        assert_eq!(info.counters().dies_read.get(), 0);
        let _ = chain(info, 0x1a5);
        let _ = chain(info, 0x1a5);
        assert_eq!(info.counters().units_parsed.get(), 1);
        assert!(info.counters().roots_read.get() <= u64::from(info.unit_count()));
    });
}

/// The module of a split program, with what stands beside it limited to `allowed`.
fn split_chain(allowed: &[&str]) -> (Vec<String>, Vec<String>) {
    let files = Files::new();
    let path = in_package("tests/data/split/module.wasm");
    let module = Module::parse(files.open(&path).expect("the file exists")).expect("it is a module");
    let open = |path: &Path| {
        let name = path.file_name()?.to_str()?;
        allowed.contains(&name).then(|| files.open(path).ok()).flatten()
    };
    let info = DebugInfo::new(InfoId(0), module.sections()).expect("it has debug information");
    let info = info.with_split_files(&path, SplitPlaces::default(), Box::new(open));
    (chain(&info, 0x561), info.warnings())
}

#[test]
fn split_units_are_read_from_dwo_or_dwp() {
    for file in ["c_structs.dwo", "c_structs.dwp"] {
        let (chain, warnings) = split_chain(&[file]);
        assert_eq!(chain, ["divide c_structs/c_structs.c:142:18"], "{file}");
        assert!(warnings.is_empty(), "{file}: {warnings:?}");
    }
}

#[test]
fn a_missing_dwo_is_named_and_lines_without_functions_remain() {
    let (chain, warnings) = split_chain(&[]);
    assert_eq!(chain, ["?? c_structs/c_structs.c:142:18"]);
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains("c_structs.dwo: not found"), "{warnings:?}");
}
