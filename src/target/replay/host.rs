//! What the host answered when the program asked (WASI preview 1), as far as the dump or the rules tell.
//!
//! Nothing of this machine is asked. What the host wrote into memory is taken from the dump, and holds if it is still
//! there in the end; what can't be told is refused.

use super::linear::Linear;
use crate::target::physical::Recorded;

/// How many strings there are, and their length together with the zeros that end them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sizes {
    pub count: u32,
    pub bytes: u32,
}

impl Sizes {
    /// Of one string.
    pub fn of_one(text: &str) -> Self {
        Sizes { count: 1, bytes: u32::try_from(text.len().saturating_add(1)).unwrap_or(u32::MAX) }
    }
}

/// What the dump cannot tell and is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guess {
    pub arguments: Sizes,
    /// The array of the arguments was given back, and may hold other things by now; so may the first bytes of the first.
    pub is_given_back: bool,
    /// Standard input and output are a terminal.
    pub is_terminal: bool,
}

/// Guesses that are better than one that was wrong.
#[derive(Debug, Default)]
pub(super) struct Better {
    /// One argument, two and so on, as long as these are texts.
    pub likely: Vec<Sizes>,
    /// What follows: people seldom pass nothing, or what is no text.
    pub unlikely: Vec<Sizes>,
}

/// What becomes of a call.
pub(super) enum Answer {
    /// The function's result.
    Errno(u64),
    /// The guess was wrong; these are better ones.
    Other(Better),
    /// Nobody can tell.
    Unknown,
}

/// The host of one run.
pub(super) struct Host<'r> {
    recorded: &'r dyn Recorded,
    instance: u32,
    guess: Guess,
    /// The arguments one behind the other, once they are known.
    arguments: Option<Vec<u8>>,
    /// What was written from the dump: (address, bytes).
    pub taken: Vec<(u64, u64)>,
    /// Bytes that may still be looked at for standard input.
    input_left: u64,
    /// It was asked whether it is a terminal.
    pub asked_for_terminal: bool,
}

/// Most arguments that are looked for.
const MAX_ARGUMENTS: u32 = 32;

/// Most bytes that are taken from the dump at once.
const MAX_TAKEN_BYTES: u64 = 1 << 20;

/// Most buffers of one call.
const MAX_VECTORS: u64 = 1024;

const BAD_DESCRIPTOR: u64 = 8;
const NOT_SEEKABLE: u64 = 70;

impl<'r> Host<'r> {
    pub fn new(recorded: &'r dyn Recorded, instance: u32, guess: Guess) -> Self {
        Host {
            recorded,
            instance,
            guess,
            arguments: None,
            taken: Vec::new(),
            input_left: MAX_TAKEN_BYTES,
            asked_for_terminal: false,
        }
    }

    /// A call of an imported function.
    pub fn call(&mut self, (module, name): (&str, &str), arguments: &[u64], memory: &mut Linear) -> Answer {
        if !matches!(module, "wasi_snapshot_preview1" | "wasi_unstable") {
            return Answer::Unknown;
        }
        // Everything but times is 32 bits wide.
        let of = |index: usize| arguments.get(index).map_or(0, |bits| bits & u64::from(u32::MAX));
        let done = |done: Option<()>| done.map_or(Answer::Unknown, |()| Answer::Errno(0));
        match name {
            "args_sizes_get" => {
                let sizes = self.guess.arguments;
                done(write_sizes(memory, of(0), of(1), sizes))
            }
            "args_get" => self.arguments(of(0), of(1), memory),
            // Wasmtime passes on no environment unless it is told to.
            "environ_sizes_get" => done(write_sizes(memory, of(0), of(1), Sizes { count: 0, bytes: 0 })),
            "environ_get" | "sched_yield" => Answer::Errno(0),
            "fd_write" => done(write(memory, of(0), (of(1), of(2)), of(3))),
            "fd_read" if of(0) == 0 => done(self.read(memory, of(1), (of(2), of(3)))),
            "fd_fdstat_get" if of(0) <= 2 => done(self.describe(memory, of(0), of(1))),
            "fd_seek" | "fd_tell" if of(0) <= 2 => Answer::Errno(NOT_SEEKABLE),
            "fd_prestat_get" => Answer::Errno(BAD_DESCRIPTOR),
            "clock_time_get" => done(self.take(memory, of(2), 8)),
            "clock_res_get" => done(self.take(memory, of(1), 8)),
            "random_get" => done(self.take(memory, of(0), of(1))),
            _ => Answer::Unknown,
        }
    }

    /// What the dump holds at a place that the host wrote.
    fn take(&mut self, memory: &mut Linear, address: u64, length: u64) -> Option<()> {
        if length > MAX_TAKEN_BYTES {
            return None;
        }
        let place = memory.get_mut(address, length)?;
        for (at, byte) in (address..).zip(place) {
            *byte = u8::try_from(self.recorded.memory(self.instance, 0, at, 1)?).ok()?;
        }
        self.taken.push((address, length));
        Some(())
    }

    /// `fd_read` of standard input: what the dump has in the buffers, up to the last byte that is not zero. A buffer that
    /// is read into again met the end.
    fn read(&mut self, memory: &mut Linear, vectors: u64, (count, read): (u64, u64)) -> Option<()> {
        let mut total = 0u64;
        for index in 0..count.min(MAX_VECTORS) {
            let address = memory.load(vectors + 8 * index, 4)?;
            let length = memory.load(vectors + 8 * index + 4, 4)?;
            if self.taken.iter().any(|(known, _)| *known == address) {
                break;
            }
            self.input_left = self.input_left.checked_sub(length)?;
            let is_zero = |at: &u64| self.recorded.memory(self.instance, 0, *at, 1) == Some(0);
            let zeros = (address..address.checked_add(length)?).rev().take_while(is_zero).count() as u64;
            self.take(memory, address, length - zeros)?;
            total += length - zeros;
        }
        memory.store(read, 4, total)
    }

