//! Source files: where a compiler's file name is found on this machine, and its lines.
//!
//! Searches as gdb does ($cdir, $cwd, `directory`, `substitute-path`), and beside the module. Directories that the
//! user named are also searched for ever shorter ends of the name; others are not, since a file of the same name
//! there (`src/lib.rs`) may be another program's, and a wrong line is worse than none.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::dwarf::line::SourceLocation;
use crate::error::{Error, Result};
use crate::files::Files;
use crate::limits::MAX_SOURCE_BYTES;
use crate::settings::Settings;

/// A source file and where its lines begin.
pub struct SourceFile<'f> {
    pub path: PathBuf,
    /// The text is the debug information's: there need be no file at `path`.
    pub is_embedded: bool,
    bytes: &'f [u8],
    /// Offset of the first byte of each line.
    starts: Vec<usize>,
}

impl<'f> SourceFile<'f> {
    fn new(path: PathBuf, bytes: &'f [u8]) -> Self {
        let mut starts: Vec<usize> = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', bytes).map(|at| at + 1));
        if starts.last() == Some(&bytes.len()) {
            starts.pop();
        }
        SourceFile { path, is_embedded: false, bytes, starts }
    }

    /// Number of lines.
    pub fn line_count(&self) -> u64 {
        self.starts.len() as u64
    }

    /// The text of a line, counted from 1, without its end; none beyond the file.
    pub fn line(&self, number: u64) -> Option<String> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        let start = *self.starts.get(index)?;
        let end = self.starts.get(index + 1).copied().unwrap_or(self.bytes.len());
        let line = String::from_utf8_lossy(self.bytes.get(start..end)?).into_owned();
        Some(line.trim_end_matches(['\n', '\r']).to_owned())
    }
}

/// A file's compilation directory and name.
type Key = (Option<Rc<str>>, Rc<str>);

/// What the search depends on: settings, and the working directory.
type Wishes = (Vec<String>, Vec<(String, String)>, Option<PathBuf>);

/// Source files that were asked for before, found or not.
#[derive(Default)]
pub struct Sources<'f> {
    known: RefCell<HashMap<Key, Result<Rc<SourceFile<'f>>>>>,
    searched_with: RefCell<Wishes>,
}

impl<'f> Sources<'f> {
    /// The file of a place in the source. `beside` are directories in which it may lie under its whole name: those of
    /// the module and the dump.
    ///
    /// # Errors
    /// It is not found; the error names it as the compiler does.
    pub fn find(
        &self,
        files: &'f Files,
        settings: &Settings,
        place: &SourceLocation,
        beside: &[PathBuf],
    ) -> Result<Rc<SourceFile<'f>>> {
        let directory = std::env::current_dir().ok();
        let wishes = (settings.directories().to_vec(), settings.substitutions().to_vec(), directory);
        if *self.searched_with.borrow() != wishes {
            self.known.borrow_mut().clear();
            *self.searched_with.borrow_mut() = wishes;
        }
        let key = (place.directory.clone(), place.file.clone());
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let found = search(files, settings, place, beside).map(Rc::new);
        self.known.borrow_mut().insert(key, found.clone());
        found
    }

    /// Take `text`, which the debug information has, for the file of a place that was not found; none if it is too long.
    pub fn embed(&self, place: &SourceLocation, text: &'f [u8]) -> Option<Rc<SourceFile<'f>>> {
        if text.len() > MAX_SOURCE_BYTES {
            return None;
        }
        let path = Path::new(place.directory.as_deref().unwrap_or("")).join(&*place.file);
        let file = Rc::new(SourceFile { is_embedded: true, ..SourceFile::new(path, text) });
        self.known.borrow_mut().insert((place.directory.clone(), place.file.clone()), Ok(file.clone()));
        Some(file)
    }
}

fn search<'f>(
    files: &'f Files,
    settings: &Settings,
    place: &SourceLocation,
    beside: &[PathBuf],
) -> Result<SourceFile<'f>> {
    let missing = || Error::Io { path: place.file.to_string(), message: "No such file or directory.".into() };
    let path = candidates(settings, place, beside).into_iter().find(|path| path.is_file()).ok_or_else(missing)?;
    // What was found counts from where the user is now.
    let bytes = files.open(&std::path::absolute(&path).unwrap_or_else(|_| path.clone()))?;
    if bytes.len() > MAX_SOURCE_BYTES {
        return Err(Error::Limit(format!("{}: longer than {MAX_SOURCE_BYTES} bytes", path.display())));
    }
    Ok(SourceFile::new(path, bytes))
}

