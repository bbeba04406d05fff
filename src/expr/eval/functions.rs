//! gdb's convenience functions, and the answer to all other calls.

use crate::dwarf::types::{Encoding, TypeKind};
use crate::error::{Error, Result};
use crate::limits::{MAX_REGEX_BYTES, MAX_STRING_BYTES};
use crate::value::object::Object;
use crate::value::present::{Form, present};
use crate::value::view::View;

use super::evaluator::Evaluator;
use super::number::IntType;

impl Evaluator<'_, '_, '_> {
    /// `$name(arguments)`
    pub(super) fn convenience_call(&mut self, name: &str, arguments: &[Object]) -> Result<Object> {
        let int = |this: &Self, value: u128| this.of_number(IntType::INT.number(value));
        match (name, arguments) {
            ("_strlen", [text]) => {
                let length = self.characters(text)?.len() as u128;
                Ok(int(self, length))
            }
            ("_streq", [a, b]) => {
                let equal = self.characters(a)? == self.characters(b)?;
                Ok(int(self, u128::from(equal)))
            }
            ("_regex", [text, pattern]) => {
                let (text, pattern) = (self.characters(text)?, self.characters(pattern)?);
                let pattern = String::from_utf8_lossy(&pattern).into_owned();
                let built = regex::bytes::RegexBuilder::new(&pattern).size_limit(MAX_REGEX_BYTES).build();
                let regex = built.map_err(|_| Error::Usage(format!("Invalid regexp: {pattern}")))?;
                // As in gdb, the text must begin with what the expression describes.
                let matches = regex.find(&text).is_some_and(|found| found.start() == 0);
                Ok(int(self, u128::from(matches)))
            }
            ("_memeq", [a, b, size]) => {
                let size = u64::try_from(self.integer(size)?).unwrap_or(u64::MAX);
                let equal = self.bytes_at(a, size)? == self.bytes_at(b, size)?;
                Ok(int(self, u128::from(equal)))
            }
            ("_as_string", [value]) => {
                let text = self.enumerator_name(value)?;
                Ok(self.of_text(&text))
            }
            ("_isvoid", [value]) => {
                let is_void = matches!(self.stripped(value).1.kind, TypeKind::Void);
                Ok(int(self, u128::from(is_void)))
            }
            ("_creal" | "_cimag", [value]) => {
                let value = self.dereferenced(value.clone())?;
                match present(self.reader(), &value, Form::Language) {
                    View::Complex { real, .. } if name == "_creal" => Ok(real),
                    View::Complex { imaginary, .. } => Ok(imaginary),
                    _ => Err(Error::Usage("expected a complex number".into())),
                }
            }
            ("local" | "l", [index]) => self.local(self.slot(index)?),
            ("global", [index]) => self.global(self.slot(index)?),
            ("operand", [index]) => self.operand_slot(self.slot(index)?),
            ("_strlen" | "_as_string" | "_isvoid" | "_creal" | "_cimag" | "local" | "global" | "operand", _) => {
                Err(wrong_count(name, 1))
            }
            ("_streq" | "_regex", _) => Err(wrong_count(name, 2)),
            ("_memeq", _) => Err(wrong_count(name, 3)),
            _ => Err(cannot_call()),
        }
    }

    fn slot(&self, index: &Object) -> Result<u32> {
        let index = self.integer(index)?;
        u32::try_from(index).map_err(|_| Error::Usage(format!("there is no wasm slot {index}")))
    }

    /// The characters of a text: of a string value, an array, or behind a pointer, up to their NUL.
    pub(super) fn characters(&self, object: &Object) -> Result<Vec<u8>> {
        if self.types_only {
            return Ok(Vec::new());
        }
        let object = self.dereferenced(object.clone())?;
        if let Some(text) = self.text(&object) {
            return Ok(text);
        }
        let (_, found) = self.stripped(&object);
        if !matches!(found.kind, TypeKind::Pointer { .. }) {
            return Err(Error::Usage("the argument is no string".into()));
        }
        let address = self.address_of_value(&object)?;
        let mut bytes = Vec::new();
        let mut byte = [0u8; 1];
        while bytes.len() < MAX_STRING_BYTES {
            let at = address.wrapping_add(bytes.len() as u64);
            if address == 0 && !self.reader().program.null_is_readable() {
                return Err(Error::Usage("Cannot access memory at address 0x0".into()));
            }
            self.reader().program.read_memory(object.instance, at, &mut byte)?;
            if byte == [0] {
                return Ok(bytes);
            }
            bytes.extend(byte);
        }
        Err(Error::Limit(format!("the string at {address:#x} has no end within {MAX_STRING_BYTES} bytes")))
    }

    /// Bytes at the address that a value is, or of an array.
    fn bytes_at(&self, object: &Object, size: u64) -> Result<Vec<u8>> {
        if self.types_only {
            return Ok(Vec::new());
        }
        let (_, found) = self.stripped(object);
        if matches!(found.kind, TypeKind::Array(_)) {
            return self.reader().bytes(object, size);
        }
        let address = self.address_of_value(object)?;
        let char_type = self.types().base("char", Encoding::SignedChar, 1, found.language);
        self.reader().bytes(&Object::in_memory(char_type, address, object.instance), size)
    }

    /// The name of an enumerator; other values as their number.
    fn enumerator_name(&self, object: &Object) -> Result<String> {
        let (_, found) = self.stripped(object);
        let value = self.integer(object)?;
        let TypeKind::Enumeration(enumeration) = &found.kind else { return Ok(value.to_string()) };
        let name = enumeration.enumerators.iter().find(|(_, v)| *v == value).map(|(name, _)| name.to_string());
        Ok(name.unwrap_or_else(|| value.to_string()))
    }
}

fn wrong_count(name: &str, count: usize) -> Error {
    let arguments = ["one argument", "two arguments", "three arguments"];
    let arguments = arguments.get(count.saturating_sub(1)).copied().unwrap_or("arguments");
    Error::Usage(format!("You must provide {arguments} for ${name}."))
}

pub(super) fn cannot_call() -> Error {
    Error::Usage("You can't do that without a process to debug.".into())
}
