//! Expressions as short text: for explanations of values and for tests.

use super::domain::{Arena, Expr, ExprId, Place};

/// Operators nested deeper than this are shown as `...`.
const MAX_DEPTH: u32 = 6;

impl Arena {
    /// The expression in the text format's words, as far as it is short: `i32.add(param 0, 4)`.
    pub fn describe(&self, id: ExprId) -> String {
        let mut text = String::new();
        self.write(id, 0, &mut text);
        text
    }

    /// A place in the same words: `local 4`, `4 bytes at param 0+8`.
    pub fn describe_place(&self, place: Place) -> String {
        let mut text = String::new();
        self.write_place(place, 0, &mut text);
        text
    }

    fn write(&self, id: ExprId, depth: u32, text: &mut String) {
        if depth > MAX_DEPTH {
            text.push_str("...");
            return;
        }
        match self.expr(id) {
            Expr::Const { bits, .. } => text.push_str(&self.constant_text(id, bits)),
            Expr::Param(index) => text.push_str(&format!("param {index}")),
            Expr::GlobalEntry(index) => text.push_str(&format!("global {index} at entry")),
            Expr::Unary(op, a) => self.write_call(op.name(), &[a], depth, text),
            Expr::Binary(op, a, b) => self.write_call(op.name(), &[a, b], depth, text),
            Expr::Select { condition, then, otherwise } => {
                self.write_call("select", &[then, otherwise, condition], depth, text);
            }
            Expr::CallResult { site, index: 0 } => text.push_str(&format!("result of the call at {}", site.offset())),
            Expr::CallResult { site, index } => {
                text.push_str(&format!("result {index} of the call at {}", site.offset()));
            }
            Expr::Content { site, place } => {
                self.write_place(place, depth, text);
                text.push_str(&format!(" at {}", site.offset()));
            }
            Expr::Phi { site, place } => {
                self.write_place(place, depth, text);
                text.push_str(&format!(" where paths meet at {}", site.offset()));
            }
            Expr::Opaque { site, .. } => text.push_str(&format!("result of the instruction at {}", site.offset())),
        }
    }

    fn constant_text(&self, id: ExprId, bits: u64) -> String {
        use crate::wasm::value::ValueType;
        match self.kind(id) {
            Some(ValueType::I32) => (bits as u32 as i32).to_string(),
            Some(ValueType::F32) => f32::from_bits(bits as u32).to_string(),
            Some(ValueType::F64) => f64::from_bits(bits).to_string(),
            _ => (bits as i64).to_string(),
        }
    }

    fn write_call(&self, name: &str, operands: &[ExprId], depth: u32, text: &mut String) {
        text.push_str(name);
        for (index, operand) in operands.iter().enumerate() {
            text.push_str(if index == 0 { "(" } else { ", " });
            self.write(*operand, depth + 1, text);
        }
        text.push(')');
    }

    fn write_place(&self, place: Place, depth: u32, text: &mut String) {
        match place {
            Place::Local(index) => text.push_str(&format!("local {index}")),
            Place::Operand(index) => text.push_str(&format!("operand {index}")),
            Place::Global(index) => text.push_str(&format!("global {index}")),
            Place::Memory(id) => {
                let Some(slot) = self.slot(id) else { return };
                text.push_str(&format!("{} bytes at ", slot.width));
                match slot.base {
                    None => text.push_str(&format!("{:#x}", slot.offset)),
                    Some(base) => {
                        self.write(base, depth + 1, text);
                        match self.signed_offset(slot.memory, slot.offset) {
                            0 => {}
                            offset => text.push_str(&format!("{offset:+}")),
                        }
                    }
                }
            }
        }
    }

    fn signed_offset(&self, memory: u32, offset: u64) -> i64 {
        if self.is_memory64(memory) { offset as i64 } else { i64::from(offset as u32 as i32) }
    }
}
