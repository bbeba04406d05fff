//! `info provenance`: how a value is known, step by step, down to what the dump and the module say.

use super::print::PRINT_ARGUMENT;
use super::spec::{Command, Completion, Group, Invocation, Outcome};
use crate::dwarf::variable::VariableKind;
use crate::error::Error;
use crate::expr::ast::{Expr, ExprKind};
use crate::render::Options;
use crate::render::explain::explanation;
use crate::render::value::ValueWriter;
use crate::session::Session;
use crate::target::Frame;
use crate::target::provenance::{Item, Step};
use crate::text::Role;
use crate::value::explain::place;
use crate::value::object::Object;
use crate::wasm::GlobalIdx;

const HELP: &str = "Each step tells a value, what it follows from, and the instruction that tells: its offset in the\n\
                    module's file and in the function. A `~` marks what holds unless memory changed since, and what\n\
                    running the program again showed: in an interpreter, from its start to the very stack and memory\n\
                    of the dump.\n\
                    The expression's variables, and the views $l0, $global0, $sp and $fp of the machine, are explained.";

pub static ROWS: &[Command] = &[
    Command {
        name: "info provenance",
        group: Group::Data,
        synopsis: "EXPRESSION",
        summary: "Tell step by step how a value is known",
        help: HELP,
        examples: &[("info provenance total", "a variable"), ("info provenance $l0", "a wasm local")],
        completion: Completion::Expression,
        run: provenance,
        ..Command::DEFAULT
    },
    Command {
        name: "why",
        group: Group::Data,
        synopsis: "EXPRESSION",
        summary: "Tell step by step how a value is known (info provenance)",
        help: HELP,
        examples: &[("why total", "a variable"), ("why $fp", "the frame base")],
        completion: Completion::Expression,
        run: provenance,
        ..Command::DEFAULT
    },
];

fn provenance(at: &mut Invocation<'_, '_>) -> Outcome {
    let text = at.arguments;
    if text.is_empty() {
        return Err(Error::Usage(PRINT_ARGUMENT.into()).into());
    }
    let mut history = at.session.history.clone();
    let (expr, object) = at.session.evaluator_with(&mut history)?.evaluate_text(text)?;
    let session = &*at.session;
    // The value, a state and a reason stand on one line.
    let options = Options { pretty: false, array: false, ..session.options() };
    let reader = session.reader();
    at.out.put(Role::Name, text)?;
    at.out.put(Role::Plain, " = ")?;
    ValueWriter { reader, options: &options }.line(&object, at.out)?;
    let state = match (object.absence().is_some(), object.provenance.is_exact()) {
        (true, _) => "unknown",
        (false, true) => "exact",
        (false, false) => "recovered",
    };
    at.out.put(Role::Plain, &format!(" ({state})\n"))?;
    let Ok((stack, frame)) = session.selected() else {
        return Ok(at.out.put(Role::Plain, &format!("  {}\n", place(&object, VariableKind::Static)))?);
    };
    let mut steps = Vec::new();
    if !matches!(expr.kind, ExprKind::Name(_)) && object.address().is_some() {
        steps.push(Step::note("the value", place(&object, VariableKind::Local)));
    }
    for leaf in leaves(&expr) {
        steps.extend(explained(session, frame, &leaf, &object));
    }
    if steps.is_empty() {
        steps.push(Step::note("the value", "it is made of numbers, and of nothing that the program held"));
    }
    for line in explanation((reader.program, stack), &steps, &options) {
        line.write_to(at.out)?;
        at.out.put(Role::Plain, "\n")?;
    }
    Ok(())
}

/// What an expression is made of, as far as it has a provenance.
#[derive(Debug, PartialEq)]
enum Leaf {
    Variable(String),
    Local(u32),
    Operand(u32),
    Global(u32),
    StackPointer,
    FrameBase,
    ProgramCounter,
}

/// The leaves of an expression, each once.
fn leaves(expr: &Expr) -> Vec<Leaf> {
    let mut found = Vec::new();
    let mut rest = vec![expr];
    while let Some(expr) = rest.pop() {
        let leaf = match &expr.kind {
            ExprKind::Name(path) => path.segments.last().map(|segment| Leaf::Variable(segment.name.clone())),
            ExprKind::Convenience(name) => view(name),
            ExprKind::Call { callee, arguments } => called(callee, arguments),
            _ => None,
        };
        if let Some(leaf) = leaf {
            if !found.contains(&leaf) {
                found.push(leaf);
            }
            continue;
        }
        match &expr.kind {
            ExprKind::Member { base, .. } => rest.push(base),
            ExprKind::MemberPointer { base, pointer, .. } => rest.extend([&**pointer, &**base]),
            ExprKind::Index { base, index } => rest.extend([&**index, &**base]),
            ExprKind::Slice { base, start, end, .. } => {
                rest.extend(end.as_deref());
                rest.extend(start.as_deref());
                rest.push(base);
            }
            ExprKind::Call { arguments, .. } => rest.extend(arguments.iter().rev()),
            ExprKind::Unary { operand, .. } | ExprKind::Cast { operand, .. } => rest.push(operand),
            ExprKind::At { address, .. } => rest.push(address),
            ExprKind::Binary { left, right, .. } => rest.extend([&**right, &**left]),
            ExprKind::Conditional { condition, then, otherwise } => {
                rest.extend([&**otherwise, &**then, &**condition]);
            }
            _ => {}
        }
    }
    found
}

/// `$l3`, `$sp` and their like.
fn view(name: &str) -> Option<Leaf> {
    let number = |prefix: &str| name.strip_prefix(prefix)?.parse::<u32>().ok();
    match name {
        "sp" | "__stack_pointer" => Some(Leaf::StackPointer),
        "fp" => Some(Leaf::FrameBase),
        "pc" => Some(Leaf::ProgramCounter),
        _ => {
            let local = number("local").or_else(|| number("l")).map(Leaf::Local);
            local.or_else(|| number("global").map(Leaf::Global))
        }
    }
}

/// `$local(3)`, `$operand(0)`, `$global(1)`.
fn called(callee: &Expr, arguments: &[Expr]) -> Option<Leaf> {
    let (ExprKind::Convenience(name), [argument]) = (&callee.kind, arguments) else { return None };
    let ExprKind::Int(literal) = &argument.kind else { return None };
    let index = u32::try_from(literal.value).ok()?;
    match name.as_str() {
        "local" => Some(Leaf::Local(index)),
        "operand" => Some(Leaf::Operand(index)),
        "global" => Some(Leaf::Global(index)),
        _ => None,
    }
}

fn explained(session: &Session<'_>, frame: &Frame, leaf: &Leaf, object: &Object) -> Vec<Step> {
    let reader = session.reader();
    let Ok(stack) = session.stack() else { return Vec::new() };
    let physical = frame.physical;
    let item = match leaf {
        Leaf::Variable(name) => {
            let known = reader.explain_variable(stack, frame, name);
            return vec![known.unwrap_or_else(|| Step::note(name, place(object, VariableKind::Static)))];
        }
        Leaf::ProgramCounter => return vec![Step::note("$pc", "the dump records where the frame stands")],
        Leaf::FrameBase => return reader.explain_base(stack, frame),
        Leaf::Local(index) => return reader.explain_local(stack, frame, *index).into_iter().collect(),
        Leaf::Operand(index) => Item::Operand { frame: physical, index: *index },
        Leaf::Global(index) => Item::Global { frame: physical, global: GlobalIdx(*index) },
        Leaf::StackPointer => Item::StackPointer { frame: physical },
    };
    reader.explain_item(stack, item).into_iter().collect()
}
