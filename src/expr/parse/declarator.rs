//! C's types: the words before the name that is not there, and the declarators around it (C 2011 section 6.7.7).

use crate::expr::ast::{
    ArraySyntax, BaseName, FunctionSyntax, PointerSyntax, Qualifier, ReferenceSyntax, Span, Tag, TypeName, TypeNameKind,
};
use crate::expr::parse::cursor::{Parsed, Parser};
use crate::expr::parse::token::Tok;

/// One step from the innermost type outwards.
enum Declarator {
    Pointer,
    Reference(ReferenceSyntax),
    Qualified(Qualifier),
    Array(Option<u64>),
    Function { parameters: Vec<TypeName>, variadic: bool },
}

/// The words of `unsigned long int`, counted.
#[derive(Default)]
struct Words {
    signed: bool,
    unsigned: bool,
    short: bool,
    longs: u8,
    complex: bool,
    /// The one that says what is so qualified: `int`, `char`, ...
    main: Option<&'static str>,
}

impl Words {
    /// Add `word`; false if it is none of them or does not go with the others.
    fn add(&mut self, word: &str) -> bool {
        const MAIN: [&str; 8] = ["void", "char", "int", "float", "double", "bool", "_Bool", "__int128"];
        match word {
            "signed" => !std::mem::replace(&mut self.signed, true) && self.base().is_some(),
            "unsigned" => !std::mem::replace(&mut self.unsigned, true) && self.base().is_some(),
            "short" => !std::mem::replace(&mut self.short, true) && self.base().is_some(),
            "long" => {
                self.longs += 1;
                self.base().is_some()
            }
            // Alone it is not yet a type.
            "_Complex" | "__complex__" => !std::mem::replace(&mut self.complex, true),
            _ => match MAIN.iter().find(|main| **main == word) {
                Some(main) => self.main.replace(main).is_none() && self.base().is_some(),
                None => false,
            },
        }
    }

    fn is_empty(&self) -> bool {
        !self.signed && !self.unsigned && !self.short && self.longs == 0 && !self.complex && self.main.is_none()
    }

    /// The type that these words name together.
    fn base(&self) -> Option<BaseName> {
        if self.signed && self.unsigned {
            return None;
        }
        let sign = self.signed || self.unsigned;
        let by_sign = |signed, unsigned| Some(if self.unsigned { unsigned } else { signed });
        let main = match (self.complex, self.main) {
            (true, None) => return None,
            (_, main) => main.unwrap_or("int"),
        };
        match (main, self.short, self.longs, self.complex) {
            ("void", false, 0, false) if !sign => Some(BaseName::Void),
            ("bool", false, 0, false) if !sign => Some(BaseName::Bool),
            ("_Bool", false, 0, false) if !sign => Some(BaseName::UnderscoreBool),
            ("char", false, 0, false) if self.signed => Some(BaseName::SignedChar),
            ("char", false, 0, false) => by_sign(BaseName::Char, BaseName::UnsignedChar),
            ("int", true, 0, false) => by_sign(BaseName::Short, BaseName::UnsignedShort),
            ("int", false, 0, false) => by_sign(BaseName::Int, BaseName::UnsignedInt),
            ("int", false, 1, false) => by_sign(BaseName::Long, BaseName::UnsignedLong),
            ("int", false, 2, false) => by_sign(BaseName::LongLong, BaseName::UnsignedLongLong),
            ("__int128", false, 0, false) => by_sign(BaseName::Int128, BaseName::UnsignedInt128),
            ("float", false, 0, false) if !sign => Some(BaseName::Float),
            ("double", false, 0, false) if !sign => Some(BaseName::Double),
            ("double", false, 1, false) if !sign => Some(BaseName::LongDouble),
            ("float", false, 0, true) if !sign => Some(BaseName::ComplexFloat),
            ("double", false, 0, true) if !sign => Some(BaseName::ComplexDouble),
            ("double", false, 1, true) if !sign => Some(BaseName::ComplexLongDouble),
            _ => None,
        }
    }
}

fn qualifier(word: &str) -> Option<Qualifier> {
    Some(match word {
        "const" => Qualifier::Const,
        "volatile" => Qualifier::Volatile,
        "restrict" | "__restrict" | "__restrict__" => Qualifier::Restrict,
        "_Atomic" => Qualifier::Atomic,
        _ => return None,
    })
}

/// The keyword before a C tag.
pub fn tag(word: &str) -> Option<Tag> {
    Some(match word {
        "struct" => Tag::Struct,
        "union" => Tag::Union,
        "enum" => Tag::Enum,
        "class" => Tag::Class,
        _ => return None,
    })
}

/// A word that in C can only start a type.
pub fn is_type_word(word: &str) -> bool {
    // Before a `long` any of them is one.
    Words::default().add(word) || qualifier(word).is_some() || tag(word).is_some()
}

