//! Files on a command line to modules, dump and debug information.

mod synth;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use synth::{Dump, Instance, custom, frame, name, section};
use wasmgdb::files::Files;
use wasmgdb::target::open::{OpenOptions, Opened, open};
use wasmgdb::target::vote::Verdict;

/// A directory of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("wasmgdb-open-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, file: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// `leaf` stops at 1, `mid` calls it at 7, `start` calls `mid` at 10.
fn demo() -> Vec<u8> {
    let text = "(module $demo
        (func $leaf (param i32) unreachable)
        (func $mid (local i64) nop nop i32.const 5 call $leaf nop)
        (func $start (local i32 i64 f32) nop nop nop call $mid))";
    wat::parse_str(text).unwrap()
}

fn other() -> Vec<u8> {
    wat::parse_str("(module $other (func) (func) (func nop nop nop nop nop nop nop nop nop nop))").unwrap()
}

/// A dump of `demo`.
fn program() -> Dump {
    let mut program = Dump::sample();
    program.threads[0].1 = vec![frame(0, 1), frame(1, 7), frame(2, 10)];
    program
}

fn options(module: Option<&Path>, core: Option<&Path>) -> OpenOptions {
    OpenOptions { module: module.map(Path::to_owned), core: core.map(Path::to_owned), ..OpenOptions::default() }
}

/// A file name, without its folder.
fn file_name(path: &Option<PathBuf>) -> Option<&str> {
    path.as_ref().and_then(|p| p.file_name()).and_then(|n| n.to_str())
}

fn module_files<'o>(opened: &'o Opened) -> Vec<Option<&'o str>> {
    opened.modules.iter().map(|m| file_name(&m.path)).collect()
}

#[test]
fn module_and_dump_are_matched() {
    let folder = Folder::new();
    let module = folder.write("anything.wasm", &demo());
    let core = folder.write("core", &program().standard());
    let files = Files::new();
    let opened = open(&files, &options(Some(&module), Some(&core))).unwrap();
    assert_eq!(opened.warnings, Vec::<String>::new());
    assert_eq!(module_files(&opened), [Some("anything.wasm")]);
    assert_eq!(opened.modules[0].name, "demo");
    assert_eq!(opened.modules[0].vote.as_ref().unwrap().verdict, Verdict::Belongs);
    assert_eq!(opened.module_of_instance(0).unwrap().name, "demo");
    assert!(opened.module_of_instance(1).is_none());
}

#[test]
fn swapped_files_are_put_right() {
    let folder = Folder::new();
    let module = folder.write("m.wasm", &demo());
    let core = folder.write("core", &program().standard());
    let files = Files::new();
    let opened = open(&files, &options(Some(&core), Some(&module))).unwrap();
    assert_eq!(file_name(&opened.core_path), Some("core"));
    assert_eq!(module_files(&opened), [Some("m.wasm")]);
    assert!(opened.warnings[0].contains("the other way round"), "{:?}", opened.warnings);
    let error = open(&files, &options(Some(&core), Some(&core))).err().unwrap();
    assert!(error.to_string().contains("both coredumps"), "{error}");
    let error = open(&files, &options(Some(&module), Some(&module))).err().unwrap();
    assert!(
        error
            .to_string()
            .ends_with("is not a core dump: it is a module, not a coredump: was it given in the wrong order?"),
        "{error}"
    );
}

#[test]
fn a_wrong_module_is_refused_loudly() {
    let folder = Folder::new();
    folder.write("demo.wasm", &demo());
    let wrong = folder.write("wrong.wasm", &other());
    let core = folder.write("core", &program().standard());
    let files = Files::new();
    let opened = open(&files, &options(Some(&wrong), Some(&core))).unwrap();
    assert_eq!(module_files(&opened), [None]);
    assert_eq!(opened.warnings.len(), 1, "{:?}", opened.warnings);
    assert!(opened.warnings[0].contains("wrong.wasm does not belong to the dump: only 0 of 2 callers"));
}

#[test]
fn a_dump_alone_finds_its_module() {
    let folder = Folder::new();
    let core = folder.write("core", &program().standard());
    folder.write("other.wasm", &other());
    folder.write("notes.wasm", b"no module at all");
    folder.write("another.core.wasm", &program().standard());
    let files = Files::new();
    let alone = open(&files, &options(None, Some(&core))).unwrap();
    assert_eq!(module_files(&alone), [None]);
    assert!(alone.warnings[0].contains("the module demo.wasm is missing"), "{:?}", alone.warnings);

    let renamed = folder.write("zzz.wasm", &demo());
    let found = open(&files, &options(Some(&core), None)).unwrap();
    assert_eq!(module_files(&found), [Some("zzz.wasm")]);
    assert!(found.warnings[0].contains("zzz.wasm, which lies beside the dump"), "{:?}", found.warnings);
    std::fs::remove_file(renamed).unwrap();

    folder.write("demo.wasm", &demo());
    let found = open(&files, &options(None, Some(&core))).unwrap();
    assert_eq!(module_files(&found), [Some("demo.wasm")]);
    assert_eq!(found.warnings, Vec::<String>::new());
}

