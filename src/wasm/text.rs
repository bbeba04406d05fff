//! Instructions of one body as lines of the text format, with names from the name section (WebAssembly core, 6.5).
//!
//! For reading, not for assembling again: floats are decimal, labels are depths, types of calls through tables are
//! written out.

use std::fmt::Write as _;

use wasmparser::{BlockType, BrTable, MemArg, MemArgTarget, Operator};

use super::address::{FileOffset, FuncIdx, FuncOffset, GlobalIdx, LocalIdx};
use super::code::Instructions;
use super::mnemonic::mnemonic;
use super::module::{FuncType, Module};
use super::value::ValueType;

/// One instruction as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub offset: FuncOffset,
    pub module_offset: FileOffset,
    pub size_bytes: u64,
    /// Levels of blocks around it; `end` and `else` stand at the level of their block.
    pub depth: usize,
    /// Name and immediates; what cannot be decoded says so.
    pub text: String,
}

/// The instructions of one function, in order.
pub struct Listing<'m, 'f> {
    module: &'m Module<'f>,
    function: FuncIdx,
    start: FileOffset,
    instructions: Instructions<'f>,
    depth: usize,
}

/// The instructions of `function`; none for imports and functions that do not exist.
pub fn listing<'m, 'f>(module: &'m Module<'f>, function: FuncIdx) -> Option<Listing<'m, 'f>> {
    let body = module.body(function)?;
    Some(Listing { module, function, start: body.start, instructions: body.instructions(), depth: 0 })
}

impl Iterator for Listing<'_, '_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        match self.instructions.next()? {
            Ok(instruction) => {
                let operator = &instruction.operator;
                if matches!(operator, Operator::End | Operator::Delegate { .. }) {
                    self.depth = self.depth.saturating_sub(1);
                }
                let middle = matches!(operator, Operator::Else | Operator::Catch { .. } | Operator::CatchAll);
                let depth = self.depth - usize::from(middle && self.depth > 0);
                if opens_block(operator) {
                    self.depth += 1;
                }
                Some(Line {
                    offset: instruction.offset,
                    module_offset: FileOffset(self.start.0.saturating_add(instruction.offset.0)),
                    size_bytes: instruction.size_bytes,
                    depth,
                    text: self.text(operator),
                })
            }
            Err(error) => Some(Line {
                offset: FuncOffset(0),
                module_offset: self.start,
                size_bytes: 0,
                depth: 0,
                text: format!("(the rest cannot be decoded: {error})"),
            }),
        }
    }
}

/// The operator begins a block that an `end` closes.
pub fn opens_block(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Try { .. }
            | Operator::TryTable { .. }
    )
}

impl Listing<'_, '_> {
    fn text(&self, operator: &Operator<'_>) -> String {
        let mut text = mnemonic(operator);
        let scope = Scope { module: self.module, function: self.function };
        match operator {
            Operator::CallIndirect { type_index, table_index }
            | Operator::ReturnCallIndirect { type_index, table_index } => {
                scope.optional_index(*table_index, &mut text);
                scope.signature(*type_index, &mut text);
            }
            Operator::CallRef { type_index } | Operator::ReturnCallRef { type_index } => {
                scope.signature(*type_index, &mut text);
            }
            Operator::TypedSelect { ty } => push(&mut text, format_args!(" (result {ty})")),
            _ => immediates(operator, &scope, &mut text),
        }
        text
    }
}

/// Whose names are written.
struct Scope<'m, 'f> {
    module: &'m Module<'f>,
    function: FuncIdx,
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = text.write_fmt(arguments);
}

impl Scope<'_, '_> {
    fn optional_index(&self, index: u32, text: &mut String) {
        if index != 0 {
            push(text, format_args!(" {index}"));
        }
    }

    /// `$name`, or the number where there is no name.
    fn name(&self, name: Option<&str>, index: u32, text: &mut String) {
        let plain =
            |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '(' | ')' | ',' | ';' | '[' | ']' | '{' | '}');
        match name {
            Some(name) if !name.is_empty() && name.chars().all(plain) => push(text, format_args!(" ${name}")),
            Some(name) if !name.is_empty() => push(text, format_args!(" $\"{name}\"")),
            _ => push(text, format_args!(" {index}")),
        }
    }

    /// `(type 3) (param i32) (result i32)`.
    fn signature(&self, type_index: u32, text: &mut String) {
        push(text, format_args!(" (type {type_index})"));
        if let Some(signature) = self.module.type_at(type_index) {
            text.push_str(&signature_text(signature));
        }
    }
}

/// ` (param i32 i64) (result f32)`: empty for a function without either.
pub fn signature_text(signature: &FuncType) -> String {
    let names = |types: &[ValueType]| types.iter().map(|kind| format!(" {}", kind.name())).collect::<String>();
    let mut text = String::new();
    if !signature.params.is_empty() {
        push(&mut text, format_args!(" (param{})", names(&signature.params)));
    }
    if !signature.results.is_empty() {
        push(&mut text, format_args!(" (result{})", names(&signature.results)));
    }
    text
}

