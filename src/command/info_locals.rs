//! `info locals` and `info args`: the variables of the selected frame.

use regex::Regex;

use super::args;
use super::pattern::compile;
use super::spec::{Command, Group, Invocation, Outcome};
use crate::error::Result;
use crate::render::options::{Options, Style};
use crate::render::value::ValueWriter;
use crate::session::Session;
use crate::target::{Frame, Stack};
use crate::text::{Role, Sink};
use crate::value::Variable;
use crate::value::type_name::{Length, type_name};

const HELP: &str = "REGEX selects by name, -t TYPE by type; -q says nothing where there are none.";

pub static ROWS: &[Command] = &[
    Command {
        name: "info locals",
        aliases: &["lo"],
        group: Group::Stack,
        synopsis: "[-q] [-t TYPE] [REGEX]",
        summary: "Print the variables of the selected frame, innermost block first",
        help: "The arguments come first, and variables that others shadow are listed, too.\n\
               REGEX selects by name, -t TYPE by type; -q says nothing where there are none.",
        examples: &[("info locals", "all of them"), ("info locals ^n", "those whose name begins with n")],
        run: |at| {
            let what = match at.session.options().style {
                Style::Reference => Listed::ArgumentsAndLocals,
                Style::Gdb => Listed::Locals,
            };
            list(at, what)
        },
        ..Command::DEFAULT
    },
    Command {
        name: "info args",
        group: Group::Stack,
        synopsis: "[-q] [-t TYPE] [REGEX]",
        summary: "Print the arguments of the selected frame",
        help: HELP,
        examples: &[("info args", "all of them")],
        run: |at| list(at, Listed::Arguments),
        ..Command::DEFAULT
    },
];

/// Which variables are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    Arguments,
    Locals,
    ArgumentsAndLocals,
}

/// What narrows a list of variables.
#[derive(Debug, Default)]
pub struct Filter {
    quiet: bool,
    name: Option<Regex>,
    kind: Option<Regex>,
}

/// How variables are listed.
pub struct Listing<'l> {
    pub options: &'l Options,
    pub filter: &'l Filter,
    pub what: Listed,
}

fn list(at: &mut Invocation<'_, '_>, what: Listed) -> Outcome {
    let filter = filter(at.arguments)?;
    let session = &*at.session;
    let options = session.options();
    let (stack, frame) = session.selected()?;
    print_variables(session, (stack, frame), &Listing { options: &options, filter: &filter, what }, at.out)
}

fn filter(arguments: &str) -> Result<Filter> {
    let given = args::info_filter(arguments)?;
    let regex = |pattern: Option<&str>| pattern.map(|pattern| compile(pattern, false)).transpose();
    Ok(Filter { quiet: given.quiet, name: regex(given.regex)?, kind: regex(given.type_regex)? })
}

/// Print the variables of a frame, one after the other, or that there are none.
pub fn print_variables(
    session: &Session<'_>,
    (stack, frame): (&Stack, &Frame),
    listing: &Listing<'_>,
    out: &mut dyn Sink,
) -> Outcome {
    let reader = session.reader();
    let quiet = listing.filter.quiet;
    if frame.function().is_none() {
        let message = if quiet { "" } else { "No symbol table info available.\n" };
        return Ok(out.put(Role::Plain, message)?);
    }
    let variables = reader.frame_variables(stack, frame)?;
    let (arguments, locals) = match listing.what {
        Listed::Arguments => (true, false),
        Listed::Locals => (false, true),
        Listed::ArgumentsAndLocals => (true, true),
    };
    let wanted = |variable: &&Variable| {
        let matches = |regex: &Option<Regex>, text: &dyn Fn() -> String| {
            regex.as_ref().is_none_or(|regex| regex.is_match(&text()))
        };
        matches(&listing.filter.name, &|| variable.name.as_deref().unwrap_or("").to_owned())
            && matches(&listing.filter.kind, &|| type_name(reader.types(), variable.object.type_id, Length::Full))
    };
    let arguments = variables.arguments.iter().filter(|_| arguments);
    let locals = variables.locals.iter().filter(|_| locals);
    let writer = ValueWriter { reader, options: listing.options };
    let mut found = false;
    for variable in arguments.chain(locals).filter(wanted) {
        found = true;
        writer.listed(variable.name.as_deref().unwrap_or("<unnamed>"), &variable.object, out)?;
    }
    if !found && !quiet {
        let filtered = listing.filter.name.is_some() || listing.filter.kind.is_some();
        let matching = if filtered { "matching " } else { "" };
        let what = if listing.what == Listed::Arguments { "arguments" } else { "locals" };
        out.put(Role::Plain, &format!("No {matching}{what}.\n"))?;
    }
    Ok(())
}
