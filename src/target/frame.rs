//! One line of the backtrace: a physical frame, or a call inlined into one.

use std::rc::Rc;

use crate::dwarf::function::{Call, Function};
use crate::dwarf::line::SourceLocation;
use crate::wasm::{CodeOffset, FileOffset, FuncIdx, FuncOffset};

/// An instance of the dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstanceId(pub u32);

/// A module of the program, as `Opened::modules` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleId(pub u32);

/// A frame's place in its thread; the youngest is 0. Inlined calls count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameId(pub u32);

/// One frame.
#[derive(Debug, Clone)]
pub struct Frame {
    pub id: FrameId,
    /// The physical frame that runs this one's code, counted in the thread from the youngest, 0.
    pub physical: usize,
    /// This frame's code is inlined into the next older frame's.
    pub inlined: bool,
    /// The function and where it stands; none: the module says nothing about this code.
    pub call: Option<Rc<Call>>,
    /// None: the dump names no instance.
    pub instance: Option<InstanceId>,
    /// None: the instance's module is not known.
    pub module: Option<ModuleId>,
    pub func: FuncIdx,
    /// None: not recorded (a call stack that was exhausted), or the function has no body in the module.
    pub func_offset: Option<FuncOffset>,
    pub file_offset: Option<FileOffset>,
    pub code_offset: Option<CodeOffset>,
    /// The qualified name to show: DWARF's, else the name section's, else the import's; none if there is none.
    pub name: Option<Rc<str>>,
}

impl Frame {
    /// The function's debug information.
    pub fn function(&self) -> Option<&Rc<Function>> {
        self.call.as_ref()?.function.as_ref()
    }

    /// Where the function stands.
    pub fn location(&self) -> Option<&SourceLocation> {
        self.call.as_ref()?.location.as_ref()
    }

    /// The name to show: `func[8]` where there is none.
    pub fn display_name(&self) -> Rc<str> {
        self.name.clone().unwrap_or_else(|| format!("func[{}]", self.func.0).into())
    }
}
