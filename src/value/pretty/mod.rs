//! Built-in forms: library types shown as what they are for their users, one container per file.
//!
//! A form returns a shape of unread children and never asks what those look like: depth, counts and circles are the
//! renderers' business. Where a type is not laid out as its form expects, the value is shown as its members.

pub mod part;
pub mod spec;
pub mod walk;
pub mod quantity;
pub mod cpp;
pub mod rust;
pub mod zig;
pub mod table;

pub use table::{formed, has_form};
