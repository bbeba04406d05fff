//! Reading, strings and searching over the edges of what a dump records.

mod synth;

use synth::{Dump, Memory, Random, Segment};
use wasmgdb::dump::Coredump;
use wasmgdb::dump::memory::{Coverage, Piece, StringEnd};
use wasmgdb::error::Error;

fn with_segments(pages: u64, memory64: bool, segments: Vec<(u64, Vec<u8>)>) -> Vec<u8> {
    let mut program = Dump::sample();
    program.memories = vec![Memory { pages, memory64, page_size_log2: None }];
    program.segments =
        Some(segments.into_iter().map(|(address, bytes)| Segment { memory: 0, address, bytes }).collect());
    program.standard()
}

#[test]
fn a_read_spans_segments_and_holes() {
    let bytes = with_segments(1, false, vec![(10, vec![1, 2]), (12, vec![3]), (15, vec![4, 5])]);
    let dump = Coredump::open(&bytes).unwrap();
    let memory = &dump.memories[0];
    let mut buffer = [0xff; 10];
    memory.read(8, &mut buffer).unwrap();
    assert_eq!(buffer, [0, 0, 1, 2, 3, 0, 0, 4, 5, 0]);
    assert_eq!(memory.bytes(10, 2).unwrap().as_ref(), [1, 2]);
    assert_eq!(memory.bytes(11, 5).unwrap().as_ref(), [2, 3, 0, 0, 4]);
    assert_eq!(memory.read_unsigned(11, 2).unwrap(), 0x0302);
    assert_eq!(memory.bytes(65_536, 0).unwrap().as_ref(), [0u8; 0]);
}

#[test]
fn holes_are_told_apart_from_recorded_bytes() {
    let bytes = with_segments(1, false, vec![(10, vec![0, 0]), (16, vec![4, 5])]);
    let dump = Coredump::open(&bytes).unwrap();
    let memory = &dump.memories[0];
    assert_eq!(memory.coverage(10, 2), Coverage::Recorded);
    assert_eq!(memory.coverage(12, 4), Coverage::Zero);
    assert_eq!(memory.coverage(11, 2), Coverage::Partly);
    assert_eq!(memory.coverage(65_535, 2), Coverage::Unknown);
    let pieces: Vec<_> = memory.pages_of(8..18);
    assert_eq!(pieces, [(8, 10, false), (10, 12, true), (12, 16, false), (16, 18, true)]);
    assert_eq!(memory.recorded_bytes(), 4);
}

/// Pieces as (start, end, recorded).
trait Shown {
    fn pages_of(&self, range: std::ops::Range<u64>) -> Vec<(u64, u64, bool)>;
}

impl Shown for wasmgdb::dump::MemoryImage<'_> {
    fn pages_of(&self, range: std::ops::Range<u64>) -> Vec<(u64, u64, bool)> {
        let shown = |p: Piece| (p.range().start, p.range().end, matches!(p, Piece::Recorded(_)));
        self.pieces(range).map(shown).collect()
    }
}

#[test]
fn a_read_outside_names_the_first_address_outside() {
    let bytes = with_segments(1, false, vec![]);
    let dump = Coredump::open(&bytes).unwrap();
    let memory = &dump.memories[0];
    assert_eq!(memory.read_unsigned(65_532, 4).unwrap(), 0);
    let error = memory.read_unsigned(65_533, 4).unwrap_err();
    assert_eq!(error, Error::Unmapped { address: 65_536, memory: 0, last: Some(65_535) });
    assert_eq!(error.to_string(), "Cannot access memory at address 0x10000: memory 0 ends at 0xffff");
    for address in [70_000, u64::MAX, u64::MAX - 3] {
        let error = memory.read_unsigned(address, 4).unwrap_err();
        assert_eq!(error, Error::Unmapped { address, memory: 0, last: Some(65_535) });
    }
}

#[test]
fn of_overlapping_segments_the_later_wins() {
    // Against a memory of plain bytes, in random order with random overlaps.
    let mut random = Random(42);
    for round in 0..200 {
        let mut truth = vec![0u8; 300];
        let mut known = vec![false; 300];
        let segments: Vec<(u64, Vec<u8>)> = (1..20u8)
            .map(|n| {
                let (start, length) = (random.below(280), random.below(20));
                truth[start..start + length].fill(n);
                known[start..start + length].fill(true);
                (start as u64, vec![n; length])
            })
            .collect();
        let bytes = with_segments(1, false, segments);
        let dump = Coredump::open(&bytes).unwrap();
        let memory = &dump.memories[0];
        assert_eq!(memory.bytes(0, 300).unwrap().as_ref(), truth, "round {round}");
        for (address, known) in known.iter().enumerate() {
            let expected = if *known { Coverage::Recorded } else { Coverage::Zero };
            assert_eq!(memory.coverage(address as u64, 1), expected, "round {round}, address {address}");
        }
        let ascending = memory.runs().is_sorted_by(|a, b| a.end() <= b.address);
        assert!(ascending && memory.runs().len() < 40, "round {round}");
    }
}

