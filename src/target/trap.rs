//! Why the program stopped: the kind of the trap from the instruction that trapped, the details from its operands.
//!
//! A dump does not record the reason. The instruction at the youngest frame's offset says which traps are possible, its
//! recovered operands which of them it was. Words for the kinds are Wasmtime's; where
//! several stay possible, the kind names them all.

use std::cell::RefCell;

use super::dataflow::access::{Access, access};
use super::frame::ModuleId;
use super::panic::message::{Message, message, of_import};
use super::panic::told::Unwritten;
use super::patience::Patience;
use super::physical::Recorded;
use super::program::Program;
use super::provenance::Trust;
use super::stack::{PhysicalRecord, Stack};
use crate::wasm::code::Instruction;
use crate::wasm::mnemonic::mnemonic;
use crate::wasm::text::signature_text;
use crate::wasm::trap_kind::{Trapping, is_unreachable, trapping};
use crate::wasm::{FuncIdx, FuncOffset, Module};

/// What is known of the trap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrapReport {
    pub kind: &'static str,
    /// The instruction's name in the text format; none where there is none.
    pub instruction: Option<String>,
    /// More about it, for people: of several lines where the program's own message is.
    pub message: Option<String>,
    /// The kind is a fact; if not, it rests on recovered operands, or names several that are possible.
    pub certain: bool,
    /// Values that stand in the message as their types' names in braces, in that order.
    pub values: Vec<Unwritten>,
}

/// A kind, whether it is the only one possible, and the details.
type Finding = (&'static str, bool, Option<String>);

const DIVIDE_BY_ZERO: &str = "integer divide by zero";
const OVERFLOW: &str = "integer overflow";
const OUT_OF_BOUNDS: &str = "out of bounds memory access";
const UNREACHABLE: &str = "wasm `unreachable` instruction executed";
const HOST_TRAP: &str = "the called host function trapped";

impl Program<'_> {
    /// Why a thread's youngest frame trapped; none where nothing can be told.
    pub fn trap(&self, stack: &Stack) -> Option<TrapReport> {
        let youngest = stack.physical().first()?;
        let module = self.module(youngest.module?)?;
        let Some(offset) = youngest.offset else {
            let kind = "call stack exhausted";
            let message = Some(self.exhausted(stack, youngest));
            return Some(TrapReport { kind, instruction: None, message, certain: true, values: Vec::new() });
        };
        let instruction = module.body(youngest.func)?.instruction_at(offset)?;
        let scene = Scene { program: self, stack, youngest, module, values: RefCell::default() };
        let (kind, certain, message) = match trapping(&instruction.operator)? {
            Trapping::Unreachable => scene.unreachable(),
            Trapping::Branch => scene.branch(&instruction)?,
            Trapping::Division { bits, signed_quotient } => scene.division(bits, signed_quotient),
            Trapping::Truncation { float_bits } => scene.truncation(float_bits),
            Trapping::IndirectCall { type_index, table } => scene.indirect_call(type_index, table),
            Trapping::Memory => scene.memory(access(&instruction.operator)),
            Trapping::Bulk { verb, memory, from_memory } => scene.bulk(verb, memory, from_memory),
            Trapping::Throw => ("uncaught exception", true, scene.said()),
            Trapping::Call { function } => scene.host_call(function),
            Trapping::Other(kind) => (kind, true, None),
        };
        let instruction = Some(mnemonic(&instruction.operator));
        Some(TrapReport { kind, instruction, message, certain, values: scene.values.into_inner() })
    }

    /// A function was entered and did not begin: the engine ran out of stack.
    fn exhausted(&self, stack: &Stack, youngest: &PhysicalRecord) -> String {
        let name = youngest.module.and_then(|id| self.function_name(id, youngest.func));
        let name = name.unwrap_or_else(|| format!("func[{}]", youngest.func.0).into());
        let is_same = |record: &&PhysicalRecord| (record.module, record.func) == (youngest.module, youngest.func);
        let count = stack.physical().iter().filter(is_same).count();
        let often = if count > 1 { format!("; {count} frames of the stack are calls of it") } else { String::new() };
        format!("stack overflow: {name} was entered and had not begun{often}")
    }

    /// The instruction at a place, as the text format writes its name.
    pub fn instruction_name(&self, id: ModuleId, func: FuncIdx, offset: FuncOffset) -> Option<String> {
        let instruction = self.module(id)?.body(func)?.instruction_at(offset)?;
        Some(mnemonic(&instruction.operator))
    }
}

fn bytes(count: u8) -> String {
    if count == 1 { "1 byte".into() } else { format!("{count} bytes") }
}

/// An operand with the mark of what is not exact.
fn marked(value: &dyn std::fmt::Display, exact: bool) -> String {
    if exact { value.to_string() } else { format!("{value}~") }
}

