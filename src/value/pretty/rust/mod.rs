//! Built-in forms of Rust's standard library, and of hashbrown, whose tables it uses.

pub mod string;
pub mod slice;
pub mod vec;
pub mod vec_deque;
pub mod hash;
pub mod iterator;
pub mod btree;
pub mod linked_list;
pub mod pointer;
pub mod trait_object;
pub mod counted;
pub mod variant;
pub mod cell;
pub mod net;
pub mod io_error;
pub mod channel;
pub mod range;
pub mod time;
pub mod arguments;
