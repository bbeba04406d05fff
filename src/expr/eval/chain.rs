//! Nodes that name the next one by a member, as a sequence: `p -walk next -- head`.
//!
//! A node is looked for when it is asked for, so that a chain of any length is shown as it is walked. Where it comes back
//! to a node that was there is noticed at that node as long as `MAX_NODES_REMEMBERED` hold all of them, and by Brent's
//! method (one address, renewed at every power of two) beyond.

use ahash::{AHashMap as HashMap, AHashSet as HashSet};

use crate::dwarf::Language;
use crate::dwarf::types::{MemberPlace, PointerKind, TypeId, TypeKind};
use crate::error::{Error, Result};
use crate::limits::{MAX_NODES_REMEMBERED, MAX_WRAPPERS};
use crate::value::Reader;
use crate::value::object::Object;
use crate::value::present::{Form, present};
use crate::value::pretty;
use crate::value::view::{FieldStyle, View};

use super::evaluator::Evaluator;

/// How a chain ends.
#[derive(Debug)]
pub enum End {
    /// With a null pointer, or what stands for nothing in its language.
    Nothing,
    /// It comes back to the node at this address.
    Circle(u64),
    /// The next node cannot be reached.
    Broken(Error),
}

/// The nodes of a chain in their order.
pub struct Walk<'a, 'f, 'h> {
    evaluator: Evaluator<'a, 'f, 'h>,
    path: String,
    /// What comes next, where it is known already.
    found: Option<Result<Option<Object>>>,
    last: Option<Object>,
    end: Option<End>,
    seen: Seen,
    /// By type of a node; none for those whose link has to be evaluated.
    links: HashMap<TypeId, Option<Link>>,
}

/// A member of C or C++ that is a pointer to a node.
#[derive(Clone, Copy)]
struct Link {
    /// Bytes from the node to it.
    offset: u64,
    size_bytes: usize,
    target: TypeId,
    /// Bytes of what it points at that must be in memory.
    target_bytes: u64,
}

/// What holds one node in wrappers that are shown with more than it.
const HOLDERS: [&str; 9] = ["Some", "Rc", "Arc", "Weak", "RefCell", "Cell", "shared_ptr", "weak_ptr", "Box"];

impl<'a, 'f, 'h> Walk<'a, 'f, 'h> {
    /// The nodes from `start` on, which is a node, a pointer to one or what holds one; `path` leads from one to the
    /// next: a member, or members with dots between them.
    ///
    /// # Errors
    /// The first node cannot be reached, or has no such member.
    pub fn new(mut evaluator: Evaluator<'a, 'f, 'h>, start: Object, path: &str) -> Result<Self> {
        let first = evaluator.node(start)?;
        let second = match &first {
            None => Ok(None),
            // A name that no node has is a mistake of the user's, not the end of the chain.
            Some(node) => match evaluator.following(node.clone(), path) {
                Err(error @ Error::NotFound(_)) => return Err(error),
                link => match link.and_then(|link| evaluator.node(link)) {
                    Err(error @ Error::Usage(_)) => return Err(error),
                    second => second,
                },
            },
        };
        let (path, seen, links) = (path.to_owned(), Seen::default(), HashMap::new());
        let mut walk = Walk { evaluator, path, found: Some(second), last: None, end: None, seen, links };
        match first {
            Some(first) => walk.last = Some(first),
            None => walk.end = Some(End::Nothing),
        }
        Ok(walk)
    }

    /// How the chain ends; none while it goes on.
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// The node after `node`.
    fn after(&mut self, node: &Object) -> Result<Option<Object>> {
        let reader = self.evaluator.reader();
        let link = match self.links.get(&node.type_id) {
            Some(known) => *known,
            None => *self.links.entry(node.type_id).or_insert_with(|| link(reader, node, &self.path)),
        };
        let (Some(link), Some(address)) = (link, node.address()) else {
            let link = self.evaluator.following(node.clone(), &self.path)?;
            return self.evaluator.node(link);
        };
        let mut bytes = [0u8; 8];
        let wanted = bytes.get_mut(..link.size_bytes).unwrap_or_default();
        reader.program.read_memory(node.instance, address.wrapping_add(link.offset), wanted)?;
        let next = u64::from_le_bytes(bytes);
        if next == 0 {
            return Ok(None);
        }
        // The first of its bytes must be there.
        let first = bytes.get_mut(..link.target_bytes.min(1) as usize).unwrap_or_default();
        reader.program.read_memory(node.instance, next, first)?;
        let target = Object::in_memory(link.target, next, node.instance);
        Ok(Some(Object { provenance: node.provenance.clone(), ..target }))
    }