#[test]
fn nothing_is_read_of_the_data_before_memory_is_asked_for() {
    let bytes = Dump::sample().standard();
    let dump = Coredump::open(&bytes).unwrap();
    assert!(!dump.memories[0].is_loaded());
    dump.memories[0].read_unsigned(0, 1).unwrap();
    assert!(dump.memories[0].is_loaded());
}

#[test]
fn the_largest_memories_cost_what_they_hold() {
    let bytes = with_segments(65_536, false, vec![(0, vec![1]), (0xffff_fff0, vec![2; 16])]);
    let dump = Coredump::open(&bytes).unwrap();
    let memory = &dump.memories[0];
    assert_eq!(memory.size_bytes(), 1 << 32);
    assert_eq!(memory.read_unsigned(0xffff_fffc, 4).unwrap(), 0x0202_0202);
    assert!(memory.read_unsigned(0xffff_fffd, 4).is_err());
    assert_eq!(memory.find(0..u64::MAX, &[2, 2]).next(), Some(0xffff_fff0));
    assert!(matches!(memory.bytes(0, 1 << 32).unwrap_err(), Error::Limit(_)));

    let bytes = with_segments(1 << 48, true, vec![(u64::MAX - 3, vec![7; 16])]);
    let dump = Coredump::open(&bytes).unwrap();
    let memory = &dump.memories[0];
    assert_eq!(memory.size_bytes(), u64::MAX);
    assert_eq!(memory.read_unsigned(u64::MAX - 4, 2).unwrap(), 0x0700);
    assert!(memory.read_unsigned(u64::MAX - 1, 2).is_err());
    assert_eq!(memory.find(0..u64::MAX, &[7]).collect::<Vec<_>>(), [u64::MAX - 3, u64::MAX - 2, u64::MAX - 1]);
}

#[test]
fn a_32_bit_memory_is_never_larger_than_its_addresses() {
    let bytes = with_segments(4_000_000_000, false, vec![]);
    assert_eq!(Coredump::open(&bytes).unwrap().memories[0].size_bytes(), 1 << 32);
}

#[test]
fn strings_end_at_their_nul_the_limit_or_the_end_of_memory() {
    let bytes = with_segments(1, false, vec![(10, b"ab".to_vec()), (12, b"cd\0e".to_vec()), (65_534, b"yz".to_vec())]);
    let dump = Coredump::open(&bytes).unwrap();
    let memory = &dump.memories[0];
    let string = memory.read_string(10, 100).unwrap();
    assert_eq!((&string.bytes[..], string.end), (&b"abcd"[..], StringEnd::Nul));
    let string = memory.read_string(15, 100).unwrap();
    assert_eq!((&string.bytes[..], string.end), (&b"e"[..], StringEnd::Nul));
    let string = memory.read_string(10, 3).unwrap();
    assert_eq!((&string.bytes[..], string.end), (&b"abc"[..], StringEnd::Limit));
    let string = memory.read_string(65_534, 100).unwrap();
    assert_eq!(string.bytes, b"yz");
    assert!(matches!(string.end, StringEnd::Unreadable(Error::Unmapped { address: 65_536, .. })));
    assert_eq!(memory.read_string(0, 10).unwrap().bytes, b"");
    assert!(memory.read_string(65_536, 10).is_err());
}

#[test]
fn find_agrees_with_a_plain_search() {
    // Few letters and short needles, so that matches cross every kind of edge.
    let mut random = Random(7);
    for round in 0..300 {
        let mut truth = [0u8; 200];
        let mut at = 0;
        let mut segments = Vec::new();
        while at < 180 {
            let (gap, length) = (random.below(4), 1 + random.below(6));
            let bytes: Vec<u8> = (0..length).map(|_| random.below(3) as u8).collect();
            truth[at + gap..at + gap + length].copy_from_slice(&bytes);
            segments.push(((at + gap) as u64, bytes));
            at += gap + length;
        }
        let bytes = with_segments(1, false, segments);
        let dump = Coredump::open(&bytes).unwrap();
        for _ in 0..20 {
            let needle: Vec<u8> = (0..1 + random.below(9)).map(|_| random.below(3) as u8).collect();
            let start = random.below(50);
            let end = start + random.below(150);
            let expected: Vec<u64> = (start..end)
                .filter(|i| i + needle.len() <= end && truth[*i..].starts_with(&needle))
                .map(|i| i as u64)
                .collect();
            let found: Vec<u64> = dump.memories[0].find(start as u64..end as u64, &needle).collect();
            assert_eq!(found, expected, "round {round}, {needle:?} in {start}..{end}");
        }
    }
}

#[test]
fn find_streams_and_an_empty_needle_stands_nowhere() {
    let bytes = with_segments(65_536, false, vec![(100, vec![1])]);
    let dump = Coredump::open(&bytes).unwrap();
    let memory = &dump.memories[0];
    assert_eq!(memory.find(99..u64::MAX, &[0, 0]).take(3).collect::<Vec<_>>(), [101, 102, 103]);
    assert_eq!(memory.find(98..u64::MAX, &[0, 0]).take(2).collect::<Vec<_>>(), [98, 101]);
    assert_eq!(memory.find(0..u64::MAX, &[]).next(), None);
    assert_eq!(memory.find(5..5, &[0]).next(), None);
}
