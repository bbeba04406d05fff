//! `std::map`, `std::set` and their `multi` siblings: red-black trees of nodes that know their children and parent.

use crate::error::Error;
use crate::value::object::Object;
use crate::value::view::{ItemStyle, View};

use super::super::part::{Formed, Part};
use super::super::walk::numbered;
use super::node::{Header, element_type};
use super::pairs::entries;

/// Levels of a red-black tree of 2^64 nodes.
const MAX_HEIGHT: usize = 128;

/// `{["one"] = 1}`, in the order of the keys.
pub fn map<'a>(map: &Part<'a, '_>) -> Formed<View<'a>> {
    let (count, walk) = Walk::of(map)?;
    entries(map, element_type(map)?, Some(count), walk)
}

/// `{1, 2}`, in their order.
pub fn set<'a>(set: &Part<'a, '_>) -> Formed<View<'a>> {
    let (count, walk) = Walk::of(set)?;
    Ok(View::Items { count: Some(count), children: numbered(walk), style: ItemStyle::Set })
}

struct Walk<'a, 'f> {
    owner: Part<'a, 'f>,
    element: crate::dwarf::TypeId,
    offset: u64,
    at: u64,
    end: u64,
    left: u64,
}

impl<'a, 'f> Walk<'a, 'f> {
    fn of(owner: &Part<'a, 'f>) -> Formed<(u64, Self)> {
        let tree = owner.member("__tree_")?;
        let count = tree.find_any(&["__size_", "__pair3_"])?.number()?;
        let at = tree.find("__begin_node_")?.address()?;
        let end = tree.find_any(&["__end_node_", "__pair1_"])?.object.address().unwrap_or(0);
        let element = element_type(owner)?;
        let offset = Header::Tree.offset(owner, element);
        owner.check_count(count, offset, 0)?;
        Ok((count, Walk { owner: owner.clone(), element, offset, at, end, left: count }))
    }

    fn left_of(&self, node: u64) -> Formed<u64> {
        self.owner.word(node)
    }

    fn right_of(&self, node: u64) -> Formed<u64> {
        self.owner.word(node.wrapping_add(self.owner.pointer_bytes()))
    }

    fn parent_of(&self, node: u64) -> Formed<u64> {
        self.owner.word(node.wrapping_add(2 * self.owner.pointer_bytes()))
    }

    /// The node after `node` in the order of the keys.
    fn successor(&self, node: u64) -> Formed<u64> {
        let right = self.right_of(node)?;
        let mut node = node;
        if right != 0 {
            node = right;
            for _ in 0..MAX_HEIGHT {
                match self.left_of(node)? {
                    0 => return Ok(node),
                    left => node = left,
                }
            }
        } else {
            for _ in 0..MAX_HEIGHT {
                let parent = self.parent_of(node)?;
                if self.left_of(parent)? == node {
                    return Ok(parent);
                }
                node = parent;
            }
        }
        Err(Error::Absent(format!("the tree at {node:#x} is deeper than trees get")).into())
    }

    fn stop(&mut self, reason: String) -> Option<Object> {
        self.left = 0;
        Some(self.owner.absent(reason))
    }
}

impl Iterator for Walk<'_, '_> {
    type Item = Object;

    fn next(&mut self) -> Option<Object> {
        if self.left == 0 {
            return None;
        }
        if self.at == 0 || self.at == self.end {
            return self.stop(format!("the tree ends {} elements early", self.left));
        }
        let node = self.at;
        self.left -= 1;
        if self.left > 0 {
            match self.successor(node) {
                Ok(next) => self.at = next,
                Err(refusal) => return self.stop(refusal.reason()),
            }
        }
        Some(self.owner.at(node.wrapping_add(self.offset), self.element).object)
    }
}

/// The node before `node`, which may be the end, in the order of the keys.
///
/// # Errors
/// There is none, or memory is no tree.
pub fn predecessor(owner: &Part<'_, '_>, node: u64) -> Formed<u64> {
    let word = owner.pointer_bytes();
    let right = |node: u64| owner.word(node.wrapping_add(word));
    let left = owner.word(node)?;
    let mut at = node;
    if left != 0 {
        at = left;
        for _ in 0..MAX_HEIGHT {
            match right(at)? {
                0 => return Ok(at),
                further => at = further,
            }
        }
    } else {
        for _ in 0..MAX_HEIGHT {
            let parent = owner.word(at.wrapping_add(2 * word))?;
            if right(parent)? == at {
                return Ok(parent);
            }
            // The end has no parent: what stands there does not know it as its child.
            if owner.word(parent)? != at {
                return Err(Error::Absent("no element is before the first".into()).into());
            }
            at = parent;
        }
    }
    Err(Error::Absent(format!("the tree at {node:#x} is deeper than trees get")).into())
}
