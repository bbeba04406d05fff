//! Type names as typed to handles of the type table: the program's own types, and those that are made of them.

use crate::dwarf::types::{Encoding, FunctionType, PointerKind, Qualifier, TypeKind};
use crate::dwarf::{Language, TypeId};
use crate::error::{Error, Result};
use crate::expr::ast::{
    self, ArraySyntax, BaseName, FunctionSyntax, Path, PointerSyntax, ReferenceSyntax, TypeName, TypeNameKind,
};

use super::names::ProgramNames;

impl ProgramNames<'_, '_> {
    /// The type that was typed.
    ///
    /// # Errors
    /// gdb's words for a type that the program does not have; a name that several types have.
    pub fn type_of(&self, typ: &TypeName) -> Result<TypeId> {
        let types = self.reader().types();
        let bytes = self.address_bytes();
        Ok(match &typ.kind {
            TypeNameKind::Name(path) => self.named_type(path)?,
            TypeNameKind::Base(base) => self.base_type(*base),
            TypeNameKind::Tagged { tag, name } => self.find_tag(*tag, name)?,
            TypeNameKind::Qualified { qualifier, inner } => {
                let qualifier = match qualifier {
                    ast::Qualifier::Const => Qualifier::Const,
                    ast::Qualifier::Volatile => Qualifier::Volatile,
                    ast::Qualifier::Restrict => Qualifier::Restrict,
                    ast::Qualifier::Atomic => Qualifier::Atomic,
                };
                types.qualified(self.type_of(inner)?, qualifier)
            }
            TypeNameKind::Pointer { syntax, target } => {
                // `*const [T]` is a type of its own.
                if let Some(found) = self.unsized_pointer(typ, target) {
                    return Ok(found);
                }
                let language = match syntax {
                    PointerSyntax::C => self.language_of_c_types(),
                    PointerSyntax::RustMut => Language::Rust,
                    PointerSyntax::Const if self.language() != Language::Zig => Language::Rust,
                    PointerSyntax::Const | PointerSyntax::Zig | PointerSyntax::ZigMany { .. } => Language::Zig,
                };
                types.pointer_to(self.type_of(target)?, PointerKind::Pointer, bytes, language)
            }
            TypeNameKind::Reference { syntax, target } => {
                if let Some(found) = self.unsized_pointer(typ, target) {
                    return Ok(found);
                }
                let (kind, language) = match syntax {
                    ReferenceSyntax::Cpp => (PointerKind::Reference, Language::Cpp),
                    ReferenceSyntax::CppRvalue => (PointerKind::RvalueReference, Language::Cpp),
                    ReferenceSyntax::Rust | ReferenceSyntax::RustMut => (PointerKind::Reference, Language::Rust),
                };
                types.pointer_to(self.type_of(target)?, kind, bytes, language)
            }
            TypeNameKind::Array { syntax, element, length } => {
                let language = match syntax {
                    ArraySyntax::C => self.language_of_c_types(),
                    ArraySyntax::Rust => Language::Rust,
                    ArraySyntax::Zig { .. } => Language::Zig,
                };
                types.array_of(self.type_of(element)?, *length, language)
            }
            TypeNameKind::Function { syntax, result, parameters, variadic } => {
                self.function_type(*syntax, result.as_deref(), parameters, *variadic)?
            }
            TypeNameKind::Tuple(elements) if elements.is_empty() => {
                self.find_type_text("()").unwrap_or_else(|| types.void())
            }
            TypeNameKind::Slice { .. }
            | TypeNameKind::Tuple(_)
            | TypeNameKind::Dyn(_)
            | TypeNameKind::Optional(_)
            | TypeNameKind::ErrorUnion { .. }
            | TypeNameKind::Never => self.type_by_text(typ)?,
        })
    }

    /// C's way to write types is taken in all languages, and its pointers and arrays are then C's.
    fn language_of_c_types(&self) -> Language {
        match self.language() {
            Language::Cpp => Language::Cpp,
            _ => Language::C,
        }
    }

    fn function_type(
        &self,
        syntax: FunctionSyntax,
        result: Option<&TypeName>,
        parameters: &[TypeName],
        variadic: bool,
    ) -> Result<TypeId> {
        let types = self.reader().types();
        let parameters = parameters.iter().map(|p| self.type_of(p)).collect::<Result<Vec<_>>>()?;
        let result = result.map(|r| self.type_of(r)).transpose()?;
        let result = result.filter(|r| !matches!(types.get(*r).kind, TypeKind::Void));
        let (this, type_arguments) = (None, Vec::new());
        let function = FunctionType { result, this, parameters, type_arguments, variadic, prototyped: true };
        Ok(match syntax {
            FunctionSyntax::C => types.function(function, self.language_of_c_types()),
            FunctionSyntax::Rust => {
                let function = types.function(function, Language::Rust);
                types.pointer_to(function, PointerKind::Pointer, self.address_bytes(), Language::Rust)
            }
        })
    }

