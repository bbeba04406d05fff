//! One function body: its local declarations and its instructions with their offsets.

use wasmparser::{FunctionBody, Operator};

use super::address::{FileOffset, FuncIdx, FuncOffset};
use crate::error::{Error, Result};
use crate::limits::MAX_LOCALS_PER_FUNCTION;

/// The body of a defined function (WebAssembly core, 5.5.13), after its size.
#[derive(Debug, Clone, Copy)]
pub struct Body<'f> {
    /// File offset of `bytes[0]`, the vector of local declarations.
    pub start: FileOffset,
    /// From the local declarations to the final `end`, inclusive.
    pub bytes: &'f [u8],
}

/// One instruction and where it stands.
#[derive(Debug, Clone)]
pub struct Instruction<'f> {
    pub offset: FuncOffset,
    /// Bytes from this instruction to the next.
    pub size_bytes: u64,
    pub operator: Operator<'f>,
}

/// A call instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    pub target: CallTarget,
    /// The called function replaces the calling one on the stack.
    pub tail: bool,
}

/// What a call instruction calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallTarget {
    Function(FuncIdx),
    /// Through a table or a reference: any function of the type with this index.
    Type(u32),
}

impl Instruction<'_> {
    /// The local that the instruction sets.
    pub fn sets_local(&self) -> Option<u32> {
        match self.operator {
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => Some(local_index),
            _ => None,
        }
    }

    /// The call that the instruction is, if it is one.
    pub fn call(&self) -> Option<Call> {
        let (target, tail) = match self.operator {
            Operator::Call { function_index } => (CallTarget::Function(FuncIdx(function_index)), false),
            Operator::ReturnCall { function_index } => (CallTarget::Function(FuncIdx(function_index)), true),
            Operator::CallIndirect { type_index, .. } | Operator::CallRef { type_index } => {
                (CallTarget::Type(type_index), false)
            }
            Operator::ReturnCallIndirect { type_index, .. } | Operator::ReturnCallRef { type_index } => {
                (CallTarget::Type(type_index), true)
            }
            _ => return None,
        };
        Some(Call { target, tail })
    }
}

impl<'f> Body<'f> {
    /// The file offset of a place in this body.
    pub fn file_offset(&self, offset: FuncOffset) -> Option<FileOffset> {
        self.start.checked_add(offset.0)
    }

    /// The body as `wasmparser` reads it; its offsets count from the body's first byte.
    pub fn parsed(&self) -> FunctionBody<'f> {
        FunctionBody::new(wasmparser::BinaryReader::new(self.bytes, 0))
    }

    /// Declared locals in order, without the parameters, as (count, type).
    ///
    /// # Errors
    /// Malformed declarations, or more than `MAX_LOCALS_PER_FUNCTION` locals.
    pub fn local_declarations(&self) -> Result<Vec<(u32, wasmparser::ValType)>> {
        let reader = self.parsed().get_locals_reader().map_err(|e| self.broken(&e))?;
        let mut total = 0u32;
        let mut result = Vec::new();
        for declaration in reader {
            let (count, kind) = declaration.map_err(|e| self.broken(&e))?;
            total = total.saturating_add(count);
            if total > MAX_LOCALS_PER_FUNCTION {
                return Err(Error::Limit(format!(
                    "function body at file offset {} declares more than {MAX_LOCALS_PER_FUNCTION} locals",
                    self.start
                )));
            }
            result.push((count, kind));
        }
        Ok(result)
    }

    /// Offset of the first instruction, after the local declarations: what the original rewriter counts from.
    pub fn first_instruction(&self) -> Result<FuncOffset> {
        let reader = self.parsed().get_operators_reader().map_err(|e| self.broken(&e))?;
        Ok(FuncOffset(reader.original_position()))
    }

    /// All instructions in order; ends after the first that cannot be decoded.
    pub fn instructions(&self) -> Instructions<'f> {
        Instructions { start: self.start, reader: self.parsed().get_operators_reader().ok() }
    }

    /// The last instruction in front of `before` that pushes a constant of these bits, zero-extended to 64.
    pub fn last_constant(&self, bits: u64, before: FuncOffset) -> Option<FuncOffset> {
        let makes = |operator: &Operator<'_>| match operator {
            Operator::I32Const { value } => u64::from(*value as u32) == bits,
            Operator::I64Const { value } => *value as u64 == bits,
            Operator::F32Const { value } => u64::from(value.bits()) == bits,
            Operator::F64Const { value } => value.bits() == bits,
            _ => false,
        };
        let instructions = self.instructions().map_while(|i| i.ok()).take_while(|i| i.offset < before);
        instructions.filter(|i| makes(&i.operator)).last().map(|i| i.offset)
    }

    /// The instruction that begins exactly at `offset`.
    pub fn instruction_at(&self, offset: FuncOffset) -> Option<Instruction<'f>> {
        // Instructions have no synchronising marks: only a walk from the first one finds where they begin.
        let found = self.instructions().take_while(|i| i.as_ref().is_ok_and(|i| i.offset <= offset)).last()?;
        found.ok().filter(|i| i.offset == offset)
    }

    fn broken(&self, error: &wasmparser::BinaryReaderError) -> Error {
        Error::malformed_at(format!("function body: {}", error.message()), self.start.0 + error.offset())
    }
}

/// Iterator over a body's instructions; a copy goes on from the same place.
#[derive(Clone)]
pub struct Instructions<'f> {
    start: FileOffset,
    reader: Option<wasmparser::OperatorsReader<'f>>,
}

impl<'f> Iterator for Instructions<'f> {
    type Item = Result<Instruction<'f>>;

    fn next(&mut self) -> Option<Self::Item> {
        let reader = self.reader.as_mut()?;
        if reader.eof() {
            return None;
        }
        let offset = reader.original_position();
        match reader.read() {
            Ok(operator) => {
                let size_bytes = reader.original_position() - offset;
                Some(Ok(Instruction { offset: FuncOffset(offset), size_bytes, operator }))
            }
            Err(error) => {
                self.reader = None;
                let at = self.start.0 + error.offset();
                Some(Err(Error::malformed_at(format!("instruction: {}", error.message()), at)))
            }
        }
    }
}
