//! A variable's location attribute to its `Location` at a pc: expression, location list or constant (DWARF 5
//! section 2.6).

use std::rc::Rc;

use gimli::{AttributeValue, UnitOffset};

use super::Reader;
use super::attribute::{self, Entry};
use super::debug_info::{DebugInfo, DieRef, Unit};
use super::evaluate::{Evaluator, broken, unavailable};
use super::location::{Absence, ExprContext, Location};
use crate::error::{Error, Result};
use crate::limits::MAX_LOCATION_LIST_ENTRIES;
use crate::wasm::CodeOffset;
use crate::wasm::value::ValueType;

/// Where a frame stands.
#[derive(Debug, Clone, Copy)]
pub struct Stand {
    pub pc: CodeOffset,
    /// Where the block begins that has the variable; an expression that holds all through it means the operands that
    /// were there then. None: not known.
    pub scope: Option<CodeOffset>,
}

impl Stand {
    /// At `pc`, in a block of which nothing is known.
    pub fn at(pc: CodeOffset) -> Self {
        Stand { pc, scope: None }
    }
}

/// The location of the variable at `die` when its frame is at `at`: its DW_AT_location (expression or list), else its
/// DW_AT_const_value. Never fails: what cannot be evaluated is `Location::Absent` with the reason.
pub fn variable_location(info: &DebugInfo<'_>, die: DieRef, at: Stand, context: &dyn ExprContext) -> Location {
    let found = attribute_location(info, die, gimli::DW_AT_location, at, context);
    found.unwrap_or_else(|error| unavailable(&error))
}

/// The address that DW_OP_fbreg counts from in the function at `die`.
///
/// # Errors
/// The function has no frame base, or it needs what `context` does not have.
pub fn frame_base(info: &DebugInfo<'_>, die: DieRef, pc: CodeOffset, context: &dyn ExprContext) -> Result<u64> {
    match attribute_location(info, die, gimli::DW_AT_frame_base, Stand::at(pc), context)? {
        // A description of a place and one of a value both mean the number itself.
        Location::Memory { address } => Ok(address),
        Location::Computed { bytes } => {
            let mut word = [0u8; 8];
            let size = bytes.len().min(usize::from(info.unit(die.unit)?.address_size())).min(8);
            if let (Some(to), Some(from)) = (word.get_mut(..size), bytes.get(..size)) {
                to.copy_from_slice(from);
            }
            Ok(u64::from_le_bytes(word))
        }
        Location::Absent(Absence::Unavailable(reason)) => Err(Error::Absent(format!("frame base: {reason}"))),
        _ => Err(Error::Absent("the function has no frame base".into())),
    }
}

/// Where the virtual base that the member at `die` describes lies in the object at address `object`.
pub fn member_location(info: &DebugInfo<'_>, die: DieRef, object: u64, context: &dyn ExprContext) -> Result<Location> {
    let unit = info.unit(die.unit)?;
    let entry = unit.unit.entry(UnitOffset(die.offset as usize)).map_err(|e| broken(&e))?;
    match entry.attr_value(gimli::DW_AT_data_member_location) {
        Some(AttributeValue::Exprloc(expression)) => Evaluator::new(unit, context).run(expression, Some(object)),
        _ => Err(Error::malformed("the base class has no location")),
    }
}

/// What a call site says that its parameter at `die` was given (DW_AT_call_value): the bits of a value of type `kind`,
/// computed in the caller's frame.
///
/// # Errors
/// It says nothing, or needs what `context` does not have.
pub fn call_value(info: &DebugInfo<'_>, die: DieRef, kind: ValueType, context: &dyn ExprContext) -> Result<u64> {
    let unit = info.unit(die.unit)?;
    let entry = unit.unit.entry(UnitOffset(die.offset as usize)).map_err(|e| broken(&e))?;
    info.count_dies(1);
    let names = [gimli::DW_AT_call_value, gimli::DW_AT_GNU_call_site_value];
    let expression = match names.iter().find_map(|name| entry.attr_value(*name)) {
        Some(AttributeValue::Exprloc(expression)) => expression,
        Some(AttributeValue::Block(block)) => gimli::Expression(block),
        _ => return Err(Error::Absent("the call site does not say what it passes".into())),
    };
    Evaluator::new(unit, context).bits_of(expression, kind)
}

