//! The evaluator's state, and the small questions that all operators ask: numbers of objects, objects of numbers.

use std::rc::Rc;

use crate::dwarf::location::Absence;
use crate::dwarf::types::{Encoding, PointerKind, Type, TypeId, TypeKind};
use crate::dwarf::{Language, TypeTable};
use crate::error::{Error, Result};
use crate::expr::ast::{BaseName, Expr, TypeName};
use crate::expr::history::History;
use crate::expr::parse::{parse, parse_beginning, parse_type_or_expression};
use crate::target::{Frame, Stack};
use crate::value::object::Object;
use crate::value::scalar::ScalarKind;
use crate::value::{Reader, Scalar};

use super::names::ProgramNames;
use super::number::{IntType, Number};

/// Evaluates expressions in one frame, or in none.
pub struct Evaluator<'a, 'f, 'h> {
    pub(super) names: ProgramNames<'a, 'f>,
    pub(super) history: &'h mut History<Object>,
    /// Nothing is read and nothing is set: only the result's type is wanted.
    pub(super) types_only: bool,
    /// Nothing is set.
    pub(super) frozen: bool,
    warnings: Vec<String>,
}

/// A value on its way: an object, unless it was reached through a null pointer and must not be read.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub object: Object,
    pub through_null: bool,
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Value { object, through_null: false }
    }
}

impl<'a, 'f, 'h> Evaluator<'a, 'f, 'h> {
    /// For the frame in `scope`.
    pub fn new(
        reader: Reader<'a, 'f>,
        scope: Option<(&'a Stack, &'a Frame)>,
        history: &'h mut History<Object>,
    ) -> Self {
        Self::with_names(ProgramNames::new(reader, scope), history)
    }

    /// With names that may have been asked before.
    pub fn with_names(names: ProgramNames<'a, 'f>, history: &'h mut History<Object>) -> Self {
        Evaluator { names, history, types_only: false, frozen: false, warnings: Vec::new() }
    }

    /// The program's names; also what the parser asks.
    pub fn names(&self) -> &ProgramNames<'a, 'f> {
        &self.names
    }

    /// Parse and evaluate.
    ///
    /// # Errors
    /// A syntax error; or as for [`Evaluator::evaluate`].
    pub fn evaluate_text(&mut self, text: &str) -> Result<(Expr, Object)> {
        let expr = parse(text, &self.names).map_err(|error| self.unknown_before(text).unwrap_or(error))?;
        let object = self.evaluate(&expr)?;
        Ok((expr, object))
    }

    /// gdb looks names up while it reads: of text that breaks off later, an unknown name before that is the error.
    fn unknown_before(&mut self, text: &str) -> Option<Error> {
        let begun = parse_beginning(text, &self.names)?;
        self.type_of_expression(&begun).err().filter(|error| matches!(error, Error::NotFound(_)))
    }

    /// The object that `expr` stands for. Its value is not read; whether it can be shows when it is.
    ///
    /// # Errors
    /// In gdb's words: an unknown name or member, operands that do not fit, memory that an operand needs and the dump
    /// does not have.
    pub fn evaluate(&mut self, expr: &Expr) -> Result<Object> {
        let value = self.value(expr)?;
        self.loaded(value)
    }

    /// The type that `expr` would have; reads nothing where the type does not depend on it.
    ///
    /// # Errors
    /// As for [`Evaluator::evaluate`], but for what needs memory.
    pub fn type_of_expression(&mut self, expr: &Expr) -> Result<TypeId> {
        let before = std::mem::replace(&mut self.types_only, true);
        let value = self.value(expr);
        self.types_only = before;
        match value {
            Ok(value) => Ok(value.object.type_id),
            Err(error) if before => Err(error),
            // What is in a container only memory tells.
            Err(error) => {
                let before = std::mem::replace(&mut self.frozen, true);
                let object = self.evaluate(expr);
                self.frozen = before;
                object.map(|object| object.type_id).map_err(|_| error)
            }
        }
    }

    /// The type that `text` names, or that the expression in it has; true: it was named.
    ///
    /// # Errors
    /// A syntax error; or as for [`Evaluator::type_of_operand`].
    pub fn type_of_text(&mut self, text: &str) -> Result<(bool, TypeId)> {
        let operand = parse_type_or_expression(text, &self.names)?;
        self.type_of_operand(&operand)
    }

    /// The type that was typed.
    ///
    /// # Errors
    /// The program has none of that name.
    pub fn type_of(&self, typ: &TypeName) -> Result<TypeId> {
        self.names.type_of(typ)
    }

