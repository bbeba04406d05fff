//! `print` and `output`: the value of an expression.

use super::args;
use super::args::format::{Format, FormatLetter};
use super::args::options::{OptionKind, OptionSpec, OptionValue};
use super::print_chain::{self, Nodes};
use super::spec::{Command, Completion, Group, Invocation, Outcome, Stop};
use crate::dwarf::types::TypeKind;
use crate::error::Error;
use crate::expr::ast::HistoryIndex;
use crate::expr::history::History;
use crate::render::options::{self, Options, Style};
use crate::render::value::ValueWriter;
use crate::settings::{self, Settings};
use crate::text::{Role, Sink, Stopped};
use crate::value::object::Object;
use crate::value::present::{Form, present};
use crate::value::type_name::{Length, type_name};
use crate::value::view::{ItemStyle, View};

const HELP: &str = "FMT is a letter: x d u o t c a f s z, or r for members as they are. The settings of `set print' can\n\
                    be given for one value: -OPTION… --. The value joins the history: $ is the last one, $1 the first.\n\
                    -walk MEMBER shows what that member leads to, one node after the other, to the end of the list, the\n\
                    limit of elements or a node that was there before; -count says how many there are.";

pub static ROWS: &[Command] = &[
    Command {
        name: "print",
        aliases: &["p", "inspect", "call"],
        group: Group::Data,
        synopsis: "[-OPTION… --] [/FMT] [EXPR]",
        summary: "Print the value of an expression",
        help: HELP,
        examples: &[
            ("print total", "a variable"),
            ("p/x (*thing)->value", "a member behind a pointer, in hexadecimal"),
            ("p (MyThing) 0xfff2c", "the object of that type at this address"),
            ("p -elements 3 -- buffer", "its first three elements"),
            ("p -walk next -- head", "the nodes of a list, each found by the member of the one before"),
            ("p -count -- buffer", "how many elements there are; of a list with -walk too"),
        ],
        completion: Completion::Expression,
        run: print,
        ..Command::DEFAULT
    },
    Command {
        name: "output",
        group: Group::Data,
        synopsis: "[/FMT] EXPR",
        summary: "Print the value of an expression on one line, and nothing else",
        examples: &[("output total", "for scripts")],
        completion: Completion::Expression,
        run: output,
        ..Command::DEFAULT
    },
];

/// gdb: an expression is missing.
pub const PRINT_ARGUMENT: &str = "Argument required (expression to compute).";

/// Options that are no settings: follow a member, count.
const WALK: &str = "walk";
const COUNT: &str = "count";

/// The settings that can be given for one value.
const OPTIONS: &[OptionSpec] = &[
    OptionSpec { name: "address", kind: OptionKind::OnOff },
    OptionSpec { name: "array", kind: OptionKind::OnOff },
    OptionSpec { name: "array-indexes", kind: OptionKind::OnOff },
    OptionSpec { name: "characters", kind: OptionKind::Count },
    OptionSpec { name: COUNT, kind: OptionKind::Flag },
    OptionSpec { name: "elements", kind: OptionKind::Count },
    OptionSpec { name: "full-types", kind: OptionKind::OnOff },
    OptionSpec { name: "max-depth", kind: OptionKind::Count },
    OptionSpec { name: "member-addresses", kind: OptionKind::OnOff },
    OptionSpec { name: "member-types", kind: OptionKind::OnOff },
    OptionSpec { name: "null-stop", kind: OptionKind::OnOff },
    OptionSpec { name: "object", kind: OptionKind::OnOff },
    OptionSpec { name: "pretty", kind: OptionKind::OnOff },
    OptionSpec { name: "repeats", kind: OptionKind::Count },
    OptionSpec { name: "static-members", kind: OptionKind::OnOff },
    OptionSpec { name: "symbol", kind: OptionKind::OnOff },
    OptionSpec { name: "union", kind: OptionKind::OnOff },
    OptionSpec { name: WALK, kind: OptionKind::Word },
];

fn print(at: &mut Invocation<'_, '_>) -> Outcome {
    let spec = args::print("print", at.arguments, OPTIONS)?;
    let options = options_for(at, &spec.options, spec.format)?;
    let (label, object) = if spec.expression.is_empty() {
        let last = at.session.history.value(HistoryIndex::Back(0))?.clone();
        ("$".to_owned(), last)
    } else {
        evaluated(at, spec.expression)?
    };
    refuse_unmapped(at, &object)?;
    let member = spec.options.iter().rev().find(|option| option.name == WALK).map(|option| option.value.as_str());
    if spec.options.iter().any(|option| option.name == COUNT) {
        let count = print_chain::count(at, &object, member)?;
        return shown(at, &options, &label, count);
    }
    let Some(member) = member else { return shown(at, &options, &label, object) };
    walk(at, &options, &label, object, member)
}

/// The nodes of a list, each written as soon as it is found; what they were reached from joins the history.
fn walk(at: &mut Invocation<'_, '_>, options: &Options, label: &str, object: Object, member: &str) -> Outcome {
    let mut none = History::default();
    // A walk that cannot begin takes no number.
    Nodes::new(at.session, &mut none, &object, member)?;
    let number = at.session.history.record(object.clone());
    let session = &*at.session;
    let nodes = Nodes::new(session, &mut none, &object, member)?;
    let writer = ValueWriter { reader: session.reader(), options };
    match options.style {
        Style::Reference => writer.declared_list(label, &object, nodes, at.out)?,
        Style::Gdb => {
            at.out.put(Role::Plain, &format!("${number} = "))?;
            let view = View::Items { count: None, children: Box::new(nodes), style: ItemStyle::Sequence };
            writer.view(&object, view, 0, at.out)?;
            at.out.put(Role::Plain, "\n")?;
        }
    }
    Ok(())
}