#[test]
fn the_executable_may_be_a_path_elsewhere() {
    let folder = Folder::new();
    let module = folder.write("build/out/demo.wasm", &demo());
    let mut program = program();
    program.executable = Some(module.display().to_string());
    let core = folder.write("dumps/core", &program.standard());
    let files = Files::new();
    assert_eq!(module_files(&open(&files, &options(None, Some(&core))).unwrap()), [Some("demo.wasm")]);
    // And a path of another system still has a file name.
    program.executable = Some("C:\\build\\demo.wasm".into());
    let core = folder.write("build/out/core", &program.standard());
    assert_eq!(module_files(&open(&files, &options(None, Some(&core))).unwrap()), [Some("demo.wasm")]);
}

#[test]
fn a_module_alone_needs_no_dump() {
    let folder = Folder::new();
    let module = folder.write("m.wasm", &demo());
    let files = Files::new();
    let opened = open(&files, &options(Some(&module), None)).unwrap();
    assert!(opened.core.is_none());
    assert_eq!(opened.modules[0].name, "demo");
    assert!(open(&files, &options(None, None)).is_err());
    let missing = folder.0.join("nosuch.wasm");
    let error = open(&files, &options(Some(&missing), None)).err().unwrap();
    assert!(error.to_string().ends_with("nosuch.wasm: No such file or directory."), "{error}");
    let text = folder.write("text.wasm", b"hello\n");
    let error = open(&files, &options(Some(&text), None)).err().unwrap();
    assert!(error.to_string().contains("text.wasm: not a WebAssembly file: it is a text file"), "{error}");
}

#[test]
fn a_module_that_cannot_be_read_leaves_the_dump() {
    let folder = Folder::new();
    let core = folder.write("core", &program().standard());
    let files = Files::new();
    let missing = folder.0.join("nosuch.wasm");
    let opened = open(&files, &options(Some(&missing), Some(&core))).unwrap();
    assert_eq!(module_files(&opened), [None]);
    assert!(
        opened.warnings[0].ends_with("No such file or directory; its symbols are missing"),
        "{:?}",
        opened.warnings
    );
    let module = folder.write("m.wasm", &demo());
    assert!(open(&files, &options(Some(&module), Some(&missing))).is_err());
}

/// A dump of two modules: `demo` calls into `library` (whose function 0 stops at 1, called by 1 at 3).
fn two_modules() -> (Dump, Vec<u8>) {
    let library = "(module $library (func unreachable) (func (local i32) call 0) (func (local i32) nop call 1))";
    let mut program = program();
    program.modules = Some(vec!["demo".into(), "library".into()]);
    let instance = |module| Instance { module, memories: vec![0], globals: vec![] };
    program.instances = Some(vec![instance(1), instance(0)]);
    let frames = [(0, 0, 1), (0, 1, 3), (0, 2, 4), (1, 0, 1), (1, 1, 7), (1, 2, 10)];
    program.threads[0].1 = frames.map(|(i, f, o)| synth::Frame { instance: i, ..frame(f, o) }).to_vec();
    // What demo's leaf called is elsewhere: it stands at no call, which one frame in three may.
    program.threads[0].1.remove(3);
    (program, wat::parse_str(library).unwrap())
}

#[test]
fn several_modules_find_their_places() {
    let folder = Folder::new();
    let (program, library) = two_modules();
    let core = folder.write("core", &program.standard());
    let demo = folder.write("d/a.wasm", &demo());
    let library = folder.write("d/b.wasm", &library);
    let files = Files::new();
    for (first, second) in [(&demo, &library), (&library, &demo)] {
        let mut options = options(Some(first), Some(&core));
        options.named_modules.push((None, second.clone()));
        let opened = open(&files, &options).unwrap();
        assert_eq!(module_files(&opened), [Some("a.wasm"), Some("b.wasm")], "{:?}", opened.warnings);
        assert_eq!(opened.module_of_instance(0).unwrap().name, "library");
    }
    let mut options = options(None, Some(&core));
    options.named_modules = vec![(Some("library".into()), demo.clone()), (Some("nosuch".into()), library)];
    let opened = open(&files, &options).unwrap();
    assert!(opened.warnings.iter().any(|w| w.contains("no module named nosuch; it has: demo, library")));
    assert!(opened.warnings.iter().any(|w| w.contains("a.wasm does not belong")), "{:?}", opened.warnings);
    assert_eq!(module_files(&opened), [None, Some("b.wasm")]);
}

