//! The state of one debugging sitting: what is open, what is selected, what the user has set and defined.
//!
//! Plain data with a few invariants; it knows no command and prints nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;

use crate::dwarf::Language;
use crate::dwarf::line::SourceLocation;
use crate::error::{Error, Result};
use crate::expr::eval::{Evaluator, ProgramNames, complete};
use crate::expr::history::History;
use crate::files::Files;
use crate::limits::MAX_EMBEDDED_FRAMES;
use crate::render::options::{FormatLetter, FrameNumbering, Options};
use crate::settings::{Setting, Settings};
use crate::source::{SourceFile, Sources};
use crate::target::open::OpenOptions;
use crate::target::runtime::first_frame;
use crate::target::stack::TRAP_DEPTH;
use crate::target::{Frame, FrameId, InstanceId, ModuleId, Program, Stack};
use crate::value::{Object, Reader};

/// A command that the user made of others (`define`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Definition {
    /// The commands, as typed.
    pub body: Vec<String>,
    /// What `document` said; its first line is the summary.
    pub documentation: Vec<String>,
}

/// Lines of a source file that were printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The file, as a place in it.
    pub file: SourceLocation,
    /// The first and the last line.
    pub lines: (u64, u64),
}

/// An expression that is printed whenever another frame is selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Display {
    /// What the user calls it, from 1.
    pub number: u32,
    /// How many units, for the formats of `x`.
    pub count: u64,
    pub letter: Option<FormatLetter>,
    pub raw: bool,
    pub expression: String,
}

/// What `x` did last, for what it is not told the next time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Examined {
    pub letter: Option<FormatLetter>,
    /// Bytes of one number.
    pub unit: Option<u64>,
    /// How many it showed; negative ones before the address.
    pub count: Option<i64>,
    /// Where it goes on.
    pub next: Option<u64>,
    /// Index of the memory; none for the selected frame's first.
    pub memory: Option<u32>,
}

