//! One type's DIE to a `Type`; what it refers to becomes handles and is not read.

use std::rc::Rc;

use gimli::{AttributeValue, UnitOffset};

use super::attribute::{self, Entry};
use super::debug_info::{DebugInfo, DieRef, Unit};
use super::language::Language;
use super::types::{
    Array, Encoding, Enumeration, FunctionType, Member, MemberPlace, PointerKind, Qualifier, Record, RecordKind,
    StaticMember, Type, TypeId, TypeKind, Variant, VariantPart,
};
use crate::error::{Error, Result};
use crate::limits::{MAX_TYPE_MEMBERS, MAX_TYPE_NESTING};

/// Hands out handles while a type is parsed.
pub trait Handles {
    /// The handle of a DIE's type.
    fn of_die(&self, die: DieRef) -> TypeId;
    /// C's `void`: what a missing DW_AT_type means.
    fn void(&self) -> TypeId;
    /// The handle of a dimension of the array type at `die`, outermost is 0.
    fn dimension(&self, die: DieRef, array: Array, language: Language) -> TypeId;
}

/// Parse the type at `die`.
///
/// # Errors
/// The DIE cannot be read, or is no type.
pub fn parse_type<'f>(info: &DebugInfo<'f>, die: DieRef, handles: &dyn Handles) -> Result<Type> {
    let unit = info.unit(die.unit)?;
    let entry = unit.unit.entry(UnitOffset(die.offset as usize)).map_err(|e| broken(die, &e))?;
    info.count_dies(1);
    TypeParser { info, unit, die, handles }.parse(&entry)
}

fn broken(die: DieRef, error: &gimli::Error) -> Error {
    Error::malformed(format!("DIE {:#x} of unit {}: {error}", die.offset, die.unit.0))
}

struct TypeParser<'a, 'f> {
    info: &'a DebugInfo<'f>,
    unit: &'a Unit<'f>,
    die: DieRef,
    handles: &'a dyn Handles,
}

