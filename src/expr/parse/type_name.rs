//! Type names in the spelling of C, C++, Rust and Zig, and the paths that expressions share with them.
//!
//! Whatever stands before the type it is about (Rust, Zig: `&T`, `[]T`) is read here, C's declarators, which stand
//! behind it, in `declarator`.

use crate::expr::ast::{
    ArraySyntax, FunctionSyntax, GenericArgument, Path, PointerSyntax, ReferenceSyntax, Segment, SliceSyntax, TypeName,
    TypeNameKind,
};
use crate::expr::parse::cursor::{Parsed, Parser};
use crate::expr::parse::oracle::{NameKind, are_type_arguments, is_scalar_name};
use crate::expr::parse::token::Tok;

impl<'a> Parser<'a> {
    /// A type with C's declarators behind it: `char (*)[6]`.
    pub fn type_name(&mut self) -> Parsed<TypeName> {
        self.deeper(|p| {
            let base = p.tight_type_name()?;
            p.declarators(base)
        })
    }

    /// A type without them, as after `as`, where a `*` multiplies.
    pub fn tight_type_name(&mut self) -> Parsed<TypeName> {
        let start = self.span();
        let kind = match self.peek() {
            Tok::Punct("&" | "&&") => return self.reference(),
            Tok::Punct("*") => self.pointer()?,
            Tok::Punct("[") => self.bracketed()?,
            Tok::Punct("(") => return self.tuple(),
            Tok::Punct("?") => {
                self.advance();
                TypeNameKind::Optional(self.boxed_type()?)
            }
            Tok::Punct("!") => {
                self.advance();
                match self.starts_type() {
                    true => TypeNameKind::ErrorUnion { error: None, payload: self.boxed_type()? },
                    false => TypeNameKind::Never,
                }
            }
            Tok::Ident("dyn") if matches!(self.peek_at(1), Tok::Ident(_) | Tok::Lifetime(_) | Tok::Punct("::")) => {
                self.advance();
                self.trait_bounds()?
            }
            Tok::Ident("fn" | "unsafe" | "extern") if self.is_rust_function() => self.rust_function()?,
            Tok::Ident(_) | Tok::Quoted(_) | Tok::Punct("::") => return self.named_type(),
            _ => return Err(self.unexpected()),
        };
        self.type_node(kind, self.span_from(start))
    }

    fn boxed_type(&mut self) -> Parsed<Box<TypeName>> {
        self.type_name().map(Box::new)
    }

    /// Whether a type may start with the next token.
    pub fn starts_type(&self) -> bool {
        matches!(
            self.peek(),
            Tok::Ident(_) | Tok::Quoted(_) | Tok::Punct("&" | "&&" | "*" | "[" | "(" | "?" | "!" | "::")
        )
    }

    /// A name, with Zig's `E!T`, or what C composes of words.
    fn named_type(&mut self) -> Parsed<TypeName> {
        let start = self.span();
        let typ = self.specifiers()?;
        if self.is("!") && matches!(typ.kind, TypeNameKind::Name(_)) {
            self.advance();
            let payload = self.boxed_type()?;
            let kind = TypeNameKind::ErrorUnion { error: Some(Box::new(typ)), payload };
            return self.type_node(kind, self.span_from(start));
        }
        Ok(typ)
    }

    /// `&T`, `&mut T`, `&'a T`; `&&T` is two.
    fn reference(&mut self) -> Parsed<TypeName> {
        let start = self.span();
        let double = self.is("&&");
        self.advance();
        if matches!(self.peek(), Tok::Lifetime(_)) {
            self.advance();
        }
        let mutable = self.take_word("mut");
        let target = self.boxed_type()?;
        let syntax = if mutable { ReferenceSyntax::RustMut } else { ReferenceSyntax::Rust };
        let span = self.span_from(start);
        let inner = self.type_node(TypeNameKind::Reference { syntax, target }, span)?;
        if !double {
            return Ok(inner);
        }
        let outer = TypeNameKind::Reference { syntax: ReferenceSyntax::Rust, target: Box::new(inner) };
        self.type_node(outer, span)
    }

    /// `*const T`, `*mut T`, Zig's `*T`.
    fn pointer(&mut self) -> Parsed<TypeNameKind> {
        self.advance();
        let syntax = if self.take_word("const") {
            PointerSyntax::Const
        } else if self.take_word("mut") {
            PointerSyntax::RustMut
        } else {
            PointerSyntax::Zig
        };
        Ok(TypeNameKind::Pointer { syntax, target: self.boxed_type()? })
    }

