//! What one call of a runtime's function tells of the end.

/// A message, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// In the runtime's words; none if the call tells only the place.
    pub text: Option<String>,
    /// `file:line:column`.
    pub place: Option<String>,
    /// Nothing of the text is missing, and no other call is likely to tell more.
    pub complete: bool,
}

impl Told {
    /// All there is to say.
    pub fn all(text: impl Into<String>) -> Self {
        Told { text: Some(text.into()), place: None, complete: true }
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
