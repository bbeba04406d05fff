//! Zig: the message that its panic function is called with, else what the check that failed is called.
//!
//! lib/std/debug.zig: `defaultPanic(msg: []const u8, …)`. A slice is passed as two words, or as a pointer to them where
//! the compiler passes structures in memory.

use super::call::RuntimeCall;
use super::told::Told;

/// What a call of Zig's library tells; none of other functions.
pub fn tell(call: &RuntimeCall<'_, '_>) -> Option<Told> {
    let name = &*call.name;
    match name {
        "debug.defaultPanic" | "builtin.default_panic" | "debug.panicImpl" => {
            Some(Told::all(format!("panic: {}", message(call)?)))
        }
        _ => {
            let check = name.strip_prefix("debug.FullPanic(")?.rsplit_once(").")?.1;
            Some(Told::at_least(format!("panic: {}", words(check)?)))
        }
    }
}

fn message(call: &RuntimeCall<'_, '_>) -> Option<String> {
    let printable = |text: &String| !text.is_empty() && !text.contains(|c: char| c.is_control() && c != '\n');
    // Newer compilers pass the error return trace, or where the result goes, first.
    (0..call.count.min(3)).find_map(|index| {
        let first = call.argument(index)?;
        let behind = || call.text(call.word(first)?, call.word(first.checked_add(4)?)?);
        let direct = || call.text(first, call.argument(index + 1)?);
        behind().filter(printable).or_else(|| direct().filter(printable))
    })
}

/// The words of a failed check that has no numbers.
fn words(check: &str) -> Option<&'static str> {
    Some(match check {
        "integerOverflow" => "integer overflow",
        "reachedUnreachable" => "reached unreachable code",
        "unwrapNull" => "attempt to use null value",
        "castToNull" => "cast causes pointer to be null",
        "incorrectAlignment" => "incorrect alignment",
        "divideByZero" => "division by zero",
        "exactDivisionRemainder" => "exact division produced remainder",
        "integerOutOfBounds" => "integer does not fit in destination type",
        "integerPartOutOfBounds" => "integer part of floating point value out of bounds",
        "shlOverflow" => "left shift overflowed bits",
        "shrOverflow" => "right shift overflowed bits",
        "corruptSwitch" => "switch on corrupt value",
        "shiftRhsTooBig" => "shift amount is greater than the type size",
        "invalidEnumValue" => "invalid enum value",
        "outOfBounds" => "index out of bounds",
        _ => return None,
    })
}
