//! The symbolic values of one function body, hash-consed: equal expressions have equal ids.
//!
//! An expression is built over *atoms*: what the function was entered with, what a call returned, what a place held
//! when an instruction ran, and what a place holds where paths meet. An atom that names an instruction (a `Site`)
//! means its latest execution. That is unambiguous, since an atom made in a loop never outlives the loop's next
//! round under its own name: the loop's header turns whatever differs into a `Phi` of the header.
//! Ids grow with construction, so operands always have smaller ids than the expression over them: walks need no
//! recursion and cannot meet a cycle.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use ahash::AHashMap as HashMap;

use super::op::Op;
use crate::wasm::FuncOffset;
use crate::wasm::module::MemoryKind;
use crate::wasm::value::{ValueType, WasmValue};

/// Handle of an expression, valid in the `Arena` that made it; counts from 1, so that an optional one is as small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(NonZeroU32);

impl ExprId {
    pub(super) fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// Handle of a place in linear memory, valid in the `Arena` that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MemorySlotId(pub(super) u32);

/// An instruction by its offset in the body. Joins that are no instruction have ids of their own: 0 (where no
/// instruction stands) is the end of the function, and the byte after a `try` is the join of its handlers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Site(pub(super) u32);

impl Site {
    /// The site of the instruction at `offset`; bodies are shorter than 2^32 bytes by their size field.
    pub fn at(offset: FuncOffset) -> Site {
        Site(u32::try_from(offset.0).unwrap_or(u32::MAX))
    }

    /// Where it stands in the body.
    pub fn offset(self) -> FuncOffset {
        FuncOffset(u64::from(self.0))
    }
}

/// A place that can hold a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    Local(u32),
    /// Operand-stack slot, the deepest is 0.
    Operand(u32),
    Global(u32),
    Memory(MemorySlotId),
}

/// `width` bytes of a linear memory at `base + offset`, modulo the size of the address space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MemorySlot {
    pub memory: u32,
    /// None: the address is `offset` alone.
    pub base: Option<ExprId>,
    pub offset: u64,
    /// Bytes: 1, 2, 4, 8 or 16.
    pub width: u8,
}

impl MemorySlot {
    /// The slots have a byte in common. Only for slots of one memory and one base; others may or may not.
    pub fn overlaps(&self, other: &MemorySlot, memory64: bool) -> bool {
        let mask = if memory64 { u64::MAX } else { u64::from(u32::MAX) };
        let ahead = other.offset.wrapping_sub(self.offset) & mask;
        let behind = self.offset.wrapping_sub(other.offset) & mask;
        ahead < u64::from(self.width) || behind < u64::from(other.width)
    }
}

/// One symbolic value.
///
/// The contents of memory are i32 when 1, 2 or 4 bytes wide (zero-extended), i64 when 8, v128 when 16.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expr {
    /// Bits are zero-extended to 64; of v128 only the values below 2^64; a null reference is 0.
    Const {
        kind: ValueType,
        bits: u64,
    },
    /// What the function was called with.
    Param(u32),
    /// What a global held when the function was entered.
    GlobalEntry(u32),
    Unary(Op, ExprId),
    Binary(Op, ExprId, ExprId),
    /// `then` if the condition is not 0.
    Select {
        condition: ExprId,
        then: ExprId,
        otherwise: ExprId,
    },
    /// The result of that index of the call at `site`.
    CallResult {
        site: Site,
        index: u32,
    },
    /// What the place held when `site` had run: a load's memory, or a global after a call that may have set it.
    Content {
        site: Site,
        place: Place,
    },
    /// What the place holds where several paths meet, at `site`; `Arena::phi_operands` tells what they bring.
    Phi {
        site: Site,
        place: Place,
    },
    /// The result of that index of an instruction that is not followed.
    Opaque {
        site: Site,
        index: u32,
    },
}

/// What the paths into a join bring along for one place.
#[derive(Debug, Clone)]
pub struct PhiOperands {
    pub(super) id: ExprId,
    pub(super) site: Site,
    /// Runs of paths by number, the first and the last of each, with what they bring; those in no run bring the phi
    /// itself.
    pub(super) ways: Vec<(u32, u32, ExprId)>,
    /// There are more than are kept.
    pub(super) truncated: bool,
    /// The join is a loop's header: operands of the way back are values of the round before.
    pub is_loop: bool,
    /// The join was reached since it was last forgotten.
    pub(super) alive: bool,
}

/// All phis of one function, as of the latest walk over their joins.
#[derive(Debug, Default)]
pub(super) struct Phis {
    pub(super) all: Vec<PhiOperands>,
    pub(super) ids: HashMap<(Site, Place), usize>,
    /// By expression: the entry of a phi, and nothing that is of use for others.
    pub(super) entries: Vec<u32>,
    /// Those of each join that was reached.
    pub(super) sites: HashMap<Site, Vec<(Place, usize)>>,
}

