//! What numeric instructions compute, the bits of a NaN included: the standard leaves those to the engine (WebAssembly
//! core, 4.3.3).

use crate::target::dataflow::evaluate::evaluate;
use crate::target::dataflow::op::Op;
use crate::wasm::value::ValueType;

/// The result of an instruction; none if it traps.
pub(super) fn compute(op: Op, a: u64, b: u64) -> Option<u64> {
    evaluate(op, a, b).or_else(|| nan(op, a, b))
}

/// The NaN that a float instruction gives on the machines that most programs run on: that of the first operand, else of
/// the second, else one of its own. Where that is wrong and matters, memory differs in the end.
fn nan(op: Op, a: u64, b: u64) -> Option<u64> {
    let (quiet, own) = match op.result_type() {
        ValueType::F32 => (1 << 22, 0xffc0_0000),
        ValueType::F64 => (1 << 51, 0xfff8 << 48),
        _ => return None,
    };
    let is_nan = |bits: u64| match op.result_type() {
        ValueType::F32 => f32::from_bits(bits as u32).is_nan(),
        _ => f64::from_bits(bits).is_nan(),
    };
    match op {
        Op::F32DemoteF64 => Some(a >> 32 & 1 << 31 | 0x7fc0_0000 | a >> 29 & 0x3f_ffff),
        Op::F64PromoteF32 => Some((a >> 31 & 1) << 63 | 0x7ff8 << 48 | (a & 0x3f_ffff) << 29),
        _ if is_nan(a) => Some(a | quiet),
        _ if is_nan(b) => Some(b | quiet),
        _ => Some(own),
    }
}
