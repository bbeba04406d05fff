//! Names to what they mean where an expression is read: variables, functions, enumerators, types.
//!
//! Searched from the selected frame's innermost block outwards, then in its unit, in the units of the other frames,
//! in the whole program; what encloses the frame's function is preferred to what does not. The last step reads the
//! names of all units and is taken only when the others find nothing.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::dwarf::names::Kind;
use crate::dwarf::types::{RecordKind, StaticMember, TypeKind};
use crate::dwarf::{DebugInfo, DieRef, Language, TypeId, UnitId};
use crate::error::{Error, Result};
use crate::expr::ast::{Path, Tag};
use crate::expr::parse::{NameKind, Syntax, TypeOracle};
use crate::target::{Frame, ModuleId, Stack};
use crate::value::object::{InstanceId, Object};
use crate::value::variables::FrameVariables;
use crate::value::{Reader, Variable};

use super::member_names::has_member;

/// Most DIEs of one name that are told apart: C headers give the same type to every unit.
const MAX_CANDIDATES: usize = 64;

/// What a name stands for.
#[derive(Debug, Clone)]
pub enum Meaning {
    Variable(Object),
    Function(Object),
    /// The value, of its enumeration's type.
    Enumerator(Object),
    Type(TypeId),
    /// A member of the object that the frame's function was called on.
    ThisMember(Rc<str>),
}

/// What a look-up gives; none: nothing has the name.
type Found = Result<Option<Meaning>>;

/// The program's names as one frame sees them.
pub struct ProgramNames<'a, 'f> {
    reader: Reader<'a, 'f>,
    scope: Option<(&'a Stack, &'a Frame)>,
    language: Option<Language>,
    variables: OnceCell<FrameVariables>,
    known: RefCell<HashMap<(String, bool), Found>>,
}

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

impl<'a, 'f> ProgramNames<'a, 'f> {
    /// The names that `scope`'s frame sees; without one, those of the whole program.
    pub fn new(reader: Reader<'a, 'f>, scope: Option<(&'a Stack, &'a Frame)>) -> Self {
        let (variables, known) = (OnceCell::new(), RefCell::default());
        ProgramNames { reader, scope, language: None, variables, known }
    }

    /// The same in a language that the user has set.
    pub fn in_language(self, language: Option<Language>) -> Self {
        ProgramNames { language, ..self }
    }

    /// The program that is read.
    pub fn reader(&self) -> Reader<'a, 'f> {
        self.reader
    }

    /// The selected frame and its stack.
    pub fn scope(&self) -> Option<(&'a Stack, &'a Frame)> {
        self.scope
    }

    /// Whose memory addresses mean.
    pub fn instance(&self) -> InstanceId {
        self.scope.and_then(|(_, frame)| frame.instance).unwrap_or(InstanceId(0))
    }

    /// The language of the frame's function, of the youngest function if it has none.
    pub fn language(&self) -> Language {
        if let Some(language) = self.language {
            return language;
        }
        let of_frame = |frame: &Frame| frame.function().map(|f| f.language);
        let own = self.scope.and_then(|(_, frame)| of_frame(frame));
        let any = || self.scope.and_then(|(stack, _)| stack.frames().iter().find_map(of_frame));
        own.or_else(any).or_else(|| self.first_unit_language()).unwrap_or(Language::C)
    }

    fn first_unit_language(&self) -> Option<Language> {
        let info = self.reader.program.debug_info(self.first_module())?;
        info.unit(UnitId(0)).ok().map(|unit| unit.language)
    }

    fn first_module(&self) -> ModuleId {
        self.scope.and_then(|(_, frame)| frame.module).unwrap_or(ModuleId(0))
    }

    /// Bytes of an address in the frame's module: 4, or 8 with 64-bit memory.
    pub fn address_bytes(&self) -> u8 {
        let module = self.reader.program.module(self.first_module());
        if module.is_some_and(|module| module.memories().first().is_some_and(|memory| memory.memory64)) { 8 } else { 4 }
    }

    /// The frame's variables, found at the first need.
    pub fn frame_variables(&self) -> &FrameVariables {
        self.variables.get_or_init(|| {
            let found = self.scope.map(|(stack, frame)| self.reader.frame_variables(stack, frame));
            found.and_then(|found| found.ok()).unwrap_or_default()
        })
    }

