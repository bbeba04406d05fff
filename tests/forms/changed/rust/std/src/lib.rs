//! Names of Rust's `std` with other members.
#![no_std]

pub mod collections {
    pub struct HashMap<K, V> {
        pub top: *const (K, V),
    }
    pub struct HashSet<K> {
        pub top: *const K,
    }
}

pub mod ffi {
    pub struct OsString {
        pub start: *const u8,
    }
}

pub mod sync {
    /// The locks as the library has them where there are threads.
    pub mod poison {
        pub struct Futex {
            pub futex: u32,
        }
        pub struct Flag {
            pub failed: bool,
        }
        pub struct Mutex<T> {
            pub inner: Futex,
            pub poison: Flag,
            pub data: T,
        }
        pub struct RwLock<T> {
            pub inner: Futex,
            pub poison: Flag,
            pub data: T,
        }
    }
    /// Channels as the library has them: their code is large, and the layout is all that is looked at.
    pub mod mpmc {
        use core::cell::UnsafeCell;
        use core::mem::MaybeUninit;

        pub struct CachePadded<T> {
            pub value: T,
        }
        pub struct Counter<C> {
            pub senders: usize,
            pub receivers: usize,
            pub chan: C,
        }
        unsafe impl<C> Sync for Counter<C> {}
        pub struct Receiver<C> {
            pub counter: *const Counter<C>,
        }
        pub enum ReceiverFlavor<T> {
            Array(Receiver<array::Channel<T>>),
            List(Receiver<list::Channel<T>>),
            Zero(Receiver<zero::Channel<T>>),
        }
        pub mod array {
            use super::*;
            pub struct Slot<T> {
                pub stamp: usize,
                pub msg: UnsafeCell<MaybeUninit<T>>,
            }
            unsafe impl<T> Sync for Slot<T> {}
            pub struct Channel<T> {
                pub head: CachePadded<usize>,
                pub tail: CachePadded<usize>,
                pub buffer: *const [Slot<T>],
                pub cap: usize,
                pub one_lap: usize,
                pub mark_bit: usize,
            }
        }
        pub mod list {
            use super::*;
            pub struct Slot<T> {
                pub msg: UnsafeCell<MaybeUninit<T>>,
                pub state: usize,
            }
            pub struct Block<T> {
                pub next: *const Block<T>,
                pub slots: [Slot<T>; 31],
            }
            unsafe impl<T> Sync for Block<T> {}
            pub struct Position<T> {
                pub index: usize,
                pub block: *const Block<T>,
            }
            pub struct Channel<T> {
                pub head: CachePadded<Position<T>>,
                pub tail: CachePadded<Position<T>>,
            }
        }
        pub mod zero {
            pub struct Channel<T> {
                pub inner: core::marker::PhantomData<T>,
            }
        }
    }
    pub mod mpsc {
        pub struct Receiver<T> {
            pub flavor: super::mpmc::ReceiverFlavor<T>,
        }
    }
    pub struct Mutex<T> {
        pub held: T,
    }
    pub struct RwLock<T> {
        pub held: T,
    }
    pub struct MutexGuard<T> {
        pub held: T,
    }
    pub struct Once {
        pub ran: bool,
    }
    pub struct OnceLock<T> {
        pub held: T,
    }
}

pub mod time {
    pub struct Instant {
        pub ticks: u64,
    }
}
