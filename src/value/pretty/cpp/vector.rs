//! `std::vector`, `std::array`, `std::span`, `std::initializer_list`: elements side by side.

use crate::error::Error;
use crate::value::language::split_generic;
use crate::value::view::View;

use super::super::part::{Formed, Part, lacks};

/// `{1, 2, 3}`: from `__begin_` to `__end_`.
pub fn view<'a>(vector: &Part<'a, '_>) -> Formed<View<'a>> {
    let begin = vector.find("__begin_")?;
    let (_, element) = begin.pointer()?;
    let first = begin.address()?;
    let count = match vector.inside("__end_") {
        Some(end) => count_between(vector, first, end.address()?, vector.size_of(element)?)?,
        None => vector.find("__size_")?.number()?,
    };
    vector.array(first, element, count)
}

fn count_between(vector: &Part<'_, '_>, first: u64, end: u64, stride: u64) -> Formed<u64> {
    let bytes = end.checked_sub(first).filter(|bytes| stride > 0 && bytes % stride == 0);
    let broken = || Error::Absent(format!("a vector from {first:#x} to {end:#x}: not set, or overwritten"));
    let count = bytes.map(|bytes| bytes / stride.max(1)).ok_or_else(broken)?;
    vector.check_count(count, stride, first)?;
    Ok(count)
}

/// `std::array`: the array in it.
pub fn array<'a>(array: &Part<'a, '_>) -> Formed<View<'a>> {
    let elements = array.member("__elems_")?;
    // An array of none has room for one, of a type of its own.
    if extent(array.found.name.as_deref().unwrap_or_default()) == Some(0) {
        return array.array(0, array.argument_at(0)?, 0);
    }
    if elements.size_of(elements.type_id).unwrap_or(0) == 0 {
        return lacks("elements");
    }
    Ok(View::Wrapped { prefix: "", inner: elements.object })
}

/// `std::span`: a pointer and a length, which may be part of the type.
pub fn span<'a>(span: &Part<'a, '_>) -> Formed<View<'a>> {
    let data = span.find_any(&["__data_", "__data"])?;
    let (_, element) = data.pointer()?;
    let count = match span.inside("__size_").or_else(|| span.inside("__size")) {
        Some(size) => size.number()?,
        None => match extent(span.found.name.as_deref().unwrap_or_default()) {
            Some(extent) => extent,
            None => return lacks("an extent"),
        },
    };
    span.array(data.address()?, element, count)
}

/// `4` of `span<int, 4UL>`.
pub fn extent(name: &str) -> Option<u64> {
    let generic = split_generic(name)?;
    generic.arguments.last()?.trim_end_matches(['U', 'L', 'u', 'l']).parse().ok()
}

/// `std::initializer_list`.
pub fn initializer_list<'a>(list: &Part<'a, '_>) -> Formed<View<'a>> {
    let begin = list.find_any(&["__begin_", "_M_array"])?;
    let (_, element) = begin.pointer()?;
    list.array(begin.address()?, element, list.find_any(&["__size_", "_M_len"])?.number()?)
}

/// `std::stack`, `std::queue`: the container in it.
pub fn adaptor<'a>(adaptor: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(View::Wrapped { prefix: "", inner: adaptor.member("c")?.object })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extent_is_the_last_argument_whatever_its_suffix() {
        assert_eq!(extent("span<int, 4UL>"), Some(4));
        assert_eq!(extent("span<std::pair<int, int>, 16>"), Some(16));
        assert_eq!(extent("span<int>"), None);
    }
}
