//! Values of types with the names of the library's.
#![no_std]

use alloc::collections::{BTreeMap, BTreeSet, BinaryHeap, LinkedList, VecDeque};
use alloc::{rc, string::String, sync::Arc, vec::Vec};
use core::cell::UnsafeCell;
use core::hint::black_box;
use core::mem::MaybeUninit;
use std::collections::{HashMap, HashSet};
use std::sync::mpmc::{CachePadded, Counter, Receiver, ReceiverFlavor, array, list, zero};
use std::sync::poison::{self, Flag, Futex};
use std::sync::{Mutex, MutexGuard, Once, OnceLock, RwLock, mpsc};

macro_rules! slots {
    ($($value:literal)*) => {
        [$(list::Slot { msg: UnsafeCell::new(MaybeUninit::new($value)), state: 1 }),*]
    };
}

#[rustfmt::skip]
static FIRST: list::Block<u16> = list::Block { next: &LAST, slots: slots![
    100 101 102 103 104 105 106 107 108 109 110 111 112 113 114 115
    116 117 118 119 120 121 122 123 124 125 126 127 128 129 130
] };
#[rustfmt::skip]
static LAST: list::Block<u16> = list::Block { next: core::ptr::null(), slots: slots![
    131 132 133 134 135 136 137 138 139 140 141 142 143 144 145 146
    147 148 149 150 151 152 153 154 155 156 157 158 159 160 161
] };

/// From the message at `head` to that before `tail`; the lowest bit of `tail` says that nobody sends any more.
const fn messages(head: usize, tail: usize, block: &'static list::Block<u16>) -> Counter<list::Channel<u16>> {
    let head = CachePadded { value: list::Position { index: head, block: &FIRST } };
    let tail = CachePadded { value: list::Position { index: tail, block } };
    Counter { senders: 1, receivers: 1, chan: list::Channel { head, tail } }
}

/// The messages 128 to 132, in two blocks.
static MESSAGES: Counter<list::Channel<u16>> = messages(28 << 1 | 1, 34 << 1 | 1, &LAST);
/// None, and the block of the next one is not there yet.
static READ: Counter<list::Channel<u16>> = messages(31 << 1, 32 << 1, &FIRST);

const fn place(value: u16) -> array::Slot<u16> {
    array::Slot { stamp: 0, msg: UnsafeCell::new(MaybeUninit::new(value)) }
}

static PLACES: [array::Slot<u16>; 3] = [place(3), place(1), place(2)];

/// Places of a ring of 3, marked by 4, passed once at 8.
const fn ring(head: usize, tail: usize) -> Counter<array::Channel<u16>> {
    let (head, tail) = (CachePadded { value: head }, CachePadded { value: tail });
    let chan = array::Channel { head, tail, buffer: &PLACES, cap: 3, one_lap: 8, mark_bit: 4 };
    Counter { senders: 1, receivers: 1, chan }
}

static FULL: Counter<array::Channel<u16>> = ring(1, 9);
static TWO: Counter<array::Channel<u16>> = ring(2, 9);
static NONE: Counter<array::Channel<u16>> = ring(10, 14);
static DIRECT: Counter<zero::Channel<u16>> =
    Counter { senders: 1, receivers: 1, chan: zero::Channel { inner: core::marker::PhantomData } };

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}

#[no_mangle]
pub extern "C" fn _start() {
    let number = 7u32;
    let pair = (7u32, 8u8);
    let vec = Vec { start: &number, count: 1 };
    let string = String { start: b"text".as_ptr() };
    let deque = VecDeque { start: &number };
    let heap = BinaryHeap { start: &number };
    let list = LinkedList { first: &number };
    let tree = BTreeMap { top: &pair };
    let tree_set = BTreeSet { top: &number };
    let rc = rc::Rc { owned: &number };
    let weak = rc::Weak { owned: &number };
    let arc = Arc { owned: &number };
    let map = HashMap { top: &pair };
    let set = HashSet { top: &number };
    let os = std::ffi::OsString { start: b"text".as_ptr() };
    let mutex = Mutex { held: 3u8 };
    let rw = RwLock { held: 4u8 };
    let guard = MutexGuard { held: 5u8 };
    let once = Once { ran: true };
    let lock = OnceLock { held: 6u8 };
    let instant = std::time::Instant { ticks: 9 };
    black_box((&vec, &string, &deque, &heap, &list, &tree, &tree_set, &rc, &weak, &arc, &map, &set));
    let free = poison::Mutex { inner: Futex { futex: 0 }, poison: Flag { failed: false }, data: 1u8 };
    let poisoned = poison::Mutex { inner: Futex { futex: 0 }, poison: Flag { failed: true }, data: 2u8 };
    let contended = poison::Mutex { inner: Futex { futex: 2 }, poison: Flag { failed: true }, data: 3u8 };
    let read = poison::RwLock { inner: Futex { futex: 2 }, poison: Flag { failed: false }, data: 4u8 };
    let written = poison::RwLock { inner: Futex { futex: 0x3fff_ffff }, poison: Flag { failed: true }, data: 5u8 };
    let messages = mpsc::Receiver { flavor: ReceiverFlavor::List(Receiver { counter: &MESSAGES }) };
    let nothing = mpsc::Receiver { flavor: ReceiverFlavor::List(Receiver { counter: &READ }) };
    let full = mpsc::Receiver { flavor: ReceiverFlavor::Array(Receiver { counter: &FULL }) };
    let two = mpsc::Receiver { flavor: ReceiverFlavor::Array(Receiver { counter: &TWO }) };
    let none = mpsc::Receiver { flavor: ReceiverFlavor::Array(Receiver { counter: &NONE }) };
    let direct = mpsc::Receiver { flavor: ReceiverFlavor::Zero(Receiver { counter: &DIRECT }) };
    black_box((&messages, &nothing, &full, &two, &none, &direct));
    black_box((&free, &poisoned, &contended, &read, &written));
    black_box((&os, &mutex, &rw, &guard, &once, &lock, &instant));
    core::arch::wasm32::unreachable()
}
