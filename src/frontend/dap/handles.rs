//! Numbers that a client holds, and what they stand for: frames, scopes, values, sources, places.
//!
//! A dump never changes, so every number lives as long as the connection, and the same thing asked for twice has the
//! same number. Numbers begin at 1: 0 means "nothing" in the protocol.

use std::collections::HashMap;
use std::hash::Hash;

use crate::dwarf::UnitId;
use crate::dwarf::line::SourceLocation;
use crate::limits::MAX_DAP_HANDLES;
use crate::target::FrameId;
use crate::target::frame::{InstanceId, ModuleId};
use crate::value::Object;
use crate::wasm::FuncIdx;

/// A frame of a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FrameKey {
    /// Counted in the dump from 0.
    pub thread: usize,
    pub frame: FrameId,
}

/// A group of a frame's variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScopeKind {
    Arguments,
    Locals,
    Statics,
    Globals,
    WasmLocals,
    OperandStack,
    WasmGlobals,
}

/// What can be expanded.
#[derive(Debug, Clone)]
pub enum Node {
    Scope {
        frame: FrameKey,
        kind: ScopeKind,
    },
    /// A value and, if there is one, an expression for it.
    Value {
        frame: Option<FrameKey>,
        object: Box<Object>,
        expression: Option<String>,
    },
}

/// What tells one expandable thing from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum NodeKey {
    Scope(FrameKey, ScopeKind),
    /// The child of that number of something expandable.
    Child(i64, u64),
    /// The value of an expression in a frame.
    Expression(Option<FrameKey>, String),
}

/// Text that the client cannot find in a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SourceKey {
    /// A function's code in the text format.
    Function(ModuleId, FuncIdx),
    /// A file that the debug information of a unit holds.
    Embedded(ModuleId, UnitId, String),
}

/// Where something is declared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PlaceKey {
    /// Whose debug information names the file.
    pub unit: Option<(ModuleId, UnitId)>,
    pub directory: Option<String>,
    pub file: String,
    pub line: u32,
    pub column: Option<u32>,
}

/// Numbers of one kind.
pub struct Numbers<K, V> {
    known: HashMap<K, i64>,
    kept: Vec<V>,
}

impl<K, V> Default for Numbers<K, V> {
    fn default() -> Self {
        Numbers { known: HashMap::new(), kept: Vec::new() }
    }
}

impl<K: Hash + Eq, V> Numbers<K, V> {
    /// The number of `key`, which stands for what `make` gives; none if there are too many already.
    pub fn number(&mut self, key: K, make: impl FnOnce() -> V) -> Option<i64> {
        if let Some(number) = self.known.get(&key) {
            return Some(*number);
        }
        if self.kept.len() >= MAX_DAP_HANDLES {
            return None;
        }
        self.kept.push(make());
        let number = i64::try_from(self.kept.len()).ok()?;
        self.known.insert(key, number);
        Some(number)
    }

    /// What a number stands for.
    pub fn get(&self, number: i64) -> Option<&V> {
        self.kept.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }
}

/// All numbers of one connection.
#[derive(Default)]
pub struct Handles {
    pub frames: Numbers<FrameKey, FrameKey>,
    pub nodes: Numbers<NodeKey, Node>,
    pub sources: Numbers<SourceKey, SourceKey>,
    pub places: Numbers<PlaceKey, PlaceKey>,
}

impl Handles {
    /// The number of a place in a source file, for `locations`; none without a line.
    pub fn place(&mut self, unit: Option<(ModuleId, UnitId)>, location: &SourceLocation) -> Option<i64> {
        let key = PlaceKey {
            unit,
            directory: location.directory.as_deref().map(str::to_owned),
            file: location.file.to_string(),
            line: location.line?,
            column: location.column,
        };
        self.places.number(key.clone(), || key)
    }
}

/// An address of an instance's memory as a client carries it around: hexadecimal, with the instance in front unless it
/// is the first.
pub fn memory_reference(instance: InstanceId, address: u64) -> String {
    match instance.0 {
        0 => format!("{address:#x}"),
        instance => format!("{instance}:{address:#x}"),
    }
}

/// What [`memory_reference`] wrote; decimal numbers are understood, too.
pub fn parse_memory_reference(text: &str) -> Option<(InstanceId, u64)> {
    let (instance, address) = match text.trim().split_once(':') {
        Some((instance, address)) => (instance.parse().ok()?, address),
        None => (0, text.trim()),
    };
    Some((InstanceId(instance), parse_number(address)?))
}

fn parse_number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

/// Bits of a code reference that are the offset in a module's file. No module is as long as this.
const CODE_OFFSET_BITS: u32 = 40;

/// An instruction as one number, because editors compute with it: the offset in the module's file, and above it the
/// module.
pub fn code_reference(module: ModuleId, offset: u64) -> String {
    format!("{:#x}", (u64::from(module.0) << CODE_OFFSET_BITS) | offset)
}

/// What [`code_reference`] wrote.
pub fn parse_code_reference(text: &str) -> Option<(ModuleId, u64)> {
    let number = parse_number(text.trim())?;
    let module = u32::try_from(number >> CODE_OFFSET_BITS).ok()?;
    Some((ModuleId(module), number & ((1 << CODE_OFFSET_BITS) - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_thing_has_the_same_number_and_zero_is_none() {
        let mut numbers = Numbers::default();
        let key = |frame| FrameKey { thread: 0, frame: FrameId(frame) };
        assert_eq!(numbers.number(key(3), || 'a'), Some(1));
        assert_eq!(numbers.number(key(4), || 'b'), Some(2));
        assert_eq!(numbers.number(key(3), || 'c'), Some(1));
        assert_eq!((numbers.get(1), numbers.get(2)), (Some(&'a'), Some(&'b')));
        for number in [0, -1, 3, i64::MIN, i64::MAX] {
            assert_eq!(numbers.get(number), None);
        }
    }

    #[test]
    fn references_read_back() {
        for (instance, address) in [(0, 0xff90), (3, 0), (0, u64::MAX)] {
            let text = memory_reference(InstanceId(instance), address);
            assert_eq!(parse_memory_reference(&text), Some((InstanceId(instance), address)), "{text}");
        }
        assert_eq!(code_reference(ModuleId(0), 0x215), "0x215");
        for (module, offset) in [(0, 0x215), (2, 0xffff_ffff)] {
            let text = code_reference(ModuleId(module), offset);
            assert_eq!(parse_code_reference(&text), Some((ModuleId(module), offset)), "{text}");
        }
        for text in ["", "x", "0x", "-1", "a:1", "1:", "99999999999999999999"] {
            assert_eq!(parse_memory_reference(text), None, "{text}");
        }
    }
}
