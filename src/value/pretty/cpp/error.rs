//! `std::error_code`, `std::error_condition`, `std::exception_ptr`: what went wrong, and by whose numbers.

use crate::dwarf::types::TypeKind;
use crate::value::object::Object;
use crate::value::view::{Child, FieldStyle, Label, View};

use super::super::part::{Formed, Part, lacks};

/// Places of a category's table of virtual functions that are looked at: those that every category has.
const CATEGORY_FUNCTIONS: u64 = 7;

/// `generic {value = std::errc::timed_out}`. The category is an object; which one, the functions of its class tell.
pub fn code<'a>(code: &Part<'a, '_>) -> Formed<View<'a>> {
    let value = code.member("__val_")?;
    let category = code.member("__cat_")?;
    let Some(class) = category_class(&category)? else { return lacks("a category that is known") };
    let name = match class.rsplit("::").next().unwrap_or(&class) {
        "__generic_error_category" => "generic",
        "__system_error_category" => "system",
        "__iostream_category" => "iostream",
        "__future_error_category" => "future",
        _ => &class,
    };
    let value = match name {
        "generic" | "system" => as_errc(&value),
        _ => value.object,
    };
    let children = vec![Child { label: Label::Name("value".into()), object: value }];
    Ok(View::Variant { name: name.into(), children, style: FieldStyle::Named })
}

/// The number as the error that it is the number of, if it is one's.
fn as_errc(value: &Part<'_, '_>) -> Object {
    let plain = value.object.clone();
    let (Ok(number), Some(errc)) = (value.integer(), value.reader.type_named(value.type_id, "std::errc")) else {
        return plain;
    };
    let (_, found) = value.reader.types().strip(errc);
    let is_same_size = found.size_bytes == value.found.size_bytes;
    match &found.kind {
        TypeKind::Enumeration(errors) if is_same_size && errors.enumerators.iter().any(|(_, n)| *n == number) => {
            value.object.retyped(errc)
        }
        _ => plain,
    }
}

/// The class of the category object behind a pointer, by the names of its virtual functions: `Own` of `Own::name`. The
/// first ones that a class does not define itself are its base's.
fn category_class(category: &Part<'_, '_>) -> Formed<Option<String>> {
    let address = category.address()?;
    if address == 0 {
        return Ok(None);
    }
    let vtable = category.word(address)?;
    let (program, bytes) = (category.reader.program, category.pointer_bytes());
    for place in 0..CATEGORY_FUNCTIONS {
        let slot = category.word(vtable.wrapping_add(place * bytes))?;
        let Some(name) = program.table_function_name(category.object.instance, slot) else { continue };
        let function = name.split('(').next().unwrap_or(&name);
        let Some((class, _)) = function.rsplit_once("::") else { continue };
        if !class.ends_with("::error_category") {
            return Ok(Some(class.to_owned()));
        }
    }
    Ok(None)
}

/// `std::exception_ptr`: the pointer to what was thrown.
pub fn exception<'a>(exception: &Part<'a, '_>) -> Formed<View<'a>> {
    let (pointer, _) = exception.member("__ptr_")?.pointer()?;
    if pointer.number()? == 0 {
        return Ok(View::Variant { name: "nullptr".into(), children: Vec::new(), style: FieldStyle::Unit });
    }
    Ok(View::Wrapped { prefix: "", inner: pointer.object })
}
