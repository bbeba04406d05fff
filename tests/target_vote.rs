//! The base of code offsets, and whether a module belongs to a dump, by the call sites on the stack.

mod synth;

use std::collections::BTreeSet;

use synth::{Dump, Frame, frame};
use wasmgdb::dump::{Coredump, OffsetBase};
use wasmgdb::target::vote::{Site, Verdict, Vote, func_offset, sites, vote};
use wasmgdb::wasm::{FuncIdx, FuncOffset, Module, RawOffset};

const HOST: u32 = 0;
const LEAF: u32 = 1;
const MID: u32 = 2;
const INDIRECT: u32 = 3;
const TAIL: u32 = 4;
const CALLS_TAIL: u32 = 5;
const CALLS_HOST: u32 = 6;
const START: u32 = 7;
const OTHER: u32 = 8;

/// Offsets behind the size of the body: `leaf` stops at 1; calls are at 7 in `mid` (2 bytes), 9 in `indirect` (3
/// bytes), 4 in `calls_tail`, 3 in `calls_host`, 10 in `start`.
const MODULE: &str = r#"(module
    (type $t (func (param i32)))
    (import "e" "h" (func $host))
    (table 1 funcref)
    (elem (i32.const 0) $leaf)
    (func $leaf (param i32) unreachable)
    (func $mid (local i64) nop nop i32.const 5 call $leaf nop)
    (func $indirect (local f32 f64) i32.const 1 i32.const 0 call_indirect (type $t))
    (func $tail i32.const 1 return_call $leaf)
    (func $calls_tail (local i32) nop call $tail)
    (func $calls_host (local i32) call $host)
    (func $start (export "start") (local i32 i64 f32) nop nop nop call $mid)
    (func $other (param f64) nop))"#;

fn bytes() -> Vec<u8> {
    wat::parse_str(MODULE).unwrap()
}

fn position(haystack: &[u8], needle: &[u8]) -> u32 {
    haystack.windows(needle.len()).position(|w| w == needle).unwrap() as u32
}

/// Vote over one stack, youngest first, with the standard dialect's order of bases.
fn vote_on(module: &[u8], stack: &[(u32, u32)]) -> Vote {
    let mut program = Dump::sample();
    program.threads[0].1 = stack.iter().map(|(func, offset)| frame(*func, *offset)).collect();
    let file = program.standard();
    let dump = Coredump::open(&file).unwrap();
    let sites = sites(&dump).remove(&0).unwrap_or_default();
    vote(&Module::parse(module).unwrap(), &sites, &dump.dialect.offset_bases)
}

#[test]
fn each_base_is_found_and_leads_to_the_same_place() {
    let module = bytes();
    let code = position(&module, &[8, 3, 0, 0, 0x0b]);
    let leaf = code + 2;
    let mid = position(&module, &[1, 1, 0x7e, 1, 1, 0x41, 5, 0x10, 1]);
    let start = position(&module, &[3, 1, 0x7f, 1, 0x7e, 1, 0x7d, 1, 1, 1, 0x10, 2]);
    let cases = [
        (OffsetBase::Body, [1, 7, 10]),
        (OffsetBase::FirstInstruction, [0, 4, 3]),
        (OffsetBase::CodeSection, [leaf + 1 - code, mid + 7 - code, start + 10 - code]),
        (OffsetBase::File, [leaf + 1, mid + 7, start + 10]),
    ];
    for (base, [a, b, c]) in cases {
        let vote = vote_on(&module, &[(LEAF, a), (MID, b), (START, c)]);
        assert_eq!((vote.base, vote.return_addresses), (base, false));
        assert_eq!((vote.voters, vote.hits, vote.verified, vote.contradictions), (2, 2, 2, 0), "{base:?}");
        assert_eq!(vote.verdict, Verdict::Belongs);
        let module = Module::parse(&module).unwrap();
        let inside = func_offset(&module, base, FuncIdx(MID), RawOffset(b.into()));
        assert_eq!(inside, Some(FuncOffset(7)), "{base:?}");
    }
}

#[test]
fn return_addresses_are_recognised() {
    let vote = vote_on(&bytes(), &[(LEAF, 1), (MID, 9), (START, 12)]);
    assert_eq!((vote.base, vote.return_addresses, vote.verified), (OffsetBase::Body, true, 2));
    assert_eq!(vote.verdict, Verdict::Belongs);
}

#[test]
fn an_indirect_call_is_verified_by_its_type() {
    let fits = vote_on(&bytes(), &[(LEAF, 1), (INDIRECT, 9)]);
    assert_eq!((fits.hits, fits.verified, fits.verdict), (1, 1, Verdict::Belongs));
    let other = vote_on(&bytes(), &[(OTHER, 1), (INDIRECT, 9)]);
    assert_eq!((other.hits, other.contradictions), (0, 1));
    assert!(matches!(other.verdict, Verdict::DoesNotBelong(_)));
}

