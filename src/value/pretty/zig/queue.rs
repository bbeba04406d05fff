//! `Deque(T)`, a ring of places with the first element at `head`; `PriorityQueue(T, …)`, whose items are a heap; maps of
//! text that own their keys and values.

use crate::value::view::View;

use super::super::part::{Formed, Part};
use super::super::walk::Ring;
use super::{hash_map, slice};

/// `.{ 1, 2 }`, in the order of the queue.
pub fn deque<'a>(deque: &Part<'a, '_>) -> Formed<View<'a>> {
    let buffer = deque.member("buffer")?;
    let (_, element) = buffer.member("ptr")?.pointer()?;
    let address = buffer.member("ptr")?.address()?;
    let (capacity, length) = (buffer.member("len")?.number()?, deque.member("len")?.number()?);
    let first = deque.member("head")?.number()?;
    Ring { address, element, capacity, first, length }.view(deque)
}

/// `.{ 1, 2 }`, in the order of the heap.
pub fn priority<'a>(queue: &Part<'a, '_>) -> Formed<View<'a>> {
    let items = queue.member("items")?;
    queue.check_capacity(items.member("len")?.number()?, queue.find_any(&["cap", "capacity"])?.number()?)?;
    slice::view(&items)
}

/// `PriorityDequeue`: the first of its items, in the order of the heap.
pub fn double_ended<'a>(queue: &Part<'a, '_>) -> Formed<View<'a>> {
    let (items, length) = (queue.member("items")?, queue.member("len")?.number()?);
    queue.check_capacity(length, items.member("len")?.number()?)?;
    let (pointer, element) = items.member("ptr")?.pointer()?;
    slice::elements(&items, pointer.number()?, element, length)
}

/// The map in a `BufMap` or `BufSet`.
pub fn buffered<'a>(map: &Part<'a, '_>) -> Formed<View<'a>> {
    hash_map::managed(&map.member("hash_map")?)
}
