//! The parts of a value between its braces: members, elements, keys with their values. On one line, or as gdb breaks
//! lines (`set print pretty`, `set print array`).

use crate::dwarf::types::{Member, TypeKind};
use crate::text::{Role, Sink, Stopped, escaped};
use crate::value::object::Object;
use crate::value::type_name::{Length, type_name};
use crate::value::view::{Child, Elements, FieldStyle, ItemStyle, Label};

use super::notation::Notation;
use super::options::Style;
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
                self.has_content(&child.object, MAX_EMPTY_BASES)
            }
            _ => true,
        }
    }

    /// Whether a class has a member, in it or in one of its bases.
    fn has_content(&self, object: &Object, depth: usize) -> bool {
        let (Some(depth), (_, found)) = (depth.checked_sub(1), self.reader.stripped(object)) else { return true };
        let TypeKind::Record(record) = &found.kind else { return true };
        let is_empty = |member: &Member| member.is_base && !self.has_content(&object.retyped(member.type_id), depth);
        record.declaration || !record.statics.is_empty() || !record.members.iter().all(is_empty)
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
        let objects = (0..elements.count).map(|index| elements.get(index));
        self.list((notation.open_list, notation.close_list), objects, ItemStyle::Sequence, depth, out)
    }

    /// Elements between two signs.
    pub(super) fn list(
        &self,
        (open, close): (&str, &str),
        objects: impl Iterator<Item = Object>,
        style: ItemStyle,
        depth: u64,
        out: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let mut objects = objects.peekable();
        if objects.peek().is_none() {
            return out.put(Role::Plain, &Notation::empty((open, close)));
        }
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
    fn sequence(
        &self,
        objects: impl Iterator<Item = Object>,
        signs: Signs,
        depth: u64,
        out: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let limit = self.options.elements.unwrap_or(u64::MAX);
        let mut run = Run::new(self.options.repeats.unwrap_or(u64::MAX), signs);
        for object in objects {
            out.step()?;
            let mut element = Element { text: crate::text::Text::new(), out };
            let written = self.write(&object, depth + 1, &mut element);
            let text = element.text;
            if written.is_err() {
                run.flush(out)?;
                run.push(text, out)?;
                run.flush(out)?;
                return written;
            }
            let failed = matches!(text.spans().next(), Some((Role::Note, _)));
            if run.is_full(&text, limit) {
                run.flush(out)?;
                return out.put(Role::Plain, "...");
            }
            run.push(text, out)?;
            if failed && run.is_long() {
                // The rest of a dangling array is not there either.
                run.flush(out)?;
                return out.put(Role::Plain, "...");
            }
        }
        run.flush(out)
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

fn new_line(depth: u64) -> String {
    format!("\n{}", "  ".repeat(usize::try_from(depth).unwrap_or(0)))
}
