//! Objects to bytes and scalars; pointers to what they point at.

use crate::dwarf::location::{Absence, Location, Piece};
use crate::dwarf::types::{Encoding, PointerKind, Type, TypeId, TypeKind};
use crate::dwarf::{Language, TypeTable};
use crate::error::{Error, Result};
use crate::limits::MAX_OBJECT_BYTES;
use crate::target::Program;

use super::object::Object;
use super::scalar::{Scalar, ScalarKind};

/// How far a reader looks for what belongs to a value and is described elsewhere: vtables, derived classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// In the unit of the value's type.
    Unit,
    /// In the whole module: the first time costs a pass over all its debug information.
    Module,
}

/// Reads objects of one program.
#[derive(Clone, Copy)]
pub struct Reader<'a, 'f> {
    pub program: &'a Program<'f>,
    pub reach: Reach,
}

impl<'a, 'f> Reader<'a, 'f> {
    /// A reader over `program`.
    pub fn new(program: &'a Program<'f>) -> Self {
        Reader { program, reach: Reach::Module }
    }

    /// A reader that does without what is not in a value's own unit.
    pub fn within_unit(self) -> Self {
        Reader { reach: Reach::Unit, ..self }
    }

    /// The program's types.
    pub fn types(&self) -> &'a TypeTable<'f> {
        self.program.types()
    }

    /// The object's type without typedefs and qualifiers.
    pub fn stripped(&self, object: &Object) -> (TypeId, std::rc::Rc<Type>) {
        match self.reach {
            Reach::Unit => self.types().peel(object.type_id),
            Reach::Module => self.types().strip(object.type_id),
        }
    }

    /// The object's type is one of Zig's optionals. Those of pointers and slices are typedefs of what is in them.
    pub fn is_optional(&self, object: &Object) -> bool {
        let found = self.types().get(object.type_id);
        found.language == Language::Zig && found.name.as_deref().is_some_and(|name| name.starts_with('?'))
    }

    /// Size in bytes of the object.
    ///
    /// # Errors
    /// The type is incomplete.
    pub fn size_of(&self, object: &Object) -> Result<u64> {
        self.types().size_of(object.type_id).ok_or_else(|| Error::Absent("incomplete type".into()))
    }

    /// The first `length` bytes of the object.
    ///
    /// # Errors
    /// A byte is in no memory or has no location; `length` is above `MAX_OBJECT_BYTES`.
    pub fn bytes(&self, object: &Object, length: u64) -> Result<Vec<u8>> {
        if length > MAX_OBJECT_BYTES {
            return Err(Error::Limit(format!("an object of {length} bytes is too large to read at once")));
        }
        let mut buffer = vec![0u8; length as usize];
        self.fill(object, &object.location, &mut buffer)?;
        Ok(buffer)
    }

    fn fill(&self, object: &Object, location: &Location, buffer: &mut [u8]) -> Result<()> {
        match location {
            Location::Memory { address } => self.program.read_memory(object.instance, *address, buffer),
            Location::Computed { bytes } => match bytes.get(..buffer.len()) {
                Some(found) => {
                    buffer.copy_from_slice(found);
                    Ok(())
                }
                None => Err(Error::Absent(format!("only {} of {} bytes are known", bytes.len(), buffer.len()))),
            },
            Location::Pieces(pieces) => self.fill_from_pieces(object, pieces, buffer),
            Location::Absent(Absence::OptimizedOut) => Err(Error::optimized_out()),
            Location::Absent(Absence::Unavailable(reason)) => Err(Error::Absent(reason.to_string())),
        }
    }

    fn fill_from_pieces(&self, object: &Object, pieces: &[Piece], buffer: &mut [u8]) -> Result<()> {
        let wanted_bits = buffer.len() as u64 * 8;
        let mut at_bits = 0u64;
        for piece in pieces {
            if at_bits >= wanted_bits {
                break;
            }
            let size_bits = piece.size_bits.min(wanted_bits - at_bits);
            let first = piece.offset_bits / 8;
            let last = (piece.offset_bits.saturating_add(size_bits)).div_ceil(8);
            let mut source = vec![0u8; (last - first) as usize];
            let whole = Object { location: piece.place.clone(), ..object.clone() }.part(object.type_id, first);
            self.fill(&whole, &whole.location, &mut source)?;
            for bit in 0..size_bits {
                let from = piece.offset_bits % 8 + bit;
                let is_set = source.get((from / 8) as usize).is_some_and(|byte| byte >> (from % 8) & 1 == 1);
                let to = at_bits + bit;
                if let Some(byte) = buffer.get_mut((to / 8) as usize).filter(|_| is_set) {
                    *byte |= 1 << (to % 8);
                }
            }
            at_bits += size_bits;
        }
        if at_bits < wanted_bits {
            return Err(Error::optimized_out());
        }
        Ok(())
    }

