//! Runs one DWARF expression (DWARF 5 section 2.5) to the location that it describes.
//!
//! gimli decodes and computes; this answers its questions from an `ExprContext`, decides how wide the generic
//! type is, and turns the outcome into our `Location`. Every evaluation has a budget of operations and of nesting.

use std::rc::Rc;

use gimli::{AttributeValue, EvaluationResult, UnitOffset};

use super::Reader;
use super::debug_info::Unit;
use super::location::{Absence, ExprContext, Location, Piece};
use super::operations::{has_wide_constant, parts};
use crate::error::{Error, Result};
use crate::limits::{MAX_DWARF_EVALUATION_DEPTH, MAX_DWARF_OPERATIONS};
use crate::wasm::value::ValueType;
use crate::wasm::{CodeOffset, WasmValue};

/// An evaluation's failure as a location.
pub(super) fn unavailable(error: &Error) -> Location {
    Location::Absent(Absence::Unavailable(error.to_string().into()))
}

pub(super) fn broken(error: &gimli::Error) -> Error {
    Error::malformed(format!("location: {error}"))
}

/// An expression needs 64-bit arithmetic after all: start again.
const NEEDS_64_BITS: &str = "the expression computes with 64-bit values";

/// One question's evaluation.
pub(super) struct Evaluator<'a, 'f> {
    pub(super) unit: &'a Unit<'f>,
    pub(super) context: &'a dyn ExprContext,
    /// Where the operands were pushed that the expression names.
    pub(super) since: Option<CodeOffset>,
    depth: u32,
    /// The generic type has 64 bits, also where addresses have 32.
    wide: bool,
}

impl<'a, 'f> Evaluator<'a, 'f> {
    pub(super) fn new(unit: &'a Unit<'f>, context: &'a dyn ExprContext) -> Self {
        Evaluator { unit, context, since: None, depth: 0, wide: false }
    }

    /// The same for an expression whose operands were pushed before the instruction at `since`.
    pub(super) fn with_operands_of(self, since: Option<CodeOffset>) -> Self {
        Evaluator { since, ..self }
    }

    /// The generic type has the size of an address (DWARF 5 section 2.5.1), but compilers for wasm32 write 64-bit
    /// variables as expressions over i64 locals and constants as well: those are computed with 64 bits.
    pub(super) fn evaluate(&self, expression: gimli::Expression<Reader<'f>>) -> Result<Location> {
        let whole = Evaluator { ..*self }.evaluate_whole(expression);
        // What makes one piece unknown says nothing about the others.
        whole.or_else(|error| self.in_pieces(expression).ok_or(error))
    }

    /// Each piece by itself, those that cannot be evaluated too. None if the expression is not a plain row of pieces.
    fn in_pieces(&self, expression: gimli::Expression<Reader<'f>>) -> Option<Location> {
        let mut pieces = Vec::new();
        for (part, size_bits) in parts(expression, self.unit.unit.encoding())? {
            match (Evaluator { ..*self }).evaluate_whole(part) {
                Ok(Location::Pieces(found)) => pieces.extend(found.iter().cloned()),
                Ok(_) => return None,
                Err(error) => pieces.push(Piece { size_bits, offset_bits: 0, place: unavailable(&error) }),
            }
        }
        Some(Location::Pieces(pieces.into()))
    }

    fn evaluate_whole(mut self, expression: gimli::Expression<Reader<'f>>) -> Result<Location> {
        if let Some(location) = self.plain_value(expression)? {
            return Ok(location);
        }
        if let Some(location) = self.frame_relative(expression)? {
            return Ok(location);
        }
        self.wide = has_wide_constant(expression, self.unit.unit.encoding());
        match self.run(expression, None) {
            Err(Error::Unsupported(m)) if m == NEEDS_64_BITS && !self.wide => {
                self.wide = true;
                self.run(expression, None)
            }
            result => result,
        }
    }

