//! What the numeric instructions compute, on the bits of their operands.
//!
//! WebAssembly core, 4.3. None means that the result is not known for sure: the instruction traps, or a float
//! operation gives a NaN, whose payload the standard leaves to the engine.

use super::op::Op;

/// The bits of the result, zero-extended to 64; operands likewise. `b` is ignored by unary instructions.
pub fn evaluate(op: Op, a: u64, b: u64) -> Option<u64> {
    integer32(op, a as u32, b as u32)
        .or_else(|| integer64(op, a, b))
        .or_else(|| float32(op, f32::from_bits(a as u32), f32::from_bits(b as u32)))
        .or_else(|| float64(op, f64::from_bits(a), f64::from_bits(b)))
        .or_else(|| convert(op, a))
}

fn integer32(op: Op, a: u32, b: u32) -> Option<u64> {
    use Op::*;
    let (sa, sb) = (a as i32, b as i32);
    let bool = |condition: bool| u32::from(condition);
    let result = match op {
        I32Eqz => bool(a == 0),
        I32Eq => bool(a == b),
        I32Ne => bool(a != b),
        I32LtS => bool(sa < sb),
        I32LtU => bool(a < b),
        I32GtS => bool(sa > sb),
        I32GtU => bool(a > b),
        I32LeS => bool(sa <= sb),
        I32LeU => bool(a <= b),
        I32GeS => bool(sa >= sb),
        I32GeU => bool(a >= b),
        I32Clz => a.leading_zeros(),
        I32Ctz => a.trailing_zeros(),
        I32Popcnt => a.count_ones(),
        I32Add => a.wrapping_add(b),
        I32Sub => a.wrapping_sub(b),
        I32Mul => a.wrapping_mul(b),
        I32DivS => sa.checked_div(sb)? as u32,
        I32DivU => a.checked_div(b)?,
        // The one overflow of a remainder, of the least integer by -1, is 0 and no trap.
        I32RemS => (sb != 0).then(|| sa.wrapping_rem(sb))? as u32,
        I32RemU => a.checked_rem(b)?,
        I32And => a & b,
        I32Or => a | b,
        I32Xor => a ^ b,
        I32Shl => a.wrapping_shl(b),
        I32ShrS => sa.wrapping_shr(b) as u32,
        I32ShrU => a.wrapping_shr(b),
        I32Rotl => a.rotate_left(b % 32),
        I32Rotr => a.rotate_right(b % 32),
        I32Extend8S => i32::from(a as i8) as u32,
        I32Extend16S => i32::from(a as i16) as u32,
        _ => return None,
    };
    Some(u64::from(result))
}

fn integer64(op: Op, a: u64, b: u64) -> Option<u64> {
    use Op::*;
    let (sa, sb) = (a as i64, b as i64);
    let bool = |condition: bool| u64::from(condition);
    Some(match op {
        I64Eqz => bool(a == 0),
        I64Eq => bool(a == b),
        I64Ne => bool(a != b),
        I64LtS => bool(sa < sb),
        I64LtU => bool(a < b),
        I64GtS => bool(sa > sb),
        I64GtU => bool(a > b),
        I64LeS => bool(sa <= sb),
        I64LeU => bool(a <= b),
        I64GeS => bool(sa >= sb),
        I64GeU => bool(a >= b),
        I64Clz => u64::from(a.leading_zeros()),
        I64Ctz => u64::from(a.trailing_zeros()),
        I64Popcnt => u64::from(a.count_ones()),
        I64Add => a.wrapping_add(b),
        I64Sub => a.wrapping_sub(b),
        I64Mul => a.wrapping_mul(b),
        I64DivS => sa.checked_div(sb)? as u64,
        I64DivU => a.checked_div(b)?,
        I64RemS => (sb != 0).then(|| sa.wrapping_rem(sb))? as u64,
        I64RemU => a.checked_rem(b)?,
        I64And => a & b,
        I64Or => a | b,
        I64Xor => a ^ b,
        I64Shl => a.wrapping_shl(b as u32),
        I64ShrS => sa.wrapping_shr(b as u32) as u64,
        I64ShrU => a.wrapping_shr(b as u32),
        I64Rotl => a.rotate_left((b % 64) as u32),
        I64Rotr => a.rotate_right((b % 64) as u32),
        I64Extend8S => i64::from(a as i8) as u64,
        I64Extend16S => i64::from(a as i16) as u64,
        I64Extend32S | I64ExtendI32S => i64::from(a as i32) as u64,
        I64ExtendI32U => u64::from(a as u32),
        I32WrapI64 => u64::from(a as u32),
        _ => return None,
    })
}

