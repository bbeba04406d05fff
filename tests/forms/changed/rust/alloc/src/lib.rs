//! Names of Rust's `alloc` with other members.
#![no_std]

pub mod vec {
    pub struct Vec<T> {
        pub start: *const T,
        pub count: usize,
    }
}

pub mod string {
    pub struct String {
        pub start: *const u8,
    }
}

pub mod collections {
    pub struct VecDeque<T> {
        pub start: *const T,
    }
    pub struct BinaryHeap<T> {
        pub start: *const T,
    }
    pub struct LinkedList<T> {
        pub first: *const T,
    }
    pub struct BTreeMap<K, V> {
        pub top: *const (K, V),
    }
    pub struct BTreeSet<K> {
        pub top: *const K,
    }
}

pub mod rc {
    pub struct Rc<T> {
        pub owned: *const T,
    }
    pub struct Weak<T> {
        pub owned: *const T,
    }
}

pub mod sync {
    pub struct Arc<T> {
        pub owned: *const T,
    }
}