    /// Rust's `[T]` and `[T; 4]`; Zig's `[]T`, `[:0]T`, `[4]T`, `[4:0]T`, `[*]T`, `[*:0]T` and `[*c]T`.
    fn bracketed(&mut self) -> Parsed<TypeNameKind> {
        self.advance();
        match self.peek() {
            Tok::Punct("]" | ":") => {
                let sentinel = self.sentinel()?;
                self.require("]")?;
                let constant = self.take_word("const");
                let element = self.boxed_type()?;
                Ok(TypeNameKind::Slice { syntax: SliceSyntax::Zig { sentinel }, constant, element })
            }
            Tok::Punct("*") if matches!(self.peek_at(1), Tok::Punct("]" | ":") | Tok::Ident("c")) => {
                self.advance();
                let c = self.take_word("c");
                let sentinel = self.sentinel()?;
                self.require("]")?;
                let constant = self.take_word("const");
                let syntax = PointerSyntax::ZigMany { constant, c, sentinel };
                Ok(TypeNameKind::Pointer { syntax, target: self.boxed_type()? })
            }
            Tok::Int(_) => {
                let length = self.length()?;
                let sentinel = self.sentinel()?;
                self.require("]")?;
                let element = self.boxed_type()?;
                Ok(TypeNameKind::Array { syntax: ArraySyntax::Zig { sentinel }, element, length: Some(length) })
            }
            _ => {
                let element = self.boxed_type()?;
                let kind = if self.take(";") {
                    TypeNameKind::Array { syntax: ArraySyntax::Rust, element, length: Some(self.length()?) }
                } else {
                    TypeNameKind::Slice { syntax: SliceSyntax::Rust, constant: false, element }
                };
                self.require("]")?;
                Ok(kind)
            }
        }
    }

    /// Zig's `:0` in brackets.
    fn sentinel(&mut self) -> Parsed<bool> {
        let sentinel = self.take(":");
        if sentinel {
            self.length()?;
        }
        Ok(sentinel)
    }

    /// A whole number as an array's length.
    pub fn length(&mut self) -> Parsed<u64> {
        let length = match self.peek() {
            Tok::Int(literal) => u64::try_from(literal.value).ok(),
            _ => None,
        };
        let length = length.ok_or_else(|| self.unexpected())?;
        self.advance();
        Ok(length)
    }

    /// `(A, B)`, `()`; one type in parentheses is that type.
    fn tuple(&mut self) -> Parsed<TypeName> {
        let start = self.span();
        self.advance();
        let (mut elements, mut comma) = (Vec::new(), false);
        while !self.is(")") {
            elements.push(self.type_name()?);
            if !self.is(")") {
                self.require(",")?;
                comma = true;
            }
        }
        self.advance();
        let span = self.span_from(start);
        if !comma && let Some(only) = elements.pop() {
            return Ok(TypeName { span, ..only });
        }
        self.type_node(TypeNameKind::Tuple(elements), span)
    }

    /// `Trait + Send + 'static`
    fn trait_bounds(&mut self) -> Parsed<TypeNameKind> {
        let mut traits = Vec::new();
        loop {
            match self.peek() {
                Tok::Lifetime(_) => self.advance(),
                _ => traits.push(self.type_path()?),
            }
            if !self.take("+") {
                break;
            }
        }
        if traits.is_empty() { Err(self.unexpected()) } else { Ok(TypeNameKind::Dyn(traits)) }
    }

    fn is_rust_function(&self) -> bool {
        let words = ["fn", "unsafe", "extern"];
        let next = match (self.peek(), self.peek_at(1)) {
            (Tok::Ident("extern"), Tok::String(_)) => self.peek_at(2),
            (_, next) => next,
        };
        match next {
            Tok::Punct("(") => self.is_word("fn"),
            Tok::Ident(word) => words.contains(word) && !self.is_word("fn"),
            _ => false,
        }
    }

    /// `unsafe extern "C" fn(u8) -> u32`
    fn rust_function(&mut self) -> Parsed<TypeNameKind> {
        while !self.take_word("fn") {
            if !matches!(self.peek(), Tok::Ident("unsafe" | "extern") | Tok::String(_)) {
                return Err(self.unexpected());
            }
            self.advance();
        }
        self.require("(")?;
        let (parameters, variadic) = self.parameters()?;
        let result = if self.take("->") { Some(self.boxed_type()?) } else { None };
        Ok(TypeNameKind::Function { syntax: FunctionSyntax::Rust, result, parameters, variadic })
    }