    /// Pointers to what has no size of its own are structures that the compiler has named.
    fn unsized_pointer(&self, typ: &TypeName, target: &TypeName) -> Option<TypeId> {
        let is_unsized = match &target.kind {
            TypeNameKind::Slice { .. } | TypeNameKind::Dyn(_) => true,
            TypeNameKind::Name(path) => path.single() == Some("str"),
            _ => false,
        };
        is_unsized.then(|| self.type_by_text(typ).ok()).flatten()
    }

    fn type_by_text(&self, typ: &TypeName) -> Result<TypeId> {
        let name = typ.to_string();
        self.find_type_text(&name).ok_or_else(|| Error::no_symbol(&name))
    }

    fn named_type(&self, path: &Path) -> Result<TypeId> {
        if let Some(found) = self.find_type(path)? {
            return Ok(found);
        }
        let name = path.to_string();
        let scalar = path.single().and_then(|name| self.scalar_type(name));
        scalar.ok_or_else(|| Error::no_symbol(&name))
    }

    /// Scalars that Rust and Zig have by name.
    fn scalar_type(&self, name: &str) -> Option<TypeId> {
        let language = match self.language() {
            Language::Zig => Language::Zig,
            _ => Language::Rust,
        };
        let base = |encoding, size| Some(self.reader().types().base(name, encoding, size, language));
        let address = u64::from(self.address_bytes());
        match name {
            "usize" => return base(Encoding::Unsigned, address),
            "isize" => return base(Encoding::Signed, address),
            "str" => return None,
            _ => {}
        }
        let digits = name.get(1..)?;
        let bits: u64 = digits.parse().ok().filter(|bits| (1..=128).contains(bits))?;
        let whole = matches!(bits, 8 | 16 | 32 | 64 | 128);
        let size = bits.div_ceil(8).next_power_of_two();
        match name.get(..1)? {
            "u" if whole || language == Language::Zig => base(Encoding::Unsigned, size),
            "i" if whole || language == Language::Zig => base(Encoding::Signed, size),
            "f" if matches!(bits, 16 | 32 | 64 | 128) => base(Encoding::Float, size),
            _ => None,
        }
    }

    /// What C composes of keywords, with the sizes of the module.
    pub fn base_type(&self, base: BaseName) -> TypeId {
        let types = self.reader().types();
        let long = u64::from(self.address_bytes());
        let language = self.language();
        let (encoding, size) = match base {
            BaseName::Void => return types.void(),
            BaseName::Bool | BaseName::UnderscoreBool => (Encoding::Boolean, 1),
            BaseName::Char if language == Language::Rust => (Encoding::Utf, 4),
            BaseName::Char | BaseName::SignedChar => (Encoding::SignedChar, 1),
            BaseName::UnsignedChar => (Encoding::UnsignedChar, 1),
            BaseName::Short => (Encoding::Signed, 2),
            BaseName::UnsignedShort => (Encoding::Unsigned, 2),
            BaseName::Int => (Encoding::Signed, 4),
            BaseName::UnsignedInt => (Encoding::Unsigned, 4),
            BaseName::Long => (Encoding::Signed, long),
            BaseName::UnsignedLong => (Encoding::Unsigned, long),
            BaseName::LongLong => (Encoding::Signed, 8),
            BaseName::UnsignedLongLong => (Encoding::Unsigned, 8),
            BaseName::Int128 => (Encoding::Signed, 16),
            BaseName::UnsignedInt128 => (Encoding::Unsigned, 16),
            BaseName::Float => (Encoding::Float, 4),
            BaseName::Double => (Encoding::Float, 8),
            BaseName::LongDouble => (Encoding::Float, 16),
            BaseName::ComplexFloat => (Encoding::ComplexFloat, 8),
            BaseName::ComplexDouble => (Encoding::ComplexFloat, 16),
            BaseName::ComplexLongDouble => (Encoding::ComplexFloat, 32),
        };
        let language = match (base, language) {
            (BaseName::Bool | BaseName::Char, Language::Rust | Language::Zig) => language,
            (_, Language::Cpp) => Language::Cpp,
            _ => Language::C,
        };
        types.base(base.spelling(), encoding, size, language)
    }
}
