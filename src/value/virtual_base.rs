//! Virtual base classes: where they are is written in the object itself, behind its vtable pointer.

use crate::dwarf::find_location;
use crate::dwarf::location::{Absence, ExprContext, Location};
use crate::dwarf::{DieRef, TypeId};
use crate::error::{Error, Result};

use super::object::Object;
use super::read::Reader;

/// Where an object that is not in memory pretends to be while its virtual bases are looked for. Only reads of its
/// own bytes are answered from the object, so that a real address there does no harm.
const ELSEWHERE: u64 = 0xf000_0000;

/// An expression over an object's own bytes: a virtual base's place.
struct ObjectContext<'a, 'f> {
    reader: Reader<'a, 'f>,
    object: &'a Object,
    size_bytes: u64,
}

impl ObjectContext<'_, '_> {
    /// The distance of `address` from the object's start, if the object is not in memory and holds that byte.
    fn distance(&self, address: u64) -> Option<u64> {
        let distance = address.checked_sub(ELSEWHERE).filter(|_| self.object.address().is_none())?;
        (distance < self.size_bytes).then_some(distance)
    }
}

impl ExprContext for ObjectContext<'_, '_> {
    fn memory(&self, address: u64, size_bytes: u8) -> Result<u128> {
        let mut bytes = [0u8; 16];
        let wanted = bytes.get_mut(..usize::from(size_bytes)).unwrap_or_default();
        match self.distance(address) {
            Some(distance) => {
                let part = self.object.part(self.object.type_id, distance);
                wanted.copy_from_slice(&self.reader.bytes(&part, u64::from(size_bytes))?);
            }
            None => self.reader.program.read_memory(self.object.instance, address, wanted)?,
        }
        Ok(u128::from_le_bytes(bytes))
    }
}

impl Reader<'_, '_> {
    /// The virtual base that the member at `die` describes, of the object `object`.
    pub fn virtual_base(&self, object: &Object, die: DieRef, type_id: TypeId) -> Object {
        let context = ObjectContext { reader: *self, object, size_bytes: self.size_of(object).unwrap_or(0) };
        let place = || -> Result<Location> {
            let info = self.types().info(die.info).ok_or_else(|| Error::NotFound("no such module".into()))?;
            find_location::member_location(&info, die, object.address().unwrap_or(ELSEWHERE), &context)
        };
        match place() {
            Ok(Location::Memory { address }) if context.distance(address).is_some() => {
                object.part(type_id, context.distance(address).unwrap_or(0))
            }
            Ok(location) => Object { type_id, location, bits: None, ..object.clone() },
            Err(error) => {
                let location = Location::Absent(Absence::Unavailable(error.to_string().into()));
                Object { type_id, location, bits: None, ..object.clone() }
            }
        }
    }
}
