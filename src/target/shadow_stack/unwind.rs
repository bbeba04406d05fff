//! The chain of stack pointers from the youngest frame to the oldest.

use ahash::AHashMap as HashMap;

use super::chain::{FrameStack, Known, Missing, Origin, ShadowStack};
use super::oldest::fill_from_oldest;
use super::place::{Chain, Place, Places, chain};
use crate::target::physical::{PhysicalFrame, Recorded};
use crate::wasm::WasmValue;

/// What the younger frames of a chain leave to the next older one.
#[derive(Debug, Clone, Copy)]
enum Link {
    /// The stack pointer that frame was entered with, and how far it and its callees moved it, in bytes.
    Known {
        address: u64,
        frame: usize,
        moved: u64,
    },
    Broken {
        frame: usize,
    },
}

/// The chains while frames are looked at, the youngest first.
struct Unwinding<'r> {
    recorded: &'r dyn Recorded,
    links: HashMap<Chain, Link>,
    /// Frames that cannot be followed, and their instances.
    strays: Vec<(usize, Option<u32>)>,
}

impl ShadowStack {
    /// Unwind one thread's frames, the youngest first.
    pub fn unwind(frames: &[PhysicalFrame<'_>], recorded: &dyn Recorded) -> Self {
        let places = Places::new(frames);
        let mut unwinding = Unwinding { recorded, links: HashMap::new(), strays: Vec::new() };
        let mut stack = ShadowStack::default();
        for (index, frame) in frames.iter().enumerate() {
            let missing = match places.of(frame) {
                Some(place) if place.global.is_some() => {
                    stack.frames.push(unwinding.step(index, frame, place));
                    continue;
                }
                Some(_) => Missing::NoStackPointer,
                None => {
                    unwinding.strays.push((index, frame.instance));
                    Missing::NoModule
                }
            };
            stack.frames.push(FrameStack { missing: Some(missing), ..FrameStack::default() });
        }
        fill_from_oldest(&mut stack, frames, &places, recorded);
        stack
    }
}

impl Unwinding<'_> {
    /// What the younger frames leave to `frame`; none: it is the first of its chain.
    fn link(&self, chain: &Chain) -> Option<Link> {
        let known = self.links.get(chain).copied();
        // A frame that is not followed may have moved the stack pointer since.
        let since = match known {
            Some(Link::Broken { .. }) => return known,
            Some(Link::Known { frame, .. }) => Some(frame),
            None => None,
        };
        let strays = self.strays.iter().rev().take_while(|(index, _)| since.is_none_or(|since| *index > since));
        let mut strays = strays.filter(|(_, instance)| chain.may_be_moved_by(*instance, self.recorded));
        strays.next().map(|(frame, _)| Link::Broken { frame: *frame }).or(known)
    }

    /// One frame: its stack pointers from what younger frames left, and what it leaves to older ones.
    fn step(&mut self, index: usize, frame: &PhysicalFrame<'_>, place: &Place) -> FrameStack {
        let mut stack = FrameStack::default();
        let Some(global) = place.global else { return stack };
        let chain = chain(frame, global, self.recorded);
        let mut travelled = 0;
        match self.link(&chain) {
            None => {
                match frame.instance.and_then(|i| self.recorded.global(i, global)).and_then(WasmValue::as_address) {
                    Some(address) => {
                        stack.pointer = Some(Known { address, origin: Origin::Global(global), assumed: false })
                    }
                    None => stack.missing = Some(Missing::NotRecorded(global)),
                }
            }
            Some(Link::Known { address, frame, moved }) => {
                travelled = moved;
                stack.pointer = Some(Known { address, origin: Origin::Callee { frame }, assumed: false });
            }
            Some(Link::Broken { frame }) => stack.missing = Some(Missing::Broken { frame }),
        }
        match &place.moved {
            Ok(moved) => {
                travelled = travelled.saturating_add(moved.unsigned_abs());
                let space = if place.memory64 { u64::MAX } else { u64::from(u32::MAX) };
                if travelled <= space {
                    let entry = stack.pointer.as_ref().map(|pointer| place.minus(pointer.address, *moved));
                    stack.entry = entry.map(|address| Known { address, origin: Origin::Entry, assumed: false });
                }
            }
            Err(missing) => stack.missing = stack.missing.or(Some(missing.clone())),
        }
        anchor(&mut stack, frame, place);
        let link = match &stack.entry {
            Some(entry) => Link::Known { address: entry.address, frame: index, moved: travelled },
            None => Link::Broken { frame: index },
        };
        self.links.insert(chain, link);
        stack
    }
}

/// Recorded locals that hold a fixed distance from the entry stack pointer say what it is, and win.
fn anchor(stack: &mut FrameStack, frame: &PhysicalFrame<'_>, place: &Place) {
    let recorded = |(local, distance): &(u32, i64)| {
        let value = frame.recorded_locals.get(*local as usize)?.as_address()?;
        Some((*local, place.minus(value, *distance)))
    };
    let mut told = place.anchors.iter().filter_map(recorded);
    let Some((local, entry)) = told.next() else { return };
    if let Some((other, _)) = told.find(|(_, address)| *address != entry) {
        stack.contradicted_by = Some(other);
        return;
    }
    if stack.entry.as_ref().is_some_and(|known| known.address != entry) {
        stack.contradicted_by = Some(local);
    } else if stack.entry.is_some() {
        return;
    }
    let known = |address| Known { address, origin: Origin::RecordedLocal { index: local }, assumed: false };
    stack.entry = Some(known(entry));
    if let Ok(moved) = place.moved {
        stack.pointer = Some(known(place.minus(entry, moved.wrapping_neg())));
        stack.missing = None;
    }
}
