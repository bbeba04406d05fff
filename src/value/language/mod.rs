//! What differs from language to language in types and values, one file each.

pub mod cpp;
pub mod rust;
pub mod short;

pub use short::short_name;
