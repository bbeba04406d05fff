//! Prints how well stack pointers and locals are recovered: dumps with recorded locals are read, the locals are
//! hidden, recovered, and compared with what was recorded.
//!
//! Usage: cargo run --example recovery_figures -- MODULE DUMP [MODULE DUMP]...
//! A directory in place of MODULE DUMP stands for `module.wasm` and `core.full` in it and in each of its folders.
//! Exit status 1 if any value that is called exact is wrong.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use wasmgdb::files::Files;

#[path = "../tests/figures/mod.rs"]
mod figures;

fn main() -> ExitCode {
    let mut total = figures::Figures::default();
    let verbose = std::env::var_os("VERBOSE").is_some();
    println!("{}", figures::HEADING);
    for (name, module, dump) in cases(std::env::args().skip(1)) {
        let files = Files::new();
        match figures::measure(&files, &module, &dump, verbose) {
            Ok(found) => {
                println!("{name:28} {found}");
                total.add(&found);
            }
            Err(error) => println!("{name:28} {error}"),
        }
    }
    println!("{:28} {total}", "all");
    if total.wrong_exact() > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// (name, module, dump) of all cases that the arguments name.
fn cases(arguments: impl Iterator<Item = String>) -> Vec<(String, PathBuf, PathBuf)> {
    let mut cases = Vec::new();
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        let path = PathBuf::from(&argument);
        if path.is_dir() {
            let mut folders: Vec<PathBuf> =
                std::fs::read_dir(&path).into_iter().flatten().flatten().map(|e| e.path()).collect();
            folders.push(path);
            folders.sort();
            cases.extend(folders.iter().filter_map(|folder| case(folder)));
        } else if let Some(dump) = arguments.next() {
            cases.push((argument, path, PathBuf::from(dump)));
        }
    }
    cases
}

fn case(folder: &Path) -> Option<(String, PathBuf, PathBuf)> {
    let (module, dump) = (folder.join("module.wasm"), folder.join("core.full"));
    let name = folder.file_name()?.to_string_lossy().into_owned();
    (module.exists() && dump.exists()).then_some((name, module, dump))
}
