//! `info functions`, `info variables`, `info types`: names of the program, by file, as gdb lists them.

use std::collections::BTreeMap;
use std::rc::Rc;

use regex::Regex;

use super::args;
use super::pattern::compile;
use super::place::module_ids;
use super::spec::{Command, Group, Invocation, Outcome};
use crate::dwarf::names::Kind;
use crate::dwarf::types::{RecordKind, TypeId, TypeKind};
use crate::dwarf::{DebugInfo, DieRef, Language, TypeTable};
use crate::error::Result;
use crate::limits::MAX_LISTED_SYMBOLS;
use crate::render::table::cell;
use crate::session::Session;
use crate::target::ModuleId;
use crate::target::program::Program;
use crate::text::{Role, Sink, Text};
use crate::value::type_name::{Length, declaration, type_name};
use crate::wasm::FuncIdx;

const HELP: &str = "REGEX selects by name, -t TYPE by type; -q says nothing where there are none;\n\
                    -n leaves out what has no debug information.";

const fn row(
    name: &'static str,
    summary: &'static str,
    examples: &'static [(&'static str, &'static str)],
    run: fn(&mut Invocation<'_, '_>) -> Outcome,
) -> Command {
    let synopsis = "[-q] [-n] [-t TYPE] [REGEX]";
    Command { name, group: Group::Source, synopsis, summary, help: HELP, examples, run, ..Command::DEFAULT }
}

pub static ROWS: &[Command] = &[
    row(
        "info functions",
        "List the functions of the program, by source file",
        &[
            ("info functions walk", "those whose name has walk in it"),
            ("info functions -n", "those with debug information"),
        ],
        |at| list(at, What::Functions),
    ),
    row(
        "info variables",
        "List the global and static variables of the program, by source file",
        &[("info variables ^count", "those whose name begins with count")],
        |at| list(at, What::Variables),
    ),
    Command {
        synopsis: "[-q] [REGEX]",
        ..row(
            "info types",
            "List the types of the program, by source file",
            &[("info types node", "those whose name has node in it")],
            |at| list(at, What::Types),
        )
    },
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Functions,
    Variables,
    Types,
}

impl What {
    fn word(self) -> &'static str {
        match self {
            What::Functions => "functions",
            What::Variables => "variables",
            What::Types => "types",
        }
    }

    fn kind(self) -> Kind {
        match self {
            What::Functions => Kind::Function,
            What::Variables => Kind::Variable,
            What::Types => Kind::Type,
        }
    }
}

/// What narrows the list.
struct Filter {
    quiet: bool,
    debug_only: bool,
    name: Option<Regex>,
    kind: Option<Regex>,
}

/// A name of so many bytes takes the room of two symbols.
const LONG_NAME_BYTES: usize = 256;

/// Symbols of one file: by name and line, so that equal ones fall together.
type ByFile = BTreeMap<Rc<str>, BTreeMap<(String, u32), Text>>;

fn list(at: &mut Invocation<'_, '_>, what: What) -> Outcome {
    let given = args::info_filter(at.arguments)?;
    let regex = |pattern: Option<&str>| pattern.map(|pattern| compile(pattern, false)).transpose();
    let filter = Filter {
        quiet: given.quiet,
        debug_only: given.debug_only,
        name: regex(given.regex)?,
        kind: regex(given.type_regex)?,
    };
    let session = &*at.session;
    let program = session.program()?;
    let mut files = ByFile::new();
    let (mut room, mut complete) = (MAX_LISTED_SYMBOLS, true);
    for module in module_ids(program) {
        complete &= collect(session, module, (what, &filter), &mut room, &mut files)?;
    }
    let asks_for_others = what == What::Functions && !filter.debug_only && filter.kind.is_none();
    let others = asks_for_others.then(|| without_debug(program, &filter));
    let mut others = others.into_iter().flatten().peekable();
    if filter.quiet && files.is_empty() && others.peek().is_none() {
        return Ok(());
    }
    heading(&given, what, at.out)?;
    print(&files, at.out)?;
    if others.peek().is_some() {
        at.out.put(Role::Plain, "\nNon-debugging symbols:\n")?;
        others.by_ref().try_for_each(|line| line.write_to(at.out))?;
    }
    drop(others);
    if !complete {
        at.warn(&format!("there are too many {} to list: the rest is left out; select by REGEX", what.word()))?;
    }
    Ok(())
}

