//! How the bytes of debug information are read: the one choice that all of this folder shares.

/// How gimli reads: slices of the files that `files::Files` owns; wasm is always little-endian.
pub type Reader<'f> = gimli::EndianSlice<'f, gimli::LittleEndian>;