    /// What `path` means; none if nothing has that name.
    ///
    /// # Errors
    /// Several things have it and none is nearer than the others; a function that is not on the stack was asked for
    /// its variables.
    pub fn find(&self, path: &Path) -> Found {
        self.remembered(path, false)
    }

    /// The type that `path` means, whatever else has that name.
    ///
    /// # Errors
    /// Several types have it and none is nearer than the others.
    pub fn find_type(&self, path: &Path) -> Result<Option<TypeId>> {
        Ok(match self.remembered(path, true)? {
            Some(Meaning::Type(id)) => Some(id),
            _ => None,
        })
    }

    fn remembered(&self, path: &Path, only_types: bool) -> Found {
        let key = (path.to_string(), only_types);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let found = match only_types {
            true => match self.search(path, &[Kind::Type]) {
                Ok(None) => Ok(self.find_zig_type(&spelled(path)).map(Meaning::Type)),
                found => found,
            },
            false => self.look_up(path),
        };
        self.known.borrow_mut().insert(key, found.clone());
        found
    }

    fn look_up(&self, path: &Path) -> Found {
        if let Some(name) = path.single() {
            if let Some(variable) = named(self.frame_variables(), name) {
                return Ok(Some(Meaning::Variable(variable.object.clone())));
            }
            if self.language() == Language::Cpp && self.has_member("this", name) {
                return Ok(Some(Meaning::ThisMember("this".into())));
            }
        } else if let Some(found) = self.in_file(path)? {
            return Ok(Some(found));
        } else if let Some(object) = self.in_function(path) {
            return Ok(Some(Meaning::Variable(object)));
        }
        let found = self.search(path, &[Kind::Variable, Kind::Function, Kind::Enumerator, Kind::Type])?;
        match (found, path.single()) {
            (None, Some(name)) if self.has_member("self", name) => Ok(Some(Meaning::ThisMember("self".into()))),
            (None, None) if self.find_type(&around(path))?.is_none() => self.not_in_function(path),
            (found, _) => Ok(found),
        }
    }

    /// Whether the object that the frame's function was called on has a member `name`.
    fn has_member(&self, this: &str, name: &str) -> bool {
        let Some(variable) = named(self.frame_variables(), this) else { return false };
        let types = self.reader.types();
        let (_, found) = types.strip(variable.object.type_id);
        let TypeKind::Pointer { target, .. } = found.kind else { return false };
        has_member(types, target, name)
    }

    /// `'file.c'::name`
    fn in_file(&self, path: &Path) -> Found {
        let Some((file, rest)) = path.segments.split_first().filter(|(first, rest)| first.quoted && !rest.is_empty())
        else {
            return Ok(None);
        };
        let rest = Path { global: false, segments: rest.to_vec(), span: path.span };
        let name = spelled(&rest);
        let mut is_file = false;
        for (module, info) in self.modules() {
            let wanted = |unit: &UnitId| {
                let unit_name = info.unit(*unit).ok().and_then(|unit| unit.name());
                unit_name.is_some_and(|unit_name| is_path_end(unit_name, &file.name))
            };
            let units: Vec<UnitId> = (0..info.unit_count()).map(UnitId).filter(wanted).collect();
            is_file |= !units.is_empty();
            for kind in [Kind::Variable, Kind::Function, Kind::Enumerator, Kind::Type] {
                let dies = info.find_in_units(&units, kind, &name);
                if let Some(found) = self.choose(&name, kind, dies, false)? {
                    return Ok(self.meaning(module, kind, found, &name));
                }
            }
        }
        match is_file {
            true => Err(Error::NotFound(format!("No symbol \"{name}\" in specified context."))),
            false => Ok(None),
        }
    }

    /// `function::variable`, of a frame of that function.
    fn in_function(&self, path: &Path) -> Option<Object> {
        let (around, last) = split_last(path)?;
        let (stack, selected) = self.scope?;
        // The selected frame and older ones first, then the younger ones.
        let (younger, older) = stack.frames().split_at_checked(selected.id.0 as usize)?;
        let is_called = |frame: &&Frame| frame.name.as_deref().is_some_and(|name| is_name_end(name, &around));
        for frame in older.iter().chain(younger.iter().rev()).filter(is_called) {
            let variables = self.reader.frame_variables(stack, frame).ok()?;
            // The outermost block's: what encloses the name in the source.
            let found = variables.locals.iter().rev().chain(&variables.arguments);
            if let Some(variable) = found.into_iter().find(|v| v.name.as_deref() == Some(last.as_str())) {
                return Some(variable.object.clone());
            }
        }
        None
    }

