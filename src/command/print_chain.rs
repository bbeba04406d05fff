//! `print -walk MEMBER` and `print -count`: the nodes of a list as a sequence, and how many there are of something.

use super::spec::{Invocation, Stop};
use crate::dwarf::Language;
use crate::dwarf::location::Absence;
use crate::dwarf::types::Encoding;
use crate::error::Error;
use crate::expr::eval::chain::{End, Nodes};
use crate::limits::MAX_ELEMENTS_WALKED;
use crate::value::access::{Container, container};
use crate::value::object::Object;
use crate::value::view::{Child, Label};

/// The nodes that are shown, an absent object last where the chain does not end as it should; `elements` is the limit
/// of elements.
pub fn shown(
    at: &mut Invocation<'_, '_>,
    start: &Object,
    member: &str,
    elements: Option<u64>,
) -> Result<Vec<Child>, Stop> {
    // One more than is shown tells that there are more.
    let most = usize::try_from(elements.unwrap_or(u64::MAX)).unwrap_or(usize::MAX).saturating_add(1);
    let found = at.session.evaluator().walk(start.clone(), member, most.min(MAX_ELEMENTS_WALKED))?;
    let why = why(&found);
    let mut nodes = found.nodes;
    if let Some(why) = why {
        nodes.push(Object::absent(at.session.reader().types().void(), why, start.instance));
    }
    Ok((0u64..).zip(nodes).map(|(index, object)| Child { label: Label::Index(index), object }).collect())
}

/// Why a chain is not known to its end.
fn why(found: &Nodes) -> Option<String> {
    match &found.end {
        End::Nothing => None,
        End::Circle(address) => Some(format!("the chain comes back to {address:#x}")),
        End::Enough => Some(format!("there are more than {} nodes", found.nodes.len())),
        End::Broken(error) => Some(error.to_string()),
    }
}

/// How many elements `object` has, or nodes, where a member to follow is given.
pub fn count(at: &mut Invocation<'_, '_>, object: &Object, member: Option<&str>) -> Result<Object, Stop> {
    let count = match member {
        Some(member) => {
            let found = at.session.evaluator().walk(object.clone(), member, MAX_ELEMENTS_WALKED)?;
            if let Some(why) = why(&found) {
                at.warn(&why)?;
            }
            found.nodes.len() as u64
        }
        None => elements(at, object)?,
    };
    let reader = at.session.reader();
    let (_, found) = reader.stripped(object);
    let name = if matches!(found.language, Language::Rust | Language::Zig) { "u64" } else { "unsigned long long" };
    let number = reader.types().base(name, Encoding::Unsigned, 8, found.language);
    Ok(Object::computed(number, &count.to_le_bytes(), object.instance))
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
