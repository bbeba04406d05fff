//! Debug information of one module: units, functions at a pc, lines, variables, types, locations.
//!
//! Turns DWARF 4 and 5 (with the WebAssembly additions of tool-conventions Dwarf.md) into our own types. `gimli` does
//! not leave this folder. Knows nothing of dumps, frames or values: what an expression needs at run
//! time it asks for through `location::ExprContext`. Everything is lazy and every failure is remembered: a broken
//! unit stays broken and harms no other.

pub mod reader;
pub mod language;
pub mod ranges;
pub mod range_map;
pub mod root;
mod abbreviations;
pub mod walk;
pub mod line_rows;
pub mod line;
pub mod outline;
pub mod split;
pub mod unit;
pub mod units;
pub mod place;
pub mod description;
pub mod function;
mod operations;
pub mod call_site;
pub mod source;
pub mod variable;
pub mod names;
pub mod path;
pub mod name_table;
pub mod index;
pub mod debug_info;
pub mod attribute;
pub mod types;
pub mod type_parse;
pub mod route;
pub mod type_table;
pub mod class;
pub mod location;
mod evaluate;
mod one_operation;
pub mod find_location;

pub use debug_info::{DebugInfo, DieRef, InfoId, Unit, UnitId};
pub use language::Language;
pub use reader::Reader;
pub use type_table::TypeTable;
pub use types::{Type, TypeId, TypeKind};
