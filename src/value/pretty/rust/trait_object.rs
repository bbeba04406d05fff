//! `&dyn Trait`, `Box<dyn Trait>`: the value behind the pointer, of the type that the vtable was made for.
//!
//! rustc describes each vtable as a variable whose type names the concrete type (DW_AT_containing_type). Without that
//! the pointers themselves are shown.

use crate::value::language::split_generic;
use crate::value::view::View;

use super::super::part::{Formed, Part, lacks, null};

/// Whether a pointer of that name points at a trait object itself.
pub fn is_for(name: &str) -> bool {
    let pointed = match split_generic(name) {
        Some(generic) if !name.starts_with(['&', '*']) => generic.arguments.first().copied().unwrap_or_default(),
        _ => name.trim_start_matches(['&', '*']),
    };
    let pointed = pointed.strip_prefix("mut ").or_else(|| pointed.strip_prefix("const ")).unwrap_or(pointed);
    pointed.starts_with("dyn ") || pointed.starts_with("(dyn ")
}

/// The value itself; of a reference with `&` in front.
pub fn view<'a>(pointer: &Part<'a, '_>) -> Formed<View<'a>> {
    let data = pointer.member("pointer")?.address()?;
    let name = pointer.found.name.as_deref().unwrap_or_default();
    let prefix = if name.starts_with("&mut ") {
        "&mut "
    } else if name.starts_with('&') {
        "&"
    } else {
        ""
    };
    let vtable = pointer.member("vtable")?.address()?;
    let Some(concrete) = pointer.reader.vtable_type(&pointer.object, pointer.type_id, vtable) else {
        return lacks("a description of the vtable");
    };
    if data == 0 {
        return null();
    }
    Ok(View::Wrapped { prefix, inner: pointer.at(data, concrete).object })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trait_objects_are_told_from_what_holds_them() {
        assert!(is_for("&dyn forms::Area"));
        assert!(is_for("*const (dyn core::any::Any + core::marker::Send)"));
        assert!(is_for("alloc::boxed::Box<dyn forms::Area, alloc::alloc::Global>"));
        assert!(!is_for("*const alloc::rc::RcInner<dyn forms::Area>"));
    }
}
