//! The code that a DIE covers: DW_AT_low_pc, DW_AT_high_pc and DW_AT_ranges to live ranges (DWARF 5 sections 2.17
//! and 7.25; DWARF 4 section 2.17.3 for `.debug_ranges`).
//!
//! Linkers leave the DWARF of dropped functions in the file and put a tombstone where its address was: all ones or
//! one less, in older ones zero. Such code never claims an address. Zero is safe to refuse: offset 0 of the code
//! section is the function count, never a body.

use gimli::{Attribute, AttributeValue, DebugAddrIndex, RangeListsOffset, RawRngListEntry, Reader as _, Section as _};

use super::Reader;

/// Bytes `begin..end` of the code section. A code section is shorter than 4 GiB, so 32 bits hold every live address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LiveRange {
    pub begin: u32,
    /// Exclusive.
    pub end: u32,
}

impl LiveRange {
    /// None for tombstones, for empty ranges, and for ends that wrapped.
    pub fn new(begin: u64, end: u64) -> Option<Self> {
        let range = LiveRange { begin: u32::try_from(begin).ok()?, end: u32::try_from(end).ok()? };
        (begin != 0 && begin < end && !is_tombstone(begin)).then_some(range)
    }

    /// Whether the code offset `at` lies inside.
    pub fn holds(self, at: u64) -> bool {
        u64::from(self.begin) <= at && at < u64::from(self.end)
    }
}

/// An address that stands for code the linker dropped, in an address size of 4 or 8 bytes: nothing lies so high.
pub fn is_tombstone(address: u64) -> bool {
    address >= 0xffff_fffe
}

/// What is needed of a unit to read its range lists.
pub struct RangeContext<'a, 'f> {
    pub dwarf: &'a gimli::Dwarf<Reader<'f>>,
    pub encoding: gimli::Encoding,
    /// DW_AT_low_pc of the unit: what offsets in lists count from.
    pub low_pc: u64,
    pub addr_base: gimli::DebugAddrBase<usize>,
    pub rnglists_base: gimli::DebugRngListsBase<usize>,
}

impl<'a, 'f> RangeContext<'a, 'f> {
    /// Of a parsed unit.
    pub fn of_unit(unit: gimli::UnitRef<'a, Reader<'f>>) -> Self {
        RangeContext {
            dwarf: unit.dwarf,
            encoding: unit.unit.header.encoding(),
            low_pc: unit.unit.low_pc,
            addr_base: unit.unit.addr_base,
            rnglists_base: unit.unit.rnglists_base,
        }
    }

    /// An address attribute's value.
    pub fn address(&self, value: AttributeValue<Reader<'f>>) -> Option<u64> {
        match value {
            AttributeValue::Addr(address) => Some(address),
            AttributeValue::DebugAddrIndex(index) => self.indexed(index).ok(),
            _ => None,
        }
    }

    fn indexed(&self, index: DebugAddrIndex<usize>) -> gimli::Result<u64> {
        self.dwarf.debug_addr.get_address(self.encoding.address_size, self.addr_base, index)
    }

    /// As gimli's `get_offset`, but for sums that overflow.
    fn indexed_list(&self, index: gimli::DebugRngListsIndex<usize>) -> gimli::Result<RangeListsOffset<usize>> {
        let base = self.rnglists_base.0;
        let word = usize::from(self.encoding.format.word_size());
        let at = index.0.checked_mul(word).and_then(|at| at.checked_add(base));
        let mut input = *self.dwarf.ranges.debug_rnglists().reader();
        input.skip(at.ok_or(gimli::Error::UnsupportedOffset)?)?;
        let offset = input.read_offset(self.encoding.format)?;
        base.checked_add(offset).map(RangeListsOffset).ok_or(gimli::Error::UnsupportedOffset)
    }

    /// Offset of a list in `.debug_ranges` or `.debug_rnglists`.
    fn list(&self, value: AttributeValue<Reader<'f>>) -> gimli::Result<Option<RangeListsOffset<usize>>> {
        match value {
            AttributeValue::RangeListsRef(offset) => {
                // GNU split DWARF 4: offsets in a .dwo count from the skeleton's base.
                let in_dwo = self.dwarf.file_type == gimli::DwarfFileType::Dwo && self.encoding.version < 5;
                let base = if in_dwo { self.rnglists_base.0 } else { 0 };
                Ok(Some(RangeListsOffset(offset.0.wrapping_add(base))))
            }
            AttributeValue::DebugRngListsIndex(index) => self.indexed_list(index).map(Some),
            _ => Ok(None),
        }
    }
}

