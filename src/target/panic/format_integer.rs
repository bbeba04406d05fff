//! Rust's integers as its formatting traits write them.

use super::format_spec::Spec;

/// An integer type's size in bytes, and whether it has a sign.
pub(super) fn integer(kind: &str) -> Option<(u64, bool)> {
    let (signed, bits) = match kind.split_at_checked(1)? {
        ("i", bits) => (true, bits),
        ("u", bits) => (false, bits),
        _ => return None,
    };
    let bytes = match bits {
        "8" => 1,
        "16" => 2,
        "32" | "size" => 4,
        "64" => 8,
        "128" => 16,
        _ => return None,
    };
    Some((bytes, signed))
}

/// A number as the formatting trait `style` writes it; `signed` where its type has a sign. None for other traits.
pub(super) fn integer_text(style: &str, bits: u128, signed: Option<i128>, spec: Spec) -> Option<String> {
    let style = if style == "Debug" && spec.is_debug_hex() { "LowerHex" } else { style };
    let negative = signed.is_some_and(|value| value < 0);
    Some(match style {
        "Display" | "Debug" => {
            spec.number(negative, "", &signed.map_or(bits, |value| value.unsigned_abs()).to_string())
        }
        "LowerHex" => spec.number(false, "0x", &format!("{bits:x}")),
        "UpperHex" => spec.number(false, "0x", &format!("{bits:X}")),
        "Binary" => spec.number(false, "0b", &format!("{bits:b}")),
        "Octal" => spec.number(false, "0o", &format!("{bits:o}")),
        _ => return None,
    })
}
