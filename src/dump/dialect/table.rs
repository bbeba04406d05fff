//! The list of dialects, and which of them a file is written in.
//!
//! A dialect is recognised by reading every stack with it: the right one ends where each section ends. Files whose
//! sections carry a dialect's marks are read with that one first; then the order of the list counts. If none ends
//! where it should, the file is damaged: the one that got furthest is taken, running out of bytes being better than
//! meeting something impossible.

use std::cmp::Reverse;

use super::spec::{Dialect, DumpFile, Fit};
use super::{rewriter, standard, wasmedge};
use crate::dump::stack::{Ending, Thread, read_thread};
use crate::limits::{MAX_FRAMES, MAX_THREADS};

/// All dialects, the likelier first.
pub static DIALECTS: [&Dialect; 6] = [
    &standard::WASMER,
    &standard::STANDARD,
    &rewriter::REWRITER,
    &wasmedge::FOR_WASMGDB,
    &wasmedge::OLD,
    &wasmedge::OLD_FOR_WASMGDB,
];

/// A file's dialect and its stacks as read in it.
pub struct Recognised<'f> {
    pub dialect: &'static Dialect,
    /// In file order.
    pub threads: Vec<Thread<'f>>,
}

/// Find the dialect of a file, and read its stacks.
pub fn recognise<'f>(file: &DumpFile<'f>) -> Recognised<'f> {
    let mut candidates: Vec<(Fit, &'static Dialect)> = DIALECTS.iter().map(|d| ((d.fit)(file), *d)).collect();
    candidates.retain(|(fit, _)| *fit != Fit::Impossible);
    candidates.sort_by_key(|(fit, _)| Reverse(*fit));
    let mut best: Option<(Score, Recognised<'f>)> = None;
    for (_, dialect) in candidates {
        let (score, threads) = read(file, dialect);
        let right = score.broken == 0 && score.short == 0;
        if best.as_ref().is_none_or(|(so_far, _)| score < *so_far) {
            best = Some((score, Recognised { dialect, threads }));
        }
        if right {
            break;
        }
    }
    match best {
        Some((_, recognised)) => recognised,
        None => Recognised { dialect: &standard::STANDARD, threads: Vec::new() },
    }
}

/// How badly a dialect reads a file: the lowest is the best.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    broken: usize,
    short: usize,
    frames: Reverse<usize>,
}

fn read<'f>(file: &DumpFile<'f>, dialect: &Dialect) -> (Score, Vec<Thread<'f>>) {
    let mut score = Score { broken: 0, short: 0, frames: Reverse(0) };
    let mut threads = Vec::new();
    for section in file.customs("corestack").take(MAX_THREADS) {
        let (thread, ending) = read_thread(section, &dialect.frames, MAX_FRAMES - score.frames.0.min(MAX_FRAMES));
        match ending {
            Ending::Exact | Ending::Limit => {}
            Ending::Short => score.short += 1,
            Ending::Broken(_) => score.broken += 1,
        }
        score.frames.0 += thread.frames.len();
        threads.push(thread);
    }
    (score, threads)
}
