//! Parts of values as their users reach them: elements by index, values by key, what smart pointers point at.
//!
//! Drawn from the same shapes that are printed: what is shown as a sequence can be indexed.

use crate::dwarf::Language;
use crate::dwarf::location::Absence;
use crate::dwarf::types::TypeKind;
use crate::error::{Error, Result};
use crate::limits::MAX_ELEMENTS_WALKED;

use super::object::Object;
use super::present::{Form, present, unwrapped};
use super::pretty::cpp::bits::bit_at;
use super::pretty::part::Part;
use super::read::Reader;
use super::view::{Child, Elements, Label, View};

/// What an object is shown as, for reaching into it.
pub enum Container<'a> {
    /// Elements at equal distances.
    Array(Elements),
    /// Elements that have an order; `count` where it is known.
    Sequence {
        count: Option<u64>,
        children: Box<dyn Iterator<Item = Child> + 'a>,
    },
    Map {
        pairs: Box<dyn Iterator<Item = (Object, Object)> + 'a>,
    },
}

/// The elements or entries of `object`, which may be in wrappers; none for other values.
///
/// # Errors
/// The container cannot be read.
pub fn container<'a>(reader: Reader<'a, '_>, object: &Object) -> Result<Option<Container<'a>>> {
    let (_, mut inner, mut view) = unwrapped(reader, object, Form::Language);
    for _ in 0..MAX_HOLDERS {
        view = match view {
            View::Noted { view, .. } => *view,
            // What a counted pointer owns.
            View::Variant { .. } => match target(reader, &inner).or_else(|| held(reader, &inner)) {
                Some(owned) => {
                    let (_, object, view) = unwrapped(reader, &owned, Form::Language);
                    inner = object;
                    view
                }
                None => return Ok(None),
            },
            view => view,
        };
    }
    match view {
        View::Array(elements) => Ok(Some(Container::Array(elements))),
        View::Text(text) => Ok(text.units.map(Container::Array)),
        View::Items { count, children, .. } => Ok(Some(Container::Sequence { count, children })),
        View::Entries { pairs, .. } => Ok(Some(Container::Map { pairs })),
        // C++'s tuples.
        View::Fields { children, .. } if children.iter().all(|child| matches!(child.label, Label::Index(_))) => {
            let count = Some(children.len() as u64);
            Ok(Some(Container::Sequence { count, children: Box::new(children.into_iter()) }))
        }
        View::Unavailable(error) => Err(error),
        _ => Ok(None),
    }
}

/// How many elements `object` is shown with, bytes of a text of Rust, characters of other texts; none for values that
/// have no elements, or no number of them.
///
/// # Errors
/// The container cannot be read.
pub fn length(reader: Reader<'_, '_>, object: &Object) -> Result<Option<u64>> {
    let counted = |view: View<'_>| match view {
        View::Array(elements) => Ok(Some(elements.count)),
        View::Text(text) => Ok(text.bytes.len().checked_div(usize::from(text.unit_bytes)).map(|count| count as u64)),
        View::Items { count: Some(count), .. } | View::Entries { count: Some(count), .. } => Ok(Some(count)),
        View::Items { count: None, children, .. } => Ok(Some(children.take(MAX_ELEMENTS_WALKED).count() as u64)),
        View::Unavailable(error) => Err(error),
        _ => Ok(None),
    };
    let (_, inner, view) = unwrapped(reader, object, Form::Language);
    match view {
        View::Variant { .. } | View::Noted { .. } => match target(reader, &inner).or_else(|| held(reader, &inner)) {
            Some(owned) => counted(unwrapped(reader, &owned, Form::Language).2),
            None => Ok(None),
        },
        view => counted(view),
    }
}

/// What a cell, lock or iterator holds that is shown with its name; none for other values. Its language asks for it
/// first (`borrow()`, `lock()`), but there is nothing else that could be meant.
pub fn held(reader: Reader<'_, '_>, object: &Object) -> Option<Object> {
    let view = match present(reader, object, Form::Language) {
        View::Noted { view, .. } => *view,
        view => view,
    };
    let View::Variant { name, children, .. } = view else { return None };
    let part = Part::new(reader, object.clone());
    let is_cow = part.base_name() == "Cow" && part.found.language == Language::Rust;
    (is_cow || HOLDERS.contains(&&*name)).then(|| children.into_iter().next().map(|child| child.object)).flatten()
}

