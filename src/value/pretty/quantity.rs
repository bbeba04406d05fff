//! Amounts of time in the unit that suits them.

use crate::value::view::View;

/// Nanoseconds as seconds, or as the largest smaller unit of which there is one.
pub fn seconds<'a>(nanos: i128) -> View<'a> {
    let (decimals, unit) = match nanos.unsigned_abs() {
        0 => (9, "s"),
        1..=999 => (0, "ns"),
        1_000..=999_999 => (3, "µs"),
        1_000_000..=999_999_999 => (6, "ms"),
        _ => (9, "s"),
    };
    View::Quantity { count: nanos, decimals, unit: unit.into() }
}
