//! Files that lie: every sample's dump and module, cut short and with bytes flipped, gives an answer or an error, soon
//! and in little memory.
//!
//! A full run (`WASMGDB_HOSTILE=full cargo test --release --test hostile`) cuts at every byte of every section header and
//! at 500 places in the rest, and flips 2,000 bytes one at a time, in each file; an ordinary one takes a part of that.

#[path = "../fuzz/entries.rs"]
#[allow(dead_code)]
mod entries;

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use wasmgdb::command::TABLE;
use wasmgdb::files::Files;
use wasmgdb::frontend::arguments::parse;
use wasmgdb::frontend::batch::run_scripts;
use wasmgdb::frontend::dialogue::Dialogue;
use wasmgdb::frontend::start;
use wasmgdb::render::ansi::Output;

/// One file in so many cases is tried in an ordinary run.
const ORDINARY_SHARE: usize = 100;
const CUTS_BETWEEN_HEADERS: usize = 500;
const FLIPS: usize = 2_000;
/// Far beyond what any case needs on a busy machine: longer is a hang.
const LONGEST: Duration = Duration::from_secs(60);
/// Address space of the program in MiB, mapped files included: what it may take of memory is less.
const MOST_MIB: u64 = 300;

/// What is asked of each variant: everything that a first look at a crash would.
const QUESTIONS: &[&str] = &[
    "info program",
    "bt -full 12",
    "bt -3",
    "frame 1",
    "info frame",
    "info locals",
    "info globals",
    "info memory",
    "x/8i $pc",
    "x/4xw 0x10000",
    "info symbol 0x10000",
    "find /b 0, +4096, 7",
    "info sharedlibrary",
    "print *this",
];

fn share() -> usize {
    if std::env::var("WASMGDB_HOSTILE").is_ok_and(|mode| mode == "full") { 1 } else { ORDINARY_SHARE }
}

fn sample(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(path)
}

/// A generator of numbers that is the same on every machine (xorshift, 64 bits).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 as usize
    }
}

/// Offsets of all bytes that belong to a section's header: id, size and, of a custom section, its name.
fn header_bytes(bytes: &[u8]) -> Vec<usize> {
    let mut result: Vec<usize> = (0..8).collect();
    let mut at = 8;
    while at < bytes.len() {
        let start = at;
        let custom = bytes[at] == 0;
        let (size, payload) = leb128(bytes, at + 1);
        at = payload + size;
        let end = if custom {
            let (length, name) = leb128(bytes, payload);
            name + length
        } else {
            payload
        };
        result.extend(start..end.min(bytes.len()));
    }
    result
}

fn leb128(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = bytes.get(at).copied().unwrap_or(0);
        value |= usize::from(byte & 0x7f) << shift;
        (at, shift) = (at + 1, shift + 7);
        if byte < 0x80 {
            return (value, at);
        }
    }
}

/// Every variant of `bytes` that this run tries, with a name for the message of a failure.
fn for_each_variant(bytes: &[u8], seed: u64, mut check: impl FnMut(&str, &[u8])) {
    let mut numbers = Numbers(seed);
    let mut cuts = header_bytes(bytes);
    cuts.extend((0..CUTS_BETWEEN_HEADERS).map(|_| numbers.next() % bytes.len()));
    for cut in cuts.into_iter().skip(seed as usize % share()).step_by(share()) {
        check(&format!("cut at byte {cut}"), &bytes[..cut]);
    }
    let mut copy = bytes.to_vec();
    for flip in (0..FLIPS).step_by(share()) {
        // Half of the flips hit headers and counts, where a byte means most.
        let range = if flip % 2 == 0 { bytes.len() } else { bytes.len().min(4096) };
        let (at, bit) = (numbers.next() % range, numbers.next() % 8);
        copy[at] ^= 1 << bit;
        check(&format!("bit {bit} of byte {at} flipped"), &copy);
        copy[at] ^= 1 << bit;
    }
}

/// Names the case if what follows panics, and watches the time it takes.
struct Case {
    name: String,
    start: Instant,
}

impl Case {
    fn new(file: &str, variant: &str) -> Self {
        Case { name: format!("{file}, {variant}"), start: Instant::now() }
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the case: {}", self.name);
        } else {
            assert!(self.start.elapsed() < LONGEST, "{} took {:?}", self.name, self.start.elapsed());
        }
    }
}

/// A folder of this test's own that is gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("wasmgdb-hostile-{}-{}", std::process::id(), name.replace('/', "-")));
        std::fs::create_dir_all(&folder).unwrap();
        Scratch(folder)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Forgets what is written.
#[derive(Default)]
struct Nowhere;

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The arguments of the program for `module` and `core`.
fn command_line(module: &Path, core: &Path) -> Vec<OsString> {
    let mut words: Vec<OsString> = ["wasmgdb", "-nx", "-q", "-batch"].iter().map(OsString::from).collect();
    for question in QUESTIONS {
        words.extend([OsString::from("-ex"), OsString::from(question)]);
    }
    words.extend([module.into(), core.into()]);
    words
}

