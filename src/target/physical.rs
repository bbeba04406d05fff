//! What unwinding and recovery ask of the dead program: its physical frames, its memory and its globals.
//!
//! The dump and the modules behind these are not known here; `Recorded` is implemented where they are joined.

use std::rc::Rc;

use super::dataflow::Flows;
use crate::wasm::{FuncIdx, FuncOffset, GlobalIdx, Module, WasmValue};

/// One frame of the stack as the engine had it, before inlined calls are told apart.
#[derive(Clone)]
pub struct PhysicalFrame<'f> {
    /// The dataflow of the frame's module; none if the module is not at hand.
    pub flows: Option<Rc<Flows<'f>>>,
    /// Which instance of the dump it runs in; none if the producer did not capture it.
    pub instance: Option<u32>,
    pub func: FuncIdx,
    /// The trapping instruction in the youngest frame, the call in all others. 0: the function was entered and has
    /// not executed anything (its engine ran out of stack); none: not recorded.
    pub offset: Option<FuncOffset>,
    /// Locals as recorded, parameters first; empty or `Missing` where the producer knows none.
    pub recorded_locals: Rc<[WasmValue]>,
    /// Operands as recorded, the deepest first; empty where the producer knows none.
    pub recorded_operands: Rc<[WasmValue]>,
}

impl<'f> PhysicalFrame<'f> {
    /// The module whose function the frame runs.
    pub fn module(&self) -> Option<&Module<'f>> {
        self.flows.as_deref().map(Flows::module)
    }
}

/// What the dump holds besides the stack. Instances, memories and globals are numbered as their module numbers them.
pub trait Recorded {
    /// `size_bytes` (1 to 8) little-endian bytes of memory as an unsigned number; none where the memory or that part
    /// of it does not exist or was not captured.
    fn memory(&self, instance: u32, memory: u32, address: u64, size_bytes: usize) -> Option<u64>;

    /// The size of a memory when the program died, in bytes.
    fn memory_size(&self, instance: u32, memory: u32) -> Option<u64>;

    /// The value of a global when the program died.
    fn global(&self, instance: u32, global: GlobalIdx) -> Option<WasmValue>;

    /// What the program was called when it was started, without its folder.
    fn program_name(&self) -> Option<&str> {
        None
    }

    /// A number that two instances have in common if they share the global; none if the dump cannot tell.
    fn global_identity(&self, instance: u32, global: GlobalIdx) -> Option<u32>;

    /// The instance has, or may have, the global of that identity among its own.
    fn may_use_global(&self, instance: u32, identity: u32) -> bool;
}
