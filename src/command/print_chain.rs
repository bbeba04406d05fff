//! `print -walk MEMBER` and `print -count`: the nodes of a list as a sequence, and how many there are of something.

use super::spec::{Invocation, Stop};
use crate::dwarf::Language;
use crate::dwarf::location::Absence;
use crate::dwarf::types::{Encoding, TypeId};
use crate::error::Error;
use crate::expr::eval::chain::{End, Walk};
use crate::expr::history::History;
use crate::limits::MAX_ELEMENTS_WALKED;
use crate::session::Session;
use crate::value::access::{Container, container};
use crate::value::object::{InstanceId, Object};
use crate::value::view::{Child, Label};

/// Nodes that are counted between two looks at whether anybody still waits.
const STEP: u64 = 1024;

/// The nodes of a chain, found as they are asked for; an absent object comes last where the chain does not end as it
/// should.
pub struct Nodes<'a, 'f, 'h> {
    walk: Walk<'a, 'f, 'h>,
    index: u64,
    void: TypeId,
    instance: InstanceId,
    is_over: bool,
}

impl<'a, 'f, 'h> Nodes<'a, 'f, 'h> {
    /// From `start` on, by `member`. The walk leaves `history` as it is.
    ///
    /// # Errors
    /// The first node cannot be reached, or has no such member.
    pub fn new(
        session: &'a Session<'f>,
        history: &'h mut History<Object>,
        start: &Object,
        member: &str,
    ) -> Result<Self, Error> {
        let walk = Walk::new(session.evaluator_with(history)?, start.clone(), member)?;
        let void = session.reader().types().void();
        Ok(Nodes { walk, index: 0, void, instance: start.instance, is_over: false })
    }

    fn last(&mut self) -> Option<Object> {
        let was_over = std::mem::replace(&mut self.is_over, true);
        let why = why(self.walk.end()?).filter(|_| !was_over)?;
        Some(Object::absent(self.void, why, self.instance))
    }
}

impl Iterator for Nodes<'_, '_, '_> {
    type Item = Child;

    fn next(&mut self) -> Option<Child> {
        let object = self.walk.next().or_else(|| self.last())?;
        let label = Label::Index(self.index);
        self.index += 1;
        Some(Child { label, object })
    }
}

/// Why a chain is not known to its end.
fn why(end: &End) -> Option<String> {
    match end {
        End::Nothing => None,
        End::Circle(address) => Some(format!("the chain comes back to {address:#x}")),
        End::Broken(error) => Some(error.to_string()),
    }
}

/// How many elements `object` has, or nodes, where a member to follow is given.
pub fn count(at: &mut Invocation<'_, '_>, object: &Object, member: Option<&str>) -> Result<Object, Stop> {
    let count = match member {
        Some(member) => nodes(at, object, member)?,
        None => elements(at, object)?,
    };
    let reader = at.session.reader();
    let (_, found) = reader.stripped(object);
    let name = if matches!(found.language, Language::Rust | Language::Zig) { "u64" } else { "unsigned long long" };
    let number = reader.types().base(name, Encoding::Unsigned, 8, found.language);
    Ok(Object::computed(number, &count.to_le_bytes(), object.instance))
}

fn nodes(at: &mut Invocation<'_, '_>, start: &Object, member: &str) -> Result<u64, Stop> {
    let mut history = History::default();
    let mut walk = Walk::new(at.session.evaluator_with(&mut history)?, start.clone(), member)?;
    let mut count = 0u64;
    while walk.next().is_some() {
        count += 1;
        if count.is_multiple_of(STEP) {
            at.out.step()?;
        }
    }
    if let Some(why) = walk.end().and_then(why) {
        at.warn(&why)?;
    }
    Ok(count)
}

fn elements(at: &mut Invocation<'_, '_>, object: &Object) -> Result<u64, Stop> {
    let reader = at.session.reader();
    let (count, why) = match container(reader, object)? {
        Some(Container::Array(elements)) => (elements.count, None),
        Some(Container::Sequence { count: Some(count), .. }) => (count, None),
        Some(Container::Sequence { children, .. }) => counted(children.map(|child| child.object)),
        Some(Container::Map { pairs }) => counted(pairs.map(|(key, _)| key)),
        None => return Err(Error::Usage("the value has no elements; -walk MEMBER follows a list".into()).into()),
    };
    if let Some(why) = why {
        at.warn(&why)?;
    }
    Ok(count)
}

/// The objects that are there, and why there are not more.
fn counted(objects: impl Iterator<Item = Object>) -> (u64, Option<String>) {
    let mut count = 0;
    for object in objects {
        // Where the program could have nothing, the container says so in the last element.
        if let Some(Absence::Unavailable(why)) = object.absence() {
            return (count, Some(why.to_string()));
        }
        count += 1;
        if count >= MAX_ELEMENTS_WALKED as u64 {
            return (count, Some(format!("there are more than {count} elements")));
        }
    }
    (count, None)
}
