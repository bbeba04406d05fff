//! The protocol's messages and the types in them, as far as they are used here; names are the protocol's.
//!
//! Arguments of a single request stand beside its handler. What may be absent is left out, never `null`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a client sends. Everything but the number may be missing or wrong.
#[derive(Debug, Deserialize)]
pub struct Received {
    pub seq: Option<i64>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub command: Option<String>,
    #[serde(default)]
    pub arguments: Value,
}

/// The answer to a request.
#[derive(Debug, Serialize)]
pub struct Response {
    pub seq: i64,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub request_seq: i64,
    pub success: bool,
    pub command: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// Something that happened.
#[derive(Debug, Serialize)]
pub struct Event {
    pub seq: i64,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

/// A source file, or text that `source` gives.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_reference: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presentation_hint: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<&'static str>,
}

/// A line of the call stack.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StackFrame {
    pub id: i64,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    pub line: u64,
    pub column: u64,
    pub can_restart: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instruction_pointer_reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module_id: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presentation_hint: Option<&'static str>,
}

/// A group of a frame's variables.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    pub name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presentation_hint: Option<&'static str>,
    pub variables_reference: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub named_variables: Option<u64>,
    pub expensive: bool,
}

/// One variable, member or element.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Variable {
    pub name: String,
    #[serde(flatten)]
    pub value: ValueFields,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evaluate_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declaration_location_reference: Option<i64>,
    #[serde(rename = "value")]
    pub text: String,
}

/// What a variable and the result of an evaluation have in common.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ValueFields {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presentation_hint: Option<Hint>,
    pub variables_reference: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub named_variables: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indexed_variables: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_location_reference: Option<i64>,
}

/// The result of an evaluation.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evaluated {
    pub result: String,
    #[serde(flatten)]
    pub value: ValueFields,
}

/// How a value should look.
#[derive(Debug, Clone, Serialize)]
pub struct Hint {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    pub attributes: Vec<&'static str>,
}

/// `format` of several requests.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub struct ValueFormat {
    pub hex: bool,
}

/// What the client said of itself in `initialize`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Client {
    pub lines_start_at1: bool,
    pub columns_start_at1: bool,
    pub path_format: String,
    /// None: it does not say, and then does not mind.
    pub supports_variable_type: Option<bool>,
    /// As `supports_variable_type`.
    pub supports_memory_references: Option<bool>,
    pub supports_progress_reporting: bool,
    pub supports_invalidated_event: bool,
    #[serde(rename = "supportsANSIStyling")]
    pub supports_ansi_styling: bool,
}

impl Default for Client {
    fn default() -> Self {
        Client {
            lines_start_at1: true,
            columns_start_at1: true,
            path_format: "path".into(),
            supports_variable_type: None,
            supports_memory_references: None,
            supports_progress_reporting: false,
            supports_invalidated_event: false,
            supports_ansi_styling: false,
        }
    }
}

impl Client {
    /// A line as the client counts.
    pub fn line(&self, line: u64) -> u64 {
        if self.lines_start_at1 { line } else { line.saturating_sub(1) }
    }

    /// A column as the client counts.
    pub fn column(&self, column: u64) -> u64 {
        if self.columns_start_at1 { column } else { column.saturating_sub(1) }
    }
}
