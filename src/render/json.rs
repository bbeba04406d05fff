//! Values and frames to the JSON of the crash report (schema 1).

use std::cell::Cell;

use serde::Serialize;

use crate::dwarf::types::TypeKind;
use crate::error::Error;
use crate::limits::{MAX_REPORT_NODES, MAX_REPORT_STEPS, MAX_REPORT_VALUE_BYTES};
use crate::text::{Role, Sink, Stopped, Text};
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

/// What one variable may still cost: arrays of arrays of arrays have no end.
pub struct Budget {
    /// Children that are listed, at all levels.
    nodes: Cell<u64>,
    /// Bytes of the values of those that have children; the children say it again.
    bytes: Cell<usize>,
    /// Elements that are looked at for them.
    steps: Cell<u64>,
}

impl Budget {
    /// For one variable; it may list at most `nodes` children.
    pub fn new(nodes: u64) -> Self {
        let nodes = nodes.min(MAX_REPORT_NODES);
        let (bytes, steps) = (Cell::new(MAX_REPORT_VALUE_BYTES), Cell::new(MAX_REPORT_STEPS));
        Budget { nodes: Cell::new(nodes), bytes, steps }
    }

    /// How many children can still be listed.
    pub fn nodes(&self) -> u64 {
        self.nodes.get()
    }

    /// So many of `wanted` children are listed: those of one parent before those of its children.
    fn take(&self, wanted: u64) -> u64 {
        let taken = wanted.min(self.nodes.get());
        self.nodes.set(self.nodes.get() - taken);
        taken
    }
}

/// The text of one value, as far as the budget goes.
struct Clipped<'b> {
    text: String,
    budget: &'b Budget,
    is_full: bool,
}

impl Clipped<'_> {
    fn finish(mut self) -> String {
        if self.is_full {
            self.text.push_str("...");
        }
        self.text
    }
}

impl Sink for Clipped<'_> {
    fn put(&mut self, _: Role, text: &str) -> Result<(), Stopped> {
        let Some(left) = self.budget.bytes.get().checked_sub(text.len()) else {
            self.is_full = true;
            return Err(Stopped);
        };
        self.budget.bytes.set(left);
        self.text.push_str(text);
        Ok(())
    }

    fn step(&mut self) -> Result<(), Stopped> {
        let Some(left) = self.budget.steps.get().checked_sub(1) else {
            self.is_full = true;
            return Err(Stopped);
        };
        self.budget.steps.set(left);
        Ok(())
    }
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
        self.variable_within(variable, &Budget::new(u64::MAX))
    }

    /// The same under a budget.
    pub fn variable_within(&self, variable: &Variable, budget: &Budget) -> VariableJson {
        self.node(variable.name.as_deref().map(str::to_owned), &variable.object, (self.max_depth, budget))
    }

    /// An object with its children, `depth` levels of them.
    fn node(&self, name: Option<String>, object: &Object, (depth, budget): (u32, &Budget)) -> VariableJson {
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
                    error if *error == Error::optimized_out() => "optimized out".into(),
                    Error::Absent(reason) => reason.clone(),
                    error => error.to_string(),
                });
            }
            _ if node.state == State::Recovered => node.reason = object.provenance.how().map(str::to_owned),
            _ => {}
        }
        if matches!(shape, View::OptimizedOut) || matches!(shape, View::Unavailable(_)) && !self.raw {
            return node;
        }
        let is_missing = matches!(shape, View::Unavailable(_));
        if !is_missing {
            node.value = Some(self.text(object, budget));
        }
        let (children, count) = self.children(object, shape, (depth, budget));
        node.child_count = count;
        node.children = children;
        if let Some(worst) = node.children.iter().map(|child| child.state).min() {
            node.state = node.state.min(worst);
            if node.reason.is_none() {
                node.reason = node.children.iter().find(|c| c.state == worst).and_then(|c| c.reason.clone());
            }
        }
        if is_missing && !node.children.is_empty() {
            node.value = Some(self.text(object, budget));
        }
        node
    }

    /// The value on one line.
    fn text(&self, object: &Object, budget: &Budget) -> String {
        let shape = self.shape(object);
        let is_leaf = matches!(shape, View::Scalar(_) | View::Pointer(_) | View::Text(_) | View::MemberPointer { .. });
        // What is in no other value is not charged, and is never long.
        let own = Budget::new(0);
        let mut line = Clipped { text: String::new(), budget: if is_leaf { &own } else { budget }, is_full: false };
        // What is cut off is said in the text.
        let _ = self.writer.view(object, shape, 0, &mut line);
        line.finish()
    }

    /// The shape in its language's form; a built-in form that fails hides no members where those are asked for.
    fn shape(&self, object: &Object) -> View<'_> {
        let reader = self.writer.reader;
        match present(reader, object, Form::Language) {
            // Of a text that is lost in part, the rest is in its elements.
            View::OptimizedOut if self.raw && object.absence().is_none() => present(reader, object, Form::Raw),
            View::Unavailable(_) if self.raw => present(reader, object, Form::Raw),
            View::MemberPointer { value, .. } if self.raw => View::Scalar(value),
            shape => shape,
        }
    }

    fn children(&self, object: &Object, shape: View<'_>, (depth, budget): (u32, &Budget)) -> (Vec<VariableJson>, u64) {
        let shape = if self.raw { self.raw_shape(object).unwrap_or(shape) } else { self.opened(shape) };
        let limit = self.writer.options.elements.unwrap_or(u64::MAX);
        let limit = if depth == 0 { 0 } else { limit };
        let below = (depth.saturating_sub(1), budget);
        let child = |child: Child| self.node(label(child.label), &child.object, below);
        match shape.with_parts() {
            View::Fields { mut children, .. } | View::Variant { mut children, .. } => {
                // Static members are no part of the object, and are listed as globals.
                children.retain(|child| !matches!(child.label, Label::Static(_)));
                let count = children.len() as u64;
                let shown = budget.take(count.min(limit));
                children.truncate(usize::try_from(shown).unwrap_or(usize::MAX));
                (children.into_iter().map(child).collect(), count)
            }
            View::Array(elements) => {
                let indices = 0..budget.take(elements.count.min(limit));
                let make = |index| child(Child { label: Label::Index(index), object: elements.get(index) });
                (indices.map(make).collect(), elements.count)
            }
            View::Items { count, children, .. } => {
                let children = reserved(children, limit, budget);
                let made: Vec<VariableJson> = children.into_iter().map(child).collect();
                let count = count.unwrap_or(made.len() as u64);
                (made, count)
            }
            View::Entries { count, pairs } => {
                let make = |(key, value): (Object, Object)| {
                    let mut text = Text::new();
                    let _ = self.writer.line(&key, &mut text);
                    self.node(Some(format!("[{}]", text.to_plain())), &value, below)
                };
                let made: Vec<VariableJson> = reserved(pairs, limit, budget).into_iter().map(make).collect();
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

/// The children that are listed of those that are found one after the other.
fn reserved<T>(children: impl Iterator<Item = T>, limit: u64, budget: &Budget) -> Vec<T> {
    let shown = usize::try_from(limit.min(budget.nodes())).unwrap_or(usize::MAX);
    let children: Vec<T> = children.take(shown).collect();
    budget.take(children.len() as u64);
    children
}

fn label(label: Label) -> Option<String> {
    match label {
        Label::Name(name) | Label::Base(name) | Label::Static(name) => Some(name.to_string()),
        Label::Index(index) => Some(format!("[{index}]")),
        Label::Anonymous => None,
    }
}
