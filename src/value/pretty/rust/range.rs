//! Ranges: `2..9`, `1..=4`, `3..`, `..5`, `..`.

use crate::value::view::View;

use super::super::part::{Formed, Part, lacks};

/// By the members that there are.
pub fn view<'a>(range: &Part<'a, '_>) -> Formed<View<'a>> {
    let start = range.own("start").map(|part| part.object);
    let last = range.own("last").map(|part| part.object);
    let end = range.own("end").map(|part| part.object);
    let name = range.base_name();
    if start.is_none() && last.is_none() && end.is_none() && name != "RangeFull" {
        return lacks("a start or an end");
    }
    let view = View::Range { start, inclusive: last.is_some() || name.ends_with("Inclusive"), end: last.or(end) };
    let exhausted = range.own("exhausted").map(|part| part.number()).transpose()?;
    Ok(match exhausted {
        Some(1) => View::Noted { view: Box::new(view), note: "exhausted".into() },
        _ => view,
    })
}