impl<'f> TypeParser<'_, 'f> {
    fn parse(&self, entry: &Entry<'f>) -> Result<Type> {
        let kind = match entry.tag() {
            gimli::DW_TAG_base_type => TypeKind::Base(encoding(entry)),
            gimli::DW_TAG_unspecified_type => TypeKind::Void,
            gimli::DW_TAG_pointer_type => self.pointer(entry, PointerKind::Pointer),
            gimli::DW_TAG_reference_type => self.pointer(entry, PointerKind::Reference),
            gimli::DW_TAG_rvalue_reference_type => self.pointer(entry, PointerKind::RvalueReference),
            gimli::DW_TAG_structure_type => TypeKind::Record(Rc::new(self.record(entry, RecordKind::Struct)?)),
            gimli::DW_TAG_class_type => TypeKind::Record(Rc::new(self.record(entry, RecordKind::Class)?)),
            gimli::DW_TAG_union_type => TypeKind::Record(Rc::new(self.record(entry, RecordKind::Union)?)),
            gimli::DW_TAG_array_type => self.array(entry)?,
            gimli::DW_TAG_enumeration_type => TypeKind::Enumeration(Rc::new(self.enumeration(entry)?)),
            gimli::DW_TAG_typedef | gimli::DW_TAG_template_alias => TypeKind::Typedef { target: self.target(entry) },
            gimli::DW_TAG_const_type => self.qualified(entry, Qualifier::Const),
            gimli::DW_TAG_volatile_type => self.qualified(entry, Qualifier::Volatile),
            gimli::DW_TAG_restrict_type => self.qualified(entry, Qualifier::Restrict),
            gimli::DW_TAG_atomic_type => self.qualified(entry, Qualifier::Atomic),
            gimli::DW_TAG_subroutine_type => TypeKind::Function(Rc::new(self.function(entry)?)),
            // A function used as a type: what `ptype main` asks for.
            gimli::DW_TAG_subprogram => TypeKind::Function(Rc::new(self.function(entry)?)),
            gimli::DW_TAG_ptr_to_member_type => TypeKind::MemberPointer {
                target: self.target(entry),
                class: self
                    .reference(entry, gimli::DW_AT_containing_type)
                    .map_or_else(|| self.handles.void(), |die| self.handles.of_die(die)),
            },
            tag => return Err(Error::malformed(format!("DIE {:#x} is no type but {tag}", self.die.offset))),
        };
        let size_bytes = attribute::unsigned(entry, gimli::DW_AT_byte_size)
            .or_else(|| attribute::unsigned(entry, gimli::DW_AT_bit_size).map(|bits| bits.div_ceil(8)))
            .or(match kind {
                TypeKind::Pointer { .. } => Some(u64::from(self.unit.address_size())),
                TypeKind::MemberPointer { .. } => Some(self.member_pointer_size(entry)),
                _ => None,
            });
        Ok(Type {
            name: attribute::name(self.unit, entry).map(Rc::from),
            kind,
            size_bytes,
            align_bytes: attribute::unsigned(entry, gimli::DW_AT_alignment),
            language: self.unit.language,
            die: Some(self.die),
        })
    }

    fn reference(&self, entry: &Entry<'f>, at: gimli::DwAt) -> Option<DieRef> {
        attribute::reference(self.info, self.die.unit, entry, at)
    }

    /// The type that DW_AT_type names; void if it names none.
    fn target(&self, entry: &Entry<'f>) -> TypeId {
        match self.reference(entry, gimli::DW_AT_type) {
            Some(die) => self.handles.of_die(die),
            None => self.handles.void(),
        }
    }

    fn pointer(&self, entry: &Entry<'f>, kind: PointerKind) -> TypeKind {
        TypeKind::Pointer { target: self.target(entry), kind }
    }

    /// Itanium C++ ABI, 2.3: to data an offset, to a function a pair of pointer and adjustment.
    fn member_pointer_size(&self, entry: &Entry<'f>) -> u64 {
        let target = self.reference(entry, gimli::DW_AT_type).filter(|die| die.unit == self.die.unit);
        let target = target.and_then(|die| self.unit.unit.entry(UnitOffset(die.offset as usize)).ok());
        let is_function = target.is_some_and(|entry| entry.tag() == gimli::DW_TAG_subroutine_type);
        u64::from(self.unit.address_size()) * if is_function { 2 } else { 1 }
    }

    fn qualified(&self, entry: &Entry<'f>, qualifier: Qualifier) -> TypeKind {
        TypeKind::Qualified { qualifier, target: self.target(entry) }
    }

    /// Calls `visit` with each direct child of the DIE at `offset`.
    fn children(&self, offset: UnitOffset, mut visit: impl FnMut(&Entry<'f>) -> Result<()>) -> Result<()> {
        let broken = |error| broken(self.die, &error);
        let read_from = |offset| self.unit.unit.entries_raw(Some(offset)).map_err(broken);
        let mut raw = read_from(offset)?;
        let mut entry = Entry::null();
        let has_children = raw.read_entry(&mut entry).map_err(broken)? && entry.has_children();
        let (mut depth_at_start, mut count) = (0, 0);
        while has_children && !raw.is_empty() {
            let depth = depth_at_start + raw.next_depth();
            if depth <= 0 {
                break;
            }
            // Each level is read again for each type around it.
            if depth > MAX_TYPE_NESTING {
                return Err(Error::Limit(format!("types are nested more than {MAX_TYPE_NESTING} deep")));
            }
            if !raw.read_entry(&mut entry).map_err(broken)? || depth > 1 {
                continue;
            }
            count += 1;
            if count > MAX_TYPE_MEMBERS {
                return Err(Error::Limit(format!("a type has more than {MAX_TYPE_MEMBERS} members")));
            }
            visit(&entry)?;
            if let Some(AttributeValue::UnitRef(next)) = entry.attr_value(gimli::DW_AT_sibling)
                && entry.has_children()
                && next > raw.next_offset()
            {
                (raw, depth_at_start) = (read_from(next)?, 1);
            }
        }
        self.info.count_dies(count as u64);
        Ok(())
    }

    fn record(&self, entry: &Entry<'f>, kind: RecordKind) -> Result<Record> {
        let mut record = Record {
            kind,
            members: Vec::new(),
            variants: None,
            type_parameters: Vec::new(),
            statics: Vec::new(),
            declaration: attribute::flag(entry, gimli::DW_AT_declaration),
            containing_type: self.reference(entry, gimli::DW_AT_containing_type).map(|die| self.handles.of_die(die)),
        };
        let mut variant_part = None;
        self.children(entry.offset(), |child| {
            match child.tag() {
                gimli::DW_TAG_member if is_static(child) => record.statics.extend(self.static_member(child)),
                gimli::DW_TAG_member | gimli::DW_TAG_inheritance => record.members.push(self.member(child)),
                // clang's DWARF 5: a static member is a variable inside the class.
                gimli::DW_TAG_variable => record.statics.extend(self.static_member(child)),
                gimli::DW_TAG_variant_part => variant_part = Some(child.offset()),
                gimli::DW_TAG_template_type_parameter => {
                    let name = attribute::name(self.unit, child).unwrap_or_default();
                    record.type_parameters.push((name.into(), self.target(child)));
                }
                _ => {}
            }
            Ok(())
        })?;
        // Bases first: they come first in memory and in every display.
        record.members.sort_by_key(|m| !m.is_base);
        if let Some(offset) = variant_part {
            record.variants = Some(self.variant_part(offset)?);
        }
        Ok(record)
    }

    fn member(&self, entry: &Entry<'f>) -> Member {
        Member {
            name: attribute::name(self.unit, entry).map(Rc::from),
            type_id: self.target(entry),
            place: self.member_place(entry),
            is_base: entry.tag() == gimli::DW_TAG_inheritance,
            artificial: attribute::flag(entry, gimli::DW_AT_artificial),
        }
    }

    fn member_place(&self, entry: &Entry<'f>) -> MemberPlace {
        let bytes = match entry.attr_value(gimli::DW_AT_data_member_location) {
            Some(AttributeValue::Exprloc(expression)) => {
                return self.member_expression(expression.0.slice(), entry);
            }
            Some(AttributeValue::Block(block)) => return self.member_expression(block.slice(), entry),
            Some(value) => value.udata_value().unwrap_or(0),
            None => 0,
        };
        let Some(size_bits) = attribute::unsigned(entry, gimli::DW_AT_bit_size) else {
            return MemberPlace::Offset(bytes);
        };
        let offset_bits = match attribute::unsigned(entry, gimli::DW_AT_data_bit_offset) {
            Some(bits) => bits.saturating_add(bytes.saturating_mul(8)),
            // DWARF 3's way, which clang still writes for DWARF 4: counted from the storage unit's most
            // significant bit, so from its end on a little-endian machine.
            None => {
                let storage = attribute::unsigned(entry, gimli::DW_AT_byte_size).unwrap_or(0).saturating_mul(8);
                let from_top = attribute::unsigned(entry, gimli::DW_AT_bit_offset).unwrap_or(0);
                let below = storage.saturating_sub(from_top).saturating_sub(size_bits);
                bytes.saturating_mul(8).saturating_add(below)
            }
        };
        MemberPlace::Bits { offset_bits, size_bits }
    }

    /// A member whose place is an expression: `plus_uconst N` is a plain offset, all else needs the object.
    fn member_expression(&self, bytes: &[u8], entry: &Entry<'f>) -> MemberPlace {
        plain_offset(bytes)
            .map(MemberPlace::Offset)
            .unwrap_or_else(|| MemberPlace::Virtual(DieRef { offset: entry.offset().0 as u32, ..self.die }))
    }

    fn static_member(&self, entry: &Entry<'f>) -> Option<StaticMember> {
        let name = attribute::name(self.unit, entry)?;
        let offset = u32::try_from(entry.offset().0).ok()?;
        let die = DieRef { offset, ..self.die };
        Some(StaticMember { name: name.into(), type_id: self.target(entry), die })
    }

    fn variant_part(&self, offset: UnitOffset) -> Result<VariantPart> {
        let entry = self.unit.unit.entry(offset).map_err(|e| broken(self.die, &e))?;
        let discriminant = match self.reference(&entry, gimli::DW_AT_discr) {
            Some(die) if die.unit == self.die.unit => {
                let entry = self.unit.unit.entry(UnitOffset(die.offset as usize));
                Some(self.member(&entry.map_err(|e| broken(self.die, &e))?))
            }
            _ => None,
        };
        let mut found = Vec::new();
        self.children(offset, |child| {
            if child.tag() == gimli::DW_TAG_variant {
                let values = attribute::constant(child, gimli::DW_AT_discr_value);
                found.push((child.offset(), values.map(|(value, _)| (value, value)).into_iter().collect()));
            }
            Ok(())
        })?;
        let mut variants = Vec::new();
        for (offset, values) in found {
            let mut variant = Variant { values, members: Vec::new() };
            self.children(offset, |child| {
                if child.tag() == gimli::DW_TAG_member {
                    variant.members.push(self.member(child));
                }
                Ok(())
            })?;
            variants.push(variant);
        }
        Ok(VariantPart { discriminant, variants })
    }

    fn array(&self, entry: &Entry<'f>) -> Result<TypeKind> {
        let mut dimensions = Vec::new();
        self.children(entry.offset(), |child| {
            if matches!(child.tag(), gimli::DW_TAG_subrange_type | gimli::DW_TAG_enumeration_type) {
                dimensions.push(self.dimension(child));
            }
            Ok(())
        })?;
        let mut element = self.target(entry);
        let outermost = dimensions.first().copied().unwrap_or((None, None));
        let is_vector = attribute::flag(entry, gimli::DW_AT_GNU_vector);
        let make = |element, (count, count_variable)| Array {
            element,
            count,
            count_variable,
            stride_bytes: attribute::unsigned(entry, gimli::DW_AT_byte_stride),
            is_vector,
        };
        for dimension in dimensions.iter().skip(1).rev() {
            element = self.handles.dimension(self.die, make(element, *dimension), self.unit.language);
        }
        Ok(TypeKind::Array(make(element, outermost)))
    }

    /// Element count of one dimension, or the DIE of the variable that holds it.
    fn dimension(&self, entry: &Entry<'f>) -> (Option<u64>, Option<DieRef>) {
        let low = attribute::unsigned(entry, gimli::DW_AT_lower_bound).unwrap_or(0);
        for (at, is_count) in [(gimli::DW_AT_count, true), (gimli::DW_AT_upper_bound, false)] {
            if let Some(die) = self.reference(entry, at).filter(|_| is_count) {
                return (None, Some(die));
            }
            if let Some((value, bits)) = attribute::constant(entry, at) {
                // An upper bound of -1 is an empty array.
                let value = attribute::sign_extended(value, bits.max(64)) + i128::from(!is_count);
                return (u64::try_from(value - if is_count { 0 } else { i128::from(low) }).ok().or(Some(0)), None);
            }
        }
        (None, None)
    }

    fn enumeration(&self, entry: &Entry<'f>) -> Result<Enumeration> {
        let underlying = self.reference(entry, gimli::DW_AT_type);
        let signed = match underlying {
            Some(die) if die.unit == self.die.unit => {
                let entry = self.unit.unit.entry(UnitOffset(die.offset as usize));
                entry.is_ok_and(|e| matches!(encoding(&e), Encoding::Signed | Encoding::SignedChar))
            }
            _ => true,
        };
        let mut enumerators = Vec::new();
        self.children(entry.offset(), |child| {
            if child.tag() == gimli::DW_TAG_enumerator {
                let name = attribute::name(self.unit, child).unwrap_or_default();
                if let Some((bits, size_bits)) = attribute::constant(child, gimli::DW_AT_const_value) {
                    let value = if signed || size_bits == 128 {
                        attribute::sign_extended(bits, size_bits)
                    } else {
                        bits as i128
                    };
                    enumerators.push((Rc::from(name), value));
                }
            }
            Ok(())
        })?;
        Ok(Enumeration {
            underlying: underlying.map(|die| self.handles.of_die(die)),
            enumerators,
            scoped: attribute::flag(entry, gimli::DW_AT_enum_class),
        })
    }

    fn function(&self, entry: &Entry<'f>) -> Result<FunctionType> {
        let mut function = FunctionType {
            result: self.reference(entry, gimli::DW_AT_type).map(|die| self.handles.of_die(die)),
            this: None,
            parameters: Vec::new(),
            type_arguments: Vec::new(),
            variadic: false,
            prototyped: attribute::flag(entry, gimli::DW_AT_prototyped),
        };
        self.children(entry.offset(), |child| {
            match child.tag() {
                // `this` is no parameter that the source has.
                gimli::DW_TAG_formal_parameter if attribute::flag(child, gimli::DW_AT_artificial) => {
                    function.this = function.this.or(Some(self.target(child)));
                }
                gimli::DW_TAG_template_type_parameter => function.type_arguments.push(self.target(child)),
                gimli::DW_TAG_formal_parameter => function.parameters.push(self.target(child)),
                gimli::DW_TAG_unspecified_parameters => function.variadic = true,
                _ => {}
            }
            Ok(())
        })?;
        Ok(function)
    }
}

