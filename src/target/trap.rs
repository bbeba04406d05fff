//! Why the program stopped: the kind of the trap, from the instruction that trapped.
//!
//! A dump does not record the reason. The instruction at the youngest frame's offset says which traps are possible;
//! words for the kinds are Wasmtime's.

use super::program::Program;
use super::stack::Stack;
use crate::wasm::mnemonic::mnemonic;
use crate::wasm::trap_kind::{is_conditional_branch, is_unreachable, possible_trap};
use crate::wasm::{FuncIdx, FuncOffset};

/// What is known of the trap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrapReport {
    pub kind: &'static str,
    /// The instruction's name in the text format; none where there is none.
    pub instruction: Option<String>,
    /// More about it, for people.
    pub message: Option<String>,
    /// The kind follows from the instruction alone; if not, it is the likelier of several.
    pub certain: bool,
}

impl Program<'_> {
    /// Why a thread's youngest frame trapped; none where nothing can be told.
    pub fn trap(&self, stack: &Stack) -> Option<TrapReport> {
        let youngest = stack.physical().first()?;
        let module = self.module(youngest.module?)?;
        let Some(offset) = youngest.offset else {
            let message = "the youngest function was entered and had not begun".to_owned();
            let kind = "call stack exhausted";
            return Some(TrapReport { kind, instruction: None, message: Some(message), certain: true });
        };
        let body = module.body(youngest.func)?;
        let instruction = body.instruction_at(offset)?;
        let (kind, certain) = possible_trap(&instruction.operator)?;
        let mut report =
            TrapReport { kind, instruction: Some(mnemonic(&instruction.operator)), message: None, certain };
        if is_conditional_branch(&instruction.operator) {
            // Cranelift makes `br_if` over `unreachable` one conditional trap, and its offset the branch's.
            let after = FuncOffset(offset.0 + instruction.size_bytes);
            let next = body.instruction_at(after)?;
            if !is_unreachable(&next.operator) {
                return None;
            }
            report.message = Some("the branch around an unreachable instruction was not taken".into());
        }
        Some(report)
    }

    /// The instruction at a place, as the text format writes its name.
    pub fn instruction_name(&self, id: super::ModuleId, func: FuncIdx, offset: FuncOffset) -> Option<String> {
        let instruction = self.module(id)?.body(func)?.instruction_at(offset)?;
        Some(mnemonic(&instruction.operator))
    }
}
