//! Work follows what was asked: counted in units parsed and DIEs read, which no load of the machine changes.

use std::path::PathBuf;

use wasmgdb::command::run::run_line;
use wasmgdb::command::spec::{Invocation, NoInput, Stop};
use wasmgdb::command::table::TABLE;
use wasmgdb::files::Files;
use wasmgdb::session::Session;
use wasmgdb::settings::Settings;
use wasmgdb::target::ModuleId;
use wasmgdb::target::open::OpenOptions;
use wasmgdb::text::{Role, Sink, Stopped, Text};

fn open<'f>(files: &'f Files, sample: &str) -> Session<'f> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples").join(sample);
    let mut session = Session::new(files, Settings::default());
    let (module, core) = (Some(folder.join("module.wasm")), Some(folder.join("core")));
    session.open(&OpenOptions { module, core, ..OpenOptions::default() }).unwrap();
    session
}

fn run(session: &mut Session<'_>, line: &str) {
    let (mut out, mut err) = (Text::new(), Text::new());
    let (arguments, depth) = ("", 0);
    let (out, err, input, table) = (&mut out, &mut err, &mut NoInput, &TABLE);
    assert!(
        run_line(&mut Invocation { session, out, err, input, table, arguments, depth, typed: true, words: None }, line)
            .is_ok(),
        "{line}"
    );
}

/// (units parsed, DIEs read) so far.
fn work(session: &Session<'_>) -> (u64, u64) {
    let counters = session.program().unwrap().debug_info(ModuleId(0)).unwrap().counters();
    (counters.units_parsed.get(), counters.dies_read.get())
}

#[test]
fn the_youngest_frame_costs_its_own_unit() {
    let files = Files::default();
    let mut session = open(&files, "rust_collections");
    run(&mut session, "frame 0");
    assert_eq!(work(&session).0, 1);
    run(&mut session, "backtrace");
    assert!(work(&session).0 > 1);
}

#[test]
fn a_reader_within_the_unit_reads_no_names_of_others() {
    let files = Files::default();
    let mut session = open(&files, "rust_collections");
    run(&mut session, "frame 14");
    let (reader, (stack, frame)) = (session.reader(), session.selected().unwrap());
    let variables = reader.frame_variables(stack, frame).unwrap();
    let near = variables.locals[0].object.type_id;
    let before = work(&session).1;
    assert_eq!(reader.within_unit().type_named(near, "NoSuchType"), None);
    let within = work(&session).1;
    assert_eq!(reader.type_named(near, "NoSuchType"), None);
    assert!((work(&session).1 - within) > 2 * (within - before), "{before} {within} {:?}", work(&session));
}

/// A reader that goes away after a few bytes.
struct Closing {
    text: String,
    most: usize,
}

impl Sink for Closing {
    fn put(&mut self, _: Role, text: &str) -> Result<(), Stopped> {
        self.text.push_str(text);
        if self.text.len() > self.most { Err(Stopped) } else { Ok(()) }
    }
}

#[test]
fn a_walk_is_written_as_it_goes_and_ends_with_its_reader() {
    let files = Files::default();
    let mut session = open(&files, "cpp_shapes");
    run(&mut session, "frame function survey");
    run(&mut session, "set output-style gdb");
    run(&mut session, "set print elements unlimited");
    let walk = |session: &mut Session<'_>, most: usize| {
        let (mut out, mut err) = (Closing { text: String::new(), most }, Text::new());
        let (arguments, depth) = ("", 0);
        let (input, table) = (&mut NoInput, &TABLE);
        let mut at = Invocation {
            session,
            out: &mut out,
            err: &mut err,
            input,
            table,
            arguments,
            depth,
            typed: true,
            words: None,
        };
        let ended = run_line(&mut at, "print -walk __next_ -- path.__end_");
        (ended, out.text)
    };
    let (ended, whole) = walk(&mut session, usize::MAX);
    assert!(ended.is_ok() && whole.contains("the chain comes back to"), "{whole}");
    let (ended, part) = walk(&mut session, 20);
    assert_eq!(ended, Err(Stop::Output));
    assert!(part.len() < whole.len() / 2, "{part}");
    assert_eq!(session.history.len(), 2);
}

#[test]
fn a_backtrace_without_arguments_analyses_nothing() {
    let files = Files::default();
    let mut session = open(&files, "rust_collections");
    let analysed = |session: &Session<'_>| session.program().unwrap().flows(ModuleId(0)).unwrap().analysed();
    run(&mut session, "backtrace -full-stack -frame-arguments none");
    assert_eq!(analysed(&session), 0);
    run(&mut session, "backtrace -full-stack");
    assert!(analysed(&session) > 0);
}
