//! Finding bytes in a memory: a needle to the addresses where it stands, one after the other.
//!
//! Works piece by piece: each recorded run is searched where it lies in the file, the joins between pieces in a
//! window of twice the needle's length, a hole only as far as its zeros can matter. Nothing is collected, so the
//! cost is that of reading the recorded bytes once (`find` in gdb gives overlapping matches; so does this).

use std::ops::Range;

use memchr::memmem::Finder;

use super::memory::{MemoryImage, Piece, Pieces};

/// Iterator over the addresses of a needle; see `MemoryImage::find`.
pub struct Find<'m, 'f> {
    pieces: Pieces<'m, 'f>,
    finder: Finder<'static>,
    /// The bytes just before the next piece that a match across the join may begin with; shorter than the needle.
    carry: Vec<u8>,
    /// Address of the next piece.
    at: u64,
    /// Bytes around the join that is being searched: the carry and the beginning of the piece.
    window: Vec<u8>,
    step: Step<'f>,
}

/// What is searched now.
enum Step<'f> {
    NextPiece,
    /// `window` from `from` on; its first byte has address `base`; then `inside`.
    Join {
        base: u64,
        from: usize,
        carried: usize,
        inside: Inside<'f>,
    },
    Within(Inside<'f>),
}

/// A piece after its beginning was searched together with what precedes it.
#[derive(Clone, Copy)]
enum Inside<'f> {
    /// These bytes from `from` on.
    Bytes { address: u64, bytes: &'f [u8], from: usize },
    /// Addresses of zeros from `next` up to the last where a needle of zeros fits, exclusive.
    Zeros { next: u64, end: u64 },
}

impl<'f> MemoryImage<'f> {
    /// The addresses in `range` where `needle` stands, ascending, overlapping ones too; holes count as zeros, bytes
    /// that are not known match nothing. Nothing is collected: each step searches on.
    pub fn find(&self, range: Range<u64>, needle: &[u8]) -> Find<'_, 'f> {
        Find::new(self.pieces(range), needle)
    }
}

impl<'m, 'f> Find<'m, 'f> {
    fn new(pieces: Pieces<'m, 'f>, needle: &[u8]) -> Self {
        Find {
            pieces,
            finder: Finder::new(needle).into_owned(),
            carry: Vec::new(),
            at: 0,
            window: Vec::new(),
            step: Step::NextPiece,
        }
    }

    /// Take the next piece; none at the end.
    fn advance(&mut self) -> Option<()> {
        let overlap = self.finder.needle().len().checked_sub(1)?;
        let piece = self.pieces.next()?;
        let range = piece.range();
        if range.start != self.at {
            self.carry.clear();
        }
        self.at = range.end;
        let carried = self.carry.len();
        self.window.clear();
        self.window.extend_from_slice(&self.carry);
        let length = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        let inside = match piece {
            Piece::Unknown(_) => {
                self.carry.clear();
                return Some(());
            }
            Piece::Recorded(run) => {
                self.window.extend(run.bytes.iter().take(overlap));
                make_room(&mut self.carry, length, overlap);
                let tail = run.bytes.iter().skip(length.saturating_sub(overlap));
                self.carry.extend(tail);
                Inside::Bytes { address: run.address, bytes: run.bytes, from: 0 }
            }
            Piece::Zero(_) => {
                self.window.resize(carried.saturating_add(length.min(overlap)), 0);
                make_room(&mut self.carry, length, overlap);
                self.carry.resize(self.carry.len().saturating_add(length.min(overlap)), 0);
                let fits = length > overlap && self.finder.needle().iter().all(|b| *b == 0);
                let end = if fits { range.end - overlap as u64 } else { range.start };
                Inside::Zeros { next: range.start, end }
            }
        };
        let base = range.start - carried as u64;
        self.step =
            if self.may_join(carried) { Step::Join { base, from: 0, carried, inside } } else { Step::Within(inside) };
        Some(())
    }

    /// The bytes on both sides of the join stand side by side in the needle: few joins of a large dump get further.
    fn may_join(&self, carried: usize) -> bool {
        let pair = carried.checked_sub(1).and_then(|last| self.window.get(last..=carried));
        pair.is_some_and(|pair| self.finder.needle().windows(2).any(|neighbours| neighbours == pair))
    }
}

impl Iterator for Find<'_, '_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        loop {
            match &mut self.step {
                Step::NextPiece => self.advance()?,
                Step::Join { base, from, carried, inside } => {
                    // A match that begins in the piece itself is found within it.
                    let found = self.window.get(*from..).and_then(|rest| self.finder.find(rest)).map(|i| *from + i);
                    match found.filter(|i| i < carried) {
                        Some(position) => {
                            *from = position + 1;
                            return Some(*base + position as u64);
                        }
                        None => self.step = Step::Within(*inside),
                    }
                }
                Step::Within(Inside::Bytes { address, bytes, from }) => {
                    match bytes.get(*from..).and_then(|rest| self.finder.find(rest)) {
                        Some(position) => {
                            let found = *address + (*from + position) as u64;
                            *from += position + 1;
                            return Some(found);
                        }
                        None => self.step = Step::NextPiece,
                    }
                }
                Step::Within(Inside::Zeros { next, end }) if *next < *end => {
                    *next += 1;
                    return Some(*next - 1);
                }
                Step::Within(Inside::Zeros { .. }) => self.step = Step::NextPiece,
            }
        }
    }
}

/// Shorten `carry` from its front so that the last bytes of `added` more fit into `limit`.
fn make_room(carry: &mut Vec<u8>, added: usize, limit: usize) {
    let surplus = carry.len().saturating_add(added.min(limit)).saturating_sub(limit);
    carry.drain(..surplus.min(carry.len()));
}
