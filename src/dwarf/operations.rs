//! What the operations of a DWARF expression tell without being run (DWARF 5 section 2.5).

use gimli::{Encoding, Expression, Operation, Reader as _};

use super::Reader;
use crate::limits::MAX_DWARF_PIECES;

/// The operation of an expression that has but one, whether or not it says that its result is the value itself.
pub(super) fn only<'f>(expression: Expression<Reader<'f>>, encoding: Encoding) -> Option<Operation<Reader<'f>>> {
    let mut operations = expression.operations(encoding);
    let first = operations.next().ok()?;
    match operations.next().ok()? {
        None => first,
        Some(Operation::StackValue) => first.filter(|_| matches!(operations.next(), Ok(None))),
        Some(_) => None,
    }
}

/// A constant that 32 bits do not hold.
pub(super) fn has_wide_constant(expression: Expression<Reader<'_>>, encoding: Encoding) -> bool {
    let mut operations = expression.operations(encoding);
    while let Ok(Some(operation)) = operations.next() {
        match operation {
            Operation::UnsignedConstant { value } if value > u64::from(u32::MAX) => return true,
            Operation::SignedConstant { value } if i32::try_from(value).is_err() => return true,
            _ => {}
        }
    }
    false
}

/// The parts of an expression that each describe one piece, with the piece's size in bits (DWARF 5 section 2.6.1.2).
/// None if there are no pieces, too many, or jumps between them.
pub(super) fn parts<'f>(
    expression: Expression<Reader<'f>>,
    encoding: Encoding,
) -> Option<Vec<(Expression<Reader<'f>>, u64)>> {
    let mut parts = Vec::new();
    let mut rest = expression.0;
    let mut operations = expression.operations(encoding);
    while let Some(operation) = operations.next().ok()? {
        match operation {
            Operation::Piece { size_in_bits, .. } if parts.len() < MAX_DWARF_PIECES => {
                let end = operations.offset_from(&expression).checked_sub(rest.offset_from(expression.0))?;
                parts.push((Expression(rest.split(end).ok()?), size_in_bits));
            }
            Operation::Piece { .. } | Operation::Bra { .. } | Operation::Skip { .. } => {
                return None;
            }
            _ => {}
        }
    }
    (!parts.is_empty() && rest.is_empty()).then_some(parts)
}
