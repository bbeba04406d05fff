//! Odd, dead and broken debug information, and how much of it is read.

#[path = "synth/dwarf.rs"]
mod dwarf;

use dwarf::{Die, die, function, root, unit, write};
use gimli::{
    DW_AT_abstract_origin, DW_AT_call_file, DW_AT_call_line, DW_AT_decl_file, DW_AT_decl_line, DW_AT_declaration,
    DW_AT_specification, DW_AT_type, DW_TAG_formal_parameter, DW_TAG_inlined_subroutine, DW_TAG_lexical_block,
    DW_TAG_namespace, DW_TAG_structure_type, DW_TAG_subprogram, DW_TAG_variable,
};
use wasmgdb::dwarf::names::Kind;
use wasmgdb::dwarf::variable::VariableKind;
use wasmgdb::dwarf::{DebugInfo, InfoId, UnitId};
use wasmgdb::wasm::CodeOffset;

fn names(info: &DebugInfo<'_>, pc: u64) -> Vec<String> {
    let calls = info.calls_at(CodeOffset(pc)).expect("the unit can be read");
    calls.iter().map(|c| c.function.as_ref().and_then(|f| f.name.as_deref()).unwrap_or("??").to_owned()).collect()
}

fn lines(info: &DebugInfo<'_>, pc: u64) -> Vec<Option<u32>> {
    let calls = info.calls_at(CodeOffset(pc)).expect("the unit can be read");
    calls.iter().map(|c| c.location.as_ref().and_then(|l| l.line)).collect()
}

/// Name and nesting of the variables of call `level` at `pc`.
fn variables(info: &DebugInfo<'_>, pc: u64, level: usize) -> Vec<(String, VariableKind, u32)> {
    let calls = info.calls_at(CodeOffset(pc)).expect("the unit can be read");
    let function = calls[level].function.as_ref().expect("the function is known");
    let variables = info.variables_at(function, CodeOffset(pc)).expect("the function can be read");
    variables.iter().map(|v| (v.name.as_deref().unwrap_or("").to_owned(), v.kind, v.block_depth)).collect()
}

fn open(sections: &dwarf::DebugSections) -> DebugInfo<'_> {
    DebugInfo::new(InfoId(0), &sections.list()).expect("there is debug information")
}

fn variable(name: &str) -> Die {
    die(DW_TAG_variable).name(name).at(&[0x91, 0x10])
}

fn parameter(name: &str) -> Die {
    die(DW_TAG_formal_parameter).name(name).at(&[0x91, 0x08])
}

/// Unit `index` of many: twenty functions of ten variables each, from code offset 0x1000 * (index + 1).
fn one_of_many(index: u64) -> dwarf::UnitSource {
    let base = 0x1000 * (index + 1);
    let one = |n: u64| {
        let locals = (0..10).map(|v| variable(&format!("v{v}")));
        function(&format!("f{index}_{n}"), base + n * 0x80, 0x70).with_all(locals)
    };
    unit(root().code(base, 20 * 0x80).with_all((0..20).map(one)))
}

#[test]
fn work_follows_the_units_that_are_asked_for() {
    let sections = write(&(0..200).map(one_of_many).collect::<Vec<_>>());
    let info = open(&sections);
    let asked: Vec<u64> = vec![0x1010, 0x1090, 0x5010, 0x5010, 0x5020];
    info.place(&asked.iter().map(|pc| CodeOffset(*pc)).collect::<Vec<_>>());
    assert_eq!(info.counters().roots_read.get(), 5, "the pass stops at the last unit that is needed");
    for pc in &asked {
        assert_eq!(names(&info, *pc).len(), 1);
    }
    let per_unit = 1 + 20 * 11;
    assert_eq!(info.counters().units_parsed.get(), 2);
    let outlines = 2 * per_unit;
    // Four distinct pcs, each walks its function once; names and origins are single DIEs.
    assert!(info.counters().dies_read.get() <= outlines + 4 * 11 + 8, "{}", info.counters().dies_read.get());
    assert_eq!(info.counters().roots_read.get(), 5);
}

#[test]
fn asking_again_reads_nothing() {
    let sections = write(&(0..20).map(one_of_many).collect::<Vec<_>>());
    let info = open(&sections);
    let ask = || (names(&info, 0x3010), variables(&info, 0x3010, 0));
    let first = ask();
    let dies = info.counters().dies_read.get();
    for _ in 0..1000 {
        assert_eq!(ask(), first);
    }
    assert_eq!(info.counters().dies_read.get(), dies);
}

