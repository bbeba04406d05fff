//! Bytes of a wasm file to its list of sections, by their headers alone.
//!
//! Serves modules and coredumps alike; nothing inside a section is read but a custom section's name, so the
//! cost follows the number of sections, not the file's size (WebAssembly core, 5.5.2).

use wasmparser::BinaryReader;

use crate::error::{Error, Result};

/// Section ids of the core specification.
pub mod id {
    pub const CUSTOM: u8 = 0;
    pub const TYPE: u8 = 1;
    pub const IMPORT: u8 = 2;
    pub const FUNCTION: u8 = 3;
    pub const TABLE: u8 = 4;
    pub const MEMORY: u8 = 5;
    pub const GLOBAL: u8 = 6;
    pub const EXPORT: u8 = 7;
    pub const START: u8 = 8;
    pub const ELEMENT: u8 = 9;
    pub const CODE: u8 = 10;
    pub const DATA: u8 = 11;
    pub const DATA_COUNT: u8 = 12;
    pub const TAG: u8 = 13;
}

/// The specification's name of a section; `unknown` for ids that it does not have.
pub fn section_name(id: u8) -> &'static str {
    match id {
        id::CUSTOM => "custom",
        id::TYPE => "type",
        id::IMPORT => "import",
        id::FUNCTION => "function",
        id::TABLE => "table",
        id::MEMORY => "memory",
        id::GLOBAL => "global",
        id::EXPORT => "export",
        id::START => "start",
        id::ELEMENT => "element",
        id::CODE => "code",
        id::DATA => "data",
        id::DATA_COUNT => "data count",
        id::TAG => "tag",
        _ => "unknown",
    }
}

/// One section.
#[derive(Debug, Clone, Copy)]
pub struct Section<'f> {
    /// Section id, see [`id`].
    pub id: u8,
    /// Name of a custom section, empty for others; not UTF-8: empty too.
    pub name: &'f str,
    /// File offset of the section's id byte.
    pub header: u64,
    /// File offset of `data[0]`.
    pub start: u64,
    /// The contents, without a custom section's name; shorter than announced if the file was cut.
    pub data: &'f [u8],
    /// The file ends before the section does.
    pub truncated: bool,
}

impl Section<'_> {
    /// File offset of the first byte after the section's contents.
    pub fn end(&self) -> u64 {
        self.start + self.data.len() as u64
    }
}

/// All sections of a file, in file order.
#[derive(Debug, Clone, Default)]
pub struct SectionList<'f> {
    pub sections: Vec<Section<'f>>,
    /// Where and why the walk ended early: the file was cut, or a header is broken.
    pub damage: Option<String>,
}

/// What the first eight bytes of a file say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A core module, or a coredump (which is one by its header).
    Core,
    /// A component (layer 1).
    Component,
}

/// Look at the header of a file.
///
/// # Errors
/// Names what the file is instead, as far as its first bytes tell.
pub fn file_kind(bytes: &[u8]) -> Result<FileKind> {
    let found = match bytes {
        [] => "the file is empty".to_owned(),
        [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => return Ok(FileKind::Core),
        [0, b'a', b's', b'm', _, 0, 1, 0, ..] => return Ok(FileKind::Component),
        [0, b'a', b's', b'm', a, b, c, d, ..] => {
            return Err(Error::Unsupported(format!(
                "WebAssembly version {} is not supported",
                u32::from_le_bytes([*a, *b, *c, *d])
            )));
        }
        [0, b'a', b's', b'm', ..] => "the file ends within its header".to_owned(),
        [0x7f, b'E', b'L', b'F', ..] => "it is an ELF file".to_owned(),
        [b'M', b'Z', ..] => "it is a Windows executable".to_owned(),
        [0x1f, 0x8b, ..] => "it is compressed: try gunzip first".to_owned(),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "it is compressed: try unzstd first".to_owned(),
        [b'B', b'C', 0xc0, 0xde, ..] => "it is LLVM bitcode".to_owned(),
        bytes if bytes.iter().take(512).all(|b| matches!(b, b'\t' | b'\n' | b'\r' | 0x20..=0x7e)) => {
            "it is a text file".to_owned()
        }
        bytes => {
            let head: Vec<String> = bytes.iter().take(4).map(|b| format!("{b:02x}")).collect();
            format!("it begins with {}", head.join(" "))
        }
    };
    Err(Error::malformed(format!("not a WebAssembly file: {found}")))
}

/// Walk the section headers of a core module or coredump.
///
/// # Errors
/// Only if the eight-byte header is not a core module's; later damage ends the list and is reported in it.
pub fn read_sections(bytes: &[u8]) -> Result<SectionList<'_>> {
    if file_kind(bytes)? == FileKind::Component {
        return Err(Error::Unsupported("the file is a component, not a core module".into()));
    }
    let mut list = SectionList::default();
    let mut at = 8usize;
    while at < bytes.len() {
        match read_section(bytes, at) {
            Ok((section, next)) => {
                if section.truncated {
                    list.damage =
                        Some(format!("the file ends at {:#x}, inside the section that begins at {at:#x}", bytes.len()));
                }
                list.sections.push(section);
                at = next;
            }
            Err(error) => {
                list.damage = Some(format!("the section header at {at:#x} cannot be read: {error}"));
                break;
            }
        }
    }
    Ok(list)
}

/// The section whose id byte is at `at`, and the offset of the next one.
fn read_section(bytes: &[u8], at: usize) -> Result<(Section<'_>, usize)> {
    let broken = |e: wasmparser::BinaryReaderError| Error::malformed_at(e.message().to_owned(), e.offset());
    let rest = bytes.get(at..).unwrap_or_default();
    let mut reader = BinaryReader::new(rest, 0);
    let id = reader.read_u8().map_err(broken)?;
    let size = reader.read_var_u32().map_err(broken)? as usize;
    if id > id::TAG {
        return Err(Error::malformed_at(format!("unknown section id {id}"), at as u64));
    }
    let start = at + reader.current_position();
    let announced_end = start.saturating_add(size);
    let end = announced_end.min(bytes.len());
    let mut section = Section {
        id,
        name: "",
        header: at as u64,
        start: start as u64,
        data: bytes.get(start..end).unwrap_or_default(),
        truncated: announced_end > bytes.len(),
    };
    if id == id::CUSTOM {
        // A name that does not fit makes the section nameless, not the file unreadable.
        if let Some((name, data)) = split_name(section.data) {
            section.start += (section.data.len() - data.len()) as u64;
            section.name = std::str::from_utf8(name).unwrap_or("");
            section.data = data;
        }
    }
    Ok((section, end))
}

/// A custom section's name and what follows it.
fn split_name(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut reader = BinaryReader::new(data, 0);
    let length = reader.read_var_u32().ok()? as usize;
    data.get(reader.current_position()..)?.split_at_checked(length)
}
