//! Values that the user has seen (`$1`, `$`, `$$`) and variables of their own (`$name`).
//!
//! Knows nothing of what a value is; what a dump says about itself (`$pc`, `$sp`, `$_thread`) is not kept here.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::expr::ast::HistoryIndex;

/// The values and variables of one sitting.
#[derive(Debug, Clone)]
pub struct History<V> {
    values: Vec<V>,
    variables: BTreeMap<String, V>,
}

impl<V> Default for History<V> {
    fn default() -> Self {
        History { values: Vec::new(), variables: BTreeMap::new() }
    }
}

impl<V> History<V> {
    /// Keep `value`; its number, the first one's being 1.
    pub fn record(&mut self, value: V) -> usize {
        self.values.push(value);
        self.values.len()
    }

    /// The value at `index`.
    ///
    /// # Errors
    /// In gdb's words, where there is none.
    pub fn value(&self, index: HistoryIndex) -> Result<&V> {
        let count = self.values.len() as u64;
        let place = match index {
            HistoryIndex::Absolute(number) => number.checked_sub(1),
            HistoryIndex::Back(steps) => count.checked_sub(1).and_then(|last| last.checked_sub(steps)),
        };
        let found = place.and_then(|place| usize::try_from(place).ok()).and_then(|place| self.values.get(place));
        found.ok_or_else(|| {
            Error::NotFound(match index {
                HistoryIndex::Back(0) => "The history is empty.".into(),
                HistoryIndex::Back(steps) => format!("History does not go back to $${steps}."),
                HistoryIndex::Absolute(number) => format!("History has not yet reached ${number}."),
            })
        })
    }

    /// The last values, at most `most` of them, oldest first, with their numbers: what `show values` lists.
    pub fn last_values(&self, most: usize) -> impl Iterator<Item = (usize, &V)> {
        let skipped = self.values.len().saturating_sub(most);
        self.values.iter().enumerate().skip(skipped).map(|(place, value)| (place + 1, value))
    }

    /// How many values were recorded.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The variable `$name`; none if it was never set, which reads as void.
    pub fn variable(&self, name: &str) -> Option<&V> {
        self.variables.get(name)
    }

    /// Set the variable `$name`.
    pub fn set_variable(&mut self, name: &str, value: V) {
        self.variables.insert(name.to_owned(), value);
    }

    /// All variables that were set, by name.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &V)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value))
    }
}
