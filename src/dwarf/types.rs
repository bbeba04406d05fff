//! Types as the debugger uses them: resolved, by handle, parsed when asked.
//!
//! One `TypeTable` serves the whole program. A `TypeId` is handed out for a DIE without reading it; the DIE is
//! parsed when the type is first looked at and kept, failures included. Types that no DIE describes (a pointer that a
//! cast asks for, a slice that `@` makes) are made here too and get ids of the same kind.

use std::rc::Rc;

use super::debug_info::DieRef;
use super::language::Language;

/// Handle of a type in the program's `TypeTable`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub(crate) u32);

/// One type.
#[derive(Debug, Clone)]
pub struct Type {
    /// As DWARF has it, without namespaces (`TypeTable::qualified_name` adds them); none for anonymous types and
    /// for derived ones that their language writes in terms of others.
    pub name: Option<Rc<str>>,
    pub kind: TypeKind,
    /// Size in bytes; none for void, functions, incomplete types and arrays without a bound.
    pub size_bytes: Option<u64>,
    /// Alignment in bytes, where DWARF says it.
    pub align_bytes: Option<u64>,
    pub language: Language,
    /// None for types that no DIE describes.
    pub die: Option<DieRef>,
}

/// What a type is.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// C's `void`, and DW_TAG_unspecified_type.
    Void,
    Base(Encoding),
    Pointer {
        target: TypeId,
        kind: PointerKind,
    },
    /// A struct, class, union, tuple or Rust enum.
    Record(Rc<Record>),
    Array(Array),
    Enumeration(Rc<Enumeration>),
    Typedef {
        target: TypeId,
    },
    Qualified {
        qualifier: Qualifier,
        target: TypeId,
    },
    Function(Rc<FunctionType>),
    /// C++ `T C::*`.
    MemberPointer {
        target: TypeId,
        class: TypeId,
    },
    /// The DIE could not be read; why.
    Broken(Rc<str>),
}

/// DW_ATE, as far as values differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    Signed,
    Unsigned,
    Boolean,
    Float,
    ComplexFloat,
    SignedChar,
    UnsignedChar,
    /// A Unicode character (char8_t, char16_t, char32_t, Rust char).
    Utf,
    Address,
    /// Decimal, packed and other encodings: shown as bytes.
    Other,
}

/// The pointer-like types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PointerKind {
    Pointer,
    Reference,
    RvalueReference,
}

/// DW_TAG_const_type and its siblings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Qualifier {
    Const,
    Volatile,
    Restrict,
    Atomic,
}

/// How a record was declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordKind {
    Struct,
    Class,
    Union,
}

/// A type with members.
#[derive(Debug, Clone)]
pub struct Record {
    pub kind: RecordKind,
    /// Bases first, then members, each in declaration order.
    pub members: Vec<Member>,
    /// Rust enums, Zig tagged unions that say so: which members exist depends on a discriminant.
    pub variants: Option<VariantPart>,
    /// Template arguments: name, type; values are left out.
    pub type_parameters: Vec<(Rc<str>, TypeId)>,
    /// Static data members (no part of the object).
    pub statics: Vec<StaticMember>,
    /// Only a declaration.
    pub declaration: bool,
    /// The type that holds this class's vtable pointer (DW_AT_containing_type).
    pub containing_type: Option<TypeId>,
}

/// A member or base of a record.
#[derive(Debug, Clone)]
pub struct Member {
    /// None: anonymous struct or union, or a base.
    pub name: Option<Rc<str>>,
    pub type_id: TypeId,
    pub place: MemberPlace,
    pub is_base: bool,
    /// Made by the compiler (a vtable pointer).
    pub artificial: bool,
}

/// Where a member lies in its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberPlace {
    /// Bytes from the record's start.
    Offset(u64),
    /// A bit-field: bits from the record's start (little-endian counting), and its size in bits.
    Bits { offset_bits: u64, size_bits: u64 },
    /// A virtual base: found through the vtable, by the location expression of this DIE over the object's address.
    Virtual(DieRef),
}

/// A static data member and the DIE that declares it.
#[derive(Debug, Clone)]
pub struct StaticMember {
    pub name: Rc<str>,
    pub type_id: TypeId,
    pub die: DieRef,
}

/// A discriminated choice of members (DW_TAG_variant_part, DWARF 5 section 5.7.10).
#[derive(Debug, Clone)]
pub struct VariantPart {
    /// Where the discriminant lies; none: there is just one variant.
    pub discriminant: Option<Member>,
    pub variants: Vec<Variant>,
}

/// One choice.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Inclusive ranges of discriminant values; empty: the default variant.
    pub values: Vec<(u128, u128)>,
    /// Usually one, named as the variant.
    pub members: Vec<Member>,
}

impl VariantPart {
    /// The variant that a discriminant (zero-extended to 128 bits) selects.
    pub fn select(&self, discriminant: u128) -> Option<&Variant> {
        let covers = |v: &&Variant| v.values.iter().any(|(low, high)| (*low..=*high).contains(&discriminant));
        self.variants.iter().find(covers).or_else(|| self.variants.iter().find(|v| v.values.is_empty()))
    }
}

/// An array of one dimension; several dimensions nest, outermost first.
#[derive(Debug, Clone)]
pub struct Array {
    pub element: TypeId,
    /// None: no bound is known (flexible array, or a bound computed at run time).
    pub count: Option<u64>,
    /// A bound computed at run time: the DIE of the variable that holds it (C's variable length arrays).
    pub count_variable: Option<DieRef>,
    /// Bytes from element to element where they differ from the element's size.
    pub stride_bytes: Option<u64>,
    /// A SIMD vector (DW_AT_GNU_vector).
    pub is_vector: bool,
}

/// An enumeration.
#[derive(Debug, Clone)]
pub struct Enumeration {
    pub underlying: Option<TypeId>,
    /// In declaration order; values sign-extended where the underlying type is signed.
    pub enumerators: Vec<(Rc<str>, i128)>,
    /// C++ `enum class`: enumerators are written qualified.
    pub scoped: bool,
}

/// A function's type.
#[derive(Debug, Clone)]
pub struct FunctionType {
    /// None: void.
    pub result: Option<TypeId>,
    /// C++: the pointer to the object that a method is called on.
    pub this: Option<TypeId>,
    /// Without `this`.
    pub parameters: Vec<TypeId>,
    /// The type arguments of a template's function.
    pub type_arguments: Vec<TypeId>,
    pub variadic: bool,
    pub prototyped: bool,
}
