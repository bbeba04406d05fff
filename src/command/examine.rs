//! `x`: memory as numbers, characters, strings or instructions, on and on.

use super::args::{self, ExamineSpec, UnitSize};
use super::context::address;
use super::disassemble::row;
use super::place::{at_module_offset, of_selected_frame};
use super::spec::{Command, Completion, Group, Invocation, Outcome, Repeat};
use crate::dump::MemoryImage;
use crate::dump::memory::StringEnd;
use crate::dwarf::Language;
use crate::dwarf::types::{Encoding, PointerKind};
use crate::error::{Error, Result};
use crate::limits::MAX_STRING_BYTES;
use crate::render::listing::instruction;
use crate::render::options::{FormatLetter, Options, Style};
use crate::render::scalar::formatted;
use crate::render::string::quoted;
use crate::session::{Examined, Session};
use crate::target::ModuleId;
use crate::text::{Role, Sink, escaped};
use crate::value::scalar::ScalarKind;
use crate::value::symbol::symbol_text;
use crate::value::view::Text as Characters;
use crate::value::{Object, Scalar};
use crate::wasm::text::listing;

pub static ROWS: &[Command] = &[Command {
    name: "x",
    group: Group::Data,
    synopsis: "[/FMT] [mem1:]ADDRESS",
    summary: "Examine memory",
    help: "FMT is a count, a format letter and a size letter, all optional. Formats: x o d u t c f a z,\n\
           s (strings) and i (instructions; ADDRESS is then an offset in the module's file).\n\
           Sizes: b 1, h 2, w 4, g 8 bytes. What is left out stays as it was; without ADDRESS, x goes on.\n\
           A negative count shows what lies before ADDRESS. mem1: names another memory than the first.",
    examples: &[
        ("x/4xw 0x10000", "four words in hexadecimal"),
        ("x/s name", "the string behind a pointer"),
        ("x/3i $pc", "three instructions from where the frame stands"),
        ("x", "what follows"),
    ],
    completion: Completion::Expression,
    repeat: Repeat::Continue,
    run: examine,
    ..Command::DEFAULT
}];

fn examine(at: &mut Invocation<'_, '_>) -> Outcome {
    let spec = args::examine(at.arguments)?;
    let (letter, unit) = format(&at.session.examined, &spec);
    let start = match spec.address {
        Some(text) => address(at.session, text)?,
        None => {
            let next = at.session.examined.next;
            next.ok_or_else(|| Error::Usage("Argument required (starting display address).".into()))?
        }
    };
    at.session.examined.letter = Some(letter);
    at.session.examined.unit = Some(unit.bytes());
    if spec.memory.is_some() || spec.address.is_some() {
        at.session.examined.memory = spec.memory;
    }
    // As in gdb, nothing at all means as many as the last time.
    let before = at.session.examined.count.filter(|_| at.arguments.is_empty());
    let count = spec.count.or(before).unwrap_or(1);
    at.session.examined.count = Some(count);
    let session = &*at.session;
    let options = Options { format: Some(letter), ..session.options() };
    let (last, next) = match letter {
        FormatLetter::Instruction => instructions(session, start, count, at.out)?,
        FormatLetter::String => strings(session, start, count, &options, at.out)?,
        _ => {
            let size = unit.bytes();
            let before = if count < 0 { count.unsigned_abs().saturating_mul(size) } else { 0 };
            let range = Units { start: start.saturating_sub(before), count: count.unsigned_abs(), size, letter };
            let ended = units(session, &range, &options, at.out)?;
            // Going back continues further back.
            (ended.0, if count < 0 { range.start } else { ended.1 })
        }
    };
    at.session.examined.next = Some(next);
    remember(at.session, last, unit.bytes());
    Ok(())
}

/// Format and size: those given, else what fits the letter, else those of the last time.
fn format(before: &Examined, spec: &ExamineSpec<'_>) -> (FormatLetter, UnitSize) {
    let letter = spec.letter.or(before.letter).unwrap_or(FormatLetter::Hex);
    let last = match before.unit {
        Some(1) => UnitSize::Byte,
        Some(2) => UnitSize::Half,
        Some(8) => UnitSize::Giant,
        _ => UnitSize::Word,
    };
    let unit = spec.unit.unwrap_or(match letter {
        FormatLetter::Char | FormatLetter::String | FormatLetter::Instruction => UnitSize::Byte,
        FormatLetter::Address => UnitSize::Word,
        FormatLetter::Float if matches!(last, UnitSize::Byte | UnitSize::Half) => UnitSize::Giant,
        FormatLetter::Float if before.unit.is_none() => UnitSize::Giant,
        _ => last,
    });
    (letter, unit)
}

