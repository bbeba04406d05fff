//! Both ends of `std::sync::mpsc`: the messages that are on their way, the next one first. Channels without a bound
//! keep them in a list of blocks, channels with one in a ring, and those of no room at all keep none.

use crate::dwarf::types::TypeId;
use crate::error::Error;
use crate::limits::MAX_ELEMENTS_WALKED;
use crate::value::object::Object;
use crate::value::view::{ItemStyle, View};

use super::super::part::{Formed, Part, lacks, null};
use super::super::walk::{Indexed, numbered};
use super::variant::active;

/// Indexes of a list count the slots of its blocks, of which the last one of each block is none.
const BLOCK_INDEXES: u64 = 32;

/// `["next", "last"]`.
pub fn view<'a>(end: &Part<'a, '_>) -> Formed<View<'a>> {
    let (flavor, fields) = active(&end.find("flavor")?)?;
    let counter = fields.member("__0")?;
    let Some(counter) = counter.target()? else { return null() };
    let channel = counter.member("chan")?;
    match &*flavor {
        "List" => list(&channel),
        "Array" => ring(&channel),
        "Zero" => {
            Ok(View::Items { count: Some(0), children: numbered(std::iter::empty()), style: ItemStyle::Sequence })
        }
        _ => lacks("a kind of channel that is known"),
    }
}

/// The lowest bit of an index says that the other end is gone, at the head that there is a further block.
fn list<'a>(channel: &Part<'a, '_>) -> Formed<View<'a>> {
    let (head, tail) = (channel.member("head")?, channel.member("tail")?);
    let first = head.find("index")?.number()? >> 1;
    let end = tail.find("index")?.number()? >> 1;
    let block = head.find("block")?;
    let (_, block_type) = block.pointer()?;
    let sample = channel.at(0, block_type);
    let (next, slots) = (sample.member("next")?, sample.member("slots")?);
    let slot_type = slots.element()?;
    let slot_bytes = channel.size_of(slot_type)?;
    let message = channel.at(0, slot_type);
    let message = message_of(&message)?;
    let (Some(next), Some(slots)) = (next.object.address(), slots.object.address()) else { return lacks("a block") };
    // A block's last index is passed over.
    let lap = |index: u64| index / BLOCK_INDEXES * (BLOCK_INDEXES - 1) + (index % BLOCK_INDEXES).min(BLOCK_INDEXES - 1);
    let Some(count) = lap(end).checked_sub(lap(first)).filter(|count| *count <= MAX_ELEMENTS_WALKED as u64) else {
        let reason = format!("messages from {first} to {end}: not set, or overwritten");
        return Err(Error::Absent(reason).into());
    };
    let walk =
        Blocks { channel: channel.clone(), at: first, end, block: block.address()?, next, slots, slot_bytes, message };
    Ok(View::Items { count: Some(count), children: numbered(walk), style: ItemStyle::Sequence })
}

/// Where the message is in a slot, and its type.
fn message_of(slot: &Part<'_, '_>) -> Formed<(TypeId, u64)> {
    let message = slot.member("msg")?.find("value")?;
    let message = message.inside("value").unwrap_or(message);
    let message = match message.base_name() {
        "ManuallyDrop" => message.sole()?,
        _ => message,
    };
    match message.object.address() {
        Some(offset) => Ok((message.type_id, offset)),
        None => lacks("a place of the message"),
    }
}

struct Blocks<'a, 'f> {
    channel: Part<'a, 'f>,
    at: u64,
    end: u64,
    /// Address of the block of `at`.
    block: u64,
    /// Offsets in a block.
    next: u64,
    slots: u64,
    slot_bytes: u64,
    message: (TypeId, u64),
}

impl Iterator for Blocks<'_, '_> {
    type Item = Object;

    fn next(&mut self) -> Option<Object> {
        if self.at % BLOCK_INDEXES == BLOCK_INDEXES - 1 {
            self.at += 1;
            // Behind the last message there may be no block yet.
            if self.at < self.end {
                match self.channel.word(self.block.wrapping_add(self.next)) {
                    Ok(next) => self.block = next,
                    Err(refusal) => return self.stop(refusal.reason()),
                }
            }
        }
        if self.at >= self.end {
            return None;
        }
        if self.block == 0 {
            return self.stop("a block of messages is missing".into());
        }
        let slot = self.slots + self.at % BLOCK_INDEXES * self.slot_bytes;
        self.at += 1;
        let (message, offset) = self.message;
        Some(self.channel.at(self.block.wrapping_add(slot).wrapping_add(offset), message).object)
    }
}

impl Blocks<'_, '_> {
    fn stop(&mut self, reason: String) -> Option<Object> {
        self.at = self.end;
        Some(self.channel.absent(reason))
    }
}

/// Head and tail count places and, above those, how often the ring was passed.
fn ring<'a>(channel: &Part<'a, '_>) -> Formed<View<'a>> {
    let (head, tail) = (channel.member("head")?.number()?, channel.member("tail")?.number()?);
    let (capacity, mark) = (channel.member("cap")?.number()?, channel.member("mark_bit")?.number()?);
    let buffer = channel.member("buffer")?;
    let (pointer, slot_type) = buffer.pointer()?;
    let (address, slot_bytes) = (pointer.number()?, channel.size_of(slot_type)?);
    let (message, offset) = message_of(&channel.at(0, slot_type))?;
    if !mark.is_power_of_two() || capacity > mark {
        let reason = format!("a ring of {capacity} places marked by {mark:#x}: not set, or overwritten");
        return Err(Error::Absent(reason).into());
    }
    channel.check_count(capacity, slot_bytes, address)?;
    channel.check_pointer(capacity, slot_bytes, address)?;
    let (first, last, tail) = (head & (mark - 1), tail & (mark - 1), tail & !mark);
    let count = match first.cmp(&last) {
        std::cmp::Ordering::Less => last - first,
        std::cmp::Ordering::Greater => (capacity + last).saturating_sub(first),
        std::cmp::Ordering::Equal if tail == head => 0,
        std::cmp::Ordering::Equal => capacity,
    };
    channel.check_capacity(count, capacity)?;
    channel.check_capacity(first, capacity)?;
    let data = channel.at(address, slot_type).object;
    let place = move |index: u64| {
        let at = first.saturating_add(index);
        let at = if at >= capacity { at - capacity } else { at };
        data.part(message, at.wrapping_mul(slot_bytes).wrapping_add(offset))
    };
    Ok(View::Items { count: Some(count), children: Box::new(Indexed::new(count, place)), style: ItemStyle::Sequence })
}
