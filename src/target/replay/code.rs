//! A function body as the interpreter runs it: branches know where they lead and what they leave on the stack.

use crate::target::dataflow::op::Op;
use crate::wasm::FuncOffset;

/// One instruction. Values are 64 bits wide, zero-extended; what has other values is not run.
#[derive(Debug, Clone, Copy)]
pub(super) enum Instr {
    Const(u64),
    LocalGet(u32),
    LocalSet(u32),
    LocalTee(u32),
    GlobalGet(u32),
    GlobalSet(u32),
    Unary(Op),
    Binary(Op),
    Load(Access),
    /// The low bytes of the topmost operand.
    Store(Access),
    Drop,
    Select,
    /// Indices into the code's targets.
    Branch(u32),
    BranchIf(u32),
    BranchUnless(u32),
    /// The first of `count` targets; one more follows for all other indices.
    BranchTable {
        first: u32,
        count: u32,
    },
    Call(u32),
    CallIndirect {
        type_index: u32,
        table: u32,
    },
    Return,
    MemorySize,
    MemoryGrow,
    MemoryFill,
    MemoryCopy,
    Unreachable,
    /// It is not followed.
    Unsupported,
}

/// A load's or store's place and what a load does to the content, in this order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Access {
    pub offset: u64,
    /// Bytes: 1, 2, 4 or 8.
    pub width: u8,
    pub conversions: [Option<Op>; 2],
}

/// Where a branch leads: `keep` operands are moved down to `height` operands above the function's own first one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Target {
    pub pc: u32,
    pub keep: u32,
    pub height: u32,
}

/// A body.
#[derive(Debug, Default)]
pub(super) struct Code {
    pub instrs: Vec<Instr>,
    /// Of each instruction, its offset in the body.
    pub offsets: Vec<u32>,
    pub targets: Vec<Target>,
    pub params: usize,
    pub results: usize,
    /// Parameters included.
    pub locals: usize,
}

impl Code {
    /// Where the instruction stands in the body.
    pub fn offset(&self, pc: usize) -> Option<FuncOffset> {
        self.offsets.get(pc).map(|offset| FuncOffset(u64::from(*offset)))
    }
}
