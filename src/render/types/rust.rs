//! Definitions of Rust's and Zig's types, as `ptype` shows them: structures, tuples, enumerations with data.

use crate::dwarf::Language;
use crate::dwarf::types::{Enumeration, Member, MemberPlace, Record, RecordKind, Type, TypeId, TypeKind, Variant};
use crate::text::{Role, Stopped, escaped};
use crate::value::type_name::type_name;

use super::layout::Layout;
use super::writer::TypeWriter;

/// The definition of `id`, which no typedef stands before; what is no record or enumeration is named.
pub(super) fn definition(writer: &mut TypeWriter<'_, '_, '_>, id: TypeId) -> Result<(), Stopped> {
    let found = writer.types.get(id);
    match &found.kind {
        TypeKind::Record(record) => self::record(writer, id, &found, record),
        TypeKind::Enumeration(enumeration) => self::enumeration(writer, id, &found, enumeration),
        _ => named(writer, id),
    }
}

fn named(writer: &mut TypeWriter<'_, '_, '_>, id: TypeId) -> Result<(), Stopped> {
    let name = type_name(writer.types, id, writer.options.length);
    writer.put(Role::Type, &escaped(&name))
}

fn enumeration(
    writer: &mut TypeWriter<'_, '_, '_>,
    id: TypeId,
    found: &Type,
    enumeration: &Enumeration,
) -> Result<(), Stopped> {
    writer.plain("enum ")?;
    named(writer, id)?;
    writer.plain(" {\n")?;
    let mut expected = 0i128;
    for (name, value) in &enumeration.enumerators {
        if !writer.may_go_on() {
            return writer.put(Role::Note, "...\n");
        }
        writer.spaces(indent(found.language))?;
        writer.put(Role::Name, &escaped(name))?;
        if *value != expected {
            writer.plain(&format!(" = {value}"))?;
        }
        expected = value.wrapping_add(1);
        writer.plain(",\n")?;
    }
    writer.plain("}")
}

fn indent(language: Language) -> usize {
    if language == Language::Rust { 2 } else { 4 }
}

fn record(writer: &mut TypeWriter<'_, '_, '_>, id: TypeId, found: &Type, record: &Record) -> Result<(), Stopped> {
    let name = type_name(writer.types, id, writer.options.length);
    // A tuple's name says all that there is to say.
    if name.starts_with('(') {
        return writer.put(Role::Type, &escaped(&name));
    }
    writer.plain(match (record.kind, &record.variants) {
        (RecordKind::Union, _) => "union ",
        (_, Some(_)) => "enum ",
        _ => "struct ",
    })?;
    writer.put(Role::Type, &escaped(&name))?;
    let mut layout = Layout::new(writer.options.offsets);
    if let Some(part) = &record.variants {
        writer.plain(" {\n")?;
        let in_order: Vec<&Variant> = part.variants.iter().collect();
        for variant in in_order {
            if !writer.may_go_on() {
                return writer.put(Role::Note, "...\n");
            }
            self::variant(writer, variant, &layout, found.language)?;
        }
        return close(writer, &layout, found, "}", 0);
    }
    if record.members.is_empty() {
        return Ok(());
    }
    let is_tuple = is_tuple(record);
    writer.plain(if is_tuple { " (\n" } else { " {\n" })?;
    fields(writer, record, &mut layout, 0, found.language)?;
    let padding = layout.padding(found.size_bytes.unwrap_or(0));
    if record.kind != RecordKind::Union {
        writer.put(Role::Note, &padding)?;
    }
    close(writer, &layout, found, if is_tuple { ")" } else { "}" }, 0)
}

fn close(
    writer: &mut TypeWriter<'_, '_, '_>,
    layout: &Layout,
    found: &Type,
    bracket: &str,
    level: usize,
) -> Result<(), Stopped> {
    if layout.is_on() {
        writer.put(Role::Note, &layout.total(found.size_bytes.unwrap_or(0), level))?;
    } else {
        writer.spaces(level)?;
    }
    writer.plain(bracket)
}

/// One variant: its name, and its fields where it has some.
fn variant(
    writer: &mut TypeWriter<'_, '_, '_>,
    variant: &Variant,
    layout: &Layout,
    language: Language,
) -> Result<(), Stopped> {
    let Some(member) = variant.members.first() else { return Ok(()) };
    let found = writer.types.get(member.type_id);
    let size = found.size_bytes.unwrap_or(0);
    let column = layout.inside(None).field(false, &MemberPlace::Offset(0), size);
    writer.put(Role::Note, &column)?;
    writer.spaces(if layout.is_on() { 4 } else { indent(language) })?;
    writer.put(Role::Name, &escaped(member.name.as_deref().unwrap_or("?")))?;
    let record = match &found.kind {
        TypeKind::Record(record) if !record.members.is_empty() => record,
        _ => return writer.plain(",\n"),
    };
    let is_tuple = is_tuple(record);
    if !layout.is_on() {
        writer.plain(if is_tuple { "(" } else { "{" })?;
        for (index, field) in record.members.iter().enumerate() {
            writer.plain(if index > 0 { ", " } else { "" })?;
            self::field(writer, field, is_tuple)?;
        }
        return writer.plain(if is_tuple { "),\n" } else { "},\n" });
    }
    writer.plain(if is_tuple { " (\n" } else { " {\n" })?;
    let mut inner = layout.inside(None);
    fields(writer, record, &mut inner, 4, language)?;
    let padding = inner.padding(size);
    writer.put(Role::Note, &padding)?;
    close(writer, &inner, &found, if is_tuple { ")" } else { "}" }, 4)?;
    writer.plain(",\n")
}

/// The lines of a record's fields; with offsets in the order of memory, since Rust moves fields.
fn fields(
    writer: &mut TypeWriter<'_, '_, '_>,
    record: &Record,
    layout: &mut Layout,
    level: usize,
    language: Language,
) -> Result<(), Stopped> {
    let is_tuple = is_tuple(record);
    let mut members: Vec<&Member> = record.members.iter().collect();
    if layout.is_on() && record.kind != RecordKind::Union {
        members.sort_by_key(|m| match m.place {
            MemberPlace::Offset(bytes) => bytes.saturating_mul(8),
            MemberPlace::Bits { offset_bits, .. } => offset_bits,
            MemberPlace::Virtual(_) => u64::MAX,
        });
    }
    for member in members {
        if !writer.may_go_on() {
            return writer.put(Role::Note, "...\n");
        }
        let size = writer.types.size_of(member.type_id).unwrap_or(0);
        let column = layout.field(record.kind == RecordKind::Union, &member.place, size);
        writer.put(Role::Note, &column)?;
        writer.spaces(if layout.is_on() { level + 4 } else { indent(language) })?;
        field(writer, member, is_tuple)?;
        writer.plain(",\n")?;
    }
    Ok(())
}

fn field(writer: &mut TypeWriter<'_, '_, '_>, member: &Member, is_tuple: bool) -> Result<(), Stopped> {
    if let (Some(name), false) = (&member.name, is_tuple) {
        writer.put(Role::Name, &escaped(name))?;
        writer.plain(": ")?;
    }
    named(writer, member.type_id)
}

/// Rust names the fields of tuples `__0`, `__1`.
fn is_tuple(record: &Record) -> bool {
    let is_numbered = |(index, member): (usize, &Member)| {
        member.name.as_deref().and_then(|name| name.strip_prefix("__")).and_then(|n| n.parse().ok()) == Some(index)
    };
    !record.members.is_empty() && record.members.iter().enumerate().all(is_numbered)
}
