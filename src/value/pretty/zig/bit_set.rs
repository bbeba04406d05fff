//! Bit sets of every kind: the indexes of the bits that are set, `.{ 3, 9 }`. The lowest bit of a mask comes first.

use crate::dwarf::Language;
use crate::dwarf::types::Encoding;
use crate::error::Error;
use crate::limits::MAX_PLACES_WALKED;
use crate::value::object::Object;
use crate::value::read::Reader;
use crate::value::view::{ItemStyle, View};

use super::super::part::{Formed, Part};
use super::super::walk::numbered;

/// Of a size that is part of the type: one number, or an array of masks.
pub fn view<'a>(set: &Part<'a, '_>) -> Formed<View<'a>> {
    let (first, count) = fixed(set)?;
    Ok(indexes(set, Bits::new(set.reader, first, count)))
}

/// The first byte of a set whose size is part of its type, and its number of bits.
pub fn fixed(set: &Part<'_, '_>) -> Formed<(Object, u64)> {
    let masks = set.own("masks").map_or_else(|| set.member("bits"), Ok)?;
    // The last argument of `Integer(10)` and `Array(usize,100)`.
    let name = set.found.name.as_deref().unwrap_or_default();
    let whole = set.size_of(masks.type_id)?.saturating_mul(8);
    let count = name.trim_end_matches(')').rsplit(['(', ',']).next().and_then(|size| size.parse().ok());
    Ok((masks.object, count.unwrap_or(whole).min(whole)))
}

/// With masks elsewhere and a length.
pub fn dynamic<'a>(set: &Part<'a, '_>) -> Formed<View<'a>> {
    let (count, masks) = (set.member("bit_length")?.number()?, set.member("masks")?);
    let (_, mask) = masks.pointer()?;
    let address = masks.address()?;
    let bytes = count.div_ceil(8);
    set.check_count(bytes, 1, address)?;
    set.check_pointer(bytes, 1, address)?;
    Ok(indexes(set, Bits::new(set.reader, set.at(address, mask).object, count)))
}

/// With an allocator of its own.
pub fn managed<'a>(set: &Part<'a, '_>) -> Formed<View<'a>> {
    dynamic(&set.member("unmanaged")?)
}

fn indexes<'a, 'f: 'a>(set: &Part<'a, 'f>, bits: Bits<'a, 'f>) -> View<'a> {
    let bytes = set.pointer_bytes();
    let index_type = set.reader.types().base("usize", Encoding::Unsigned, bytes, Language::Zig);
    let (instance, absent) = (set.object.instance, set.absent(""));
    let objects = bits.map(move |bit| match bit {
        Ok(bit) => {
            let bytes_of = bit.to_le_bytes();
            Object::computed(index_type, bytes_of.get(..bytes as usize).unwrap_or_default(), instance)
        }
        Err(error) => Object::absent(absent.type_id, error.to_string(), instance),
    });
    View::Items { count: None, children: numbered(objects), style: ItemStyle::Set }
}

/// The bits that are set, in order, read as they are asked for.
pub struct Bits<'a, 'f> {
    reader: Reader<'a, 'f>,
    first: Object,
    count: u64,
    /// The next byte to read.
    at: u64,
    /// What is left of the byte before that.
    byte: u8,
    broken: bool,
}

impl<'a, 'f> Bits<'a, 'f> {
    /// `count` bits from `first` on.
    pub fn new(reader: Reader<'a, 'f>, first: Object, count: u64) -> Self {
        Bits { reader, first, count, at: 0, byte: 0, broken: false }
    }
}

impl Iterator for Bits<'_, '_> {
    type Item = Result<u64, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.byte == 0 {
            if self.broken || self.at.saturating_mul(8) >= self.count {
                return None;
            }
            if self.at >= MAX_PLACES_WALKED {
                self.broken = true;
                return Some(Err(Error::Limit(format!("bits behind the first {} are not looked at", self.at * 8))));
            }
            let place = self.first.part(self.first.type_id, self.at);
            match self.reader.bytes(&place, 1) {
                Ok(byte) => self.byte = byte.first().copied().unwrap_or(0),
                Err(error) => {
                    self.broken = true;
                    return Some(Err(error));
                }
            }
            self.at += 1;
        }
        let bit = (self.at - 1) * 8 + u64::from(self.byte.trailing_zeros());
        self.byte &= self.byte - 1;
        (bit < self.count).then_some(Ok(bit))
    }
}
