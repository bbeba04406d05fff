//! What the debug information's call sites say of parameters, where the dataflow cannot know them.

#[path = "synth/dwarf.rs"]
mod dwarf;
mod synth;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use dwarf::{Die, die, function, root, unit, write};
use gimli::write::{Address, AttributeValue, Expression};
use synth::{Dump, Memory, Segment, custom, frame};
use wasmgdb::dwarf::location::Location;
use wasmgdb::dwarf::{DebugInfo, InfoId};
use wasmgdb::files::Files;
use wasmgdb::limits::MAX_CALL_SITE_DEPTH;
use wasmgdb::target::Program;
use wasmgdb::target::open::OpenOptions;
use wasmgdb::target::provenance::Trust;
use wasmgdb::value::Reader;
use wasmgdb::wasm::{CodeOffset, FuncIdx, Module};

/// Local 0, local 1.
const LOCAL0: &[u8] = &[0xed, 0, 0];
const LOCAL1: &[u8] = &[0xed, 0, 1];
/// What local 0 was when the function was entered.
const ENTRY0: &[u8] = &[0xa3, 3, 0xed, 0, 0];
const PLUS: u8 = 0x22;
const MINUS: u8 = 0x1c;
const DEREF: u8 = 0x06;
const STACK_VALUE: u8 = 0x9f;
const LIT0: u8 = 0x30;