#[test]
fn a_later_address_resumes_the_pass() {
    let sections = write(&(0..50).map(one_of_many).collect::<Vec<_>>());
    let info = open(&sections);
    assert_eq!(names(&info, 0x2010), ["f1_0"]);
    assert_eq!(info.counters().roots_read.get(), 2);
    assert_eq!(names(&info, 0x1010), ["f0_0"]);
    assert_eq!(info.counters().roots_read.get(), 2);
    assert_eq!(names(&info, 0x9010), ["f8_0"]);
    assert_eq!(info.counters().roots_read.get(), 9);
}

#[test]
fn dropped_functions_claim_nothing() {
    for (version, dead) in [(4, 0xffff_ffff), (4, 0xffff_fffe), (5, 0xffff_ffff), (4, 0), (5, 0)] {
        // In 32 bits the first two wrap to 0..0x2000, the others begin there.
        let drop = unit(root().code(dead, 0x2000).with(function("dropped", dead, 0x2000)));
        let drop = drop.version(version).rows(dead, &[(0, 7)], 0x2000);
        let live = unit(root().code(0x100, 0x100).with(function("live", 0x100, 0x100)));
        let live = live.version(version).rows(0x100, &[(0, 42)], 0x100);
        let sections = write(&[drop, live]);
        let info = open(&sections);
        assert_eq!(names(&info, 0x150), ["live"], "{dead:#x}");
        assert_eq!(lines(&info, 0x150), [Some(42)], "{dead:#x}");
        assert!(names(&info, 0x50).is_empty(), "{dead:#x}");
    }
}

#[test]
fn dropped_code_in_one_unit_does_not_shadow_live_code() {
    for dead in [0, 0xffff_ffff] {
        let both = root()
            .ranges(&[(0x100, 0x200)])
            .with(function("dropped", dead, 0x1000).with(variable("x")))
            .with(function("live", 0x100, 0x100));
        let both = unit(both).rows(dead, &[(0, 7)], 0x1000).rows(0x100, &[(0, 42)], 0x100);
        let sections = write(&[both]);
        let info = open(&sections);
        assert_eq!(names(&info, 0x180), ["live"]);
        assert_eq!(lines(&info, 0x180), [Some(42)]);
    }
}

#[test]
fn tombstones_in_range_lists_are_passed_over() {
    let source = unit(root().ranges(&[(0x666, 0x667), (0x100, 0x200)]).with(function("live", 0x100, 0x100)));
    let mut sections = write(&[source]);
    // What wasm-ld leaves of a dropped function in `.debug_ranges`.
    let ranges = sections.section(".debug_ranges");
    ranges[..8].copy_from_slice(&[0xfe, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff]);
    let info = open(&sections);
    assert_eq!(names(&info, 0x180), ["live"]);
    assert!(names(&info, 0x666).is_empty());
}

#[test]
fn units_that_name_no_code_are_asked_last() {
    let silent = unit(root().with(function("hidden", 0x400, 0x10)));
    let sections = write(&[silent, one_of_many(0)]);
    let info = open(&sections);
    assert_eq!(names(&info, 0x1010), ["f0_0"]);
    assert_eq!(info.counters().units_parsed.get(), 1);
    assert_eq!(names(&info, 0x408), ["hidden"]);
}

#[test]
fn a_unit_that_claims_what_it_does_not_have_is_passed_over() {
    let greedy = unit(root().code(0x10, 0x8000).with(function("own", 0x20, 0x10)));
    let sections = write(&[greedy, one_of_many(0)]);
    let info = open(&sections);
    assert_eq!(names(&info, 0x28), ["own"]);
    assert_eq!(names(&info, 0x1010), ["f0_0"]);
}

#[test]
fn a_broken_unit_harms_no_other() {
    let mut sections = write(&[one_of_many(0), one_of_many(1), one_of_many(2)]);
    let info = sections.section(".debug_info");
    let second = 4 + u32::from_le_bytes(info[..4].try_into().expect("four bytes")) as usize;
    // The first DIE's abbreviation code.
    info[second + 11] = 0x7f;
    let info = open(&sections);
    assert_eq!(names(&info, 0x1010), ["f0_0"]);
    assert_eq!(names(&info, 0x3010), ["f2_0"]);
    assert!(names(&info, 0x2010).is_empty());
    let error = info.unit(UnitId(1)).err().expect("the unit is broken");
    assert!(error.to_string().contains("unit at"), "{error}");
}

