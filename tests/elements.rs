//! Elements that are written by what they have in common read as they do when each is written by itself.
//!
//! Every value of some samples is taken as the first of three in a row, whatever lies behind it, and that array held
//! against three arrays of one.

use std::collections::BTreeSet;
use std::path::Path;

use wasmgdb::dwarf::types::{Encoding, PointerKind};
use wasmgdb::dwarf::{Language, TypeId};
use wasmgdb::files::Files;
use wasmgdb::render::json::JsonWriter;
use wasmgdb::render::options::{FormatLetter, Options, Style};
use wasmgdb::render::value::ValueWriter;
use wasmgdb::target::Program;
use wasmgdb::target::open::OpenOptions;
use wasmgdb::text::{Role, Sink, Stopped, Text};
use wasmgdb::value::present::{Form, present};
use wasmgdb::value::{Object, Reader, Variable, View};

/// Objects of one sample that are looked at.
const MOST: usize = 60;

fn options() -> Vec<Options> {
    let plain = Options { elements: Some(5), repeats: None, ..Options::default() };
    let gdb = Options {
        style: Style::Gdb,
        pretty: false,
        max_depth: Some(5),
        member_types: false,
        member_addresses: false,
        ..plain.clone()
    };
    vec![
        plain.clone(),
        Options { array: true, max_depth: Some(5), ..plain.clone() },
        Options { raw: true, max_depth: Some(4), ..plain.clone() },
        Options { format: Some(FormatLetter::Hex), max_depth: Some(3), union: false, ..plain.clone() },
        Options { object: true, static_members: false, ..plain },
        Options { pretty: true, array: true, ..gdb.clone() },
        Options { pretty: true, union: false, array_indexes: true, ..gdb.clone() },
        Options { max_depth: Some(1), address: false, symbol: false, ..gdb.clone() },
        gdb,
    ]
}

/// Objects in memory: variables and what they are made of.
fn objects(program: &Program<'_>) -> Vec<Object> {
    let reader = Reader::new(program);
    let stack = program.stack(0).expect("the sample has a stack");
    let variables = stack.frames().iter().filter_map(|frame| reader.frame_variables(stack, frame).ok());
    let mut open: Vec<Object> =
        variables.flat_map(|v| v.arguments.into_iter().chain(v.locals)).map(|variable| variable.object).collect();
    open.reverse();
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    while let Some(object) = open.pop().filter(|_| found.len() < MOST) {
        if object.address().is_some() && seen.insert(object.type_id) {
            found.push(object.clone());
        }
        for form in [Form::Language, Form::Raw] {
            match present(reader, &object, form) {
                View::Fields { children, .. } | View::Variant { children, .. } if open.len() < MOST => {
                    open.extend(children.into_iter().take(20).map(|child| child.object));
                }
                View::Array(elements) => open.extend((0..elements.count.min(2)).map(|i| elements.get(i))),
                View::Items { children, .. } => open.extend(children.take(2).map(|child| child.object)),
                View::Entries { pairs, .. } => open.extend(pairs.take(2).flat_map(|(key, value)| [key, value])),
                View::Wrapped { inner, .. } => open.push(inner),
                View::Pointer(pointer) if pointer.address != 0 && open.len() < MOST => {
                    open.extend(reader.pointee(&object));
                }
                _ => {}
            }
        }
    }
    found
}

fn in_a_row(reader: Reader<'_, '_>, first: &Object, index: u64, count: u64) -> Option<(Object, Language)> {
    let (_, found) = reader.stripped(first);
    let size = reader.size_of(first).ok().filter(|size| *size > 0)?;
    let type_id = reader.types().array_of(first.type_id, Some(count), found.language);
    Some((first.part(type_id, index * size), found.language))
}

/// The elements of a list on one line, with their roles and without its signs.
fn inside(writer: &ValueWriter<'_, '_, '_>, list: &Object, (open, close): (&str, &str)) -> Option<Vec<(Role, String)>> {
    let mut text = Text::new();
    writer.view(list, present(writer.reader, list, writer.form()), 0, &mut text).expect("a text never stops");
    let mut spans: Vec<(Role, String)> = text.spans().map(|(role, text)| (role, text.to_owned())).collect();
    let first = spans.first_mut()?;
    first.1 = first.1.strip_prefix(open)?.to_owned();
    let last = spans.last_mut()?;
    last.1 = last.1.strip_suffix(close)?.to_owned();
    Some(spans)
}