/// One value, which joins the history.
fn shown(at: &mut Invocation<'_, '_>, options: &Options, label: &str, object: Object) -> Outcome {
    let number = at.session.history.record(object.clone());
    let writer = ValueWriter { reader: at.session.reader(), options };
    match options.style {
        Style::Reference => writer.declaration(label, &object, at.out)?,
        Style::Gdb => {
            at.out.put(Role::Plain, &format!("${number} = "))?;
            cast(&writer, &object, at.out)?;
            writer.line(&object, at.out)?;
            at.out.put(Role::Plain, "\n")?;
        }
    }
    Ok(())
}

fn output(at: &mut Invocation<'_, '_>) -> Outcome {
    let (format, text) = args::print_format("output", at.arguments)?;
    if text.is_empty() {
        return Err(Error::Usage(PRINT_ARGUMENT.into()).into());
    }
    let options = options_for(at, &[], format)?;
    let (_, object) = evaluated(at, text)?;
    refuse_unmapped(at, &object)?;
    let writer = ValueWriter { reader: at.session.reader(), options: &options };
    if options.style == Style::Gdb {
        cast(&writer, &object, at.out)?;
    }
    Ok(writer.line(&object, at.out)?)
}

/// gdb puts a pointer's type in front of it, where it stands alone; but not that of a plain text.
fn cast(writer: &ValueWriter<'_, '_, '_>, object: &Object, out: &mut dyn Sink) -> Result<(), Stopped> {
    if writer.options.format.is_some() {
        return Ok(());
    }
    let Some(name) = cast_type(writer, object) else { return Ok(()) };
    out.put(Role::Plain, "(")?;
    out.put(Role::Type, &name)?;
    out.put(Role::Plain, ") ")
}

/// The type that gdb writes in front of the value of `object`.
fn cast_type(writer: &ValueWriter<'_, '_, '_>, object: &Object) -> Option<String> {
    let types = writer.reader.types();
    let unqualified = match types.get(object.type_id).kind {
        TypeKind::Qualified { target, .. } => target,
        _ => object.type_id,
    };
    let is_text = match types.get(unqualified).kind {
        TypeKind::Pointer { target, .. } => types.strip(target).1.name.as_deref() == Some("char"),
        _ => false,
    };
    match present(writer.reader, object, writer.form()) {
        View::Pointer(pointer) if pointer.is_reference => {
            // Rust's references are pointers to gdb, which it writes without their type.
            let referent = writer.referent(object, &pointer)?;
            let is_whole = writer.options.object && writer.reader.dynamic(&referent).is_some();
            let (target, sign) = if is_whole { (referent.type_id, " &") } else { (object.type_id, "") };
            Some(type_name(types, target, Length::Full) + sign)
        }
        // Arrays of a length that nobody knows are written as pointers too.
        View::Pointer(_) if matches!(types.strip(object.type_id).1.kind, TypeKind::Array(_)) => None,
        View::Pointer(_) => (!is_text).then(|| type_name(types, writer.whole(object).type_id, Length::Full)),
        View::Fields { .. } if writer.options.object => {
            let whole = writer.reader.dynamic(object)?;
            Some(type_name(types, whole.type_id, Length::Full))
        }
        _ => None,
    }
}

/// The name to print and the object; what gdb warns of is written at once.
fn evaluated(at: &mut Invocation<'_, '_>, text: &str) -> Result<(String, Object), Stop> {
    let mut evaluator = at.session.evaluator();
    let result = evaluator.evaluate_text(text);
    let warnings = evaluator.take_warnings();
    for warning in warnings {
        at.warn(&warning)?;
    }
    let (expr, object) = result?;
    Ok((expr.label(text).to_owned(), object))
}

/// A value that lies outside memory is an error, and takes no number.
fn refuse_unmapped(at: &Invocation<'_, '_>, object: &Object) -> Outcome {
    let reader = at.session.reader();
    match present(reader, object, Form::Raw) {
        View::Unavailable(error @ (Error::Unmapped { .. } | Error::Usage(_))) => Err(error.into()),
        _ => Ok(()),
    }
}

/// The options of one command: the settings, those given with it, and its format.
fn options_for(at: &Invocation<'_, '_>, given: &[OptionValue], format: Format) -> Result<Options, Stop> {
    let mut settings: Settings = at.session.settings.clone();
    for option in given {
        let name = format!("print {}", option.name);
        if let Some(row) = settings::TABLE.iter().find(|row| row.name == name) {
            settings.set(row, &option.value)?;
        }
    }
    let mut options = settings.render_options(at.session.interactive);
    options.raw |= format.raw;
    options.format = format.letter.map(render_letter);
    Ok(options)
}

fn render_letter(letter: FormatLetter) -> options::FormatLetter {
    match letter {
        FormatLetter::Hex => options::FormatLetter::Hex,
        FormatLetter::PaddedHex => options::FormatLetter::PaddedHex,
        FormatLetter::Decimal => options::FormatLetter::Decimal,
        FormatLetter::Unsigned => options::FormatLetter::Unsigned,
        FormatLetter::Octal => options::FormatLetter::Octal,
        FormatLetter::Binary => options::FormatLetter::Binary,
        FormatLetter::Char => options::FormatLetter::Char,
        FormatLetter::Address => options::FormatLetter::Address,
        FormatLetter::Float => options::FormatLetter::Float,
        FormatLetter::String => options::FormatLetter::String,
        FormatLetter::Instruction => options::FormatLetter::Instruction,
    }
}
