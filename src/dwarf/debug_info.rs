//! The debug information of one module: the questions that the rest of the program asks.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use ahash::AHashMap as HashMap;
use gimli::{LittleEndian, UnitOffset};

use super::Reader;
use super::call_site::{CallSite, CallSites};
use super::description::{Description, qualified};
use super::function::{BodyAt, Call, Calls, Function, code_of};
use super::index::{Index, IndexedName};
use super::language::Language;
use super::line::SourceLocation;
use super::names::Kind;
use super::outline::Outline;
use super::place::Placement;
use super::source::{self, LineCode, SourceFile};
use super::split::{Opener, SplitFiles, SplitPlaces};
pub use super::unit::{DieRef, InfoId, Unit, UnitId};
use super::units::{Counters, Units};
use super::variable::{self, VariableDie, Variables};
use crate::error::{Error, Result};
use crate::wasm::CodeOffset;
use crate::wasm::section::{Section, id};

/// The debug information of one module.
pub struct DebugInfo<'f> {
    units: Units<'f>,
    placement: Placement,
    calls: Calls<'f>,
    call_sites: CallSites,
    variables: Variables,
    index: Index<'f>,
    /// By DIE, see `attribute`.
    attributes: RefCell<HashMap<(DieRef, gimli::DwAt), Option<AttributeValue<'f>>>>,
}

type AttributeValue<'f> = gimli::AttributeValue<Reader<'f>>;

impl<'f> DebugInfo<'f> {
    /// Over the debug sections among `sections`; none if there are none.
    pub fn new(id: InfoId, sections: &[Section<'f>]) -> Option<Self> {
        let find = |name: &str| sections.iter().find(|s| s.id == id::CUSTOM && s.name == name);
        find(".debug_info")?;
        let load = |section: gimli::SectionId| -> gimli::Result<Reader<'f>> {
            let data = find(section.name()).map(|s| s.data).unwrap_or_default();
            Ok(gimli::EndianSlice::new(data, LittleEndian))
        };
        let dwarf = gimli::Dwarf::load(load).ok()?;
        let units = Units::new(id, dwarf);
        Some(DebugInfo {
            units,
            placement: Placement::default(),
            calls: Calls::default(),
            call_sites: CallSites::default(),
            variables: Variables::default(),
            index: Index::default(),
            attributes: RefCell::default(),
        })
    }

    /// Look for `.dwo` and `.dwp` files in `places` and beside the file at `module`.
    pub fn with_split_files(mut self, module: &Path, places: SplitPlaces, open: Opener<'f>) -> Self {
        self.units.set_split_files(SplitFiles::new(module, places, open));
        self
    }

    /// Know where function bodies begin: DWARF may claim more code for a function than it has.
    pub fn with_bodies(mut self, body_at: BodyAt<'f>) -> Self {
        self.calls = self.calls.with_bodies(body_at);
        self
    }

    /// This module's number in the program.
    pub fn id(&self) -> InfoId {
        self.units.id()
    }

    /// Number of units.
    pub fn unit_count(&self) -> u32 {
        self.units.count()
    }

