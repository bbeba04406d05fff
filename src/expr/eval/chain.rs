//! Nodes that name the next one by a member, as a sequence: `p -walk next -- head`.

use ahash::AHashSet as HashSet;

use crate::error::{Error, Result};
use crate::limits::MAX_WRAPPERS;
use crate::value::object::Object;
use crate::value::present::{Form, present};
use crate::value::view::{FieldStyle, View};

use super::evaluator::Evaluator;

/// Nodes in their order, and why there are no more.
#[derive(Debug)]
pub struct Nodes {
    pub nodes: Vec<Object>,
    pub end: End,
}

/// How a chain ends.
#[derive(Debug)]
pub enum End {
    /// With a null pointer, or what stands for nothing in its language.
    Nothing,
    /// It comes back to the node at this address.
    Circle(u64),
    /// As many nodes were found as were wanted.
    Enough,
    /// The next node cannot be reached.
    Broken(Error),
}

/// What holds one node in wrappers that are shown with more than it.
const HOLDERS: [&str; 9] = ["Some", "Rc", "Arc", "Weak", "RefCell", "Cell", "shared_ptr", "weak_ptr", "Box"];

impl Evaluator<'_, '_, '_> {
    /// The nodes from `start` on, which is a node, a pointer to one or what holds one; `path` leads from one to the
    /// next: a member, or members with dots between them. At most `most` of them.
    ///
    /// # Errors
    /// The first node cannot be reached.
    pub fn walk(&mut self, start: Object, path: &str, most: usize) -> Result<Nodes> {
        let mut nodes = Vec::new();
        let mut seen = HashSet::new();
        let mut next = self.node(start);
        loop {
            let node = match next {
                Ok(Some(node)) => node,
                Ok(None) => return Ok(Nodes { nodes, end: End::Nothing }),
                Err(error) if nodes.is_empty() => return Err(error),
                Err(error) => return Ok(Nodes { nodes, end: End::Broken(error) }),
            };
            if let Some(address) = node.address().filter(|address| !seen.insert(*address)) {
                return Ok(Nodes { nodes, end: End::Circle(address) });
            }
            if nodes.len() >= most {
                return Ok(Nodes { nodes, end: End::Enough });
            }
            nodes.push(node.clone());
            // A name that no node has is a mistake of the user's, not the end of the chain.
            next = match self.following(node, path) {
                Err(error @ Error::NotFound(_)) if nodes.len() == 1 => return Err(error),
                link => link.and_then(|link| self.node(link)),
            };
            if let (Err(Error::Usage(said)), 1) = (&next, nodes.len()) {
                return Err(Error::Usage(said.clone()));
            }
        }
    }

    fn following(&mut self, node: Object, path: &str) -> Result<Object> {
        let mut value = node.into();
        for name in path.split('.') {
            value = self.member(value, name)?;
        }
        self.loaded(value)
    }

    /// The node that `link` is or leads to; none at the end.
    fn node(&self, link: Object) -> Result<Option<Object>> {
        let mut object = link;
        for _ in 0..MAX_WRAPPERS {
            let mut view = present(self.reader(), &object, Form::Language);
            while let View::Noted { view: inner, .. } = view {
                view = *inner;
            }
            object = match view {
                View::Pointer(pointer) if pointer.address == 0 => return Ok(None),
                View::Pointer(_) => self.reader().pointee(&object)?,
                View::Wrapped { inner, .. } => inner,
                View::Variant { children, style: FieldStyle::Unit, .. } if children.is_empty() => return Ok(None),
                View::Variant { name, mut children, .. } if HOLDERS.contains(&&*name) && !children.is_empty() => {
                    children.swap_remove(0).object
                }
                View::Unavailable(error) => return Err(error),
                View::OptimizedOut => return Err(Error::Absent("optimized out".into())),
                View::Fields { .. } | View::Variant { .. } => {
                    // Nothing of a node that lies outside memory is worth showing.
                    self.reader().bytes(&object, self.reader().size_of(&object)?.min(1))?;
                    return Ok(Some(object));
                }
                _ => {
                    return Err(Error::Usage(
                        "what the member leads to is not a node: a structure, or a pointer to one".into(),
                    ));
                }
            };
        }
        Err(Error::Limit(format!("more than {MAX_WRAPPERS} pointers to each other lead to no node")))
    }
}
