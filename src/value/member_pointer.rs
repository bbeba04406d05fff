//! C++'s pointers to members: to data the distance from the object's start, to functions a place in the table or in
//! the vtable (Itanium C++ ABI, section 2.3, in the form that it has for ARM and WebAssembly: the lowest bit of the
//! adjustment, not of the pointer, says that a function is virtual).

use std::rc::Rc;

use crate::dwarf::types::{MemberPlace, TypeId, TypeKind};
use crate::error::Result;
use crate::limits::{MAX_LAYOUT_DEPTH, MAX_LAYOUT_MEMBERS};

use super::object::Object;
use super::read::Reader;
use super::scalar::{Scalar, ScalarKind};
use super::view::View;

/// The pointer to a member that `object` is, with what it points to.
///
/// # Errors
/// It cannot be read.
pub fn member_pointer<'a>(reader: Reader<'a, '_>, object: &Object, target: TypeId, class: TypeId) -> Result<View<'a>> {
    let value = Scalar::from_bytes(&reader.bytes(object, reader.size_of(object)?.min(16))?, ScalarKind::Pointer);
    let half_bits = value.size_bits / 2;
    let half =
        Scalar { bits: value.bits & !(u128::MAX.checked_shl(half_bits).unwrap_or(0)), size_bits: half_bits, ..value };
    let is_function = matches!(reader.types().strip(target).1.kind, TypeKind::Function(_));
    let text = match is_function && half.size_bits > 0 {
        true => method(reader, object, class, (value, half)),
        false => data(reader, class, value),
    };
    Ok(View::MemberPointer { value, text: text.into(), is_function })
}

fn data(reader: Reader<'_, '_>, class: TypeId, value: Scalar) -> String {
    // No member lies at -1.
    if value.bits == u128::MAX >> (128 - value.size_bits.clamp(1, 128)) {
        return "NULL".into();
    }
    let offset = value.as_address();
    let mut budget = MAX_LAYOUT_MEMBERS;
    match member_at(reader, class, offset, MAX_LAYOUT_DEPTH, &mut budget) {
        Some(name) => format!("&{name}"),
        None => format!("{offset:#x}"),
    }
}

/// `Point::y`: the member of the class, or of one of its bases, at an offset in bytes.
fn member_at(reader: Reader<'_, '_>, class: TypeId, offset: u64, depth: usize, budget: &mut usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let (id, found) = reader.types().strip(class);
    let TypeKind::Record(record) = &found.kind else { return None };
    *budget = budget.checked_sub(record.members.len() + 1)?;
    let named = record.members.iter().find(|member| {
        member.place == MemberPlace::Offset(offset) && !member.is_base && !member.artificial && member.name.is_some()
    });
    if let Some(name) = named.and_then(|member| member.name.as_deref()) {
        let class = reader.types().qualified_name(id)?;
        return Some(format!("{class}::{name}"));
    }
    record.members.iter().filter(|member| member.is_base || member.name.is_none()).find_map(|member| {
        let MemberPlace::Offset(start) = member.place else { return None };
        member_at(reader, member.type_id, offset.checked_sub(start)?, depth, budget)
    })
}

fn method(reader: Reader<'_, '_>, object: &Object, class: TypeId, (value, pointer): (Scalar, Scalar)) -> String {
    let adjustment = value.bits.checked_shr(pointer.size_bits).unwrap_or(0);
    let address = pointer.as_address();
    let word_bytes = u64::from(pointer.size_bits / 8).max(1);
    if adjustment & 1 == 1 {
        let mut budget = MAX_LAYOUT_MEMBERS;
        let name = virtual_method(reader, class, address / word_bytes, MAX_LAYOUT_DEPTH, &mut budget);
        return match name {
            Some(name) => format!("&virtual {name}"),
            None => format!("&virtual table offset {address}"),
        };
    }
    match (address, reader.program.table_function_name(object.instance, address)) {
        (0, _) => "NULL".into(),
        (_, Some(name)) => format!("{address:#x} <{name}>"),
        (_, None) => format!("{address:#x}"),
    }
}

/// The virtual function of the class, or of its first bases, at a place in the vtable.
fn virtual_method(
    reader: Reader<'_, '_>,
    class: TypeId,
    index: u64,
    depth: usize,
    budget: &mut usize,
) -> Option<Rc<str>> {
    let depth = depth.checked_sub(1)?;
    let (id, found) = reader.types().strip(class);
    let TypeKind::Record(record) = &found.kind else { return None };
    let listing = reader.types().class_listing(id).ok()?;
    *budget = budget.checked_sub(listing.methods.len() + 1)?;
    if let Some(method) = listing.methods.iter().find(|method| method.vtable_index == Some(index)) {
        let class = reader.types().qualified_name(id)?;
        return Some(format!("{class}::{}", method.name).into());
    }
    // The vtable begins as that of the base at the class's start does.
    let is_first = |member: &&crate::dwarf::types::Member| member.is_base && member.place == MemberPlace::Offset(0);
    record
        .members
        .iter()
        .filter(is_first)
        .find_map(|member| virtual_method(reader, member.type_id, index, depth, budget))
}
