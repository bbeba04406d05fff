//! `LinkedList<T>`: nodes that name the next one.

use crate::value::view::{ItemStyle, View};

use super::super::part::{Formed, Part, lacks};
use super::super::walk::{Chain, Step, numbered};

/// `[1, 2, 3]`.
pub fn view<'a>(list: &Part<'a, '_>) -> Formed<View<'a>> {
    let count = list.member("len")?.number()?;
    let (head, node) = list.member("head")?.pointer()?;
    let first = list.reader.scalar(&head.object)?.as_address();
    list.check_count(count, list.size_of(node)?, 0)?;
    if list.at(0, node).inside("element").is_none() {
        return lacks("an element in the nodes");
    }
    let (nodes, ends) = (list.clone(), list.clone());
    let step = move |at: u64| {
        let node = nodes.at(at, node);
        let next = node.member("next").and_then(|next| next.address()).map_err(|refusal| refusal.reason())?;
        let element = node.member("element").map_err(|refusal| refusal.reason())?;
        Ok(Step { next, object: element.object })
    };
    let chain = Chain::new(first, 0, Some(count), step, move |reason| ends.absent(reason));
    Ok(View::Items { count: Some(count), children: numbered(chain), style: ItemStyle::Sequence })
}
