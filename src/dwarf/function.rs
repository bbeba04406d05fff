//! Functions at a code offset: the subprogram, and the calls inlined there.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::Reader;
use super::description::Description;
use super::language::Language;
use super::line::SourceLocation;
use super::place::Placement;
use super::ranges::{LiveRange, PcAttributes, RangeContext};
use super::unit::{DieRef, Unit, UnitId};
use super::units::Units;
use super::walk::Walk;
use crate::error::{Error, Result};
use crate::limits::MAX_INLINED_CALLS;
use crate::wasm::CodeOffset;

/// A subprogram, or one inlined call of one.
#[derive(Debug, Clone)]
pub struct Function {
    /// The DIE with code: DW_TAG_subprogram or DW_TAG_inlined_subroutine.
    pub die: DieRef,
    /// The subprogram with name and declaration; `die` itself where nothing refers further.
    pub origin: DieRef,
    /// The subprogram whose code this is part of: `die` itself unless inlined. It has the frame base.
    pub subprogram: DieRef,
    /// Qualified, demangled, without parameter types.
    pub name: Option<Rc<str>>,
    pub linkage_name: Option<Rc<str>>,
    pub language: Language,
    /// DW_AT_language of the unit.
    pub language_code: Option<u16>,
    /// Where it is declared.
    pub declared: Option<SourceLocation>,
    pub inlined: bool,
}

/// One level of the call chain at a pc.
#[derive(Debug, Clone)]
pub struct Call {
    /// The unit that has the code.
    pub unit: UnitId,
    /// None: a line is known, but no subprogram.
    pub function: Option<Rc<Function>>,
    /// Where this function was at: the pc's own line for the innermost, the call's for those it is inlined into.
    pub location: Option<SourceLocation>,
}

/// Where the body begins that holds a code offset; none outside of all bodies.
pub type BodyAt<'f> = Box<dyn Fn(CodeOffset) -> Option<CodeOffset> + 'f>;

/// Call chains and functions that were asked for before.
#[derive(Default)]
pub struct Calls<'f> {
    body_at: Option<BodyAt<'f>>,
    by_pc: RefCell<HashMap<CodeOffset, Result<Rc<[Call]>>>>,
    functions: RefCell<HashMap<DieRef, Rc<Function>>>,
}

/// A subprogram or inlined call that holds the pc.
struct Level {
    offset: u32,
    depth: isize,
    /// Where an inlined function is called: file index, line, column.
    call_site: (u64, u64, u64),
}

impl<'f> Calls<'f> {
    /// Knowing where bodies begin, code that a subprogram claims behind the end of its own body is not believed.
    pub fn with_bodies(self, body_at: BodyAt<'f>) -> Self {
        Calls { body_at: Some(body_at), ..self }
    }

    /// The functions at `pc`, looked up exactly as given: the innermost inlined one first, the one that is not
    /// inlined last. Empty if the module says nothing about that code.
    ///
    /// # Errors
    /// The unit that has the code cannot be read.
    pub fn at(&self, units: &Units<'f>, placement: &Placement, pc: CodeOffset) -> Result<Rc<[Call]>> {
        if let Some(known) = self.by_pc.borrow().get(&pc) {
            return known.clone();
        }
        let found = self.find(units, placement, pc);
        self.by_pc.borrow_mut().insert(pc, found.clone());
        found
    }

    fn find(&self, units: &Units<'f>, placement: &Placement, pc: CodeOffset) -> Result<Rc<[Call]>> {
        let mut failure = None;
        let mut lines_only = None;
        let mut asked = Vec::new();
        // Units may claim code that is not theirs, or say nothing: the others are asked only then.
        for candidates in [Placement::units_at, Placement::all_units_at] {
            let mut candidates = candidates(placement, units, pc);
            // Of a function that several objects have, linkers keep the first, and let the others describe that too.
            candidates.sort();
            for unit in candidates {
                if asked.contains(&unit) {
                    continue;
                }
                asked.push(unit);
                match self.in_unit(units, unit, pc) {
                    Ok(calls) if calls.iter().any(|call| call.function.is_some()) => return Ok(calls.into()),
                    Ok(calls) => lines_only = lines_only.or((!calls.is_empty()).then_some(calls)),
                    Err(error) => failure = failure.or(Some(error)),
                }
            }
            if let Some(calls) = lines_only {
                return Ok(calls.into());
            }
        }
        failure.map_or_else(|| Ok(Rc::from([])), Err)
    }

    fn in_unit(&self, units: &Units<'f>, id: UnitId, pc: CodeOffset) -> Result<Vec<Call>> {
        let unit = units.unit(id)?;
        let mut location = unit.location_at(pc.0);
        let mut claims = units.outline(id)?.functions.covering(pc.0).peekable();
        let is_claimed = claims.peek().is_some();
        let levels = match claims.find(|(range, _)| !self.is_stray(range.begin, pc)) {
            Some((_, subprogram)) => chain(units, unit, *subprogram, pc)?,
            // Its lines are those of other code, too.
            None if is_claimed => return Ok(Vec::new()),
            None => Vec::new(),
        };
        if levels.is_empty() && location.is_some() {
            return Ok(vec![Call { unit: id, function: None, location }]);
        }
        let subprogram = levels.first().map_or(0, |level| level.offset);
        let die = |offset| DieRef { info: units.id(), unit: id, offset };
        let mut calls = Vec::with_capacity(levels.len());
        for level in levels.iter().rev() {
            let function = self.function(units, unit, die(level.offset), die(subprogram))?;
            calls.push(Call { unit: id, function: Some(function), location: location.take() });
            let (file, line, column) = level.call_site;
            location = unit.place(file, line, column);
        }
        Ok(calls)
    }

