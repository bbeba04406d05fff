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
