//! Types that hold one of several things, or nothing: `std::optional`, `std::expected`,
//! `std::variant`, `std::any`.

use crate::dwarf::Language;
use crate::dwarf::types::{Encoding, TypeKind};
use crate::error::Error;
use crate::value::language::split_generic;
use crate::value::object::Object;
use crate::value::view::{Child, FieldStyle, Label, View};

use super::super::part::{Formed, Part, lacks};

fn named<'a>(name: &str) -> View<'a> {
    View::Variant { name: name.into(), children: Vec::new(), style: FieldStyle::Unit }
}

/// `std::optional`: its value, or `nullopt`.
pub fn optional<'a>(optional: &Part<'a, '_>) -> Formed<View<'a>> {
    // An optional reference is a pointer.
    let Some(engaged) = optional.inside("__engaged_") else {
        return match optional.find("__value_")?.target()? {
            Some(target) => Ok(View::Wrapped { prefix: "", inner: target.object }),
            None => Ok(named("nullopt")),
        };
    };
    if engaged.number()? == 0 {
        return Ok(named("nullopt"));
    }
    let held = optional.find("__val_")?;
    // The library's own name for the type says less than the argument.
    let inner = match optional.argument_at(0) {
        Ok(argument) if optional.size_of(argument).ok() == held.size_of(held.type_id).ok() => {
            held.object.retyped(argument)
        }
        _ => held.object.clone(),
    };
    // One that holds an empty one is not empty itself.
    if held.base_name() == "optional" {
        let value = Child { label: Label::Name("value".into()), object: inner };
        return Ok(View::Fields { children: vec![value], style: FieldStyle::Named });
    }
    Ok(View::Wrapped { prefix: "", inner })
}

/// `std::expected`: its value, or `unexpected {error = …}`.
pub fn expected<'a>(expected: &Part<'a, '_>) -> Formed<View<'a>> {
    let (index, member) = match expected.find("__has_val_")?.number()? {
        0 => (1, "__unex_"),
        _ => (0, "__val_"),
    };
    // Of `void` there is no value, though the error may have a member of that name.
    let is_void = |id| matches!(expected.reader.types().strip(id).1.kind, TypeKind::Void);
    if index == 0 && expected.argument_at(0).is_ok_and(is_void) {
        return Ok(named("expected"));
    }
    let Some(held) = expected.inside(member) else { return lacks(format!("a member {member}")) };
    let inner = expected.argument_at(index).map_or(held.object.clone(), |argument| held.object.retyped(argument));
    match index {
        0 => Ok(View::Wrapped { prefix: "", inner }),
        _ => Ok(View::Variant {
            name: "unexpected".into(),
            children: vec![Child { label: Label::Name("error".into()), object: inner }],
            style: FieldStyle::Named,
        }),
    }
}

/// `std::unexpected`: the error.
pub fn unexpected<'a>(unexpected: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(View::Wrapped { prefix: "", inner: unexpected.member("__unex_")?.object })
}

/// `std::variant`: `{[2] = "third"}`: the index and the alternative.
pub fn variant<'a>(variant: &Part<'a, '_>) -> Formed<View<'a>> {
    let state = variant.find_any(&["__impl_", "__impl"])?;
    let index = state.find("__index")?;
    let number = index.number()?;
    let size = variant.size_of(index.type_id)?.min(8) as u32;
    if number == u64::MAX >> (64 - 8 * size.max(1)) {
        return Ok(named("valueless"));
    }
    // The alternatives are a list: the first one, and a union of the others.
    let mut alternatives = state.find("__data")?;
    for _ in 0..number.min(crate::limits::MAX_LAYOUT_MEMBERS as u64) {
        let Some(rest) = alternatives.own("__tail") else {
            let reason = format!("the index {number} names no alternative: not set, or overwritten");
            return Err(Error::Absent(reason).into());
        };
        alternatives = rest;
    }
    let value = alternatives.member("__head")?.member("__value")?;
    let int = variant.reader.types().base("int", Encoding::Signed, 4, Language::Cpp);
    let key = Object::computed(int, &(number as u32).to_le_bytes(), variant.object.instance);
    Ok(View::Entries { count: Some(1), pairs: Box::new(std::iter::once((key, value.object))) })
}

/// `std::any`: the value. Its type is only told by the function that handles it.
pub fn any<'a>(any: &Part<'a, '_>) -> Formed<View<'a>> {
    let handler = any.find_any(&["__h_", "__h"])?.number()?;
    if handler == 0 {
        return Ok(named("empty"));
    }
    let program = any.reader.program;
    let Some(name) = program.table_function_name(any.object.instance, handler) else { return lacks("a handler") };
    let Some((is_small, type_name)) = handled(&name) else { return lacks("a handler that is known") };
    let Some(type_id) = any.reader.type_named(any.type_id, type_name) else {
        return lacks(format!("a description of {type_name}"));
    };
    let storage = any.find_any(&["__s_", "__s"])?;
    let inner = match is_small {
        true => storage.object.part(type_id, 0),
        false => any.at(storage.address()?, type_id).object,
    };
    Ok(View::Wrapped { prefix: "", inner })
}

/// `T` of `std::__any_imp::_SmallHandler<T>::__handle`, and whether it lies in the object.
fn handled(name: &str) -> Option<(bool, &str)> {
    let (is_small, at) = match (name.find("_SmallHandler<"), name.find("_LargeHandler<")) {
        (Some(at), _) => (true, at),
        (None, Some(at)) => (false, at),
        (None, None) => return None,
    };
    let generic = split_generic(name.get(at..)?)?;
    Some((is_small, *generic.arguments.first()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_handler_of_an_any_names_its_type() {
        assert_eq!(handled("std::__2::__any_imp::_SmallHandler<int>::__handle"), Some((true, "int")));
        let large = "std::__1::__any_imp::_LargeHandler<std::map<int, int>>::__handle(x)";
        assert_eq!(handled(large), Some((false, "std::map<int, int>")));
        assert_eq!(handled("f"), None);
    }
}
