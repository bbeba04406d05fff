//! The parts of a value between its braces: members, elements, keys with their values. On one line, or as gdb breaks
//! lines (`set print pretty`, `set print array`).

use std::collections::HashSet;

use crate::dwarf::types::{Member, TypeId, TypeKind};
use crate::limits::{MAX_LAYOUT_MEMBERS, MAX_RUN_BYTES};
use crate::text::{Role, Sink, Stopped, Text, escaped};
use crate::value::object::Object;
use crate::value::type_name::{Length, type_name};
use crate::value::view::{Child, Elements, FieldStyle, ItemStyle, Label};

use super::notation::Notation;
use super::options::Style;
use super::pattern::Repeated;
use super::sequence::{Element, Run, Signs};
use super::value::{Fields, ValueWriter};

/// Empty classes in each other that are looked through.
const MAX_EMPTY_BASES: usize = 8;

impl ValueWriter<'_, '_, '_> {
    /// gdb's form over several lines; the reference form has a writer of its own.
    fn breaks_fields(&self) -> bool {
        self.options.pretty && self.options.style == Style::Gdb
    }

    fn breaks_elements(&self) -> bool {
        self.options.array && self.options.style == Style::Gdb
    }

    fn line_break(&self, breaks: bool, depth: u64, out: &mut dyn Sink) -> Result<(), Stopped> {
        if !breaks {
            return Ok(());
        }
        out.put(Role::Plain, &new_line(depth))
    }

    pub(super) fn fields(
        &self,
        notation: &Notation,
        fields: &Fields<'_>,
        depth: u64,
        out: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let (name, style) = (&fields.name, fields.style);
        out.put(Role::Plain, name)?;
        let (open, close) = match style {
            FieldStyle::Unit if !name.is_empty() => return Ok(()),
            FieldStyle::Tuple => ("(", ")"),
            FieldStyle::Named | FieldStyle::Unit => (notation.open_fields(!name.is_empty()), notation.close_fields),
        };
        if fields.children.is_empty() && fields.class.is_some() && self.options.style == Style::Gdb {
            return out.put(Role::Plain, "{<No data fields>}");
        }
        if fields.children.is_empty() {
            return out.put(Role::Plain, &Notation::empty((open, close)));
        }
        out.put(Role::Plain, open)?;
        let breaks = self.breaks_fields();
        // gdb does not count members.
        let limit = self.options.elements.filter(|_| self.options.style != Style::Gdb).unwrap_or(u64::MAX);
        let mut behind_base = false;
        for (index, child) in fields.children.iter().filter(|child| self.is_shown(child)).enumerate() {
            if index > 0 {
                out.put(Role::Plain, if breaks && !behind_base { "," } else { ", " })?;
            }
            if index as u64 >= limit {
                out.put(Role::Plain, "...")?;
                break;
            }
            let is_base = matches!(child.label, Label::Base(_));
            if let Some(class) = fields.class.filter(|_| breaks && behind_base && !is_base) {
                self.line_break(breaks, depth + 1, out)?;
                let class = type_name(self.reader.types(), self.reader.types().strip(class).0, Length::Full);
                out.put(Role::Plain, &format!("members of {}:", escaped(&class)))?;
            }
            behind_base = is_base;
            out.step()?;
            self.line_break(breaks, depth + 1, out)?;
            if style != FieldStyle::Tuple {
                self.label(notation, &child.label, out)?;
            }
            self.write(&child.object, depth + 1, out)?;
        }
        // Rust's tuple of one.
        if style == FieldStyle::Tuple && name.is_empty() && fields.children.len() == 1 {
            out.put(Role::Plain, ",")?;
        }
        self.line_break(breaks, depth, out)?;
        out.put(Role::Plain, close)
    }

    /// Static members can be left out; base classes without anything in them are, but not by gdb.
    pub fn is_shown(&self, child: &Child) -> bool {
        match child.label {
            Label::Static(_) => self.options.static_members,
            Label::Base(_) if self.options.style == Style::Reference && !self.options.raw => {
                self.has_content(&child.object, MAX_EMPTY_BASES, &mut HashSet::new())
            }
            _ => true,
        }
    }

    /// Whether a class has a member, in it or in one of its bases.
    fn has_content(&self, object: &Object, depth: usize, seen: &mut HashSet<TypeId>) -> bool {
        let Some(depth) = depth.checked_sub(1).filter(|_| seen.len() < MAX_LAYOUT_MEMBERS) else { return true };
        let (id, found) = self.reader.stripped(object);
        // There are fewer classes than ways to them, and one that was looked at before had nothing.
        if !seen.insert(id) {
            return false;
        }
        let TypeKind::Record(record) = &found.kind else { return true };
        let mut is_empty =
            |member: &Member| member.is_base && !self.has_content(&object.retyped(member.type_id), depth, seen);
        record.declaration || !record.statics.is_empty() || !record.members.iter().all(&mut is_empty)
    }

    fn label(&self, notation: &Notation, label: &Label, out: &mut dyn Sink) -> Result<(), Stopped> {
        match label {
            Label::Name(name) => {
                out.put(Role::Plain, notation.before_name)?;
                out.put(Role::Name, &escaped(name))?;
                out.put(Role::Plain, notation.after_name)
            }
            Label::Static(name) => {
                out.put(Role::Plain, "static ")?;
                out.put(Role::Name, &escaped(name))?;
                out.put(Role::Plain, notation.after_name)
            }
            Label::Base(name) => {
                out.put(Role::Plain, "<")?;
                out.put(Role::Type, &escaped(name))?;
                out.put(Role::Plain, "> = ")
            }
            Label::Index(_) | Label::Anonymous => Ok(()),
        }
    }

    pub(super) fn array(
        &self,
        notation: &Notation,
        elements: &Elements,
        depth: u64,
        out: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let signs = (notation.open_list, notation.close_list);
        if elements.count == 0 {
            return out.put(Role::Plain, &Notation::empty(signs));
        }
        self.enclosed(signs, Objects::Array(elements), ItemStyle::Sequence, depth, out)
    }

    /// Elements between two signs.
    pub(super) fn list(
        &self,
        signs: (&str, &str),
        objects: impl Iterator<Item = Object>,
        style: ItemStyle,
        depth: u64,
        out: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let mut objects = objects.peekable();
        if objects.peek().is_none() {
            return out.put(Role::Plain, &Notation::empty(signs));
        }
        self.enclosed(signs, Objects::Found(&mut objects), style, depth, out)
    }

    fn enclosed(
        &self,
        (open, close): (&str, &str),
        objects: Objects<'_>,
        style: ItemStyle,
        depth: u64,
        out: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let breaks = self.breaks_elements() && style == ItemStyle::Sequence;
        out.put(Role::Plain, open)?;
        let signs = Signs {
            before: if breaks { new_line(depth + 1) } else { String::new() },
            between: if breaks { format!(",{}", new_line(depth + 1)) } else { ", ".into() },
            has_indexes: self.options.array_indexes && style == ItemStyle::Sequence,
        };
        self.sequence(objects, signs, depth, out)?;
        self.line_break(breaks, depth, out)?;
        out.put(Role::Plain, close)
    }

    /// Elements with gdb's limits: runs of equal ones are counted, what is beyond the limit is `...`.
    fn sequence(&self, mut objects: Objects<'_>, signs: Signs, depth: u64, out: &mut dyn Sink) -> Result<(), Stopped> {
        let limit = self.options.elements.unwrap_or(u64::MAX);
        let mut run = Run::new(self.options.repeats.unwrap_or(u64::MAX), signs);
        let mut repeated = Repeated::default();
        let mut text = Text::new();
        let mut index = 0;
        while let Some(object) = objects.get(index) {
            out.step()?;
            index += 1;
            let is_loaded = repeated.load(self, &object, |object, out| self.write(object, depth + 1, out));
            if is_loaded && repeated.is_same() {
                if run.is_full(None, limit) {
                    run.flush(out)?;
                    return out.put(Role::Plain, "...");
                }
                run.extend(1);
                if run.takes_all(limit) && run.is_long() {
                    let further = self.equal(&objects, index, repeated.bytes(), out)?;
                    run.extend(further);
                    index += further;
                }
                continue;
            }
            text.clear();
            let mut element = Element { text: &mut text, out };
            let written = match is_loaded {
                true => repeated.write(self, &object, &mut element),
                false => self.write(&object, depth + 1, &mut element),
            };
            if written.is_err() {
                run.flush(out)?;
                run.push(&mut text, out)?;
                run.flush(out)?;
                return written;
            }
            let failed = matches!(text.spans().next(), Some((Role::Note, _)));
            if run.is_full(Some(&text), limit) {
                run.flush(out)?;
                return out.put(Role::Plain, "...");
            }
            run.push(&mut text, out)?;
            if failed && run.is_long() {
                // The rest of a dangling array is not there either.
                run.flush(out)?;
                return out.put(Role::Plain, "...");
            }
        }
        run.flush(out)
    }

    /// How many elements of an array from `index` on have these bytes, as far as that can be seen at a glance.
    fn equal(&self, objects: &Objects<'_>, index: u64, bytes: &[u8], out: &mut dyn Sink) -> Result<u64, Stopped> {
        let stride = bytes.len() as u64;
        let Objects::Array(elements) = objects else { return Ok(0) };
        let at_once = MAX_RUN_BYTES.checked_div(stride).unwrap_or(0);
        if elements.stride_bytes() != stride || at_once == 0 {
            return Ok(0);
        }
        let mut chunk = Vec::new();
        let mut found = 0;
        loop {
            let wanted = at_once.min(elements.count.saturating_sub(index.saturating_add(found)));
            let first = elements.get(index.saturating_add(found));
            chunk.resize((wanted * stride) as usize, 0);
            let Some(address) = first.address().filter(|_| wanted > 0) else { return Ok(found) };
            if self.reader.program.read_memory(first.instance, address, &mut chunk).is_err() {
                return Ok(found);
            }
            out.step()?;
            let equal = chunk.chunks_exact(bytes.len()).take_while(|element| *element == bytes).count() as u64;
            found += equal;
            if equal < wanted {
                return Ok(found);
            }
        }
    }

    pub(super) fn entries(
        &self,
        notation: &Notation,
        pairs: impl Iterator<Item = (Object, Object)>,
        depth: u64,
        out: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let (open, close) = notation.map();
        let mut pairs = pairs.peekable();
        if pairs.peek().is_none() {
            return out.put(Role::Plain, &Notation::empty((open, close)));
        }
        out.put(Role::Plain, open)?;
        let breaks = self.breaks_fields();
        let limit = self.options.elements.unwrap_or(u64::MAX);
        for (index, (key, value)) in pairs.enumerate() {
            out.step()?;
            if index > 0 {
                out.put(Role::Plain, if breaks { "," } else { ", " })?;
            }
            self.line_break(breaks, depth + 1, out)?;
            if index as u64 >= limit {
                out.put(Role::Plain, "...")?;
                break;
            }
            if key.absence().is_some() {
                self.write(&key, depth + 1, out)?;
                break;
            }
            out.put(Role::Plain, notation.before_key)?;
            self.write(&key, depth + 1, out)?;
            out.put(Role::Plain, notation.after_key)?;
            self.write(&value, depth + 1, out)?;
        }
        self.line_break(breaks, depth, out)?;
        out.put(Role::Plain, close)
    }
}

/// Where the elements of a sequence come from.
enum Objects<'e> {
    /// Any of them can be had.
    Array(&'e Elements),
    /// One after the other.
    Found(&'e mut dyn Iterator<Item = Object>),
}

impl Objects<'_> {
    /// The next one, which has this index.
    fn get(&mut self, index: u64) -> Option<Object> {
        match self {
            Objects::Array(elements) => (index < elements.count).then(|| elements.get(index)),
            Objects::Found(objects) => objects.next(),
        }
    }
}

fn new_line(depth: u64) -> String {
    format!("\n{}", "  ".repeat(usize::try_from(depth).unwrap_or(0)))
}
