//! The one entry from an object to its shape: its language's form, or the plain one that DWARF gives.

use std::collections::HashSet;
use std::rc::Rc;

use crate::dwarf::Language;
use crate::dwarf::location::{Absence, Location};
use crate::dwarf::types::{
    Array, Encoding, Member, MemberPlace, PointerKind, Record, Type, TypeId, TypeKind, VariantPart,
};
use crate::error::{Error, Result};
use crate::limits::{MAX_LAYOUT_DEPTH, MAX_LAYOUT_MEMBERS, MAX_STRING_BYTES, MAX_WRAPPERS};

use super::characters::{character, is_str, text_at, zig_array_text, zig_text};
use super::lanes::{Lanes, element_type};
use super::member_pointer::member_pointer;
use super::object::Object;
use super::pretty;
use super::pretty::part::Refusal;
use super::pretty::walk::numbered;
use super::read::Reader;
use super::scalar::Scalar;
use super::type_name::{Length, type_name};
use super::variant::active_variant;
use super::view::{Child, Elements, FieldStyle, ItemStyle, Label, Pointer, Text, View};
use super::wide;

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
    let plain = || plain(reader, object, form).unwrap_or_else(unavailable);
    let formed = if form == Form::Language { pretty::formed(reader, object) } else { None };
    match formed {
        Some(Ok(view)) => view,
        // Of a value that is kept in pieces, those that are there are in its members.
        Some(Err(Refusal::Unreadable(_))) if matches!(object.location, Location::Pieces(_)) => plain(),
        Some(Err(Refusal::Unreadable(error))) => unavailable(error),
        Some(Err(Refusal::Layout(_))) if is_declared_only(reader, object) => plain(),
        Some(Err(Refusal::Layout(what))) => {
            View::Noted { view: Box::new(plain()), note: format!("members: the type lacks {what}").into() }
        }
        None => plain(),
    }
}

/// A value that cannot be read; one of which a part is nowhere is optimised out.
fn unavailable<'a>(error: Error) -> View<'a> {
    if error == Error::optimized_out() { View::OptimizedOut } else { View::Unavailable(error) }
}

fn is_declared_only(reader: Reader<'_, '_>, object: &Object) -> bool {
    matches!(&reader.stripped(object).1.kind, TypeKind::Record(record) if record.declaration)
}

/// The shape of `object` without the wrappers around it, which object it is, and what stands in front of it.
pub fn unwrapped<'a>(reader: Reader<'a, '_>, object: &Object, form: Form) -> (String, Object, View<'a>) {
    let mut prefixes = String::new();
    let mut object = object.clone();
    for _ in 0..MAX_WRAPPERS {
        match present(reader, &object, form) {
            View::Wrapped { prefix, inner } => {
                prefixes.push_str(prefix);
                object = inner;
            }
            view => return (prefixes, object, view),
        }
    }
    let error = Error::Limit(format!("more than {MAX_WRAPPERS} boxes in each other"));
    (prefixes, object, View::Unavailable(error))
}

