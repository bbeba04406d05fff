//! A value over several lines in the reference form: `name (address): Type = {`, members indented by four.

use crate::text::{Role, Sink, Stopped, Text, escaped};
use crate::value::object::Object;
use crate::value::present::unwrapped;
use crate::value::view::{Child, Elements, FieldStyle, Label, View};

use super::hole::Hole;
use super::pattern::Repeated;
use super::scalar::put_address;
use super::value::ValueWriter;

/// Most levels over several lines, whatever the settings say: the writer recurses.
const MAX_TREE_DEPTH: u64 = 64;

impl ValueWriter<'_, '_, '_> {
    /// The object as `p` prints it under the reference style, with its name in front and an end of line.
    ///
    /// # Errors
    /// Nobody reads any more.
    pub fn declaration(&self, name: &str, object: &Object, out: &mut dyn Sink) -> Result<(), Stopped> {
        out.put(Role::Name, &escaped(name))?;
        self.rest(!name.is_empty(), &self.whole(object), 0, true, out)?;
        out.put(Role::Plain, "\n")
    }

    /// The object as `info locals` lists it: without its address, its members on the same line.
    ///
    /// # Errors
    /// Nobody reads any more.
    pub fn listed(&self, name: &str, object: &Object, out: &mut dyn Sink) -> Result<(), Stopped> {
        out.put(Role::Name, &escaped(name))?;
        if self.options.member_types {
            out.put(Role::Plain, ": ")?;
            out.put(Role::Type, &escaped(&self.type_name(object)))?;
        }
        out.put(Role::Plain, " = ")?;
        self.line(object, out)?;
        out.put(Role::Plain, "\n")
    }

    /// Nodes under the name and type of what they were reached from.
    ///
    /// # Errors
    /// Nobody reads any more.
    pub fn declared_list(
        &self,
        name: &str,
        object: &Object,
        nodes: impl Iterator<Item = Child>,
        out: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        out.put(Role::Name, &escaped(name))?;
        self.head(!name.is_empty(), object, true, out)?;
        let mut nodes = nodes.peekable();
        if nodes.peek().is_none() {
            return out.put(Role::Plain, "{}\n");
        }
        self.block("{", nodes.map(named), true, 0, out)?;
        out.put(Role::Plain, "\n")
    }

    /// What stands behind a name: address and type, the value.
    fn rest(
        &self,
        is_named: bool,
        object: &Object,
        depth: u64,
        is_top: bool,
        out: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        self.head(is_named, object, is_top, out)?;
        match self.body(object, depth, out)? {
            true => self.mark(object, out),
            false => Ok(()),
        }
    }

    /// ` (address): Type = `
    fn head(&self, is_named: bool, object: &Object, is_top: bool, out: &mut dyn Sink) -> Result<(), Stopped> {
        if (self.options.member_addresses || is_top)
            && let Some(address) = object.address().filter(|_| self.options.address)
        {
            out.put(Role::Plain, if is_named { " (" } else { "(" })?;
            if !Hole::is_left(|| Hole::Address(address), out) {
                put_address(address, out)?;
            }
            out.put(Role::Plain, ")")?;
        }
        if self.options.member_types || is_top {
            out.put(Role::Plain, ": ")?;
            out.put(Role::Type, &escaped(&self.type_name(object)))?;
        }
        out.put(Role::Plain, " = ")
    }

    /// The value itself; true if there is one.
    pub(super) fn body(&self, object: &Object, depth: u64, out: &mut dyn Sink) -> Result<bool, Stopped> {
        if Hole::is_left(|| Hole::Block(object.clone(), depth), out) {
            return Ok(true);
        }
        let (prefix, inner, view) = self.opened(object);
        out.put(Role::Plain, &prefix)?;
        // The type in front of a trait object's value says only the trait.
        let is_block = |children: &[Child]| depth < self.limit() && !children.is_empty();
        if matches!(&view, View::Fields { style: FieldStyle::Named, children } if is_block(children))
            && inner.type_id != object.type_id
            && self.type_name(object).contains("dyn ")
        {
            out.put(Role::Type, &escaped(&self.type_name(&inner)))?;
            out.put(Role::Plain, " ")?;
        }
        let is_there = !matches!(view, View::Unavailable(_) | View::OptimizedOut);
        self.shape(&inner, view, depth, out)?;
        Ok(is_there)
    }

    /// Levels that are opened over several lines.
    fn limit(&self) -> u64 {
        if !self.options.pretty {
            return 0;
        }
        self.options.max_depth.unwrap_or(MAX_TREE_DEPTH).min(MAX_TREE_DEPTH)
    }

    fn shape(&self, object: &Object, view: View<'_>, depth: u64, out: &mut dyn Sink) -> Result<(), Stopped> {
        if depth >= self.limit() {
            return self.view(object, view, depth, out);
        }
        match view {
            View::Noted { view, note } => {
                self.shape(object, *view, depth, out)?;
                out.put(Role::Note, &format!(" <{}>", escaped(&note)))
            }
            View::Pointer(pointer) => match self.referent(object, &pointer).filter(|_| depth == 0) {
                Some(referent) => {
                    if self.options.address {
                        out.put(Role::Address, &format!("@{:#x}", pointer.address))?;
                        out.put(Role::Plain, ": ")?;
                    }
                    self.body(&referent, depth, out).map(|_| ())
                }
                None => self.view(object, View::Pointer(pointer), depth, out),
            },
            View::Fields { children, style } if self.is_long(&children, style) && !self.is_closed(object, depth) => {
                self.block("{", children.into_iter().filter(|child| self.is_shown(child)).map(named), false, depth, out)
            }
            View::Variant { name, children, style } if self.is_long(&children, style) => {
                self.block(&format!("{} {{", escaped(&name)), children.into_iter().map(named), false, depth, out)
            }
            View::Array(elements) if elements.count > 0 && self.options.array || self.has_long_elements(&elements) => {
                let child = |index| named(Child { label: Label::Index(index), object: elements.get(index) });
                self.block("{", (0..elements.count).map(child), true, depth, out)
            }
            View::Items { count, children, style } => {
                let mut children = children.peekable();
                if children.peek().is_some_and(|first| self.options.array || self.has_members(&first.object)) {
                    return self.block("{", children.map(named), true, depth, out);
                }
                self.view(object, View::Items { count, children: Box::new(children), style }, depth, out)
            }
            View::Entries { count, pairs } => {
                let mut pairs = pairs.peekable();
                if pairs.peek().is_some_and(|(_, value)| self.has_members(value)) {
                    return self.block("{", pairs.map(|pair| self.entry(pair)), true, depth, out);
                }
                self.view(object, View::Entries { count, pairs: Box::new(pairs) }, depth, out)
            }
            view => self.view(object, view, depth, out),
        }
    }

    /// A value under its key.
    fn entry(&self, (key, value): (Object, Object)) -> Line {
        if key.absence().is_some() {
            return named(Child { label: Label::Anonymous, object: key });
        }
        let mut text = Text::new();
        // A text never stops.
        let _ = self.line(&key, &mut text);
        Line { name: Name::Text(Role::String, format!("[{}]", text.to_plain())), object: value }
    }

    /// The elements are worth lines of their own: records, not numbers. The first few say so for all.
    fn has_long_elements(&self, elements: &Elements) -> bool {
        (0..elements.count.min(4)).any(|index| self.has_members(&elements.get(index)))
    }

    fn has_members(&self, element: &Object) -> bool {
        match unwrapped(self.reader, element, self.form()).2 {
            View::Fields { children, style } | View::Variant { children, style, .. } => self.is_long(&children, style),
            View::Entries { .. } => true,
            _ => false,
        }
    }

    /// Fields are worth lines of their own; those of tuples only if one of them has fields again.
    fn is_long(&self, children: &[Child], style: FieldStyle) -> bool {
        match style {
            FieldStyle::Tuple => children.iter().any(|child| {
                let (_, _, view) = unwrapped(self.reader, &child.object, self.form());
                match view {
                    View::Fields { children, .. } | View::Variant { children, .. } => !children.is_empty(),
                    View::Entries { .. } => true,
                    View::Array(elements) => elements.count > 0 && self.has_fields(&elements.get(0)),
                    _ => false,
                }
            }),
            FieldStyle::Named | FieldStyle::Unit => children.iter().any(|child| self.is_shown(child)),
        }
    }

    fn has_fields(&self, element: &Object) -> bool {
        let (_, _, view) = unwrapped(self.reader, element, self.form());
        matches!(view, View::Fields { .. } | View::Variant { .. } | View::Entries { .. })
    }

    /// Lines between braces; `are_alike`: they are elements, many of which may have the same type.
    fn block(
        &self,
        open: &str,
        lines: impl Iterator<Item = Line>,
        are_alike: bool,
        depth: u64,
        out: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let mut repeated = Repeated::default();
        let indent = "    ".repeat(usize::try_from(depth).unwrap_or(0));
        let margin = format!("{indent}    ");
        out.put(Role::Plain, &format!("{open}\n"))?;
        let limit = self.options.elements.unwrap_or(u64::MAX);
        for (index, line) in lines.enumerate() {
            if index as u64 >= limit {
                out.put(Role::Plain, &format!("{margin}...\n"))?;
                break;
            }
            out.put(Role::Plain, &margin)?;
            let is_named = line.name.put(out)?;
            let rest = |object: &Object, out: &mut dyn Sink| self.rest(is_named, object, depth + 1, false, out);
            match are_alike && is_named && repeated.load(self, &line.object, rest) {
                true => repeated.write(self, &line.object, out)?,
                false => rest(&line.object, out)?,
            }
            out.put(Role::Plain, "\n")?;
        }
        out.put(Role::Plain, &format!("{indent}}}"))
    }
}