#[test]
fn a_library_beside_the_dump_is_found_for_its_frames() {
    let folder = Folder::new();
    let (program, library) = two_modules();
    let core = folder.write("core", &program.standard());
    let demo = folder.write("d/a.wasm", &demo());
    folder.write("lib.wasm", &library);
    let files = Files::new();
    let opened = open(&files, &options(Some(&demo), Some(&core))).unwrap();
    assert_eq!(module_files(&opened), [Some("a.wasm"), Some("lib.wasm")], "{:?}", opened.warnings);
}

#[test]
fn a_component_stands_for_the_modules_inside_it() {
    let folder = Folder::new();
    let (program, library) = two_modules();
    let header = [0, b'a', b's', b'm', 0x0d, 0, 1, 0];
    let inner = [&header[..], &section(1, &library)].concat();
    let component = [&header[..], &section(0, &name("x")), &section(1, &demo()), &section(4, &inner)].concat();
    let core = folder.write("core", &program.standard());
    let component = folder.write("app.wasm", &component);
    let files = Files::new();
    let opened = open(&files, &options(Some(&component), Some(&core))).unwrap();
    assert_eq!(module_files(&opened), [Some("app.wasm"), Some("app.wasm")], "{:?}", opened.warnings);
    assert_eq!(opened.modules[1].module.as_ref().unwrap().names().module(), Some("library"));
    let alone = open(&files, &options(Some(&component), None)).unwrap();
    assert_eq!(alone.modules.len(), 2);
}

/// A module with custom sections added.
fn with(module: &[u8], sections: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let added = sections.iter().flat_map(|(name, payload)| custom(name, payload));
    module.iter().copied().chain(added).collect()
}

const ID: [u8; 16] = [0xab, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

fn build_id(id: &[u8]) -> (&'static str, Vec<u8>) {
    ("build_id", [synth::uleb(id.len() as u64), id.to_vec()].concat())
}

fn debug_info() -> (&'static str, Vec<u8>) {
    (".debug_info", vec![1, 2, 3])
}

fn debug_path<'o>(opened: &'o Opened) -> Option<&'o str> {
    let debug = opened.modules[0].debug.as_ref()?;
    debug.path.file_name()?.to_str()
}

#[test]
fn debug_information_is_found_by_build_id() {
    let names = [
        "debug-ab010203-0405-0607-0809-0a0b0c0d0e0f.wasm",
        "ab0102030405060708090a0b0c0d0e0f.wasm",
        "ab0102030405060708090a0b0c0d0e0f.debug.wasm",
    ];
    for (elsewhere, found) in names.iter().flat_map(|n| [(false, n), (true, n)]) {
        let folder = Folder::new();
        let module = folder.write("m.wasm", &with(&demo(), &[build_id(&ID)]));
        let place = if elsewhere { format!("symbols/{found}") } else { found.to_string() };
        folder.write(&place, &with(&synth::HEADER, &[build_id(&ID), debug_info()]));
        let files = Files::new();
        let mut options = options(Some(&module), None);
        if elsewhere {
            assert_eq!(debug_path(&open(&files, &options).unwrap()), None);
            options.debug_dirs.push(folder.0.join("symbols"));
        }
        assert_eq!(debug_path(&open(&files, &options).unwrap()), Some(*found));
    }
}

#[test]
fn debug_information_of_another_build_is_refused() {
    let folder = Folder::new();
    let module = folder.write("m.wasm", &with(&demo(), &[build_id(&ID)]));
    let stale = folder.write("stale.wasm", &with(&synth::HEADER, &[build_id(&[1, 2, 3]), debug_info()]));
    let files = Files::new();
    let mut options = options(Some(&module), None);
    options.debug.push(stale);
    let opened = open(&files, &options).unwrap();
    assert_eq!(debug_path(&opened), None);
    assert!(opened.warnings[0].contains("another build (build id 010203"), "{:?}", opened.warnings);
    // Without ids, code of another size tells.
    let plain = folder.write("plain.wasm", &demo());
    let recoded = folder.write("recoded.wasm", &with(&other(), &[debug_info()]));
    let options = OpenOptions { module: Some(plain), debug: vec![recoded], ..OpenOptions::default() };
    let opened = open(&files, &options).unwrap();
    assert!(opened.warnings[0].contains("its lines would be wrong"), "{:?}", opened.warnings);
}