fn differs_on_a_line(writer: &ValueWriter<'_, '_, '_>, first: &Object) -> Option<String> {
    let reader = writer.reader;
    let (all, language) = in_a_row(reader, first, 0, 3)?;
    let breaks = writer.options.array && writer.options.style == Style::Gdb;
    let signs = match language {
        Language::Rust if breaks => ("[\n  ", "\n]"),
        Language::Rust => ("[", "]"),
        Language::Zig if breaks => (".{ \n  ", "\n }"),
        Language::Zig => (".{ ", " }"),
        _ if breaks => ("{\n  ", "\n}"),
        _ => ("{", "}"),
    };
    let mut expected = Text::new();
    for index in 0..3 {
        let (one, _) = in_a_row(reader, first, index, 1)?;
        if index > 0 {
            expected.plain(if breaks { ",\n  " } else { ", " });
        }
        for (role, text) in inside(writer, &one, signs)? {
            expected.push(role, &text.replace("[0] = ", &format!("[{index}] = ")));
        }
    }
    let mut found = Text::new();
    inside(writer, &all, signs)?.iter().for_each(|(role, text)| {
        found.push(*role, text);
    });
    // Lists in the elements have indexes of their own.
    let without_indexes = |text: &Text| match writer.options.array_indexes {
        true => Text::from(text.to_plain().replace(['0', '1', '2'], "#").as_str()),
        false => text.clone(),
    };
    (without_indexes(&found) != without_indexes(&expected))
        .then(|| format!("  {}\n  {}", found.to_plain(), expected.to_plain()))
}

/// The lines of a list's elements.
fn lines(writer: &ValueWriter<'_, '_, '_>, list: &Object) -> Vec<String> {
    let mut text = Text::new();
    writer.declaration("list", list, &mut text).expect("a text never stops");
    let all: Vec<String> = text.to_plain().lines().map(str::to_owned).collect();
    let inner = all.get(1..all.len().saturating_sub(1));
    inner.unwrap_or_default().to_vec()
}

fn differs_over_lines(writer: &ValueWriter<'_, '_, '_>, first: &Object) -> Option<String> {
    if writer.options.style == Style::Gdb {
        return None;
    }
    let (all, _) = in_a_row(writer.reader, first, 0, 3)?;
    let mut expected = Vec::new();
    for index in 0..3 {
        let (one, _) = in_a_row(writer.reader, first, index, 1)?;
        let mut own = lines(writer, &one);
        // One that is empty or dangling may be worth no lines, and another of its kind be worth some.
        let head = own.first_mut()?;
        *head = head.replacen("[0]", &format!("[{index}]"), 1);
        expected.extend(own);
    }
    let found = lines(writer, &all);
    (!found.is_empty() && found != expected)
        .then(|| format!("  {}\n  instead of\n  {}", found.join("\n  "), expected.join("\n  ")))
}

/// Counts what is looked at.
#[derive(Default)]
struct Steps {
    text: String,
    steps: u64,
}

impl Sink for Steps {
    fn put(&mut self, _: Role, text: &str) -> Result<(), Stopped> {
        self.text.push_str(text);
        Ok(())
    }

    fn step(&mut self) -> Result<(), Stopped> {
        self.steps += 1;
        Ok(())
    }
}

/// A variable of the sample of C, as if it were `type_id` at `address`; `make` gives the type for that of C's int.
fn with_array(
    address: u64,
    make: impl FnOnce(Reader<'_, '_>, TypeId) -> TypeId,
    look: impl FnOnce(Reader<'_, '_>, &Variable),
) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/c_list");
    let files = Files::new();
    let (module, core) = (Some(root.join("module.O0.wasm")), Some(root.join("core.O0")));
    let program = Program::open(&files, &OpenOptions { module, core, ..OpenOptions::default() }).expect("it opens");
    let reader = Reader::new(&program);
    let stack = program.stack(0).expect("the sample has a stack");
    let mut variables = stack.frames().iter().filter_map(|frame| reader.frame_variables(stack, frame).ok());
    let variable = variables.find_map(|found| found.locals.into_iter().next()).expect("a local");
    let int = reader.types().base("int", Encoding::Signed, 4, Language::C);
    let object = Object::in_memory(make(reader, int), address, variable.object.instance);
    look(reader, &Variable { object, ..variable });
}