fn heading(given: &args::InfoFilter<'_>, what: What, out: &mut dyn Sink) -> Outcome {
    let defined = if given.regex.is_none() { "defined " } else { "" };
    let mut text = format!("All {defined}{}", what.word());
    if let Some(regex) = given.regex {
        text.push_str(&format!(" matching regular expression \"{regex}\""));
    }
    if let Some(regex) = given.type_regex {
        text.push_str(&format!(" with type matching regular expression \"{regex}\""));
        // gdb's blank.
        text.push_str(if given.regex.is_none() { " " } else { "" });
    }
    Ok(out.put(Role::Plain, &format!("{text}:\n"))?)
}

fn print(files: &ByFile, out: &mut dyn Sink) -> Outcome {
    for (file, symbols) in files {
        match file.as_ref() {
            "" => out.put(Role::Plain, "\n")?,
            file => {
                out.put(Role::Plain, "\nFile ")?;
                out.put(Role::File, file)?;
                out.put(Role::Plain, ":\n")?;
            }
        }
        for ((_, line), text) in symbols {
            if *line > 0 {
                out.put(Role::Number, &line.to_string())?;
                out.put(Role::Plain, ":")?;
            }
            out.put(Role::Plain, "\t")?;
            text.write_to(out)?;
            out.put(Role::Plain, "\n")?;
        }
    }
    Ok(())
}

/// Takes the symbols of one module that fit, as far as there is room; false if there is not.
fn collect(
    session: &Session<'_>,
    module: ModuleId,
    (what, filter): (What, &Filter),
    room: &mut usize,
    files: &mut ByFile,
) -> Result<bool> {
    let program = session.program()?;
    let Some(info) = program.debug_info(module) else { return Ok(true) };
    let types = program.types();
    for symbol in info.all(what.kind()) {
        let name = symbol.qualified();
        if filter.name.as_ref().is_some_and(|regex| !regex.is_match(&name)) {
            continue;
        }
        let described = Described { info, types, die: symbol.die };
        let Some((kind, text)) = described.text(what, &name) else { continue };
        if filter.kind.as_ref().is_some_and(|regex| !regex.is_match(&kind)) {
            continue;
        }
        let place = info.declared(symbol.die);
        let line = place.as_ref().and_then(|place| place.line).unwrap_or(0);
        // Types that no line declares (the language's own) are listed once, without a file.
        let file = place.filter(|_| line > 0).map_or_else(|| "".into(), |place| place.file);
        let Some(left) = room.checked_sub(1 + name.len() / LONG_NAME_BYTES) else { return Ok(false) };
        *room = left;
        files.entry(file).or_default().insert((name, line), text);
    }
    Ok(true)
}

/// A symbol of the debug information.
struct Described<'a, 'f> {
    info: &'a Rc<DebugInfo<'f>>,
    types: &'a TypeTable<'f>,
    die: DieRef,
}

impl Described<'_, '_> {
    /// Its type, for the filter, and its declaration.
    fn text(&self, what: What, name: &str) -> Option<(String, Text)> {
        match what {
            What::Functions => self.function(name),
            What::Variables => self.variable(name),
            What::Types => self.named_type(name),
        }
    }

