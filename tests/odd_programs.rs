//! Programs that no compiler makes, each small and legal enough to be read: what they would cost without a limit has no
//! end, so they must be answered in the memory and time of the limit.
//!
//! The debug information is written byte by byte here, in DWARF 4.

mod synth;

use std::path::PathBuf;
use std::process::Command;

use synth::{Dump, HEADER, Segment, custom, frame, name, section, uleb};

/// Address space in KiB that the program may take, its own code and mapped files included.
const MOST_KIB: u64 = 300 << 10;
/// Seconds of the processor's time, on builds without optimisation.
const MOST_SECONDS: u64 = 20;

/// DIEs of one unit with the abbreviations that they need.
#[derive(Default)]
struct Unit {
    abbreviations: Vec<Vec<u8>>,
    dies: Vec<u8>,
}

/// An attribute: its name, its form, its bytes.
type Attribute = (u64, u64, Vec<u8>);

fn called(text: &str) -> Attribute {
    (0x03, 0x08, [text.as_bytes(), &[0]].concat())
}

fn number(attribute: u64, value: u32) -> Attribute {
    (attribute, 0x06, value.to_le_bytes().to_vec())
}

/// DW_AT_type: the DIE at that offset of the unit.
fn typed(offset: usize) -> Attribute {
    (0x49, 0x13, (offset as u32).to_le_bytes().to_vec())
}

fn located(expression: &[u8]) -> Attribute {
    (0x02, 0x18, [uleb(expression.len() as u64), expression.to_vec()].concat())
}

fn low_and_high(low: u32, size: u32) -> [Attribute; 2] {
    [(0x11, 0x01, low.to_le_bytes().to_vec()), number(0x12, size)]
}

const UNIT_HEADER: usize = 11;

impl Unit {
    /// C++, with the type `int`, whose offset comes along.
    fn begin() -> (Self, usize) {
        Self::begin_in(4)
    }

    /// The same in another language.
    fn begin_in(language: u8) -> (Self, usize) {
        let mut unit = Unit::default();
        let [low, high] = low_and_high(0, 100);
        unit.die(0x11, true, &[called("a.cc"), (0x13, 0x05, vec![language, 0]), low, high]);
        let int = unit.die(0x24, false, &[called("int"), (0x3e, 0x0b, vec![5]), (0x0b, 0x0b, vec![4])]);
        (unit, int)
    }

    fn offset(&self) -> usize {
        UNIT_HEADER + self.dies.len()
    }

    /// Adds a DIE; gives its offset in the unit.
    fn die(&mut self, tag: u64, has_children: bool, attributes: &[Attribute]) -> usize {
        let offset = self.offset();
        let mut abbreviation = [uleb(tag), vec![u8::from(has_children)]].concat();
        attributes.iter().for_each(|(at, form, _)| abbreviation.extend([uleb(*at), uleb(*form)].concat()));
        abbreviation.extend([0, 0]);
        let known = self.abbreviations.iter().position(|known| *known == abbreviation);
        let index = known.unwrap_or_else(|| {
            self.abbreviations.push(abbreviation);
            self.abbreviations.len() - 1
        });
        self.dies.extend(uleb(index as u64 + 1));
        attributes.iter().for_each(|(_, _, bytes)| self.dies.extend(bytes));
        offset
    }

    fn end(&mut self, count: usize) {
        self.dies.extend(std::iter::repeat_n(0, count));
    }

    /// The function of `module`, whose frame base is its local 0.
    fn function(&mut self) {
        let [low, high] = low_and_high(2, 17);
        self.die(0x2e, true, &[called("f0"), low, high, (0x40, 0x18, vec![3, 0xed, 0, 0])]);
    }

    /// A local variable at the frame base.
    fn local(&mut self, text: &str, of_type: usize) {
        self.die(0x34, false, &[called(text), typed(of_type), located(&[0x91, 0])]);
    }

    fn sections(&self) -> Vec<u8> {
        let mut table = Vec::new();
        for (number, abbreviation) in (1..).zip(&self.abbreviations) {
            table.extend([uleb(number), abbreviation.clone()].concat());
        }
        table.push(0);
        let length = (self.dies.len() + UNIT_HEADER - 4) as u32;
        let info = [&length.to_le_bytes()[..], &[4, 0, 0, 0, 0, 0, 4], &self.dies].concat();
        [custom(".debug_abbrev", &table), custom(".debug_info", &info)].concat()
    }
}

