//! One command line, run: comments and blanks dropped, aliases expanded, definitions called with their arguments.

use super::lookup::Call;
use super::spec::{Input, Invocation, Outcome, Repeat};
use crate::error::Error;
use crate::limits::MAX_SCRIPT_DEPTH;

/// Run `line` in the place of `at`, whose arguments do not matter.
///
/// # Errors
/// Those of the command; scripts that call themselves without end.
pub fn run_line(at: &mut Invocation<'_, '_>, line: &str) -> Outcome {
    let line = line.trim_start();
    if line.is_empty() || line.starts_with('#') {
        return Ok(());
    }
    match at.words {
        Some(words) => run_replaced(at, &with_words(line, words)?),
        None => run_replaced(at, line),
    }
}

/// Run a line in which the words of a definition's call stand.
fn run_replaced(at: &mut Invocation<'_, '_>, line: &str) -> Outcome {
    if at.depth > MAX_SCRIPT_DEPTH {
        return Err(Error::Limit("max user call depth exceeded -- command aborted.".into()).into());
    }
    match at.table.find(at.session, line)? {
        Call::Row { command, arguments } => (command.run)(&mut at.with_arguments(arguments)),
        Call::Definition { name, arguments } => call_definition(at, &name, arguments),
        Call::Alias { line } => {
            let mut nested = at.with_arguments("");
            nested.depth += 1;
            run_replaced(&mut nested, &line)
        }
    }
}

/// What an empty line after `line` runs; none for nothing.
pub fn repeated(at: &Invocation<'_, '_>, line: &str) -> Option<String> {
    match at.table.find(at.session, line) {
        Ok(Call::Row { command, .. }) => match command.repeat {
            Repeat::Same => Some(line.to_owned()),
            Repeat::Continue => Some(command.name.to_owned()),
            Repeat::Never => None,
        },
        Ok(_) => Some(line.to_owned()),
        // gdb tries a failed line again, too.
        Err(_) => Some(line.to_owned()),
    }
}

/// Lines of a list, for commands that take lines of their own.
pub struct Lines<'l> {
    lines: &'l [String],
    /// Lines taken so far.
    pub taken: usize,
}

impl<'l> Lines<'l> {
    /// From the first line on.
    pub fn new(lines: &'l [String]) -> Self {
        Lines { lines, taken: 0 }
    }
}

impl Input for Lines<'_> {
    fn line(&mut self, _: &str) -> Option<String> {
        let line = self.lines.get(self.taken)?;
        self.taken += 1;
        Some(line.clone())
    }
}

/// Run all of `lines` in order, each with what follows it as its input; ends at the first that fails.
pub fn run_lines(at: &mut Invocation<'_, '_>, lines: &[String]) -> Outcome {
    let mut input = Lines::new(lines);
    while let Some(line) = input.line("") {
        let mut nested = at.nested(&mut input);
        run_line(&mut nested, &line)?;
    }
    Ok(())
}

/// Run a definition's body with `$argc` and `$arg0` replaced by the words of `arguments`, in each line when it runs: as in
/// gdb, a line that `if $argc > 1' leaves out may lack its words.
fn call_definition(at: &mut Invocation<'_, '_>, name: &str, arguments: &str) -> Outcome {
    let Some(definition) = at.session.definitions.get(name) else { return Ok(()) };
    let body = definition.body.clone();
    let words = argument_words(arguments);
    run_lines(&mut Invocation { words: Some(&words), ..at.with_arguments("") }, &body)
}

/// Words separated by blanks; quotes and backslashes keep blanks inside a word and stay.
fn argument_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (mut quote, mut escaped) = (None, false);
        let end = rest.find(|c: char| {
            let ends = quote.is_none() && !escaped && c.is_whitespace();
            if escaped {
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if quote == Some(c) {
                quote = None;
            } else if quote.is_none() && matches!(c, '"' | '\'') {
                quote = Some(c);
            }
            ends
        });
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        words.push(word);
        rest = after.trim_start();
    }
    words
}

/// The line with `$argc`, `$arg*` and `$argN` replaced.
///
/// # Errors
/// There is no such word.
fn with_words(line: &str, words: &[&str]) -> Result<String, Error> {
    let mut result = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("$arg") {
        result.push_str(before);
        if let Some(after) = after.strip_prefix('c').filter(|after| !continues_name(after)) {
            result.push_str(&words.len().to_string());
            rest = after;
            continue;
        }
        if let Some(after) = after.strip_prefix('*') {
            result.push_str(&words.join(" "));
            rest = after;
            continue;
        }
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (number, after) = after.split_at(digits);
        match number.parse::<usize>() {
            Ok(index) => match words.get(index) {
                Some(word) => result.push_str(word),
                None => return Err(Error::Usage(format!("Missing argument {index} in user function."))),
            },
            Err(_) => {
                result.push_str("$arg");
                result.push_str(number);
            }
        }
        rest = after;
    }
    result.push_str(rest);
    Ok(result)
}

fn continues_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_of_a_definition_are_words_with_their_quotes() {
        assert_eq!(argument_words(" a \"b c\" d\\ e 'x'"), ["a", "\"b c\"", "d\\ e", "'x'"]);
        let words = ["1", "\"two words\""];
        assert_eq!(with_words("p $arg0 + $argc", &words).unwrap(), "p 1 + 2");
        assert_eq!(with_words("echo $arg1$args $arg", &words).unwrap(), "echo \"two words\"$args $arg");
        let missing = with_words("p $arg2", &words).unwrap_err();
        assert_eq!(missing.to_string(), "Missing argument 2 in user function.");
    }
}
