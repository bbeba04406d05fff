//! A value on one line: arguments in a backtrace, members, `output`, the report's values.
//!
//! Depth, element and character limits live here and in `tree`, not below: children are asked for one by one and
//! written as they come.

use std::rc::Rc;

use crate::dwarf::Language;
use crate::dwarf::types::{PointerKind, RecordKind, Type, TypeId, TypeKind};
use crate::error::Error;
use crate::text::{Role, Sink, Stopped, escaped};
use crate::value::characters::named_character;
use crate::value::object::Object;
use crate::value::present::{Form, elements, present, unwrapped};
use crate::value::type_name::{Length, type_name};
use crate::value::view::{self, Child, Elements, FieldStyle, View};
use crate::value::{Reader, Scalar};

use super::hole::Hole;
use super::notation::notation;
use super::options::{FormatLetter, Options, Style};
use super::scalar::{decimal, put_scalar, scalar_text};
use super::sequence::Counted;
use super::string::{char_literal, quoted};

/// Marks a recovered value.
pub const RECOVERED_MARK: &str = "~";

/// Most levels written on one line, whatever the settings say: the writer recurses.
const MAX_LINE_DEPTH: u64 = 64;

/// Writes values of one program under one set of options.
pub struct ValueWriter<'a, 'f, 'o> {
    pub reader: Reader<'a, 'f>,
    pub options: &'o Options,
}

/// Members to be written.
pub(super) struct Fields<'c> {
    /// What stands in front of them; may be empty.
    pub name: String,
    /// The class of C or C++ whose members they are.
    pub class: Option<TypeId>,
    pub children: &'c [Child],
    pub style: FieldStyle,
}