/// The memory that is examined.
fn memory<'s, 'f>(session: &'s Session<'f>) -> Result<&'s MemoryImage<'f>> {
    let program = session.program()?;
    match session.examined.memory {
        None => program.memory(session.instance()),
        Some(index) => {
            let core = program.core().ok_or_else(super::context::no_core)?;
            let image = core.memories.get(index as usize);
            image.ok_or_else(|| Error::NotFound(format!("the dump has no memory {index}")))
        }
    }
}

/// What numbers are shown.
struct Units {
    start: u64,
    count: u64,
    size: u64,
    letter: FormatLetter,
}

/// Print numbers in rows; returns the last address printed and the one after it.
fn units(
    session: &Session<'_>,
    range: &Units,
    options: &Options,
    out: &mut dyn Sink,
) -> std::result::Result<(u64, u64), super::Stop> {
    let memory = memory(session)?;
    let types = session.program()?.types();
    let encoding = if range.letter == FormatLetter::Float { Encoding::Float } else { Encoding::Signed };
    let found = types.get(types.base("int", encoding, range.size, Language::C));
    let in_row = match range.size {
        1 | 2 => 8,
        4 => 4,
        _ => 2,
    };
    let mut at = range.start;
    let mut last = at;
    for index in 0..range.count {
        if index % in_row == 0 {
            label(session, at, options, out)?;
        }
        out.put(Role::Plain, "\t")?;
        let bits = memory.read_unsigned(at, usize::try_from(range.size).unwrap_or(8))?;
        let size_bits = u32::try_from(range.size * 8).unwrap_or(64);
        let scalar = Scalar { bits: u128::from(bits), size_bits, kind: ScalarKind::Base(encoding) };
        let digits = match range.letter {
            FormatLetter::Hex => formatted(scalar, FormatLetter::PaddedHex, &found, options),
            FormatLetter::Binary => format!("{bits:0width$b}", width = size_bits as usize),
            letter => formatted(scalar, letter, &found, options),
        };
        out.put(Role::Number, &digits)?;
        if range.letter == FormatLetter::Address {
            symbol(session, bits, options, out)?;
        }
        last = at;
        at = at.saturating_add(range.size);
        if index % in_row == in_row - 1 || index + 1 == range.count {
            out.put(Role::Plain, "\n")?;
        }
    }
    Ok((last, at))
}

/// `0x10a30 <parts+4>:` before a row.
fn label(session: &Session<'_>, address: u64, options: &Options, out: &mut dyn Sink) -> super::Outcome {
    out.put(Role::Address, &format!("{address:#x}"))?;
    symbol(session, address, options, out)?;
    Ok(out.put(Role::Plain, ":")?)
}

/// ` <parts+4>`, if a variable lies at that address of the selected frame's memory.
fn symbol(session: &Session<'_>, address: u64, options: &Options, out: &mut dyn Sink) -> super::Outcome {
    let reader = session.reader();
    let found = || reader.symbol_at(session.instance(), address);
    let shown = options.symbol && session.examined.memory.is_none();
    match shown.then(found).flatten() {
        Some(symbol) => Ok(out.put(Role::Plain, &format!(" <{}>", escaped(&symbol_text(&symbol))))?),
        None => Ok(()),
    }
}

/// Print strings, one a line.
fn strings(
    session: &Session<'_>,
    start: u64,
    count: i64,
    options: &Options,
    out: &mut dyn Sink,
) -> std::result::Result<(u64, u64), super::Stop> {
    let memory = memory(session)?;
    let most = options.characters.unwrap_or(u64::MAX);
    let limit = usize::try_from(most).unwrap_or(usize::MAX);
    let start = if count < 0 { strings_before(memory, start, count.unsigned_abs()) } else { start };
    let (mut at, mut last) = (start, start);
    for _ in 0..count.unsigned_abs() {
        label(session, at, options, out)?;
        out.put(Role::Plain, "\t")?;
        last = at;
        match memory.read_string(at, limit) {
            Ok(text) => {
                let ends = text.end == StringEnd::Nul;
                let length = text.bytes.len() as u64;
                let shown = Characters {
                    bytes: text.bytes,
                    unit_bytes: 1,
                    truncated: !ends,
                    is_utf8: false,
                    is_array: false,
                    is_wide: false,
                    units: None,
                };
                out.put(Role::String, &quoted(&shown, options))?;
                out.put(Role::Plain, "\n")?;
                at = at.saturating_add(length).saturating_add(u64::from(ends));
                if length == 0 && !ends {
                    break;
                }
            }
            Err(error) => {
                let shown = if options.style == Style::Gdb { error.in_gdbs_words() } else { error.to_string() };
                out.put(Role::Note, &format!("<error: {shown}>\n"))?;
                break;
            }
        }
    }
    // Going back continues further back.
    Ok((last, if count < 0 { start } else { at }))
}

