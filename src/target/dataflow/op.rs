//! The numeric instructions as a table: what the dataflow keeps of an instruction that computes one value.
//!
//! One row an instruction (WebAssembly core, 4.3 and 5.4.7): operands, type of the result, name. What they compute
//! is in `evaluate.rs`; everything with another effect is in `transfer.rs`.

use wasmparser::Operator;

use crate::wasm::value::ValueType;

/// How many operands a numeric instruction takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arity {
    Unary,
    Binary,
}

macro_rules! numeric_instructions {
    ($($name:ident $arity:ident $result:ident $text:literal,)*) => {
        /// A numeric instruction with one result.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Op {
            $($name,)*
        }

        impl Op {
            /// The row of an instruction; none if it is no numeric one.
            pub fn of(operator: &Operator<'_>) -> Option<Op> {
                match operator {
                    $(Operator::$name => Some(Op::$name),)*
                    _ => None,
                }
            }

            /// How many operands it pops.
            pub fn arity(self) -> Arity {
                match self {
                    $(Op::$name => Arity::$arity,)*
                }
            }

            /// The type of what it pushes.
            pub fn result_type(self) -> ValueType {
                match self {
                    $(Op::$name => ValueType::$result,)*
                }
            }

            /// Its name in the text format.
            pub fn name(self) -> &'static str {
                match self {
                    $(Op::$name => $text,)*
                }
            }
        }
    };
}

