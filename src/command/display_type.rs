//! `ptype` and `whatis`: the type of an expression, or one that was named.

use super::spec::{Command, Completion, Group, Invocation, Outcome, Stop};
use crate::dwarf::TypeId;
use crate::error::Error;
use crate::expr::ast::Operand;
use crate::expr::parse::parse_type_or_expression;
use crate::render::types::{Radix, TypeOptions, ptype, whatis_type};
use crate::text::Role;
use crate::value::type_name::{Length, type_name};

pub static ROWS: &[Command] = &[
    Command {
        name: "ptype",
        group: Group::Data,
        synopsis: "[/FLAGS] [TYPE|EXPR]",
        summary: "Print the definition of a type",
        help: "Flags: o prints offsets, sizes and holes (x in hexadecimal, d in decimal);\nm leaves out methods, t typedefs.",
        examples: &[("ptype part_t", "a type"), ("ptype/o struct part", "with offsets and holes")],
        completion: Completion::Expression,
        run: print_definition,
        ..Command::DEFAULT
    },
    Command {
        name: "whatis",
        group: Group::Data,
        synopsis: "[TYPE|EXPR]",
        summary: "Print the name of an expression's type, or what a typedef stands for",
        examples: &[("whatis part->next", "of a member"), ("whatis part_t", "one typedef undone")],
        completion: Completion::Expression,
        run: print_name,
        ..Command::DEFAULT
    },
];

/// The type that the text names or has, and whether it was named.
fn meant(at: &mut Invocation<'_, '_>, text: &str) -> Result<(TypeId, bool), Stop> {
    // Nothing means the last value.
    let text = if text.is_empty() { "$" } else { text };
    let mut evaluator = at.session.evaluator();
    match parse_type_or_expression(text, evaluator.names())? {
        Operand::Type(name) => Ok((evaluator.type_of(&name)?, true)),
        Operand::Expr(expr) => Ok((evaluator.type_of_expression(&expr)?, false)),
    }
}

fn print_definition(at: &mut Invocation<'_, '_>) -> Outcome {
    let (flags, text) = match at.arguments.strip_prefix('/') {
        Some(rest) => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        None => ("", at.arguments),
    };
    let mut options = TypeOptions::default();
    for flag in flags.chars() {
        match flag {
            'o' => (options.offsets, options.methods, options.typedefs) = (Some(Radix::Decimal), false, false),
            'x' => options.offsets = options.offsets.map(|_| Radix::Hexadecimal),
            'd' => options.offsets = options.offsets.map(|_| Radix::Decimal),
            'm' => options.methods = false,
            'M' => options.methods = true,
            't' => options.typedefs = false,
            'T' => options.typedefs = true,
            'r' => {}
            flag => return Err(Error::Usage(format!("unrecognized flag '{flag}'")).into()),
        }
    }
    let (id, _) = meant(at, text.trim())?;
    Ok(ptype(at.session.reader().types(), id, options, at.out)?)
}

fn print_name(at: &mut Invocation<'_, '_>) -> Outcome {
    let (id, named) = meant(at, at.arguments)?;
    let types = at.session.reader().types();
    let name = if named { whatis_type(types, id, Length::Full) } else { type_name(types, id, Length::Full) };
    at.out.put(Role::Plain, "type = ")?;
    at.out.put(Role::Type, &crate::text::escaped(&name))?;
    Ok(at.out.put(Role::Plain, "\n")?)
}
