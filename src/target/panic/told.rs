//! What one call of a runtime's function tells of the end.

/// A value in a message that only its type's own code could write: its place is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwritten {
    /// What stands in the text instead: the type's name in braces.
    pub placeholder: String,
    /// The type's qualified name.
    pub type_name: String,
    pub address: u64,
}

/// A message, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// In the runtime's words; none if the call tells only the place.
    pub text: Option<String>,
    /// `file:line:column`.
    pub place: Option<String>,
    /// Nothing of the text is missing, and no other call is likely to tell more.
    pub complete: bool,
    /// In the order of their placeholders in the text.
    pub values: Vec<Unwritten>,
}

impl Told {
    /// All there is to say.
    pub fn all(text: impl Into<String>) -> Self {
        Told { text: Some(text.into()), place: None, complete: true, values: Vec::new() }
    }

    /// What is said if no other call tells more.
    pub fn at_least(text: impl Into<String>) -> Self {
        Told { complete: false, ..Told::all(text) }
    }

    /// The same with a place.
    pub fn at(self, place: Option<String>) -> Self {
        Told { place, ..self }
    }
}
