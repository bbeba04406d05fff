//! The files of a command line to the dead program's parts: dump, modules and debug information, matched.
//!
//! Finds what was not named, sorts out what was named in the wrong order, and refuses what does not belong. Only a
//! command line that leaves nothing to look at is an error; everything else that is missing is a warning, and the rest
//! is opened. Reads headers and the code on the stack, nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::candidate::{self, Candidate, Match, Trust};
use super::companion::{self, Companion};
use super::locate;
use super::vote::{self, Site, Verdict, Vote};
use crate::dump::{Coredump, OffsetBase};
use crate::error::{Context, Error, Result};
use crate::files::Files;
use crate::wasm::Module;

/// What the user named.
#[derive(Debug, Clone, Default)]
pub struct OpenOptions {
    /// The module; also a dump, if it is the only file or the two were swapped.
    pub module: Option<PathBuf>,
    pub core: Option<PathBuf>,
    /// Further modules, with the name that the dump has for them where the user knows it.
    pub named_modules: Vec<(Option<String>, PathBuf)>,
    /// Files with debug information.
    pub debug: Vec<PathBuf>,
    /// Directories to look for debug information in, before those of the environment.
    pub debug_dirs: Vec<PathBuf>,
}

/// What was opened.
pub struct Opened<'f> {
    pub core: Option<Rc<Coredump<'f>>>,
    pub core_path: Option<PathBuf>,
    /// With a dump: one for each of its modules, in its order, so that an instance's module index counts here too.
    /// Without: the modules in the order given.
    pub modules: Vec<OpenedModule<'f>>,
    /// `.dwo` and `.dwp` files that the user named; they are for whichever module has a unit that they hold.
    pub split_debug: Vec<PathBuf>,
    /// What is missing or was refused, and what to do about it; the dump's own warnings first.
    pub warnings: Vec<String>,
}

/// A module of the dead program.
pub struct OpenedModule<'f> {
    /// As the dump names it; the module's or its file's name where it does not.
    pub name: String,
    /// The module's file; none if it was not found or is refused.
    pub path: Option<PathBuf>,
    pub module: Option<Rc<Module<'f>>>,
    /// Debug information in a file of its own.
    pub debug: Option<Companion<'f>>,
    /// What the dump's code offsets count from in this module.
    pub offset_base: OffsetBase,
    /// Offsets of callers are return addresses: the call lies before them.
    pub return_addresses: bool,
    /// What the stacks say of the module; none without a dump or a module.
    pub vote: Option<Vote>,
}

impl<'f> Opened<'f> {
    /// The module of an instance of the dump.
    pub fn module_of_instance(&self, instance: u32) -> Option<&OpenedModule<'f>> {
        let module = self.core.as_ref()?.instances.get(instance as usize)?.module;
        self.modules.get(module as usize)
    }
}

/// Open what the command line names.
///
/// # Errors
/// No file, an unreadable dump, two dumps, or, without a dump, a module that cannot be read.
pub fn open<'f>(files: &'f Files, options: &OpenOptions) -> Result<Opened<'f>> {
    let mut warnings = Vec::new();
    let (module_path, core_path) = sorted_out(files, options, &mut warnings)?;
    let core = match &core_path {
        Some(path) => Some(Rc::new(open_core(files, path)?)),
        None => None,
    };
    warnings.extend(core.iter().flat_map(|core| core.warnings.iter().cloned()));
    let unlabelled = module_path.iter().map(|path| (None, path.clone()));
    let given: Vec<_> = unlabelled.chain(options.named_modules.iter().cloned()).collect();
    if core.is_none() && given.is_empty() {
        return Err(Error::Usage("no file to debug: give a module, a coredump, or both".into()));
    }
    let candidates = load_given(files, &given, core.as_deref(), &mut warnings)?;
    let mut modules = match (&core, &core_path) {
        (Some(core), Some(path)) => Matching::new(files, core, path, &mut warnings).run(candidates, given.is_empty()),
        _ => candidates.into_iter().map(OpenedModule::alone).collect(),
    };
    let (split, whole): (Vec<_>, Vec<_>) =
        options.debug.iter().cloned().partition(|path| companion::is_split(files, path));
    let options = OpenOptions { debug: whole, ..options.clone() };
    find_debug_information(files, &options, &mut modules, &mut warnings);
    Ok(Opened { core, core_path, modules, split_debug: split, warnings })
}