/// Whether `object`, which may be in wrappers, is shown as keys and values.
pub fn is_map(reader: Reader<'_, '_>, object: &Object) -> bool {
    matches!(container(reader, object), Ok(Some(Container::Map { .. })))
}

/// The element at `index` of what is shown as a sequence; none for other values. Of arrays, vectors and deques any
/// element costs the same.
///
/// # Errors
/// The index is out of bounds, or the container cannot be read.
pub fn element(reader: Reader<'_, '_>, object: &Object, index: i128) -> Result<Option<Object>> {
    let position = u64::try_from(index).ok();
    let (found, count) = match container(reader, object)? {
        Some(Container::Array(elements)) => {
            (position.filter(|i| *i < elements.count).map(|i| elements.get(i)), Some(elements.count))
        }
        Some(Container::Sequence { count, mut children }) => {
            let position = position.filter(|i| count.is_none_or(|count| *i < count));
            let found = position.and_then(|i| children.nth(usize::try_from(i).ok()?));
            (found.map(|child| child.object), count)
        }
        Some(Container::Map { .. }) | None => return Ok(None),
    };
    let length = count.map(|count| format!(": the length is {count}")).unwrap_or_default();
    found.map(Some).ok_or_else(|| Error::Usage(format!("index {index} is out of bounds{length}")))
}

/// The value whose key `fits`, of what is shown as a map; none for other values. `fits` says none where it cannot tell.
///
/// # Errors
/// `NotFound` if all keys were looked at and none fits; others if that is not known.
pub fn entry(
    reader: Reader<'_, '_>,
    object: &Object,
    fits: impl Fn(&Object) -> Option<bool>,
) -> Result<Option<Object>> {
    let Some(Container::Map { pairs }) = container(reader, object)? else { return Ok(None) };
    let found = first_that_fits(pairs, |(key, _)| key, fits)?;
    found.map(|(_, value)| Some(value)).ok_or_else(|| Error::NotFound("the map has no such key".into()))
}

/// The first of `all` of which what `looked_at` gives fits; none if that is so of none. `fits` says none where it cannot
/// tell.
///
/// # Errors
/// That is not known: something cannot be read or compared, or there is too much.
pub fn first_that_fits<T>(
    all: impl Iterator<Item = T>,
    looked_at: impl Fn(&T) -> &Object,
    fits: impl Fn(&Object) -> Option<bool>,
) -> Result<Option<T>> {
    let mut is_doubtful = false;
    for (count, item) in all.enumerate() {
        if count >= MAX_ELEMENTS_WALKED {
            return Err(Error::Limit(format!("it is none of the first {MAX_ELEMENTS_WALKED} elements")));
        }
        let object = looked_at(&item);
        if let Some(Absence::Unavailable(reason)) = object.absence() {
            return Err(Error::Absent(format!("the rest of the elements cannot be read: {reason}")));
        }
        match fits(object) {
            Some(true) => return Ok(Some(item)),
            Some(false) => {}
            None => is_doubtful = true,
        }
    }
    match is_doubtful {
        true => Err(Error::Absent("it is none of the elements that can be compared with it".into())),
        false => Ok(None),
    }
}

