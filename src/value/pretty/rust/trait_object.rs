//! `&dyn Trait`, `Box<dyn Trait>`: the value behind the pointer, of the type that the vtable was made for.
//!
//! rustc describes each vtable as a variable whose type names the concrete type (DW_AT_containing_type). Without that
//! the pointers themselves are shown.

use crate::value::view::View;

use super::super::part::{Formed, Part, lacks};

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
    Ok(View::Wrapped { prefix, inner: pointer.at(data, concrete).object })
}