/// One function that takes 64 bytes of the stack into its local 0 and traps; `more` sections behind it.
fn module(elements: &[u8], more: &[u8]) -> Vec<u8> {
    named_module(GLOBAL_NAMES, elements, more)
}

fn named_module(names: &[u8], elements: &[u8], more: &[u8]) -> Vec<u8> {
    let body = [0x01, 4, 0x7f, 0x23, 0, 0x41, 0xc0, 0, 0x6b, 0x21, 0, 0x20, 0, 0x24, 0, 0x00, 0x0b];
    let code = [vec![1], uleb(body.len() as u64), body.to_vec()].concat();
    let globals = [&[1, 0x7f, 1, 0x41][..], &[0x80, 0x80, 4, 0x0b]].concat();
    let parts = [
        HEADER.to_vec(),
        section(1, &[1, 0x60, 0, 0]),
        section(3, &[1, 0]),
        section(4, &[1, 0x70, 0, 4]),
        section(5, &[1, 0, 2]),
        section(6, &globals),
        elements.to_vec(),
        section(10, &code),
    ];
    [parts.concat(), custom("name", names), more.to_vec()].concat()
}

/// The name section's part for globals.
const GLOBAL_NAMES: &[u8] = b"\x07\x12\x01\x00\x0f__stack_pointer";

fn dump() -> Dump {
    let mut dump = Dump::sample();
    dump.threads = vec![("main".into(), vec![frame(0, 15)])];
    dump
}

struct Folder(PathBuf);

