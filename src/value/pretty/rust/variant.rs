//! Enumerations inside of library types: which variant is active.

use std::rc::Rc;

use crate::error::Error;
use crate::value::variant::active_variant;

use super::super::part::{Formed, Part, lacks};

/// The active variant's name, and its fields.
pub fn active<'a, 'f>(choice: &Part<'a, 'f>) -> Formed<(Rc<str>, Part<'a, 'f>)> {
    let Some(part) = choice.record().and_then(|record| record.variants.clone()) else { return lacks("variants") };
    let Some(variant) = active_variant(choice.reader, &choice.object, &part)? else {
        return Err(Error::malformed("the discriminant selects no variant").into());
    };
    let Some(member) = variant.members.first() else { return lacks("a name of the variant") };
    let Some(fields) = choice.part_of(member) else { return lacks("a place of the variant") };
    Ok((member.name.clone().unwrap_or_default(), fields))
}
