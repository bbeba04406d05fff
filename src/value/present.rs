//! The one entry from an object to its shape: its language's form, or the plain one that DWARF gives.

use std::rc::Rc;

use crate::dwarf::Language;
use crate::dwarf::location::Absence;
use crate::dwarf::types::{Array, Encoding, MemberPlace, PointerKind, Record, Type, TypeId, TypeKind, VariantPart};
use crate::error::{Error, Result};
use crate::limits::MAX_STRING_BYTES;

use super::object::Object;
use super::read::Reader;
use super::scalar::{Scalar, ScalarKind};
use super::type_name::{Length, type_name};
use super::view::{Child, Elements, FieldStyle, Label, Pointer, Text, View};

/// Which shape is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As its language shows it.
    Language,
    /// Members as DWARF has them.
    Raw,
}

/// The shape of `object`. Never fails: what cannot be read is `View::Unavailable`.
pub fn present<'a>(reader: Reader<'a, '_>, object: &Object, form: Form) -> View<'a> {
    match object.absence() {
        Some(Absence::OptimizedOut) => return View::OptimizedOut,
        Some(Absence::Unavailable(reason)) => return View::Unavailable(Error::Absent(reason.to_string())),
        None => {}
    }
    plain(reader, object, form).unwrap_or_else(View::Unavailable)
}

fn plain<'a>(reader: Reader<'a, '_>, object: &Object, form: Form) -> Result<View<'a>> {
    let (id, found) = reader.stripped(object);
    Ok(match &found.kind {
        TypeKind::Void => View::Nothing,
        TypeKind::Base(Encoding::ComplexFloat) => complex(reader, object)?,
        TypeKind::Base(_) if reader.size_of(object)? == 0 => View::Nothing,
        TypeKind::Base(_) | TypeKind::Enumeration(_) => View::Scalar(reader.scalar(object)?),
        TypeKind::MemberPointer { .. } => member_pointer(reader, object)?,
        TypeKind::Pointer { target, kind } => pointer(reader, object, *target, *kind)?,
        TypeKind::Record(record) => self::record(reader, object, (id, &found), record, form)?,
        TypeKind::Array(array) => self::array(reader, object, array, form)?,
        TypeKind::Function(_) => View::Function {
            index: reader.function_index(object).map(|index| u64::from(index.0)),
            name: reader.function_object_name(object),
        },
        TypeKind::Typedef { .. } | TypeKind::Qualified { .. } => {
            return Err(Error::malformed("a chain of typedefs that does not end"));
        }
        TypeKind::Broken(reason) => return Err(Error::malformed(reason.to_string())),
    })
}

fn complex<'a>(reader: Reader<'a, '_>, object: &Object) -> Result<View<'a>> {
    let size = reader.size_of(object)?;
    let (_, found) = reader.stripped(object);
    let name = match size {
        8 => "float",
        16 => "double",
        _ => "long double",
    };
    let part = reader.types().base(name, Encoding::Float, size / 2, found.language);
    let child = |name: &str, offset| Child { label: Label::Name(name.into()), object: object.part(part, offset) };
    Ok(View::Fields { children: vec![child("real", 0), child("imag", size / 2)], style: FieldStyle::Named })
}

fn pointer<'a>(reader: Reader<'a, '_>, object: &Object, target: TypeId, kind: PointerKind) -> Result<View<'a>> {
    let scalar = reader.scalar(object)?;
    let address = scalar.as_address();
    let (_, pointed) = reader.types().strip(target);
    let mut pointer = Pointer {
        address,
        size_bits: scalar.size_bits,
        is_reference: kind != PointerKind::Pointer,
        text: None,
        function: None,
        symbol: None,
    };
    match &pointed.kind {
        TypeKind::Function(_) => pointer.function = reader.program.table_function_name(object.instance, address),
        TypeKind::Base(_) if kind == PointerKind::Pointer && address != 0 => {
            if let Some(unit_bytes) = character_bytes(reader, &pointed) {
                pointer.text = Some(text_at(reader, object, address, unit_bytes));
            }
        }
        _ => {}
    }
    Ok(View::Pointer(pointer))
}

/// Bytes of a character, if the type is one that C and C++ treat as text.
pub fn character_bytes(reader: Reader<'_, '_>, found: &Type) -> Option<u8> {
    if !matches!(found.language, Language::C | Language::Cpp | Language::Other) {
        return None;
    }
    let is_character = match found.kind {
        TypeKind::Base(Encoding::SignedChar | Encoding::UnsignedChar | Encoding::Utf) => true,
        // clang describes C's wchar_t as a plain int behind a typedef; the typedef is gone here.
        _ => return None,
    };
    let size = found.size_bytes.filter(|size| is_character && matches!(size, 1 | 2 | 4))?;
    let _ = reader;
    u8::try_from(size).ok()
}

