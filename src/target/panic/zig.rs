//! Zig: the message that its panic function is called with, else what the check that failed is called.
//!
//! lib/std/debug.zig: `defaultPanic(msg: []const u8, …)`. A slice is passed as two words, or as a pointer to them where
//! the compiler passes structures in memory. A program that handles panics itself has the checks of `FullPanic` still;
//! those of `debug/simple_panic.zig` tell no numbers, and those of `debug/no_panic.zig` print nothing.

use super::call::RuntimeCall;
use super::told::Told;

/// What a call of Zig's library tells; none of other functions.
pub fn tell(call: &RuntimeCall<'_, '_>) -> Option<Told> {
    let name = &*call.name;
    if matches!(name, "debug.defaultPanic" | "builtin.default_panic" | "debug.panicImpl" | "debug.simple_panic.call") {
        return Some(Told::all(format!("panic: {}", message(call)?)));
    }
    let of_namespace = |namespace: &str| name.strip_prefix(namespace);
    let with_numbers = of_namespace("debug.FullPanic(").and_then(|rest| rest.rsplit_once(").")).map(|(_, check)| check);
    let check = with_numbers.or_else(|| of_namespace("debug.simple_panic."));
    let check = check.or_else(|| of_namespace("debug.no_panic."))?;
    // Behind it stands what a generic function was made for.
    let check = check.split("__").next()?;
    let numbers = || if with_numbers.is_some() { numbers(call, check) } else { None };
    let text = numbers().or_else(|| words(check).map(str::to_owned))?;
    Some(Told::at_least(format!("panic: {text}")))
}

/// The words of a failed check of two numbers.
fn numbers(call: &RuntimeCall<'_, '_>, check: &str) -> Option<String> {
    // In front of them, what the compiler passes by itself.
    let first = call.count.checked_sub(2).filter(|first| *first < 2)?;
    if !matches!(check, "outOfBounds" | "startGreaterThanEnd") {
        return None;
    }
    let (first, second) = (call.number(first)?, call.number(first + 1)?);
    Some(match check {
        "outOfBounds" => format!("index out of bounds: index {first}, len {second}"),
        _ => format!("start index {first} is larger than end index {second}"),
    })
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

/// The words of a failed check without its numbers and names.
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
        "startGreaterThanEnd" => "start index is larger than end index",
        "sentinelMismatch" => "sentinel mismatch",
        "unwrapError" => "attempt to unwrap error",
        "unexpectedErrorCode" => "unexpected error code",
        "invalidErrorCode" => "invalid error code",
        "inactiveUnionField" => "access of inactive union field",
        "sliceCastLenRemainder" => "slice length does not divide exactly into destination elements",
        "forLenMismatch" => "for loop over objects with non-equal lengths",
        "copyLenMismatch" => "source and destination have non-equal lengths",
        "memcpyAlias" => "@memcpy arguments alias",
        "noreturnReturned" => "'noreturn' function returned",
        "loadUninstantiableType" => "attempt to load uninstantiable type",
        _ => return None,
    })
}
