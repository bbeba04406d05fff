//! What a pattern leaves open (`pattern`): the writers say what would stand there, and do not write it.

use crate::text::Sink;
use crate::value::object::Object;

/// Something that differs from value to value.
pub(super) enum Hole {
    /// A value on one line, so many levels inside.
    Line(Object, u64),
    /// A value that may take several lines.
    Block(Object, u64),
    /// The address of a part; in a pattern, bytes from the start of the whole.
    Address(u64),
}

impl Hole {
    /// `out` takes down a pattern, and leaves this open.
    pub fn is_left(make: impl FnOnce() -> Hole, out: &mut dyn Sink) -> bool {
        out.leaves_open() && out.leave_open(Box::new(make()))
    }
}