impl<'a, 'f> ValueWriter<'a, 'f, '_> {
    /// How values are looked at under the options.
    pub fn form(&self) -> Form {
        if self.options.raw { Form::Raw } else { Form::Language }
    }

    /// The name of an object's type under the options.
    pub fn type_name(&self, object: &Object) -> String {
        let length = if self.options.full_types { Length::Full } else { Length::Short };
        type_name(self.reader.types(), object.type_id, length)
    }

    /// The object on one line, with the mark of a recovered value.
    ///
    /// # Errors
    /// Nobody reads any more.
    pub fn line(&self, object: &Object, out: &mut dyn Sink) -> Result<(), Stopped> {
        if self.options.object {
            let whole = self.whole(object);
            return self.marked(object, &whole, present(self.reader, &whole, self.form()), out);
        }
        self.line_of(object, present(self.reader, object, self.form()), out)
    }

    /// The same of an object whose shape under the options is known, where no whole object is wanted.
    pub(super) fn line_of(&self, object: &Object, view: View<'_>, out: &mut dyn Sink) -> Result<(), Stopped> {
        self.marked(object, object, view, out)
    }

    /// The shape of `whole`, with the mark of `object`. A place that is only recovered makes no value of what cannot be
    /// read there.
    fn marked(&self, object: &Object, whole: &Object, view: View<'_>, out: &mut dyn Sink) -> Result<(), Stopped> {
        let is_there = !matches!(view, View::Unavailable(_) | View::OptimizedOut);
        self.view(whole, view, 0, out)?;
        if is_there { self.mark(object, out) } else { Ok(()) }
    }

    /// The whole object that a class object is a part of, and pointers as pointers to it, where that is wanted.
    pub fn whole(&self, object: &Object) -> Object {
        if !self.options.object {
            return object.clone();
        }
        let (_, found) = self.reader.stripped(object);
        match found.kind {
            TypeKind::Record(_) => self.reader.dynamic(object).unwrap_or_else(|| object.clone()),
            TypeKind::Pointer { kind: PointerKind::Pointer, .. } => {
                self.reader.pointer_to_whole(object).unwrap_or_else(|| object.clone())
            }
            _ => object.clone(),
        }
    }

    /// An object without the wrappers around it, its shape, and what stands in front of it.
    pub fn opened(&self, object: &Object) -> (String, Object, View<'a>) {
        let (prefix, inner, view) = unwrapped(self.reader, object, self.form());
        if !self.options.object || inner.address() == object.address() {
            return (prefix, inner, view);
        }
        match self.reader.dynamic(&inner) {
            Some(whole) => {
                let view = present(self.reader, &whole, self.form());
                (prefix, whole, view)
            }
            None => (prefix, inner, view),
        }
    }

    /// The mark behind a value that is not exact.
    pub fn mark(&self, object: &Object, out: &mut dyn Sink) -> Result<(), Stopped> {
        if object.provenance.is_exact() || object.absence().is_some() {
            return Ok(());
        }
        out.put(Role::Note, RECOVERED_MARK)
    }

    /// A part of a value that is `depth` levels inside.
    pub(super) fn write(&self, object: &Object, depth: u64, out: &mut dyn Sink) -> Result<(), Stopped> {
        if Hole::is_left(|| Hole::Line(object.clone(), depth), out) {
            return Ok(());
        }
        self.shaped(object, present(self.reader, object, self.form()), depth, out)
    }

    /// What is inside a wrapper, as if the wrapper were not there.
    fn wrapped(&self, prefix: &str, inner: &Object, depth: u64, out: &mut dyn Sink) -> Result<(), Stopped> {
        let (further, object, view) = self.opened(inner);
        out.put(Role::Plain, prefix)?;
        out.put(Role::Plain, &further)?;
        self.shaped(&object, view, depth, out)
    }

    /// A shape on one line; `depth` levels are already open. Ends in `...` where too much would have to be read.
    ///
    /// # Errors
    /// Nobody reads any more.
    pub fn view(&self, object: &Object, view: View<'_>, depth: u64, out: &mut dyn Sink) -> Result<(), Stopped> {
        let mut counted = Counted::new(out, self.options.elements);
        let written = self.shaped(object, view, depth, &mut counted);
        if counted.is_spent() { out.put(Role::Plain, "...") } else { written }
    }

    fn shaped(&self, object: &Object, view: View<'_>, depth: u64, out: &mut dyn Sink) -> Result<(), Stopped> {
        let (_, found) = self.reader.stripped(object);
        let notation = notation(found.language);
        match view {
            View::Scalar(scalar) => {
                put_scalar(scalar, &self.with_path(object, found), self.options, out)?;
                self.wide(scalar, object.type_id, out)
            }
            View::Pointer(pointer) => self.pointer(object, &pointer, depth, out),
            View::Text(text) => match self.as_numbers(object, &text) {
                Some(elements) => self.array(notation, &elements, depth, out),
                None => out.put(Role::String, &quoted(&text, self.options)),
            },
            View::Fields { children, style } => {
                // What has no members takes no more room than the sign that it was left out.
                let is_empty = children.is_empty() && self.options.style == Style::Reference;
                if depth > 0 && !is_empty && (self.is_too_deep(depth) || self.is_closed_union(&found)) {
                    return out.put(Role::Plain, "{...}");
                }
                let name = notation.record_name(&self.type_name(object), style);
                let class = self.is_c_like(object).then_some(object.type_id);
                let fields = Fields { name, class, children: &children, style };
                self.fields(notation, &fields, depth, out)
            }
            View::Variant { name, children, style } => {
                let short = escaped(&name);
                if depth > 0 && self.is_too_deep(depth) && !children.is_empty() {
                    return out.put(Role::Plain, &format!("{short} {{...}}"));
                }
                let fields = Fields { name: short.into_owned(), class: None, children: &children, style };
                self.fields(notation, &fields, depth, out)
            }
            View::Array(elements) => {
                if depth > 0 && self.is_too_deep(depth) {
                    return out.put(Role::Plain, &format!("{}...{}", notation.open_list, notation.close_list));
                }
                self.array(notation, &elements, depth, out)
            }
            View::Items { children, style, .. } => {
                let (open, close) = notation.list(style);
                if depth > 0 && self.is_too_deep(depth) {
                    return out.put(Role::Plain, &format!("{open}...{close}"));
                }
                let children = children.map(|child| child.object);
                self.list((open, close), children, style, depth, out)
            }
            View::Entries { pairs, .. } => {
                if depth > 0 && self.is_too_deep(depth) {
                    return out.put(Role::Plain, "{...}");
                }
                self.entries(notation, pairs, depth, out)
            }
            View::Wrapped { prefix, inner } => self.wrapped(prefix, &inner, depth, out),
            View::Range { start, end, inclusive } => {
                if let Some(start) = start {
                    self.write(&start, depth + 1, out)?;
                }
                out.put(Role::Plain, if inclusive { "..=" } else { ".." })?;
                end.map_or(Ok(()), |end| self.write(&end, depth + 1, out))
            }
            View::Quantity { count, decimals, unit } => {
                out.put(Role::Number, &format!("{}{}", decimal(count, decimals), escaped(&unit)))
            }
            View::Complex { real, imaginary } => {
                self.write(&real, depth + 1, out)?;
                out.put(Role::Plain, " + ")?;
                self.write(&imaginary, depth + 1, out)?;
                out.put(Role::Plain, "i")
            }
            View::Noted { view, note } => {
                self.shaped(object, *view, depth, out)?;
                out.put(Role::Note, &format!(" <{}>", escaped(&note)))
            }
            View::MemberPointer { value, text, is_function } => {
                if self.options.format.is_some() {
                    let (role, text) = scalar_text(value, &found, self.options);
                    return out.put(role, &text);
                }
                if is_function && self.options.style == Style::Gdb && text.starts_with("0x") {
                    out.put(Role::Type, &format!("({}) ", self.type_name(object)))?;
                }
                out.put(Role::Address, &escaped(&text))
            }
            View::Function { index, name } => self.function(object, index, name.as_deref(), out),
            View::Nothing => out.put(Role::Plain, notation.nothing),
            View::OptimizedOut => out.put(Role::Note, "<optimized out>"),
            // A part without which there is no value.
            View::Unavailable(error) if error == Error::optimized_out() => out.put(Role::Note, "<optimized out>"),
            View::Unavailable(Error::Absent(_)) if !self.options.reasons => out.put(Role::Note, "<unavailable>"),
            View::Unavailable(error) => out.put(Role::Note, &unavailable_text(&error)),
        }
    }

    /// What stands behind the number of a character that only its type's name tells.
    pub(super) fn wide(&self, scalar: Scalar, type_id: TypeId, out: &mut dyn Sink) -> Result<(), Stopped> {
        put_character(scalar, self.character_prefix(type_id), out)
    }

    /// Prefix of the literals of a type whose values are written as characters, too, because of its name.
    pub(super) fn character_prefix(&self, type_id: TypeId) -> Option<&'static str> {
        let named = named_character(self.reader.types(), type_id).filter(|_| self.options.format.is_none());
        named.map(|(_, prefix)| prefix)
    }

    /// C++'s enumerators are written with the namespaces of their type.
    pub(super) fn with_path(&self, object: &Object, found: Rc<Type>) -> Rc<Type> {
        if found.language != Language::Cpp || !matches!(found.kind, TypeKind::Enumeration(_)) {
            return found;
        }
        let name = self.reader.types().qualified_name(self.reader.stripped(object).0);
        Rc::new(Type { name: name.or_else(|| found.name.clone()), ..Type::clone(&found) })
    }

    /// Arrays of characters are numbers under every format but `s`.
    fn as_numbers(&self, object: &Object, text: &view::Text) -> Option<Elements> {
        let is_number = self.options.format.is_some_and(|letter| letter != FormatLetter::String);
        match &self.reader.stripped(object).1.kind {
            TypeKind::Array(array) if is_number && text.is_array => elements(self.reader, object, array).ok(),
            _ => None,
        }
    }

    /// A union that is not to be opened inside of something.
    fn is_closed_union(&self, found: &Type) -> bool {
        !self.options.union && matches!(&found.kind, TypeKind::Record(record) if record.kind == RecordKind::Union)
    }

    /// A member that is not to be opened because it is a union.
    pub(super) fn is_closed(&self, object: &Object, depth: u64) -> bool {
        depth > 0 && self.is_closed_union(&self.reader.stripped(object).1)
    }

    fn is_too_deep(&self, depth: u64) -> bool {
        depth >= self.options.max_depth.unwrap_or(MAX_LINE_DEPTH).min(MAX_LINE_DEPTH)
    }

    pub(super) fn is_c_like(&self, object: &Object) -> bool {
        let (_, found) = self.reader.stripped(object);
        !matches!(found.language, Language::Rust | Language::Zig)
    }
}

/// The character that a number is, too, if its literals have a prefix.
pub(super) fn put_character(scalar: Scalar, prefix: Option<&str>, out: &mut dyn Sink) -> Result<(), Stopped> {
    let Some(prefix) = prefix else { return Ok(()) };
    out.put(Role::String, &format!(" {prefix}{}", char_literal(scalar.bits as u32, true)))
}

/// Why a value is missing, in its place.
pub fn unavailable_text(error: &Error) -> String {
    match error {
        Error::Absent(reason) => format!("<{}>", escaped(reason)),
        Error::Unmapped { address, .. } => format!("<error: Cannot access memory at address {address:#x}>"),
        error => format!("<error: {}>", escaped(&error.to_string())),
    }
}