impl Folder {
    fn new(label: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("wasmgdb-odd-{}-{label}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
        Folder(folder)
    }

    /// Results and errors of `commands` on a program, under the limits.
    fn ask(&self, module: &[u8], core: &[u8], commands: &[&str]) -> String {
        std::fs::write(self.0.join("m.wasm"), module).expect("writable");
        std::fs::write(self.0.join("core"), core).expect("writable");
        let limits = format!("ulimit -v {MOST_KIB} -t {MOST_SECONDS}; exec \"$0\" \"$@\"");
        let mut shell = Command::new("bash");
        shell.current_dir(&self.0).args(["-c", &limits, env!("CARGO_BIN_EXE_wasmgdb"), "-nx", "-q", "-batch"]);
        for command in commands {
            shell.args(["-ex", command]);
        }
        let output = shell.args(["m.wasm", "core"]).output().expect("a shell");
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.code().is_some_and(|code| code < 2), "{}: {}", output.status, start(&text));
        text
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn start(text: &str) -> String {
    text.chars().take(2000).collect()
}

#[test]
fn classes_that_are_bases_of_each_other_have_an_end() {
    let (mut unit, _) = Unit::begin();
    // Both DIEs are of one size, and so are those inside them.
    let first = unit.offset();
    let base = |offset| [typed(offset), (0x38, 0x0b, vec![0])];
    let mut class = |text, other| {
        let at = unit.die(0x13, true, &[called(text), (0x0b, 0x0b, vec![4])]);
        for _ in 0..2 {
            unit.die(0x1c, false, &base(other));
        }
        unit.end(1);
        at
    };
    let size = 1 + 2 + 1 + 2 * 6 + 1;
    assert_eq!((class("A", first + size), class("B", first)), (first, first + size));
    unit.function();
    unit.local("v", first);
    unit.end(2);
    let folder = Folder::new("bases");
    let module = module(&[], &unit.sections());
    let core = dump().standard();
    let text = folder.ask(&module, &core, &["p v", "info locals", "p v.x", "set output-style gdb", "p v", "whatis v"]);
    assert!(text.contains("type = A"), "{}", start(&text));
    assert!(text.len() < 8 << 20, "{} bytes", text.len());
}

#[test]
fn types_nested_without_end_cost_what_the_limit_allows() {
    let (mut unit, int) = Unit::begin();
    for _ in 0..100_000 {
        unit.die(0x13, true, &[called("n")]);
    }
    unit.end(100_000);
    unit.function();
    unit.local("v", int);
    unit.end(2);
    let folder = Folder::new("nested");
    let text = folder.ask(&module(&[], &unit.sections()), &dump().standard(), &["info types", "p v", "bt full"]);
    assert!(text.contains("v: int = "), "{}", start(&text));
}

#[test]
fn names_of_types_nested_without_end_are_written() {
    for (language, before) in [(4, "std::__2::vector<"), (0x1c, "HashMap<u8, ")] {
        for depth in [3_000, 100_000] {
            let text = format!("{}u8{}", before.repeat(depth), ">".repeat(depth));
            let (mut unit, int) = Unit::begin_in(language);
            let class = unit.die(0x13, true, &[called(&text), (0x0b, 0x0b, vec![4])]);
            unit.die(0x0d, false, &[called("x"), typed(int), (0x38, 0x0b, vec![0])]);
            unit.end(1);
            unit.function();
            unit.local("v", class);
            unit.end(2);
            let folder = Folder::new(&format!("names-{language}-{depth}"));
            let module = module(&[], &unit.sections());
            let text =
                folder.ask(&module, &dump().standard(), &["p v", "whatis v", "ptype v", "bt full", "echo end\\n"]);
            assert!(text.contains("end\n"), "{}", start(&text));
        }
    }
}

#[test]
fn a_location_list_without_end_is_given_up_and_says_so() {
    let (mut unit, int) = Unit::begin();
    unit.function();
    for index in 0..50 {
        unit.die(0x34, false, &[called(&format!("w{index}")), typed(int), (0x02, 0x17, vec![0; 4])]);
    }
    unit.local("v", int);
    unit.end(2);
    let entry = |index: u32| [&(50 + index).to_le_bytes()[..], &(51 + index).to_le_bytes(), &[2, 0, 0x91, 0]].concat();
    let list: Vec<u8> = (0..1 << 20).flat_map(entry).chain([0; 8]).collect();
    let module = module(&[], &[unit.sections(), custom(".debug_loc", &list)].concat());
    let folder = Folder::new("list");
    let text = folder.ask(&module, &dump().standard(), &["bt full", "info scope f0", "p w1", "p v"]);
    assert!(text.contains("its location list has more than 32768 entries"), "{}", start(&text));
    assert!(text.contains("): int = 117901063\n"), "{}", start(&text));
}

#[test]
fn a_table_of_ten_million_functions_is_kept_as_far_as_an_engine_would() {
    let count = 10_000_000;
    let segment = [vec![1, 0, 0x41, 0, 0x0b], uleb(count), vec![0; count as usize]].concat();
    let folder = Folder::new("table");
    let module = module(&section(9, &segment), &[]);
    let text = folder.ask(&module, &dump().standard(), &["bt", "output (void (*)(void)) 3", "info wasm"]);
    assert!(text.contains("Table entries:") && text.contains("1000000"), "{}", start(&text));
}

#[test]
fn a_hole_of_a_memory_is_one_of_the_file_that_it_is_written_to() {
    let mut dump = dump();
    dump.memories[0].pages = 65_536;
    dump.segments = Some(vec![Segment { memory: 0, address: 0xffff_0000, bytes: b"end".to_vec() }]);
    let folder = Folder::new("hole");
    let command = "dump memory written 1 0xffff0003";
    let text =
        folder.ask(&module(&[], &[]), &dump.standard(), &[command, "append memory written 0xffff0000 0xffff0003"]);
    assert!(text.lines().all(|line| line.starts_with("warning: the stack is too short")), "{text}");
    let written = folder.0.join("written");
    let size = 0xffff_0003 - 1 + 3;
    assert_eq!(std::fs::metadata(&written).expect("written").len(), size);
    let mut file = std::fs::File::open(&written).expect("written");
    let mut tail = Vec::new();
    std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(size - 8)).expect("long enough");
    std::io::Read::read_to_end(&mut file, &mut tail).expect("readable");
    assert_eq!(tail, b"\0\0endend");
    #[cfg(target_os = "linux")]
    assert!(std::os::unix::fs::MetadataExt::blocks(&file.metadata().unwrap()) < 1000, "zeros were written");
}

#[test]
fn a_name_of_megabytes_is_written_as_far_as_names_are() {
    let long = [vec![1, 0], name(&"n".repeat(10_000_000))].concat();
    let names = [vec![1], uleb(long.len() as u64), long].concat();
    let folder = Folder::new("name");
    let text = folder.ask(&named_module(&names, &[], &[]), &dump().standard(), &["bt"]);
    assert!((60 << 10..100 << 10).contains(&text.len()), "{} bytes", text.len());
}

#[test]
fn a_million_frames_are_listed_as_far_as_memory_allows() {
    let module = named_module(GLOBAL_NAMES, &[], &[]);
    let mut dump = dump();
    dump.threads = vec![("main".into(), vec![frame(0, 15); 1_000_000])];
    let text = Folder::new("deep").ask(&module, &dump.standard(), &["bt -1", "frame 100000"]);
    assert!(text.contains("of 1000000 frames"), "{}", start(&text));
    assert!(text.contains("#100000 000000 as "), "a number stands apart from what follows: {}", start(&text));
}