/// One debugging sitting.
pub struct Session<'f> {
    /// Owner of all bytes.
    pub files: &'f Files,
    pub settings: Settings,
    /// What is debugged; none before a file is opened.
    pub program: Option<Program<'f>>,
    /// What there is before a program is opened.
    nothing: Program<'f>,
    /// The selected thread, counted in the dump from 0.
    pub thread: usize,
    /// The selected frame of that thread.
    pub frame: FrameId,
    /// The frame to begin with is not chosen yet: that needs the stack, which nobody has asked for.
    pub undecided: bool,
    /// The source lines that `list` printed last; none: it begins at the selected frame.
    pub listed: Option<Listed>,
    /// Frames are marked for an editor (`--fullname`).
    pub annotate: bool,
    /// What is printed whenever another frame is selected.
    pub displays: Vec<Display>,
    /// What `x` did last.
    pub examined: Examined,
    /// Where `hexdump` goes on.
    pub next_hexdump: Option<u64>,
    /// Source files that were shown.
    pub sources: Sources<'f>,
    /// Values that were printed, and variables of the user's own.
    pub history: History<Object>,
    /// A person sits at a terminal: questions are asked, runtime frames are folded.
    pub interactive: bool,
    /// Warnings that the user was given.
    told: BTreeSet<String>,
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
            nothing: Program::nothing(files),
            thread: 0,
            frame: FrameId(0),
            undecided: false,
            listed: None,
            annotate: false,
            displays: Vec::new(),
            examined: Examined::default(),
            next_hexdump: None,
            sources: Sources::default(),
            history: History::default(),
            interactive: false,
            told: BTreeSet::new(),
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
        self.apply_settings();
        Ok(())
    }

    /// What was found to be missing or broken since this was last asked: much of the debug information is read only
    /// when a command needs it.
    pub fn new_warnings(&mut self) -> Vec<String> {
        let found = self.program.as_ref().map(Program::warnings).unwrap_or_default();
        found.into_iter().filter(|warning| self.told.insert(warning.clone())).collect()
    }

    /// Tell the program what the settings say of it.
    pub fn apply_settings(&self) {
        if let Some(program) = &self.program {
            program.set_null_is_readable(self.settings.flag(Setting::NullDereference));
        }
    }

    /// The program.
    ///
    /// # Errors
    /// gdb's words when nothing is open.
    pub fn program(&self) -> Result<&Program<'f>> {
        self.program.as_ref().ok_or_else(Error::no_symbol_table)
    }

    /// A reader over the program; over an empty one when nothing is open: numbers have values then, too.
    pub fn reader(&self) -> Reader<'_, 'f> {
        Reader::new(self.program.as_ref().unwrap_or(&self.nothing))
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
        let stack = self.youngest(self.frame.0 as usize + 1)?;
        let frame = stack.frame(self.frame).or_else(|| stack.frames().first()).ok_or_else(Error::no_stack)?;
        Ok((stack, frame))
    }

    /// The selected thread's stack with at least its `count` youngest frames, if it has as many.
    ///
    /// # Errors
    /// gdb's `No stack.`
    pub fn youngest(&self, count: usize) -> Result<&Stack> {
        // Numbers from the oldest frame need them all.
        let all = self.options().frame_numbering == FrameNumbering::Outermost;
        let program = self.program.as_ref().ok_or_else(Error::no_stack)?;
        program.youngest(self.thread, if all { usize::MAX } else { count })
    }

    /// Choose the frame to begin with, if that is still to do: the youngest of the user's own code.
    pub fn decide(&mut self) {
        if std::mem::take(&mut self.undecided)
            && let (Ok(program), Ok(stack)) = (self.program(), self.youngest(TRAP_DEPTH))
        {
            self.frame = first_frame(program, stack);
        }
    }

    /// How values and frames are written.
    pub fn options(&self) -> Options {
        self.settings.render_options(self.interactive)
    }

    /// Select a thread, and its youngest frame.
    pub fn select_thread(&mut self, thread: usize) {
        self.thread = thread;
        self.frame = FrameId(0);
        self.listed = None;
    }

    /// The instance whose memory addresses mean: the selected frame's, else the first.
    pub fn instance(&self) -> InstanceId {
        self.selected().ok().and_then(|(_, frame)| frame.instance).unwrap_or(InstanceId(0))
    }

    /// The module that names and offsets mean: the selected frame's, else the first that there is.
    ///
    /// # Errors
    /// No module is open.
    pub fn module(&self) -> Result<ModuleId> {
        let program = self.program()?;
        let of_frame = self.selected().ok().and_then(|(_, frame)| frame.module);
        let first = || (0u32..).take(program.modules().len()).map(ModuleId).find(|id| program.module(*id).is_some());
        of_frame
            .filter(|id| program.module(*id).is_some())
            .or_else(first)
            .ok_or_else(|| Error::Absent("no module is open: name its file on the command line".into()))
    }

    /// The source file of a place: on this machine, else its text in the debug information of a function on the stack.
    ///
    /// # Errors
    /// There is neither; says why the file was not found.
    pub fn source(&self, place: &SourceLocation) -> Result<Rc<SourceFile<'f>>> {
        self.sources.find(self.files, &self.settings, place, &self.beside()).or_else(|error| {
            let text = self.embedded_source(place);
            text.and_then(|text| self.sources.embed(place, text)).ok_or(error)
        })
    }

    fn embedded_source(&self, place: &SourceLocation) -> Option<&'f [u8]> {
        let program = self.program.as_ref()?;
        let selected = self.selected().ok().map(|(_, frame)| frame);
        // The other frames are looked for only if the selected one's unit does not know the file.
        let stack = std::iter::once_with(|| self.stack().ok()).flatten();
        let others = stack.flat_map(|stack| stack.frames()).take(MAX_EMBEDDED_FRAMES);
        let frames = selected.into_iter().chain(others);
        let units = frames.filter_map(|frame| Some((frame.module?, frame.call.as_ref()?.unit)));
        let mut seen = BTreeSet::new();
        let new = units.filter(|unit| seen.insert(*unit));
        let mut of_unit = new.filter_map(|(module, unit)| {
            let info = program.debug_info(module)?;
            info.lists_file(unit, &place.file).then(|| info.embedded_source(unit, &place.file))
        });
        of_unit.next().flatten()
    }

    /// Directories of the module and the dump: sources may lie beside them.
    pub fn beside(&self) -> Vec<PathBuf> {
        let Some(program) = &self.program else { return Vec::new() };
        let modules = program.modules().iter().filter_map(|module| module.path.as_deref());
        let mut found: Vec<PathBuf> = Vec::new();
        for file in modules.chain(program.core_path()) {
            let directory = file.parent().map(|parent| self.files.place(parent).into_owned()).unwrap_or_default();
            if !found.contains(&directory) {
                found.push(directory);
            }
        }
        found
    }

    /// What evaluates expressions in the selected frame, or in none if there is no stack.
    pub fn evaluator(&mut self) -> Evaluator<'_, 'f, '_> {
        let program = self.program.as_ref().unwrap_or(&self.nothing);
        let scope = scope(program, self.thread, self.frame);
        let names = ProgramNames::new(Reader::new(program), scope).in_language(language(&self.settings));
        Evaluator::with_names(names, &mut self.history)
    }

    /// The same over another history, which assignments change.
    ///
    /// # Errors
    /// As for [`Session::program`].
    pub fn evaluator_with<'h>(&self, history: &'h mut History<Object>) -> Result<Evaluator<'_, 'f, 'h>> {
        let program = self.program()?;
        let names = ProgramNames::new(Reader::new(program), scope(program, self.thread, self.frame));
        Ok(Evaluator::with_names(names.in_language(language(&self.settings)), history))
    }

    /// What an unfinished expression could go on with: where its last word begins, in bytes, and what that could
    /// become, sorted.
    pub fn completions(&self, text: &str) -> (usize, Vec<String>) {
        let Some(program) = &self.program else { return (text.len(), Vec::new()) };
        let names = ProgramNames::new(Reader::new(program), scope(program, self.thread, self.frame));
        complete(names.in_language(language(&self.settings)), &self.history, text)
    }
}

/// The language that the user has set; none to take the frame's.
fn language(settings: &Settings) -> Option<Language> {
    match settings.text(Setting::Language) {
        "c" => Some(Language::C),
        "c++" => Some(Language::Cpp),
        "rust" => Some(Language::Rust),
        "zig" => Some(Language::Zig),
        _ => None,
    }
}

/// The selected frame and its stack; none without a stack.
fn scope<'p>(program: &'p Program<'_>, thread: usize, frame: FrameId) -> Option<(&'p Stack, &'p Frame)> {
    let stack = program.youngest(thread, frame.0 as usize + 1).ok()?;
    let frame = stack.frame(frame).or_else(|| stack.frames().first())?;
    Some((stack, frame))
}
