//! `disassemble`: exactly as many instructions as asked for, in the text format.
//!
//! An address is an offset in a module's file. Rows go on from function to function; where there is no code, they say
//! so, because editors count rows.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::dwarf::line::SourceLocation;
use crate::frontend::dap::adapter::Adapter;
use crate::frontend::dap::failure::{Answer, Arguments, Failure, body};
use crate::frontend::dap::handles::{code_reference, parse_code_reference};
use crate::frontend::dap::messages::Source;
use crate::frontend::dap::spec::{Needs, Request};
use crate::limits::MAX_DAP_INSTRUCTIONS;
use crate::target::Program;
use crate::target::frame::ModuleId;
use crate::wasm::text::{Line, listing};
use crate::wasm::{FileOffset, FuncIdx, Module};

pub static ROWS: &[Request] = &[Request {
    name: "disassemble",
    capabilities: &["supportsDisassembleRequest"],
    needs: Needs::Program,
    run: disassemble,
}];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DisassembleArguments {
    memory_reference: String,
    #[serde(default)]
    offset: i64,
    #[serde(default)]
    instruction_offset: i64,
    instruction_count: i64,
    #[serde(default)]
    resolve_symbols: bool,
}

/// One row.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InstructionRow {
    address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    instruction_bytes: Option<String>,
    instruction: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    symbol: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Source>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    presentation_hint: Option<&'static str>,
}

fn disassemble(adapter: &mut Adapter<'_>, arguments: Arguments) -> Answer {
    let given: DisassembleArguments = arguments.parse()?;
    let count = u64::try_from(given.instruction_count)
        .map_err(|_| Failure::request("instructionCount must not be negative"))?;
    if count > MAX_DAP_INSTRUCTIONS {
        let text = format!("{count} instructions at once are too many: at most {MAX_DAP_INSTRUCTIONS}");
        return Err(Failure::request(text));
    }
    let (module, base) = parse_code_reference(&given.memory_reference)
        .ok_or_else(|| Failure::request(format!("no reference to code: {}", given.memory_reference)))?;
    let address = base.saturating_add_signed(given.offset);
    let program = adapter.program()?;
    let window = Window { first: given.instruction_offset, count };
    let found = program.module(module).map(|parsed| window.read(parsed, address));
    let found = found.unwrap_or_else(|| window.without_code(address));
    let mut rows = Vec::new();
    let mut shown: Option<SourceLocation> = None;
    for slot in found {
        if adapter.cancelled.is_cancelled() {
            return Err(Failure::cancelled());
        }
        let row = match slot {
            Slot::NoCode(address) => no_code(module, address),
            Slot::Code(function, line) => {
                let mut row = instruction(adapter.program()?, (module, function), &line);
                row.symbol = row.symbol.filter(|_| given.resolve_symbols);
                place(adapter, module, &line, (&mut row, &mut shown));
                row
            }
        };
        rows.push(row);
    }
    Ok(json!({ "instructions": body(rows) }))
}

/// Which instructions are wanted, counted from the one at the anchor.
struct Window {
    first: i64,
    count: u64,
}

/// A row: an instruction, or an address without one.
enum Slot {
    Code(FuncIdx, Line),
    NoCode(u64),
}

impl Window {
    fn read(&self, module: &Module<'_>, anchor: u64) -> Vec<Slot> {
        // Far away from the anchor there is nothing that anybody could have scrolled to.
        let limit = i64::try_from(MAX_DAP_INSTRUCTIONS).unwrap_or(i64::MAX);
        let first = self.first.clamp(-limit, limit);
        let Some(start) = function_from(module, anchor) else { return self.without_code(anchor) };
        let lines = listing(module, start).into_iter().flatten();
        let before_anchor = lines.take_while(|line| line.module_offset.0 < anchor).count();
        // The window's first instruction as a place in `start`, negative for functions before it.
        let mut skip = first.saturating_add(i64::try_from(before_anchor).unwrap_or(limit));
        let mut function = start;
        while skip < 0 {
            let Some(before) = function.0.checked_sub(1).map(FuncIdx).filter(|f| module.body(*f).is_some()) else {
                break;
            };
            function = before;
            skip += listing(module, function).map_or(0, |lines| lines.count() as i64);
        }
        let code_start = module.code_start().map_or(0, |start| start.0);
        let missing = skip.min(0).unsigned_abs().min(self.count);
        let mut slots: Vec<Slot> =
            (0..missing).rev().map(|index| Slot::NoCode(code_start.saturating_sub(index + 1))).collect();
        self.fill(module, (function, skip.max(0) as u64), &mut slots);
        slots
    }

