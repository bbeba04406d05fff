//! `BTreeMap` and `BTreeSet`: nodes of up to eleven keys and values; inner nodes have one more edge than keys, and every
//! node knows its parent and its place there. Walked with a path of places, from the leftmost leaf.

use crate::dwarf::types::TypeId;
use crate::value::object::Object;
use crate::value::view::{ItemStyle, View};

use super::super::part::{Formed, Part, lacks};
use super::super::walk::numbered;

/// Keys of one node: twice the tree's order of 6, less one.
const CAPACITY: u64 = 11;

/// Levels of a tree of 2^64 entries whose nodes are as empty as they may be.
const MAX_HEIGHT: u64 = 26;

/// `{key: value}`.
pub fn map<'a>(map: &Part<'a, '_>) -> Formed<View<'a>> {
    let (count, walk) = Walk::of(map)?;
    let absent = map.absent("");
    let pairs = walk.map(move |found| found.unwrap_or_else(|reason| (reason, absent.clone())));
    Ok(View::Entries { count: Some(count), pairs: Box::new(pairs) })
}

/// `{1, 2}`: the keys of a map to nothing.
pub fn set<'a>(set: &Part<'a, '_>) -> Formed<View<'a>> {
    let (count, walk) = Walk::of(&set.member("map")?)?;
    let keys = walk.map(|found| found.map_or_else(|reason| reason, |(key, _)| key));
    Ok(View::Items { count: Some(count), children: numbered(keys), style: ItemStyle::Set })
}

/// Where things lie in a node, and the way to the next entry.
struct Walk<'a, 'f> {
    map: Part<'a, 'f>,
    layout: Layout,
    /// Nodes from the root down, and the place in each that comes next.
    path: Vec<(u64, u64)>,
    height: u64,
    left: u64,
}

#[derive(Clone, Copy)]
struct Layout {
    key: TypeId,
    key_bytes: u64,
    value: TypeId,
    value_bytes: u64,
    keys_at: u64,
    values_at: u64,
    length_at: u64,
    edges_at: u64,
}

impl<'a, 'f> Walk<'a, 'f> {
    fn of(map: &Part<'a, 'f>) -> Formed<(u64, Self)> {
        let count = map.member("length")?.number()?;
        let (key, value) = (map.argument("K")?, map.argument("V")?);
        let root = map.member("root")?;
        let (pointer, node) = root.pointer()?;
        let node = map.at(0, node);
        let layout = Layout::of(&node, key, value)?;
        let mut walk = Walk { map: map.clone(), layout, path: Vec::new(), height: 0, left: count };
        if count > 0 {
            map.check_count(count, layout.key_bytes, 0)?;
            walk.height = height_of(&root)?;
            let address = map.reader.scalar(&pointer.object)?.as_address();
            walk.descend(address, walk.height)?;
        }
        Ok((count, walk))
    }

    /// Down to the leftmost leaf under the node at `address`, which is `height` levels above the leaves.
    fn descend(&mut self, address: u64, height: u64) -> Formed<()> {
        let mut address = address;
        for level in (0..=height).rev() {
            self.path.push((address, 0));
            if level > 0 {
                address = self.map.word(address.wrapping_add(self.layout.edges_at))?;
            }
        }
        Ok(())
    }

    fn length_of(&self, node: u64) -> Formed<u64> {
        let mut bytes = [0u8; 2];
        let at = node.wrapping_add(self.layout.length_at);
        self.map.reader.program.read_memory(self.map.object.instance, at, &mut bytes)?;
        let length = u64::from(u16::from_le_bytes(bytes));
        if length > CAPACITY {
            return Err(crate::error::Error::Absent(format!("the node at {node:#x} has {length} keys")).into());
        }
        Ok(length)
    }

    /// The next entry: the deepest node of the path that has one left.
    fn step(&mut self) -> Formed<Option<(Object, Object)>> {
        let (node, index) = loop {
            let Some((node, index)) = self.path.last().copied() else { return Ok(None) };
            if index < self.length_of(node)? {
                break (node, index);
            }
            self.path.pop();
        };
        if let Some(last) = self.path.last_mut() {
            last.1 += 1;
        }
        let above = self.height.saturating_sub(self.path.len() as u64 - 1);
        let layout = self.layout;
        if above > 0 {
            let edge = layout.edges_at + (index + 1) * self.map.pointer_bytes();
            let child = self.map.word(node.wrapping_add(edge))?;
            self.descend(child, above - 1)?;
        }
        let key = self.map.at(node.wrapping_add(layout.keys_at + index * layout.key_bytes), layout.key);
        let value = self.map.at(node.wrapping_add(layout.values_at + index * layout.value_bytes), layout.value);
        Ok(Some((key.object, value.object)))
    }
}

impl Iterator for Walk<'_, '_> {
    type Item = std::result::Result<(Object, Object), Object>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return None;
        }
        let reason = match self.step() {
            Ok(Some(entry)) => {
                self.left -= 1;
                return Some(Ok(entry));
            }
            Ok(None) => format!("{} further entries are not in the tree", self.left),
            Err(refusal) => refusal.reason(),
        };
        self.left = 0;
        Some(Err(self.map.absent(reason)))
    }
}

impl Layout {
    /// `leaf` is any node; nothing is read of it.
    fn of(leaf: &Part<'_, '_>, key: TypeId, value: TypeId) -> Formed<Self> {
        let place = |part: &Part<'_, '_>| part.object.address().map_or_else(|| lacks("a place"), Ok);
        let parent = leaf.member("parent")?;
        let (_, inner) = parent.pointer()?;
        let inner = leaf.at(0, inner);
        Ok(Layout {
            key,
            key_bytes: leaf.size_of(key)?,
            value,
            value_bytes: leaf.size_of(value)?,
            keys_at: place(&leaf.member("keys")?)?,
            values_at: place(&leaf.member("vals")?)?,
            length_at: place(&leaf.member("len")?)?,
            edges_at: place(&inner.member("edges")?)?,
        })
    }
}

/// Levels between the root and the leaves.
fn height_of(root: &Part<'_, '_>) -> Formed<u64> {
    let height = match root.inside("height") {
        Some(height) => height.number()?,
        // Inside the `Some` of an option.
        None => {
            let Some(record) = root.record() else { return lacks("a height") };
            let variants = record.variants.iter().flat_map(|part| part.variants.iter());
            let some =
                variants.flat_map(|variant| variant.members.iter()).filter_map(|member| root.object.member(member));
            let found = some.map(|object| Part::new(root.reader, object)).find_map(|part| part.inside("height"));
            match found {
                Some(height) => height.number()?,
                None => return lacks("a height"),
            }
        }
    };
    if height > MAX_HEIGHT {
        return Err(crate::error::Error::Absent(format!("a tree of {height} levels: not set, or overwritten")).into());
    }
    Ok(height)
}
