//! Where the files of a dead program may lie: names in dumps and modules to paths that are worth a look.
//!
//! Opens nothing. Paths out of a dump come from a stranger, so only regular files are ever returned: opening a pipe
//! or a device could block or do worse. Follows tool-conventions, BuildId.md and Dwarf.md (`external_debug_info`).

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::limits::MAX_FILES_BESIDE;

/// Directories of debug information files, as `PATH` lists them.
pub const DEBUG_PATH_VARIABLE: &str = "WASMGDB_DEBUG_PATH";

/// The files that a dump's executable name may mean: the path as given, then a file of that name beside the dump.
pub fn executable(name: &str, dump: &Path) -> Vec<PathBuf> {
    // The producer may have run on a system with other separators.
    let file_name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let mut paths = vec![PathBuf::from(name), beside(dump, file_name)];
    if Path::new(file_name).extension().is_none() {
        paths.push(beside(dump, &format!("{file_name}.wasm")));
    }
    regular_files(paths)
}

/// All `*.wasm` files beside a file but itself, by name.
pub fn modules_beside(dump: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory(dump)) else { return Vec::new() };
    let paths: BTreeSet<PathBuf> = entries
        .take(MAX_FILES_BESIDE)
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "wasm") && path.file_name() != dump.file_name())
        .collect();
    regular_files(paths.into_iter().collect())
}

/// What `external_debug_info` points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// A file; it may not exist.
    File(PathBuf),
    /// On a server: for the user to fetch.
    Remote(String),
}

/// The target of a module's `external_debug_info`, relative to the module.
pub fn external(link: &str, module: &Path) -> Link {
    if let Some(path) = link.strip_prefix("file:") {
        // file:///p, file://localhost/p and file:/p all name /p; file:p is relative.
        let path = path.strip_prefix("//localhost").or_else(|| path.strip_prefix("//")).unwrap_or(path);
        return Link::File(beside(module, &percent_decoded(path)));
    }
    let scheme = link.split_once("://").map(|(scheme, _)| scheme);
    match scheme {
        Some(scheme) if scheme.bytes().all(|b| b.is_ascii_alphanumeric()) => Link::Remote(link.to_owned()),
        _ => Link::File(beside(module, link)),
    }
}

/// Files that are named after a build id, beside the module and in the directories for debug information.
pub fn by_build_id(build_id: &[u8], module: Option<&Path>, directories: &[PathBuf]) -> Vec<PathBuf> {
    let hex = hex(build_id);
    let mut names = vec![format!("{hex}.debug.wasm"), format!("{hex}.wasm")];
    if let Some(uuid) = uuid(&hex) {
        names.insert(0, format!("debug-{uuid}.wasm"));
    }
    let home = module.map(|m| directory(m).to_owned());
    let places = home.iter().chain(directories);
    regular_files(places.flat_map(|place| names.iter().map(|name| place.join(name))).collect())
}

/// The directories that the environment names.
pub fn environment_directories() -> Vec<PathBuf> {
    let Some(value) = std::env::var_os(DEBUG_PATH_VARIABLE) else { return Vec::new() };
    std::env::split_paths(&value).filter(|path| !path.as_os_str().is_empty()).collect()
}

/// A build id in lower-case hexadecimal.
pub fn hex(build_id: &[u8]) -> String {
    build_id.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// 32 hexadecimal digits in the form of a UUID.
fn uuid(hex: &str) -> Option<String> {
    let parts = [hex.get(..8)?, hex.get(8..12)?, hex.get(12..16)?, hex.get(16..20)?, hex.get(20..32)?];
    (hex.len() == 32).then(|| parts.join("-"))
}

/// `name` as a path, relative to where `file` lies.
fn beside(file: &Path, name: &str) -> PathBuf {
    directory(file).join(name)
}

fn directory(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn regular_files(paths: Vec<PathBuf>) -> Vec<PathBuf> {
    paths.into_iter().filter(|path| path.metadata().is_ok_and(|m| m.is_file())).collect()
}

/// `%41` and the like as the bytes they stand for.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).and_then(|d| std::str::from_utf8(d).ok());
        match digits.and_then(|d| u8::from_str_radix(d, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