    /// A path where only a type can stand: every `<` opens type arguments.
    pub fn type_path(&mut self) -> Parsed<Path> {
        self.path(|p, path, turbofish| {
            let scalar = path.single().is_some_and(is_scalar_name);
            if scalar && !turbofish { Ok(None) } else { p.type_arguments().map(Some) }
        })
    }

    /// A path in an expression, where a `<` may compare: it opens type arguments after `::`, before `::`, around
    /// types, where no operand follows, and where the program knows the whole name.
    pub fn expression_path(&mut self) -> Parsed<Path> {
        self.path(|p, path, turbofish| {
            if turbofish {
                return p.type_arguments().map(Some);
            }
            Ok(p.attempt(|p| {
                let arguments = p.type_arguments()?;
                // Behind a comparison comes an operand.
                let compares = p.starts_operand() || p.is(">") || p.is("=");
                let is_get = is_std_get(path, &arguments) && p.is("(");
                if p.is("::") || !compares || is_get || are_type_arguments(&arguments, p.oracle) {
                    return Ok(Some(arguments));
                }
                let mut whole = path.clone();
                if let Some(last) = whole.segments.last_mut() {
                    last.arguments = Some(arguments.clone());
                }
                Ok((p.oracle.classify(&whole) != NameKind::Unknown).then_some(arguments))
            })
            .ok())
        })
    }

    /// Names and `::`; `arguments` reads what follows a `<`, or says that it is none of the path's. It is told
    /// whether a `::` stands before it.
    fn path(
        &mut self,
        arguments: impl Fn(&mut Self, &Path, bool) -> Parsed<Option<Vec<GenericArgument>>>,
    ) -> Parsed<Path> {
        let start = self.span();
        let mut path = Path { global: self.take("::"), segments: Vec::new(), span: start };
        loop {
            let (name, quoted) = match self.peek() {
                // An operator in every language that has it: `sizeof(x)` is no function type.
                Tok::Ident("sizeof") => return Err(self.unexpected()),
                Tok::Ident(name) => (*name, false),
                Tok::Quoted(name) => (*name, true),
                _ => return Err(self.unexpected()),
            };
            self.advance();
            path.segments.push(Segment { name: name.into(), quoted, arguments: None });
            let turbofish = self.is("::") && self.is_then("<");
            if turbofish {
                self.advance();
            }
            if self.is("<") && !quoted {
                let found = self.deeper(|p| arguments(p, &path, turbofish))?;
                if let Some(last) = path.segments.last_mut() {
                    last.arguments = found;
                }
            }
            if !self.take("::") {
                path.span = self.span_from(start);
                return Ok(path);
            }
        }
    }

    /// `<T, 4, 'a, Output=U>`
    pub fn type_arguments(&mut self) -> Parsed<Vec<GenericArgument>> {
        self.require("<")?;
        let mut arguments = Vec::new();
        while !self.is(">") {
            arguments.push(self.type_argument()?);
            if !self.is(">") {
                self.require(",")?;
            }
        }
        self.advance();
        Ok(arguments)
    }

    fn type_argument(&mut self) -> Parsed<GenericArgument> {
        let negative = self.is("-") && matches!(self.peek_at(1), Tok::Int(_));
        if negative {
            self.advance();
        }
        let argument = match self.peek() {
            Tok::Int(value) => GenericArgument::Int { negative, value: *value },
            Tok::Char(literal) => GenericArgument::Char(*literal),
            Tok::Lifetime(name) => GenericArgument::Lifetime((*name).into()),
            Tok::Ident(word @ ("true" | "false")) => GenericArgument::Bool(*word == "true"),
            Tok::Ident(name) if self.is_then("=") => {
                let name = String::from(*name);
                self.advance();
                self.advance();
                return Ok(GenericArgument::Binding { name, typ: self.type_name()? });
            }
            _ => return self.type_name().map(GenericArgument::Type),
        };
        self.advance();
        Ok(argument)
    }
}

/// C++'s `std::get<1>`, of which a program has many or none.
fn is_std_get(path: &Path, arguments: &[GenericArgument]) -> bool {
    let is_named = path.segments.last().is_some_and(|segment| segment.name == "get" && !segment.quoted);
    is_named && matches!(arguments, [GenericArgument::Int { negative: false, .. }])
}
