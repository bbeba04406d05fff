//! Rust's `fmt::Arguments` in memory to text, for messages that were never printed.
//!
//! Two layouts are known (library/core/src/fmt/mod.rs): the template of bytes of Rust 1.93 and later, and the slices of
//! pieces, arguments and placeholders before that. Arguments of primitive types and strings are written out; of any
//! other the type's name stands in braces, since its formatter cannot be run.

use std::cell::Cell;
use std::rc::Rc;

use super::format_integer::{integer, integer_text};
use super::format_spec::Spec;
use super::told::Unwritten;

/// Most pieces of one text.
const MAX_PIECES: u64 = 1000;

/// Most bytes read for one text; the longest messages seen have a few hundred.
const MAX_BYTES: u64 = 1 << 16;

/// Deepest arguments inside arguments.
const MAX_NESTING: u32 = 4;

/// Longest reference to a reference to a value.
const MAX_REFERENCES: usize = 8;

/// The memory that the arguments lie in.
pub struct Memory<'a> {
    read: Read<'a>,
    name: Name<'a>,
    /// Bytes that may still be read: arguments may be arguments again, each of many pieces.
    budget: Cell<u64>,
    /// Arguments inside arguments that may still be entered.
    nesting: Cell<u32>,
}

/// So many bytes at an address; none where they cannot be read.
type Read<'a> = Box<dyn Fn(u64, u64) -> Option<Vec<u8>> + 'a>;

/// The qualified name of the function behind a function pointer.
type Name<'a> = Box<dyn Fn(u64) -> Option<Rc<str>> + 'a>;

/// A text; not complete where a type's name stands for a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formatted {
    pub text: String,
    pub complete: bool,
    pub values: Vec<Unwritten>,
}

/// The text of the struct of two words, `template` and `args`; none if they are no arguments of that layout.
pub fn new_layout(memory: Memory<'_>, template: u64, args: u64) -> Option<Formatted> {
    memory.template(template, args)
}

/// The text of the struct of three slices at `at`; none if there is no such struct.
pub fn old_layout(memory: Memory<'_>, at: u64) -> Option<Formatted> {
    memory.slices(at)
}

impl<'a> Memory<'a> {
    /// Nothing is read yet.
    pub fn new(read: impl Fn(u64, u64) -> Option<Vec<u8>> + 'a, name: impl Fn(u64) -> Option<Rc<str>> + 'a) -> Self {
        let (budget, nesting) = (Cell::new(MAX_BYTES), Cell::new(MAX_NESTING));
        Memory { read: Box::new(read), name: Box::new(name), budget, nesting }
    }

    fn bytes(&self, at: u64, length: u64) -> Option<Vec<u8>> {
        self.budget.set(self.budget.get().checked_sub(length.saturating_add(1))?);
        (self.read)(at, length)
    }

    /// Arguments that are an argument.
    fn nested(&self, at: u64) -> Option<Formatted> {
        let left = self.nesting.get();
        self.nesting.set(left.checked_sub(1)?);
        let found = self.template(self.word(at)?, self.word(at.checked_add(4)?)?);
        self.nesting.set(left);
        found
    }

    fn template(&self, template: u64, args: u64) -> Option<Formatted> {
        // A plain string: its length stands in place of the arguments, shifted past a set lowest bit.
        if args & 1 == 1 {
            let text = self.string(template, args >> 1)?;
            return Some(Formatted { text, ..Formatted::empty() });
        }
        let mut at = template;
        let mut take = |length: u64| {
            let bytes = self.bytes(at, length)?;
            at = at.checked_add(length)?;
            Some(bytes)
        };
        let mut writer = Formatted::empty();
        let mut index = 0u64;
        for _ in 0..MAX_PIECES {
            let kind = *take(1)?.first()?;
            match kind {
                0 => return Some(writer),
                1..=0x7f => writer.text.push_str(std::str::from_utf8(&take(u64::from(kind))?).ok()?),
                0x80 => {
                    let length = number(&take(2)?);
                    writer.text.push_str(std::str::from_utf8(&take(length)?).ok()?);
                }
                0x81..=0xbf => return None,
                _ => {
                    let mut field = |bit: u8, length| if kind & bit != 0 { take(length).map(Some) } else { Some(None) };
                    let flags = field(1, 4)?.map(|bytes| number(&bytes) as u32);
                    let width = field(2, 2)?.map(|bytes| number(&bytes));
                    let precision = field(4, 2)?.map(|bytes| number(&bytes));
                    index = field(8, 2)?.map_or(index, |bytes| number(&bytes));
                    // A width or precision that is an argument itself is left out.
                    let spec = Spec {
                        flags,
                        width: width.filter(|_| kind & 16 == 0).map(|width| width as usize),
                        precision: precision.filter(|_| kind & 32 == 0).map(|precision| precision as usize),
                    };
                    self.argument(args.checked_add(index.checked_mul(8)?)?, spec, &mut writer)?;
                    index += 1;
                }
            }
        }
        None
    }