/// Where the string begins that lies `count` strings before the one at `at`: each begins behind a NUL.
fn strings_before(memory: &MemoryImage<'_>, mut at: u64, count: u64) -> u64 {
    let is_nul = |at: u64| memory.read_unsigned(at, 1).is_ok_and(|byte| byte == 0);
    for _ in 0..count {
        let Some(end) = at.checked_sub(1) else { break };
        let mut begin = end;
        while begin > 0 && !is_nul(begin - 1) && end - begin < MAX_STRING_BYTES as u64 {
            begin -= 1;
        }
        at = begin;
    }
    at
}

/// Print instructions; addresses are offsets in the module's file.
fn instructions(
    session: &Session<'_>,
    start: u64,
    count: i64,
    out: &mut dyn Sink,
) -> std::result::Result<(u64, u64), super::Stop> {
    let program = session.program()?;
    let id = session.module()?;
    let module = program.module(id).ok_or_else(|| Error::Absent("the module was not found".into()))?;
    let current = of_selected_frame(session).ok().filter(|place| place.module == id).map(|place| place.module_offset);
    let mut rest = count.unsigned_abs();
    let start = if count < 0 { instructions_before(session, id, start, rest) } else { start };
    let (mut at, mut last) = (start, start);
    while rest > 0 {
        let place = at_module_offset(program, id, at)
            .ok_or_else(|| Error::NotFound(format!("Cannot access code at module offset {at:#x}")))?;
        let name = program.function_name(id, place.function);
        let lines = listing(module, place.function).into_iter().flatten();
        let from = at;
        for line in lines.skip_while(|line| line.module_offset.0 < from) {
            if rest == 0 {
                break;
            }
            instruction(&row(&line, name.as_ref(), None, current), out)?;
            (last, at) = (line.module_offset.0, line.module_offset.0.saturating_add(line.size_bytes.max(1)));
            rest -= 1;
        }
        // The next body begins after its size and local declarations.
        let next = program.module(id).and_then(|module| module.body(crate::wasm::FuncIdx(place.function.0 + 1)));
        match next {
            Some(body) if rest > 0 => at = body.start.0,
            _ => break,
        }
    }
    Ok((last, if count < 0 { start } else { at }))
}

/// Where the instruction begins that lies `count` instructions before `at`, in the same function.
fn instructions_before(session: &Session<'_>, id: ModuleId, at: u64, count: u64) -> u64 {
    let Ok(program) = session.program() else { return at };
    let place = at_module_offset(program, id, at);
    let Some((module, place)) = program.module(id).zip(place) else { return at };
    let lines = listing(module, place.function).into_iter().flatten();
    let before: Vec<u64> = lines.map(|line| line.module_offset.0).take_while(|offset| *offset < at).collect();
    let first = before.len().saturating_sub(usize::try_from(count).unwrap_or(usize::MAX));
    before.get(first).copied().unwrap_or(at)
}

/// `$_` is the last address, `$__` what is there.
fn remember(session: &mut Session<'_>, last: u64, size: u64) {
    let instance = session.instance();
    let Ok(program) = session.program() else { return };
    let types = program.types();
    let found = types.base("int", Encoding::Signed, size, Language::C);
    let bytes: u8 = if program.memory(instance).is_ok_and(|memory| memory.is_memory64()) { 8 } else { 4 };
    let pointer = types.pointer_to(found, PointerKind::Pointer, bytes, Language::C);
    let address = last.to_le_bytes();
    let address = address.get(..usize::from(bytes)).unwrap_or(&address).to_vec();
    session.history.set_variable("_", Object::computed(pointer, &address, instance));
    session.history.set_variable("__", Object::in_memory(found, last, instance));
}
