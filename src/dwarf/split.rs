//! Split DWARF: the part of a unit that lies in a `.dwo` or `.dwp` file (DWARF 5 sections 3.1.2 and 7.3; for DWARF 4
//! the GNU extension).
//!
//! Builds candidate paths and asks for their bytes; which files exist is the opener's business. A file is accepted
//! only if it holds a unit with the id that the module names.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use gimli::{EndianSlice, LittleEndian};

use super::Reader;
use super::root::RootReader;
use crate::wasm::section::{id, read_sections};

/// Gives the bytes of a file, if it exists and can be read.
pub type Opener<'f> = Box<dyn Fn(&Path) -> Option<&'f [u8]> + 'f>;

/// Where to look besides the directory of the module.
#[derive(Debug, Clone, Default)]
pub struct SplitPlaces {
    /// `.dwo` and `.dwp` files that the user named; they are looked into first.
    pub files: Vec<PathBuf>,
    pub directories: Vec<PathBuf>,
}

/// Where the split parts of one module's debug information are looked for.
pub struct SplitFiles<'f> {
    module: PathBuf,
    places: SplitPlaces,
    open: Opener<'f>,
    packages: OnceCell<Vec<gimli::DwarfPackage<Reader<'f>>>>,
}

/// What a skeleton unit says about the rest of it.
pub struct Wanted<'a> {
    pub id: gimli::DwoId,
    /// DW_AT_dwo_name.
    pub name: &'a str,
    /// DW_AT_comp_dir.
    pub directory: Option<&'a str>,
}

/// A unit found in a split file, with the sections it is read in.
pub struct SplitUnit<'f> {
    pub dwarf: gimli::Dwarf<Reader<'f>>,
    pub header: gimli::UnitHeader<Reader<'f>>,
}

impl<'f> SplitFiles<'f> {
    /// In `places`, and beside the file at `module`.
    pub fn new(module: &Path, places: SplitPlaces, open: Opener<'f>) -> Self {
        SplitFiles { module: module.to_owned(), places, open, packages: OnceCell::new() }
    }

    /// The unit that `wanted` names; `parent` is the module's own DWARF.
    ///
    /// # Errors
    /// A sentence that names the missing file, or the one that does not fit.
    pub fn find(&self, wanted: &Wanted<'_>, parent: &gimli::Dwarf<Reader<'f>>) -> Result<SplitUnit<'f>, String> {
        for package in self.packages(wanted.name) {
            if let Ok(Some(dwarf)) = package.find_cu(wanted.id, parent)
                && let Some(header) = unit_with_id(&dwarf, wanted.id)
            {
                return Ok(SplitUnit { dwarf, header });
            }
        }
        let mut misfit = None;
        for path in self.objects(wanted) {
            let Some(bytes) = (self.open)(&path) else { continue };
            let found = load_object(bytes, parent).and_then(|dwarf| Some((unit_with_id(&dwarf, wanted.id)?, dwarf)));
            match found {
                Some((header, dwarf)) => return Ok(SplitUnit { dwarf, header }),
                None => misfit = misfit.or(Some(path)),
            }
        }
        Err(match misfit {
            Some(path) => format!(
                "{}: is not the file that the module was built with (it has no unit with id {:#018x}): variables and \
                 types of that unit are missing",
                path.display(),
                wanted.id.0
            ),
            None => format!(
                "{}: not found: variables and types of that unit are missing; put the file or the module's .dwp \
                 beside the module, or name it with --debug or its directory with --debug-dir",
                wanted.name
            ),
        })
    }

    /// Directories to look in, the module's own first.
    fn directories(&self) -> impl Iterator<Item = &Path> {
        let own = self.module.parent().unwrap_or(Path::new(""));
        std::iter::once(own).chain(self.places.directories.iter().map(PathBuf::as_path))
    }

    /// Paths where a `.dwo` may be, the likeliest first.
    fn objects(&self, wanted: &Wanted<'_>) -> Vec<PathBuf> {
        let name = Path::new(wanted.name);
        let mut paths = self.places.files.clone();
        for directory in self.directories() {
            paths.extend(name.file_name().map(|file| directory.join(file)));
            // Built with paths relative to a directory that was copied whole.
            if name.is_relative() {
                paths.push(directory.join(name));
            }
        }
        paths.push(wanted.directory.map_or_else(|| name.to_owned(), |directory| Path::new(directory).join(name)));
        paths
    }

    /// The packages that belong to the module, by their names.
    fn packages(&self, object_name: &str) -> &[gimli::DwarfPackage<Reader<'f>>] {
        self.packages.get_or_init(|| {
            let mut names = Vec::new();
            if let Some(module) = self.module.file_name() {
                let mut whole = module.to_owned();
                whole.push(".dwp");
                names.push(PathBuf::from(whole));
                names.push(Path::new(module).with_extension("dwp"));
            }
            // A module that was renamed: a program of one object has a package of the object's name.
            names.extend(Path::new(object_name).file_name().map(|n| Path::new(n).with_extension("dwp")));
            names.dedup();
            let found = self.directories().flat_map(|d| names.iter().map(move |n| d.join(n)));
            let paths = self.places.files.iter().cloned().chain(found);
            paths.filter_map(|path| load_package((self.open)(&path)?)).collect()
        })
    }
}

/// Finds `.debug_*.dwo` sections (and the two indices) of a file.
fn section_of<'f>(bytes: &'f [u8]) -> Option<impl Fn(&str) -> Reader<'f>> {
    let list = read_sections(bytes).ok()?;
    Some(move |name: &str| {
        let found = list.sections.iter().find(|s| s.id == id::CUSTOM && s.name == name);
        EndianSlice::new(found.map(|s| s.data).unwrap_or_default(), LittleEndian)
    })
}

fn load_object<'f>(bytes: &'f [u8], parent: &gimli::Dwarf<Reader<'f>>) -> Option<gimli::Dwarf<Reader<'f>>> {
    let section = section_of(bytes)?;
    let load = |id: gimli::SectionId| Ok::<_, gimli::Error>(section(id.dwo_name().unwrap_or("")));
    let mut dwarf = gimli::Dwarf::load(load).ok()?;
    dwarf.make_dwo(parent);
    Some(dwarf)
}

fn load_package(bytes: &[u8]) -> Option<gimli::DwarfPackage<Reader<'_>>> {
    let section = section_of(bytes)?;
    let load = |id: gimli::SectionId| Ok::<_, gimli::Error>(section(id.dwo_name().unwrap_or("")));
    gimli::DwarfPackage::load(load, EndianSlice::new(&[], LittleEndian)).ok()
}

/// The unit of `dwarf` whose id is `id`.
fn unit_with_id<'f>(dwarf: &gimli::Dwarf<Reader<'f>>, id: gimli::DwoId) -> Option<gimli::UnitHeader<Reader<'f>>> {
    let mut headers = dwarf.units();
    let mut roots = RootReader::new(dwarf);
    while let Ok(Some(header)) = headers.next() {
        if roots.read(&header).is_ok_and(|root| root.dwo_id == Some(id)) {
            return Some(header);
        }
    }
    None
}
