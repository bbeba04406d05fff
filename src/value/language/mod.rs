//! What differs from language to language in types and values, one file each.

pub mod arguments;
pub mod cpp;
pub mod rust;
pub mod short;

pub use arguments::{base_name, split_generic};
pub use short::short_name;
