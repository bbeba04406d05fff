//! The shape that all values of a type have, for those types whose values cannot change it: plain numbers, pointers, and
//! records that their language shows as their members. Nothing is read.

use crate::dwarf::Language;
use crate::dwarf::types::{Encoding, MemberPlace, PointerKind, TypeId, TypeKind};

use super::object::Object;
use super::present::{Form, present};
use super::pretty;
use super::read::Reader;
use super::scalar::ScalarKind;
use super::view::{FieldStyle, View};

/// What `present` gives every value of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// `View::Scalar`, of as many bits as the type has bytes.
    Scalar(ScalarKind),
    /// `View::Fields`, the same members at the same places.
    Fields(FieldStyle),
    /// `View::Pointer` to the type.
    Pointer(TypeId),
}

/// The shape of values of the type of `object`; none if it depends on the value, and for bit-fields.
pub fn layout(reader: Reader<'_, '_>, object: &Object, form: Form) -> Option<Layout> {
    let (_, found) = reader.stripped(object);
    match &found.kind {
        // Zig's integers may have fewer bits than their bytes hold.
        _ if found.language == Language::Zig || object.bits.is_some() => None,
        TypeKind::Base(Encoding::ComplexFloat) => None,
        TypeKind::Base(_) | TypeKind::Enumeration(_) => {
            reader.size_of(object).ok().filter(|size| (1..=16).contains(size))?;
            Some(Layout::Scalar(reader.scalar_kind(&found)?))
        }
        TypeKind::Pointer { target, kind: PointerKind::Pointer } => {
            // What stands behind a pointer to a table of functions depends on where it lies itself.
            let (_, pointed) = reader.types().strip(*target);
            let is_table = matches!(pointed.kind, TypeKind::Pointer { .. }) && pointed.language == Language::Cpp;
            reader.size_of(object).ok().filter(|size| matches!(size, 4 | 8))?;
            let is_formed = form == Form::Language && pretty::has_form(reader, object);
            (!is_table && !is_formed).then_some(Layout::Pointer(*target))
        }
        TypeKind::Record(record) => {
            let is_static = !record.declaration
                && record.variants.is_none()
                && record.statics.is_empty()
                && !record.members.iter().any(|member| matches!(member.place, MemberPlace::Virtual(_)));
            if !is_static || form == Form::Language && pretty::has_form(reader, object) {
                return None;
            }
            match present(reader, object, form) {
                View::Fields { style, .. } => Some(Layout::Fields(style)),
                _ => None,
            }
        }
        _ => None,
    }
}
