//! `std::function` and `std::reference_wrapper`.

use crate::dwarf::Language;
use crate::dwarf::types::{PointerKind, TypeId};
use crate::value::language::split_generic;
use crate::value::type_name::{Length, type_name};
use crate::value::view::{FieldStyle, View};

use super::super::part::{Formed, Part, lacks};

/// `std::function`: the function that calls what is in it, whose name tells what that is.
pub fn view<'a>(function: &Part<'a, '_>) -> Formed<View<'a>> {
    let empty = || View::Variant { name: "empty".into(), children: Vec::new(), style: FieldStyle::Unit };
    // With the library's unstable ABI: a pointer to the calling function; the name of an empty one's says so.
    if let Some(call) = function.inside("__func_").or_else(|| function.inside("__call_")) {
        let call = call.leaf()?;
        let (name, index) = (function.reader.program, call.number()?);
        if let Some(held) = function.reader.table_function_argument(function.object.instance, index)
            && let Ok(object) = stored(function, held)
        {
            return Ok(object);
        }
        let name = name.table_function_name(function.object.instance, index);
        let Some(name) = name else { return Ok(View::Wrapped { prefix: "", inner: call.object }) };
        if name.contains("__empty_func") || name.contains("__call_empty") {
            return Ok(empty());
        }
        return Ok(called(function, &name).unwrap_or(View::Wrapped { prefix: "", inner: call.object }));
    }
    // Otherwise an object with virtual functions, whose class names what is in it.
    let outer = function.member("__f_")?;
    let object = outer.inside("__f_").unwrap_or(outer);
    match object.target()? {
        None => Ok(empty()),
        Some(target) => match function.reader.dynamic(&target.object) {
            Some(dynamic) => Ok(View::Wrapped { prefix: "", inner: dynamic }),
            None => lacks("a description of what is called"),
        },
    }
}

/// The object of type `held` that is called: it is in the buffer, or behind a pointer there if the policy has a way to
/// copy it.
fn stored<'a>(function: &Part<'a, '_>, held: TypeId) -> Formed<View<'a>> {
    let buffer = function.find("__buf_")?;
    let Some(policy) = function.find("__policy_")?.target()? else { return lacks("a policy") };
    let is_large = policy.find_any(&["__clone_", "__clone"])?.number()? != 0;
    let object = match is_large {
        true => function.at(buffer.address()?, held).object,
        false => buffer.object.part(held, 0),
    };
    let part = Part::new(function.reader, object.clone());
    match part.record() {
        // All that there is to say is what it is.
        Some(record) if part.found.size_bytes == Some(1) && record.members.iter().all(|member| member.is_base) => {
            let name = type_name(function.reader.types(), held, Length::Short);
            Ok(View::Variant { name: name.into(), children: Vec::new(), style: FieldStyle::Unit })
        }
        _ => Ok(View::Wrapped { prefix: "", inner: object }),
    }
}

/// What the calling function `name` was made for: a plain function is in the object, of anything else (a lambda) only
/// the type is known, by its name.
fn called<'a>(function: &Part<'a, '_>, name: &str) -> Option<View<'a>> {
    let at = name.find("__call_func<").or_else(|| name.find("__call_impl<"))?;
    let generic = split_generic(name.get(at..)?)?;
    let kind = *generic.arguments.first()?;
    let types = function.reader.types();
    if kind.contains("(*)(") {
        let signature = function.argument_at(0).ok()?;
        let bytes = function.pointer_bytes() as u8;
        let pointer = types.pointer_to(signature, PointerKind::Pointer, bytes, Language::Cpp);
        let is_same = type_name(types, pointer, Length::Full).replace(' ', "") == kind.replace(' ', "");
        let place = function.inside("__buf_")?.object.part(pointer, 0);
        return is_same.then_some(View::Wrapped { prefix: "", inner: place });
    }
    Some(View::Variant { name: kind.into(), children: Vec::new(), style: FieldStyle::Unit })
}

/// `std::reference_wrapper`: what it refers to.
pub fn reference<'a>(wrapper: &Part<'a, '_>) -> Formed<View<'a>> {
    match wrapper.member("__f_")?.target()? {
        Some(target) => Ok(View::Wrapped { prefix: "&", inner: target.object }),
        None => lacks("an object"),
    }
}