    fn stop(&mut self, end: End) -> Option<Object> {
        (self.last, self.end) = (None, Some(end));
        None
    }
}

impl Iterator for Walk<'_, '_, '_> {
    type Item = Object;

    /// The one in `last` is given next; it is followed when the one behind it is asked for.
    fn next(&mut self) -> Option<Object> {
        let node = self.last.take()?;
        if let Some(address) = node.address().filter(|address| self.seen.is_back_at(*address)) {
            return self.stop(End::Circle(address));
        }
        let found = match self.found.take() {
            Some(found) => found,
            None => self.after(&node),
        };
        match found {
            Ok(Some(next)) => self.last = Some(next),
            Ok(None) => self.end = Some(End::Nothing),
            Err(error) => self.end = Some(End::Broken(error)),
        }
        Some(node)
    }
}

/// Addresses of nodes, for finding out that a chain goes round in a circle.
#[derive(Default)]
struct Seen {
    first: HashSet<u64>,
    steps: u64,
    renew_at: u64,
    remembered: Option<u64>,
}

impl Seen {
    /// The walk was here before. After a circle is entered it is noticed at most three turns later.
    fn is_back_at(&mut self, address: u64) -> bool {
        if self.first.len() < MAX_NODES_REMEMBERED {
            return !self.first.insert(address);
        }
        if self.remembered == Some(address) || self.first.contains(&address) {
            return true;
        }
        self.steps += 1;
        if self.steps > self.renew_at {
            self.renew_at = self.steps.saturating_mul(2);
            self.remembered = Some(address);
        }
        false
    }
}

/// Where the pointer to the next node lies in those of the type of `node`, if that is all there is to following it.
fn link(reader: Reader<'_, '_>, node: &Object, path: &str) -> Option<Link> {
    let is_plain = |object: &Object| {
        let (_, found) = reader.stripped(object);
        let is_c = matches!(found.language, Language::C | Language::Cpp);
        let TypeKind::Record(record) = &found.kind else { return None };
        (is_c && !record.declaration && !pretty::has_form(reader, object)).then(|| record.clone())
    };
    let record = is_plain(node)?;
    let mut own = record.members.iter().filter(|member| !member.is_base);
    let member = own.find(|member| member.name.as_deref() == Some(path))?;
    let MemberPlace::Offset(offset) = member.place else { return None };
    let (_, pointer) = reader.types().strip(member.type_id);
    let TypeKind::Pointer { target, kind: PointerKind::Pointer } = pointer.kind else { return None };
    let pointee = Object::in_memory(target, 0, node.instance);
    is_plain(&pointee)?;
    let size_bytes = pointer.size_bytes.filter(|size| matches!(size, 4 | 8))?;
    let target_bytes = reader.size_of(&pointee).ok()?.min(1);
    Some(Link { offset, size_bytes: size_bytes as usize, target, target_bytes })
}

impl Evaluator<'_, '_, '_> {
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
                View::OptimizedOut => return Err(Error::optimized_out()),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn steps_until_noticed(before: u64, turn: u64) -> u64 {
        let mut seen = Seen::default();
        let place = |step: u64| if step < before { step } else { before + (step - before) % turn };
        (0..).find(|step| seen.is_back_at(place(*step))).expect("the range does not end")
    }

    #[test]
    fn a_circle_is_noticed_where_it_closes_and_beyond_what_is_remembered_soon_after() {
        let most = MAX_NODES_REMEMBERED as u64;
        assert_eq!(steps_until_noticed(0, 1), 1);
        assert_eq!(steps_until_noticed(3, 4), 7);
        assert_eq!(steps_until_noticed(0, most + 5), most + 5);
        let (before, turn) = (most + 1000, 700);
        assert!(steps_until_noticed(before, turn) <= before + 3 * (turn + 1000));
    }
}
