//! `std::tuple`: one base for each element.

use crate::value::view::{Child, FieldStyle, Label, View};

use super::super::part::{Formed, Part, lacks};

/// `{1, "two", true}`.
pub fn view<'a>(tuple: &Part<'a, '_>) -> Formed<View<'a>> {
    if tuple.size_of(tuple.type_id)? <= 1 && tuple.own("__base_").is_none() {
        return Ok(View::Fields { children: Vec::new(), style: FieldStyle::Named });
    }
    let leaves = tuple.member("__base_")?;
    let Some(record) = leaves.record().cloned() else { return lacks("elements") };
    let mut children = Vec::new();
    for base in record.members.iter().filter(|member| member.is_base) {
        let Some(leaf) = leaves.part_of(base) else { return lacks("the place of an element") };
        // An element without members is itself the base of its leaf.
        let object = match (leaf.own("__value_"), leaf.argument_at(0)) {
            (Some(value), _) => value.object,
            (None, Ok(type_id)) => leaf.object.retyped(type_id),
            (None, Err(refusal)) => return Err(refusal),
        };
        children.push(Child { label: Label::Index(children.len() as u64), object });
    }
    Ok(View::Fields { children, style: FieldStyle::Named })
}
