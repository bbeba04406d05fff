//! Expressions for what the editor shows: how a user would type the member or element that a row stands for.
//!
//! An expression is a guess by the names in the row until `Checker` has evaluated it: names can be shadowed, and
//! what a container shows as an element is no member of it.

use super::handles::FrameKey;
use crate::dwarf::{Language, TypeId};
use crate::error::Result;
use crate::expr::eval::Evaluator;
use crate::expr::eval::ProgramNames;
use crate::expr::history::History;
use crate::session::Session;
use crate::target::{Frame, Stack};
use crate::value::type_name::{Length, type_name};
use crate::value::view::FieldStyle;
use crate::value::{Label, Object, Reader};

/// A frame and its stack.
///
/// # Errors
/// Nothing is open; the thread or frame does not exist.
pub fn frame_of<'s>(session: &'s Session<'_>, key: FrameKey) -> Result<(&'s Stack, &'s Frame)> {
    let stack = session.program()?.stack(key.thread)?;
    let missing = || crate::error::Error::NotFound("the frame does not exist".into());
    Ok((stack, stack.frame(key.frame).ok_or_else(missing)?))
}

/// What evaluates expressions in a frame, or in none, for `history` to remember.
///
/// # Errors
/// As for `frame_of`.
pub fn evaluator<'a, 'f, 'h>(
    session: &'a Session<'f>,
    frame: Option<FrameKey>,
    history: &'h mut History<Object>,
) -> Result<Evaluator<'a, 'f, 'h>> {
    let scope = frame.map(|key| frame_of(session, key)).transpose()?;
    let names = ProgramNames::new(session.reader(), scope);
    Ok(Evaluator::with_names(names, history))
}

/// Finds for objects of one frame an expression that means them.
pub struct Checker<'a, 'f, 'h> {
    evaluator: Evaluator<'a, 'f, 'h>,
    reader: Reader<'a, 'f>,
}

impl<'a, 'f, 'h> Checker<'a, 'f, 'h> {
    /// A checker that evaluates with `evaluator`.
    pub fn new(evaluator: Evaluator<'a, 'f, 'h>) -> Self {
        let reader = evaluator.names().reader();
        Checker { evaluator, reader }
    }

    /// `guess` if it means `object`, else the object's type and address if those do; none if neither does.
    pub fn expression(&mut self, guess: Option<String>, object: &Object) -> Option<String> {
        guess.filter(|guess| self.means(guess, object)).or_else(|| self.by_address(object))
    }

    /// What there is to know of the elements of a container by its first one, which `guess` should mean.
    pub fn alike(&mut self, guess: &Option<String>, first: &Object) -> Alike {
        let is_meant = guess.as_ref().is_some_and(|guess| self.means(guess, first));
        Alike { is_meant, type_id: first.type_id, is_exact: first.provenance.is_exact() }
    }

    /// As `expression`, for an element of a container whose first one is known: the others are reached in the same way,
    /// but to evaluate how costs a walk to each.
    pub fn expression_like(&mut self, alike: &Alike, guess: Option<String>, object: &Object) -> Option<String> {
        let is_like = object.type_id == alike.type_id && object.provenance.is_exact() == alike.is_exact;
        match object.address().is_some() && is_like {
            true => guess.filter(|_| alike.is_meant).or_else(|| self.by_address(object)),
            // In place of elements that are missing there is something that no expression means.
            false => self.by_address(object),
        }
    }

    fn by_address(&mut self, object: &Object) -> Option<String> {
        let address = object.address()?;
        let typ = type_name(self.reader.types(), object.type_id, Length::Full);
        let text = format!("{{{typ}}} {address:#x}");
        self.means(&text, object).then_some(text)
    }

    fn means(&mut self, text: &str, object: &Object) -> bool {
        let Ok((_, found)) = self.evaluator.evaluate_text(text) else { return false };
        let is_same_type = found.type_id == object.type_id || {
            let name = |object: &Object| type_name(self.reader.types(), object.type_id, Length::Full);
            name(&found) == name(object)
        };
        let place = |object: &Object| (object.location.clone(), object.bits, object.instance);
        // A value that was recovered must say so wherever it is shown.
        let is_as_sure = found.provenance.is_exact() == object.provenance.is_exact();
        is_same_type && is_as_sure && place(&found) == place(object)
    }
}

/// What the elements of a container have in common.
pub struct Alike {
    /// The guess for the first one means it.
    is_meant: bool,
    type_id: TypeId,
    is_exact: bool,
}

