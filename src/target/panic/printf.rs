//! C's `printf` formats with the arguments that a variadic call left in memory.
//!
//! WebAssembly's C ABI (tool-conventions, BasicCABI.md) passes variable arguments as a pointer to them, each aligned
//! to its size. Widths and precisions change how a number is written, not which: they are left out.

use super::call::RuntimeCall;

/// Most conversions of one format.
const MAX_CONVERSIONS: usize = 64;

/// The text of `format` with the arguments at `arguments`; none if the format asks for what is not understood, or a
/// string is not there.
pub fn formatted(call: &RuntimeCall<'_, '_>, format: &str, arguments: u64) -> Option<String> {
    let mut text = String::new();
    let mut at = arguments;
    let mut rest = format;
    for _ in 0..MAX_CONVERSIONS {
        let Some((before, after)) = rest.split_once('%') else {
            text.push_str(rest);
            return Some(text);
        };
        text.push_str(before);
        let after = after.trim_start_matches(|c: char| c.is_ascii_digit() || "-+ #.".contains(c));
        let is_long = after.starts_with("ll") || after.starts_with('j');
        let after = after.trim_start_matches(|c: char| "hlzjt".contains(c));
        let conversion = after.chars().next()?;
        rest = after.get(conversion.len_utf8()..)?;
        match conversion {
            '%' => text.push('%'),
            's' => text.push_str(&call.c_string(take(call, &mut at, 4)?)?),
            'c' => text.push(char::from_u32(take(call, &mut at, 4)? as u32)?),
            'd' | 'i' if is_long => text.push_str(&(take(call, &mut at, 8)? as i64).to_string()),
            'd' | 'i' => text.push_str(&(take(call, &mut at, 4)? as u32 as i32).to_string()),
            'u' => text.push_str(&take(call, &mut at, if is_long { 8 } else { 4 })?.to_string()),
            'x' | 'X' => text.push_str(&format!("{:x}", take(call, &mut at, if is_long { 8 } else { 4 })?)),
            'p' => text.push_str(&format!("{:#x}", take(call, &mut at, 4)?)),
            'f' | 'g' | 'e' => text.push_str(&f64::from_bits(take(call, &mut at, 8)?).to_string()),
            _ => return None,
        }
    }
    None
}

/// The next argument, of 4 or 8 bytes.
fn take(call: &RuntimeCall<'_, '_>, at: &mut u64, size: u64) -> Option<u64> {
    let aligned = at.checked_next_multiple_of(size)?;
    let bytes = call.bytes(aligned, size)?;
    *at = aligned.checked_add(size)?;
    Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}
