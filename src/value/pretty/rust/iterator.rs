//! Iterators over elements that lie side by side: those that are still to come.

use crate::dwarf::types::{Encoding, TypeId};
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
