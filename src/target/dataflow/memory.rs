//! What a function's own instructions tell about linear memory: which places hold which values, and how surely.
//!
//! A *fact* says that a place held a value when an instruction stored or loaded it. It is *strong* while nothing
//! since may have written the place, else *weak*: it holds unless memory changed. Two places are known to be apart
//! only if they are the same symbolic base plus distant constants; a store through any other base, a call, and any
//! instruction that is not followed make a fact weak. What surely overwrites a place removes its fact.
//!
//! Weakness is a matter of time: facts carry when they were made, a state carries the latest writes, and so a store
//! costs no walk over the facts. Writes are kept by base, the latest of two different ones; a fact of base B is weak
//! if the latest write of another base is younger than the fact.

use super::domain::{Arena, ExprId, MemorySlotId, Place, Site};
use super::slots::Slots;

/// When something happened in the analysis; counts up with every step, never reused. 0 is before everything.
pub type Time = u32;

/// A place's value and when it was known to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fact {
    pub value: Option<ExprId>,
    since: Time,
}

/// A write: through which base, or through none that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writer {
    Anything,
    Base(Option<ExprId>),
}

/// The latest write to one memory, and the latest by another writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Writes {
    memory: u32,
    latest: (Writer, Time),
    other: Time,
    other_writer: Writer,
}

/// The facts of one state.
#[derive(Debug, Clone, Default)]
pub struct MemoryState {
    facts: Slots<Fact>,
    /// To the memory that was written first: nearly all modules have one, and a state is copied at every branch.
    writes: Option<Writes>,
    other_writes: Vec<Writes>,
    /// The latest call or other instruction that may have written any memory.
    everything: Time,
}

impl MemoryState {
    /// The value of a place and whether the fact is strong.
    pub fn get(&self, arena: &Arena, id: MemorySlotId) -> Option<(ExprId, bool)> {
        let fact = self.facts.get(id.0 as usize);
        Some((fact.value?, self.is_strong(arena, id, fact)))
    }

    /// All facts: the place, its value, and whether nothing since may have written it.
    pub fn facts<'a>(&'a self, arena: &'a Arena) -> impl Iterator<Item = (MemorySlotId, ExprId, bool)> + 'a {
        self.facts.entries().into_iter().filter_map(move |(index, fact)| {
            let id = MemorySlotId(u32::try_from(index).ok()?);
            Some((id, fact.value?, self.is_strong(arena, id, fact)))
        })
    }

    fn is_strong(&self, arena: &Arena, id: MemorySlotId, fact: Fact) -> bool {
        let Some(slot) = arena.slot(id) else { return false };
        if arena.is_shared(slot.memory) || fact.since <= self.everything {
            return false;
        }
        match self.writes.iter().chain(&self.other_writes).find(|w| w.memory == slot.memory) {
            None => true,
            Some(writes) if writes.latest.0 == Writer::Base(slot.base) => fact.since > writes.other,
            Some(writes) => fact.since > writes.latest.1,
        }
    }

    /// The place is known to hold `value` from `now` on: it was just loaded.
    pub fn learn(&mut self, id: MemorySlotId, value: ExprId, now: Time) {
        self.facts.set(id.0 as usize, Fact { value: Some(value), since: now });
    }

    /// `value` is stored into the place.
    pub fn store(&mut self, arena: &Arena, id: MemorySlotId, value: ExprId, now: Time) {
        let Some(slot) = arena.slot(id) else { return };
        self.overwrite(arena, slot.memory, slot.base, slot.offset, Some(u64::from(slot.width)), now);
        self.learn(id, value, now);
    }

    /// Bytes from `base + offset` on are overwritten with something unknown; `length` none: nobody knows how many.
    pub fn overwrite(
        &mut self,
        arena: &Arena,
        memory: u32,
        base: Option<ExprId>,
        offset: u64,
        length: Option<u64>,
        now: Time,
    ) {
        if length == Some(0) {
            return;
        }
        let mask = arena.address_mask(memory);
        // A place that begins up to its width before the range reaches into it. Of an unknown length at least the
        // near places are taken to be gone, which a weak fact would misreport.
        let last = offset.wrapping_add(length.unwrap_or(1 << 16).min(mask) - 1) & mask;
        for near in arena.slots_in(memory, base, offset.wrapping_sub(15) & mask, last) {
            let reaches = arena.slot(near).is_some_and(|s| {
                let ahead = offset.wrapping_sub(s.offset) & mask;
                ahead >= 16 || ahead < u64::from(s.width)
            });
            if reaches {
                self.facts.set(near.0 as usize, Fact::default());
            }
        }
        let writer = if length.is_some() { Writer::Base(base) } else { Writer::Anything };
        self.note_write(memory, writer, now);
    }

    /// Any place of one memory may have been written.
    pub fn disturb(&mut self, memory: u32, now: Time) {
        self.note_write(memory, Writer::Anything, now);
    }

