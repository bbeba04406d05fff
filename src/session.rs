//! The state of one debugging sitting: what is open, what is selected, what the user has set and defined.
//!
//! Plain data with a few invariants; it knows no command and prints nothing.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::files::Files;
use crate::settings::Settings;
use crate::target::open::OpenOptions;
use crate::target::{Frame, FrameId, Program, Stack};
use crate::value::Reader;

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
    /// What is debugged; none before a file is opened.
    pub program: Option<Program<'f>>,
    /// The selected thread, counted in the dump from 0.
    pub thread: usize,
    /// The selected frame of that thread.
    pub frame: FrameId,
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
        Session {
            files,
            settings,
            program: None,
            thread: 0,
            frame: FrameId(0),
            interactive: false,
            definitions: BTreeMap::new(),
            aliases: BTreeMap::new(),
        }
    }

    /// Open the files of a program in place of what was open.
    ///
    /// # Errors
    /// As for [`Program::open`]; what was open stays.
    pub fn open(&mut self, options: &OpenOptions) -> Result<()> {
        self.program = Some(Program::open(self.files, options)?);
        self.thread = 0;
        self.frame = FrameId(0);
        Ok(())
    }

    /// The program.
    ///
    /// # Errors
    /// gdb's words when nothing is open.
    pub fn program(&self) -> Result<&Program<'f>> {
        self.program
            .as_ref()
            .ok_or_else(|| Error::Absent("No symbol table is loaded.  Use the \"file\" command.".into()))
    }

    /// A reader over the program.
    ///
    /// # Errors
    /// As for [`Session::program`].
    pub fn reader(&self) -> Result<Reader<'_, 'f>> {
        self.program().map(Reader::new)
    }

    /// The selected thread's stack.
    ///
    /// # Errors
    /// gdb's `No stack.`
    pub fn stack(&self) -> Result<&Stack> {
        self.program.as_ref().ok_or_else(Error::no_stack)?.stack(self.thread)
    }

    /// The selected frame and its stack.
    ///
    /// # Errors
    /// gdb's `No stack.`
    pub fn selected(&self) -> Result<(&Stack, &Frame)> {
        let stack = self.stack()?;
        let frame = stack.frame(self.frame).or_else(|| stack.frames().first()).ok_or_else(Error::no_stack)?;
        Ok((stack, frame))
    }
}
