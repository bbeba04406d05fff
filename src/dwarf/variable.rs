//! The variables of a function at a pc, and those with static storage.
//!
//! Where they are is not asked here: a `VariableDie` names the DIE that holds location or value, and its type's.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::description::{Description, is_fixed};
use super::function::{Function, is_block};
use super::line::SourceLocation;
use super::ranges::{PcAttributes, RangeContext};
use super::unit::{DieRef, Unit, UnitId};
use super::units::Units;
use super::walk::{Seen, Walk};
use crate::error::{Error, Result};
use crate::limits::MAX_TYPE_MEMBERS;
use crate::wasm::CodeOffset;

/// What a variable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VariableKind {
    Parameter,
    Local,
    /// Static storage: of a function, or of a file or namespace.
    Static,
}

/// A variable's DIE, its attributes resolved through abstract origins; its location is evaluated elsewhere.
#[derive(Debug, Clone)]
pub struct VariableDie {
    /// The DIE that holds location or value; one without either was optimised out.
    pub die: DieRef,
    /// The DIE that the variable's instances in all inlined calls have in common; its own if it has but one.
    pub origin: DieRef,
    /// None: an unnamed parameter.
    pub name: Option<Rc<str>>,
    /// With namespaces and enclosing function, for statics.
    pub qualified_name: Option<Rc<str>>,
    pub linkage_name: Option<Rc<str>>,
    /// The DIE of its type; none if DWARF has none.
    pub type_die: Option<DieRef>,
    pub kind: VariableKind,
    /// Made by the compiler (`this`, `__vla_expr0`).
    pub artificial: bool,
    /// Known outside its unit (DW_AT_external): no `static` of a file or function.
    pub external: bool,
    pub declared: Option<SourceLocation>,
    /// How many lexical blocks lie between the function and the variable: 0 is the function's own level.
    pub block_depth: u32,
    /// Where the code of its block begins; none for statics, and where that is not said.
    pub scope: Option<CodeOffset>,
}

/// Variables of one function at one pc.
type Kept = Result<Rc<[VariableDie]>>;

/// Variables that were asked for before.
#[derive(Default)]
pub struct Variables {
    by_place: RefCell<HashMap<(DieRef, CodeOffset), Kept>>,
    globals: RefCell<HashMap<UnitId, Kept>>,
}

impl Variables {
    /// Parameters in order, then locals and statics of the blocks that hold `pc`, those of the innermost block first,
    /// in the order of their declaration; shadowed ones are kept. Variables that only the abstract instance of an
    /// inlined function has are listed too, behind the others of their block; those of which it is not known whether
    /// their block holds the pc come last.
    ///
    /// # Errors
    /// The function's DIE cannot be read.
    pub fn at<'f>(&self, units: &Units<'f>, function: &Function, pc: CodeOffset) -> Kept {
        let key = (function.die, pc);
        if let Some(known) = self.by_place.borrow().get(&key) {
            return known.clone();
        }
        let found = in_function(units, function, pc).map(Rc::from);
        self.by_place.borrow_mut().insert(key, found.clone());
        found
    }

    /// Variables with static storage in a unit, those of functions among them, in the order of their DIEs.
    ///
    /// # Errors
    /// The unit cannot be read.
    pub fn globals_of(&self, units: &Units<'_>, unit: UnitId) -> Kept {
        if let Some(known) = self.globals.borrow().get(&unit) {
            return known.clone();
        }
        let found = globals(units, unit).map(Rc::from);
        self.globals.borrow_mut().insert(unit, found.clone());
        found
    }
}

/// A variable's DIE, as a scan finds it.
struct Found {
    die: DieRef,
    parameter: bool,
    /// The abstract instance's DIE.
    origin: Option<DieRef>,
    /// Index in `Scan::blocks`.
    block: usize,
    /// Where that block's code begins.
    scope: Option<CodeOffset>,
}

/// A lexical block; the function's own level is block 0.
#[derive(Clone, Copy)]
struct Block {
    nesting: u32,
    holds: bool,
    begin: Option<CodeOffset>,
    origin: Option<DieRef>,
}

/// All variables and blocks of one instance of a function.
struct Scan {
    found: Vec<Found>,
    blocks: Vec<Block>,
    /// Offset of each block's DIE.
    block_dies: Vec<DieRef>,
}

