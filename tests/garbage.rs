//! Containers whose memory is garbage: what is said in place of their elements, and that no garbage costs more than the
//! limits allow.
//!
//! In `garbage/NAME.txt` a line `# MODULE CORE FUNCTION` begins a section. A line `> VARIABLE PATCH…` overwrites words
//! of that variable's memory (all of a section at once) and is followed by the answer. A patch is `OFFSET=VALUE`, or
//! `OFFSET>OFFSET=VALUE` for a word behind a pointer in the variable, at any depth; a value is a number, or `&` for the
//! address of what the last offset counts from, with `+N` or `-N`. `BLESS=1` rewrites the answers.

mod synth;

use std::path::{Path, PathBuf};

use synth::{sleb, uleb};
use wasmgdb::files::Files;
use wasmgdb::limits::MAX_VALUE_STEPS;
use wasmgdb::render::json::{JsonWriter, VariableJson};
use wasmgdb::render::options::Options;
use wasmgdb::render::value::ValueWriter;
use wasmgdb::target::Program;
use wasmgdb::target::open::OpenOptions;
use wasmgdb::text::{Role, Sink, Stopped};
use wasmgdb::value::{Reader, Variable};

/// More than any answer should need: 200 elements with some members each, several levels deep.
const MOST_BYTES: usize = 1 << 20;

/// Children in the report of one variable, all levels together.
const MOST_NODES: usize = 50_000;

fn package(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read_uleb(bytes: &[u8], at: &mut usize) -> u64 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = bytes[*at];
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            return value;
        }
    }
}

/// The dump with further data segments, which lie over the others.
fn patched(core: &[u8], patches: &[(u64, u32)]) -> Vec<u8> {
    let mut out = core[..8].to_vec();
    let mut at = 8;
    while at < core.len() {
        let start = at;
        let id = core[at];
        at += 1;
        let size = read_uleb(core, &mut at) as usize;
        let payload = &core[at..at + size];
        at += size;
        if id != 11 {
            out.extend(&core[start..at]);
            continue;
        }
        let mut entries = 0;
        let count = read_uleb(payload, &mut entries);
        let mut data = uleb(count + patches.len() as u64);
        data.extend(&payload[entries..]);
        for (address, word) in patches {
            data.extend([0, 0x41]);
            data.extend(sleb(i64::from(*address as u32 as i32)));
            data.extend([0x0b, 4]);
            data.extend(word.to_le_bytes());
        }
        out.push(11);
        out.extend(uleb(data.len() as u64));
        out.extend(data);
    }
    out
}

/// Counts what is written and looked at.
#[derive(Default)]
struct Meter {
    text: String,
    steps: u64,
}

impl Sink for Meter {
    fn put(&mut self, _: Role, text: &str) -> Result<(), Stopped> {
        assert!(self.text.len() < MOST_BYTES, "more than {MOST_BYTES} bytes: {:.500}", self.text);
        self.text.push_str(text);
        Ok(())
    }

    fn step(&mut self) -> Result<(), Stopped> {
        self.steps += 1;
        assert!(self.steps <= MAX_VALUE_STEPS, "more than {MAX_VALUE_STEPS} steps: {:.500}", self.text);
        Ok(())
    }
}

fn nodes(node: &VariableJson) -> usize {
    1 + node.children.iter().map(nodes).sum::<usize>()
}

/// The variable on one line; all other ways to show it are only measured.
fn drawn(variable: &Variable, reader: Reader<'_, '_>) -> String {
    let options = Options { max_depth: Some(4), ..Options::default() };
    let writer = ValueWriter { reader, options: &options };
    let name = variable.name.as_deref().unwrap_or("?");
    let mut line = Meter::default();
    let _ = writer.listed(name, &variable.object, &mut line);
    if line.steps > MAX_VALUE_STEPS / 2 {
        // A run of equal elements as long as it is looked at; the other ways would look at the same.
        return line.text;
    }
    let deep = Options::default();
    let _ = ValueWriter { reader, options: &deep }.declaration(name, &variable.object, &mut Meter::default());
    let json = JsonWriter { writer: &writer, raw: false, max_depth: 4 }.variable(variable);
    assert!(nodes(&json) < MOST_NODES, "{name}: {} nodes: {:.500}", nodes(&json), line.text);
    line.text
}