/// All expressions of one function. The maps hash quickly with a key that differs from run to run: nobody can choose
/// constants that collide, and the number of entries is bounded by the budget of steps.
#[derive(Debug, Default)]
pub struct Arena {
    exprs: Vec<Expr>,
    kinds: Vec<Option<ValueType>>,
    fixed: Vec<bool>,
    /// For each expression the instruction that made it first.
    makers: Vec<Site>,
    /// The instruction that is looked at.
    pub(super) current: Site,
    ids: HashMap<Expr, ExprId>,
    slots: Vec<MemorySlot>,
    slot_ids: HashMap<MemorySlot, MemorySlotId>,
    slots_by_base: HashMap<(u32, Option<ExprId>), BTreeMap<u64, Vec<MemorySlotId>>>,
    pub(super) phis: Phis,
    memories: Vec<MemoryTraits>,
}

/// What the analysis must know of a memory.
#[derive(Debug, Clone, Copy)]
struct MemoryTraits {
    memory64: bool,
    shared: bool,
}

impl Arena {
    /// An arena for a function of a module with these memories.
    pub(super) fn new(memories: &[MemoryKind]) -> Self {
        let traits = |m: &MemoryKind| MemoryTraits { memory64: m.memory64, shared: m.shared };
        Arena { memories: memories.iter().map(traits).collect(), ..Arena::default() }
    }

    /// Expect so many expressions.
    pub(super) fn reserve(&mut self, count: usize) {
        self.exprs.reserve(count);
        self.kinds.reserve(count);
        self.fixed.reserve(count);
        self.makers.reserve(count);
        self.ids.reserve(count);
    }

    /// Other threads may write the memory at any time; so may they one that the module does not tell of.
    pub fn is_shared(&self, memory: u32) -> bool {
        self.memories.get(memory as usize).is_none_or(|m| m.shared)
    }

    /// Addresses of the memory are 64 bits wide.
    pub fn is_memory64(&self, memory: u32) -> bool {
        self.memories.get(memory as usize).is_some_and(|m| m.memory64)
    }

    /// The largest address that fits the memory's address type.
    pub fn address_mask(&self, memory: u32) -> u64 {
        if self.is_memory64(memory) { u64::MAX } else { u64::from(u32::MAX) }
    }

    /// The expression of an id.
    pub fn expr(&self, id: ExprId) -> Expr {
        // An id comes from this arena; one of another arena reads as something unknown, never as a wrong value.
        self.exprs.get(id.index()).copied().unwrap_or(Expr::Opaque { site: Site(u32::MAX), index: id.0.get() })
    }

    /// The type of its value; none where an instruction's result type is not followed.
    pub fn kind(&self, id: ExprId) -> Option<ValueType> {
        self.kinds.get(id.index()).copied().flatten()
    }

    /// The id of an expression, if this function has it; phis are not found so.
    pub fn find(&self, expr: Expr) -> Option<ExprId> {
        self.ids.get(&expr).copied()
    }

    /// The value is the same during the whole call: made of what the function was entered with.
    pub fn is_fixed(&self, id: ExprId) -> bool {
        self.fixed.get(id.index()).copied().unwrap_or(false)
    }

    /// The instruction that made the expression first; none for what a function is entered with.
    pub fn maker(&self, id: ExprId) -> Option<FuncOffset> {
        self.makers.get(id.index()).filter(|site| **site != Site::default()).map(|site| site.offset())
    }

    fn is_made_of_fixed(&self, expr: Expr) -> bool {
        match expr {
            Expr::Const { .. } | Expr::Param(_) | Expr::GlobalEntry(_) => true,
            Expr::Unary(_, a) => self.is_fixed(a),
            Expr::Binary(_, a, b) => self.is_fixed(a) && self.is_fixed(b),
            Expr::Select { condition, then, otherwise } => {
                self.is_fixed(condition) && self.is_fixed(then) && self.is_fixed(otherwise)
            }
            Expr::CallResult { .. } | Expr::Content { .. } | Expr::Phi { .. } | Expr::Opaque { .. } => false,
        }
    }

