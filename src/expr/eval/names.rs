//! Names to what they mean where an expression is read: variables, functions, enumerators, types.
//!
//! Searched from the selected frame's innermost block outwards, then in its unit, in the units of the other frames,
//! in the whole program; what encloses the frame's function is preferred to what does not. The last step reads the
//! names of all units and is taken only when the others find nothing.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::dwarf::names::Kind;
use crate::dwarf::types::TypeKind;
use crate::dwarf::{Language, TypeId, UnitId};
use crate::error::Result;
use crate::expr::ast::Path;
use crate::expr::parse::oracle::is_scalar_name;
use crate::expr::parse::{NameKind, Syntax, TypeOracle};
use crate::target::{Frame, ModuleId, Stack};
use crate::value::object::{InstanceId, Object};
use crate::value::variables::FrameVariables;
use crate::value::{Reader, Variable};

use super::member_names::has_member;
use super::paths::{around, spelled};

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
pub(super) type Found = Result<Option<Meaning>>;

/// The program's names as one frame sees them.
pub struct ProgramNames<'a, 'f> {
    reader: Reader<'a, 'f>,
    scope: Option<(&'a Stack, &'a Frame)>,
    language: Option<Language>,
    variables: OnceCell<FrameVariables>,
    known: RefCell<HashMap<(String, bool), Found>>,
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
        let any =
            || self.scope.and_then(|(stack, _)| self.reader.program.whole(stack).frames().iter().find_map(of_frame));
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

    /// The frame's variable of that name: of the innermost block that has it, parameters last.
    pub fn frame_variable(&self, name: &str) -> Option<&Variable> {
        let variables = self.frame_variables();
        variables.locals.iter().chain(&variables.arguments).find(|v| v.name.as_deref() == Some(name))
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
        if matches!(self.language(), Language::Rust | Language::Zig) && path.single().is_some_and(is_scalar_name) {
            return Ok(None);
        }
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
            if let Some(variable) = self.frame_variable(name) {
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
        let Some(variable) = self.frame_variable(this) else { return false };
        let types = self.reader.types();
        let (_, found) = types.strip(variable.object.type_id);
        let TypeKind::Pointer { target, .. } = found.kind else { return false };
        has_member(types, target, name)
    }
}

impl TypeOracle for ProgramNames<'_, '_> {
    fn classify(&self, path: &Path) -> NameKind {
        // Words of a language are looked for among the frame's variables alone.
        if let Some((name, meant)) = path.single().and_then(|name| Some((name, word(name)?))) {
            return if self.frame_variable(name).is_some() { NameKind::Value } else { meant };
        }
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

/// Words that are types, or mean nothing by themselves, unless a variable has their name.
fn word(name: &str) -> Option<NameKind> {
    match name {
        "true" | "false" | "null" | "nullptr" => Some(NameKind::Unknown),
        "void" | "bool" | "_Bool" | "char" | "signed" | "unsigned" | "short" | "int" | "long" | "float" | "double"
        | "__int128" => Some(NameKind::Type),
        _ => None,
    }
}