    /// The bits of the value of type `kind` that the expression computes: it describes no place (DW_AT_call_value).
    pub(super) fn bits_of(mut self, expression: gimli::Expression<Reader<'f>>, kind: ValueType) -> Result<u64> {
        if let Some(value) = self.single_value(expression)? {
            let bits = value.bits().filter(|_| value.type_name() == Some(kind.name()));
            let bits = bits.and_then(|bits| u64::try_from(bits).ok());
            return bits.ok_or_else(|| Error::Absent("its value is not known, or is of another type".into()));
        }
        let is_wide = has_wide_constant(expression, self.unit.unit.encoding());
        let mut in_width = |wide| {
            self.wide = wide;
            self.number(expression)
        };
        let narrow = match in_width(false) {
            Err(Error::Unsupported(m)) if m == NEEDS_64_BITS => None,
            _ if is_wide => None,
            result => Some(result?),
        };
        match (kind, narrow) {
            (ValueType::I32, Some(number)) => Ok(u64::from(number as u32)),
            (ValueType::I32, None) => {
                let number = in_width(true)?;
                let fits = u32::try_from(number).is_ok() || i32::try_from(number as i64).is_ok();
                fits.then_some(u64::from(number as u32)).ok_or_else(|| unsupported("a value of more than 32 bits"))
            }
            // Where an address has 32 bits, arithmetic that overflows them says nothing about the upper half.
            (ValueType::I64, narrow) => match (in_width(true)?, narrow) {
                (wide, Some(narrow)) if wide != narrow => Err(unsupported("a value whose upper half is not told")),
                (wide, _) => Ok(wide),
            },
            _ => Err(unsupported("arithmetic on a float, vector or reference")),
        }
    }

    fn number(&self, expression: gimli::Expression<Reader<'f>>) -> Result<u64> {
        let evaluation = self.complete(expression, None)?;
        let value = match (evaluation.value_result(), evaluation.as_result()) {
            (Some(value), _) => value,
            (None, [gimli::Piece { size_in_bits: None, location: gimli::Location::Value { value }, .. }]) => *value,
            _ => return Err(unsupported("a value in pieces")),
        };
        let highest = if self.wide || self.unit.address_size() == 8 { u64::MAX } else { u64::from(u32::MAX) };
        value.to_u64(highest).map_err(|e| self.failed(&e))
    }

    /// With `initial` pushed first, if given.
    pub(super) fn run(&self, expression: gimli::Expression<Reader<'f>>, initial: Option<u64>) -> Result<Location> {
        let evaluation = self.complete(expression, initial)?;
        self.result(evaluation.as_result())
    }

