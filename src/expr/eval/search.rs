//! The search for a name: in the frame's unit, in those of the other frames, in the whole program.

use std::rc::Rc;

use crate::dwarf::names::Kind;
use crate::dwarf::types::{RecordKind, StaticMember, TypeKind};
use crate::dwarf::{DebugInfo, DieRef, Language, TypeId, UnitId};
use crate::error::{Error, Result};
use crate::expr::ast::{Path, Tag};
use crate::target::ModuleId;
use crate::value::language::{base_name, short_name};
use crate::value::object::{InstanceId, Object};

use super::names::{Found, Meaning, ProgramNames};
use super::paths::{Nearness, is_name_end, is_same_name, last_part, nearness, spelled, strip_end};

/// Most DIEs of one name that are told apart: C headers give the same type to every unit.
const MAX_CANDIDATES: usize = 64;

/// Most candidates that an error lists.
const MAX_NAMED: usize = 10;

/// What the storage of Rust's `thread_local!` is called, by version.
const THREAD_LOCALS: [&str; 2] = ["__RUST_STD_INTERNAL_VAL", "VAL"];

/// Where names are searched, one after the other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tier {
    Unit,
    Stack,
    Program,
}

/// A name that was found, and what is in front of it.
struct Candidate {
    die: DieRef,
    qualified: Rc<str>,
}