impl Scan {
    /// Reads the tree below `die`, without the functions inlined in it; without a `pc` every block holds.
    fn read<'f>(units: &Units<'f>, die: DieRef, pc: Option<CodeOffset>) -> Result<Self> {
        let unit = units.unit(die.unit)?;
        let broken = |e| Error::malformed(format!("function at {:#x} of unit {}: {e}", die.offset, die.unit.0));
        let mut walk = Walk::new(&unit.unit, die.offset as usize).map_err(broken)?;
        let function = Block { nesting: 0, holds: true, begin: None, origin: None };
        let mut scan = Scan { found: Vec::new(), blocks: vec![function], block_dies: vec![die] };
        let read = scan.fill(units, unit, die, pc, &mut walk);
        units.count_dies(walk.count);
        if let Err(error) = read {
            units.warn(format!("debug information: {}", broken(error)));
        }
        Ok(scan)
    }

    fn fill<'f>(
        &mut self,
        units: &Units<'f>,
        unit: &Unit<'f>,
        function: DieRef,
        pc: Option<CodeOffset>,
        walk: &mut Walk<'_, 'f>,
    ) -> gimli::Result<()> {
        let context = RangeContext::of_unit(unit.unit_ref());
        let mut open: Vec<(isize, usize)> = vec![(0, 0)];
        if walk.next_die()?.is_some() {
            let mut pc_attributes = PcAttributes::default();
            walk.attributes(|attribute| pc_attributes.note(&attribute))?;
            self.blocks.iter_mut().for_each(|block| block.begin = begin(&pc_attributes, &context));
        }
        while let Some(seen) = walk.next_die()? {
            while open.pop_if(|(depth, _)| *depth >= seen.depth && *depth > 0).is_some() {}
            let block = open.last().map_or(0, |(_, block)| *block);
            let die = DieRef { offset: u32::try_from(seen.offset).unwrap_or(u32::MAX), ..function };
            if !is_variable(seen.tag()) && !is_block(seen.tag()) {
                walk.skip_children(seen);
                continue;
            }
            let mut pc_attributes = PcAttributes::default();
            let mut origin = None;
            walk.attributes(|attribute| {
                pc_attributes.note(&attribute);
                if attribute.name() == gimli::DW_AT_abstract_origin {
                    origin = units.resolve(function.unit, attribute.value());
                }
            })?;
            if self.found.len().max(self.blocks.len()) >= MAX_TYPE_MEMBERS {
                units.warn(format!("debug information: a function has more than {MAX_TYPE_MEMBERS} variables"));
                return Ok(());
            }
            if is_block(seen.tag()) {
                let around = self.blocks.get(block).map_or((0, true, None), |b| (b.nesting, b.holds, b.begin));
                let inside = pc.is_none_or(|pc| !pc_attributes.is_present() || pc_attributes.holds(&context, pc.0));
                open.push((seen.depth, self.blocks.len()));
                let begin = begin(&pc_attributes, &context).or(around.2);
                self.blocks.push(Block {
                    nesting: around.0.saturating_add(1),
                    holds: around.1 && inside,
                    begin,
                    origin,
                });
                self.block_dies.push(die);
            } else {
                let parameter = seen.tag() == gimli::DW_TAG_formal_parameter;
                let scope = self.blocks.get(block).and_then(|block| block.begin);
                self.found.push(Found { die, parameter, origin, block, scope });
            }
        }
        Ok(())
    }

    fn block(&self, found: &Found) -> Block {
        self.blocks.get(found.block).copied().unwrap_or(Block { nesting: 0, holds: false, begin: None, origin: None })
    }
}

