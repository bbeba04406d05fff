//! Built-in forms of Zig and its standard library.

pub mod optional;
pub mod slice;
pub mod tagged_union;
pub mod array_list;
pub mod multi_array_list;
pub mod hash_map;
pub mod bit_set;
pub mod enums;
pub mod queue;
pub mod table;
