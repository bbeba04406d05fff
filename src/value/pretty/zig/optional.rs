//! Optionals (`?u32`) and error unions (`Failure!u32`): the payload, or `null`, or the error.

use crate::value::view::{FieldStyle, View};

use super::super::part::{Formed, Part, lacks};

/// What the member with the error is called, by version.
pub const ERRORS: &[&str] = &["error", "tag", "err"];

/// What the member with the value is called, by version.
const PAYLOADS: &[&str] = &["payload", "data", "value", "val"];

/// `null`, or what is there instead.
pub fn view<'a>(optional: &Part<'a, '_>) -> Formed<View<'a>> {
    let payload = payload(optional)?;
    let some = optional.own("some").map_or_else(|| optional.member("maybe"), Ok)?;
    match some.number()? {
        0 => Ok(null()),
        1 => Ok(View::Wrapped { prefix: "", inner: payload.object }),
        // In memory that was never set any byte may stand.
        flag => Ok(View::Noted {
            view: Box::new(View::Wrapped { prefix: "", inner: payload.object }),
            note: format!("the flag of the optional is {flag}: not set, or overwritten").into(),
        }),
    }
}

/// The value that an optional has when it has none.
pub fn null<'a>() -> View<'a> {
    View::Variant { name: "null".into(), children: Vec::new(), style: FieldStyle::Unit }
}

/// The error if there is one, else the payload.
pub fn error_union<'a>(union: &Part<'a, '_>) -> Formed<View<'a>> {
    let Some(error) = ERRORS.iter().find_map(|name| union.own(name)) else { return lacks("an error") };
    let failed = error.number()? != 0;
    let inner = if failed { error } else { payload(union)? };
    Ok(View::Wrapped { prefix: "", inner: inner.object })
}

fn payload<'a, 'f>(part: &Part<'a, 'f>) -> Formed<Part<'a, 'f>> {
    PAYLOADS.iter().find_map(|name| part.own(name)).map_or_else(|| lacks("a payload"), Ok)
}
