//! The state of one debugging sitting: what is open, what is selected, what the user has set and defined.
//!
//! Plain data with a few invariants; it knows no command and prints nothing.

use std::collections::BTreeMap;

use crate::files::Files;
use crate::settings::Settings;

/// A command that the user made of others (`define`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Definition {
    /// The commands, as typed.
    pub body: Vec<String>,
    /// What `document` said; its first line is the summary.
    pub documentation: Vec<String>,
}

/// One debugging sitting.
pub struct Session<'f> {
    /// Owner of all bytes.
    pub files: &'f Files,
    pub settings: Settings,
    /// A person sits at a terminal: questions are asked, runtime frames are folded.
    pub interactive: bool,
    /// Commands of the user, by name.
    pub definitions: BTreeMap<String, Definition>,
    /// Other names of commands, and what each stands for (`alias`).
    pub aliases: BTreeMap<String, String>,
}

impl<'f> Session<'f> {
    /// Nothing is open yet.
    pub fn new(files: &'f Files, settings: Settings) -> Self {
        Session { files, settings, interactive: false, definitions: BTreeMap::new(), aliases: BTreeMap::new() }
    }
}