/// Ask the questions in this process.
fn ask(module: &Path, core: &Path) {
    let arguments = parse(command_line(module, core)).expect("the arguments are right");
    let output = || Output::new(Box::new(Nowhere) as Box<dyn Write>, false);
    let mut dialogue = Dialogue::new(output(), output(), &TABLE);
    let files = Files::new();
    let mut session = start::session(&arguments, &files, false);
    let _ = start::begin(&mut dialogue, &mut session, &arguments);
    let _ = run_scripts(&mut dialogue, &mut session, &arguments);
}

/// Every variant of both files of a sample, through the parsers and through the program.
fn try_sample(module: &str, core: &str, seed: u64) {
    let (module_path, core_path) = (sample(module), sample(core));
    let scratch = Scratch::new(core);
    for_each_variant(&std::fs::read(&core_path).unwrap(), seed, |variant, bytes| {
        let _case = Case::new(core, variant);
        entries::dump(bytes);
        ask(&module_path, &scratch.file("core", bytes));
    });
    for_each_variant(&std::fs::read(&module_path).unwrap(), seed, |variant, bytes| {
        let _case = Case::new(module, variant);
        entries::module(bytes);
        entries::dataflow(bytes);
        entries::debug_info(bytes);
        ask(&scratch.file("module.wasm", bytes), &core_path);
    });
}

/// The program as a process of its own with little address space: one in so many variants.
fn try_in_little_memory(module: &str, core: &str, one_in: usize) {
    let (module_path, core_path) = (sample(module), sample(core));
    let scratch = Scratch::new(&format!("memory-{core}"));
    let mut count = 0;
    let mut check = |file: &str, variant: &str, module: &Path, core: &Path| {
        count += 1;
        if count % one_in == 0 {
            run_limited(&command_line(module, core)[1..], &format!("{file}, {variant}"));
            let report = ["--json".into(), module.into(), core.into()];
            run_limited(&report, &format!("report of {file}, {variant}"));
        }
    };
    for_each_variant(&std::fs::read(&core_path).unwrap(), 7, |variant, bytes| {
        check(core, variant, &module_path, &scratch.file("core", bytes));
    });
    for_each_variant(&std::fs::read(&module_path).unwrap(), 7, |variant, bytes| {
        check(module, variant, &scratch.file("module.wasm", bytes), &core_path);
    });
}

fn run_limited(arguments: &[OsString], case: &str) {
    let script = format!("ulimit -v {}; exec \"$0\" \"$@\"", MOST_MIB * 1024);
    let output = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_wasmgdb")])
        .args(arguments)
        // Arenas and threads reserve address space that they do not use.
        .envs([("MALLOC_ARENA_MAX", "1"), ("RAYON_NUM_THREADS", "2")])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0..=2)), "{case}: {:?}\n{errors}", output.status);
}

#[test]
fn the_reference_program_cut_or_flipped_gives_answers_or_errors() {
    try_sample("rust_demo/module.wasm", "rust_demo/core", 1);
}

#[test]
fn the_rewriters_memory_image_cut_or_flipped_gives_answers_or_errors() {
    try_sample("rust_demo/module.wasm", "rust_demo/core.rewriter", 2);
}

#[test]
fn rust_collections_cut_or_flipped_gives_answers_or_errors() {
    try_sample("rust_collections/module.wasm", "rust_collections/core", 3);
}

#[test]
fn c_without_optimisation_cut_or_flipped_gives_answers_or_errors() {
    try_sample("c_list/module.O0.wasm", "c_list/core.O0", 4);
}

#[test]
fn c_with_recorded_locals_cut_or_flipped_gives_answers_or_errors() {
    try_sample("c_list/module.O0.wasm", "c_list/core.O0.full", 5);
}

#[test]
fn c_with_optimisation_cut_or_flipped_gives_answers_or_errors() {
    try_sample("c_list/module.O2.wasm", "c_list/core.O2", 6);
}

#[test]
fn cpp_shapes_cut_or_flipped_gives_answers_or_errors() {
    try_sample("cpp_shapes/module.wasm", "cpp_shapes/core", 7);
}

#[test]
fn zig_basic_cut_or_flipped_gives_answers_or_errors() {
    try_sample("zig_basic/module.wasm", "zig_basic/core", 8);
}

#[test]
fn a_stripped_module_cut_or_flipped_gives_answers_or_errors() {
    try_sample("stripped/module.wasm", "stripped/core", 9);
}

#[test]
fn separate_debug_information_cut_or_flipped_gives_answers_or_errors() {
    try_sample("stripped/module.debug.wasm", "stripped/core", 10);
}

#[test]
#[cfg(target_os = "linux")]
fn no_variant_takes_more_than_300_mib() {
    try_in_little_memory("c_list/module.O2.wasm", "c_list/core.O2", 10);
    try_in_little_memory("rust_demo/module.wasm", "rust_demo/core.rewriter", 20);
    try_in_little_memory("cpp_shapes/module.wasm", "cpp_shapes/core", 20);
}