impl<'f> ProgramNames<'_, 'f> {
    /// The first of `kinds` that has the name, in the nearest tier.
    pub(super) fn search(&self, path: &Path, kinds: &[Kind]) -> Found {
        let name = spelled(path);
        for tier in [Tier::Unit, Tier::Stack, Tier::Program] {
            for kind in kinds {
                for (module, mut dies) in self.in_tier(tier, *kind, &name) {
                    if *kind == Kind::Function && self.language() == Language::Cpp {
                        dies.retain(|die| !is_constructor(&self.qualified_name(*kind, *die, &name), &name));
                    }
                    if let Some(found) = self.choose(&name, *kind, dies, path.global)? {
                        return Ok(self.meaning(module, *kind, found, &name));
                    }
                }
            }
        }
        match kinds.contains(&Kind::Variable) && self.language() == Language::Rust {
            true => self.thread_local(&name),
            false => Ok(None),
        }
    }

    /// Rust's `thread_local!` makes a constant of that name, and puts the storage into functions inside it.
    fn thread_local(&self, name: &str) -> Found {
        for inner in THREAD_LOCALS {
            for (module, mut dies) in self.in_tier(Tier::Program, Kind::Variable, inner) {
                dies.retain(|die| {
                    let qualified = self.qualified_name(Kind::Variable, *die, inner);
                    qualified.split_once("::{").is_some_and(|(around, _)| is_name_end(around, name))
                });
                if let Some(found) = self.choose(name, Kind::Variable, dies, false)? {
                    return Ok(self.meaning(module, Kind::Variable, found, name));
                }
            }
        }
        Ok(None)
    }

    fn in_tier(&self, tier: Tier, kind: Kind, name: &str) -> Vec<(ModuleId, Vec<DieRef>)> {
        match tier {
            Tier::Unit => {
                let place = self.scope().and_then(|(_, frame)| Some((frame.module?, frame.call.as_ref()?.unit)));
                let found = place.and_then(|(module, unit)| {
                    let info = self.reader().program.debug_info(module)?;
                    Some((module, info.find_in_units(&[unit], kind, name)))
                });
                found.into_iter().collect()
            }
            Tier::Stack => {
                let Some((stack, _)) = self.scope() else { return Vec::new() };
                let units = self.reader().units_of_stack(stack);
                let of = |(module, info): (ModuleId, &Rc<DebugInfo<'f>>)| {
                    let own: Vec<UnitId> = units.iter().filter(|u| u.0 == module).map(|u| u.1).collect();
                    (module, info.find_in_units(&own, kind, name))
                };
                self.modules().map(of).collect()
            }
            Tier::Program => self.modules().map(|(module, info)| (module, info.find(kind, name))).collect(),
        }
    }

    /// All modules with debug information, the frame's own first.
    pub fn modules(&self) -> impl Iterator<Item = (ModuleId, &Rc<DebugInfo<'f>>)> {
        let own = self.scope().and_then(|(_, frame)| frame.module);
        let count = u32::try_from(self.reader().program.modules().len()).unwrap_or(0);
        let others = (0..count).map(ModuleId).filter(move |id| Some(*id) != own);
        own.into_iter().chain(others).filter_map(|id| Some((id, self.reader().program.debug_info(id)?)))
    }

    /// The nearest of `dies`.
    pub(super) fn choose(&self, name: &str, kind: Kind, dies: Vec<DieRef>, global: bool) -> Result<Option<DieRef>> {
        if let ([only], false) = (dies.as_slice(), global) {
            return Ok(Some(*only));
        }
        let mut candidates: Vec<Candidate> = Vec::new();
        for die in dies.into_iter().take(MAX_CANDIDATES) {
            let qualified = self.qualified_name(kind, die, name);
            if !candidates.iter().any(|c| c.qualified == qualified) {
                candidates.push(Candidate { die, qualified });
            }
        }
        if global {
            candidates.retain(|c| is_same_name(&c.qualified, name));
        }
        if kind == Kind::Type && self.language() == Language::Cpp {
            retain_defaults(&mut candidates, name);
        }
        let function = self.scope().and_then(|(_, frame)| frame.name.clone()).unwrap_or_default();
        let nearness = |c: &Candidate| nearness(&c.qualified, name, &function);
        let Some(best) = candidates.iter().map(nearness).max() else { return Ok(None) };
        let nearest: Vec<&Candidate> = candidates.iter().filter(|c| nearness(c) == best).collect();
        match nearest.as_slice() {
            [only] => Ok(Some(only.die)),
            // Variables of other functions and files: the first, as any would do.
            [first, ..] if best == Nearness::Elsewhere && self.language() == Language::C => Ok(Some(first.die)),
            several => {
                let mut names: Vec<&str> = several.iter().map(|c| &*c.qualified).collect();
                names.sort_unstable();
                let further = names.len().saturating_sub(MAX_NAMED);
                names.truncate(MAX_NAMED);
                let further = if further > 0 { format!(", or {further} others") } else { String::new() };
                Err(Error::Usage(format!("\"{name}\" is ambiguous: it may be {}{further}", names.join(", "))))
            }
        }
    }

    fn qualified_name(&self, kind: Kind, die: DieRef, name: &str) -> Rc<str> {
        let types = self.reader().types();
        let found = match kind {
            Kind::Function | Kind::Variable => types.info(die.info).and_then(|info| info.full_name(die)),
            Kind::Type => types.qualified_name(types.of_die(die)),
            Kind::Enumerator => {
                let around = types.qualified_name(types.of_die(die)).unwrap_or_default();
                Some(format!("{around}::{}", last_part(name)).into())
            }
        };
        found.unwrap_or_else(|| name.into())
    }

    pub(super) fn meaning(&self, module: ModuleId, kind: Kind, die: DieRef, name: &str) -> Option<Meaning> {
        let instance = match self.scope() {
            Some((_, frame)) if frame.module == Some(module) => frame.instance,
            _ => self.reader().program.instance_of(module),
        };
        let types = self.reader().types();
        Some(match kind {
            Kind::Variable => Meaning::Variable(self.reader().static_variable(die, instance)?.object),
            Kind::Function => Meaning::Function(self.reader().function_object(module, die, instance)),
            Kind::Type => Meaning::Type(types.of_die(die)),
            Kind::Enumerator => {
                let id = types.of_die(die);
                let found = types.get(id);
                let TypeKind::Enumeration(enumeration) = &found.kind else { return None };
                let wanted = last_part(name);
                let (_, value) = enumeration.enumerators.iter().find(|(name, _)| &**name == wanted)?;
                let size = usize::try_from(types.size_of(id).unwrap_or(4)).unwrap_or(4).min(16);
                let bytes = value.to_le_bytes();
                let instance = instance.unwrap_or(InstanceId(0));
                Meaning::Enumerator(Object::computed(id, bytes.get(..size).unwrap_or(&bytes), instance))
            }
        })
    }

    /// The C tag `name`.
    ///
    /// # Errors
    /// gdb's words where there is none.
    pub fn find_tag(&self, tag: Tag, path: &Path) -> Result<TypeId> {
        let types = self.reader().types();
        let name = spelled(path);
        let fits = |die: &DieRef| match &types.get(types.of_die(*die)).kind {
            TypeKind::Record(record) => match tag {
                Tag::Union => record.kind == RecordKind::Union,
                Tag::Struct | Tag::Class => record.kind != RecordKind::Union,
                Tag::Enum => false,
            },
            TypeKind::Enumeration(_) => tag == Tag::Enum,
            _ => false,
        };
        for tier in [Tier::Unit, Tier::Stack, Tier::Program] {
            for (_, mut dies) in self.in_tier(tier, Kind::Type, &name) {
                dies.retain(fits);
                if let Some(die) = self.choose(&name, Kind::Type, dies, path.global)? {
                    return Ok(types.of_die(die));
                }
            }
        }
        Err(Error::NotFound(format!("No {tag} type named {name}.")))
    }

    /// Zig's types carry their whole path in their names, with dots: found by the last parts.
    pub(super) fn find_zig_type(&self, name: &str) -> Option<TypeId> {
        if self.language() != Language::Zig {
            return None;
        }
        let types = self.reader().types();
        self.modules().find_map(|(_, info)| {
            let is_path = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
            let fits = |found: &str| is_name_end(found, name) && found.strip_suffix(name).is_some_and(is_path);
            let found = info.all(Kind::Type).find(|found| fits(&found.name));
            found.map(|found| types.of_die(found.die))
        })
    }

    /// A static data member, by its definition where there is one.
    pub fn static_member(&self, member: &StaticMember, qualified: &str) -> Object {
        let definition = [Tier::Unit, Tier::Stack, Tier::Program].into_iter().find_map(|tier| {
            let found = self.in_tier(tier, Kind::Variable, qualified);
            found.into_iter().find_map(|(module, dies)| Some((module, *dies.first()?)))
        });
        let found = definition.and_then(|(module, die)| self.meaning(module, Kind::Variable, die, qualified));
        match found {
            Some(Meaning::Variable(object)) => object,
            // Without a definition, the declaration may have a constant.
            _ => {
                let declared = self.reader().static_variable(member.die, self.scope().and_then(|(_, f)| f.instance));
                let absent = || Object::absent(member.type_id, "optimized out", self.instance());
                declared.map_or_else(absent, |variable| variable.object)
            }
        }
    }

    /// The type whose name in debug information is `name`, spaces aside.
    pub fn find_type_text(&self, name: &str) -> Option<TypeId> {
        let types = self.reader().types();
        [Tier::Unit, Tier::Stack, Tier::Program].into_iter().find_map(|tier| {
            let found = self.in_tier(tier, Kind::Type, name);
            found.into_iter().find_map(|(_, dies)| dies.first().copied()).map(|die| types.of_die(die))
        })
    }
}

