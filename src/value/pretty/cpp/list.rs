//! `std::list` and `std::forward_list`: nodes that name the next one.

use crate::value::view::{ItemStyle, View};

use super::super::part::{Formed, Part};
use super::super::walk::{Chain, Step, numbered};
use super::node::{Header, element_type};

/// `{1, 2, 3}`: from the node after the one in the list to that one again.
pub fn list<'a>(list: &Part<'a, '_>) -> Formed<View<'a>> {
    let sentinel = list.find("__end_")?;
    let count = list.find_any(&["__size_", "__size_alloc_"])?.number()?;
    let pointer = list.pointer_bytes();
    list.check_count(count, 2 * pointer, 0)?;
    let first = sentinel.find("__next_")?.address()?;
    let end = sentinel.object.address().unwrap_or(0);
    nodes(list, Nodes { first, end, count: Some(count), header: Header::Double, next_at: pointer })
}

/// `{1, 2, 3}`: to a null link.
pub fn forward_list<'a>(list: &Part<'a, '_>) -> Formed<View<'a>> {
    let first = list.find("__before_begin_")?.find("__next_")?.address()?;
    nodes(list, Nodes { first, end: 0, count: None, header: Header::Forward, next_at: 0 })
}

/// A chain of nodes.
pub struct Nodes {
    pub first: u64,
    pub end: u64,
    pub count: Option<u64>,
    pub header: Header,
    /// Bytes from a node to its link.
    pub next_at: u64,
}

/// The elements of a chain, of the type that the container allocates.
pub fn nodes<'a>(owner: &Part<'a, '_>, nodes: Nodes) -> Formed<View<'a>> {
    let element = element_type(owner)?;
    let offset = nodes.header.offset(owner, element);
    let (reader, ends) = (owner.clone(), owner.clone());
    let step = move |at: u64| {
        let next = reader.word(at.wrapping_add(nodes.next_at)).map_err(|refusal| refusal.reason())?;
        Ok(Step { next, object: reader.at(at.wrapping_add(offset), element).object })
    };
    let chain = Chain::new(nodes.first, nodes.end, nodes.count, step, move |reason| ends.absent(reason));
    Ok(View::Items { count: nodes.count, children: numbered(chain), style: ItemStyle::Sequence })
}
