//! `std::unordered_map`, `std::unordered_set` and their `multi` siblings: all nodes in one chain, buckets only point into
//! it.

use crate::value::view::{ItemStyle, View};

use super::super::part::{Formed, Part, lacks};
use super::list::{Nodes, nodes};
use super::node::{Header, element_type};
use super::pairs::entries;

/// `{["one"] = 1}`, in the order of the chain.
pub fn map<'a>(map: &Part<'a, '_>) -> Formed<View<'a>> {
    match elements(map)? {
        View::Items { count, children, .. } => {
            entries(map, element_type(map)?, count, children.map(|child| child.object))
        }
        _ => lacks("elements"),
    }
}

/// `{1, 2}`, in the order of the chain.
pub fn set<'a>(set: &Part<'a, '_>) -> Formed<View<'a>> {
    match elements(set)? {
        View::Items { count, children, .. } => Ok(View::Items { count, children, style: ItemStyle::Set }),
        _ => lacks("elements"),
    }
}

fn elements<'a>(owner: &Part<'a, '_>) -> Formed<View<'a>> {
    let table = owner.member("__table_")?;
    let first = table.find_any(&["__first_node_", "__p1_"])?.find("__next_")?.address()?;
    let count = table.find_any(&["__size_", "__p2_"])?.number()?;
    owner.check_count(count, 2 * owner.pointer_bytes(), 0)?;
    nodes(owner, Nodes { first, end: 0, count: Some(count), header: Header::Double, next_at: 0 })
}
