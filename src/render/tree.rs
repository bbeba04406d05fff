//! A value over several lines in the reference form: `name (address): Type = {`, members indented by four.

use crate::text::{Role, Sink, Stopped, escaped};
use crate::value::object::Object;
use crate::value::present::present;
use crate::value::view::{Child, Label, View};

use super::value::ValueWriter;

/// Most levels over several lines, whatever the settings say: the writer recurses.
const MAX_TREE_DEPTH: u64 = 64;

impl ValueWriter<'_, '_, '_> {
    /// The object as `p` prints it under the reference style, with its name in front and an end of line.
    ///
    /// # Errors
    /// Nobody reads any more.
    pub fn declaration(&self, name: &str, object: &Object, out: &mut dyn Sink) -> Result<(), Stopped> {
        self.node(name, Role::Name, object, 0, true, out)
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

    fn node(
        &self,
        name: &str,
        role: Role,
        object: &Object,
        depth: u64,
        is_top: bool,
        out: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        let indent = "    ".repeat(usize::try_from(depth).unwrap_or(0));
        out.put(Role::Plain, &indent)?;
        out.put(role, &escaped(name))?;
        if (self.options.member_addresses || is_top)
            && let Some(address) = object.address().filter(|_| self.options.address)
        {
            out.put(Role::Plain, if name.is_empty() { "(" } else { " (" })?;
            out.put(Role::Address, &format!("{address:#x}"))?;
            out.put(Role::Plain, ")")?;
        }
        if self.options.member_types || is_top {
            out.put(Role::Plain, ": ")?;
            out.put(Role::Type, &escaped(&self.type_name(object)))?;
        }
        out.put(Role::Plain, " = ")?;
        self.body(object, depth, out)?;
        self.mark(object, out)?;
        out.put(Role::Plain, "\n")
    }

    fn body(&self, object: &Object, depth: u64, out: &mut dyn Sink) -> Result<(), Stopped> {
        let view = present(self.reader, object, self.form());
        let limit = self.options.max_depth.unwrap_or(MAX_TREE_DEPTH).min(MAX_TREE_DEPTH);
        let close = |out: &mut dyn Sink| out.put(Role::Plain, &format!("{}}}", "    ".repeat(depth as usize)));
        match view {
            View::Fields { children, .. } if depth < limit && !children.is_empty() => {
                out.put(Role::Plain, "{\n")?;
                self.children(children.into_iter(), depth, out)?;
                close(out)
            }
            View::Variant { name, children, .. } if depth < limit && !children.is_empty() => {
                out.put(Role::Plain, &format!("{} {{\n", escaped(&name)))?;
                self.children(children.into_iter(), depth, out)?;
                close(out)
            }
            View::Array(elements) if depth < limit && self.has_members(&elements.get(0)) && elements.count > 0 => {
                out.put(Role::Plain, "{\n")?;
                let child = |index| Child { label: Label::Index(index), object: elements.get(index) };
                self.children((0..elements.count).map(child), depth, out)?;
                close(out)
            }
            view => self.view(object, view, depth, out),
        }
    }

    /// The elements are worth lines of their own: records, not numbers.
    fn has_members(&self, element: &Object) -> bool {
        matches!(
            present(self.reader, element, self.form()),
            View::Fields { .. } | View::Variant { .. } | View::Entries { .. }
        )
    }

    fn children(&self, children: impl Iterator<Item = Child>, depth: u64, out: &mut dyn Sink) -> Result<(), Stopped> {
        let limit = self.options.elements.unwrap_or(u64::MAX);
        for (index, child) in children.enumerate() {
            if index as u64 >= limit {
                return out.put(Role::Plain, &format!("{}...\n", "    ".repeat(depth as usize + 1)));
            }
            let (role, name) = match &child.label {
                Label::Name(name) => (Role::Name, tuple_index(name).to_owned()),
                Label::Base(name) => (Role::Type, format!("<{name}>")),
                Label::Static(name) => (Role::Name, format!("static {name}")),
                Label::Index(index) => (Role::Number, format!("[{index}]")),
                Label::Anonymous => (Role::Note, "<anonymous>".to_owned()),
            };
            self.node(&name, role, &child.object, depth + 1, false, out)?;
        }
        Ok(())
    }
}

/// Rust calls the fields of tuples `__0`, its programmers `0`.
fn tuple_index(name: &str) -> &str {
    match name.strip_prefix("__") {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => digits,
        _ => name,
    }
}
