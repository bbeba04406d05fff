//! Pointers, references and functions on one line: the address, and what is known of what lies there.

use crate::dwarf::types::TypeKind;
use crate::text::{Role, Sink, Stopped, escaped};
use crate::value::object::Object;
use crate::value::present::present;
use crate::value::symbol::symbol_text;
use crate::value::view::{Pointer, View};

use super::options::{FormatLetter, Style};
use super::scalar::{put_address, scalar_text};
use super::string::quoted;
use super::value::{ValueWriter, unavailable_text};

impl ValueWriter<'_, '_, '_> {
    /// What a C++ reference refers to, where it is shown.
    pub fn referent(&self, object: &Object, pointer: &Pointer) -> Option<Object> {
        let is_shown = pointer.is_reference && self.options.referents && self.is_c_like(object);
        if !is_shown {
            return None;
        }
        self.reader.pointee(object).ok().map(|referent| self.whole(&referent))
    }

    /// A number or text that a reference inside of something refers to is written behind it, though not by gdb.
    fn is_small(&self, referent: &Object) -> bool {
        let (_, found) = self.reader.stripped(referent);
        self.options.style == Style::Reference
            && match found.kind {
                TypeKind::Base(_) | TypeKind::Enumeration(_) => true,
                TypeKind::Record(_) => matches!(present(self.reader, referent, self.form()), View::Text(_)),
                _ => false,
            }
    }

    pub(super) fn pointer(
        &self,
        object: &Object,
        pointer: &Pointer,
        depth: u64,
        out: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        match self.options.format {
            Some(FormatLetter::String | FormatLetter::Address | FormatLetter::Instruction) | None => {}
            Some(_) => {
                if let Ok(scalar) = self.reader.scalar(object) {
                    let (_, found) = self.reader.stripped(object);
                    return out.put(Role::Number, &scalar_text(scalar, &found, self.options).1);
                }
            }
        }
        let mut parts = Parts { out, is_first: true };
        if self.options.address {
            match pointer.is_reference && self.is_c_like(object) {
                true => parts.put(Role::Address, &format!("@{:#x}", pointer.address))?,
                // It is the first part.
                false => {
                    parts.is_first = false;
                    put_address(pointer.address, parts.out)?;
                }
            }
        }
        let referent = self.referent(object, pointer);
        if let Some(referent) = referent.filter(|referent| depth == 0 || self.is_small(referent)) {
            if self.options.address {
                parts.out.put(Role::Plain, ": ")?;
            }
            return self.write(&referent, 0, parts.out);
        }
        if let Some(function) = &pointer.function {
            parts.put(Role::Plain, "<")?;
            parts.out.put(Role::Function, &escaped(function))?;
            parts.out.put(Role::Plain, ">")?;
        }
        if let Some(symbol) = pointer.symbol.as_ref().filter(|_| self.options.symbol) {
            parts.put(Role::Plain, &format!("<{}>", escaped(&symbol_text(symbol))))?;
        }
        match &pointer.text {
            Some(Ok(text)) => parts.put(Role::String, &quoted(text, self.options)),
            Some(Err(error)) => parts.put(Role::Error, &unavailable_text(error)),
            None => Ok(()),
        }
    }

    pub(super) fn function(
        &self,
        object: &Object,
        index: Option<u64>,
        name: Option<&str>,
        out: &mut dyn Sink,
    ) -> Result<(), Stopped> {
        out.put(Role::Plain, "{")?;
        out.put(Role::Type, &self.type_name(object))?;
        out.put(Role::Plain, "}")?;
        if let Some(index) = index {
            out.put(Role::Address, &format!(" func[{index}]"))?;
        }
        match name {
            Some(name) => out.put(Role::Function, &format!(" <{}>", escaped(name))),
            None => Ok(()),
        }
    }
}

/// Words with spaces between them.
struct Parts<'s> {
    out: &'s mut dyn Sink,
    is_first: bool,
}

impl Parts<'_> {
    fn put(&mut self, role: Role, text: &str) -> Result<(), Stopped> {
        if !std::mem::take(&mut self.is_first) {
            self.out.put(Role::Plain, " ")?;
        }
        self.out.put(role, text)
    }
}