#[test]
fn a_named_debug_file_is_used() {
    let folder = Folder::new();
    let module = folder.write("m.wasm", &demo());
    let debug = folder.write("d.wasm", &with(&synth::HEADER, &[debug_info()]));
    let empty = folder.write("e.wasm", &synth::HEADER);
    let files = Files::new();
    let options = OpenOptions { module: Some(module), debug: vec![empty, debug], ..OpenOptions::default() };
    let opened = open(&files, &options).unwrap();
    assert_eq!(debug_path(&opened), Some("d.wasm"));
    assert!(opened.warnings[0].contains("holds no debug information"), "{:?}", opened.warnings);
}

#[test]
fn external_debug_info_is_followed() {
    let link = |to: &str| ("external_debug_info", name(to));
    for (to, file) in [("x.debug.wasm", "x.debug.wasm"), ("file:a%20b.wasm", "a b.wasm"), ("sub/y.wasm", "sub/y.wasm")]
    {
        let folder = Folder::new();
        let module = folder.write("m.wasm", &with(&demo(), &[link(to)]));
        let debug = folder.write(file, &with(&synth::HEADER, &[debug_info()]));
        let files = Files::new();
        let opened = open(&files, &options(Some(&module), None)).unwrap();
        assert_eq!(opened.modules[0].debug.as_ref().map(|d| d.path.clone()), Some(debug), "{to}");
        let absolute = format!("file://{}", folder.0.join(file).display()).replace(' ', "%20");
        let module = folder.write("n.wasm", &with(&demo(), &[link(&absolute)]));
        assert!(debug_path(&open(&files, &options(Some(&module), None)).unwrap()).is_some(), "{absolute}");
    }
    let folder = Folder::new();
    let files = Files::new();
    for (to, says) in [("https://example.org/x.wasm", "is at https://example.org/x.wasm"), ("x.wasm", "does not exist")]
    {
        let module = folder.write("m.wasm", &with(&demo(), &[link(to)]));
        let opened = open(&files, &options(Some(&module), None)).unwrap();
        assert!(opened.warnings[0].contains(says), "{:?}", opened.warnings);
    }
}

#[test]
fn embedded_debug_information_needs_no_search() {
    let folder = Folder::new();
    let link = ("external_debug_info", name("nosuch.wasm"));
    let module = folder.write("m.wasm", &with(&demo(), &[link, debug_info()]));
    let files = Files::new();
    let opened = open(&files, &options(Some(&module), None)).unwrap();
    assert!(opened.warnings.is_empty() && opened.modules[0].debug.is_none());
}

#[test]
fn every_shipped_dump_belongs_to_its_module() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let cases = [
        ("c_list/module.O0.wasm", "c_list/core.O0"),
        ("c_list/module.O0.wasm", "c_list/core.O0.full"),
        ("c_list/module.O2.wasm", "c_list/core.O2"),
        ("rust_demo/module.wasm", "rust_demo/core"),
        ("rust_demo/module.wasm", "rust_demo/core.rewriter"),
        ("stripped/module.wasm", "stripped/core"),
        ("zig_basic/module.wasm", "zig_basic/core"),
    ];
    for (module, core) in cases {
        let files = Files::new();
        let opened = open(&files, &options(Some(&samples.join(module)), Some(&samples.join(core)))).unwrap();
        let vote = opened.modules[0].vote.as_ref().unwrap();
        assert_eq!((&vote.verdict, vote.hits), (&Verdict::Belongs, vote.voters), "{core}");
        assert_eq!(opened.modules[0].debug.is_some(), core.starts_with("stripped"), "{core}");
        for (_, other) in cases.iter().filter(|(other, _)| *other != module) {
            let files = Files::new();
            let opened = open(&files, &options(Some(&samples.join(module)), Some(&samples.join(other)))).unwrap();
            assert!(opened.modules[0].module.is_none(), "{module} with {other}");
        }
    }
}

#[test]
fn a_module_that_one_frame_cannot_judge_is_taken_with_a_warning() {
    let folder = Folder::new();
    let module = folder.write("own.wasm", &wat::parse_str("(module (func unreachable))").unwrap());
    let mut alone = Dump::sample();
    alone.threads[0].1 = vec![frame(0, 1)];
    let core = folder.write("core", &alone.standard());
    let files = Files::new();
    let opened = open(&files, &options(Some(&module), Some(&core))).unwrap();
    assert!(opened.modules[0].module.is_some());
    let said = |warning: &String| warning.contains("own.wasm") && warning.contains("too short to tell");
    assert!(opened.warnings.iter().any(said), "{:?}", opened.warnings);
}
