//! Types as `ptype` shows them: the definition behind a name, in its language, with offsets and holes on request.
//!
//! The text is gdb's, down to the columns of `/o`: scripts read it.

pub mod layout;
pub mod writer;
mod rust;
mod c;
pub mod definition;

pub use definition::{ptype, whatis_type};
pub use layout::Radix;
pub use writer::TypeOptions;
