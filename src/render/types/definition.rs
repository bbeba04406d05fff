//! The ways in: `ptype` and `whatis`.

use crate::dwarf::types::TypeKind;
use crate::dwarf::{Language, TypeId, TypeTable};
use crate::text::{Role, Sink, Stopped};
use crate::value::type_name::{Core, Length, type_name};

use super::layout::Layout;
use super::rust;
use super::writer::{TypeOptions, TypeWriter};

/// The answer of `ptype`: `type = `, the definition, an end of line.
///
/// # Errors
/// Nobody reads any more.
pub fn ptype(types: &TypeTable<'_>, id: TypeId, options: TypeOptions, out: &mut dyn Sink) -> Result<(), Stopped> {
    let mut writer = TypeWriter::new(types, options, out);
    let (stripped, found) = types.strip(id);
    let is_record = matches!(found.kind, TypeKind::Record(_));
    if let (Some(radix), true) = (options.offsets, is_record) {
        writer.put(Role::Note, radix.header())?;
    }
    writer.plain("type = ")?;
    match found.language {
        Language::Rust | Language::Zig => rust::definition(&mut writer, stripped)?,
        _ => writer.type_around((id, ""), Core::Resolved, 0, &mut Layout::new(options.offsets))?,
    }
    writer.plain("\n")
}

/// The answer of `whatis` for a type that was named: its name, a typedef's with one level undone.
pub fn whatis_type(types: &TypeTable<'_>, id: TypeId, length: Length) -> String {
    match types.get(id).kind {
        TypeKind::Typedef { target } => type_name(types, target, length),
        _ => type_name(types, id, length),
    }
}
