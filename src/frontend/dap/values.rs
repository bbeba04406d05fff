//! Values as rows of an editor's tree: one line of text each, and children on demand.
//!
//! Shapes come from `value::present` and text from `render`, as for the terminal and the report, so that all three
//! say the same. Here a pointer can be opened, too: its children are those of what it points at.

use super::handles::{FrameKey, Handles, Node, NodeKey, memory_reference};
use super::messages::{Hint, ValueFields, Variable};
use super::names::Parent;
use super::positions::{Element, Positions};
use crate::limits::{MAX_DAP_CHILDREN, MAX_DAP_VALUE_BYTES, MAX_DAP_VALUE_STEPS};
use crate::render::options::Options;
use crate::render::value::ValueWriter;
use crate::text::{Role, Sink, Stopped};
use crate::value::present::{present, unwrapped};
use crate::value::view::{FieldStyle, Pointer};
use crate::value::{Child, Label, Object, Reader, View};

/// Part of a list of children.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    pub start: u64,
    /// None: all.
    pub count: Option<u64>,
}

/// Turns objects into rows and gives them numbers.
pub struct Describer<'a, 'f> {
    pub reader: Reader<'a, 'f>,
    pub handles: &'a mut Handles,
    pub options: &'a Options,
    pub frame: Option<FrameKey>,
}

/// Which children of a value are wanted.
pub struct Wanted<'p> {
    /// The number of the value.
    pub reference: i64,
    /// None: named ones and indexed ones.
    pub filter: Option<&'p str>,
    pub page: Page,
    pub positions: &'p mut Positions,
}

/// Rows of a value's children.
#[derive(Default)]
pub struct Rows {
    /// With their places among all children.
    pub rows: Vec<(u64, Row)>,
    /// The first element of a container that is walked over: what the expressions of all its elements are like. To
    /// evaluate one costs a walk to it.
    pub first: Option<Row>,
}

/// A row before it has a number: what to show, and what it stands for.
pub struct Row {
    pub name: String,
    pub object: Object,
    pub expression: Option<String>,
    pub kind: &'static str,
}

/// The children of a value.
struct Children<'a> {
    named: Option<u64>,
    indexed: Option<u64>,
    view: View<'a>,
    /// They belong to what the value points at.
    pointee: Option<Object>,
}

