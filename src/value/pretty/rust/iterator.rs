//! Iterators over elements that lie side by side, and over text: what is still to come.

use crate::dwarf::types::{Encoding, TypeId, TypeKind};
use crate::error::Error;
use crate::value::object::Object;
use crate::value::view::{Child, FieldStyle, Label, View};

use super::super::part::{Formed, Part, lacks};

/// `Iter([2, 3])` of `slice::Iter` and `IterMut`: from `ptr` to `end_or_len`, which of elements without a size is their
/// number.
pub fn slice<'a>(iterator: &Part<'a, '_>) -> Formed<View<'a>> {
    let elements = rest(iterator, &iterator.member("end_or_len")?)?;
    Ok(named(iterator, elements))
}

/// `IntoIter(["b"])` of `vec::IntoIter`.
pub fn owned<'a>(iterator: &Part<'a, '_>) -> Formed<View<'a>> {
    let elements = rest(iterator, &iterator.member("end")?)?;
    Ok(named(iterator, elements))
}

/// `Chars("rest")`: bytes of UTF-8.
pub fn chars<'a>(chars: &Part<'a, '_>) -> Formed<View<'a>> {
    let bytes = chars.member("iter")?;
    let text = chars.reader.types().base("str", Encoding::Utf, 1, chars.found.language);
    let elements = rest_as(&bytes, &bytes.member("end_or_len")?, text)?;
    Ok(named(chars, elements))
}

/// `Drain([2])` of `vec::Drain`: what is still to be taken out.
pub fn drain<'a>(drain: &Part<'a, '_>) -> Formed<View<'a>> {
    let iterator = drain.member("iter")?;
    Ok(named(drain, rest(&iterator, &iterator.member("end_or_len")?)?))
}

/// `Args(["program"])`, `ArgsOs`: the arguments that are left.
pub fn arguments<'a>(arguments: &Part<'a, '_>) -> Formed<View<'a>> {
    let iterator = arguments.find("iter")?;
    Ok(named(arguments, rest(&iterator, &iterator.member("end")?)?))
}

/// `Bytes("rest")` of `str::Bytes`.
pub fn bytes<'a>(bytes: &Part<'a, '_>) -> Formed<View<'a>> {
    let inner = bytes.find("it")?;
    let text = bytes.reader.types().base("str", Encoding::Utf, 1, bytes.found.language);
    Ok(named(bytes, rest_as(&inner, &inner.member("end_or_len")?, text)?))
}

/// `IntoIter([2, 3])` of `array::IntoIter`: those of its array that are alive.
pub fn array<'a>(iterator: &Part<'a, '_>) -> Formed<View<'a>> {
    let (alive, data) = (iterator.find("alive")?, iterator.find("data")?);
    let (start, end) = (alive.member("start")?.number()?, alive.member("end")?.number()?);
    let TypeKind::Array(array) = &data.found.kind else { return lacks("an array") };
    let (room, element) = (array.count.unwrap_or(0), iterator.argument("T")?);
    let Some(count) = end.checked_sub(start).filter(|_| end <= room) else {
        let reason = format!("elements {start} to {end} of {room}: not set, or overwritten");
        return Err(Error::Absent(reason).into());
    };
    let stride = iterator.size_of(element)?;
    let array = iterator.reader.types().array_of(element, Some(count), iterator.found.language);
    Ok(named(iterator, data.object.part(array, start.wrapping_mul(stride))))
}

/// `IntoIter([1, 2])` of collections that are iterated as themselves.
pub fn collection<'a>(iterator: &Part<'a, '_>) -> Formed<View<'a>> {
    let inner = iterator.own("inner").or_else(|| iterator.own("list"));
    inner.map_or_else(|| lacks("a collection"), |inner| Ok(named(iterator, inner.object)))
}

/// `Split("b,c")`, `Lines`, `SplitWhitespace`: the text that is left to take apart.
pub fn split<'a>(split: &Part<'a, '_>) -> Formed<View<'a>> {
    let (start, end) = (split.find("start")?.number()?, split.find("end")?.number()?);
    let (haystack, finished) = (split.find("haystack")?, split.find("finished")?.number()? != 0);
    let (address, length) = (haystack.member("data_ptr")?.address()?, haystack.member("length")?.number()?);
    let Some(count) = end.checked_sub(start).filter(|_| end <= length) else {
        let reason = format!("bytes {start} to {end} of {length}: not set, or overwritten");
        return Err(Error::Absent(reason).into());
    };
    let count = if finished { 0 } else { count };
    split.check_count(length, 1, address)?;
    let unit = split.reader.types().base("str", Encoding::Utf, 1, split.found.language);
    let text = split.reader.types().array_of(unit, Some(count), split.found.language);
    Ok(named(split, split.at(address.wrapping_add(start), text).object))
}

fn named<'a>(iterator: &Part<'a, '_>, elements: Object) -> View<'a> {
    let children = vec![Child { label: Label::Name("__0".into()), object: elements }];
    View::Variant { name: iterator.base_name().into(), children, style: FieldStyle::Tuple }
}

fn rest(iterator: &Part<'_, '_>, end: &Part<'_, '_>) -> Formed<Object> {
    let element = iterator.argument("T")?;
    rest_as(iterator, end, element)
}

fn rest_as(iterator: &Part<'_, '_>, end: &Part<'_, '_>, element: TypeId) -> Formed<Object> {
    let first = iterator.member("ptr")?.address()?;
    let end = end.number()?;
    let count = match iterator.size_of(element)? {
        // Of a vector's elements without a size, the distance is their number.
        0 if iterator.base_name() == "IntoIter" => end.wrapping_sub(first),
        0 => end,
        stride => match end.checked_sub(first).filter(|bytes| bytes % stride == 0) {
            Some(bytes) => bytes / stride,
            None => return lacks("an end behind its start"),
        },
    };
    iterator.check_count(count, iterator.size_of(element)?, first)?;
    let array = iterator.reader.types().array_of(element, Some(count), iterator.found.language);
    Ok(iterator.at(first, array).object)
}