fn float32(op: Op, a: f32, b: f32) -> Option<u64> {
    use Op::*;
    let sign = 1u32 << 31;
    let result = match op {
        F32Eq => return Some(u64::from(a == b)),
        F32Ne => return Some(u64::from(a != b)),
        F32Lt => return Some(u64::from(a < b)),
        F32Gt => return Some(u64::from(a > b)),
        F32Le => return Some(u64::from(a <= b)),
        F32Ge => return Some(u64::from(a >= b)),
        // These three work on the sign bit alone, of a NaN too.
        F32Abs => return Some(u64::from(a.to_bits() & !sign)),
        F32Neg => return Some(u64::from(a.to_bits() ^ sign)),
        F32Copysign => return Some(u64::from(a.to_bits() & !sign | b.to_bits() & sign)),
        F32Ceil => a.ceil(),
        F32Floor => a.floor(),
        F32Trunc => a.trunc(),
        F32Nearest => a.round_ties_even(),
        F32Sqrt => a.sqrt(),
        F32Add => a + b,
        F32Sub => a - b,
        F32Mul => a * b,
        F32Div => a / b,
        F32Min | F32Max => extreme(op == F32Max, f64::from(a), f64::from(b))? as f32,
        _ => return None,
    };
    (!result.is_nan()).then(|| u64::from(result.to_bits()))
}

fn float64(op: Op, a: f64, b: f64) -> Option<u64> {
    use Op::*;
    let sign = 1u64 << 63;
    let result = match op {
        F64Eq => return Some(u64::from(a == b)),
        F64Ne => return Some(u64::from(a != b)),
        F64Lt => return Some(u64::from(a < b)),
        F64Gt => return Some(u64::from(a > b)),
        F64Le => return Some(u64::from(a <= b)),
        F64Ge => return Some(u64::from(a >= b)),
        F64Abs => return Some(a.to_bits() & !sign),
        F64Neg => return Some(a.to_bits() ^ sign),
        F64Copysign => return Some(a.to_bits() & !sign | b.to_bits() & sign),
        F64Ceil => a.ceil(),
        F64Floor => a.floor(),
        F64Trunc => a.trunc(),
        F64Nearest => a.round_ties_even(),
        F64Sqrt => a.sqrt(),
        F64Add => a + b,
        F64Sub => a - b,
        F64Mul => a * b,
        F64Div => a / b,
        F64Min | F64Max => extreme(op == F64Max, a, b)?,
        _ => return None,
    };
    (!result.is_nan()).then(|| result.to_bits())
}

/// The smaller or larger of two numbers; -0 is smaller than +0, and a NaN makes the result one.
fn extreme(larger: bool, a: f64, b: f64) -> Option<f64> {
    if a.is_nan() || b.is_nan() {
        return None;
    }
    if a == b {
        // Equal numbers differ in the sign of zero at most.
        let first_is_negative = a.is_sign_negative();
        return Some(if first_is_negative != larger { a } else { b });
    }
    Some(if (a > b) == larger { a } else { b })
}

fn convert(op: Op, a: u64) -> Option<u64> {
    use Op::*;
    let (single, double) = (f32::from_bits(a as u32), f64::from_bits(a));
    let of_single = |value: f32| Some(u64::from(value.to_bits()));
    let not_nan = |bits: u64, is_nan: bool| (!is_nan).then_some(bits);
    match op {
        I32ReinterpretF32 | F32ReinterpretI32 => Some(u64::from(a as u32)),
        I64ReinterpretF64 | F64ReinterpretI64 => Some(a),
        F32ConvertI32S => of_single(a as i32 as f32),
        F32ConvertI32U => of_single(a as u32 as f32),
        F32ConvertI64S => of_single(a as i64 as f32),
        F32ConvertI64U => of_single(a as f32),
        F64ConvertI32S => Some(f64::from(a as i32).to_bits()),
        F64ConvertI32U => Some(f64::from(a as u32).to_bits()),
        F64ConvertI64S => Some((a as i64 as f64).to_bits()),
        F64ConvertI64U => Some((a as f64).to_bits()),
        F32DemoteF64 => not_nan(u64::from((double as f32).to_bits()), double.is_nan()),
        F64PromoteF32 => not_nan(f64::from(single).to_bits(), single.is_nan()),
        // Rust's casts saturate and turn a NaN into 0, as these instructions do.
        I32TruncSatF32S => Some(u64::from(single as i32 as u32)),
        I32TruncSatF32U => Some(u64::from(single as u32)),
        I32TruncSatF64S => Some(u64::from(double as i32 as u32)),
        I32TruncSatF64U => Some(u64::from(double as u32)),
        I64TruncSatF32S => Some(single as i64 as u64),
        I64TruncSatF32U => Some(single as u64),
        I64TruncSatF64S => Some(double as i64 as u64),
        I64TruncSatF64U => Some(double as u64),
        I32TruncF32S => signed(f64::from(single), 32).map(|v| u64::from(v as i32 as u32)),
        I32TruncF64S => signed(double, 32).map(|v| u64::from(v as i32 as u32)),
        I64TruncF32S => signed(f64::from(single), 64).map(|v| v as u64),
        I64TruncF64S => signed(double, 64).map(|v| v as u64),
        I32TruncF32U => unsigned(f64::from(single), 32),
        I32TruncF64U => unsigned(double, 32),
        I64TruncF32U => unsigned(f64::from(single), 64),
        I64TruncF64U => unsigned(double, 64),
        _ => None,
    }
}