    /// `fd_fdstat_get` of a standard stream as Wasmtime has it.
    fn describe(&mut self, memory: &mut Linear, descriptor: u64, address: u64) -> Option<()> {
        const CHARACTER_DEVICE: u8 = 2;
        const MAY_READ: u64 = 1 << 1;
        const MAY_WRITE: u64 = 1 << 6;
        self.asked_for_terminal = true;
        let place = memory.get_mut(address, 24)?;
        place.fill(0);
        *place.first_mut()? = if self.guess.is_terminal { CHARACTER_DEVICE } else { 0 };
        memory.store(address + 8, 8, if descriptor == 0 { MAY_READ } else { MAY_WRITE })
    }

    /// `args_get`: what the dump has at the place, if it has that many strings of that length there.
    fn arguments(&mut self, vector: u64, buffer: u64, memory: &mut Linear) -> Answer {
        if self.arguments.is_none() {
            let Sizes { count, bytes } = self.guess.arguments;
            let (found, lengths) = self.strings(buffer);
            let pointer = |index: u32| self.recorded.memory(self.instance, 0, vector + 4 * u64::from(index), 4);
            let starts = std::iter::once(0).chain(lengths.iter().copied()).map(|start| buffer + u64::from(start));
            let pointers = (0..).zip(starts).take_while(|(index, start)| pointer(*index) == Some(*start)).count();
            let is_there = pointers == count as usize || self.guess.is_given_back;
            if !is_there || count.checked_sub(1).and_then(|last| lengths.get(last as usize)) != Some(&bytes) {
                let sizes = (1..).zip(&lengths).map(|(count, bytes)| Sizes { count, bytes: *bytes });
                let texts = found.split_inclusive(|byte| *byte == 0).take_while(|text| is_text(text)).count();
                let likely = sizes.clone().take(texts).collect();
                return Answer::Other(Better { likely, unlikely: sizes.skip(texts).collect() });
            }
            self.arguments = Some(found.get(..bytes as usize).unwrap_or_default().to_vec());
        }
        let all = self.arguments.clone().unwrap_or_default();
        let mut next = buffer;
        for (at, text) in (vector..).step_by(4).zip(all.split_inclusive(|byte| *byte == 0)) {
            let written = memory.store(at, 4, next).is_some()
                && memory.get_mut(next, text.len() as u64).map(|place| place.copy_from_slice(text)).is_some();
            if !written {
                return Answer::Unknown;
            }
            next += text.len() as u64;
        }
        Answer::Errno(0)
    }

    /// The strings that the dump has at `buffer`, and the length of the first, of the first two, and so on.
    fn strings(&self, buffer: u64) -> (Vec<u8>, Vec<u32>) {
        const MAX_BYTES: u64 = 1 << 12;
        let (mut bytes, mut lengths) = (Vec::new(), Vec::new());
        let first: Vec<u8> = self.first_argument(buffer).map_or(Vec::new(), |name| name.bytes().chain([0]).collect());
        for (at, index) in (buffer..buffer.saturating_add(MAX_BYTES)).zip(0..) {
            let recorded = || self.recorded.memory(self.instance, 0, at, 1).map(|byte| byte as u8);
            let Some(byte) = first.get(index).copied().or_else(recorded) else { break };
            bytes.push(byte);
            if byte == 0 {
                lengths.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
                if lengths.len() >= MAX_ARGUMENTS as usize {
                    break;
                }
            }
        }
        (bytes, lengths)
    }

    /// The program's name, where the dump has it at `buffer` but for what an allocator puts into memory that is given
    /// back.
    fn first_argument(&self, buffer: u64) -> Option<&'r str> {
        const LINKS_BYTES: usize = 8;
        let name = self.recorded.program_name()?;
        let mut kept = (buffer..).zip(name.bytes().chain([0])).skip(LINKS_BYTES).peekable();
        let is_alone = self.guess.arguments == Sizes::of_one(name);
        if is_alone && self.guess.is_given_back {
            return Some(name);
        }
        kept.peek()?;
        kept.all(|(at, byte)| self.recorded.memory(self.instance, 0, at, 1) == Some(u64::from(byte))).then_some(name)
    }
}

/// The string that a zero ends is one that people type.
fn is_text(text: &[u8]) -> bool {
    let text = std::str::from_utf8(text).ok().and_then(|text| text.strip_suffix('\0'));
    text.is_some_and(|text| !text.is_empty() && text.chars().all(|c| !c.is_control() || c.is_whitespace()))
}

fn write_sizes(memory: &mut Linear, count: u64, bytes: u64, sizes: Sizes) -> Option<()> {
    memory.store(count, 4, u64::from(sizes.count))?;
    memory.store(bytes, 4, u64::from(sizes.bytes))
}

/// `fd_write` to a standard stream takes everything.
fn write(memory: &mut Linear, descriptor: u64, (vectors, count): (u64, u64), written: u64) -> Option<()> {
    if !(1..=2).contains(&descriptor) || count > MAX_VECTORS {
        return None;
    }
    let mut total = 0u64;
    for index in 0..count {
        total = total.checked_add(memory.load(vectors + 8 * index + 4, 4)?)?;
    }
    memory.store(written, 4, total)
}
