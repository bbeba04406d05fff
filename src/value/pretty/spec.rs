//! What a built-in form is: the type that it is for, and the function that makes its shape.

use crate::dwarf::Language;
use crate::value::view::View;

use super::part::{Formed, Part};

/// Makes the shape of a value of the form's type. It returns unread children and never asks for their shapes.
pub type Former = for<'a, 'f> fn(&Part<'a, 'f>) -> Formed<View<'a>>;

/// One built-in form.
pub struct Form {
    pub language: Language,
    /// The type's own name, without arguments.
    pub name: &'static str,
    /// The namespace or crate that holds the type, at any depth: libraries move types between their modules.
    pub within: &'static str,
    pub view: Former,
}
