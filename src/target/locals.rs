//! Wasm locals, operands and globals of a frame: as recorded, else as they are recovered.

use super::known::Known;
use super::patience::Patience;
use super::program::Program;
use super::provenance::Why;
use super::recover::{Recovered, Recovery};
use super::stack::Stack;
use crate::error::{Error, Result};
use crate::wasm::{GlobalIdx, WasmValue};

impl<'f> Program<'f> {
    /// A wasm local of a physical frame, parameters first.
    ///
    /// # Errors
    /// It is neither recorded nor recovered; why.
    pub fn local(&self, stack: &Stack, physical: usize, index: u32, patience: Patience) -> Known<WasmValue> {
        known(self.recovered(stack)?.local(physical, index, patience))
    }

    /// A wasm local that DWARF names as the frame base: what it was set to for that, whatever it holds now.
    ///
    /// # Errors
    /// It is neither recorded nor recovered; why.
    pub fn base_local(&self, stack: &Stack, physical: usize, index: u32, patience: Patience) -> Known<WasmValue> {
        known(self.recovered(stack)?.base_local(physical, index, patience))
    }

    /// An operand-stack slot of a physical frame, 0 is the bottom.
    ///
    /// # Errors
    /// It is neither recorded nor recovered; why.
    pub fn operand(&self, stack: &Stack, physical: usize, index: u32, patience: Patience) -> Known<WasmValue> {
        known(self.recovered(stack)?.operand(physical, index, patience))
    }

    /// A parameter's value when the function was entered.
    ///
    /// # Errors
    /// It is not known; why.
    pub fn parameter(&self, stack: &Stack, physical: usize, index: u32, patience: Patience) -> Known<WasmValue> {
        known(self.recovered(stack)?.parameter(physical, index, patience))
    }

    /// A global as a physical frame sees it; the stack pointer is the frame's own.
    ///
    /// # Errors
    /// It is not known; why.
    pub fn global(&self, stack: &Stack, physical: usize, index: u32) -> Known<WasmValue> {
        known(self.recovered(stack)?.global(physical, GlobalIdx(index)))
    }

    fn recovered(&self, stack: &Stack) -> Result<&Recovery<'f>> {
        self.recovery(stack).ok_or_else(Error::no_stack)
    }
}

fn known(recovered: std::result::Result<Recovered, Why>) -> Known<WasmValue> {
    recovered.map(|found| (found.value, found.provenance)).map_err(|why| Error::Absent(why.text.to_string()))
}