fn attribute_location(
    info: &DebugInfo<'_>,
    die: DieRef,
    name: gimli::DwAt,
    at: Stand,
    context: &dyn ExprContext,
) -> Result<Location> {
    let unit = info.unit(die.unit)?;
    let evaluator = Evaluator::new(unit, context).with_operands_of(at.scope);
    match info.attribute(die, name)? {
        Some(AttributeValue::Exprloc(expression)) => evaluator.evaluate(expression),
        Some(AttributeValue::Block(block)) => evaluator.evaluate(gimli::Expression(block)),
        Some(value) => match expression_at(unit, value, at.pc)? {
            Some((begin, expression)) => evaluator.with_operands_of(begin).evaluate(expression),
            None => Ok(Location::Absent(Absence::OptimizedOut)),
        },
        None if name == gimli::DW_AT_location => {
            let entry = unit.unit.entry(UnitOffset(die.offset as usize)).map_err(|e| broken(&e))?;
            Ok(constant_value(unit, &entry))
        }
        None => Err(Error::Absent("the function has no frame base".into())),
    }
}

/// The entry of a location list that covers `pc`, and where it begins; the default entry covers everything.
fn expression_at<'f>(
    unit: &Unit<'f>,
    value: AttributeValue<Reader<'f>>,
    pc: CodeOffset,
) -> Result<Option<(Option<CodeOffset>, gimli::Expression<Reader<'f>>)>> {
    let list = unit.dwarf.attr_locations(&unit.unit, value).map_err(|e| broken(&e))?;
    let Some(mut list) = list else {
        return Err(Error::malformed("the location has a form that is neither expression nor list"));
    };
    let mut default = None;
    let mut left = MAX_LOCATION_LIST_ENTRIES;
    while let Some(entry) = list.next().map_err(|e| broken(&e))? {
        left = left.checked_sub(1).ok_or_else(|| {
            Error::Limit(format!("its location list has more than {MAX_LOCATION_LIST_ENTRIES} entries"))
        })?;
        if entry.range.begin <= pc.0 && pc.0 < entry.range.end {
            if entry.range.begin == 0 && entry.range.end == u64::MAX {
                default = Some((None, entry.data));
                continue;
            }
            return Ok(Some((Some(CodeOffset(entry.range.begin)), entry.data)));
        }
    }
    Ok(default)
}

/// DW_AT_const_value: the value itself, of an inlined call or a constant that needs no storage.
fn constant_value(unit: &Unit<'_>, entry: &Entry<'_>) -> Location {
    let at = gimli::DW_AT_const_value;
    let bytes: Rc<[u8]> = match entry.attr_value(at) {
        Some(AttributeValue::Block(block)) => block.slice().into(),
        Some(AttributeValue::Exprloc(expression)) => expression.0.slice().into(),
        Some(AttributeValue::String(text)) => text.slice().into(),
        Some(value @ (AttributeValue::DebugStrRef(_) | AttributeValue::DebugStrOffsetsIndex(_))) => {
            match unit.dwarf.attr_string(&unit.unit, value) {
                Ok(text) => text.slice().into(),
                Err(error) => return unavailable(&broken(&error)),
            }
        }
        Some(AttributeValue::Addr(address)) => address.to_le_bytes().into(),
        _ => match attribute::constant(entry, at) {
            Some((bits, _)) => bits.to_le_bytes().into(),
            None => return Location::Absent(Absence::OptimizedOut),
        },
    };
    Location::Computed { bytes }
}
