//! The linear memory of a program that is run again, never larger than the dead program's was.

use crate::wasm::Module;
use crate::wasm::item::PAGE_BYTES;

/// Memory 0.
pub(super) struct Linear {
    bytes: Vec<u8>,
    /// Bytes that the dead program had when it died: memory never shrinks.
    limit: u64,
}

impl Linear {
    /// The memory as the module's segments set it up; none if they cannot be told or do not fit.
    pub fn new(module: &Module<'_>, limit: u64) -> Option<Self> {
        let size = module.memories().first()?.minimum.checked_mul(PAGE_BYTES).filter(|size| *size <= limit)?;
        let mut memory = Linear { bytes: vec![0; usize::try_from(size).ok()?], limit };
        for segment in module.data_segments() {
            // Passive segments wait for `memory.init`. That is no place for others whose place is not known.
            if let Some(address) = segment.address {
                memory.get_mut(address, segment.data.len() as u64)?.copy_from_slice(segment.data);
            }
        }
        Some(memory)
    }

    /// Bytes.
    pub fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// `length` bytes at `address`; none if not all are there.
    pub fn get(&self, address: u64, length: u64) -> Option<&[u8]> {
        let start = usize::try_from(address).ok()?;
        self.bytes.get(start..start.checked_add(usize::try_from(length).ok()?)?)
    }

    /// The same, to be written.
    pub fn get_mut(&mut self, address: u64, length: u64) -> Option<&mut [u8]> {
        let start = usize::try_from(address).ok()?;
        self.bytes.get_mut(start..start.checked_add(usize::try_from(length).ok()?)?)
    }

    /// `width` little-endian bytes, at most 8.
    pub fn load(&self, address: u64, width: u8) -> Option<u64> {
        let bytes = self.get(address, u64::from(width))?;
        Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    /// The low `width` bytes of `value`, at most 8.
    pub fn store(&mut self, address: u64, width: u8, value: u64) -> Option<()> {
        let place = self.get_mut(address, u64::from(width))?;
        place.copy_from_slice(value.to_le_bytes().get(..usize::from(width))?);
        Some(())
    }

    /// `memory.copy`.
    pub fn copy(&mut self, to: u64, from: u64, length: u64) -> Option<()> {
        self.get(to, length)?;
        self.get(from, length)?;
        let (to, from) = (usize::try_from(to).ok()?, usize::try_from(from).ok()?);
        self.bytes.copy_within(from..from.checked_add(usize::try_from(length).ok()?)?, to);
        Some(())
    }

    /// `memory.grow`: the size before, in pages. More than the dead program had in the end it never got.
    pub fn grow(&mut self, pages: u64) -> Option<u64> {
        let before = self.size();
        let size = before.checked_add(pages.checked_mul(PAGE_BYTES)?).filter(|size| *size <= self.limit)?;
        self.bytes.resize(usize::try_from(size).ok()?, 0);
        Some(before / PAGE_BYTES)
    }
}