/// Paths that may be the file, the best first.
fn candidates(settings: &Settings, place: &SourceLocation, beside: &[PathBuf]) -> Vec<PathBuf> {
    // Compilers on Windows write the other slash, and only they do.
    let file = if place.file.starts_with('/') { place.file.to_string() } else { place.file.replace('\\', "/") };
    let directory = place.directory.as_deref();
    let whole = match directory {
        Some(directory) if !file.starts_with('/') => format!("{}/{file}", directory.trim_end_matches('/')),
        _ => file.clone(),
    };
    let mut found: Vec<PathBuf> = Vec::new();
    found.extend(substituted(&whole, settings.substitutions()).map(PathBuf::from));
    for named in settings.directories() {
        found.extend(endings(&file).map(|end| Path::new(named).join(end)));
    }
    found.push(PathBuf::from(&whole));
    if !file.starts_with('/') {
        found.extend(beside.iter().map(|directory| directory.join(&file)));
        found.push(PathBuf::from(&file));
    }
    found
}

/// `path` by the first rule that fits; a rule replaces whole components.
fn substituted(path: &str, rules: &[(String, String)]) -> Option<String> {
    rules.iter().find_map(|(from, to)| {
        let rest = path.strip_prefix(from.as_str())?;
        (rest.is_empty() || rest.starts_with('/') || from.ends_with('/')).then(|| format!("{to}{rest}"))
    })
}

/// `a/b/c`, `b/c`, `c`: a name without what the machine of the compiler put in front. `..` ends it.
fn endings(file: &str) -> impl Iterator<Item = &str> {
    let file = file.trim_start_matches('/');
    let mut next = Some(file);
    std::iter::from_fn(move || {
        let current = next?;
        next = current.split_once('/').map(|(_, rest)| rest);
        Some(current)
    })
    .filter(|end| !end.is_empty() && !end.starts_with("../"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Setting, Value};

    fn place(directory: &str, file: &str) -> SourceLocation {
        SourceLocation { file: file.into(), directory: Some(directory.into()), line: Some(1), column: None }
    }

    fn shown(settings: &Settings, place: &SourceLocation) -> Vec<String> {
        candidates(settings, place, &["mod".into()]).iter().map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn the_whole_name_is_tried_in_the_compilation_directory_beside_the_module_and_here() {
        let found = shown(&Settings::default(), &place("/build", "src/main.rs"));
        assert_eq!(found, ["/build/src/main.rs", "mod/src/main.rs", "src/main.rs"]);
        assert_eq!(shown(&Settings::default(), &place("/build", "/usr/a.c")), ["/usr/a.c"]);
    }

    #[test]
    fn named_directories_come_first_and_are_searched_for_shorter_names() {
        let mut settings = Settings::default();
        settings.put(Setting::Directories, Value::Paths(vec!["d".into()]));
        let rules = vec![("/build".to_owned(), "/home".to_owned()), ("/bui".to_owned(), "/wrong".to_owned())];
        settings.put(Setting::SubstitutePath, Value::Rules(rules));
        let found = shown(&settings, &place("/build", "lib/src/a.rs"));
        assert_eq!(found.first().map(String::as_str), Some("/home/lib/src/a.rs"));
        assert_eq!(found.get(1..4), Some(&["d/lib/src/a.rs".into(), "d/src/a.rs".into(), "d/a.rs".into()][..]));
        assert_eq!(substituted("/building/x", settings.substitutions()), None, "a rule replaces whole components");
    }

    #[test]
    fn lines_are_counted_from_one_and_lose_their_ends() {
        let file = SourceFile::new("x".into(), b"one\r\ntwo\n\nfour");
        assert_eq!(file.line_count(), 4);
        assert_eq!(file.line(1).as_deref(), Some("one"));
        assert_eq!(file.line(3).as_deref(), Some(""));
        assert_eq!(file.line(4).as_deref(), Some("four"));
        assert_eq!((file.line(0), file.line(5)), (None, None));
    }
}
