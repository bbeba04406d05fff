//! Which bytes of memory younger frames are known to have stored to.

use std::collections::BTreeMap;

/// A store of known place.
#[derive(Debug, Clone, Copy)]
pub struct Store {
    /// Instance and memory.
    pub memory: (u32, u32),
    pub address: u64,
    /// Bytes, at most 16.
    pub width: u8,
}

/// The stores of a stack's youngest frames.
#[derive(Debug, Default)]
pub struct Overwrites {
    /// So many frames have been looked at.
    pub frames: usize,
    /// The youngest frame that stored there, by memory, address and width.
    youngest: BTreeMap<((u32, u32), u64, u8), usize>,
}

impl Overwrites {
    /// The stores of the next older frame.
    pub fn add(&mut self, frame: usize, stores: Vec<Store>) {
        for store in stores {
            self.youngest.entry((store.memory, store.address, store.width)).or_insert(frame);
        }
        self.frames = frame + 1;
    }

    /// A frame younger than `frame` stored to one of `width` bytes at `address`.
    pub fn hit(&self, frame: usize, memory: (u32, u32), address: u64, width: u8) -> bool {
        let first = (memory, address.saturating_sub(15), 0);
        let last = (memory, address.saturating_add(u64::from(width) - 1), u8::MAX);
        self.youngest
            .range(first..=last)
            .any(|((_, start, stored), by)| *by < frame && start.saturating_add(u64::from(*stored)) > address)
    }
}