#[test]
fn a_function_that_tail_called_another_may_be_absent() {
    let vote = vote_on(&bytes(), &[(LEAF, 1), (CALLS_TAIL, 4)]);
    assert_eq!((vote.hits, vote.tail_calls, vote.contradictions), (1, 1, 0));
    // `mid` makes no tail call, so the function it calls has to be on the stack.
    let vote = vote_on(&bytes(), &[(TAIL, 1), (MID, 7)]);
    assert_eq!((vote.hits, vote.contradictions), (0, 1));
}

#[test]
fn a_host_function_may_call_back_what_it_likes() {
    let vote = vote_on(&bytes(), &[(LEAF, 1), (CALLS_HOST, 3)]);
    assert_eq!((vote.hits, vote.verified), (1, 0));
    assert_eq!(vote.verdict, Verdict::TooFewToTell);
    // And a producer may list the host function itself.
    let vote = vote_on(&bytes(), &[(HOST, 0), (CALLS_HOST, 3)]);
    assert_eq!((vote.hits, vote.verified), (1, 1));
}

#[test]
fn one_frame_is_too_few_to_tell() {
    assert_eq!(vote_on(&bytes(), &[(LEAF, 1)]).verdict, Verdict::TooFewToTell);
    assert_eq!(vote_on(&bytes(), &[(LEAF, 0)]).verdict, Verdict::TooFewToTell);
    assert_eq!(vote_on(&bytes(), &[]).verdict, Verdict::TooFewToTell);
    // Inside the constant of `mid`, by every base.
    let vote = vote_on(&bytes(), &[(MID, 60)]);
    assert!(matches!(vote.verdict, Verdict::DoesNotBelong(_)));
}

#[test]
fn offsets_that_were_not_recorded_speak_against_nothing() {
    let vote = vote_on(&bytes(), &[(LEAF, 0), (MID, 0), (START, 0)]);
    assert_eq!((vote.voters, vote.verdict), (0, Verdict::TooFewToTell));
    assert_eq!(vote.base, OffsetBase::Body);
}

#[test]
fn a_module_of_another_program_is_told_by_its_calls() {
    let other = wat::parse_str(
        "(module (func) (func nop) (func nop nop nop nop nop nop nop) (func) (func) (func) (func) (func nop nop nop nop nop nop nop nop nop nop nop))",
    );
    let vote = vote_on(&other.unwrap(), &[(LEAF, 1), (MID, 7), (START, 10)]);
    assert_eq!((vote.hits, vote.voters), (0, 2));
    assert_eq!(vote.verdict, Verdict::DoesNotBelong("only 0 of 2 callers stand at a fitting call".into()));
    let small = wat::parse_str("(module (func) (func unreachable))").unwrap();
    let vote = vote_on(&small, &[(LEAF, 1), (MID, 7), (START, 10)]);
    let Verdict::DoesNotBelong(why) = vote.verdict else { panic!("{vote:?}") };
    assert_eq!(why, "function 2 is on the stack and does not exist there (the module has 2 functions)");
}

#[test]
fn one_odd_frame_does_not_condemn_a_module() {
    let mut stack = vec![(LEAF, 1), (MID, 7), (START, 10), (INDIRECT, 9), (CALLS_TAIL, 4), (CALLS_HOST, 3)];
    // Entered from the host each time: what `start` called is not on the stack.
    stack.insert(3, (CALLS_HOST, 3));
    stack.push((900, 5));
    let vote = vote_on(&bytes(), &stack);
    assert!(vote.hits * 5 >= vote.voters * 3, "{vote:?}");
}

#[test]
fn each_place_of_a_deep_stack_counts_once() {
    let mut program = Dump::sample();
    program.threads[0].1 = vec![frame(LEAF, 1)];
    program.threads[0].1.extend((0..20_002).map(|_| frame(CALLS_HOST, 3)));
    let file = program.standard();
    let dump = Coredump::open(&file).unwrap();
    let sites: BTreeSet<Site> = sites(&dump).remove(&0).unwrap();
    assert_eq!(sites.len(), 3);
}

#[test]
fn calls_into_another_instance_are_judged_by_their_instruction_only() {
    let mut program = Dump::sample();
    program.modules = Some(vec!["a".into(), "b".into()]);
    program.instances = Some(vec![
        synth::Instance { module: 0, memories: vec![0], globals: vec![] },
        synth::Instance { module: 1, memories: vec![0], globals: vec![] },
    ]);
    program.threads[0].1 =
        vec![Frame { instance: 1, ..frame(4, 9) }, frame(CALLS_HOST, 3), frame(MID, 7), frame(START, 10)];
    let file = program.standard();
    let dump = Coredump::open(&file).unwrap();
    let sites = sites(&dump);
    assert_eq!((sites[&0].len(), sites[&1].len()), (3, 1));
    let module = bytes();
    let vote = vote(&Module::parse(&module).unwrap(), &sites[&0], &dump.dialect.offset_bases);
    // `mid` calls `leaf`, not `calls_host`.
    assert_eq!((vote.voters, vote.hits, vote.verified, vote.contradictions), (3, 2, 1, 1));
}
