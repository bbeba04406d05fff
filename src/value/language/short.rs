//! Type names for reading, by language.

use super::{cpp, rust};
use crate::dwarf::Language;
use crate::limits::MAX_NAME_BYTES;

/// A type's name without what its readers know anyway: paths, default parameters, inline namespaces.
pub fn short_name(language: Language, name: &str) -> String {
    match language {
        // Each level of brackets is read again for each level around it.
        _ if name.len() > MAX_NAME_BYTES => name.to_owned(),
        Language::Rust => rust::short_type_name(name),
        Language::Cpp => cpp::short_type_name(name),
        _ => name.to_owned(),
    }
}