    /// What gdb warns of, since it was last asked: a shift that is too wide.
    pub fn take_warnings(&mut self) -> Vec<String> {
        std::mem::take(&mut self.warnings)
    }

    pub(super) fn warn(&mut self, warning: &str) {
        if !self.types_only {
            self.warnings.push(warning.into());
        }
    }

    pub(super) fn reader(&self) -> Reader<'a, 'f> {
        self.names.reader()
    }

    pub(super) fn types(&self) -> &'a TypeTable<'f> {
        self.names.reader().types()
    }

    pub(super) fn language(&self) -> Language {
        self.names.language()
    }

    pub(super) fn stripped(&self, object: &Object) -> (TypeId, Rc<Type>) {
        self.reader().stripped(object)
    }

    /// The object behind a value, which may be read.
    pub(super) fn loaded(&self, value: Value) -> Result<Object> {
        if value.through_null && !self.types_only && !self.reader().program.null_is_readable() {
            let address = value.object.address().unwrap_or(0);
            return Err(Error::Usage(format!("Cannot access memory at address {address:#x}")));
        }
        Ok(value.object)
    }

    /// The bits of a scalar object.
    pub(super) fn scalar(&self, object: &Object) -> Result<Scalar> {
        if self.types_only {
            let (_, found) = self.stripped(object);
            let kind = self.reader().scalar_kind(&found);
            let kind = kind.ok_or_else(|| Error::Usage("Value can't be converted to integer.".into()))?;
            let size_bytes = self.reader().size_of(object)?.min(16);
            return Ok(Scalar { bits: 1, size_bits: size_bytes as u32 * 8, kind });
        }
        match (object.absence(), self.stripped(object).1) {
            (Some(Absence::OptimizedOut), _) => Err(Error::optimized_out()),
            // DWARF gives pointers to members no size.
            (None, found) if matches!(found.kind, TypeKind::MemberPointer { .. }) && found.size_bytes.is_none() => {
                let bytes = self.reader().bytes(object, u64::from(self.names.address_bytes()))?;
                Ok(Scalar::from_bytes(&bytes, ScalarKind::Base(Encoding::Signed)))
            }
            _ => self.reader().scalar(object),
        }
    }

    /// An object as a number: base types, enumerations, pointers as addresses.
    pub(super) fn number(&self, object: &Object) -> Result<Number> {
        let scalar = self.scalar(object)?;
        let (_, found) = self.stripped(object);
        let size = match found.kind {
            TypeKind::MemberPointer { .. } => u64::from(self.names.address_bytes()),
            _ => self.reader().size_of(object)?,
        };
        let size = size.min(16) as u8;
        let mut number = Number::from_scalar(scalar, size, self.rank(&found));
        // A bit-field that fits into an int is one.
        if let (Some(range), Some(Number::Int { int, .. })) = (object.bits, &mut number)
            && range.size_bits < 32
        {
            *int = IntType::INT;
            let value = scalar.as_i128();
            number = Some(IntType::INT.number(value as u128));
        }
        number.ok_or_else(|| Error::Usage("Argument to arithmetic operation not a number or boolean.".into()))
    }

    fn rank(&self, found: &Type) -> u8 {
        let name = found.name.as_deref().unwrap_or("");
        let longs = name.split(' ').filter(|word| *word == "long").count() as u8;
        match found.size_bytes {
            Some(16) => 3,
            Some(8) => longs.max(if self.names.address_bytes() == 8 { 1 } else { 2 }),
            _ => longs,
        }
    }

    /// A whole number of an object.
    pub(super) fn integer(&self, object: &Object) -> Result<i128> {
        self.number(object).map(Number::as_i128)
    }

    /// An object as an address: pointers, numbers, arrays and functions where they are.
    pub(super) fn address_of_value(&self, object: &Object) -> Result<u64> {
        let (_, found) = self.stripped(object);
        match &found.kind {
            TypeKind::Array(_) => object.address().ok_or_else(not_in_memory),
            TypeKind::Function(_) => self.reader().table_index(object).ok_or_else(not_in_memory),
            TypeKind::Record(_) => Err(Error::Usage("Value can't be converted to integer.".into())),
            _ => Ok(self.integer(object)? as u64),
        }
    }

    /// Zero, null and false are false.
    pub(super) fn is_true(&self, object: &Object) -> Result<bool> {
        let (_, found) = self.stripped(object);
        Ok(match &found.kind {
            TypeKind::Array(_) | TypeKind::Function(_) => true,
            TypeKind::Base(Encoding::ComplexFloat) => !self.is_complex_zero(object)?,
            _ => !self.number(object)?.is_zero(),
        })
    }

