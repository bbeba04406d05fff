//! The kinds of code offset, as types of their own, and the only conversions between them.
//!
//! Four conventions name one instruction; mixing them gives a plausible wrong function, not an error. A module
//! turns one into another (`Module::code_offset` and its siblings), since the distances are its section offsets.

use std::fmt;

macro_rules! offset {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub u64);

        impl $name {
            /// The offset `bytes` further on; none past 2^64.
            pub fn checked_add(self, bytes: u64) -> Option<Self> {
                self.0.checked_add(bytes).map($name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:#x}", self.0)
            }
        }
    };
}

offset! {
    /// Bytes from the first byte of the module's file: what Wasmtime and browsers print, and what we show as the pc.
    FileOffset
}
offset! {
    /// Bytes from the first byte of the code section's payload: what DWARF uses for code addresses.
    CodeOffset
}
offset! {
    /// Bytes from the first byte of a function's body, after its size, where the local declarations begin: what
    /// Wasmtime's dumps hold.
    FuncOffset
}
offset! {
    /// A code offset as the dump records it; what it counts from is known only after the vote with the module.
    RawOffset
}

/// Index of a function, imported ones first (WebAssembly core, 2.5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FuncIdx(pub u32);

/// Index of a global, imported ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GlobalIdx(pub u32);

/// Index of a local, parameters first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalIdx(pub u32);