    /// What to say of `function::variable` where nothing of that name is found.
    fn not_in_function(&self, path: &Path) -> Found {
        let Some((around, last)) = split_last(path) else { return Ok(None) };
        let Some(Meaning::Function(function)) = self.search(&self::around(path), &[Kind::Function])? else {
            return Ok(None);
        };
        let types = self.reader.types();
        let declares = || {
            let die = types.get(function.type_id).die?;
            let info = types.info(die.info)?;
            let function = info.function_of(die).ok()?;
            let (start, _) = *info.code_of(die).first()?;
            let variables = info.variables_at(&function, start).ok()?;
            variables.iter().any(|v| v.name.as_deref() == Some(last.as_str())).then_some(())
        };
        Err(match declares() {
            Some(()) => Error::Absent(format!("No frame is currently executing in block {around}.")),
            None => Error::NotFound(format!("No symbol \"{last}\" in specified context.")),
        })
    }

    /// The first of `kinds` that has the name, in the nearest tier.
    fn search(&self, path: &Path, kinds: &[Kind]) -> Found {
        let name = spelled(path);
        for tier in [Tier::Unit, Tier::Stack, Tier::Program] {
            for kind in kinds {
                for (module, dies) in self.in_tier(tier, *kind, &name) {
                    if let Some(found) = self.choose(&name, *kind, dies, path.global)? {
                        return Ok(self.meaning(module, *kind, found, &name));
                    }
                }
            }
        }
        Ok(None)
    }

    fn in_tier(&self, tier: Tier, kind: Kind, name: &str) -> Vec<(ModuleId, Vec<DieRef>)> {
        match tier {
            Tier::Unit => {
                let place = self.scope.and_then(|(_, frame)| Some((frame.module?, frame.call.as_ref()?.unit)));
                let found = place.and_then(|(module, unit)| {
                    let info = self.reader.program.debug_info(module)?;
                    Some((module, info.find_in_units(&[unit], kind, name)))
                });
                found.into_iter().collect()
            }
            Tier::Stack => {
                let Some((stack, _)) = self.scope else { return Vec::new() };
                let units = self.reader.units_of_stack(stack);
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
        let own = self.scope.and_then(|(_, frame)| frame.module);
        let count = u32::try_from(self.reader.program.modules().len()).unwrap_or(0);
        let others = (0..count).map(ModuleId).filter(move |id| Some(*id) != own);
        own.into_iter().chain(others).filter_map(|id| Some((id, self.reader.program.debug_info(id)?)))
    }

    /// The nearest of `dies`.
    fn choose(&self, name: &str, kind: Kind, dies: Vec<DieRef>, global: bool) -> Result<Option<DieRef>> {
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
        let function = self.scope.and_then(|(_, frame)| frame.name.clone()).unwrap_or_default();
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
                Err(Error::Usage(format!("\"{name}\" is ambiguous: it may be {}", names.join(", "))))
            }
        }
    }

