//! `Vec<T>`: `len` elements behind the first pointer of `buf`; and the buffer that other collections share with it.

use crate::dwarf::types::TypeId;
use crate::value::view::View;

use super::super::part::{Formed, Part};

/// `[1, 2, 3]`.
pub fn view<'a>(vec: &Part<'a, '_>) -> Formed<View<'a>> {
    let (address, element) = buffer(vec)?;
    let length = vec.member("len")?.number()?;
    // Elements without bytes need no room.
    let capacity = vec.member("buf")?.inside("cap").filter(|_| vec.size_of(element).is_ok_and(|size| size > 0));
    if let Some(capacity) = capacity {
        vec.check_capacity(length, capacity.number()?)?;
    }
    vec.array(address, element, length)
}

/// Where the elements begin, and their type.
pub fn buffer(vec: &Part<'_, '_>) -> Formed<(u64, TypeId)> {
    Ok((vec.member("buf")?.address()?, vec.argument("T")?))
}

/// `BinaryHeap<T>`: its vector, in the order of the heap.
pub fn heap<'a>(heap: &Part<'a, '_>) -> Formed<View<'a>> {
    view(&heap.member("data")?)
}
