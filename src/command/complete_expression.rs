//! What may stand at the end of an expression: variables, members, functions on the stack, convenience variables.
//!
//! Only what the stack's own units know is offered: completion must not index a large program at a key press.

use crate::dwarf::TypeId;
use crate::dwarf::types::TypeKind;
use crate::expr::eval::Evaluator;
use crate::expr::eval::names::ProgramNames;
use crate::expr::history::History;
use crate::expr::parse::{Wanted, completion};
use crate::session::Session;
use crate::value::Reader;

/// Anonymous members and bases that are looked into, one inside the other.
const MAX_MEMBER_DEPTH: usize = 32;

/// Where the word under the cursor begins, and what it may become.
pub fn expression_words(session: &Session<'_>, text: &str) -> (usize, Vec<String>) {
    let Ok(reader) = session.reader() else { return (text.len(), Vec::new()) };
    let scope = session.selected().ok();
    let names = ProgramNames::new(reader, scope);
    let asked = completion(text, &names);
    let mut words = match asked.wanted {
        Wanted::Name => visible(session, reader, &names),
        Wanted::Convenience => session.history.variables().map(|(name, _)| name.to_owned()).collect(),
        Wanted::Member { base, .. } => {
            let mut history = History::default();
            let kind = Evaluator::new(reader, scope, &mut history).type_of_expression(&base);
            kind.map(|id| members(reader, id)).unwrap_or_default()
        }
        _ => Vec::new(),
    };
    words.retain(|word| word.starts_with(&asked.prefix));
    (asked.start, words)
}

fn visible(session: &Session<'_>, reader: Reader<'_, '_>, names: &ProgramNames<'_, '_>) -> Vec<String> {
    let variables = names.frame_variables();
    let of_frame = variables.arguments.iter().chain(&variables.locals);
    let mut words: Vec<String> = of_frame.filter_map(|v| v.name.as_deref()).map(str::to_owned).collect();
    let Ok(stack) = session.stack() else { return words };
    for (module, unit, instance) in reader.units_of_stack(stack) {
        let globals = reader.unit_globals(module, unit, instance).unwrap_or_default();
        words.extend(globals.iter().filter_map(|v| v.name.as_deref()).map(str::to_owned));
    }
    words.extend(stack.frames().iter().filter_map(|frame| frame.name.as_deref()).map(str::to_owned));
    words
}

/// The members of a record, or of what a pointer to one points at.
fn members(reader: Reader<'_, '_>, id: TypeId) -> Vec<String> {
    let types = reader.types();
    let (id, found) = types.strip(id);
    let id = match found.kind {
        TypeKind::Pointer { target, .. } => target,
        _ => id,
    };
    let mut words = Vec::new();
    let mut open = vec![(id, 0)];
    while let Some((id, depth)) = open.pop() {
        let (_, found) = types.strip(id);
        let TypeKind::Record(record) = &found.kind else { continue };
        words.extend(record.statics.iter().map(|s| s.name.to_string()));
        for member in &record.members {
            match &member.name {
                Some(name) if !member.is_base => words.push(name.to_string()),
                _ if depth < MAX_MEMBER_DEPTH && open.len() < 1000 => open.push((member.type_id, depth + 1)),
                _ => {}
            }
        }
    }
    words
}
