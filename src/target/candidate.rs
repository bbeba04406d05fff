//! Module files that may belong to a dump, and which of them belongs to which of its modules.
//!
//! A name decides nothing alone: dumps name modules after the linker's output, not the file. Every pair is put to the
//! vote; names decide where the stacks say too little, and a file that a vote rejects is refused, whatever its name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::vote::{Site, Verdict, Vote, vote};
use crate::dump::Coredump;
use crate::error::{Context, Error, Result};
use crate::files::Files;
use crate::limits::MAX_MODULE_VOTES;
use crate::wasm::section::{FileKind, file_kind};
use crate::wasm::{Module, component};

/// One core module of a file.
pub struct Candidate<'f> {
    pub path: PathBuf,
    /// The name of the dump's module that the user says it is.
    pub label: Option<String>,
    pub module: Module<'f>,
}

/// The core modules of a file: itself, or those inside a component.
///
/// # Errors
/// The file cannot be read, is no WebAssembly, or is a dump itself.
pub fn load<'f>(files: &'f Files, path: &Path, label: Option<&str>) -> Result<Vec<Candidate<'f>>> {
    let bytes = files.open(path)?;
    if Coredump::is_coredump(bytes) {
        return Err(Error::malformed(format!("{}: it is a coredump, not a module", path.display())));
    }
    let of_file = |bytes| {
        let module = Module::parse(bytes)?;
        Ok(Candidate { path: path.to_owned(), label: label.map(str::to_owned), module })
    };
    match file_kind(bytes).context(|| path.display().to_string())? {
        FileKind::Core => Ok(vec![of_file(bytes)?]),
        FileKind::Component => component::core_modules(bytes).into_iter().map(of_file).collect(),
    }
}

impl Candidate<'_> {
    /// The module's own name, or its file's.
    pub fn name(&self) -> String {
        let own = self.module.names().module().filter(|name| !name.is_empty());
        own.map(str::to_owned).unwrap_or_else(|| file_name(&self.path))
    }

    /// Does the dump's name for a module mean this one?
    pub fn is_called(&self, name: &str) -> bool {
        let short = name.rsplit(['/', '\\']).next().unwrap_or(name);
        !name.is_empty() && (self.module.names().module() == Some(name) || file_name(&self.path) == short)
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// How far candidates are trusted that the stacks cannot judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The user named the files: one that nothing speaks against is taken, one that does not belong is refused loudly.
    Given,
    /// The dump named the files: the same.
    Named,
    /// The files only lie there: the vote or a name has to speak for one.
    Found,
}

/// A candidate that was matched with a module of the dump, or refused.
pub struct Match<'f> {
    pub candidate: Candidate<'f>,
    /// Index of the dump's module; none: it belongs to none of them.
    pub module: Option<u32>,
    pub vote: Option<Vote>,
}

/// Match candidates with those of the dump's modules that `free` lists; each is used once.
pub fn assign<'f>(
    dump: &Coredump,
    sites: &BTreeMap<u32, BTreeSet<Site>>,
    free: &mut BTreeSet<u32>,
    candidates: Vec<Candidate<'f>>,
    trust: Trust,
) -> Vec<Match<'f>> {
    let mut pairs = held_against_each_other(dump, sites, free, &candidates);
    pairs.sort_by_key(|pair| std::cmp::Reverse(pair.rank()));
    let mut taken: BTreeMap<usize, (u32, Vote)> = BTreeMap::new();
    let only = free.len() == 1 && candidates.len() == 1;
    let mut rejected: BTreeMap<usize, Vote> = BTreeMap::new();
    for pair in pairs {
        let trusted = match trust {
            Trust::Given | Trust::Named => pair.named || only,
            Trust::Found => pair.named,
        };
        let fits = match pair.vote.verdict {
            Verdict::Belongs => true,
            Verdict::TooFewToTell => trusted,
            Verdict::DoesNotBelong(_) => false,
        };
        if fits && free.contains(&pair.module) && !taken.contains_key(&pair.candidate) {
            free.remove(&pair.module);
            taken.insert(pair.candidate, (pair.module, pair.vote));
        } else if !fits {
            rejected.entry(pair.candidate).or_insert(pair.vote);
        }
    }
    let matched = candidates.into_iter().enumerate().map(|(i, candidate)| match taken.remove(&i) {
        Some((module, vote)) => Match { candidate, module: Some(module), vote: Some(vote) },
        None => Match { candidate, module: None, vote: rejected.remove(&i) },
    });
    matched.collect()
}

/// One module of the dump with one candidate.
struct Pair {
    module: u32,
    candidate: usize,
    /// The dump's name, or the user's label, says that they belong together.
    named: bool,
    vote: Vote,
}

impl Pair {
    /// The higher, the surer.
    fn rank(&self) -> (bool, bool, usize, usize) {
        let belongs = self.vote.verdict == Verdict::Belongs;
        (belongs, self.named, self.vote.verified, self.vote.hits)
    }
}

fn held_against_each_other(
    dump: &Coredump,
    sites: &BTreeMap<u32, BTreeSet<Site>>,
    free: &BTreeSet<u32>,
    candidates: &[Candidate],
) -> Vec<Pair> {
    let nowhere = BTreeSet::new();
    let mut pairs = Vec::new();
    for module in free {
        let name = dump.modules.get(*module as usize).map_or("", |name| name.as_ref());
        for (i, candidate) in candidates.iter().enumerate() {
            let labelled = candidate.label.as_deref().filter(|label| is_named_in(dump, label));
            if labelled.is_some_and(|label| label != name) || pairs.len() >= MAX_MODULE_VOTES {
                continue;
            }
            let sites = sites.get(module).unwrap_or(&nowhere);
            let vote = vote(&candidate.module, sites, &dump.dialect.offset_bases);
            let named = labelled.is_some() || candidate.is_called(name);
            pairs.push(Pair { module: *module, candidate: i, named, vote });
        }
    }
    pairs
}

/// Does the dump have a module of that name?
pub fn is_named_in(dump: &Coredump, label: &str) -> bool {
    dump.modules.iter().any(|name| name == label)
}
