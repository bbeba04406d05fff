//! Places in source and code as the protocol has them: files, and text that stands for a file.

use std::path::{Path, PathBuf};

use super::adapter::Adapter;
use super::handles::SourceKey;
use super::messages::Source;
use crate::dwarf::UnitId;
use crate::dwarf::line::SourceLocation;
use crate::session::Session;
use crate::target::Frame;
use crate::target::frame::ModuleId;
use crate::wasm::text::listing;
use crate::wasm::{FuncIdx, FuncOffset};

/// A source with a line and column in it, both counted from 1; 0 where they are not known.
pub struct Place {
    pub source: Source,
    pub line: u64,
    pub column: u64,
    /// Its text can be shown: the file is on this machine, or its text in the debug information.
    pub found: bool,
}

/// Whose debug information has a frame's function.
pub fn unit_of(frame: &Frame) -> Option<(ModuleId, UnitId)> {
    frame.module.zip(frame.call.as_ref().map(|call| call.unit))
}

impl Adapter<'_> {
    /// Where a frame stands: in its source file, else in the text of its code; none if there is neither.
    pub fn frame_place(&mut self, frame: &Frame) -> Option<Place> {
        if let Some(location) = frame.location().filter(|location| location.line.is_some()) {
            return Some(self.source_place(unit_of(frame), location));
        }
        let module = frame.module?;
        let line = self.code_line(module, frame.func, frame.func_offset?)?;
        let source = self.code_source(module, frame.func)?;
        Some(Place { source, line, column: 1, found: false })
    }

    /// A place in a source file: on this machine, else in the text that the debug information of `unit` holds, else where
    /// it was when it was compiled.
    pub fn source_place(&mut self, unit: Option<(ModuleId, UnitId)>, location: &SourceLocation) -> Place {
        let found = self.find_source(location);
        let reference = if found.is_none() { self.embedded(unit, location) } else { None };
        let path = found.clone().unwrap_or_else(|| compiled_path(location));
        let name = path.file_name().map_or_else(|| location.file.to_string(), |n| n.to_string_lossy().into_owned());
        let is_text = found.is_some() || reference.is_some();
        let source = Source {
            name,
            path: Some(self.client_path(&path)),
            source_reference: reference,
            presentation_hint: (!is_text).then_some("deemphasize"),
            origin: reference.map(|_| "debug information"),
        };
        let line = location.line.map_or(0, u64::from);
        // Column 0 of a line table means the whole line.
        let column = location.column.map_or(1, |column| u64::from(column).max(1));
        Place { source, line, column, found: is_text }
    }

    /// The number of a text that the debug information holds.
    fn embedded(&mut self, unit: Option<(ModuleId, UnitId)>, location: &SourceLocation) -> Option<i64> {
        let (module, unit) = unit?;
        self.session.program().ok()?.debug_info(module)?.embedded_source(unit, &location.file)?;
        let key = SourceKey::Embedded(module, unit, location.file.to_string());
        self.handles.sources.number(key.clone(), || key)
    }

    fn find_source(&self, location: &SourceLocation) -> Option<PathBuf> {
        let Session { sources, files, settings, .. } = &self.session;
        let found = sources.find(files, settings, location, &self.session.beside()).ok()?;
        let path = Some(&found.path).filter(|_| !found.is_embedded)?;
        Some(path.canonicalize().unwrap_or_else(|_| path.clone()))
    }

    /// A path as the client wants it.
    pub fn client_path(&self, path: &Path) -> String {
        if self.client.path_format != "uri" {
            return path.display().to_string();
        }
        let mut uri = String::from("file://");
        for byte in path.display().to_string().bytes() {
            match byte {
                b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
                byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
                byte => uri.push_str(&format!("%{byte:02X}")),
            }
        }
        uri
    }

    /// The text of a function's code as a source.
    pub fn code_source(&mut self, module: ModuleId, function: FuncIdx) -> Option<Source> {
        let key = SourceKey::Function(module, function);
        let name = self.session.program().ok()?.function_name(module, function);
        let name = name.unwrap_or_else(|| format!("func[{}]", function.0).into());
        let reference = self.handles.sources.number(key.clone(), || key)?;
        Some(Source {
            name: format!("{}.wat", crate::text::escaped(&name)),
            source_reference: Some(reference),
            presentation_hint: Some("deemphasize"),
            origin: Some("code of the module"),
            ..Source::default()
        })
    }

    /// The line of an instruction in the text of its function, counted from 1.
    fn code_line(&self, module: ModuleId, function: FuncIdx, offset: FuncOffset) -> Option<u64> {
        let module = self.session.program().ok()?.module(module)?;
        let before = listing(module, function)?.take_while(|line| line.offset <= offset).count() as u64;
        // The first line of the text is the function's head, and the instruction itself was counted.
        Some(before.max(1) + 1)
    }
}

/// The path as the compiler had it.
fn compiled_path(location: &SourceLocation) -> PathBuf {
    match location.directory.as_deref() {
        Some(directory) if !location.file.starts_with('/') => Path::new(directory).join(&*location.file),
        _ => PathBuf::from(&*location.file),
    }
}
