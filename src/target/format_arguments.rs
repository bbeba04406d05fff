//! Rust's `fmt::Arguments` in memory to text, for messages that were never printed.
//!
//! The template language of Rust 1.93 and later (library/core/src/fmt/mod.rs, "fmt::Arguments"): pieces of text with
//! their length, and placeholders. Arguments of primitive types and strings are written out; of any other the type's
//! name stands in braces, since its formatter cannot be run.

use std::rc::Rc;

/// Most pieces of one template.
const MAX_PIECES: usize = 1000;

/// Reads memory; none where it cannot be read.
type Read<'a> = &'a dyn Fn(u64, u64) -> Option<Vec<u8>>;

/// Names the function behind a function pointer.
type Name<'a> = &'a dyn Fn(u64) -> Option<Rc<str>>;

/// The text that the arguments `template` and `args` (the struct's two words) stand for; none if they are no
/// arguments of the known layout.
pub fn render(template: u64, args: u64, read: Read<'_>, name: Name<'_>) -> Option<String> {
    // A plain string: its length stands in place of the arguments, shifted past a set lowest bit.
    if args & 1 == 1 {
        return String::from_utf8(read(template, args >> 1)?).ok();
    }
    let mut at = template;
    let mut take = |length: u64| {
        let bytes = read(at, length)?;
        at = at.checked_add(length)?;
        Some(bytes)
    };
    let mut text = String::new();
    let mut index = 0u64;
    for _ in 0..MAX_PIECES {
        let kind = *take(1)?.first()?;
        match kind {
            0 => return Some(text),
            1..=0x7f => text.push_str(std::str::from_utf8(&take(u64::from(kind))?).ok()?),
            0x80 => {
                let length = number(&take(2)?);
                text.push_str(std::str::from_utf8(&take(length)?).ok()?);
            }
            0x81..=0xbf => return None,
            _ => {
                // Flags, width and precision change how an argument is written, not which.
                for (bit, length) in [(1, 4), (2, 2), (4, 2)] {
                    if kind & bit != 0 {
                        take(length)?;
                    }
                }
                if kind & 8 != 0 {
                    index = number(&take(2)?);
                }
                text.push_str(&argument(args.checked_add(index.checked_mul(8)?)?, read, name)?);
                index += 1;
            }
        }
    }
    None
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// One `rt::Argument`: a pointer to the value and its formatter.
fn argument(at: u64, read: Read<'_>, name: Name<'_>) -> Option<String> {
    let value = number(&read(at, 4)?);
    let formatter = name(number(&read(at.checked_add(4)?, 4)?))?;
    let kind = formatted_type(&formatter)?;
    Some(primitive(kind, value, read).unwrap_or_else(|| format!("{{{kind}}}")))
}

/// The type in `<usize as core::fmt::Display>::fmt` or `core::fmt::num::<impl core::fmt::Display for usize>::fmt`.
fn formatted_type(function: &str) -> Option<&str> {
    if let Some((_, rest)) = function.split_once("<impl core::fmt::") {
        return rest.split_once(" for ")?.1.rsplit_once(">::").map(|(kind, _)| kind);
    }
    let (kind, _) = function.strip_prefix('<')?.split_once(" as core::fmt::")?;
    Some(kind)
}

/// A value of a type that the language itself has.
fn primitive(kind: &str, at: u64, read: Read<'_>) -> Option<String> {
    let unsigned = |size: u64| read(at, size).map(|bytes| number(&bytes));
    Some(match kind {
        "u8" => unsigned(1)?.to_string(),
        "u16" => unsigned(2)?.to_string(),
        "u32" | "usize" => unsigned(4)?.to_string(),
        "u64" => unsigned(8)?.to_string(),
        "i8" => (unsigned(1)? as i8).to_string(),
        "i16" => (unsigned(2)? as i16).to_string(),
        "i32" | "isize" => (unsigned(4)? as i32).to_string(),
        "i64" => (unsigned(8)? as i64).to_string(),
        "f32" => f32::from_bits(unsigned(4)? as u32).to_string(),
        "f64" => f64::from_bits(unsigned(8)?).to_string(),
        "bool" => (unsigned(1)? != 0).to_string(),
        "char" => char::from_u32(unsigned(4)? as u32)?.to_string(),
        "&str" => string(at, 0, read)?,
        // The vector's words: capacity, pointer, length; the order is the compiler's choice, so the pair that reads as
        // text is taken.
        "alloc::string::String" => string(at, 4, read)?,
        _ => return None,
    })
}

/// The text of a pointer and a length that lie `offset` bytes behind `at`.
fn string(at: u64, offset: u64, read: Read<'_>) -> Option<String> {
    let at = at.checked_add(offset)?;
    let (data, length) = (number(&read(at, 4)?), number(&read(at.checked_add(4)?, 4)?));
    String::from_utf8(read(data, length)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_written_out_with_its_numbers() {
        let mut memory = [0u8; 64];
        memory[..10].copy_from_slice(b"\x04len \xc0\x01!\xc0\x00");
        memory[16..32].copy_from_slice(&[40, 0, 0, 0, 1, 0, 0, 0, 44, 0, 0, 0, 2, 0, 0, 0]);
        memory[40] = 7;
        memory[44] = 1;
        let read = |at: u64, length: u64| memory.get(at as usize..(at + length) as usize).map(<[u8]>::to_vec);
        let name = |index: u64| match index {
            1 => Some(Rc::from("<usize as core::fmt::Display>::fmt")),
            _ => Some(Rc::from("<my::Thing as core::fmt::Debug>::fmt")),
        };
        assert_eq!(render(0, 16, &read, &name).as_deref(), Some("len 7!{my::Thing}"));
    }

    #[test]
    fn garbage_is_no_message() {
        let read =
            |at: u64, length: u64| b"\x00\x90\xff\xff".get(at as usize..(at + length) as usize).map(<[u8]>::to_vec);
        assert_eq!(render(0, 0, &read, &|_| None), Some(String::new()));
        assert_eq!(render(1, 0, &read, &|_| None), None);
        assert_eq!(render(2, 0, &read, &|_| None), None);
        assert_eq!(render(1000, 0, &read, &|_| None), None);
    }
}