#[test]
fn a_unit_of_an_unknown_version_is_passed_over() {
    let mut sections = write(&[one_of_many(0), one_of_many(1)]);
    sections.section(".debug_info")[4] = 9;
    let info = open(&sections);
    assert_eq!(info.unit_count(), 2);
    assert_eq!(names(&info, 0x2010), ["f1_0"]);
    assert!(info.unit(UnitId(0)).is_err());
}

#[test]
fn a_broken_line_table_leaves_the_functions() {
    let mut sections = write(&[one_of_many(0).rows(0x1000, &[(0, 5)], 0x80)]);
    sections.section(".debug_line").truncate(6);
    let info = open(&sections);
    assert_eq!(names(&info, 0x1010), ["f0_0"]);
    assert_eq!(lines(&info, 0x1010), [None]);
    assert!(info.warnings().iter().any(|w| w.contains("line table")), "{:?}", info.warnings());
}

#[test]
fn damage_in_a_function_keeps_what_came_before() {
    let inner = die(DW_TAG_inlined_subroutine).code(0x120, 0x10).to(DW_AT_abstract_origin, "callee");
    let outer = function("outer", 0x100, 0x100).with(inner);
    let callee = die(DW_TAG_subprogram).name("callee").label("callee");
    let mut sections = write(&[unit(root().code(0x100, 0x100).with(callee).with(outer))]);
    let length = sections.section(".debug_info").len();
    // The null that ends the inlined call's siblings, and the root's.
    sections.section(".debug_info")[length - 2] = 0x7d;
    let info = open(&sections);
    assert_eq!(names(&info, 0x128), ["callee", "outer"]);
}

#[test]
fn inlined_calls_come_innermost_first_with_the_lines_of_their_calls() {
    let call = |low: u64, size: u64, line: u64, of: &str| {
        let die = die(DW_TAG_inlined_subroutine).code(low, size).to(DW_AT_abstract_origin, of);
        die.number(DW_AT_call_file, 1).number(DW_AT_call_line, line)
    };
    let abstract_one = |name: &str| die(DW_TAG_subprogram).name(name).label(name);
    let main = function("main", 0x100, 0x100).with(call(0x110, 0x10, 11, "other")).with(
        die(DW_TAG_lexical_block)
            .code(0x120, 0x40)
            .with(call(0x130, 0x20, 12, "middle").with(call(0x138, 8, 21, "inner"))),
    );
    let tree = root().code(0x100, 0x100).with_all(["other", "middle", "inner"].map(abstract_one)).with(main);
    let sections = write(&[unit(tree).rows(0x100, &[(0, 10), (0x38, 31), (0x40, 13)], 0x100)]);
    let info = open(&sections);
    assert_eq!(names(&info, 0x13a), ["inner", "middle", "main"]);
    assert_eq!(lines(&info, 0x13a), [Some(31), Some(21), Some(12)]);
    assert_eq!(names(&info, 0x131), ["middle", "main"]);
    assert_eq!(names(&info, 0x118), ["other", "main"]);
    assert_eq!(names(&info, 0x1f0), ["main"]);
    assert_eq!(lines(&info, 0x1f0), [Some(13)]);
}

#[test]
fn names_are_qualified_by_what_encloses_the_declaration() {
    let declared = die(DW_TAG_subprogram).name("area").flag(DW_AT_declaration).label("area");
    let class = die(DW_TAG_structure_type).name("Circle").with(declared);
    let space = die(DW_TAG_namespace).name("geo").with(die(DW_TAG_namespace).with(class));
    let body = die(DW_TAG_subprogram).code(0x100, 0x10).to(DW_AT_specification, "area");
    let tree = root().code(0x100, 0x10).with(space).with(body);
    let sections = write(&[unit(tree).language(gimli::DW_LANG_C_plus_plus_14)]);
    assert_eq!(names(&open(&sections), 0x108), ["geo::(anonymous namespace)::Circle::area"]);
}

