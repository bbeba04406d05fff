//! Methods of containers that a dump can answer without running them, as gdb's own methods for a library do: how many
//! elements there are, which is the first, what a smart pointer holds. Only of values that have a built-in form: what
//! a program's own `size()` does, nobody knows. All other calls need a process.

use crate::dwarf::Language;
use crate::dwarf::types::{Encoding, TypeKind};
use crate::error::{Error, Result};
use crate::limits::MAX_WRAPPERS;
use crate::value::access::{element, length, owned_pointer, target};
use crate::value::object::Object;
use crate::value::pretty;

use super::evaluator::{Evaluator, Value};
use super::functions::cannot_call;
use super::number::IntType;

impl Evaluator<'_, '_, '_> {
    /// `base.name(arguments)`; what Rust's owning pointers own is asked where they have no such method.
    pub(super) fn method_call(&mut self, base: Value, name: &str, arguments: &[Object]) -> Result<Object> {
        let mut base = self.receiver(base)?;
        for _ in 0..MAX_WRAPPERS {
            let answer = self.answer(base.clone(), name, arguments);
            let (_, found) = self.stripped(&base);
            let is_owner = found.language == Language::Rust && !self.types_only;
            match target(self.reader(), &base).filter(|_| is_owner && answer == Err(cannot_call())) {
                Some(owned) => base = self.receiver(owned.into())?,
                None => return answer,
            }
        }
        Err(cannot_call())
    }

    fn answer(&mut self, base: Object, name: &str, arguments: &[Object]) -> Result<Object> {
        let (_, found) = self.stripped(&base);
        let has_form = match &found.kind {
            TypeKind::Array(_) => found.language == Language::Rust,
            _ => !self.types_only && matches!(pretty::formed(self.reader(), &base), Some(Ok(_))),
        };
        let is_cpp = found.language == Language::Cpp;
        let is_rust = found.language == Language::Rust && !self.types_only;
        if !has_form {
            let answer = if is_rust { self.choice_answer(&base, name, arguments)? } else { None };
            return answer.ok_or_else(cannot_call);
        }
        match (name, arguments) {
            ("size" | "length", []) if is_cpp => self.count(&base),
            ("len", []) if !is_cpp => self.count(&base),
            ("empty", []) if is_cpp => self.is_empty(&base),
            ("is_empty", []) if !is_cpp => self.is_empty(&base),
            ("front", []) | ("first", []) => self.nth(&base, 0),
            ("back", []) | ("last", []) => {
                let count = length(self.reader(), &base)?.ok_or_else(cannot_call)?;
                self.nth(&base, i128::from(count) - 1)
            }
            ("at", [index]) if is_cpp => self.element(base.into(), index.clone().into()).map(|value| value.object),
            ("get", []) if is_cpp && owned_pointer(self.reader(), &base).is_some() => {
                owned_pointer(self.reader(), &base).ok_or_else(cannot_call)
            }
            _ => {
                let answer = match is_cpp {
                    true => self.cpp_answer(&base, name, arguments)?,
                    false if is_rust => self.rust_answer(&base, name, arguments)?,
                    false => None,
                };
                answer.ok_or_else(cannot_call)
            }
        }
    }

    /// What a method is called on: pointers and references are followed, and smart pointers that lack the method.
    fn receiver(&mut self, base: Value) -> Result<Object> {
        let object = self.dereferenced(self.loaded(base)?)?;
        match self.stripped(&object).1.kind {
            TypeKind::Pointer { .. } => {
                let pointee = self.pointee(object.into())?;
                let pointee = self.loaded(pointee)?;
                self.dereferenced(pointee)
            }
            _ => Ok(object),
        }
    }

    fn count(&self, base: &Object) -> Result<Object> {
        let count = length(self.reader(), base)?.ok_or_else(cannot_call)?;
        Ok(self.derived_from(&[base], self.size(count)))
    }

    /// A number of the type that sizes have.
    fn size(&self, count: u64) -> Object {
        match self.language() {
            Language::Rust | Language::Zig => {
                let bytes = self.names.address_bytes();
                let usize_type = self.types().base("usize", Encoding::Unsigned, u64::from(bytes), self.language());
                let count = count.to_le_bytes();
                self.computed(usize_type, count.get(..usize::from(bytes)).unwrap_or_default())
            }
            _ => self.of_number(IntType::number(self.long(false), u128::from(count))),
        }
    }

    fn is_empty(&self, base: &Object) -> Result<Object> {
        let count = length(self.reader(), base)?.ok_or_else(cannot_call)?;
        Ok(self.derived_from(&[base], self.of_bool(count == 0)))
    }

    fn nth(&self, base: &Object, index: i128) -> Result<Object> {
        if index < 0 || length(self.reader(), base)? == Some(0) {
            return Err(Error::Usage("the container is empty".into()));
        }
        element(self.reader(), base, index)?.ok_or_else(cannot_call)
    }
}