/// What a smart pointer, cell or guard holds; none for other values.
pub fn target(reader: Reader<'_, '_>, object: &Object) -> Option<Object> {
    if let Some(bit) = bit_at(&Part::new(reader, object.clone())) {
        return Some(bit);
    }
    match present(reader, object, Form::Language) {
        View::Wrapped { inner, .. } => Some(inner),
        // An optional of an optional.
        View::Fields { children, .. } if Part::new(reader, object.clone()).base_name() == "optional" => {
            let first = children.into_iter().next()?;
            (first.label == Label::Name("value".into())).then_some(first.object)
        }
        View::Variant { name, children, .. } if OWNERS.contains(&&*name) => {
            let first = children.into_iter().next()?;
            (first.label == Label::Name("value".into())).then_some(first.object)
        }
        View::Noted { view, .. } => match *view {
            View::Wrapped { inner, .. } => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

/// The pointer in a smart pointer or iterator of C++ that is shown as that; none for other values, and for a smart
/// pointer that is shown as what it owns.
pub fn held_pointer(reader: Reader<'_, '_>, object: &Object) -> Option<Object> {
    let part = Part::new(reader, object.clone());
    let name = part.base_name();
    let is_handle =
        matches!(name, "unique_ptr" | "shared_ptr" | "atomic" | "reverse_iterator" | "move_iterator" | "__wrap_iter")
            || name.starts_with("__") && name.ends_with("iterator");
    if part.found.language != Language::Cpp || !is_handle {
        return None;
    }
    let inner = match present(reader, object, Form::Language) {
        View::Wrapped { inner, .. } => inner,
        // Of an array or of what nobody knows.
        View::Variant { children, .. } => {
            let pointer = children.into_iter().next()?;
            (pointer.label == Label::Name("pointer".into()) && name == "shared_ptr").then_some(pointer.object)?
        }
        _ => return None,
    };
    if name == "move_iterator" && matches!(reader.stripped(&inner).1.kind, TypeKind::Record(_)) {
        return held_pointer(reader, &inner);
    }
    let is_pointer = matches!(reader.stripped(&inner).1.kind, TypeKind::Pointer { .. });
    // A pointer that is owned lies elsewhere.
    let is_own = match (inner.address(), object.address()) {
        (Some(inner), Some(outer)) => {
            inner.checked_sub(outer).is_some_and(|distance| reader.size_of(object).is_ok_and(|size| distance < size))
        }
        (Some(_), None) => false,
        (None, _) => true,
    };
    (is_pointer && is_own).then_some(inner)
}

/// The pointer in an owning pointer of C++, whatever that is shown as; none for other values.
pub fn owned_pointer(reader: Reader<'_, '_>, object: &Object) -> Option<Object> {
    let part = Part::new(reader, object.clone());
    let is_owner = matches!(part.base_name(), "unique_ptr" | "shared_ptr") && part.found.language == Language::Cpp;
    if !is_owner || !matches!(super::pretty::formed(reader, object), Some(Ok(_))) {
        return None;
    }
    part.own("__ptr_")?.pointer().ok().map(|(pointer, _)| pointer.object)
}

/// The part of that name that `object` is shown with, though it has no such member: the active field of Zig's tagged
/// unions, the counts of counted pointers.
///
/// # Errors
/// It is a field of a tagged union that is not active.
pub fn shown_part(reader: Reader<'_, '_>, object: &Object, name: &str) -> Result<Option<Object>> {
    let view = match present(reader, object, Form::Language) {
        View::Noted { view, .. } => *view,
        view => view,
    };
    let (View::Fields { children, .. } | View::Variant { children, .. }) = &view else { return Ok(None) };
    if let Some(child) = children.iter().find(|child| child.label == Label::Name(name.into())) {
        return Ok(Some(child.object.clone()));
    }
    let active = match (&view, children.first().map(|child| &child.label)) {
        (View::Fields { .. }, Some(Label::Name(active))) => active.to_string(),
        (View::Variant { name, .. }, _) => name.trim_start_matches('.').to_owned(),
        _ => return Ok(None),
    };
    match Part::new(reader, object.clone()).own("payload").and_then(|payload| payload.own(name)) {
        Some(_) => Err(Error::NotFound(format!("the value is {active}, not {name}"))),
        None => Ok(None),
    }
}

/// The value, which may be in wrappers, is shown as text whose language has a type for it.
pub fn is_text(reader: Reader<'_, '_>, object: &Object) -> bool {
    let (_, mut inner, mut view) = unwrapped(reader, object, Form::Language);
    if let Some(owned) = target(reader, &inner).or_else(|| held(reader, &inner)) {
        (_, inner, view) = unwrapped(reader, &owned, Form::Language);
    }
    matches!(view, View::Text(text) if text.is_utf8) && reader.stripped(&inner).1.language == Language::Rust
}

/// Cells, locks and iterators that are shown with their names. An enumeration may have variants of such names, but
/// those are not held by cells.
const HOLDERS: [&str; 11] = [
    "RefCell", "Mutex", "RwLock", "Cell", "OnceCell", "OnceLock", "LazyCell", "LazyLock", "Iter", "IterMut", "IntoIter",
];

/// Cells and pointers around a container that are looked through.
const MAX_HOLDERS: usize = 6;

/// Pointers that are shown with their counts.
const OWNERS: [&str; 3] = ["Rc", "Arc", "shared_ptr"];