    /// A unit, parsed at its first use; a failure is remembered.
    pub fn unit(&self, id: UnitId) -> Result<&Unit<'f>> {
        self.units.unit(id)
    }

    /// An attribute of the DIE at `die`, remembered: every frame of a function asks for the same locations. None if the
    /// DIE has none.
    ///
    /// # Errors
    /// The DIE cannot be read.
    pub fn attribute(&self, die: DieRef, at: gimli::DwAt) -> Result<Option<AttributeValue<'f>>> {
        if let Some(known) = self.attributes.borrow().get(&(die, at)) {
            return Ok(*known);
        }
        let broken = |error: gimli::Error| Error::malformed(format!("location: {error}"));
        let entry = self.unit(die.unit)?.unit.entry(UnitOffset(die.offset as usize)).map_err(broken)?;
        self.count_dies(1);
        let value = entry.attr_value(at);
        self.attributes.borrow_mut().insert((die, at), value);
        Ok(value)
    }

    /// What stands where in a unit, read at its first use.
    pub fn outline(&self, id: UnitId) -> Result<&Outline> {
        self.units.outline(id)
    }

    /// The DIE at an offset of `.debug_info` (DW_FORM_ref_addr).
    pub fn die_at(&self, section_offset: usize) -> Option<DieRef> {
        self.units.die_at(section_offset)
    }

    /// The DIE that a reference in `unit` means, in this unit, another one or a type unit; none if it leaves the
    /// module or is no reference.
    pub fn resolve(&self, unit: UnitId, value: gimli::AttributeValue<Reader<'f>>) -> Option<DieRef> {
        self.units.resolve(unit, value)
    }

    /// `name` of the type at `die` with the namespaces and types that enclose it in front.
    pub fn qualified_type(&self, die: DieRef, name: &str, language: Language) -> String {
        qualified(&self.units, die, name, language, false)
    }

    /// What is missing or broken, found so far: sentences for the user.
    pub fn warnings(&self) -> Vec<String> {
        self.units.warnings()
    }

    /// How much was read so far.
    pub fn counters(&self) -> &Counters {
        &self.units.counters
    }

    /// Note that `dies` DIEs were read.
    pub fn count_dies(&self, dies: u64) {
        self.units.count_dies(dies);
    }

    /// Find the units of all of `pcs` in one pass; asking for them one by one costs no more, but stops more often.
    pub fn place(&self, pcs: &[CodeOffset]) {
        self.placement.place(&self.units, pcs);
    }

    /// The functions at `pc`, looked up exactly as given: the innermost inlined one first, the one that is not
    /// inlined last. Empty if the module says nothing about that code.
    ///
    /// # Errors
    /// The unit that has the code cannot be read; the failure is remembered.
    pub fn calls_at(&self, pc: CodeOffset) -> Result<Vec<Call>> {
        self.calls.at(&self.units, &self.placement, pc).map(|calls| calls.to_vec())
    }

    /// What the debug information says of the call at `call` in the code of `subprogram`; `next` finds the
    /// instruction behind it. None if it says nothing, or that the caller's frame is gone (a tail call).
    pub fn call_site(
        &self,
        subprogram: DieRef,
        call: CodeOffset,
        next: impl FnOnce() -> Option<CodeOffset>,
    ) -> Option<Rc<CallSite>> {
        self.call_sites.at(&self.units, subprogram, call, next)
    }

    /// The variables of `function` at `pc`: parameters in order, then locals and statics of the blocks that hold the
    /// pc, innermost block first, each in the order of declaration; shadowed ones are kept.
    ///
    /// # Errors
    /// The function's DIE cannot be read.
    pub fn variables_at(&self, function: &Function, pc: CodeOffset) -> Result<Rc<[VariableDie]>> {
        self.variables.at(&self.units, function, pc)
    }

    /// Variables with static storage in a unit, those of functions among them, in the order of their DIEs.
    ///
    /// # Errors
    /// The unit cannot be read.
    pub fn globals_of(&self, unit: UnitId) -> Result<Rc<[VariableDie]>> {
        self.variables.globals_of(&self.units, unit)
    }

    /// The variable with static storage, the constant or static member at `die`, as `find` gives it; none if it cannot
    /// be read.
    pub fn static_at(&self, die: DieRef) -> Option<VariableDie> {
        variable::static_at(&self.units, die)
    }

    /// The DIEs that `name` means in the whole module. It may be qualified, in full or by its last parts; functions are
    /// found without their generic arguments and by linkage name too. Definitions come in the order of units;
    /// declarations are given where there is no definition. The first question reads all units' names (see
    /// [`super::index`]), later ones none.
    pub fn find(&self, kind: Kind, name: &str) -> Vec<DieRef> {
        self.index.find(&self.units, kind, name)
    }

    /// The same in some units only, which alone are read.
    pub fn find_in_units(&self, units: &[UnitId], kind: Kind, name: &str) -> Vec<DieRef> {
        self.index.find_in_units(&self.units, units, kind, name)
    }

    /// Every name that the module defines of a kind, in no useful order.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = IndexedName<'_, 'f>> {
        self.index.all(&self.units, kind)
    }

    /// The name of a function or variable as its source has it, qualified.
    pub fn full_name(&self, die: DieRef) -> Option<Rc<str>> {
        Description::read(&self.units, die).ok()?.full_name(&self.units)
    }

    /// The function or variable at `die` is visible outside its unit.
    pub fn is_external(&self, die: DieRef) -> bool {
        Description::read(&self.units, die).is_ok_and(|description| description.external)
    }

    /// The DIE of a variable's type, or of a function's result; none if there is none.
    pub fn type_of(&self, die: DieRef) -> Option<DieRef> {
        Description::read(&self.units, die).ok()?.type_die
    }

    /// Where the function, variable or type at `die` is declared.
    pub fn declared(&self, die: DieRef) -> Option<SourceLocation> {
        Description::read(&self.units, die).ok()?.declared(&self.units)
    }

    /// The function at `die`, as `find` gives it.
    ///
    /// # Errors
    /// The DIE cannot be read.
    pub fn function_of(&self, die: DieRef) -> Result<Rc<Function>> {
        self.calls.function_of(&self.units, die)
    }

    /// The code of the function at `die`, in order: begin and exclusive end; empty if it has none of its own.
    pub fn code_of(&self, die: DieRef) -> Vec<(CodeOffset, CodeOffset)> {
        let ranges = code_of(&self.units, die);
        ranges.iter().map(|r| (CodeOffset(u64::from(r.begin)), CodeOffset(u64::from(r.end)))).collect()
    }

    /// The code of a line of the file whose path ends in `file`, of the next line with code if that has none.
    pub fn lines_of(&self, file: &str, line: u32) -> Vec<LineCode> {
        source::code_of_line(&self.units, file, line)
    }

    /// The text of a source file that a unit's line table holds; `file` as in places. None: compilers rarely do that.
    pub fn embedded_source(&self, unit: UnitId, file: &str) -> Option<&'f [u8]> {
        let (lines, unit) = self.unit(unit).ok()?.lines()?;
        lines.embedded_source(file, unit)
    }

    /// A unit's line table knows the source file; `file` as in places.
    pub fn lists_file(&self, unit: UnitId, file: &str) -> bool {
        let lines = self.unit(unit).ok();
        lines.as_ref().and_then(|unit| unit.lines()).is_some_and(|(lines, unit)| lines.lists(file, unit))
    }

    /// The source files whose text line tables hold, sorted, each with a unit for `embedded_source`.
    pub fn embedded_files(&self) -> Vec<(SourceFile, UnitId)> {
        source::embedded_files(&self.units)
    }

    /// All source files that line tables name, sorted.
    pub fn files(&self) -> Vec<SourceFile> {
        source::files(&self.units)
    }
}