/// The youngest frame at the trap.
struct Scene<'a, 'f> {
    program: &'a Program<'f>,
    stack: &'a Stack,
    youngest: &'a PhysicalRecord,
    module: &'a Module<'f>,
    /// What the message leaves to be written.
    values: RefCell<Vec<Unwritten>>,
}

impl Scene<'_, '_> {
    /// An operand of the trapping instruction, counted from the top, 0, as bits; with whether it is exact.
    fn operand(&self, from_top: u32) -> Option<(u64, bool)> {
        let recovery = self.program.recovery(self.stack)?;
        let count = u32::try_from(recovery.operand_count(0)?).ok()?;
        let found = recovery.operand(0, count.checked_sub(from_top + 1)?, Patience::Short).ok()?;
        Some((found.value.bits()? as u64, found.provenance.trust > Trust::Recovered))
    }

    /// The message, with a word about values that may have changed.
    fn words(&self, message: Message) -> String {
        self.values.replace(message.values);
        if message.exact { message.text } else { format!("{} (from recovered values)", message.text) }
    }

    /// What the machinery at the young end of the stack says.
    fn said(&self) -> Option<String> {
        message(self.program, self.stack).map(|found| self.words(found))
    }

    fn unreachable(&self) -> Finding {
        (UNREACHABLE, true, self.said())
    }

    /// An imported function ended the program.
    fn host_call(&self, function: u32) -> Finding {
        let function = FuncIdx(function);
        let said = of_import(self.program, self.stack, function).or_else(|| message(self.program, self.stack));
        let called = || {
            let name = self.program.wasm_function_name(self.youngest.module?, function)?;
            Some(format!("in the imported function {name}"))
        };
        (HOST_TRAP, true, said.map(|found| self.words(found)).or_else(called))
    }

    /// Cranelift makes a branch around an `unreachable` one conditional trap, whose offset is the branch's.
    fn branch(&self, instruction: &Instruction<'_>) -> Option<Finding> {
        let after = FuncOffset(instruction.offset.0 + instruction.size_bytes);
        let next = self.module.body(self.youngest.func)?.instruction_at(after);
        let falls = next.is_some_and(|next| is_unreachable(&next.operator));
        let (kind, certain, message) = self.unreachable();
        let branch = if falls {
            "the branch that skips it was not taken, as after a failed check or __builtin_trap"
        } else {
            "the branch that leads to it was taken, as after a failed check or __builtin_trap"
        };
        Some((kind, certain, message.or_else(|| Some(branch.to_owned()))))
    }

    fn division(&self, bits: u32, signed_quotient: bool) -> Finding {
        let signed = |value: u64| if bits == 32 { i64::from(value as u32 as i32) } else { value as i64 };
        let dividend = self.operand(1).map(|(value, exact)| marked(&signed(value), exact));
        let shown = dividend.unwrap_or_else(|| "a number".to_owned());
        if !signed_quotient {
            return (DIVIDE_BY_ZERO, true, Some(format!("{shown} divided by 0")));
        }
        match self.operand(0).map(|(value, exact)| (signed(value), exact)) {
            Some((0, exact)) => (DIVIDE_BY_ZERO, exact, Some(format!("{shown} divided by 0"))),
            Some((-1, exact)) => (OVERFLOW, exact, Some(format!("{shown} divided by -1"))),
            _ => ("integer divide by zero or overflow", false, None),
        }
    }

    fn truncation(&self, float_bits: u32) -> Finding {
        const INVALID: &str = "invalid conversion to integer";
        let nan = || Some("a NaN has no integer value".to_owned());
        let Some((bits, exact)) = self.operand(0) else {
            return match self.program.recovery(self.stack).and_then(|recovery| recovery.youngest_operand_is_nan()) {
                Some(exact) => (INVALID, exact, nan()),
                None => ("integer overflow or invalid conversion to integer", false, None),
            };
        };
        let value = if float_bits == 32 { f64::from(f32::from_bits(bits as u32)) } else { f64::from_bits(bits) };
        if value.is_nan() {
            return (INVALID, exact, nan());
        }
        // Such a number fits every integer type: what was recovered is not what trapped.
        if (0.0..2_147_483_648.0).contains(&value) {
            return ("integer overflow or invalid conversion to integer", false, None);
        }
        (OVERFLOW, exact, Some(format!("{} does not fit the integer", marked(&value, exact))))
    }

