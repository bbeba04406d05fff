//! The shape of a value: what it is made of, without text. Drawn by `render`, walked by the editors' front end.

use std::rc::Rc;

use super::object::Object;
use super::scalar::Scalar;
use crate::error::Error;

/// The shape of one value; children are objects, unread.
pub enum View<'a> {
    /// A number, character, boolean, enumerator or bit-field.
    Scalar(Scalar),
    /// A pointer or reference, with what it is known to point at.
    Pointer(Pointer),
    /// Text, decoded or not.
    Text(Text),
    /// Members by name, in order.
    Fields { children: Vec<Child>, style: FieldStyle },
    /// Elements of one type at equal distances.
    Array(Elements),
    /// Elements that are not at equal distances, looked for as they are asked for; `count` where it is known
    /// beforehand. An absent one at the end says why the others are missing. Where the iterator itself says exactly how
    /// many are left, it passes over them at no cost.
    Items { count: Option<u64>, children: Box<dyn Iterator<Item = Child> + 'a>, style: ItemStyle },
    /// Keys and values; a pair whose key is absent says why the others are missing.
    Entries { count: Option<u64>, pairs: Box<dyn Iterator<Item = (Object, Object)> + 'a> },
    /// A named choice or wrapper around other values: `Some(3)`, `Circle {r: 1.5}`.
    Variant { name: Rc<str>, children: Vec<Child>, style: FieldStyle },
    /// Shown as what it holds (a box, a cell), `prefix` in front.
    Wrapped { prefix: &'static str, inner: Object },
    /// From `start` to `end`; one that is missing is open.
    Range { start: Option<Object>, end: Option<Object>, inclusive: bool },
    /// A number of units: `count` / 10^`decimals`.
    Quantity { count: i128, decimals: u32, unit: Rc<str> },
    /// A complex number.
    Complex { real: Object, imaginary: Object },
    /// A shape and a remark on it.
    Noted { view: Box<View<'a>>, note: Rc<str> },
    /// C++'s pointer to a member, and what it points to: `&Point::y`, `NULL`, for functions `0x2 <Point::sum>`.
    MemberPointer { value: Scalar, text: Rc<str>, is_function: bool },
    /// A function; `index` is its place in the module.
    Function { index: Option<u64>, name: Option<Rc<str>> },
    /// Nothing (void, unit).
    Nothing,
    /// Removed by the optimiser.
    OptimizedOut,
    /// It cannot be had; why.
    Unavailable(Error),
}

impl View<'_> {
    /// What is written as one thing but has parts, as those: a complex number, a range.
    pub fn with_parts(self) -> Self {
        let parts: Vec<(&str, Option<Object>)> = match self {
            View::Complex { real, imaginary } => vec![("real", Some(real)), ("imag", Some(imaginary))],
            View::Range { start, end, .. } => vec![("start", start), ("end", end)],
            other => return other,
        };
        let part =
            |(name, object): (&str, Option<Object>)| Some(Child { label: Label::Name(name.into()), object: object? });
        View::Fields { children: parts.into_iter().filter_map(part).collect(), style: FieldStyle::Named }
    }
}

/// How fields are written where the language tells the two apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldStyle {
    /// `{name = value}`.
    Named,
    /// `(value, value)`.
    Tuple,
    /// No fields at all.
    Unit,
}

/// What elements are those of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemStyle {
    /// They have a place, counted from 0.
    Sequence,
    /// They have none.
    Set,
}

/// A child of a value.
#[derive(Debug, Clone)]
pub struct Child {
    pub label: Label,
    pub object: Object,
}

/// What a child is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    Name(Rc<str>),
    /// A base class, by its qualified type.
    Base(Rc<str>),
    /// A static data member.
    Static(Rc<str>),
    Index(u64),
    /// An anonymous struct or union.
    Anonymous,
}

/// A pointer's or reference's value.
#[derive(Debug, Clone)]
pub struct Pointer {
    pub address: u64,
    pub size_bits: u32,
    /// Written with `@` and its pointee, as gdb does.
    pub is_reference: bool,
    /// The characters it points at, for pointers to characters.
    pub text: Option<Result<Text, Error>>,
    /// The function, for function pointers (the address is a table index).
    pub function: Option<Rc<str>>,
    /// The variable that holds the address, and the distance to its start in bytes.
    pub symbol: Option<(Rc<str>, u64)>,
}

/// Characters as bytes of the program.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// Code units, little-endian, without a terminator that ended the reading.
    pub bytes: Vec<u8>,
    /// Bytes of one code unit: 1, 2 or 4.
    pub unit_bytes: u8,
    /// The text goes on beyond what was read.
    pub truncated: bool,
    /// UTF-8 by the language's promise (Rust, Zig); else bytes as C has them.
    pub is_utf8: bool,
    /// An array's text: trailing NULs belong to it.
    pub is_array: bool,
    /// Its characters are C's or C++'s `wchar_t`.
    pub is_wide: bool,
    /// The code units one by one, where they can be reached.
    pub units: Option<Elements>,
}

/// An array's elements, made on demand.
#[derive(Debug, Clone, PartialEq)]
pub struct Elements {
    first: Object,
    stride_bytes: u64,
    pub count: u64,
}

impl Elements {
    /// `count` elements, the first at `first`, each `stride_bytes` after the one before.
    pub fn new(first: Object, stride_bytes: u64, count: u64) -> Self {
        Elements { first, stride_bytes, count }
    }

    /// The element at `index`, which may lie beyond the count.
    pub fn get(&self, index: u64) -> Object {
        self.first.part(self.first.type_id, index.wrapping_mul(self.stride_bytes))
    }

    /// Bytes from element to element.
    pub fn stride_bytes(&self) -> u64 {
        self.stride_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dwarf::TypeId;
    use crate::value::object::InstanceId;

    #[test]
    fn ranges_and_complex_numbers_have_the_parts_that_are_there() {
        let object = || Object::computed(TypeId(0), &[1, 0, 0, 0], InstanceId(0));
        let names = |view: View<'_>| match view.with_parts() {
            View::Fields { children, .. } => children.iter().map(|child| format!("{:?}", child.label)).collect(),
            _ => Vec::new(),
        };
        let open = View::Range { start: Some(object()), end: None, inclusive: false };
        assert_eq!(names(open), ["Name(\"start\")"]);
        let both = View::Range { start: Some(object()), end: Some(object()), inclusive: true };
        assert_eq!(names(both), ["Name(\"start\")", "Name(\"end\")"]);
        let complex = View::Complex { real: object(), imaginary: object() };
        assert_eq!(names(complex), ["Name(\"real\")", "Name(\"imag\")"]);
        assert!(matches!(View::Nothing.with_parts(), View::Nothing));
    }
}