/// The attributes of one DIE that say what code it covers.
#[derive(Clone, Copy, Default)]
pub struct PcAttributes<'f> {
    pub low: Option<AttributeValue<Reader<'f>>>,
    high: Option<AttributeValue<Reader<'f>>>,
    ranges: Option<AttributeValue<Reader<'f>>>,
}

impl<'f> PcAttributes<'f> {
    /// Whether an attribute of that name is kept by `note`.
    pub fn wants(name: gimli::DwAt) -> bool {
        matches!(name, gimli::DW_AT_low_pc | gimli::DW_AT_high_pc | gimli::DW_AT_ranges)
    }

    /// Keep `attribute` if it is one of the three.
    pub fn note(&mut self, attribute: &Attribute<Reader<'f>>) {
        match attribute.name() {
            gimli::DW_AT_low_pc => self.low = Some(attribute.value()),
            gimli::DW_AT_high_pc => self.high = Some(attribute.value()),
            gimli::DW_AT_ranges => self.ranges = Some(attribute.value()),
            _ => {}
        }
    }

    /// The DIE says what it covers, be it nothing that is alive.
    pub fn is_present(&self) -> bool {
        self.ranges.is_some() || self.is_single()
    }

    /// The DIE has one range, given by its two ends.
    pub fn is_single(&self) -> bool {
        self.ranges.is_none() && self.low.is_some() && self.high.is_some()
    }

    /// Calls `visit` with each live range. `budget` falls by one for each list entry, dead ones too, and ends the
    /// list at zero.
    ///
    /// # Errors
    /// A list that cannot be read on; what came before it has been visited.
    pub fn for_each_live(
        &self,
        context: &RangeContext<'_, 'f>,
        budget: &mut u64,
        mut visit: impl FnMut(LiveRange),
    ) -> gimli::Result<()> {
        let Some(ranges) = self.ranges else {
            self.single(context).into_iter().for_each(visit);
            return Ok(());
        };
        let Some(offset) = context.list(ranges)? else { return Ok(()) };
        let mut list = context.dwarf.ranges.raw_ranges(offset, context.encoding)?;
        let mut base = context.low_pc;
        while let Some(entry) = list.next()? {
            *budget = match budget.checked_sub(1) {
                Some(rest) => rest,
                None => return Ok(()),
            };
            let (begin, end) = match entry {
                RawRngListEntry::BaseAddress { addr } => {
                    base = addr;
                    continue;
                }
                RawRngListEntry::BaseAddressx { addr } => {
                    base = context.indexed(addr)?;
                    continue;
                }
                RawRngListEntry::AddressOrOffsetPair { begin, end } | RawRngListEntry::OffsetPair { begin, end } => {
                    if is_tombstone(base) || is_tombstone(begin) {
                        continue;
                    }
                    (base.wrapping_add(begin), base.wrapping_add(end))
                }
                RawRngListEntry::StartxEndx { begin, end } => (context.indexed(begin)?, context.indexed(end)?),
                RawRngListEntry::StartxLength { begin, length } => {
                    let begin = context.indexed(begin)?;
                    (begin, begin.wrapping_add(length))
                }
                RawRngListEntry::StartEnd { begin, end } => (begin, end),
                RawRngListEntry::StartLength { begin, length } => (begin, begin.wrapping_add(length)),
            };
            LiveRange::new(begin, end).into_iter().for_each(&mut visit);
        }
        Ok(())
    }

    /// Whether the code offset `at` is covered; a broken list covers what could be read of it.
    pub fn holds(&self, context: &RangeContext<'_, 'f>, at: u64) -> bool {
        let mut found = false;
        let mut budget = u64::MAX;
        let _ = self.for_each_live(context, &mut budget, |range| found |= range.holds(at));
        found
    }

    /// Whether any code is covered.
    pub fn is_live(&self, context: &RangeContext<'_, 'f>) -> bool {
        let mut found = false;
        let mut budget = u64::MAX;
        let _ = self.for_each_live(context, &mut budget, |_| found = true);
        found
    }

    /// The live range of DW_AT_low_pc and DW_AT_high_pc.
    fn single(&self, context: &RangeContext<'_, 'f>) -> Option<LiveRange> {
        let begin = context.address(self.low?)?;
        let high = self.high?;
        let end = match context.address(high) {
            Some(end) => end,
            None => begin.checked_add(high.udata_value()?)?,
        };
        LiveRange::new(begin, end)
    }
}
