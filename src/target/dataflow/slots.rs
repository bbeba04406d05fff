//! A vector that is copied in no time and compared with its copies quickly: states of the dataflow differ in few
//! places.
//!
//! A tree of shared nodes, of which a write copies those on its way. A function of an unoptimised program has
//! thousands of locals and as many branches, each of which needs a state of its own.

use std::rc::Rc;

/// Entries of one node.
const FANOUT: usize = 16;

/// A subtree: nothing was written in an empty one.
#[derive(Debug, Clone, Default)]
enum Tree<T> {
    #[default]
    Empty,
    Leaf(Rc<[T; FANOUT]>),
    Branch(Rc<[Tree<T>; FANOUT]>),
}

impl<T> Tree<T> {
    fn is_shared_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Tree::Empty, Tree::Empty) => true,
            (Tree::Leaf(a), Tree::Leaf(b)) => Rc::ptr_eq(a, b),
            (Tree::Branch(a), Tree::Branch(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }

    fn child(&self, at: usize) -> &Tree<T> {
        match self {
            Tree::Branch(children) => children.get(at).unwrap_or(&Tree::Empty),
            _ => &Tree::Empty,
        }
    }
}

/// A growing vector of small values; what was never written is `T::default()`.
#[derive(Debug, Clone, Default)]
pub struct Slots<T> {
    root: Tree<T>,
    /// Levels of branches above the leaves; at most 7 for an index of 32 bits.
    height: u32,
}

impl<T> Tree<T> {
    /// The entries of a leaf; `nothing` of an empty one.
    fn leaf<'a>(&'a self, nothing: &'a [T; FANOUT]) -> &'a [T; FANOUT] {
        match self {
            Tree::Leaf(entries) => entries,
            _ => nothing,
        }
    }
}

impl<T: Copy + Default + PartialEq> Slots<T> {
    /// The entry at `index`.
    pub fn get(&self, index: usize) -> T {
        if index >= span(self.height) {
            return T::default();
        }
        let mut tree = &self.root;
        for level in (1..=self.height).rev() {
            tree = tree.child(index / unit(level) % FANOUT);
        }
        match tree {
            Tree::Leaf(entries) => entries.get(index % FANOUT).copied().unwrap_or_default(),
            _ => T::default(),
        }
    }

    /// Write one entry, at an index below 2^32; copies the nodes on the way that other copies share.
    pub fn set(&mut self, index: usize, value: T) {
        if self.get(index) == value || u32::try_from(index).is_err() {
            return;
        }
        self.grow(index);
        let mut tree = &mut self.root;
        for level in (1..=self.height).rev() {
            if matches!(tree, Tree::Empty) {
                *tree = Tree::Branch(Rc::default());
            }
            let Tree::Branch(children) = tree else { return };
            let Some(child) = Rc::make_mut(children).get_mut(index / unit(level) % FANOUT) else { return };
            tree = child;
        }
        if matches!(tree, Tree::Empty) {
            *tree = Tree::Leaf(Rc::new([T::default(); FANOUT]));
        }
        let Tree::Leaf(entries) = tree else { return };
        if let Some(entry) = Rc::make_mut(entries).get_mut(index % FANOUT) {
            *entry = value;
        }
    }

    /// Add levels until `index` has a place.
    fn grow(&mut self, index: usize) {
        while index >= span(self.height) {
            let root = std::mem::take(&mut self.root);
            if !matches!(root, Tree::Empty) {
                let mut children: [Tree<T>; FANOUT] = Default::default();
                if let Some(first) = children.first_mut() {
                    *first = root;
                }
                self.root = Tree::Branch(Rc::new(children));
            }
            self.height += 1;
        }
    }

    /// (index, mine, theirs) of the entries in which `self` and `other` differ, in order.
    pub fn differing(&self, other: &Self) -> Vec<(usize, T, T)> {
        let mut found = Vec::new();
        if self.height == other.height {
            compare(&self.root, &other.root, self.height, 0, &mut found);
        } else {
            let (mut a, mut b) = (self.clone(), other.clone());
            let height = a.height.max(b.height);
            a.grow(span(height) - 1);
            b.grow(span(height) - 1);
            compare(&a.root, &b.root, height, 0, &mut found);
        }
        found
    }

    /// (index, value) of all entries that are not the default, in order.
    pub fn entries(&self) -> Vec<(usize, T)> {
        let nothing = Self::default();
        nothing.differing(self).into_iter().map(|(index, _, value)| (index, value)).collect()
    }
}

/// Note the entries in which two nodes at `level` differ, which begin at index `start`. Goes as deep as the tree is
/// high.
fn compare<T: Copy + Default + PartialEq>(
    a: &Tree<T>,
    b: &Tree<T>,
    level: u32,
    start: usize,
    found: &mut Vec<(usize, T, T)>,
) {
    if a.is_shared_with(b) {
        return;
    }
    if level > 0 {
        let unit = unit(level);
        for at in 0..FANOUT {
            let (a, b) = (a.child(at), b.child(at));
            if !a.is_shared_with(b) {
                compare(a, b, level - 1, start + at * unit, found);
            }
        }
        return;
    }
    let nothing = [T::default(); FANOUT];
    for (index, (a, b)) in (start..).zip(a.leaf(&nothing).iter().zip(b.leaf(&nothing))) {
        if a != b {
            found.push((index, *a, *b));
        }
    }
}

/// Entries below one child of a node at `level`.
fn unit(level: u32) -> usize {
    1 << (FANOUT.ilog2() * level).min(usize::BITS - 1)
}

/// Entries below a node at `level`.
fn span(level: u32) -> usize {
    unit(level + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_share_until_one_is_written() {
        let mut a = Slots::<u32>::default();
        a.set(100, 7);
        let mut b = a.clone();
        assert!(a.differing(&b).is_empty());
        b.set(1, 5);
        assert_eq!((a.get(1), b.get(1), b.get(100)), (0, 5, 7));
        assert_eq!(a.differing(&b), [(1, 0, 5)]);
        assert_eq!(b.entries(), [(1, 5), (100, 7)]);
    }

    #[test]
    fn writing_what_is_there_copies_nothing() {
        let mut a = Slots::<u32>::default();
        a.set(3, 9);
        let mut b = a.clone();
        b.set(3, 9);
        assert!(a.differing(&b).is_empty());
    }

    #[test]
    fn copies_of_different_heights_compare() {
        let mut a = Slots::<u32>::default();
        a.set(0, 1);
        let mut b = a.clone();
        b.set(70_000, 2);
        assert_eq!(b.get(70_000), 2);
        assert_eq!(b.get(0), 1);
        assert_eq!(a.differing(&b), [(70_000, 0, 2)]);
    }

    #[test]
    fn every_written_entry_is_found_again() {
        let mut slots = Slots::<u32>::default();
        let indices: Vec<usize> = (0..2_000).map(|i| i * 37 % 5_000).collect();
        for index in &indices {
            slots.set(*index, *index as u32 + 1);
        }
        assert!(indices.iter().all(|i| slots.get(*i) == *i as u32 + 1));
        let mut sorted = indices;
        sorted.sort_unstable();
        sorted.dedup();
        assert!(slots.entries().iter().map(|(i, _)| *i).eq(sorted));
    }
}
