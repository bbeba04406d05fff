//! What an unfinished expression could go on with: the names that are in reach, members, the user's variables.

use std::collections::BTreeSet;

use crate::dwarf::names::Kind;
use crate::dwarf::types::{RecordKind, TypeId, TypeKind};
use crate::dwarf::{Language, TypeTable};
use crate::expr::ast::{Expr, Tag};
use crate::expr::history::History;
use crate::expr::parse::{Wanted, completion};
use crate::value::Reader;
use crate::value::object::Object;

use super::evaluator::Evaluator;
use super::names::ProgramNames;

/// Most words that are offered.
const MAX_WORDS: usize = 500;

/// Most records that are looked into for members.
const MAX_RECORDS: usize = 1_000;

const FUNCTIONS: &[&str] = &[
    "_as_string",
    "_cimag",
    "_creal",
    "_isvoid",
    "_memeq",
    "_regex",
    "_streq",
    "_strlen",
    "global",
    "local",
    "operand",
];
const VIEWS: &[&str] = &["_instance", "_module", "_thread", "_trap", "fp", "pc", "sp"];

/// Where the unfinished word at the end of `text` begins, in bytes, and what it could become, sorted.
pub fn complete(names: ProgramNames<'_, '_>, history: &History<Object>, text: &str) -> (usize, Vec<String>) {
    let asked = completion(text, &names);
    let mut words = Words { prefix: asked.prefix, found: BTreeSet::new() };
    match asked.wanted {
        Wanted::Nothing | Wanted::Quoted => {}
        Wanted::Name => {
            in_reach(&names, &mut words);
            // The names of a large program are not read for a key press that needs none of them.
            if words.found.is_empty() {
                known(&names, &mut words, |_| true);
            }
        }
        Wanted::Scoped { qualifier } => {
            let ends = |around: &str| {
                let around = around.strip_suffix("::").unwrap_or(around);
                around.strip_suffix(&*qualifier).is_some_and(|rest| rest.is_empty() || rest.ends_with("::"))
            };
            known(&names, &mut words, ends);
        }
        Wanted::Tagged(tag) => tagged(&names, &mut words, tag),
        Wanted::Convenience => {
            history.variables().for_each(|(name, _)| words.offer(name));
            FUNCTIONS.iter().chain(VIEWS).for_each(|name| words.offer(name));
        }
        Wanted::Member { base, .. } => {
            let mut history = history.clone();
            members(Evaluator::with_names(names, &mut history), &base, &mut words);
        }
    }
    (asked.start, words.found.into_iter().collect())
}

/// The functions whose names begin with `prefix`, sorted; none without a prefix.
pub fn complete_function(reader: Reader<'_, '_>, prefix: &str) -> Vec<String> {
    let mut words = Words { prefix: prefix.to_owned(), found: BTreeSet::new() };
    let names = ProgramNames::new(reader, None);
    for (_, info) in names.modules().filter(|_| !prefix.is_empty()) {
        info.all(Kind::Function).for_each(|found| words.offer(&found.name));
    }
    words.found.into_iter().collect()
}

struct Words {
    prefix: String,
    found: BTreeSet<String>,
}

impl Words {
    fn is_wanted(&self, name: &str) -> bool {
        name.starts_with(&self.prefix)
    }

    fn is_full(&self) -> bool {
        self.found.len() >= MAX_WORDS
    }

    fn offer(&mut self, name: &str) {
        if self.is_wanted(name) && !self.is_full() {
            self.found.insert(name.to_owned());
        }
    }
}

/// The frame's variables, and those with static storage in the units of the stack.
fn in_reach(names: &ProgramNames<'_, '_>, words: &mut Words) {
    let variables = names.frame_variables();
    for variable in variables.arguments.iter().chain(&variables.locals) {
        variable.name.iter().for_each(|name| words.offer(name));
    }
    let Some((stack, _)) = names.scope() else { return };
    for (module, unit, _) in names.reader().units_of_stack(stack) {
        let info = names.reader().program.debug_info(module);
        let Some(Ok(found)) = info.map(|info| info.globals_of(unit)) else { continue };
        found.iter().filter_map(|die| die.name.as_deref()).for_each(|name| words.offer(name));
    }
    let frames = names.reader().program.whole(stack).frames();
    frames.iter().filter_map(|frame| frame.name.as_deref()).for_each(|name| words.offer(name));
}

/// Names of the whole program in what `around` holds for. Only if something was typed: a list of all helps nobody.
fn known(names: &ProgramNames<'_, '_>, words: &mut Words, around: impl Fn(&str) -> bool) {
    let is_scoped = !around("");
    if words.prefix.is_empty() && !is_scoped {
        return;
    }
    for (_, info) in names.modules() {
        for kind in [Kind::Variable, Kind::Function, Kind::Enumerator, Kind::Type] {
            for found in info.all(kind) {
                if words.is_full() {
                    return;
                }
                if !words.is_wanted(&found.name) {
                    continue;
                }
                let fits = !is_scoped || found.qualified().strip_suffix(&*found.name).is_some_and(&around);
                if fits {
                    words.offer(&found.name);
                }
            }
        }
    }
}

fn tagged(names: &ProgramNames<'_, '_>, words: &mut Words, tag: Tag) {
    let types = names.reader().types();
    for (_, info) in names.modules() {
        for found in info.all(Kind::Type) {
            if words.is_full() {
                return;
            }
            let fits = || match &types.get(types.of_die(found.die)).kind {
                TypeKind::Enumeration(_) => tag == Tag::Enum,
                TypeKind::Record(record) => {
                    (record.kind == RecordKind::Union) == (tag == Tag::Union) && tag != Tag::Enum
                }
                _ => false,
            };
            if words.is_wanted(&found.name) && fits() {
                words.offer(&found.name);
            }
        }
    }
}

/// The members of what `base` is or points at.
fn members(mut evaluator: Evaluator<'_, '_, '_>, base: &Expr, words: &mut Words) {
    let Ok(mut id) = evaluator.type_of_expression(base) else { return };
    let types = evaluator.names().reader().types();
    for _ in 0..8 {
        let (stripped, found) = types.strip(id);
        match found.kind {
            TypeKind::Pointer { target, .. } => id = target,
            _ => return record_members(types, stripped, words),
        }
    }
}

fn record_members(types: &TypeTable<'_>, id: TypeId, words: &mut Words) {
    let mut open = vec![id];
    for _ in 0..MAX_RECORDS {
        let Some(id) = open.pop() else { return };
        let (_, found) = types.strip(id);
        let TypeKind::Record(record) = &found.kind else { continue };
        for member in &record.members {
            match member.name.as_deref().filter(|_| !member.is_base) {
                Some(name) if found.language == Language::Rust => words.offer(name.strip_prefix("__").unwrap_or(name)),
                Some(name) => words.offer(name),
                None => open.push(member.type_id),
            }
        }
        record.statics.iter().for_each(|member| words.offer(&member.name));
    }
}
