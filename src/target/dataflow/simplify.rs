//! Expressions in one canonical form, so that equal values have equal ids more often.
//!
//! Only what holds for all operands is simplified: constants are folded, sums gather their constants, conversions
//! that undo each other vanish. A division that traps stays as it is.

use super::domain::{Arena, Expr, ExprId, Place};
use super::evaluate::evaluate;
use super::op::Op;
use crate::wasm::value::ValueType;

impl Arena {
    /// A numeric instruction on one operand.
    pub(super) fn unary(&mut self, op: Op, a: ExprId) -> ExprId {
        if let Some(bits) = self.constant(a).and_then(|a| evaluate(op, a, 0)) {
            return self.constant_of(op.result_type(), bits);
        }
        // Two conversions that undo each other; a narrow zero-extended content needs no mask.
        match (op, self.expr(a)) {
            (Op::I32WrapI64, Expr::Unary(Op::I64ExtendI32S | Op::I64ExtendI32U, inner))
            | (Op::F32ReinterpretI32, Expr::Unary(Op::I32ReinterpretF32, inner))
            | (Op::F64ReinterpretI64, Expr::Unary(Op::I64ReinterpretF64, inner))
            | (Op::I32ReinterpretF32, Expr::Unary(Op::F32ReinterpretI32, inner))
            | (Op::I64ReinterpretF64, Expr::Unary(Op::F64ReinterpretI64, inner)) => inner,
            _ => self.intern(Expr::Unary(op, a), Some(op.result_type())),
        }
    }

    /// A numeric instruction on two operands. Additions of constants are gathered: `x + 8 - 4` is `x + 4`.
    pub(super) fn binary(&mut self, op: Op, a: ExprId, b: ExprId) -> ExprId {
        let kind = op.result_type();
        if let (Some(a), Some(b)) = (self.constant(a), self.constant(b))
            && let Some(bits) = evaluate(op, a, b)
        {
            return self.constant_of(kind, bits);
        }
        let (a, b) = self.ordered(op, a, b);
        let Some(constant) = self.constant(b) else {
            return match op {
                Op::I32Sub | Op::I64Sub | Op::I32Xor | Op::I64Xor if a == b => self.constant_of(kind, 0),
                _ => self.intern(Expr::Binary(op, a, b), Some(kind)),
            };
        };
        match op {
            Op::I32Sub => self.add(Op::I32Add, a, u64::from((constant as u32).wrapping_neg())),
            Op::I64Sub => self.add(Op::I64Add, a, constant.wrapping_neg()),
            Op::I32Add | Op::I64Add => self.add(op, a, constant),
            Op::I32And if self.fits(a, constant) => a,
            Op::I32Or | Op::I32Xor | Op::I32Shl | Op::I32ShrU | Op::I32ShrS if constant == 0 => a,
            Op::I64Or | Op::I64Xor | Op::I64Shl | Op::I64ShrU | Op::I64ShrS if constant == 0 => a,
            _ => self.intern(Expr::Binary(op, a, b), Some(kind)),
        }
    }

    /// One canonical order for operands that may be swapped: constants last, then the older first.
    fn ordered(&self, op: Op, a: ExprId, b: ExprId) -> (ExprId, ExprId) {
        let key = |id| (self.constant(id).is_some(), id);
        if op.is_commutative() && key(b) < key(a) { (b, a) } else { (a, b) }
    }

    /// `a` plus a constant, in the width of `op`.
    pub(super) fn add(&mut self, op: Op, a: ExprId, constant: u64) -> ExprId {
        let kind = op.result_type();
        let (base, distance) = self.split(a);
        let sum = match kind {
            ValueType::I32 => u64::from((distance as u32).wrapping_add(constant as u32)),
            _ => distance.wrapping_add(constant),
        };
        match base {
            None => self.constant_of(kind, sum),
            Some(base) if sum == 0 => base,
            Some(base) => {
                let sum = self.constant_of(kind, sum);
                self.intern(Expr::Binary(op, base, sum), Some(kind))
            }
        }
    }

    /// Masking `a` with `mask` changes nothing, for all that is known of its bits.
    fn fits(&self, a: ExprId, mask: u64) -> bool {
        self.possible_bits(a, 4) & !mask == 0
    }

