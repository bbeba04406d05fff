//! Collections by enumerator: `EnumSet`, `EnumMap`, `EnumArray`, `EnumMultiset`. Their places are numbered by the
//! enumerators' values in order; of an enumeration that has further values there is one place for each number.

use crate::dwarf::types::{TypeId, TypeKind};
use crate::error::Error;
use crate::value::object::Object;
use crate::value::view::{ItemStyle, View};

use super::super::part::{Formed, Part, lacks};
use super::super::walk::numbered;
use super::bit_set::{Bits, fixed};
use super::multi_array_list::arguments;

/// `.{ .a, .c }`.
pub fn set<'a>(set: &Part<'a, '_>) -> Formed<View<'a>> {
    let (first, count) = fixed(&set.member("bits")?)?;
    let keys = Keys::of(set, count)?;
    let objects = Bits::new(set.reader, first, count).map(move |place| keys.at(place));
    Ok(View::Items { count: None, children: numbered(objects), style: ItemStyle::Set })
}

/// `.{ .a => 1 }`: the values whose bits are set.
pub fn map<'a>(map: &Part<'a, '_>) -> Formed<View<'a>> {
    let (first, count) = fixed(&map.member("bits")?)?;
    let keys = Keys::of(map, count)?;
    let values = Values::of(map)?;
    let pairs = Bits::new(map.reader, first, count).map(move |place| {
        let value = values.at(place.as_ref().copied().unwrap_or(0));
        (keys.at(place), value)
    });
    Ok(View::Entries { count: None, pairs: Box::new(pairs) })
}

/// `.{ .a => 1, .b => 2 }`: all values.
pub fn array<'a>(array: &Part<'a, '_>) -> Formed<View<'a>> {
    let values = Values::of(array)?;
    let keys = Keys::of(array, values.count)?;
    let count = values.count;
    let pairs = (0..count).map(move |place| (keys.at(Ok(place)), values.at(place)));
    Ok(View::Entries { count: Some(count), pairs: Box::new(pairs) })
}

/// How often each is in it.
pub fn counts<'a>(set: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(View::Wrapped { prefix: "", inner: set.member("counts")?.object })
}

/// The enumerators by place.
struct Keys {
    key: TypeId,
    size: u64,
    /// In order; none: the place is the value, counted from `least`.
    values: Option<Vec<i128>>,
    least: i128,
    like: Object,
}

impl Keys {
    /// Of a collection with `count` places.
    fn of(owner: &Part<'_, '_>, count: u64) -> Formed<Self> {
        let name = owner.found.name.as_deref().unwrap_or_default();
        let first = arguments(name).first().copied().unwrap_or_default();
        // Until 0.14: `IndexedSet(enums.EnumIndexer(main.E),…)`.
        let first = first.strip_prefix("enums.EnumIndexer(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(first);
        let Some(key) = owner.reader.type_named(owner.type_id, first) else {
            return lacks("a description of its keys");
        };
        let (_, found) = owner.reader.types().strip(key);
        let TypeKind::Enumeration(enumeration) = &found.kind else { return lacks("an enumeration of its keys") };
        let size = owner.size_of(key)?;
        let mut values: Vec<i128> = enumeration.enumerators.iter().map(|(_, value)| *value).collect();
        values.sort_unstable();
        let is_signed = values.first().is_some_and(|least| *least < 0);
        if values.len() as u64 == count {
            return Ok(Keys { key, size, values: Some(values), least: 0, like: owner.object.clone() });
        }
        if !count.is_power_of_two() || count < values.len() as u64 {
            return lacks("a place for each of its keys");
        }
        let least = if is_signed { -i128::from(count / 2) } else { 0 };
        Ok(Keys { key, size, values: None, least, like: owner.object.clone() })
    }

    fn at(&self, place: Result<u64, Error>) -> Object {
        let value = match (&place, &self.values) {
            (Ok(place), None) => Some(self.least.saturating_add(i128::from(*place))),
            (Ok(place), Some(values)) => usize::try_from(*place).ok().and_then(|place| values.get(place).copied()),
            (Err(_), _) => None,
        };
        let Some(value) = value else {
            let reason = place.err().map_or_else(|| "there is no such key".to_owned(), |error| error.to_string());
            return Object::absent(self.key, reason, self.like.instance);
        };
        let bytes = value.to_le_bytes();
        let computed =
            Object::computed(self.key, bytes.get(..self.size as usize).unwrap_or_default(), self.like.instance);
        Object { provenance: self.like.provenance.clone(), ..computed }
    }
}

/// The values by place.
struct Values {
    first: Object,
    stride: u64,
    count: u64,
}

impl Values {
    fn of(owner: &Part<'_, '_>) -> Formed<Self> {
        let values = owner.member("values")?;
        let TypeKind::Array(array) = &values.found.kind else { return lacks("an array of values") };
        let (element, count) = (array.element, array.count.unwrap_or(0));
        let stride = owner.size_of(element)?;
        Ok(Values { first: values.object.part(element, 0), stride, count })
    }

    fn at(&self, place: u64) -> Object {
        self.first.part(self.first.type_id, place.wrapping_mul(self.stride))
    }
}
