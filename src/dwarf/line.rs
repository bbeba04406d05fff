//! Source places: line tables to file, line and column.
use std::rc::Rc;

/// A place in a source file, as the line table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLocation {
    /// Relative to `directory` where it lies under it.
    pub file: Rc<str>,
    /// The compilation directory, or the one that the line table gives.
    pub directory: Option<Rc<str>>,
    /// One-based; none where the compiler made the code (line 0).
    pub line: Option<u32>,
    /// One-based; none where the table has none.
    pub column: Option<u32>,
}
