//! The columns that `ptype/o` puts before members: offset and size, holes, padding, totals. gdb's, to the space.

use crate::dwarf::types::{MemberPlace, Record, RecordKind};

/// How offsets are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Radix {
    Decimal,
    Hexadecimal,
}

impl Radix {
    /// What stands before `type = `.
    pub fn header(self) -> &'static str {
        "/* offset      |    size */  "
    }
}

/// Where the layout of one record has got to.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    radix: Option<Radix>,
    /// Where the record lies in the outermost one.
    base_bits: u64,
    /// Where the last member ended, from the record's start; 0: before the first one, where no hole is reported since a
    /// vtable pointer or a base may lie there.
    end_bits: u64,
}

/// Columns in front of members.
const WIDTH: usize = 27;

impl Layout {
    /// Of an outermost record; without a radix, no columns are written.
    pub fn new(radix: Option<Radix>) -> Self {
        Layout { radix, base_bits: 0, end_bits: 0 }
    }

    /// Columns are written.
    pub fn is_on(&self) -> bool {
        self.radix.is_some()
    }

    /// Characters in front of members.
    pub fn width(&self) -> usize {
        if self.is_on() { WIDTH } else { 0 }
    }

    /// The layout of a record that is a member at `place`.
    pub fn inside(&self, place: Option<&MemberPlace>) -> Layout {
        let offset = place.and_then(position).map_or(0, |(offset, _)| offset);
        Layout { radix: self.radix, base_bits: self.base_bits.saturating_add(offset), end_bits: 0 }
    }

    /// What stands before a member of `size_bytes`: the hole before it, if any, and its columns.
    pub fn field(&mut self, in_union: bool, place: &MemberPlace, size_bytes: u64) -> String {
        let Some(radix) = self.radix else { return String::new() };
        if in_union {
            return match radix {
                Radix::Decimal => format!("/*                {size_bytes:>6} */"),
                Radix::Hexadecimal => format!("/*                0x{size_bytes:04x} */"),
            };
        }
        let Some((offset_bits, bit_size)) = position(place) else { return " ".repeat(WIDTH) };
        let mut text = self.hole(offset_bits, "hole");
        let at = self.base_bits.saturating_add(offset_bits);
        let (byte, bit) = (at / 8, at % 8);
        text += &match (radix, bit_size.is_some() || bit != 0) {
            (Radix::Decimal, true) => format!("/* {byte:>6}:{bit:>2}  "),
            (Radix::Decimal, false) => format!("/* {byte:>6}     "),
            (Radix::Hexadecimal, true) => format!("/* 0x{byte:04x}: 0x{bit:x}"),
            (Radix::Hexadecimal, false) => format!("/* 0x{byte:04x}     "),
        };
        text += &match radix {
            Radix::Decimal => format!(" |  {size_bytes:>6} */"),
            Radix::Hexadecimal => format!(" |  0x{size_bytes:04x} */"),
        };
        self.end_bits = offset_bits.saturating_add(bit_size.unwrap_or(size_bytes.saturating_mul(8)));
        text
    }

    /// What is left free from the last member to `to_bits`.
    fn hole(&self, to_bits: u64, what: &str) -> String {
        let mut text = String::new();
        if self.end_bits > 0 && self.end_bits < to_bits {
            let hole = to_bits - self.end_bits;
            let (bytes, bits) = (hole / 8, hole % 8);
            if bits > 0 {
                text += &format!("/* XXX {bits:>2}-bit {what:<7}    */\n");
            }
            if bytes > 0 {
                text += &format!("/* XXX {bytes:>2}-byte {what:<7}   */\n");
            }
        }
        text
    }

    /// What stands behind the last member of a record of `size_bytes`, up to its closing brace; none without columns.
    pub fn close(&self, record: &Record, size_bytes: u64, level: usize) -> Option<String> {
        self.radix?;
        let padding = match record.kind {
            RecordKind::Union => String::new(),
            _ => self.hole(size_bytes.saturating_mul(8), "padding"),
        };
        Some(format!("{padding}{}", self.total(size_bytes, level)))
    }

    /// The line with the size, and the indentation of the closing brace.
    pub fn total(&self, size_bytes: u64, level: usize) -> String {
        let indent = " ".repeat(WIDTH + level + 4);
        let brace = " ".repeat(if level == 0 { WIDTH + 2 } else { WIDTH + level });
        format!("\n{indent}/* total size (bytes): {size_bytes:>4} */\n{brace}")
    }

    /// What is free at the end of a part of `size_bytes`.
    pub fn padding(&self, size_bytes: u64) -> String {
        self.hole(size_bytes.saturating_mul(8), "padding")
    }
}

/// A member's offset in bits, and of a bit-field its size.
fn position(place: &MemberPlace) -> Option<(u64, Option<u64>)> {
    match place {
        MemberPlace::Offset(bytes) => Some((bytes.saturating_mul(8), None)),
        MemberPlace::Bits { offset_bits, size_bits } => Some((*offset_bits, Some(*size_bits))),
        MemberPlace::Virtual(_) => None,
    }
}