    /// What an expression is computed from: its operands, and the address of memory's content.
    pub fn sources(&self, id: ExprId) -> Vec<ExprId> {
        match self.expr(id) {
            Expr::Unary(_, a) => vec![a],
            Expr::Binary(_, a, b) => vec![a, b],
            Expr::Select { condition, then, otherwise } => vec![condition, then, otherwise],
            Expr::Content { place: Place::Memory(slot), .. } => {
                self.slot(slot).and_then(|slot| slot.base).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// `part` is an operand of `whole`, of an operand of it, and so on `depth` times, or the same.
    pub fn contains(&self, whole: ExprId, part: ExprId, depth: usize) -> bool {
        let mut level = vec![whole];
        for _ in 0..=depth {
            if level.contains(&part) {
                return true;
            }
            let operands = |id: &ExprId| match self.expr(*id) {
                Expr::Unary(_, a) => [Some(a), None],
                Expr::Binary(_, a, b) => [Some(a), Some(b)],
                _ => [None, None],
            };
            level = level.iter().flat_map(operands).flatten().collect();
        }
        false
    }

    /// The place in memory of an id.
    pub fn slot(&self, id: MemorySlotId) -> Option<MemorySlot> {
        self.slots.get(id.0 as usize).copied()
    }

    /// Number of expressions.
    pub fn len(&self) -> usize {
        self.exprs.len()
    }

    /// No expression was made yet.
    pub fn is_empty(&self) -> bool {
        self.exprs.is_empty()
    }

    /// Number of places in memory.
    pub fn slot_count(&self) -> usize {
        self.slots.len()
    }

    /// The constant's bits, if it is one.
    pub fn constant(&self, id: ExprId) -> Option<u64> {
        match self.expr(id) {
            Expr::Const { bits, .. } => Some(bits),
            _ => None,
        }
    }

    /// `id` as a base and a constant distance from it, as additions are normalised; a constant has no base.
    pub fn split(&self, id: ExprId) -> (Option<ExprId>, u64) {
        match self.expr(id) {
            Expr::Const { bits, .. } => (None, bits),
            Expr::Binary(Op::I32Add | Op::I64Add, base, distance) => match self.constant(distance) {
                Some(bits) => (Some(base), bits),
                None => (Some(id), 0),
            },
            _ => (Some(id), 0),
        }
    }

    /// How far `id` lies from what global `global` held at entry, if it is that global plus a constant.
    pub fn distance_from_entry(&self, id: ExprId, global: u32) -> Option<i64> {
        let (base, distance) = self.split(id);
        let base = base?;
        if self.expr(base) != Expr::GlobalEntry(global) {
            return None;
        }
        Some(match self.kind(base) {
            Some(ValueType::I64) => distance as i64,
            _ => i64::from(distance as u32 as i32),
        })
    }

    /// The id of an atom or of an expression that needs no simplification.
    pub(super) fn intern(&mut self, expr: Expr, kind: Option<ValueType>) -> ExprId {
        if let Some(id) = self.ids.get(&expr) {
            return *id;
        }
        let id = self.push(expr, kind);
        self.ids.insert(expr, id);
        id
    }

    /// The id of an expression that is not there yet, and that nobody looks for by what it is.
    pub(super) fn push(&mut self, expr: Expr, kind: Option<ValueType>) -> ExprId {
        let count = u32::try_from(self.exprs.len()).unwrap_or(u32::MAX);
        let id = ExprId(NonZeroU32::MIN.saturating_add(count));
        self.exprs.push(expr);
        self.kinds.push(kind);
        self.fixed.push(self.is_made_of_fixed(expr));
        self.makers.push(self.current);
        self.ids.insert(expr, id);
        id
    }

    /// The id of a place in memory.
    pub(super) fn intern_slot(&mut self, slot: MemorySlot) -> MemorySlotId {
        if let Some(id) = self.slot_ids.get(&slot) {
            return *id;
        }
        let id = MemorySlotId(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        self.slots.push(slot);
        self.slot_ids.insert(slot, id);
        let neighbours = self.slots_by_base.entry((slot.memory, slot.base)).or_default();
        neighbours.entry(slot.offset).or_default().push(id);
        id
    }

    /// Slots with the same memory and base whose offset is in `offsets`, which may wrap around the address space.
    pub(super) fn slots_in(&self, memory: u32, base: Option<ExprId>, first: u64, last: u64) -> Vec<MemorySlotId> {
        let Some(by_offset) = self.slots_by_base.get(&(memory, base)) else { return Vec::new() };
        let ranges = if first <= last { [(first, last), (1, 0)] } else { [(first, u64::MAX), (0, last)] };
        let ranges = ranges.into_iter().filter(|(first, last)| first <= last);
        ranges.flat_map(|(first, last)| by_offset.range(first..=last)).flat_map(|(_, ids)| ids).copied().collect()
    }

    /// A constant of up to 64 bits.
    pub(super) fn constant_of(&mut self, kind: ValueType, bits: u64) -> ExprId {
        self.intern(Expr::Const { kind, bits }, Some(kind))
    }

    /// A constant; none for one that is wider than 64 bits.
    pub(super) fn constant_value(&mut self, value: WasmValue) -> Option<ExprId> {
        let kind = match value {
            WasmValue::I32(_) => ValueType::I32,
            WasmValue::I64(_) => ValueType::I64,
            WasmValue::F32(_) => ValueType::F32,
            WasmValue::F64(_) => ValueType::F64,
            WasmValue::V128(_) => ValueType::V128,
            WasmValue::Ref | WasmValue::Missing => return None,
        };
        Some(self.constant_of(kind, u64::try_from(value.bits()?).ok()?))
    }
}
