//! Expressions of one operation, of which most variables are: answered from the context without an evaluation.

use super::Reader;
use super::evaluate::Evaluator;
use super::location::Location;
use super::operations::only;
use crate::error::{Error, Result};
use crate::wasm::WasmValue;

impl<'f> Evaluator<'_, 'f> {
    /// An expression that only fetches one wasm value: any type of value, also those that DWARF cannot compute with.
    pub(super) fn plain_value(&self, expression: gimli::Expression<Reader<'f>>) -> Result<Option<Location>> {
        if !self.is_value(expression) {
            return Ok(None);
        }
        let Some(value) = self.single_value(expression)? else { return Ok(None) };
        let (Some(bits), Some(size)) = (value.bits(), value.size_bytes()) else {
            return Err(Error::Absent("the dump does not record this value".into()));
        };
        Ok(Some(Location::Computed { bytes: bits.to_le_bytes().get(..size).unwrap_or_default().into() }))
    }

    /// A place at a fixed distance from the frame base, as most variables of unoptimised code have one.
    pub(super) fn frame_relative(&self, expression: gimli::Expression<Reader<'f>>) -> Result<Option<Location>> {
        if expression.0.slice().first() != Some(&gimli::DW_OP_fbreg.0) {
            return Ok(None);
        }
        Ok(match only(expression, self.unit.unit.encoding()) {
            Some(gimli::Operation::FrameOffset { offset }) if !self.is_value(expression) => {
                let address = self.context.frame_base()?.wrapping_add_signed(offset);
                Some(Location::Memory { address: self.narrowed(address) })
            }
            _ => None,
        })
    }

    /// The result is the value itself, and no place.
    fn is_value(&self, expression: gimli::Expression<Reader<'f>>) -> bool {
        expression.0.slice().last() == Some(&gimli::DW_OP_stack_value.0)
    }

    /// What an expression fetches that does nothing else, whether or not it says that this is the value itself.
    pub(super) fn single_value(&self, expression: gimli::Expression<Reader<'f>>) -> Result<Option<WasmValue>> {
        Ok(match only(expression, self.unit.unit.encoding()) {
            Some(gimli::Operation::WasmLocal { index }) => Some(self.context.wasm_local(index)?),
            Some(gimli::Operation::WasmGlobal { index }) => Some(self.context.wasm_global(index)?),
            Some(gimli::Operation::WasmStack { index }) => Some(self.context.wasm_operand(index, self.since)?),
            _ => None,
        })
    }
}