/// Module and dump, whichever way round they were given.
fn sorted_out(
    files: &Files,
    options: &OpenOptions,
    warnings: &mut Vec<String>,
) -> Result<(Option<PathBuf>, Option<PathBuf>)> {
    let is_dump = |path: &Path| files.open(path).is_ok_and(Coredump::is_coredump);
    match (options.module.clone(), options.core.clone()) {
        (Some(file), None) if is_dump(&file) => Ok((None, Some(file))),
        (Some(module), Some(core)) if is_dump(&module) => {
            if is_dump(&core) {
                let (module, core) = (module.display(), core.display());
                return Err(Error::Usage(format!("{module} and {core} are both coredumps: give one at a time")));
            }
            warnings.push(format!("{} is the coredump: taking the two files the other way round", module.display()));
            Ok((Some(core), Some(module)))
        }
        given => Ok(given),
    }
}

fn open_core<'f>(files: &'f Files, path: &Path) -> Result<Coredump<'f>> {
    Coredump::open(files.open(path)?)
        .map_err(|error| Error::malformed(format!("\"{}\" is not a core dump: {error}", path.display())))
}

/// The modules that the user named. With a dump, one that cannot be read is a warning: the rest can be shown.
fn load_given<'f>(
    files: &'f Files,
    given: &[(Option<String>, PathBuf)],
    core: Option<&Coredump>,
    warnings: &mut Vec<String>,
) -> Result<Vec<Candidate<'f>>> {
    let mut candidates = Vec::new();
    for (label, path) in given {
        let unknown = |core: &&Coredump| label.as_deref().is_some_and(|l| !candidate::is_named_in(core, l));
        if let Some(core) = core.filter(unknown) {
            let names = core.modules.join(", ");
            let label = label.as_deref().unwrap_or_default();
            warnings.push(format!("the dump has no module named {label}; it has: {names}"));
        }
        match candidate::load(files, path, label.as_deref()) {
            Ok(loaded) if loaded.is_empty() => {
                warnings.push(format!("{}: the component holds no core module", path.display()));
            }
            Ok(loaded) => candidates.extend(loaded),
            Err(error) if core.is_some() => {
                warnings.push(format!("{}; its symbols are missing", error.to_string().trim_end_matches('.')));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(candidates)
}

impl<'f> OpenedModule<'f> {
    /// A module without a dump.
    fn alone(candidate: Candidate<'f>) -> Self {
        OpenedModule {
            name: candidate.name(),
            path: Some(candidate.path),
            module: Some(Rc::new(candidate.module)),
            debug: None,
            offset_base: OffsetBase::Body,
            return_addresses: false,
            vote: None,
        }
    }

    /// A module of the dump whose file is not known.
    fn without_file(name: &str, core: &Coredump) -> Self {
        let [offset_base, ..] = core.dialect.offset_bases;
        OpenedModule {
            name: name.to_owned(),
            path: None,
            module: None,
            debug: None,
            offset_base,
            return_addresses: false,
            vote: None,
        }
    }
}

/// The modules of a dump while their files are found.
struct Matching<'a, 'f> {
    files: &'f Files,
    core: &'a Coredump<'f>,
    core_path: &'a Path,
    sites: BTreeMap<u32, BTreeSet<Site>>,
    /// Modules of the dump that have no file yet.
    free: BTreeSet<u32>,
    modules: Vec<OpenedModule<'f>>,
    warnings: &'a mut Vec<String>,
}

impl<'a, 'f> Matching<'a, 'f> {
    fn new(files: &'f Files, core: &'a Coredump<'f>, core_path: &'a Path, warnings: &'a mut Vec<String>) -> Self {
        let modules: Vec<_> = core.modules.iter().map(|name| OpenedModule::without_file(name, core)).collect();
        let free = (0u32..).take(modules.len()).collect();
        Matching { files, core, core_path, sites: vote::sites(core), free, modules, warnings }
    }

    fn run(mut self, given: Vec<Candidate<'f>>, search: bool) -> Vec<OpenedModule<'f>> {
        let refused = self.accept(given, Trust::Given);
        for refused in &refused {
            self.warn_of_refused(refused);
        }
        if search {
            self.search_named();
        }
        // Whoever gave a wrong file is told so, not served another one.
        if refused.is_empty() && self.has_frames_without_module() {
            self.search_beside();
        }
        if refused.is_empty() && self.has_frames_without_module() {
            self.warn_of_missing();
        }
        self.modules
    }

    /// Match candidates; what is left over is returned.
    fn accept(&mut self, candidates: Vec<Candidate<'f>>, trust: Trust) -> Vec<Match<'f>> {
        let matches = candidate::assign(self.core, &self.sites, &mut self.free, candidates, trust);
        let (matched, refused): (Vec<_>, Vec<_>) = matches.into_iter().partition(|m| m.module.is_some());
        for Match { candidate, module, vote } in matched {
            let Some(opened) = module.and_then(|index| self.modules.get_mut(index as usize)) else { continue };
            let judged = vote.as_ref().is_none_or(|vote| vote.verdict != Verdict::TooFewToTell);
            if trust == Trust::Given && !judged && !candidate.is_called(&opened.name) {
                self.warnings.push(format!(
                    "the stack is too short to tell whether {} belongs to the dump: what is shown is true only if it does",
                    candidate.path.display()
                ));
            }
            if opened.name.is_empty() {
                opened.name = candidate.name();
            }
            opened.path = Some(candidate.path);
            opened.module = Some(Rc::new(candidate.module));
            if let Some(vote) = &vote {
                opened.offset_base = vote.base;
                opened.return_addresses = vote.return_addresses;
            }
            opened.vote = vote;
        }
        refused
    }

    fn warn_of_refused(&mut self, refused: &Match) {
        let path = refused.candidate.path.display();
        let why = match refused.vote.as_ref().map(|vote| &vote.verdict) {
            Some(Verdict::DoesNotBelong(why)) => format!("{path} does not belong to the dump: {why}"),
            // Left over of a component, or of more files than the dump has modules: nobody misses it.
            _ if refused.candidate.label.is_none() && self.free.is_empty() => return,
            _ => format!(
                "{path} belongs to no module of the dump that could be told: say which with --module NAME={path}"
            ),
        };
        self.warnings.push(format!("{why}; its symbols are not used"));
    }

    /// Look where the dump says its program was.
    fn search_named(&mut self) {
        let named = self.core.executable.as_deref().map(|name| locate::executable(name, self.core_path));
        for path in named.into_iter().flatten() {
            let refused = self.try_file(&path, Trust::Named);
            refused.iter().for_each(|refused| self.warn_of_refused(refused));
        }
    }

    /// Look at all that lies beside the dump.
    fn search_beside(&mut self) {
        for path in locate::modules_beside(self.core_path) {
            let before = self.free.len();
            self.try_file(&path, Trust::Found);
            if self.free.len() < before {
                self.warnings.push(format!("using {}, which lies beside the dump and fits it", path.display()));
            }
        }
    }

    fn try_file(&mut self, path: &Path, trust: Trust) -> Vec<Match<'f>> {
        if self.free.is_empty() {
            return Vec::new();
        }
        candidate::load(self.files, path, None).map(|c| self.accept(c, trust)).unwrap_or_default()
    }

    fn warn_of_missing(&mut self) {
        let missing: Vec<&str> = self.modules.iter().filter(|m| m.module.is_none()).map(|m| &*m.name).collect();
        let names = missing.join(", ");
        let all_missing = missing.len() == self.modules.len();
        let name = match self.core.executable.as_deref().filter(|_| all_missing) {
            Some(executable) => executable,
            None if names.is_empty() => "of the dump",
            None => &names,
        };
        self.warnings.push(format!(
            "the module {name} is missing: name its file before the coredump; its functions are shown by index"
        ));
    }

    /// A module of the dump without a file has frames, or no module has a file.
    fn has_frames_without_module(&self) -> bool {
        self.free.len() == self.modules.len() || self.free.iter().any(|module| self.sites.contains_key(module))
    }
}

fn find_debug_information<'f>(
    files: &'f Files,
    options: &OpenOptions,
    modules: &mut [OpenedModule<'f>],
    warnings: &mut Vec<String>,
) {
    for path in &options.debug {
        if let Err(why) = give_debug_file(files, path, modules) {
            warnings.push(why.to_string());
        }
    }
    let mut directories = options.debug_dirs.clone();
    directories.extend(locate::environment_directories());
    for opened in modules {
        if let (Some(module), Some(path), None) = (&opened.module, &opened.path, &opened.debug)
            && !companion::has_debug_info(module)
        {
            opened.debug = companion::find(files, module, path, &directories, warnings);
        }
    }
}

/// Give a debug information file that the user named to the module it belongs to: the one with its build id, else the
/// first that has none yet and does not contradict it.
fn give_debug_file<'f>(files: &'f Files, path: &Path, modules: &mut [OpenedModule<'f>]) -> Result<()> {
    let build_id = Module::parse(files.open(path)?).context(|| path.display().to_string())?;
    let build_id = build_id.names().build_id();
    let matches = |opened: &OpenedModule| {
        let own = opened.module.as_ref().and_then(|m| m.names().build_id());
        build_id.is_some() && own == build_id
    };
    let mut order: Vec<&mut OpenedModule> = modules.iter_mut().filter(|m| m.debug.is_none()).collect();
    order.sort_by_key(|opened| !matches(opened));
    let mut refusal = Error::Absent(format!("{}: there is no module to use it with", path.display()));
    for opened in order {
        let Some(module) = &opened.module else { continue };
        match companion::open(files, path, module) {
            Ok(companion) => {
                opened.debug = Some(companion);
                return Ok(());
            }
            Err(why) => refusal = why,
        }
    }
    Err(refusal)
}
