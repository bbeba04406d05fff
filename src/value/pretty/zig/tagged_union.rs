//! Tagged unions: the active field alone, as Zig writes it: `.{ .circle = 1.5 }`, `.nothing`. Unions without a tag have
//! a hidden one in the safe modes, which is used the same way.

use crate::dwarf::types::TypeKind;
use crate::error::Error;
use crate::value::view::{Child, FieldStyle, Label, View};

use super::super::part::{Formed, Part, lacks};

/// The field that the tag names.
pub fn view<'a>(union: &Part<'a, '_>) -> Formed<View<'a>> {
    let (payload, tag) = (union.member("payload")?, union.member("tag")?);
    let TypeKind::Enumeration(tags) = &tag.found.kind else { return lacks("an enumeration of its fields") };
    if payload.record().is_none() {
        return lacks("a payload of fields");
    }
    let value = tag.reader.scalar(&tag.object)?.as_i128();
    let Some((name, _)) = tags.enumerators.iter().find(|(_, tag)| *tag == value) else {
        return Err(Error::Absent(format!("the tag {value} names no field: not set, or overwritten")).into());
    };
    match payload.own(name) {
        Some(field) if field.reader.types().size_of(field.object.type_id) != Some(0) => {
            let children = vec![Child { label: Label::Name(name.clone()), object: field.object }];
            Ok(View::Fields { children, style: FieldStyle::Named })
        }
        // A field without a value.
        _ => Ok(View::Variant { name: format!(".{name}").into(), children: Vec::new(), style: FieldStyle::Unit }),
    }
}
