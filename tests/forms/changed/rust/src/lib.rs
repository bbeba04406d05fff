//! Values of types with the names of the library's.
#![no_std]

use alloc::collections::{BTreeMap, BTreeSet, BinaryHeap, LinkedList, VecDeque};
use alloc::{rc, string::String, sync::Arc, vec::Vec};
use core::hint::black_box;
use std::collections::{HashMap, HashSet};
use std::sync::poison::{self, Flag, Futex};
use std::sync::{Mutex, MutexGuard, Once, OnceLock, RwLock};

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
    black_box((&free, &poisoned, &contended, &read, &written));
    black_box((&os, &mutex, &rw, &guard, &once, &lock, &instant));
    core::arch::wasm32::unreachable()
}
