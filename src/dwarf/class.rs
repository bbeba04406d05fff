//! What only the listing of a C++ class shows: who may use its members, its methods and its own type names.
//!
//! Read when a class is listed, and not kept: values need none of it.

use std::rc::Rc;

use gimli::{AttributeValue, UnitOffset};

use super::attribute::{self, Entry};
use super::debug_info::{DebugInfo, DieRef, Unit};
use super::type_parse::is_static;
use super::type_table::TypeTable;
use super::types::RecordKind;
use super::types::{TypeId, TypeKind};
use crate::error::{Error, Result};
use crate::limits::MAX_TYPE_MEMBERS;

/// Who may use a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Public,
    Protected,
    Private,
}

/// The listing of one class, each part in the order of the source.
#[derive(Debug, Clone, Default)]
pub struct ClassListing {
    pub members: Vec<(Access, ListedMember)>,
    /// Of each base, in the order of `Record::members`; true: it is a virtual one.
    pub bases: Vec<(Access, bool)>,
    pub methods: Vec<Method>,
    pub typedefs: Vec<(Access, Rc<str>, TypeId)>,
}

/// A member and its place among those of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListedMember {
    /// Index in `Record::members`, the bases not counted.
    Field(usize),
    /// Index in `Record::statics`.
    Static(usize),
}

/// A member function as it is declared.
#[derive(Debug, Clone)]
pub struct Method {
    pub name: Rc<str>,
    pub access: Access,
    /// The compiler made it.
    pub artificial: bool,
    pub is_virtual: bool,
    /// Its place in the vtable, if it has a constant one.
    pub vtable_index: Option<u64>,
    /// The type of `this`; none: a static one.
    pub this: Option<TypeId>,
    /// None: void.
    pub result: Option<TypeId>,
    /// Without `this`.
    pub parameters: Vec<TypeId>,
    pub variadic: bool,
}

impl TypeTable<'_> {
    /// The listing of the class `id`.
    ///
    /// # Errors
    /// It is no class that a DIE describes, or that cannot be read.
    pub fn class_listing(&self, id: TypeId) -> Result<ClassListing> {
        let found = self.get(id);
        let (TypeKind::Record(record), Some(die)) = (&found.kind, found.die) else {
            return Err(Error::NotFound("no class in the debug information".into()));
        };
        let info = self.info(die.info).ok_or_else(|| Error::NotFound("no such module".into()))?;
        let unit = info.unit(die.unit)?;
        let default = if record.kind == RecordKind::Class { Access::Private } else { Access::Public };
        let mut reader =
            ListingReader { types: self, info: &info, unit, die, default, listing: ClassListing::default() };
        let (mut fields, mut statics) = (0, 0);
        reader.children(die.offset, |reader, child| reader.child(child, &mut fields, &mut statics))?;
        Ok(reader.listing)
    }
}

struct ListingReader<'a, 'f> {
    types: &'a TypeTable<'f>,
    info: &'a DebugInfo<'f>,
    unit: &'a Unit<'f>,
    die: DieRef,
    default: Access,
    listing: ClassListing,
}

impl<'f> ListingReader<'_, 'f> {
    fn children(&mut self, offset: u32, mut visit: impl FnMut(&mut Self, &Entry<'f>)) -> Result<()> {
        let broken = |e: gimli::Error| Error::malformed(format!("class at {offset:#x}: {e}"));
        let mut tree = self.unit.unit.entries_tree(Some(UnitOffset(offset as usize))).map_err(broken)?;
        let mut children = tree.root().map_err(broken)?.children();
        let mut count = 0;
        while let (Some(child), true) = (children.next().map_err(broken)?, count < MAX_TYPE_MEMBERS) {
            visit(self, child.entry());
            count += 1;
        }
        self.info.count_dies(count as u64);
        Ok(())
    }

    fn child(&mut self, child: &Entry<'f>, fields: &mut usize, statics: &mut usize) {
        let access = self.access(child);
        match child.tag() {
            gimli::DW_TAG_member if !is_static(child) => {
                self.listing.members.push((access, ListedMember::Field(*fields)));
                *fields += 1;
            }
            gimli::DW_TAG_member | gimli::DW_TAG_variable if attribute::name(self.unit, child).is_some() => {
                // clang puts the vtable there.
                if !attribute::flag(child, gimli::DW_AT_artificial) {
                    self.listing.members.push((access, ListedMember::Static(*statics)));
                }
                *statics += 1;
            }
            gimli::DW_TAG_inheritance => {
                let is_virtual = is_virtual(child);
                self.listing.bases.push((access, is_virtual));
            }
            gimli::DW_TAG_subprogram => {
                let method = self.method(child, access);
                self.listing.methods.extend(method);
            }
            gimli::DW_TAG_typedef => {
                let name = attribute::name(self.unit, child);
                let offset = u32::try_from(child.offset().0).ok();
                if let (Some(name), Some(offset)) = (name, offset) {
                    let id = self.types.of_die(DieRef { offset, ..self.die });
                    self.listing.typedefs.push((access, name.into(), id));
                }
            }
            _ => {}
        }
    }

    fn access(&self, entry: &Entry<'f>) -> Access {
        match entry.attr_value(gimli::DW_AT_accessibility) {
            Some(AttributeValue::Accessibility(gimli::DW_ACCESS_public)) => Access::Public,
            Some(AttributeValue::Accessibility(gimli::DW_ACCESS_protected)) => Access::Protected,
            Some(AttributeValue::Accessibility(gimli::DW_ACCESS_private)) => Access::Private,
            _ => self.default,
        }
    }

    /// N of `DW_OP_constu N`.
    fn vtable_index(&self, entry: &Entry<'f>) -> Option<u64> {
        let AttributeValue::Exprloc(expression) = entry.attr_value(gimli::DW_AT_vtable_elem_location)? else {
            return None;
        };
        match expression.operations(self.unit.unit.encoding()).next() {
            Ok(Some(gimli::Operation::UnsignedConstant { value })) => Some(value),
            _ => None,
        }
    }

    fn method(&mut self, entry: &Entry<'f>, access: Access) -> Option<Method> {
        let name = attribute::name(self.unit, entry)?.into();
        let target = |this: &Self, entry: &Entry<'f>| {
            let die = attribute::reference(this.info, this.die.unit, entry, gimli::DW_AT_type);
            die.map(|die| this.types.of_die(die))
        };
        let mut method = Method {
            name,
            access,
            artificial: attribute::flag(entry, gimli::DW_AT_artificial),
            is_virtual: is_virtual(entry),
            vtable_index: self.vtable_index(entry),
            this: None,
            result: target(self, entry),
            parameters: Vec::new(),
            variadic: false,
        };
        let offset = u32::try_from(entry.offset().0).ok()?;
        let read = self.children(offset, |reader, child| match child.tag() {
            gimli::DW_TAG_formal_parameter => {
                let type_id = target(reader, child).unwrap_or_else(|| reader.types.void());
                match attribute::flag(child, gimli::DW_AT_artificial) {
                    true if method.this.is_none() => method.this = Some(type_id),
                    true => {}
                    false => method.parameters.push(type_id),
                }
            }
            gimli::DW_TAG_unspecified_parameters => method.variadic = true,
            _ => {}
        });
        read.ok().map(|()| method)
    }
}

fn is_virtual(entry: &Entry<'_>) -> bool {
    matches!(
        entry.attr_value(gimli::DW_AT_virtuality),
        Some(AttributeValue::Virtuality(gimli::DW_VIRTUALITY_virtual | gimli::DW_VIRTUALITY_pure_virtual))
    )
}
