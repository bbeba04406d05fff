//! What a command is: its row in the table, and what it gets when it is called.

use crate::error::Error;
use crate::session::Session;
use crate::text::{Role, Sink, Stopped};

/// Classes of commands, as `help` lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Data,
    Stack,
    Source,
    Status,
    Support,
    /// Commands that a dump cannot serve; they exist to say so.
    Running,
}

impl Group {
    /// All classes, in the order of `help`.
    pub const ALL: [Group; 6] =
        [Group::Data, Group::Stack, Group::Source, Group::Status, Group::Support, Group::Running];

    /// The word after `help`.
    pub fn name(self) -> &'static str {
        match self {
            Group::Data => "data",
            Group::Stack => "stack",
            Group::Source => "files",
            Group::Status => "status",
            Group::Support => "support",
            Group::Running => "running",
        }
    }

    /// One sentence without its full stop.
    pub fn summary(self) -> &'static str {
        match self {
            Group::Data => "Examining data",
            Group::Stack => "Examining the stack",
            Group::Source => "Looking at sources, symbols and code",
            Group::Status => "Status inquiries",
            Group::Support => "Settings, scripts and other support facilities",
            Group::Running => "Commands that need a live process and say so",
        }
    }
}

/// What the arguments of a command are, for completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completion {
    Nothing,
    /// Variables, members, functions, types.
    Expression,
    Type,
    Function,
    /// Functions and files.
    Location,
    /// Another command line.
    Command,
    /// A setting's name, and its values if `values`.
    Setting {
        values: bool,
    },
    /// A file of the file system.
    File,
    /// One of these words.
    Words(&'static [&'static str]),
}

/// What an empty line after the command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Runs it again as typed.
    Same,
    /// Runs it without arguments: it continues where it ended.
    Continue,
    /// Nothing.
    Never,
}

/// How words after the command's name are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subcommands {
    /// As arguments.
    None,
    /// As the name of a subcommand; nothing else is accepted.
    Required,
    /// As the name of a subcommand, else as arguments.
    Optional,
    /// The command looks itself, because settings are among its words.
    Own,
}

/// One row of the table.
pub struct Command {
    /// Its words: `backtrace`, `info locals`.
    pub name: &'static str,
    /// Other words in place of the last one; they match exactly before anything is shortened.
    pub aliases: &'static [&'static str],
    pub group: Group,
    /// What follows the name: `[/FMT] EXPR`; may be empty.
    pub synopsis: &'static str,
    /// One sentence without its full stop, up to 75 characters.
    pub summary: &'static str,
    /// More to know, in whole lines; may be empty.
    pub help: &'static str,
    /// Command lines, and what each does.
    pub examples: &'static [(&'static str, &'static str)],
    pub completion: Completion,
    pub repeat: Repeat,
    pub subcommands: Subcommands,
    /// Blanks at the end of the arguments mean something.
    pub keeps_blanks: bool,
    pub run: fn(&mut Invocation<'_, '_>) -> Outcome,
}

impl Command {
    /// What rows have that say nothing else. `name` and `run` must be given.
    pub const DEFAULT: Command = Command {
        name: "",
        aliases: &[],
        group: Group::Support,
        synopsis: "",
        summary: "",
        help: "",
        examples: &[],
        completion: Completion::Nothing,
        repeat: Repeat::Same,
        subcommands: Subcommands::None,
        keeps_blanks: false,
        run: |_| Ok(()),
    };

    /// The words before the last one: `info` of `info locals`.
    pub fn prefix(&self) -> &'static str {
        self.name.rsplit_once(' ').map_or("", |(prefix, _)| prefix)
    }

    /// The last word.
    pub fn word(&self) -> &'static str {
        self.name.rsplit_once(' ').map_or(self.name, |(_, word)| word)
    }
}

/// All commands.
pub struct CommandTable {
    /// The rows of each file, in the order of the manual.
    pub families: &'static [&'static [Command]],
}

impl CommandTable {
    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &'static Command> + use<> {
        self.families.iter().flat_map(|family| family.iter())
    }
}

/// Why a command ended early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// It could not do what was asked.
    Failed(Error),
    /// Nobody reads its output, or the user interrupted it.
    Output,
    /// The session ends, with this exit status.
    Quit(i32),
    /// A loop of a script is left, or begins its next turn.
    Loop { again: bool },
}

/// How a command ended.
pub type Outcome = std::result::Result<(), Stop>;

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Failed(error)
    }
}

impl From<Stopped> for Stop {
    fn from(_: Stopped) -> Self {
        Stop::Output
    }
}

/// Where further lines come from: a definition's body, an answer.
pub trait Input {
    /// The next line without its end; none at the end of the input. `prompt` is shown to a person.
    fn line(&mut self, prompt: &str) -> Option<String>;
}

/// An input that is at its end.
pub struct NoInput;

impl Input for NoInput {
    fn line(&mut self, _: &str) -> Option<String> {
        None
    }
}

/// One call of a command.
pub struct Invocation<'i, 'f> {
    pub session: &'i mut Session<'f>,
    /// Results.
    pub out: &'i mut dyn Sink,
    /// Errors and warnings.
    pub err: &'i mut dyn Sink,
    /// Lines that belong to the command.
    pub input: &'i mut dyn Input,
    /// All commands, this one among them.
    pub table: &'i CommandTable,
    /// What follows the name, without blanks around it (but see `Command::keeps_blanks`).
    pub arguments: &'i str,
    /// Commands that call this one: scripts and definitions nest.
    pub depth: usize,
    /// Typed, and not read from a script: gdb says a little more then.
    pub typed: bool,
    /// What the definition that runs was called with; none outside of definitions.
    pub words: Option<&'i [&'i str]>,
}

impl<'f> Invocation<'_, 'f> {
    /// The same call with other arguments, for a command that calls another.
    pub fn with_arguments<'a>(&'a mut self, arguments: &'a str) -> Invocation<'a, 'f> {
        Invocation {
            session: self.session,
            out: self.out,
            err: self.err,
            input: self.input,
            table: self.table,
            arguments,
            depth: self.depth,
            typed: self.typed,
            words: self.words,
        }
    }

    /// A call one level deeper, whose lines come from `input`.
    pub fn nested<'a>(&'a mut self, input: &'a mut dyn Input) -> Invocation<'a, 'f> {
        let depth = self.depth + 1;
        Invocation { input, depth, typed: false, ..self.with_arguments("") }
    }

    /// Write text of the tool's own.
    pub fn print(&mut self, text: &str) -> Outcome {
        Ok(self.out.put(Role::Plain, text)?)
    }

    /// Write a line of the tool's own.
    pub fn say(&mut self, line: &str) -> Outcome {
        self.print(line)?;
        self.print("\n")
    }

    /// Write a warning; it ends nothing.
    pub fn warn(&mut self, message: &str) -> Outcome {
        Ok(self.err.put(Role::Plain, &format!("warning: {message}\n"))?)
    }
}