#[test]
fn a_run_of_equal_numbers_is_seen_at_a_glance() {
    let array = |reader: Reader<'_, '_>, int| reader.types().array_of(int, Some(4000), Language::C);
    with_array(0x1c000, array, |reader, zeros| {
        let mut out = Steps::default();
        ValueWriter { reader, options: &Options::default() }.line(&zeros.object, &mut out).expect("it never stops");
        assert_eq!(out.text, "{0 <repeats 4000 times>}");
        assert!(out.steps < 20, "{} steps", out.steps);
    });
}

#[test]
fn a_run_of_null_pointers_is_seen_at_a_glance() {
    let array = |reader: Reader<'_, '_>, int| {
        let pointer = reader.types().pointer_to(int, PointerKind::Pointer, 4, Language::C);
        reader.types().array_of(pointer, Some(4000), Language::C)
    };
    with_array(0x1c000, array, |reader, zeros| {
        let mut out = Steps::default();
        ValueWriter { reader, options: &Options::default() }.line(&zeros.object, &mut out).expect("it never stops");
        assert_eq!(out.text, "{0x0 <repeats 4000 times>}");
        assert!(out.steps < 20, "{} steps", out.steps);
    });
}

#[test]
fn without_a_limit_all_elements_are_written_however_many_there_are() {
    // Bytes as numbers.
    let array = |reader: Reader<'_, '_>, _| {
        let byte = reader.types().base("byte", Encoding::Unsigned, 1, Language::C);
        let row = reader.types().array_of(byte, Some(100_000), Language::C);
        reader.types().array_of(row, Some(1), Language::C)
    };
    with_array(0, array, |reader, bytes| {
        let options = Options { elements: None, repeats: None, ..Options::default() };
        let mut out = Steps::default();
        ValueWriter { reader, options: &options }.line(&bytes.object, &mut out).expect("it never stops");
        assert_eq!(out.text.matches(", ").count(), 99_999);
        assert!(out.text.ends_with("}}"));
    });
}

#[test]
fn the_report_cuts_arrays_of_arrays_and_says_how_many_elements_there_are() {
    let array = |reader: Reader<'_, '_>, int| {
        let row = reader.types().array_of(int, Some(150), Language::C);
        reader.types().array_of(row, Some(180), Language::C)
    };
    with_array(0x1000, array, |reader, matrix| {
        let writer = ValueWriter { reader, options: &Options::default() };
        let json = JsonWriter { writer: &writer, raw: false, max_depth: 4 }.variable(matrix);
        assert_eq!((json.children.len(), json.child_count), (180, 180));
        let listed: usize = json.children.iter().map(|row| row.children.len()).sum();
        assert_eq!(listed + 180, 20_000);
        assert!(json.children.iter().all(|row| row.child_count == 150 && row.value.is_some()));
    });
}

fn check(module: &str, core: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = Files::new();
    let (module, core) = (Some(root.join(module)), Some(root.join(core)));
    let program = Program::open(&files, &OpenOptions { module, core, ..OpenOptions::default() }).expect("it opens");
    let objects = objects(&program);
    assert!(objects.len() > 20, "only {} objects", objects.len());
    for options in options() {
        let writer = ValueWriter { reader: Reader::new(&program), options: &options };
        for object in &objects {
            let name = writer.type_name(object);
            for found in [differs_on_a_line(&writer, object), differs_over_lines(&writer, object)] {
                assert_eq!(found, None, "{name} at {:?} under {options:?}", object.address());
            }
        }
    }
}

#[test]
fn elements_of_c_read_as_they_do_alone() {
    check("samples/c_list/module.O0.wasm", "samples/c_list/core.O0");
}

#[test]
fn elements_of_cpp_read_as_they_do_alone() {
    check("tests/forms/libcxx/debug.wasm", "tests/forms/libcxx/debug.core");
}

#[test]
fn elements_of_rust_read_as_they_do_alone() {
    check("tests/forms/rust/dev.wasm", "tests/forms/rust/dev.core");
}

#[test]
fn elements_of_zig_read_as_they_do_alone() {
    check("samples/zig_basic/module.wasm", "samples/zig_basic/core");
}
