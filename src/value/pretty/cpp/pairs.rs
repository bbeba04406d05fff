//! Elements that are pairs, as keys and values.

use crate::dwarf::types::TypeId;
use crate::value::object::Object;
use crate::value::view::View;

use super::super::part::{Formed, Part, lacks};

/// Where key and value lie in a pair.
#[derive(Clone, Copy)]
struct Layout {
    first: (TypeId, u64),
    second: (TypeId, u64),
}

impl Layout {
    /// Of the type `pair`; nothing is read.
    fn of(owner: &Part<'_, '_>, pair: TypeId) -> Formed<Self> {
        let sample = owner.at(0, pair);
        // Before LLVM 20, maps wrapped their pairs once more.
        let sample = sample.own("__cc_").or_else(|| sample.own("__cc")).unwrap_or(sample);
        let place = |part: &Part<'_, '_>| match part.object.address() {
            Some(at) => Ok((part.object.type_id, at)),
            None => lacks("a place in the pair"),
        };
        Ok(Layout { first: place(&sample.member("first")?)?, second: place(&sample.member("second")?)? })
    }
}

/// `elements`, whose type is `pair`, as entries of a map; an absent one keeps its reason.
pub fn entries<'a>(
    owner: &Part<'a, '_>,
    pair: TypeId,
    count: Option<u64>,
    elements: impl Iterator<Item = Object> + 'a,
) -> Formed<View<'a>> {
    let layout = Layout::of(owner, pair)?;
    let split = move |element: Object| {
        if element.absence().is_some() {
            return (element.clone(), element);
        }
        let part = |(type_id, offset): (TypeId, u64)| element.part(type_id, offset);
        (part(layout.first), part(layout.second))
    };
    Ok(View::Entries { count, pairs: Box::new(elements.map(split)) })
}
