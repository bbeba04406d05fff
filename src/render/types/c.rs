//! Definitions of C's and C++'s types: structures, unions, classes with their methods, enumerations.

use crate::dwarf::class::{Access, ClassListing, ListedMember, Method};
use crate::dwarf::types::{Enumeration, Member, MemberPlace, Qualifier, Record, RecordKind, Type, TypeId, TypeKind};
use crate::dwarf::{Language, TypeTable};
use crate::text::{Role, Stopped, escaped};
use crate::value::type_name::{Core, Spelled, ends_declarator, spelled, type_name};

use super::layout::Layout;
use super::writer::TypeWriter;

/// Records inside records that are opened.
const MAX_DEPTH: usize = 32;

impl TypeWriter<'_, '_, '_> {
    /// `id` with `declarator` in it, and the definition where `core` wants it.
    pub(super) fn type_around(
        &mut self,
        (id, declarator): (TypeId, &str),
        core: Core,
        level: usize,
        layout: &mut Layout,
    ) -> Result<(), Stopped> {
        let text = spelled(self.types, id, self.options.length, core, &self.own);
        let Spelled { before, left, right, .. } = &text;
        self.put(Role::Type, &escaped(before))?;
        if let Some(core) = text.core {
            self.definition(core, level, layout)?;
        }
        self.put(Role::Type, &escaped(left))?;
        // Behind a closing brace everything needs a space.
        let ends = match left.is_empty() {
            true => text.core.is_none(),
            false => ends_declarator(left) && !(declarator.is_empty() && right.starts_with('(')),
        };
        let is_array = declarator.is_empty() && right.starts_with('[');
        let needs_space = !ends && (is_array || !declarator.is_empty() && !left.ends_with(' '));
        if needs_space {
            self.plain(" ")?;
        }
        self.put(Role::Name, &escaped(declarator))?;
        self.put(Role::Type, &escaped(right))
    }

    fn definition(&mut self, id: TypeId, level: usize, layout: &mut Layout) -> Result<(), Stopped> {
        let (id, found) = self.types.strip(id);
        match &found.kind {
            TypeKind::Record(record) => self.record(id, &found, record, level, layout),
            TypeKind::Enumeration(enumeration) => self.enumeration(id, &found, enumeration),
            _ => Ok(()),
        }
    }

    /// `enum material {WOOD, STEEL = 10, BRASS}`
    fn enumeration(&mut self, id: TypeId, found: &Type, enumeration: &Enumeration) -> Result<(), Stopped> {
        self.plain(if enumeration.scoped { "enum class " } else { "enum " })?;
        if found.name.is_some() {
            let name = self.own_name(id);
            self.put(Role::Type, &name)?;
            self.plain(" ")?;
        }
        let underlying = enumeration.underlying.filter(|_| found.language == Language::Cpp);
        if let Some(underlying) = underlying {
            let name = type_name(self.types, self.types.strip(underlying).0, self.options.length);
            self.plain(": ")?;
            self.put(Role::Type, &escaped(&name))?;
            self.plain(" ")?;
        }
        let around = match (found.language, enumeration.scoped) {
            (Language::Cpp, true) => Some(self.own_name(id)),
            (Language::Cpp, false) => self.own_name(id).rsplit_once("::").map(|(around, _)| around.to_owned()),
            _ => None,
        };
        self.plain("{")?;
        let mut expected = 0i128;
        for (index, (name, value)) in enumeration.enumerators.iter().enumerate() {
            if index > 0 {
                self.plain(", ")?;
            }
            if let Some(around) = &around {
                self.put(Role::Name, &format!("{around}::"))?;
            }
            self.put(Role::Name, &escaped(name))?;
            if *value != expected {
                self.plain(&format!(" = {value}"))?;
            }
            expected = value.wrapping_add(1);
        }
        self.plain("}")
    }

    fn record(
        &mut self,
        id: TypeId,
        found: &Type,
        record: &Record,
        level: usize,
        layout: &mut Layout,
    ) -> Result<(), Stopped> {
        let listing = match found.language {
            Language::Cpp => self.types.class_listing(id).unwrap_or_default(),
            _ => ClassListing::default(),
        };
        let own = self.own.len();
        self.own.extend(record.type_parameters.iter().map(|(name, id)| (*id, name.clone())));
        self.own.extend(listing.typedefs.iter().map(|(_, name, id)| (*id, name.clone())));
        self.head(id, found, record, &listing, own)?;
        let mut body = RecordBody { record, listing: &listing, id, level, section: None };
        body.write(self, layout)?;
        self.own.truncate(own);
        if let Some(column) = layout.close(record, found.size_bytes.unwrap_or(0), level) {
            self.put(Role::Note, &column)?;
        } else {
            self.spaces(level)?;
        }
        self.plain("}")
    }

    /// `class plane::Circle : public plane::Polygon {`
    fn head(
        &mut self,
        id: TypeId,
        found: &Type,
        record: &Record,
        listing: &ClassListing,
        own: usize,
    ) -> Result<(), Stopped> {
        self.plain(match record.kind {
            RecordKind::Struct => "struct ",
            RecordKind::Class => "class ",
            RecordKind::Union => "union ",
        })?;
        if found.name.is_some() {
            let name = self.own_name(id);
            self.put(Role::Type, &name)?;
            self.plain(" ")?;
        }
        // A parameter's own type is named as it is outside.
        let inside = self.own.split_off(own);
        for (index, (name, id)) in record.type_parameters.iter().enumerate() {
            self.plain(if index == 0 { "[with " } else { ", " })?;
            self.put(Role::Name, &escaped(name))?;
            self.plain(" = ")?;
            self.put(Role::Type, &escaped(&type_name(self.types, *id, self.options.length)))?;
        }
        self.own.extend(inside);
        if !record.type_parameters.is_empty() {
            self.plain("] ")?;
        }
        let bases = record.members.iter().filter(|m| m.is_base);
        for (index, base) in bases.enumerate() {
            let (access, is_virtual) = listing.bases.get(index).copied().unwrap_or((Access::Public, false));
            self.plain(if index == 0 { ": " } else { ", " })?;
            self.plain(word(access))?;
            self.plain(if is_virtual { " virtual " } else { " " })?;
            self.put(Role::Type, &escaped(&type_name(self.types, base.type_id, self.options.length)))?;
        }
        self.plain(if record.members.iter().any(|m| m.is_base) { " {\n" } else { "{\n" })
    }
}

