//! `find`: where in memory some bytes stand.

use super::args::{self, FindSpec, SearchEnd};
use super::context::address;
use super::spec::{Command, Completion, Group, Invocation, Outcome};
use crate::dwarf::Language;
use crate::dwarf::types::Encoding;
use crate::error::{Error, Result};
use crate::expr::ast::ExprKind;
use crate::limits::MAX_OBJECT_BYTES;
use crate::session::Session;
use crate::text::{Role, escaped};
use crate::value::symbol::symbol_text;
use crate::value::{Object, Reader};

pub static ROWS: &[Command] = &[Command {
    name: "find",
    group: Group::Data,
    synopsis: "[/bhwgN] [START, +LENGTH|END,] VALUE [, VALUE]...",
    summary: "Search memory for a sequence of values",
    help: "Without START, the whole memory is searched. b h w g is the size of each number; without it,\n\
           the size of its type. N is the most matches to print. A string of C ends with its NUL.\n\
           $_ is the last address found, $numfound the number of matches.",
    examples: &[
        ("find 0x10000, +0x1000, 42", "an int in a page of memory"),
        ("find \"nails\"", "a string anywhere"),
        ("find /b 0x10000, +256, 0xde, 0xad", "two bytes"),
    ],
    completion: Completion::Expression,
    run: find,
    ..Command::DEFAULT
}];

fn find(at: &mut Invocation<'_, '_>) -> Outcome {
    let spec = args::find(at.arguments)?;
    let pattern = pattern(at.session, &spec)?;
    if pattern.is_empty() {
        return Err(Error::Usage("Missing search pattern.".into()).into());
    }
    let instance = at.session.instance();
    let start = spec.start.map_or(Ok(0), |text| address(at.session, text))?;
    let end = match spec.end {
        None => u64::MAX,
        Some(SearchEnd::Length(text)) => start.saturating_add(address(at.session, text)?),
        Some(SearchEnd::Address(text)) => address(at.session, text)?.saturating_add(1),
    };
    if start >= end {
        return Err(Error::Usage("Invalid search space, end precedes start.".into()).into());
    }
    let reader = at.session.reader();
    let memory = reader.program.memory(instance)?;
    let limit = spec.limit.unwrap_or(u64::MAX);
    let (mut count, mut last) = (0u64, None);
    let mut matches = memory.find(start..end, &pattern);
    while count < limit
        && let Some(found) = matches.next()
    {
        at.out.put(Role::Address, &format!("{found:#x}"))?;
        if let Some(symbol) = reader.symbol_at(instance, found) {
            at.out.put(Role::Plain, &format!(" <{}>", escaped(&symbol_text(&symbol))))?;
        }
        at.out.put(Role::Plain, "\n")?;
        count += 1;
        last = Some(found);
    }
    let text = match count {
        0 => "Pattern not found.\n".to_owned(),
        1 => "1 pattern found.\n".to_owned(),
        count => format!("{count} patterns found.\n"),
    };
    at.out.put(Role::Plain, &text)?;
    remember(at.session, count, last);
    Ok(())
}

/// The bytes that the values are in memory, one after the other.
fn pattern(session: &mut Session<'_>, spec: &FindSpec<'_>) -> Result<Vec<u8>> {
    let mut pattern = Vec::new();
    for text in &spec.values {
        let mut evaluator = session.evaluator();
        let c_like = !matches!(evaluator.names().language(), Language::Rust | Language::Zig);
        let (expr, object) = evaluator.evaluate_text(text)?;
        if let ExprKind::String(literal) = &expr.kind {
            pattern.extend_from_slice(&literal.bytes);
            pattern.extend(c_like.then_some(0));
            continue;
        }
        let reader = session.reader();
        pattern.extend(bytes(reader, &object, spec.unit.map(|unit| unit.bytes()))?);
        if pattern.len() as u64 > MAX_OBJECT_BYTES {
            return Err(Error::Limit(format!("a pattern of more than {MAX_OBJECT_BYTES} bytes")));
        }
    }
    Ok(pattern)
}

fn bytes(reader: Reader<'_, '_>, object: &Object, unit: Option<u64>) -> Result<Vec<u8>> {
    match unit {
        None => {
            let size = reader.size_of(object)?;
            reader.bytes(object, size)
        }
        Some(size) => {
            let value = reader.scalar(object)?.as_i128();
            let bytes = value.to_le_bytes();
            Ok(bytes.iter().take(usize::try_from(size).unwrap_or(8)).copied().collect())
        }
    }
}

/// `$_` and `$numfound`.
fn remember(session: &mut Session<'_>, count: u64, last: Option<u64>) {
    let instance = session.instance();
    let Ok(program) = session.program() else { return };
    let types = program.types();
    let int = types.base("int", Encoding::Signed, 4, Language::C);
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let count = Object::computed(int, &count.to_le_bytes(), instance);
    let place = last.map(|last| {
        Object::computed(types.base("unsigned long", Encoding::Unsigned, 8, Language::C), &last.to_le_bytes(), instance)
    });
    session.history.set_variable("numfound", count);
    if let Some(place) = place {
        session.history.set_variable("_", place);
    }
}
