//! What the user may set: one flat table of names, kinds, defaults and help, and the values in force.
//!
//! `set`, `show`, completion, help and the manual read the table; renderers get `render::Options` made from the
//! values. A new setting is one row in `table.rs`. Names, words and ranges are gdb's where gdb has the setting.

pub mod spec;
pub mod table;
pub mod lookup;
pub mod values;

pub use lookup::{Found, find};
pub use spec::{Kind, Row, Setting, Value};
pub use table::{GROUPS, TABLE};
pub use values::Settings;
