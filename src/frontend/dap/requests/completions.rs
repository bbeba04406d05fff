//! `completions`: what may follow in the console, commands and names of the program.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::evaluate::forced_command;
use crate::command::TABLE as COMMANDS;
use crate::command::complete::{Candidates, candidates};
use crate::frontend::dap::adapter::Adapter;
use crate::frontend::dap::failure::{Answer, Arguments, body};
use crate::frontend::dap::spec::{Needs, Request};
use crate::settings::Setting;

pub static ROWS: &[Request] = &[Request {
    name: "completions",
    capabilities: &["supportsCompletionsRequest"],
    needs: Needs::Nothing,
    run: completions,
}];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CompletionsArguments {
    frame_id: Option<i64>,
    text: String,
    column: i64,
    line: Option<i64>,
}

/// A proposal. Positions are in UTF-16 code units.
#[derive(Serialize)]
struct Item {
    label: String,
    start: u64,
    length: u64,
}

fn completions(adapter: &mut Adapter<'_>, arguments: Arguments) -> Answer {
    let given: CompletionsArguments = arguments.parse()?;
    let frame = adapter.frame_or_selected(given.frame_id)?;
    adapter.select(frame);
    let first = i64::from(adapter.client.lines_start_at1);
    let line = given.line.map_or(0, |line| line.saturating_sub(first).max(0));
    let line = usize::try_from(line).unwrap_or(usize::MAX);
    let text = given.text.split('\n').nth(line).unwrap_or("");
    let first = i64::from(adapter.client.columns_start_at1);
    let column = usize::try_from(given.column.saturating_sub(first).max(0)).unwrap_or(usize::MAX);
    let before = text.get(..byte_of(text, column)).unwrap_or(text);
    let limit = adapter.session.settings.limit(Setting::MaxCompletions).unwrap_or(u64::MAX);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut items: Vec<Item> = Vec::new();
    for found in proposals(adapter, before) {
        let start = before.get(..found.start).unwrap_or(before).encode_utf16().count() as u64;
        let length = before.get(found.start..).unwrap_or("").encode_utf16().count() as u64;
        let start = start + u64::from(adapter.client.columns_start_at1);
        items.extend(found.words.into_iter().map(|label| Item { label, start, length }));
    }
    items.sort_by(|a, b| a.label.cmp(&b.label));
    items.dedup_by(|a, b| a.label == b.label);
    items.truncate(limit);
    Ok(json!({ "targets": body(items) }))
}

/// What may stand at the end of `before`: a command, and a name as in an expression.
fn proposals(adapter: &Adapter<'_>, before: &str) -> Vec<Candidates> {
    let session = &adapter.session;
    if let Some(line) = forced_command(before) {
        return vec![shifted(candidates(session, &COMMANDS, line), before.len() - line.len())];
    }
    let as_command = candidates(session, &COMMANDS, before);
    let is_argument = before.trim_start().contains(char::is_whitespace) && COMMANDS.find_row(before).is_ok();
    if is_argument && !as_command.words.is_empty() {
        return vec![as_command];
    }
    const PRINT: &str = "print ";
    let expression = candidates(session, &COMMANDS, &format!("{PRINT}{before}"));
    let expression = Candidates { start: expression.start.saturating_sub(PRINT.len()), ..expression };
    vec![as_command, expression]
}

fn shifted(found: Candidates, by: usize) -> Candidates {
    Candidates { start: found.start + by, ..found }
}

/// The byte of a place counted in UTF-16 code units.
fn byte_of(text: &str, units: usize) -> usize {
    let mut seen = 0;
    for (at, c) in text.char_indices() {
        if seen >= units {
            return at;
        }
        seen += c.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_utf16_units() {
        assert_eq!(byte_of("a😀b", 1), 1);
        assert_eq!(byte_of("a😀b", 3), 5);
        assert_eq!(byte_of("a😀b", usize::MAX), 6);
        // Inside of a pair: behind it.
        assert_eq!(byte_of("a😀b", 2), 5);
    }
}