    /// The bits of a base type, pointer or enumeration.
    ///
    /// # Errors
    /// The type is none of these; or as for [`Reader::bytes`].
    pub fn scalar(&self, object: &Object) -> Result<Scalar> {
        let (_, found) = self.stripped(object);
        self.scalar_of(object, &found)
    }

    /// The same where the type without typedefs is known.
    ///
    /// # Errors
    /// As for [`Reader::scalar`].
    pub fn scalar_of(&self, object: &Object, found: &Type) -> Result<Scalar> {
        let kind = self.scalar_kind(found).ok_or_else(|| match &found.kind {
            TypeKind::Broken(reason) => Error::malformed(reason.to_string()),
            _ => Error::Usage("Value can't be converted to integer.".into()),
        })?;
        if let Some(range) = object.bits {
            let bytes = self.bytes(object, (range.offset_bits + range.size_bits).div_ceil(8))?;
            let whole = Scalar::from_bytes(&bytes, kind);
            let bits = whole.bits.checked_shr(range.offset_bits as u32).unwrap_or(0);
            // It is a value of the declared type, which is wider.
            let narrow = Scalar { bits, size_bits: range.size_bits.min(128) as u32, kind };
            let wide_bits = self.size_of(object)?.min(16) as u32 * 8;
            return Ok(narrow.extended(wide_bits.max(narrow.size_bits)));
        }
        let size = found.size_bytes.map_or_else(|| self.size_of(object), Ok)?;
        if size > 16 {
            return Err(Error::Unsupported(format!("a scalar of {size} bytes is not supported")));
        }
        let mut buffer = [0u8; 16];
        let bytes = buffer.get_mut(..size as usize).unwrap_or_default();
        self.fill(object, &object.location, bytes)?;
        let whole = Scalar::from_bytes(bytes, kind);
        Ok(match zig_bits(found).filter(|bits| *bits < whole.size_bits) {
            Some(size_bits) => Scalar { size_bits, ..whole }.extended(whole.size_bits),
            None => whole,
        })
    }

    /// What a scalar of the type is; none for aggregates and functions.
    pub fn scalar_kind(&self, found: &Type) -> Option<ScalarKind> {
        match &found.kind {
            TypeKind::Base(Encoding::ComplexFloat) => None,
            TypeKind::Base(encoding) => Some(ScalarKind::Base(*encoding)),
            TypeKind::Pointer { .. } | TypeKind::MemberPointer { .. } => Some(ScalarKind::Pointer),
            TypeKind::Enumeration(enumeration) => Some(ScalarKind::Enumerator {
                signed: enumeration.underlying.is_none_or(|id| {
                    let (_, underlying) = self.types().strip(id);
                    matches!(underlying.kind, TypeKind::Base(Encoding::Signed | Encoding::SignedChar))
                }),
            }),
            _ => None,
        }
    }

    /// What a pointer or reference points at. Null is an error, as in gdb, although address 0 is readable.
    ///
    /// # Errors
    /// The object is no pointer, points to void or to no function of the table, is null, or cannot be read.
    pub fn pointee(&self, object: &Object) -> Result<Object> {
        let (_, found) = self.stripped(object);
        let TypeKind::Pointer { target, kind } = found.kind else {
            return Err(Error::Usage("Attempt to take contents of a non-pointer value.".into()));
        };
        let (_, pointed) = self.types().peel(target);
        if matches!(pointed.kind, TypeKind::Void) {
            return Err(Error::Usage("Attempt to dereference a generic pointer.".into()));
        }
        let address = self.scalar(object)?.as_address();
        if address == 0 && kind == PointerKind::Pointer && !self.program.null_is_readable() {
            return Err(Error::Usage("Cannot access memory at address 0x0".into()));
        }
        let pointee = match pointed.kind {
            // Where a reference to a function leads is its place in the table.
            TypeKind::Function(_) => match self.program.table_function(object.instance, address) {
                Some(function) => self.function_at(target, function, object.instance),
                None => return Err(Error::Absent(format!("the table has no function at {address:#x}"))),
            },
            _ => Object::in_memory(target, address, object.instance),
        };
        Ok(Object { provenance: object.provenance.clone(), ..pointee })
    }
}

/// Bits of Zig's integers, of which `u3` and `i5` are some too: what is stored around them says nothing.
fn zig_bits(found: &Type) -> Option<u32> {
    if found.language != Language::Zig || !matches!(found.kind, TypeKind::Base(Encoding::Signed | Encoding::Unsigned)) {
        return None;
    }
    found.name.as_deref()?.strip_prefix(['u', 'i'])?.parse().ok().filter(|bits| *bits > 0)
}