/// What follows an instruction's name, by the type of the immediate and the name of its field.
trait Immediate {
    fn write(&self, field: &str, scope: &Scope<'_, '_>, text: &mut String);
}

macro_rules! define_immediates {
    ($(@$proposal:ident $op:ident $({ $($arg:ident: $argty:ty),* })? => $visit:ident ($($annotation:tt)*))*) => {
        fn immediates(operator: &Operator<'_>, scope: &Scope<'_, '_>, text: &mut String) {
            match operator {
                $(Operator::$op $({ $($arg),* })? => {
                    $($(Immediate::write($arg, stringify!($arg), scope, text);)*)?
                })*
                _ => {}
            }
        }
    };
}

wasmparser::for_each_operator!(define_immediates);

impl Immediate for u32 {
    fn write(&self, field: &str, scope: &Scope<'_, '_>, text: &mut String) {
        let names = scope.module.names();
        match field {
            "function_index" => scope.name(names.function(FuncIdx(*self)), *self, text),
            "local_index" => scope.name(names.local(scope.function, LocalIdx(*self)), *self, text),
            "global_index" => scope.name(names.global(GlobalIdx(*self)), *self, text),
            "mem" | "table" | "src_mem" | "dst_mem" | "src_table" | "dst_table" => scope.optional_index(*self, text),
            _ => push(text, format_args!(" {self}")),
        }
    }
}

impl Immediate for MemArg {
    fn write(&self, _: &str, scope: &Scope<'_, '_>, text: &mut String) {
        if let MemArgTarget::Memory(memory) = self.target {
            scope.optional_index(memory, text);
        }
        if self.offset != 0 {
            push(text, format_args!(" offset={}", self.offset));
        }
        if self.align != self.max_align && self.align < 64 {
            push(text, format_args!(" align={}", 1u64 << self.align));
        }
    }
}

impl Immediate for BlockType {
    fn write(&self, _: &str, scope: &Scope<'_, '_>, text: &mut String) {
        match self {
            BlockType::Empty => {}
            BlockType::Type(kind) => push(text, format_args!(" (result {kind})")),
            BlockType::FuncType(index) => scope.signature(*index, text),
        }
    }
}

impl Immediate for BrTable<'_> {
    fn write(&self, _: &str, _: &Scope<'_, '_>, text: &mut String) {
        for depth in self.targets().map_while(Result::ok).chain([self.default()]) {
            push(text, format_args!(" {depth}"));
        }
    }
}

impl Immediate for wasmparser::Ieee32 {
    fn write(&self, _: &str, _: &Scope<'_, '_>, text: &mut String) {
        match f32::from_bits(self.bits()) {
            value if value.is_nan() => push(text, format_args!(" nan:{:#x}", self.bits() & 0x7f_ffff)),
            value => push(text, format_args!(" {value:?}")),
        }
    }
}

impl Immediate for wasmparser::Ieee64 {
    fn write(&self, _: &str, _: &Scope<'_, '_>, text: &mut String) {
        match f64::from_bits(self.bits()) {
            value if value.is_nan() => push(text, format_args!(" nan:{:#x}", self.bits() & 0xf_ffff_ffff_ffff)),
            value => push(text, format_args!(" {value:?}")),
        }
    }
}

impl Immediate for wasmparser::V128 {
    fn write(&self, _: &str, _: &Scope<'_, '_>, text: &mut String) {
        let word = |bytes: &[u8]| bytes.iter().rev().fold(0u32, |word, byte| (word << 8) | u32::from(*byte));
        text.push_str(" i32x4");
        self.bytes().chunks(4).for_each(|bytes| push(text, format_args!(" {:#010x}", word(bytes))));
    }
}

impl Immediate for [u8; 16] {
    fn write(&self, _: &str, _: &Scope<'_, '_>, text: &mut String) {
        self.iter().for_each(|lane| push(text, format_args!(" {lane}")));
    }
}

impl Immediate for wasmparser::HeapType {
    fn write(&self, _: &str, _: &Scope<'_, '_>, text: &mut String) {
        match self {
            wasmparser::HeapType::Abstract { shared: false, ty } => {
                push(text, format_args!(" {}", format!("{ty:?}").to_lowercase()));
            }
            wasmparser::HeapType::Concrete(index) => push(text, format_args!(" {index}")),
            other => push(text, format_args!(" {other:?}")),
        }
    }
}

macro_rules! displayed {
    ($($kind:ty),*) => {$(
        impl Immediate for $kind {
            fn write(&self, _: &str, _: &Scope<'_, '_>, text: &mut String) {
                push(text, format_args!(" {self}"));
            }
        }
    )*};
}

displayed!(u8, i32, i64, wasmparser::ValType, wasmparser::RefType);

macro_rules! debugged {
    ($($kind:ty),*) => {$(
        impl Immediate for $kind {
            /// Rare immediates of proposals: the crate's own spelling is better than nothing.
            fn write(&self, _: &str, _: &Scope<'_, '_>, text: &mut String) {
                push(text, format_args!(" {self:?}"));
            }
        }
    )*};
}

debugged!(Vec<wasmparser::ValType>, wasmparser::Ordering, wasmparser::TryTable, wasmparser::ResumeTable);