/// `value` without its fraction as a signed integer of `bits` bits; none where the instruction traps.
fn signed(value: f64, bits: i32) -> Option<i64> {
    let (value, limit) = (value.trunc(), 2f64.powi(bits - 1));
    (value >= -limit && value < limit).then_some(value as i64)
}

/// `value` without its fraction as an unsigned integer of `bits` bits; none where the instruction traps.
fn unsigned(value: f64, bits: i32) -> Option<u64> {
    let value = value.trunc();
    // -0.0 compares equal to zero, and so -0.9 is a valid input.
    (value >= 0.0 && value < 2f64.powi(bits)).then_some(value as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_wrap_at_their_width() {
        assert_eq!(evaluate(Op::I32Add, 0xffff_ffff, 1), Some(0));
        assert_eq!(evaluate(Op::I32Sub, 0, 32), Some(0xffff_ffe0));
        assert_eq!(evaluate(Op::I64Add, u64::MAX, 2), Some(1));
        assert_eq!(evaluate(Op::I32ShrS, 0x8000_0000, 33), Some(0xc000_0000));
        assert_eq!(evaluate(Op::I32RemS, 0x8000_0000, 0xffff_ffff), Some(0));
    }

    #[test]
    fn trapping_inputs_have_no_result() {
        assert_eq!(evaluate(Op::I32DivU, 1, 0), None);
        assert_eq!(evaluate(Op::I32DivS, 0x8000_0000, 0xffff_ffff), None);
        assert_eq!(evaluate(Op::I64RemU, 1, 0), None);
        assert_eq!(evaluate(Op::I32TruncF64S, 2147483648f64.to_bits(), 0), None);
        assert_eq!(evaluate(Op::I32TruncF64S, (-2147483648.9f64).to_bits(), 0), Some(0x8000_0000));
        assert_eq!(evaluate(Op::I32TruncF32U, u64::from((-0.9f32).to_bits()), 0), Some(0));
        assert_eq!(evaluate(Op::I64TruncF64U, f64::NAN.to_bits(), 0), None);
    }

    #[test]
    fn a_nan_whose_payload_is_the_engines_choice_is_not_known() {
        let nan = f64::NAN.to_bits();
        assert_eq!(evaluate(Op::F64Add, nan, 0), None);
        assert_eq!(evaluate(Op::F64Min, nan, 0), None);
        assert_eq!(evaluate(Op::F64Neg, nan, 0), Some(nan ^ (1 << 63)));
        assert_eq!(evaluate(Op::F64PromoteF32, u64::from(f32::NAN.to_bits()), 0), None);
    }

    #[test]
    fn zeros_are_ordered_by_their_sign() {
        let (plus, minus) = (0f64.to_bits(), (-0f64).to_bits());
        assert_eq!(evaluate(Op::F64Min, plus, minus), Some(minus));
        assert_eq!(evaluate(Op::F64Min, minus, plus), Some(minus));
        assert_eq!(evaluate(Op::F64Max, plus, minus), Some(plus));
        assert_eq!(evaluate(Op::F64Max, minus, plus), Some(plus));
    }

    #[test]
    fn comparisons_of_floats_that_fail_are_zero_not_unknown() {
        assert_eq!(evaluate(Op::F32Eq, u64::from(f32::NAN.to_bits()), 0), Some(0));
        assert_eq!(evaluate(Op::F64Lt, 1f64.to_bits(), 0), Some(0));
    }
}