/// The lines between the braces of a record.
struct RecordBody<'r> {
    record: &'r Record,
    listing: &'r ClassListing,
    id: TypeId,
    level: usize,
    /// The access that the last label has said.
    section: Option<Access>,
}

impl RecordBody<'_> {
    fn write(&mut self, writer: &mut TypeWriter<'_, '_, '_>, layout: &mut Layout) -> Result<(), Stopped> {
        let fields: Vec<&Member> = self.record.members.iter().filter(|m| !m.is_base).collect();
        let in_order: Vec<(Access, ListedMember)> = match self.listing.members.is_empty() {
            true => (0..fields.len()).map(|i| (Access::Public, ListedMember::Field(i))).collect(),
            false => self.listing.members.clone(),
        };
        let is_shown = |method: &&Method| !method.artificial && writer.options.offsets.is_none();
        let methods: Vec<&Method> = self.listing.methods.iter().filter(is_shown).collect();
        let typedefs = writer.options.typedefs && writer.options.offsets.is_none();
        let has_typedefs = typedefs && !self.listing.typedefs.is_empty();
        if in_order.is_empty() && self.listing.methods.is_empty() && self.listing.typedefs.is_empty() {
            writer.spaces(self.level + 4)?;
            let what = if self.record.declaration { "<incomplete type>\n" } else { "<no data fields>\n" };
            return writer.put(Role::Note, what);
        }
        let labels = self.needs_labels(&fields);
        for (access, member) in &in_order {
            if !writer.may_go_on() {
                return writer.put(Role::Note, "...\n");
            }
            if self.is_vtable_pointer(&fields, *member) {
                continue;
            }
            if labels {
                self.label(writer, layout, *access)?;
            }
            self.member(writer, layout, &fields, *member)?;
        }
        if writer.options.methods && !methods.is_empty() {
            if self.section.is_some() {
                writer.plain("\n")?;
            }
            for method in &methods {
                self.label(writer, layout, method.access)?;
                self.method(writer, method)?;
            }
        }
        if has_typedefs {
            writer.plain("\n")?;
            for (access, name, id) in &self.listing.typedefs {
                if labels {
                    self.label(writer, layout, *access)?;
                }
                self.typedef(writer, name, *id)?;
            }
        }
        Ok(())
    }

    /// gdb's rule: who may use a member is said where not everybody may use everything.
    fn needs_labels(&self, fields: &[&Member]) -> bool {
        let members = self.listing.members.iter();
        let accesses = members.map(|(access, member)| match self.is_vtable_pointer(fields, *member) {
            true => Access::Private,
            false => *access,
        });
        let mut all = accesses.chain(self.listing.methods.iter().map(|m| m.access));
        match self.record.kind {
            RecordKind::Class => all.any(|access| access != Access::Private),
            _ => all.any(|access| access != Access::Public),
        }
    }

    fn is_vtable_pointer(&self, fields: &[&Member], member: ListedMember) -> bool {
        let ListedMember::Field(index) = member else { return false };
        let name = fields.get(index).and_then(|m| m.name.as_deref());
        name.is_some_and(|name| {
            name.strip_prefix("_vptr").is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '$']))
        })
    }

    fn label(&mut self, writer: &mut TypeWriter<'_, '_, '_>, layout: &Layout, access: Access) -> Result<(), Stopped> {
        if self.section == Some(access) {
            return Ok(());
        }
        self.section = Some(access);
        writer.spaces(layout.width() + self.level + 2)?;
        writer.plain(word(access))?;
        writer.plain(":\n")
    }

    fn member(
        &self,
        writer: &mut TypeWriter<'_, '_, '_>,
        layout: &mut Layout,
        fields: &[&Member],
        member: ListedMember,
    ) -> Result<(), Stopped> {
        let (name, type_id, place) = match member {
            ListedMember::Field(index) => {
                let Some(field) = fields.get(index) else { return Ok(()) };
                (field.name.clone(), field.type_id, Some(&field.place))
            }
            ListedMember::Static(index) => {
                let Some(member) = self.record.statics.get(index) else { return Ok(()) };
                (Some(member.name.clone()), member.type_id, None)
            }
        };
        let size = writer.types.size_of(type_id).unwrap_or(0);
        let column = match place {
            Some(place) => layout.field(self.record.kind == RecordKind::Union, place, size),
            None => " ".repeat(layout.width()),
        };
        writer.put(Role::Note, &column)?;
        writer.spaces(self.level + 4)?;
        if place.is_none() {
            writer.plain("static ")?;
        }
        // With offsets, records inside are opened too.
        let core =
            match place.is_some() && layout.is_on() && is_record(writer.types, type_id) && self.level / 4 < MAX_DEPTH {
                true => Core::Resolved,
                false => Core::Anonymous,
            };
        let mut inner = layout.inside(place);
        let name = name.unwrap_or_default();
        writer.type_around((type_id, &name), core, self.level + 4, &mut inner)?;
        if let Some(MemberPlace::Bits { size_bits, .. }) = place {
            writer.plain(&format!(" : {size_bits}"))?;
        }
        writer.plain(";\n")
    }

    fn method(&self, writer: &mut TypeWriter<'_, '_, '_>, method: &Method) -> Result<(), Stopped> {
        writer.spaces(self.level + 4)?;
        writer.plain(match (method.is_virtual, method.this) {
            (true, _) => "virtual ",
            (false, None) => "static ",
            (false, Some(_)) => "",
        })?;
        let class = writer.own_name(self.id);
        let class = class.split('<').next().and_then(|name| name.rsplit("::").next()).unwrap_or_default();
        let is_special = method.name.trim_start_matches('~').split('<').next() == Some(class);
        let length = writer.options.length;
        let spell = |writer: &TypeWriter<'_, '_, '_>, id| {
            let text = spelled(writer.types, id, length, Core::Anonymous, &writer.own);
            let (left, right) = (text.left, text.right);
            if right.starts_with('[') { format!("{left} {right}") } else { format!("{left}{right}") }
        };
        if !is_special {
            let result = method.result.map_or_else(|| "void".to_owned(), |id| spell(writer, id));
            writer.put(Role::Type, &escaped(&result))?;
            writer.plain(" ")?;
        }
        writer.put(Role::Function, &escaped(&method.name))?;
        let mut parameters: Vec<String> = method.parameters.iter().map(|id| spell(writer, *id)).collect();
        if method.variadic {
            parameters.push("...".into());
        } else if parameters.is_empty() {
            parameters.push("void".into());
        }
        writer.plain("(")?;
        writer.put(Role::Type, &escaped(&parameters.join(", ")))?;
        let is_const = method.this.is_some_and(|this| points_to_const(writer.types, this));
        writer.plain(if is_const { ") const;\n" } else { ");\n" })
    }

    fn typedef(&self, writer: &mut TypeWriter<'_, '_, '_>, name: &str, id: TypeId) -> Result<(), Stopped> {
        let TypeKind::Typedef { target } = writer.types.get(id).kind else { return Ok(()) };
        writer.spaces(self.level + 4)?;
        writer.plain("typedef ")?;
        writer.type_around((target, name), Core::Anonymous, self.level + 4, &mut Layout::new(None))?;
        writer.plain(";\n")
    }
}

fn word(access: Access) -> &'static str {
    match access {
        Access::Public => "public",
        Access::Protected => "protected",
        Access::Private => "private",
    }
}

/// A record itself, qualified or not, but by no typedef.
fn is_record(types: &TypeTable<'_>, id: TypeId) -> bool {
    match types.get(id).kind {
        TypeKind::Record(_) => true,
        TypeKind::Qualified { target, .. } => matches!(types.get(target).kind, TypeKind::Record(_)),
        _ => false,
    }
}

fn points_to_const(types: &TypeTable<'_>, id: TypeId) -> bool {
    let (_, found) = types.strip(id);
    let TypeKind::Pointer { target, .. } = found.kind else { return false };
    matches!(types.get(target).kind, TypeKind::Qualified { qualifier: Qualifier::Const, .. })
}
