//! Keys of maps: which entry an index means.
//!
//! Texts are compared as texts, numbers as numbers, pairs and structures part by part; `m[{1, 2}]` and Rust's
//! `m[(1, 2)]` name the parts of a key that has no literal of its own.

use std::cmp::Ordering;

use crate::dwarf::Language;
use crate::dwarf::types::TypeKind;
use crate::error::Result;
use crate::expr::ast::{BinaryOp, Expr, ExprKind};
use crate::value::access::{entry, is_map, target};
use crate::value::language::base_name;
use crate::value::object::Object;
use crate::value::present::{Form, unwrapped};
use crate::value::view::{Child, Label, View};

use super::evaluator::{Evaluator, Value};
use super::number::compare;

/// Parts inside parts of a key that are compared.
const MAX_KEY_DEPTH: usize = 16;

impl Evaluator<'_, '_, '_> {
    /// The entry of the map `base` whose key has the parts that `index` lists; none if it lists none, or `base` is no
    /// map.
    pub(super) fn entry_by_parts(&mut self, base: &Value, index: &Expr) -> Result<Option<Object>> {
        let Some(parts) = listed(index).filter(|_| !self.types_only) else { return Ok(None) };
        let base = self.dereferenced(self.loaded(base.clone())?)?;
        if !is_map(self.reader(), &base) {
            return Ok(None);
        }
        let mut wanted = Vec::new();
        for part in parts {
            let object = self.evaluate(part)?;
            wanted.push(self.dereferenced(object)?);
        }
        let fits = |key: &Object| {
            let parts = self.parts(key)?;
            let same = parts.iter().zip(&wanted).map(|(a, b)| self.is_key(&a.object, b));
            if parts.len() == wanted.len() { all_same(same) } else { Some(false) }
        };
        entry(self.reader(), &base, fits)
    }

    /// Whether `wanted` names the entry of `key`; none if that cannot be told: one of them cannot be read, or values
    /// of their kinds are not compared.
    pub(super) fn is_key(&self, key: &Object, wanted: &Object) -> Option<bool> {
        self.is_same(key, wanted, MAX_KEY_DEPTH)
    }

    fn is_same(&self, a: &Object, b: &Object, depth: usize) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
        let (a, b) = (&self.owned(a), &self.owned(b));
        let texts = (self.text(a), self.text(b));
        if let (Some(a), Some(b)) = &texts {
            return Some(a == b);
        }
        let (a, b) = (self.held_number(a.clone()), self.held_number(b.clone()));
        match (self.number(&a), self.number(&b), texts) {
            (Ok(a), Ok(b), _) => {
                let (a, b) = a.promoted().balanced(b.promoted());
                return Some(compare(a, b) == Some(Ordering::Equal));
            }
            (Ok(_), _, (None, Some(_))) | (_, Ok(_), (Some(_), None)) => return Some(false),
            _ => {}
        }
        let (a, b) = (self.parts(&a)?, self.parts(&b)?);
        if a.len() != b.len() {
            return Some(false);
        }
        all_same(a.iter().zip(&b).map(|(a, b)| self.is_same(&a.object, &b.object, depth)))
    }

    /// What one of Rust's counted pointers owns; other values as they are.
    fn owned(&self, object: &Object) -> Object {
        let (_, found) = self.stripped(object);
        let is_counted = matches!(found.name.as_deref().map(base_name), Some("Rc" | "Arc"));
        let is_rust = found.language == Language::Rust && is_counted;
        is_rust.then(|| target(self.reader(), object)).flatten().unwrap_or_else(|| object.clone())
    }

    /// The parts of a pair, tuple, structure or array.
    fn parts(&self, object: &Object) -> Option<Vec<Child>> {
        match unwrapped(self.reader(), object, Form::Language).2 {
            View::Fields { mut children, .. } => {
                children.retain(|child| !matches!(child.label, Label::Static(_)) && !self.is_empty_base(child));
                Some(children)
            }
            View::Array(elements) if elements.count <= MAX_KEY_DEPTH as u64 => {
                let child = |index| Child { label: Label::Index(index), object: elements.get(index) };
                Some((0..elements.count).map(child).collect())
            }
            _ => None,
        }
    }

    fn is_empty_base(&self, child: &Child) -> bool {
        let members = match &self.stripped(&child.object).1.kind {
            TypeKind::Record(record) => record.members.len(),
            _ => 1,
        };
        matches!(child.label, Label::Base(_)) && members == 0
    }
}

/// All are the same; none if that cannot be told of one and none is another.
fn all_same(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for part in parts {
        match part {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

/// The expressions that `{a, b}` or `(a, b)` lists.
fn listed(index: &Expr) -> Option<Vec<&Expr>> {
    match &index.kind {
        ExprKind::Array(elements) => Some(elements.iter().collect()),
        ExprKind::Binary { op: BinaryOp::Comma, left, right } => {
            let mut all = listed(left).unwrap_or_else(|| vec![left]);
            all.push(right);
            Some(all)
        }
        _ => None,
    }
}
