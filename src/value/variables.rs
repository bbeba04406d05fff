//! The variables of a frame and of a unit, with their places found.

use std::collections::HashSet;

use crate::dwarf::find_location::{self, Stand};
use crate::dwarf::location::{Absence, ExprContext, Location};
use crate::dwarf::types::TypeKind;
use crate::dwarf::variable::{VariableDie, VariableKind};
use crate::dwarf::{DebugInfo, DieRef, UnitId};
use crate::error::Result;
use crate::limits::{MAX_LAYOUT_DEPTH, MAX_LISTED_SYMBOLS};
use crate::target::context::{FrameContext, Trail};
use crate::target::patience::Patience;
use crate::target::provenance::Provenance;
use crate::target::{Frame, ModuleId, Stack};
use crate::wasm::CodeOffset;

use super::object::{InstanceId, Object, Variable};
use super::read::Reader;

/// The variables of one frame.
#[derive(Debug, Clone, Default)]
pub struct FrameVariables {
    /// Parameters in order.
    pub arguments: Vec<Variable>,
    /// Locals and statics, innermost block first, shadowed ones too.
    pub locals: Vec<Variable>,
}

impl<'f> Reader<'_, 'f> {
    /// Arguments and locals of `frame`; none where the function has no debug information.
    ///
    /// # Errors
    /// The function's debug information cannot be read.
    pub fn frame_variables(&self, stack: &Stack, frame: &Frame) -> Result<FrameVariables> {
        let mut variables = FrameVariables::default();
        let info = frame.module.and_then(|id| self.program.debug_info(id));
        let (Some(info), Some(function), Some(pc)) = (info, frame.function(), frame.code_offset) else {
            return Ok(variables);
        };
        let dies = info.variables_at(function, pc)?;
        let context = FrameContext::new(self.program, stack, frame);
        let scope = Scope { info, pc, dies: &dies, context: &context };
        for die in dies.iter() {
            let variable = self.variable(&scope, die, frame.instance);
            match variable.kind {
                VariableKind::Parameter => variables.arguments.push(variable),
                VariableKind::Local | VariableKind::Static => variables.locals.push(variable),
            }
        }
        Ok(variables)
    }

    /// The arguments of `frame` alone, in order, as far as `patience` goes; without, their places are not looked for:
    /// `Absent`.
    ///
    /// # Errors
    /// The function's debug information cannot be read.
    pub fn frame_arguments(&self, stack: &Stack, frame: &Frame, patience: Option<Patience>) -> Result<Vec<Variable>> {
        let info = frame.module.and_then(|id| self.program.debug_info(id));
        let (Some(info), Some(function), Some(pc)) = (info, frame.function(), frame.code_offset) else {
            return Ok(Vec::new());
        };
        let dies = info.variables_at(function, pc)?;
        let context = FrameContext::new(self.program, stack, frame).with_patience(patience.unwrap_or(Patience::Line));
        let scope = Scope { info, pc, dies: &dies, context: &context };
        let parameters = dies.iter().filter(|die| die.kind == VariableKind::Parameter);
        let arguments = parameters.map(|die| match patience {
            Some(_) => {
                let variable = self.variable(&scope, die, frame.instance);
                let put_off = self.program.recovery(stack).is_some_and(|recovery| recovery.take_put_off());
                Variable { put_off, ..variable }
            }
            None => {
                let nowhere = Location::Absent(Absence::Unavailable("it was not asked for".into()));
                self.named(die, nowhere, Provenance::recorded(), frame.instance)
            }
        });
        Ok(arguments.collect())
    }

    /// The frame's variable of that name, of the innermost block that has it, parameters last; and what its place was
    /// found from.
    pub(super) fn variable_with_trail(&self, stack: &Stack, frame: &Frame, name: &str) -> Option<(Variable, Trail)> {
        let info = self.program.debug_info(frame.module?)?;
        let pc = frame.code_offset?;
        let dies = info.variables_at(frame.function()?, pc).ok()?;
        let named = |die: &&VariableDie| die.name.as_deref() == Some(name);
        let (parameters, locals): (Vec<_>, Vec<_>) =
            dies.iter().filter(named).partition(|die| die.kind == VariableKind::Parameter);
        let die = locals.into_iter().chain(parameters).next()?;
        let context = FrameContext::new(self.program, stack, frame);
        let scope = Scope { info, pc, dies: &dies, context: &context };
        let variable = self.variable(&scope, die, frame.instance);
        Some((variable, context.trail()))
    }

    fn variable(&self, scope: &Scope<'_, 'f>, die: &VariableDie, instance: Option<InstanceId>) -> Variable {
        let find = |context: &FrameContext<'_, 'f>| scope.find(die, context);
        let (location, provenance) = scope.context.tracked(find);
        let mut variable = self.named(die, location, provenance, instance);
        variable.object.type_id = self.bounded(scope, &variable.object, MAX_LAYOUT_DEPTH);
        variable
    }

    fn named(
        &self,
        die: &VariableDie,
        location: Location,
        provenance: Provenance,
        instance: Option<InstanceId>,
    ) -> Variable {
        let types = self.types();
        let type_id = die.type_die.map_or_else(|| types.void(), |type_die| types.of_die(type_die));
        let instance = instance.unwrap_or(InstanceId(0));
        Variable {
            name: die.name.clone(),
            object: Object { type_id, location, bits: None, instance, provenance },
            kind: die.kind,
            declared: die.declared.clone(),
            block_depth: die.block_depth,
            artificial: die.artificial,
            external: die.external,
            put_off: false,
        }
    }

    /// A variable length array's type with the length that it has in this frame.
    fn bounded(&self, scope: &Scope<'_, 'f>, object: &Object, depth: usize) -> crate::dwarf::TypeId {
        let id = object.type_id;
        let found = self.types().get(id);
        let TypeKind::Array(array) = &found.kind else { return id };
        let Some(depth) = depth.checked_sub(1) else { return id };
        let element = self.bounded(scope, &object.retyped(array.element), depth);
        let count = array.count.or_else(|| {
            let (location, type_die) = scope.find_count(array.count_variable?)?;
            // Its type says how many bytes the count has.
            let object = Object { location, ..object.retyped(self.types().of_die(type_die)) };
            self.scalar(&object).map(|scalar| scalar.as_address()).ok()
        });
        match count {
            Some(count) if element != array.element || array.count.is_none() => {
                self.types().array_of(element, Some(count), found.language)
            }
            _ => id,
        }
    }

    /// Variables with static storage of a unit, functions' among them.
    ///
    /// # Errors
    /// The unit cannot be read.
    pub fn unit_globals(&self, module: ModuleId, unit: UnitId, instance: Option<InstanceId>) -> Result<Vec<Variable>> {
        let Some(info) = self.program.debug_info(module) else { return Ok(Vec::new()) };
        let convert = |die: &VariableDie| {
            let location = find_location::variable_location(info, die.die, Stand::at(CodeOffset(0)), &NoFrame);
            let mut variable = self.named(die, location, Provenance::recorded(), instance);
            variable.name = die.qualified_name.clone().or(variable.name);
            variable
        };
        Ok(info.globals_of(unit)?.iter().take(MAX_LISTED_SYMBOLS + 1).map(convert).collect())
    }

    /// The variable with static storage, or the constant, that `DebugInfo::find` has found at `die`.
    pub fn static_variable(&self, die: DieRef, instance: Option<InstanceId>) -> Option<Variable> {
        let info = self.types().info(die.info)?;
        let found = info.static_at(die)?;
        let location = find_location::variable_location(&info, found.die, Stand::at(CodeOffset(0)), &NoFrame);
        let mut variable = self.named(&found, location, Provenance::recorded(), instance);
        variable.name = found.qualified_name.or(variable.name);
        Some(variable)
    }

    /// The units whose code is on the stack, in the order of the frames, each with its module and instance.
    pub fn units_of_stack(&self, stack: &Stack) -> Vec<(ModuleId, UnitId, Option<InstanceId>)> {
        let mut seen = HashSet::new();
        let mut units = Vec::new();
        for frame in self.program.whole(stack).frames() {
            let (Some(module), Some(call)) = (frame.module, &frame.call) else { continue };
            let key = (module, call.unit, frame.instance);
            if seen.insert(key) {
                units.push(key);
            }
        }
        units
    }
}

/// The variables of a frame, and what their places are found with.
struct Scope<'a, 'f> {
    info: &'a DebugInfo<'f>,
    pc: CodeOffset,
    dies: &'a [VariableDie],
    context: &'a FrameContext<'a, 'f>,
}

impl<'f> Scope<'_, 'f> {
    fn find(&self, die: &VariableDie, context: &dyn ExprContext) -> Location {
        let at = Stand { pc: self.pc, scope: die.scope };
        find_location::variable_location(self.info, die.die, at, context)
    }

    /// The place and the type of the variable that an array's type names for its length. That type is the same in all
    /// instances of an inlined function and names the variable of one of them: what counts is the frame's own.
    fn find_count(&self, named: DieRef) -> Option<(Location, DieRef)> {
        let named = self.info.static_at(named)?;
        let own = self.dies.iter().find(|die| die.origin == named.origin);
        let location = match own {
            Some(own) => self.find(own, self.context),
            None => self.find(&named, &NoFrame),
        };
        Some((location, named.type_die?))
    }
}

/// What an expression of a static variable may ask: nothing.
struct NoFrame;

impl ExprContext for NoFrame {}
