//! `std::flat_map` and `std::flat_set` with their siblings: sorted keys side by side, and the values likewise.

use crate::value::view::{Elements, View};

use super::super::part::{Formed, Part, lacks};
use super::vector;

/// `{[1] = "one"}`.
pub fn map<'a>(map: &Part<'a, '_>) -> Formed<View<'a>> {
    let containers = map.member("__containers_")?;
    let (keys, values) = (elements(&containers.member("keys")?)?, elements(&containers.member("values")?)?);
    let count = keys.count.min(values.count);
    let differs = (keys.count != values.count).then(|| format!("{} keys, {} values", keys.count, values.count));
    let pairs = (0..count).map(move |index| (keys.get(index), values.get(index)));
    let view = View::Entries { count: Some(count), pairs: Box::new(pairs) };
    Ok(match differs {
        Some(note) => View::Noted { view: Box::new(view), note: note.into() },
        None => view,
    })
}

fn elements(container: &Part<'_, '_>) -> Formed<Elements> {
    if container.base_name() != "vector"
        || container.found.name.as_deref().is_some_and(|n| n.starts_with("vector<bool,"))
    {
        return lacks("vectors");
    }
    match vector::view(container)? {
        View::Array(elements) => Ok(elements),
        _ => lacks("vectors"),
    }
}

/// The container of the keys.
pub fn set<'a>(set: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(View::Wrapped { prefix: "", inner: set.member("__keys_")?.object })
}
