//! The separate file with a module's debug information: found by option, link or build id, and checked.
//!
//! Looked for only when the module has none inside, or the user names a file. DWARF of another build gives plausible
//! wrong lines, so a file whose build id differs, or whose code has another size, is refused; that is a warning, never
//! an error.

use std::path::{Path, PathBuf};

use super::locate::{self, Link};
use crate::error::{Context, Error, Result};
use crate::files::Files;
use crate::wasm::section::id;
use crate::wasm::{Module, Section};

/// A file with debug information for a module.
pub struct Companion<'f> {
    pub path: PathBuf,
    /// Only its custom sections count.
    pub module: Module<'f>,
}

/// Does the module carry DWARF itself?
pub fn has_debug_info(module: &Module) -> bool {
    module.custom_section(".debug_info").is_some()
}

/// Is it a `.dwo` or `.dwp` file: units that a module's debug information leaves to other files?
pub fn is_split(files: &Files, path: &Path) -> bool {
    let parsed = files.open(path).and_then(Module::parse);
    parsed.is_ok_and(|file| !has_debug_info(&file) && file.custom_section(".debug_info.dwo").is_some())
}

/// Open one file as the companion of `module`.
///
/// # Errors
/// Names the file: it cannot be read, holds no debug information, or belongs to another build.
pub fn open<'f>(files: &'f Files, path: &Path, module: &Module) -> Result<Companion<'f>> {
    let shown = || path.display().to_string();
    let companion = Module::parse(files.open(path)?).context(shown)?;
    if !has_debug_info(&companion) {
        let shown = shown();
        return Err(Error::Absent(format!("{shown} holds no debug information (no .debug_info section)")));
    }
    check(module, &companion).context(|| format!("{} is not used", shown()))?;
    Ok(Companion { path: path.to_owned(), module: companion })
}

/// Is the companion of the same build?
fn check(module: &Module, companion: &Module) -> Result<()> {
    match (module.names().build_id(), companion.names().build_id()) {
        (Some(ours), Some(theirs)) if ours == theirs => Ok(()),
        (Some(ours), Some(theirs)) => Err(Error::malformed(format!(
            "it is the debug information of another build (build id {}, the module has {})",
            locate::hex(theirs),
            locate::hex(ours)
        ))),
        _ => match (code(module), code(companion)) {
            // Companions often come without code; then nothing speaks against them.
            (Some(ours), Some(theirs)) if !theirs.data.is_empty() && ours.data.len() != theirs.data.len() => {
                let (ours, theirs) = (ours.data.len(), theirs.data.len());
                let why = format!("its code has {theirs} bytes and the module's {ours}, so its lines would be wrong");
                Err(Error::malformed(why))
            }
            _ => Ok(()),
        },
    }
}

fn code<'m, 'f>(module: &'m Module<'f>) -> Option<&'m Section<'f>> {
    module.sections().iter().find(|s| s.id == id::CODE)
}

/// Find the companion of a module that has no debug information itself: by its link, then by its build id.
pub fn find<'f>(
    files: &'f Files,
    module: &Module,
    path: &Path,
    directories: &[PathBuf],
    warnings: &mut Vec<String>,
) -> Option<Companion<'f>> {
    let shown = path.display();
    let mut candidates = Vec::new();
    match module.names().external_debug_info().map(|link| locate::external(link, path)) {
        Some(Link::File(file)) if file.metadata().is_ok_and(|m| m.is_file()) => candidates.push(file),
        Some(Link::File(file)) => warnings.push(format!(
            "the debug information of {shown} should be in {}, which does not exist: give it with --debug FILE",
            file.display()
        )),
        Some(Link::Remote(url)) => warnings
            .push(format!("the debug information of {shown} is at {url}: download it and give it with --debug FILE")),
        None => {}
    }
    if let Some(build_id) = module.names().build_id() {
        candidates.extend(locate::by_build_id(build_id, Some(path), directories));
    }
    for candidate in candidates {
        // A stripped module may be named after its own build id.
        if same_file(&candidate, path) {
            continue;
        }
        match open(files, &candidate, module) {
            Ok(companion) => return Some(companion),
            Err(why) => warnings.push(why.to_string()),
        }
    }
    None
}

fn same_file(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
