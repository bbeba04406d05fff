//! `Box<T>`: what it owns. rustc describes a box as a plain pointer of that name, or, with an allocator of its own, as a
//! structure around one.

use crate::value::view::View;

use super::super::part::{Formed, Part, null};

/// The value in the box.
pub fn boxed<'a>(pointer: &Part<'a, '_>) -> Formed<View<'a>> {
    let (inner, target) = pointer.pointer()?;
    // A value that has no bytes needs no place.
    let size = pointer.size_of(target)?;
    let address = pointer.reader.scalar(&inner.object)?.as_address();
    if address == 0 && size > 0 {
        return null();
    }
    Ok(View::Wrapped { prefix: "", inner: pointer.at(address, target).object })
}
