//! `HashMap` and `HashSet`: hashbrown's table. Before `ctrl` lie the buckets, growing downwards; from `ctrl` on one byte
//! each, whose highest bit is clear for those in use.

use crate::dwarf::types::TypeId;
use crate::value::object::Object;
use crate::value::view::{ItemStyle, View};

use super::super::part::{Formed, Part, lacks};
use super::super::walk::{Marks, numbered};

/// `{key: value}`.
pub fn map<'a>(map: &Part<'a, '_>) -> Formed<View<'a>> {
    let table = Table::of(map)?;
    let sample = table.buckets.at(table.control, table.bucket);
    let (key, value) = (sample.member("__0")?, sample.member("__1")?);
    let offset = |part: &Part<'_, '_>| part.object.address().map(|at| at.wrapping_sub(table.control));
    let (Some(key_at), Some(value_at)) = (offset(&key), offset(&value)) else { return lacks("a place of the key") };
    let (key, value, absent) = (key.object.type_id, value.object.type_id, map.absent(""));
    let count = Some(table.items);
    let pairs = table.iter().map(move |found| match found {
        Ok(bucket) => (bucket.part(key, key_at), bucket.part(value, value_at)),
        Err(reason) => (reason, absent.clone()),
    });
    Ok(View::Entries { count, pairs: Box::new(pairs) })
}

/// `{1, 2}`: the keys of a map to nothing.
pub fn set<'a>(set: &Part<'a, '_>) -> Formed<View<'a>> {
    let table = Table::of(set)?;
    let bucket = table.buckets.at(table.control, table.bucket);
    let key = bucket.member("__0")?;
    let Some(key_at) = key.object.address().map(|at| at.wrapping_sub(table.control)) else {
        return lacks("a place of the key");
    };
    let (count, key) = (Some(table.items), key.object.type_id);
    let keys = table.iter().map(move |found| match found {
        Ok(bucket) => bucket.part(key, key_at),
        Err(reason) => reason,
    });
    Ok(View::Items { count, children: numbered(keys), style: ItemStyle::Set })
}

struct Table<'a, 'f> {
    buckets: Part<'a, 'f>,
    control: u64,
    /// Type of a bucket: key and value.
    bucket: TypeId,
    stride: u64,
    /// Number of buckets.
    size: u64,
    items: u64,
}

impl<'a, 'f> Table<'a, 'f> {
    fn of(map: &Part<'a, 'f>) -> Formed<Self> {
        let mask = map.find("bucket_mask")?.number()?;
        let (items, control) = (map.find("items")?.number()?, map.find("ctrl")?.address()?);
        let raw = map.find("table")?;
        let bucket = raw.argument("T")?;
        let stride = map.size_of(bucket)?;
        let Some(size) = mask.checked_add(1).filter(|size| size.is_power_of_two() && items <= *size) else {
            return Err(crate::error::Error::Absent(format!(
                "{items} entries in a table of {mask} + 1 places: not set, or overwritten"
            ))
            .into());
        };
        map.check_count(size, stride.max(1), 0)?;
        map.check_count(size, 1, control)?;
        map.check_pointer(items, 1, control)?;
        // The buckets lie in front of that.
        if items > 0 && size.checked_mul(stride).is_none_or(|bytes| bytes > control) {
            let reason = format!("{size} places in front of {control:#x}: not set, or overwritten");
            return Err(crate::error::Error::Absent(reason).into());
        }
        Ok(Table { buckets: map.clone(), control, bucket, stride, size, items })
    }

    /// The buckets in use; in place of the rest an absent object.
    fn iter(self) -> impl Iterator<Item = std::result::Result<Object, Object>> + use<'a, 'f> {
        let (program, instance) = (self.buckets.reader.program, self.buckets.object.instance);
        let read = move |at: u64, bytes: &mut [u8]| program.read_memory(instance, at, bytes).map_err(|e| e.to_string());
        let marks = Marks::new(self.control, self.size, self.items, |byte| byte & 0x80 == 0, read);
        marks.map(move |found| match found {
            Ok(place) => {
                let address = self.control.wrapping_sub((place + 1).wrapping_mul(self.stride));
                Ok(self.buckets.at(address, self.bucket).object)
            }
            Err(reason) => Err(self.buckets.absent(reason)),
        })
    }
}
