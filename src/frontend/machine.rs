//! What the engine had of a frame: wasm locals, operands and globals, each with its value or why there is none.
//!
//! The report and the editors' front end list them alike.

use crate::error::Error;
use crate::target::Program;
use crate::target::context::FrameContext;
use crate::target::frame::{Frame, InstanceId};
use crate::target::known::Known;
use crate::target::physical::Recorded;
use crate::target::provenance::Provenance;
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
pub fn operands(program: &Program<'_>, stack: &Stack, frame: &Frame) -> Vec<Cell> {
    let context = FrameContext::new(program, stack, frame);
    let recorded = stack.physical().get(frame.physical).map_or(0, |record| record.operands.len());
    let cell = |(index, _)| Cell { index, name: None, kind: None, value: context.operand(index) };
    (0u32..).zip(0..recorded).map(cell).collect()
}

/// The globals of the frame's instance when the program died.
pub fn globals(program: &Program<'_>, frame: &Frame) -> Vec<Cell> {
    let instance = frame.instance.unwrap_or(InstanceId(0));
    let module = frame.module.and_then(|id| program.module(id));
    let recorded = program.recorded();
    let listed = program.core().and_then(|core| core.instances.get(instance.0 as usize)).map_or(0, |i| i.globals.len());
    let declared = module.map_or(0, |module| module.globals().len());
    let value = |index: u32| {
        let found = recorded.as_ref().and_then(|recorded| recorded.global(instance.0, GlobalIdx(index)));
        let found = found.filter(|value| *value != WasmValue::Missing).or_else(|| {
            let global = module?.globals().get(index as usize)?;
            global.initial.filter(|_| !global.mutable)
        });
        let absent = || Error::Absent("not in this core dump".into());
        found.map(|value| (value, Provenance::recorded())).ok_or_else(absent)
    };
    let cell = |(index, _): (u32, usize)| {
        let kind = module.and_then(|module| module.globals().get(index as usize)).map(|global| global.kind.name());
        let name = module.and_then(|module| module.names().global(GlobalIdx(index)));
        Cell { index, name: name.map(str::to_owned), kind, value: value(index) }
    };
    (0u32..).zip(0..declared.max(listed)).map(cell).collect()
}
