//! Built-in forms of Zig and its standard library.

pub mod slice;
