//! Values, frames and tables to text with roles, and to JSON.
//!
//! Writes to `text::Sink`s under `Options`; reads nothing but what it is given, knows no command and no terminal.
//! Every text that a user sees is made here or handed through from here.

pub mod options;
pub mod notation;
pub mod string;
pub mod scalar;
pub mod sequence;
mod hole;
pub mod value;
mod pointer;
mod pattern;
mod fields;
pub mod tree;
pub mod frame;
pub mod trap;
pub mod explain;
pub mod inert;
pub mod json;
pub mod table;
pub mod listing;
pub mod types;
pub mod indent;
pub mod ansi;

pub use options::Options;
