//! wasmgdb: post-mortem debugging of WebAssembly coredumps.
//!
//! Layers, lowest first; a file imports only from layers below its own, and inside a folder only from files that
//! stand before it in that folder's `mod.rs` (`tests/layers.rs` checks both):
//!
//! | layer | holds |
//! |---|---|
//! | L0 | `limits`, `error`, `text`, `files` |
//! | L1 | `wasm`: modules |
//! | L2 | `dump`: coredumps; `dwarf`: debug information (strangers to each other) |
//! | L3 | `target`: module, dump and debug information joined; frames, unwinding, recovery, traps |
//! | L4 | `value`: objects, reading, shapes |
//! | L5 | `expr`: the expression language |
//! | L6 | `render`: values and frames to text and JSON |
//! | L7 | `settings`, `source`, `session` |
//! | L8 | `command`: one file per command |
//! | L9 | `frontend`: terminal, batch, report, editors, manual |

pub mod limits;
pub mod error;
pub mod text;
pub mod files;

pub mod wasm;

pub mod dump;
pub mod dwarf;

pub mod target;

pub mod value;

pub mod expr;

pub mod render;

pub mod settings;
pub mod source;
pub mod session;

pub mod command;

pub mod frontend;
