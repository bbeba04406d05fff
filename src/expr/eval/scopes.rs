//! Names that say where they belong: `'file.c'::name`, `function::variable`.

use crate::dwarf::UnitId;
use crate::dwarf::names::Kind;
use crate::error::Error;
use crate::expr::ast::Path;
use crate::target::Frame;
use crate::value::object::Object;

use super::names::{Found, Meaning, ProgramNames};
use super::paths::{around, is_name_end, is_path_end, spelled, split_last};

impl ProgramNames<'_, '_> {
    /// `'file.c'::name`
    pub(super) fn in_file(&self, path: &Path) -> Found {
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
    pub(super) fn in_function(&self, path: &Path) -> Option<Object> {
        let (around, last) = split_last(path)?;
        let (stack, selected) = self.scope()?;
        // The selected frame and older ones first, then the younger ones.
        let stack = self.reader().program.whole(stack);
        let (younger, older) = stack.frames().split_at_checked(selected.id.0 as usize)?;
        let is_called = |frame: &&Frame| frame.name.as_deref().is_some_and(|name| is_name_end(name, &around));
        for frame in older.iter().chain(younger.iter().rev()).filter(is_called) {
            let variables = self.reader().frame_variables(stack, frame).ok()?;
            // The outermost block's: what encloses the name in the source.
            let found = variables.locals.iter().rev().chain(&variables.arguments);
            if let Some(variable) = found.into_iter().find(|v| v.name.as_deref() == Some(last.as_str())) {
                return Some(variable.object.clone());
            }
        }
        None
    }

    /// What to say of `function::variable` where nothing of that name is found.
    pub(super) fn not_in_function(&self, path: &Path) -> Found {
        let Some((around, last)) = split_last(path) else { return Ok(None) };
        let Some(Meaning::Function(function)) = self.search(&self::around(path), &[Kind::Function])? else {
            return Ok(None);
        };
        let types = self.reader().types();
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
}
