//! The dead program: modules, dump and debug information joined.
//!
//! From here on a dump's numbers get a meaning; nothing here knows values, expressions or how anything is shown.

pub mod dataflow;
pub mod provenance;
pub mod physical;
pub mod recorded;
pub mod shadow_stack;
pub mod vote;
pub mod locate;
pub mod companion;
pub mod candidate;
pub mod open;

pub use open::{OpenOptions, Opened, OpenedModule};