/// The parent of a row, and how its children are reached.
pub struct Parent<'a> {
    /// None: there is no expression for the parent, so there is none for its children.
    pub expression: Option<&'a str>,
    pub language: Language,
    /// The children are those of what the parent points at.
    pub through_pointer: bool,
}

impl Parent<'_> {
    /// A member, base class or element.
    pub fn child(&self, label: &Label, style: FieldStyle) -> Option<String> {
        let parent = operand(self.expression?);
        match label {
            Label::Name(name) | Label::Static(name) => {
                let name = match style {
                    FieldStyle::Tuple => name.strip_prefix("__").unwrap_or(name),
                    FieldStyle::Named | FieldStyle::Unit => name,
                };
                let typeable = is_identifier(name) || name.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty();
                typeable.then(|| format!("{parent}{}{name}", self.dot()))
            }
            Label::Index(index) => Some(match self.through_pointer {
                true => format!("(*{parent})[{index}]"),
                false => format!("{parent}[{index}]"),
            }),
            // The members of an anonymous one are reached as if they were the parent's; it has no expression itself.
            Label::Base(_) | Label::Anonymous => None,
        }
    }

    /// What the parent points at.
    pub fn pointee(&self) -> Option<String> {
        Some(format!("*{}", operand(self.expression?)))
    }

    fn dot(&self) -> &'static str {
        match self.language {
            // Rust and Zig follow pointers by themselves.
            Language::Rust | Language::Zig => ".",
            _ if self.through_pointer => "->",
            _ => ".",
        }
    }
}

/// `expression` as something that `.` and `[` can follow.
fn operand(expression: &str) -> String {
    if is_postfix(expression) { expression.to_owned() } else { format!("({expression})") }
}

/// Names, members, indexes and parentheses only, the first of them no cast.
fn is_postfix(expression: &str) -> bool {
    let mut depth = 0usize;
    let mut before = None;
    let mut rest = expression.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '(' if depth == 0 && before.is_some() => return false,
            '(' | '[' => depth += 1,
            ')' | ']' => match depth.checked_sub(1) {
                Some(outer) => depth = outer,
                None => return false,
            },
            _ if depth > 0 => {}
            '-' if rest.peek() == Some(&'>') => {
                rest.next();
            }
            '.' | ':' => {}
            c if is_word(c) && !matches!(before, Some(')' | ']')) => {}
            _ => return false,
        }
        before = Some(c);
    }
    depth == 0 && before.is_some()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

/// A name as languages have them, perhaps with namespaces in front.
pub fn is_identifier(name: &str) -> bool {
    let is_part = |part: &str| part.chars().all(is_word) && !part.starts_with(|c: char| c.is_ascii_digit());
    !name.is_empty() && name.split("::").all(|part| !part.is_empty() && is_part(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(expression: &str, language: Language, through_pointer: bool, label: Label) -> Option<String> {
        Parent { expression: Some(expression), language, through_pointer }.child(&label, FieldStyle::Named)
    }

    #[test]
    fn members_and_elements_are_typed_as_in_the_language() {
        let name = |name: &str| Label::Name(name.into());
        assert_eq!(child("p", Language::C, true, name("next")).as_deref(), Some("p->next"));
        assert_eq!(child("p", Language::Rust, true, name("next")).as_deref(), Some("p.next"));
        assert_eq!(child("a.b", Language::C, false, Label::Index(3)).as_deref(), Some("a.b[3]"));
        assert_eq!(child("a", Language::C, true, Label::Index(3)).as_deref(), Some("(*a)[3]"));
        assert_eq!(child("*p", Language::C, false, name("x")).as_deref(), Some("(*p).x"));
        assert_eq!(child("a", Language::C, false, name("{closure}")), None);
        let tuple = Parent { expression: Some("t"), language: Language::Rust, through_pointer: false };
        assert_eq!(tuple.child(&name("__0"), FieldStyle::Tuple).as_deref(), Some("t.0"));
    }

    #[test]
    fn what_is_no_operand_gets_parentheses() {
        for postfix in ["a", "a.b->c[1 + 2].d", "(*p).x", "demo::A", "$1", "(a + b)[2]"] {
            assert!(is_postfix(postfix), "{postfix}");
        }
        for other in ["*p", "(T)x", "{T} 0x10", "a + b", "-1", "", "f(1)", "a)"] {
            assert!(!is_postfix(other), "{other}");
        }
    }
}