fn with_variables<T>(
    module: &str,
    core: &Path,
    function: &str,
    work: impl FnOnce(Reader<'_, '_>, &[Variable]) -> T,
) -> T {
    let files = Files::new();
    let options =
        OpenOptions { module: Some(package(module)), core: Some(core.to_path_buf()), ..OpenOptions::default() };
    let program = Program::open(&files, &options).expect("the dump opens");
    let stack = program.stack(0).expect("the dump has a stack");
    let reader = Reader::new(&program);
    let frame = stack.frames().iter().find(|frame| frame.name.as_deref() == Some(function)).expect("the frame");
    let variables = reader.frame_variables(stack, frame).expect("the frame has variables");
    let all: Vec<Variable> = variables.arguments.iter().chain(&variables.locals).cloned().collect();
    work(reader, &all)
}

fn word(reader: Reader<'_, '_>, variable: &Variable, address: u64) -> Option<u64> {
    let mut bytes = [0u8; 4];
    reader.program.read_memory(variable.object.instance, address, &mut bytes).ok()?;
    Some(u64::from(u32::from_le_bytes(bytes)))
}

fn number(text: &str) -> u64 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let value = digits.strip_prefix("0x").map_or_else(|| digits.parse(), |hex| i64::from_str_radix(hex, 16));
    (value.unwrap_or_else(|_| panic!("{text} is no number")) * sign) as u64
}

/// `0>8=&+4`: where, and what is to stand there.
fn patch(reader: Reader<'_, '_>, variable: &Variable, text: &str) -> (u64, u32) {
    let (path, value) = text.split_once('=').expect("OFFSET=VALUE");
    let mut base = variable.object.address().expect("the variable is in memory");
    let offsets: Vec<u64> = path.split('>').map(number).collect();
    let (last, ways) = offsets.split_last().expect("an offset");
    for offset in ways {
        base = word(reader, variable, base.wrapping_add(*offset)).expect("a pointer");
    }
    let value = match value.strip_prefix('&') {
        Some("") => base,
        Some(distance) => base.wrapping_add(number(distance.trim_start_matches('+'))),
        None => number(value),
    };
    (base.wrapping_add(*last), value as u32)
}

fn write_core(name: &str, core: &Path, patches: &[(u64, u32)]) -> PathBuf {
    let bytes = std::fs::read(core).expect("the dump can be read");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, patched(&bytes, patches)).expect("it can be written");
    path
}

fn named<'v>(variables: &'v [Variable], name: &str) -> &'v Variable {
    variables.iter().find(|v| v.name.as_deref() == Some(name)).unwrap_or_else(|| panic!("no variable {name}"))
}

/// The section with its answers replaced by ours.
fn answers(section: &str, temporary: &str) -> String {
    let first = section.lines().next().expect("a first line");
    let words: Vec<&str> = first.splitn(4, ' ').collect();
    let ["#", module, core, function] = words.as_slice() else { panic!("# MODULE CORE FUNCTION: {first}") };
    let questions: Vec<&str> = section.lines().filter(|line| line.starts_with("> ")).collect();
    let patches = with_variables(module, &package(core), function, |reader, variables| {
        let one = |line: &&str| {
            let mut words = line.split(' ').skip(1);
            let variable = named(variables, words.next().expect("a variable"));
            words.map(|text| patch(reader, variable, text)).collect::<Vec<_>>()
        };
        questions.iter().flat_map(one).collect::<Vec<_>>()
    });
    let core = write_core(temporary, &package(core), &patches);
    with_variables(module, &core, function, |reader, variables| {
        let mut out = format!("{first}\n");
        for question in &questions {
            let variable = named(variables, question.split(' ').nth(1).expect("a variable"));
            let answer: String = drawn(variable, reader).chars().take(300).collect();
            out.push_str(&format!("{question}\n{}\n", answer.trim_end()));
        }
        out
    })
}

fn sections(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.starts_with("# ") {
            found.push(String::new());
        }
        let last = found.last_mut().expect("a file begins with #");
        last.push_str(line);
        last.push('\n');
    }
    found
}

fn check(name: &str) {
    let path = package("tests/garbage").join(name);
    let expected = std::fs::read_to_string(&path).expect("it can be read");
    let found: String =
        sections(&expected).iter().enumerate().map(|(i, s)| answers(s, &format!("garbage-{name}-{i}"))).collect();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, found).expect("it can be written");
        return;
    }
    for (a, b) in found.lines().zip(expected.lines()) {
        assert_eq!(a, b, "{name}");
    }
    assert_eq!(found, expected, "{name}");
}

#[test]
fn garbage_in_rust_is_said_in_place() {
    check("rust.txt");
}

#[test]
fn garbage_in_cpp_is_said_in_place() {
    check("cpp.txt");
}

