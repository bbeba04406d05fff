//! The crash report in JSON, schema 1: everything that the dump tells, in one object.
//!
//! Frames and globals are written one by one as they are found out: a report takes no more memory than its largest
//! part. What went wrong on the way stands at the end.

use std::cell::{Cell, RefCell};

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::machine;
use crate::dwarf::UnitId;
use crate::dwarf::types::Encoding;
use crate::limits::{MAX_LISTED_SYMBOLS, MAX_REPORT_NODES, MAX_REPORT_TOTAL_NODES};
use crate::render::explain::sentence;
use crate::render::inert::InertJson;
use crate::render::json::{Budget, JsonWriter, State, VariableJson};
use crate::render::options::Options;
use crate::render::scalar::float;
use crate::render::trap::message;
use crate::render::value::ValueWriter;
use crate::target::Program;
use crate::target::frame::{Frame, ModuleId};
use crate::target::provenance::Provenance;
use crate::target::stack::{Stack, Truncation};
use crate::value::scalar::{Scalar, ScalarKind};
use crate::value::variables::FrameVariables;
use crate::value::{InstanceId, Reader, Variable};
use crate::wasm::WasmValue;

/// Levels of children below a variable, unless asked otherwise.
pub const DEFAULT_DEPTH: u32 = 4;

/// Most levels of children that can be asked for: the writer recurses.
pub const MAX_DEPTH: u32 = 64;

/// What the report holds besides the frames.
#[derive(Debug, Clone, Copy)]
pub struct ReportOptions {
    /// Members as DWARF has them.
    pub raw: bool,
    /// Globals of all units, not only of those on the stack.
    pub all_globals: bool,
    /// Levels of children below a variable.
    pub max_depth: u32,
}

/// The fields in the order in which they are found out and written.
#[derive(Serialize)]
struct Report<T: Serialize, G: Serialize, W: Serialize> {
    schema: u32,
    tool: Tool,
    executable: Option<String>,
    modules: Vec<ModuleJson>,
    trap: Option<TrapJson>,
    threads: T,
    globals: G,
    warnings: W,
}

/// A list whose elements come when it is written.
struct Later<F>(F);

impl<I: IntoIterator<Item: Serialize>, F: Fn() -> I> Serialize for Later<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0())
    }
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct ModuleJson {
    name: String,
    path: Option<String>,
    build_id: Option<String>,
    debug_info: &'static str,
    debug_path: Option<String>,
}

#[derive(Serialize)]
struct TrapJson {
    kind: &'static str,
    instruction: Option<String>,
    message: Option<String>,
    frame: u32,
}

#[derive(Serialize)]
struct ThreadJson<F: Serialize> {
    name: String,
    truncated: bool,
    frames: F,
}

#[derive(Serialize)]
struct FrameJson {
    index: u32,
    inlined: bool,
    function: Option<String>,
    linkage_name: Option<String>,
    language: Option<String>,
    module: Option<String>,
    instance: Option<u32>,
    func_index: u32,
    func_offset: Option<u64>,
    module_offset: Option<u64>,
    file: Option<String>,
    directory: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    arguments: Vec<VariableJson>,
    locals: Vec<VariableJson>,
    wasm_locals: Vec<WasmValueJson>,
    operand_stack: Vec<WasmValueJson>,
}

#[derive(Serialize)]
struct WasmValueJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u32>,
    /// None: an operand, which has no name to be known. Locals say so where none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Option<String>>,
    #[serde(rename = "type")]
    kind: Option<&'static str>,
    value: Option<String>,
    state: State,
    reason: Option<String>,
}

/// Write the report of `program` as one JSON object.
///
/// # Errors
/// Only if writing fails; whatever cannot be read is said in the report.
pub fn write_report(
    program: &Program<'_>,
    options: ReportOptions,
    out: &mut dyn std::io::Write,
) -> std::io::Result<()> {
    let display = Options { max_depth: Some(8), referents: false, static_members: false, ..Options::default() };
    let writer = ValueWriter { reader: Reader::new(program), options: &display };
    let json = JsonWriter { writer: &writer, raw: options.raw, max_depth: options.max_depth };
    let reporter = Reporter {
        program,
        json,
        options,
        warnings: RefCell::default(),
        left: Cell::new(MAX_REPORT_TOTAL_NODES),
        is_cut: Cell::new(false),
    };
    serde_json::to_writer_pretty(InertJson { out: &mut *out }, &reporter.report())?;
    out.write_all(b"\n")
}