    /// A number as an object of the type that operators give.
    pub(super) fn of_number(&self, number: Number) -> Object {
        let type_id = self.number_type(number);
        self.computed(type_id, &number.to_bytes())
    }

    pub(super) fn computed(&self, type_id: TypeId, bytes: &[u8]) -> Object {
        Object::computed(type_id, bytes, self.names.instance())
    }

    /// The type of a number that no type of the program was given for.
    fn number_type(&self, number: Number) -> TypeId {
        let language = self.language();
        if matches!(language, Language::Rust | Language::Zig) {
            let (name, encoding, size) = match number {
                Number::Int { int, .. } if int.signed => {
                    (format!("i{}", int.size_bytes * 8), Encoding::Signed, int.size_bytes)
                }
                Number::Int { int, .. } => (format!("u{}", int.size_bytes * 8), Encoding::Unsigned, int.size_bytes),
                Number::Float { size_bytes, .. } => (format!("f{}", size_bytes * 8), Encoding::Float, size_bytes),
            };
            return self.types().base(&name, encoding, u64::from(size), language);
        }
        let base = match number {
            Number::Float { size_bytes: 0..=4, .. } => BaseName::Float,
            Number::Float { size_bytes: 16, .. } => BaseName::LongDouble,
            Number::Float { .. } => BaseName::Double,
            Number::Int { int, .. } => match (int.size_bytes, int.rank, int.signed) {
                (1, _, true) => BaseName::SignedChar,
                (1, _, false) => BaseName::UnsignedChar,
                (2, _, true) => BaseName::Short,
                (2, _, false) => BaseName::UnsignedShort,
                (3..=4, 0, true) => BaseName::Int,
                (3..=4, 0, false) => BaseName::UnsignedInt,
                (3..=4, _, true) => BaseName::Long,
                (3..=4, _, false) => BaseName::UnsignedLong,
                (5..=8, 1, true) => BaseName::Long,
                (5..=8, 1, false) => BaseName::UnsignedLong,
                (5..=8, _, true) => BaseName::LongLong,
                (5..=8, _, false) => BaseName::UnsignedLongLong,
                (_, _, true) => BaseName::Int128,
                (_, _, false) => BaseName::UnsignedInt128,
            },
        };
        self.names.base_type(base)
    }

    /// C's `long` or `unsigned long`: what `sizeof` and differences of pointers have.
    pub(super) fn long(&self, signed: bool) -> IntType {
        IntType { size_bytes: self.names.address_bytes(), signed, rank: 1 }
    }

    /// A truth value, of the type that comparisons have.
    pub(super) fn of_bool(&self, value: bool) -> Object {
        match self.language() {
            Language::C | Language::Other => self.of_number(IntType::INT.number(u128::from(value))),
            _ => {
                let bool_type = self.names.base_type(BaseName::Bool);
                self.computed(bool_type, &[u8::from(value)])
            }
        }
    }

    /// The type of a pointer that an operator makes.
    pub(super) fn pointer_type(&self, target: TypeId) -> TypeId {
        let language = self.language();
        let kind = if language == Language::Rust { PointerKind::Reference } else { PointerKind::Pointer };
        self.types().pointer_to(target, kind, self.names.address_bytes(), language)
    }

    /// A pointer value.
    pub(super) fn pointer(&self, type_id: TypeId, address: u64) -> Object {
        let size = self.types().size_of(type_id).unwrap_or(4).min(8) as usize;
        self.computed(type_id, address.to_le_bytes().get(..size).unwrap_or_default())
    }

    /// What C++ references refer to; everything else as it is.
    pub(super) fn dereferenced(&self, object: Object) -> Result<Object> {
        let (_, found) = self.stripped(&object);
        match found.kind {
            TypeKind::Pointer { target, kind }
                if kind != PointerKind::Pointer && !matches!(found.language, Language::Rust | Language::Zig) =>
            {
                if self.types_only {
                    return Ok(Object::in_memory(target, 0, object.instance));
                }
                self.reader().pointee(&object)
            }
            _ => Ok(object),
        }
    }
}

pub(super) fn not_in_memory() -> Error {
    Error::Usage("Attempt to take address of value not located in memory.".into())
}

pub(super) fn cannot_write() -> Error {
    Error::Usage("Cannot write to a core dump.".into())
}

/// gdb's words for an operator on a structure.
pub(super) fn no_operator(sign: &str) -> Error {
    Error::Usage(format!("Structure has no component named operator{sign}."))
}