fn plain<'a>(reader: Reader<'a, '_>, object: &Object, form: Form) -> Result<View<'a>> {
    let (id, found) = reader.stripped(object);
    Ok(match &found.kind {
        TypeKind::Void if found.language == Language::Cpp && found.name.as_deref().is_some_and(is_nullptr) => {
            View::Variant { name: "nullptr".into(), children: Vec::new(), style: FieldStyle::Unit }
        }
        TypeKind::Void => View::Nothing,
        TypeKind::Base(Encoding::ComplexFloat) => complex(reader, object)?,
        // GNU C's complex integers, which clang gives no standard encoding.
        TypeKind::Base(Encoding::Other) if found.name.as_deref() == Some("complex") => whole_complex(reader, object)?,
        TypeKind::Base(_) if reader.size_of(object)? == 0 => View::Nothing,
        TypeKind::Base(_) | TypeKind::Enumeration(_) => match wide::digits(reader, object, &found)? {
            Some(digits) => View::Variant { name: digits.into(), children: Vec::new(), style: FieldStyle::Unit },
            None => View::Scalar(reader.scalar(object)?),
        },
        TypeKind::MemberPointer { target, class } => member_pointer(reader, object, *target, *class)?,
        TypeKind::Pointer { .. } if form == Form::Language && is_zig_null(reader, object, &found)? => {
            View::Variant { name: "null".into(), children: Vec::new(), style: FieldStyle::Unit }
        }
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

/// The type of `nullptr`, which has no other value.
fn is_nullptr(name: &str) -> bool {
    matches!(name, "decltype(nullptr)" | "nullptr_t" | "std::nullptr_t")
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
    Ok(View::Complex { real: object.part(part, 0), imaginary: object.part(part, size / 2) })
}

/// Of two whole numbers, whose type nothing tells: most have a sign.
fn whole_complex<'a>(reader: Reader<'a, '_>, object: &Object) -> Result<View<'a>> {
    let size = reader.size_of(object)? / 2;
    let (_, found) = reader.stripped(object);
    let part = reader.types().base("int", Encoding::Signed, size, found.language);
    Ok(View::Complex { real: object.part(part, 0), imaginary: object.part(part, size) })
}

/// An optional pointer of Zig that points nowhere.
fn is_zig_null(reader: Reader<'_, '_>, object: &Object, found: &Type) -> Result<bool> {
    Ok(found.language == Language::Zig && reader.is_optional(object) && reader.scalar(object)?.bits == 0)
}

fn pointer<'a>(reader: Reader<'a, '_>, object: &Object, target: TypeId, kind: PointerKind) -> Result<View<'a>> {
    let scalar = reader.scalar(object)?;
    Ok(View::Pointer(pointer_of(reader, object, scalar, target, kind)))
}

/// What the pointer `object` to `target` is shown as, whose bits are known: `View::Pointer`.
pub fn pointer_of(
    reader: Reader<'_, '_>,
    object: &Object,
    scalar: Scalar,
    target: TypeId,
    kind: PointerKind,
) -> Pointer {
    let address = scalar.as_address();
    let (_, pointed) = reader.types().peel(target);
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
        TypeKind::Pointer { target: function, .. } if pointed.language == Language::Cpp && address != 0 => {
            let (_, function) = reader.types().strip(*function);
            if matches!(function.kind, TypeKind::Function(_)) {
                pointer.symbol = reader.vtable_symbol(object, object.type_id);
            }
        }
        TypeKind::Base(_) if kind == PointerKind::Pointer && address != 0 && pointed.language != Language::Zig => {
            if let Some((unit_bytes, is_wide)) = character(reader.types(), target) {
                let text = text_at(reader, object, address, unit_bytes);
                pointer.text = Some(text.map(|text| Text { is_wide, ..text }));
            }
        }
        TypeKind::Base(_) | TypeKind::Array(_) if pointed.language == Language::Zig && address != 0 => {
            pointer.text = zig_text(reader, object, address);
        }
        _ => {}
    }
    if pointer.symbol.is_none() && pointer.function.is_none() && address != 0 {
        pointer.symbol = reader.symbol_at(object.instance, address);
    }
    pointer
}

fn array<'a>(reader: Reader<'a, '_>, object: &Object, array: &Array, form: Form) -> Result<View<'a>> {
    if form == Form::Language
        && let Some(pointer) = flexible(reader, object, array)
    {
        return Ok(View::Pointer(pointer));
    }
    if let Some(lanes) = Lanes::of(reader, object, array) {
        let count = lanes.count;
        let children = numbered((0..count).map(move |index| lanes.get(index)));
        return Ok(View::Items { count: Some(count), children, style: ItemStyle::Sequence });
    }
    let elements = elements(reader, object, array)?;
    if let Some(text) = zig_array_text(reader, object, &elements).filter(|_| form == Form::Language) {
        return Ok(View::Text(text));
    }
    let (_, element) = reader.types().strip(array.element);
    let is_utf8 = is_str(&element);
    let unit = character(reader.types(), array.element).or(is_utf8.then_some((1, false)));
    if let Some((unit_bytes, is_wide)) = unit.filter(|_| form == Form::Language) {
        let length = elements.count.saturating_mul(u64::from(unit_bytes)).min(MAX_STRING_BYTES as u64);
        let truncated = length / u64::from(unit_bytes) < elements.count;
        let bytes = reader.bytes(object, length)?;
        return Ok(View::Text(Text {
            bytes,
            unit_bytes,
            truncated,
            is_utf8,
            is_array: !is_utf8,
            is_wide,
            units: is_utf8.then(|| utf8_units(reader, &elements)),
        }));
    }
    Ok(View::Array(elements))
}

/// As gdb shows an array of C whose length nobody knows, not even a variable: where it begins.
fn flexible(reader: Reader<'_, '_>, object: &Object, array: &Array) -> Option<Pointer> {
    let is_c = matches!(reader.stripped(object).1.language, Language::C | Language::Cpp | Language::Other);
    let is_flexible = array.count.is_none() && array.count_variable.is_none();
    let address = object.address().filter(|_| is_c && is_flexible)?;
    let text = character(reader.types(), array.element)
        .map(|(unit_bytes, is_wide)| text_at(reader, object, address, unit_bytes).map(|text| Text { is_wide, ..text }));
    let size_bits = if address > u64::from(u32::MAX) { 64 } else { 32 };
    let symbol = reader.symbol_at(object.instance, address).filter(|_| text.is_none());
    Some(Pointer { address, size_bits, is_reference: false, text, function: None, symbol })
}

/// The bytes of a text, whose characters have no size.
fn utf8_units(reader: Reader<'_, '_>, characters: &Elements) -> Elements {
    let first = characters.get(0);
    let language = reader.stripped(&first).1.language;
    let byte = reader.types().base("u8", Encoding::Unsigned, 1, language);
    Elements::new(first.retyped(byte), 1, characters.count)
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
    Ok(Elements::new(object.part(element_type(reader, array), 0), stride, count))
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
    if let (Some(part), Form::Language, true) = (&record.variants, form, record.members.is_empty()) {
        return variant(reader, object, part);
    }
    let base_names = if form == Form::Raw { Length::Full } else { Length::Short };
    let mut children: Vec<Child> = Vec::new();
    // A virtual base is part of the object once, and shown where it is met first.
    let mut shown: Vec<TypeId> = Vec::new();
    let shows_once = form == Form::Language && record.members.iter().filter(|m| m.is_base).nth(1).is_some();
    for member in &record.members {
        let of_virtual = matches!(member.place, MemberPlace::Virtual(_));
        if shows_once && of_virtual && shown.contains(&reader.types().strip(member.type_id).0) {
            continue;
        }
        let label = match (&member.name, member.is_base) {
            (_, true) => Label::Base(type_name(reader.types(), member.type_id, base_names).into()),
            (Some(name), false) => Label::Name(name.clone()),
            (None, false) => Label::Anonymous,
        };
        let object = match (object.member(member), &member.place) {
            (Some(object), _) => object,
            (None, MemberPlace::Virtual(die)) => reader.virtual_base(object, *die, member.type_id),
            (None, _) => continue,
        };
        let object = match shows_once && member.is_base {
            true => object.retyped(reader.types().without_bases(member.type_id, &shown)),
            false => object,
        };
        if shows_once && member.is_base {
            virtual_bases(reader, member, (MAX_LAYOUT_DEPTH, &mut HashSet::new()), &mut shown);
        }
        children.push(Child { label, object });
    }
    if let Some(part) = &record.variants {
        children.extend(raw_variants(reader, object, part));
    }
    if form == Form::Language {
        let statics = record.statics.iter().filter(|member| !member.name.starts_with("_vtable$"));
        children.extend(statics.map(|member| Child {
            label: Label::Static(member.name.clone()),
            object: reader.static_member(object, id, member),
        }));
    }
    let style = field_style(found.language, &children);
    Ok(View::Fields { children, style })
}

/// Adds the virtual bases of a base, itself included, to `found`. `seen` are the classes that were looked at: there are
/// fewer of them than ways to them.
fn virtual_bases(
    reader: Reader<'_, '_>,
    base: &Member,
    (depth, seen): (usize, &mut HashSet<TypeId>),
    found: &mut Vec<TypeId>,
) {
    let (id, class) = reader.types().strip(base.type_id);
    if matches!(base.place, MemberPlace::Virtual(_)) {
        // What is met again has nothing new.
        if found.contains(&id) || found.len() >= MAX_LAYOUT_MEMBERS {
            return;
        }
        found.push(id);
    }
    let (Some(depth), TypeKind::Record(record)) = (depth.checked_sub(1), &class.kind) else { return };
    if seen.len() < MAX_LAYOUT_MEMBERS && seen.insert(id) {
        let bases = record.members.iter().filter(|member| member.is_base);
        bases.for_each(|base| virtual_bases(reader, base, (depth, seen), found));
    }
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
    // The states of an async block are numbered; their types have names.
    let is_number = name.bytes().all(|b| b.is_ascii_digit());
    let name = reader.stripped(&inner).1.name.clone().filter(|_| is_number).unwrap_or(name);
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
