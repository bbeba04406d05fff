//! `Rc<T>` and `Arc<T>` with their counts, and `Weak<T>` of both. The counts stand in front of the value, in one
//! allocation; the weak count has one more as long as a strong one is left.

use crate::dwarf::types::{Encoding, PointerKind, TypeId};
use crate::value::object::Object;
use crate::value::view::{Child, FieldStyle, Label, View};

use super::super::part::{Formed, Part, lacks, null};
use super::slice::pointee;

/// `Rc {value: …, strong: 2, weak: 0}`.
pub fn view<'a>(counted: &Part<'a, '_>) -> Formed<View<'a>> {
    let Some(shared) = counted.target()? else { return null() };
    let value = value_of(counted, &shared)?;
    let children = [vec![child("value", value)], counts(&shared)?].concat();
    let view = View::Variant { name: counted.base_name().into(), children, style: FieldStyle::Named };
    // Whoever holds one counts.
    if shared.find("strong")?.number()? == 0 {
        return Ok(View::Noted { view: Box::new(view), note: "the strong count is 0: dropped, or overwritten".into() });
    }
    Ok(view)
}

/// `Weak {pointer: 0x…, strong: 2, weak: 1}`; one that never had a value has no counts. The value is not opened:
/// weak pointers are what closes circles.
pub fn weak<'a>(weak: &Part<'a, '_>) -> Formed<View<'a>> {
    let name = "Weak".into();
    let all_ones = if weak.pointer_bytes() == 8 { u64::MAX } else { u64::from(u32::MAX) };
    match weak.target()? {
        Some(shared) if shared.object.address() != Some(all_ones) => {
            let children = [vec![child("pointer", pointer_to_value(weak, &shared)?)], counts(&shared)?].concat();
            Ok(View::Variant { name, children, style: FieldStyle::Named })
        }
        Some(_) => Ok(View::Variant { name, children: Vec::new(), style: FieldStyle::Unit }),
        None => null(),
    }
}

/// Where the value is, behind the counts.
fn pointer_to_value(weak: &Part<'_, '_>, shared: &Part<'_, '_>) -> Formed<Object> {
    let value = shared.own("value").or_else(|| shared.own("data"));
    let (pointer, _) = weak.pointer()?;
    let (Some(value), None) = (value, weak.inside("length").or_else(|| weak.inside("vtable"))) else {
        return Ok(pointer.object);
    };
    let Some(address) = value.object.address() else { return Ok(pointer.object) };
    let bytes = weak.pointer_bytes() as u8;
    let types = weak.reader.types();
    let kind = types.pointer_to(value.object.type_id, PointerKind::Pointer, bytes, weak.found.language);
    let address = address.to_le_bytes();
    let object = Object::computed(kind, address.get(..usize::from(bytes)).unwrap_or_default(), weak.object.instance);
    Ok(Object { provenance: weak.object.provenance.clone(), ..object })
}

/// What the pointer owns.
pub fn value_of(counted: &Part<'_, '_>, shared: &Part<'_, '_>) -> Formed<Object> {
    let Some(value) = shared.own("value").or_else(|| shared.own("data")) else {
        return lacks("a value behind the counts");
    };
    let name = counted.found.name.as_deref().unwrap_or_default();
    if let Some(vtable) = counted.inside("vtable") {
        return dynamic_value(counted, shared, vtable.address()?);
    }
    let Some(length) = counted.inside("length") else { return Ok(value.object) };
    let length = length.number()?;
    let Some(address) = value.object.address() else { return lacks("a place of the value") };
    let element = if pointee(name) == "str" { character(counted) } else { value.type_id };
    counted.check_count(length, counted.size_of(element)?, address)?;
    let types = counted.reader.types();
    Ok(counted.at(address, types.array_of(element, Some(length), value.found.language)).object)
}

/// A text without a pointer to it has no type in DWARF: it gets one of characters of one byte, which Rust itself
/// does not have.
fn character(counted: &Part<'_, '_>) -> TypeId {
    counted.reader.types().base("str", Encoding::Utf, 1, counted.found.language)
}

/// The value of an `Rc<dyn Trait>`: its type is the vtable's, its place follows from its alignment.
fn dynamic_value(counted: &Part<'_, '_>, shared: &Part<'_, '_>, vtable: u64) -> Formed<Object> {
    let found = counted.reader.vtable_type(&counted.object, counted.type_id, vtable);
    let (Some(concrete), Some(start)) = (found, shared.object.address()) else {
        return lacks("a description of the vtable");
    };
    let word = counted.pointer_bytes();
    // The third word of a vtable is the alignment.
    let align = counted.word(vtable.saturating_add(2 * word))?;
    let address = start.checked_add(2 * word).and_then(|counts| counts.checked_next_multiple_of(align.max(1)));
    match address {
        Some(address) => Ok(counted.at(address, concrete).object),
        None => lacks("an alignment"),
    }
}

/// The two counts, as numbers that programs see.
fn counts(shared: &Part<'_, '_>) -> Formed<Vec<Child>> {
    let strong = shared.find("strong")?.leaf()?;
    let weak = shared.find("weak")?.leaf()?;
    let extra = u64::from(strong.number()? > 0);
    let seen = weak.number()?.saturating_sub(extra).to_le_bytes();
    let size = shared.size_of(weak.type_id)?.min(8) as usize;
    let weak = Object {
        provenance: weak.object.provenance.clone(),
        ..Object::computed(weak.type_id, seen.get(..size).unwrap_or_default(), weak.object.instance)
    };
    Ok(vec![child("strong", strong.object), child("weak", weak)])
}

fn child(name: &str, object: Object) -> Child {
    Child { label: Label::Name(name.into()), object }
}