    /// The bits that may be set in an i32, looking at operands to a depth of `depth`.
    fn possible_bits(&self, a: ExprId, depth: u32) -> u64 {
        let all = u64::from(u32::MAX);
        let Some(depth) = depth.checked_sub(1) else { return all };
        match self.expr(a) {
            Expr::Const { bits, .. } => bits & all,
            Expr::Content { place: Place::Memory(slot), .. } | Expr::Phi { place: Place::Memory(slot), .. } => {
                match self.slot(slot).map(|s| s.width) {
                    Some(1) => 0xff,
                    Some(2) => 0xffff,
                    _ => all,
                }
            }
            Expr::Unary(Op::I32Eqz | Op::I64Eqz, _) => 1,
            Expr::Binary(Op::I32And, x, y) => self.possible_bits(x, depth) & self.possible_bits(y, depth),
            Expr::Binary(Op::I32Or | Op::I32Xor, x, y) => self.possible_bits(x, depth) | self.possible_bits(y, depth),
            Expr::Binary(Op::I32ShrU, x, y) => match self.constant(y) {
                Some(distance) => self.possible_bits(x, depth) >> (distance % 32),
                None => all,
            },
            Expr::Binary(op, ..) if op.is_comparison() => 1,
            Expr::Select { then, otherwise, .. } => {
                self.possible_bits(then, depth) | self.possible_bits(otherwise, depth)
            }
            _ => all,
        }
    }

    /// A choice by a condition.
    pub(super) fn select(&mut self, condition: ExprId, then: ExprId, otherwise: ExprId) -> ExprId {
        match self.constant(condition) {
            Some(0) => otherwise,
            Some(_) => then,
            None if then == otherwise => then,
            None => {
                let kind = self.kind(then).or(self.kind(otherwise));
                self.intern(Expr::Select { condition, then, otherwise }, kind)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn param(arena: &mut Arena) -> ExprId {
        arena.intern(Expr::Param(0), Some(ValueType::I32))
    }

    #[test]
    fn additions_of_constants_are_gathered_and_wrap_at_32_bits() {
        let mut arena = Arena::default();
        let x = param(&mut arena);
        let (eight, big) = (arena.constant_of(ValueType::I32, 8), arena.constant_of(ValueType::I32, 0xffff_fff8));
        let sum = arena.binary(Op::I32Add, eight, x);
        assert_eq!(arena.split(sum), (Some(x), 8));
        assert_eq!(arena.binary(Op::I32Add, sum, big), x);
        assert_eq!(arena.binary(Op::I32Sub, sum, eight), x);
    }

    #[test]
    fn equal_expressions_have_equal_ids_whatever_the_order_of_operands() {
        let mut arena = Arena::default();
        let (a, b) = (param(&mut arena), arena.intern(Expr::Param(1), Some(ValueType::I32)));
        assert_eq!(arena.binary(Op::I32Mul, a, b), arena.binary(Op::I32Mul, b, a));
        assert_ne!(arena.binary(Op::I32Sub, a, b), arena.binary(Op::I32Sub, b, a));
    }

    #[test]
    fn a_division_that_traps_stays_symbolic() {
        let mut arena = Arena::default();
        let (one, zero) = (arena.constant_of(ValueType::I32, 1), arena.constant_of(ValueType::I32, 0));
        let quotient = arena.binary(Op::I32DivS, one, zero);
        assert_eq!(arena.constant(quotient), None);
    }

    #[test]
    fn the_distance_from_the_entry_stack_pointer_is_signed() {
        let mut arena = Arena::default();
        let sp = arena.intern(Expr::GlobalEntry(0), Some(ValueType::I32));
        let frame = arena.constant_of(ValueType::I32, 32);
        let lowered = arena.binary(Op::I32Sub, sp, frame);
        assert_eq!(arena.distance_from_entry(lowered, 0), Some(-32));
        assert_eq!(arena.distance_from_entry(sp, 0), Some(0));
        assert_eq!(arena.distance_from_entry(lowered, 1), None);
        assert_eq!(arena.distance_from_entry(frame, 0), None);
    }
}