fn in_function(units: &Units<'_>, function: &Function, pc: CodeOffset) -> Result<Vec<VariableDie>> {
    let concrete = Scan::read(units, function.die, Some(pc))?;
    let instance = Description::read(units, function.die)?.instance_of;
    let abstract_scan = instance.map(|instance| Scan::read(units, instance, None)).transpose()?;
    let mut listed: Vec<(&Found, Option<u32>)> = Vec::new();
    for found in concrete.found.iter().filter(|f| concrete.block(f).holds) {
        listed.push((found, Some(concrete.block(found).nesting)));
    }
    if let Some(abstract_scan) = &abstract_scan {
        listed.extend(only_abstract(&concrete, abstract_scan));
    }
    let order = parameter_order(abstract_scan.as_ref());
    listed.sort_by_key(|(found, nesting)| match (found.parameter, nesting) {
        (true, _) => (0, order.get(&found.origin.unwrap_or(found.die)).copied().unwrap_or(usize::MAX)),
        (false, Some(nesting)) => (1, usize::MAX - *nesting as usize),
        (false, None) => (2, 0),
    });
    let variables = listed.into_iter().filter_map(|(f, nesting)| variable(units, function, f, nesting.unwrap_or(0)));
    Ok(variables.collect())
}

/// The place of each parameter of an abstract instance: concrete ones leave some out.
fn parameter_order(scan: Option<&Scan>) -> HashMap<DieRef, usize> {
    let found = scan.map(|scan| scan.found.as_slice()).unwrap_or_default();
    found.iter().filter(|f| f.parameter).enumerate().map(|(index, f)| (f.die, index)).collect()
}

/// Variables of the abstract instance that the concrete one leaves out, with the nesting of their block where that
/// is known to hold the pc.
fn only_abstract<'a>(concrete: &Scan, abstract_scan: &'a Scan) -> Vec<(&'a Found, Option<u32>)> {
    // What the concrete instance says about an abstract DIE's block: its nesting and whether it holds the pc.
    let mut known: HashMap<DieRef, (u32, bool)> = HashMap::new();
    for found in &concrete.found {
        let block = concrete.block(found);
        known.extend(found.origin.map(|origin| (origin, (block.nesting, block.holds))));
    }
    for block in &concrete.blocks {
        known.extend(block.origin.map(|origin| (origin, (block.nesting, block.holds))));
    }
    // A block is known by its own DIE, or by any variable that it was left.
    let mut blocks: HashMap<usize, (u32, bool)> = HashMap::from([(0, (0, true))]);
    for (index, die) in abstract_scan.block_dies.iter().enumerate().skip(1) {
        blocks.extend(known.get(die).map(|state| (index, *state)));
    }
    for found in &abstract_scan.found {
        if let Some(state) = known.get(&found.die) {
            blocks.entry(found.block).or_insert(*state);
        }
    }
    let left_out = abstract_scan.found.iter().filter(|found| !known.contains_key(&found.die));
    left_out
        .filter_map(|found| match blocks.get(&found.block) {
            // Parameters belong to the function, wherever they stand.
            _ if found.parameter => Some((found, Some(0))),
            Some((nesting, true)) => Some((found, Some(*nesting))),
            Some((_, false)) => None,
            None => Some((found, None)),
        })
        .collect()
}

/// A variable of `function`; none if it cannot be read or is only declared there.
fn variable(units: &Units<'_>, function: &Function, found: &Found, block_depth: u32) -> Option<VariableDie> {
    let description = Description::read(units, found.die).ok()?;
    let kind = match found.parameter {
        true => VariableKind::Parameter,
        false if is_static(&description) => VariableKind::Static,
        false if description.declaration => return None,
        false => VariableKind::Local,
    };
    let qualified_name = match (&description.name, &function.name) {
        (Some(name), Some(around)) if kind == VariableKind::Static => {
            Some(format!("{around}{}{name}", function.language.separator()).into())
        }
        _ => None,
    };
    let scope = found.scope;
    Some(VariableDie { qualified_name, block_depth, scope, ..described(units, found.die, &description, kind) })
}

fn described<'f>(units: &Units<'f>, die: DieRef, description: &Description<'f>, kind: VariableKind) -> VariableDie {
    VariableDie {
        die: description.place.map_or(die, |(die, _)| die),
        origin: description.origin,
        name: description.name.as_deref().map(Rc::from),
        qualified_name: None,
        linkage_name: description.linkage_name.as_deref().map(Rc::from),
        type_die: description.type_die,
        kind,
        artificial: description.artificial,
        external: description.external,
        declared: description.declared(units),
        block_depth: 0,
        scope: None,
    }
}

