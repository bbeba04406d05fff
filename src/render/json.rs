//! Values and frames to the JSON of the crash report (schema 1).

use serde::Serialize;

use crate::dwarf::types::TypeKind;
use crate::text::Text;
use crate::value::object::{Object, Variable};
use crate::value::present::{Form, elements, present, unwrapped};
use crate::value::view::{Child, Label, View};

use super::value::ValueWriter;

/// How much of a value is known, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum State {
    #[serde(rename = "unavailable")]
    Unavailable,
    #[serde(rename = "optimized out")]
    OptimizedOut,
    #[serde(rename = "recovered")]
    Recovered,
    #[serde(rename = "exact")]
    Exact,
}

/// One variable, member or element.
#[derive(Debug, Serialize)]
pub struct VariableJson {
    pub name: Option<String>,
    #[serde(rename = "type")]
    pub type_name: String,
    /// On one line, without a cast in front; none if there is no value.
    pub value: Option<String>,
    /// In linear memory, hexadecimal.
    pub address: Option<String>,
    pub state: State,
    /// Why the value is missing, or how it was recovered.
    pub reason: Option<String>,
    pub children: Vec<VariableJson>,
    /// Of all children, also those that the limits left out.
    pub child_count: u64,
}

/// Builds the JSON of values under one set of limits.
pub struct JsonWriter<'w, 'a, 'f, 'o> {
    pub writer: &'w ValueWriter<'a, 'f, 'o>,
    /// Members as DWARF has them.
    pub raw: bool,
    /// Levels of children below a variable.
    pub max_depth: u32,
}

impl JsonWriter<'_, '_, '_, '_> {
    /// A variable with its children.
    pub fn variable(&self, variable: &Variable) -> VariableJson {
        self.node(variable.name.as_deref().map(str::to_owned), &variable.object, self.max_depth)
    }

    /// An object with its children, `depth` levels of them.
    pub fn node(&self, name: Option<String>, object: &Object, depth: u32) -> VariableJson {
        let shape = self.shape(object);
        let mut node = VariableJson {
            name,
            type_name: self.writer.type_name(object),
            value: None,
            address: object.address().map(|address| format!("{address:#x}")),
            state: if object.provenance.is_exact() { State::Exact } else { State::Recovered },
            reason: None,
            children: Vec::new(),
            child_count: 0,
        };
        match &shape {
            View::OptimizedOut => node.state = State::OptimizedOut,
            View::Unavailable(error) => {
                node.state = State::Unavailable;
                node.reason = Some(match error {
                    crate::error::Error::Absent(reason) => reason.clone(),
                    error => error.to_string(),
                });
            }
            _ if node.state == State::Recovered => node.reason = object.provenance.how().map(str::to_owned),
            _ => {}
        }
        if matches!(shape, View::OptimizedOut) || matches!(shape, View::Unavailable(_)) && !self.raw {
            return node;
        }
        let (children, count) = self.children(object, shape, depth);
        node.child_count = count;
        node.children = children;
        if let Some(worst) = node.children.iter().map(|child| child.state).min() {
            node.state = node.state.min(worst);
            if node.reason.is_none() {
                node.reason = node.children.iter().find(|c| c.state == worst).and_then(|c| c.reason.clone());
            }
        }
        if node.state > State::Unavailable || !node.children.is_empty() {
            let mut text = Text::new();
            // A text never stops.
            let _ = self.writer.view(object, self.shape(object), 0, &mut text);
            node.value = Some(text.to_plain());
        }
        node
    }

    /// The shape in its language's form; a built-in form that fails hides no members where those are asked for.
    fn shape(&self, object: &Object) -> View<'_> {
        let reader = self.writer.reader;
        match present(reader, object, Form::Language) {
            View::Unavailable(_) if self.raw => present(reader, object, Form::Raw),
            View::MemberPointer { value, .. } if self.raw => View::Scalar(value),
            shape => shape,
        }
    }

    fn children(&self, object: &Object, shape: View<'_>, depth: u32) -> (Vec<VariableJson>, u64) {
        let shape = if self.raw { self.raw_shape(object).unwrap_or(shape) } else { self.opened(shape) };
        let limit = self.writer.options.elements.unwrap_or(u64::MAX);
        let shown = if depth == 0 { 0 } else { usize::try_from(limit).unwrap_or(usize::MAX) };
        let child = |child: Child| self.node(label(child.label), &child.object, depth.saturating_sub(1));
        match shape.with_parts() {
            View::Fields { mut children, .. } | View::Variant { mut children, .. } => {
                // Static members are no part of the object, and are listed as globals.
                children.retain(|child| !matches!(child.label, Label::Static(_)));
                let count = children.len() as u64;
                (children.into_iter().take(shown).map(child).collect(), count)
            }
            View::Array(elements) => {
                let indices = (0..elements.count).take(shown);
                let make = |index| child(Child { label: Label::Index(index), object: elements.get(index) });
                (indices.map(make).collect(), elements.count)
            }
            View::Items { count, children, .. } => {
                let made: Vec<VariableJson> = children.take(shown).map(child).collect();
                let count = count.unwrap_or(made.len() as u64);
                (made, count)
            }
            View::Entries { count, pairs } => {
                let make = |(key, value): (Object, Object)| {
                    let mut text = Text::new();
                    let _ = self.writer.line(&key, &mut text);
                    self.node(Some(format!("[{}]", text.to_plain())), &value, depth.saturating_sub(1))
                };
                let made: Vec<VariableJson> = pairs.take(shown).map(make).collect();
                let count = count.unwrap_or(made.len() as u64);
                (made, count)
            }
            _ => (Vec::new(), 0),
        }
    }

    /// What is inside wrappers: its children are the wrapper's.
    fn opened<'v>(&'v self, shape: View<'v>) -> View<'v> {
        match shape {
            View::Wrapped { inner, .. } => {
                let (_, _, shape) = unwrapped(self.writer.reader, &inner, Form::Language);
                self.opened_note(shape)
            }
            shape => self.opened_note(shape),
        }
    }

    fn opened_note<'v>(&'v self, shape: View<'v>) -> View<'v> {
        match shape {
            View::Noted { view, .. } => *view,
            shape => shape,
        }
    }

    /// Members as DWARF has them: arrays of characters keep their elements.
    fn raw_shape<'a>(&'a self, object: &Object) -> Option<View<'a>> {
        let reader = self.writer.reader;
        let (_, found) = reader.stripped(object);
        match &found.kind {
            TypeKind::Array(array) => elements(reader, object, array).ok().map(View::Array),
            TypeKind::Record(_) => Some(present(reader, object, Form::Raw)),
            _ => None,
        }
    }
}

fn label(label: Label) -> Option<String> {
    match label {
        Label::Name(name) | Label::Base(name) | Label::Static(name) => Some(name.to_string()),
        Label::Index(index) => Some(format!("[{index}]")),
        Label::Anonymous => None,
    }
}