/// Whether `qualified`, which `name` was found as, is a constructor: C++ means the class by its name.
fn is_constructor(qualified: &str, name: &str) -> bool {
    let Some((class, function)) = qualified.rsplit_once("::") else { return false };
    let function = function.split('<').next().unwrap_or(function);
    let around = last_part(base_name(class));
    // `Shape::Shape` was meant as one.
    function == around && !is_name_end(name, &format!("{around}::{function}"))
}

/// Of several classes of one template, the one whose other arguments are the template's own.
fn retain_defaults(candidates: &mut Vec<Candidate>, name: &str) {
    let is_meant = |c: &Candidate| {
        let short = short_name(Language::Cpp, &c.qualified);
        strip_end(&short, name).is_some_and(|before| before.is_empty() || before.ends_with("::"))
    };
    if candidates.len() > 1 && name.contains('<') && candidates.iter().any(is_meant) {
        candidates.retain(is_meant);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_class_is_not_that_of_its_constructor() {
        assert!(is_constructor("geo::Circle::Circle", "Circle"));
        assert!(is_constructor("geo::Circle::Circle", "geo::Circle"));
        assert!(is_constructor("Holder<int>::Holder", "Holder"));
        assert!(is_constructor("Holder<geo::Circle>::Holder<long>", "Holder<long>"));
        assert!(!is_constructor("geo::Circle::Circle", "Circle::Circle"));
        assert!(!is_constructor("geo::Circle::area", "area"));
        assert!(!is_constructor("Circle", "Circle"));
    }
}
