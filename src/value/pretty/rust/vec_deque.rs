//! `VecDeque<T>`: a ring of `cap` places, the first element at `head`.

use crate::value::view::{ItemStyle, View};

use super::super::part::{Formed, Part};
use super::super::walk::Indexed;
use super::vec::buffer;

/// `[1, 2, 3]`, in the order of the queue.
pub fn view<'a>(deque: &Part<'a, '_>) -> Formed<View<'a>> {
    let (address, element) = buffer(deque)?;
    let stride = deque.size_of(element)?;
    let capacity = deque.find("cap")?.number()?;
    let head = deque.member("head")?.number()?;
    let (first, length) = match (deque.own("len"), deque.own("tail")) {
        (Some(length), _) => (head, length.number()?),
        // Before Rust 1.67: from `tail` up to `head`, in a ring whose size is a power of two.
        (None, Some(tail)) => (tail.number()?, head.wrapping_sub(tail.number()?) & capacity.wrapping_sub(1)),
        (None, None) => return super::super::part::lacks("a length"),
    };
    deque.check_count(length, stride, address)?;
    if stride != 0 {
        deque.check_count(capacity, stride, address)?;
        deque.check_capacity(length, capacity)?;
        deque.check_capacity(head, capacity)?;
        deque.check_pointer(length, stride, address)?;
    }
    let data = deque.at(address, element).object;
    let place = move |index: u64| {
        let at = first.saturating_add(index);
        let at = if stride != 0 && at >= capacity { at - capacity } else { at };
        data.part(element, at.wrapping_mul(stride))
    };
    Ok(View::Items { count: Some(length), children: Box::new(Indexed::new(length, place)), style: ItemStyle::Sequence })
}
