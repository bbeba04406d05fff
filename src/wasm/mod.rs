//! A WebAssembly module as bytes with meaning: sections, index spaces, function bodies, names.
//!
//! Knows the binary format (WebAssembly core, chapter 5; tool-conventions for the custom sections) and nothing of
//! dumps, DWARF or debugging. `wasmparser` does not leave this folder and `dump/`, but for its `Operator`.

pub mod address;
pub mod value;
pub mod section;
pub mod component;
pub mod code;
pub mod mnemonic;
pub mod trap_kind;
pub mod item;
pub mod bodies;
pub mod name_index;
pub mod names;
pub mod elements;
pub mod module;
pub mod text;
pub mod arity;

pub use address::{CodeOffset, FileOffset, FuncIdx, FuncOffset, GlobalIdx, LocalIdx, RawOffset};
pub use module::Module;
pub use section::{Section, SectionList};
pub use value::WasmValue;
