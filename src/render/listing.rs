//! Source lines and instructions as lines of text.
//!
//! Knows nothing of files or modules: it is given the text. Both styles write these alike, as gdb does.

use crate::text::{Role, Sink, Stopped};

/// One source line: number, tab, text.
pub fn source_line(number: u64, text: &str, out: &mut dyn Sink) -> Result<(), Stopped> {
    out.put(Role::Number, &number.to_string())?;
    out.put(Role::Plain, "\t")?;
    out.put(Role::Source, text.trim_end_matches(['\n', '\r']))?;
    out.put(Role::Plain, "\n")
}

/// One instruction of a function.
#[derive(Debug, Clone)]
pub struct Instruction<'a> {
    /// Bytes from the start of the module's file.
    pub module_offset: u64,
    /// Bytes from the start of the function's body.
    pub offset: u64,
    /// The name to write before the offset, if lines of several functions stand together.
    pub function: Option<&'a str>,
    /// In WebAssembly's text format.
    pub text: &'a str,
    /// Levels of blocks around it.
    pub depth: usize,
    /// Its bytes, if they are wanted.
    pub bytes: Option<&'a [u8]>,
    /// It is where the frame stands.
    pub current: bool,
}

/// Deeper blocks are written at this level: a line stays readable.
const MAX_INDENT_LEVELS: usize = 40;

/// One line of `disassemble` or `x/i`.
pub fn instruction(line: &Instruction<'_>, out: &mut dyn Sink) -> Result<(), Stopped> {
    out.put(Role::Plain, if line.current { "=> " } else { "   " })?;
    out.put(Role::Address, &format!("{:#010x}", line.module_offset))?;
    out.put(Role::Plain, " <")?;
    if let Some(function) = line.function {
        out.put(Role::Function, function)?;
    }
    out.put(Role::Plain, &format!("+{}>:\t", line.offset))?;
    if let Some(bytes) = line.bytes {
        let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        out.put(Role::Number, &bytes.join(" "))?;
        out.put(Role::Plain, "\t")?;
    }
    out.put(Role::Plain, &"  ".repeat(line.depth.min(MAX_INDENT_LEVELS)))?;
    out.put(Role::Plain, line.text)?;
    out.put(Role::Plain, "\n")
}

/// Bytes in one row of a hex dump.
pub const HEX_ROW_BYTES: usize = 16;

/// One row of a hex dump as xxd writes it: address, pairs of bytes, characters. `None` is a byte that the dump does
/// not hold, written `..`.
pub fn hex_row(address: u64, bytes: &[Option<u8>], out: &mut dyn Sink) -> Result<(), Stopped> {
    out.put(Role::Address, &format!("{address:08x}"))?;
    out.put(Role::Plain, ":")?;
    let mut pairs = String::new();
    for index in 0..HEX_ROW_BYTES {
        if index % 2 == 0 {
            pairs.push(' ');
        }
        match bytes.get(index) {
            Some(Some(byte)) => pairs.push_str(&format!("{byte:02x}")),
            Some(None) => pairs.push_str(".."),
            None => pairs.push_str("  "),
        }
    }
    out.put(Role::Number, &pairs)?;
    let shown = |byte: &Option<u8>| match byte {
        Some(byte @ 0x20..=0x7e) => char::from(*byte),
        _ => '.',
    };
    let characters: String = bytes.iter().take(HEX_ROW_BYTES).map(shown).collect();
    out.put(Role::String, &format!("  {characters}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    #[test]
    fn a_source_line_keeps_its_indentation_and_loses_its_end() {
        let mut text = Text::new();
        source_line(11, "    let result = calculate(thing.value);\r\n", &mut text).expect("a text never stops");
        assert_eq!(text.to_plain(), "11\t    let result = calculate(thing.value);\n");
    }

    #[test]
    fn an_instruction_line_is_gdbs_with_file_offsets() {
        let mut text = Text::new();
        let line = Instruction {
            module_offset: 0x215,
            offset: 40,
            function: None,
            text: "i32.div_s",
            depth: 1,
            bytes: Some(&[0x6d]),
            current: true,
        };
        instruction(&line, &mut text).expect("a text never stops");
        assert_eq!(text.to_plain(), "=> 0x00000215 <+40>:\t6d\t  i32.div_s\n");
    }

    #[test]
    fn a_hex_row_is_xxds_and_marks_what_the_dump_does_not_hold() {
        let mut text = Text::new();
        let bytes: Vec<Option<u8>> = b"hello\x00".iter().copied().map(Some).chain([None]).collect();
        hex_row(0x100, &bytes, &mut text).expect("a text never stops");
        assert_eq!(text.to_plain(), "00000100: 6865 6c6c 6f00 ..                        hello..\n");
    }
}
