//! The debug adapter: an editor's window on a dump, over standard input and output.
//!
//! Speaks the Debug Adapter Protocol as the npm package `@vscode/debugprotocol` describes it. A dump looks like a
//! live session that stopped at the trap: it can be looked at from every side and never goes on. Values, texts and
//! commands are those of the terminal; here they are only put into messages.

pub mod transport;
pub mod cancel;
pub mod messages;
pub mod handles;
pub mod positions;
pub mod failure;
pub mod adapter;
pub mod spec;
pub mod names;
pub mod places;
pub mod values;
pub mod console;
pub mod requests;
pub mod table;
pub mod dispatch;
pub mod serve;

pub use serve::{Connection, serve};