    fn complete(
        &self,
        expression: gimli::Expression<Reader<'f>>,
        initial: Option<u64>,
    ) -> Result<gimli::Evaluation<Reader<'f>>> {
        let mut encoding = self.unit.unit.encoding();
        if self.wide {
            encoding.address_size = 8;
        }
        let mut evaluation = expression.evaluation(encoding);
        evaluation.set_max_iterations(MAX_DWARF_OPERATIONS);
        match initial {
            Some(value) => evaluation.set_initial_value(value),
            // LLVM before mid-2026 wrote stack variables as a bare plus_uconst where the frame base is the
            // stack pointer: relative to the frame base.
            None if expression.0.slice().first() == Some(&gimli::DW_OP_plus_uconst.0) => {
                evaluation.set_initial_value(self.context.frame_base()?);
            }
            None => {}
        }
        let mut state = evaluation.evaluate().map_err(|e| self.failed(&e))?;
        loop {
            state = match state {
                EvaluationResult::Complete => break,
                other => self.answer(&mut evaluation, other)?,
            };
        }
        Ok(evaluation)
    }

    fn failed(&self, error: &gimli::Error) -> Error {
        match error {
            // Generic and typed values do not mix; with 64 bits everything is generic.
            gimli::Error::TypeMismatch | gimli::Error::IntegralTypeRequired if !self.wide => {
                Error::Unsupported(NEEDS_64_BITS.into())
            }
            error => broken(error),
        }
    }

    /// Give gimli what it asks for.
    fn answer(
        &self,
        evaluation: &mut gimli::Evaluation<Reader<'f>>,
        question: EvaluationResult<Reader<'f>>,
    ) -> Result<EvaluationResult<Reader<'f>>> {
        let context = self.context;
        let next = match question {
            EvaluationResult::RequiresWasmLocal { index } => {
                evaluation.resume_with_wasm_value(self.value(context.wasm_local(index)?)?)
            }
            EvaluationResult::RequiresWasmGlobal { index } => {
                evaluation.resume_with_wasm_value(self.value(context.wasm_global(index)?)?)
            }
            EvaluationResult::RequiresWasmStack { index } => {
                evaluation.resume_with_wasm_value(self.value(context.wasm_operand(index, self.since)?)?)
            }
            EvaluationResult::RequiresFrameBase => evaluation.resume_with_frame_base(context.frame_base()?),
            EvaluationResult::RequiresMemory { address, size, base_type, .. } => {
                let bits = context.memory(self.narrowed(address), size)? as u64;
                let value = gimli::Value::from_u64(self.value_type(base_type)?, bits).map_err(|e| broken(&e))?;
                evaluation.resume_with_memory(value)
            }
            EvaluationResult::RequiresRelocatedAddress(address) => {
                evaluation.resume_with_relocated_address(self.live_address(address)?)
            }
            EvaluationResult::RequiresIndexedAddress { index, .. } => {
                let address = self.unit.dwarf.address(&self.unit.unit, index).map_err(|e| broken(&e))?;
                evaluation.resume_with_indexed_address(self.live_address(address)?)
            }
            EvaluationResult::RequiresBaseType(offset) => evaluation.resume_with_base_type(self.value_type(offset)?),
            EvaluationResult::RequiresEntryValue(expression) => {
                evaluation.resume_with_entry_value(self.entry_value(expression)?)
            }
            EvaluationResult::RequiresAtLocation(reference) => {
                evaluation.resume_with_at_location(self.expression_of(reference)?)
            }
            EvaluationResult::RequiresTls(_) => return Err(unsupported("thread-local storage")),
            EvaluationResult::RequiresCallFrameCfa => return Err(unsupported("a call frame address")),
            EvaluationResult::RequiresRegister { register, .. } => {
                return Err(Error::malformed(format!("location: register {}, but wasm has none", register.0)));
            }
            EvaluationResult::RequiresParameterRef(_) => return Err(unsupported("a call site's parameter")),
            EvaluationResult::Complete => Ok(EvaluationResult::Complete),
        };
        next.map_err(|e| self.failed(&e))
    }

    /// A wasm value on the DWARF stack: i32 is generic; i64 too where the generic type has 64 bits.
    fn value(&self, value: WasmValue) -> Result<gimli::Value> {
        let wide = self.wide || self.unit.address_size() == 8;
        match value {
            WasmValue::I32(v) => Ok(gimli::Value::Generic(u64::from(v as u32))),
            WasmValue::I64(v) if wide => Ok(gimli::Value::Generic(v as u64)),
            WasmValue::I64(_) => Err(Error::Unsupported(NEEDS_64_BITS.into())),
            WasmValue::F32(bits) => Ok(gimli::Value::F32(f32::from_bits(bits))),
            WasmValue::F64(bits) => Ok(gimli::Value::F64(f64::from_bits(bits))),
            WasmValue::V128(_) | WasmValue::Ref => Err(unsupported("arithmetic on a vector or reference")),
            WasmValue::Missing => Err(Error::Absent("the dump does not record this value".into())),
        }
    }

    pub(super) fn narrowed(&self, address: u64) -> u64 {
        match self.unit.address_size() {
            4 => address & u64::from(u32::MAX),
            _ => address,
        }
    }

    /// An address from the module; the linker leaves -1 or -2 for data that it discarded.
    fn live_address(&self, address: u64) -> Result<u64> {
        let highest = if self.unit.address_size() == 4 { u64::from(u32::MAX) } else { u64::MAX };
        if address >= highest - 1 {
            return Err(Error::Absent(DISCARDED.into()));
        }
        Ok(address)
    }

    fn value_type(&self, offset: UnitOffset) -> Result<gimli::ValueType> {
        if offset.0 == 0 {
            return Ok(gimli::ValueType::Generic);
        }
        let entry = self.unit.unit.entry(offset).map_err(|e| broken(&e))?;
        gimli::ValueType::from_entry(&entry)
            .map_err(|e| broken(&e))?
            .ok_or_else(|| Error::malformed("location: a typed operation without a base type"))
    }

    fn nested<'b>(&'b self, context: &'b dyn ExprContext) -> Result<Evaluator<'b, 'f>> {
        if self.depth >= MAX_DWARF_EVALUATION_DEPTH {
            return Err(Error::Limit("location: expressions nest too deeply".into()));
        }
        Ok(Evaluator { unit: self.unit, context, since: self.since, depth: self.depth + 1, wide: self.wide })
    }

    fn entry_value(&self, expression: gimli::Expression<Reader<'f>>) -> Result<gimli::Value> {
        let entry = EntryContext(self.context);
        let nested = self.nested(&entry)?;
        // DW_OP_entry_value's block is a location whose content is meant: a bare local means its value.
        match nested.run(expression, None)? {
            Location::Memory { address } => Ok(gimli::Value::Generic(address)),
            Location::Computed { bytes } => {
                let mut word = [0u8; 8];
                word.iter_mut().zip(bytes.iter()).for_each(|(to, from)| *to = *from);
                Ok(gimli::Value::Generic(u64::from_le_bytes(word)))
            }
            _ => Err(unsupported("an entry value in pieces")),
        }
    }

    /// The expression of the DIE that DW_OP_call names.
    fn expression_of(&self, reference: gimli::DieReference<usize>) -> Result<Reader<'f>> {
        let gimli::DieReference::UnitRef(offset) = reference else {
            return Err(unsupported("a call into another unit"));
        };
        let entry = self.unit.unit.entry(offset).map_err(|e| broken(&e))?;
        match entry.attr_value(gimli::DW_AT_location) {
            Some(AttributeValue::Exprloc(expression)) => Ok(expression.0),
            _ => Ok(gimli::EndianSlice::new(&[], gimli::LittleEndian)),
        }
    }

    fn result(&self, pieces: &[gimli::Piece<Reader<'f>>]) -> Result<Location> {
        match pieces {
            [] => Ok(Location::Absent(Absence::OptimizedOut)),
            [only] if only.size_in_bits.is_none() => Ok(self.place(&only.location)),
            pieces => {
                let convert = |piece: &gimli::Piece<Reader<'f>>| Piece {
                    size_bits: piece.size_in_bits.unwrap_or(0),
                    offset_bits: piece.bit_offset.unwrap_or(0),
                    place: self.place(&piece.location),
                };
                Ok(Location::Pieces(pieces.iter().map(convert).collect()))
            }
        }
    }

    fn place(&self, location: &gimli::Location<Reader<'f>>) -> Location {
        match location {
            gimli::Location::Empty => Location::Absent(Absence::OptimizedOut),
            gimli::Location::Address { address } => Location::Memory { address: self.narrowed(*address) },
            gimli::Location::Value { value } => Location::Computed { bytes: value_bytes(*value) },
            gimli::Location::Bytes { value } => Location::Computed { bytes: value.slice().into() },
            gimli::Location::Register { .. } => unavailable(&Error::malformed("a register, but wasm has none")),
            gimli::Location::ImplicitPointer { .. } => {
                unavailable(&unsupported("a pointer to a variable that has no place in memory"))
            }
        }
    }
}

