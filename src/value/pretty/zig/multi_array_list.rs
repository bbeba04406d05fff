//! `MultiArrayList(T)`: the first members of all elements, then the second ones, and so on, the most aligned ones first;
//! and `ArrayHashMap`, whose entries are such a list in the order of their insertion.

use std::cmp::Reverse;

use crate::dwarf::Language;
use crate::dwarf::location::{Location, Piece};
use crate::dwarf::types::{Encoding, MemberPlace, TypeId};
use crate::error::Error;
use crate::value::object::Object;
use crate::value::view::{ItemStyle, View};

use super::super::part::{Formed, Part, Refusal, lacks};
use super::super::walk::{Indexed, numbered};

/// Largest element that is put together: gaps between its members are filled.
const MAX_ELEMENT_BYTES: u64 = 1 << 16;

/// `.{ .{ .x = 1, .y = 2 } }`: each element put together from its members.
pub fn view<'a>(list: &Part<'a, '_>) -> Formed<View<'a>> {
    let columns = Columns::of(list)?;
    let count = columns.count;
    let children = Indexed::new(count, move |index| columns.element(index));
    Ok(View::Items { count: Some(count), children: Box::new(children), style: ItemStyle::Sequence })
}

/// `.{ key => value }`; `.{ key }` of a map to nothing.
pub fn map<'a>(map: &Part<'a, '_>) -> Formed<View<'a>> {
    let columns = Columns::of_map(map)?;
    let (Some(key), Some(value)) = (columns.place_of("key"), columns.place_of("value")) else {
        return lacks("a key and a value in its entries");
    };
    let (count, is_set) = (columns.count, value.1 == 0);
    let key_of = move |index: u64| key.0.part(key.0.type_id, index.wrapping_mul(key.1));
    if is_set {
        let keys = (0..count).map(key_of);
        return Ok(View::Items { count: Some(count), children: numbered(keys), style: ItemStyle::Set });
    }
    let pairs =
        (0..count).map(move |index| (key_of(index), value.0.part(value.0.type_id, index.wrapping_mul(value.1))));
    Ok(View::Entries { count: Some(count), pairs: Box::new(pairs) })
}

/// One member of all elements.
struct Column {
    name: String,
    /// That of the first element.
    first: Object,
    /// Bytes from one to the next.
    stride: u64,
    /// Bytes of one.
    size: u64,
    /// Bytes from the start of an element that is in one piece.
    offset: u64,
}

struct Columns {
    element: TypeId,
    element_bytes: u64,
    first: Object,
    /// By offset.
    columns: Vec<Column>,
    count: u64,
}

/// A member of the elements.
struct Field {
    name: String,
    type_id: TypeId,
    /// Bytes from the start of an element.
    offset: u64,
}

impl Columns {
    fn of(list: &Part<'_, '_>) -> Formed<Self> {
        let element = element_of(list)?;
        let element_bytes = list.size_of(element)?;
        if element_bytes > MAX_ELEMENT_BYTES {
            return lacks("elements of a size that fits");
        }
        let sample = list.at(list.member("bytes")?.address()?, element);
        if let (Some(payload), Some(tag)) = (sample.own("payload"), sample.own("tag")) {
            return Columns::of_unions(list, &sample, [&payload, &tag]);
        }
        let Some(record) = sample.record() else { return lacks("elements with members") };
        let fields = record.members.iter().map(|member| match (&member.place, member.name.as_deref()) {
            (MemberPlace::Offset(offset), Some(name)) => {
                Ok(Field { name: name.to_owned(), type_id: member.type_id, offset: *offset })
            }
            _ => lacks("members with a place"),
        });
        let fields = fields.collect::<Formed<Vec<Field>>>()?;
        let columns = columns(list, fields)?;
        let count = list.member("len")?.number()?;
        Ok(Columns { element, element_bytes, first: sample.object, columns, count })
    }

    /// Of tagged unions: the tags are one member and the unions without them another, which may have a hidden tag of
    /// their own behind the payload.
    fn of_unions<'a, 'f>(list: &Part<'a, 'f>, sample: &Part<'a, 'f>, parts: [&Part<'a, 'f>; 2]) -> Formed<Self> {
        let [payload, tag] = parts;
        let name = sample.found.name.as_deref().unwrap_or_default();
        let Some(bare) = list.reader.type_named(list.type_id, &format!("meta.BareUnion({name})")) else {
            return lacks("a description of its unions without tags");
        };
        let inner = sample.at(0, bare).own("payload");
        let (Some(start), size) = (sample.object.address(), list.size_of(payload.type_id)?) else {
            return lacks("elements in memory");
        };
        let offset = |part: &Part<'a, 'f>| part.object.address().map_or(0, |at| at.wrapping_sub(start));
        let field =
            |name: &str, type_id, part: &Part<'a, 'f>| Field { name: name.to_owned(), type_id, offset: offset(part) };
        let fields = vec![field("tags", tag.type_id, tag), field("data", bare, payload)];
        let mut columns = columns(list, fields)?;
        for column in columns.iter_mut().filter(|column| column.name == "data") {
            let inner = inner.as_ref().and_then(|payload| payload.object.address()).unwrap_or(0);
            (column.first, column.size) = (column.first.part(payload.type_id, inner), size);
        }
        let count = list.member("len")?.number()?;
        let element_bytes = list.size_of(sample.type_id)?;
        Ok(Columns { element: sample.type_id, element_bytes, first: sample.object.clone(), columns, count })
    }