impl<'a, 'f> Describer<'a, 'f> {
    fn writer(&self) -> ValueWriter<'a, 'f, 'a> {
        ValueWriter { reader: self.reader, options: self.options }
    }

    /// A value's text on one line.
    pub fn text(&self, object: &Object) -> String {
        let mut line = Clipped::new(MAX_DAP_VALUE_BYTES, MAX_DAP_VALUE_STEPS);
        // What is cut off is said in the text.
        let _ = self.writer().line(object, &mut line);
        line.finish()
    }

    /// A row as a variable.
    pub fn variable(&mut self, key: NodeKey, row: Row) -> Variable {
        let Row { name, object, expression, kind } = row;
        let text = self.text(&object);
        let mut value = self.fields(key, &object, expression.clone());
        value.presentation_hint = Some(Hint { kind: Some(kind), attributes: vec!["readOnly"] });
        Variable { name, value, evaluate_name: expression, declaration_location_reference: None, text }
    }

    /// Type, number, counts and memory of a value.
    pub fn fields(&mut self, key: NodeKey, object: &Object, expression: Option<String>) -> ValueFields {
        let (inner, view) = self.shape(object);
        let memory = match &view {
            View::Pointer(pointer) if pointer.function.is_none() => Some(pointer.address),
            _ => object.address(),
        };
        let mut fields = ValueFields {
            type_name: Some(self.writer().type_name(object)),
            memory_reference: memory.map(|address| memory_reference(object.instance, address)),
            ..ValueFields::default()
        };
        if let View::Pointer(pointer) = &view
            && pointer.function.is_some()
        {
            fields.value_location_reference = self.function_place(object, pointer.address);
        }
        if let Some(children) = self.opened(&inner, view) {
            let node = || Node::Value { frame: self.frame, object: Box::new(object.clone()), expression };
            fields.variables_reference = self.handles.nodes.number(key, node).unwrap_or(0);
            fields.named_variables = children.named;
            fields.indexed_variables = children.indexed;
        }
        fields
    }

    /// Where the function behind a function pointer begins.
    fn function_place(&mut self, object: &Object, index: u64) -> Option<i64> {
        let program = self.reader.program;
        let function = program.table_function(object.instance, index)?;
        let module = program.module_of(object.instance).or_else(|| program.only_module())?;
        let parsed = program.module(module)?;
        let start = parsed.code_offset(parsed.body(function)?.start)?;
        let calls = program.debug_info(module)?.calls_at(start).ok()?;
        let function = calls.last()?;
        self.handles.place(Some((module, function.unit)), function.location.as_ref()?)
    }

    /// What an object is inside its wrappers, and its shape.
    fn shape(&self, object: &Object) -> (Object, View<'a>) {
        match unwrapped(self.reader, object, self.writer().form()) {
            (_, inner, View::Noted { view, .. }) => (inner, view.with_parts()),
            (_, inner, view) => (inner, view.with_parts()),
        }
    }

    /// What a value opens to; none for a leaf.
    fn opened(&self, object: &Object, mut view: View<'a>) -> Option<Children<'a>> {
        if let View::Fields { children, .. } | View::Variant { children, .. } = &mut view {
            children.retain(|child| self.writer().is_shown(child));
        }
        let (named, indexed) = match &view {
            View::Fields { children, .. } | View::Variant { children, .. } => (Some(children.len() as u64), None),
            View::Array(elements) => (None, Some(elements.count)),
            View::Items { count, .. } => (None, *count),
            View::Entries { count, .. } => (*count, None),
            View::Pointer(pointer) => return self.opened_pointer(object, pointer),
            _ => return None,
        };
        let is_empty = named == Some(0) || indexed == Some(0);
        (!is_empty).then_some(Children { named, indexed, view, pointee: None })
    }

    /// A pointer to something with children opens to those, any other to what it points at.
    fn opened_pointer(&self, object: &Object, pointer: &Pointer) -> Option<Children<'a>> {
        if pointer.function.is_some() || pointer.address == 0 {
            return None;
        }
        let pointee = self.reader.pointee(object).ok()?;
        let view = present(self.reader, &pointee, self.writer().form()).with_parts();
        match view {
            View::Function { .. } | View::Nothing => None,
            View::Unavailable(crate::error::Error::Absent(_)) => None,
            view @ (View::Fields { .. } | View::Array(_) | View::Items { .. } | View::Entries { .. }) => {
                let opened = self.opened(&pointee, view)?;
                Some(Children { pointee: Some(pointee), ..opened })
            }
            view => Some(Children { named: Some(1), indexed: None, view, pointee: Some(pointee) }),
        }
    }

    /// The rows of a value's children.
    pub fn children(&mut self, object: &Object, expression: Option<&str>, wanted: Wanted<'_>) -> Rows {
        let (inner, view) = self.shape(object);
        let Some(children) = self.opened(&inner, view) else { return Rows::default() };
        let is_indexed = matches!(children.view, View::Array(_) | View::Items { .. });
        if wanted.filter == Some("named") && is_indexed || wanted.filter == Some("indexed") && !is_indexed {
            return Rows::default();
        }
        let owner = children.pointee.as_ref().unwrap_or(&inner);
        let language = self.reader.stripped(owner).1.language;
        let through_pointer = children.pointee.is_some();
        let parent = Parent { expression, language, through_pointer };
        let range = Range::of(wanted.page);
        let element =
            |index, object| row(&parent, Child { label: Label::Index(index), object }, FieldStyle::Named, index);
        let mut first = None;
        let rows = match children.view {
            View::Fields { children, style } | View::Variant { children, style, .. } => {
                let rows = children.into_iter().enumerate().map(|(i, child)| (i as u64, child));
                range.cut(rows).map(|(index, child)| (index, row(&parent, child, style, index))).collect()
            }
            View::Array(elements) => {
                range.numbers(elements.count).map(|index| (index, element(index, elements.get(index)))).collect()
            }
            View::Items { children, .. } if matches!(children.size_hint(), (least, Some(most)) if least == most) => {
                // They are passed over at once only as they are.
                let rows = (range.start..).zip(range.cut(children));
                rows.map(|(index, child)| (index, row(&parent, child, FieldStyle::Named, index))).collect()
            }
            View::Items { children, .. } => {
                let objects = children.map(|child| (child.object, None));
                let found = wanted.positions.page(wanted.reference, range.start, range.count, objects);
                first = found.first.map(|(object, _)| element(0, object));
                found.page.into_iter().map(|(index, (object, _))| (index, element(index, object))).collect()
            }
            View::Entries { pairs, .. } => {
                let pairs = pairs.map(|(key, value)| (key, Some(value)));
                let found = wanted.positions.page(wanted.reference, range.start, range.count, pairs);
                let entry = |(index, (key, value)): (u64, Element)| Some((index, self.entry(&key, value?)));
                found.page.into_iter().filter_map(entry).collect()
            }
            _ => {
                let Some(pointee) = children.pointee.filter(|_| range.start == 0) else { return Rows::default() };
                let expression = parent.pointee();
                let name = "*".to_owned();
                vec![(0, Row { name, object: pointee, expression, kind: "data" })]
            }
        };
        Rows { rows, first }
    }

    fn entry(&self, key: &Object, value: Object) -> Row {
        Row { name: format!("[{}]", self.text(key)), object: value, expression: None, kind: "data" }
    }
}