/// A child and what stands in front of it.
struct Line {
    name: Name,
    object: Object,
}

enum Name {
    Text(Role, String),
    Index(u64),
}

impl Name {
    /// Write the name; false if it is empty.
    fn put(&self, out: &mut dyn Sink) -> Result<bool, Stopped> {
        match self {
            Name::Text(role, text) => {
                out.put(*role, &escaped(text))?;
                Ok(!text.is_empty())
            }
            Name::Index(index) => {
                let mut digits = itoa::Buffer::new();
                for part in ["[", digits.format(*index), "]"] {
                    out.put(Role::Number, part)?;
                }
                Ok(true)
            }
        }
    }
}

fn named(child: Child) -> Line {
    let name = match &child.label {
        Label::Name(name) => Name::Text(Role::Name, tuple_index(name).to_owned()),
        Label::Base(name) => Name::Text(Role::Type, format!("<{name}>")),
        Label::Static(name) => Name::Text(Role::Name, format!("static {name}")),
        Label::Index(index) => Name::Index(*index),
        Label::Anonymous => Name::Text(Role::Note, "<anonymous>".to_owned()),
    };
    Line { name, object: child.object }
}

/// Rust calls the fields of tuples `__0`, its programmers `0`.
fn tuple_index(name: &str) -> &str {
    match name.strip_prefix("__") {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => digits,
        _ => name,
    }
}
