//! Iterators: a pointer to the element. Whether there is one is not known: an iterator may be at the end.

use crate::dwarf::types::{PointerKind, TypeId};
use crate::value::object::Object;
use crate::value::view::View;

use super::super::part::{Formed, Part, lacks};
use super::node::Header;
use super::{deque, tree};

fn wrapped<'a>(inner: Object) -> Formed<View<'a>> {
    Ok(View::Wrapped { prefix: "", inner })
}

/// Of `std::vector`, `std::string`, `std::deque`: the pointer in it.
pub fn plain<'a>(iterator: &Part<'a, '_>) -> Formed<View<'a>> {
    wrapped(iterator.find_any(&["__ptr_", "__i_", "__i", "__ptr"])?.pointer()?.0.object)
}

/// `std::move_iterator`: the iterator in it.
pub fn moving<'a>(iterator: &Part<'a, '_>) -> Formed<View<'a>> {
    wrapped(iterator.find_any(&["__current_", "current"])?.object)
}

/// The other way round: a pointer to the element in front of the one that the iterator holds.
pub fn reverse<'a>(iterator: &Part<'a, '_>) -> Formed<View<'a>> {
    let held = iterator.find("current")?;
    let held = if held.base_name() == "__map_iterator" { held.member("__i_")? } else { held };
    let node = |node: Formed<u64>, header: Header| -> Formed<View<'a>> {
        let element = element_of(&held)?;
        let address = node?.wrapping_add(header.offset(&held, element));
        wrapped(pointer_to(iterator, element, address))
    };
    match held.base_name() {
        "__tree_iterator" | "__tree_const_iterator" => {
            node(tree::predecessor(&held, held.member("__ptr_")?.number()?), Header::Tree)
        }
        "__list_iterator" | "__list_const_iterator" => {
            node(held.word(held.member("__ptr_")?.number()?), Header::Double)
        }
        "__deque_iterator" => {
            let (_, target) = held.member("__ptr_")?.pointer()?;
            let address = deque::before(&held, held.size_of(target)?)?;
            wrapped(pointer_to(iterator, target, address))
        }
        _ if held.record().is_some() && held.base_name() != "__wrap_iter" => lacks("a pointer"),
        _ => {
            let (pointer, target) = held.pointer()?;
            let size = iterator.size_of(target)?;
            let address = iterator.reader.scalar(&pointer.object)?.as_address().wrapping_sub(size);
            wrapped(pointer_to(iterator, target, address))
        }
    }
}

fn pointer_to(iterator: &Part<'_, '_>, target: TypeId, address: u64) -> Object {
    let bytes = iterator.pointer_bytes() as u8;
    let types = iterator.reader.types();
    let pointer = types.pointer_to(target, PointerKind::Pointer, bytes, iterator.found.language);
    let address = address.to_le_bytes();
    let object =
        Object::computed(pointer, address.get(..usize::from(bytes)).unwrap_or_default(), iterator.object.instance);
    Object { provenance: iterator.object.provenance.clone(), ..object }
}

/// Of `std::map` and `std::set`.
pub fn tree<'a>(iterator: &Part<'a, '_>) -> Formed<View<'a>> {
    node(iterator, Header::Tree)
}

/// Of `std::list` and of the hash tables.
pub fn double<'a>(iterator: &Part<'a, '_>) -> Formed<View<'a>> {
    node(iterator, Header::Double)
}

/// Of `std::forward_list`.
pub fn forward<'a>(iterator: &Part<'a, '_>) -> Formed<View<'a>> {
    node(iterator, Header::Forward)
}

fn node<'a>(iterator: &Part<'a, '_>, header: Header) -> Formed<View<'a>> {
    let element = element_of(iterator)?;
    let node = iterator.find_any(&["__ptr_", "__node_"])?.number()?;
    wrapped(pointer_to(iterator, element, node.wrapping_add(header.offset(iterator, element))))
}

/// The element's type: what the library calls `value_type` (the iterator's own argument may be a type that is only
/// declared); else the iterator's argument, a node's, or those of the iterator that it wraps.
fn element_of(iterator: &Part<'_, '_>) -> Formed<TypeId> {
    if let Some(inner) = iterator.own("__i_") {
        return element_of(&inner);
    }
    let element = match iterator.type_called("value_type") {
        // The iterator's own name for it says less than the type's.
        Some(element) => iterator.reader.types().strip(element).0,
        None => argument_of(iterator)?,
    };
    // The place of an element follows from its alignment.
    iterator.size_of(element).map(|_| element)
}

fn argument_of(iterator: &Part<'_, '_>) -> Formed<TypeId> {
    let argument = iterator.argument_at(0)?;
    let part = iterator.at(0, argument);
    // Iterators of hash tables have the pointer to the node as their argument.
    match part.pointer() {
        Ok((_, node)) if part.found.size_bytes == Some(iterator.pointer_bytes()) && part.record().is_none() => {
            iterator.at(0, node).argument_at(0)
        }
        _ => Ok(argument),
    }
}