fn globals(units: &Units<'_>, id: UnitId) -> Result<Vec<VariableDie>> {
    let unit = units.unit(id)?;
    let broken = |e| Error::malformed(format!("unit {}: {e}", unit.name().unwrap_or("without a name")));
    let mut walk = unit.walk().map_err(broken)?;
    let mut found = Vec::new();
    let read = static_dies(units, unit, id, &mut walk, &mut found);
    units.count_dies(walk.count);
    if let Err(error) = read {
        units.warn(format!("debug information: {}", broken(error)));
    }
    Ok(found.into_iter().filter_map(|(die, function)| global(units, die, function)).collect())
}

/// Adds the DIEs of variables that may have static storage, with the function that they belong to.
fn static_dies<'f>(
    units: &Units<'f>,
    unit: &Unit<'f>,
    id: UnitId,
    walk: &mut Walk<'_, 'f>,
    to: &mut Vec<(DieRef, Option<DieRef>)>,
) -> gimli::Result<()> {
    let context = RangeContext::of_unit(unit.unit_ref());
    let mut functions: Vec<(isize, DieRef)> = Vec::new();
    while let Some(seen) = walk.next_die()? {
        while functions.pop_if(|(depth, _)| *depth >= seen.depth).is_some() {}
        let die = DieRef { info: units.id(), unit: id, offset: u32::try_from(seen.offset).unwrap_or(u32::MAX) };
        match seen.tag() {
            gimli::DW_TAG_subprogram => {
                if is_dropped(walk, &context, seen)? {
                    walk.skip_children(seen);
                } else {
                    functions.push((seen.depth, die));
                }
            }
            gimli::DW_TAG_variable if to.len() < MAX_TYPE_MEMBERS * 10 => {
                let function = functions.last().map(|(_, function)| *function);
                if function.is_none() || walk.peek(gimli::DW_AT_location)?.is_some_and(|a| is_fixed(a.value())) {
                    to.push((die, function));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The linker left the function out.
fn is_dropped<'f>(walk: &mut Walk<'_, 'f>, context: &RangeContext<'_, 'f>, seen: Seen<'_>) -> gimli::Result<bool> {
    if !seen.has(PcAttributes::wants) {
        return Ok(false);
    }
    let mut pc = PcAttributes::default();
    walk.attributes(|attribute| pc.note(&attribute))?;
    Ok(pc.is_present() && !pc.is_live(context))
}

/// The variable with static storage, or the constant, at `die`; none if it is no such thing.
pub fn static_at(units: &Units<'_>, die: DieRef) -> Option<VariableDie> {
    let description = Description::read(units, die).ok()?;
    description.name.as_ref()?;
    let qualified_name = description.full_name(units);
    Some(VariableDie { qualified_name, ..described(units, die, &description, VariableKind::Static) })
}

fn global(units: &Units<'_>, die: DieRef, function: Option<DieRef>) -> Option<VariableDie> {
    let description = Description::read(units, die).ok()?;
    // String literals are variables without a name.
    description.place.as_ref().and(description.name.as_ref())?;
    let name = description.full_name(units);
    let qualified_name = match function {
        // The linkage name of a static in a function has the function in it, demangled or not at all.
        Some(function) if description.linkage_name.is_none() => {
            let around = Description::read(units, function).ok().and_then(|f| f.full_name(units));
            let separator = description.language(units).separator();
            around.zip(description.name.as_deref()).map(|(around, name)| format!("{around}{separator}{name}").into())
        }
        _ => name,
    };
    Some(VariableDie { qualified_name, ..described(units, die, &description, VariableKind::Static) })
}

/// Where the first of a DIE's ranges begins.
fn begin<'f>(pc: &PcAttributes<'f>, context: &RangeContext<'_, 'f>) -> Option<CodeOffset> {
    let mut first = None;
    // The first is enough.
    let mut budget = 2;
    let _ = pc.for_each_live(context, &mut budget, |range| {
        first = first.or(Some(CodeOffset(u64::from(range.begin))));
    });
    first
}

fn is_variable(tag: gimli::DwTag) -> bool {
    matches!(tag, gimli::DW_TAG_formal_parameter | gimli::DW_TAG_variable | gimli::DW_TAG_constant)
}

fn is_static(description: &Description<'_>) -> bool {
    description.place.is_some_and(|(_, value)| is_fixed(value))
}
