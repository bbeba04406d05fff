//! Location descriptions: where a variable is, by running its DWARF expression (DWARF 5 sections 2.5 and 2.6).
//!
//! What an expression needs at run time it asks of an `ExprContext`. All evaluations of one question share a
//! budget of operations.

use std::rc::Rc;

use crate::error::{Error, Result};
use crate::wasm::{CodeOffset, WasmValue};

/// What a DWARF expression may ask. Implemented for frames by `target::context`.
pub trait ExprContext {
    /// A wasm local of the frame (DW_OP_WASM_location 0).
    fn wasm_local(&self, _index: u32) -> Result<WasmValue> {
        needs_frame()
    }

    /// A global of the frame's instance (DW_OP_WASM_location 1 and 3); the stack pointer is the frame's own.
    fn wasm_global(&self, _index: u32) -> Result<WasmValue> {
        needs_frame()
    }

    /// An operand-stack slot, 0 is the bottom (DW_OP_WASM_location 2), that was pushed before the instruction at
    /// `since`: what took its place after that is another value. None: nothing is said about that.
    fn wasm_operand(&self, _index: u32, _since: Option<CodeOffset>) -> Result<WasmValue> {
        needs_frame()
    }

    /// The address that DW_OP_fbreg counts from.
    fn frame_base(&self) -> Result<u64> {
        needs_frame()
    }

    /// `size_bytes` (at most 16) bytes of memory, little-endian.
    fn memory(&self, _address: u64, _size_bytes: u8) -> Result<u128> {
        needs_frame()
    }

    /// A wasm local as it was when the function was entered (DW_OP_entry_value): a parameter's first value.
    fn entry_local(&self, _index: u32) -> Result<WasmValue> {
        needs_frame()
    }
}

/// The answer of those who have no frame: of static variables and of objects.
fn needs_frame<T>() -> Result<T> {
    Err(Error::Absent("its place depends on a frame".into()))
}

/// Where a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Location {
    /// In linear memory.
    Memory { address: u64 },
    /// Not in memory: its bytes, little-endian. May be longer than the object.
    Computed { bytes: Rc<[u8]> },
    /// In several places.
    Pieces(Rc<[Piece]>),
    /// Nowhere.
    Absent(Absence),
}

/// Part of a value, in the order of the value's bits.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub size_bits: u64,
    /// First bit in `place` that belongs to the piece.
    pub offset_bits: u64,
    /// Never `Pieces`.
    pub place: Location,
}

/// Why a value is nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absence {
    /// DWARF has no location here: the optimiser removed it.
    OptimizedOut,
    /// A location that cannot be evaluated with what the dump holds; what is missing.
    Unavailable(Rc<str>),
}
