//! What the renderers need to know of the user's wishes: plain data, made by `settings` and by a command's options.
//!
//! The defaults here are those of the reference style; `settings` has a test that says so.

use std::borrow::Cow;

/// Whose form of output: our own, or gdb's exact text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    #[default]
    Reference,
    Gdb,
}

/// How the arguments in a frame line are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FrameArguments {
    /// All with their values.
    All,
    /// Structures, unions and arrays as `...`.
    #[default]
    Scalars,
    /// Every value as `...`.
    None,
    /// `...` in place of the whole list, if there is any argument.
    Presence,
}

/// What a frame line holds, and whether the source line follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FrameInfo {
    /// What the command prints by itself.
    #[default]
    Auto,
    SourceLine,
    Location,
    SourceAndLocation,
    LocationAndAddress,
    ShortLocation,
}

/// Which end of the stack has the number 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FrameNumbering {
    /// The youngest frame, as in gdb.
    #[default]
    Innermost,
    /// The oldest frame, as the original tool had it.
    Outermost,
}

/// What happens to frames of the language's runtime (panic and abort machinery) in a backtrace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RuntimeFrames {
    /// Printed like all others.
    #[default]
    Show,
    /// One line for all of them that are neighbours.
    Fold,
    /// Left out; numbers of the others stay.
    Hide,
}

/// The base in which integers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutputRadix {
    Octal,
    #[default]
    Decimal,
    Hexadecimal,
}

/// How scalars are written: the letter of `p/x`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FormatLetter {
    /// `x`
    Hex,
    /// `z`: hexadecimal, padded with zeros to the size.
    PaddedHex,
    /// `d`
    Decimal,
    /// `u`
    Unsigned,
    /// `o`
    Octal,
    /// `t`
    Binary,
    /// `c`
    Char,
    /// `a`
    Address,
    /// `f`
    Float,
    /// `s`
    String,
    /// `i`: only for `x`.
    Instruction,
}

impl FormatLetter {
    /// As it is typed.
    pub fn letter(self) -> char {
        match self {
            FormatLetter::Hex => 'x',
            FormatLetter::PaddedHex => 'z',
            FormatLetter::Decimal => 'd',
            FormatLetter::Unsigned => 'u',
            FormatLetter::Octal => 'o',
            FormatLetter::Binary => 't',
            FormatLetter::Char => 'c',
            FormatLetter::Address => 'a',
            FormatLetter::Float => 'f',
            FormatLetter::String => 's',
            FormatLetter::Instruction => 'i',
        }
    }
}

/// Everything that decides how values and frames are written. Limits: none is unlimited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub style: Style,
    /// Structures over several lines.
    pub pretty: bool,
    /// Arrays over several lines.
    pub array: bool,
    /// `[0] = ` before elements.
    pub array_indexes: bool,
    /// Elements of arrays and containers.
    pub elements: Option<u64>,
    /// Characters of strings.
    pub characters: Option<u64>,
    /// From so many equal neighbours on, one is written with `<repeats N times>`.
    pub repeats: Option<u64>,
    /// Character arrays end at their first NUL.
    pub null_stop: bool,
    /// Unions inside structures are opened.
    pub union: bool,
    /// Addresses before strings and of functions.
    pub address: bool,
    /// `<symbol+offset>` after pointers into named objects.
    pub symbol: bool,
    /// Pointers and references to classes are shown as the dynamic type.
    pub object: bool,
    /// Static members of C++ classes.
    pub static_members: bool,
    /// Behind a C++ reference that stands alone, what it refers to.
    pub referents: bool,
    /// Bytes above 127 in strings as octal escapes.
    pub sevenbit_strings: bool,
    /// Levels of structures and arrays that are opened; 0 opens none.
    pub max_depth: Option<u64>,
    /// Type names with all their paths and parameters.
    pub full_types: bool,
    /// Members as DWARF has them, no built-in forms (`p/r`).
    pub raw: bool,
    /// Why a value is missing, in its place; else only that it is.
    pub reasons: bool,
    /// `name: Type = value` instead of `name = value`.
    pub member_types: bool,
    /// `name (0x…)` for what lies in memory.
    pub member_addresses: bool,
    /// `$1 = ` before printed values.
    pub value_numbers: bool,
    pub output_radix: OutputRadix,
    /// Of one command, for every scalar in the value.
    pub format: Option<FormatLetter>,
    pub frame_arguments: FrameArguments,
    pub frame_info: FrameInfo,
    pub frame_numbering: FrameNumbering,
    pub runtime_frames: RuntimeFrames,
}

impl Options {
    /// The same for values in a frame's line, which has no room for how an operand of the machine was not known.
    pub fn on_one_line(&self) -> Cow<'_, Options> {
        match self.pretty || self.array || self.reasons {
            true => Cow::Owned(Options { pretty: false, array: false, reasons: false, ..self.clone() }),
            false => Cow::Borrowed(self),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            style: Style::Reference,
            pretty: true,
            array: false,
            array_indexes: false,
            elements: Some(200),
            characters: Some(200),
            repeats: Some(10),
            null_stop: false,
            union: true,
            address: true,
            symbol: true,
            object: false,
            static_members: true,
            referents: true,
            sevenbit_strings: false,
            max_depth: Some(2),
            full_types: false,
            raw: false,
            reasons: true,
            member_types: true,
            member_addresses: true,
            value_numbers: false,
            output_radix: OutputRadix::Decimal,
            format: None,
            frame_arguments: FrameArguments::Scalars,
            frame_info: FrameInfo::Auto,
            frame_numbering: FrameNumbering::Innermost,
            runtime_frames: RuntimeFrames::Show,
        }
    }
}
