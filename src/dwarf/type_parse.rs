//! The program's types: DIE to `Type`, made at first use and kept.

use std::marker::PhantomData;

/// All types of a program, by handle.
#[derive(Default)]
pub struct TypeTable<'f> {
    infos: PhantomData<&'f ()>,
}

impl TypeTable<'_> {
    /// No modules yet.
    pub fn new() -> Self {
        TypeTable { infos: PhantomData }
    }
}
