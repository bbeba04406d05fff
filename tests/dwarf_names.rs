//! Names to DIEs, and source lines to code.

#[path = "synth/dwarf.rs"]
mod dwarf;

use std::path::Path;

use dwarf::{die, function, root, unit, write};
use gimli::{
    DW_AT_abstract_origin, DW_AT_const_value, DW_AT_declaration, DW_AT_enum_class, DW_AT_inline, DW_AT_linkage_name,
    DW_AT_specification, DW_TAG_enumeration_type, DW_TAG_enumerator, DW_TAG_namespace, DW_TAG_structure_type,
    DW_TAG_subprogram, DW_TAG_variable,
};
use wasmgdb::dwarf::names::Kind;
use wasmgdb::dwarf::split::SplitPlaces;
use wasmgdb::dwarf::{DebugInfo, InfoId, UnitId};
use wasmgdb::files::Files;
use wasmgdb::wasm::{CodeOffset, Module};

fn open(sections: &dwarf::DebugSections) -> DebugInfo<'_> {
    DebugInfo::new(InfoId(0), &sections.list()).expect("there is debug information")
}

fn with_sample(path: &str, check: impl FnOnce(&DebugInfo<'_>)) {
    let files = Files::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let module = Module::parse(files.open(&path).expect("the file exists")).expect("it is a module");
    check(&DebugInfo::new(InfoId(0), module.sections()).expect("it has debug information"));
}

fn text(value: &str) -> dwarf::Value {
    dwarf::Value::Text(value.to_owned())
}

/// One C++ unit with most ways to define something.
fn program() -> dwarf::DebugSections {
    let area = die(DW_TAG_subprogram).name("area").flag(DW_AT_declaration).label("area");
    let circle = die(DW_TAG_structure_type).name("Circle").with(area);
    let inner = die(DW_TAG_namespace)
        .name("inner")
        .with(die(DW_TAG_variable).name("limit").at(&[3, 4, 0, 0, 0]))
        .with(die(DW_TAG_subprogram).name("twice<int>").set(DW_AT_linkage_name, text("_Z5twiceIiEvv")).code(0x140, 8));
    let geo = die(DW_TAG_namespace).name("geo").with(circle).with(die(DW_TAG_namespace).with(inner));
    let color = die(DW_TAG_enumeration_type)
        .name("Color")
        .flag(DW_AT_enum_class)
        .with(die(DW_TAG_enumerator).name("RED").number(DW_AT_const_value, 1));
    let plain = die(DW_TAG_enumeration_type)
        .name("mode")
        .with(die(DW_TAG_enumerator).name("FAST").number(DW_AT_const_value, 1));
    let walk = function("walk", 0x110, 0x10)
        .with(die(DW_TAG_variable).name("local").at(&[0x91, 4]))
        .with(die(DW_TAG_variable).name("calls").at(&[3, 8, 0, 0, 0]))
        .with(die(DW_TAG_structure_type).name("Inside").number(gimli::DW_AT_byte_size, 4));
    let origin = die(DW_TAG_subprogram).name("helper").label("helper").number(DW_AT_inline, 1);
    let tree = root()
        .code(0x100, 0x100)
        .with_all([geo, color, plain, walk, origin])
        .with(die(DW_TAG_subprogram).code(0x120, 0x10).to(DW_AT_specification, "area"))
        .with(die(DW_TAG_subprogram).code(0x130, 0x10).to(DW_AT_abstract_origin, "helper"))
        .with(function("dropped", 0xffff_ffff, 8).with(die(DW_TAG_structure_type).name("Gone")))
        .with(die(DW_TAG_structure_type).name("Opaque").flag(DW_AT_declaration));
    let rows = [(0x10, 5), (0x20, 7), (0x28, 9), (0x30, 5)];
    write(&[unit(tree).language(gimli::DW_LANG_C_plus_plus_14).rows(0x100, &rows, 0x100), unit(root())])
}

/// Qualified names found for `name`, by both ways.
fn found(info: &DebugInfo<'_>, kind: Kind, name: &str) -> Vec<String> {
    let whole = info.find(kind, name);
    let mut near = info.find_in_units(&[UnitId(0), UnitId(1)], kind, name);
    near.sort();
    assert_eq!(whole, near, "{name}");
    whole.iter().map(|die| info.full_name(*die).unwrap_or_default().to_string()).collect()
}

#[test]
fn names_are_found_by_their_last_parts() {
    let sections = program();
    let info = open(&sections);
    for (kind, name, expected) in [
        (Kind::Function, "walk", "walk"),
        (Kind::Function, "area", "geo::Circle::area"),
        (Kind::Function, "Circle::area", "geo::Circle::area"),
        (Kind::Function, "geo::Circle::area", "geo::Circle::area"),
        (Kind::Variable, "limit", "geo::(anonymous namespace)::inner::limit"),
        (Kind::Variable, "geo::inner::limit", "geo::(anonymous namespace)::inner::limit"),
        (Kind::Variable, "walk::calls", "walk::calls"),
        (Kind::Type, "geo::Circle", "geo::Circle"),
        (Kind::Type, "Inside", "walk::Inside"),
        (Kind::Type, "Opaque", "Opaque"),
        (Kind::Enumerator, "Color::RED", "Color"),
        (Kind::Enumerator, "FAST", "mode"),
        (Kind::Enumerator, "mode::FAST", "mode"),
    ] {
        assert_eq!(found(&info, kind, name), [expected], "{name}");
    }
}

#[test]
fn other_names_are_not_found() {
    let sections = program();
    let info = open(&sections);
    for (kind, name) in [
        (Kind::Function, "Square::area"),
        (Kind::Function, "dropped"),
        (Kind::Function, "Circle"),
        (Kind::Variable, "local"),
        (Kind::Type, "Gone"),
        (Kind::Type, "inner::Circle"),
        (Kind::Type, ""),
        (Kind::Function, "::"),
    ] {
        assert!(found(&info, kind, name).is_empty(), "{name}");
    }
}

#[test]
fn functions_are_found_without_their_arguments_and_by_linkage_name() {
    let sections = program();
    let info = open(&sections);
    assert_eq!(info.find(Kind::Function, "twice").len(), 1);
    assert_eq!(info.find(Kind::Function, "twice<int>").len(), 1);
    assert_eq!(info.find(Kind::Function, "twice<long>").len(), 0);
    assert_eq!(info.find(Kind::Function, "_Z5twiceIiEvv").len(), 1);
    assert_eq!(info.find(Kind::Function, "_Z5twiceIlEvv").len(), 0);
}

#[test]
fn generic_types_are_found_as_they_are_shown() {
    with_sample("samples/rust_collections/module.wasm", |info| {
        for name in ["Vec<u8>", "Vec<u8, Global>", "alloc::vec::Vec<u8, alloc::alloc::Global>", "vec::Vec<u8>"] {
            assert!(!info.find(Kind::Type, name).is_empty(), "{name}");
        }
        assert!(info.find(Kind::Type, "Vec<nothing>").is_empty());
        assert!(info.find(Kind::Type, "Vec").is_empty());
    });
}

#[test]
fn an_inlined_function_and_its_instance_are_both_found() {
    let sections = program();
    let info = open(&sections);
    let helpers = info.find(Kind::Function, "helper");
    let code: Vec<_> = helpers.iter().map(|die| info.code_of(*die)).collect();
    assert_eq!(code, [vec![], vec![(CodeOffset(0x130), CodeOffset(0x140))]]);
}

#[test]
fn instances_in_other_units_have_the_names_of_their_origins() {
    let origin = die(DW_TAG_subprogram).name("shared").label("shared").number(DW_AT_inline, 1);
    let instance = die(DW_TAG_subprogram).code(0x100, 8).far(DW_AT_abstract_origin, 0, "shared");
    let sections = write(&[unit(root().with(origin)), unit(root().code(0x100, 8).with(instance))]);
    assert_eq!(found(&open(&sections), Kind::Function, "shared"), ["shared", "shared"]);
}

#[test]
fn all_names_are_listed_qualified() {
    let sections = program();
    let info = open(&sections);
    let mut functions: Vec<String> = info.all(Kind::Function).map(|name| name.qualified()).collect();
    functions.sort();
    let inner = "geo::(anonymous namespace)::inner::twice<int>";
    assert_eq!(functions, [inner, "geo::Circle::area", "helper", "helper", "walk"]);
    let mut types: Vec<String> = info.all(Kind::Type).map(|name| name.qualified()).collect();
    types.sort();
    assert_eq!(types, ["Color", "geo::Circle", "mode", "walk::Inside"]);
}

#[test]
fn names_in_some_units_are_found_without_reading_the_others() {
    let numbered = |n: u64| unit(root().code(n * 0x100, 0x10).with(function(&format!("f{n}"), n * 0x100, 0x10)));
    let sections = write(&(1..=50).map(numbered).collect::<Vec<_>>());
    let info = open(&sections);
    assert_eq!(info.find_in_units(&[UnitId(6)], Kind::Function, "f7").len(), 1);
    assert_eq!(info.counters().dies_read.get(), 2);
    assert!(info.find_in_units(&[UnitId(6)], Kind::Function, "f8").is_empty());
    assert_eq!(info.counters().dies_read.get(), 2);
    assert_eq!(info.find(Kind::Function, "f50").len(), 1);
    let all = info.counters().dies_read.get();
    assert_eq!(all, 2 + 2 * 50);
    assert_eq!(info.find(Kind::Function, "f3").len(), 1);
    assert_eq!(info.counters().dies_read.get(), all);
}

#[test]
fn lines_lead_to_code() {
    let sections = program();
    let info = open(&sections);
    let code = |line| -> Vec<(u32, u64, u64)> {
        info.lines_of("main.c", line).iter().map(|c| (c.line, c.begin.0, c.end.0)).collect()
    };
    assert_eq!(code(5), [(5, 0x110, 0x120), (5, 0x130, 0x200)]);
    assert_eq!(code(7), [(7, 0x120, 0x128)]);
    assert_eq!(code(8), [(9, 0x128, 0x130)], "the next line with code");
    assert!(code(10).is_empty());
    assert!(info.lines_of("in.c", 5).is_empty(), "part of a name is no name");
    assert_eq!(info.lines_of("/src/main.c", 7).len(), 1);
}

#[test]
fn rust_names_are_found_with_and_without_their_crate() {
    with_sample("samples/rust_collections/module.wasm", |info| {
        for name in ["Robot", "harbour::Robot"] {
            assert!(!info.find(Kind::Type, name).is_empty(), "{name}");
        }
        let method = info.find(Kind::Function, "<harbour::Robot as harbour::Pilot>::steer");
        assert_eq!(method.len(), 1);
        assert_eq!(info.declared(method[0]).and_then(|d| d.line), Some(44));
    });
}

#[test]
fn zig_names_are_found_with_their_files() {
    with_sample("samples/zig_basic/module.wasm", |info| {
        assert_eq!(info.find(Kind::Function, "depot.addUp").len(), 1);
        assert_eq!(info.find(Kind::Function, "addUp").len(), 1);
        assert!(info.find(Kind::Function, "other.addUp").is_empty());
    });
}

#[test]
fn split_units_have_names_too() {
    let files = Files::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/split/module.wasm");
    let module = Module::parse(files.open(&path).expect("the file exists")).expect("it is a module");
    let info = DebugInfo::new(InfoId(0), module.sections()).expect("it has debug information");
    let info = info.with_split_files(&path, SplitPlaces::default(), Box::new(|path| files.open(path).ok()));
    let divide = info.find(Kind::Function, "divide");
    assert_eq!(divide.len(), 1);
    assert_eq!(info.find_in_units(&[divide[0].unit], Kind::Function, "divide"), divide);
    assert_eq!(info.full_name(divide[0]).as_deref(), Some("divide"));
    assert!(!info.code_of(divide[0]).is_empty());
    assert!(info.files().iter().any(|(file, _)| file.ends_with("c_structs.c")));
}
