//! What the dataflow says of the stack pointer at each distinct place of code on a stack.

use ahash::AHashMap as HashMap;

use super::chain::Missing;
use crate::target::dataflow::Flows;
use crate::target::physical::{PhysicalFrame, Recorded};
use crate::wasm::value::ValueType;
use crate::wasm::{FuncIdx, FuncOffset, GlobalIdx};

/// What the dataflow says of one place of code.
pub(super) struct Place {
    /// The stack pointer; none if the module has none.
    pub(super) global: Option<GlobalIdx>,
    pub(super) memory64: bool,
    /// How far the stack pointer is from its entry value.
    pub(super) moved: Result<i64, Missing>,
    /// Locals that hold the entry value plus a constant.
    pub(super) anchors: Vec<(u32, i64)>,
}

/// A place of code: which module's dataflow, which function, where, and whether its locals are recorded there.
type PlaceKey = (usize, FuncIdx, Option<FuncOffset>, bool);

/// The distinct places of code of a stack.
pub(super) struct Places(HashMap<PlaceKey, Place>);

impl Places {
    pub(super) fn new(frames: &[PhysicalFrame<'_>]) -> Self {
        let mut offsets: HashMap<(usize, FuncIdx), Vec<FuncOffset>> = HashMap::new();
        let mut distinct: HashMap<PlaceKey, &PhysicalFrame<'_>> = HashMap::new();
        for frame in frames {
            let Some(key) = key(frame) else { continue };
            if distinct.insert(key, frame).is_none() {
                offsets.entry((key.0, key.1)).or_default().extend(key.2);
            }
        }
        let looked_at = distinct.into_iter().filter_map(|(key, frame)| {
            let wanted = offsets.get(&(key.0, key.1)).map_or(&[][..], Vec::as_slice);
            Some((key, look_at(frame.flows.as_deref()?, key, wanted)))
        });
        Places(looked_at.collect())
    }

    pub(super) fn of(&self, frame: &PhysicalFrame<'_>) -> Option<&Place> {
        self.0.get(&key(frame)?)
    }
}

fn key(frame: &PhysicalFrame<'_>) -> Option<PlaceKey> {
    Some((
        std::ptr::from_ref(frame.flows.as_deref()?) as usize,
        frame.func,
        frame.offset,
        !frame.recorded_locals.is_empty(),
    ))
}

/// Ask the dataflow about a place of code; `wanted` are all places of that function.
fn look_at(flows: &Flows<'_>, (_, func, offset, has_locals): PlaceKey, wanted: &[FuncOffset]) -> Place {
    let global = flows.stack_pointer();
    let kind = global.and_then(|g| flows.module().globals().get(g.0 as usize)).map(|g| g.kind);
    let mut place = Place {
        global,
        memory64: kind == Some(ValueType::I64),
        moved: Err(Missing::NoStackPointer),
        anchors: Vec::new(),
    };
    let Some(global) = global else { return place };
    let Some(offset) = offset else {
        place.moved = Err(Missing::NoState("the dump does not say where the frame stands".into()));
        return place;
    };
    // Only recorded locals are worth comparing with what the code makes of all of them; and rarely the stack pointer
    // comes out of memory.
    let restricted = if has_locals { None } else { flows.stack_pointers(func, wanted).ok() };
    let restricted = restricted.filter(|flow| {
        let pointer = flow.state(offset).and_then(|state| state.stack_pointer());
        pointer.is_some_and(|value| flow.distance_from_entry(value).is_some())
    });
    let flow = match restricted.map_or_else(|| flows.function(func, wanted), Ok) {
        Ok(flow) => flow,
        Err(error) => {
            place.moved = Err(Missing::NoState(error.to_string()));
            return place;
        }
    };
    let Some(state) = flow.state(offset) else {
        let why = flow.damage().map_or_else(|| "no path leads to this instruction".into(), |d| d.to_string());
        place.moved = Err(Missing::NoState(why));
        return place;
    };
    let moved = state.stack_pointer().and_then(|value| flow.arena().distance_from_entry(value, global.0));
    place.moved = match moved {
        Some(moved) if moved > 0 => Err(Missing::Raised),
        Some(moved) => Ok(moved),
        None => Err(Missing::Moved),
    };
    place.anchors = (0..)
        .take_while(|_| has_locals)
        .map_while(|index| Some((index, state.local(index)?)))
        .filter_map(|(index, value)| Some((index, flow.arena().distance_from_entry(value, global.0)?)))
        .collect();
    place
}

impl Place {
    /// `address - distance` in the width of the stack pointer.
    pub(super) fn minus(&self, address: u64, distance: i64) -> u64 {
        let difference = address.wrapping_sub(distance as u64);
        if self.memory64 { difference } else { u64::from(difference as u32) }
    }
}

/// Which global a chain follows: instances that share it share the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Chain {
    Shared(u32),
    Own { instance: Option<u32>, global: GlobalIdx },
}

/// The chain that a frame belongs to, by its module's stack pointer.
pub(super) fn chain(frame: &PhysicalFrame<'_>, global: GlobalIdx, recorded: &dyn Recorded) -> Chain {
    match frame.instance.and_then(|instance| recorded.global_identity(instance, global)) {
        Some(identity) => Chain::Shared(identity),
        None => Chain::Own { instance: frame.instance, global },
    }
}

impl Chain {
    /// A frame of that instance may move this chain's stack pointer.
    pub(super) fn may_be_moved_by(&self, instance: Option<u32>, recorded: &dyn Recorded) -> bool {
        match self {
            Chain::Shared(identity) => instance.is_none_or(|i| recorded.may_use_global(i, *identity)),
            Chain::Own { instance: own, .. } => *own == instance,
        }
    }
}