#[test]
fn origins_in_other_units_are_followed() {
    let far = die(DW_TAG_subprogram).name("far").label("far").number(DW_AT_decl_file, 1).number(DW_AT_decl_line, 9);
    let call = die(DW_TAG_inlined_subroutine).code(0x104, 4).far(DW_AT_abstract_origin, 0, "far");
    let here = function("here", 0x100, 0x10).with(call);
    let rust = unit(root().with(far)).language(gimli::DW_LANG_Rust).rows(0x900, &[(0, 1)], 4);
    let sections = write(&[rust, unit(root().code(0x100, 0x10).with(here))]);
    let info = open(&sections);
    assert_eq!(names(&info, 0x106), ["far", "here"]);
    let calls = info.calls_at(CodeOffset(0x106)).expect("it can be read");
    let far = calls[0].function.as_ref().expect("it is known");
    assert_eq!(far.language, wasmgdb::dwarf::Language::Rust);
    assert_eq!(far.declared.as_ref().and_then(|d| d.line), Some(9));
    assert_ne!(far.origin.unit, far.die.unit);
}

#[test]
fn circular_origins_end() {
    let one = die(DW_TAG_subprogram).label("one").to(DW_AT_abstract_origin, "two");
    let two = die(DW_TAG_subprogram).label("two").to(DW_AT_abstract_origin, "one");
    let itself = die(DW_TAG_subprogram).label("self").code(0x100, 0x10).to(DW_AT_abstract_origin, "self");
    let body = die(DW_TAG_subprogram).code(0x200, 0x10).to(DW_AT_specification, "one");
    let tree = root().ranges(&[(0x100, 0x110), (0x200, 0x210)]).with_all([one, two, itself, body]);
    let sections = write(&[unit(tree)]);
    let info = open(&sections);
    assert_eq!(names(&info, 0x108), ["??"]);
    assert_eq!(names(&info, 0x208), ["??"]);
    assert!(variables(&info, 0x108, 0).is_empty());
}

#[test]
fn variables_are_listed_by_block_and_shadowed_ones_kept() {
    let block = |low: u64, size: u64| die(DW_TAG_lexical_block).code(low, size);
    let main = function("main", 0x100, 0x100)
        .with(parameter("argc"))
        .with(die(DW_TAG_formal_parameter).at(&[0x91, 0]))
        .with(variable("i"))
        .with(block(0x110, 0x20).with(variable("i")).with(variable("elsewhere")))
        .with(
            block(0x140, 0x40)
                .with(variable("i"))
                .with(variable("j"))
                .with(block(0x150, 0x10).with(variable("i")).with(variable("calls").at(&[0x03, 0x10, 0, 0, 0]))),
        )
        .with(variable("last"));
    let sections = write(&[unit(root().code(0x100, 0x100).with(main))]);
    let info = open(&sections);
    let here = variables(&info, 0x154, 0);
    let plain: Vec<(&str, u32)> = here.iter().map(|(name, _, depth)| (name.as_str(), *depth)).collect();
    assert_eq!(plain, [("argc", 0), ("", 0), ("i", 2), ("calls", 2), ("i", 1), ("j", 1), ("i", 0), ("last", 0)]);
    assert_eq!(here[1].1, VariableKind::Parameter);
    assert_eq!(here[3].1, VariableKind::Static);
    assert_eq!(variables(&info, 0x1f0, 0).len(), 4);
}

#[test]
fn what_an_inlined_call_leaves_out_is_taken_from_its_origin() {
    let origin = die(DW_TAG_subprogram)
        .name("callee")
        .label("callee")
        .with(die(DW_TAG_formal_parameter).name("gone").label("gone"))
        .with(die(DW_TAG_formal_parameter).name("kept").label("kept").to(DW_AT_type, "int"))
        .with(die(DW_TAG_variable).name("count").at(&[0x03, 0x20, 0, 0, 0]))
        .with(die(DW_TAG_lexical_block).label("then").with(die(DW_TAG_variable).name("not_here").label("n")))
        .with(die(DW_TAG_lexical_block).with(die(DW_TAG_variable).name("perhaps")));
    let call = die(DW_TAG_inlined_subroutine)
        .code(0x110, 0x20)
        .to(DW_AT_abstract_origin, "callee")
        .with(die(DW_TAG_formal_parameter).to(DW_AT_abstract_origin, "kept").at(&[0x91, 4]))
        .with(
            die(DW_TAG_lexical_block)
                .code(0x120, 4)
                .to(DW_AT_abstract_origin, "then")
                .with(die(DW_TAG_variable).to(DW_AT_abstract_origin, "n").at(&[0x91, 8])),
        );
    let int = die(gimli::DW_TAG_base_type).name("int").label("int");
    let main = function("main", 0x100, 0x100).with(variable("outer")).with(call);
    let sections = write(&[unit(root().code(0x100, 0x100).with_all([int, origin, main]))]);
    let info = open(&sections);
    let here: Vec<String> = variables(&info, 0x114, 0).into_iter().map(|v| v.0).collect();
    assert_eq!(here, ["gone", "kept", "count", "perhaps"]);
    let calls = info.calls_at(CodeOffset(0x114)).expect("it can be read");
    let function = calls[0].function.as_ref().expect("it is known");
    let found = info.variables_at(function, CodeOffset(0x114)).expect("it can be read");
    assert!(found[1].type_die.is_some());
    assert_eq!(found[2].kind, VariableKind::Static);
    assert_eq!(found[2].qualified_name.as_deref(), Some("callee::count"));
    assert_eq!(variables(&info, 0x122, 0).iter().map(|v| v.0.as_str()).collect::<Vec<_>>()[3], "count");
    // The caller sees its own variables only.
    assert_eq!(variables(&info, 0x114, 1).len(), 1);
}

