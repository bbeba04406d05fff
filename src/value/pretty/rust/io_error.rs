//! `std::io::Error`: `Kind(ErrorKind::TimedOut)`, `Os {code: 44}`, `Error {kind: …, message: "…"}` and `Custom {kind: …,
//! error: …}`, the forms that its own `Debug` has. Where pointers have 64 bits it is packed into one, with the form in
//! the lowest two bits; other pointers have an enumeration.

use std::rc::Rc;

use crate::value::object::Object;
use crate::value::view::{Child, FieldStyle, Label, View};

use super::super::part::{Formed, Part, lacks, null};
use super::variant::active;

fn shown<'a>(name: &str, style: FieldStyle, fields: Vec<(&str, Object)>) -> Formed<View<'a>> {
    let child = |(name, object): (&str, Object)| Child { label: Label::Name(name.into()), object };
    Ok(View::Variant { name: name.into(), children: fields.into_iter().map(child).collect(), style })
}

/// By the form that the error has.
pub fn view<'a>(error: &Part<'a, '_>) -> Formed<View<'a>> {
    let repr = error.member("repr")?;
    let Some(data) = repr.own("__0") else { return lacks("a form of the error") };
    if data.record().is_none_or(|record| record.variants.is_none()) {
        return packed(&data);
    }
    let (name, fields): (Rc<str>, _) = active(&data)?;
    let held = fields.member("__0")?;
    match &*name {
        "Os" => shown("Os", FieldStyle::Named, vec![("code", held.object)]),
        "Simple" => shown("Kind", FieldStyle::Tuple, vec![("__0", held.object)]),
        "SimpleMessage" => pointed("Error", &held, "message"),
        "Custom" => pointed("Custom", &held, "error"),
        _ => lacks("a form of the error that is known"),
    }
}

/// A kind and one more thing, behind a pointer.
fn pointed<'a>(name: &str, pointer: &Part<'a, '_>, further: &str) -> Formed<View<'a>> {
    let Some(target) = pointer.target()? else { return null() };
    fields(name, &target, further)
}

fn fields<'a>(name: &str, target: &Part<'a, '_>, further: &str) -> Formed<View<'a>> {
    let fields = vec![("kind", target.member("kind")?.object), (further, target.member(further)?.object)];
    shown(name, FieldStyle::Named, fields)
}

/// In one word: a pointer to a message, one to a custom error and 1, a number of the system or a kind above the tag.
fn packed<'a>(word: &Part<'a, '_>) -> Formed<View<'a>> {
    let leaf = word.leaf()?;
    let bits = leaf.number()?;
    if word.size_of(leaf.type_id)? != 8 {
        return lacks("a word of 64 bits");
    }
    let described = |name: &str| match word.reader.type_named(word.type_id, name) {
        Some(found) => Ok(found),
        None => lacks(format!("a description of {name}")),
    };
    let upper = |type_id| Object { type_id, ..leaf.object.part(type_id, 4) };
    match bits & 3 {
        0 if bits == 0 => null(),
        0 => fields("Error", &word.at(bits, described("std::io::error::SimpleMessage")?), "message"),
        1 => fields("Custom", &word.at(bits - 1, described("std::io::error::Custom")?), "error"),
        2 => shown("Os", FieldStyle::Named, vec![("code", upper(described("i32")?))]),
        _ => shown("Kind", FieldStyle::Tuple, vec![("__0", upper(described("std::io::error::ErrorKind")?))]),
    }
}
