//! Which bytes of memory younger frames are known to have stored to, and which members of unknown objects.

use std::collections::BTreeMap;

use crate::target::dataflow::ExprId;

/// A store of known place; or, if its base is not known, of a member of some object.
#[derive(Debug, Clone, Copy)]
pub struct Store {
    /// Instance and memory.
    pub memory: (u32, u32),
    /// The address, or the distance from the object.
    pub address: u64,
    /// Bytes, at most 16.
    pub width: u8,
}

/// A store whose base has not been asked for, or not been answered for good.
#[derive(Debug, Clone, Copy)]
pub struct Pending {
    pub frame: usize,
    pub base: ExprId,
    /// The base is the same during the whole call.
    pub is_fixed: bool,
    /// The base is a pointer as it is, not an element of an array that was computed.
    pub is_object: bool,
    /// Its address is the distance from the base.
    pub store: Store,
    pub attempts: u8,
}

/// Stores by memory, address and width, each with the youngest frame that made it.
type Places = BTreeMap<((u32, u32), u64, u8), usize>;

/// The stores of a stack's youngest frames.
#[derive(Debug, Default)]
pub struct Overwrites {
    /// So many frames have been looked at.
    pub frames: usize,
    pub pending: Vec<Pending>,
    /// They are being asked for.
    pub settling: bool,
    known: Places,
    members: Places,
}

impl Overwrites {
    /// A store of known address.
    pub fn add(&mut self, frame: usize, store: Store) {
        insert(&mut self.known, frame, store);
    }

    /// A store to a member of an object that is not known.
    pub fn add_member(&mut self, frame: usize, store: Store) {
        insert(&mut self.members, frame, store);
    }

    /// A frame younger than `frame` stored to one of `width` bytes at `address`.
    pub fn hit(&self, frame: usize, memory: (u32, u32), address: u64, width: u8) -> bool {
        is_hit(&self.known, frame, memory, address, width)
    }

    /// A frame younger than `frame` stored to this very member of some object, which may be any.
    pub fn hit_member(&self, frame: usize, memory: (u32, u32), offset: u64, width: u8) -> bool {
        self.members.get(&(memory, offset, width)).is_some_and(|by| *by < frame)
    }
}

fn insert(places: &mut Places, frame: usize, store: Store) {
    let youngest = places.entry((store.memory, store.address, store.width)).or_insert(frame);
    *youngest = (*youngest).min(frame);
}

fn is_hit(places: &Places, frame: usize, memory: (u32, u32), address: u64, width: u8) -> bool {
    let first = (memory, address.saturating_sub(15), 0);
    let last = (memory, address.saturating_add(u64::from(width) - 1), u8::MAX);
    places
        .range(first..=last)
        .any(|((_, start, stored), by)| *by < frame && start.saturating_add(u64::from(*stored)) > address)
}