    fn function(&self, name: &str) -> Option<(String, Text)> {
        let full = self.info.full_name(self.die).unwrap_or_else(|| name.into());
        // A concrete instance leaves types to the abstract one.
        let origin = self.info.function_of(self.die).map_or(self.die, |function| function.origin);
        let id = self.types.of_die(origin);
        let found = self.types.get(id);
        let TypeKind::Function(function) = &found.kind else { return None };
        let names = |ids: &[TypeId]| {
            let names: Vec<String> = ids.iter().map(|id| type_name(self.types, *id, Length::Full)).collect();
            names.join(", ")
        };
        if found.language == Language::Rust {
            let result = function.result.map(|id| type_name(self.types, id, Length::Full)).filter(|name| name != "()");
            let arrow = result.map(|result| format!(" -> {result}")).unwrap_or_default();
            let parameters = names(&function.parameters);
            let text = declared_text("fn ", &full, &format!("({parameters}){arrow};"));
            return Some((format!("fn({parameters}){arrow}"), text));
        }
        let storage = if self.info.is_external(self.die) { "" } else { "static " };
        Some((type_name(self.types, id, Length::Full), around(&declaration(self.types, id, NAME), storage, &full)))
    }

    fn variable(&self, name: &str) -> Option<(String, Text)> {
        let id = self.types.of_die(self.info.type_of(self.die)?);
        let kind = type_name(self.types, id, Length::Full);
        let storage = if self.info.is_external(self.die) { "" } else { "static " };
        if matches!(self.types.get(id).language, Language::Rust | Language::Zig) {
            return Some((kind.clone(), declared_text(storage, name, &format!(": {kind};"))));
        }
        Some((kind, around(&declaration(self.types, id, NAME), storage, name)))
    }

    fn named_type(&self, name: &str) -> Option<(String, Text)> {
        let id = self.types.of_die(self.die);
        let found = self.types.get(id);
        let text = match &found.kind {
            TypeKind::Typedef { target } => {
                format!("typedef {} {name};", type_name(self.types, *target, Length::Full))
            }
            TypeKind::Record(record) if found.language != Language::Cpp => match record.kind {
                RecordKind::Union => format!("union {name};"),
                RecordKind::Struct | RecordKind::Class if record.variants.is_some() => format!("enum {name};"),
                RecordKind::Struct | RecordKind::Class => format!("struct {name};"),
            },
            TypeKind::Enumeration(_) if found.language != Language::Cpp => format!("enum {name};"),
            TypeKind::Record(_) | TypeKind::Enumeration(_) => format!("{name};"),
            TypeKind::Base(_) => name.to_owned(),
            _ => return None,
        };
        Some((text.clone(), cell(Role::Type, text)))
    }
}

/// Stands for the name in a declaration until it is written in its own colour; no name has it.
const NAME: &str = "\u{1}";

/// A declaration with its name put in.
fn around(declaration: &str, storage: &str, name: &str) -> Text {
    let (before, after) = declaration.split_once(NAME).unwrap_or((declaration, ""));
    declared_text(&format!("{storage}{before}"), name, &format!("{after};"))
}

fn declared_text(before: &str, name: &str, after: &str) -> Text {
    let mut text = Text::new();
    text.push(Role::Type, before).push(Role::Function, name).push(Role::Type, after);
    text
}

/// Functions that no debug information describes: offset in the file, or index for imported ones, and name. Written as
/// they are found: a module may have a million.
fn without_debug<'a>(program: &'a Program<'_>, filter: &'a Filter) -> impl Iterator<Item = Text> {
    let functions = module_ids(program).filter_map(move |id| {
        let module = program.module(id)?;
        Some((0..module.function_count()).filter_map(move |index| {
            let function = FuncIdx(index);
            let name = program.wasm_function_name(id, function)?;
            if filter.name.as_ref().is_some_and(|regex| !regex.is_match(&name)) {
                return None;
            }
            let body = module.body(function);
            let calls = body.and_then(|body| program.debug_info(id)?.calls_at(module.code_offset(body.start)?).ok());
            if calls.is_some_and(|calls| calls.iter().any(|call| call.function.is_some())) {
                return None;
            }
            let mut line = Text::new();
            match body {
                Some(body) => line.push(Role::Address, &format!("{:#010x}", body.start.0)),
                None => line.push(Role::Note, "(imported)"),
            };
            line.plain("  ").push(Role::Function, &name).plain("\n");
            Some(line)
        }))
    });
    functions.flatten()
}