/// The text at `address`, to its NUL or the limit.
fn text_at(reader: Reader<'_, '_>, object: &Object, address: u64, unit_bytes: u8) -> Result<Text> {
    let mut bytes = Vec::new();
    let mut unit = [0u8; 4];
    let unit = unit.get_mut(..usize::from(unit_bytes)).unwrap_or_default();
    let mut at = address;
    while bytes.len() < MAX_STRING_BYTES.min(4096) {
        match reader.program.read_memory(object.instance, at, unit) {
            Ok(()) if unit.iter().all(|byte| *byte == 0) => {
                return Ok(Text { bytes, unit_bytes, truncated: false, is_utf8: false, is_array: false });
            }
            Ok(()) => bytes.extend_from_slice(unit),
            Err(error) if bytes.is_empty() => return Err(error),
            Err(_) => break,
        }
        let Some(next) = at.checked_add(u64::from(unit_bytes)) else { break };
        at = next;
    }
    Ok(Text { bytes, unit_bytes, truncated: true, is_utf8: false, is_array: false })
}

fn array<'a>(reader: Reader<'a, '_>, object: &Object, array: &Array, form: Form) -> Result<View<'a>> {
    let elements = elements(reader, object, array)?;
    let (_, element) = reader.types().strip(array.element);
    let unit_bytes = character_bytes(reader, &element).filter(|_| form == Form::Language);
    if let Some(unit_bytes) = unit_bytes {
        let length = elements.count.saturating_mul(u64::from(unit_bytes)).min(MAX_STRING_BYTES as u64);
        let truncated = length / u64::from(unit_bytes) < elements.count;
        let bytes = reader.bytes(object, length)?;
        return Ok(View::Text(Text { bytes, unit_bytes, truncated, is_utf8: false, is_array: true }));
    }
    Ok(View::Array(elements))
}

/// The elements of an array; one without a bound has none.
pub fn elements(reader: Reader<'_, '_>, object: &Object, array: &Array) -> Result<Elements> {
    let stride = match array.stride_bytes {
        Some(stride) => stride,
        None => reader
            .types()
            .size_of(array.element)
            .ok_or_else(|| Error::Absent("the size of the array's elements is not known".into()))?,
    };
    let count = array.count.unwrap_or(0);
    Ok(Elements::new(object.part(array.element, 0), stride, count))
}

fn record<'a>(
    reader: Reader<'a, '_>,
    object: &Object,
    (id, found): (TypeId, &Type),
    record: &Record,
    form: Form,
) -> Result<View<'a>> {
    if record.declaration {
        return Err(Error::Absent("incomplete type".into()));
    }
    if form == Form::Language {
        if let Some(view) = slice(reader, object, found, record)? {
            return Ok(view);
        }
        if let (Some(part), true) = (&record.variants, record.members.is_empty()) {
            return variant(reader, object, part);
        }
    }
    let mut children: Vec<Child> = Vec::new();
    for member in &record.members {
        let label = match (&member.name, member.is_base) {
            (_, true) => Label::Base(type_name(reader.types(), member.type_id, Length::Full).into()),
            (Some(name), false) => Label::Name(name.clone()),
            (None, false) => Label::Anonymous,
        };
        let object = match (object.member(member), &member.place) {
            (Some(object), _) => object,
            (None, MemberPlace::Virtual(die)) => reader.virtual_base(object, *die, member.type_id),
            (None, _) => continue,
        };
        children.push(Child { label, object });
    }
    if let Some(part) = &record.variants {
        children.extend(raw_variants(reader, object, part));
    }
    let _ = id;
    let style = field_style(found.language, &children);
    Ok(View::Fields { children, style })
}

/// Rust names the fields of tuples `__0`, `__1`.
fn field_style(language: Language, children: &[Child]) -> FieldStyle {
    let is_tuple_field = |(i, child): (usize, &Child)| match &child.label {
        Label::Name(name) => name.strip_prefix("__").and_then(|n| n.parse().ok()) == Some(i),
        _ => false,
    };
    match language {
        Language::Rust if children.is_empty() => FieldStyle::Unit,
        Language::Rust if children.iter().enumerate().all(is_tuple_field) => FieldStyle::Tuple,
        _ => FieldStyle::Named,
    }
}

