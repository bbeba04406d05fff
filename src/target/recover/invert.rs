//! The operand of a numeric instruction from its result: what is known of a sum tells about its parts.

use crate::target::dataflow::evaluate::evaluate;
use crate::target::dataflow::op::Op;

/// Which operand is wanted; the other one is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The only operand, or the left one.
    Left,
    Right,
}

/// The one value of an operand that gives `result`; none if several do, or none does.
pub fn invert(op: Op, side: Side, result: u64, other: u64) -> Option<u64> {
    let candidate = candidate(op, side, result, other)?;
    let (a, b) = match side {
        Side::Left => (candidate, other),
        Side::Right => (other, candidate),
    };
    (evaluate(op, a, b) == Some(result)).then_some(candidate)
}

/// The instruction tells its operand in some case, so that it is worth trying.
pub fn is_invertible(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        I32Add | I64Add | I32Sub | I64Sub | I32Xor | I64Xor | I32Mul | I64Mul | I32Rotl | I64Rotl | I32Rotr | I64Rotr
    ) || matches!(op, I32Eqz | I64Eqz | I32Eq | I64Eq | I32Ne | I64Ne | I32Or | I64Or)
        || matches!(
            op,
            I64ExtendI32S
                | I64ExtendI32U
                | I32ReinterpretF32
                | I64ReinterpretF64
                | F32ReinterpretI32
                | F64ReinterpretI64
                | F32Neg
                | F64Neg
                | F64ConvertI32S
                | F64ConvertI32U
                | F64PromoteF32
        )
}

fn candidate(op: Op, side: Side, result: u64, other: u64) -> Option<u64> {
    use Op::*;
    let low = |value: u64| u64::from(value as u32);
    Some(match (op, side) {
        (I32Add, _) => low(result.wrapping_sub(other)),
        (I64Add, _) => result.wrapping_sub(other),
        (I32Sub, Side::Left) => low(result.wrapping_add(other)),
        (I64Sub, Side::Left) => result.wrapping_add(other),
        (I32Sub, Side::Right) => low(other.wrapping_sub(result)),
        (I64Sub, Side::Right) => other.wrapping_sub(result),
        (I32Xor | I64Xor, _) => result ^ other,
        (I32Mul, _) => low(result.wrapping_mul(reciprocal(other)?)),
        (I64Mul, _) => result.wrapping_mul(reciprocal(other)?),
        (I32Rotl, Side::Left) => u64::from((result as u32).rotate_right(other as u32 % 32)),
        (I32Rotr, Side::Left) => u64::from((result as u32).rotate_left(other as u32 % 32)),
        (I64Rotl, Side::Left) => result.rotate_right((other % 64) as u32),
        (I64Rotr, Side::Left) => result.rotate_left((other % 64) as u32),
        (I32Eqz | I64Eqz, _) if result == 1 => 0,
        (I32Eq | I64Eq, _) if result == 1 => other,
        (I32Ne | I64Ne, _) if result == 0 => other,
        (I32Or | I64Or, _) if result == 0 => 0,
        (I64ExtendI32S | I64ExtendI32U | I32ReinterpretF32 | F32ReinterpretI32, _) => low(result),
        (I64ReinterpretF64 | F64ReinterpretI64, _) => result,
        (F32Neg, _) => low(result ^ (1 << 31)),
        (F64Neg, _) => result ^ (1 << 63),
        (F64ConvertI32S, _) => u64::from(f64::from_bits(result) as i32 as u32),
        (F64ConvertI32U, _) => u64::from(f64::from_bits(result) as u32),
        (F64PromoteF32, _) => u64::from((f64::from_bits(result) as f32).to_bits()),
        _ => return None,
    })
}

/// The number that an odd one is multiplied with to give 1, modulo 2^64; none for even numbers.
fn reciprocal(odd: u64) -> Option<u64> {
    if odd.is_multiple_of(2) {
        return None;
    }
    // Newton's iteration doubles the number of right bits; an odd number is its own reciprocal modulo 8.
    let mut inverse = odd;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(inverse)));
    }
    Some(inverse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_and_one_part_tell_the_other() {
        assert_eq!(invert(Op::I32Add, Side::Left, 3, 5), Some(0xffff_fffe));
        assert_eq!(invert(Op::I32Sub, Side::Right, 3, 5), Some(2));
        assert_eq!(invert(Op::I64Sub, Side::Left, 3, 5), Some(8));
        assert_eq!(invert(Op::I32Mul, Side::Left, 21, 7), Some(3));
        assert_eq!(invert(Op::I32Mul, Side::Left, 24, 8), None);
    }

    #[test]
    fn a_comparison_tells_only_of_equality() {
        assert_eq!(invert(Op::I32Eqz, Side::Left, 1, 0), Some(0));
        assert_eq!(invert(Op::I32Eqz, Side::Left, 0, 0), None);
        assert_eq!(invert(Op::I32Ne, Side::Right, 0, 9), Some(9));
        assert_eq!(invert(Op::I32Ne, Side::Right, 1, 9), None);
    }

    #[test]
    fn what_no_operand_gives_has_no_inverse() {
        assert_eq!(invert(Op::I64ExtendI32U, Side::Left, 1 << 40, 0), None);
        assert_eq!(invert(Op::F64ConvertI32S, Side::Left, 0.5f64.to_bits(), 0), None);
        assert_eq!(invert(Op::F64ConvertI32S, Side::Left, (-7f64).to_bits(), 0), Some(0xffff_fff9));
        assert_eq!(invert(Op::F64ConvertI32S, Side::Left, (-0f64).to_bits(), 0), None);
    }

    #[test]
    fn every_invertible_result_leads_back_to_its_operand() {
        let values = [0u64, 1, 7, 0x8000_0000, 0xffff_ffff];
        for op in [Op::I32Add, Op::I32Sub, Op::I32Xor, Op::I32Rotl, Op::I32Mul] {
            for a in values {
                for b in [1u64, 3, 0xffff_fffd] {
                    let result = evaluate(op, a, b).unwrap();
                    assert_eq!(invert(op, Side::Left, result, b), Some(a), "{op:?} {a:#x} {b:#x}");
                }
            }
        }
    }
}