#[test]
fn globals_are_those_with_a_place() {
    let space = die(DW_TAG_namespace)
        .name("app")
        .with(die(DW_TAG_variable).name("limit").at(&[0x03, 0x40, 0, 0, 0]))
        .with(die(DW_TAG_variable).name("declared").flag(DW_AT_declaration).label("declared"));
    let tree = root()
        .code(0x100, 0x100)
        .with(space)
        .with(die(DW_TAG_variable).to(DW_AT_specification, "declared").at(&[0x03, 0x44, 0, 0, 0]))
        .with(die(DW_TAG_variable).name("nowhere"))
        .with(die(DW_TAG_variable).at(&[0x03, 0x48, 0, 0, 0]))
        .with(function("walk", 0x100, 0x10).with(variable("local")).with(variable("calls").at(&[3, 8, 0, 0, 0])))
        .with(function("dropped", 0xffff_ffff, 0x10).with(variable("old").at(&[3, 8, 0, 0, 0])));
    let sections = write(&[unit(tree).language(gimli::DW_LANG_C_plus_plus_14)]);
    let info = open(&sections);
    let globals = info.globals_of(UnitId(0)).expect("it can be read");
    let found: Vec<_> = globals.iter().filter_map(|v| v.qualified_name.as_deref()).collect();
    assert_eq!(found, ["app::limit", "app::declared", "walk::calls"]);
}

#[test]
fn flipped_bits_end_in_answers_or_errors() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let fresh = || {
        let call = die(DW_TAG_inlined_subroutine).ranges(&[(0x1010, 0x1020)]).to(DW_AT_abstract_origin, "callee");
        let callee = die(DW_TAG_subprogram).name("callee").label("callee").with(parameter("p"));
        let main = function("main", 0x1000, 0x100).with(call.with(parameter("p"))).with(variable("x"));
        let tree = root().ranges(&[(0x1000, 0x1100)]).with_all([callee, main]);
        write(&[unit(tree).version(5).rows(0x1000, &[(0, 1), (0x18, 2)], 0x100), one_of_many(1)])
    };
    for _ in 0..800 {
        let mut sections = fresh();
        for _ in 0..=random(4) {
            let section = random(sections.0.len());
            let bytes = &mut sections.0[section].1;
            if !bytes.is_empty() {
                let at = random(bytes.len());
                bytes[at] ^= 1 << random(8);
            }
        }
        let Some(info) = DebugInfo::new(InfoId(0), &sections.list()) else { continue };
        for pc in [0x1018, 0x1080, 0x2010] {
            for call in info.calls_at(CodeOffset(pc)).unwrap_or_default() {
                if let Some(function) = &call.function {
                    let _ = info.variables_at(function, CodeOffset(pc));
                }
            }
        }
        for unit in 0..info.unit_count() {
            let _ = info.globals_of(UnitId(unit));
        }
        for kind in [Kind::Function, Kind::Variable, Kind::Type, Kind::Enumerator] {
            let _ = info.find_in_units(&[UnitId(0)], kind, "main");
            let _ = info.find(kind, "x");
            let _ = info.all(kind).map(|name| name.qualified().len()).sum::<usize>();
        }
        let _ = (info.files(), info.lines_of("main.c", 1));
    }
}

