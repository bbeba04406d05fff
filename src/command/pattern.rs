//! Regular expressions that users type: compiled within bounds, refused in one line.

use regex::{Regex, RegexBuilder};

use crate::error::{Error, Result};
use crate::limits::MAX_REGEX_BYTES;

/// The expression of `pattern`, as it is typed after `info functions`; `any_case` ignores upper and lower case.
///
/// # Errors
/// It is no regular expression, or its automaton would be too big.
pub fn compile(pattern: &str, any_case: bool) -> Result<Regex> {
    let built = RegexBuilder::new(pattern).case_insensitive(any_case).size_limit(MAX_REGEX_BYTES).build();
    built.map_err(|error| {
        // The crate draws the place over several lines; its last one says what is wrong.
        let text = error.to_string();
        let reason = text.lines().last().unwrap_or("").trim_start_matches("error: ");
        Error::Usage(format!("Invalid regexp: {reason}: {pattern}"))
    })
}