/// The offset that `plus_uconst N` or `constu N` alone gives.
fn plain_offset(bytes: &[u8]) -> Option<u64> {
    use gimli::Reader as _;
    let mut reader = gimli::EndianSlice::new(bytes, gimli::LittleEndian);
    let operation = gimli::DwOp(reader.read_u8().ok()?);
    if operation != gimli::DW_OP_plus_uconst && operation != gimli::DW_OP_constu {
        return None;
    }
    let offset = reader.read_uleb128().ok()?;
    reader.is_empty().then_some(offset)
}

pub(super) fn is_static(entry: &Entry<'_>) -> bool {
    attribute::flag(entry, gimli::DW_AT_external) || attribute::flag(entry, gimli::DW_AT_declaration)
}

fn encoding(entry: &Entry<'_>) -> Encoding {
    let Some(AttributeValue::Encoding(encoding)) = entry.attr_value(gimli::DW_AT_encoding) else {
        return Encoding::Other;
    };
    match encoding {
        gimli::DW_ATE_signed => Encoding::Signed,
        gimli::DW_ATE_unsigned => Encoding::Unsigned,
        gimli::DW_ATE_boolean => Encoding::Boolean,
        gimli::DW_ATE_float => Encoding::Float,
        gimli::DW_ATE_complex_float => Encoding::ComplexFloat,
        gimli::DW_ATE_signed_char => Encoding::SignedChar,
        gimli::DW_ATE_unsigned_char => Encoding::UnsignedChar,
        gimli::DW_ATE_UTF | gimli::DW_ATE_UCS | gimli::DW_ATE_ASCII => Encoding::Utf,
        gimli::DW_ATE_address => Encoding::Address,
        _ => Encoding::Other,
    }
}
