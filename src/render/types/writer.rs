//! What all definitions are written with: the sink, the options, a limit on lines.

use std::rc::Rc;

use crate::dwarf::{TypeId, TypeTable};
use crate::limits::MAX_DEFINITION_LINES;
use crate::text::{Role, Sink, Stopped, escaped};
use crate::value::type_name::{Length, type_name};

use super::layout::Radix;

/// What `ptype` is asked to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeOptions {
    pub length: Length,
    /// `/o`: offsets, sizes, holes; `x` writes them in hexadecimal.
    pub offsets: Option<Radix>,
    /// Left out with `/m`, and by `/o`.
    pub methods: bool,
    /// Left out with `/t`, and by `/o`.
    pub typedefs: bool,
}

impl Default for TypeOptions {
    fn default() -> Self {
        TypeOptions { length: Length::Full, offsets: None, methods: true, typedefs: true }
    }
}

/// Writes one definition.
pub(super) struct TypeWriter<'a, 'f, 'o> {
    pub types: &'a TypeTable<'f>,
    pub options: TypeOptions,
    lines: usize,
    /// Types that have names of their own inside the class that is written.
    pub own: Vec<(TypeId, Rc<str>)>,
    out: &'o mut dyn Sink,
}

impl<'a, 'f, 'o> TypeWriter<'a, 'f, 'o> {
    pub fn new(types: &'a TypeTable<'f>, options: TypeOptions, out: &'o mut dyn Sink) -> Self {
        TypeWriter { types, options, lines: 0, own: Vec::new(), out }
    }

    pub fn put(&mut self, role: Role, text: &str) -> Result<(), Stopped> {
        self.out.put(role, text)
    }

    pub fn plain(&mut self, text: &str) -> Result<(), Stopped> {
        self.put(Role::Plain, text)
    }

    pub fn spaces(&mut self, count: usize) -> Result<(), Stopped> {
        self.plain(&" ".repeat(count))
    }

    /// Whether another line may be written.
    pub fn may_go_on(&mut self) -> bool {
        self.lines += 1;
        self.lines < MAX_DEFINITION_LINES
    }

    /// The name of a record or enumeration, escaped.
    pub fn own_name(&self, id: TypeId) -> String {
        let name = type_name(self.types, id, self.options.length);
        let keyword = ["struct ", "union ", "class ", "enum "].into_iter().find_map(|k| name.strip_prefix(k));
        escaped(keyword.unwrap_or(&name)).into_owned()
    }
}
