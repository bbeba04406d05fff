//! An explanation as indented lines: what has which value, how it is known, and the instruction that tells.
//!
//! `  local 1 of #12 calculate = 1048080 (0xffe10): the result of i32.sub, at 0xc6c <+12>: i32.sub`

use crate::target::provenance::{Step, Trust};
use crate::target::{Frame, Program, Stack};
use crate::text::{Role, Sink, Stopped, Text, escaped};
use crate::wasm::text::listing;
use crate::wasm::{FuncOffset, WasmValue};

use super::frame::displayed_number;
use super::options::Options;

/// Longest description of an expression that is repeated in a line, in characters.
const MAX_WHAT: usize = 60;

/// The steps as lines, each under the one that it explains.
pub fn explanation(at: (&Program<'_>, &Stack), steps: &[Step], options: &Options) -> Vec<Text> {
    lines(at, steps, options, true)
}

/// The same as one sentence, for reports: places without the instructions there.
pub fn sentence(at: (&Program<'_>, &Stack), step: &Step, options: &Options) -> String {
    let lines = lines(at, std::slice::from_ref(step), options, false);
    let parts: Vec<String> = lines.iter().map(|line| line.to_plain().trim().to_owned()).collect();
    parts.join("; ")
}

fn lines((program, stack): (&Program<'_>, &Stack), steps: &[Step], options: &Options, code: bool) -> Vec<Text> {
    let writer = Writer { program, stack, options, code };
    let mut lines = Vec::new();
    for step in steps {
        // The frame of the step above, by depth: it is named again only where it changes.
        let mut frames: Vec<Option<usize>> = Vec::new();
        for (depth, step) in step.flattened() {
            frames.truncate(depth);
            let above = frames.last().copied().flatten();
            frames.push(step.frame.or(above));
            let mut line = Text::new();
            // A text takes whatever is written.
            if writer.line(step, depth, above, &mut line).is_ok() {
                lines.push(line);
            }
        }
    }
    lines
}

struct Writer<'a, 'f> {
    program: &'a Program<'f>,
    stack: &'a Stack,
    options: &'a Options,
    /// With the text of instructions.
    code: bool,
}

impl Writer<'_, '_> {
    fn line(&self, step: &Step, depth: usize, above: Option<usize>, out: &mut dyn Sink) -> Result<(), Stopped> {
        out.put(Role::Plain, &"  ".repeat(depth + 1))?;
        out.put(Role::Name, &escaped(&shortened(&step.what)))?;
        if let Some(frame) = step.frame.filter(|frame| Some(*frame) != above).and_then(|frame| self.frame(frame)) {
            let number = displayed_number(frame.id.0 as usize, self.stack.frames().len(), self.options.frame_numbering);
            out.put(Role::Plain, &format!(" of #{number} "))?;
            out.put(Role::Function, &escaped(&frame.display_name()))?;
        }
        if let Some(value) = step.value.map(value_text) {
            out.put(Role::Plain, " = ")?;
            out.put(Role::Number, &value)?;
        } else if let Some(address) = step.address.filter(|_| step.trust.is_some()) {
            out.put(Role::Plain, " = ")?;
            out.put(Role::Address, &format!("{address:#x}"))?;
        }
        if step.trust == Some(Trust::Recovered) {
            out.put(Role::Note, "~")?;
        }
        if !step.how.is_empty() {
            out.put(Role::Plain, &format!(": {}", escaped(&step.how)))?;
        }
        if let Some(address) = step.address.filter(|_| step.value.is_some()) {
            out.put(Role::Plain, " (memory at ")?;
            out.put(Role::Address, &format!("{address:#x}"))?;
            out.put(Role::Plain, ")")?;
        }
        if let Some((place, text)) = step.frame.zip(step.site).and_then(|(frame, site)| self.instruction(frame, site)) {
            out.put(Role::Plain, ", at ")?;
            out.put(Role::Address, &place)?;
            if !text.is_empty() {
                out.put(Role::Plain, &format!(": {}", escaped(&text)))?;
            }
        }
        if step.cut {
            out.put(Role::Note, " (more is not shown)")?;
        }
        Ok(())
    }

    /// The frame whose code a physical frame runs, however deep the stack.
    fn frame(&self, physical: usize) -> Option<&Frame> {
        self.program.whole(self.stack).own_frame(physical)
    }

    /// `0xc6c <+12>` and the instruction's text.
    fn instruction(&self, physical: usize, site: FuncOffset) -> Option<(String, String)> {
        let record = self.stack.physical().get(physical)?;
        let module = self.program.module(record.module?)?;
        if !self.code {
            let at = module.body(record.func)?.file_offset(site)?;
            return Some((format!("{at} <+{}>", site.0), String::new()));
        }
        let line = listing(module, record.func)?.find(|line| line.offset == site)?;
        Some((format!("{} <+{}>", line.module_offset, site.0), line.text))
    }
}

fn shortened(what: &str) -> String {
    match what.char_indices().nth(MAX_WHAT) {
        Some((end, _)) => format!("{}...", what.get(..end).unwrap_or(what)),
        None => what.to_owned(),
    }
}

/// Decimal, with the address that it may be behind it.
fn value_text(value: WasmValue) -> String {
    match value {
        WasmValue::I32(number) if !(-9..1024).contains(&number) => format!("{number} ({number:#x})"),
        WasmValue::I64(number) if !(-9..1024).contains(&number) => format!("{number} ({number:#x})"),
        WasmValue::I32(number) => number.to_string(),
        WasmValue::I64(number) => number.to_string(),
        WasmValue::F32(bits) => f32::from_bits(bits).to_string(),
        WasmValue::F64(bits) => f64::from_bits(bits).to_string(),
        WasmValue::V128(bits) => format!("{bits:#034x}"),
        WasmValue::Ref => "a reference".into(),
        WasmValue::Missing => "unknown".into(),
    }
}
