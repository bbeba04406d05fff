//! How a request is answered: a body, or why there is none; and its arguments as they came.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::Error;

/// The body of a response, or why there is none.
pub type Answer = Result<Value, Failure>;

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Whole, for people.
    pub text: String,
    /// Stays the same for one kind of failure.
    pub id: FailureId,
    /// The editor should show it at once.
    pub show_user: bool,
}

/// Kinds of failure, by the number that clients see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureId {
    /// It was asked in a way that cannot be answered.
    Request = 1000,
    /// The request is none that this program knows.
    Unknown = 1001,
    /// A dump cannot do that.
    PostMortem = 1002,
    /// The client took the request back.
    Cancelled = 1003,
    /// Files could not be opened.
    Open = 1004,
    /// The thing exists, but its value cannot be had.
    Evaluation = 1005,
}

impl Failure {
    /// A request that asks for what is not there.
    pub fn request(text: impl Into<String>) -> Self {
        Failure { text: text.into(), id: FailureId::Request, show_user: false }
    }

    /// The client took the request back: the protocol's word.
    pub fn cancelled() -> Self {
        Failure { text: "cancelled".into(), id: FailureId::Cancelled, show_user: false }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure { text: error.to_string(), id: FailureId::Evaluation, show_user: false }
    }
}

/// The arguments of a request as they came.
#[derive(Debug, Clone)]
pub struct Arguments(pub Value);

impl Arguments {
    /// As the request's own type; missing arguments are an empty object.
    ///
    /// # Errors
    /// A field is missing or of the wrong type; names it.
    pub fn parse<T: DeserializeOwned>(self) -> Result<T, Failure> {
        let value = match self.0 {
            Value::Null => Value::Object(serde_json::Map::new()),
            value => value,
        };
        serde_json::from_value(value).map_err(|error| Failure::request(format!("wrong arguments: {error}")))
    }
}

/// A type as a response's body.
pub fn body(value: impl serde::Serialize) -> Value {
    // Our types have string keys and derived impls, which cannot fail.
    serde_json::to_value(value).unwrap_or(Value::Null)
}
