//! Names in expressions: what they mean, as values.

use crate::dwarf::Language;
use crate::dwarf::types::{MemberPlace, TypeId, TypeKind};
use crate::error::{Error, Result};
use crate::expr::ast::{Expr, ExprKind, Path};
use crate::limits::{MAX_LAYOUT_DEPTH, MAX_LAYOUT_MEMBERS};
use crate::value::object::Object;

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

    /// C++'s `&Point::y`: a pointer to the data member that `path` names by its class; none if it names anything else.
    pub(super) fn pointer_to_member(&mut self, path: &Path) -> Result<Option<Object>> {
        let Some((member, class)) = path.segments.split_last().filter(|(_, class)| !class.is_empty()) else {
            return Ok(None);
        };
        if self.language() != Language::Cpp || self.names.find(path)?.is_some() {
            return Ok(None);
        }
        let class = Path { segments: class.to_vec(), ..path.clone() };
        let Some(class) = self.names.find_type(&class)? else { return Ok(None) };
        let mut budget = MAX_LAYOUT_MEMBERS;
        let place = self.fixed_place(class, &member.name, MAX_LAYOUT_DEPTH, &mut budget);
        Ok(place.map(|(type_id, offset)| {
            let bytes = self.names.address_bytes();
            let pointer_type = self.types().member_pointer_to(type_id, class, bytes);
            let offset = offset.to_le_bytes();
            self.computed(pointer_type, offset.get(..usize::from(bytes)).unwrap_or_default())
        }))
    }

    /// C++'s `&Point::sum`, of a method that has the place `index` in the table; none for other functions.
    pub(super) fn pointer_to_method(&self, function: &Object, index: u64) -> Result<Option<Object>> {
        let Some(class) = self.class_of_method(function) else { return Ok(None) };
        let word = self.names.address_bytes();
        let (index, adjustment) = match self.virtual_place(function) {
            Some(place) => (place.saturating_mul(u64::from(word)), 1u64),
            None => (index, 0),
        };
        let half = |number: u64| number.to_le_bytes().into_iter().take(usize::from(word)).collect::<Vec<u8>>();
        let pointer_type = self.types().member_pointer_to(function.type_id, class, 2 * word);
        let pointer = self.computed(pointer_type, &[half(index), half(adjustment)].concat());
        Ok(Some(self.derived_from(&[function], pointer)))
    }

    /// The class whose objects a C++ function is called on.
    fn class_of_method(&self, function: &Object) -> Option<TypeId> {
        let (_, found) = self.stripped(function);
        let TypeKind::Function(method) = &found.kind else { return None };
        let this = method.this.filter(|_| found.language == Language::Cpp)?;
        match self.types().strip(this).1.kind {
            TypeKind::Pointer { target, .. } => Some(self.types().strip(target).0),
            _ => None,
        }
    }

    /// The place in the vtable of a virtual method.
    pub(super) fn virtual_place(&self, function: &Object) -> Option<u64> {
        let listing = self.types().class_listing(self.class_of_method(function)?).ok()?;
        let name = self.reader().function_object_name(function)?;
        let name = super::paths::last_part(&name).to_owned();
        listing.methods.iter().find(|method| *method.name == *name)?.vtable_index
    }

    /// The type and offset of a member, which may be one of a base or of an anonymous member.
    fn fixed_place(&self, class: TypeId, name: &str, depth: usize, budget: &mut usize) -> Option<(TypeId, u64)> {
        let depth = depth.checked_sub(1)?;
        let (_, found) = self.types().strip(class);
        let TypeKind::Record(record) = &found.kind else { return None };
        *budget = budget.checked_sub(record.members.len() + 1)?;
        record.members.iter().find_map(|member| {
            let MemberPlace::Offset(offset) = member.place else { return None };
            match &member.name {
                Some(own) if !member.is_base => (&**own == name).then_some((member.type_id, offset)),
                _ => {
                    let (type_id, inner) = self.fixed_place(member.type_id, name, depth, budget)?;
                    Some((type_id, offset.checked_add(inner)?))
                }
            }
        })
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
