//! Names in expressions: what they mean, as values.

use crate::dwarf::Language;
use crate::error::{Error, Result};
use crate::expr::ast::{Expr, ExprKind, Path};

use super::evaluator::{Evaluator, Value};
use super::names::Meaning;

impl Evaluator<'_, '_, '_> {
    pub(super) fn name(&mut self, path: &Path) -> Result<Value> {
        match self.names.find(path)? {
            Some(Meaning::ThisMember(this)) => {
                let this = Path::of(&this, path.span);
                let Some(Meaning::Variable(object)) = self.names.find(&this)? else {
                    return Err(Error::no_symbol(path));
                };
                self.member(object.into(), path.single().unwrap_or_default())
            }
            Some(Meaning::Variable(object) | Meaning::Enumerator(object) | Meaning::Function(object)) => {
                Ok(object.into())
            }
            Some(Meaning::Type(_)) => Err(type_as_expression()),
            None => match (self.pointer_to_member(path)?, path.segments.last()) {
                (Some(_), Some(member)) => {
                    Err(Error::Usage(format!("Cannot reference non-static field \"{}\"", member.name)))
                }
                _ => Err(self.unknown(path)),
            },
        }
    }

    /// gdb names the first part that it does not know; C has no namespaces, so that is the first of all.
    fn unknown(&self, path: &Path) -> Error {
        if self.reader().program.is_nothing() {
            return Error::no_symbol_table();
        }
        match path.segments.first().filter(|_| self.language() == crate::dwarf::Language::C) {
            Some(first) => {
                let alone = Path { global: path.global, segments: vec![first.clone()], span: path.span };
                match self.names.find(&alone) {
                    Ok(None) => Error::no_symbol(&first.name),
                    _ => Error::no_symbol(path),
                }
            }
            None => Error::no_symbol(path),
        }
    }

    /// What Zig's `a.b.c` means as the name of something; none if its first name is a variable's.
    pub(super) fn dotted(&self, expr: &Expr) -> Result<Option<Path>> {
        if self.language() != Language::Zig {
            return Ok(None);
        }
        let mut names = Vec::new();
        let mut at = expr;
        let first = loop {
            match &at.kind {
                ExprKind::Member { base, name, .. } => {
                    names.push(name.clone());
                    at = base;
                }
                ExprKind::Name(path) => break path,
                _ => return Ok(None),
            }
        };
        if self.names.find(first)?.is_some_and(|meaning| !matches!(meaning, Meaning::Type(_))) {
            return Ok(None);
        }
        names.push(first.to_string());
        names.reverse();
        let path = Path::of(&names.join("."), expr.span);
        Ok(self.names.find(&path)?.map(|_| path))
    }
}

/// gdb's words.
pub(super) fn type_as_expression() -> Error {
    Error::Usage("Attempt to use a type name as an expression".into())
}
