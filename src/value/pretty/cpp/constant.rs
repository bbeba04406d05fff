//! Types that stand for a name or a number rather than hold one: `std::type_info` and `std::type_index`, `std::ratio`,
//! the results of `<=>`, `std::once_flag`, `std::source_location`.

use crate::dwarf::Language;
use crate::dwarf::language::demangle;
use crate::dwarf::types::Encoding;
use crate::value::characters::text_at;
use crate::value::language::{short_name, split_generic};
use crate::value::view::{FieldStyle, View};

use super::super::part::{Formed, Part, lacks};

fn named<'a>(name: &str) -> Formed<View<'a>> {
    Ok(View::Variant { name: name.into(), children: Vec::new(), style: FieldStyle::Unit })
}

/// `std::type_info`: the type.
pub fn type_info<'a>(info: &Part<'a, '_>) -> Formed<View<'a>> {
    // Most programs only have a declaration of it; the C++ ABI puts its name behind the pointer to its functions.
    let address = match (info.own("__type_name"), info.object.address()) {
        (Some(name), _) => name.address()?,
        (None, Some(at)) => info.word(at.wrapping_add(info.pointer_bytes()))?,
        (None, None) => return lacks("a name"),
    };
    if address == 0 {
        return lacks("a name");
    }
    let byte = info.reader.types().base("char", Encoding::SignedChar, 1, Language::Cpp);
    let text = text_at(info.reader, &info.at(address, byte).object, address, 1)?;
    let mangled = String::from_utf8_lossy(&text.bytes).into_owned();
    // As the name of a type alone is not mangled like that of a function, it is asked for with its type's.
    let demangled = demangle(&format!("_ZTI{}", mangled.trim_start_matches('*')));
    let name = demangled.as_deref().and_then(|name| name.strip_prefix("typeinfo for "));
    named(&name.map_or(mangled.clone(), |name| short_name(Language::Cpp, name)))
}

/// `std::type_index`: the type of the `type_info` that it points at.
pub fn type_index<'a>(index: &Part<'a, '_>) -> Formed<View<'a>> {
    match index.member("__t_")?.target()? {
        Some(target) => type_info(&target),
        None => lacks("a type"),
    }
}

/// `std::ratio`: `3/4`, which is its type.
pub fn ratio<'a>(ratio: &Part<'a, '_>) -> Formed<View<'a>> {
    let name = ratio.found.name.as_deref().unwrap_or_default();
    let generic = split_generic(name);
    let number = |index: usize| -> Option<i64> {
        let arguments = &generic.as_ref()?.arguments;
        arguments.get(index)?.trim_end_matches(['L', 'U', 'l', 'u']).parse().ok()
    };
    match (number(0), number(1)) {
        (Some(numerator), Some(denominator)) => named(&format!("{numerator}/{denominator}")),
        (Some(numerator), None) => named(&format!("{numerator}/1")),
        _ => lacks("two numbers"),
    }
}

/// `std::strong_ordering` and its siblings: `less`, `equal`, `equivalent`, `greater`, `unordered`.
pub fn ordering<'a>(ordering: &Part<'a, '_>) -> Formed<View<'a>> {
    let value = ordering.member("__value_")?.signed()?;
    named(match value {
        -1 => "less",
        0 if ordering.base_name() == "strong_ordering" => "equal",
        0 => "equivalent",
        1 => "greater",
        -127 | 2 if ordering.base_name() == "partial_ordering" => "unordered",
        _ => return lacks("a value of an ordering"),
    })
}

/// `std::once_flag`: whether it was called.
pub fn once<'a>(flag: &Part<'a, '_>) -> Formed<View<'a>> {
    let state = flag.member("__state_")?;
    named(match (state.number()?, state.signed()?) {
        (0, _) => "not called",
        (1, _) => "being called",
        (_, -1) => "called",
        _ => return lacks("a state of a flag"),
    })
}

/// `std::source_location`: what the compiler noted of it.
pub fn location<'a>(location: &Part<'a, '_>) -> Formed<View<'a>> {
    match location.member("__ptr_")?.target()? {
        Some(target) => Ok(View::Wrapped { prefix: "", inner: target.object }),
        None => named("unknown"),
    }
}

/// `std::coroutine_handle`: the pointer in it.
pub fn coroutine<'a>(handle: &Part<'a, '_>) -> Formed<View<'a>> {
    Ok(View::Wrapped { prefix: "", inner: handle.member("__handle_")?.pointer()?.0.object })
}