/// The discriminant and the active variant's members, as DWARF has them.
fn raw_variants(reader: Reader<'_, '_>, object: &Object, part: &VariantPart) -> Vec<Child> {
    let mut children = Vec::new();
    if let Some(discriminant) = part.discriminant.as_ref().and_then(|d| object.member(d)) {
        children.push(Child { label: Label::Name("<discriminant>".into()), object: discriminant });
    }
    if let Ok(Some(active)) = active_variant(reader, object, part) {
        for member in &active.members {
            let label = member.name.clone().map_or(Label::Anonymous, Label::Name);
            children.extend(object.member(member).map(|object| Child { label, object }));
        }
    }
    children
}

/// The variant that the discriminant in memory selects.
///
/// # Errors
/// The discriminant cannot be read.
pub fn active_variant<'p>(
    reader: Reader<'_, '_>,
    object: &Object,
    part: &'p VariantPart,
) -> Result<Option<&'p crate::dwarf::types::Variant>> {
    let Some(discriminant) = &part.discriminant else { return Ok(part.variants.first()) };
    let Some(place) = object.member(discriminant) else { return Ok(None) };
    let scalar = reader.scalar(&place)?;
    // Constants are written with their own sign or without one: both extensions are tried.
    let signed = crate::dwarf::attribute::sign_extended(scalar.bits, scalar.size_bits) as u128;
    let exact =
        |value: u128| part.variants.iter().find(|v| v.values.iter().any(|(low, high)| (*low..=*high).contains(&value)));
    Ok(exact(scalar.bits).or_else(|| exact(signed)).or_else(|| part.select(scalar.bits)))
}

/// A Rust enum: the active variant's name and fields.
fn variant<'a>(reader: Reader<'a, '_>, object: &Object, part: &VariantPart) -> Result<View<'a>> {
    let Some(active) = active_variant(reader, object, part)? else {
        return Err(Error::malformed("the discriminant selects no variant"));
    };
    let Some(member) = active.members.first() else {
        return Ok(View::Nothing);
    };
    let name = member.name.clone().unwrap_or_else(|| Rc::from("?"));
    let Some(inner) = object.member(member) else { return Ok(View::Nothing) };
    match plain(reader, &inner, Form::Raw)? {
        View::Fields { children, style } => {
            let style = if children.is_empty() { FieldStyle::Unit } else { style };
            Ok(View::Variant { name, children, style })
        }
        _ => Ok(View::Variant {
            name,
            children: vec![Child { label: Label::Index(0), object: inner }],
            style: FieldStyle::Tuple,
        }),
    }
}

/// Rust's and Zig's fat pointers: text, or elements.
fn slice<'a>(reader: Reader<'a, '_>, object: &Object, found: &Type, record: &Record) -> Result<Option<View<'a>>> {
    let [first, second] = record.members.as_slice() else { return Ok(None) };
    let names = (first.name.as_deref(), second.name.as_deref());
    let is_slice = match found.language {
        Language::Rust => names == (Some("data_ptr"), Some("length")),
        Language::Zig => names == (Some("ptr"), Some("len")),
        _ => false,
    };
    let (true, Some(pointer), Some(length)) = (is_slice, object.member(first), object.member(second)) else {
        return Ok(None);
    };
    let (_, pointer_type) = reader.stripped(&pointer);
    let TypeKind::Pointer { target, .. } = pointer_type.kind else { return Ok(None) };
    let length = reader.scalar(&length)?.as_address();
    let address = reader.scalar(&pointer)?.as_address();
    let data = Object { provenance: object.provenance.clone(), ..Object::in_memory(target, address, object.instance) };
    let is_text = found.name.as_deref().is_some_and(|name| name.ends_with("str"))
        || found.language == Language::Zig && found.name.as_deref() == Some("[]const u8");
    if is_text {
        let bytes = reader.bytes(&data, length.min(MAX_STRING_BYTES as u64))?;
        let truncated = length > MAX_STRING_BYTES as u64;
        return Ok(Some(View::Text(Text { bytes, unit_bytes: 1, truncated, is_utf8: true, is_array: false })));
    }
    let stride = reader.types().size_of(target).unwrap_or(0);
    Ok(Some(View::Array(Elements::new(data, stride, length))))
}

fn member_pointer<'a>(reader: Reader<'a, '_>, object: &Object) -> Result<View<'a>> {
    let bytes = reader.bytes(object, reader.size_of(object)?.min(16))?;
    Ok(View::Scalar(Scalar::from_bytes(&bytes, ScalarKind::Pointer)))
}