fn row(parent: &Parent<'_>, child: Child, style: FieldStyle, index: u64) -> Row {
    let expression = parent.child(&child.label, style);
    let (name, kind) = match &child.label {
        Label::Name(name) | Label::Static(name) => (name.to_string(), "property"),
        Label::Base(name) => (name.to_string(), "baseClass"),
        Label::Index(index) => (format!("[{index}]"), "data"),
        // Rows of one parent need names of their own.
        Label::Anonymous if index == 0 => ("<unnamed>".to_owned(), "property"),
        Label::Anonymous => (format!("<unnamed {index}>"), "property"),
    };
    Row { name, object: child.object, expression, kind }
}

/// A page, with the limit that holds for everybody.
struct Range {
    start: u64,
    count: u64,
}

impl Range {
    fn of(page: Page) -> Self {
        Range { start: page.start, count: page.count.unwrap_or(MAX_DAP_CHILDREN).min(MAX_DAP_CHILDREN) }
    }

    fn numbers(&self, all: u64) -> std::ops::Range<u64> {
        self.start.min(all)..self.start.saturating_add(self.count).min(all)
    }

    fn cut<T>(&self, rows: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        let skipped = usize::try_from(self.start).unwrap_or(usize::MAX);
        rows.skip(skipped).take(usize::try_from(self.count).unwrap_or(usize::MAX))
    }
}

/// Text up to a limit; whoever writes more is stopped.
pub struct Clipped {
    text: String,
    most: usize,
    steps: u64,
    full: bool,
}

impl Clipped {
    /// At most `most` bytes, for which at most `steps` elements are looked at.
    pub fn new(most: usize, steps: u64) -> Self {
        Clipped { text: String::new(), most, steps, full: false }
    }

    /// The text, with `...` where something was cut off.
    pub fn finish(mut self) -> String {
        if self.full {
            self.text.push_str("...");
        }
        self.text
    }
}

impl Sink for Clipped {
    fn put(&mut self, _: Role, text: &str) -> Result<(), Stopped> {
        let room = self.most.saturating_sub(self.text.len());
        if text.len() <= room {
            self.text.push_str(text);
            return Ok(());
        }
        let end = (0..=room).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        self.text.push_str(text.get(..end).unwrap_or_default());
        self.full = true;
        Err(Stopped)
    }

    fn step(&mut self) -> Result<(), Stopped> {
        if let Some(left) = self.steps.checked_sub(1) {
            self.steps = left;
            return Ok(());
        }
        self.full = true;
        Err(Stopped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts the elements that are looked at.
    struct Looked<'l>(std::ops::Range<u64>, &'l std::cell::Cell<u64>);

    impl Iterator for Looked<'_> {
        type Item = u64;

        fn next(&mut self) -> Option<u64> {
            self.nth(0)
        }

        fn nth(&mut self, n: usize) -> Option<u64> {
            self.1.set(self.1.get() + 1);
            self.0.nth(n)
        }
    }

    #[test]
    fn a_page_of_what_has_places_by_index_looks_at_its_own_elements_only() {
        let looked = std::cell::Cell::new(0);
        let range = Range::of(Page { start: 90_000, count: Some(10) });
        let all: Box<dyn Iterator<Item = u64> + '_> = Box::new(Looked(0..100_000, &looked));
        assert_eq!(range.cut(all).collect::<Vec<_>>(), (90_000..90_010).collect::<Vec<_>>());
        assert!(looked.get() <= 11, "{} elements", looked.get());
    }

    #[test]
    fn clipped_text_ends_between_characters_and_says_so() {
        let mut clipped = Clipped::new(4, 9);
        assert_eq!(clipped.put(Role::Plain, "aé"), Ok(()));
        assert_eq!(clipped.put(Role::Plain, "éé"), Err(Stopped));
        assert_eq!(clipped.finish(), "aé...");
        let mut whole = Clipped::new(4, 9);
        assert_eq!(whole.put(Role::Plain, "aéb"), Ok(()));
        assert_eq!(whole.finish(), "aéb");
    }
}