#[test]
fn garbage_in_zig_is_said_in_place() {
    check("zig.txt");
}

/// Words of a variable, and of what they point at, that are overwritten.
const WORDS: u64 = 8;

/// Ways to overwrite a word.
const KINDS: u32 = 5;

/// Where an overwritten word leads: nowhere, everywhere, to itself, to its neighbours.
fn garbage(address: u64, kind: u32, index: u64) -> u32 {
    let start = (address as u32).wrapping_sub(4 * index as u32);
    match kind {
        0 => 0,
        1 => u32::MAX,
        2 => address as u32 & !7,
        // A length that memory holds, and a pointer to the variable itself, in turns.
        3 => [400, start][(index % 2) as usize],
        _ => [start, 0xffff][(index % 2) as usize],
    }
}

/// All variables of some frames at once, overwritten in one way after the other: they themselves, then what they
/// point at.
fn overwrite(case: &str, module: &str, core: &str, functions: &[&str]) {
    let ways: Vec<(u32, bool)> = (0..KINDS).flat_map(|kind| [(kind, false), (kind, true)]).collect();
    let mut patches: Vec<Vec<(u64, u32)>> = vec![Vec::new(); ways.len()];
    for function in functions {
        with_variables(module, &package(core), function, |reader, variables| {
            for variable in variables {
                let (Some(address), Ok(size)) = (variable.object.address(), reader.size_of(&variable.object)) else {
                    continue;
                };
                for index in 0..WORDS.min(size / 4) {
                    let at = address + index * 4;
                    let is_heap = |to: &u64| *to > 1024 && word(reader, variable, to + 32).is_some();
                    let pointed = word(reader, variable, at).filter(is_heap);
                    for ((kind, behind), patches) in ways.iter().zip(&mut patches) {
                        match pointed {
                            Some(to) if *behind => {
                                patches.extend((0..WORDS).map(|i| (to + i * 4, garbage(to + i * 4, *kind, i))));
                            }
                            _ if *behind => {}
                            _ => patches.push((at, garbage(at, *kind, index))),
                        }
                    }
                }
            }
        });
    }
    for patches in &patches {
        let core = write_core(&format!("garbage-{case}"), &package(core), patches);
        for function in functions {
            with_variables(module, &core, function, |reader, variables| {
                variables.iter().for_each(|variable| drop(drawn(variable, reader)));
            });
        }
    }
}

#[test]
fn garbage_of_rust_never_costs_more_than_the_limits() {
    let functions = ["forms::texts", "forms::lists", "forms::pointers", "forms::cells", "forms::choices"];
    overwrite("r1", "tests/forms/rust/dev.wasm", "tests/forms/rust/dev.core", &functions);
    overwrite("r2", "tests/forms/rust/release.wasm", "tests/forms/rust/release.core", &["forms::maps"]);
    overwrite("r3", "samples/rust_collections/module.wasm", "samples/rust_collections/core", &["harbour::open"]);
    let values = "tests/forms/rust_values/dev";
    let functions = ["values::addresses", "values::errors", "values::iterators"];
    overwrite("values", &format!("{values}.wasm"), &format!("{values}.core"), &functions);
}

#[test]
fn garbage_of_cpp_never_costs_more_than_the_limits() {
    overwrite("c", "samples/cpp_shapes/module.wasm", "samples/cpp_shapes/core", &["(anonymous namespace)::survey"]);
    let values = "tests/forms/cpp_values/values";
    overwrite("v", &format!("{values}.wasm"), &format!("{values}.core"), &["dates", "errors", "others"]);
    let lookalikes = "tests/forms/cpp_values/lookalikes";
    overwrite("w", &format!("{lookalikes}.wasm"), &format!("{lookalikes}.core"), &["_start"]);
}

#[test]
fn garbage_of_zig_never_costs_more_than_the_limits() {
    let functions = ["forms.texts", "forms.lists", "forms.maps", "forms.choices"];
    overwrite("z", "tests/forms/zig/debug.wasm", "tests/forms/zig/debug.core", &functions);
    let sets = "tests/forms/zig_sets/debug";
    overwrite(
        "sets",
        &format!("{sets}.wasm"),
        &format!("{sets}.core"),
        &["sets.bits", "sets.enumerators", "sets.others"],
    );
}

#[test]
fn garbage_in_values_of_c_and_iterators_never_costs_more_than_the_limits() {
    let functions = ["containers", "owners", "classes", "c_values"];
    overwrite("l", "tests/forms/libcxx/debug.wasm", "tests/forms/libcxx/debug.core", &functions);
}