struct Reporter<'a, 'w, 'f, 'o> {
    program: &'a Program<'f>,
    json: JsonWriter<'w, 'a, 'f, 'o>,
    options: ReportOptions,
    warnings: RefCell<Vec<String>>,
    /// Children that can still be listed.
    left: Cell<u64>,
    /// Some were left out though the limits of elements and depth allow them.
    is_cut: Cell<bool>,
}

impl Reporter<'_, '_, '_, '_> {
    fn report(&self) -> impl Serialize {
        let program = self.program;
        let trap = program.stack(0).ok().and_then(|stack| program.trap(stack)).map(|trap| TrapJson {
            message: message(self.json.writer.reader, &trap, self.json.writer.options),
            kind: trap.kind,
            instruction: trap.instruction,
            frame: 0,
        });
        let modules = (0..program.modules().len()).filter_map(|i| self.module(ModuleId(i as u32))).collect();
        let stacks = move || (0..program.thread_count()).filter_map(|thread| program.stack(thread).ok());
        Report {
            schema: 1,
            tool: Tool { name: "wasmgdb", version: env!("CARGO_PKG_VERSION") },
            executable: program.core().and_then(|core| core.executable.as_deref()).map(str::to_owned),
            modules,
            trap,
            threads: Later(move || stacks().map(|stack| self.thread(stack))),
            globals: Globals(self),
            warnings: Later(|| self.warnings()),
        }
    }

    /// All that the report and the program have to say, once both have been read.
    fn warnings(&self) -> Vec<String> {
        let mut warnings = self.program.warnings();
        warnings.append(&mut self.warnings.borrow_mut());
        if self.is_cut.get() {
            warnings.push(format!(
                "values with more than {MAX_REPORT_NODES} parts are cut: child_count says how many a value has"
            ));
        }
        warnings.dedup();
        warnings
    }

    fn warn(&self, warning: String) {
        self.warnings.borrow_mut().push(warning);
    }

    fn module(&self, id: ModuleId) -> Option<ModuleJson> {
        let opened = self.program.opened_module(id)?;
        let has_info = self.program.debug_info(id).is_some();
        let path = |path: &std::path::PathBuf| path.display().to_string();
        let build_id = opened.module.as_ref().and_then(|m| m.names().build_id());
        Some(ModuleJson {
            name: opened.name.clone(),
            path: opened.path.as_ref().map(path),
            build_id: build_id.map(crate::target::locate::hex),
            debug_info: match (has_info, &opened.debug) {
                (true, Some(_)) => "external",
                (true, None) => "embedded",
                (false, _) => "none",
            },
            debug_path: opened.debug.as_ref().map(|companion| path(&companion.path)),
        })
    }

    fn thread(&self, stack: &Stack) -> ThreadJson<impl Serialize> {
        if let Some(warning) = stack.truncated.map(Truncation::advice) {
            self.warn(format!("thread {}: {warning}", stack.name));
        }
        let frames = Later(move || stack.frames().iter().map(move |frame| self.frame(stack, frame)));
        ThreadJson { name: stack.name.to_string(), truncated: stack.truncated.is_some(), frames }
    }

    fn frame(&self, stack: &Stack, frame: &Frame) -> FrameJson {
        let reader = self.json.writer.reader;
        let variables = reader.frame_variables(stack, frame).unwrap_or_else(|error| {
            self.warn(format!("frame {}: {error}", frame.id.0));
            FrameVariables::default()
        });
        let function = frame.function();
        let location = frame.location();
        let opened = frame.module.and_then(|id| self.program.opened_module(id));
        FrameJson {
            index: frame.id.0,
            inlined: frame.inlined,
            function: frame.name.as_deref().map(str::to_owned),
            linkage_name: function.and_then(|f| f.linkage_name.as_deref()).map(str::to_owned),
            language: function.and_then(|f| crate::dwarf::language::dwarf_name(f.language_code?)),
            module: opened.map(|opened| opened.name.clone()),
            instance: frame.instance.map(|i| i.0),
            func_index: frame.func.0,
            func_offset: frame.func_offset.map(|o| o.0),
            module_offset: frame.file_offset.map(|o| o.0),
            file: location.map(|l| l.file.to_string()),
            directory: location.and_then(|l| l.directory.as_deref()).map(str::to_owned),
            line: location.and_then(|l| l.line),
            column: location.and_then(|l| l.column),
            arguments: variables.arguments.iter().map(|v| self.variable(stack, v)).collect(),
            locals: variables.locals.iter().map(|v| self.variable(stack, v)).collect(),
            wasm_locals: self.wasm_values(stack, frame, true),
            operand_stack: self.wasm_values(stack, frame, false),
        }
    }

