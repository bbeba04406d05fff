//! Wasm locals and operands of a frame: as recorded, else as the dataflow derives them.

use super::dataflow::ExprId;
use super::known::Known;
use super::program::Program;
use super::provenance::{Item, Provenance, Why};
use super::stack::{PhysicalRecord, Stack};
use crate::error::{Error, Result};
use crate::wasm::WasmValue;
use crate::wasm::value::ValueType;

/// Why a recorded frame has no value where the producer wrote none and nothing derives it.
const NOT_RECORDED: &str = "not in this core dump";

impl Program<'_> {
    /// A wasm local of a physical frame, parameters first.
    ///
    /// # Errors
    /// It is neither recorded nor derived; why.
    pub fn local(&self, stack: &Stack, physical: usize, index: u32) -> Known<WasmValue> {
        let record = record(stack, physical)?;
        if let Some(value) = record.locals.get(index as usize).filter(|v| **v != WasmValue::Missing) {
            return Ok((*value, Provenance::recorded()));
        }
        self.derived(stack, physical, |state| state.local(index))
    }

    /// An operand-stack slot of a physical frame, 0 is the bottom.
    ///
    /// # Errors
    /// It is neither recorded nor derived; why.
    pub fn operand(&self, stack: &Stack, physical: usize, index: u32) -> Known<WasmValue> {
        let record = record(stack, physical)?;
        if let Some(value) = record.operands.get(index as usize).filter(|v| **v != WasmValue::Missing) {
            return Ok((*value, Provenance::recorded()));
        }
        self.derived(stack, physical, |state| state.operands().get(index as usize).copied())
    }

    /// A parameter's value when the function was entered.
    ///
    /// # Errors
    /// It is not known; why.
    pub fn parameter(&self, _stack: &Stack, _physical: usize, _index: u32) -> Known<WasmValue> {
        Err(Error::Absent(NOT_RECORDED.into()))
    }

    fn derived(
        &self,
        stack: &Stack,
        physical: usize,
        pick: impl FnOnce(&super::dataflow::FlowState) -> Option<ExprId>,
    ) -> Known<WasmValue> {
        let record = record(stack, physical)?;
        let absent = || Error::Absent(NOT_RECORDED.into());
        let flows = record.module.and_then(|id| self.flows(id)).ok_or_else(absent)?;
        let offset = record.offset.ok_or_else(absent)?;
        let flow = flows.function(record.func, &[offset])?;
        let id = flow.state(offset).and_then(pick).ok_or_else(absent)?;
        let kind = flow.arena().kind(id);
        if let Some(bits) = flow.arena().constant(id) {
            let why = Why::new("the code puts a constant there").in_frame(physical, Some(offset));
            return Ok((typed(kind, bits).ok_or_else(absent)?, Provenance::derived(why)));
        }
        let distance = flows.stack_pointer().and_then(|global| flow.arena().distance_from_entry(id, global.0));
        let distance = distance.ok_or_else(absent)?;
        let shadow = self.shadow(stack);
        let entry = shadow.entry_provenance(physical).map_err(|why| Error::Absent(why.text))?;
        let address = shadow.entry(physical).unwrap_or_default().wrapping_add(distance as u64);
        let why = Why::new(format!("the stack pointer at the function's entry {distance:+}"))
            .in_frame(physical, Some(offset))
            .from(Item::EntryStackPointer { frame: physical });
        Ok((typed(kind, address).ok_or_else(absent)?, Provenance::derived(why).and(entry)))
    }
}

fn record(stack: &Stack, physical: usize) -> Result<&PhysicalRecord> {
    stack.physical().get(physical).ok_or_else(|| Error::NotFound("the frame is not on the stack".into()))
}

fn typed(kind: Option<ValueType>, bits: u64) -> Option<WasmValue> {
    match kind? {
        ValueType::I32 => Some(WasmValue::I32(bits as u32 as i32)),
        ValueType::I64 => Some(WasmValue::I64(bits as i64)),
        ValueType::F32 => Some(WasmValue::F32(bits as u32)),
        ValueType::F64 => Some(WasmValue::F64(bits)),
        ValueType::V128 | ValueType::Ref => None,
    }
}
