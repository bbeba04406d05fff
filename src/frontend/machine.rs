//! What the engine had of a frame: wasm locals, operands and globals, each with its value or why there is none.
//!
//! The report and the editors' front end list them alike.

use crate::command::info_values::operand_types;
use crate::target::Program;
use crate::target::context::FrameContext;
use crate::target::frame::Frame;
use crate::target::known::Known;
use crate::target::stack::Stack;
use crate::wasm::value::ValueType;
use crate::wasm::{GlobalIdx, LocalIdx, WasmValue};

/// A local, operand or global.
pub struct Cell {
    /// Among its kind; of operands, 0 is the bottom.
    pub index: u32,
    /// From the name section.
    pub name: Option<String>,
    /// From the module; none where it is not known.
    pub kind: Option<&'static str>,
    pub value: Known<WasmValue>,
}

/// The locals of the physical frame that runs `frame`, parameters first; none where the module is not at hand.
pub fn locals(program: &Program<'_>, stack: &Stack, frame: &Frame) -> Vec<Cell> {
    let context = FrameContext::new(program, stack, frame);
    let module = frame.module.and_then(|id| program.module(id));
    let kinds = module.and_then(|module| module.local_types(frame.func)).unwrap_or_default();
    let names = module.map(|module| module.names());
    let cell = |(index, kind): (u32, ValueType)| {
        let name = names.and_then(|names| names.local(frame.func, LocalIdx(index)));
        Cell { index, name: name.map(str::to_owned), kind: Some(kind.name()), value: context.local(index) }
    };
    (0u32..).zip(kinds).map(cell).collect()
}

/// The recorded operands of the physical frame that runs `frame`, the deepest first.
pub fn recorded_operands(program: &Program<'_>, stack: &Stack, frame: &Frame) -> Vec<Cell> {
    let recorded = stack.physical().get(frame.physical).map_or(0, |record| record.operands.len());
    operand_cells(program, stack, frame, vec![None; recorded])
}

/// All operands of the physical frame that runs `frame`, the deepest first: where the dump has none, those that the
/// code has there.
pub fn operands(program: &Program<'_>, stack: &Stack, frame: &Frame) -> Vec<Cell> {
    // Where the code cannot be followed, nothing is known of any operand.
    let kinds = operand_types(program, stack, frame).unwrap_or_default();
    operand_cells(program, stack, frame, kinds)
}

fn operand_cells(program: &Program<'_>, stack: &Stack, frame: &Frame, kinds: Vec<Option<ValueType>>) -> Vec<Cell> {
    let context = FrameContext::new(program, stack, frame);
    let cell = |(index, kind): (u32, Option<ValueType>)| Cell {
        index,
        name: None,
        kind: kind.map(ValueType::name),
        value: context.operand(index),
    };
    (0u32..).zip(kinds).map(cell).collect()
}

/// The globals of the frame's instance when the program died, but for the stack pointer, which is the frame's own.
pub fn globals(program: &Program<'_>, stack: &Stack, frame: &Frame) -> Vec<Cell> {
    let context = FrameContext::new(program, stack, frame);
    let module = frame.module.and_then(|id| program.module(id));
    let instances = program.core().map_or(&[][..], |core| &core.instances);
    let instance = frame.instance.and_then(|instance| instances.get(instance.0 as usize));
    let listed = instance.map_or(0, |instance| instance.globals.len());
    let declared = module.map_or(0, |module| module.globals().len());
    let cell = |(index, _): (u32, usize)| {
        let kind = module.and_then(|module| module.globals().get(index as usize)).map(|global| global.kind.name());
        let name = module.and_then(|module| module.names().global(GlobalIdx(index)));
        Cell { index, name: name.map(str::to_owned), kind, value: context.global(index) }
    };
    (0u32..).zip(0..declared.max(listed)).map(cell).collect()
}
