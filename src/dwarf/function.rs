//! Functions at a pc: the subprogram, the calls inlined there, and the variables of each.

use std::rc::Rc;

use super::debug_info::DieRef;
use super::language::Language;
use super::line::SourceLocation;
use super::types::TypeId;

/// A subprogram, or one inlined call of one.
#[derive(Debug, Clone)]
pub struct Function {
    /// The DIE with code: DW_TAG_subprogram or DW_TAG_inlined_subroutine.
    pub die: DieRef,
    /// The subprogram with name and declaration; `die` itself where nothing refers further.
    pub origin: DieRef,
    /// Qualified, demangled, without parameter types.
    pub name: Option<Rc<str>>,
    pub linkage_name: Option<Rc<str>>,
    pub language: Language,
    /// DW_AT_language of the unit.
    pub language_code: Option<u16>,
    /// Where it is declared.
    pub declared: Option<SourceLocation>,
    pub inlined: bool,
}

/// One level of the call chain at a pc.
#[derive(Debug, Clone)]
pub struct Call {
    /// None: a line is known, but no subprogram.
    pub function: Option<Rc<Function>>,
    /// Where this function was at: the pc's own line for the innermost, the call's for those it is inlined into.
    pub location: Option<SourceLocation>,
}

/// What a variable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VariableKind {
    Parameter,
    Local,
    /// Static storage: of a function, or of a file or namespace.
    Static,
}

/// A variable's DIE, its attributes resolved through abstract origins; its location is evaluated elsewhere.
#[derive(Debug, Clone)]
pub struct VariableDie {
    /// The DIE that holds location or value.
    pub die: DieRef,
    /// None: an unnamed parameter.
    pub name: Option<Rc<str>>,
    /// With namespaces and enclosing function, for statics.
    pub qualified_name: Option<Rc<str>>,
    pub linkage_name: Option<Rc<str>>,
    pub type_id: Option<TypeId>,
    pub kind: VariableKind,
    /// Made by the compiler (`this`, `__vla_expr0`).
    pub artificial: bool,
    pub declared: Option<SourceLocation>,
    /// How many lexical blocks lie between the function and the variable: 0 is the function's own level.
    pub block_depth: u32,
}
