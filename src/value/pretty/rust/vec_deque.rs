//! `VecDeque<T>`: a ring of `cap` places, the first element at `head`.

use crate::value::view::View;

use super::super::part::{Formed, Part};
use super::super::walk::Ring;
use super::vec::buffer;

/// `[1, 2, 3]`, in the order of the queue.
pub fn view<'a>(deque: &Part<'a, '_>) -> Formed<View<'a>> {
    let (address, element) = buffer(deque)?;
    let capacity = deque.find("cap")?.number()?;
    let head = deque.member("head")?.number()?;
    let (first, length) = match (deque.own("len"), deque.own("tail")) {
        (Some(length), _) => (head, length.number()?),
        // Before Rust 1.67: from `tail` up to `head`, in a ring whose size is a power of two.
        (None, Some(tail)) => (tail.number()?, head.wrapping_sub(tail.number()?) & capacity.wrapping_sub(1)),
        (None, None) => return super::super::part::lacks("a length"),
    };
    Ring { address, element, capacity, first, length }.view(deque)
}
