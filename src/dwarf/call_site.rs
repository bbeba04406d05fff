//! Calls as the debug information describes them: what each parameter was given (DWARF 5 section 3.4, and the GNU
//! extension before it).
//!
//! clang 22 writes DW_TAG_call_site for wasm32 when it optimises (DW_AT_call_return_pc, DW_AT_call_pc for a tail call;
//! DW_TAG_GNU_call_site with the return address as DW_AT_low_pc in DWARF 4), always without parameters: its
//! WebAssembly backend does not describe argument places. rustc 1.95 and Zig 0.17 write no call sites for it. So the
//! parameters read here come from other producers, and a unit without any costs a look at its abbreviations.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use gimli::{Abbreviations, Attribute, AttributeValue};

use super::Reader;
use super::function::is_block;
use super::operations::only;
use super::unit::{DieRef, Unit};
use super::units::Units;
use super::walk::Walk;
use crate::limits::MAX_CALL_SITE_PARAMETERS;
use crate::wasm::CodeOffset;

/// One call of a function.
#[derive(Debug, PartialEq, Eq)]
pub struct CallSite {
    /// By the callee's parameter: the DIE that says what it was given; none where several do.
    parameters: HashMap<u32, Option<DieRef>>,
}

impl CallSite {
    /// The DIE that describes what the callee's wasm parameter `index` was given.
    pub fn parameter(&self, index: u32) -> Option<DieRef> {
        self.parameters.get(&index).copied().flatten()
    }
}

/// Call sites that were asked for before, by function and call.
#[derive(Default)]
pub struct CallSites {
    by_place: RefCell<HashMap<(DieRef, CodeOffset), Kept>>,
}

type Kept = Option<Rc<CallSite>>;

impl CallSites {
    /// The call at `call` in the code of `subprogram`, inlined calls included; `next` finds the instruction behind it,
    /// and is asked only where that matters. None if nothing is said of it, or that it is a tail call.
    pub fn at(
        &self,
        units: &Units<'_>,
        subprogram: DieRef,
        call: CodeOffset,
        next: impl FnOnce() -> Option<CodeOffset>,
    ) -> Option<Rc<CallSite>> {
        if let Some(known) = self.by_place.borrow().get(&(subprogram, call)) {
            return known.clone();
        }
        let found = find(units, subprogram, call, next).map(Rc::new);
        self.by_place.borrow_mut().insert((subprogram, call), found.clone());
        found
    }
}

fn find(
    units: &Units<'_>,
    subprogram: DieRef,
    call: CodeOffset,
    next: impl FnOnce() -> Option<CodeOffset>,
) -> Option<CallSite> {
    let unit = units.unit(subprogram.unit).ok()?;
    if !has_parameters(&unit.unit.abbreviations) {
        return None;
    }
    let next = next()?;
    let mut walk = Walk::new(&unit.unit, subprogram.offset as usize).ok()?;
    let mut parameters = None;
    let read = search(unit, &mut walk, (call, next), |index, offset| {
        let parameters: &mut HashMap<_, _> = parameters.get_or_insert_default();
        if parameters.len() < MAX_CALL_SITE_PARAMETERS
            && let Ok(offset) = u32::try_from(offset)
        {
            let die = DieRef { offset, ..subprogram };
            parameters.entry(index).and_modify(|known| *known = None).or_insert(Some(die));
        }
    });
    units.count_dies(walk.count);
    // A call of which not everything can be read may be described otherwise behind the damage.
    read.ok()?;
    parameters.map(|parameters| CallSite { parameters })
}

/// Calls `found` with each parameter of the call: the callee's local and the DIE's offset.
fn search<'f>(
    unit: &Unit<'f>,
    walk: &mut Walk<'_, 'f>,
    (call, next): (CodeOffset, CodeOffset),
    mut found: impl FnMut(u32, usize),
) -> gimli::Result<()> {
    let mut site_depth = None;
    walk.next_die()?;
    while let Some(seen) = walk.next_die()? {
        if site_depth.is_some_and(|depth| seen.depth <= depth) {
            return Ok(());
        }
        let tag = seen.tag();
        if site_depth.is_some() {
            let mut local = None;
            if is_parameter(tag) {
                walk.attributes(|attribute| local = local.or(local_of(unit, &attribute)))?;
            }
            if let Some(local) = local {
                found(local, seen.offset);
            }
            walk.skip_children(seen);
        } else if matches!(tag, gimli::DW_TAG_call_site | gimli::DW_TAG_GNU_call_site) {
            let mut place = Place::default();
            walk.attributes(|attribute| place.note(unit, &attribute))?;
            if place.tail {
                walk.skip_children(seen);
            } else if place.next == Some(next.0) || place.call == Some(call.0) {
                site_depth = Some(seen.depth);
            } else {
                walk.skip_children(seen);
            }
        } else if tag != gimli::DW_TAG_inlined_subroutine && !is_block(tag) {
            walk.skip_children(seen);
        }
    }
    Ok(())
}

/// Where a call site is.
#[derive(Default)]
struct Place {
    call: Option<u64>,
    next: Option<u64>,
    /// The caller's frame was given up for the callee's.
    tail: bool,
}

impl Place {
    fn note<'f>(&mut self, unit: &Unit<'f>, attribute: &Attribute<Reader<'f>>) {
        let address = || unit.dwarf.attr_address(&unit.unit, attribute.value()).ok().flatten();
        match attribute.name() {
            gimli::DW_AT_call_return_pc | gimli::DW_AT_low_pc => self.next = address(),
            gimli::DW_AT_call_pc => self.call = address(),
            gimli::DW_AT_call_tail_call | gimli::DW_AT_GNU_tail_call => {
                self.tail = attribute.value() == AttributeValue::Flag(true);
            }
            _ => {}
        }
    }
}

/// The callee's local that a parameter's DW_AT_location names.
fn local_of<'f>(unit: &Unit<'f>, attribute: &Attribute<Reader<'f>>) -> Option<u32> {
    let expression = match (attribute.name(), attribute.value()) {
        (gimli::DW_AT_location, AttributeValue::Exprloc(expression)) => expression,
        (gimli::DW_AT_location, AttributeValue::Block(block)) => gimli::Expression(block),
        _ => return None,
    };
    match only(expression, unit.unit.encoding())? {
        gimli::Operation::WasmLocal { index } => Some(index),
        _ => None,
    }
}

fn is_parameter(tag: gimli::DwTag) -> bool {
    matches!(tag, gimli::DW_TAG_call_site_parameter | gimli::DW_TAG_GNU_call_site_parameter)
}

/// Compilers number abbreviations from 1 on.
fn has_parameters(abbreviations: &Abbreviations) -> bool {
    (1u64..).map_while(|code| abbreviations.get(code)).any(|abbreviation| is_parameter(abbreviation.tag()))
}
