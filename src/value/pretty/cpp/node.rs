//! The nodes of libc++'s lists, trees and hash tables. Their types may be missing from the debug information, but their
//! layout follows from that of the element: pointers, then the element at its alignment.

use crate::dwarf::types::TypeId;

use super::super::part::{Formed, Part, lacks};

/// What stands in front of an element.
#[derive(Clone, Copy)]
pub enum Header {
    /// A single link.
    Forward,
    /// Two links; or a link and a hash.
    Double,
    /// Two children, the parent, and a colour of one byte whose padding is the element's to use.
    Tree,
}

impl Header {
    /// Bytes from a node to its element.
    pub fn offset(self, owner: &Part<'_, '_>, element: TypeId) -> u64 {
        let pointer = owner.pointer_bytes();
        let size = match self {
            Header::Forward => pointer,
            Header::Double => 2 * pointer,
            Header::Tree => 3 * pointer + 1,
        };
        size.next_multiple_of(owner.align_of(element).max(1))
    }
}

/// What a container's allocator allocates: its elements; of maps pairs of key and value.
pub fn element_type(container: &Part<'_, '_>) -> Formed<TypeId> {
    let Some(record) = container.record() else { return lacks("type arguments") };
    match record.type_parameters.last() {
        Some((_, allocator)) => container.at(0, *allocator).argument_at(0),
        None => lacks("an allocator"),
    }
}
