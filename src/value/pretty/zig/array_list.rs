//! `ArrayList(T)` with and without an allocator of its own: the slice of its items; `BoundedArray(T, n)`: the first of
//! its buffer; `atomic.Value(T)`, its value.

use crate::value::view::View;

use super::super::part::{Formed, Part};
use super::slice;

/// `.{ 1, 2, 3 }`, or text.
pub fn view<'a>(list: &Part<'a, '_>) -> Formed<View<'a>> {
    let items = list.member("items")?;
    list.check_capacity(items.member("len")?.number()?, list.member("capacity")?.number()?)?;
    slice::view(&items)
}

/// What it holds.
pub fn atomic<'a>(value: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(View::Wrapped { prefix: "", inner: value.member("raw")?.object })
}

/// As many elements of the buffer as the length says.
pub fn bounded<'a>(array: &Part<'a, '_>) -> Formed<View<'a>> {
    let buffer = array.member("buffer")?;
    let length = array.member("len")?.number()?;
    let Some(address) = buffer.object.address() else { return super::super::part::lacks("a place in memory") };
    slice::elements(&buffer, address, buffer.element()?, length)
}