numeric_instructions! {
    I32Eqz Unary I32 "i32.eqz",
    I32Eq Binary I32 "i32.eq",
    I32Ne Binary I32 "i32.ne",
    I32LtS Binary I32 "i32.lt_s",
    I32LtU Binary I32 "i32.lt_u",
    I32GtS Binary I32 "i32.gt_s",
    I32GtU Binary I32 "i32.gt_u",
    I32LeS Binary I32 "i32.le_s",
    I32LeU Binary I32 "i32.le_u",
    I32GeS Binary I32 "i32.ge_s",
    I32GeU Binary I32 "i32.ge_u",
    I64Eqz Unary I32 "i64.eqz",
    I64Eq Binary I32 "i64.eq",
    I64Ne Binary I32 "i64.ne",
    I64LtS Binary I32 "i64.lt_s",
    I64LtU Binary I32 "i64.lt_u",
    I64GtS Binary I32 "i64.gt_s",
    I64GtU Binary I32 "i64.gt_u",
    I64LeS Binary I32 "i64.le_s",
    I64LeU Binary I32 "i64.le_u",
    I64GeS Binary I32 "i64.ge_s",
    I64GeU Binary I32 "i64.ge_u",
    F32Eq Binary I32 "f32.eq",
    F32Ne Binary I32 "f32.ne",
    F32Lt Binary I32 "f32.lt",
    F32Gt Binary I32 "f32.gt",
    F32Le Binary I32 "f32.le",
    F32Ge Binary I32 "f32.ge",
    F64Eq Binary I32 "f64.eq",
    F64Ne Binary I32 "f64.ne",
    F64Lt Binary I32 "f64.lt",
    F64Gt Binary I32 "f64.gt",
    F64Le Binary I32 "f64.le",
    F64Ge Binary I32 "f64.ge",
    I32Clz Unary I32 "i32.clz",
    I32Ctz Unary I32 "i32.ctz",
    I32Popcnt Unary I32 "i32.popcnt",
    I32Add Binary I32 "i32.add",
    I32Sub Binary I32 "i32.sub",
    I32Mul Binary I32 "i32.mul",
    I32DivS Binary I32 "i32.div_s",
    I32DivU Binary I32 "i32.div_u",
    I32RemS Binary I32 "i32.rem_s",
    I32RemU Binary I32 "i32.rem_u",
    I32And Binary I32 "i32.and",
    I32Or Binary I32 "i32.or",
    I32Xor Binary I32 "i32.xor",
    I32Shl Binary I32 "i32.shl",
    I32ShrS Binary I32 "i32.shr_s",
    I32ShrU Binary I32 "i32.shr_u",
    I32Rotl Binary I32 "i32.rotl",
    I32Rotr Binary I32 "i32.rotr",
    I64Clz Unary I64 "i64.clz",
    I64Ctz Unary I64 "i64.ctz",
    I64Popcnt Unary I64 "i64.popcnt",
    I64Add Binary I64 "i64.add",
    I64Sub Binary I64 "i64.sub",
    I64Mul Binary I64 "i64.mul",
    I64DivS Binary I64 "i64.div_s",
    I64DivU Binary I64 "i64.div_u",
    I64RemS Binary I64 "i64.rem_s",
    I64RemU Binary I64 "i64.rem_u",
    I64And Binary I64 "i64.and",
    I64Or Binary I64 "i64.or",
    I64Xor Binary I64 "i64.xor",
    I64Shl Binary I64 "i64.shl",
    I64ShrS Binary I64 "i64.shr_s",
    I64ShrU Binary I64 "i64.shr_u",
    I64Rotl Binary I64 "i64.rotl",
    I64Rotr Binary I64 "i64.rotr",
    F32Abs Unary F32 "f32.abs",
    F32Neg Unary F32 "f32.neg",
    F32Ceil Unary F32 "f32.ceil",
    F32Floor Unary F32 "f32.floor",
    F32Trunc Unary F32 "f32.trunc",
    F32Nearest Unary F32 "f32.nearest",
    F32Sqrt Unary F32 "f32.sqrt",
    F32Add Binary F32 "f32.add",
    F32Sub Binary F32 "f32.sub",
    F32Mul Binary F32 "f32.mul",
    F32Div Binary F32 "f32.div",
    F32Min Binary F32 "f32.min",
    F32Max Binary F32 "f32.max",
    F32Copysign Binary F32 "f32.copysign",
    F64Abs Unary F64 "f64.abs",
    F64Neg Unary F64 "f64.neg",
    F64Ceil Unary F64 "f64.ceil",
    F64Floor Unary F64 "f64.floor",
    F64Trunc Unary F64 "f64.trunc",
    F64Nearest Unary F64 "f64.nearest",
    F64Sqrt Unary F64 "f64.sqrt",
    F64Add Binary F64 "f64.add",
    F64Sub Binary F64 "f64.sub",
    F64Mul Binary F64 "f64.mul",
    F64Div Binary F64 "f64.div",
    F64Min Binary F64 "f64.min",
    F64Max Binary F64 "f64.max",
    F64Copysign Binary F64 "f64.copysign",
    I32WrapI64 Unary I32 "i32.wrap_i64",
    I32TruncF32S Unary I32 "i32.trunc_f32_s",
    I32TruncF32U Unary I32 "i32.trunc_f32_u",
    I32TruncF64S Unary I32 "i32.trunc_f64_s",
    I32TruncF64U Unary I32 "i32.trunc_f64_u",
    I64ExtendI32S Unary I64 "i64.extend_i32_s",
    I64ExtendI32U Unary I64 "i64.extend_i32_u",
    I64TruncF32S Unary I64 "i64.trunc_f32_s",
    I64TruncF32U Unary I64 "i64.trunc_f32_u",
    I64TruncF64S Unary I64 "i64.trunc_f64_s",
    I64TruncF64U Unary I64 "i64.trunc_f64_u",
    F32ConvertI32S Unary F32 "f32.convert_i32_s",
    F32ConvertI32U Unary F32 "f32.convert_i32_u",
    F32ConvertI64S Unary F32 "f32.convert_i64_s",
    F32ConvertI64U Unary F32 "f32.convert_i64_u",
    F32DemoteF64 Unary F32 "f32.demote_f64",
    F64ConvertI32S Unary F64 "f64.convert_i32_s",
    F64ConvertI32U Unary F64 "f64.convert_i32_u",
    F64ConvertI64S Unary F64 "f64.convert_i64_s",
    F64ConvertI64U Unary F64 "f64.convert_i64_u",
    F64PromoteF32 Unary F64 "f64.promote_f32",
    I32ReinterpretF32 Unary I32 "i32.reinterpret_f32",
    I64ReinterpretF64 Unary I64 "i64.reinterpret_f64",
    F32ReinterpretI32 Unary F32 "f32.reinterpret_i32",
    F64ReinterpretI64 Unary F64 "f64.reinterpret_i64",
    I32Extend8S Unary I32 "i32.extend8_s",
    I32Extend16S Unary I32 "i32.extend16_s",
    I64Extend8S Unary I64 "i64.extend8_s",
    I64Extend16S Unary I64 "i64.extend16_s",
    I64Extend32S Unary I64 "i64.extend32_s",
    I32TruncSatF32S Unary I32 "i32.trunc_sat_f32_s",
    I32TruncSatF32U Unary I32 "i32.trunc_sat_f32_u",
    I32TruncSatF64S Unary I32 "i32.trunc_sat_f64_s",
    I32TruncSatF64U Unary I32 "i32.trunc_sat_f64_u",
    I64TruncSatF32S Unary I64 "i64.trunc_sat_f32_s",
    I64TruncSatF32U Unary I64 "i64.trunc_sat_f32_u",
    I64TruncSatF64S Unary I64 "i64.trunc_sat_f64_s",
    I64TruncSatF64U Unary I64 "i64.trunc_sat_f64_u",
}

impl Op {
    /// Swapping the operands changes nothing.
    pub fn is_commutative(self) -> bool {
        use Op::*;
        matches!(
            self,
            I32Add
                | I32Mul
                | I32And
                | I32Or
                | I32Xor
                | I32Eq
                | I32Ne
                | I64Add
                | I64Mul
                | I64And
                | I64Or
                | I64Xor
                | I64Eq
                | I64Ne
        )
    }

    /// The result is 0 or 1: a comparison of two operands.
    pub fn is_comparison(self) -> bool {
        self.arity() == Arity::Binary && matches!(self.name().get(4..6), Some("eq" | "ne" | "lt" | "gt" | "le" | "ge"))
    }
}