    /// Pieces, arguments and placeholders, each a pointer and a length. The compiler chose the order of the two latter;
    /// placeholders are there only where an argument is not written in the default way.
    fn slices(&self, at: u64) -> Option<Formatted> {
        let slice = |index: u64| {
            let at = at.checked_add(8 * index)?;
            Some((self.word(at)?, self.word(at.checked_add(4)?)?))
        };
        let (pieces, count) = slice(0)?;
        if count > MAX_PIECES {
            return None;
        }
        let ((second, second_count), (third, third_count)) = (slice(1)?, slice(2)?);
        let fits = |number: u64| number == count || number + 1 == count;
        // Of an absent slice of placeholders only the pointer, null, is written.
        let (args, args_count, placeholders) = match (second, third) {
            (_, 0) => (second, second_count, 0),
            (0, _) => (third, third_count, 0),
            _ => (second, second_count, third_count.max(1)),
        };
        if !fits(args_count) {
            return None;
        }
        let mut writer = Formatted::empty();
        for index in 0..count.max(args_count) {
            if index < count {
                let piece = pieces.checked_add(8 * index)?;
                writer.text.push_str(&self.string(self.word(piece)?, self.word(piece.checked_add(4)?)?)?);
            }
            if index >= args_count {
                continue;
            }
            // Which argument a placeholder takes is not known then.
            if placeholders > 0 {
                writer.unknown("..");
            } else {
                self.argument(args.checked_add(8 * index)?, Spec::default(), &mut writer)?;
            }
        }
        Some(writer)
    }

    /// The value that a `dyn Debug` refers to: the fourth word of the vtable is `fmt`.
    pub fn debug(&self, data: u64, vtable: u64) -> Option<Formatted> {
        let mut writer = Formatted::empty();
        let formatter = (self.name)(self.word(vtable.checked_add(12)?)?)?;
        self.value(&formatter, data, Spec::default(), &mut writer)?;
        Some(writer)
    }

    /// One `rt::Argument`: a pointer to the value and its formatter.
    fn argument(&self, at: u64, spec: Spec, writer: &mut Formatted) -> Option<()> {
        let formatter = (self.name)(self.word(at.checked_add(4)?)?)?;
        self.value(&formatter, self.word(at)?, spec, writer)
    }

    fn value(&self, formatter: &str, at: u64, spec: Spec, writer: &mut Formatted) -> Option<()> {
        let (mut name, mut at) = (Rc::<str>::from(formatter), at);
        for _ in 0..MAX_REFERENCES {
            let (style, kind) = formatted_type(&name)?;
            // Behind `&&str` and `&i32` is the same value; a `&dyn Debug` says itself what is behind it.
            let target = kind.strip_prefix('&').map(|target| target.trim_start_matches("mut "));
            match target {
                Some(target) if target.starts_with("dyn ") => {
                    let vtable = self.word(at.checked_add(4)?)?;
                    (name, at) = ((self.name)(self.word(vtable.checked_add(12)?)?)?, self.word(at)?);
                }
                Some(target) if target != "str" && !target.starts_with('[') && target.len() > 1 => {
                    at = self.word(at)?;
                    name = format!("<{target} as core::fmt::{style}>::fmt").into();
                }
                _ if kind == "core::fmt::Arguments" => {
                    match self.nested(at) {
                        Some(inner) => writer.append(inner),
                        None => writer.unwritten(kind, at),
                    }
                    return Some(());
                }
                _ => {
                    match self.primitive(style, kind, at, spec) {
                        Some(text) => writer.text.push_str(&text),
                        None => writer.unwritten(kind, at),
                    }
                    return Some(());
                }
            }
        }
        None
    }