impl Parser<'_> {
    /// Qualifiers around one of: C's words, a tag with its name, a path.
    pub fn specifiers(&mut self) -> Parsed<TypeName> {
        let start = self.span();
        let (mut qualifiers, mut words, mut named) = (Vec::new(), Words::default(), None);
        while let Tok::Ident(word) = self.peek() {
            let word = *word;
            if let Some(qualifier) = qualifier(word) {
                self.advance();
                qualifiers.push(qualifier);
            } else if named.is_none() && is_type_word(word) && tag(word).is_none() {
                if !words.add(word) {
                    return Err(self.unexpected());
                }
                self.advance();
            } else if named.is_none() && words.is_empty() {
                named = Some(self.tagged_or_path()?);
            } else {
                break;
            }
        }
        let typ = match named {
            Some(named) => named,
            None if words.is_empty() => self.tagged_or_path()?,
            None => {
                let base = words.base().ok_or_else(|| self.unexpected())?;
                self.type_node(TypeNameKind::Base(base), self.span_from(start))?
            }
        };
        self.qualified(typ, qualifiers, start)
    }

    fn tagged_or_path(&mut self) -> Parsed<TypeName> {
        let start = self.span();
        let tag = match self.peek() {
            Tok::Ident(word) => tag(word),
            _ => None,
        };
        let kind = match tag {
            Some(tag) => {
                self.advance();
                TypeNameKind::Tagged { tag, name: self.type_path()? }
            }
            None => TypeNameKind::Name(self.type_path()?),
        };
        self.type_node(kind, self.span_from(start))
    }

    fn qualified(&self, typ: TypeName, mut qualifiers: Vec<Qualifier>, start: Span) -> Parsed<TypeName> {
        // `const int const` is `const int`; one order for all.
        qualifiers.sort_by_key(|qualifier| *qualifier as u8);
        qualifiers.dedup();
        qualifiers.into_iter().rev().try_fold(typ, |inner, qualifier| {
            let kind = TypeNameKind::Qualified { qualifier, inner: Box::new(inner) };
            self.type_node(kind, self.span_from(start))
        })
    }

    /// `base` with what C writes behind it.
    pub fn declarators(&mut self, base: TypeName) -> Parsed<TypeName> {
        let start = base.span;
        let mut steps = Vec::new();
        self.declarator(&mut steps)?;
        let span = self.span_from(start);
        steps.into_iter().try_fold(base, |inner, step| {
            let inner = Box::new(inner);
            let kind = match step {
                Declarator::Pointer => TypeNameKind::Pointer { syntax: PointerSyntax::C, target: inner },
                Declarator::Reference(syntax) => TypeNameKind::Reference { syntax, target: inner },
                Declarator::Qualified(qualifier) => TypeNameKind::Qualified { qualifier, inner },
                Declarator::Array(length) => TypeNameKind::Array { syntax: ArraySyntax::C, element: inner, length },
                Declarator::Function { parameters, variadic } => {
                    TypeNameKind::Function { syntax: FunctionSyntax::C, result: Some(inner), parameters, variadic }
                }
            };
            self.type_node(kind, span)
        })
    }

    /// Appends the steps in the order in which they apply to the type in front.
    fn declarator(&mut self, steps: &mut Vec<Declarator>) -> Parsed<()> {
        self.deeper(|p| {
            p.pointers(steps);
            let mut inner = Vec::new();
            if p.is("(") && matches!(p.peek_at(1), Tok::Punct("*" | "&" | "&&")) && !p.is_rust_pointer_ahead() {
                p.advance();
                p.declarator(&mut inner)?;
                p.require(")")?;
            }
            let mut suffixes = p.suffixes()?;
            suffixes.reverse();
            steps.append(&mut suffixes);
            steps.append(&mut inner);
            Ok(())
        })
    }

    /// `(*const T)`: a parameter, not a declarator.
    fn is_rust_pointer_ahead(&self) -> bool {
        matches!(self.peek_at(2), Tok::Ident(word) if qualifier(word).is_none() || !matches!(self.peek_at(3), Tok::Punct(_)))
    }

    fn pointers(&mut self, steps: &mut Vec<Declarator>) {
        loop {
            let step = match self.peek() {
                Tok::Punct("*") => Declarator::Pointer,
                Tok::Punct("&") => Declarator::Reference(ReferenceSyntax::Cpp),
                Tok::Punct("&&") => Declarator::Reference(ReferenceSyntax::CppRvalue),
                Tok::Ident(word) if !steps.is_empty() => match qualifier(word) {
                    Some(qualifier) => Declarator::Qualified(qualifier),
                    None => return,
                },
                _ => return,
            };
            self.advance();
            steps.push(step);
        }
    }

    fn suffixes(&mut self) -> Parsed<Vec<Declarator>> {
        let mut found = Vec::new();
        loop {
            if self.take("[") {
                let length = if self.is("]") { None } else { Some(self.length()?) };
                self.require("]")?;
                found.push(Declarator::Array(length));
            } else if self.take("(") {
                let (parameters, variadic) = self.parameters()?;
                found.push(Declarator::Function { parameters, variadic });
            } else {
                return Ok(found);
            }
        }
    }

    /// The types up to the closing parenthesis, the opening one taken; and whether `...` ends them.
    pub fn parameters(&mut self) -> Parsed<(Vec<TypeName>, bool)> {
        if self.is_word("void") && self.is_then(")") {
            self.advance();
        }
        let (mut parameters, mut variadic) = (Vec::new(), false);
        while !variadic && !self.is(")") {
            if self.take("...") {
                variadic = true;
            } else {
                parameters.push(self.type_name()?);
                if !self.is(")") {
                    self.require(",")?;
                }
            }
        }
        self.require(")")?;
        Ok((parameters, variadic))
    }
}
