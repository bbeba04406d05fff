//! The samples are complete, small, and say nothing of the machine they were built on.

use std::path::{Path, PathBuf};

const MOST_BYTES: u64 = 8 << 20;

/// What a build that maps its paths leaves out. The C library comes with the paths of the machine it was packaged on,
/// which are none of these.
const PATHS: &[&str] = &["/root", "/home/", "/work", "/tmp/", "/Users/", "rustlib", "/usr/src", "crates.io", ".cargo"];

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("target") {
            continue;
        }
        if path.is_dir() { files.extend(files_under(&path)) } else { files.push(path) }
    }
    files
}

fn is_binary(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_str().unwrap();
    name.ends_with(".wasm") || name.starts_with("core")
}

#[test]
fn every_sample_is_listed_described_and_can_be_built_again() {
    let list = std::fs::read_to_string(samples().join("README.md")).unwrap();
    let mut folders = 0;
    for entry in std::fs::read_dir(samples()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !path.is_dir() || matches!(name.as_str(), "tools" | "editors") {
            continue;
        }
        assert!(list.contains(&format!("[{name}]({name})")), "samples/README.md does not list {name}");
        let readme = std::fs::read_to_string(path.join("README.md")).unwrap();
        assert!(path.join("build.sh").is_file(), "{name} has no build.sh");
        for file in files_under(&path).iter().filter(|file| is_binary(file)) {
            let file = file.file_name().unwrap().to_str().unwrap();
            assert!(readme.contains(&format!("`{file}`")), "{name}/README.md does not say what {file} is");
        }
        folders += 1;
    }
    assert!(folders >= 6);
}

#[test]
fn the_samples_are_small_together() {
    let total: u64 = files_under(&samples()).iter().map(|file| file.metadata().unwrap().len()).sum();
    assert!(total < MOST_BYTES, "{total} bytes");
}

#[test]
fn no_binary_names_the_machine_it_was_built_on() {
    // The programs of the tests are held to the same.
    let files = files_under(&samples()).into_iter().chain(files_under(&samples().join("../tests/forms")));
    let binaries: Vec<PathBuf> =
        files.filter(|file| is_binary(file) || file.extension() == Some("core".as_ref())).collect();
    assert!(binaries.len() >= 12);
    for file in binaries {
        let bytes = std::fs::read(&file).unwrap();
        for path in PATHS {
            let found = memchr::memmem::find(&bytes, path.as_bytes());
            assert!(found.is_none(), "{} holds {path} at {:#x}", file.display(), found.unwrap_or(0));
        }
    }
}

#[test]
fn the_readme_names_commands_that_exist() {
    let readme = std::fs::read_to_string(samples().join("../README.md")).unwrap();
    let (_, after) = readme.split_once("<!-- test command -->").expect("the mark that .ci/run looks for");
    let command = after.lines().find_map(|line| line.strip_prefix("    ")).expect("a command in a code block");
    assert!(command.starts_with("cargo test"), "{command}");
    for word in readme.split_whitespace().filter(|word| word.starts_with("samples/") || word.starts_with("benches/")) {
        let path = word.trim_matches(|c: char| matches!(c, '`' | ',' | ';' | ')' | '.'));
        assert!(samples().join("..").join(path).exists(), "README.md names {path}, which does not exist");
    }
}