    /// A value of a type that the language itself has.
    fn primitive(&self, style: &str, kind: &str, at: u64, spec: Spec) -> Option<String> {
        if let Some((bytes, signed)) = integer(kind) {
            let bits = number128(&self.bytes(at, bytes)?);
            let unused = 128 - 8 * bytes as u32;
            return integer_text(
                style,
                bits,
                if signed { Some((bits << unused) as i128 >> unused) } else { None },
                spec,
            );
        }
        let unsigned = |size: u64| self.bytes(at, size).map(|bytes| number(&bytes));
        let is_debug = style == "Debug";
        Some(match kind {
            "f32" => {
                let value = f32::from_bits(unsigned(4)? as u32);
                spec.float(f64::from(value), if is_debug { format!("{value:?}") } else { value.to_string() })
            }
            "f64" => {
                let value = f64::from_bits(unsigned(8)?);
                spec.float(value, if is_debug { format!("{value:?}") } else { value.to_string() })
            }
            "bool" => spec.text(if unsigned(1)? != 0 { "true" } else { "false" }),
            "char" => {
                let character = char::from_u32(unsigned(4)? as u32)?;
                spec.text(&if is_debug { format!("{character:?}") } else { character.to_string() })
            }
            "()" => spec.text("()"),
            "core::cell::BorrowMutError" if !is_debug => "RefCell already borrowed".to_owned(),
            "core::cell::BorrowError" if !is_debug => "RefCell already mutably borrowed".to_owned(),
            "&str" => self.text(at, is_debug, spec)?,
            // Capacity, pointer, length.
            "alloc::string::String" => self.text(at.checked_add(4)?, is_debug, spec)?,
            _ => return None,
        })
    }

    /// The text of a pointer and a length at `at`.
    fn text(&self, at: u64, is_debug: bool, spec: Spec) -> Option<String> {
        let text = self.string(self.word(at)?, self.word(at.checked_add(4)?)?)?;
        Some(if is_debug { spec.text(&format!("{text:?}")) } else { spec.text(&text) })
    }

    fn string(&self, data: u64, length: u64) -> Option<String> {
        String::from_utf8(self.bytes(data, length)?).ok()
    }

    fn word(&self, at: u64) -> Option<u64> {
        Some(number(&self.bytes(at, 4)?))
    }
}

impl Formatted {
    fn empty() -> Self {
        Formatted { text: String::new(), complete: true, values: Vec::new() }
    }

    fn append(&mut self, inner: Formatted) {
        self.text.push_str(&inner.text);
        self.complete &= inner.complete;
        self.values.extend(inner.values);
    }

    fn unknown(&mut self, kind: &str) {
        self.complete = false;
        self.text.push_str(&format!("{{{kind}}}"));
    }