#[test]
fn calls_inlined_without_end_cost_no_more_than_the_limit() {
    let nested = (0..2_000).fold(die(DW_TAG_inlined_subroutine).code(0x100, 0x10), |inner, _| {
        die(DW_TAG_inlined_subroutine).code(0x100, 0x10).to(DW_AT_abstract_origin, "f").with(inner)
    });
    let sections = write(&[unit(root().code(0x100, 0x10).with(function("f", 0x100, 0x10).label("f").with(nested)))]);
    let info = open(&sections);
    assert_eq!(names(&info, 0x108).len(), wasmgdb::limits::MAX_INLINED_CALLS + 1);
}

fn leb(value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    gimli::leb128::write::unsigned(&mut bytes, value).expect("a vector takes all");
    bytes
}

#[test]
fn a_table_of_a_million_abbreviations_is_not_built() {
    let mut sections = write(&[one_of_many(0), one_of_many(1)]);
    let table = sections.section(".debug_abbrev");
    let offset = table.len() as u32;
    // Tag 0x2e without children or attributes.
    table.extend((1..=1_000_000u64).flat_map(|code| [leb(code), vec![0x2e, 0, 0, 0]].concat()));
    let info = sections.section(".debug_info");
    let second = 4 + u32::from_le_bytes(info[..4].try_into().expect("four bytes")) as usize;
    info[second + 6..second + 10].copy_from_slice(&offset.to_le_bytes());
    let info = open(&sections);
    assert_eq!(names(&info, 0x1010), ["f0_0"]);
    let error = info.unit(UnitId(1)).err().expect("the unit is broken").to_string();
    assert!(error.contains("abbreviations (.debug_abbrev at") && error.contains("one table"), "{error}");
}

#[test]
fn many_large_tables_are_kept_only_as_far_as_they_fit() {
    let units: Vec<_> = (0..8).map(one_of_many).collect();
    let mut sections = write(&units);
    let table = sections.section(".debug_abbrev");
    // Each unit's table is what it was, and then 250,000 more that it does not use.
    let own = table.clone();
    let filler: Vec<u8> = (100..250_000u64).flat_map(|code| [leb(code), vec![0x2e, 0, 0, 0]].concat()).collect();
    let mut offsets = Vec::new();
    let info = sections.section(".debug_info").clone();
    let mut at = 0;
    while at < info.len() {
        let old = u32::from_le_bytes(info[at + 6..at + 10].try_into().expect("four bytes")) as usize;
        offsets.push((at, old));
        at += 4 + u32::from_le_bytes(info[at..at + 4].try_into().expect("four bytes")) as usize;
    }
    for (at, old) in &offsets {
        let end = offsets.iter().map(|(_, o)| *o).filter(|o| o > old).min().unwrap_or(own.len());
        let table = sections.section(".debug_abbrev");
        let new = table.len() as u32;
        table.extend(&own[*old..end - 1]);
        table.extend(&filler);
        table.push(0);
        sections.section(".debug_info")[at + 6..at + 10].copy_from_slice(&new.to_le_bytes());
    }
    let info = open(&sections);
    let broken: Vec<_> = (0..8).filter_map(|i| info.unit(UnitId(i)).err()).map(|e| e.to_string()).collect();
    assert!((1..8).contains(&broken.len()), "{broken:?}");
    assert!(broken[0].contains("all tables together"), "{broken:?}");
}

#[test]
fn code_claimed_behind_the_end_of_a_body_is_not_believed() {
    // `shared` was compiled twice, and the smaller code was kept: bodies begin at 0x100, 0x180 and 0x200.
    let larger = unit(root().code(0x100, 0x300).with(function("shared", 0x100, 0x300))).rows(0x100, &[(0, 7)], 0x300);
    let smaller = unit(root().ranges(&[(0x100, 0x180), (0x200, 0x240)])).rows(0x200, &[(0, 9)], 0x40);
    let smaller = dwarf::UnitSource {
        root: smaller.root.with(function("shared", 0x100, 0x80)).with(function("next", 0x200, 0x40)),
        ..smaller
    };
    let sections = write(&[larger, smaller]);
    let starts = |pc: CodeOffset| [0x200, 0x180, 0x100].into_iter().find(|start| *start <= pc.0).map(CodeOffset);
    let info = open(&sections).with_bodies(Box::new(starts));
    assert_eq!(names(&info, 0x120), ["shared"]);
    assert_eq!((names(&info, 0x210), lines(&info, 0x210)), (vec!["next".to_owned()], vec![Some(9)]));
    assert_eq!(names(&info, 0x190), [""; 0]);
    // Without the module nobody can tell.
    assert_eq!(names(&open(&sections), 0x190), ["shared"]);
}
