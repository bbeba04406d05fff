//! Smart pointers: what they own, and how many own it with them.

use crate::dwarf::Language;
use crate::dwarf::types::{Encoding, PointerKind, TypeKind};
use crate::value::object::Object;
use crate::value::view::{Child, FieldStyle, Label, View};

use super::super::part::{Formed, Part};

/// `std::unique_ptr`: the object; of arrays, whose length nobody knows, and of null the pointer.
pub fn unique<'a>(pointer: &Part<'a, '_>) -> Formed<View<'a>> {
    let (inner, _) = pointer.member("__ptr_")?.pointer()?;
    let inner = match inner.target()? {
        Some(target) if is_one(pointer, &target) => target.object,
        _ => inner.object,
    };
    Ok(View::Wrapped { prefix: "", inner })
}

/// Whether a smart pointer owns one object that can be shown: no array, nothing that only the deleter knows.
fn is_one(pointer: &Part<'_, '_>, target: &Part<'_, '_>) -> bool {
    let generic = pointer.found.name.as_deref().and_then(crate::value::language::split_generic);
    let is_array = generic.is_some_and(|generic| generic.arguments.first().is_some_and(|first| first.ends_with(']')));
    !is_array && !matches!(target.found.kind, TypeKind::Void)
}

/// `std::shared_ptr`: `shared_ptr {value = …, use_count = 1, weak_count = 0}`; null is the pointer.
pub fn shared<'a>(pointer: &Part<'a, '_>) -> Formed<View<'a>> {
    let value = pointer.member("__ptr_")?;
    match (value.target()?, counts(pointer)?) {
        // The library calls the type `element_type`.
        (Some(target), Some(counts)) if !is_one(pointer, &target) => {
            Ok(counted("shared_ptr", "pointer", plain(pointer, &value)?, counts))
        }
        (Some(target), None) if !is_one(pointer, &target) => {
            Ok(View::Wrapped { prefix: "", inner: plain(pointer, &value)? })
        }
        (Some(target), Some(counts)) => {
            Ok(counted("shared_ptr", "value", target.object.retyped(target.type_id), counts))
        }
        // An aliasing pointer may own nothing.
        (Some(target), None) => Ok(View::Wrapped { prefix: "", inner: target.object.retyped(target.type_id) }),
        (None, _) => Ok(View::Wrapped { prefix: "", inner: value.object }),
    }
}

/// `std::weak_ptr`: the pointer and the counts. The object is not opened: weak pointers are what closes circles.
pub fn weak<'a>(pointer: &Part<'a, '_>) -> Formed<View<'a>> {
    let value = plain(pointer, &pointer.member("__ptr_")?)?;
    match counts(pointer)? {
        Some(counts) => Ok(counted("weak_ptr", "pointer", value, counts)),
        None => Ok(View::Wrapped { prefix: "", inner: value }),
    }
}

/// The pointer in `value`, of a type that is named by what it points at.
fn plain(pointer: &Part<'_, '_>, value: &Part<'_, '_>) -> Formed<Object> {
    let (value, target) = value.pointer()?;
    let types = pointer.reader.types();
    let bytes = pointer.pointer_bytes() as u8;
    let plain = types.pointer_to(types.strip(target).0, PointerKind::Pointer, bytes, Language::Cpp);
    Ok(value.object.retyped(plain))
}

fn counted<'a>(name: &str, label: &str, object: Object, counts: Vec<Child>) -> View<'a> {
    let children = [vec![child(label, object)], counts].concat();
    View::Variant { name: name.into(), children, style: FieldStyle::Named }
}

fn child(name: &str, object: Object) -> Child {
    Child { label: Label::Name(name.into()), object }
}

/// The counts of the control block; none without one. Owners are counted from -1, and so are weak pointers once the
/// last owner is gone: all owners together count as one of those. The block's class is known to the library alone: a
/// vtable pointer and two counts of C's `long`.
fn counts(pointer: &Part<'_, '_>) -> Formed<Option<Vec<Child>>> {
    let control = pointer.member("__cntrl_")?.address()?;
    if control == 0 {
        return Ok(None);
    }
    let word = pointer.pointer_bytes();
    let long = pointer.reader.types().base("long", Encoding::Signed, word, Language::Cpp);
    let count = |index: u64| pointer.at(control.wrapping_add(index * word), long);
    let (owners, weak) = (count(1), count(2));
    let one_more = |count: &Part<'_, '_>| -> Formed<Object> {
        let number = count.signed()?.saturating_add(1).to_le_bytes();
        let bytes = number.get(..word as usize).unwrap_or_default();
        let seen = Object::computed(long, bytes, pointer.object.instance);
        Ok(Object { provenance: count.object.provenance.clone(), ..seen })
    };
    let weak_count = if owners.signed()? == -1 { one_more(&weak)? } else { weak.object };
    Ok(Some(vec![child("use_count", one_more(&owners)?), child("weak_count", weak_count)]))
}
