//! The files of one debugging sitting: mapped read-only, kept until the end, borrowed by everything above.
//!
//! Every layer borrows its bytes from here (`&'f [u8]`), so nothing is copied and nothing is counted. This is
//! the one place with `unsafe`: the memory map. A file that another process shortens while it is mapped ends
//! this process with a signal; every debugger that maps files shares that limit.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use typed_arena::Arena;

use crate::error::{Error, Result};
use crate::limits::{MAX_UNMAPPABLE_FILE_BYTES, PIPE_BEGINNING_BYTES};

enum Bytes {
    Mapped(memmap2::Mmap),
    Owned(Vec<u8>),
}

/// What was read from a pipe, and the next one.
struct Piped {
    path: PathBuf,
    bytes: Vec<u8>,
    next: OnceCell<Box<Piped>>,
}

/// Owner of all bytes that are debugged; grows, never shrinks.
#[derive(Default)]
pub struct Files {
    kept: Arena<Bytes>,
    piped: OnceCell<Box<Piped>>,
    /// Where relative names count from; none: the process's working directory.
    stays: OnceCell<PathBuf>,
}

impl Files {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The working directory is about to change: names that count from it now still do afterwards.
    pub fn stay(&self) {
        if let (None, Ok(directory)) = (self.stays.get(), std::env::current_dir()) {
            // Only the first directory matters, and there is none yet.
            let _ = self.stays.set(directory);
        }
    }

    /// Where a name of the command line or of a module is found, wherever the user has gone since.
    pub fn place<'p>(&self, path: &'p Path) -> Cow<'p, Path> {
        match self.stays.get() {
            Some(directory) if path.is_relative() => directory.join(path).into(),
            _ => path.into(),
        }
    }

    /// The bytes of the file at `path`: mapped, or read where the file cannot be mapped (a pipe, an empty file).
    ///
    /// # Errors
    /// `Io` with gdb's wording for a missing file; a directory; a pipe longer than `MAX_UNMAPPABLE_FILE_BYTES`.
    pub fn open(&self, path: &Path) -> Result<&[u8]> {
        let mut file = File::open(self.place(path)).map_err(|e| io_error(path, &e))?;
        let metadata = file.metadata().map_err(|e| io_error(path, &e))?;
        if metadata.is_dir() {
            return Err(Error::Io { path: path.display().to_string(), message: "is a directory, not a file".into() });
        }
        if metadata.is_file() && metadata.len() > 0 {
            return Ok(self.keep(Bytes::Mapped(map(&file).map_err(|e| io_error(path, &e))?)));
        }
        if is_device(&metadata) {
            return Err(Error::Io { path: path.display().to_string(), message: "is a device, not a file".into() });
        }
        // What came through a pipe does not come again, and who opens a dump asks more than once what is in it.
        let mut next = &self.piped;
        while let Some(piped) = next.get() {
            if piped.path == path {
                return Ok(&piped.bytes);
            }
            next = &piped.next;
        }
        let bytes = read_pipe(&mut file, path)?;
        Ok(&next.get_or_init(|| Box::new(Piped { path: path.to_owned(), bytes, next: OnceCell::new() })).bytes)
    }

    /// As `open`, for a name that a file holds: what is no regular file (a device, a pipe) may never end, and nobody
    /// asked for it.
    ///
    /// # Errors
    /// As `open`; it is no regular file.
    pub fn open_regular(&self, path: &Path) -> Result<&[u8]> {
        let metadata = std::fs::metadata(self.place(path)).map_err(|e| io_error(path, &e))?;
        if !metadata.is_file() {
            return Err(Error::Io { path: path.display().to_string(), message: "not a regular file".into() });
        }
        self.open(path)
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

fn is_device(metadata: &std::fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = metadata.file_type();
        kind.is_char_device() || kind.is_block_device()
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        false
    }
}

/// All that comes out of a pipe; of what is no WebAssembly only as much as tells what it is.
fn read_pipe(file: &mut File, path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut read = |most| file.take(most).read_to_end(&mut bytes).map_err(|e| io_error(path, &e));
    read(PIPE_BEGINNING_BYTES)?;
    if bytes.starts_with(b"\0asm") {
        file.take(MAX_UNMAPPABLE_FILE_BYTES).read_to_end(&mut bytes).map_err(|e| io_error(path, &e))?;
    }
    if bytes.len() as u64 > MAX_UNMAPPABLE_FILE_BYTES {
        return Err(Error::Limit(format!(
            "{}: longer than {MAX_UNMAPPABLE_FILE_BYTES} bytes and cannot be mapped: save it as a file first",
            path.display()
        )));
    }
    Ok(bytes)
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
