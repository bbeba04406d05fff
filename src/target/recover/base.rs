//! The value of the local that DWARF names as a function's frame base.
//!
//! LLVM sets that local in the prologue to the stack pointer. Optimised, it may keep another value in the same local
//! after the last use of the first one (seen at calls in tail position: `local.get 0; i32.const 4; i32.add;
//! local.set 0; call`), and DWARF does not say so: the base is what the local was first set to.

use super::recovery::{Recovered, Recovery};
use crate::target::dataflow::{Flows, FunctionFlow};
use crate::target::patience::Patience;
use crate::target::provenance::Why;
use crate::wasm::{FuncIdx, FuncOffset, WasmValue};

impl Recovery<'_> {
    /// The value of a local that is a frame base, parameters first.
    ///
    /// # Errors
    /// Why it is not known.
    pub fn base_local(&self, frame: usize, index: u32, patience: Patience) -> Result<Recovered, Why> {
        match self.first_value(frame, index, patience) {
            Some(found) => Ok(found),
            None => self.local(frame, index, patience),
        }
    }

    /// What a local that was set more than once was first set to, if that was the stack pointer.
    fn first_value(&self, frame: usize, index: u32, patience: Patience) -> Option<Recovered> {
        let physical = self.frame(frame).ok()?;
        let (flows, offset) = (physical.flows.as_deref()?, physical.offset?);
        let place = (physical.instance, physical.func, offset, index);
        let known = self.first_distances.borrow().get(&place).copied();
        let distance = known.unwrap_or_else(|| {
            let found = first_distance(flows, physical.func, index, offset);
            self.first_distances.borrow_mut().insert(place, found);
            found
        })?;
        let (pointer, provenance) = self.stack_pointer(frame).ok()?;
        let address = pointer.wrapping_add_signed(distance);
        let value = match self.local(frame, index, patience).ok().map(|found| found.value) {
            Some(WasmValue::I64(_)) => WasmValue::I64(address as i64),
            _ => WasmValue::I32(address as u32 as i32),
        };
        Some(Recovered { value, provenance })
    }
}

/// How far above the stack pointer at `offset` the value is that a local, set more than once, was first set to; none
/// if that is not known.
fn first_distance(flows: &Flows<'_>, func: FuncIdx, index: u32, offset: FuncOffset) -> Option<i64> {
    let behind = flows.behind_first_of_several(func, index, offset)?;
    let offsets = [behind, offset];
    let distance = |flow: &FunctionFlow| {
        let first = flow.distance_from_entry(flow.state(behind)?.local(index)?)?;
        let now = flow.distance_from_entry(flow.state(offset)?.stack_pointer()?)?;
        Some(first.wrapping_sub(now))
    };
    let restricted = flows.stack_pointers(func, &offsets).ok().and_then(|flow| distance(&flow));
    restricted.or_else(|| distance(&*flows.function(func, &offsets).ok()?))
}