/// Why data at the linker's tombstone has no value.
const DISCARDED: &str = "the linker discarded it";

fn unsupported(what: &str) -> Error {
    Error::Unsupported(format!("location: {what} is not supported"))
}

fn value_bytes(value: gimli::Value) -> Rc<[u8]> {
    match value {
        gimli::Value::Generic(v) | gimli::Value::U64(v) => v.to_le_bytes().into(),
        gimli::Value::I8(v) => v.to_le_bytes().into(),
        gimli::Value::U8(v) => v.to_le_bytes().into(),
        gimli::Value::I16(v) => v.to_le_bytes().into(),
        gimli::Value::U16(v) => v.to_le_bytes().into(),
        gimli::Value::I32(v) => v.to_le_bytes().into(),
        gimli::Value::U32(v) => v.to_le_bytes().into(),
        gimli::Value::I64(v) => v.to_le_bytes().into(),
        gimli::Value::F32(v) => v.to_le_bytes().into(),
        gimli::Value::F64(v) => v.to_le_bytes().into(),
    }
}

/// What an expression sees when it asks for values at the function's entry.
struct EntryContext<'a>(&'a dyn ExprContext);

impl ExprContext for EntryContext<'_> {
    fn wasm_local(&self, index: u32) -> Result<WasmValue> {
        self.0.entry_local(index)
    }

    fn entry_local(&self, index: u32) -> Result<WasmValue> {
        self.0.entry_local(index)
    }

    fn wasm_global(&self, _index: u32) -> Result<WasmValue> {
        Err(Error::Absent("a global's value at the function's entry is not recorded".into()))
    }

    fn wasm_operand(&self, _index: u32, _since: Option<CodeOffset>) -> Result<WasmValue> {
        Err(Error::malformed("location: an operand-stack slot at a function's entry"))
    }

    fn frame_base(&self) -> Result<u64> {
        Err(Error::malformed("location: a frame base at a function's entry"))
    }

    fn memory(&self, _address: u64, _size_bytes: u8) -> Result<u128> {
        Err(Error::Absent("memory at the function's entry is not recorded".into()))
    }
}
