//! The files of one debugging sitting: mapped read-only, kept until the end, borrowed by everything above.
//!
//! Every layer borrows its bytes from here (`&'f [u8]`), so nothing is copied and nothing is counted. This is
//! the one place with `unsafe`: the memory map. A file that another process shortens while it is mapped ends
//! this process with a signal; every debugger that maps files shares that limit.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use typed_arena::Arena;

use crate::error::{Error, Result};
use crate::limits::MAX_UNMAPPABLE_FILE_BYTES;

enum Bytes {
    Mapped(memmap2::Mmap),
    Owned(Vec<u8>),
}

/// Owner of all bytes that are debugged; grows, never shrinks.
#[derive(Default)]
pub struct Files {
    kept: Arena<Bytes>,
}

impl Files {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The bytes of the file at `path`: mapped, or read where the file cannot be mapped (a pipe, an empty file).
    ///
    /// # Errors
    /// `Io` with gdb's wording for a missing file; a directory; a pipe longer than `MAX_UNMAPPABLE_FILE_BYTES`.
    pub fn open(&self, path: &Path) -> Result<&[u8]> {
        let mut file = File::open(path).map_err(|e| io_error(path, &e))?;
        let metadata = file.metadata().map_err(|e| io_error(path, &e))?;
        if metadata.is_dir() {
            return Err(Error::Io { path: path.display().to_string(), message: "is a directory, not a file".into() });
        }
        if metadata.is_file() && metadata.len() > 0 {
            return Ok(self.keep(Bytes::Mapped(map(&file).map_err(|e| io_error(path, &e))?)));
        }
        let mut bytes = Vec::new();
        let read = (&mut file).take(MAX_UNMAPPABLE_FILE_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|e| io_error(path, &e))?;
        if bytes.len() as u64 > MAX_UNMAPPABLE_FILE_BYTES {
            return Err(Error::Limit(format!(
                "{}: longer than {MAX_UNMAPPABLE_FILE_BYTES} bytes and cannot be mapped: save it as a file first",
                path.display()
            )));
        }
        Ok(self.keep(Bytes::Owned(bytes)))
    }

    /// Keep bytes that come from elsewhere (an unpacked section, a test's dump).
    pub fn adopt(&self, bytes: Vec<u8>) -> &[u8] {
        self.keep(Bytes::Owned(bytes))
    }

    fn keep(&self, bytes: Bytes) -> &[u8] {
        match self.kept.alloc(bytes) {
            Bytes::Mapped(map) => map,
            Bytes::Owned(bytes) => bytes,
        }
    }
}

/// Map the whole of `file`, read-only.
#[allow(unsafe_code)]
fn map(file: &File) -> std::io::Result<memmap2::Mmap> {
    // SAFETY: the map is read-only and private to this process; that the file may be shortened under it is
    // the documented limit in this module's head.
    unsafe { memmap2::Mmap::map(file) }
}

fn io_error(path: &Path, error: &std::io::Error) -> Error {
    let message = match error.kind() {
        std::io::ErrorKind::NotFound => "No such file or directory.".to_owned(),
        std::io::ErrorKind::PermissionDenied => "Permission denied.".to_owned(),
        _ => error.to_string(),
    };
    Error::Io { path: path.display().to_string(), message }
}
