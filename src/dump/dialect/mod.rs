//! The dialects of dumps: how each producer deviates, how it is recognised, in one ordered list.
//!
//! | file | producer | values | marks |
//! |---|---|---|---|
//! | `standard` | Wasmtime, wasm-encoder; WasmEdge from 2026-08 | none, or as the convention says | all sections |
//! | `standard` | Wasmer, wasm-coredump-builder | none | memory of 0 pages, one empty segment |
//! | `rewriter` | wasm-coredump-rewriter | raw, both counts first | the file is the memory, the dump its start |
//! | `wasmedge` | WasmEdge until 2026-08 | low 32 bits, raw | no instance index, no data section |
//! | `wasmedge` | WasmEdge for wasmgdb, from 2026-08 | raw, both counts first | all sections |
//!
//! A new one is a file with a `Dialect`, a row in `table`, and a writer in `tests/synth`.

pub mod spec;
pub mod standard;
pub mod rewriter;
pub mod wasmedge;
pub mod table;

pub use spec::{Dialect, DumpFile, OffsetBase};
pub use table::recognise;
