//! Places in code as users name them: functions, offsets in the module's file, `func[8]+0x28`, browsers' form.

use super::args::Location;
use crate::dwarf::language::demangle;
use crate::dwarf::line::SourceLocation;
use crate::dwarf::names::Kind;
use crate::error::{Error, Result};
use crate::session::Session;
use crate::target::frame::ModuleId;
use crate::target::program::Program;
use crate::wasm::module::ExternalKind;
use crate::wasm::{FileOffset, FuncIdx, FuncOffset};

/// An instruction's place, or a function's beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodePlace {
    pub module: ModuleId,
    pub function: FuncIdx,
    pub offset: FuncOffset,
    pub module_offset: FileOffset,
}

/// The place of a file offset in the code of `module`.
pub fn at_module_offset(program: &Program<'_>, module: ModuleId, at: u64) -> Option<CodePlace> {
    let (function, offset) = program.module(module)?.function_at(FileOffset(at))?;
    Some(CodePlace { module, function, offset, module_offset: FileOffset(at) })
}

/// The beginning of a function's body.
pub fn function_start(program: &Program<'_>, module: ModuleId, function: FuncIdx) -> Option<CodePlace> {
    let start = program.module(module)?.body(function)?.start;
    Some(CodePlace { module, function, offset: FuncOffset(0), module_offset: start })
}

/// Where the selected frame stands.
///
/// # Errors
/// No frame; the place is not known.
pub fn of_selected_frame(session: &Session<'_>) -> Result<CodePlace> {
    let (_, frame) = session.selected().map_err(|_| Error::Absent("No frame selected.".into()))?;
    let unknown =
        || Error::Absent(format!("the place in func[{}] is not known: its module was not found", frame.func.0));
    let (module, module_offset) = frame.module.zip(frame.file_offset).ok_or_else(unknown)?;
    let offset = frame.func_offset.unwrap_or_default();
    Ok(CodePlace { module, function: frame.func, offset, module_offset })
}

/// The places that a location means, other than lines of a source file.
///
/// # Errors
/// There is no such function or offset.
pub fn code_places(session: &Session<'_>, location: &Location<'_>) -> Result<Vec<CodePlace>> {
    let program = session.program()?;
    match location {
        Location::FunctionOffset { function, offset } => {
            let module = session.module()?;
            let start = function_start(program, module, FuncIdx(*function)).ok_or_else(|| no_body(*function))?;
            let at = start.module_offset.0.checked_add(offset.unwrap_or(0));
            let place = at.and_then(|at| at_module_offset(program, module, at));
            let place = place.filter(|place| place.function == start.function);
            place.map(|place| vec![place]).ok_or_else(|| {
                Error::NotFound(format!("func[{function}] has no instruction at {:#x}", offset.unwrap_or(0)))
            })
        }
        Location::BrowserOffset { offset, .. } => offset_in_code(session, *offset).map(|place| vec![place]),
        Location::Address(text) => offset_in_code(session, super::context::address(session, text)?).map(|p| vec![p]),
        Location::Function(name) | Location::FileFunction { function: name, .. } => {
            let found = functions_named(program, name);
            let places: Vec<CodePlace> =
                found.into_iter().filter_map(|(module, function)| function_start(program, module, function)).collect();
            if places.is_empty() {
                Err(match location {
                    Location::FileFunction { file, .. } => {
                        Error::NotFound(format!("Function \"{name}\" not defined in \"{file}\"."))
                    }
                    _ => no_function(name),
                })
            } else {
                Ok(places)
            }
        }
        Location::Line(_) | Location::Relative(_) | Location::FileLine { .. } => {
            Err(Error::Usage("a line was given where a function or offset is needed".into()))
        }
    }
}

/// gdb: a function that the program does not have.
pub fn no_function(name: &str) -> Error {
    Error::NotFound(format!("Function \"{name}\" not defined."))
}

/// Some module has a function called `name`, if only in calls of it that were inlined.
pub fn is_function(session: &Session<'_>, name: &str) -> bool {
    let Ok(program) = session.program() else { return false };
    let described = |id| program.debug_info(id).is_some_and(|info| !info.find(Kind::Function, name).is_empty());
    !functions_named(program, name).is_empty() || module_ids(program).any(described)
}

fn no_body(function: u32) -> Error {
    Error::NotFound(format!("func[{function}] has no code: it is imported, or does not exist"))
}

/// The place of a file offset in the selected module's code.
///
/// # Errors
/// No function has that offset.
pub fn offset_in_code(session: &Session<'_>, at: u64) -> Result<CodePlace> {
    let module = session.module()?;
    at_module_offset(session.program()?, module, at)
        .ok_or_else(|| Error::NotFound("No function contains specified address.".into()))
}

/// All modules of the program.
pub fn module_ids(program: &Program<'_>) -> impl Iterator<Item = ModuleId> + use<> {
    (0u32..).take(program.modules().len()).map(ModuleId)
}

/// Functions called `name` in any module, whole or by the last parts of their names: as the debug information has
/// them, else as the name section and the exports have.
pub fn functions_named(program: &Program<'_>, name: &str) -> Vec<(ModuleId, FuncIdx)> {
    let mut found = Vec::new();
    for module in module_ids(program) {
        let Some(parsed) = program.module(module) else { continue };
        let mut functions = described(program, module, name);
        if functions.is_empty() {
            let named = parsed.names().functions().filter(|(_, known)| is_called(known, name));
            functions.extend(named.map(|(function, _)| function));
            let exports = parsed.exports().iter().filter(|e| e.kind == ExternalKind::Function && e.name == name);
            functions.extend(exports.map(|export| FuncIdx(export.index)));
        }
        functions.sort_unstable();
        functions.dedup();
        found.extend(functions.into_iter().map(|function| (module, function)));
    }
    found
}

/// Functions of a module that its debug information calls `name`.
fn described(program: &Program<'_>, module: ModuleId, name: &str) -> Vec<FuncIdx> {
    let (Some(info), Some(parsed)) = (program.debug_info(module), program.module(module)) else { return Vec::new() };
    let code = info.find(Kind::Function, name).into_iter().flat_map(|die| info.code_of(die));
    code.filter_map(|(begin, _)| Some(parsed.function_at(parsed.file_offset(begin)?)?.0)).collect()
}

/// Where the function that begins at a place is declared; the line of its first instruction where that is not known.
pub fn declared(program: &Program<'_>, start: CodePlace) -> Option<(SourceLocation, u64)> {
    let at = program.module(start.module)?.code_offset(start.module_offset)?;
    let calls = program.debug_info(start.module)?.calls_at(at).ok()?;
    let outermost = calls.last()?;
    let declared = outermost.function.as_ref().and_then(|function| function.declared.clone());
    let place = declared.filter(|place| place.line.is_some()).or_else(|| outermost.location.clone())?;
    let line = u64::from(place.line?);
    Some((place, line))
}

/// A linkage name, or what it stands for, is `name` or ends in it.
fn is_called(known: &str, name: &str) -> bool {
    let ends = |whole: &str| whole == name || whole.strip_suffix(name).is_some_and(|before| before.ends_with("::"));
    // Demangling is slow next to a search for the last part, which every mangled name has in plain letters.
    let last = name.rsplit("::").next().unwrap_or(name);
    known.contains(last) && (ends(known) || demangle(known).is_some_and(|whole| ends(without_parameters(&whole))))
}

/// `geo::area` of `geo::area(int)`.
fn without_parameters(name: &str) -> &str {
    name.split_once('(').map_or(name, |(before, _)| before)
}
