//! An object: a type and where its value is. Nothing is read here.

use std::rc::Rc;

use crate::dwarf::line::SourceLocation;
use crate::dwarf::location::{Absence, Location, Piece};
use crate::dwarf::types::{Member, MemberPlace, TypeId};
use crate::dwarf::variable::VariableKind;
use crate::target::provenance::Provenance;

pub use crate::target::frame::InstanceId;

/// A value's type and place; cheap to make and to copy.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    pub type_id: TypeId,
    pub location: Location,
    /// The object is a bit-field of what `location` names.
    pub bits: Option<BitRange>,
    /// Whose memory addresses in it belong to.
    pub instance: InstanceId,
    /// How the place is known (and with it the value, unless memory says otherwise).
    pub provenance: Provenance,
}

/// Bits of a little-endian storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BitRange {
    /// From the first bit of the storage.
    pub offset_bits: u64,
    /// 1 to 128.
    pub size_bits: u64,
}

/// A named object.
#[derive(Debug, Clone)]
pub struct Variable {
    /// None: an unnamed parameter.
    pub name: Option<Rc<str>>,
    pub object: Object,
    pub kind: VariableKind,
    pub declared: Option<SourceLocation>,
    /// Lexical blocks between the function and the variable.
    pub block_depth: u32,
    pub artificial: bool,
    /// Known outside its unit (DW_AT_external): no `static` of a file or function.
    pub external: bool,
    /// It is an argument in a line of a backtrace, whose value is not looked for: that takes an analysis of a long
    /// function.
    pub put_off: bool,
}

impl Object {
    /// An object in memory whose address is a fact (a cast of a literal, a static).
    pub fn in_memory(type_id: TypeId, address: u64, instance: InstanceId) -> Self {
        let location = Location::Memory { address };
        Object { type_id, location, bits: None, instance, provenance: Provenance::recorded() }
    }

    /// A value that is nowhere but here, little-endian.
    pub fn computed(type_id: TypeId, bytes: &[u8], instance: InstanceId) -> Self {
        let location = Location::Computed { bytes: bytes.into() };
        Object { type_id, location, bits: None, instance, provenance: Provenance::recorded() }
    }

    /// A value that is not there, and why.
    pub fn absent(type_id: TypeId, reason: impl Into<Rc<str>>, instance: InstanceId) -> Self {
        let location = Location::Absent(Absence::Unavailable(reason.into()));
        Object { type_id, location, bits: None, instance, provenance: Provenance::recorded() }
    }

    /// Its address in linear memory; none for what is not there as a whole, and for bit-fields.
    pub fn address(&self) -> Option<u64> {
        match self.location {
            Location::Memory { address } if self.bits.is_none() => Some(address),
            _ => None,
        }
    }

    /// Why there is no value, if that is known without reading.
    pub fn absence(&self) -> Option<&Absence> {
        match &self.location {
            Location::Absent(absence) => Some(absence),
            _ => None,
        }
    }

    /// The part `offset_bytes` further on, as `type_id`.
    pub fn part(&self, type_id: TypeId, offset_bytes: u64) -> Object {
        Object { type_id, location: advanced(&self.location, offset_bytes), bits: None, ..self.clone() }
    }

    /// The same place as another type.
    pub fn retyped(&self, type_id: TypeId) -> Object {
        Object { type_id, ..self.clone() }
    }

    /// A member with a fixed place; none for a virtual base.
    pub fn member(&self, member: &Member) -> Option<Object> {
        match member.place {
            MemberPlace::Offset(offset) => Some(self.part(member.type_id, offset)),
            MemberPlace::Bits { offset_bits, size_bits } => {
                // The storage unit begins at the byte that holds the first bit: any other choice reads bytes
                // that may lie outside the record.
                let mut object = self.part(member.type_id, offset_bits / 8);
                object.bits = Some(BitRange { offset_bits: offset_bits % 8, size_bits });
                Some(object)
            }
            MemberPlace::Virtual(_) => None,
        }
    }
}

/// The location `offset_bytes` after the start of `location`.
fn advanced(location: &Location, offset_bytes: u64) -> Location {
    if offset_bytes == 0 {
        return location.clone();
    }
    match location {
        Location::Memory { address } => Location::Memory { address: address.wrapping_add(offset_bytes) },
        Location::Computed { bytes } => {
            match usize::try_from(offset_bytes).ok().and_then(|offset| bytes.get(offset..)) {
                Some(rest) if !rest.is_empty() => Location::Computed { bytes: rest.into() },
                _ => Location::Absent(Absence::OptimizedOut),
            }
        }
        Location::Pieces(pieces) => {
            let mut skip_bits = offset_bytes.saturating_mul(8);
            let mut rest: Vec<Piece> = Vec::new();
            for piece in pieces.iter() {
                if skip_bits >= piece.size_bits {
                    skip_bits -= piece.size_bits;
                    continue;
                }
                rest.push(Piece {
                    size_bits: piece.size_bits - skip_bits,
                    offset_bits: piece.offset_bits.saturating_add(skip_bits),
                    place: piece.place.clone(),
                });
                skip_bits = 0;
            }
            match rest.as_slice() {
                [] => Location::Absent(Absence::OptimizedOut),
                _ => Location::Pieces(rest.into()),
            }
        }
        Location::Absent(absence) => Location::Absent(absence.clone()),
    }
}