    fn indirect_call(&self, type_index: u32, table: u32) -> Finding {
        const MISMATCH: &str = "indirect call type mismatch";
        let Some((index, exact)) = self.operand(0) else {
            return ("indirect call of a missing element or of another type", false, None);
        };
        let signature = |found: &crate::wasm::module::FuncType| format!("(func{})", signature_text(found));
        let expected = self.module.type_at(type_index).map(signature).unwrap_or_default();
        let element = marked(&index, exact);
        if self.module.table_minimum(table).is_some_and(|count| index >= count) {
            let count = self.module.table_minimum(table).unwrap_or(0);
            let message = format!("element {element} of table {table}, which has {count}, was called as {expected}");
            return ("undefined element: out of bounds table access", exact, Some(message));
        }
        let Some(function) = self.module.table_entry(table, index) else {
            let what = if index == 0 { "a null function pointer" } else { "an empty element" };
            let message = format!("{what}, element {element} of table {table}, was called as {expected}");
            return ("uninitialized element", exact, Some(message));
        };
        let id = self.youngest.module.unwrap_or(ModuleId(0));
        let name = self.program.function_name(id, function).unwrap_or_else(|| format!("func[{}]", function.0).into());
        let found = self.module.function_type(function).map(signature).unwrap_or_default();
        let pure = if &*name == "__cxa_pure_virtual" { "pure virtual function called: " } else { "" };
        let message =
            format!("{pure}{name}, element {element} of table {table}, is {found} and was called as {expected}");
        (MISMATCH, exact, Some(message))
    }

    fn memory(&self, access: Option<Access>) -> Finding {
        let overflow = self.memory_bytes(0).and_then(|size| self.wild_stack_pointer(size));
        let overflow = overflow.map(|pointer| format!("stack overflow: the stack pointer is {pointer:#x}"));
        let said = access.and_then(|access| self.access(access));
        let parts: Vec<String> = overflow.into_iter().chain(said).collect();
        (OUT_OF_BOUNDS, true, Some(parts.join("; ")).filter(|message| !message.is_empty()))
    }

    /// A load or store; none if the dump does not tell how large the memory is.
    fn access(&self, access: Access) -> Option<String> {
        let verb = if access.is_store { "write" } else { "read" };
        let end = self.end_of(access.memory)?;
        let size = u128::from(self.memory_bytes(access.memory)?);
        let place = self.operand(u32::from(access.is_store)).and_then(|(base, exact)| {
            let address = u128::from(base) + u128::from(access.offset);
            let sum = if access.offset == 0 { String::new() } else { format!(" ({base:#x} + {})", access.offset) };
            // An address that is there is not what trapped: memory changed since the program read it.
            let is_outside = address + u128::from(access.width) > size;
            is_outside.then(|| format!(" at {}{sum}", marked(&format_args!("{address:#x}"), exact)))
        });
        Some(format!("cannot {verb} {}{}: {end}", bytes(access.width), place.unwrap_or_default()))
    }

    /// The size of a memory of the youngest frame's instance.
    fn memory_bytes(&self, memory: u32) -> Option<u64> {
        let instance = self.youngest.instance?;
        let first = || self.program.memory(instance).ok().filter(|_| memory == 0).map(|m| m.size_bytes());
        first().or_else(|| self.program.recorded()?.memory_size(instance.0, memory))
    }

    fn end_of(&self, memory: u32) -> Option<String> {
        Some(format!("memory {memory} ends at {:#x}", self.memory_bytes(memory)?.saturating_sub(1)))
    }

    /// An instruction that works on many bytes at once.
    fn bulk(&self, verb: &str, memory: u32, from_memory: Option<u32>) -> Finding {
        let shown = |value: Option<(u64, bool)>| {
            value.map_or("an unknown address".to_owned(), |(value, exact)| marked(&format_args!("{value:#x}"), exact))
        };
        let count = self
            .operand(0)
            .map_or("some bytes".to_owned(), |(count, exact)| format!("{} bytes", marked(&count, exact)));
        let (from, to) = (self.operand(1), self.operand(2));
        let from_text = from_memory.map(|_| format!(" from {}", shown(from))).unwrap_or_default();
        let memories = [Some(memory), from_memory].into_iter().flatten();
        let mut ends: Vec<String> = memories.filter_map(|memory| self.end_of(memory)).collect();
        ends.dedup();
        let preposition = if verb == "copy" { "to" } else { "at" };
        let place = format!("cannot {verb} {count}{from_text} {preposition} {}", shown(to));
        let message = if ends.is_empty() { place } else { format!("{place}: {}", ends.join(", ")) };
        (OUT_OF_BOUNDS, true, Some(message))
    }

    /// A shadow stack that grew below address 0 wraps around: its pointer lies beyond memory then.
    fn wild_stack_pointer(&self, memory_bytes: u64) -> Option<u64> {
        let pointer = self.program.recovery(self.stack)?.shadow_stack().pointer(0)?;
        (pointer > memory_bytes).then_some(pointer)
    }
}