    /// Instructions from the place on, until the window is full or the code ends.
    fn fill(&self, module: &Module<'_>, (start, skip): (FuncIdx, u64), slots: &mut Vec<Slot>) {
        let mut skip = skip;
        let mut end = module.bytes().len() as u64;
        for function in (start.0..module.function_count()).map(FuncIdx) {
            for line in listing(module, function).into_iter().flatten() {
                if slots.len() as u64 >= self.count {
                    return;
                }
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                end = line.module_offset.0.saturating_add(line.size_bytes);
                slots.push(Slot::Code(function, line));
            }
        }
        while (slots.len() as u64) < self.count {
            slots.push(Slot::NoCode(end));
            end = end.saturating_add(1);
        }
    }

    fn without_code(&self, anchor: u64) -> Vec<Slot> {
        let start = anchor.saturating_add_signed(self.first);
        (0..self.count).map(|index| Slot::NoCode(start.saturating_add(index))).collect()
    }
}

/// The function that holds `anchor`, else the first one behind it; none behind all code.
fn function_from(module: &Module<'_>, anchor: u64) -> Option<FuncIdx> {
    if let Some((function, _)) = module.function_at(FileOffset(anchor)) {
        return Some(function);
    }
    let (mut low, mut high) = (module.imported_functions(), module.function_count());
    while low < high {
        let middle = low + (high - low) / 2;
        match module.body(FuncIdx(middle)) {
            Some(body) if body.start.0 < anchor => low = middle + 1,
            _ => high = middle,
        }
    }
    (low < module.function_count()).then_some(FuncIdx(low))
}

fn no_code(module: ModuleId, address: u64) -> InstructionRow {
    InstructionRow {
        address: code_reference(module, address),
        instruction_bytes: None,
        instruction: "(no code)".into(),
        symbol: None,
        location: None,
        line: None,
        column: None,
        presentation_hint: Some("invalid"),
    }
}

fn instruction(program: &Program<'_>, (module, function): (ModuleId, FuncIdx), line: &Line) -> InstructionRow {
    let file = program.module(module).map_or(&[][..], |module| module.bytes());
    let start = usize::try_from(line.module_offset.0).unwrap_or(usize::MAX);
    let size = usize::try_from(line.size_bytes).unwrap_or(0);
    let bytes = file.get(start..start.saturating_add(size)).unwrap_or_default();
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let name = program.function_name(module, function);
    let name = name.unwrap_or_else(|| format!("func[{}]", function.0).into());
    InstructionRow {
        address: code_reference(module, line.module_offset.0),
        instruction_bytes: Some(bytes.join(" ")),
        instruction: format!("{}{}", "  ".repeat(line.depth.min(MAX_INDENT_LEVELS)), line.text),
        symbol: Some(format!("{}+{}", crate::text::escaped(&name), line.offset.0)),
        location: None,
        line: None,
        column: None,
        presentation_hint: None,
    }
}

/// Deeper blocks are written at this level: a row stays readable.
const MAX_INDENT_LEVELS: usize = 20;

/// The source line of an instruction, said where it changes; the file, where that changes.
fn place(
    adapter: &mut Adapter<'_>,
    module: ModuleId,
    line: &Line,
    (row, shown): (&mut InstructionRow, &mut Option<SourceLocation>),
) {
    let location = adapter.session.program().ok().and_then(|program| {
        let at = program.module(module)?.code_offset(line.module_offset)?;
        let calls = program.debug_info(module)?.calls_at(at).ok()?;
        let call = calls.first()?;
        Some((call.unit, call.location.clone().filter(|location| location.line.is_some())?))
    });
    let Some((unit, location)) = location else { return };
    if shown.as_ref() == Some(&location) {
        return;
    }
    let place = adapter.source_place(Some((module, unit)), &location);
    row.line = Some(adapter.client.line(place.line));
    row.column = Some(adapter.client.column(place.column));
    let same_file =
        shown.as_ref().is_some_and(|before| (&before.file, &before.directory) == (&location.file, &location.directory));
    row.location = (!same_file).then_some(place.source);
    *shown = Some(location);
}
