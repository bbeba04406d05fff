//! Stack pointers from the oldest frame, where the chain from the youngest is broken.
//!
//! An assumption, quarantined here: the thread began with the initial value of its stack pointer's global. Whatever
//! rests on it is marked as assumed.

use ahash::AHashMap as HashMap;

use super::chain::{FrameStack, Known, Origin, ShadowStack};
use super::place::{Chain, Places, chain};
use crate::target::physical::{PhysicalFrame, Recorded};
use crate::wasm::module::ExternalKind;

/// From the oldest frame down to where a chain broke: the thread began with the global's initial value. That is an
/// assumption (an embedder may have set the global before), and is given up if any frame contradicts it.
pub(super) fn fill_from_oldest(
    stack: &mut ShadowStack,
    frames: &[PhysicalFrame<'_>],
    places: &Places,
    recorded: &dyn Recorded,
) {
    let mut chains: HashMap<Chain, Vec<usize>> = HashMap::new();
    for (index, frame) in frames.iter().enumerate() {
        if let Some(global) = places.of(frame).and_then(|p| p.global) {
            chains.entry(chain(frame, global, recorded)).or_default().push(index);
        }
    }
    for (chain, members) in chains {
        let is_broken = |index: &&usize| stack.frames.get(**index).is_some_and(|f| f.entry.is_none());
        if !members.iter().any(|index| is_broken(&index)) {
            continue;
        }
        // Down to the oldest frame that cannot be followed and may have moved the stack pointer.
        let strays = frames.iter().enumerate().rev().filter(|(_, f)| places.of(f).is_none());
        let end = strays.into_iter().find(|(_, f)| chain.may_be_moved_by(f.instance, recorded));
        let first = end.map_or(0, |(index, _)| members.partition_point(|m| *m < index));
        let members = members.get(first..).unwrap_or_default();
        let Some(filled) = walk_down(stack, frames, places, members) else { continue };
        for (index, frame) in filled {
            if let Some(place) = stack.frames.get_mut(index) {
                *place = frame;
            }
        }
    }
}

/// The frames of one chain with what the oldest end tells; none if it tells nothing or something else.
fn walk_down(
    stack: &ShadowStack,
    frames: &[PhysicalFrame<'_>],
    places: &Places,
    members: &[usize],
) -> Option<Vec<(usize, FrameStack)>> {
    let oldest = frames.get(*members.last()?)?;
    let global = places.of(oldest)?.global?;
    if !is_outermost(oldest) {
        return None;
    }
    let initial = oldest.module()?.globals().get(global.0 as usize)?.initial?.as_address()?;
    let mut next = Known { address: initial, origin: Origin::InitialValue(global), assumed: true };
    let mut filled = Vec::new();
    for index in members.iter().rev() {
        let place = places.of(frames.get(*index)?)?;
        let mut frame = stack.frames.get(*index)?.clone();
        if frame.entry.as_ref().is_some_and(|known| known.address != next.address) {
            return None;
        }
        frame.entry = frame.entry.or(Some(next));
        let Ok(moved) = place.moved else {
            filled.push((*index, frame));
            break;
        };
        let entry = frame.entry.as_ref()?.address;
        let here = Known { address: place.minus(entry, moved.wrapping_neg()), origin: Origin::Entry, assumed: true };
        if frame.pointer.as_ref().is_some_and(|known| known.address != here.address) {
            return None;
        }
        next = Known { origin: Origin::Caller { frame: *index }, ..here.clone() };
        frame.pointer = frame.pointer.or(Some(here));
        frame.missing = None;
        filled.push((*index, frame));
    }
    Some(filled)
}

/// The function is one that an embedder calls: the stack was not cut.
fn is_outermost(frame: &PhysicalFrame<'_>) -> bool {
    frame.module().is_some_and(|module| {
        module.exports().iter().any(|e| e.kind == ExternalKind::Function && e.index == frame.func.0)
    })
}