/// `leaf` traps; `mid` calls it with a number that the host gave it and 7; `start` calls `mid` with another and 5.
const PROGRAM: &str = "(module
    (import \"env\" \"get\" (func $get (result i32)))
    (import \"env\" \"get64\" (func $get64 (result i64)))
    (import \"env\" \"getf\" (func $getf (result f32)))
    (memory 1)
    (global $mutable (mut i32) (i32.const 0))
    (func $leaf (param i32 i32 i64 f32) unreachable)
    (func $mid (param i32 i32) (call $leaf (call $get) (i32.const 7) (call $get64) (call $getf)))
    (func $start (call $mid (call $get) (i32.const 5))))";

const LEAF: u32 = 3;
const MID: u32 = 4;
const START: u32 = 5;

/// What is said of one call.
#[derive(Clone)]
struct Site {
    /// The function that stands at the call.
    caller: u32,
    /// Attributes of the call site besides its place, and how the place is said.
    flags: Vec<gimli::DwAt>,
    place: gimli::DwAt,
    /// Added to the place.
    shift: u64,
    /// (callee's local, its value)
    parameters: Vec<(u8, Vec<u8>)>,
}

fn site(caller: u32, parameters: &[(u8, &[u8])]) -> Site {
    let parameters = parameters.iter().map(|(local, value)| (*local, value.to_vec())).collect();
    Site { caller, flags: Vec::new(), place: gimli::DW_AT_call_return_pc, shift: 0, parameters }
}

/// Offsets from the code section of the function's last call and of what follows it, and of the function.
fn places(module: &Module<'_>, func: u32) -> (CodeOffset, CodeOffset, u64, u64, u32) {
    let body = module.body(FuncIdx(func)).unwrap();
    let start = module.code_offset(body.start).unwrap().0;
    let is_stop = |i: &wasmgdb::wasm::code::Instruction<'_>| {
        let name = format!("{:?}", i.operator);
        name.starts_with("Call") || name.starts_with("Unreachable")
    };
    let stop = body.instructions().map(Result::unwrap).filter(is_stop).last().unwrap();
    let at = module.code_offset(body.file_offset(stop.offset).unwrap()).unwrap();
    (at, CodeOffset(at.0 + stop.size_bytes), start, body.bytes.len() as u64, u32::try_from(stop.offset.0).unwrap())
}

struct Case {
    version: u16,
    sites: Vec<Site>,
    /// Frames, the youngest first; each stands at its last call.
    frames: Vec<u32>,
    program: &'static str,
}

fn case(sites: &[Site]) -> Case {
    Case { version: 5, sites: sites.to_vec(), frames: vec![LEAF, MID, START], program: PROGRAM }
}

/// A value of the youngest frame: its bytes as a number, and how it is known; none if it is not.
type Known = Option<(u64, Trust, String)>;

impl Case {
    fn debug_sections(&self, wasm: &[u8]) -> Vec<u8> {
        let files = Files::new();
        let path = temporary("wasm", wasm);
        let module = Module::parse(files.open(&path).unwrap()).unwrap();
        let mut top = root().code(0, 0x1000);
        for func in [LEAF, MID, START] {
            let (call, next, start, size, _) = places(&module, func);
            let mut entry = function(&format!("f{func}"), start, size);
            if func == LEAF {
                let value = |bytes: &[u8]| [bytes, &[STACK_VALUE]].concat();
                let parameter = |name: &str| die(gimli::DW_TAG_formal_parameter).name(name);
                for index in 0..4 {
                    entry = entry.with(parameter(&format!("p{index}")).at(&value(&[0xed, 0, index])));
                }
                entry = entry.with(parameter("entry").at(&value(ENTRY0)));
            }
            for site in self.sites.iter().filter(|site| site.caller == func) {
                entry = entry.with(self.site(site, call, next));
            }
            top = top.with(entry);
        }
        std::fs::remove_file(path).unwrap();
        let sections = write(&[unit(top).version(self.version)]);
        sections.0.iter().flat_map(|(name, data)| custom(name, data)).collect()
    }

    fn site(&self, site: &Site, call: CodeOffset, next: CodeOffset) -> Die {
        let gnu = self.version < 5;
        let tag = if gnu { gimli::DW_TAG_GNU_call_site } else { gimli::DW_TAG_call_site };
        let parameter_tag = if gnu { gimli::DW_TAG_GNU_call_site_parameter } else { gimli::DW_TAG_call_site_parameter };
        let value_at = if gnu { gimli::DW_AT_GNU_call_site_value } else { gimli::DW_AT_call_value };
        let address = if site.place == gimli::DW_AT_call_pc { call.0 } else { next.0 } + site.shift;
        let mut entry = die(tag).plain(site.place, AttributeValue::Address(Address::Constant(address)));
        for flag in &site.flags {
            entry = entry.flag(*flag);
        }
        let parameter = |(local, value): &(u8, Vec<u8>)| {
            let value = AttributeValue::Exprloc(Expression::raw(value.clone()));
            die(parameter_tag).at(&[0xed, 0, *local]).plain(value_at, value)
        };
        let entry = entry.with_all(site.parameters.iter().map(parameter));
        // Calls stand in blocks and inlined calls as well.
        die(gimli::DW_TAG_lexical_block).with(entry)
    }

    fn with_program<T>(&self, check: impl FnOnce(&Program<'_>) -> T) -> T {
        self.with_files(|module, core| {
            let (module, core) = (Some(module.clone()), Some(core.clone()));
            let files = Files::new();
            check(&Program::open(&files, &OpenOptions { module, core, ..OpenOptions::default() }).unwrap())
        })
    }

    /// What the debugger answers to one command.
    fn said(&self, command: &str) -> String {
        self.with_files(|module, core| {
            let output = std::process::Command::new(env!("CARGO_BIN_EXE_wasmgdb"))
                .args(["-nx", "-batch", "-ex", command])
                .args([module, core])
                .output()
                .unwrap();
            String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
        })
    }

    fn with_files<T>(&self, check: impl FnOnce(&PathBuf, &PathBuf) -> T) -> T {
        let mut wasm = wat::parse_str(self.program).unwrap();
        let debug = self.debug_sections(&wasm);
        let files = Files::new();
        let bare = temporary("wasm", &wasm);
        let module = Module::parse(files.open(&bare).unwrap()).unwrap();
        let stop = |func: &u32| frame(*func, places(&module, *func).4);
        let mut dump = Dump::sample();
        dump.memories = vec![Memory { pages: 1, memory64: false, page_size_log2: None }];
        dump.segments = Some(vec![Segment { memory: 0, address: 1024, bytes: vec![0x11, 0x22, 0, 0] }]);
        dump.threads[0].1 = self.frames.iter().map(stop).collect();
        wasm.extend(debug);
        let (module, core) = (temporary("wasm", &wasm), temporary("core", &dump.standard()));
        let result = check(&module, &core);
        [bare, module, core].iter().for_each(|path| std::fs::remove_file(path).unwrap());
        result
    }

    fn variable(&self, name: &str) -> Known {
        self.with_program(|program| {
            let stack = program.stack(0).unwrap();
            let found = Reader::new(program).frame_variables(stack, &stack.frames()[0]).unwrap();
            let variable = found.arguments.iter().find(|v| v.name.as_deref() == Some(name)).unwrap();
            let Location::Computed { bytes } = &variable.object.location else { return None };
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            let provenance = &variable.object.provenance;
            Some((u64::from_le_bytes(word), provenance.trust, provenance.how().unwrap_or_default().to_owned()))
        })
    }

    fn value(&self, name: &str) -> Option<(u64, Trust)> {
        self.variable(name).map(|(bits, trust, _)| (bits, trust))
    }
}

fn temporary(kind: &str, bytes: &[u8]) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("wasmgdb-calls-{}-{number}.{kind}", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    path
}

/// The caller's second parameter plus 2, which is 7.
fn five_plus_two() -> Vec<u8> {
    [LOCAL1, &[LIT0 + 2, PLUS]].concat()
}

#[test]
fn a_parameter_that_only_the_call_site_knows_is_computed_in_the_callers_frame() {
    assert_eq!(case(&[]).variable("p0"), None);
    let case = case(&[site(MID, &[(0, &five_plus_two())])]);
    let (value, trust, how) = case.variable("p0").unwrap();
    assert_eq!((value, trust), (7, Trust::Derived));
    assert!(how.contains("call site at 0x") && how.contains("parameter 0"), "{how}");
    // The same by DW_OP_entry_value.
    assert_eq!(case.value("entry"), Some((7, Trust::Derived)));
}

#[test]
fn a_wasm_local_that_only_the_call_site_knows_is_listed_and_computed_with() {
    let known = case(&[site(MID, &[(0, &five_plus_two())])]);
    let printed = known.said("p $l0");
    assert!(printed.contains("= 7\n"), "{printed}");
    assert!(known.said("p $local(0) + 1").contains("= 8\n"));
    let listed = known.said("info wasm-locals");
    let row = |listed: &str| listed.lines().find(|line| line.trim_start().starts_with("0 ")).unwrap().to_owned();
    assert!(row(&listed).contains(" 7 ") && row(&listed).contains("call site at 0x"), "{listed}");
    let why = known.said("why $l0");
    assert!(why.contains("call site at 0x") && why.contains("local 1") && why.contains("= 5"), "{why}");

    let unknown = case(&[]);
    assert!(!unknown.said("p $l0").contains("= "));
    assert!(!unknown.said("why $l0").contains("call site"));
    let listed = unknown.said("info wasm-locals");
    assert!(row(&listed).contains("<missing>"), "{listed}");
}

#[test]
fn what_the_dataflow_knows_is_not_asked_of_the_call_site() {
    let case = case(&[site(MID, &[(1, &[LIT0 + 9])])]);
    assert_eq!(case.value("p1"), Some((7, Trust::Derived)));
}

#[test]
fn a_call_site_is_found_by_the_address_of_the_call_too_and_in_the_gnu_form() {
    let by_call = Site { place: gimli::DW_AT_call_pc, ..site(MID, &[(0, &five_plus_two())]) };
    assert_eq!(case(&[by_call]).value("p0"), Some((7, Trust::Derived)));
    let gnu = Site { place: gimli::DW_AT_low_pc, ..site(MID, &[(0, &five_plus_two())]) };
    assert_eq!(Case { version: 4, ..case(&[gnu]) }.value("p0"), Some((7, Trust::Derived)));
}

#[test]
fn a_call_site_of_another_call_or_of_a_tail_call_says_nothing() {
    let other = Site { shift: 1, ..site(MID, &[(0, &five_plus_two())]) };
    assert_eq!(case(std::slice::from_ref(&other)).variable("p0"), None);
    // Behind it stands the right one.
    assert_eq!(case(&[other, site(MID, &[(0, &[LIT0 + 3])])]).value("p0"), Some((3, Trust::Derived)));
    let tail = Site { flags: vec![gimli::DW_AT_call_tail_call], ..site(MID, &[(0, &five_plus_two())]) };
    assert_eq!(case(&[tail]).variable("p0"), None);
}

#[test]
fn a_parameter_described_twice_is_not_chosen() {
    assert_eq!(case(&[site(MID, &[(0, &[LIT0 + 3]), (0, &[LIT0 + 4])])]).variable("p0"), None);
}

#[test]
fn memory_that_a_call_site_reads_may_have_changed_since() {
    let load = [0x0c, 0, 4, 0, 0, DEREF];
    assert_eq!(case(&[site(MID, &[(0, &load)])]).value("p0"), Some((0x2211, Trust::Recovered)));
}

#[test]
fn a_mutable_global_that_a_call_site_reads_may_have_changed_since() {
    let global = [0xed, 1, 0];
    assert_eq!(case(&[site(MID, &[(0, &global)])]).value("p0").map(|(_, trust)| trust), Some(Trust::Recovered));
}

#[test]
fn a_call_site_of_a_frame_that_did_not_call_this_one_says_nothing() {
    // `mid` called the host, which called `leaf`.
    const CALLED_BACK: &str = "(module
        (import \"env\" \"get\" (func $get (result i32)))
        (func (result i32) i32.const 0)
        (func (result i32) i32.const 0)
        (func $leaf (param i32 i32 i64 f32) unreachable)
        (func $mid (param i32 i32) (drop (call $get)))
        (func $start (call $mid (i32.const 4) (i32.const 5))))";
    let case = Case { program: CALLED_BACK, ..case(&[site(MID, &[(0, &[LIT0 + 3])])]) };
    assert_eq!(case.variable("p0"), None);
}

#[test]
fn call_sites_are_followed_from_caller_to_caller() {
    let outer = site(START, &[(0, &[LIT0 + 20])]);
    let by_entry = site(MID, &[(0, &[ENTRY0, &[LIT0 + 1, PLUS]].concat())]);
    assert_eq!(case(&[by_entry, outer.clone()]).value("p0"), Some((21, Trust::Derived)));
    let by_local = site(MID, &[(0, LOCAL0)]);
    let case = case(&[by_local, outer]);
    assert_eq!(case.value("p0"), Some((20, Trust::Derived)));
    let steps = case.with_program(|program| {
        let stack = program.stack(0).unwrap();
        let step = Reader::new(program).explain_variable(stack, &stack.frames()[0], "p0").unwrap();
        step.flattened().iter().map(|(depth, step)| (*depth, step.value, step.frame)).collect::<Vec<_>>()
    });
    let twenty = Some(wasmgdb::wasm::WasmValue::I32(20));
    assert_eq!(steps, [(0, None, None), (1, twenty, Some(1)), (2, twenty, Some(2))]);
}

#[test]
fn a_recursion_of_call_sites_ends() {
    const RECURSION: &str = "(module
        (import \"env\" \"get\" (func $get (result i32)))
        (func (result i32) i32.const 0)
        (func (result i32) i32.const 0)
        (func $leaf (param i32 i32 i32 i32) unreachable)
        (func $mid (param i32 i32) (call $get) drop
          (if (local.get 1) (then
            (call $leaf (call $get) (i32.const 0) (i32.const 0) (i32.const 0))))
          (call $mid (call $get) (call $get)))
        (func $start (call $mid (call $get) (i32.const 5))))";
    // Each entry value is asked for twice, each time of both parameters.
    let twice = [ENTRY0, ENTRY0, &[PLUS], &[0xa3, 3, 0xed, 0, 1], &[PLUS]].concat();
    let sites = [site(MID, &[(0, &twice), (1, &twice)])];
    let frames = [vec![MID; 4000], vec![START]].concat();
    let case = Case { frames, program: RECURSION, ..case(&sites) };
    case.with_program(|program| {
        let stack = program.stack(0).unwrap();
        let context = wasmgdb::target::context::FrameContext::new(program, stack, &stack.frames()[0]);
        use wasmgdb::dwarf::location::ExprContext;
        assert!(context.entry_local(0).is_err());
        // Near the end of the chain the value is known.
        let near = &stack.frames()[3998];
        let outer = wasmgdb::target::context::FrameContext::new(program, stack, near);
        assert!(outer.entry_local(0).is_err(), "the first call's own parameter comes from the host");
    });
}

#[test]
fn entry_values_nested_in_entry_values_all_the_way_up_fit_the_stack() {
    const RECURSION: &str = "(module
        (import \"env\" \"get\" (func $get (result i32)))
        (func (result i32) i32.const 0)
        (func (result i32) i32.const 0)
        (func $leaf (param i32 i32 i32 i32) unreachable)
        (func $mid (param i32 i32)
          (if (local.get 1) (then
            (call $leaf (call $get) (i32.const 0) (i32.const 0) (i32.const 0))))
          (call $mid (call $get) (call $get)))
        (func $start (call $mid (call $get) (i32.const 5))))";
    let mut nested = vec![0xed, 0, 0];
    for _ in 0..28 {
        nested = [vec![0xa3], synth::uleb(nested.len() as u64), nested].concat();
    }
    let sites = [site(MID, &[(0, &nested)])];
    // As many callers as are followed, with one more the chain is cut.
    let known = |callers: usize| {
        let frames = [vec![MID; callers], vec![START]].concat();
        let sites = [&sites[..], &[site(START, &[(0, &[LIT0 + 3])])]].concat();
        Case { frames, program: RECURSION, ..case(&sites) }.with_program(|program| {
            let stack = program.stack(0).unwrap();
            use wasmgdb::dwarf::location::ExprContext;
            wasmgdb::target::context::FrameContext::new(program, stack, &stack.frames()[0]).entry_local(0).is_ok()
        })
    };
    assert!(known(MAX_CALL_SITE_DEPTH as usize));
    assert!(!known(MAX_CALL_SITE_DEPTH as usize + 1));
}

#[test]
fn the_upper_half_of_a_64_bit_parameter_is_not_guessed() {
    let all = [0x0e, 1, 2, 3, 4, 5, 6, 7, 8];
    assert_eq!(case(&[site(MID, &[(2, &all)])]).value("p2"), Some((0x0807_0605_0403_0201, Trust::Derived)));
    assert_eq!(case(&[site(MID, &[(2, &[LIT0 + 6])])]).value("p2"), Some((6, Trust::Derived)));
    // 0 - 1: in 32 bits, or in 64?
    assert_eq!(case(&[site(MID, &[(2, &[LIT0, LIT0 + 1, MINUS])])]).variable("p2"), None);
    // As a 32-bit parameter it is clear.
    let minus_one = [LIT0, LIT0 + 1, MINUS, STACK_VALUE];
    assert_eq!(case(&[site(MID, &[(0, &minus_one)])]).value("p0"), Some((0xffff_ffff, Trust::Derived)));
}

#[test]
fn a_value_of_another_type_than_the_parameters_is_refused() {
    // An i32 local for an f32.
    assert_eq!(case(&[site(MID, &[(3, LOCAL1)])]).variable("p3"), None);
    assert_eq!(case(&[site(MID, &[(3, &[LIT0 + 1])])]).variable("p3"), None);
    // A parameter that the function does not have.
    assert_eq!(case(&[site(MID, &[(9, LOCAL1)])]).variable("p0"), None);
}

#[test]
fn damaged_values_of_call_sites_are_no_values() {
    for damaged in [&[][..], &[PLUS], &[0xed, 0], &[0xed, 0, 77], &[0xa3, 200, 1], &[0x2f, 0xfd, 0xff]] {
        assert_eq!(case(&[site(MID, &[(0, damaged)])]).variable("p0"), None, "{damaged:x?}");
    }
}

#[test]
fn units_without_call_site_parameters_are_not_searched() {
    let files = Files::new();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/c_list/module.O2.wasm");
    let module = Module::parse(files.open(&path).unwrap()).unwrap();
    let info = DebugInfo::new(InfoId(0), module.sections()).unwrap();
    let call = info.calls_at(CodeOffset(0x1f3)).unwrap().pop().unwrap();
    let before = info.counters().dies_read.get();
    let die = call.function.unwrap().subprogram;
    assert_eq!(info.call_site(die, CodeOffset(0x1f3), || unreachable!("nobody needs to know")), None);
    assert_eq!(info.counters().dies_read.get(), before);
}