    /// Code from `begin` on is another function's than that at `pc`. Where objects have a function in common but were
    /// compiled differently, the linker keeps the code of one and lets the DWARF of all point at it: some then claim
    /// more than there is, and so what follows.
    fn is_stray(&self, begin: u32, pc: CodeOffset) -> bool {
        let Some(body_at) = &self.body_at else { return false };
        match (body_at(CodeOffset(begin.into())), body_at(pc)) {
            (Some(claimed), Some(asked)) => claimed != asked,
            _ => false,
        }
    }

    /// The function at `die`, found by name: not inlined.
    ///
    /// # Errors
    /// The DIE cannot be read.
    pub fn function_of(&self, units: &Units<'f>, die: DieRef) -> Result<Rc<Function>> {
        self.function(units, units.unit(die.unit)?, die, die)
    }

    /// The function whose code begins at `die`, a DIE of `unit` inside `subprogram`.
    fn function(&self, units: &Units<'f>, unit: &Unit<'f>, die: DieRef, subprogram: DieRef) -> Result<Rc<Function>> {
        if let Some(known) = self.functions.borrow().get(&die) {
            return Ok(known.clone());
        }
        let description = Description::read(units, die)?;
        let language = description.language(units);
        let language_code = units.unit(description.origin.unit).map_or(unit.language_code, |u| u.language_code);
        let function = Rc::new(Function {
            die,
            origin: description.origin,
            subprogram,
            name: description.full_name(units),
            linkage_name: description.linkage_name.as_deref().map(Rc::from),
            language,
            language_code,
            declared: description.declared(units),
            inlined: die != subprogram,
        });
        self.functions.borrow_mut().insert(die, function.clone());
        Ok(function)
    }
}

/// The code of the DIE at `die`, in order.
pub fn code_of(units: &Units<'_>, die: DieRef) -> Vec<LiveRange> {
    let Ok(unit) = units.unit(die.unit) else { return Vec::new() };
    let mut ranges = Vec::new();
    let mut pc = PcAttributes::default();
    if let Ok(mut walk) = Walk::new(&unit.unit, die.offset as usize)
        && walk.next_die().is_ok()
        && walk.attributes(|attribute| pc.note(&attribute)).is_ok()
    {
        let mut budget = u64::MAX;
        let _ = pc.for_each_live(&RangeContext::of_unit(unit.unit_ref()), &mut budget, |range| ranges.push(range));
    }
    ranges.sort_unstable();
    ranges
}

/// The subprogram at `offset` and the inlined calls in it that hold `pc`, outermost first.
fn chain(units: &Units<'_>, unit: &Unit<'_>, offset: u32, pc: CodeOffset) -> Result<Vec<Level>> {
    let mut levels = vec![Level { offset, depth: 0, call_site: (0, 0, 0) }];
    let broken = |e| Error::malformed(format!("function at {offset:#x} of unit {}: {e}", unit.name().unwrap_or("?")));
    let mut walk = Walk::new(&unit.unit, offset as usize).map_err(broken)?;
    let read = descend(unit, &mut walk, pc, &mut levels);
    units.count_dies(walk.count);
    // A broken DIE costs the levels behind it: those before it hold.
    if let Err(error) = read {
        units.warn(format!("debug information: {}", broken(error)));
    }
    Ok(levels)
}

fn descend<'f>(unit: &Unit<'f>, walk: &mut Walk<'_, 'f>, pc: CodeOffset, levels: &mut Vec<Level>) -> gimli::Result<()> {
    let context = RangeContext::of_unit(unit.unit_ref());
    walk.next_die()?;
    while let Some(seen) = walk.next_die()? {
        // What follows the innermost call found, outside of it, cannot hold the pc too.
        if levels.last().is_some_and(|level| seen.depth <= level.depth) {
            return Ok(());
        }
        let inlined = seen.tag() == gimli::DW_TAG_inlined_subroutine;
        if !inlined && !is_block(seen.tag()) {
            walk.skip_children(seen);
            continue;
        }
        let mut pc_attributes = PcAttributes::default();
        let mut call_site = (0, 0, 0);
        walk.attributes(|attribute| {
            pc_attributes.note(&attribute);
            note_call_site(&attribute, &mut call_site);
        })?;
        let holds = pc_attributes.holds(&context, pc.0) || !(inlined || pc_attributes.is_present());
        if !holds {
            walk.skip_children(seen);
        } else if inlined && levels.len() <= MAX_INLINED_CALLS {
            let offset = u32::try_from(seen.offset).unwrap_or(u32::MAX);
            levels.push(Level { offset, depth: seen.depth, call_site });
        }
    }
    Ok(())
}

fn note_call_site(attribute: &gimli::Attribute<Reader<'_>>, site: &mut (u64, u64, u64)) {
    match (attribute.name(), attribute.value()) {
        (gimli::DW_AT_call_file, gimli::AttributeValue::FileIndex(file)) => site.0 = file,
        (gimli::DW_AT_call_line, value) => site.1 = value.udata_value().unwrap_or(0),
        (gimli::DW_AT_call_column, value) => site.2 = value.udata_value().unwrap_or(0),
        _ => {}
    }
}

/// A block of code inside a function; one without addresses holds what its function holds.
pub fn is_block(tag: gimli::DwTag) -> bool {
    matches!(
        tag,
        gimli::DW_TAG_lexical_block | gimli::DW_TAG_try_block | gimli::DW_TAG_catch_block | gimli::DW_TAG_with_stmt
    )
}
