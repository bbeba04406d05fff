//! What a request is: its row in the table.

use super::adapter::Adapter;
use super::failure::{Answer, Arguments};

/// One row of the table.
pub struct Request {
    pub name: &'static str,
    /// What `initialize` says of it; `supportsX` is true.
    pub capabilities: &'static [&'static str],
    pub needs: Needs,
    pub run: fn(&mut Adapter<'_>, Arguments) -> Answer,
}

/// What must have happened before a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    /// `launch` or `attach` opened a program.
    Program,
}
