//! `info address` and `info scope`: where variables are kept.

use std::collections::HashMap;
use std::rc::Rc;

use super::args;
use super::place::{CodePlace, code_places, function_start, functions_named};
use super::spec::{Command, Completion, Group, Invocation, Outcome};
use crate::dwarf::location::{Absence, Location};
use crate::dwarf::names::Kind;
use crate::dwarf::variable::VariableKind;
use crate::error::{Error, Result};
use crate::session::Session;
use crate::target::InstanceId;
use crate::target::context::FrameContext;
use crate::text::Role;
use crate::value::Variable;

pub static ROWS: &[Command] = &[
    Command {
        name: "info address",
        group: Group::Source,
        synopsis: "SYMBOL",
        summary: "Say where a variable or function is kept",
        examples: &[("info address counter", "its address, or why it has none")],
        completion: Completion::Expression,
        run: address,
        ..Command::DEFAULT
    },
    Command {
        name: "info scope",
        group: Group::Source,
        synopsis: "LOCATION",
        summary: "List the variables that are visible at a place in the code",
        examples: &[("info scope walk", "those of a function")],
        completion: Completion::Location,
        run: scope,
        ..Command::DEFAULT
    },
];

fn address(at: &mut Invocation<'_, '_>) -> Outcome {
    let name = at.arguments;
    if name.is_empty() {
        return Err(Error::Usage("Argument required.".into()).into());
    }
    let session = &*at.session;
    let text = match where_it_is(session, name)? {
        Some(place) => format!("Symbol \"{name}\" is {place}.\n"),
        None => return Err(Error::no_symbol(name).into()),
    };
    Ok(at.out.put(Role::Plain, &text)?)
}

/// Where the thing of that name is, as the selected frame sees it; none if there is none.
fn where_it_is(session: &Session<'_>, name: &str) -> Result<Option<String>> {
    let program = session.program()?;
    let reader = session.reader();
    if let Ok((stack, frame)) = session.selected() {
        let variables = reader.frame_variables(stack, frame).unwrap_or_default();
        let mut all = variables.locals.iter().chain(&variables.arguments);
        if let Some(variable) = all.find(|variable| variable.name.as_deref() == Some(name)) {
            let base = FrameContext::new(program, stack, frame).base().ok().map(|(base, _)| base);
            return Ok(Some(kept(variable, base)));
        }
    }
    for module in super::place::module_ids(program) {
        let Some(info) = program.debug_info(module) else { continue };
        let instance = program.instance_of(module).unwrap_or(InstanceId(0));
        let dies = info.find(Kind::Variable, name).into_iter();
        let found = dies.filter_map(|die| reader.static_variable(die, Some(instance)));
        if let Some(variable) = found.into_iter().next() {
            return Ok(Some(kept(&variable, None)));
        }
    }
    let function = functions_named(program, name).into_iter().next();
    let start = function.and_then(|(module, function)| function_start(program, module, function));
    Ok(start
        .map(|start| format!("a function at module offset {:#x}, func[{}]", start.module_offset.0, start.function.0)))
}

/// Where a variable is, in words.
fn kept(variable: &Variable, frame_base: Option<u64>) -> String {
    match (&variable.object.location, variable.kind, frame_base) {
        (Location::Memory { address }, VariableKind::Static, _) => {
            format!("static storage at address {address:#x}")
        }
        (Location::Memory { address }, _, Some(base)) => {
            let offset = address.wrapping_sub(base) as i64;
            format!("a variable at frame base offset {offset}, address {address:#x}")
        }
        (Location::Memory { address }, ..) => format!("a variable at address {address:#x}"),
        (Location::Computed { .. }, ..) => "not in memory; its value is known".into(),
        (Location::Pieces(_), ..) => "kept in several pieces".into(),
        (Location::Absent(Absence::OptimizedOut), ..) => "optimized out".into(),
        (Location::Absent(Absence::Unavailable(why)), ..) => format!("not available: {why}"),
    }
}

fn scope(at: &mut Invocation<'_, '_>) -> Outcome {
    if at.arguments.is_empty() {
        let message = "requires an argument (function, line or *addr) to define a scope";
        return Err(Error::Usage(message.into()).into());
    }
    let session = &*at.session;
    let program = session.program()?;
    let types = program.types();
    let location = args::location(at.arguments)?;
    let place = code_places(session, &location)?.into_iter().next();
    let place = place.ok_or_else(|| Error::NotFound(format!("No function contains {}.", at.arguments)))?;
    let known = || {
        let info = program.debug_info(place.module)?;
        let pc = program.module(place.module)?.code_offset(place.module_offset)?;
        let function = info.calls_at(pc).ok()?.last()?.function.clone()?;
        info.variables_at(&function, pc).ok()
    };
    let variables = known().unwrap_or_default();
    if variables.is_empty() {
        let text = format!("Symbol table has no variables for {}.\n", at.arguments);
        return Ok(at.out.put(Role::Plain, &text)?);
    }
    at.out.put(Role::Plain, &format!("Scope for {}:\n", at.arguments))?;
    let frame = in_frame(session, place);
    for variable in variables.iter() {
        let name = variable.name.as_deref().unwrap_or("<unnamed>");
        let what = match variable.kind {
            VariableKind::Parameter => "an argument",
            VariableKind::Local => "a variable",
            VariableKind::Static => "static storage",
        };
        let what = match frame.as_ref().and_then(|kept| kept.get(name)) {
            Some(kept) => format!("{what}, {kept}"),
            None => what.to_owned(),
        };
        let size = variable.type_die.and_then(|die| types.size_of(types.of_die(die)));
        let length = size.map(|size| format!(", length {size}")).unwrap_or_default();
        at.out.put(Role::Plain, "Symbol ")?;
        at.out.put(Role::Name, name)?;
        at.out.put(Role::Plain, &format!(" is {what}{length}.\n"))?;
    }
    Ok(())
}

/// Where the selected frame keeps the variables of its own function, by name; none of other functions.
fn in_frame(session: &Session<'_>, place: CodePlace) -> Option<HashMap<Rc<str>, String>> {
    let (stack, frame) = session.selected().ok()?;
    let same = frame.module == Some(place.module) && frame.func == place.function;
    let variables = same.then(|| session.reader().frame_variables(stack, frame).ok()).flatten()?;
    let base = FrameContext::new(session.program().ok()?, stack, frame).base().ok().map(|(base, _)| base);
    let mut found = HashMap::new();
    for variable in variables.locals.iter().chain(&variables.arguments) {
        // The innermost one comes first.
        if let Some(name) = &variable.name {
            found.entry(name.clone()).or_insert_with(|| kept(variable, base));
        }
    }
    Some(found)
}
