//! `std::deque`: blocks of equal size behind a row of pointers; `__start_` counts elements from the first block.

use crate::value::view::{ItemStyle, View};

use super::super::part::{Formed, Part};
use super::super::walk::Indexed;

/// Bytes of a block, unless its elements are large.
const BLOCK_BYTES: u64 = 4096;

/// `{1, 2, 3}`.
pub fn view<'a>(deque: &Part<'a, '_>) -> Formed<View<'a>> {
    let blocks = deque.member("__map_")?.find("__begin_")?.address()?;
    let element = deque.argument_at(0)?;
    let stride = deque.size_of(element)?;
    let start = deque.find("__start_")?.number()?;
    let count = deque.find_any(&["__size_", "__size"])?.number()?;
    deque.check_count(count, stride, 0)?;
    deque.check_pointer(count, 1, blocks)?;
    let per_block = per_block(stride);
    let owner = deque.clone();
    let place = move |index: u64| {
        let at = start.saturating_add(index);
        let block = blocks.wrapping_add((at / per_block).wrapping_mul(owner.pointer_bytes()));
        match owner.word(block) {
            Ok(0) => owner.absent("a null pointer to a block: not set, or overwritten"),
            Ok(block) => owner.at(block.wrapping_add(at % per_block * stride), element).object,
            Err(refusal) => owner.absent(refusal.reason()),
        }
    };
    Ok(View::Items { count: Some(count), children: Box::new(Indexed::new(count, place)), style: ItemStyle::Sequence })
}

fn per_block(stride: u64) -> u64 {
    if stride < 256 { BLOCK_BYTES / stride.max(1) } else { 16 }
}

/// The address of the element in front of the one that `iterator` is at.
pub fn before(iterator: &Part<'_, '_>, stride: u64) -> Formed<u64> {
    let at = iterator.member("__ptr_")?.address()?;
    let blocks = iterator.member("__m_iter_")?.address()?;
    if at != iterator.word(blocks)? {
        return Ok(at.wrapping_sub(stride));
    }
    let previous = iterator.word(blocks.wrapping_sub(iterator.pointer_bytes()))?;
    Ok(previous.wrapping_add((per_block(stride) - 1).wrapping_mul(stride)))
}