    /// Any place of any memory may have been written: a call.
    pub fn disturb_all(&mut self, now: Time) {
        self.everything = now;
    }

    /// Nothing since the function's entry may have written memory other than the known stores.
    pub fn is_undisturbed(&self) -> bool {
        self.everything == 0 && self.writes.is_none()
    }

    /// The value of a place has another name from here on.
    pub fn rename(&mut self, id: MemorySlotId, value: ExprId) {
        let fact = self.facts.get(id.0 as usize);
        if fact.value.is_some() {
            self.facts.set(id.0 as usize, Fact { value: Some(value), ..fact });
        }
    }

    /// Something may have written a place.
    pub fn weaken(&mut self, id: MemorySlotId) {
        let fact = self.facts.get(id.0 as usize);
        self.facts.set(id.0 as usize, Fact { since: 0, ..fact });
    }

    /// Forget what a place holds.
    pub fn forget(&mut self, id: MemorySlotId) {
        self.facts.set(id.0 as usize, Fact::default());
    }

    /// What is known of the writes to one memory, if there were any.
    fn writes_mut(&mut self, memory: u32) -> Option<&mut Writes> {
        self.writes.iter_mut().chain(&mut self.other_writes).find(|w| w.memory == memory)
    }

    /// The first writes to a memory.
    fn begin_writes(&mut self, writes: Writes) {
        match self.writes {
            None => self.writes = Some(writes),
            Some(_) => self.other_writes.push(writes),
        }
    }

    fn note_write(&mut self, memory: u32, writer: Writer, now: Time) {
        match self.writes_mut(memory) {
            Some(writes) => {
                if writes.latest.0 != writer || writer == Writer::Anything {
                    (writes.other, writes.other_writer) = (writes.latest.1, writes.latest.0);
                }
                writes.latest = (writer, now);
            }
            None => {
                self.begin_writes(Writes { memory, latest: (writer, now), other: 0, other_writer: Writer::Anything });
            }
        }
    }

    /// Join with the state of another path. `thorough` looks at every fact (a loop's header must, since its way back
    /// may weaken facts that it does not touch). Returns whether a fact of `self` changed or became weaker, and the
    /// number of facts looked at.
    pub fn join(&mut self, other: &MemoryState, arena: &mut Arena, join: Join) -> (bool, usize) {
        let pairs: Vec<(usize, Fact, Fact)> = match join.thorough {
            true => self.facts.entries().into_iter().map(|(i, mine)| (i, mine, other.facts.get(i))).collect(),
            false => self.facts.differing(&other.facts),
        };
        let (mut changed, mut work) = (false, 0);
        let mut updates = Vec::new();
        for (index, mine, theirs) in pairs {
            work += 1;
            let Some(value) = mine.value else { continue };
            let id = MemorySlotId(index as u32);
            let strong = self.is_strong(arena, id, mine);
            let joined = match theirs.value {
                None => Fact::default(),
                Some(their_value) => {
                    let both = strong && other.is_strong(arena, id, theirs);
                    let merged = if value == their_value {
                        value
                    } else {
                        arena.phi(join.site, Place::Memory(id), join.way, (value, their_value))
                    };
                    Fact { value: Some(merged), since: if both { join.now } else { 0 } }
                }
            };
            changed |= joined.value != mine.value || (strong && joined.since == 0);
            if joined != mine {
                updates.push((index, joined));
            }
        }
        for (index, fact) in updates {
            self.facts.set(index, fact);
        }
        self.join_writes(other);
        (changed, work)
    }

    /// The latest writes of both paths. Facts that the paths share are older than both, so that the later counts.
    fn join_writes(&mut self, other: &MemoryState) {
        self.everything = self.everything.max(other.everything);
        for theirs in other.writes.iter().chain(&other.other_writes) {
            let Some(mine) = self.writes_mut(theirs.memory) else {
                self.begin_writes(*theirs);
                continue;
            };
            if mine == theirs {
                continue;
            }
            let mut all =
                [mine.latest, (mine.other_writer, mine.other), theirs.latest, (theirs.other_writer, theirs.other)];
            all.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
            let [latest, rest @ ..] = all;
            let other = rest.into_iter().find(|(writer, _)| *writer != latest.0 || *writer == Writer::Anything);
            let (other_writer, other) = other.unwrap_or((Writer::Anything, 0));
            *mine = Writes { memory: theirs.memory, latest, other, other_writer };
        }
    }
}

/// Where and when two states are joined.
#[derive(Debug, Clone, Copy)]
pub struct Join {
    pub site: Site,
    /// The number of the path that joins; that of the first into a join is 0.
    pub way: u32,
    pub now: Time,
    /// Every fact is looked at, not only those that differ.
    pub thorough: bool,
    /// Locals that differ are unknown from here on.
    pub forgets: bool,
}
