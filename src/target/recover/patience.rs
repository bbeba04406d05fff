//! What patience leaves and adds: long functions that are put off for a line of a backtrace, and the program that is run
//! again where its code alone does not tell for sure.

use std::cell::RefCell;

use super::recovery::{Recovered, Recovery, typed};
use super::solver::Solver;
use crate::target::patience::Patience;
use crate::target::provenance::{Item, Provenance, Why};
use crate::target::replay::replay;
use crate::wasm::WasmValue;
use crate::wasm::value::ValueType;

/// How a value is known that was seen when the program was run again.
pub(super) const REPLAYED: &str =
    "running the program again from its start led to this very stack and memory, and this was its value";

impl<'f> Recovery<'f> {
    pub(super) fn solver(&self, patience: Patience) -> &RefCell<Solver<'f>> {
        self.hasty.as_ref().filter(|_| patience == Patience::Line).unwrap_or(&self.solver)
    }

    pub(super) fn forget_put_off(&self) -> bool {
        self.hasty.as_ref().is_some_and(|hasty| hasty.borrow_mut().forget_put_off())
    }

    /// Since this was asked before, something was not found out for a line of a backtrace because that would have taken
    /// too long.
    pub fn take_put_off(&self) -> bool {
        self.put_off.take()
    }

    /// What is known, unless it is not known for sure and running the program again tells.
    pub(super) fn or_replayed(
        &self,
        known: Result<Recovered, Why>,
        item: Item,
        kind: Option<ValueType>,
        patience: Patience,
    ) -> Result<Recovered, Why> {
        let is_put_off = self.forget_put_off();
        if known.as_ref().is_ok_and(|known| known.provenance.is_exact()) {
            return known;
        }
        let kind = kind.or(known.as_ref().ok().and_then(|known| kind_of(known.value)));
        match self.replayed(item, patience).and_then(|bits| typed(kind?, bits)) {
            Some(value) if known.as_ref().is_ok_and(|known| known.value == value) => known,
            Some(value) => Ok(Recovered { value, provenance: Provenance::recovered(Why::new(REPLAYED)) }),
            // The long function may tell another value than the one that memory has.
            None if is_put_off => {
                self.put_off.set(true);
                Err(Why::new("a long function was not analysed for it"))
            }
            None => known,
        }
    }

    /// The bits of a frame's value in the program that was run again.
    pub(super) fn replayed(&self, item: Item, patience: Patience) -> Option<u64> {
        let [short, long] = &self.replayed;
        let run = || replay(&self.frames, &*self.recorded, patience);
        let replayed = match (long.get(), short.get()) {
            (Some(known), _) => known,
            (None, Some(known @ Some(_))) => known,
            (None, _) if patience == Patience::Long => long.get_or_init(run),
            (None, _) => short.get_or_init(run),
        };
        let replayed = replayed.as_ref()?;
        match item {
            Item::Local { frame, index } => replayed.local(frame, index),
            Item::Operand { frame, index } => replayed.operand(frame, index),
            Item::Parameter { frame, index } => replayed.parameter(frame, index),
            _ => None,
        }
    }
}

fn kind_of(value: WasmValue) -> Option<ValueType> {
    Some(match value {
        WasmValue::I32(_) => ValueType::I32,
        WasmValue::I64(_) => ValueType::I64,
        WasmValue::F32(_) => ValueType::F32,
        WasmValue::F64(_) => ValueType::F64,
        _ => return None,
    })
}
