//! `HashMap(K, V, …)`: behind its pointer one byte for each slot, whose highest bit says that it is used; in front of
//! that a header with the places of the keys and the values, which lie in arrays of their own.

use crate::dwarf::types::TypeId;
use crate::error::Error;
use crate::value::object::Object;
use crate::value::view::{ItemStyle, View};

use super::super::part::{Formed, Part, lacks};
use super::super::walk::{Marks, numbered};
use super::multi_array_list;

/// Maps that keep their allocator: what is in the unmanaged one.
pub fn managed<'a>(map: &Part<'a, '_>) -> Formed<View<'a>> {
    let inner = map.member("unmanaged")?;
    match inner.own("entries") {
        Some(_) => multi_array_list::map(&inner),
        None => view(&inner),
    }
}

/// `.{ "key" => value }`; `.{ key }` of a map to nothing.
pub fn view<'a>(map: &Part<'a, '_>) -> Formed<View<'a>> {
    let table = Table::of(map)?;
    let is_set = map.size_of(table.values.1)? == 0;
    let count = Some(table.size);
    let pairs = table.pairs(map)?;
    if is_set {
        let keys = pairs.map(|(key, _)| key);
        return Ok(View::Items { count, children: numbered(keys), style: ItemStyle::Set });
    }
    Ok(View::Entries { count, pairs: Box::new(pairs) })
}

/// `StaticStringMap(V)`: keys and values, sorted by the keys' lengths; of a map to nothing the keys.
pub fn static_strings<'a>(map: &Part<'a, '_>) -> Formed<View<'a>> {
    let Some(entries) = map.member("kvs")?.target()? else { return lacks("entries") };
    let count = entries.member("len")?.number()?;
    let keys = entries.member("keys")?;
    let (_, key) = keys.pointer()?;
    let (keys, stride) = (keys.address()?, map.size_of(key)?);
    map.check_count(count, stride, keys)?;
    map.check_pointer(count, stride, keys)?;
    let first_key = map.at(keys, key).object;
    let key_of = move |index: u64| first_key.part(key, index.wrapping_mul(stride));
    let value = entries.own("values").and_then(|values| Some((values.address().ok()?, values.pointer().ok()?.1)));
    let Some((values, value)) = value.filter(|(_, value)| map.size_of(*value).is_ok_and(|size| size > 0)) else {
        return Ok(View::Items {
            count: Some(count),
            children: numbered((0..count).map(key_of)),
            style: ItemStyle::Set,
        });
    };
    let (first_value, value_stride) = (map.at(values, value).object, map.size_of(value)?);
    map.check_count(count, value_stride, values)?;
    let pairs = (0..count).map(move |index| (key_of(index), first_value.part(value, index.wrapping_mul(value_stride))));
    Ok(View::Entries { count: Some(count), pairs: Box::new(pairs) })
}

struct Table {
    metadata: u64,
    capacity: u64,
    size: u64,
    /// Address and type of the first.
    keys: (u64, TypeId),
    values: (u64, TypeId),
}

impl Table {
    fn of(map: &Part<'_, '_>) -> Formed<Self> {
        let size = map.member("size")?.number()?;
        let metadata = map.member("metadata")?.address()?;
        let Some(name) = map.found.name.as_deref() else { return lacks("a name") };
        let Some(header) = map.reader.type_named(map.type_id, &format!("{name}.Header")) else {
            return lacks("a description of its header");
        };
        let header = map.at(metadata.wrapping_sub(map.size_of(header)?), header);
        let (keys, values, capacity) = (header.member("keys")?, header.member("values")?, header.member("capacity")?);
        let ((_, key), (_, value)) = (keys.pointer()?, values.pointer()?);
        if metadata == 0 {
            return match size {
                0 => Ok(Table { metadata, capacity: 0, size, keys: (0, key), values: (0, value) }),
                _ => Err(Error::Absent(format!("{size} entries and no table: not set, or overwritten")).into()),
            };
        }
        let capacity = capacity.number()?;
        if !capacity.is_power_of_two() || size > capacity {
            let reason = format!("{size} entries in a table of {capacity} places: not set, or overwritten");
            return Err(Error::Absent(reason).into());
        }
        let (keys, values) = (keys.address()?, values.address()?);
        map.check_count(capacity, 1, metadata)?;
        map.check_count(capacity, map.size_of(key)?, keys)?;
        map.check_pointer(size, map.size_of(key)?, keys)?;
        map.check_pointer(size, map.size_of(value)?, values)?;
        if map.size_of(value)? > 0 {
            map.check_count(capacity, map.size_of(value)?, values)?;
        }
        Ok(Table { metadata, capacity, size, keys: (keys, key), values: (values, value) })
    }

    /// The keys and values of the used slots; a pair with an absent key says why the rest is missing.
    fn pairs<'a, 'f>(self, map: &Part<'a, 'f>) -> Formed<impl Iterator<Item = (Object, Object)> + use<'a, 'f>> {
        let (key_bytes, value_bytes) = (map.size_of(self.keys.1)?, map.size_of(self.values.1)?);
        let (program, instance) = (map.reader.program, map.object.instance);
        let read = move |at: u64, bytes: &mut [u8]| program.read_memory(instance, at, bytes).map_err(|e| e.to_string());
        let marks = Marks::new(self.metadata, self.capacity, self.size, |byte| byte & 0x80 != 0, read);
        let (first_key, first_value) = (map.at(self.keys.0, self.keys.1).object, map.at(self.values.0, self.values.1));
        let (first_value, absent) = (first_value.object, map.absent(""));
        Ok(marks.map(move |found| match found {
            Ok(slot) => {
                let key = first_key.part(first_key.type_id, slot.wrapping_mul(key_bytes));
                (key, first_value.part(first_value.type_id, slot.wrapping_mul(value_bytes)))
            }
            Err(reason) => (Object::absent(absent.type_id, reason, instance), absent.clone()),
        }))
    }
}
