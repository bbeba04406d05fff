//! What can go wrong, said once: `Error` by what the caller can do about it, `Result`, and `Context`.
//!
//! Messages are lower case without a full stop: what was attempted, on what, where; then what to try.
//! Where gdb has a wording that scripts match on, gdb's stands (its capitals and full stops included); those
//! live here as constructors, so that each is spelled once.

use std::fmt;

/// The result of everything that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// What failed, sorted by what the caller can do about it. Cheap to clone: failures are cached as answers are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A file, symbol, member or frame of that name or number does not exist.
    #[error("{0}")]
    NotFound(String),
    /// The thing exists, but the dump or the debug information does not hold it.
    #[error("{0}")]
    Absent(String),
    /// An address that no memory of the dump holds. `last` is the last valid address, none if the memory is empty.
    #[error("Cannot access memory at address {address:#x}{}", end_of_memory(*memory, *last))]
    Unmapped { address: u64, memory: u32, last: Option<u64> },
    /// Input that is not what its format says.
    #[error("{what}{}", at_offset(*at))]
    Malformed { what: String, at: Option<u64> },
    /// Well-formed input that this version cannot handle.
    #[error("{0}")]
    Unsupported(String),
    /// One of the caps of `limits.rs` was reached.
    #[error("{0}")]
    Limit(String),
    /// The user asked in a way that cannot be answered: a syntax error, a wrong operand type.
    #[error("{0}")]
    Usage(String),
    /// The operating system refused.
    #[error("{path}: {message}")]
    Io { path: String, message: String },
}

fn end_of_memory(memory: u32, last: Option<u64>) -> String {
    match last {
        Some(last) => format!(": memory {memory} ends at {last:#x}"),
        None => format!(": memory {memory} is empty"),
    }
}

fn at_offset(at: Option<u64>) -> String {
    at.map(|at| format!(" at file offset {at:#x}")).unwrap_or_default()
}

impl Error {
    /// A malformed input whose place in the file is known.
    pub fn malformed_at(what: impl Into<String>, at: u64) -> Self {
        Error::Malformed { what: what.into(), at: Some(at) }
    }

    /// A malformed input without a known place.
    pub fn malformed(what: impl Into<String>) -> Self {
        Error::Malformed { what: what.into(), at: None }
    }

    /// gdb: an unknown name in an expression.
    pub fn no_symbol(name: impl fmt::Display) -> Self {
        Error::NotFound(format!("No symbol \"{name}\" in current context."))
    }

    /// gdb: something that needs a program, before one is opened.
    pub fn no_symbol_table() -> Self {
        Error::Absent("No symbol table is loaded.  Use the \"file\" command.".into())
    }

    /// The message under gdb's style, which has its words and no more.
    pub fn in_gdbs_words(&self) -> String {
        match self {
            Error::Unmapped { address, .. } => format!("Cannot access memory at address {address:#x}"),
            error => error.to_string(),
        }
    }

    /// gdb: an unknown member.
    pub fn no_member(name: impl fmt::Display) -> Self {
        Error::NotFound(format!("There is no member named {name}."))
    }

    /// gdb: the expression ends or breaks off at `rest`.
    pub fn syntax(rest: impl fmt::Display) -> Self {
        Error::Usage(format!("A syntax error in expression, near `{rest}'."))
    }

    /// gdb: a command needs a value that the compiler kept nowhere.
    pub fn optimized_out() -> Self {
        Error::Absent("value has been optimized out".into())
    }

    /// gdb: a command that needs a stack, without a dump.
    pub fn no_stack() -> Self {
        Error::Absent("No stack.".into())
    }
}

/// Adds what was being attempted in front of an error's message.
pub trait Context<T> {
    /// `subject` reads as a noun phrase: `context(|| "unit at 0x10".into())` gives `unit at 0x10: <message>`.
    fn context(self, subject: impl FnOnce() -> String) -> Result<T>;
}

impl<T> Context<T> for Result<T> {
    fn context(self, subject: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| match error {
            Error::NotFound(m) => Error::NotFound(format!("{}: {m}", subject())),
            Error::Absent(m) => Error::Absent(format!("{}: {m}", subject())),
            Error::Malformed { what, at } => Error::Malformed { what: format!("{}: {what}", subject()), at },
            Error::Unsupported(m) => Error::Unsupported(format!("{}: {m}", subject())),
            Error::Limit(m) => Error::Limit(format!("{}: {m}", subject())),
            Error::Usage(m) => Error::Usage(format!("{}: {m}", subject())),
            // These name their subject already.
            error @ (Error::Unmapped { .. } | Error::Io { .. }) => error,
        })
    }
}