    fn unwritten(&mut self, kind: &str, address: u64) {
        self.unknown(kind);
        self.values.push(Unwritten { placeholder: format!("{{{kind}}}"), type_name: kind.to_owned(), address });
    }
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

fn number128(bytes: &[u8]) -> u128 {
    bytes.iter().rev().fold(0, |value, byte| value << 8 | u128::from(*byte))
}

/// The trait and the type in `<usize as core::fmt::Display>::fmt`, or in what rustc makes of an `impl` by a macro,
/// `core::fmt::num::<impl core::fmt::Display for usize>::fmt`.
fn formatted_type(function: &str) -> Option<(&str, &str)> {
    if let Some((_, rest)) = function.split_once("<impl core::fmt::") {
        let (style, rest) = rest.split_once(" for ")?;
        return rest.rsplit_once(">::").map(|(kind, _)| (style, kind));
    }
    let (kind, rest) = function.strip_prefix('<')?.rsplit_once(" as core::fmt::")?;
    Some((rest.split_once('>')?.0, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(image: Vec<u8>) -> Memory<'static> {
        let read = move |at: u64, length: u64| {
            image.get(usize::try_from(at).ok()?..usize::try_from(at.checked_add(length)?).ok()?).map(<[u8]>::to_vec)
        };
        let name = |index: u64| {
            Some(Rc::from(match index {
                1 => "<usize as core::fmt::Display>::fmt",
                2 => "core::fmt::num::imp::<impl core::fmt::LowerHex for i16>::fmt",
                3 => "<&dyn core::fmt::Debug as core::fmt::Debug>::fmt",
                4 => "<&&str as core::fmt::Debug>::fmt",
                5 => "core::fmt::num::<impl core::fmt::Debug for i32>::fmt",
                7 => "<core::fmt::Arguments as core::fmt::Display>::fmt",
                6 => "<my::Thing<u8> as core::fmt::Debug>::fmt",
                _ => return None,
            }))
        };
        Memory::new(read, name)
    }

    fn put(image: &mut [u8], at: usize, words: &[u32]) {
        for (index, word) in words.iter().enumerate() {
            image[at + 4 * index..at + 4 * index + 4].copy_from_slice(&word.to_le_bytes());
        }
    }

    #[test]
    fn a_template_is_written_out_with_its_numbers() {
        let mut image = vec![0u8; 128];
        image[..12].copy_from_slice(b"\x04len \xc0\x01!\xc0\x01 \xc0");
        image[12] = 0;
        put(&mut image, 16, &[40, 1, 44, 6, 52, 3]);
        put(&mut image, 40, &[7, 0, 0, 60, 64, 0xffff_fffd]);
        put(&mut image, 64, &[0, 0, 0, 5]);
        let found = new_layout(memory(image), 0, 16).expect("a template");
        assert_eq!((&*found.text, found.complete), ("len 7!{my::Thing<u8>} -3", false));
        let value = found.values.first().expect("the thing");
        assert_eq!((&*value.type_name, value.address), ("my::Thing<u8>", 44));
    }

    #[test]
    fn placeholders_choose_base_width_and_argument() {
        let mut image = vec![0u8; 64];
        // `{1:#06x}`: flags, width and index are there.
        let flags: u32 = 1 << 23 | 1 << 24 | 3 << 29 | 32;
        image[0] = 0xc0 | 1 | 2 | 8;
        put(&mut image, 1, &[flags]);
        image[5..9].copy_from_slice(&[6, 0, 1, 0]);
        put(&mut image, 16, &[40, 1, 44, 2]);
        put(&mut image, 44, &[0xffff_00ff]);
        assert_eq!(new_layout(memory(image), 0, 16).map(|f| f.text).as_deref(), Some("0x00ff"));
    }

    #[test]
    fn slices_of_pieces_and_arguments_are_the_older_layout() {
        for args_first in [true, false] {
            let mut image = vec![0u8; 128];
            let (args, none) = ((48, 1), (0, 77));
            let (second, third) = if args_first { (args, none) } else { (none, args) };
            put(&mut image, 0, &[24, 2, second.0, second.1, third.0, third.1]);
            put(&mut image, 24, &[64, 5, 69, 1]);
            put(&mut image, 48, &[80, 4]);
            image[64..70].copy_from_slice(b"name ?");
            put(&mut image, 80, &[88]);
            put(&mut image, 88, &[100, 2]);
            image[100..102].copy_from_slice(b"a\"");
            let found = old_layout(memory(image), 0).expect("arguments");
            assert_eq!((&*found.text, found.complete), ("name \"a\\\"\"?", true));
        }
    }

    #[test]
    fn arguments_that_contain_themselves_end() {
        let mut image = vec![0u8; 64];
        // Two placeholders, each of which is the whole again.
        image[..3].copy_from_slice(&[0xc0, 0xc0, 0]);
        put(&mut image, 16, &[32, 7, 32, 7]);
        put(&mut image, 32, &[0, 16]);
        let found = new_layout(memory(image), 0, 16).map(|found| found.complete);
        assert_ne!(found, Some(true));
    }

    #[test]
    fn garbage_is_no_message() {
        let image = || b"\x00\x90\xff\xff".to_vec();
        assert_eq!(new_layout(memory(image()), 0, 0).map(|f| f.text).as_deref(), Some(""));
        assert_eq!(new_layout(memory(image()), 1, 0), None);
        assert_eq!(new_layout(memory(image()), 2, 0), None);
        assert_eq!(new_layout(memory(image()), 1000, 0), None);
        assert_eq!(old_layout(memory(image()), 0), None);
    }
}