    /// A variable; a recovered one says step by step how it is known.
    fn variable(&self, stack: &Stack, variable: &Variable) -> VariableJson {
        let mut json = self.value(variable);
        if json.state == State::Recovered {
            json.reason = self.steps(stack, &variable.object.provenance).or(json.reason);
        }
        json
    }

    /// How a recovered value is known, step by step; none if its reason rests on nothing that has one of its own.
    fn steps(&self, stack: &Stack, provenance: &Provenance) -> Option<String> {
        let item = provenance.why.as_ref()?.item?;
        let step = self.program.recovery(stack)?.explain_briefly(item);
        Some(sentence((self.program, stack), &step, self.json.writer.options))
    }

    /// Locals or operands. None for an inlined frame: the values are those of the physical frame that runs it.
    fn wasm_values(&self, stack: &Stack, frame: &Frame, are_locals: bool) -> Vec<WasmValueJson> {
        let cells = match (frame.inlined, are_locals) {
            (true, _) => return Vec::new(),
            (false, true) => machine::locals(self.program, stack, frame),
            (false, false) => machine::recorded_operands(self.program, stack, frame),
        };
        cells.into_iter().map(|cell| self.wasm_value(stack, cell, are_locals)).collect()
    }

    fn wasm_value(&self, stack: &Stack, cell: machine::Cell, is_local: bool) -> WasmValueJson {
        let index = is_local.then_some(cell.index);
        let (name, kind, state) = (is_local.then_some(cell.name), cell.kind, State::Unavailable);
        let mut json = WasmValueJson { index, name, kind, value: None, state, reason: None };
        match cell.value {
            Ok((value, provenance)) => {
                json.kind = json.kind.or(value.type_name());
                json.value = value_text(value);
                json.state = State::Exact;
                if !provenance.is_exact() {
                    json.state = State::Recovered;
                    let steps = self.steps(stack, &provenance);
                    json.reason = steps.or_else(|| provenance.how().map(str::to_owned));
                }
            }
            Err(error) => json.reason = Some(error.to_string()),
        }
        json
    }

    fn value(&self, variable: &Variable) -> VariableJson {
        let budget = Budget::new(self.left.get());
        let before = budget.nodes();
        let json = self.json.variable_within(variable, &budget);
        self.left.set(self.left.get().saturating_sub(before - budget.nodes()));
        if budget.nodes() == 0 {
            self.is_cut.set(true);
        }
        json
    }

    /// The units whose globals are told.
    fn units(&self) -> Vec<(ModuleId, UnitId, Option<InstanceId>)> {
        let reader = self.json.writer.reader;
        let mut units = Vec::new();
        if self.options.all_globals {
            for index in 0..self.program.modules().len() {
                let id = ModuleId(index as u32);
                let count = self.program.debug_info(id).map_or(0, |info| info.unit_count());
                let instance = self.program.instance_of(id);
                units.extend((0..count).map(|unit| (id, UnitId(unit), instance)));
            }
        } else {
            for stack in (0..self.program.thread_count()).filter_map(|t| self.program.stack(t).ok()) {
                units.extend(reader.units_of_stack(stack));
            }
        }
        units
    }
}

/// The variables of the units, as far as there is room for them.
struct Globals<'r, 'a, 'w, 'f, 'o>(&'r Reporter<'a, 'w, 'f, 'o>);

impl Serialize for Globals<'_, '_, '_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let reporter = self.0;
        let reader = reporter.json.writer.reader;
        let mut list = serializer.serialize_seq(None)?;
        let mut room = MAX_LISTED_SYMBOLS;
        for (module, unit, instance) in reporter.units() {
            let found = reader.unit_globals(module, unit, instance).unwrap_or_default();
            found.iter().take(room).try_for_each(|variable| list.serialize_element(&reporter.value(variable)))?;
            if found.len() > room {
                let limit = MAX_LISTED_SYMBOLS;
                reporter.warn(format!("there are more than {limit} globals: the rest is left out"));
                break;
            }
            room -= found.len();
        }
        list.end()
    }
}

fn float_text(bytes: &[u8]) -> String {
    float(Scalar::from_bytes(bytes, ScalarKind::Base(Encoding::Float)), &Options::default())
}

/// Decimal; floats as those of the source's variables are written.
pub(super) fn value_text(value: WasmValue) -> Option<String> {
    match value {
        WasmValue::I32(v) => Some(v.to_string()),
        WasmValue::I64(v) => Some(v.to_string()),
        WasmValue::F32(bits) => Some(float_text(&bits.to_le_bytes())),
        WasmValue::F64(bits) => Some(float_text(&bits.to_le_bytes())),
        WasmValue::V128(bits) => Some(format!("{bits:#034x}")),
        WasmValue::Ref | WasmValue::Missing => None,
    }
}