    fn qualified_name(&self, kind: Kind, die: DieRef, name: &str) -> Rc<str> {
        let types = self.reader.types();
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

    fn meaning(&self, module: ModuleId, kind: Kind, die: DieRef, name: &str) -> Option<Meaning> {
        let instance = match self.scope {
            Some((_, frame)) if frame.module == Some(module) => frame.instance,
            _ => self.reader.program.instance_of(module),
        };
        let types = self.reader.types();
        Some(match kind {
            Kind::Variable => Meaning::Variable(self.reader.static_variable(die, instance)?.object),
            Kind::Function => Meaning::Function(self.reader.function_object(module, die, instance)),
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
        let types = self.reader.types();
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
    fn find_zig_type(&self, name: &str) -> Option<TypeId> {
        if self.language() != Language::Zig {
            return None;
        }
        let types = self.reader.types();
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
                let declared = self.reader.static_variable(member.die, self.scope.and_then(|(_, f)| f.instance));
                let absent = || Object::absent(member.type_id, "optimized out", self.instance());
                declared.map_or_else(absent, |variable| variable.object)
            }
        }
    }

    /// The type whose name in debug information is `name`, spaces aside.
    pub fn find_type_text(&self, name: &str) -> Option<TypeId> {
        let types = self.reader.types();
        [Tier::Unit, Tier::Stack, Tier::Program].into_iter().find_map(|tier| {
            let found = self.in_tier(tier, Kind::Type, name);
            found.into_iter().find_map(|(_, dies)| dies.first().copied()).map(|die| types.of_die(die))
        })
    }
}

impl TypeOracle for ProgramNames<'_, '_> {
    fn classify(&self, path: &Path) -> NameKind {
        match self.find(path) {
            Ok(Some(Meaning::Type(_))) => NameKind::Type,
            Ok(Some(_)) => NameKind::Value,
            Ok(None) => match self.find_type(path) {
                Ok(None) => NameKind::Unknown,
                _ => NameKind::Type,
            },
            // Ambiguous; a type if one of that name is.
            Err(_) => match self.find_type(path) {
                Ok(None) => NameKind::Value,
                _ => NameKind::Type,
            },
        }
    }

    fn syntax(&self) -> Syntax {
        match self.language() {
            Language::C | Language::Other => Syntax::C,
            Language::Cpp => Syntax::Cpp,
            Language::Rust => Syntax::Rust,
            Language::Zig => Syntax::Zig,
        }
    }
}

/// The variable that `name` means: of the innermost block that has it, parameters last.
fn named<'v>(variables: &'v FrameVariables, name: &str) -> Option<&'v Variable> {
    let all = variables.locals.iter().chain(&variables.arguments);
    all.into_iter().find(|v| v.name.as_deref() == Some(name))
}

/// A path as debug information spells it.
fn spelled(path: &Path) -> String {
    let plain = |segment: &crate::expr::ast::Segment| {
        let path = Path { global: false, segments: vec![segment.clone()], span: path.span };
        if segment.quoted { segment.name.clone() } else { path.to_string() }
    };
    path.segments.iter().map(plain).collect::<Vec<_>>().join("::")
}

/// The path without its last name.
fn around(path: &Path) -> Path {
    let (_, around) = path.segments.split_last().unzip();
    Path { segments: around.unwrap_or_default().to_vec(), ..*path }
}

/// What stands before the last name, and the last name.
fn split_last(path: &Path) -> Option<(String, String)> {
    let (last, around) = path.segments.split_last().filter(|(_, around)| !around.is_empty())?;
    let around = Path { global: false, segments: around.to_vec(), span: path.span };
    Some((spelled(&around), last.name.clone()))
}

fn last_part(name: &str) -> &str {
    name.rsplit("::").next().and_then(|name| name.rsplit('.').next()).unwrap_or(name)
}

/// How near a name is to a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Nearness {
    /// In a namespace that does not enclose the function.
    Elsewhere,
    /// In one that does, and so many bytes of its name do.
    Around(usize),
}

fn nearness(qualified: &str, name: &str, function: &str) -> Nearness {
    let Some(around) = strip_end(qualified, name) else { return Nearness::Elsewhere };
    let around = around.strip_suffix("::").or_else(|| around.strip_suffix('.')).unwrap_or(around);
    let rest = function.strip_prefix(around);
    if around.is_empty() || rest.is_some_and(|rest| rest.starts_with("::") || rest.starts_with('.')) {
        return Nearness::Around(around.len());
    }
    Nearness::Elsewhere
}

/// `qualified` without `name` at its end; spaces in `name` do not count.
fn strip_end<'q>(qualified: &'q str, name: &str) -> Option<&'q str> {
    let mut rest = qualified;
    for wanted in name.chars().rev().filter(|c| *c != ' ') {
        rest = rest.trim_end_matches(' ');
        rest = rest.strip_suffix(wanted)?;
    }
    Some(rest)
}

fn is_same_name(qualified: &str, name: &str) -> bool {
    strip_end(qualified, name).is_some_and(str::is_empty)
}

/// Whether `name` ends with the parts of `end`.
fn is_name_end(name: &str, end: &str) -> bool {
    name.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with("::") || before.ends_with('.'))
}

/// Whether the path of a file ends with the parts of `end`.
fn is_path_end(path: &str, end: &str) -> bool {
    path.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with(['/', '\\']))
}
