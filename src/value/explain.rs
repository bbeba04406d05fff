//! How a variable of a frame is known: where the debug information says it is, and what that place rests on.

use crate::dwarf::location::{Absence, Location};
use crate::dwarf::variable::VariableKind;
use crate::limits::MAX_EXPLANATION_STEPS;
use crate::target::context::{FrameContext, Passed, Trail};
use crate::target::provenance::{Item, Step, Trust};
use crate::target::{Frame, Stack};

use super::object::Object;
use super::read::Reader;

impl Reader<'_, '_> {
    /// How the frame's variable of that name is known: that of the innermost block, parameters last. None if the frame
    /// has no such variable.
    pub fn explain_variable(&self, stack: &Stack, frame: &Frame, name: &str) -> Option<Step> {
        let (variable, trail) = self.variable_with_trail(stack, frame, name)?;
        let mut step = Step::note(name, place(&variable.object, variable.kind));
        step.from = self.explain_trail(stack, frame, &trail);
        Some(step)
    }

    /// How the base that the frame's variables are relative to was found.
    pub fn explain_base(&self, stack: &Stack, frame: &Frame) -> Vec<Step> {
        let context = FrameContext::new(self.program, stack, frame);
        let found = context.base();
        let trail = context.trail();
        let how = match &found {
            Ok(_) => "the function's debug information".to_owned(),
            Err(error) => error.to_string(),
        };
        vec![self.base_step(stack, frame, found.ok().map(|(base, _)| base), &trail.base_items, how)]
    }

    /// How a wasm local of the frame is known.
    pub fn explain_local(&self, stack: &Stack, frame: &Frame, index: u32) -> Option<Step> {
        match FrameContext::new(self.program, stack, frame).passed_in_local(index) {
            Some(passed) => {
                let mut steps_left = MAX_EXPLANATION_STEPS;
                Some(self.passed_step(stack, &passed, &mut steps_left))
            }
            None => self.explain_item(stack, Item::Local { frame: frame.physical, index }),
        }
    }

    /// How a wasm value of the frame is known.
    pub fn explain_item(&self, stack: &Stack, item: Item) -> Option<Step> {
        Some(self.program.recovery(stack)?.explain(item))
    }

    fn explain_trail(&self, stack: &Stack, frame: &Frame, trail: &Trail) -> Vec<Step> {
        let mut steps = Vec::new();
        if trail.base.is_some() || !trail.base_items.is_empty() {
            let how = "variables lie at fixed distances from it".to_owned();
            steps.push(self.base_step(stack, frame, trail.base, &trail.base_items, how));
        }
        steps.extend(trail.items.iter().filter_map(|item| self.explain_item(stack, *item)));
        let mut steps_left = MAX_EXPLANATION_STEPS;
        steps.extend(trail.passed.iter().map(|passed| self.passed_step(stack, passed, &mut steps_left)));
        steps
    }

    /// What a call site told, and what that was computed from.
    fn passed_step(&self, stack: &Stack, passed: &Passed, steps_left: &mut usize) -> Step {
        let what = format!("parameter {} as it was passed", passed.index);
        let why = passed.provenance.why.as_deref();
        let mut step = Step {
            value: Some(passed.value),
            trust: Some(passed.provenance.trust),
            frame: why.and_then(|why| why.frame),
            site: why.and_then(|why| why.site),
            ..Step::note(what, why.map_or("", |why| &why.text))
        };
        let Some(left) = steps_left.checked_sub(1 + passed.trail.items.len()) else {
            return Step { cut: true, ..step };
        };
        *steps_left = left;
        step.from.extend(passed.trail.items.iter().filter_map(|item| self.explain_item(stack, *item)));
        step.from.extend(passed.trail.passed.iter().map(|inner| self.passed_step(stack, inner, steps_left)));
        step
    }

    fn base_step(&self, stack: &Stack, frame: &Frame, base: Option<u64>, items: &[Item], how: String) -> Step {
        let from: Vec<Step> = items.iter().filter_map(|item| self.explain_item(stack, *item)).collect();
        let trust = from.iter().filter_map(|step| step.trust).min().unwrap_or(Trust::Derived);
        Step {
            address: base,
            trust: base.map(|_| trust),
            frame: Some(frame.physical),
            from,
            ..Step::note("the frame base", how)
        }
    }
}

/// Where an object is, in words.
pub fn place(object: &Object, kind: VariableKind) -> String {
    match &object.location {
        Location::Memory { address } if kind == VariableKind::Static => {
            format!("static storage at {address:#x}; the dump holds the memory")
        }
        Location::Memory { address } => format!("it lies in memory at {address:#x}, which the dump holds"),
        Location::Computed { .. } => "it is not in memory; the debug information says how it follows from this".into(),
        Location::Pieces(pieces) => format!("it is kept in {} pieces", pieces.len()),
        Location::Absent(Absence::OptimizedOut) => {
            "optimized out: the debug information names no place for it here".into()
        }
        Location::Absent(Absence::Unavailable(why)) => format!("{why}"),
    }
}
