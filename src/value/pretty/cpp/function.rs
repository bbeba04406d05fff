//! `std::function` and `std::reference_wrapper`.

use crate::value::view::{FieldStyle, View};

use super::super::part::{Formed, Part, lacks};

/// `std::function`: the function that calls what is in it, whose name tells what that is.
pub fn view<'a>(function: &Part<'a, '_>) -> Formed<View<'a>> {
    let empty = || View::Variant { name: "empty".into(), children: Vec::new(), style: FieldStyle::Unit };
    // With the library's unstable ABI: a pointer to the calling function; the name of an empty one's says so.
    if let Some(call) = function.inside("__func_").or_else(|| function.inside("__call_")) {
        let call = call.leaf()?;
        let (name, index) = (function.reader.program, call.number()?);
        let name = name.table_function_name(function.object.instance, index);
        return Ok(match name.is_some_and(|name| name.contains("__empty_func") || name.contains("__call_empty")) {
            true => empty(),
            false => View::Wrapped { prefix: "", inner: call.object },
        });
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

/// `std::reference_wrapper`: what it refers to.
pub fn reference<'a>(wrapper: &Part<'a, '_>) -> Formed<View<'a>> {
    match wrapper.member("__f_")?.target()? {
        Some(target) => Ok(View::Wrapped { prefix: "&", inner: target.object }),
        None => lacks("an object"),
    }
}
