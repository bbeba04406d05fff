//! `Deque(T)`, a ring of places with the first element at `head`; `PriorityQueue(T, …)`, whose items are a heap; maps of
//! text that own their keys and values.

use crate::value::view::{ItemStyle, View};

use super::super::part::{Formed, Part};
use super::super::walk::Indexed;
use super::{hash_map, slice};

/// `.{ 1, 2 }`, in the order of the queue.
pub fn deque<'a>(deque: &Part<'a, '_>) -> Formed<View<'a>> {
    let buffer = deque.member("buffer")?;
    let (_, element) = buffer.member("ptr")?.pointer()?;
    let address = buffer.member("ptr")?.address()?;
    let (capacity, stride) = (buffer.member("len")?.number()?, deque.size_of(element)?);
    let (head, length) = (deque.member("head")?.number()?, deque.member("len")?.number()?);
    deque.check_count(capacity, stride, address)?;
    deque.check_capacity(length, capacity)?;
    deque.check_capacity(head, capacity)?;
    deque.check_pointer(length, stride, address)?;
    let data = deque.at(address, element).object;
    let place = move |index: u64| {
        let at = head.saturating_add(index);
        let at = if at >= capacity { at - capacity } else { at };
        data.part(element, at.wrapping_mul(stride))
    };
    Ok(View::Items { count: Some(length), children: Box::new(Indexed::new(length, place)), style: ItemStyle::Sequence })
}

/// `.{ 1, 2 }`, in the order of the heap.
pub fn priority<'a>(queue: &Part<'a, '_>) -> Formed<View<'a>> {
    let items = queue.member("items")?;
    queue.check_capacity(items.member("len")?.number()?, queue.find_any(&["cap", "capacity"])?.number()?)?;
    slice::view(&items)
}

/// The map in a `BufMap` or `BufSet`.
pub fn buffered<'a>(map: &Part<'a, '_>) -> Formed<View<'a>> {
    hash_map::managed(&map.member("hash_map")?)
}