    /// Of the entries of a map, whose type is not described where no function uses it: by the arguments in the map's
    /// name, `array_hash_map.Custom(K,V,Context,store_hash)`.
    fn of_map(map: &Part<'_, '_>) -> Formed<Self> {
        let list = map.member("entries")?;
        match Columns::of(&list) {
            Err(Refusal::Layout(_)) => {}
            columns => return columns,
        }
        let name = map.found.name.as_deref().unwrap_or_default();
        let arguments = arguments(name);
        let named = |at: usize| arguments.get(at).and_then(|name| map.reader.type_named(map.type_id, name));
        let (Some(key), Some(value)) = (named(0), named(1)) else { return lacks("a description of its entries") };
        let field = |name: &str, type_id| Field { name: name.to_owned(), type_id, offset: 0 };
        let mut fields = vec![field("key", key), field("value", value)];
        if arguments.last() == Some(&"true") {
            let hash = map.reader.types().base("u32", Encoding::Unsigned, 4, Language::Zig);
            fields.insert(0, field("hash", hash));
        }
        let first = list.at(list.member("bytes")?.address()?, key).object;
        let columns = columns(&list, fields)?;
        Ok(Columns { element: key, element_bytes: 0, first, columns, count: list.member("len")?.number()? })
    }

    fn place_of(&self, name: &str) -> Option<(Object, u64)> {
        self.columns.iter().find(|column| column.name == name).map(|column| (column.first.clone(), column.size))
    }

    /// An element as the pieces that it lies in; what is between members reads as zero.
    fn element(&self, index: u64) -> Object {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut at = 0u64;
        let gap = |from: u64, to: u64, pieces: &mut Vec<Piece>| {
            let bytes = vec![0u8; to.saturating_sub(from).min(MAX_ELEMENT_BYTES) as usize];
            if !bytes.is_empty() {
                let size_bits = bytes.len() as u64 * 8;
                pieces.push(Piece { size_bits, offset_bits: 0, place: Location::Computed { bytes: bytes.into() } });
            }
        };
        for column in self.columns.iter().filter(|column| column.size > 0) {
            gap(at, column.offset, &mut pieces);
            let place = column.first.part(column.first.type_id, index.wrapping_mul(column.stride)).location;
            pieces.push(Piece { size_bits: column.size.saturating_mul(8), offset_bits: 0, place });
            at = column.offset.saturating_add(column.size);
        }
        gap(at, self.element_bytes, &mut pieces);
        Object { type_id: self.element, location: Location::Pieces(pieces.into()), ..self.first.clone() }
    }
}

/// Where the members of all elements lie, by their offset in one. DWARF has them in the order of the source, as the
/// library does; both sort by alignment and keep that.
fn columns(list: &Part<'_, '_>, mut fields: Vec<Field>) -> Formed<Vec<Column>> {
    let (bytes, count) = (list.member("bytes")?.address()?, list.member("len")?.number()?);
    let capacity = list.member("capacity")?.number()?;
    if count > capacity {
        let reason = format!("{count} elements in a list of {capacity} places: not set, or overwritten");
        return Err(Error::Absent(reason).into());
    }
    fields.sort_by_key(|field| Reverse(list.align_of(field.type_id)));
    let mut columns = Vec::new();
    let mut row_bytes = 0u64;
    for field in fields {
        let size = list.size_of(field.type_id)?;
        let at = bytes.saturating_add(row_bytes.saturating_mul(capacity));
        row_bytes = row_bytes.saturating_add(size);
        let first = list.at(at, field.type_id).object;
        columns.push(Column { name: field.name, first, stride: size, size, offset: field.offset });
    }
    list.check_count(capacity, row_bytes, bytes)?;
    list.check_pointer(count, row_bytes, bytes)?;
    columns.sort_by_key(|column| column.offset);
    Ok(columns)
}

/// `u32` and `i8` of `Custom(u32,i8)`.
pub fn arguments(name: &str) -> Vec<&str> {
    let Some((_, inner)) = name.strip_suffix(')').and_then(|name| name.split_once('(')) else { return Vec::new() };
    let mut depth = 0u32;
    inner
        .split(|c: char| {
            match c {
                '(' | '{' | '[' => depth = depth.saturating_add(1),
                ')' | '}' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            c == ',' && depth == 0
        })
        .collect()
}

/// The type between the parentheses of the list's name.
fn element_of(list: &Part<'_, '_>) -> Formed<TypeId> {
    let name = list.found.name.as_deref().unwrap_or_default();
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    let found = inner.and_then(|inner| list.reader.type_named(list.type_id, inner));
    found.map_or_else(|| lacks("a description of its elements"), Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_split_at_their_own_commas() {
        let name = "array_hash_map.Custom([]const u8,error{A,B}!u8,array_hash_map.AutoContext(u32,x),false)";
        assert_eq!(arguments(name), ["[]const u8", "error{A,B}!u8", "array_hash_map.AutoContext(u32,x)", "false"]);
        assert_eq!(arguments("u32"), [""; 0]);
    }
}
