//! The list of requests.

use super::requests::{
    breakpoints, completions, disassemble, evaluate, exception, lifecycle, memory, modules, open, refused, scopes,
    source, stack, variables,
};
use super::spec::Request;

/// All requests, by the files that hold them.
static TABLE: &[&[Request]] = &[
    lifecycle::ROWS,
    open::ROWS,
    stack::ROWS,
    scopes::ROWS,
    variables::ROWS,
    evaluate::ROWS,
    completions::ROWS,
    exception::ROWS,
    source::ROWS,
    memory::ROWS,
    disassemble::ROWS,
    modules::ROWS,
    breakpoints::ROWS,
    refused::ROWS,
];

/// All rows.
pub fn rows() -> impl Iterator<Item = &'static Request> {
    TABLE.iter().flat_map(|family| family.iter())
}

/// What the requests together are able to do.
pub fn capabilities() -> Vec<&'static str> {
    rows().flat_map(|row| row.capabilities).copied().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_request_has_one_row() {
        let mut seen = HashSet::new();
        for row in rows() {
            assert!(seen.insert(row.name), "{}", row.name);
        }
    }
}
